"""Distributions of answers within a segment, each as statistics and parameters of :mod:`em`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from persona.segmentation.arrays import Array
from persona.segmentation.em import Family

_TINY = 1e-12


@dataclass(frozen=True)
class Categorical:
    """Answers from lists, independent within a segment; a missing answer is a row of zeros.

    Parameters
    ----------
    statistics : array (n, categories + 1)
        One column a category of each question in turn, then a column of ones.
    widths : tuple of int
        Categories of each question.
    prior : float
        Pseudo-respondents a question and segment, spread as the whole sample answers; 0 is
        maximum likelihood.
    """

    statistics: Array
    widths: tuple[int, ...]
    prior: float = 0.0

    def parameters(self, k: int) -> int:
        """Free probabilities of k segments."""
        return k * (sum(self.widths) - len(self.widths))

    def fixed(self, weights: Array) -> Array:
        """Nothing but the sums is needed."""
        return np.empty((len(weights), 0))

    def natural(self, sums: Array, fixed: Array) -> tuple[Array, Array]:
        """Log probabilities of the categories."""
        counts = sums[:, :, :-1]
        if self.prior:
            counts = counts + self.prior * self._margins().astype(counts.dtype)
        starts, question = _questions(self.widths)
        bases = np.add.reduceat(counts, starts, axis=2)[:, :, question]
        logs = np.log(np.maximum(counts / np.maximum(bases, 1e-30), 1e-30))
        out = np.zeros_like(sums)
        out[:, :, :-1] = logs
        return out, np.zeros(sums.shape[1])

    def _margins(self) -> Array:
        counts = self.statistics[:, :-1].sum(axis=0, dtype=float)
        starts = np.concatenate(([0], np.cumsum(self.widths)[:-1]))
        bases = np.repeat(np.add.reduceat(counts, starts), self.widths)
        return np.asarray(counts / np.maximum(bases, 1.0))

    def cast(self, dtype: type, rows: NDArray[np.intp] | None = None) -> Categorical:
        """Another precision, or some respondents."""
        return replace(self, statistics=_cast(self.statistics, dtype, rows))


@dataclass(frozen=True)
class Independent:
    """Measurements with their own mean and variance in each segment; missing ones are left out.

    Parameters
    ----------
    statistics : array (n, 3 p + 1)
        Squares, values and presence of each measurement, then ones.
    floor : array (p,)
        The least variance, a share of the variance in the whole sample.
    common : bool
        One variance for all segments.
    """

    statistics: Array
    floor: Array
    common: bool = False

    @property
    def lowest(self) -> Array:
        """Sums of values may be negative, the others not."""
        p = self.floor.size
        return np.concatenate([np.zeros(p), np.full(p, -np.inf), np.zeros(p + 1)])

    def parameters(self, k: int) -> int:
        """Means and variances."""
        p = self.floor.size
        return k * p + (p if self.common else k * p)

    def fixed(self, weights: Array) -> Array:
        """Nothing but the sums is needed."""
        return np.empty((len(weights), 0))

    def natural(self, sums: Array, fixed: Array) -> tuple[Array, Array]:
        """The normal density written as a product with squares, values and presence."""
        p = self.floor.size
        squares, values, seen = sums[..., :p], sums[..., p : 2 * p], sums[..., 2 * p : 3 * p]
        seen = np.maximum(seen, _TINY)
        mean = values / seen
        if self.common:
            within = (squares - values * mean).sum(axis=0) / seen.sum(axis=0)
            variance = np.broadcast_to(np.maximum(within, self.floor), mean.shape)
        else:
            variance = np.maximum(squares / seen - mean**2, self.floor)
        out = np.zeros_like(sums)
        out[..., :p] = -0.5 / variance
        out[..., p : 2 * p] = mean / variance
        out[..., 2 * p : 3 * p] = -0.5 * (mean**2 / variance + np.log(2 * np.pi * variance))
        return out, np.zeros(sums.shape[1])

    def cast(self, dtype: type, rows: NDArray[np.intp] | None = None) -> Independent:
        """Another precision, or some respondents."""
        return replace(self, statistics=_cast(self.statistics, dtype, rows))


@dataclass(frozen=True)
class CommonCovariance:
    """Measurements that vary together in the same way within every segment.

    The scatter within segments is the total scatter less that between them, so that a step
    needs the means alone. ``log f_g(x) = x'S⁻¹m_g - m_g'S⁻¹m_g / 2 + common`` (McLachlan & Peel
    2000, section 3.2).

    Parameters
    ----------
    statistics : array (n, q + 1)
        Complete measurements, then ones.
    ridge : float
        Share of the total variance added to the diagonal.
    least : array (q, q), optional
        A covariance that segments have at least, in every direction.
    """

    statistics: Array
    ridge: float = 1e-6
    least: Array | None = None

    @property
    def lowest(self) -> Array:
        """Sums of values may be negative, sizes not."""
        return np.append(np.full(self.statistics.shape[1] - 1, -np.inf), 0.0)

    def parameters(self, k: int) -> int:
        """Means and one covariance matrix."""
        q = self.statistics.shape[1] - 1
        return int(k * q + q * (q + 1) // 2)

    def fixed(self, weights: Array) -> Array:
        """The total scatter of each run, upper triangle: it stays while segments move."""
        values = self.statistics[:, :-1]
        upper = _upper(values.shape[1])
        products = values[:, upper[0]] * values[:, upper[1]]
        if weights.strides[0] == 0:
            return np.repeat((weights[:1] @ products).astype(float), len(weights), axis=0)
        return np.asarray((weights @ products).astype(float))

    def natural(self, sums: Array, fixed: Array) -> tuple[Array, Array]:
        """Discriminant functions, and the rest of the density, equal for all segments."""
        q = self.statistics.shape[1] - 1
        upper = _upper(q)
        cross = np.empty((len(fixed), q, q))
        cross[:, upper[0], upper[1]] = fixed
        cross[:, upper[1], upper[0]] = fixed
        sizes = np.maximum(sums[..., -1].astype(float), _TINY)
        means = sums[..., :-1].astype(float) / sizes[..., None]
        between = np.einsum("krp,krq,kr->rpq", means, means, sizes)
        n = sizes.sum(axis=0)
        spread = np.trace(cross, axis1=1, axis2=2) / q / n
        within = (cross - between) / n[:, None, None]
        within += (self.ridge * spread + 1e-12)[:, None, None] * np.eye(q)
        if self.least is not None:
            within = _at_least(within, self.least, *self._metric)
        inverse = np.linalg.inv(within)
        _, logdet = np.linalg.slogdet(within)
        slopes = np.einsum("rpq,krq->krp", inverse, means)
        out = np.empty_like(sums)
        out[..., :-1] = slopes
        out[..., -1] = -0.5 * (slopes * means).sum(axis=2)
        common = -0.5 * (n * (q * np.log(2 * np.pi) + logdet))
        common -= 0.5 * np.einsum("rpq,rpq->r", inverse, cross)
        return out, common

    @cached_property
    def _metric(self) -> tuple[Array, Array]:
        """A root of the least covariance, and its inverse."""
        assert self.least is not None
        values, vectors = np.linalg.eigh(self.least)
        root = vectors * np.sqrt(np.maximum(values, 1e-9 * max(float(values.max()), 1e-300)))
        return root, np.linalg.inv(root)

    def cast(self, dtype: type, rows: NDArray[np.intp] | None = None) -> CommonCovariance:
        """Another precision, or some respondents."""
        return replace(self, statistics=_cast(self.statistics, dtype, rows))


def _at_least(within: Array, least: Array, root: Array, back: Array) -> Array:
    """The covariances (runs, q, q) raised where they fall below another one.

    Of all that are nowhere below it the one of highest likelihood: eigenvalues in its metric
    below 1 become 1.
    """
    if (np.linalg.eigvalsh(within - least)[:, 0] >= 0).all():
        return within
    roots, axes = np.linalg.eigh(back @ within @ back.T)
    axes = root @ axes
    return np.asarray((axes * np.maximum(roots, 1.0)[:, None, :]) @ axes.swapaxes(1, 2))


@cache
def _questions(widths: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each question begins, and the question of each category."""
    return np.concatenate(([0], np.cumsum(widths)[:-1])), np.repeat(np.arange(len(widths)), widths)


