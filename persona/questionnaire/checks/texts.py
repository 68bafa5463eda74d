"""Texts: questions without any, and translations that are missing."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from persona.errors import Problem, error, warning
from persona.questionnaire.assembling import Assembled
from persona.questionnaire.checks.walking import declaration, standing
from persona.questionnaire.complaints import Origin
from persona.questionnaire.parts import Part

_WITHOUT_TEXT = frozenset({"id", "weight"})


def check(parts: Assembled) -> Iterator[Problem]:
    """Questions without text, keys without the default language, missing translations."""
    whole = declaration(parts)
    yield from _texts(whole.title, parts.root, ("title",), whole.languages, None)
    for name, scale in whole.scales.items():
        yield from _walk(scale, parts.scales[name], (), whole.languages, None)
    for section, origin in zip(whole.sections, parts.sections, strict=True):
        yield from _texts(section.title, origin, ("title",), whole.languages, None)
    for stand in standing(parts):
        question = stand.question
        yield from _walk(question, stand.origin, (), whole.languages, question.id)
        asked = question.kind not in _WITHOUT_TEXT and question.type != "derived"
        if asked and not any(text.strip() for text in question.text.values()):
            yield error(
                "text.none",
                "The question has no text.",
                **stand.at(),
                remedy="Add text: with the question as respondents read it.",
            )


def _walk(
    part: Part,
    origin: Origin,
    path: tuple[Hashable, ...],
    languages: tuple[str, ...],
    question: str | None,
) -> Iterator[Problem]:
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if is_texts(field):
            yield from _texts(value, origin, (*path, name), languages, question)
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                if isinstance(inner, Part):
                    yield from _walk(inner, origin, (*path, name, key), languages, question)
                elif isinstance(inner, Mapping):
                    yield from _texts(inner, origin, (*path, name, key), languages, question)
        elif isinstance(value, tuple):
            for place, inner in enumerate(value):
                if isinstance(inner, Part):
                    yield from _walk(inner, origin, (*path, name, place), languages, question)
        elif isinstance(value, BaseModel) and isinstance(value, Part):
            yield from _walk(value, origin, (*path, name), languages, question)


def is_texts(field: Any) -> bool:
    """Whether a field of a model holds texts in languages."""
    return any(type(part).__name__ == "WithJsonSchema" for part in field.metadata)


def _texts(
    texts: Mapping[str, str],
    origin: Origin,
    path: tuple[Hashable, ...],
    languages: tuple[str, ...],
    question: str | None,
) -> Iterator[Problem]:
    if not texts:
        return
    key = ".".join(str(step) for step in path)
    place = {**origin.at(*path), "question": question}
    missing = [language for language in languages if not texts.get(language, "").strip()]
    if languages[0] in missing:
        yield error(
            "text.default_language",
            "{key} has no text in the default language {language}.",
            **place,
            remedy="Add it, or list another language first.",
            values={"key": key, "language": languages[0]},
        )
    for language in missing:
        if language != languages[0]:
            yield warning(
                "text.not_translated",
                "{key} is not translated into {language}; the {default} text is shown, marked "
                "[{default}].",
                **place,
                remedy="Add the translation.",
                values={"key": key, "language": language, "default": languages[0]},
            )
    for language in texts:
        if language not in languages:
            yield warning(
                "text.undeclared_language",
                "{key} has a text in {language}, which is not among the languages.",
                **place,
                allowed=", ".join(languages),
                remedy="Add the language to languages, or correct its code.",
                values={"key": key, "language": language},
            )
