"""One number on a short scale with words at its ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from persona.errors import error
from persona.questionnaire.texts import DeclaredTexts
from persona.questionnaire.types.base import TYPES, Context, Finding, Question
from persona.questionnaire.types.batteries import ends
from persona.questionnaire.variables import Measure, Variable


class Rating(Question):
    """One number on a short scale with words at its ends.

    Parameters
    ----------
    lowest, highest : int
        The ends of the scale; 1 and 5 unless said otherwise.
    low, high : Texts
        What the ends are called.
    reverse : bool
        A high number means less of what is measured.
    """

    asked: ClassVar[str] = "One number of the scale is ticked."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "factors", "segmentation")

    type: Literal["rating"]
    lowest: int = 1
    highest: int = 5
    low: DeclaredTexts = Field(default_factory=dict)
    high: DeclaredTexts = Field(default_factory=dict)
    reverse: bool = False

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column of numbers."""
        points = ends(range(self.lowest, self.highest + 1), self.low, self.high, context.languages)
        return (
            self.variable(
                context,
                Measure.INTERVAL,
                categories=points,
                reverse=self.reverse,
                minimum=float(self.lowest),
                maximum=float(self.highest),
            ),
        )

    def check(self, context: Context) -> Iterator[Finding]:
        """A scale with fewer than two points."""
        if self.highest <= self.lowest:
            yield (
                ("highest",),
                error(
                    "rating.one_point",
                    "The scale runs from {lowest} to {highest}, so it has no two points.",
                    question=self.id,
                    remedy="Let highest be above lowest.",
                    values={"lowest": self.lowest, "highest": self.highest},
                ),
            )


TYPES.register("rating", Rating)
