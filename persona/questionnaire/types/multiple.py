"""Any number of several options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from persona.errors import Problem, warning
from persona.questionnaire.cells import normal
from persona.questionnaire.decoding import (
    Decoded,
    Fault,
    Reader,
    Reading,
    State,
    decode_column,
    distinct_readings,
    faults_of,
    faulty,
    unknown_answer,
)
from persona.questionnaire.joined import split_known
from persona.questionnaire.labels import LabelIndex
from persona.questionnaire.parts import Option
from persona.questionnaire.readers import text_reader, tick_reader
from persona.questionnaire.texts import text_in
from persona.questionnaire.types.base import TYPES, Context, Question
from persona.questionnaire.types.choices import (
    missing_options,
    valid_options,
    with_written,
    written_variables,
)
from persona.questionnaire.variables import Category, Measure, MissingCode, Variable
from persona.registry import nearest


class Multiple(Question):
    """Any number of several options.

    Parameters
    ----------
    options : tuple of Option
    randomise : bool
        A note to the field: the order of the options changes from respondent to respondent.
    fewest, most : int, optional
        How many options may be chosen.
    """

    asked: ClassVar[str] = "Every option that applies is ticked."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "correspondence", "segmentation")

    type: Literal["multiple"]
    options: tuple[Option, ...]
    randomise: bool = False
    fewest: int | None = None
    most: int | None = None

    def missing_codes(self, context: Context) -> tuple[MissingCode, ...]:
        """Declared missing codes and the options that stand for no answer."""
        return (*missing_options(self.options), *super().missing_codes(context))

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column of 0 and 1 an option, and one a "please specify"."""
        ticks = tuple(
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
            for option in valid_options(self.options)
        )
        return (*ticks, *written_variables(self, self.options, context))

    def flags(self) -> Mapping[str, Option]:
        """Columns of options that stand for no answer, which files may hold."""
        return {f"{self.id}_{o.code}": o for o in self.options if o.missing}

    def reader(self, variable: Variable, context: Context, language: str | None) -> Reader:
        """Ticks of one option."""
        return text_reader(variable) if variable.measure is Measure.TEXT else tick_reader(variable)

    def decode(
        self,
        context: Context,
        columns: Mapping[str, Sequence[object]],
        language: str | None = None,
    ) -> Mapping[str, Decoded]:
        """Ticks from one column an option, or from one cell that joins the chosen options.

        An empty tick of a respondent who ticked anything else means not chosen. A ticked option
        that stands for no answer leaves the whole question without one.
        """
        ticks = [v for v in self.variables(context) if v.measure is Measure.BINARY]
        texts = [v for v in self.variables(context) if v.measure is Measure.TEXT]
        decoded = {
            v.id: decode_column(v.id, columns[v.id], self.reader(v, context, language))[0]
            for v in texts
            if v.id in columns
        }
        if self.id in columns:
            rows = distinct_readings(columns[self.id], self._joined_reader(context, language))
            written = [row.written for row in rows]
            if any(written) and len(texts) == 1:
                other = texts[0].id
                decoded[other] = with_written(other, decoded.get(other), written)
            chosen: Mapping[str, Sequence[Reading]] = {
                v.id: [_tick(row, v.item) for row in rows] for v in ticks
            }
            faults = faults_of(rows, self.id)
        else:
            readings = {
                v.id: distinct_readings(columns[v.id], self.reader(v, context, language))
                for v in ticks
                if v.id in columns
            }
            faults = tuple(f for name, column in readings.items() for f in faults_of(column, name))
            chosen = filled(readings, self._flagged(columns, context))
        faults = (*faults, *self._across(chosen, self.id in columns))
        return decoded | {
            name: Decoded(
                name,
                tuple([reading.value for reading in column]),
                tuple([reading.state for reading in column]),
                faults if place == 0 else (),
            )
            for place, (name, column) in enumerate(chosen.items())
        }

    def join(
        self,
        context: Context,
        values: Mapping[str, Sequence[object]],
        *,
        labels: bool = False,
        language: str | None = None,
        separator: str = ";",
    ) -> tuple[object, ...]:
        """The chosen options of each respondent in one cell; empty when nothing is chosen."""
        options = {f"{self.id}_{o.code}": o for o in valid_options(self.options)}
        given = {name: column for name, column in values.items() if name in options}
        spoken = language or context.languages[0]
        named = {
            name: (text_in(options[name].text, spoken) if labels else str(options[name].code))
            for name in given
        }
        return tuple(
            separator.join(named[name] for name, tick in zip(given, row, strict=True) if tick == 1)
            for row in zip(*given.values(), strict=True)
        )

    def _joined_reader(self, context: Context, language: str | None) -> Reader:
        valid = tuple(Category(o.code, o.text) for o in valid_options(self.options))
        index = LabelIndex(self.id, valid, self.missing_codes(context), language)
        others = [option.code for option in self.options if option.other]

        def read(cell: object) -> Reading:
            readings, rest = split_known(cell, index)
            unlike = not any(nearest(normal(piece), index.labels) for piece in rest)
            if rest and not (len(others) == 1 and unlike):
                return faulty(unknown_answer(", ".join(rest), self.id, index.allowed))
            codes = {r.value for r in readings if r.state is State.ANSWERED}
            if rest:
                return Reading(frozenset({*codes, others[0]}), written="; ".join(rest))
            if not codes and readings:
                return readings[0]
            return Reading(frozenset(codes))

        return read

    def _flagged(
        self, columns: Mapping[str, Sequence[object]], context: Context
    ) -> Mapping[int, State]:
        """Rows where an option that stands for no answer is ticked."""
        states: dict[int, State] = {}
        for name, option in self.flags().items():
            variable = self.variable(
                context, Measure.BINARY, id=name, item=str(option.code), text=option.text
            )
            for row, reading in enumerate(
                distinct_readings(columns.get(name, ()), tick_reader(variable))
            ):
                if reading.value == 1 and option.missing:
                    states[row] = State(option.missing)
        return states

    def _across(self, chosen: Mapping[str, Sequence[Reading]], joined: bool) -> tuple[Fault, ...]:
        """Doubts that show only when the options are seen together."""
        exclusive = {f"{self.id}_{o.code}": o for o in self.options if o.exclusive}
        names = list(chosen)
        faults: list[Fault] = []
        if not (exclusive or self.fewest or self.most):
            return ()
        for row, readings in enumerate(zip(*chosen.values(), strict=True)):
            ticked = [n for n, reading in zip(names, readings, strict=True) if reading.value == 1]
            alone = next((name for name in ticked if name in exclusive), None)
            column = self.id if joined else (alone or names[0])
            if alone is not None and len(ticked) > 1:
                faults.append(Fault(column, row, self._not_alone(exclusive[alone])))
            if ticked and self.most is not None and len(ticked) > self.most:
                faults.append(Fault(column, row, self._how_many(len(ticked))))
            elif ticked and alone is None and len(ticked) < (self.fewest or 0):
                faults.append(Fault(column, row, self._how_many(len(ticked))))
        return tuple(faults)

    def _not_alone(self, option: Option) -> Problem:
        return warning(
            "answer.exclusive",
            "The option {option!r} is chosen together with others, though it excludes them.",
            question=self.id,
            remedy="Keep that option alone, or remove it from the answer.",
            values={"option": next(iter(option.text.values()), str(option.code))},
        )

    def _how_many(self, count: int) -> Problem:
        return warning(
            "answer.how_many",
            "{count} options are chosen.",
            question=self.id,
            allowed=f"{self.fewest or 0} to {self.most or len(self.options)} options",
            values={"count": count},
        )


def _tick(row: Reading, item: str | None) -> Reading:
    if row.state is not State.ANSWERED:
        return Reading(None, row.state)
    chosen = row.value if isinstance(row.value, frozenset) else frozenset()
    return Reading(1 if item in {str(code) for code in chosen} else 0)


def filled(
    readings: Mapping[str, Sequence[Reading]], flagged: Mapping[int, State]
) -> Mapping[str, Sequence[Reading]]:
    """Ticks with empty cells of respondents who answered the question read as not chosen.

    Parameters
    ----------
    readings : mapping of column to readings
    flagged : mapping of row to State
        Rows that have no answer, and why.
    """
    answered = [
        any(reading.state is not State.EMPTY for reading in row)
        for row in zip(*readings.values(), strict=True)
    ]
    without = {row: Reading(None, state) for row, state in flagged.items()}
    return {
        name: [
            without[row]
            if row in without and reading.value != 1
            else (Reading(0) if reading.state is State.EMPTY and answered[row] else reading)
            for row, reading in enumerate(column)
        ]
        for name, column in readings.items()
    }


TYPES.register("multiple", Multiple)
