"""k-medoids on Gower's distance: segments around typical respondents, for answers of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from persona.segmentation.arrays import Array, Labels
from persona.segmentation.basis import Column
from persona.segmentation.fit import Data, Fit, Method
from persona.segmentation.gower import gower, ranges

EXACT = 2500
"""Respondents above which medoids are looked for in a sample (CLARA, Kaufman & Rousseeuw 1990)."""

SAMPLE = 250
"""Distinct respondents of a bootstrap sample that medoids are looked for in."""


@dataclass(frozen=True)
class Medoids:
    """Typical respondents.

    Parameters
    ----------
    columns : tuple of Column
        The answers of the medoids.
    span : array (columns,)
    spread : float
        Mean squared distance to the own medoid, by which distances become probabilities.
    """

    columns: tuple[Column, ...]
    span: Array
    spread: float

    def assign(self, columns: tuple[Column, ...]) -> Array:
        """Probabilities (n, k), ``exp(-d² / 2s²)``; the nearest medoid has the highest."""
        return self.of_distances(gower(columns, self.columns, self.span))

    def of_distances(self, far: Array) -> Array:
        """Probabilities from distances to the medoids."""
        score = -(far**2) / max(2 * self.spread, 1e-12)
        odds = np.exp(score - score.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def build(far: Array, k: int, weights: Array) -> Labels:
    """First medoids: each lowers the sum of distances most (BUILD of PAM)."""
    picks = [int((weights @ far).argmin())]
    near = far[:, picks[0]].copy()
    while len(picks) < k:
        saved = weights @ np.maximum(near[:, None] - far, 0)
        saved[picks] = -1.0
        picks.append(int(saved.argmax()))
        near = np.minimum(near, far[:, picks[-1]])
    return np.array(picks, dtype=np.intp)


def swap(far: Array, picks: Labels, weights: Array, rounds: int = 100) -> tuple[Labels, float]:
    """Exchange a medoid for another respondent while that lowers the sum of distances.

    All exchanges are priced at once (FastPAM1, Schubert & Rousseeuw 2019).
    """
    picks = picks.copy()
    k = len(picks)
    for _ in range(rounds):
        mine = far[:, picks]
        order = np.argsort(mine, axis=1, kind="stable")
        near = np.take_along_axis(mine, order[:, :1], axis=1)
        second = np.take_along_axis(mine, order[:, 1:2], axis=1) if k > 1 else near + np.inf
        closer = np.minimum(far - near, 0)
        member = (order[:, :1] == np.arange(k)) * weights[:, None]
        lost = np.minimum(far, second) - near - closer
        price = weights @ closer + member.T @ lost
        price[:, picks] = 0.0
        best = int(price.argmin())
        out, come = divmod(best, far.shape[1])
        if not price[out, come] < -1e-12:
            break
        picks[out] = come
    near_sum = float(weights @ far[:, picks].min(axis=1))
    return picks, near_sum


def _rows(columns: tuple[Column, ...], rows: Labels) -> tuple[Column, ...]:
    return tuple(Column(c.name, c.kind, c.values[rows], c.levels) for c in columns)


def fit(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """Partitioning around medoids (Kaufman & Rousseeuw 1990)."""
    columns, span = data.basis.columns, ranges(data.basis.columns)
    rows = np.arange(data.n)
    if data.n > EXACT:
        chance = data.weights / data.weights.sum()
        rows = np.sort(generator.choice(data.n, EXACT, replace=False, p=chance))
    own = data.weights[rows] if data.n <= EXACT else np.ones(len(rows))
    far = gower(_rows(columns, rows), _rows(columns, rows), span)
    picks, _ = swap(far, build(far, k, own), own)
    chosen = _rows(columns, rows[picks])
    near = gower(columns, chosen, span)
    nearest = near.min(axis=1)
    spread = float(data.weights @ nearest**2 / data.weights.sum())
    model = Medoids(chosen, span, spread)
    details = {
        "objective": float(data.weights @ nearest / data.weights.sum()),
        "medoids": data.basis.kept[rows[picks]],
    }
    return Fit(k, model.of_distances(near), model, details=details)


def resample(
    data: Data,
    k: int,
    weights: Array,
    generator: np.random.Generator,
    options: Mapping[str, Any],
) -> Labels:
    """Medoids from at most :data:`SAMPLE` respondents of each bootstrap sample."""
    columns, span = data.basis.columns, ranges(data.basis.columns)
    out = np.empty(weights.shape, dtype=np.intp)
    for run, own in enumerate(weights):
        drawn = np.flatnonzero(own > 0)
        if len(drawn) > SAMPLE:
            drawn = generator.choice(drawn, SAMPLE, replace=False)
        part = _rows(columns, drawn)
        far = gower(part, part, span)
        picks, _ = swap(far, build(far, k, own[drawn]), own[drawn], rounds=20)
        out[run] = gower(columns, _rows(columns, drawn[picks]), span).argmin(axis=1)
    return out


METHOD = Method("medoids", "k-medoids on Gower distance", fit, resample)
