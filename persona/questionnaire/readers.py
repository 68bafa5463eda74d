"""Readers of single cells by measure: numbers, days, texts, ticks."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection

from persona.errors import Problem, error, warning
from persona.questionnaire.cells import day, is_ambiguous, normal, number, plain
from persona.questionnaire.decoding import EMPTY, Reader, Reading, faulty, missing_index
from persona.questionnaire.labels import LabelIndex
from persona.questionnaire.variables import Measure, Variable

_TICKED = frozenset(
    normal(word)
    for word in (
        "1 true yes y x ✓ ✔ ☑ checked selected quoted ja j tak t да д prawda waar истина".split()
    )
)
_NOT_TICKED = frozenset(
    normal(word) for word in "0 false no n - ☐ unchecked nee nie nein нет fałsz onwaar ложь".split()
) | {"not selected", "not checked", "not quoted"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119 as a spreadsheet counts days
_SERIAL_START = datetime.date(1899, 12, 30)


def reader_for(variable: Variable, language: str | None = None) -> Reader:
    """The reader that a column's measure and answers ask for."""
    if variable.categories:
        return LabelIndex(variable.question, variable.categories, variable.missing, language).read
    if variable.measure in (Measure.RATIO, Measure.INTERVAL, Measure.WEIGHT):
        return number_reader(variable)
    if variable.measure is Measure.DATE:
        return day_reader(variable)
    if variable.measure is Measure.BINARY:
        return tick_reader(variable)
    return text_reader(variable)


def number_reader(variable: Variable, decimals: int | None = None) -> Reader:
    """Reads numbers within the bounds of the column."""
    missing = missing_index(variable.missing)
    bounds = _bounds(variable)

    def read(cell: object) -> Reading:
        found = missing.get(normal(plain(cell)))
        if found is not None:
            return found
        value = number(cell)
        if value is None:
            value = _only_possible(cell, variable)
        if value is None:
            return faulty(_not_a_number(cell, variable, bounds))
        low, high = variable.minimum, variable.maximum
        outside = (low is not None and value < low) or (high is not None and value > high)
        if outside or value in (float("inf"), float("-inf")):
            return faulty(_outside(cell, variable, bounds))
        if decimals == 0 and not value.is_integer():
            return faulty(_not_whole(cell, variable))
        return Reading(value)

    return read


def _only_possible(cell: object, variable: Variable) -> float | None:
    """The reading of ``3.875`` that the bounds of the column allow, when they allow one alone."""
    if not isinstance(cell, str) or not is_ambiguous(cell):
        return None
    digits = re.sub(r"[\s']", "", cell)
    readings = {float(digits.replace(",", ".")), float(re.sub(r"[.,]", "", digits))}
    allowed = [value for value in readings if _within(value, variable)]
    return allowed[0] if len(allowed) == 1 else None


def _within(value: float, variable: Variable) -> bool:
    low, high = variable.minimum, variable.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _not_a_number(cell: object, variable: Variable, bounds: str) -> Problem:
    if is_ambiguous(cell):
        sentence = "{answer!r} may be a thousand or a decimal number."
        remedy: str | None = "Write it without a thousands separator."
    elif isinstance(cell, datetime.date):
        sentence = "The spreadsheet shows {answer!r} as a date where a number is asked."
        remedy = "Format the column as a number and type the answer again."
    else:
        sentence, remedy = "{answer!r} is not a number.", "Write a number alone, without words."
    return error(
        "answer.not_a_number",
        sentence,
        question=variable.question,
        found=plain(cell)[:200],
        allowed=bounds,
        remedy=remedy,
        values={"answer": plain(cell)[:80]},
    )


def _outside(cell: object, variable: Variable, bounds: str) -> Problem:
    return error(
        "answer.out_of_bounds",
        "The answer {answer} is out of bounds.",
        question=variable.question,
        found=plain(cell),
        allowed=bounds,
        remedy="Correct the cell, or widen the bounds in the questionnaire.",
        values={"answer": plain(cell)},
    )


def _not_whole(cell: object, variable: Variable) -> Problem:
    return error(
        "answer.not_whole",
        "The answer {answer} is not a whole number.",
        question=variable.question,
        found=plain(cell),
        allowed="a whole number",
        remedy="Correct the cell, or declare how many decimals the question takes.",
        values={"answer": plain(cell)},
    )


