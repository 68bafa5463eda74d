"""Two-step polychoric correlations of all pairs at once, and polyserial ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg import blas
from scipy.special import log_ndtr, ndtr, ndtri

from persona.numeric.bivariate_normal import Array, cumulative, density

Codes = npt.NDArray[np.int16]

BOUND = 0.9999  # a correlation of answers never reaches one; what gets here is reported
_FAR = 8.5  # a cut with nothing beyond it: Phi(8.5) differs from 1 by less than 1e-17
_TOLERANCE = 1e-9
_STEPS = 60
_ROWS = 4096  # rows of the indicator matrix held at once


class Polychoric(NamedTuple):
    """Correlations of the latent normal variables and what went with them."""

    correlation: Array
    thresholds: Array  # (p, categories - 1), NaN beyond an item's own categories
    empty_cells: npt.NDArray[np.int64]  # (p, p) empty cells of each pair's table
    at_bound: npt.NDArray[np.bool_]  # (p, p)
    shared: Array  # (p, p) weight of the rows both items have


def pair_tables(codes: Codes, categories: int, weights: Array | None = None) -> Array:
    """The contingency table of every pair of items.

    Parameters
    ----------
    codes : array (n, p) of integers
        Categories from 0; -1 marks a hole.
    categories : int
        The largest number of categories of an item.
    weights : array (n,), optional

    Returns
    -------
    array (p, categories, p, categories)

    Examples
    --------
    >>> answers = np.array([[0, 0], [1, 1], [1, 0]], dtype=np.int16)
    >>> pair_tables(answers, 2)[0, :, 1, :]
    array([[1., 0.],
           [1., 1.]])
    """
    rows, items = codes.shape
    # Where nothing is missing the last category is what the others leave, and need not be counted.
    whole = bool((codes >= 0).all())
    width = categories - 1 if whole else categories
    # Counts are exact in single precision up to 2^24, which a block never reaches.
    kind = np.float32 if weights is None else np.float64
    product = blas.ssyrk if weights is None else blas.dsyrk
    indicator = np.zeros((categories + 1, width), dtype=kind)
    indicator[:width] = np.eye(width)
    total = np.zeros((items * width, items * width))
    for start in range(0, rows, _ROWS):
        onehot = indicator[codes[start : start + _ROWS]].reshape(-1, items * width)
        if weights is not None:
            onehot *= np.sqrt(weights[start : start + _ROWS])[:, None]
        total += product(1.0, onehot.T, lower=0)
    full = (np.triu(total) + np.triu(total, 1).T).reshape(items, width, items, width)
    if not whole:
        return np.asarray(full)
    return _with_last(full, float(rows if weights is None else weights.sum()))


def _with_last(counts: Array, total: float) -> Array:
    """Tables with the category that was not counted, from the margins."""
    items, width = counts.shape[:2]
    margins = np.einsum("iaia->ia", counts)
    tables = np.empty((items, width + 1, items, width + 1))
    tables[:, :-1, :, :-1] = counts
    tables[:, :-1, :, -1] = margins[:, :, None] - counts.sum(axis=3)
    tables[:, -1, :, :-1] = margins[None] - counts.sum(axis=1)
    last = total - margins.sum(axis=1)
    tables[:, -1, :, -1] = last[:, None] - tables[:, -1, :, :-1].sum(axis=2)
    # Differences of weights may leave a last digit below zero.
    return np.asarray(np.where(tables > 1e-9 * total, tables, 0.0))


def cuts(margins: Array) -> Array:
    """Normal thresholds from the counts of each item's categories.

    Parameters
    ----------
    margins : array (..., k)

    Returns
    -------
    array (..., k - 1)

    Examples
    --------
    >>> cuts(np.array([1.0, 1.0]))
    array([0.])
    """
    total = margins.sum(axis=-1, keepdims=True)
    shares = np.cumsum(margins, axis=-1)[..., :-1] / np.where(total > 0, total, 1.0)
    return np.asarray(np.clip(ndtri(np.clip(shares, 0.0, 1.0)), -_FAR, _FAR))


def polychoric(
    codes: Codes,
    weights: Array | None = None,
    *,
    correct: float = 0.5,
    pair_margins: bool = False,
) -> Polychoric:
    """Two-step maximum likelihood polychoric correlations of all pairs (Olsson 1979).

    Thresholds come from each item's whole margin, then each correlation maximises
    sum n_ij log pi_ij(rho) by Newton steps kept in a bracket.

    Parameters
    ----------
    codes : array (n, p) of integers
        Categories from 0; -1 marks a hole.
    weights : array (n,), optional
    correct : float
        Put into each empty cell between categories in use, as psych does: in a 2 x 2 table an
        empty cell would force the correlation to one (Savalei 2011). 0 leaves them empty.
    pair_margins : bool
        Thresholds from the margins of each pair's table instead of each item's.

    Examples
    --------
    >>> answers = np.array([[0, 0], [0, 0], [1, 1], [1, 1], [0, 1], [1, 0]], dtype=np.int16)
    >>> float(polychoric(answers).correlation[0, 1].round(6))
    0.5
    """
    items = codes.shape[1]
    categories = max(2, int(codes.max(initial=0)) + 1)
    counts = pair_tables(codes, categories, weights)
    margins = np.einsum("iaia->ia", counts)
    first, second = np.triu_indices(items, 1)
    tables = counts[first, :, second, :]
    shared = tables.sum(axis=(1, 2))
    empty, tables = _fill_empty(tables, (margins > 0)[first], (margins > 0)[second], correct)
    if pair_margins:
        rows, columns = cuts(tables.sum(axis=2)), cuts(tables.sum(axis=1))
    else:
        item_cuts = cuts(margins)
        rows, columns = item_cuts[first], item_cuts[second]
    rho = maximise(tables, rows, columns)
    result = Polychoric(
        np.eye(items),
        np.where(np.abs(cuts(margins)) >= _FAR, np.nan, cuts(margins)),
        np.zeros((items, items), dtype=np.int64),
        np.zeros((items, items), dtype=bool),
        np.diag(margins.sum(axis=1)),
    )
    for matrix, values in (
        (result.correlation, np.where(shared > 0, rho, np.nan)),
        (result.empty_cells, empty),
        (result.at_bound, np.abs(rho) >= BOUND - 1e-6),
        (result.shared, shared),
    ):
        matrix[first, second] = values
        matrix[second, first] = values
    return result


def _fill_empty(
    tables: Array,
    row_used: npt.NDArray[np.bool_],
    column_used: npt.NDArray[np.bool_],
    correct: float,
) -> tuple[npt.NDArray[np.int64], Array]:
    """Count the empty cells between categories in use and fill them as asked."""
    holes = (tables == 0) & row_used[:, :, None] & column_used[:, None, :]
    empty = holes.sum(axis=(1, 2))
    return empty, np.where(holes, correct, tables) if correct > 0 else tables


def maximise(tables: Array, rows: Array, columns: Array) -> Array:
    """The correlation that gives each table the highest likelihood, thresholds fixed.

    Parameters
    ----------
    tables : array (q, r, c)
        Counts.
    rows : array (q, r - 1)
        Thresholds of the first variable of each pair.
    columns : array (q, c - 1)

    Returns
    -------
    array (q,)

    Examples
    --------
    >>> even = np.zeros((1, 1))
    >>> float(maximise(np.array([[[2.0, 1.0], [1.0, 2.0]]]), even, even)[0].round(6))
    0.5
    """
    base = ndtr(rows)[:, :, None] * ndtr(columns)[:, None, :]
    rho = _start(tables, rows, columns)
    low, high = np.full(len(rho), -BOUND), np.full(len(rho), BOUND)
    active = np.flatnonzero(tables.sum(axis=(1, 2)) > 0)
    for _ in range(_STEPS):
        if not len(active):
            break
        now = rho[active]
        score, curvature = _derivatives(
            tables[active], rows[active], columns[active], base[active], now
        )
        low[active] = np.where(score >= 0, now, low[active])
        high[active] = np.where(score <= 0, now, high[active])
        new = now + score / curvature
        outside = (new <= low[active]) | (new >= high[active])
        middle = (low[active] + high[active]) / 2
        new = np.where(outside & (score != 0), middle, new)
        rho[active] = new
        settled = (np.abs(new - now) < _TOLERANCE) | (high[active] - low[active] < _TOLERANCE)
        active = active[~settled]
    return rho


def _derivatives(
    tables: Array, rows: Array, columns: Array, base: Array, rho: Array
) -> tuple[Array, Array]:
    """Score and (observed, where it is positive, else expected) information by rho."""
    below = _bordered(cumulative(rows, columns, base, rho), ndtr(rows), ndtr(columns))
    cell = np.maximum(_cells(below), 1e-15)
    height, slope = density(rows, columns, rho)
    first = _cells(_bordered(height))
    second = _cells(_bordered(slope))
    ratio = first / cell
    score = (tables * ratio).sum(axis=(1, 2))
    expected = tables.sum(axis=(1, 2)) * (first * ratio).sum(axis=(1, 2))
    observed = (tables * (ratio**2 - second / cell)).sum(axis=(1, 2))
    curvature = np.where(observed > 0.2 * expected, observed, expected)
    return score, np.maximum(curvature, 1e-12)


def _bordered(inner: Array, rows: Array | None = None, columns: Array | None = None) -> Array:
    """A grid of cuts with its border: nothing below the lowest, everything below the highest."""
    count, height, width = inner.shape
    grid = np.zeros((count, height + 2, width + 2))
    grid[:, 1:-1, 1:-1] = inner
    if rows is not None and columns is not None:
        grid[:, 1:-1, -1] = rows
        grid[:, -1, 1:-1] = columns
        grid[:, -1, -1] = 1.0
    return grid


def _cells(grid: Array) -> Array:
    return np.asarray(grid[:, 1:, 1:] - grid[:, :-1, 1:] - grid[:, 1:, :-1] + grid[:, :-1, :-1])


def _start(tables: Array, rows: Array, columns: Array) -> Array:
    """Pearson correlation of the mean normal score of each category, a near start."""
    total = np.maximum(tables.sum(axis=(1, 2)), 1e-300)
    row_score = _category_means(rows)
    column_score = _category_means(columns)
    product = np.einsum("qrc,qr,qc->q", tables, row_score, column_score) / total
    row_square = np.einsum("qrc,qr->q", tables, row_score**2) / total
    column_square = np.einsum("qrc,qc->q", tables, column_score**2) / total
    scale = np.sqrt(np.maximum(row_square * column_square, 1e-300))
    return np.asarray(np.clip(product / scale, -0.95, 0.95))


def _category_means(thresholds: Array) -> Array:
    count = len(thresholds)
    low = np.hstack([np.full((count, 1), -_FAR), thresholds])
    high = np.hstack([thresholds, np.full((count, 1), _FAR)])
    mass = ndtr(high) - ndtr(low)
    height = (np.exp(-(low**2) / 2) - np.exp(-(high**2) / 2)) / np.sqrt(2 * np.pi)
    return np.asarray(np.divide(height, mass, out=np.zeros_like(height), where=mass > 1e-15))


def polyserial(values: Array, codes: npt.NDArray[np.int16], weights: Array) -> float:
    """Two-step polyserial correlation of a number and an ordinal item (Olsson et al. 1982).

    The number is standardised, the thresholds come from the item's margin, and the correlation
    maximises the likelihood of the categories given the numbers.

    Parameters
    ----------
    values : array (n,)
        NaN marks a hole.
    codes : array (n,) of integers
        Categories from 0; -1 marks a hole.
    weights : array (n,)

    Returns
    -------
    float
        NaN when no row has both.

    Examples
    --------
    >>> number = np.array([-1.2, -0.4, 0.3, 1.1])
    >>> float(round(polyserial(number, np.array([0, 1, 0, 1], dtype=np.int16), np.ones(4)), 2))
    0.58
    """
    held = np.isfinite(values) & (codes >= 0) & (weights > 0)
    item = codes[codes >= 0]
    if not held.any():
        return float("nan")
    thresholds = cuts(np.bincount(item, weights=weights[codes >= 0]).astype(float))
    mass = weights[held] / weights[held].sum()
    mean = float(mass @ values[held])
    spread = float(np.sqrt(mass @ (values[held] - mean) ** 2))
    if spread == 0:
        return float("nan")
    z = (values[held] - mean) / spread
    edges = np.concatenate([[-_FAR], thresholds, [_FAR]])
    low, high = edges[codes[held]], edges[codes[held] + 1]

    def score(rho: float) -> float:
        rest = np.sqrt(1 - rho**2)
        upper, lower = (high - rho * z) / rest, (low - rho * z) / rest
        mass_cell = _log_between(lower, upper)
        # Density over mass by logarithms: both vanish far out, their ratio does not.
        slope_upper = np.exp(-(upper**2) / 2 - mass_cell) * (rho * high - z)
        slope_lower = np.exp(-(lower**2) / 2 - mass_cell) * (rho * low - z)
        return float(mass @ (slope_upper - slope_lower) / rest**3)

    return _root(score)


def _log_between(low: Array, high: Array) -> Array:
    """ln(Phi(high) - Phi(low)), on the side of the curve where both are small."""
    flip = low > 0
    lower, upper = np.where(flip, -high, low), np.where(flip, -low, high)
    small, large = log_ndtr(lower), log_ndtr(upper)
    return np.asarray(large + np.log1p(-np.exp(np.minimum(small - large, -1e-12))))


def _root(score: Callable[[float], float]) -> float:
    """Where a score crosses zero from above, or the bound it points to."""
    from scipy.optimize import brentq

    if score(-BOUND) <= 0:
        return -BOUND
    if score(BOUND) >= 0:
        return BOUND
    return float(brentq(score, -BOUND, BOUND, xtol=1e-10))
