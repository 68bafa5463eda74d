"""Tests and intervals on weighted shares and means, as arrays.

Weighted figures are tested on Kish's effective base e = (sum w)^2 / sum w^2, whole tables by the
second-order correction of Rao and Scott (1984). Without weights both are the classical tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
Correction = Literal["fdr", "fdr_table", "holm", "bonferroni", "none"]

Z_95 = float(special.ndtri(0.975))


def effective_base(weight: Array, squared: Array) -> Array:
    """Kish's effective base (sum w)^2 / sum w^2 from the two sums; 0 where there is nobody.

    Examples
    --------
    >>> effective_base(np.array([4.0]), np.array([4.0]))
    array([4.])
    """
    return np.divide(weight**2, squared, out=np.zeros_like(weight), where=squared > 0)


def effective_n(weights: Array) -> float:
    """Kish's effective number of respondents.

    Examples
    --------
    >>> effective_n(np.array([1.0, 1.0, 2.0]))
    2.6666666666666665
    """
    squared = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squared if squared > 0 else 0.0


def two_sided(z: Array) -> Array:
    """Two-sided p of a standard normal statistic."""
    return np.asarray(2.0 * special.ndtr(-np.abs(z)))


def wilson(share: Array, base: Array, z: float = Z_95) -> tuple[Array, Array]:
    """Wilson's (1927) interval of a share (0 to 1) on its effective base; NaN at base 0.

    Examples
    --------
    >>> low, high = wilson(np.array([0.09]), np.array([100.0]))
    >>> [round(float(x[0]), 4) for x in (low, high)]
    [0.0481, 0.1623]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (share + z**2 / (2 * base)) / (1 + z**2 / base)
        half = z / (1 + z**2 / base) * np.sqrt(share * (1 - share) / base + z**2 / (4 * base**2))
    # rounding must not push a bound past the share itself
    low, high = np.minimum(centre - half, share), np.maximum(centre + half, share)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def mean_interval(mean: Array, variance: Array, base: Array) -> tuple[Array, Array]:
    """Student's 95 % interval of a mean, m +- t(e - 1) s / sqrt(e); NaN where e <= 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ok = base > 1
        t = np.where(ok, special.stdtrit(np.where(ok, base - 1, 1.0), 0.975), np.nan)
        half = t * np.sqrt(variance / base)
    return mean - half, mean + half


def share_z(
    share_a: Array, share_b: Array, base_a: Array, base_b: Array, overlap: Overlap | None = None
) -> Array:
    """z of the difference of two shares with the pooled share in the standard error.

    z = (pa - pb) / sqrt(p (1 - p) (1/ea + 1/eb - 2 o)), where p pools both shares by effective
    base and o = sum over shared respondents of w^2 / (Wa Wb) takes out the covariance of columns
    that overlap (0 when they do not). NaN where a base is empty; 0 where the shares are equal.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        hits = share_a * base_a + share_b * base_b
        people = base_a + base_b
        coefficient = 1 / base_a + 1 / base_b
        if overlap is not None:
            hits = hits - overlap.share * overlap.base
            people = people - overlap.base
            coefficient = np.maximum(coefficient - 2 * overlap.coefficient, 0.0)
        pooled = np.clip(hits / people, 0.0, 1.0)
        difference = share_a - share_b
        z = difference / np.sqrt(pooled * (1 - pooled) * coefficient)
    empty = (base_a <= 0) | (base_b <= 0)
    return np.where(empty, np.nan, np.where(np.abs(difference) < 1e-15, 0.0, z))


@dataclass(frozen=True, slots=True)
class Overlap:
    """The respondents two columns share: their share, effective base and w^2 / (Wa Wb)."""

    share: Array
    base: Array
    coefficient: Array