def _bounds(variable: Variable) -> str:
    low, high = variable.minimum, variable.maximum
    if low is not None and high is not None:
        return f"a number from {low:g} to {high:g}"
    if low is not None:
        return f"a number of at least {low:g}"
    return "a number" if high is None else f"a number of at most {high:g}"


def day_reader(
    variable: Variable,
    earliest: datetime.date | None = None,
    latest: datetime.date | None = None,
) -> Reader:
    """Reads days; a number is taken as a spreadsheet counts days, and said so."""
    missing = missing_index(variable.missing)

    def read(cell: object) -> Reading:
        found = missing.get(normal(plain(cell)))
        if found is not None:
            return found
        serial = number(cell)
        if serial is not None and _FIRST_SERIAL <= serial <= _LAST_SERIAL:
            value = _SERIAL_START + datetime.timedelta(days=int(serial))
            return Reading(value, problem=_serial(cell, variable, value))
        parsed = day(cell)
        if parsed is None:
            return faulty(_not_a_day(cell, variable))
        early = earliest is not None and parsed < earliest
        if early or (latest is not None and parsed > latest):
            allowed = f"{earliest or 'any day'} to {latest or 'any day'}"
            return faulty(_outside(parsed, variable, allowed))
        return Reading(parsed)

    return read


def _serial(cell: object, variable: Variable, value: datetime.date) -> Problem:
    return warning(
        "answer.date_as_number",
        "The number {answer} is read as the day {day}.",
        question=variable.question,
        found=plain(cell),
        remedy="Format the column as a date.",
        values={"answer": plain(cell), "day": value.isoformat()},
    )


def _not_a_day(cell: object, variable: Variable) -> Problem:
    return error(
        "answer.not_a_date",
        "{answer!r} is not a day, or its day and month cannot be told apart.",
        question=variable.question,
        found=plain(cell)[:200],
        allowed="year-month-day, such as 2025-01-31",
        remedy="Write the day as year-month-day.",
        values={"answer": plain(cell)[:80]},
    )


def text_reader(variable: Variable, longest: int | None = None) -> Reader:
    """Reads words as they stand, without control characters."""
    missing = missing_index(variable.missing)

    def read(cell: object) -> Reading:
        text = _CONTROL.sub("", plain(cell)).strip()
        if not text:
            return EMPTY
        found = missing.get(normal(text))
        if found is not None:
            return found
        if variable.measure is Measure.IDENTIFIER and _shortened(cell, text):
            return faulty(_shortened_id(variable, text))
        if longest is not None and len(text) > longest:
            return Reading(text, problem=_long(variable, text, longest))
        return Reading(text)

    return read


def _shortened(cell: object, text: str) -> bool:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 1e15:
        return True
    return bool(re.fullmatch(r"\d([.,]\d+)?E\+\d+", text, re.IGNORECASE))


def _shortened_id(variable: Variable, text: str) -> Problem:
    return error(
        "answer.shortened_id",
        "The spreadsheet has rounded the id {answer!r}, so it no longer names one respondent.",
        question=variable.question,
        found=text,
        remedy="Format the column as text before the ids are pasted in, and export again.",
        values={"answer": text},
    )


def _long(variable: Variable, text: str, longest: int) -> Problem:
    return warning(
        "answer.too_long",
        "The answer has {length} characters; the question takes {longest}.",
        question=variable.question,
        found=text[:80],
        values={"length": len(text), "longest": longest},
    )


def tick_reader(variable: Variable, labels: Collection[str] = ()) -> Reader:
    """Reads one option's column: 1 and 0, yes and no, a cross, the option's code or label."""
    missing = missing_index(variable.missing)
    own = {normal(str(variable.item))} | {normal(text) for text in variable.text.values()}
    own |= {normal(label) for label in labels}

    def read(cell: object) -> Reading:
        text = normal(plain(cell))
        if text in _NOT_TICKED and text not in own - {"0"}:
            return Reading(0)
        if text in _TICKED or text in own:
            return Reading(1)
        if text in missing:
            return missing[text]
        return faulty(
            error(
                "answer.not_a_tick",
                "{answer!r} does not say whether the option is chosen.",
                question=variable.question,
                found=plain(cell)[:200],
                allowed="1 or 0, yes or no, or the option itself; empty when not chosen",
                remedy="Correct the cell.",
                values={"answer": plain(cell)[:80]},
            )
        )

    return read
