"""Read the decisions that a user made in ``workbook.xlsx``."""

from __future__ import annotations

from pathlib import Path

from persona.report.model import Decisions


def read_decisions(
    path: Path, *, study: str | None = None, fingerprint: str | None = None
) -> Decisions:
    """The segment names, texts, merges and exclusions of an edited workbook.

    Parameters
    ----------
    path : Path
        The workbook, as ``persona run`` wrote it and a user edited it.
    study, fingerprint : str, optional
        The study and the run the decisions are for; a workbook of another one is refused and
        the difference said.

    Raises
    ------
    StudyError
        All problems at once: not a decisions workbook, of another study or run, a sheet, column
        or row removed, a segment named twice, merged with itself or in a circle, all excluded.
    """
    raise NotImplementedError
