"""A number, with bounds and a unit."""

from __future__ import annotations

from typing import ClassVar, Literal

from persona.questionnaire.decoding import Reader
from persona.questionnaire.readers import number_reader, text_reader
from persona.questionnaire.types.base import TYPES, Context, Question
from persona.questionnaire.variables import Measure, Variable


class Number(Question):
    """A number."""

    asked: ClassVar[str] = "A number is written."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "factors", "segmentation")

    type: Literal["number"]
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    decimals: int | None = None

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column of numbers; of weights when the question's kind is weight."""
        measure = {"weight": Measure.WEIGHT, "id": Measure.IDENTIFIER}.get(self.kind, Measure.RATIO)
        return (
            self.variable(
                context, measure, minimum=self.minimum, maximum=self.maximum, unit=self.unit
            ),
        )

    def reader(self, variable: Variable, context: Context, language: str | None) -> Reader:
        """Numbers within the bounds; ids as they are written."""
        if variable.measure is Measure.IDENTIFIER:
            return text_reader(variable)
        return number_reader(variable, self.decimals)


TYPES.register("number", Number)
