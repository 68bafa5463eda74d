"""Latent class analysis of answers of every kind, missing ones left out of the likelihood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persona.segmentation import covariates, em, families
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.basis import Column
from persona.segmentation.coordinates import indicator_statistics
from persona.segmentation.fit import Data, Fit, Method
from persona.segmentation.methods.mixture import SCREENED, screened, starting_labels
from persona.segmentation.parallel import over, slices

BEGUN, SHORT = 2, 12
"""Starts begun for each one that goes on, and the iterations they are compared after."""

ROUNDS, COPIES = 4, 10
"""Attempts to leave the best maximum found, and the ways tried in each."""

HOPEFUL = 1.0
"""Log-likelihood below the best from which another maximum is still finished."""

NEAR = 0.05
"""Difference in log-likelihood within which a start counts as having found the best."""


@dataclass(frozen=True)
class Classes:
    """Latent classes.

    Parameters
    ----------
    parameters : array (k, statistics)
        Log probabilities of the answers, then the terms of measurements, then the constant.
    widths : tuple of int
        Answers of each question.
    scaling : array (2, p)
        Mean and standard deviation by which measurements were scaled.
    """

    parameters: Array
    widths: tuple[int, ...]
    scaling: Array

    def assign(self, columns: tuple[Column, ...]) -> Array:
        """Posterior probabilities (n, k); who answered nothing gets the shares of the classes."""
        statistics = model_of(columns, self.scaling).statistics
        member, _ = em.memberships(self.parameters[:, None], statistics)
        return np.ascontiguousarray(member[:, 0].T)


def scaling_of(columns: tuple[Column, ...], weights: Array) -> Array:
    """Mean and standard deviation of the measurements: (2, p)."""
    out = []
    for column in columns:
        if column.kind == "numeric":
            seen = ~np.isnan(column.values)
            base = max(float(weights[seen].sum()), 1e-12)
            mean = float(column.values[seen] @ weights[seen] / base)
            spread = float(((column.values[seen] - mean) ** 2) @ weights[seen] / base)
            out.append((mean, max(np.sqrt(spread), 1e-12)))
    return np.array(out).T.reshape(2, -1)


def model_of(columns: tuple[Column, ...], scaling: Array, prior: float = 0.0) -> em.Family:
    """Lists of answers as probabilities, measurements as normal with a variance each."""
    listed = tuple(c for c in columns if c.kind != "numeric")
    measured = [c.values for c in columns if c.kind == "numeric"]
    parts: list[em.Family] = []
    if listed:
        shown, widths = indicator_statistics(listed)
        ones = np.ones((len(shown), 1))
        parts.append(families.Categorical(np.hstack([shown, ones]), widths, prior))
    if measured:
        values = (np.column_stack(measured) - scaling[0]) / scaling[1]
        parts.append(families.independent(values))
    return parts[0] if len(parts) == 1 else families.together(parts)


def collapse(columns: tuple[Column, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first row of each pattern of answers, and the pattern of each row."""
    codes = np.column_stack([np.nan_to_num(c.values, nan=-1e300) for c in columns])
    _, first, inverse = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    return first, inverse.reshape(-1)


def blurred(model: em.Family, labels: Labels, k: int, weights: Array, blur: float = 0.2) -> Array:
    """Sums to start from: divisions, blurred so that classes can move."""
    hard = em.sums_of_labels(labels, k, weights, model.statistics)
    return np.asarray((1 - blur) * hard + blur * hard.mean(axis=0, keepdims=True))


def _scattered(points: Array, k: int, runs: int, generator: np.random.Generator) -> Labels:
    """Divisions along random directions, of unequal size, with chance in them.

    Divisions by k-means are of like size and lie close together, and may all lead to the same
    lesser maximum.
    """
    n = len(points)
    reach = max(float(np.sqrt((points**2).sum(axis=1).mean())), 1e-12)
    labels = np.empty((runs, n), dtype=np.intp)
    for run in range(runs):
        slopes = generator.standard_normal((points.shape[1], k)) * 1.5 / reach
        shift = generator.standard_normal(k)
        labels[run] = (points @ slopes + shift + generator.gumbel(size=(n, k))).argmax(axis=1)
    return labels


