"""A list for a destination: columns taken, cells checked, people chosen, files made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from persona.audiences.asking import Request, encoding_of, rules_of
from persona.audiences.cells import Fault, Filled, Setting, faults, fill
from persona.audiences.complaining import fault_problems, lacking, same_names, too_few, too_wide
from persona.audiences.consent import consents, no_consent_column
from persona.audiences.files import AudienceFile, holdout_file, list_files
from persona.audiences.matching import Taken, named_column, no_column, take_columns
from persona.audiences.normalising import tidy
from persona.audiences.options import AudienceOptions
from persona.audiences.people import People
from persona.audiences.profile import Profile
from persona.audiences.remarks import remarks, sensitive
from persona.audiences.selecting import Rules, Selection, select, with_certainty
from persona.audiences.writing import json_line
from persona.errors import DataError, Problem, Severity


@dataclass(frozen=True)
class Audience:
    """A list, ready to be written.

    Parameters
    ----------
    profile : Profile
    files : tuple of AudienceFile
    holdout : AudienceFile or None
    counts : mapping of fate to people
        They add up to everybody.
    by_segment : mapping of segment to counts
    names : mapping of segment to name
    columns : mapping of field to header
        What the list was filled from, consent among it.
    options : mapping
        Seed, holdout, day, least and others, as used.
    problems : tuple of Problem
        Warnings and notes.
    """

    profile: Profile
    files: tuple[AudienceFile, ...]
    holdout: AudienceFile | None
    counts: Mapping[str, int]
    by_segment: Mapping[int, Mapping[str, int]]
    names: Mapping[int, str]
    columns: Mapping[str, str]
    options: Mapping[str, Any]
    problems: tuple[Problem, ...] = field(default=())


def make_audience(
    people: People, profile: Profile, options: AudienceOptions, request: Request
) -> Audience:
    """Make the files of a list; nothing is written yet.

    Raises
    ------
    DataError
        With every reason at once: no consent column, a field that is not there, cells that the
        destination does not take, too few people.
    StudyError
        The profile writes no lists, or segment, encoding or setting are not known.
    """
    encoding = encoding_of(profile, people, options, request)
    taken = take_columns(people, profile, options.map)
    answers, consent_header, problems = _consents(people, options)
    problems += [*taken.problems, *lacking(people, profile, taken)]
    _stop_at_errors(problems)
    people = with_certainty(_named(people), options.certain_from)
    setting = Setting(
        settings={**profile.settings, **options.settings.get(profile.id, {})},
        study=request.study,
        at=options.at or request.today,
        country_code=options.country_code,
        encoding=encoding,
    )
    columns = (fill(column, people, taken, setting) for column in profile.all_columns)
    filled = [part for part in columns if part is not None]
    _stop_at_errors(too_wide(profile, filled))
    rules = rules_of(people, options, request)

    def selected(faulty: frozenset[int]) -> Selection:
        return select(people, answers, filled, faulty, taken, profile, rules, options.country_code)

    every = _all_faults(filled, profile, setting)
    selection = selected(frozenset(fault.person for _, fault in every))
    wrong = fault_problems(people, taken, profile, every, set(selection.where("faulty")))
    if not request.leave_out_faulty:
        whole = selected(frozenset()) if every else selection
        few = too_few(people, profile, whole, rules, request)
        _stop_at_errors([*wrong, *same_names(people, filled, selection), *few])
    problems += [replace(problem, severity=Severity.WARNING) for problem in wrong]
    few = too_few(people, profile, selection, rules, request)
    _stop_at_errors([*same_names(people, filled, selection), *few])
    problems += [*sensitive(taken), *remarks(people, profile, filled, selection)]
    return Audience(
        profile=profile,
        files=list_files(people, profile, filled, selection, encoding),
        holdout=holdout_file(people, selection),
        counts=selection.counts,
        by_segment=_by_segment(people, selection),
        names=people.names,
        columns={"consent": consent_header, **_sources(taken)},
        options=_used(setting, rules),
        problems=(*people.problems, *problems),
    )


def _named(people: People) -> People:
    """People whose segments all have a name of one line."""
    numbers = {segment for segment in people.segments if segment is not None} | set(people.names)
    names = {n: tidy(people.names.get(n)) or f"Segment {n}" for n in sorted(numbers)}
    return replace(people, names=names)


def _used(setting: Setting, rules: Rules) -> dict[str, Any]:
    """The options that decided, as plain values."""
    return {
        "study": setting.study,
        "encoding": setting.encoding,
        "seed": rules.seed,
        "holdout": rules.holdout,
        "least": rules.least,
        "certain_from": rules.certain_from,
        "include_uncertain": rules.include_uncertain,
        "at": setting.at.isoformat(),
        "settings": dict(setting.settings),
    }


def _stop_at_errors(problems: Sequence[Problem]) -> None:
    wrong = [problem for problem in problems if problem.severity is Severity.ERROR]
    if wrong:
        raise DataError(wrong)


def _consents(
    people: People, options: AudienceOptions
) -> tuple[tuple[str, ...], str, list[Problem]]:
    if options.consent is None:
        return (), "", [no_consent_column(people.file, people.columns)]
    column = named_column(people.columns, options.consent)
    if column is None:
        return (), "", [no_column(people, options.consent, "--consent")]
    answers, problems = consents(column, options.consent_yes, options.consent_no)
    return answers, column.header, list(problems)


def _all_faults(
    filled: Sequence[Filled], profile: Profile, setting: Setting
) -> list[tuple[Filled | None, Fault]]:
    assert profile.file is not None
    found: list[tuple[Filled | None, Fault]] = [
        (part, fault) for part in filled for fault in faults(part, profile, profile.file, setting)
    ]
    most = profile.limits.most_line_bytes
    if most is not None and filled:
        for person in range(len(filled[0].cells)):
            octets = len(json_line(filled, person).encode("utf-8"))
            if octets > most:
                allowed = f"at most {most} bytes; it has {octets}"
                found.append((None, Fault(person, "line", "", allowed)))
    return found


def _by_segment(people: People, selection: Selection) -> dict[int, dict[str, int]]:
    found: dict[int, Counter[str]] = {}
    for segment, fate in zip(people.segments, selection.fates, strict=True):
        if segment is not None:
            found.setdefault(segment, Counter())[fate] += 1
    return {segment: dict(found[segment]) for segment in sorted(found)}


def _sources(taken: Taken) -> dict[str, str]:
    return {name: f"{column.file}: {column.header}" for name, column in taken.fields.items()}
