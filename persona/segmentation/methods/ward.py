"""Ward's tree, cut and then consolidated by k-means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from persona.segmentation import lloyd
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.fit import Data, Fit, Method
from persona.segmentation.methods.kmeans import finish

EXACT = 3000
"""Respondents above which the tree stands on as many k-means centres instead of on them."""

GRAINS = 150
"""Centres that the tree of a bootstrap sample stands on."""


def tree(points: Array, weights: Array) -> tuple[Labels, Array]:
    """Merges in the order of their height, by chains of nearest neighbours (Murtagh 1983).

    The height is ``sqrt(2 w_a w_b / (w_a + w_b)) |a - b|``, that of ``hclust(ward.D2)`` for
    weights of one.

    Returns
    -------
    merges : array (n - 1, 2)
        As in scipy: a number from n on is the merge made so many rows before.
    heights : array (n - 1,)
    """
    n = len(points)
    centres, mass = points.astype(float).copy(), weights.astype(float).copy()
    square = (centres**2).sum(axis=1)
    alive = mass > 0
    heights, pairs = [], []
    chain: list[int] = []
    for _ in range(int(alive.sum()) - 1):
        if not chain:
            chain = [int(alive.argmax())]
        while True:
            tip = chain[-1]
            far = square - 2 * (centres @ centres[tip]) + square[tip]
            cost = np.where(
                alive, np.maximum(far, 0) * mass * mass[tip] / (mass + mass[tip]), np.inf
            )
            cost[tip] = np.inf
            near = int(cost.argmin())
            if len(chain) > 1 and cost[chain[-2]] <= cost[near]:
                near = chain[-2]
                break
            chain.append(near)
        keep, gone = min(tip, near), max(tip, near)
        pairs.append((keep, gone))
        heights.append(np.sqrt(2 * cost[near]))
        chain = chain[:-2]
        total = mass[keep] + mass[gone]
        centres[keep] = (centres[keep] * mass[keep] + centres[gone] * mass[gone]) / total
        mass[keep], alive[gone] = total, False
        square[keep] = centres[keep] @ centres[keep]
    order = np.argsort(heights, kind="stable")
    return _numbered(np.array(pairs, dtype=np.intp).reshape(-1, 2)[order], n), np.array(heights)[
        order
    ]


def _numbered(pairs: Labels, n: int) -> Labels:
    """Rows of pairs as numbers of clusters."""
    current = np.arange(n)
    out = np.empty_like(pairs)
    for row, (keep, gone) in enumerate(pairs):
        out[row] = current[keep], current[gone]
        current[keep] = n + row
    return out


def cut(merges: Labels, n: int, k: int) -> Labels:
    """Labels 0..k-1 of the n leaves when the last k - 1 merges are undone."""
    parent = np.arange(n + len(merges))
    for row in range(len(merges) - (k - 1)):
        parent[merges[row]] = n + row
    for node in range(len(parent) - 1, -1, -1):
        parent[node] = parent[parent[node]]
    return np.asarray(np.unique(parent[:n], return_inverse=True)[1])


def grains(
    points: Array, weights: Array, count: int, generator: np.random.Generator
) -> tuple[Array, Labels]:
    """Centres of a fine k-means, and the one each respondent belongs to."""
    quick = points.astype(np.float32)
    own = weights.astype(np.float32)[None]
    first = lloyd.seeds(quick, count, own, generator, trials=1)
    centres, _ = lloyd.lloyd(quick, first, own, iterations=5, tolerance=1e-3)
    labels = lloyd.nearest(quick, centres)[0]
    return centres[0].astype(float), labels


def _means(points: Array, labels: Labels, k: int, weights: Array) -> Array:
    member = (labels[:, None] == np.arange(k)) * weights[:, None]
    return np.asarray(member.T @ points / np.maximum(member.sum(axis=0), 1e-300)[:, None])


def fit(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """Ward's method (Ward 1963), its centres improved by k-means unless ``consolidate`` is off."""
    points, weights = data.points, data.weights
    if data.n > EXACT:
        leaves, home = grains(points, weights, EXACT // 3, generator)
        mass: Array = np.bincount(home, weights, len(leaves)).astype(float)
    else:
        leaves, home, mass = points, np.arange(data.n), weights
    merges, heights = tree(leaves, mass)
    labels = cut(merges, len(leaves), k)[home]
    centres = _means(points, labels, k, weights)
    own = weights[None]
    if options.get("consolidate", True):
        moved, within = lloyd.lloyd(points, centres[None], own, tolerance=1e-10)
        centres, inner = moved[0], float(within[0])
    else:
        inner = float(weights @ ((points - centres[labels]) ** 2).sum(axis=1))
    done = finish(data, centres, inner, 1.0, 1)
    details = {**done.details, "heights": heights, "merges": merges, "cut": labels}
    return Fit(k, done.memberships, done.model, details=details)


def resample(
    data: Data,
    k: int,
    weights: Array,
    generator: np.random.Generator,
    options: Mapping[str, Any],
) -> Labels:
    """Trees on :data:`GRAINS` fixed centres, weighted by each sample, then k-means together."""
    count = min(GRAINS, data.n)
    leaves, home = grains(data.points, data.weights, count, generator)
    runs = len(weights)
    starts = np.empty((runs, k, data.points.shape[1]), dtype=np.float32)
    for run in range(runs):
        mass = np.bincount(home, weights[run], count).astype(float)
        merges, _ = tree(leaves, mass)
        labels = _cut_present(merges, mass, k)
        starts[run] = _means(leaves, labels, k, mass)
    points = data.points.astype(np.float32)
    own = weights.astype(np.float32)
    centres, _ = lloyd.lloyd(points, starts, own, iterations=30, tolerance=1e-4)
    return lloyd.nearest(points, centres)


def _cut_present(merges: Labels, mass: Array, k: int) -> Labels:
    """A cut that leaves out leaves that no one of the sample belongs to (weight zero)."""
    n = len(mass)
    parent = np.arange(n + len(merges))
    for row in range(len(merges) - (k - 1)):
        parent[merges[row]] = n + row
    for node in range(len(parent) - 1, -1, -1):
        parent[node] = parent[parent[node]]
    out = np.full(n, -1)
    present = mass > 0
    out[present] = np.unique(parent[:n][present], return_inverse=True)[1]
    return out


METHOD = Method("ward", "Ward's method with k-means", fit, resample)
