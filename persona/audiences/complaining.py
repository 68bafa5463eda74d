"""Why a list is refused: nothing fills a field, cells are not taken, people are too few."""

from __future__ import annotations

from collections.abc import Sequence

from persona.audiences.asking import Request
from persona.audiences.cells import Fault, Filled, same_name_twice
from persona.audiences.matching import Taken
from persona.audiences.people import People, PeopleColumn
from persona.audiences.profile import DERIVED, Profile
from persona.audiences.selecting import WRITTEN, Rules, Selection
from persona.errors import Problem, error

_LISTED = 10
_REASONS = {
    "bytes": "{count} cells of {column!r} are too long for {title}.",
    "characters": "{count} cells of {column!r} are too long for {title}.",
    "pattern": "{count} cells of {column!r} do not have the form that {title} takes.",
    "personal": "{count} cells of {column!r} hold personal data, which {title} forbids.",
    "encoding": "{count} cells of {column!r} hold signs that the encoding does not have.",
    "quotes": "{count} cells of {column!r} would need quotation marks, which {title} forbids.",
    "formula": "{count} cells of {column!r} would be taken for formulas.",
    "line": "{count} people need more bytes in a call than {title} takes.",
}


def lacking(people: People, profile: Profile, taken: Taken) -> list[Problem]:
    """Columns that the destination needs and that nothing fills."""
    by_name = {column.name: column for column in profile.all_columns}

    def empty(name: str) -> bool:
        column = by_name[name]
        sources = (*taken.fields, *DERIVED)
        return bool(column.field) and not any(one in sources for one in column.field)

    needed = [column for column in profile.all_columns if column.required and empty(column.name)]
    known = [name for name in profile.identity if not empty(name)]
    if not needed and not known:
        needed = [by_name[name] for name in profile.identity]
    if not needed:
        return []
    fields = list(dict.fromkeys(name for column in needed for name in column.of_people))
    alone = all(column.required for column in needed)
    return [
        error(
            "audience.no_field",
            "{title} knows people by {columns}, and no column of the people's files is known to "
            "hold it.",
            file=people.file,
            found=", ".join(dict.fromkeys(column.header for column in people.columns[:12])),
            allowed=", ".join(fields),
            remedy=f"Say which column it is: --map {fields[0]}=HEADER; addresses in another file "
            "are joined with --contacts FILE.",
            values={
                "title": profile.title,
                "columns": (" and " if alone else " or ").join(column.name for column in needed),
            },
        )
    ]


def fault_problems(
    people: People,
    taken: Taken,
    profile: Profile,
    every: Sequence[tuple[Filled | None, Fault]],
    concerned: set[int],
) -> list[Problem]:
    """The faults of people who would be on the list, one problem a column and reason."""
    kinds: dict[tuple[str, str], list[tuple[Filled | None, Fault]]] = {}
    for part, fault in every:
        if fault.person in concerned:
            kinds.setdefault((part.name if part else "", fault.reason), []).append((part, fault))
    problems = []
    for (name, reason), met in kinds.items():
        part, first = met[0]
        source = None if part is None else _source(part, taken)
        rows = [source.rows[fault.person] for _, fault in met] if source else []
        shown = ", ".join(map(str, rows[:_LISTED]))
        problems.append(
            error(
                f"audience.{reason}",
                _REASONS[reason],
                **(source.place if source else {"file": people.file}),
                row=rows[0] if rows else None,
                found=f"{first.found}{f'; rows {shown}' if rows else ''}" or None,
                allowed=first.allowed,
                remedy=_remedy(reason, bool(rows)),
                values={"count": len(met), "column": name, "title": profile.title},
            )
        )
    return problems


def too_wide(profile: Profile, filled: Sequence[Filled]) -> list[Problem]:
    """More columns than the destination takes."""
    most = profile.limits.most_columns
    if most is None or len(filled) <= most:
        return []
    return [
        error(
            "audience.wide",
            "The list has {count} columns, and {title} takes {most}.",
            found=", ".join(part.name for part in filled),
            remedy="Leave columns out of the profile.",
            values={"count": len(filled), "title": profile.title, "most": most},
        )
    ]


def _source(part: Filled, taken: Taken) -> PeopleColumn | None:
    if part.column.answer is not None:
        return taken.answers.get(part.column.answer)
    fields = (taken.fields[name] for name in part.column.field if name in taken.fields)
    return next(fields, None)


def _remedy(reason: str, of_people: bool) -> str:
    if not of_people and reason != "line":
        return (
            "It is the name of a segment or a text of the profile: rename the segment in "
            "workbook.xlsx and bring it back with persona apply, or change the profile."
        )
    if reason == "encoding":
        return "Write the file in another encoding with --encoding utf-8, or correct the cells."
    return (
        "Correct the cells, leave the column out with --map FIELD=, or leave these people out "
        "with --leave-out-faulty."
    )


def same_names(people: People, filled: Sequence[Filled], selection: Selection) -> list[Problem]:
    """Segments that would bear one name after cutting, where the list has people at all."""
    if not selection.where(WRITTEN):
        return []
    return [
        error(
            "audience.same_name",
            "Two segments would have the same name in {column!r}.",
            found="; ".join(names),
            remedy="Give them names that differ at their beginning: in workbook.xlsx, brought back "
            "with persona apply.",
            values={"column": column},
        )
        for column, names in same_name_twice(people, filled)
    ]


def too_few(
    people: People, profile: Profile, selection: Selection, rules: Rules, request: Request
) -> list[Problem]:
    """Segments asked for by name that are too small, or a list without enough people."""
    written = selection.counts[WRITTEN]
    whole = profile.limits.least_rows if profile.split == "none" else 1
    least = max(rules.least, profile.limits.least_rows) if profile.split == "segment" else 0
    small = {
        segment: n for segment, n in selection.small.items() if request.segments or written < whole
    }
    problems = [
        error(
            "audience.small",
            "Segment {segment} ({name}) has {n} people for this list, fewer than {least}.",
            file=people.file,
            allowed=f"at least {max(least, rules.least)} ({profile.title} needs "
            f"{profile.limits.least_rows}, and a segment handed on at least {rules.least})",
            remedy="Hand on a larger segment, ask more people for consent, or keep fewer back.",
            values={
                "segment": segment,
                "name": people.names.get(segment, ""),
                "n": n,
                "least": max(least, rules.least),
            },
        )
        for segment, n in small.items()
    ]
    if written < whole and not problems:
        problems.append(
            error(
                "audience.nobody",
                "{n} people are left for the list, and {title} needs {least}.",
                file=people.file,
                found=", ".join(f"{fate} {n}" for fate, n in selection.counts.items() if n),
                allowed=f"at least {whole}",
                remedy="Look at the counts: each person stands under the first reason that met "
                "them.",
                values={"n": written, "title": profile.title, "least": whole},
            )
        )
    return problems
