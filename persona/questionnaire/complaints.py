"""What pydantic finds wrong, in a researcher's words and at the line of the file."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from persona.errors import Problem, error
from persona.questionnaire.yaml_reading import Document, Path
from persona.registry import nearest


@dataclass(frozen=True)
class Origin:
    """Where a part stands: its document and the path in it."""

    document: Document
    path: Path = ()

    def at(self, *more: Hashable) -> dict[str, Any]:
        """File, line and position of a value below this one, as problems take them."""
        line, position = self.document.place((*self.path, *more))
        return {"file": self.document.file, "line": line, "position": position}


def unknown_key(
    key: str, known: Sequence[str], place: Mapping[str, Any], question: str | None
) -> Problem:
    """A key that the format does not have, with the nearest that it has."""
    return error(
        "key.unknown",
        "There is no key {key!r} here.",
        **place,
        question=question,
        allowed=", ".join(known),
        remedy=did_you_mean(key, known) or "Remove it, or correct its spelling.",
        values={"key": key},
    )


def translated(
    trouble: ValidationError, model: type[BaseModel], raw: Any, origin: Origin, question: str | None
) -> Iterator[Problem]:
    """What pydantic found, in a researcher's words, each place once."""
    seen: set[Path] = set()
    for found in trouble.errors(include_url=False):
        path = _existing(found["loc"], raw)
        if path in seen and found["type"] not in ("missing", "extra_forbidden"):
            continue
        seen.add(path)
        place = origin.at(*path)
        if found["type"] == "extra_forbidden":
            key = str(found["loc"][-1])
            yield unknown_key(key, tuple(_fields_at(model, found["loc"][:-1])), place, question)
        elif found["type"] == "missing":
            key = str(found["loc"][-1])
            yield error(
                "key.missing",
                "The key {key!r} is missing.",
                **place,
                question=question,
                remedy=f"Add {key}: …",
                values={"key": key},
            )
        else:
            yield _wrong_value(found, path, place, question)


def _wrong_value(
    found: Mapping[str, Any], path: Path, place: Mapping[str, Any], question: str | None
) -> Problem:
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    given = found["input"]
    remedy = None
    kind = found["type"]
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", found["ctx"]["expected"])
        return error(
            "key.value",
            "{found!r} is not allowed for {key}.",
            **place,
            question=question,
            allowed=", ".join(known),
            remedy=did_you_mean(str(given), known),
            values={"found": shown(given), "key": key},
        )
    if kind == "value_error":
        return error(
            "key.value",
            "{key}: {message}.",
            **place,
            question=question,
            values={"key": key, "message": str(found["ctx"]["error"])},
        )
    if "string" in kind and isinstance(given, bool | float):
        remedy = "Put the text in quotes."
    if kind in ("mapping_type", "dict_type") and not isinstance(given, list):
        return error(
            "key.type",
            "{key} must be a text.",
            **place,
            question=question,
            found=shown(given),
            remedy="Put the text in quotes.",
            values={"key": key},
        )
    expected = next((words for start, words in _EXPECTED if kind.startswith(start)), None)
    return error(
        "key.type",
        "{key} must be {expected}.",
        **place,
        question=question,
        found=shown(given),
        remedy=remedy,
        allowed=expected,
        values={"key": key, "expected": expected or found["msg"]},
    )


_EXPECTED = (
    ("string_too_long", "at most 64 characters long"),
    ("string_too_short", "a text that is not empty"),
    ("string", "a text"),
    ("int", "a whole number"),
    ("float", "a number"),
    ("bool", "true or false"),
    ("tuple", "a list"),
    ("list", "a list"),
    ("mapping", "lines of key: value"),
    ("dict", "lines of key: value"),
    ("model", "lines of key: value"),
    ("date", "a day written as year-month-day"),
)


def _existing(loc: Sequence[Hashable], raw: Any) -> Path:
    """The part of pydantic's location that leads to a value of the file."""
    path: list[Hashable] = []
    for step in loc:
        if isinstance(raw, dict) and step in raw:
            raw = raw[step]
        elif isinstance(raw, list) and isinstance(step, int) and step < len(raw):
            raw = raw[step]
        else:
            break
        path.append(step)
    return tuple(path)


def _fields_at(model: type[BaseModel], loc: Sequence[Hashable]) -> Iterator[str]:
    """The keys that the model takes at a location."""
    here: type[BaseModel] = model
    for step in loc:
        field = here.model_fields.get(str(step))
        inner = next(_models_in(field.annotation), None) if field else None
        here = inner or here
    yield from here.model_fields


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    for part in typing.get_args(annotation):
        yield from _models_in(part)


def did_you_mean(name: str, known: typing.Iterable[str]) -> str | None:
    """A remedy that names the nearest known name, if one is near."""
    near = nearest(name, known)
    return f"Did you mean {near!r}?" if near else None


def shown(value: object) -> str:
    """A value as it is quoted in a message."""
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"
