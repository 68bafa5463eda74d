"""Data with the same margins and correlations and no segments, and what a search finds there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from persona.segmentation.arrays import Array
from persona.segmentation.basis import Basis, Column
from persona.segmentation.components import components
from persona.segmentation.coordinates import space
from persona.segmentation.fit import Data
from persona.segmentation.methods.mixture import best_of, family_of
from persona.segmentation.traits import Traits, traits

ROWS = 1000
"""Respondents of a survey without segments; more than this are not needed to see the gain."""

BATCH = 6
"""Surveys without segments worked on before looking whether more are needed."""

SPREADS = 3.0
"""Standard deviations of surveys without segments that a gain must lie above their mean."""

_TERMS = 24
_STEPS = 64


@dataclass(frozen=True)
class NullBenchmark:
    """The gain by segments in the data beside that in data without segments.

    Each number of segments is compared with itself: coarse scales alone let data without
    segments gain from many of them, which says nothing against two in the data.

    Parameters
    ----------
    gain : float
        Fall of the BIC from one segment to ``k``, a respondent, in the data.
    null : array (draws,)
        The same in data of equal margins and correlations without segments.
    p_value : float
        (1 + draws that stand out as much at any number) / (1 + draws).
    rows : int
        Respondents the gains were worked out on.
    k : int
        The number at which the data stand out most.
    ks : tuple of int
        The numbers compared.
    gains, nulls : array (numbers,), (draws, numbers)
        At each of them.
    """

    gain: float
    null: Array
    p_value: float
    rows: int
    k: int
    ks: tuple[int, ...]
    gains: Array
    nulls: Array

    @property
    def excess(self) -> float:
        """Gain above the mean of the data without segments."""
        return float(self.gain - self.null.mean())

    @property
    def stands_out(self) -> bool:
        """Whether the gain lies further out than the spread of data without segments."""
        return bool(self.excess >= SPREADS * self.null.std())

    def excess_at(self, k: int) -> float:
        """Gain of k segments above the mean of the data without segments."""
        gain = np.interp(k, self.ks, self.gains - self.nulls.mean(axis=0))
        return float(gain) if k > 1 else 0.0

    def feigned(self, k: int) -> float:
        """What k segments gain in data without any, a respondent; never less than nothing."""
        if k <= 1 or not self.ks:
            return 0.0
        return max(0.0, float(np.interp(k, self.ks, self.nulls.mean(axis=0))))


def compare(ks: tuple[int, ...], gains: Array, nulls: Array, rows: int) -> NullBenchmark:
    """Find the number of segments at which the data stand out most, and how seldom that is."""
    mean, spread = nulls.mean(axis=0), nulls.std(axis=0)
    out = gains - mean - SPREADS * spread
    at = int(out.argmax())
    by_chance = (nulls - mean - SPREADS * spread).max(axis=1)
    p_value = (1 + int((by_chance >= out[at]).sum())) / (1 + len(nulls))
    return NullBenchmark(float(gains[at]), nulls[:, at], p_value, rows, ks[at], ks, gains, nulls)


def polish(values: Array) -> Array:
    """The nearest correlation matrix with positive eigenvalues, by clipping and rescaling."""
    roots, vectors = np.linalg.eigh((values + values.T) / 2)
    mended = (vectors * np.maximum(roots, 1e-6)) @ vectors.T
    scale = np.sqrt(np.diag(mended))
    return np.asarray(mended / scale / scale[:, None])


@dataclass(frozen=True)
class Copula:
    """Normal variables that become answers by their margins.

    Parameters
    ----------
    root : array (p, p)
        Cholesky factor of the normal correlation.
    margins : tuple of (values, edges)
        The answers of each column in order, and the probabilities up to each.
    """

    columns: tuple[Column, ...]
    root: Array
    margins: tuple[tuple[Array, Array], ...]

    def draw(self, n: int, generator: np.random.Generator) -> tuple[Column, ...]:
        """Answers of n respondents."""
        from scipy.special import ndtr

        uniform = ndtr(generator.standard_normal((n, len(self.columns))) @ self.root.T)
        out = []
        for j, (values, edges) in enumerate(self.margins):
            at = np.minimum(np.searchsorted(edges, uniform[:, j], side="left"), len(values) - 1)
            old = self.columns[j]
            out.append(Column(old.name, old.kind, values[at], old.levels))
        return tuple(out)


def copula(data: Data) -> Copula:
    """A normal copula whose answers correlate as those of the data do.

    The correlation of two answers as a power series of the normal correlation is inverted
    (Cario & Nelson 1997); its coefficients are those of the margins on Hermite polynomials.
    """
    columns, weights = data.basis.columns, data.weights
    coded = [_ordered(column, data) for column in columns]
    margins, coefficients = [], []
    for codes in coded:
        seen = ~np.isnan(codes)
        values, inverse = np.unique(codes[seen], return_inverse=True)
        mass = np.bincount(inverse, weights[seen])
        edges = np.cumsum(mass) / mass.sum()
        edges[-1] = 1.0
        margins.append((values, edges))
        coefficients.append(_hermite(values, edges))
    series = np.array(coefficients)
    correlation = _pairwise(np.column_stack(coded), weights)
    normal = polish(_invert(series, correlation))
    back = tuple(
        (_original(column, values, data), edges)
        for column, (values, edges) in zip(columns, margins, strict=True)
    )
    return Copula(columns, np.linalg.cholesky(normal), back)


def _ordered(column: Column, data: Data) -> Array:
    """Answers as ordered numbers; lists are ordered along the first component."""
    if column.kind != "nominal":
        return column.values
    rank = _nominal_order(column, data)
    out = np.full(column.values.shape, np.nan)
    seen = ~np.isnan(column.values)
    out[seen] = rank[column.values[seen].astype(int)]
    return out


def _nominal_order(column: Column, data: Data) -> Array:
    seen = ~np.isnan(column.values)
    codes = column.values[seen].astype(int)
    width = len(column.levels)
    base = np.bincount(codes, minlength=width)
    first = np.bincount(codes, data.scores[seen, 0], width) / np.maximum(base, 1)
    return np.argsort(np.argsort(first, kind="stable"), kind="stable").astype(float)


def _original(column: Column, values: Array, data: Data) -> Array:
    if column.kind != "nominal":
        return values
    rank = _nominal_order(column, data)
    return np.array([float(np.flatnonzero(rank == value)[0]) for value in values])


def _pairwise(values: Array, weights: Array) -> Array:
    seen = ~np.isnan(values)
    own = seen * weights[:, None]
    mean = np.where(seen, values, 0.0).T @ weights / np.maximum(own.sum(axis=0), 1e-12)
    centred = np.where(seen, values - mean, 0.0)
    cross = (centred * weights[:, None]).T @ centred
    square = ((centred**2) * weights[:, None]).T @ seen
    return np.asarray(cross / np.maximum(np.sqrt(square) * np.sqrt(square.T), 1e-300))


def _hermite(values: Array, edges: Array) -> Array:
    """Coefficients of the standardised margin on normalised Hermite polynomials (terms,)."""
    from scipy.special import ndtri

    mass = np.diff(np.r_[0.0, edges])
    mean = float(values @ mass)
    spread = np.sqrt(max(float((values - mean) ** 2 @ mass), 1e-300))
    steps = np.diff(values) / spread
    cuts = ndtri(np.clip(edges[:-1], 1e-12, 1 - 1e-12))
    density = np.exp(-0.5 * cuts**2) / np.sqrt(2 * np.pi)
    out = np.empty(_TERMS)
    lower, upper = np.zeros_like(cuts), np.ones_like(cuts)
    for term in range(1, _TERMS + 1):
        out[term - 1] = float(steps @ (density * upper)) / np.sqrt(term)
        # He_term / sqrt(term!) from the two before it
        lower, upper = upper, (cuts * upper - np.sqrt(term - 1) * lower) / np.sqrt(term)
    return out


def _invert(series: Array, wanted: Array) -> Array:
    """The normal correlations that give the wanted ones, by bisection over all pairs at once."""
    p = len(wanted)
    low, high = np.full((p, p), -0.999), np.full((p, p), 0.999)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        reached = np.zeros((p, p))
        for term in range(_TERMS, 0, -1):
            pair = np.outer(series[:, term - 1], series[:, term - 1])
            reached = (reached + pair) * middle
        below = reached < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
        if float((high - low).max()) < 1e-6:
            break
    out = (low + high) / 2
    np.fill_diagonal(out, 1.0)
    return np.asarray(out)


def gains_by_segments(
    data: Data, ks: tuple[int, ...], generator: np.random.Generator, starts: int
) -> Array:
    """Fall of the BIC from one segment to each k, a respondent, on the components."""
    model = family_of(data, "common")
    n = data.n
    one, _ = best_of(model, data.scores, 1, data.weights, generator, 1)
    base = float(one.log_likelihood[0])
    gains = np.empty(len(ks))
    for at, k in enumerate(ks):
        found, _ = best_of(model, data.scores, k, data.weights, generator, starts, finalists=1)
        extra = model.parameters(k) + k - 1 - model.parameters(1)
        gains[at] = (2 * (float(found.log_likelihood[0]) - base) - extra * np.log(n)) / n
    return gains


def benchmark(
    data: Data,
    generator: np.random.Generator,
    draws: int = 19,
    ks: tuple[int, ...] = (2, 3, 4, 6),
    starts: int = 6,
    tell: Callable[[float], None] = lambda share: None,
) -> NullBenchmark:
    """Search the data and data without segments in the same way (Dolnicar & Leisch 2010)."""
    from persona.segmentation.fit import subset

    rows = min(data.n, ROWS)
    own = data
    if data.n > rows:
        own = subset(data, np.sort(generator.choice(data.n, rows, replace=False)))
    ks = tuple(k for k in ks if k < rows / 4)
    if not ks:  # so few respondents tell nothing
        return compare((2,), np.zeros(1), np.zeros((1, 1)), rows)
    gains = gains_by_segments(own, ks, generator, starts)
    made: Copula | Traits
    made = traits(data, generator) if data.basis.of_kind("nominal") else copula(data)
    children = generator.spawn(draws)
    nulls = np.empty((0, len(ks)))
    # once so many draws gain as much at every number, the rest would change nothing
    for first in range(0, draws, BATCH):
        part = children[first : first + BATCH]
        # too small for two threads to gain anything
        drawn = [_one(made, data, rows, ks, starts, own) for own in part]
        nulls = np.vstack([nulls, *drawn])
        tell(min(1.0, (first + BATCH) / draws))
        if ((nulls >= gains).sum(axis=0) >= BATCH // 2).all():
            break
    return compare(ks, gains, nulls, rows)


def _one(
    made: Copula | Traits,
    data: Data,
    rows: int,
    ks: tuple[int, ...],
    starts: int,
    generator: np.random.Generator,
) -> Array:
    return gains_by_segments(_drawn(made, data, rows, generator), ks, generator, starts)


def _drawn(made: Copula | Traits, data: Data, rows: int, generator: np.random.Generator) -> Data:
    """A survey without segments, prepared as the data were, on as many components."""
    columns = made.draw(rows, generator)
    index = data.basis.index[:0]
    basis = Basis(
        columns, index, np.arange(rows), np.ones(rows), float(rows), data.basis.unassignable
    )
    own, points = space(basis, data.space.standardised)
    found = components(points, basis.weights, own.blocks, draws=1, keep=data.components.q)
    return Data(basis, own, points, found, found.scores(points))
