"""Words of the respondent's own."""

from __future__ import annotations

from typing import ClassVar, Literal

from persona.questionnaire.decoding import Reader
from persona.questionnaire.readers import text_reader
from persona.questionnaire.types.base import TYPES, Context, Question
from persona.questionnaire.variables import Measure, Variable


class Text(Question):
    """Words of the respondent's own; the respondent's id when its kind is id."""

    asked: ClassVar[str] = "The respondent writes."
    analyses: ClassVar[tuple[str, ...]] = ("verbatims",)

    type: Literal["text"]
    longest: int | None = None

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column of text."""
        measure = Measure.IDENTIFIER if self.kind == "id" else Measure.TEXT
        return (self.variable(context, measure),)

    def reader(self, variable: Variable, context: Context, language: str | None) -> Reader:
        """Words, warned of when longer than asked for."""
        return text_reader(variable, self.longest)


TYPES.register("text", Text)
