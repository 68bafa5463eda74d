"""Options put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from persona.errors import Problem, error
from persona.questionnaire.decoding import (
    Decoded,
    Fault,
    Reader,
    Reading,
    State,
    distinct_readings,
    faults_of,
    faulty,
    unknown_answer,
)
from persona.questionnaire.joined import split_known
from persona.questionnaire.labels import LabelIndex
from persona.questionnaire.parts import Option
from persona.questionnaire.types.base import TYPES, Context, Question
from persona.questionnaire.variables import Category, Measure, Variable


class Ranking(Question):
    """Options put in order, the first being the best.

    Parameters
    ----------
    options : tuple of Option
    top : int, optional
        How many are to be ranked; all unless said otherwise.
    """

    asked: ClassVar[str] = "The options are put in order, the best first."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "segmentation")

    type: Literal["ranking"]
    options: tuple[Option, ...]
    top: int | None = None
    randomise: bool = False

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column an option with its rank; none where it was not ranked."""
        last = min(self.top or len(self.options), len(self.options))
        ranks = tuple(
            Category(rank, {language: str(rank) for language in context.languages})
            for rank in range(1, last + 1)
        )
        return tuple(
            self.variable(
                context,
                Measure.ORDINAL,
                suffix=str(option.code),
                item=str(option.code),
                text=option.text,
                short=option.short,
                categories=ranks,
                minimum=1.0,
                maximum=float(last),
            )
            for option in self.options
        )

    def decode(
        self,
        context: Context,
        columns: Mapping[str, Sequence[object]],
        language: str | None = None,
    ) -> Mapping[str, Decoded]:
        """Ranks from one column an option, or from one cell that lists the options in order.

        Columns ``question_rank_1``, ``question_rank_2`` ... that name the option of each rank
        are taken too.
        """
        places = [f"{self.id}_rank_{rank}" for rank in range(1, len(self.options) + 1)]
        places = [place for place in places if place in columns]
        if self.id in columns:
            rows = distinct_readings(columns[self.id], self._in_order(context, language))
            decoded = self._from_orders(rows, self.id, context)
        elif places:
            cells = list(zip(*(columns[place] for place in places), strict=True))
            joined = [";".join(str(c) for c in row if c not in (None, "")) for row in cells]
            rows = distinct_readings(joined, self._in_order(context, language))
            decoded = self._from_orders(rows, places[0], context)
        else:
            decoded = super().decode(context, columns, language)
        return self._without_ties(decoded)

    def _in_order(self, context: Context, language: str | None) -> Reader:
        options = tuple(Category(option.code, option.text) for option in self.options)
        index = LabelIndex(self.id, options, self.missing_codes(context), language)

        def read(cell: object) -> Reading:
            readings, rest = split_known(cell, index)
            if rest:
                return faulty(unknown_answer("; ".join(rest), self.id, index.allowed))
            if len(readings) == 1 and readings[0].state is not State.ANSWERED:
                return readings[0]
            order = tuple(str(reading.value) for reading in readings)
            if len(set(order)) < len(order):
                return faulty(self._twice(", ".join(order)))
            return Reading(order)

        return read

    def _from_orders(
        self, rows: Sequence[Reading], column: str, context: Context
    ) -> Mapping[str, Decoded]:
        found = faults_of(rows, column)
        decoded: dict[str, Decoded] = {}
        for n, variable in enumerate(self.variables(context)):
            values: list[object] = []
            states: list[State] = []
            for row in rows:
                order = row.value if isinstance(row.value, tuple) else ()
                rank = order.index(variable.item) + 1 if variable.item in order else None
                values.append(rank)
                empty = State.EMPTY if row.state is State.ANSWERED else row.state
                states.append(State.ANSWERED if rank else empty)
            faults = found if n == 0 else ()
            decoded[variable.id] = Decoded(variable.id, tuple(values), tuple(states), faults)
        return decoded

    def _without_ties(self, decoded: Mapping[str, Decoded]) -> Mapping[str, Decoded]:
        """The same ranks with respondents left out who gave one rank twice."""
        names = list(decoded)
        tied: dict[int, str] = {}
        for row, ranks in enumerate(zip(*(decoded[name].values for name in names), strict=True)):
            given = [rank for rank in ranks if rank is not None]
            if len(set(given)) < len(given):
                tied[row] = ", ".join(str(rank) for rank in given)
        if not tied:
            return decoded
        faults = tuple(Fault(names[0], row, self._twice(ranks)) for row, ranks in tied.items())
        return {
            name: replace(
                column,
                values=tuple(None if n in tied else v for n, v in enumerate(column.values)),
                states=tuple(State.FAULTY if n in tied else s for n, s in enumerate(column.states)),
                faults=(*column.faults, *(faults if name == names[0] else ())),
            )
            for name, column in decoded.items()
        }

    def _twice(self, found: str) -> Problem:
        return error(
            "answer.rank_twice",
            "The order holds a rank or an option twice.",
            question=self.id,
            found=found,
            remedy="Give each option a rank of its own.",
        )


TYPES.register("ranking", Ranking)
