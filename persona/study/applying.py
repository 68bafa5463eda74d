"""Bring the decisions edited in ``workbook.xlsx`` back into the study."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persona.errors import StudyError, error
from persona.study.decisions import (
    Applied,
    KeptCriterion,
    KeptDecisions,
    KeptFactor,
    KeptSegment,
    read_kept,
    write_kept,
)
from persona.study.people import write_people

if TYPE_CHECKING:
    from persona.report.model import Decisions, SegmentDecision
    from persona.study.study import Study


@dataclass(frozen=True)
class _Run:
    """What a run left in ``manifest.json`` about its segments.

    ``people`` is its ``segments.csv``, None where respondents went by the row they stood in.
    """

    run: str
    fingerprint: str
    groups: tuple[tuple[int, ...], ...]
    centres: Mapping[int, Mapping[str, Any]]
    people: Path | None


def apply_workbook(study: Study, workbook: Path) -> Applied:
    """Read a workbook, add its decisions to those kept, and write them beside the study.

    Raises
    ------
    StudyError
        When the workbook or the run it belongs to cannot be read, or does not fit the study.
    """
    from persona.report import read_decisions

    if not workbook.is_file():
        raise StudyError(
            error(
                "workbook.missing",
                "There is no workbook here.",
                file=str(workbook),
                remedy="persona run writes it into the output folder.",
            )
        )
    run = _run_of(study, workbook)
    decided = read_decisions(workbook, study=study.file.id, fingerprint=run.fingerprint)
    before = read_kept(study.folder)
    if before is not None and before.fingerprint != run.run:
        before = None
    kept = KeptDecisions(
        study=study.file.id,
        fingerprint=run.run,
        segments=_segments(decided, run, before, study),
        factors=tuple(
            KeptFactor(battery=part.battery, factor=part.factor, name=dict(part.names))
            for part in decided.factors
        ),
        criteria=tuple(KeptCriterion.model_validate(asdict(part)) for part in decided.criteria),
        centres=run.centres,
    )
    if run.people is not None and run.people.is_file():
        write_people(study.folder, study.file.id, run.run, run.people, run.groups)
    return Applied(write_kept(kept, study.folder), _changes(kept, before))


def _run_of(study: Study, workbook: Path) -> _Run:
    """The run that wrote the workbook: its manifest stands beside it, or in the study's out/."""
    for folder in (workbook.resolve().parent, study.folder / "out"):
        path = folder / "manifest.json"
        if path.is_file():
            break
    else:
        raise StudyError(_no_manifest(workbook))
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        segments = manifest["segments"]
        return _Run(
            str(segments["run"]),
            str(manifest["fingerprint"]),
            tuple(tuple(int(n) for n in group) for group in segments["groups"]),
            {int(number): centre for number, centre in segments["centres"].items()},
            path.parent / "segments.csv" if segments.get("people") else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StudyError(
            error(
                "manifest.unreadable",
                "The record of the run cannot be read.",
                file=str(path),
                remedy="Run the study again and bring back the workbook of that run.",
            )
        ) from None


def _no_manifest(workbook: Path) -> Any:
    return error(
        "manifest.missing",
        "The run that wrote this workbook is not to be found: there is no manifest.json beside it, "
        "nor in the study's folder out.",
        file=str(workbook),
        remedy="Put the workbook back into the folder it came from, or run the study again.",
    )


def _segments(
    decided: Decisions,
    run: _Run,
    before: KeptDecisions | None,
    study: Study,
) -> tuple[KeptSegment, ...]:
    """Decisions by the segments of the run before merges, merged ones joined."""
    earlier = {part.members: part for part in before.segments} if before else {}
    joined: dict[int, list[SegmentDecision]] = {}
    for number in range(1, len(run.groups) + 1):
        part = decided.segment(number)
        joined.setdefault(_last(decided, number), []).append(part)
    kept = []
    for target, parts in joined.items():
        members = tuple(sorted(n for part in parts for n in run.groups[part.segment - 1]))
        kept.append(_kept(members, decided.segment(target), earlier.get(members), study))
    return tuple(sorted((part for part in kept if _says(part)), key=lambda part: part.members))


def _last(decided: Decisions, number: int) -> int:
    """The segment that a segment ends in when merges are followed to their end."""
    target = decided.segment(number).merge_into
    return number if target is None else _last(decided, target)


def _kept(
    members: tuple[int, ...],
    part: SegmentDecision,
    earlier: KeptSegment | None,
    study: Study,
) -> KeptSegment:
    """What the workbook says; texts in languages it does not show stay as decided before."""

    def over(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
        hidden = {code: text for code, text in before.items() if code not in study.languages}
        return hidden | dict(now)

    was = earlier.sheet if earlier else {}
    sheet = {
        field: said
        for field in dict.fromkeys((*was, *part.sheet))
        if (said := over(was.get(field, {}), part.sheet.get(field, {})))
    }
    declared = part.segment in study.file.targets
    return KeptSegment(
        members=members,
        name=over(earlier.name if earlier else {}, part.names),
        summary=over(earlier.summary if earlier else {}, part.summaries),
        strategy=over(earlier.strategy if earlier else {}, part.strategies),
        exclude=part.exclude,
        note=part.note,
        target=None if part.target == declared else part.target,
        sheet=sheet,
        scores=dict(part.scores),
    )


def _says(part: KeptSegment) -> bool:
    texts = part.name or part.summary or part.strategy or part.note or part.sheet
    chosen = part.exclude or part.target is not None or part.scores
    return bool(texts or chosen) or len(part.members) > 1


def _changes(kept: KeptDecisions, before: KeptDecisions | None) -> tuple[str, ...]:
    """What is decided now, in a sentence each."""
    earlier = {part.members: part for part in before.segments} if before else {}
    lines: list[str] = []
    for part in kept.segments:
        if part == earlier.get(part.members):
            continue
        lines += _sentences(part)
    lines += [
        f"factor {part.factor} of {part.battery} is called {_first(part.name)!r}"
        for part in kept.factors
        if before is None or part not in before.factors
    ]
    if _by_id(kept) != _by_id(before):
        count = sum(one.weight > 0 for one in kept.criteria)
        lines.append(f"{count} criteria of attractiveness have a weight")
    return tuple(lines) or ("nothing in the workbook differs from what was decided before",)


def _by_id(decisions: KeptDecisions | None) -> dict[str, KeptCriterion]:
    return {one.id: one for one in (decisions.criteria if decisions else ())}


def _sentences(part: KeptSegment) -> Sequence[str]:
    who = " and ".join(map(str, part.members))
    segment = f"segment {who}" if len(part.members) == 1 else f"segments {who}, merged,"
    sentences = []
    if len(part.members) > 1:
        sentences.append(f"segments {who} are one from now on")
    if part.name:
        verb = "is" if len(part.members) == 1 else "are"
        sentences.append(f"{segment} {verb} called {_first(part.name)!r}")
    if part.exclude:
        sentences.append(f"{segment} gets no persona")
    if part.target is not None:
        sentences.append(f"{segment} {'is' if part.target else 'is no longer'} a target")
    if part.summary or part.strategy or part.note or part.sheet:
        sentences.append(f"{segment}: texts taken over")
    return sentences


def _first(texts: Mapping[str, str]) -> str:
    return next(iter(texts.values()), "")
