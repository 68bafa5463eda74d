"""Whether the means of several groups differ, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from persona.profiling.counting import Codes
from persona.profiling.significance import Array, adjust, welch_p


@dataclass(frozen=True, slots=True)
class MeanTest:
    """Tests of one numeric variable over groups.

    ``f``, ``p_value``: one-way analysis of variance; ``welch_*``: Welch's (1951) without equal
    variances; ``kruskal_*``: Kruskal and Wallis on ranks (None with weights). Effect sizes:
    ``eta_squared``, ``omega_squared``, ``epsilon_squared`` (of the ranks).
    """

    n: int
    f: float
    degrees_between: int
    degrees_within: float
    p_value: float
    eta_squared: float
    omega_squared: float
    welch_f: float
    welch_degrees: float
    welch_p: float
    kruskal: float
    kruskal_p: float
    epsilon_squared: float


def welch_anova(mean: Array, variance: Array, base: Array) -> tuple[float, float, float]:
    """F, denominator degrees and p of Welch's (1951) one-way test on (effective) bases.

    Groups with a base of at most 1 or without spread are left out; NaN when fewer than two stay.
    """
    use = (base > 1) & (np.nan_to_num(variance) > 0)
    k = int(use.sum())
    if k < 2:
        return float("nan"), float("nan"), float("nan")
    m, weight = mean[use], base[use] / variance[use]
    total = weight.sum()
    centre = (weight * m).sum() / total
    lack = ((1 - weight / total) ** 2 / (base[use] - 1)).sum()
    between = (weight * (m - centre) ** 2).sum() / (k - 1)
    f = float(between / (1 + 2 * (k - 2) / (k**2 - 1) * lack))
    degrees = float((k**2 - 1) / (3 * lack))
    return f, degrees, float(special.fdtrc(k - 1, degrees, f))


def eta_squared(mean: Array, variance: Array, weight: Array, base: Array) -> float:
    """Share (0 to 1) of the spread that lies between groups: SS between over SS total."""
    use = weight > 0
    if not use.any():
        return float("nan")
    w, m = weight[use], mean[use]
    within = np.nan_to_num(variance[use]) * (base[use] - 1) / base[use]
    centre = (w * m).sum() / w.sum()
    between = float((w * (m - centre) ** 2).sum())
    total = between + float((w * within).sum())
    return between / total if total > 0 else 0.0


def mean_test(values: pd.Series[float], groups: pd.Series[str]) -> MeanTest:
    """All tests of one numeric variable over groups, without weights.

    Parameters
    ----------
    values : Series
        Numbers; rows without one are left out.
    groups : Series
        Group of each row, same index.

    Examples
    --------
    >>> test = mean_test(pd.Series([1.0, 2, 3, 11, 12, 13]), pd.Series(list("aaabbb")))
    >>> test.f, test.degrees_between, round(test.eta_squared, 4)
    (150.0, 1, 0.974)
    """
    known = values.notna() & groups.notna()
    y = np.asarray(values[known], dtype=np.float64)
    code: Codes = np.asarray(pd.factorize(groups[known], sort=True)[0], dtype=np.intp)
    n, k = y.size, int(code.max()) + 1
    base = np.bincount(code).astype(np.float64)
    mean = np.bincount(code, y) / base
    squares = np.bincount(code, (y - mean[code]) ** 2)
    within = float(squares.sum())
    between = float((base * (mean - y.mean()) ** 2).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        f = (between / (k - 1)) / (within / (n - k))
        variance = squares / (base - 1)
    mean_square = within / (n - k)
    welch_f, welch_degrees, welch = welch_anova(mean, variance, base)
    h = _kruskal(y, code, base)
    return MeanTest(
        n=n,
        f=f,
        degrees_between=k - 1,
        degrees_within=float(n - k),
        p_value=float(special.fdtrc(k - 1, n - k, f)),
        eta_squared=between / (between + within),
        omega_squared=(between - (k - 1) * mean_square) / (between + within + mean_square),
        welch_f=welch_f,
        welch_degrees=welch_degrees,
        welch_p=welch,
        kruskal=h,
        kruskal_p=float(special.chdtrc(k - 1, h)),
        epsilon_squared=h / (n - 1),
    )


def _kruskal(y: Array, code: Codes, base: Array) -> float:
    """H with the correction for ties."""
    n = y.size
    ranks = pd.Series(y).rank().to_numpy(dtype=np.float64)
    sums = np.bincount(code, ranks)
    ties = np.unique(y, return_counts=True)[1].astype(np.float64)
    correction = 1 - (ties**3 - ties).sum() / (n**3 - n)
    return float((12 / (n * (n + 1)) * (sums**2 / base).sum() - 3 * (n + 1)) / correction)


def pairwise_welch(values: pd.Series[float], groups: pd.Series[str]) -> pd.DataFrame:
    """Welch's t test of every pair of groups with Holm's correction; lower triangle.

    Rows are the later group of a pair, columns the earlier one, as R's ``pairwise.t.test``.
    """
    known = values.notna() & groups.notna()
    grouped = values[known].groupby(groups[known])
    names = list(grouped.groups)
    mean, variance, base = (
        grouped.agg(how).to_numpy(dtype=np.float64) for how in ("mean", "var", "count")
    )
    a, b = np.triu_indices(len(names), 1)
    p = welch_p(mean[a], mean[b], variance[a], variance[b], base[a], base[b])
    table = pd.DataFrame(np.nan, index=names[1:], columns=names[:-1])
    for i, j, value in zip(a.tolist(), b.tolist(), adjust(p, "holm").tolist(), strict=True):
        table.loc[names[j], names[i]] = value
    return table
