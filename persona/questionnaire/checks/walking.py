"""Walk over the questions of a questionnaire with where each stands."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from persona.questionnaire.assembling import Assembled
from persona.questionnaire.complaints import Origin
from persona.questionnaire.declaration import Declaration, Section
from persona.questionnaire.types import Context, Question


@dataclass(frozen=True)
class Standing:
    """A question, its section, and where it stands."""

    question: Question
    section: Section
    context: Context
    origin: Origin

    def at(self, *more: Hashable) -> dict[str, Any]:
        """File, line, position and question of a value below the question."""
        return {**self.origin.at(*more), "question": self.question.id}


def declaration(parts: Assembled) -> Declaration:
    """The questionnaire that is checked."""
    if parts.declaration is None:
        raise ValueError("nothing was declared that could be checked")
    return parts.declaration


def standing(parts: Assembled) -> Iterator[Standing]:
    """Every question with where it stands, in the order asked."""
    whole = declaration(parts)
    for section, origin in zip(whole.sections, parts.sections, strict=True):
        context = Context(whole.languages, whole.scales, section.id, section.block)
        places = _places(section, origin)
        for question, place in zip(section.questions, places, strict=True):
            below = Origin(origin.document, (*origin.path, "questions", place))
            yield Standing(question, section, context, below)


def _places(section: Section, origin: Origin) -> list[int]:
    """Positions in the file of the questions that could be read."""
    raw = origin.document.data
    for step in origin.path:
        raw = raw[step]
    wanted = iter(section.questions)
    question = next(wanted, None)
    places: list[int] = []
    for place, part in enumerate(raw.get("questions") or ()):
        if question is not None and isinstance(part, dict) and part.get("id") == question.id:
            places.append(place)
            question = next(wanted, None)
    return places
