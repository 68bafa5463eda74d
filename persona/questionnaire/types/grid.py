"""A battery: several items answered on one scale."""

from __future__ import annotations

from typing import ClassVar, Literal

from persona.questionnaire.parts import Item, missing_codes
from persona.questionnaire.types.base import TYPES, Context, Question
from persona.questionnaire.variables import Measure, MissingCode, Variable


class Grid(Question):
    """Several items answered on one scale."""

    asked: ClassVar[str] = "Each item is answered on the scale."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "factors", "reliability", "segmentation")

    type: Literal["grid"]
    scale: str
    items: tuple[Item, ...]

    def missing_codes(self, context: Context) -> tuple[MissingCode, ...]:
        """The missing codes of the scale and those declared here."""
        return (*context.scales[self.scale].missing_codes, *missing_codes(self.missing))

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column an item."""
        points = context.scales[self.scale].categories
        codes = [float(point.code) for point in points]
        return tuple(
            self.variable(
                context,
                Measure.INTERVAL,
                id=item.id,
                item=item.id,
                text=item.text,
                short=item.short,
                categories=points,
                reverse=item.reverse,
                minimum=min(codes),
                maximum=max(codes),
            )
            for item in self.items
        )


TYPES.register("grid", Grid)
