"""A battery: several items answered on one scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from persona.questionnaire.parts import Item, missing_codes
from persona.questionnaire.types.base import TYPES, Context, Finding, Question
from persona.questionnaire.types.batteries import battery_findings
from persona.questionnaire.variables import Measure, MissingCode, Variable


class Grid(Question):
    """Several items answered on one scale.

    Parameters
    ----------
    scale : str
        Name of a shared scale.
    items : tuple of Item
    randomise : bool
        A note to the field: the order of the items changes from respondent to respondent.
    """

    asked: ClassVar[str] = "Each item is answered on the scale."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "factors", "reliability", "segmentation")

    type: Literal["grid"]
    scale: str
    items: tuple[Item, ...]
    randomise: bool = False

    def missing_codes(self, context: Context) -> tuple[MissingCode, ...]:
        """The missing codes of the scale and those declared here."""
        return (*context.scale(self.scale).missing_codes, *missing_codes(self.missing))

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column an item."""
        points = context.scale(self.scale).categories
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
                minimum=min(codes, default=None),
                maximum=max(codes, default=None),
            )
            for item in self.items
        )

    def check(self, context: Context) -> Iterator[Finding]:
        """Too few items for the role, and keys that cancel each other."""
        yield from battery_findings(self.items, self.role, self.id)


TYPES.register("grid", Grid)
