"""The first principal components: as many as vary more than unrelated answers would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from persona.segmentation.arrays import Array

_ROWS = 3000
"""Respondents shuffled for the threshold; more change it by less than its own error."""


@dataclass(frozen=True)
class Components:
    """Principal axes of the points.

    Parameters
    ----------
    directions : array (p, q)
    eigenvalues, threshold : array (p,)
        Variances, and the 95th percentile of those of shuffled answers.
    share : float
        Of the total variance that the q components carry.
    """

    directions: Array
    eigenvalues: Array
    threshold: Array

    @property
    def q(self) -> int:
        """How many were kept."""
        return int(self.directions.shape[1])

    @property
    def share(self) -> float:
        """Share of the total variance."""
        return float(self.eigenvalues[: self.q].sum() / self.eigenvalues.sum())

    def scores(self, points: Array) -> Array:
        """Respondents (n, q) on the components."""
        return points @ self.directions


def components(
    points: Array,
    weights: Array,
    blocks: tuple[int, ...],
    draws: int = 20,
    seed: int = 0,
    keep: int | None = None,
) -> Components:
    """Components above those of shuffled answers (Horn 1965, percentile of Glorfeld 1995).

    Parameters
    ----------
    points : array (n, p)
        Centred.
    blocks : tuple of int
        Columns that belong to one question and are shuffled together.
    keep : int, optional
        Take so many components instead of comparing with shuffled answers.
    """
    n, p = points.shape
    values, vectors = _axes(points, weights)
    if keep is not None:
        return Components(_signed(vectors[:, :keep]), values, np.zeros(p))
    generator = np.random.default_rng([seed, n, p])
    rows = np.arange(n) if n <= _ROWS else generator.choice(n, _ROWS, replace=False)
    some, own = points[rows], weights[rows]
    # fewer rows give larger chance eigenvalues; the excess over one shrinks with the root of n
    shrink = np.sqrt(len(rows) / n)
    level = values.mean()
    chance = np.empty((draws, p))
    for draw in range(draws):
        mixed, at = np.empty_like(some), 0
        for width in blocks:
            mixed[:, at : at + width] = some[generator.permutation(len(rows)), at : at + width]
            at += width
        chance[draw] = level + (_axes(mixed, own)[0] - level) * shrink
    threshold = np.percentile(chance, 95, axis=0)
    above = values > threshold
    q = p if above.all() else int(np.argmin(above))
    rank = int((values > 1e-9 * values[0]).sum())
    q = min(max(q, 1), rank)
    return Components(_signed(vectors[:, :q]), values, threshold)


def drawn(points: Array, weights: Array, found: Components) -> Components:
    """The components to draw respondents on: two, where there are as many, even if one is kept."""
    if found.q > 1 or points.shape[1] < 2:
        return found
    return components(points, weights, (), keep=2)


def _signed(directions: Array) -> Array:
    """One rule for signs, so that the same data give the same axes."""
    largest = np.abs(directions).argmax(axis=0)
    return np.asarray(directions * np.sign(directions[largest, np.arange(directions.shape[1])]))


def _axes(points: Array, weights: Array) -> tuple[Array, Array]:
    cover = (points * weights[:, None]).T @ points / weights.sum()
    values, vectors = np.linalg.eigh(cover)
    return values[::-1], vectors[:, ::-1]
