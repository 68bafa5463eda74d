"""Consensus of many k-means runs on bootstrap samples."""

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
from persona.segmentation.methods.kmeans import search
from persona.segmentation.stability import bootstrap_weights

RUNS = 60
"""Divisions that vote."""


@dataclass(frozen=True)
class Votes:
    """Centres of every run, and the votes typical of each segment.

    Parameters
    ----------
    runs : tuple of array (k_r, p)
    ballots : array (k, sum of k_r)
        Share of the members of a segment that each run put into each of its own segments.
    """

    space: Space
    runs: tuple[Array, ...]
    ballots: Array

    def assign(self, columns: tuple[Column, ...]) -> Array:
        """Probabilities (n, k)."""
        points = self.space.points(columns)
        return self.of_votes(
            votes([lloyd.nearest(points, c[None])[0] for c in self.runs], self.runs)
        )

    def of_votes(self, cast: Array) -> Array:
        """Agreement with each segment's votes, sharpened so that it sums to one."""
        close = 2 * cast @ self.ballots.T - (self.ballots**2).sum(axis=1)
        score = close - close.max(axis=1, keepdims=True)
        odds = np.exp(score)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def votes(labels: list[Labels], runs: tuple[Array, ...]) -> Array:
    """One column a segment of each run: who was put into it."""
    parts = [
        (own[:, None] == np.arange(len(centres))).astype(float)
        for own, centres in zip(labels, runs, strict=True)
    ]
    return np.hstack(parts)


def fit(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """k-means of the votes of many runs (Wu et al. 2015).

    The runs divide bootstrap samples into k to k + 3 segments, so that what they agree on owes
    nothing to a single sample, start or number.
    """
    count = int(options.get("runs", RUNS))
    weights = bootstrap_weights(data.n, count, generator) * data.weights
    points = data.points.astype(np.float32)
    runs: list[Array] = []
    for extra in range(4):
        own = weights[extra::4].astype(np.float32)
        if not len(own):
            continue
        size = min(k + extra, max(2, data.n // 4))
        first = lloyd.seeds(points, size, own, generator)
        centres, _ = lloyd.lloyd(points, first, own, iterations=30, tolerance=1e-4)
        runs += [one.astype(float) for one in centres]
    voting = tuple(runs)
    cast = votes([lloyd.nearest(data.points, c[None])[0] for c in voting], voting)
    ballots, _, found = search(cast, k, data.weights, generator, int(options.get("starts", 20)))
    model = Votes(data.space, voting, ballots)
    return Fit(k, model.of_votes(cast), model, replicated=found, starts=20)


def resample(
    data: Data,
    k: int,
    weights: Array,
    generator: np.random.Generator,
    options: Mapping[str, Any],
) -> Labels:
    """For each sample a consensus of a few runs on samples of it."""
    points = data.points.astype(np.float32)
    few = 8
    out = np.empty(weights.shape, dtype=np.intp)
    for run, row in enumerate(weights):
        chance = row.astype(float) / row.sum(dtype=float)
        again = generator.multinomial(data.n, chance, size=few).astype(np.float32)
        first = lloyd.seeds(points, k, again, generator, trials=1)
        centres, _ = lloyd.lloyd(points, first, again, iterations=15, tolerance=1e-3)
        cast = votes(list(lloyd.nearest(points, centres)), tuple(centres)).astype(np.float32)
        own = np.repeat(row[None].astype(np.float32), 3, axis=0)
        start = lloyd.seeds(cast, k, own, generator, trials=1)
        final, within = lloyd.lloyd(cast, start, own, iterations=15, tolerance=1e-3)
        out[run] = lloyd.nearest(cast, final[within.argmin()][None])[0]
    return out


METHOD = Method("consensus", "consensus of k-means runs", fit, resample)
