"""Conditions on answers, as a researcher writes them, read without running any code."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import AnalysisError, error
from persona.registry import nearest

Truth = NDArray[np.bool_]

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


def holds(condition: str, answers: Mapping[str, pd.Series]) -> Truth:
    """Where a condition holds; a comparison with a missing answer does not.

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

    Examples
    --------
    >>> import pandas as pd
    >>> holds("age < 30 or vip == 1", {"age": pd.Series([20, 40, 50]),
    ...                                "vip": pd.Series([0, 1, 0])}).tolist()
    [True, True, False]
    """
    text, names = _plain(condition, answers)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as fault:
        raise _refuse(condition, "it is not written as a condition") from fault
    return _truth(tree, names, condition)


def columns_in(condition: str, answers: Mapping[str, pd.Series]) -> set[str]:
    """The columns that a condition names."""
    text, names = _plain(condition, answers)
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError) as fault:
        raise _refuse(condition, "it is not written as a condition") from fault
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return {str(names[name].name) for name in used if name in names}


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


def _truth(node: ast.expr, names: Mapping[str, pd.Series], condition: str) -> Truth:
    if isinstance(node, ast.BoolOp):
        parts = [_truth(value, names, condition) for value in node.values]
        join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
        return np.asarray(join.reduce(parts))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ~_truth(node.operand, names, condition)
    if isinstance(node, ast.Compare):
        return _compared(node, names, condition)
    raise _refuse(condition, "a part of it is no comparison")


def _compared(node: ast.Compare, names: Mapping[str, pd.Series], condition: str) -> Truth:
    out: Truth | None = None
    left = _value(node.left, names, condition)
    for sign, other in zip(node.ops, node.comparators, strict=True):
        right = _value(other, names, condition)
        if isinstance(sign, (ast.In, ast.NotIn)):
            if not isinstance(left, pd.Series) or not isinstance(right, list):
                raise _refuse(condition, "'in' needs a column before it and a list after it")
            part = left.isin(right)
            part = part if isinstance(sign, ast.In) else ~part & left.notna()
        elif type(sign) in _COMPARE:
            part = _safely(_COMPARE[type(sign)], left, right, condition)
        else:
            raise _refuse(condition, "it holds an unknown sign")
        seen = part.fillna(False).to_numpy(bool)
        for side in (left, right):
            if isinstance(side, pd.Series):
                seen = seen & side.notna().to_numpy()
        out = seen if out is None else out & seen
        left = right
    assert out is not None
    return out


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
