"""What a finished run left in its folder, and whether it still belongs to the study."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persona.errors import Problem, StudyError, error
from persona.study.chain import run_fingerprint
from persona.study.decisions import KeptDecisions, groups_of, read_kept

if TYPE_CHECKING:
    from persona.study.intake import Intake
    from persona.study.study import Study

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class FinishedRun:
    """The segments of a run.

    Parameters
    ----------
    folder : Path
    fingerprint : str
        Of inputs, options, seed and merges.
    names : mapping of segment to {language: name}
    members : mapping of respondent to (segment or None, probability or None)
    excluded : set of int
        Segments that the user left out.
    found : mapping
        What the manifest says of the segments: run, groups, centres.
    """

    folder: Path
    fingerprint: str
    names: Mapping[int, Mapping[str, str]]
    members: Mapping[str, tuple[int | None, float | None]]
    excluded: frozenset[int] = frozenset()
    found: Mapping[str, Any] = field(default_factory=dict)

    def names_in(self, language: str) -> dict[int, str]:
        """The names in one language, or in the first there is."""
        return {
            segment: name.get(language) or next(iter(name.values()), "")
            for segment, name in self.names.items()
        }


def read_run(folder: Path) -> FinishedRun | None:
    """The run whose output stands in a folder; None when there is none to read."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        names = {int(part["segment"]): dict(part["name"]) for part in results["personas"]}
        members = _members((folder / "segments.csv").read_text(encoding="utf-8"))
        found = manifest["segments"]
        excluded = frozenset(int(one) for one in found.get("excluded", ()))
        return FinishedRun(folder, str(manifest["run"]), names, members, excluded, found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _members(text: str) -> dict[str, tuple[int | None, float | None]]:
    found: dict[str, tuple[int | None, float | None]] = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        name = row["respondent"]
        plain = name[1:] if name.startswith("'") and name[1:].startswith(_FORMULA) else name
        segment, chance = row["segment"], row["probability"]
        found[plain] = (int(segment), float(chance)) if segment else (None, None)
    return found


def fresh_run(study: Study, folder: Path) -> tuple[FinishedRun, Intake]:
    """The run in a folder with the answers it was made from, when they still are the same.

    Raises
    ------
    StudyError
        There is no run; answers, options or decisions changed since; segments.csv was edited.
    DataError
        The answers cannot be read.
    """
    run = read_run(folder)
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
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    _refuse_edited(folder, manifest)
    intake = study.intake()
    now = run_fingerprint(study, intake)
    if run.found.get("run") != now:
        raise StudyError(_stale(study, folder, manifest))
    kept = read_kept(study.folder)
    if kept is not None and kept.fingerprint == now and not _same_groups(run, kept):
        raise StudyError(_merged_since(run, study))
    return with_decisions(run, study), intake


def with_decisions(run: FinishedRun, study: Study) -> FinishedRun:
    """The run with the names and exclusions decided since, where they are about its segments."""
    kept = read_kept(study.folder)
    if kept is None or kept.fingerprint != run.found.get("run") or not _same_groups(run, kept):
        return run
    groups = [tuple(group) for group in run.found.get("groups", ())]
    names, excluded = dict(run.names), set()
    for part in kept.segments:
        if part.members not in groups:
            continue
        number = groups.index(part.members) + 1
        if part.name:
            names[number] = {**names.get(number, {}), **part.name}
        if part.exclude:
            excluded.add(number)
    return replace(run, names=names, excluded=frozenset(excluded))


def _same_groups(run: FinishedRun, kept: KeptDecisions) -> bool:
    """Whether the merges decided are those that the run was made with."""
    decided = groups_of(kept, range(1, len(run.found.get("centres", {})) + 1))
    return set(decided) == {tuple(group) for group in run.found.get("groups", ())}


def _merged_since(run: FinishedRun, study: Study) -> Problem:
    return error(
        "audience.merged_since",
        "Segments were merged or parted since the run; the lists would be of the old ones.",
        file=str(run.folder),
        remedy=f"Run the study again: persona run {study.path.parent}",
    )


def _refuse_edited(folder: Path, manifest: Mapping[str, Any]) -> None:
    path = folder / "segments.csv"
    written = manifest.get("outputs", {}).get(path.name)
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


def _stale(study: Study, folder: Path, manifest: Mapping[str, Any]) -> Problem:
    """What changed since the run, as far as single files tell."""
    changed = []
    for part in manifest.get("inputs", ()):
        path = (study.folder / part["file"]).resolve()
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != part["sha256"]:
            changed.append(part["file"])
    return error(
        "audience.stale",
        "The answers or options of the study changed since its run; the segments are old.",
        file=str(folder / "segments.csv"),
        found=f"changed: {', '.join(changed)}" if changed else None,
        remedy=f"Run the study again: persona run {study.path.parent}",
    )
