"""k-means in batches: many starts and many bootstrap samples in one matrix product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persona.segmentation.arrays import Array
from persona.segmentation.parallel import over, slices

_CHUNK = 1 << 18
"""Cells (segments x runs x respondents) worked on at once: what the cache of one core holds."""


def seeds(
    values: Array, k: int, weights: Array, generator: np.random.Generator, trials: int = 2
) -> Array:
    """First centres of every run, far from each other (k-means++, Arthur & Vassilvitskii 2007).

    Parameters
    ----------
    values : array (n, p)
    weights : array (runs, n)
        A respondent of weight zero is never picked.
    trials : int
        Picks tried for each centre; the one that lowers the distances most is kept.

    Returns
    -------
    array (runs, k, p)
    """
    runs, n = weights.shape
    norms = np.einsum("np,np->n", values, values)
    picks = np.empty((runs, k), dtype=np.intp)
    nearest = np.full((runs, n), np.inf, dtype=values.dtype)
    for step in range(k):
        mass = weights * nearest if step else weights
        edges = np.cumsum(mass, axis=1, dtype=np.float64)
        tries = trials if step else 1
        draws = generator.random((runs, tries)) * edges[:, -1:]
        found = np.empty((runs, tries), dtype=np.intp)
        for r in range(runs):
            found[r] = np.searchsorted(edges[r], draws[r], side="right")
        found = np.minimum(found, n - 1)
        reach = [np.minimum(nearest, _squared(values, norms, found[:, t])) for t in range(tries)]
        cost = np.stack([(weights * r).sum(axis=1) for r in reach])
        best = cost.argmin(axis=0)
        picks[:, step] = found[np.arange(runs), best]
        nearest = np.choose(best[:, None], reach) if tries > 1 else reach[0]
    return values[picks]


def _squared(values: Array, norms: Array, at: NDArray[np.intp]) -> Array:
    far = norms[None] - 2 * (values[at] @ values.T) + norms[at][:, None]
    return np.asarray(np.maximum(far, 0))


def lloyd(
    values: Array, centres: Array, weights: Array, iterations: int = 100, tolerance: float = 1e-6
) -> tuple[Array, Array]:
    """Move every run's centres to the weighted mean of their respondents until they rest.

    Parameters
    ----------
    values : array (n, p)
    centres : array (runs, k, p)
    weights : array (runs, n)
    tolerance : float
        Rest: the centres moved less than this share of the total variance.

    Returns
    -------
    centres : array (runs, k, p)
    within : array (runs,)
        Weighted sum of squared distances to the own centre.
    """
    runs, k = centres.shape[:2]
    out = np.array(centres, dtype=values.dtype)
    within = np.empty(runs)
    ones = np.concatenate([values, np.ones((len(values), 1), values.dtype)], axis=1)
    turned = np.ascontiguousarray(ones.T)
    square = np.einsum("np,np->n", values, values, dtype=float)
    rest = tolerance * float(values.var(axis=0).sum())
    size = max(1, _CHUNK // (k * len(values)))

    def work(part: slice) -> None:
        out[part], within[part] = _chunk(
            ones, turned, square, out[part], weights[part], iterations, rest
        )

    over(work, slices(runs, size))
    return out, within


def _chunk(
    ones: Array,
    turned: Array,
    square: Array,
    centres: Array,
    weights: Array,
    iterations: int,
    rest: float,
) -> tuple[Array, Array]:
    runs, k, p = centres.shape
    n = ones.shape[0]
    centres = centres.copy()
    within = np.einsum("rn,n->r", weights, square)
    reach = np.zeros(runs)
    active = np.arange(runs)
    for _ in range(iterations):
        mine, own = centres[active].swapaxes(0, 1), weights[active]
        score, best = _scores(mine, turned)
        reach[active] = np.einsum("rn,rn->r", best, own, dtype=float)
        member = (score == best).astype(ones.dtype)
        member *= own
        sums = (member.reshape(-1, n) @ ones).reshape(k, len(active), p + 1)
        size = sums[:, :, -1:]
        empty = size[:, :, 0] <= 0
        moved = np.where(size > 0, sums[:, :, :-1] / np.maximum(size, 1e-30), mine)
        for g, r in zip(*np.nonzero(empty), strict=True):
            # an empty segment starts again at the respondent that fits its own segment worst
            gap = (square - 2 * best[r]) * (own[r] > 0)
            moved[g, r] = ones[int(gap.argmax()), :-1]
        shift = ((moved - mine) ** 2).sum(axis=2).max(axis=0)
        centres[active] = moved.swapaxes(0, 1)
        active = active[shift > rest]
        if not active.size:
            break
    if active.size:
        _, best = _scores(centres[active].swapaxes(0, 1), turned)
        reach[active] = np.einsum("rn,rn->r", best, weights[active], dtype=float)
    return centres, within - 2 * reach


def _scores(centres: Array, turned: Array) -> tuple[Array, Array]:
    """Product with each centre less half its square (k, runs, n), and the largest of them."""
    k, runs, p = centres.shape
    half = -0.5 * (centres**2).sum(axis=2, keepdims=True)
    wide = np.concatenate([centres, half], axis=2).reshape(k * runs, p + 1)
    score = (wide @ turned).reshape(k, runs, -1)
    return score, score.max(axis=0)


def nearest(values: Array, centres: Array) -> NDArray[np.intp]:
    """The nearest centre of each respondent in each run: (runs, n) in 0..k-1."""
    runs, k, _ = centres.shape
    half = 0.5 * (centres**2).sum(axis=2)
    out = np.empty((runs, len(values)), dtype=np.intp)
    size = max(1, _CHUNK // (k * len(values)))
    for first in range(0, runs, size):
        part = slice(first, first + size)
        wide = centres[part].swapaxes(0, 1)
        score = (wide.reshape(-1, wide.shape[2]) @ values.T).reshape(k, -1, len(values))
        score -= half[part].T[:, :, None]
        out[part] = score.argmax(axis=0)
    return out


def transfer(
    values: Array, centres: Array, weights: Array, moves: int = 400
) -> tuple[Array, float]:
    """Move single respondents while that lowers the sum of squares (Hartigan 1975).

    Parameters
    ----------
    values : array (n, p)
    centres : array (k, p)
    weights : array (n,)

    Returns
    -------
    centres : array (k, p)
    within : float
    """
    labels = nearest(values, centres[None])[0]
    k = len(centres)
    member = np.zeros((len(values), k))
    member[np.arange(len(values)), labels] = weights
    size = member.sum(axis=0)
    centres = np.where(
        size[:, None] > 0, member.T @ values / np.maximum(size, 1e-300)[:, None], centres
    )
    square = np.einsum("np,np->n", values, values)
    far = square[:, None] - 2 * values @ centres.T + (centres**2).sum(axis=1)
    rows = np.arange(len(values))
    for _ in range(moves):
        with np.errstate(divide="ignore", invalid="ignore"):
            cost = far * size / (size + weights[:, None])
            own = far[rows, labels] * size[labels] / (size[labels] - weights)
        own[(size[labels] - weights) <= 1e-12] = -np.inf
        cost[rows, labels] = np.inf
        target = cost.argmin(axis=1)
        gain = (own - cost[rows, target]) * weights
        row = int(gain.argmax())
        if not gain[row] > 1e-10:
            break
        old, new, weight = labels[row], target[row], weights[row]
        centres[old] -= (values[row] - centres[old]) * weight / (size[old] - weight)
        centres[new] += (values[row] - centres[new]) * weight / (size[new] + weight)
        size[old] -= weight
        size[new] += weight
        labels[row] = new
        for group in (old, new):
            far[:, group] = square - 2 * values @ centres[group] + centres[group] @ centres[group]
    return centres, float(np.maximum(far[rows, labels], 0) @ weights)
