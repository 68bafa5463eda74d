"""Counting answers by the columns of a banner with one-hot matrix products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from persona.profiling.significance import Array, Overlap, effective_base

Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Columns:
    """Who belongs to which column.

    Parameters
    ----------
    membership : bool array (respondents, columns)
        Columns may overlap; the last need not be a total.
    weights : array (respondents,)
        Weight of each respondent, at least 0.
    groups : int array (columns,)
        Columns of one group are compared with each other.
    """

    membership: NDArray[np.bool_]
    weights: Array
    groups: Codes

    @property
    def count(self) -> int:
        """Number of columns."""
        return int(self.membership.shape[1])

    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The pairs of columns that are compared, first before second."""
        return self._pairs

    def overlapping(self) -> tuple[tuple[int, int], ...]:
        """The compared pairs that share a respondent."""
        return self._overlapping

    @cached_property
    def _pairs(self) -> tuple[tuple[int, int], ...]:
        return tuple(
            (a, b)
            for a, b in combinations(range(self.count), 2)
            if self.groups[a] == self.groups[b]
        )

    @cached_property
    def _overlapping(self) -> tuple[tuple[int, int], ...]:
        inside = self.membership.astype(np.float64)
        shared = inside.T @ inside
        return tuple((a, b) for a, b in self.pairs() if shared[a, b] > 0)


@dataclass(frozen=True, slots=True)
class Counts:
    """Respondents, sums of weights and sums of squared weights; each (categories, columns)."""

    n: Array
    w: Array
    q: Array

    def box(self, rows: Sequence[int]) -> Counts:
        """Several categories taken together as one."""
        index = list(rows)
        return Counts(*(x[index].sum(0, keepdims=True) for x in (self.n, self.w, self.q)))

    def take(self, columns: slice | Sequence[int]) -> Counts:
        """Some of the columns."""
        return Counts(self.n[:, columns], self.w[:, columns], self.q[:, columns])

    @property
    def base(self) -> Counts:
        """Everybody who answered; (1, columns)."""
        return Counts(*(x.sum(0, keepdims=True) for x in (self.n, self.w, self.q)))

    @property
    def effective(self) -> Array:
        """Kish's effective base of each cell."""
        return effective_base(self.w, self.q)


def count(codes: Sequence[Codes], sizes: Sequence[int], columns: Columns) -> list[Counts]:
    """Count the categories of many questions by the same columns at once.

    Parameters
    ----------
    codes : sequence of int arrays (respondents,)
        Category of each respondent, 0 to size - 1; -1 where there is no answer.
    sizes : sequence of int
        Number of categories of each question.
    columns : Columns

    Returns
    -------
    One :class:`Counts` a question; the last columns are intersections of the pairs that
    overlap, in the order of ``columns.overlapping()``.
    """
    inside = with_intersections(columns)
    n = inside.shape[0]
    w = columns.weights[:, None]
    right = np.hstack([inside, inside * w, inside * w**2])
    results: list[Counts] = []
    k = inside.shape[1]
    # chunks keep the sparse matrix small beside the answers themselves
    for start in range(0, len(codes), 64):
        part, part_sizes = codes[start : start + 64], sizes[start : start + 64]
        offsets = np.concatenate([[0], np.cumsum(part_sizes)])
        stacked = np.stack(part)
        people = np.broadcast_to(np.arange(n), stacked.shape)
        answered = stacked >= 0
        cells = (stacked + offsets[:-1, None])[answered]
        one_hot = sparse.csr_matrix(
            (np.ones(cells.size), (cells, people[answered])), shape=(int(offsets[-1]), n)
        )
        product = np.asarray(one_hot @ right)
        for i in range(len(part)):
            block = product[offsets[i] : offsets[i + 1]]
            results.append(Counts(block[:, :k], block[:, k : 2 * k], block[:, 2 * k :]))
    return results


