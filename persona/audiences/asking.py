"""What is asked of a profile: segments, encoding, settings; and what of it cannot be had."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from persona.audiences.options import AudienceOptions
from persona.audiences.people import People
from persona.audiences.profile import Profile
from persona.audiences.selecting import Rules
from persona.errors import StudyError, error
from persona.questionnaire.cells import normal
from persona.registry import nearest


@dataclass(frozen=True)
class Request:
    """What is asked for, besides the options.

    Parameters
    ----------
    segments : tuple of str
        Numbers or names; empty for all.
    encoding : str, optional
    leave_out_faulty : bool
        People with a cell that the destination does not take are left out and counted, instead of
        the list being refused.
    study : str
    seed, least : int
        Of the study, where the options say nothing.
    today : date
        Where the options name no day.
    """

    segments: tuple[str, ...] = ()
    encoding: str | None = None
    leave_out_faulty: bool = False
    study: str = ""
    seed: int = 0
    least: int = 5
    today: dt.date = dt.date(2000, 1, 1)


def encoding_of(
    profile: Profile, people: People, options: AudienceOptions, request: Request
) -> str:
    """The encoding to write; raises what cannot be asked of the profile."""
    problems = []
    if profile.file is None:
        raise StudyError(
            error(
                "profile.reads_only",
                "The profile {name!r} reads exports and writes no lists.",
                values={"name": profile.id},
            )
        )
    encodings = profile.file.encodings
    wanted = request.encoding or encodings[0]
    if wanted not in encodings:
        problems.append(
            error(
                "audience.encoding",
                "{title} does not take files in {encoding}.",
                found=wanted,
                allowed=", ".join(encodings),
                values={"title": profile.title, "encoding": wanted},
            )
        )
    known = {str(number) for number in _numbers(people)}
    for asked in request.segments:
        if _segment(people, asked) is None:
            names = [people.names[number] for number in sorted(people.names)]
            near = nearest(asked, names)
            problems.append(
                error(
                    "audience.segment",
                    "There is no segment {name!r}.",
                    found=asked,
                    allowed=", ".join([*sorted(known, key=int), *names]),
                    remedy=f"Did you mean {near!r}?" if near else None,
                    values={"name": asked},
                )
            )
    for name in options.settings.get(profile.id, {}):
        if name not in profile.settings:
            near = nearest(name, profile.settings)
            problems.append(
                error(
                    "audience.setting",
                    "The profile {profile!r} has no setting {name!r}.",
                    found=name,
                    allowed=", ".join(profile.settings) or "it has none",
                    remedy=f"Did you mean {near!r}?" if near else None,
                    values={"profile": profile.id, "name": name},
                )
            )
    if problems:
        raise StudyError(problems)
    return wanted


def _numbers(people: People) -> list[int]:
    return sorted({segment for segment in people.segments if segment is not None})


def _segment(people: People, asked: str) -> int | None:
    """The segment of a number or name."""
    if asked.strip().isdigit() and int(asked) in (*people.names, *_numbers(people)):
        return int(asked)
    named = [number for number, name in people.names.items() if normal(name) == normal(asked)]
    return named[0] if len(named) == 1 else None


def rules_of(people: People, options: AudienceOptions, request: Request) -> Rules:
    """What decides who is written, from the options and, where they say nothing, the study."""
    wanted = {_segment(people, asked) for asked in request.segments} - {None}
    return Rules(
        wanted=frozenset(number for number in wanted if number) if request.segments else None,
        include_uncertain=options.include_uncertain,
        certain_from=options.certain_from,
        least=request.least if options.least is None else options.least,
        holdout=options.holdout,
        seed=request.seed if options.seed is None else options.seed,
    )
