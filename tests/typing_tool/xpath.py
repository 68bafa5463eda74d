"""A small evaluator of the XPath that survey tools run, written from its rules alone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

Value = Any
Evaluate = Callable[[Mapping[str, str]], Value]
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*'|\"[^\"]*\")|(?P<path>/[\w./-]+)"
    r"|(?P<name>[A-Za-z][\w:-]*)|(?P<sign><=|>=|!=|[-+*=<>(),]))"
)
_ORDER: tuple[tuple[str, ...], ...] = (
    ("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"),
)  # fmt: skip


def number(value: Value) -> float:
    """XPath's number(): text that is none gives NaN."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, float):
        return value
    text = str(value).strip()
    return float(text) if re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", text) else math.nan


def boolean(value: Value) -> bool:
    """XPath's boolean()."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return value if isinstance(value, bool) else bool(value)


def string(value: Value) -> str:
    """XPath's string(): whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


def compiled(expression: str, choices: Mapping[str, str] | None = None) -> Evaluate:
    """A function from the answers (by path) to the value of the expression."""
    parser = _Parser(expression, choices or {})
    found = parser.level(0)
    assert parser.place == len(parser.tokens), (expression, parser.tokens[parser.place :])
    return found


class _Parser:
    def __init__(self, expression: str, choices: Mapping[str, str]) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.choices = choices
        at = 0
        expression = expression.strip()
        while at < len(expression):
            match = _TOKEN.match(expression, at)
            assert match is not None and match.lastgroup is not None, expression[at : at + 40]
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
            while at < len(expression) and expression[at].isspace():
                at += 1
        self.place = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("", "")

    def take(self, wanted: str | None = None) -> str:
        _, text = self.peek()
        assert wanted in (None, text), (wanted, text)
        self.place += 1
        return text

    def level(self, depth: int) -> Evaluate:
        if depth == len(_ORDER):
            return self.unary()
        left = self.level(depth + 1)
        while self.peek()[0] in ("sign", "name") and self.peek()[1] in _ORDER[depth]:
            left = _binary(self.take(), left, self.level(depth + 1))
        return left

    def unary(self) -> Evaluate:
        if self.peek() == ("sign", "-"):
            self.take()
            inner = self.unary()
            return lambda answers: -number(inner(answers))
        return self.primary()

    def primary(self) -> Evaluate:
        kind, text = self.peek()
        self.place += 1
        if kind == "number":
            value = float(text)
            return lambda answers: value
        if kind == "text":
            return lambda answers: text[1:-1]
        if kind == "path":
            return lambda answers: answers[text]
        if (kind, text) == ("sign", "("):
            inner = self.level(0)
            self.take(")")
            return inner
        assert kind == "name", (kind, text)
        return self.function(text)

    def function(self, name: str) -> Evaluate:
        self.take("(")
        given: list[Evaluate] = []
        while self.peek()[1] != ")":
            given.append(self.level(0))
            if self.peek()[1] == ",":
                self.take()
        self.take(")")
        if name == "if":
            test, then, otherwise = given
            return lambda answers: (then if boolean(test(answers)) else otherwise)(answers)
        if name == "max":
            return lambda answers: max(number(one(answers)) for one in given)
        if name == "exp":
            return lambda answers: math.exp(number(given[0](answers)))
        if name == "round":
            digits = given[1] if len(given) > 1 else (lambda answers: 0.0)
            return lambda answers: round(number(given[0](answers)), int(digits(answers)))
        assert name == "jr:choice-name", name
        return lambda answers: self.choices.get(string(given[0](answers)), "")


def _binary(sign: str, left: Evaluate, right: Evaluate) -> Evaluate:
    if sign == "or":
        return lambda answers: boolean(left(answers)) or boolean(right(answers))
    if sign == "and":
        return lambda answers: boolean(left(answers)) and boolean(right(answers))
    if sign in ("=", "!="):
        wanted = sign == "="
        return lambda answers: _equal(left(answers), right(answers)) == wanted
    figures: dict[str, Callable[[float, float], Value]] = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "div": lambda a, b: a / b,
        "mod": math.fmod,
    }
    made = figures[sign]
    return lambda answers: made(number(left(answers)), number(right(answers)))


def _equal(left: Value, right: Value) -> bool:
    """Numbers when either side is one, else truth when either is that, else texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return boolean(left) == boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return number(left) == number(right)
    return str(left) == str(right)
