"""Conditions as formulas of a spreadsheet, over the labels that its cells hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from persona.questionnaire.conditions import Comparison, Condition, Every, Not
from persona.questionnaire.formats.expressions import figure


@dataclass(frozen=True)
class Cell:
    """A cell that a condition may ask about.

    Parameters
    ----------
    reference : str
        Such as ``$C3``.
    labels : mapping of label to code
        Its drop-down list; empty where any value may stand.
    """

    reference: str
    labels: Mapping[str, int | str]


Finder = Callable[[str], Mapping[str, Cell]]
"""Cells by option code for a question with several; one cell under ``""`` for any other."""


def formula(condition: Condition, find: Finder) -> str:
    """A formula that is TRUE where the condition holds.

    Examples
    --------
    >>> from persona.questionnaire.conditions import parse_condition
    >>> cell = Cell("$C3", {"Female": 1, "Male": 2})
    >>> formula(parse_condition("sex = 1"), lambda name: {"": cell})
    '$C3="Female"'
    """
    if isinstance(condition, Not):
        return f"NOT({formula(condition.part, find)})"
    if not isinstance(condition, Comparison):
        name = "AND" if isinstance(condition, Every) else "OR"
        return f"{name}({','.join(formula(part, find) for part in condition.parts)})"
    cells = find(condition.question)
    if "" in cells:
        return _one(condition, cells[""])
    wanted = {str(value) for value in condition.values}
    named = [
        cell for code, cell in cells.items() if condition.operator == "answered" or code in wanted
    ]
    tests = [f"{cell.reference}={_text(_label(cell, 1))}" for cell in named]
    if condition.operator == "answered":
        tests = [f'{cell.reference}<>""' for cell in named]
    return _negated(_any(tests), condition.negated)


def _one(test: Comparison, cell: Cell) -> str:
    here = cell.reference
    if test.operator == "answered":
        return f'{here}<>""'
    if not cell.labels:
        found = _any([f"{here}{_sign(test.operator)}{_value(value)}" for value in test.values])
        return f'AND({here}<>"",{_negated(found, test.negated)})'
    if test.operator in ("=", "in", "has"):
        labels = [_label(cell, value) for value in test.values]
    elif test.operator == "!=":
        labels = [label for label, code in cell.labels.items() if str(code) != str(test.values[0])]
    else:
        labels = [label for label, code in cell.labels.items() if _holds(code, test)]
    found = _any([f"{here}={_text(label)}" for label in labels])
    return f'AND({here}<>"",NOT({found}))' if test.negated else found


def _holds(code: int | str, test: Comparison) -> bool:
    try:
        left, right = float(code), float(test.values[0])
    except ValueError:
        return False
    outcomes = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return outcomes[test.operator]


def _label(cell: Cell, code: object) -> str:
    return next((label for label, own in cell.labels.items() if str(own) == str(code)), str(code))


def _any(tests: list[str]) -> str:
    if not tests:
        return "FALSE"
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def _negated(found: str, negated: bool) -> str:
    return f"NOT({found})" if negated else found


def _sign(operator: str) -> str:
    return {"!=": "<>", "in": "=", "has": "="}.get(operator, operator)


def _value(value: float | int | str) -> str:
    return _text(value) if isinstance(value, str) else figure(value)


def _text(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
