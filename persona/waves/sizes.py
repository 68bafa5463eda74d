"""Sizes of segments in waves: shares with intervals, changes with intervals and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from persona.profiling.significance import (
    Array,
    adjust,
    effective_n,
    share_z,
    table_test,
    two_sided,
    wilson,
)
from persona.waves.model import Change, SizeInWave
from persona.waves.placed import PlacedWave, summed


def shares_of(wave: PlacedWave, weights: Array | None = None) -> Array:
    """Weighted share of each segment among those placed (k,)."""
    w = wave.weights if weights is None else weights
    sums = summed(wave.labels - 1, w, wave.k)
    return np.asarray(sums / sums.sum())


def sizes_of(wave: PlacedWave) -> tuple[SizeInWave, ...]:
    """Every segment with its weighted share and Wilson's interval on the effective base."""
    share = shares_of(wave)
    low, high = wilson(share, np.full(wave.k, effective_n(wave.weights)))
    counts = np.bincount(wave.labels - 1, minlength=wave.k)
    return tuple(
        SizeInWave(i + 1, int(counts[i]), float(share[i]), float(low[i]), float(high[i]))
        for i in range(wave.k)
    )


def share_changes(
    first: Array, later: Array, base_first: Array, base_later: Array
) -> tuple[Change, ...]:
    """Differences of independent shares with Newcombe's (1998) interval and the pooled z test.

    The interval joins the two Wilson intervals: d - sqrt((b - lb)^2 + (ua - a)^2) to
    d + sqrt((ub - b)^2 + (a - la)^2). Tests are on effective bases and not yet corrected.

    Examples
    --------
    >>> change = share_changes(*(np.array([x]) for x in (0.2, 0.3, 400.0, 400.0)))[0]
    >>> round(change.low, 3), round(change.high, 3), change.p_value < 0.01
    (0.04, 0.159, True)
    """
    low_a, high_a = wilson(first, base_first)
    low_b, high_b = wilson(later, base_later)
    difference = later - first
    low = difference - np.sqrt((later - low_b) ** 2 + (high_a - first) ** 2)
    high = difference + np.sqrt((high_b - later) ** 2 + (first - low_a) ** 2)
    p = two_sided(share_z(later, first, base_later, base_first))
    return tuple(
        Change(float(d), float(a), float(b), None if np.isnan(x) else float(x))
        for d, a, b, x in zip(difference, low, high, p, strict=True)
    )


def size_changes(first: PlacedWave, later: PlacedWave) -> Mapping[int, Change]:
    """Change of each segment's share, corrected over the segments."""
    bases = [np.full(first.k, effective_n(wave.weights)) for wave in (first, later)]
    found = share_changes(shares_of(first), shares_of(later), *bases)
    return dict(enumerate(corrected(found), 1))


def sizes_test(first: PlacedWave, later: PlacedWave) -> float | None:
    """p of all sizes at once: Rao and Scott's F when weighted, Pearson's chi-square else."""
    parts = [
        tuple(summed(wave.labels - 1, wave.weights**power, wave.k) for power in (0, 1, 2))
        for wave in (first, later)
    ]
    return distributions_p(parts[0], parts[1], either_weighted(first, later))


Sums = tuple[Array, ...]
"""Respondents, sums of weights and of squared weights by category."""


def either_weighted(first: PlacedWave, later: PlacedWave) -> bool:
    """Whether weights have to be allowed for."""
    return first.responses.weighted or later.responses.weighted


def distributions_p(first: Sums, later: Sums, weighted: bool) -> float | None:
    """p that two distributions are one; None when fewer than two categories hold anybody."""
    n, w, q = (np.column_stack([a, b]) for a, b in zip(first, later, strict=True))
    test = table_test(n, w, q) if weighted else table_test(n)
    return None if test is None else test.p_value


def corrected(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The same changes with p corrected for their number (Benjamini and Hochberg 1995)."""
    raw = np.array([np.nan if one.p_value is None else one.p_value for one in changes])
    adjusted = adjust(raw.astype(np.float64), "fdr")
    return tuple(
        replace(one, p_adjusted=None if np.isnan(p) else float(p))
        for one, p in zip(changes, adjusted, strict=True)
    )
