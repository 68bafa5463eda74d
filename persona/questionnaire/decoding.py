"""Cells to answers: one distinct cell is read once, and what is wrong is collected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from persona.errors import Problem, Severity, error
from persona.questionnaire.cells import is_empty, normal, plain
from persona.questionnaire.variables import MissingCode


class State(StrEnum):
    """What a cell is, seen as an answer."""

    ANSWERED = "answered"
    DONT_KNOW = "dont_know"
    REFUSED = "refused"
    NOT_ASKED = "not_asked"
    NOT_APPLICABLE = "not_applicable"
    EMPTY = "empty"
    FAULTY = "faulty"


@dataclass(frozen=True)
class Reading:
    """What one cell says.

    ``value`` is None unless the state is answered; ``written`` is what the respondent wrote
    under "other"; ``problem`` says what is wrong with the cell, without its place.
    """

    value: object = None
    state: State = State.ANSWERED
    problem: Problem | None = None
    written: str | None = None


Reader: TypeAlias = Callable[[object], Reading]
EMPTY = Reading(state=State.EMPTY)


@dataclass(frozen=True)
class Fault:
    """A problem of one cell: ``column`` as given to decode, ``position`` counted from 0."""

    column: str
    position: int
    problem: Problem


@dataclass(frozen=True)
class Decoded:
    """One column of answers.

    Parameters
    ----------
    variable : str
        Id of the column.
    values : tuple
        Codes, numbers, days or texts; None where there is no answer. Reverse-keyed items
        stand as answered.
    states : tuple of State
        As long as ``values``.
    faults : tuple of Fault
        Each faulty or doubtful cell.
    """

    variable: str
    values: tuple[object, ...]
    states: tuple[State, ...]
    faults: tuple[Fault, ...] = ()


def faulty(problem: Problem) -> Reading:
    """A cell that cannot be used."""
    return Reading(None, State.FAULTY, problem)


def missing_index(codes: Sequence[MissingCode]) -> Mapping[str, Reading]:
    """Cells, normalised, that stand for no answer: by code and by label of any language."""
    index: dict[str, Reading] = {}
    for code in codes:
        reading = Reading(None, State(code.meaning))
        index[normal(str(code.code))] = reading
        for text in code.text.values():
            index.setdefault(normal(text), reading)
    return index


def distinct_readings(cells: Sequence[object], reader: Reader) -> list[Reading]:
    """Each cell's reading; equal cells of one type are read once."""
    known: dict[object, Reading] = {}
    readings: list[Reading] = []
    for cell in cells:
        # True equals 1 as a key, so booleans get a key of their own
        key = (cell,) if cell is True or cell is False else cell
        reading = known.get(key)
        if reading is None:
            reading = known[key] = EMPTY if is_empty(cell) else reader(cell)
        readings.append(reading)
    return readings


def decode_column(
    variable: str, cells: Sequence[object], reader: Reader, *, column: str | None = None
) -> tuple[Decoded, tuple[Reading, ...]]:
    """A column of cells as answers, with the readings behind them.

    Examples
    --------
    >>> decoded, _ = decode_column("age", [31, "", 31], lambda cell: Reading(float(cell)))
    >>> decoded.values
    (31.0, None, 31.0)
    """
    readings = distinct_readings(cells, reader)
    return (
        Decoded(
            variable,
            tuple([reading.value for reading in readings]),
            tuple([reading.state for reading in readings]),
            faults_of(readings, column or variable),
        ),
        tuple(readings),
    )


def faults_of(readings: Sequence[Reading], column: str) -> tuple[Fault, ...]:
    """The problems of the readings with the position of their cells."""
    return tuple(
        Fault(column, position, reading.problem)
        for position, reading in enumerate(readings)
        if reading.problem is not None
    )


def unknown_answer(
    cell: object,
    question: str,
    allowed: str,
    remedy: str | None = None,
    near: str | None = None,
) -> Problem:
    """A cell that is no answer of the question; ``near`` is the answer that may be meant."""
    return error(
        "answer.unknown",
        "The answer {answer!r} is not one of the answers of {question}.",
        question=question,
        found=plain(cell)[:200],
        allowed=allowed,
        remedy=remedy or "Correct the cell, or declare the answer in the questionnaire.",
        values={"answer": plain(cell)[:80], "question": question, "near": near},
    )


def as_warning(problem: Problem) -> Problem:
    """The same problem, as one that is told but does not stop."""
    return replace(problem, severity=Severity.WARNING)
