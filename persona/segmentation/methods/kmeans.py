"""k-means from many starts, with weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from persona.segmentation import lloyd
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.basis import Column
from persona.segmentation.coordinates import Space
from persona.segmentation.fit import Data, Fit, Method
from persona.segmentation.methods.mixture import SCREENED, screened

SHAKES = 16
"""Copies of the best solution that are disturbed at a time."""


@dataclass(frozen=True)
class Centres:
    """Centres in the space of the bases; probabilities as of round segments of equal spread.

    Parameters
    ----------
    centres : array (k, p)
    variance : float
        Within segments, a coordinate.
    """

    space: Space
    centres: Array
    variance: float

    def assign(self, columns: tuple[Column, ...]) -> Array:
        """Probabilities (n, k); the nearest centre has the highest."""
        return self.of_points(self.space.points(columns))

    def of_points(self, points: Array) -> Array:
        """Probabilities of respondents given as points."""
        score = points @ self.centres.T - 0.5 * (self.centres**2).sum(axis=1)
        score = score / max(self.variance, 1e-12)
        score -= score.max(axis=1, keepdims=True)
        odds = np.exp(score)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def search(
    points: Array,
    k: int,
    weights: Array,
    generator: np.random.Generator,
    starts: int,
    rounds: int = 0,
) -> tuple[Array, float, float]:
    """The best centres of many starts, their within sum of squares, and how often it was found."""
    if len(points) > SCREENED:
        rows = screened(len(points), generator)
        best, _, found = search(points[rows], k, weights[rows], generator, starts, rounds)
        rested, _ = lloyd.lloyd(points, best[None], weights[None], tolerance=1e-8)
        best, value = lloyd.transfer(points, rested[0], weights)
        return best, value, found
    quick = points.astype(np.float32)
    own = np.broadcast_to(weights.astype(np.float32), (starts, len(points)))
    first = lloyd.seeds(quick, k, own, generator)
    centres, _ = lloyd.lloyd(quick, first, own, iterations=60, tolerance=1e-5)
    exact = np.broadcast_to(weights, (starts, len(points)))
    centres, within = lloyd.lloyd(points, centres.astype(float), exact, tolerance=1e-10)
    order = np.argsort(within, kind="stable")[: 5 if starts > 5 else 1]
    tried = [lloyd.transfer(points, centres[run], weights) for run in order]
    best, value = min(tried, key=lambda pair: pair[1])
    for _ in range(rounds if k > 1 else 0):
        other, reached = _shaken(points, quick, best, weights, generator)
        if reached < value * (1 - 1e-12):
            best, value = other, reached
    found = float(np.mean(within <= value * (1 + 1e-4)))
    return best, value, found


def _shaken(
    points: Array, quick: Array, centres: Array, weights: Array, generator: np.random.Generator
) -> tuple[Array, float]:
    """The best of :data:`SHAKES` copies in which one centre was put elsewhere (random swap).

    After Fränti (2018), "Efficiency of random swap clustering".
    """
    k = len(centres)
    copies = np.repeat(centres[None].astype(np.float32), SHAKES, axis=0)
    chance = weights / weights.sum()
    landing = generator.choice(len(points), SHAKES, p=chance)
    copies[np.arange(SHAKES), generator.integers(0, k, SHAKES)] = quick[landing]
    own = np.broadcast_to(weights.astype(np.float32), (SHAKES, len(points)))
    moved, within = lloyd.lloyd(quick, copies, own, iterations=20, tolerance=1e-4)
    first = moved[int(within.argmin())].astype(float)
    rested, _ = lloyd.lloyd(points, first[None], weights[None], tolerance=1e-10)
    return lloyd.transfer(points, rested[0], weights)


def fit(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """The centres with the least weighted sum of squares (MacQueen 1967; Lloyd 1982)."""
    starts = int(options.get("shown_starts", options.get("starts", 50)))
    rounds = int(options.get("shown_rounds", options.get("rounds", 20)))
    centres, within, found = search(data.points, k, data.weights, generator, starts, rounds)
    return finish(data, centres, within, found, starts)


def finish(data: Data, centres: Array, within: float, found: float, starts: int) -> Fit:
    """A fit from centres."""
    k, p = centres.shape
    rank = int((data.components.eigenvalues > 1e-9).sum())
    freedom = max(data.n - k, 1) * max(min(p, rank), 1)
    model = Centres(data.space, centres, within / freedom)
    details = {"within_ss": within, "coordinates": centres}
    return Fit(
        k, model.of_points(data.points), model, replicated=found, starts=starts, details=details
    )


def resample(
    data: Data,
    k: int,
    weights: Array,
    generator: np.random.Generator,
    options: Mapping[str, Any],
) -> Labels:
    """All bootstrap samples in batches; of ``resample_starts`` starts each keeps the best."""
    starts = int(options.get("resample_starts", 3))
    points = data.points.astype(np.float32)
    runs = len(weights)
    own = np.repeat(weights.astype(np.float32), starts, axis=0)
    first = lloyd.seeds(points, k, own, generator, trials=1)
    centres, within = lloyd.lloyd(points, first, own, iterations=30, tolerance=1e-4)
    best = within.reshape(runs, starts).argmin(axis=1) + np.arange(runs) * starts
    return lloyd.nearest(points, centres[best])


METHOD = Method("kmeans", "k-means", fit, resample)