def welch_p(
    mean_a: Array,
    mean_b: Array,
    variance_a: Array,
    variance_b: Array,
    base_a: Array,
    base_b: Array,
    covariance: Array | float = 0.0,
) -> Array:
    """Two-sided p of Welch's (1947) t test on effective bases; NaN where a base is at most 1.

    ``covariance`` is that of the two means when the columns overlap.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        part_a, part_b = variance_a / base_a, variance_b / base_b
        spread = np.maximum(part_a + part_b - 2 * covariance, 0.0)
        degrees = (part_a + part_b) ** 2 / (part_a**2 / (base_a - 1) + part_b**2 / (base_b - 1))
        difference = mean_a - mean_b
        t = np.abs(difference) / np.sqrt(spread)
        p = 2 * special.stdtr(degrees, -t)
    p = np.where(spread <= 0, np.where(np.abs(difference) < 1e-12, 1.0, 0.0), p)
    return np.where((base_a > 1) & (base_b > 1), p, np.nan)


def adjust(p_values: Array, method: str) -> Array:
    """p-values corrected for their number; NaN stays NaN and is no test.

    ``fdr`` is Benjamini and Hochberg (1995), ``holm`` Holm (1979).

    Examples
    --------
    >>> adjust(np.array([0.01, 0.02, np.nan]), "fdr").round(3).tolist()
    [0.02, 0.02, nan]
    """
    result = p_values.astype(np.float64).copy()
    known = ~np.isnan(result)
    p = result[known]
    m = p.size
    if m == 0 or method == "none":
        return result
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, m + 1)
    if method in ("fdr", "fdr_table"):
        stepped = np.minimum.accumulate((p[order] * m / rank)[::-1])[::-1]
    elif method == "holm":
        stepped = np.maximum.accumulate(p[order] * (m - rank + 1))
    elif method == "bonferroni":
        stepped = p[order] * m
    else:
        raise ValueError(f"unknown correction {method!r}")
    corrected = np.empty(m)
    corrected[order] = np.minimum(stepped, 1.0)
    result[known] = corrected
    return result


@dataclass(frozen=True, slots=True)
class TableTest:
    """The test of a whole table of counts.

    ``chi_square`` and ``degrees`` are Pearson's, on weights scaled to the number of respondents;
    ``statistic``, ``degrees_numerator`` and ``degrees_denominator`` are of Rao and Scott's F
    (None without weights). ``p_value`` belongs to F when weighted, else to chi-square.
    ``expected_below_5`` is the share of expected cells below five.
    """

    chi_square: float
    degrees: int
    p_value: float
    cramers_v: float
    cramers_v_corrected: float
    phi: float
    contingency_coefficient: float
    likelihood_ratio: float
    expected_below_5: float
    statistic: float | None = None
    degrees_numerator: float | None = None
    degrees_denominator: float | None = None
    p_value_chi_square: float | None = None


def table_test(
    counts: Array, weighted: Array | None = None, squared: Array | None = None
) -> TableTest | None:
    """Pearson's chi-square of a table, or Rao and Scott's F when weights are given.

    Parameters
    ----------
    counts, weighted, squared : array (rows, columns)
        Respondents, sums of weights and of squared weights in each cell.

    Returns
    -------
    None when fewer than two rows or two columns hold anybody.

    Notes
    -----
    Bias-corrected V after Bergsma (2013); F after Rao and Scott (1984), Thomas and Rao (1987),
    which reproduces ``svychisq(statistic = "F")`` of R's survey for weights without clusters.
    """
    rows, columns = counts.sum(1) > 0, counts.sum(0) > 0
    if rows.sum() < 2 or columns.sum() < 2:
        return None
    counts = counts[np.ix_(rows, columns)]
    n = float(counts.sum())
    table = counts
    if weighted is not None:
        weighted = weighted[np.ix_(rows, columns)]
        table = weighted * (n / weighted.sum())
    expected = np.outer(table.sum(1), table.sum(0)) / n
    chi_square = float(((table - expected) ** 2 / expected).sum())
    r, c = table.shape
    degrees = (r - 1) * (c - 1)
    filled = table > 0
    ratio = float(2 * (table[filled] * np.log(table[filled] / expected[filled])).sum())
    p_value = p_chi = float(special.chdtrc(degrees, chi_square))
    statistic = d0 = denominator = None
    if weighted is not None and squared is not None:
        delta = rao_scott_delta(weighted, squared[np.ix_(rows, columns)], n)
        trace, spread = float(np.trace(delta)), float((delta * delta.T).sum())
        if trace > 0 and spread > 0:
            d0 = trace**2 / spread
            denominator, statistic = d0 * (n - 1), chi_square / trace
            p_value = float(special.fdtrc(d0, denominator, statistic))
            p_chi = float(special.chdtrc(degrees, chi_square / (trace / degrees)))
    phi2 = chi_square / n
    return TableTest(
        chi_square,
        degrees,
        p_value,
        float(np.sqrt(phi2 / (min(r, c) - 1))),
        _corrected_v(phi2, r, c, n),
        float(np.sqrt(phi2)),
        float(np.sqrt(chi_square / (chi_square + n))),
        ratio,
        float((expected < 5).mean()),
        statistic,
        d0,
        denominator,
        p_chi,
    )


def _corrected_v(phi2: float, r: int, c: int, n: float) -> float:
    """Cramer's V corrected for its bias (Bergsma 2013); 0 where nothing is left."""
    shrunk = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    room = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    return float(np.sqrt(shrunk / room)) if room > 0 else 0.0


def rao_scott_delta(weighted: Array, squared: Array, n: float) -> Array:
    """The matrix whose eigenvalues are the generalised design effects of a table.

    The covariance of the cell shares is linearised: n/(n-1) sum w^2 (x - p)(x - p)' / W^2.
    """
    r, c = weighted.shape
    total = weighted.sum()
    share = (weighted / total).ravel()
    q = squared.ravel()
    spread = np.diag(q) - np.outer(share, q) - np.outer(q, share) + np.outer(share, share) * q.sum()
    covariance = spread * (n / (n - 1)) / total**2
    contrast = _interaction_contrasts(r, c)
    inverse = np.divide(1.0, share, out=np.zeros_like(share), where=share > 0)
    left = contrast.T * inverse
    # least squares: a table with many empty cells leaves the system singular
    return np.asarray(np.linalg.lstsq((left @ contrast) / n, left @ covariance @ left.T)[0])


@cache
def _interaction_contrasts(r: int, c: int) -> Array:
    """Contrasts of a saturated table that are orthogonal to both margins; ((r c), (r-1)(c-1))."""
    return np.asarray(np.kron(_deviations(r), _deviations(c)), dtype=np.float64)


def _deviations(levels: int) -> Array:
    """Columns that span what is orthogonal to the constant; (levels, levels - 1)."""
    return np.eye(levels)[:, 1:] - 1.0 / levels
