"""Conditions such as ``sex = 1 and age >= 18``: when a question is shown.

    condition  := and_part { "or" and_part }
    and_part   := not_part { "and" not_part }
    not_part   := "not" not_part | "(" condition ")" | test
    test       := "answered" "(" name ")"
                | name "has" value
                | name [ "not" ] "in" "(" value { "," value } ")"
                | name ( "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" ) value
    value      := number | 'text' | "text" | word

A test of a question without an answer is false, whatever the comparison, and so is its ``not in``
and ``!=``; ``not (...)`` turns the outcome of what stands in the brackets.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

Value: TypeAlias = float | int | str
WORDS = frozenset({"and", "or", "not", "in", "has", "answered"})
"""Words of the grammar, which no question may be called."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[-+]?\d+(?:\.\d+)?(?![\w]))
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<operator><=|>=|!=|<>|==|=|<|>)
      | (?P<bracket>[(),])
      | (?P<word>[^\W\d][\w.-]*)
    )""",
    re.VERBOSE,
)
_SAME = {"==": "=", "<>": "!="}


@dataclass(frozen=True)
class Comparison:
    """One comparison; ``operator`` is ``= != < <= > >= in has answered``."""

    question: str
    operator: str
    values: tuple[Value, ...] = ()
    negated: bool = False


@dataclass(frozen=True)
class Not:
    """True when its part is not."""

    part: Condition


@dataclass(frozen=True)
class Every:
    """True when all parts are."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Either:
    """True when one part is."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Not | Every | Either


class ConditionError(ValueError):
    """A condition that does not follow the grammar; ``position`` counts characters from 1."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


def parse_condition(text: str) -> Condition:
    """The condition that a text states.

    Raises
    ------
    ConditionError
        Where it does not follow the grammar.

    Examples
    --------
    >>> parse_condition("age >= 18")
    Comparison(question='age', operator='>=', values=(18,), negated=False)
    """
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.next = 0

    def whole(self) -> Condition:
        found = self._or()
        if self.next < len(self.tokens):
            self._fail("'and', 'or' or the end is expected")
        return found

    def _peek(self) -> str:
        return self.tokens[self.next][1] if self.next < len(self.tokens) else ""

    def _take(self, *expected: str) -> str:
        token = self._peek()
        if expected and token.casefold() not in expected:
            self._fail(" or ".join(repr(word) for word in expected) + " is expected")
        self.next += 1
        return token

    def _fail(self, message: str) -> None:
        at_end = self.next >= len(self.tokens)
        position = len(self.text) + 1 if at_end else self.tokens[self.next][2] + 1
        seen = "at the end" if at_end else f"before {self._peek()!r}"
        raise ConditionError(f"{message} {seen}", position)

    def _or(self) -> Condition:
        parts = [self._and()]
        while self._peek().casefold() == "or":
            self._take()
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _and(self) -> Condition:
        parts = [self._not()]
        while self._peek().casefold() == "and":
            self._take()
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _not(self) -> Condition:
        if self._peek().casefold() == "not":
            self._take()
            return Not(self._not())
        if self._peek() == "(":
            self._take()
            inner = self._or()
            self._take(")")
            return inner
        return self._test()

    def _test(self) -> Condition:
        name = self._name()
        if name.casefold() == "answered":
            self._take("(")
            question = self._name()
            self._take(")")
            return Comparison(question, "answered")
        word = self._peek().casefold()
        if word == "has":
            self._take()
            return Comparison(name, "has", (self._value(),))
        negated = word == "not"
        if negated:
            self._take()
        if negated or word == "in":
            self._take("in")
            return Comparison(name, "in", self._values(), negated)
        if self.next < len(self.tokens) and self.tokens[self.next][0] == "operator":
            operator = self._take()
            return Comparison(name, _SAME.get(operator, operator), (self._value(),))
        self._fail("a comparison (= != < <= > >= in has) is expected")
        raise AssertionError

    def _name(self) -> str:
        if self.next >= len(self.tokens) or self.tokens[self.next][0] != "word":
            self._fail("the id of a question is expected")
        return self._take()

    def _values(self) -> tuple[Value, ...]:
        self._take("(")
        values = [self._value()]
        while self._peek() == ",":
            self._take()
            values.append(self._value())
        self._take(")")
        return tuple(values)

    def _value(self) -> Value:
        kind = self.tokens[self.next][0] if self.next < len(self.tokens) else ""
        if kind == "number":
            token = self._take()
            return float(token) if "." in token else int(token)
        if kind == "text":
            return self._take()[1:-1]
        if kind == "word" and self._peek().casefold() not in WORDS:
            return self._take()
        self._fail("a number or a text in quotes is expected")
        raise AssertionError


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise ConditionError(f"{text[start]!r} is not understood", start + 1)
        yield match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)
        position = match.end()


