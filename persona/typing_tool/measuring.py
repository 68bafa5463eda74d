"""Agreement of where people were placed with where they belong."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.typing_tool.evidence import SegmentAccuracy

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Z = 1.959963984540054
"""Of a 95 % interval."""


@dataclass(frozen=True)
class Agreement:
    """How well people were placed, weighted.

    Parameters
    ----------
    accuracy, lower, upper : float
        Share placed right with its 95 % interval (Wilson 1927) on the effective base of the
        weights (Kish 1965).
    kappa : float
        Cohen (1960).
    error : float
        Standard error of the accuracy.
    confusion : (k, k) array
        True segment by the one placed in, weighted respondents.
    """

    accuracy: float
    lower: float
    upper: float
    kappa: float
    error: float
    confusion: Floats


def agreement(segments: Whole, placed: Whole, weights: Floats, k: int) -> Agreement:
    """Agreement of true and found segments, both 0 to k - 1.

    Examples
    --------
    >>> true, told = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 0])
    >>> agreement(true, told, np.ones(4), 2).kappa
    0.5
    """
    counted = np.bincount(segments * k + placed, weights, minlength=k * k)
    confusion = counted.reshape(k, k).astype(np.float64)
    total = float(confusion.sum())
    right = float(np.trace(confusion)) / total
    expected = float(confusion.sum(axis=1) @ confusion.sum(axis=0)) / total**2
    kappa = (right - expected) / (1 - expected) if expected < 1 else 0.0
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    lower, upper = _wilson(right, effective)
    error = math.sqrt(max(right * (1 - right), 0.0) / effective)
    return Agreement(right, lower, upper, kappa, error, confusion)


def _wilson(share: float, base: float) -> tuple[float, float]:
    centre = (share + Z**2 / (2 * base)) / (1 + Z**2 / base)
    half = Z / (1 + Z**2 / base) * math.sqrt(share * (1 - share) / base + Z**2 / (4 * base**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def segment_accuracies(confusion: Floats, segments: Whole) -> tuple[SegmentAccuracy, ...]:
    """Recall and precision of each segment."""
    counts = np.bincount(segments, minlength=len(confusion))
    placed = confusion.sum(axis=0)
    true = confusion.sum(axis=1)
    return tuple(
        SegmentAccuracy(
            segment=number + 1,
            recall=float(confusion[number, number] / true[number]) if true[number] else 0.0,
            precision=float(confusion[number, number] / placed[number]) if placed[number] else None,
            base=int(counts[number]),
        )
        for number in range(len(confusion))
    )


def certain(sums: Whole, below: int) -> NDArray[np.bool_]:
    """Whose largest sum stands at least ``below`` points above the second."""
    if sums.shape[1] < 2:
        return np.ones(len(sums), dtype=bool)
    top = np.partition(sums, sums.shape[1] - 2, axis=1)
    return np.asarray(top[:, -1] - top[:, -2] >= below)


def share_of(mask: NDArray[np.bool_], among: NDArray[np.bool_], weights: Floats) -> float | None:
    """Weighted share of some among others; None when there are none."""
    total = float(weights[among].sum())
    return float(weights[mask & among].sum()) / total if total > 0 else None
