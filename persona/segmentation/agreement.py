"""How far two divisions of the same respondents agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from persona.segmentation.arrays import Array, Labels


def cross_table(
    first: Labels, second: Labels, weights: Array | None = None, columns: int = 0
) -> Array:
    """Respondents by their segment (0..) in the first and in the second division.

    ``columns`` is the least number of segments of the second, empty ones included.
    """
    rows = int(first.max(initial=-1)) + 1
    columns = max(columns, int(second.max(initial=-1)) + 1)
    joint = np.bincount(first * columns + second, weights, rows * columns)
    return joint.reshape(rows, columns).astype(float)


def rand_of_table(table: Array) -> Array:
    """Adjusted Rand index of cross tables (..., rows, columns) (Hubert & Arabie 1985)."""

    def pairs(counts: Array) -> Array:
        return np.asarray(counts * (counts - 1) / 2)

    both = pairs(table).sum(axis=(-2, -1))
    rows = pairs(table.sum(axis=-1)).sum(axis=-1)
    columns = pairs(table.sum(axis=-2)).sum(axis=-1)
    total = pairs(table.sum(axis=(-2, -1)))
    expected = rows * columns / np.where(total > 0, total, 1.0)
    gap = (rows + columns) / 2 - expected
    return np.asarray(np.where(gap > 0, (both - expected) / np.where(gap > 0, gap, 1.0), 1.0))


def adjusted_rand(first: ArrayLike, second: ArrayLike) -> float:
    """Adjusted Rand index of two divisions: 1 when equal, 0 as by chance.

    Raises
    ------
    ValueError
        When the divisions are of different length.

    Examples
    --------
    >>> adjusted_rand([1, 1, 2, 2], ["b", "b", "a", "a"])
    1.0
    """
    one, other = np.asarray(first), np.asarray(second)
    if one.shape != other.shape:
        raise ValueError(f"divisions of {one.shape[0]} and {other.shape[0]} respondents")
    a = np.unique(one, return_inverse=True)[1]
    b = np.unique(other, return_inverse=True)[1]
    return float(rand_of_table(cross_table(a, b)))


def jaccard_of_table(table: Array) -> Array:
    """Jaccard index of every row segment with every column segment: shared over united."""
    rows, columns = table.sum(axis=-1, keepdims=True), table.sum(axis=-2, keepdims=True)
    union = rows + columns - table
    return np.asarray(table / np.where(union > 0, union, 1.0))


def many_tables(first: Labels, second: Labels, k: int, weights: Array | None = None) -> Array:
    """Cross tables (runs, k, k) of labels (runs, n); ``weights`` (runs, n) count each one."""
    runs = first.shape[0]
    out = np.empty((runs, k, k))
    for run in range(runs):
        own = None if weights is None else weights[run]
        out[run] = np.bincount(first[run] * k + second[run], own, k * k).reshape(k, k)
    return out


def match(closeness: Array) -> tuple[Labels, Labels]:
    """Pairs of rows and columns with the largest total closeness (Hungarian method)."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(closeness, maximize=True)
    return np.asarray(rows), np.asarray(columns)
