"""Points shared out among options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from persona.errors import Problem, error
from persona.questionnaire.decoding import Decoded, Fault, State
from persona.questionnaire.parts import Option
from persona.questionnaire.types.base import TYPES, Context, Finding, Question
from persona.questionnaire.variables import Measure, Variable

_ROUNDING = 0.005
"""Share of the total by which rounded percentages may miss it."""


class ConstantSum(Question):
    """Points shared out among options, so that they add up to the total.

    Parameters
    ----------
    options : tuple of Option
    total : float
        What the points add up to; 100 unless said otherwise.
    """

    asked: ClassVar[str] = "The points are shared out among the options."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "segmentation")

    type: Literal["constant_sum"]
    options: tuple[Option, ...]
    total: float = 100.0
    unit: str | None = None
    randomise: bool = False

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column of points an option."""
        return tuple(
            self.variable(
                context,
                Measure.RATIO,
                suffix=str(option.code),
                item=str(option.code),
                text=option.text,
                short=option.short,
                minimum=0.0,
                maximum=self.total,
                unit=self.unit,
            )
            for option in self.options
        )

    def check(self, context: Context) -> Iterator[Finding]:
        """A total that cannot be shared out."""
        if self.total <= 0:
            yield (
                ("total",),
                error(
                    "constant_sum.total",
                    "The total {total} cannot be shared out.",
                    question=self.id,
                    remedy="Write, for example, total: 100.",
                    values={"total": self.total},
                ),
            )

    def decode(
        self,
        context: Context,
        columns: Mapping[str, Sequence[object]],
        language: str | None = None,
    ) -> Mapping[str, Decoded]:
        """Points by option; an empty cell is no points when the others reach the total."""
        decoded = super().decode(context, columns, language)
        if len(decoded) < len(self.options):
            return decoded
        names = list(decoded)
        values = [list(decoded[name].values) for name in names]
        states = [list(decoded[name].states) for name in names]
        faults: list[Fault] = []
        for row, points in enumerate(zip(*values, strict=True)):
            given = [float(str(point)) for point in points if point is not None]
            empty = [n for n, column in enumerate(states) if column[row] is State.EMPTY]
            if not given or len(given) + len(empty) < len(names):
                continue
            if abs(sum(given) - self.total) <= self.total * _ROUNDING:
                for n in empty:
                    values[n][row], states[n][row] = 0.0, State.ANSWERED
                continue
            faults.append(Fault(names[0], row, self._not_total(sum(given))))
            for n in range(len(names)):
                values[n][row], states[n][row] = None, State.FAULTY
        return {
            name: replace(
                decoded[name],
                values=tuple(values[n]),
                states=tuple(states[n]),
                faults=(*decoded[name].faults, *(faults if n == 0 else ())),
            )
            for n, name in enumerate(names)
        }

    def _not_total(self, found: float) -> Problem:
        return error(
            "answer.constant_sum",
            "The points add up to {found} instead of {total}.",
            question=self.id,
            found=f"{found:g}",
            allowed=f"{self.total:g} in all",
            remedy="Correct the points of this respondent.",
            values={"found": f"{found:g}", "total": f"{self.total:g}"},
        )


TYPES.register("constant_sum", ConstantSum)
