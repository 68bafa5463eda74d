"""Pairs of opposite words with a scale between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from persona.errors import error
from persona.questionnaire.parts import Identifier, Part
from persona.questionnaire.texts import DeclaredTexts, Texts
from persona.questionnaire.types.base import TYPES, Context, Finding, Question
from persona.questionnaire.types.batteries import battery_findings, ends
from persona.questionnaire.variables import Measure, Variable


class Pair(Part):
    """Two opposites; ``reverse`` when the left one means more of what is measured."""

    id: Identifier
    left: DeclaredTexts
    right: DeclaredTexts
    reverse: bool = False
    short: DeclaredTexts = Field(default_factory=dict)

    @property
    def text(self) -> Texts:
        """Both ends in one line."""
        return {
            language: f"{left} – {self.right[language]}"
            for language, left in self.left.items()
            if language in self.right
        }


class SemanticDifferential(Question):
    """Pairs of opposite words with a scale between them, 1 at the left.

    Parameters
    ----------
    items : tuple of Pair
    points : int
        How many steps lie between the opposites; 7 unless said otherwise.
    randomise : bool
        A note to the field: the order of the pairs changes from respondent to respondent.
    """

    asked: ClassVar[str] = "On each line one step between the two opposites is ticked."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "factors", "reliability", "segmentation")

    type: Literal["semantic_differential"]
    items: tuple[Pair, ...]
    points: int = 7
    randomise: bool = False

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column a pair."""
        return tuple(
            self.variable(
                context,
                Measure.INTERVAL,
                id=pair.id,
                item=pair.id,
                text=pair.text,
                short=pair.short,
                categories=ends(
                    range(1, self.points + 1), pair.left, pair.right, context.languages
                ),
                reverse=pair.reverse,
                minimum=1.0,
                maximum=float(self.points),
            )
            for pair in self.items
        )

    def check(self, context: Context) -> Iterator[Finding]:
        """Too few pairs or points, and keys that cancel each other."""
        yield from battery_findings(self.items, self.role, self.id)
        if self.points < 2:
            yield (
                ("points",),
                error(
                    "scale.one_point",
                    "There are {count} points between the opposites; two is the least.",
                    question=self.id,
                    remedy="Write, for example, points: 7.",
                    values={"count": self.points},
                ),
            )


TYPES.register("semantic_differential", SemanticDifferential)
