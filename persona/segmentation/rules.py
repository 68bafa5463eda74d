"""Conditions on answers, as a researcher writes them, read without running any code."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import AnalysisError, error
from persona.registry import nearest

Truth = NDArray[np.bool_]

UNDECIDED = "an answer that the rule needs is missing"
"""Why a respondent is in none of the segments of a rule."""

_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _refuse(condition: str, what: str) -> AnalysisError:
    return AnalysisError(
        error(
            "segments.rule",
            "The rule {condition!r} cannot be read: {what}.",
            found=condition,
            allowed="comparisons of columns with answers, joined by and, or, not and brackets",
            remedy="For instance: spend >= 100 and region in ['north', 'east']",
            values={"condition": condition, "what": what},
        )
    )


@dataclass(frozen=True)
class Decided:
    """For whom a condition is known to hold, and for whom it is known not to.

    Who is in neither left unanswered what would decide it (Kleene's logic of three values).
    """

    yes: Truth
    no: Truth

    def turned(self) -> Decided:
        """The outcome of ``not``."""
        return Decided(self.no, self.yes)


def holds(condition: str, answers: Mapping[str, pd.Series]) -> Truth:
    """Where a condition is known to hold; see :func:`decided`.

    Examples
    --------
    >>> import pandas as pd
    >>> holds("age < 30 or vip == 1", {"age": pd.Series([20, 40, 50]),
    ...                                "vip": pd.Series([0, 1, 0])}).tolist()
    [True, True, False]
    """
    return decided(condition, answers).yes


def decided(condition: str, answers: Mapping[str, pd.Series]) -> Decided:
    """Where a condition holds, and where it does not.

    A comparison with a missing answer is neither; ``and`` and ``or`` need as many answers as
    decide them, ``answered(name)`` none.

    Parameters
    ----------
    condition : str
        ``spend >= 100 and region in ['north', 'east']``; names with blanks in backticks.
    answers : mapping
        Column name to its answers.

    Raises
    ------
    AnalysisError
        When the condition is not one, or names a column that is not there.
    """
    tree, names = _read(condition, answers)
    return _truth(tree, names, condition)


def _read(
    condition: str, answers: Mapping[str, pd.Series]
) -> tuple[ast.expr, Mapping[str, pd.Series]]:
    text, names = _plain(condition, answers)
    try:
        return ast.parse(text, mode="eval").body, names
    except (SyntaxError, ValueError, RecursionError) as fault:
        raise _refuse(condition, "it is not written as a condition") from fault


def _plain(condition: str, answers: Mapping[str, pd.Series]) -> tuple[str, dict[str, pd.Series]]:
    """Names in backticks replaced by ones that can be parsed."""
    names = {str(name): series.rename(name) for name, series in answers.items()}
    text = condition.strip()
    for place, name in enumerate(sorted(names, key=len, reverse=True)):
        quoted = f"`{name}`"
        if quoted in text:
            alias = f"column_{place}_"
            text = text.replace(quoted, alias)
            names[alias] = names[name]
    return text, names


def _truth(node: ast.expr, names: Mapping[str, pd.Series], condition: str) -> Decided:
    if isinstance(node, ast.BoolOp):
        parts = [_truth(value, names, condition) for value in node.values]
        every, some = np.logical_and.reduce, np.logical_or.reduce
        yes, no = (every, some) if isinstance(node.op, ast.And) else (some, every)
        return Decided(
            np.asarray(yes([part.yes for part in parts])),
            np.asarray(no([part.no for part in parts])),
        )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _truth(node.operand, names, condition).turned()
    if isinstance(node, ast.Compare):
        return _compared(node, names, condition)
    if isinstance(node, ast.Call):
        return _answered(node, names, condition)
    raise _refuse(condition, "a part of it is no comparison")


def _answered(node: ast.Call, names: Mapping[str, pd.Series], condition: str) -> Decided:
    called = node.func.id if isinstance(node.func, ast.Name) else ""
    if called != "answered" or len(node.args) != 1 or node.keywords:
        raise _refuse(condition, "only answered(name) can be called")
    column = _value(node.args[0], names, condition)
    if not isinstance(column, pd.Series):
        raise _refuse(condition, "answered(...) needs a column")
    there = column.notna().to_numpy(bool)
    return Decided(there, ~there)


def _compared(node: ast.Compare, names: Mapping[str, pd.Series], condition: str) -> Decided:
    links = []
    left = _value(node.left, names, condition)
    for sign, other in zip(node.ops, node.comparators, strict=True):
        right = _value(other, names, condition)
        links.append(_link(left, sign, right, condition))
        left = right
    return Decided(
        np.asarray(np.logical_and.reduce([link.yes for link in links])),
        np.asarray(np.logical_or.reduce([link.no for link in links])),
    )


def _link(left: Any, sign: ast.cmpop, right: Any, condition: str) -> Decided:
    """One comparison of a chain such as ``18 <= age < 30``."""
    if isinstance(sign, (ast.In, ast.NotIn)):
        if not isinstance(left, pd.Series) or not isinstance(right, list):
            raise _refuse(condition, "'in' needs a column before it and a list after it")
        found = left.isin(right)
        found = found if isinstance(sign, ast.In) else ~found
    elif type(sign) in _COMPARE:
        found = _safely(_COMPARE[type(sign)], left, right, condition)
    else:
        raise _refuse(condition, "it holds an unknown sign")
    outcome = found.fillna(False).to_numpy(bool)
    seen = np.ones(len(outcome), dtype=bool)
    for side in (left, right):
        if isinstance(side, pd.Series):
            seen &= side.notna().to_numpy(bool)
    return Decided(outcome & seen, ~outcome & seen)


def _safely(compare: Callable[[Any, Any], Any], left: Any, right: Any, condition: str) -> pd.Series:
    if not isinstance(left, pd.Series) and not isinstance(right, pd.Series):
        raise _refuse(condition, "it compares no column")
    try:
        return pd.Series(compare(left, right))
    except TypeError as fault:
        raise _refuse(condition, "it compares numbers with text") from fault


def _value(node: ast.expr, names: Mapping[str, pd.Series], condition: str) -> Any:
    if isinstance(node, ast.Name):
        if node.id not in names:
            near = nearest(node.id, names)
            what = f"there is no column {node.id!r}"
            raise _refuse(condition, f"{what}; did you mean {near!r}" if near else what)
        return names[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str, bool)):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _value(node.operand, names, condition)
        if isinstance(value, (int, float)):
            return -value
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [_value(part, names, condition) for part in node.elts]
    raise _refuse(condition, "only columns, numbers, texts and lists can be compared")
