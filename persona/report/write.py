"""Write every file of a run: beside the old ones first, then moved into place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from persona.report.model import StudyReport


def write_all(
    report: StudyReport, out: Path, *, progress: Callable[[str], None] | None = None
) -> tuple[Path, ...]:
    """Write the study report, the personas, the tables and the data of a run into ``out``.

    Everything is written into a folder beside ``out`` and moved into place when it is complete:
    what stood in ``out`` stays whole when anything fails.

    Parameters
    ----------
    report : StudyReport
    out : Path
        Folder of the output; made when it is missing.
    progress : callable, optional
        Called with the name of each file when it is begun.

    Returns
    -------
    tuple of Path
        The files, ``index.html`` first.

    Raises
    ------
    OutputError
        When a file is locked, the disk is full or ``out`` is a file.
    """
    raise NotImplementedError
