"""Ids: that none stands twice, by whatever spelling, and that files can hold them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from persona.errors import Problem, error, warning
from persona.questionnaire.assembling import Assembled
from persona.questionnaire.cells import normal
from persona.questionnaire.checks.walking import Standing, declaration, standing
from persona.questionnaire.conditions import WORDS

_GOOD = re.compile(r"[^\W\d][\w.-]*")
_VALUES_TO_FILES = frozenset({"true", "false", "null", "na", "nan", "none", "inf"})


def check(parts: Assembled) -> Iterator[Problem]:
    """Problems of the ids of sections, questions, items and columns."""
    yield from _sections(parts)
    seen: dict[str, tuple[str, Standing]] = {}
    for stand in standing(parts):
        ids = [stand.question.id]
        ids += [v.id for v in stand.question.variables(stand.context) if v.id not in ids]
        for name in dict.fromkeys(ids):
            yield from _spelling(name, stand)
            yield from _twice(name, stand, seen)


def _sections(parts: Assembled) -> Iterator[Problem]:
    seen: set[str] = set()
    for section, origin in zip(declaration(parts).sections, parts.sections, strict=True):
        if section.id in seen:
            yield error(
                "id.section_twice",
                "The section id {id!r} stands twice.",
                **origin.at("id"),
                remedy="Give one of the sections another id.",
                values={"id": section.id},
            )
        seen.add(section.id)


def _twice(name: str, stand: Standing, seen: dict[str, tuple[str, Standing]]) -> Iterator[Problem]:
    cleaned = re.sub(r"[\W_]+", "_", normal(name)).strip("_")
    held = seen.setdefault(cleaned, (name, stand))
    if held[1] is stand and held[0] == name:
        return
    other, where = held
    line = where.at("id")["line"]
    place = f"line {line}" if line else f"question {where.question.id}"
    if other == name:
        sentence, code = "The id {id!r} stands twice; first in {place}.", "id.twice"
    elif other.casefold() == name.casefold():
        sentence = "The ids {id!r} and {other!r} ({place}) differ by case alone."
        code = "id.case"
    else:
        sentence = "The ids {id!r} and {other!r} ({place}) are the same once cleaned for files."
        code = "id.cleaned"
    yield error(
        code,
        sentence,
        **stand.at("id"),
        remedy="Give one of them another id.",
        values={"id": name, "other": other, "place": place},
    )


def _spelling(name: str, stand: Standing) -> Iterator[Problem]:
    if not _GOOD.fullmatch(name):
        yield error(
            "id.characters",
            "The id {id!r} cannot name a column.",
            **stand.at("id"),
            allowed="a letter or _, then letters, digits, _ . -",
            remedy=f"Write it as {_usable(name)!r}.",
            values={"id": name},
        )
    elif name.casefold() in _VALUES_TO_FILES | WORDS:
        yield error(
            "id.reserved",
            "The id {id!r} has another meaning in spreadsheets or conditions.",
            **stand.at("id"),
            remedy=f"Write it as {name + '_'!r}.",
            values={"id": name},
        )
    elif keyword.iskeyword(name):
        yield warning(
            "id.keyword",
            "The id {id!r} is a word of Python, which makes it awkward in scripts.",
            **stand.at("id"),
            remedy="Write it as {better!r}.",
            values={"id": name, "better": f"{name}_"},
        )


def _usable(name: str) -> str:
    cleaned = re.sub(r"[^\w.-]+", "_", name).strip("_")
    return cleaned if _GOOD.fullmatch(cleaned) else f"q_{cleaned}"
