"""The bivariate normal distribution over many correlations and grids at once."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Nodes of the Gauss-Legendre rule for correlations up to a size (Genz 2004); near one the
# integrand has a narrow peak and 64 nodes are needed.
_NODES = ((0.3, 6), (0.75, 12), (0.925, 20), (1.0, 64))
_BLOCK = 2_000_000  # numbers held at once while integrating, 16 MB


@cache
def _legendre(count: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return nodes, weights


def cumulative(rows: Array, columns: Array, base: Array, rho: Array) -> Array:
    """P(X <= h, Y <= k) on a grid of cuts for each of many correlations.

    Phi2(h, k, rho) = Phi(h) Phi(k) + 1/(2 pi) int_0^asin(rho)
    exp(-(h^2 + k^2 - 2 h k sin t) / (2 cos^2 t)) dt (Drezner & Wesolowsky 1990).

    Parameters
    ----------
    rows : array (q, r)
        Cuts h of the first variable, finite, for each of q pairs.
    columns : array (q, c)
        Cuts k of the second.
    base : array (q, r, c)
        Phi(h) Phi(k), so that it is not computed again at each step.
    rho : array (q,)
        Correlations between -1 and 1.

    Returns
    -------
    array (q, r, c)

    Examples
    --------
    >>> half = np.zeros((1, 1))
    >>> float(cumulative(half, half, np.full((1, 1, 1), 0.25), np.array([0.5]))[0, 0, 0].round(6))
    0.333333
    """
    result = base.copy()
    squares = -(rows[:, :, None] ** 2 + columns[:, None, :] ** 2) / 2
    products = rows[:, :, None] * columns[:, None, :]
    size = np.abs(rho)
    lower = -1.0
    for upper, count in _NODES:
        chosen = np.flatnonzero((size > lower) & (size <= upper))
        lower = upper
        step = max(1, _BLOCK // (count * max(1, squares.shape[1] * squares.shape[2])))
        for start in range(0, len(chosen), step):
            part = chosen[start : start + step]
            result[part] += _integral(squares[part], products[part], rho[part], count)
    return result


def _integral(squares: Array, products: Array, rho: Array, count: int) -> Array:
    nodes, weights = _legendre(count)
    half = np.arcsin(rho) / 2
    sine = np.sin(half[:, None] * (nodes + 1))
    inverse = 1 / np.maximum(1 - sine**2, 1e-300)
    exponent = squares.reshape(len(rho), -1, 1) * inverse[:, None, :]
    exponent += products.reshape(len(rho), -1, 1) * (sine * inverse)[:, None, :]
    np.exp(exponent, out=exponent)
    area = (exponent @ weights).reshape(squares.shape)
    return np.asarray(area * (half / (2 * np.pi))[:, None, None], dtype=float)


def density(rows: Array, columns: Array, rho: Array) -> tuple[Array, Array]:
    """The density on a grid of cuts and its derivative by rho.

    The density is also the derivative of :func:`cumulative` by rho (Plackett 1954).

    Parameters
    ----------
    rows : array (q, r)
    columns : array (q, c)
    rho : array (q,)

    Returns
    -------
    density, derivative : arrays (q, r, c)

    Examples
    --------
    >>> half = np.zeros((1, 1))
    >>> float(density(half, half, np.array([0.0]))[0][0, 0, 0].round(6))
    0.159155
    """
    squares = rows[:, :, None] ** 2 + columns[:, None, :] ** 2
    products = rows[:, :, None] * columns[:, None, :]
    correlation = rho[:, None, None]
    rest = 1 - correlation**2
    height = np.exp(-(squares - 2 * correlation * products) / (2 * rest))
    height /= 2 * np.pi * np.sqrt(rest)
    slope = correlation / rest
    slope = slope + (products * (1 + correlation**2) - correlation * squares) / rest**2
    return height, height * slope
