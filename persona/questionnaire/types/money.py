"""An amount of money."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from persona.questionnaire.cells import number
from persona.questionnaire.decoding import Reader, Reading
from persona.questionnaire.readers import number_reader
from persona.questionnaire.types.base import TYPES, Context, Question
from persona.questionnaire.variables import Measure, Variable

_SIGNS = re.compile(r"[€$£¥₽₴₹]|zł|kr|Kč|руб\.?|р\.|eur\b|usd\b|gbp\b|pln\b|rub\b", re.IGNORECASE)


class Money(Question):
    """An amount of money in one currency; signs and codes of currencies may stand in the cells.

    Parameters
    ----------
    currency : str
        Its code, such as EUR.
    minimum, maximum : float, optional
    """

    asked: ClassVar[str] = "An amount is written."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "value", "segmentation")

    type: Literal["money"]
    currency: str
    minimum: float | None = 0.0
    maximum: float | None = None

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column of amounts."""
        return (
            self.variable(
                context,
                Measure.RATIO,
                minimum=self.minimum,
                maximum=self.maximum,
                unit=self.currency,
            ),
        )

    def reader(self, variable: Variable, context: Context, language: str | None) -> Reader:
        """Amounts without their currency signs."""
        plain = number_reader(variable)

        def read(cell: object) -> Reading:
            if isinstance(cell, str) and number(cell) is None:
                bare = _SIGNS.sub("", cell.replace(self.currency, "")).strip()
                return plain(bare or cell)
            return plain(cell)

        return read


TYPES.register("money", Money)