def tests_in(condition: Condition) -> tuple[Comparison, ...]:
    """All comparisons in a condition, from left to right."""
    if isinstance(condition, Comparison):
        return (condition,)
    if isinstance(condition, Not):
        return tests_in(condition.part)
    return tuple(test for part in condition.parts for test in tests_in(part))


def holds(condition: Condition, answers: Mapping[str, object]) -> bool:
    """Whether a condition is true of one respondent.

    ``answers`` holds a value by id, a set of codes for a multiple question, None or nothing
    where there is no answer.
    """
    if isinstance(condition, Comparison):
        return _test_holds(condition, answers.get(condition.question))
    if isinstance(condition, Not):
        return not holds(condition.part, answers)
    outcomes = (holds(part, answers) for part in condition.parts)
    return all(outcomes) if isinstance(condition, Every) else any(outcomes)


def _test_holds(test: Comparison, answer: object) -> bool:
    if answer is None:
        return False
    if test.operator == "answered":
        return True
    if isinstance(answer, set | frozenset):
        chosen = {_comparable(code) for code in answer}
        hit = any(_comparable(value) in chosen for value in test.values)
        return hit != test.negated if test.operator in ("has", "in", "=") else False
    here = _comparable(answer)
    wanted = [_comparable(value) for value in test.values]
    if test.operator in ("in", "has"):
        return (here in wanted) != test.negated
    return _compare(here, test.operator, wanted[0])


def _comparable(value: object) -> float | str:
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    try:
        return float(str(value))
    except ValueError:
        return str(value)


def _compare(left: Any, operator: str, right: Any) -> bool:
    if operator == "=":
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    if isinstance(left, str) != isinstance(right, str):
        return False
    outcomes: Mapping[str, Callable[[], bool]] = {
        "<": lambda: left < right,
        "<=": lambda: left <= right,
        ">": lambda: left > right,
        ">=": lambda: left >= right,
    }
    return bool(outcomes[operator]())


def shown(
    condition: Condition,
    columns: Mapping[str, Sequence[object]],
    n: int,
    chosen: Mapping[str, Mapping[str, str]] | None = None,
) -> NDArray[numpy.bool_]:
    """For each respondent, whether a condition is true.

    Parameters
    ----------
    condition : Condition
    columns : mapping of variable to values of length n
        As answered (reverse-keyed items not turned); a data frame will do. None and NaN are no
        answer.
    n : int
        Number of respondents.
    chosen : mapping of question to {code: variable}, optional
        The columns of multiple questions.
    """
    import numpy as np

    if isinstance(condition, Not):
        return ~shown(condition.part, columns, n, chosen)
    if not isinstance(condition, Comparison):
        parts = [shown(part, columns, n, chosen) for part in condition.parts]
        combine = np.logical_and if isinstance(condition, Every) else np.logical_or
        return np.asarray(combine.reduce(parts), dtype=np.bool_)
    ticks = (chosen or {}).get(condition.question)
    if ticks is not None:
        return _shown_by_ticks(condition, columns, n, ticks)
    if condition.question not in columns:
        return np.zeros(n, dtype=np.bool_)
    known: dict[object, bool] = {}
    outcome = np.zeros(n, dtype=np.bool_)
    for row, value in enumerate(columns[condition.question]):
        if value is None or value != value:
            continue
        if value not in known:
            known[value] = _test_holds(condition, value)
        outcome[row] = known[value]
    return outcome


def _shown_by_ticks(
    test: Comparison, columns: Mapping[str, Sequence[object]], n: int, ticks: Mapping[str, str]
) -> NDArray[numpy.bool_]:
    import numpy as np

    def column(name: str) -> NDArray[numpy.float64]:
        return np.asarray(columns[name], dtype=np.float64)

    present = [name for name in ticks.values() if name in columns]
    answered = np.zeros(n, dtype=np.bool_)
    for name in present:
        answered |= ~np.isnan(column(name))
    if test.operator == "answered":
        return answered
    wanted = [ticks[str(value)] for value in test.values if ticks.get(str(value)) in present]
    hit = np.zeros(n, dtype=np.bool_)
    for name in wanted:
        hit |= column(name) == 1
    return (hit ^ test.negated) & answered
