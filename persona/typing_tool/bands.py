"""Bands of a number, cut at values that people read easily."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BANDS = 6
SMALLEST = 0.05
"""Share of those who answered that a band holds at least."""


def readable_cuts(numbers: Floats, weights: Floats, bands: int = BANDS) -> tuple[float, ...]:
    """Where bands of about equal size end: weighted quantiles rounded to two digits.

    A cut that would leave fewer than 5 % in a band is dropped; a number at a cut belongs to the
    band above it.

    Parameters
    ----------
    numbers : (n,) array
        NaN without an answer.
    weights : (n,) array
    bands : int
        At most so many.

    Examples
    --------
    >>> ages = np.arange(16.0, 76.0)
    >>> readable_cuts(ages, np.ones(60), 4)
    (31.0, 46.0, 61.0)
    """
    given = np.isfinite(numbers) & (weights > 0)
    if not given.any():
        return ()
    order = np.argsort(numbers[given], kind="stable")
    values, mass = numbers[given][order], weights[given][order]
    below = np.cumsum(mass) / mass.sum()
    # The first value above the share wished for: a band ends where the next one begins.
    at = np.searchsorted(below, np.arange(1, bands) / bands - 1e-9) + 1
    wished = {_two_digits(float(values[min(place, len(values) - 1)])) for place in at}
    kept: list[float] = []
    last = 0.0
    for cut in sorted(wished):
        place = int(np.searchsorted(values, cut, side="left"))
        share = float(below[place - 1]) if place else 0.0
        if share - last >= SMALLEST and 1 - share >= SMALLEST:
            kept.append(cut)
            last = share
    return tuple(kept)


def _two_digits(value: float) -> float:
    """Rounded to two significant digits; whole numbers up to 100 stay as they are."""
    return float(f"{value:.2g}") + 0.0
