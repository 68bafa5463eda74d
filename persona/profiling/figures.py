"""From counts to shares with intervals, and from shares to comparisons of columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from persona.profiling.counting import Columns, Counts, Moments, overlap_of
from persona.profiling.letters import assign_letters
from persona.profiling.result import Mark
from persona.profiling.significance import (
    Array,
    mean_interval,
    share_z,
    two_sided,
    welch_p,
    wilson,
)

Variance = Literal["effective_base", "design"]

MINIMUM_BASE = 30
SMALL_BASE = 100


def mark_of(base: float, minimum: int = MINIMUM_BASE, small: int = SMALL_BASE) -> Mark:
    """``**`` below the minimum base, ``*`` below a small one, else empty.

    Examples
    --------
    >>> [mark_of(base) for base in (29, 30, 99, 100)]
    ['**', '*', '*', '']
    """
    if base < minimum:
        return "**"
    return "*" if base < small else ""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares (0 to 1) of rows by columns with their bases and 95 % intervals; NaN at base 0."""

    hits: Counts
    bases: Counts
    share: Array
    effective: Array
    low: Array
    high: Array


def shares(hits: Counts, bases: Counts) -> Shares:
    """Shares of ``hits`` in ``bases``, both (rows, columns), with Wilson intervals."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(bases.w > 0, hits.w / bases.w, np.nan)
    effective = bases.effective
    low, high = wilson(share, effective)
    return Shares(hits, bases, share, effective, low, high)


def compare_shares(
    table: Shares,
    columns: Columns,
    *,
    minimum_base: int = MINIMUM_BASE,
    variance: Variance = "effective_base",
) -> Array:
    """Two-sided p of every compared pair of columns, (rows, pairs); NaN where not tested.

    ``table`` carries the columns and, behind them, the intersections of overlapping pairs.
    ``effective_base`` pools both shares on Kish's bases; ``design`` linearises each variance
    over all respondents, as R's ``svyby`` with ``svycontrast`` does.
    """
    pairs = columns.pairs()
    if not pairs:
        return np.zeros((table.share.shape[0], 0))
    a, b = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if variance == "design":
        p = _design_p(table, columns, pairs)
    else:
        overlap = overlap_of(table.bases, table.hits, columns, pairs)
        share, base = table.share, table.effective
        p = two_sided(share_z(share[:, a], share[:, b], base[:, a], base[:, b], overlap))
    return _only_tested(p, table.bases.n, a, b, minimum_base)


def _only_tested(p: Array, n: Array, a: list[int], b: list[int], minimum: int) -> Array:
    thin = (n[:, a] < minimum) | (n[:, b] < minimum)
    return np.where(thin, np.nan, p)


def _design_p(table: Shares, columns: Columns, pairs: Sequence[tuple[int, int]]) -> Array:
    """p of differences with variances n/(n-1) sum w^2 (x - p)^2 / W^2, Student's t on n - 1."""
    n = float(columns.membership.any(1).sum())
    place = {pair: columns.count + i for i, pair in enumerate(columns.overlapping())}
    p, hit, base = table.share, table.hits.q, table.bases
    with np.errstate(divide="ignore", invalid="ignore"):
        own = (hit * (1 - 2 * p) + p**2 * base.q) / base.w**2
        result = np.full((p.shape[0], len(pairs)), np.nan)
        for j, (a, b) in enumerate(pairs):
            shared: Array | float = 0.0
            if (a, b) in place:
                both = place[(a, b)]
                crossed = hit[:, both] * (1 - p[:, a] - p[:, b])
                crossed = crossed + p[:, a] * p[:, b] * base.q[:, both]
                shared = crossed / (base.w[:, a] * base.w[:, b])
            spread = (own[:, a] + own[:, b] - 2 * shared) * n / (n - 1)
            difference = p[:, a] - p[:, b]
            t = np.where(np.abs(difference) < 1e-15, 0.0, difference / np.sqrt(spread))
            result[:, j] = 2 * special.stdtr(n - 1, -np.abs(t))
    return result


def compare_means(table: Moments, columns: Columns, *, minimum_base: int = MINIMUM_BASE) -> Array:
    """Two-sided p of Welch's test for every compared pair, (variables, pairs); NaN: not tested."""
    pairs = columns.pairs()
    if not pairs:
        return np.zeros((table.mean.shape[0], 0))
    a, b = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    covariance = np.zeros((table.mean.shape[0], len(pairs)))
    place = {pair: columns.count + i for i, pair in enumerate(columns.overlapping())}
    for j, pair in enumerate(pairs):
        if pair in place:
            both = place[pair]
            with np.errstate(divide="ignore", invalid="ignore"):
                part = table.q[:, both] / (table.w[:, pair[0]] * table.w[:, pair[1]])
            covariance[:, j] = np.nan_to_num(part * table.variance[:, both])
    e = table.effective
    p = welch_p(
        table.mean[:, a],
        table.mean[:, b],
        table.variance[:, a],
        table.variance[:, b],
        e[:, a],
        e[:, b],
        covariance,
    )
    return _only_tested(p, table.n, a, b, minimum_base)


def means_with_interval(table: Moments) -> tuple[Array, Array, Array]:
    """Mean, low and high of each cell; NaN where nobody answered."""
    low, high = mean_interval(table.mean, table.variance, table.effective)
    return table.mean, low, high


def lettered(
    figures: Array,
    p_values: Array,
    columns: Columns,
    letters: Sequence[str],
    levels: tuple[float, float],
    shown: int,
) -> NDArray[np.str_]:
    """Letters of the first ``shown`` columns from the comparisons of those columns."""
    return assign_letters(figures[:, :shown], p_values, columns.pairs(), letters[:shown], levels)
