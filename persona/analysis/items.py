"""A frame of answers checked and turned into numbers, once for every analysis of items."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from persona.analysis.weights import read_weights
from persona.errors import AnalysisError, Problem, Severity, error, warning
from persona.numeric.moments import Array, effective_size

Unusable = Literal["refuse", "drop"]
Missing = Literal["pairwise", "listwise"]


@dataclass(frozen=True)
class Items:
    """Numeric answers of n respondents to p items, NaN where an answer is missing.

    ``values`` holds the respondents that take part (weight above zero, at least one answer),
    ``index`` those and all others, ``taking_part`` says which they are.
    """

    values: Array
    names: tuple[Any, ...]
    index: pd.Index
    taking_part: npt.NDArray[np.bool_]
    weights: Array
    weighted: bool
    warnings: tuple[Problem, ...]

    @property
    def n(self) -> int:
        """Respondents that take part, unweighted."""
        return len(self.values)

    @property
    def n_weighted(self) -> float:
        """Sum of their weights."""
        return float(self.weights.sum())

    @property
    def n_effective(self) -> float:
        """Kish's effective number, which tests use; equals ``n`` without weights."""
        return effective_size(self.weights) if self.weighted else float(self.n)

    def frame(self) -> pd.DataFrame:
        """The values with their names, for messages and scores."""
        return pd.DataFrame(self.values, index=self.index[self.taking_part], columns=[*self.names])


def read_items(
    frame: pd.DataFrame,
    weights: object = None,
    *,
    missing: Missing = "pairwise",
    unusable: Unusable = "refuse",
    least: int = 2,
    copies: bool = True,
) -> Items:
    """Check a frame of numeric items and turn it into numbers.

    Parameters
    ----------
    frame : DataFrame (n, p)
        Numbers, booleans or ordered categories; NaN marks a missing answer.
    weights : sequence (n,), optional
    missing : {"pairwise", "listwise"}
        ``listwise`` keeps only respondents who answered every item.
    unusable : {"refuse", "drop"}
        What to do with items that do not vary, copy another, or share no respondents.
    least : int
        Fewest items that make sense.
    copies : bool
        Whether an item that copies another counts as unusable.

    Raises
    ------
    AnalysisError
        With every item that cannot be used, by name.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4], "b": [3, 1, 2, None]})
    >>> read_items(answers, missing="listwise").n
    3
    """
    numbers = _numbers(frame)
    weight, weighted = read_weights(weights, frame.index)
    held = np.isfinite(numbers)
    taking_part = (held.all(axis=1) if missing == "listwise" else held.any(axis=1)) & (weight > 0)
    items = Items(
        numbers[taking_part],
        tuple(frame.columns),
        frame.index,
        taking_part,
        weight[taking_part],
        weighted,
        tuple(_left_out(held, weight, missing)),
    )
    bad, problems = _unusable(items, copies)
    if bad and unusable == "refuse":
        raise AnalysisError(problems)
    if bad:
        items = _without(items, bad, problems)
    if len(items.names) < least:
        raise AnalysisError(
            error(
                "items.few",
                "{found} usable items are too few.",
                allowed="{least} or more",
                remedy="Add items, or leave this analysis out.",
                values={"found": len(items.names), "least": least},
            )
        )
    if items.n < 3:
        raise AnalysisError(
            error(
                "items.respondents",
                "{found} respondents with answers are too few.",
                remedy="Collect more answers; with missing answers try missing='pairwise'.",
                values={"found": items.n},
            )
        )
    return items


def read_columns(frame: pd.DataFrame, names: tuple[Any, ...]) -> Array:
    """The named columns as numbers, NaN where missing, whatever else the frame holds.

    Parameters
    ----------
    frame : DataFrame (n, any)
    names : tuple (p,)

    Raises
    ------
    AnalysisError
        A column is absent or holds text.

    Examples
    --------
    >>> read_columns(pd.DataFrame({"a": [1, None], "b": ["x", "y"]}), ("a",)).ravel()
    array([ 1., nan])
    """
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise AnalysisError(
            error(
                "items.absent",
                "The item {item!r} is not among the columns.",
                column=str(name),
                remedy="Give every item that was analysed, empty where it was not asked.",
                values={"item": str(name)},
            )
            for name in absent
        )
    return _numbers(frame[list(names)])


def _numbers(frame: pd.DataFrame) -> Array:
    """Each column as floats; ordered categories become their rank from 1."""
    repeated = frame.columns[frame.columns.duplicated()].unique()
    problems = [
        error(
            "items.repeated",
            "Two columns are called {item!r}.",
            column=str(item),
            remedy="Give each item its own name.",
            values={"item": str(item)},
        )
        for item in repeated
    ]
    if problems:
        raise AnalysisError(problems)
    columns = []
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered:
            codes = column.cat.codes.to_numpy(dtype=float)
            columns.append(np.where(codes < 0, np.nan, codes + 1))
            continue
        try:
            values = pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan)
        except (ValueError, TypeError):
            values = None
        if values is None or np.isinf(values).any():
            problems.append(_not_numeric(name, column))
        else:
            columns.append(values)
    if problems:
        raise AnalysisError(problems)
    if not columns:
        return np.empty((len(frame), 0))
    return np.column_stack(columns)


