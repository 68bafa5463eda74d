"""Factors from a correlation matrix alone: minres, maximum likelihood, principal axis, components.

The cost does not grow with the number of respondents.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from persona.errors import AnalysisError, error
from persona.numeric.decompose import eigen, signs
from persona.numeric.moments import Array

Method = Literal["minres", "ml", "principal_axis", "principal_components"]

FLOOR = 0.001  # least uniqueness; an item that gets there is a Heywood case
_GRADIENT = 1e-10
_STEPS = 200
_AXIS_STEPS = 5000
_AXIS_TOLERANCE = 1e-10


class Extraction(NamedTuple):
    """Unrotated loadings (p, m), largest factor first, and how they were reached."""

    loadings: Array
    uniquenesses: Array
    converged: bool
    iterations: int


class _Curve(NamedTuple):
    """Value, gradient and matrix of second derivatives of a criterion."""

    value: float
    gradient: Array
    hessian: Array


def extract(matrix: Array, n_factors: int, method: Method = "minres") -> Extraction:
    """Unrotated loadings of a correlation matrix.

    Parameters
    ----------
    matrix : array (p, p)
    n_factors : int
        1 to p - 1.
    method : {"minres", "ml", "principal_axis", "principal_components"}

    Raises
    ------
    AnalysisError
        The method is unknown.

    Examples
    --------
    >>> r = np.array([[1.0, 0.48, 0.40], [0.48, 1.0, 0.30], [0.40, 0.30, 1.0]])
    >>> extract(r, 1).loadings.ravel().round(4)
    array([0.8, 0.6, 0.5])
    """
    known: dict[str, Callable[[Array, int], Extraction]] = {
        "minres": minres,
        "ml": maximum_likelihood,
        "principal_axis": principal_axis,
        "principal_components": principal_components,
    }
    if method not in known:
        raise AnalysisError(
            error(
                "extraction.unknown",
                "There is no method of extraction called {method!r}.",
                allowed=", ".join(known),
                values={"method": str(method)},
            )
        )
    return known[method](matrix, n_factors)


def minres(matrix: Array, n_factors: int) -> Extraction:
    """Minimum residual loadings: least squares of the correlations off the diagonal.

    Minimises f(psi) = 1/2 sum of the squares of all but the m largest eigenvalues of R - Psi
    (Harman & Jones 1966; Joreskog 1977), by Newton steps with the exact second derivatives.

    Parameters
    ----------
    matrix : array (p, p)
    n_factors : int

    Examples
    --------
    >>> minres(np.array([[1.0, 0.48, 0.40], [0.48, 1.0, 0.30], [0.40, 0.30, 1.0]]), 1).converged
    True
    """

    def curve(psi: Array) -> _Curve:
        values, vectors = eigen(matrix - np.diag(psi))
        rest = slice(n_factors, None)
        theta, out = values[rest], vectors[:, rest]
        main, inside = values[:n_factors], vectors[:, :n_factors]
        coefficients = 2 * theta[:, None] / _apart(theta[:, None] - main[None, :])
        hessian = (out @ out.T) ** 2 + _cross(out, inside, coefficients)
        return _Curve(float(theta @ theta) / 2, -(out**2) @ theta, hessian)

    psi, converged, steps = _newton(curve, _start(matrix, n_factors), FLOOR, 1.0)
    values, vectors = eigen(matrix - np.diag(psi), n_factors)
    return _finish(vectors * np.sqrt(np.maximum(values, 0.0)), converged, steps)


def maximum_likelihood(matrix: Array, n_factors: int) -> Extraction:
    """Maximum likelihood loadings.

    Minimises f(psi) = sum over all but the m largest eigenvalues t of Psi^-1/2 R Psi^-1/2 of
    t - ln t - 1 (Joreskog 1967; Lawley & Maxwell 1971), by Newton steps in ln psi with the exact
    second derivatives.

    Parameters
    ----------
    matrix : array (p, p)
    n_factors : int

    Examples
    --------
    >>> r = np.array([[1.0, 0.48, 0.40], [0.48, 1.0, 0.30], [0.40, 0.30, 1.0]])
    >>> maximum_likelihood(r, 1).loadings.ravel().round(4)
    array([0.8, 0.6, 0.5])
    """

    def curve(logarithm: Array) -> _Curve:
        scale = np.exp(-logarithm / 2)
        values, vectors = eigen(matrix * np.outer(scale, scale))
        rest = slice(n_factors, None)
        theta, out = np.maximum(values[rest], 1e-12), vectors[:, rest]
        main, inside = values[:n_factors], vectors[:, :n_factors]
        sums, differences = theta[:, None] + main[None, :], theta[:, None] - main[None, :]
        coefficients = (theta[:, None] - 1) * sums / _apart(differences)
        hessian = ((out * theta) @ out.T) * (out @ out.T) + _cross(out, inside, coefficients)
        value = float((theta - np.log(theta) - 1).sum())
        return _Curve(value, (out**2) @ (1 - theta), hessian)

    start = np.log(_start(matrix, n_factors))
    logarithm, converged, steps = _newton(curve, start, np.log(FLOOR), 0.0)
    psi = np.exp(logarithm)
    scale = np.sqrt(psi)
    values, vectors = eigen(matrix / np.outer(scale, scale), n_factors)
    loadings = scale[:, None] * vectors * np.sqrt(np.maximum(values - 1, 0.0))
    return _finish(loadings, converged, steps)


def principal_axis(matrix: Array, n_factors: int) -> Extraction:
    """Principal axis loadings: communalities put on the diagonal until they stay.

    Parameters
    ----------
    matrix : array (p, p)
    n_factors : int

    Examples
    --------
    >>> r = np.array([[1.0, 0.48, 0.40], [0.48, 1.0, 0.30], [0.40, 0.30, 1.0]])
    >>> principal_axis(r, 1).loadings.ravel().round(4)
    array([0.8, 0.6, 0.5])
    """
    reduced = matrix.copy()
    communalities = 1 - _start(matrix, 0)
    loadings = np.zeros((len(matrix), n_factors))
    for step in range(1, _AXIS_STEPS + 1):
        np.fill_diagonal(reduced, communalities)
        values, vectors = eigen(reduced, n_factors)
        loadings = vectors * np.sqrt(np.maximum(values, 0.0))
        new = np.minimum((loadings**2).sum(axis=1), 1 - FLOOR)
        change = float(np.abs(new - communalities).max())
        communalities = new
        if change < _AXIS_TOLERANCE:
            return _finish(loadings, True, step)
    return _finish(loadings, False, _AXIS_STEPS)


def principal_components(matrix: Array, n_factors: int) -> Extraction:
    """Loadings of the first principal components; no uniqueness is modelled.

    Parameters
    ----------
    matrix : array (p, p)
    n_factors : int

    Examples
    --------
    >>> principal_components(np.array([[1.0, 0.5], [0.5, 1.0]]), 1).loadings.ravel().round(4)
    array([0.866, 0.866])
    """
    values, vectors = eigen(matrix, n_factors)
    return _finish(vectors * np.sqrt(np.maximum(values, 0.0)), True, 1, most=1.0)


def _finish(loadings: Array, converged: bool, steps: int, most: float = 1 - FLOOR) -> Extraction:
    # A Heywood case carries a communality above one; its loadings are scaled back.
    communalities = (loadings**2).sum(axis=1)
    excess = np.maximum(communalities / most, 1.0)
    loadings = loadings / np.sqrt(excess)[:, None]
    loadings = loadings * signs(loadings)
    return Extraction(loadings, 1 - (loadings**2).sum(axis=1), converged, steps)


def _start(matrix: Array, n_factors: int) -> Array:
    """Uniquenesses to start from: (1 - m / 2p) / diagonal of the inverse (Joreskog 1967)."""
    size = len(matrix)
    values, vectors = eigen(matrix)
    inverse = (vectors**2) @ (1 / np.maximum(values, 1e-3))
    start: Array = (1 - n_factors / (2 * size)) / inverse
    return np.clip(start, 0.01, 0.995)


def _apart(differences: Array) -> Array:
    """Differences kept from zero, where kept and left eigenvalues meet."""
    return np.where(np.abs(differences) < 1e-8, -1e-8, differences)


def _cross(out: Array, inside: Array, coefficients: Array) -> Array:
    """sum_kl c_kl w_ik w_il w_jk w_jl over left-out k and kept l."""
    total = np.zeros((len(out), len(out)))
    for factor in range(inside.shape[1]):
        column = inside[:, factor]
        total += ((out * coefficients[:, factor]) @ out.T) * np.outer(column, column)
    return total


def _newton(
    curve: Callable[[Array], _Curve], start: Array, low: float, high: float
) -> tuple[Array, bool, int]:
    """Minimise within bounds: damped Newton steps on the entries that are free to move."""
    point = np.clip(start, low, high)
    now = curve(point)
    for step in range(1, _STEPS + 1):
        free = ~((point <= low) & (now.gradient > 0) | (point >= high) & (now.gradient < 0))
        if not free.any() or np.abs(now.gradient[free]).max() < _GRADIENT:
            return point, True, step
        direction = np.zeros_like(point)
        direction[free] = _descent(now.hessian[np.ix_(free, free)], now.gradient[free])
        moved = _search(curve, point, now, direction, low, high)
        if moved is None:
            # No step lowers the value any more: rounding has been reached, or a flat valley.
            return point, bool(np.abs(now.gradient[free]).max() < 1e-6), step
        point, now = moved
    return point, False, _STEPS


def _descent(hessian: Array, gradient: Array) -> Array:
    values, vectors = eigen(hessian)
    # Saddle directions are walked down too, by the size of their curvature.
    size = np.maximum(np.abs(values), 1e-6 * max(float(np.abs(values).max()), 1e-12))
    return np.asarray(-(vectors / size) @ (vectors.T @ gradient))


def _search(
    curve: Callable[[Array], _Curve],
    point: Array,
    now: _Curve,
    direction: Array,
    low: float,
    high: float,
) -> tuple[Array, _Curve] | None:
    """The first of ever shorter steps that lowers the value enough (Armijo)."""
    length = 1.0
    for _ in range(30):
        new = np.clip(point + length * direction, low, high)
        then = curve(new)
        gain = float(now.gradient @ (new - point))
        if then.value <= now.value + 1e-4 * min(gain, 0.0) and not np.array_equal(new, point):
            if then.value < now.value or np.abs(then.gradient).max() < np.abs(now.gradient).max():
                return new, then
        length /= 2
    return None
