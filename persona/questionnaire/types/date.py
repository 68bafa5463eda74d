"""A day."""

from __future__ import annotations

import datetime
from typing import ClassVar, Literal

from persona.questionnaire.decoding import Reader
from persona.questionnaire.readers import day_reader
from persona.questionnaire.types.base import TYPES, Context, Question
from persona.questionnaire.variables import Measure, Variable


class Date(Question):
    """A day, with the earliest and latest that count."""

    asked: ClassVar[str] = "A day is written as year-month-day."
    analyses: ClassVar[tuple[str, ...]] = ("profile",)

    type: Literal["date"]
    earliest: datetime.date | None = None
    latest: datetime.date | None = None

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column of days."""
        return (self.variable(context, Measure.DATE),)

    def reader(self, variable: Variable, context: Context, language: str | None) -> Reader:
        """Days between the earliest and the latest."""
        return day_reader(variable, self.earliest, self.latest)


TYPES.register("date", Date)
