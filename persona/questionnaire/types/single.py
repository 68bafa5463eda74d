"""One answer out of several options."""

from __future__ import annotations

from typing import ClassVar, Literal

from persona.questionnaire.parts import Option
from persona.questionnaire.types.base import TYPES, Context, Question
from persona.questionnaire.variables import Category, Measure, MissingCode, Variable


class Single(Question):
    """One answer out of several options; ``ordered`` when they run from low to high."""

    asked: ClassVar[str] = "One option is ticked."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "correspondence", "segmentation")

    type: Literal["single"]
    options: tuple[Option, ...]
    ordered: bool = False

    def missing_codes(self, context: Context) -> tuple[MissingCode, ...]:
        """Declared missing codes and the options that stand for no answer."""
        options = tuple(
            MissingCode(option.code, option.text, option.missing)
            for option in self.options
            if option.missing
        )
        return (*options, *super().missing_codes(context))

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column with the code chosen."""
        valid = tuple(Category(o.code, o.text, o.short) for o in self.options if not o.missing)
        measure = Measure.ORDINAL if self.ordered else Measure.NOMINAL
        return (self.variable(context, measure, categories=valid),)


TYPES.register("single", Single)
