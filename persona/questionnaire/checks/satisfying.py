"""Whether any respondent can make a condition true."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persona.questionnaire.conditions import Comparison, Condition, holds, tests_in
from persona.questionnaire.variables import Measure, Variable

_MOST_COMBINATIONS = 20_000
_OTHER = "\x00another answer"


@dataclass(frozen=True)
class Target:
    """What a condition may ask about: a question or an item, where it is asked, its columns."""

    name: str
    order: int
    question: str
    variables: tuple[Variable, ...]

    @property
    def multiple(self) -> bool:
        """Whether several options may be chosen."""
        return len(self.variables) > 1 or (
            self.variables[0].measure is Measure.BINARY and self.name == self.question
        )

    @property
    def codes(self) -> tuple[int | str, ...]:
        """Codes it can be compared with; none where any value may stand."""
        if self.multiple:
            return tuple(str(variable.item) for variable in self.variables)
        variable = self.variables[0]
        if variable.measure is Measure.BINARY:
            return (0, 1)
        missing = tuple(code.code for code in variable.missing) if variable.categories else ()
        return (*variable.codes, *missing)

    @property
    def labels(self) -> Mapping[str, int | str]:
        """Label of any language to code."""
        if self.multiple:
            return {label: str(v.item) for v in self.variables for label in v.text.values()}
        return {
            label: category.code
            for category in self.variables[0].categories
            for label in category.text.values()
        }


def satisfiable(
    condition: Condition, targets: Mapping[str, Target], conditions: Mapping[int, Condition]
) -> bool | None:
    """Whether some answers make a condition true; None when there are too many to try.

    Parameters
    ----------
    condition : Condition
    targets : mapping of id to Target
    conditions : mapping of order to Condition
        When earlier questions are shown; a question that is not shown has no answer.
    """
    tests = _closure(condition, targets, conditions)
    names = list(dict.fromkeys(test.question for test in tests))
    domains = [
        _domain(targets[name], [test for test in tests if test.question == name]) for name in names
    ]
    if math.prod(len(domain) for domain in domains) > _MOST_COMBINATIONS:
        return None
    for values in itertools.product(*domains):
        answers = dict(zip(names, values, strict=True))
        possible = all(
            answers[name] is None
            or targets[name].order not in conditions
            or holds(conditions[targets[name].order], answers)
            for name in names
        )
        if possible and holds(condition, answers):
            return True
    return False


def _closure(
    condition: Condition, targets: Mapping[str, Target], conditions: Mapping[int, Condition]
) -> tuple[Comparison, ...]:
    """The comparisons of a condition and of the conditions of what it asks about."""
    tests = list(tests_in(condition))
    done: set[int] = set()
    for test in tests:
        order = targets[test.question].order
        if order in conditions and order not in done:
            done.add(order)
            tests += tests_in(conditions[order])
    return tuple(tests)


def _domain(target: Target, tests: Sequence[Comparison]) -> list[object]:
    values = list(dict.fromkeys(value for test in tests for value in test.values))
    if target.multiple:
        named = [str(value) for value in values]
        subsets = itertools.chain.from_iterable(
            itertools.combinations(named, size) for size in range(len(named) + 1)
        )
        return [
            None,
            *(
                frozenset(subset) | extra
                for subset in subsets
                for extra in (frozenset(), frozenset({_OTHER}))
            ),
        ]
    variable = target.variables[0]
    if variable.categories or variable.measure is Measure.BINARY:
        return [None, *(variable.codes or (0, 1))]
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    if variable.numeric:
        steps = {number + step for number in numbers for step in (-1.0, -0.5, 0.0, 0.5, 1.0)}
        bounds = [bound for bound in (variable.minimum, variable.maximum) if bound is not None]
        low = variable.minimum if variable.minimum is not None else -math.inf
        high = variable.maximum if variable.maximum is not None else math.inf
        return [None, *sorted(v for v in steps | set(bounds) | {0.0} if low <= v <= high)]
    around = [number + step for number in numbers for step in (-1.0, 1.0)]
    return [None, "", _OTHER, "0000-01-01", "9999-12-31", *values, *around]
