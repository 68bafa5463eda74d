"""How much of the sum the best customers bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.profiling.significance import Array

BEST = 0.2
"""The best fifth of customers, after Pareto."""


@dataclass(frozen=True, slots=True)
class ParetoPoint:
    """The best ``customers`` (0 to 1) bring ``value`` (0 to 1) of the sum."""

    customers: float
    value: float


def curve(values: Array, weights: Array) -> tuple[tuple[ParetoPoint, ...], float, float]:
    """Pareto curve at every percent of customers, the best fifth's part, Gini's coefficient."""
    people = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
    sums = np.concatenate([[0.0], np.cumsum(values * weights) / (values * weights).sum()])
    at = np.linspace(0, 1, 101)
    height = np.interp(at, people, sums)
    points = tuple(ParetoPoint(float(x), float(y)) for x, y in zip(at, height, strict=True))
    area = float((np.diff(people) * (sums[1:] + sums[:-1]) / 2).sum())
    return points, float(np.interp(BEST, people, sums)), 2 * area - 1


def best_of(order: NDArray[np.intp], weights: Array) -> NDArray[np.bool_]:
    """Who belongs to the best fifth, by weight."""
    before = np.cumsum(weights[order]) - weights[order]
    best = np.zeros(len(weights), dtype=bool)
    best[order[before < BEST * weights[order].sum()]] = True
    return best
