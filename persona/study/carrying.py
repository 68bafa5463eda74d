"""Carry decisions over to another run: names stay with the people they were given to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from persona.errors import Problem, note, warning
from persona.segmentation.identity import Event, Identity, recognise
from persona.study.decisions import KeptDecisions, groups_of, renumbered
from persona.study.people import hashed, read_people

if TYPE_CHECKING:
    from persona.responses import Responses
    from persona.segmentation import Segmentation

Group = tuple[int, ...]


@dataclass(frozen=True)
class Carried:
    """Decisions in the numbers of this run, and where the segments they were about are now.

    ``identity`` is None where the decisions were made about this very run.
    """

    decisions: KeptDecisions | None
    before: KeptDecisions | None = None
    identity: Identity | None = None
    problems: tuple[Problem, ...] = ()


def carried_over(
    kept: KeptDecisions, found: Segmentation, run: str, responses: Responses, folder: Path
) -> Carried:
    """Decisions about an earlier run in the numbers of this one.

    Parameters
    ----------
    found : Segmentation
        Of this run, before merges.
    run : str
        Fingerprint of this run.
    folder : Path
        Where the decisions and the record of their people stand.
    """
    groups = groups_of(kept, sorted(kept.centres))
    people, problems = _people(kept, groups, responses, folder)
    identity = recognise(groups, people, kept.centres, found)
    moved = renumbered(kept, identity.now).model_copy(update={"fingerprint": run})
    lost = [part for part in kept.segments if part.members not in identity.now]
    said = [
        *problems,
        *_recognised(identity, len(groups)),
        *(
            warning(
                "decisions.lost",
                "The segment {name!r} was not found again in this run; its decisions are not used.",
                values={"name": _called(part.members, kept)},
            )
            for part in lost
        ),
    ]
    return Carried(moved, kept, identity, tuple(said))


def _people(
    kept: KeptDecisions, groups: Sequence[Group], responses: Responses, folder: Path
) -> tuple[pd.Series | None, tuple[Problem, ...]]:
    """The place in ``groups`` of each respondent of this run who was in the earlier one.

    None where respondents go by the row they stand in, which is another one's in another file.
    """
    if any(problem.code == "respondent.by_row" for problem in responses.problems):
        return None, ()
    earlier, problems = read_people(folder, kept.fingerprint)
    place = {member: at for at, group in enumerate(groups) for member in group}
    known = {
        respondent: place[segments[0]]
        for respondent in responses.asked.index
        if (segments := earlier.get(hashed(str(respondent), kept.study))) and segments[0] in place
    }
    return pd.Series(known, dtype="int64") if known else None, problems


def _recognised(identity: Identity, count: int) -> list[Problem]:
    """How many segments were recognised, and by what."""
    remedy = "Look at the names in the report; correct them in the workbook."
    said = []
    if identity.by_people:
        said.append(
            note(
                "decisions.carried_over_by_people",
                "The answers or options changed since the decisions were made; {count} of {all} "
                "segments were recognised by the {shared} respondents who are in both runs, and "
                "keep their names.",
                remedy=remedy,
                values={
                    "count": len(identity.by_people),
                    "all": count,
                    "shared": identity.shared,
                },
            )
        )
    if identity.by_centres or not identity.by_people:
        said.append(
            note(
                "decisions.carried_over",
                "The answers or options changed since the decisions were made; {count} of {all} "
                "segments were recognised by their centres and keep their names.",
                remedy=remedy,
                values={"count": len(identity.by_centres), "all": count},
            )
        )
    return said


def _called(members: Group, kept: KeptDecisions) -> str:
    """What the user called a segment of the earlier run, else its number there."""
    for part in kept.segments:
        if part.members == members and part.name:
            return next(iter(part.name.values()))
    return " + ".join(map(str, members))


def identity_notes(carried: Carried, groups: Sequence[Group]) -> tuple[Problem, ...]:
    """Which segments split, were merged, or have another number than in the earlier run.

    Parameters
    ----------
    groups : sequence of tuples
        Segments of this run that each segment reported joins: notes speak of those.
    """
    identity, kept = carried.identity, carried.before
    if identity is None or kept is None:
        return ()
    number = {member: at for at, group in enumerate(groups, 1) for member in group}
    said = [
        _told(event, identity, kept, number)
        for event in identity.events
        if event.kind == "merge" or len({number[part] for part in event.later}) > 1
    ]
    told = {group for event in identity.events for group in event.earlier}
    moved = {
        group: number[members[0]]
        for group, members in identity.now.items()
        if group not in told and (len(group) > 1 or group[0] != number[members[0]])
    }
    if moved:
        said.append(_moved(moved, kept))
    return tuple(said)


def _told(
    event: Event, identity: Identity, kept: KeptDecisions, number: Mapping[int, int]
) -> Problem:
    names = " + ".join(_called(group, kept) for group in event.earlier)
    parts = sorted({number[part] for part in event.later})
    if event.kind == "split":
        heir = identity.now.get(event.earlier[0])
        if heir is None:
            return note(
                "segments.split",
                "{name} of the earlier run split into the segments {parts}.",
                values={"name": names, "parts": _listed(parts)},
            )
        return note(
            "segments.split_with_heir",
            "{name} of the earlier run split into the segments {parts}; most of it is in "
            "segment {heir}, which keeps its name.",
            values={"name": names, "parts": _listed(parts), "heir": number[heir[0]]},
        )
    heirs = [group for group in event.earlier if set(identity.now.get(group, ())) & {*event.later}]
    if not heirs:
        return note(
            "segments.joined",
            "{names} of the earlier run are one segment now: segment {segment}.",
            values={"names": names, "segment": _listed(parts)},
        )
    return note(
        "segments.joined_with_heir",
        "{names} of the earlier run are one segment now: segment {segment}, which keeps the name "
        "of {heir}, most like it.",
        values={"names": names, "segment": _listed(parts), "heir": _called(heirs[0], kept)},
    )


def _moved(moved: Mapping[Group, int], kept: KeptDecisions) -> Problem:
    pairs = ", ".join(
        f"{_called(group, kept)} → {new}"
        for group, new in sorted(moved.items(), key=lambda pair: pair[1])
    )
    return note(
        "segments.renumbered",
        "Segments are numbered by size, and sizes changed since the earlier run: {pairs}.",
        values={"pairs": pairs},
    )


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