def with_intersections(columns: Columns) -> Array:
    """Membership as 0 and 1, with a column for each overlapping pair appended."""
    inside = columns.membership.astype(np.float64)
    shared = [inside[:, a] * inside[:, b] for a, b in columns.overlapping()]
    return np.column_stack([inside, *shared]) if shared else inside


@dataclass(frozen=True, slots=True)
class Moments:
    """Weighted moments of numbers by column; each (variables, columns).

    ``variance`` is the weighted variance times e / (e - 1), which without weights divides by
    n - 1; NaN where e <= 1. ``mean`` is NaN where nobody answered.
    """

    n: Array
    w: Array
    q: Array
    mean: Array
    variance: Array

    @property
    def effective(self) -> Array:
        """Kish's effective base of each mean."""
        return effective_base(self.w, self.q)


def moments(values: Array, columns: Columns) -> Moments:
    """Means and variances of many numeric variables by the same columns at once.

    Parameters
    ----------
    values : array (respondents, variables)
        NaN where there is no answer.
    """
    known = ~np.isnan(values)
    centre = np.array(
        [
            column[mask].mean() if mask.any() else 0.0
            for column, mask in zip(values.T, known.T, strict=True)
        ]
    )
    # centred first: the variance of large numbers would drown in rounding
    x = np.where(known, values - centre, 0.0)
    inside = with_intersections(columns)
    weighted = inside * columns.weights[:, None]
    answered = known.astype(np.float64)
    n, w = answered.T @ inside, answered.T @ weighted
    q = answered.T @ (weighted * columns.weights[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (x.T @ weighted) / w, (x.T**2 @ weighted) / w
        e = effective_base(w, q)
        variance = np.where(e > 1, np.maximum(second - first**2, 0.0) * e / (e - 1), np.nan)
    return Moments(n, w, q, first + centre[:, None], variance)


def weighted_median(values: Array, weights: Array) -> float | None:
    """The value with half of the weight on either side; None when nobody answered.

    With equal weights this is the ordinary median.

    Examples
    --------
    >>> weighted_median(np.array([1.0, 2.0, 10.0]), np.array([1.0, 1.0, 1.0]))
    2.0
    """
    known = ~np.isnan(values) & (weights > 0)
    if not known.any():
        return None
    order = np.argsort(values[known], kind="stable")
    x, w = values[known][order], weights[known][order]
    running = np.cumsum(w)
    half = running[-1] / 2
    i = int(np.searchsorted(running, half * (1 - 1e-12)))
    if abs(running[i] - half) <= 1e-12 * running[-1] and i + 1 < x.size:
        return float((x[i] + x[i + 1]) / 2)
    return float(x[i])


def overlap_of(
    counts: Counts, share_rows: Counts, columns: Columns, pairs: Sequence[tuple[int, int]]
) -> Overlap:
    """What overlapping pairs share, shaped (rows, pairs); zeros for pairs that do not overlap.

    Parameters
    ----------
    counts : Counts
        Bases of the rows, with intersections, (rows or 1, columns + intersections).
    share_rows : Counts
        Those with the answer, (rows, columns + intersections).
    """
    rows = share_rows.w.shape[0]
    place = {pair: columns.count + i for i, pair in enumerate(columns.overlapping())}
    share, base, coefficient = (np.zeros((rows, len(pairs))) for _ in range(3))
    for j, (a, b) in enumerate(pairs):
        if (a, b) not in place:
            continue
        both = place[(a, b)]
        w, q = counts.w[:, both], counts.q[:, both]
        with np.errstate(divide="ignore", invalid="ignore"):
            share[:, j] = np.where(w > 0, share_rows.w[:, both] / w, 0.0)
            base[:, j] = effective_base(w, q)
            coefficient[:, j] = np.where(w > 0, q / (counts.w[:, a] * counts.w[:, b]), 0.0)
    return Overlap(share, base, coefficient)