def _half_and_half(ranked: Labels, count: int) -> Labels:
    """The first half of the count from the top, the rest evenly from what is below."""
    top = ranked[: (count + 1) // 2]
    below = ranked[(count + 1) // 2 :]
    spread = np.linspace(0, len(below) - 1, count - len(top)).astype(np.intp)
    return np.concatenate([top, below[spread]])


def _reshuffled(
    model: em.Family,
    quick: em.Family,
    points: Array,
    ahead: em.Mixtures,
    weights: Array,
    generator: np.random.Generator,
) -> em.Mixtures:
    """The best of some copies in which one class is dissolved and another one split.

    Split and merge moves lead out of lesser maxima (Ueda et al. 2000).
    """
    k = ahead.sums.shape[0]
    member, _ = em.memberships(ahead.parameters[:, :1], model.statistics)
    order = np.argsort(-member[:, 0], axis=0)
    labels = np.repeat(order[0][None], COPIES, axis=0)
    for copy in range(COPIES):
        gone, halved = generator.choice(k, 2, replace=False)
        leaving = labels[copy] == gone
        labels[copy, leaving] = order[1, leaving]
        inside = order[0] == halved
        side = points @ generator.standard_normal(points.shape[1])
        if inside.any():
            labels[copy, inside & (side > np.median(side[inside]))] = gone
    own = np.broadcast_to(weights.astype(np.float32), labels.shape)
    sums = blurred(quick, labels, k, own, 0.05)
    short = em.run(quick, sums, own, iterations=25, tolerance=1e-5)
    first = np.argsort(-short.log_likelihood, kind="stable")[:3]
    begun = short.sums[:, first].astype(float)
    exact = np.broadcast_to(weights, (len(first), len(weights)))
    longer = em.accelerate(model, begun, exact, iterations=200, tolerance=1e-6)
    return longer.pick(np.argsort(-longer.log_likelihood, kind="stable"))


def search(
    model: em.Family,
    points: Array,
    k: int,
    weights: Array,
    generator: np.random.Generator,
    options: Mapping[str, Any],
) -> tuple[em.Mixtures, float, int]:
    """Begin twice as many starts as asked for, go on with half as many, finish the best.

    Half of those that go on are the best after a short run in single precision, the other half
    spread over the rest: who is behind early may end higher. From the best, some moves are tried.
    """
    n = len(weights)
    if n > SCREENED and k > 1:
        rows = screened(n, generator)
        part = model.cast(np.float64, rows)
        few, often, starts = search(part, points[rows], k, weights[rows], generator, options)
        begun = few.sums * (weights.sum() / weights[rows].sum())
        return em.accelerate(model, begun, weights[None], 400, 1e-8), often, starts
    starts = 1 if k == 1 else int(options.get("starts", 30))
    tolerance = float(options.get("tolerance", 1e-11))
    quick = model.cast(np.float32)
    begun = 1 if k == 1 else starts * BEGUN
    own = np.broadcast_to(weights.astype(np.float32), (begun, n))
    if k == 1:
        sums = em.sums_of_labels(np.zeros((1, n), np.intp), 1, own, quick.statistics)
    else:
        labels = starting_labels(points, k, own, generator)
        labels[1::2] = _scattered(points, k, labels[1::2].shape[0], generator)
        sums = blurred(quick, labels, k, own)
    short = em.run(quick, sums, own, iterations=SHORT, tolerance=1e-5)
    ranked = np.argsort(-short.log_likelihood, kind="stable")
    order = _half_and_half(ranked, max(1, starts // 2))
    exact = np.broadcast_to(weights, (len(order), n))
    longer = em.accelerate(
        model, short.sums[:, order].astype(float), exact, iterations=400, tolerance=1e-6
    )
    top = np.argsort(-longer.log_likelihood, kind="stable")[: min(3, starts)]
    ahead = longer.pick(top)
    for _ in range(int(options.get("rounds", ROUNDS)) if k > 1 else 0):
        other = _reshuffled(model, quick, points, ahead, weights, generator)
        if other.log_likelihood[0] > ahead.log_likelihood[0] + NEAR:
            ahead = other
    ahead = ahead.pick(np.flatnonzero(ahead.log_likelihood > ahead.log_likelihood[0] - HOPEFUL))
    final = em.accelerate(model, ahead.sums, exact[: ahead.sums.shape[1]], tolerance=tolerance)
    best = final.pick(np.array([int(final.log_likelihood.argmax())]))
    near = longer.log_likelihood > best.log_likelihood[0] - NEAR
    return best, float(near.mean()), starts


def fit(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """The classes with the highest likelihood (Goodman 1974; McCutcheon 1987).

    ``log L = Σ_i w_i log Σ_g π_g Π_j p_gj(y_ij)``, the product over the questions answered.
    """
    columns = data.basis.columns
    scaling = scaling_of(columns, data.weights)
    if options.get("covariates") is not None and k > 1:
        return _with_covariates(data, k, generator, options, scaling)
    first, pattern = collapse(columns)
    weights: Array = np.bincount(pattern, data.weights).astype(float)
    few = tuple(Column(c.name, c.kind, c.values[first], c.levels) for c in columns)
    model = model_of(few, scaling, float(options.get("prior", 0.0)))
    found, often, starts = search(model, data.points[first], k, weights, generator, options)
    classes = Classes(found.parameters[:, 0], _widths(columns), scaling)
    return Fit(
        k,
        classes.assign(few)[pattern],
        classes,
        log_likelihood=float(found.log_likelihood[0]) - _scale_term(data, scaling),
        parameters=model.parameters(k) + k - 1,
        replicated=often,
        starts=starts,
        converged=bool(found.converged[0]),
        details={"item_probabilities": item_probabilities(classes, columns)},
    )


def _scale_term(data: Data, scaling: Array) -> float:
    """What scaling the measurements added to the log-likelihood."""
    return sum(
        float(data.weights[~np.isnan(c.values)].sum()) * float(np.log(spread))
        for c, spread in zip(data.basis.of_kind("numeric"), scaling[1], strict=True)
    )


def _with_covariates(
    data: Data,
    k: int,
    generator: np.random.Generator,
    options: Mapping[str, Any],
    scaling: Array,
) -> Fit:
    """Classes whose shares depend on covariates; see :mod:`persona.segmentation.covariates`."""
    columns = data.basis.columns
    names, design = covariates.design(options["covariates"], data.basis)
    model = model_of(columns, scaling, float(options.get("prior", 0.0)))
    found = search(model, data.points, k, data.weights, generator, options)[0]
    # other classes than those without covariates can be the best, so several starts go on
    ways = [found.sums[:, 0]]
    again = np.broadcast_to(data.weights, (5, data.n))
    labels = starting_labels(data.points, k, again.astype(np.float32), generator)
    ways += list(blurred(model, labels, k, again).swapaxes(0, 1))
    tried = [covariates.fit(model, sums, design, data.weights) for sums in ways]
    best = max(tried, key=lambda one: one.log_likelihood)
    classes = Classes(best.parameters, _widths(columns), scaling)
    near = np.mean([one.log_likelihood > best.log_likelihood - 1e-3 for one in tried])
    return Fit(
        k,
        best.memberships,
        classes,
        log_likelihood=best.log_likelihood - _scale_term(data, scaling),
        parameters=model.parameters(k) + (k - 1) * design.shape[1],
        replicated=float(near),
        starts=len(tried),
        converged=best.converged,
        details={
            "item_probabilities": item_probabilities(classes, columns),
            "coefficients": best.coefficients,
            "covariates": names,
        },
    )


def item_probabilities(classes: Classes, columns: tuple[Column, ...]) -> dict[Any, Array]:
    """The probability of each answer in each class: a table (k, answers) a question."""
    out, at = {}, 0
    for column in columns:
        if column.kind != "numeric":
            width = len(column.levels)
            out[column.name] = np.exp(classes.parameters[:, at : at + width])
            at += width
    return out


def resample(
    data: Data,
    k: int,
    weights: Array,
    generator: np.random.Generator,
    options: Mapping[str, Any],
) -> Labels:
    """One run a bootstrap sample, all together, over distinct patterns."""
    return _resampled(
        data, k, weights, lambda first, own: starting_labels(data.points[first], k, own, generator)
    )


def resample_refined(data: Data, labels: Labels, k: int, weights: Array) -> Labels:
    """Classes begun in every sample from its division by another method, as in :func:`refined`.

    Parameters
    ----------
    labels : array (runs, n)
        The samples' divisions, everybody assigned.
    weights : array (runs, n)
    """
    return _resampled(data, k, weights, lambda first, own: labels[:, first], 0.0)


def _resampled(
    data: Data,
    k: int,
    weights: Array,
    begin: Callable[[Labels, Array], Labels],
    blur: float = 0.2,
) -> Labels:
    columns = data.basis.columns
    scaling = scaling_of(columns, data.weights)
    first, pattern = collapse(columns)
    few = tuple(Column(c.name, c.kind, c.values[first], c.levels) for c in columns)
    model = model_of(few, scaling, 1.0).cast(np.float32)
    own = np.stack([np.bincount(pattern, row, len(first)) for row in weights]).astype(np.float32)
    out = np.empty(weights.shape, dtype=np.intp)
    size = max(1, (1 << 20) // (k * len(first)))
    start = begin(first, own)

    def work(part: slice) -> None:
        sums = blurred(model, start[part], k, own[part], blur)
        found = em.run(model, sums, own[part], iterations=30, tolerance=1e-4)
        member, _ = em.memberships(found.parameters, model.statistics)
        out[part] = member.argmax(axis=0)[:, pattern]

    over(work, slices(len(own), size))
    return out


def refined(data: Data, fit: Fit) -> Fit:
    """Latent classes that start from another division: what all answers say about it.

    One pseudo-respondent a question and class keeps rare answers from deciding alone.
    """
    columns = data.basis.columns
    scaling = scaling_of(columns, data.weights)
    model = model_of(columns, scaling, 1.0)
    own = data.weights[None]
    begun = em.collect(fit.memberships.T[:, None], own, model.statistics)
    found = em.run(model, begun, own, iterations=100, tolerance=1e-6)
    classes = Classes(found.parameters[:, 0], _widths(columns), scaling)
    return Fit(
        fit.k,
        classes.assign(columns),
        classes,
        log_likelihood=float(found.log_likelihood[0]) - _scale_term(data, scaling),
        parameters=model.parameters(fit.k) + fit.k - 1,
        converged=True,
        details={"item_probabilities": item_probabilities(classes, columns)},
    )


def _widths(columns: tuple[Column, ...]) -> tuple[int, ...]:
    return tuple(len(c.levels) for c in columns if c.kind != "numeric")


METHOD = Method("latent_class", "latent class analysis", fit, resample, likelihood=True)
