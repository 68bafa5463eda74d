"""What can be held for or against a division, as plain data."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.segmentation.agreement import cross_table, match
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.basis import Column
from persona.segmentation.components import drawn
from persona.segmentation.coordinates import describe
from persona.segmentation.fit import Data, Fit

SILHOUETTE_ROWS = 3000
"""Respondents whose distances to each other are worked out."""

BINARY_MARKER, RELATIVE_MARKER, SPREAD_MARKER = 0.25, 0.5, 0.5
"""A marker is .25 off the total (yes/no) or half of it (Dolnicar et al. 2018, chapter 8); where
zero means nothing, as in factor scores, half a standard deviation (Cohen 1988: medium)."""


def certainty_of(memberships: Array, weights: Array) -> float:
    """Relative entropy ``1 - Σ(-p ln p) / (n ln K)``: 1 when everybody's segment is certain."""
    k = memberships.shape[1]
    if k == 1:
        return float("nan")
    chaos = -(memberships * np.log(np.maximum(memberships, 1e-300))).sum(axis=1)
    return float(1 - chaos @ weights / (weights.sum() * np.log(k)))


def separation(fit: Fit, data: Data) -> float:
    """Smallest distance of two segment means on the components, in standard deviations within.

    Mahalanobis distance with the covariance within segments; below two, two equal normal
    segments make a single heap (McLachlan & Peel 2000, section 1.4).
    """
    if fit.k == 1:
        return float("nan")
    weighted = fit.memberships * data.weights[:, None]
    size = np.maximum(weighted.sum(axis=0), 1e-12)
    means = weighted.T @ data.scores / size[:, None]
    cross = (data.scores * data.weights[:, None]).T @ data.scores
    within = (cross - (means * size[:, None]).T @ means) / size.sum()
    within += 1e-9 * max(float(np.trace(within)), 1e-12) * np.eye(len(within))
    gaps = means[:, None] - means[None]
    far = np.einsum("abp,pq,abq->ab", gaps, np.linalg.inv(within), gaps)
    return float(np.sqrt(np.maximum(far[np.triu_indices(fit.k, 1)], 0).min()))


def sampled_rows(n: int, limit: int = SILHOUETTE_ROWS) -> NDArray[np.intp]:
    """Evenly spread rows, all of them when they are few."""
    return np.unique(np.linspace(0, n - 1, min(n, limit)).round().astype(np.intp))


def distances(points: Array) -> Array:
    """Euclidean distances between respondents."""
    square = (points**2).sum(axis=1)
    far = square[:, None] + square[None] - 2 * points @ points.T
    np.fill_diagonal(far, 0.0)
    return np.asarray(np.sqrt(np.maximum(far, 0)))


def silhouettes(far: Array, labels: Labels) -> Array:
    """Silhouette of each respondent (Rousseeuw 1987); 0 for who is alone in a segment.

    Parameters
    ----------
    far : array (n, n)
        Distances.
    """
    kinds, own = np.unique(labels, return_inverse=True)
    if len(kinds) < 2:
        return np.full(len(labels), np.nan)
    member = (own[:, None] == np.arange(len(kinds))).astype(far.dtype)
    size = member.sum(axis=0)
    sums = far @ member
    rows = np.arange(len(labels))
    inner = sums[rows, own] / np.maximum(size[own] - 1, 1)
    outer = sums / size
    outer[rows, own] = np.inf
    near = outer.min(axis=1)
    top = np.maximum(inner, near)
    width = np.where(top > 0, (near - inner) / np.where(top > 0, top, 1), 0.0)
    return np.asarray(np.where(size[own] > 1, width, 0.0))


def silhouette_widths(points: Array, divisions: Sequence[Labels]) -> list[float]:
    """Mean silhouette of each division, on at most :data:`SILHOUETTE_ROWS` respondents."""
    rows = sampled_rows(len(points))
    far = distances(points[rows].astype(np.float32))
    out = []
    for labels in divisions:
        widths = silhouettes(far, labels[rows])
        out.append(float(widths.mean()))
    return out


