"""Which column of the people's files holds which field: as told, else by header, and said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persona.audiences.people import People, PeopleColumn
from persona.audiences.profile import OF_PEOPLE, Profile
from persona.audiences.words import loose, words
from persona.errors import Problem, error, note
from persona.registry import nearest


@dataclass(frozen=True)
class Taken:
    """The columns that fill a profile.

    Parameters
    ----------
    fields : mapping of field to column
    answers : mapping of question or header to column
        What a profile asks for beyond fields.
    guessed : tuple of str
        Fields known by their header alone.
    problems : tuple of Problem
    """

    fields: Mapping[str, PeopleColumn]
    answers: Mapping[str, PeopleColumn]
    guessed: tuple[str, ...]
    problems: tuple[Problem, ...]


def take_columns(people: People, profile: Profile, told: Mapping[str, str]) -> Taken:
    """Find a column for each field that the profile wants.

    Parameters
    ----------
    people : People
    profile : Profile
    told : mapping of field to header
        From the user; an empty header leaves the field out.
    """
    problems = _unknown_fields(told)
    fields: dict[str, PeopleColumn] = {}
    guessed: list[str] = []
    for name in dict.fromkeys((*profile.fields, *_KEYS)):
        needed = name in profile.fields
        if name in told:
            if told[name].strip():
                found = named_column(people.columns, told[name])
                if found is None and needed:
                    problems.append(no_column(people, told[name], f"--map {name}"))
                elif found is not None:
                    fields[name] = found
            continue
        fitting = _by_header(people.columns, name)
        if len(fitting) > 1 and needed:
            problems.append(_ambiguous(name, fitting))
        elif fitting:
            fields[name] = fitting[0]
            if needed:
                guessed.append(name)
    guessed = [name for name in guessed if name in _used(profile, fields)]
    problems += [_guess(name, fields[name]) for name in guessed]
    answers, missing = _answers(people, profile)
    return Taken(fields, answers, tuple(guessed), (*problems, *missing))


def _used(profile: Profile, fields: Mapping[str, PeopleColumn]) -> set[str]:
    """The fields that fill columns: of several that may, the first there is."""
    first = (
        next((name for name in column.of_people if name in fields), None)
        for column in profile.all_columns
    )
    return {name for name in first if name is not None}


_KEYS = ("id", "customer_id", "user_id", "email", "phone", "client_id")
"""Fields by which a person is the same one in a later list, the first that is there."""


def named_column(columns: Sequence[PeopleColumn], name: str) -> PeopleColumn | None:
    """The column with a header, letter for letter or else alike; None when none or several are.

    A header that stands in several files may be written with its file: ``crm.xlsx: E-mail``.
    """
    tests = (
        lambda column: name in (column.header, f"{column.file}: {column.header}"),
        lambda column: name == column.variable,
        lambda column: loose(name) == loose(column.header) != "",
    )
    for test in tests:
        fitting = [column for column in columns if test(column)]
        files = {column.file for column in fitting}
        if len(fitting) == 1 or (fitting and len(files) == len(fitting)):
            return fitting[0]
    return None


def _by_header(columns: Sequence[PeopleColumn], name: str) -> list[PeopleColumn]:
    """The columns whose header says the field; of several files those of the first alone."""
    headers = words().headers[name]
    fitting = [one for one in columns if loose(one.header) in headers or one.holds == name]
    told = [column for column in fitting if column.holds == name]
    if told and told[0].file == fitting[0].file:
        return told[:1]
    return [column for column in fitting if column.file == fitting[0].file]


def _answers(people: People, profile: Profile) -> tuple[dict[str, PeopleColumn], list[Problem]]:
    found: dict[str, PeopleColumn] = {}
    problems: list[Problem] = []
    for column in profile.all_columns:
        if column.answer is None:
            continue
        taken = named_column(people.columns, column.answer)
        if taken is not None:
            found[column.answer] = taken
        elif not column.optional:
            problems.append(no_column(people, column.answer, f"the column {column.name!r}"))
    return found, problems


def no_column(people: People, name: str, asker: str) -> Problem:
    """A column is named that the people's files do not have."""
    headers = [column.header for column in people.columns]
    near = nearest(name, headers)
    return error(
        "audience.no_column",
        "No column is called {name!r}, which {asker} names.",
        file=people.file,
        found=", ".join(dict.fromkeys(headers[:12])),
        remedy=f"Did you mean {near!r}?" if near else "Name one of the headers.",
        values={"name": name, "asker": asker},
    )


def _unknown_fields(told: Mapping[str, str]) -> list[Problem]:
    known = OF_PEOPLE
    problems = []
    for name in told:
        if name in known:
            continue
        near = nearest(name, known)
        problems.append(
            error(
                "audience.unknown_field",
                "{name!r} is no field of a person.",
                found=name,
                allowed=", ".join(known),
                remedy=f"Did you mean {near!r}?" if near else None,
                values={"name": name},
            )
        )
    return problems


def _ambiguous(name: str, fitting: Sequence[PeopleColumn]) -> Problem:
    headers = [column.header for column in fitting]
    return error(
        "audience.two_columns",
        "Several columns may hold {field}: {headers}.",
        file=fitting[0].file,
        sheet=fitting[0].sheet,
        remedy=f'Say which: --map {name}="{headers[0]}"',
        values={"field": name, "headers": ", ".join(map(repr, headers))},
    )


def _guess(name: str, column: PeopleColumn) -> Problem:
    return note(
        "audience.guessed",
        "The column {header!r} is taken for {field}, by its header.",
        **column.place,
        remedy="If that is wrong, name another: --map {field}=HEADER, or leave it out: "
        "--map {field}=",
        values={"header": column.header, "field": name},
    )
