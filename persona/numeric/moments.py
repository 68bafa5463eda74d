"""Weighted means, deviations, ranks and correlations, with holes in the data."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Moments(NamedTuple):
    """Means and standard deviations of columns."""

    mean: Array
    deviation: Array


def moments(values: Array, weights: Array) -> Moments:
    """Weighted mean and standard deviation of each column, leaving holes out.

    The variance divides by the sum of weights less the sum of their squares over that sum, which
    is n - 1 for equal weights.

    Parameters
    ----------
    values : array (n, p)
        NaN marks a hole.
    weights : array (n,)

    Examples
    --------
    >>> moments(np.array([[1.0], [2.0], [3.0]]), np.ones(3)).deviation
    array([1.])
    """
    held = np.isfinite(values)
    shares = np.where(held, weights[:, None], 0.0)
    total = shares.sum(axis=0)
    filled = np.where(held, values, 0.0)
    mean = np.divide(
        (shares * filled).sum(axis=0), total, where=total > 0, out=np.zeros(len(total))
    )
    squares = (shares * np.where(held, values - mean, 0.0) ** 2).sum(axis=0)
    freedom = total - np.divide(
        (shares**2).sum(axis=0), total, where=total > 0, out=np.zeros(len(total))
    )
    varies = (freedom > 0) & (squares > _tiny(mean) * total)
    variance = np.divide(squares, freedom, where=varies, out=np.zeros(len(total)))
    return Moments(mean, np.sqrt(variance))


def covariance(values: Array, weights: Array) -> Array:
    """Weighted covariances of every pair of columns over the rows where both are filled.

    For a pair the means are those of its shared rows, as R's ``cov(use = "pairwise")``.

    Parameters
    ----------
    values : array (n, p)
        NaN marks a hole.
    weights : array (n,)

    Returns
    -------
    array (p, p)
        NaN where a pair shares fewer than two rows.

    Examples
    --------
    >>> covariance(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]), np.ones(3))
    array([[1., 2.],
           [2., 4.]])
    """
    products, freedom, _ = _cross_products(values, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(freedom > 0, products / freedom, np.nan)


def correlation(values: Array, weights: Array) -> Array:
    """Weighted Pearson correlations of every pair over the rows where both are filled.

    Parameters
    ----------
    values : array (n, p)
        NaN marks a hole.
    weights : array (n,)

    Returns
    -------
    array (p, p)
        NaN where a pair shares too few rows or one of it does not vary there.

    Examples
    --------
    >>> correlation(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]), np.ones(3)).round(6)
    array([[1., 1.],
           [1., 1.]])
    """
    products, _, squares = _cross_products(values, weights)
    scale = np.sqrt(squares * squares.T)
    ratio = np.divide(products, scale, out=np.full(scale.shape, np.nan), where=scale > 0)
    result = np.asarray(np.clip(ratio, -1.0, 1.0))
    held = np.isfinite(np.diag(result))
    result[np.diag_indices_from(result)] = np.where(held, 1.0, np.nan)
    return result


def _cross_products(values: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Products, degrees of freedom and squares about the means of each pair's shared rows."""
    held = np.isfinite(values)
    shift = moments(values, weights).mean
    # Means are taken off first: squares of raw answers would cancel badly.
    centred = np.where(held, values - shift, 0.0)
    tiny = _tiny(shift) * weights.sum()
    if held.all():
        total = float(weights.sum())
        products = (centred * weights[:, None]).T @ centred
        diagonal = np.where(np.diag(products) > tiny, np.diag(products), 0.0)
        squares = np.broadcast_to(diagonal[:, None], products.shape)
        freedom = np.full(products.shape, total - float((weights**2).sum()) / total)
        return products, freedom, squares
    mask = held.astype(float)
    weighted_mask = mask * weights[:, None]
    weighted = centred * weights[:, None]
    totals = weighted_mask.T @ mask
    sums = weighted.T @ mask  # of the row item over the rows it shares with the column item
    safe = np.where(totals > 0, totals, 1.0)
    products = weighted.T @ centred - sums * sums.T / safe
    squares = (weighted * centred).T @ mask - sums**2 / safe
    # What rounding leaves of a column that is constant among the shared rows is no variance.
    noise = np.maximum(1e-12 * (weighted * centred).sum(axis=0), tiny)
    squares = np.where(squares > noise[:, None], squares, 0.0)
    freedom = totals - (mask * weights[:, None] ** 2).T @ mask / safe
    return products, freedom, squares


def _tiny(mean: Array) -> Array:
    """Variance that rounding alone leaves of a constant."""
    return np.asarray((1e-14 * np.abs(mean)) ** 2 + 1e-300)


def ranks(values: Array, weights: Array) -> Array:
    """Weighted mid-ranks of each column; holes stay holes.

    A value's rank is the weight below it plus half of its own.

    Parameters
    ----------
    values : array (n, p)
    weights : array (n,)

    Examples
    --------
    >>> ranks(np.array([[10.0], [20.0], [20.0]]), np.ones(3)).ravel()
    array([0.5, 2. , 2. ])
    """
    result = np.full(values.shape, np.nan)
    for column in range(values.shape[1]):
        held = np.isfinite(values[:, column])
        _, codes = np.unique(values[held, column], return_inverse=True)
        mass = np.bincount(codes, weights=weights[held])
        result[held, column] = (np.cumsum(mass) - mass / 2)[codes]
    return result


def skewness(values: Array, weights: Array) -> Array:
    """Weighted third standardised moment of each column, zero for a constant.

    Parameters
    ----------
    values : array (n, p)
    weights : array (n,)

    Examples
    --------
    >>> float(skewness(np.array([[0.0], [0.0], [1.0]]), np.ones(3))[0].round(4))
    0.7071
    """
    held = np.isfinite(values)
    shares = np.where(held, weights[:, None], 0.0)
    total = np.maximum(shares.sum(axis=0), np.finfo(float).tiny)
    filled = np.where(held, values, 0.0)
    mean = (shares * filled).sum(axis=0) / total
    away = filled - mean
    second = (shares * away**2).sum(axis=0) / total
    third = (shares * away**3).sum(axis=0) / total
    return np.asarray(
        np.divide(third, second**1.5, where=second > _tiny(mean), out=np.zeros(values.shape[1]))
    )


def effective_size(weights: Array) -> float:
    """Respondents of equal weight that would be as precise: (sum w)^2 / sum w^2 (Kish 1965).

    Examples
    --------
    >>> effective_size(np.array([1.0, 1.0, 1.0]))
    3.0
    """
    total = float(weights.sum())
    return total**2 / float((weights**2).sum()) if total > 0 else 0.0
