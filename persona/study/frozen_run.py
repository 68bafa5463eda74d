"""A finished run as waves are followed with it: its rule, and whether it still is the study's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from persona.errors import DataError, Problem, error, warning
from persona.profiling.persona import Evidence, Form, Statement
from persona.study.finished_run import AGAIN, FinishedRun, damaged, read_run
from persona.typing_tool import TypingTool, read_tool

if TYPE_CHECKING:
    from persona.study.decisions import KeptDecisions
    from persona.study.study import Study

TOOL = Path("typing") / "typing.json"


@dataclass(frozen=True, eq=False)
class FrozenRun:
    """A run with the rule that it froze.

    Parameters
    ----------
    finished : FinishedRun
    tool : TypingTool
    statements : mapping of segment to statements
        Of the personas.
    reproducibility : float or None
        Mean adjusted Rand index of resamples; None where it was not measured.
    """

    finished: FinishedRun
    tool: TypingTool
    statements: Mapping[int, tuple[Statement, ...]]
    reproducibility: float | None = None

    def labels_on(self, respondents: pd.Index[str]) -> pd.Series[int]:
        """The segments of respondents, missing for those without one."""
        found = [self.finished.member(str(name))[0] for name in respondents]
        return pd.Series(found, index=respondents, dtype="Int64", name="segment")


def read_frozen(folder: Path) -> FrozenRun:
    """The run that stands in an output folder, with its rule.

    Raises
    ------
    DataError
        When there is none, or its files do not belong together.
    """
    if (folder / "manifest.json").is_file() and not (folder / TOOL).is_file():
        raise DataError(
            error(
                "track.no_tool",
                "The run has no typing tool, so there is nothing to follow: it found one segment, "
                "or segments too small to be learned.",
                file=str(folder),
                remedy="Look at the report of the run; with an older run, run the study again.",
            )
        )
    tool = read_tool(folder / TOOL)
    finished = read_run(folder)
    results, manifest = finished.results, finished.manifest
    if results.get("run") != tool.fingerprint or manifest.get("fingerprint") != tool.fingerprint:
        raise DataError(
            error(
                "track.mixed_run",
                "The files of the run do not belong together.",
                file=str(folder),
                remedy=f"{AGAIN}.",
            )
        )
    try:
        statements = {
            int(one["segment"]): tuple(_statement(part) for part in one["statements"])
            for one in results["personas"]
        }
        return FrozenRun(
            finished,
            tool,
            dict(sorted(statements.items())),
            results["segmentation"]["stability"]["ari"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as failure:
        raise DataError(damaged(folder, f"{type(failure).__name__}: {failure}")) from failure


def changed_since(
    frozen: FrozenRun, study: Study, run: str, answers: str, kept: KeptDecisions | None
) -> tuple[Problem, ...]:
    """What changed in a study since its run: errors where the segments may be others now.

    Parameters
    ----------
    run, answers : str
        Fingerprint of the study as it stands, SHA-256 of its answers.
    kept : KeptDecisions or None
    """
    if frozen.tool.study != study.file.id:
        return (
            error(
                "track.other_study",
                "The run is of the study {other}, not of {study}.",
                file=str(frozen.finished.folder),
                remedy="Name the output folder of this study with --run.",
                values={"other": frozen.tool.study, "study": study.file.id},
            ),
        )
    if frozen.tool.answers_sha256 != answers:
        return (_stale(study, "The answers changed since the run.", study.file.answers.file),)
    if frozen.finished.run != run:
        return (
            _stale(
                study, "The questionnaire, the options or other inputs changed since the run.", ""
            ),
        )
    if not _merged_alike(frozen, kept):
        return (_stale(study, "The decisions merge other segments than the run.", ""),)
    if kept is not None and _renamed(frozen, kept):
        return (
            warning(
                "track.renamed",
                "Segments were named after the run; the names of the run are shown.",
                remedy="Run the study again: persona run {folder}",
                values={"folder": str(study.path)},
            ),
        )
    return ()


def _merged_alike(frozen: FrozenRun, kept: KeptDecisions | None) -> bool:
    """Whether the run joined the segments that the decisions join.

    Decisions about an earlier run have numbers of their own; there their sizes are compared.
    """
    of_run = sorted(tuple(sorted(group)) for group in frozen.finished.groups if len(group) > 1)
    decided = sorted(tuple(sorted(group)) for group in (kept.merges if kept else ()))
    if kept is None or kept.fingerprint == frozen.finished.run:
        return of_run == decided
    return sorted(map(len, of_run)) == sorted(map(len, decided))


def _renamed(frozen: FrozenRun, kept: KeptDecisions) -> bool:
    if kept.fingerprint != frozen.finished.run:
        return False
    numbers = {group: number for number, group in enumerate(frozen.finished.groups, 1)}
    return any(
        any(
            frozen.finished.names.get(numbers[part.members], {}).get(code) != text
            for code, text in part.name.items()
        )
        for part in kept.segments
        if part.name and part.members in numbers
    )


def _stale(study: Study, template: str, found: str) -> Problem:
    return error(
        "track.stale",
        template,
        file=str(study.path),
        found=found or None,
        remedy=f"{AGAIN} {study.path}",
    )


def _statement(values: Mapping[str, Any]) -> Statement:
    known = {part.name for part in fields(Evidence)}
    given = {key: value for key, value in values["evidence"].items() if key in known}
    lists = ("box_texts", "box_codes")
    evidence = Evidence(**{**given, **{key: tuple(given.get(key) or ()) for key in lists}})
    return Statement(
        str(values["id"]),
        str(values["block"]),
        Form(values["form"]),
        evidence,
        float(values["weight"]),
    )