def _not_numeric(name: object, column: pd.Series[Any]) -> Problem:
    numeric = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    text = column[~np.isfinite(numeric) & column.notna().to_numpy()]
    return error(
        "items.text",
        "The item {item!r} has answers that are not numbers.",
        column=str(name),
        found=", ".join(repr(value) for value in text.unique()[:3]),
        allowed="numbers, or ordered categories",
        remedy="Code the answers as numbers, or take correspondence analysis for categories.",
        values={"item": str(name)},
    )


def _left_out(held: npt.NDArray[np.bool_], weight: Array, missing: str) -> Iterable[Problem]:
    """What is said about respondents that take no part."""
    zero = int((weight == 0).sum())
    silent = int((~held.any(axis=1) & (weight > 0)).sum())
    if zero:
        yield warning(
            "items.zero_weight",
            "{count} respondents have the weight 0 and take no part.",
            values={"count": zero},
        )
    if silent:
        yield warning(
            "items.silent",
            "{count} respondents answered none of the items and take no part.",
            values={"count": silent},
        )
    partial = int((held.any(axis=1) & ~held.all(axis=1) & (weight > 0)).sum())
    if partial and missing == "listwise":
        yield warning(
            "items.incomplete",
            "{count} respondents with missing answers take no part.",
            remedy="missing='pairwise' uses the answers they gave.",
            values={"count": partial},
        )


def _unusable(items: Items, copies: bool) -> tuple[list[int], list[Problem]]:
    """Items that do not vary, copy another, or share no respondents with another."""
    values = items.values
    held = np.isfinite(values)
    if not len(values):
        return [], []
    low = np.where(held, values, np.inf).min(axis=0)
    high = np.where(held, values, -np.inf).max(axis=0)
    constant = ~(low < high)
    bad = [int(item) for item in np.flatnonzero(constant)]
    problems = [_constant(items, item, held) for item in bad]
    varying = np.flatnonzero(~constant)
    together = held[:, varying].astype(float).T @ held[:, varying].astype(float)
    for first, second in np.argwhere(np.triu(together < 2, 1)):
        bad.append(int(varying[second]))
        problems.append(
            _apart(items, varying[first], varying[second], int(together[first, second]))
        )
    if copies:
        for first, second in _copies(values, held, varying):
            bad.append(second)
            problems.append(_copied(items, first, second))
    return sorted(set(bad)), problems


def _copies(
    values: Array, held: npt.NDArray[np.bool_], varying: npt.NDArray[np.intp]
) -> list[tuple[int, int]]:
    """Pairs of items with the same answers everywhere.

    Only items with the same irregularly weighted sum of answers need comparing cell by cell.
    """
    irregular = np.modf(np.sqrt(np.arange(2.0, len(values) + 2)))[0]
    filled = np.where(held, values, -1e9)
    sums = irregular @ filled
    pairs = []
    for place, second in enumerate(varying):
        scale = 1e-9 * max(1.0, abs(float(sums[second])))
        for first in varying[:place][np.abs(sums[varying[:place]] - sums[second]) <= scale]:
            if np.array_equal(filled[:, first], filled[:, second]):
                pairs.append((int(first), int(second)))
                break
    return pairs


def _constant(items: Items, item: int, held: npt.NDArray[np.bool_]) -> Problem:
    answers = items.values[held[:, item], item]
    return error(
        "items.constant",
        "Everyone gave the same answer to {item!r}."
        if len(answers)
        else "Nobody answered the item {item!r}.",
        column=str(items.names[item]),
        found=f"{answers[0]:g}" if len(answers) else None,
        remedy="Leave this item out: it cannot go together with any other.",
        values={"item": str(items.names[item])},
    )


def _copied(items: Items, first: int, second: int) -> Problem:
    return error(
        "items.copy",
        "The item {second!r} has the same answers as {first!r} everywhere.",
        column=str(items.names[second]),
        remedy="Keep one of the two.",
        values={"first": str(items.names[first]), "second": str(items.names[second])},
    )


def _apart(items: Items, first: int, second: int, together: int) -> Problem:
    return error(
        "items.apart",
        "{together} respondents answered both {first!r} and {second!r}.",
        column=str(items.names[second]),
        allowed="two respondents or more, far better a hundred",
        remedy="Analyse items that were asked of different people apart.",
        values={
            "together": together,
            "first": str(items.names[first]),
            "second": str(items.names[second]),
        },
    )


def _without(items: Items, bad: list[int], problems: list[Problem]) -> Items:
    """The items that can be used, the others named in the warnings."""
    keep = [item for item in range(len(items.names)) if item not in bad]
    values = items.values[:, keep]
    answered = np.isfinite(values).any(axis=1)
    taking_part = items.taking_part.copy()
    taking_part[np.flatnonzero(taking_part)[~answered]] = False
    lowered = tuple(replace(problem, severity=Severity.WARNING) for problem in problems)
    dropped = warning(
        "items.left_out",
        "{count} items were left out: {names}.",
        values={"count": len(bad), "names": ", ".join(str(items.names[item]) for item in bad)},
    )
    return replace(
        items,
        values=values[answered],
        names=tuple(items.names[item] for item in keep),
        taking_part=taking_part,
        weights=items.weights[answered],
        warnings=(*items.warnings, *lowered, dropped),
    )
