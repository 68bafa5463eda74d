"""Answers of one questionnaire that came in several files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from persona.errors import DataError, Problem, error, note
from persona.questionnaire.variables import Measure
from persona.responses.frames import missing_counts
from persona.responses.model import Responses


def combine(parts: Sequence[Responses]) -> Responses:
    """The respondents of several files together, in the order given.

    Ids must differ between the files. Weights keep their proportions across files where all of
    them are weighted.

    Parameters
    ----------
    parts : sequence of Responses
        Of the same questionnaire.

    Raises
    ------
    DataError
        Respondents stand in more than one file, or the questionnaires differ.
    """
    first = parts[0]
    problems = [*_other_questionnaires(parts), *_overlaps(parts)]
    if problems:
        raise DataError(problems)
    if len(parts) == 1:
        return first
    states = np.concatenate([part.state_codes for part in parts], axis=1)
    weights = pd.concat([_raw_weights(part) for part in parts])
    offsets = np.cumsum([0, *(part.source.n_rows for part in parts[:-1])])
    return replace(
        first,
        frame=pd.concat([part.frame for part in parts]),
        asked=pd.concat([part.asked for part in parts]),
        weights=(weights / weights.mean()).rename("weight"),
        weighted=all(part.weighted for part in parts),
        problems=(*(p for part in parts for p in part.problems), _combined(parts)),
        excluded=pd.concat([part.excluded for part in parts], ignore_index=True),
        rows=pd.concat([part.rows for part in parts]),
        state_codes=states,
        missing=missing_counts(first.questionnaire.variables, states),
        positions=np.concatenate(
            [part.positions + offset for part, offset in zip(parts, offsets, strict=True)]
        ),
        contradicted=np.concatenate([part.contradicted for part in parts]),
        faults=(),
        export=None,
    )


def _raw_weights(part: Responses) -> pd.Series:
    """Weights as declared, because scaled ones would count each file alike."""
    variable = next(
        (v.id for v in part.questionnaire.variables if v.measure is Measure.WEIGHT), None
    )
    if part.weighted and variable is not None:
        return part.asked[variable].astype(np.float64)
    return pd.Series(1.0, index=part.frame.index)


def _other_questionnaires(parts: Sequence[Responses]) -> list[Problem]:
    wanted = [variable.id for variable in parts[0].questionnaire.variables]
    return [
        error(
            "combine.questionnaire",
            "The files were read with different questionnaires.",
            file=str(part.source.file),
            remedy="Read all of them with the same questionnaire.",
        )
        for part in parts[1:]
        if [variable.id for variable in part.questionnaire.variables] != wanted
    ]


def _overlaps(parts: Sequence[Responses]) -> list[Problem]:
    seen: dict[str, int] = {}
    twice: dict[tuple[int, int], list[str]] = {}
    for number, part in enumerate(parts):
        for name in part.frame.index:
            held = seen.setdefault(name, number)
            if held != number:
                twice.setdefault((held, number), []).append(name)
    return [
        error(
            "combine.overlap",
            "{count} respondents stand in both {first} and this file.",
            file=str(parts[b].source.file),
            found=", ".join(names[:10]),
            remedy="Delete them from one of the files, or give respondents ids that differ.",
            values={"count": len(names), "first": parts[a].source.file.name},
        )
        for (a, b), names in twice.items()
    ]


def _combined(parts: Sequence[Responses]) -> Problem:
    return note(
        "combine.done",
        "{n} respondents of {files} files are taken together.",
        found=", ".join(f"{part.source.file.name}: {len(part.frame)}" for part in parts),
        values={"n": sum(len(part.frame) for part in parts), "files": len(parts)},
    )
