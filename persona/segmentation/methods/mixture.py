"""Gaussian mixture on the first components of the bases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from persona.segmentation import em, families, lloyd
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.basis import Column
from persona.segmentation.components import Components
from persona.segmentation.coordinates import Space, rounding
from persona.segmentation.fit import Data, Fit, Method
from persona.segmentation.parallel import over, slices

COVARIANCES = ("common", "own", "diagonal")
"""Same shape for all segments; one each; or unrelated components with a variance each."""

SCREENED = 10_000
"""With more respondents, starts are compared on so many, and the best goes on with all."""


@dataclass(frozen=True)
class Normals:
    """Normal segments on components.

    Parameters
    ----------
    parameters : array (k, statistics)
        Of :mod:`persona.segmentation.families`.
    """

    space: Space
    components: Components
    covariance: str
    parameters: Array

    def assign(self, columns: tuple[Column, ...]) -> Array:
        """Posterior probabilities (n, k)."""
        return self.of_scores(self.components.scores(self.space.points(columns)))

    def of_scores(self, scores: Array) -> Array:
        """Posterior probabilities of respondents given on the components."""
        statistics = family(scores, self.covariance).statistics
        member, _ = em.memberships(self.parameters[:, None], statistics)
        return np.ascontiguousarray(member[:, 0].T, dtype=float)


def family_of(data: Data, covariance: str) -> em.Family:
    """The family of a covariance option on the components of the data.

    Segments of a common shape are nowhere narrower than the steps of the answer scales: the
    answers of a few items stand on a grid, whose lines are no segments.
    """
    if covariance != "common":
        return family(data.scores, covariance)
    hidden = rounding(data.space, data.basis.columns)
    axes = data.components.directions
    least = (axes * hidden[:, None]).T @ axes
    return family(data.scores, covariance, least if hidden.any() else None)


def family(scores: Array, covariance: str, least: Array | None = None) -> em.Family:
    """The family of a covariance option, on scores (n, q)."""
    if covariance == "own":
        return families.own_covariance(scores)
    if covariance == "diagonal":
        return families.independent(scores)
    return families.CommonCovariance(np.hstack([scores, np.ones((len(scores), 1))]), least=least)


def screened(n: int, generator: np.random.Generator) -> Labels:
    """The respondents that starts are compared on."""
    return np.sort(generator.choice(n, SCREENED, replace=False))


def starting_labels(
    points: Array, k: int, weights: Array, generator: np.random.Generator
) -> Labels:
    """Divisions (runs, n) to start from: k-means of a few iterations under row weights."""
    quick = points.astype(np.float32)
    centres = lloyd.seeds(quick, k, weights, generator, trials=1)
    centres, _ = lloyd.lloyd(quick, centres, weights, iterations=8, tolerance=1e-3)
    return lloyd.nearest(quick, centres)


def best_of(
    model: em.Family,
    points: Array,
    k: int,
    weights: Array,
    generator: np.random.Generator,
    starts: int,
    finalists: int = 3,
) -> tuple[em.Mixtures, float]:
    """Many short runs in single precision, the best finished in double; and how often found."""
    n = len(weights)
    if k == 1:
        zero = np.zeros((1, n), dtype=np.intp)
        sums = em.sums_of_labels(zero, 1, weights[None], model.statistics)
        return em.run(model, sums, weights[None], iterations=2), 1.0
    if n > SCREENED:
        rows = screened(n, generator)
        part = model.cast(np.float64, rows)
        few, often = best_of(part, points[rows], k, weights[rows], generator, starts, finalists)
        begun = few.sums * (weights.sum() / weights[rows].sum())
        return em.run(model, begun, weights[None], iterations=200, tolerance=1e-6), often
    quick = model.cast(np.float32)
    own = np.broadcast_to(weights.astype(np.float32), (starts, n))
    labels = starting_labels(points, k, own, generator)
    sums = em.sums_of_labels(labels, k, own, quick.statistics)
    short = em.run(quick, sums, own, iterations=60, tolerance=1e-5)
    order = np.argsort(-short.log_likelihood, kind="stable")
    near = short.log_likelihood > short.log_likelihood[order[0]] - 1e-3 * n
    top = order[:finalists]
    final = em.run(
        model,
        short.sums[:, top].astype(float),
        np.broadcast_to(weights, (len(top), n)),
        iterations=500,
        tolerance=1e-8,
    )
    return final.pick(np.array([int(final.log_likelihood.argmax())])), float(near.mean())


def fit(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """The mixture of normal segments with the highest likelihood (McLachlan & Peel 2000)."""
    covariance = str(options.get("covariance", "common"))
    starts = int(options.get("starts", 20))
    model = family_of(data, covariance)
    found, often = best_of(model, data.scores, k, data.weights, generator, starts)
    normals = Normals(data.space, data.components, covariance, found.parameters[:, 0])
    return Fit(
        k,
        normals.of_scores(data.scores),
        normals,
        log_likelihood=float(found.log_likelihood[0]),
        parameters=model.parameters(k) + k - 1,
        replicated=often,
        starts=starts,
        converged=bool(found.converged[0]),
        details={"components": data.components.q, "covariance": covariance},
    )


def resample(
    data: Data,
    k: int,
    weights: Array,
    generator: np.random.Generator,
    options: Mapping[str, Any],
) -> Labels:
    """One run a bootstrap sample, all together."""
    model = family_of(data, str(options.get("covariance", "common"))).cast(np.float32)
    own = weights.astype(np.float32)
    out = np.empty(weights.shape, dtype=np.intp)
    size = max(1, (1 << 20) // (k * data.n))
    start = starting_labels(data.scores, k, own, generator)

    def work(part: slice) -> None:
        sums = em.sums_of_labels(start[part], k, own[part], model.statistics)
        found = em.run(model, sums, own[part], iterations=30, tolerance=1e-4)
        member, _ = em.memberships(found.parameters, model.statistics)
        out[part] = member.argmax(axis=0)

    over(work, slices(len(weights), size))
    return out


METHOD = Method("mixture", "Gaussian mixture", fit, resample, likelihood=True)