@cache
def _upper(q: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the upper triangle stands."""
    rows, columns = np.triu_indices(q)
    return rows, columns


@dataclass(frozen=True)
class OwnCovariance:
    """Measurements with a mean and a full covariance matrix of their own in each segment.

    Parameters
    ----------
    statistics : array (n, q (q + 1) / 2 + q + 1)
        Products of pairs (upper triangle), values, ones.
    q : int
        Measurements.
    ridge : float
        Added to the diagonal.
    """

    statistics: Array
    q: int
    ridge: float = 1e-6

    @property
    def lowest(self) -> Array:
        """Sums may be negative, sizes not."""
        return np.append(np.full(self.statistics.shape[1] - 1, -np.inf), 0.0)

    def parameters(self, k: int) -> int:
        """Means and covariance matrices."""
        return k * (self.q + self.q * (self.q + 1) // 2)

    def fixed(self, weights: Array) -> Array:
        """Nothing but the sums is needed."""
        return np.empty((len(weights), 0))

    def natural(self, sums: Array, fixed: Array) -> tuple[Array, Array]:
        """The normal density as a product with squares, products and values."""
        q, k, runs = self.q, sums.shape[0], sums.shape[1]
        upper = _upper(q)
        pairs = upper[0].size
        sizes = np.maximum(sums[..., -1].astype(float), _TINY)
        means = sums[..., pairs:-1].astype(float) / sizes[..., None]
        cover = np.zeros((k, runs, q, q))
        cover[..., upper[0], upper[1]] = sums[..., :pairs] / sizes[..., None]
        cover[..., upper[1], upper[0]] = cover[..., upper[0], upper[1]]
        cover -= means[..., :, None] * means[..., None, :]
        cover += self.ridge * np.eye(q)
        cover[sizes < q + 1] = np.eye(q)
        inverse = np.linalg.inv(cover)
        _, logdet = np.linalg.slogdet(cover)
        slopes = np.einsum("krpq,krq->krp", inverse, means)
        out = np.empty_like(sums)
        halves = np.where(upper[0] == upper[1], -0.5, -1.0)
        out[..., :pairs] = inverse[..., upper[0], upper[1]] * halves
        out[..., pairs:-1] = slopes
        out[..., -1] = -0.5 * ((slopes * means).sum(-1) + logdet + q * np.log(2 * np.pi))
        return out, np.zeros(runs)

    def cast(self, dtype: type, rows: NDArray[np.intp] | None = None) -> OwnCovariance:
        """Another precision, or some respondents."""
        return replace(self, statistics=_cast(self.statistics, dtype, rows))


@dataclass(frozen=True)
class Together:
    """Several families side by side, independent of each other within a segment."""

    parts: tuple[Family, ...]
    statistics: Array

    @property
    def lowest(self) -> Array:
        """The least sums of each part."""
        bounds = [
            np.asarray(getattr(p, "lowest", np.zeros(_width(p) + 1)))[:-1] for p in self.parts
        ]
        return np.append(np.concatenate(bounds), 0.0)

    def parameters(self, k: int) -> int:
        """Of all parts."""
        return sum(part.parameters(k) for part in self.parts)

    def fixed(self, weights: Array) -> Array:
        """Nothing but the sums is needed."""
        return np.empty((len(weights), 0))

    def natural(self, sums: Array, fixed: Array) -> tuple[Array, Array]:
        """The parameters of the parts side by side, their constants added."""
        out = np.zeros_like(sums)
        common = np.zeros(sums.shape[1])
        at = 0
        for part in self.parts:
            width = _width(part)
            own = np.concatenate((sums[..., at : at + width], sums[..., -1:]), axis=2)
            values, rest = part.natural(own, fixed)
            out[..., at : at + width] = values[..., :-1]
            out[..., -1] += values[..., -1]
            common += rest
            at += width
        return out, common

    def cast(self, dtype: type, rows: NDArray[np.intp] | None = None) -> Together:
        """Another precision, or some respondents."""
        return together([part.cast(dtype, rows) for part in self.parts])


def together(parts: Sequence[Family]) -> Together:
    """Families side by side."""
    ones = parts[0].statistics[:, -1:]
    columns = [part.statistics[:, :-1] for part in parts]
    return Together(tuple(parts), np.concatenate([*columns, ones], axis=1))


def _width(family: Family) -> int:
    return int(family.statistics.shape[1]) - 1


def _cast(statistics: Array, dtype: type, rows: NDArray[np.intp] | None) -> Array:
    chosen = statistics if rows is None else statistics[rows]
    return np.ascontiguousarray(chosen, dtype=dtype)


def independent(values: Array, floor: float = 0.01, common: bool = False) -> Independent:
    """Measurements (n, p), NaN where missing, as statistics of :class:`Independent`."""
    seen = ~np.isnan(values)
    filled = np.where(seen, values, 0.0)
    statistics = np.hstack([filled**2, filled, seen, np.ones((len(values), 1))])
    variance = np.nanvar(values, axis=0)
    return Independent(statistics, np.maximum(floor * variance, 1e-9), common)


def own_covariance(values: Array, ridge: float = 1e-6) -> OwnCovariance:
    """Complete measurements (n, q) as statistics of :class:`OwnCovariance`."""
    q = values.shape[1]
    upper = _upper(q)
    products = values[:, upper[0]] * values[:, upper[1]]
    statistics = np.hstack([products, values, np.ones((len(values), 1))])
    return OwnCovariance(statistics, q, ridge * float(np.var(values, axis=0).mean()))
