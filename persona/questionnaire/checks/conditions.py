"""Conditions: that they can be read, look back only, and can come true."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from persona.errors import Problem, error
from persona.questionnaire.assembling import Assembled
from persona.questionnaire.cells import normal
from persona.questionnaire.checks.satisfying import Target, satisfiable
from persona.questionnaire.checks.walking import Standing, declaration, standing
from persona.questionnaire.conditions import (
    Comparison,
    Condition,
    ConditionError,
    Every,
    parse_condition,
    tests_in,
)
from persona.questionnaire.variables import Measure
from persona.registry import nearest


@dataclass(frozen=True)
class Survey:
    """The questions in order, and what conditions may ask about."""

    stands: tuple[Standing, ...]
    targets: Mapping[str, Target]
    failed: frozenset[str]


def check(parts: Assembled) -> Iterator[Problem]:
    """Problems of shown_if, of questions and of sections."""
    stands = tuple(standing(parts))
    survey = Survey(stands, _targets(stands), parts.failed)
    own: dict[int, Condition] = {}
    for order, stand in enumerate(stands):
        if stand.question.shown_if is not None:
            condition = yield from _read(stand.question.shown_if, stand, order, survey)
            if condition is not None:
                own[order] = condition
    whole = yield from _with_sections(parts, survey, own)
    circular = yield from _circles(survey, whole)
    yield from _later(survey, whole, circular)
    yield from _never(survey, {n: c for n, c in whole.items() if n not in circular})


def _targets(stands: Sequence[Standing]) -> Mapping[str, Target]:
    targets: dict[str, Target] = {}
    for order, stand in enumerate(stands):
        variables = stand.question.variables(stand.context)
        asked = tuple(v for v in variables if not v.optional) or variables
        if len(asked) == 1 or (asked[:1] and asked[0].measure is Measure.BINARY):
            targets.setdefault(
                stand.question.id, Target(stand.question.id, order, stand.question.id, asked)
            )
        for variable in variables:
            target = Target(variable.id, order, stand.question.id, (variable,))
            targets.setdefault(variable.id, target)
    return targets


def _with_sections(
    parts: Assembled, survey: Survey, own: Mapping[int, Condition]
) -> Generator[Problem, None, dict[int, Condition]]:
    """The conditions of questions joined with those of their sections."""
    whole = dict(own)
    for section, origin in zip(declaration(parts).sections, parts.sections, strict=True):
        orders = [n for n, stand in enumerate(survey.stands) if stand.section is section]
        if section.shown_if is None or not orders:
            continue
        first = survey.stands[orders[0]]
        holder = Standing(first.question, section, first.context, origin)
        condition = yield from _read(section.shown_if, holder, orders[0], survey)
        if condition is not None:
            for n in orders:
                whole[n] = Every((condition, own[n])) if n in own else condition
    return whole


def _read(
    text: str, stand: Standing, order: int, survey: Survey
) -> Generator[Problem, None, Condition | None]:
    """The condition a text states; None when it cannot be read or asks about nothing known."""
    try:
        condition = parse_condition(text)
    except ConditionError as trouble:
        yield error(
            "condition.syntax",
            "The condition cannot be read: {trouble} (character {position}).",
            **stand.at("shown_if"),
            found=text,
            allowed="such as: sex = 1 and age >= 18; channels has 3; brand in (1, 2)",
            values={"trouble": str(trouble), "position": trouble.position},
        )
        return None
    problems = [p for test in tests_in(condition) for p in _reference(test, stand, order, survey)]
    yield from problems
    known = all(test.question in survey.targets for test in tests_in(condition))
    return condition if known and not problems else None


def _reference(test: Comparison, stand: Standing, order: int, survey: Survey) -> Iterator[Problem]:
    name = test.question
    place = stand.at("shown_if")
    target = survey.targets.get(name)
    if target is None:
        if name not in survey.failed:
            near = nearest(name, survey.targets)
            yield error(
                "condition.unknown",
                "The condition asks about {name!r}, which is not a question.",
                **place,
                remedy=f"Did you mean {near!r}?" if near else "Correct the id.",
                values={"name": name},
            )
        return
    if target.order == order:
        yield error(
            "condition.itself",
            "The condition of {id!r} asks about itself.",
            **place,
            remedy="Ask about an earlier question.",
            values={"id": name},
        )
        return
    known = {normal(str(code)): code for code in target.codes}
    for value in test.values:
        if known and normal(str(value)) not in known and test.operator in ("=", "!=", "in", "has"):
            near = nearest(str(value), target.labels)
            yield error(
                "condition.code",
                "{value!r} is not a code of {name}.",
                **place,
                allowed=", ".join(map(str, target.codes)),
                remedy=f"Write its code {target.labels[near]}." if near else None,
                values={"value": value, "name": name},
            )


def _edges(survey: Survey, conditions: Mapping[int, Condition]) -> Mapping[int, list[int]]:
    return {
        order: [survey.targets[test.question].order for test in tests_in(condition)]
        for order, condition in conditions.items()
    }


def _circles(
    survey: Survey, conditions: Mapping[int, Condition]
) -> Generator[Problem, None, frozenset[int]]:
    """Circles of conditions, each told once with its path; gives the questions in them."""
    edges = _edges(survey, conditions)
    told: set[int] = set()
    for start in edges:
        path = _way_back(start, edges)
        if path and not told & set(path):
            told |= set(path)
            ids = [survey.stands[n].question.id for n in [*path, start]]
            yield error(
                "condition.circular",
                "The conditions go round in a circle: {path}.",
                **survey.stands[start].at("shown_if"),
                remedy="Remove one of the conditions.",
                values={"path": " > ".join(ids)},
            )
    return frozenset(told)


def _way_back(start: int, edges: Mapping[int, list[int]]) -> list[int]:
    ways = [[start]]
    seen: set[int] = set()
    while ways:
        way = ways.pop()
        for step in edges.get(way[-1], ()):
            if step == start:
                return way
            if step not in seen:
                seen.add(step)
                ways.append([*way, step])
    return []


def _later(
    survey: Survey, conditions: Mapping[int, Condition], circular: frozenset[int]
) -> Iterator[Problem]:
    for order, condition in conditions.items():
        later = [
            t.question for t in tests_in(condition) if survey.targets[t.question].order > order
        ]
        if later and order not in circular:
            stand = survey.stands[order]
            yield error(
                "condition.later",
                "The condition asks about {name!r}, which is asked later.",
                **stand.at("shown_if"),
                remedy="Move the question behind it, or ask about an earlier one.",
                values={"name": later[0]},
            )


def _never(survey: Survey, conditions: Mapping[int, Condition]) -> Iterator[Problem]:
    for order, condition in conditions.items():
        stand = survey.stands[order]
        text = stand.question.shown_if or stand.section.shown_if
        if satisfiable(condition, survey.targets, {}) is False:
            yield error(
                "condition.never",
                "The condition can never be true, so the question is never asked.",
                **stand.at("shown_if"),
                found=text,
                remedy="Correct the condition, or remove the question.",
            )
        elif satisfiable(condition, survey.targets, conditions) is False:
            yield error(
                "condition.unreachable",
                "The question can never be reached: what its condition asks about is not asked "
                "of those respondents.",
                **stand.at("shown_if"),
                found=text,
                remedy="Compare with the conditions of the questions it asks about.",
            )
