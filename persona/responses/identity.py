"""Who answered: ids kept as text, duplicates refused, row numbers where there are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import Problem, error, note
from persona.questionnaire.model import Questionnaire
from persona.questionnaire.variables import Measure
from persona.responses.cells import shown
from persona.responses.decoding import DecodedExport
from persona.responses.export import SurveyExport
from persona.responses.matching import Matching

_LISTED = 20


@dataclass(frozen=True)
class Identity:
    """The ids of respondents, as text, in the order of the file."""

    ids: pd.Index
    problems: tuple[Problem, ...]


def find_ids(
    export: SurveyExport, questionnaire: Questionnaire, matching: Matching, decoded: DecodedExport
) -> Identity:
    """The respondents' ids.

    They are kept as text, so that 007 stays 007. Blank and repeated ids are errors that name
    their rows; those respondents are called by their row until they are corrected.
    """
    variable = next((v for v in questionnaire.variables if v.measure is Measure.IDENTIFIER), None)
    answers = decoded.answers.get(variable.id) if variable is not None else None
    if variable is None or answers is None:
        ids = pd.Index([str(row) for row in export.table.rows], name="respondent")
        return Identity(ids, (_by_row(export),))
    values = np.array(
        [v if type(v) is str else "" if v is None else shown(v) for v in answers.values],
        dtype=object,
    )
    names = values[answers.positions]
    column = next(m.number for m in matching.matches if m.variable == variable.id)
    problems = _blank(export, variable.id, column, names) + _repeated(
        export, variable.id, column, names
    )
    return Identity(pd.Index(_unique(names, export), name="respondent"), tuple(problems))


def _unique(names: NDArray[np.object_], export: SurveyExport) -> list[str]:
    seen: set[str] = set()
    unique: list[str] = []
    for name, row in zip(names, export.table.rows, strict=True):
        called = name if name and name not in seen else f"{name or 'row'} ({row})"
        seen.add(called)
        unique.append(called)
    return unique


def _by_row(export: SurveyExport) -> Problem:
    return note(
        "respondent.by_row",
        "The file has no column of respondent ids, so respondents are called by their row.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        remedy="Declare a question of kind id to keep ids through waves and exports.",
    )


def _blank(export: SurveyExport, question: str, column: int, names: object) -> list[Problem]:
    rows = np.flatnonzero(np.asarray(names) == "")
    return [
        error(
            "respondent.blank",
            "The respondent has no id.",
            question=question,
            remedy="Write an id, or delete the row.",
            **export.table.where(column, int(row)),
        )
        for row in rows[:_LISTED]
    ]


def _repeated(export: SurveyExport, question: str, column: int, names: object) -> list[Problem]:
    frame = pd.Series(names, dtype=object)
    frame = frame[frame != ""]
    repeated = frame[frame.duplicated(keep=False)]
    problems = []
    for name, group in list(repeated.groupby(repeated, sort=False))[:_LISTED]:
        rows = [int(export.table.rows[place]) for place in group.index]
        problems.append(
            error(
                "respondent.repeated",
                "The id {id!r} stands in {count} rows: {rows}.",
                question=question,
                found=str(name),
                remedy="Keep one row of each respondent, or give them different ids.",
                values={
                    "id": str(name),
                    "count": len(rows),
                    "rows": ", ".join(str(row) for row in rows[:10]),
                },
                **export.table.where(column, int(group.index[1])),
            )
        )
    return problems