@dataclass(frozen=True)
class Lineage:
    """Which segments split from which as their number grows.

    Parameters
    ----------
    nodes : DataFrame
        ``k segment share stability``: stability across solutions is one less the entropy of
        where a segment's members come from, over the log of the number before (SLSa, Dolnicar
        & Leisch 2017). ``label`` is the segment of the result that a node is, 0 for others.
    flows : DataFrame
        ``k segment next_segment share``: respondents that go from a segment of k to one of
        the next larger number, as a share of all.
    """

    nodes: pd.DataFrame
    flows: pd.DataFrame


def lineage(
    divisions: Mapping[int, Labels], weights: Array, labels: Labels | None = None
) -> Lineage:
    """Segments across numbers of segments, numbered so that lines cross as little as possible.

    Parameters
    ----------
    divisions : mapping
        Number of segments to labels (n,), 0..k-1.
    labels : array (n,), optional
        The division that became the result, 0..k-1 in the numbers of the result.
    """
    ks = sorted(divisions)
    nodes, flows = [], []
    before: Labels | None = None
    for k in ks:
        own = divisions[k]
        if before is not None:
            own = _follow(before, own, k, weights)
        size = np.bincount(own, weights, k)
        steady = np.full(k, np.nan)
        if before is not None:
            table = cross_table(before, own, weights, k)
            steady = 1 - _origin_entropy(table)
            for old, new in zip(*np.nonzero(table), strict=True):
                flows.append((ks[ks.index(k) - 1], old + 1, new + 1, table[old, new] / size.sum()))
        known = _labels_of(own, labels, k, weights)
        for segment in range(k):
            share = size[segment] / size.sum()
            nodes.append((k, segment + 1, share, steady[segment], known[segment]))
        before = own
    return Lineage(
        pd.DataFrame(nodes, columns=["k", "segment", "share", "stability", "label"]),
        pd.DataFrame(flows, columns=["k", "segment", "next_segment", "share"]),
    )


def _labels_of(own: Labels, labels: Labels | None, k: int, weights: Array) -> list[int]:
    """The number in the result (from 1) of each segment of the same division, else 0."""
    if labels is None or int(labels.max()) + 1 != k:
        return [0] * k
    rows, columns = match(cross_table(own, labels, weights, k))
    found = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    return [found.get(segment, -1) + 1 for segment in range(k)]


def _follow(before: Labels, own: Labels, k: int, weights: Array) -> Labels:
    """Number segments by the one they mostly came from."""
    rows, columns = match(cross_table(before, own, weights, k))
    number = np.full(k, -1)
    number[columns] = rows
    free = [place for place in range(k) if place not in set(number[number >= 0])]
    for segment in np.flatnonzero(number < 0):
        number[segment] = free.pop(0)
    return np.asarray(number[own])


def _origin_entropy(table: Array) -> Array:
    """Entropy of the origins of each column segment, over the log of the number of origins."""
    share = table / np.maximum(table.sum(axis=0), 1e-300)
    chaos = -(share * np.log(np.maximum(share, 1e-300))).sum(axis=0)
    return np.asarray(chaos / np.log(table.shape[0])) if table.shape[0] > 1 else chaos * 0


def markers(columns: tuple[Column, ...], memberships: Array, weights: Array) -> pd.DataFrame:
    """How each basis stands in each segment and in total, and whether it marks the segment.

    Returns
    -------
    DataFrame
        ``segment basis value total difference marker``; values in the user's units.
    """
    names, means = describe(columns, memberships, weights)
    _, total = describe(columns, np.ones((len(weights), 1)), weights)
    return marked(columns, names, means, total[0])


