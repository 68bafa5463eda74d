"""How likely the respondent is to recommend, 0 to 10."""

from __future__ import annotations

from typing import ClassVar, Literal

from persona.questionnaire.types.base import TYPES, Context, Question
from persona.questionnaire.variables import Category, Measure, Variable


class Nps(Question):
    """How likely the respondent is to recommend, 0 (not at all) to 10 (extremely)."""

    asked: ClassVar[str] = "One number from 0 to 10 is ticked."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "segmentation")

    type: Literal["nps"]

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column, 0 to 10."""
        points = tuple(
            Category(code, {language: str(code) for language in context.languages})
            for code in range(11)
        )
        return (
            self.variable(context, Measure.INTERVAL, categories=points, minimum=0.0, maximum=10.0),
        )


TYPES.register("nps", Nps)
