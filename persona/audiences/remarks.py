"""What the user should know of a list that is written."""

from __future__ import annotations

from collections.abc import Sequence

from persona.audiences.cells import Filled
from persona.audiences.matching import Taken
from persona.audiences.people import People
from persona.audiences.profile import Profile
from persona.audiences.selecting import WRITTEN, Selection
from persona.errors import Problem, note, warning


def sensitive(taken: Taken) -> list[Problem]:
    """Answers that the profile asks for and that the questionnaire calls sensitive."""
    return [
        warning(
            "audience.sensitive",
            "The list holds answers to {question!r}, which the questionnaire calls sensitive.",
            **column.place,
            remedy="Look whether people agreed to that too, or take the column out of the profile.",
            values={"question": name},
        )
        for name, column in taken.answers.items()
        if column.sensitive
    ]


def remarks(
    people: People, profile: Profile, filled: Sequence[Filled], selection: Selection
) -> list[Problem]:
    """What the user should know of a list that is written."""
    on_list = set(selection.where(WRITTEN))
    said = [
        warning(
            "audience.small_left_out",
            "Segment {segment} is left out: {n} people are too few to be handed on.",
            file=people.file,
            values={"segment": segment, "n": n},
        )
        for segment, n in selection.small.items()
    ]
    for part in filled:
        lost = [person for person in part.unreadable if person in on_list]
        if lost:
            said.append(
                warning(
                    "audience.unreadable",
                    "{count} cells cannot be read as {kind}; they are left empty in {column!r}.",
                    file=people.file,
                    values={
                        "count": len(lost),
                        "kind": _KIND_WORDS.get(part.column.written_as, part.column.written_as),
                        "column": part.name,
                    },
                )
            )
        for what, who in part.changed.items():
            count = len(on_list.intersection(who))
            if count:
                said.append(_changed(what, count, part, profile))
    return said


_KIND_WORDS = {
    "email": "e-mail addresses",
    "phone": "telephone numbers with a country code",
    "whole": "whole numbers",
    "decimal": "numbers",
    "yes_no": "yes or no",
}


def _changed(what: str, count: int, part: Filled, profile: Profile) -> Problem:
    values = {"count": count, "column": part.name, "title": profile.title}
    if what == "cut":
        return note(
            "audience.cut",
            "The names of segments in {column!r} are cut to what {title} takes ({count} people).",
            values=values,
        )
    if what == "replaced":
        return note(
            "audience.replaced",
            "In {count} cells of {column!r}, signs that {title} does not take are replaced.",
            values=values,
        )
    return note(
        "audience.tidied",
        "In {count} cells of {column!r}, line breaks, doubled blanks and signs that cannot be seen "
        "are taken out.",
        values=values,
    )
