"""Any number of several options."""

from __future__ import annotations

from typing import ClassVar, Literal

from persona.questionnaire.parts import Option
from persona.questionnaire.types.base import TYPES, Context, Question
from persona.questionnaire.variables import Measure, Variable


class Multiple(Question):
    """Any number of several options."""

    asked: ClassVar[str] = "Every option that applies is ticked."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "correspondence", "segmentation")

    type: Literal["multiple"]
    options: tuple[Option, ...]

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column of 0 and 1 an option."""
        return tuple(
            self.variable(
                context,
                Measure.BINARY,
                suffix=str(option.code),
                item=str(option.code),
                text=option.text,
                short=option.short,
                minimum=0.0,
                maximum=1.0,
            )
            for option in self.options
            if not option.missing
        )


TYPES.register("multiple", Multiple)
