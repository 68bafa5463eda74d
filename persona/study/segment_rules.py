"""Conditions of a rule in a study file: read, held against the questionnaire, made computable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from persona.questionnaire import Questionnaire
from persona.questionnaire.cells import normal
from persona.questionnaire.conditions import (
    Comparison,
    Condition,
    Every,
    Not,
    Value,
    parse_condition,
    tests_in,
)
from persona.questionnaire.variables import Measure, Variable
from persona.registry import nearest

_SIGNS = {"=": "=="}
_ORDERED = ("<", "<=", ">", ">=")
_TEXTS = (Measure.TEXT, Measure.IDENTIFIER)


@dataclass(frozen=True)
class Asked:
    """What a rule may ask about: a question with one column, an item, or a set of ticks."""

    name: str
    variables: tuple[Variable, ...]

    @property
    def ticks(self) -> bool:
        """Whether several options may be chosen."""
        return self.variables[0].measure is Measure.BINARY and (
            len(self.variables) > 1 or self.variables[0].id != self.name
        )


@dataclass(frozen=True)
class Complaint:
    """Why a test of a condition cannot be made, what is allowed, and the way out."""

    template: str
    found: str
    allowed: str | None
    remedy: str | None
    values: Mapping[str, object]


def askable(questionnaire: Questionnaire) -> dict[str, Asked]:
    """Everything that a rule may ask about, by its name."""
    known: dict[str, Asked] = {}
    for question in questionnaire.questions:
        variables = tuple(questionnaire.variables_of(question.id))
        asked = tuple(v for v in variables if not v.optional) or variables
        if len(asked) == 1 or (asked and asked[0].measure is Measure.BINARY):
            known[question.id] = Asked(question.id, asked)
    for variable in questionnaire.variables:
        known.setdefault(variable.id, Asked(variable.id, (variable,)))
    return known


def complaints(condition: Condition, known: Mapping[str, Asked]) -> Iterator[Complaint]:
    """What a condition asks and the questionnaire cannot tell."""
    for test in tests_in(condition):
        target = known.get(test.question)
        if target is None:
            near = nearest(test.question, known)
            yield Complaint(
                "The rule asks about {name!r}, which is no question.",
                test.question,
                None,
                f"Did you mean {near!r}?" if near else "Use the id of a question or an item.",
                {"name": test.question},
            )
            continue
        for value in test.values:
            if _of_target(target, test, value) is None:
                yield _no_answer(target, test, value)


def _no_answer(target: Asked, test: Comparison, value: Value) -> Complaint:
    labels = _labels(target)
    near = nearest(str(value), labels)
    variable = target.variables[0]
    values = {"value": str(value), "name": target.name}
    if labels:
        allowed = ", ".join(dict.fromkeys(map(str, labels.values())))
        remedy = f"Write its code {labels[near]}." if near else "Use a code of the question."
        return Complaint("{value!r} is no answer of {name}.", str(value), allowed, remedy, values)
    if variable.measure in _TEXTS:
        return Complaint(
            "{name} holds texts, which a rule cannot compare.",
            test.operator,
            f"answered({target.name})",
            "Ask about a question with options or a number.",
            values,
        )
    allowed = (
        "a day in quotes, such as '2026-01-31'" if variable.measure is Measure.DATE else "a number"
    )
    return Complaint("{value!r} cannot be compared with {name}.", str(value), allowed, None, values)


def _labels(target: Asked) -> dict[str, int | str]:
    """Label or code in any language to code."""
    out: dict[str, int | str] = {}
    for variable in target.variables:
        if target.ticks:
            out |= dict.fromkeys((str(variable.item), *variable.text.values()), str(variable.item))
        for category in variable.categories:
            out |= dict.fromkeys((str(category.code), *category.text.values()), category.code)
    return out


def _of_target(target: Asked, test: Comparison, value: Value) -> int | float | str | None:
    """The value as the column holds it; None when it cannot be an answer."""
    variable = target.variables[0]
    labels = {normal(label): code for label, code in _labels(target).items()}
    if labels:
        code = labels.get(normal(str(value)))
        if target.ticks:
            return code if test.operator in ("=", "!=", "in", "has") else None
        ordered = test.operator in _ORDERED
        if code is None and ordered and isinstance(value, int | float):
            return value
        return None if ordered and isinstance(code, str) else code
    if variable.measure in _TEXTS:
        return None
    if variable.measure is Measure.DATE:
        return _day(value)
    return value if isinstance(value, int | float) else None


def _day(value: Value) -> int | None:
    try:
        return dt.date.fromisoformat(str(value)).toordinal()
    except ValueError:
        return None


def computable(when: str, known: Mapping[str, Asked]) -> str:
    """A condition without complaints, as :func:`persona.segmentation.rules.decided` reads it."""
    return _written(parse_condition(when), known)


def _written(condition: Condition, known: Mapping[str, Asked]) -> str:
    if isinstance(condition, Comparison):
        return _test(condition, known[condition.question])
    if isinstance(condition, Not):
        return f"not ({_written(condition.part, known)})"
    word = " and " if isinstance(condition, Every) else " or "
    return word.join(f"({_written(part, known)})" for part in condition.parts)


def _test(test: Comparison, target: Asked) -> str:
    values = [_of_target(target, test, value) for value in test.values]
    if target.ticks:
        return _of_ticks(test, target, {str(value) for value in values})
    name = f"`{target.variables[0].id}`"
    if test.operator == "answered":
        return f"answered({name})"
    if test.operator in ("in", "has"):
        return f"{name} {'not in' if test.negated else 'in'} {values!r}"
    return f"{name} {_SIGNS.get(test.operator, test.operator)} {values[0]!r}"


def _of_ticks(test: Comparison, target: Asked, wanted: set[str]) -> str:
    columns = [f"`{v.id}`" for v in target.variables]
    if test.operator == "answered":
        return " or ".join(f"answered({column})" for column in columns)
    chosen = [f"`{v.id}` == 1" for v in target.variables if str(v.item) in wanted]
    turned = test.negated or test.operator == "!="
    return f"{'not ' if turned else ''}({' or '.join(chosen)})"


def columns_of(when: str, known: Mapping[str, Asked]) -> tuple[str, ...]:
    """The columns that a condition needs, in the order it names them."""
    found: dict[str, None] = {}
    for test in tests_in(parse_condition(when)):
        target = known[test.question]
        wanted = {str(_of_target(target, test, value)) for value in test.values}
        for variable in target.variables:
            if not target.ticks or not wanted or str(variable.item) in wanted:
                found[variable.id] = None
    return tuple(found)
