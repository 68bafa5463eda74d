"""A finished run as lists are made of it: whether it still is the study's, what was decided."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from persona.errors import DataError, Problem, StudyError, error
from persona.study.chain import run_fingerprint
from persona.study.decisions import KeptDecisions, groups_of, read_kept
from persona.study.finished_run import FinishedRun, read_run

if TYPE_CHECKING:
    from persona.study.intake import Intake
    from persona.study.study import Study


def run_in(folder: Path) -> FinishedRun | None:
    """The run whose output stands in a folder; None when there is none to read."""
    try:
        return read_run(folder)
    except DataError:
        return None


def fresh_run(study: Study, folder: Path) -> tuple[FinishedRun, Intake]:
    """The run in a folder with the answers it was made from, when they still are the same.

    Raises
    ------
    StudyError
        There is no run; answers, options or decisions changed since; segments.csv was edited.
    DataError
        The answers cannot be read.
    """
    run = run_in(folder)
    if run is None:
        raise StudyError(
            error(
                "audience.no_run",
                "The study has no run whose segments could be handed on.",
                file=str(folder),
                remedy=f"Run it first: persona run {study.path.parent}. For a run written "
                "elsewhere name its folder with --run; for people of another file name that with "
                "--people.",
            )
        )
    _refuse_edited(run)
    intake = study.intake()
    now = run_fingerprint(study, intake)
    if run.run != now:
        raise StudyError(_stale(study, run))
    kept = read_kept(study.folder)
    if kept is not None and kept.fingerprint == now and not _same_groups(run, kept):
        raise StudyError(_merged_since(run, study))
    return with_decisions(run, study), intake


def with_decisions(run: FinishedRun, study: Study) -> FinishedRun:
    """The run with the names and exclusions decided since, where they are about its segments."""
    kept = read_kept(study.folder)
    if kept is None or kept.fingerprint != run.run or not _same_groups(run, kept):
        return run
    names, excluded = dict(run.names), set()
    for part in kept.segments:
        if part.members not in run.groups:
            continue
        number = run.groups.index(part.members) + 1
        if part.name:
            names[number] = {**names.get(number, {}), **part.name}
        if part.exclude:
            excluded.add(number)
    return replace(run, names=names, excluded=frozenset(excluded))


def _same_groups(run: FinishedRun, kept: KeptDecisions) -> bool:
    """Whether the merges decided are those that the run was made with."""
    decided = groups_of(kept, range(1, len(run.manifest["segments"].get("centres", {})) + 1))
    return set(decided) == set(run.groups)


def _merged_since(run: FinishedRun, study: Study) -> Problem:
    return error(
        "audience.merged_since",
        "Segments were merged or parted since the run; the lists would be of the old ones.",
        file=str(run.folder),
        remedy=f"Run the study again: persona run {study.path.parent}",
    )


def _refuse_edited(run: FinishedRun) -> None:
    path = run.folder / "segments.csv"
    written = run.manifest.get("outputs", {}).get(path.name)
    if written == hashlib.sha256(path.read_bytes()).hexdigest():
        return
    raise StudyError(
        error(
            "audience.edited",
            "The file was changed since the run wrote it.",
            file=str(path),
            remedy="Run the study again; or hand on the file as it stands, as one with your own "
            f"columns for consent and addresses: --people {path}",
        )
    )


def _stale(study: Study, run: FinishedRun) -> Problem:
    """What changed since the run, as far as single files tell."""
    changed = []
    for part in run.manifest.get("inputs", ()):
        path = (study.folder / part["file"]).resolve()
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != part["sha256"]:
            changed.append(part["file"])
    return error(
        "audience.stale",
        "The answers or options of the study changed since its run; the segments are old.",
        file=str(run.folder / "segments.csv"),
        found=f"changed: {', '.join(changed)}" if changed else None,
        remedy=f"Run the study again: persona run {study.path.parent}",
    )