def marked(
    columns: tuple[Column, ...], names: Sequence[Hashable], values: Array, total: Array
) -> pd.DataFrame:
    """The table of :func:`markers` from means of segments (k, p) and of all (p,)."""
    rules = _rules(columns)
    out = []
    for segment, line in enumerate(values):
        for name, value, base in zip(names, line.tolist(), total.tolist(), strict=True):
            gap = value - base
            out.append((segment + 1, name, value, base, gap, _marks(gap, base, rules[name])))
    columns_out = ["segment", "basis", "value", "total", "difference", "marker"]
    return pd.DataFrame(out, columns=columns_out)


def _rules(columns: tuple[Column, ...]) -> dict[Hashable, tuple[str, float]]:
    """For each description the rule that makes a marker, and the standard deviation it needs."""
    out: dict[Hashable, tuple[str, float]] = {}
    for column in columns:
        if column.kind == "nominal":
            out |= {f"{column.name} = {level}": ("share", 0.0) for level in column.levels}
        elif column.kind == "binary":
            out[column.name] = ("share", 0.0)
        elif (column.measured < 0).any():
            out[column.name] = ("spread", float(np.nanstd(column.measured)))
        else:
            out[column.name] = ("relative", 0.0)
    return out


def _marks(gap: float, base: float, rule: tuple[str, float]) -> bool:
    kind, spread = rule
    if kind == "spread":
        return spread > 0 and abs(gap) >= SPREAD_MARKER * spread
    if kind == "share" and abs(gap) >= BINARY_MARKER:
        return True
    return base != 0 and abs(gap) / abs(base) >= RELATIVE_MARKER


@dataclass(frozen=True)
class Evidence:
    """Everything behind a segmentation that a picture or a table can show.

    Parameters
    ----------
    respondents : DataFrame
        On the index of those assigned: ``certainty`` (highest posterior), ``second`` (the next
        likeliest segment), ``silhouette`` (NaN for who was not in the sample of distances),
        ``component_1``, ``component_2``.
    markers : DataFrame
    lineage : Lineage
    mean_posterior : Series
        Mean highest posterior of the members of each segment (norm: at least .7).
    components : DataFrame
        Loadings of the bases on the components.
    """

    respondents: pd.DataFrame
    markers: pd.DataFrame
    lineage: Lineage
    mean_posterior: pd.Series
    components: pd.DataFrame


def gather(data: Data, fit: Fit, divisions: Mapping[int, Labels], index: pd.Index) -> Evidence:
    """The evidence for one fit."""
    order = np.argsort(-fit.memberships, axis=1, kind="stable")
    top = np.take_along_axis(fit.memberships, order[:, :1], axis=1)[:, 0]
    rows = sampled_rows(data.n)
    width = np.full(data.n, np.nan)
    width[rows] = silhouettes(distances(data.points[rows].astype(np.float32)), fit.labels[rows])
    axes = drawn(data.points, data.weights, data.components)
    scores = axes.scores(data.points)
    values: dict[Hashable, object] = {
        "certainty": top,
        "second": order[:, 1] + 1 if fit.k > 1 else np.ones(data.n, int),
        "silhouette": width,
    }
    for axis in range(min(2, axes.q)):
        values[f"component_{axis + 1}"] = scores[:, axis]
    segments = pd.RangeIndex(1, fit.k + 1, name="segment")
    mean = [
        float(np.average(top[fit.labels == g], weights=data.weights[fit.labels == g] + 1e-12))
        if (fit.labels == g).any()
        else float("nan")
        for g in range(fit.k)
    ]
    loadings = pd.DataFrame(
        axes.directions,
        index=pd.Index(data.space.names, name="basis", tupleize_cols=False),
        columns=[f"component_{i + 1}" for i in range(axes.q)],
    )
    hard = np.eye(fit.k)[fit.labels]
    return Evidence(
        pd.DataFrame(values, index=index),
        markers(data.basis.columns, hard, data.weights),
        lineage(divisions, data.weights, fit.labels if fit.k > 1 else None),
        pd.Series(mean, index=segments, name="mean_posterior"),
        loadings,
    )
