"""What a rotation makes small: simplicity criteria with their gradients.

Each takes loadings (starts, p, m) and gives values (starts,) and gradients (starts, p, m), so that
many starts move together. Formulas after Bernaards & Jennrich (2005).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from persona.numeric.moments import Array

Criterion = Callable[[Array], tuple[Array, Array]]


def oblimin(gamma: float = 0.0) -> Criterion:
    """Direct oblimin: products of squared loadings on different factors.

    f = 1/4 sum L^2 * ((I - gamma/p 11') L^2 N), N ones off the diagonal. gamma 0 is quartimin;
    gamma above 0 has no minimum for most loadings and is refused by :mod:`rotation`.

    Examples
    --------
    >>> value, _ = oblimin()(np.array([[[1.0, 0.0], [0.0, 1.0]]]))
    >>> float(value[0])
    0.0
    """

    def criterion(loadings: Array) -> tuple[Array, Array]:
        squares = loadings**2
        others = squares.sum(axis=2, keepdims=True) - squares
        if gamma:
            others = others - gamma * others.mean(axis=1, keepdims=True)
        return (squares * others).sum(axis=(1, 2)) / 4, loadings * others

    return criterion


def crawford_ferguson(kappa: float) -> Criterion:
    """Complexity of rows against complexity of columns (Crawford & Ferguson 1970).

    f = (1 - kappa)/4 sum_i sum_j!=k L_ij^2 L_ik^2 + kappa/4 sum_j sum_i!=l L_ij^2 L_lj^2. Among
    orthogonal rotations kappa 0 is quartimax, 1/p varimax, m/2p equamax.

    Examples
    --------
    >>> value, _ = crawford_ferguson(0.5)(np.array([[[1.0, 0.0], [0.0, 1.0]]]))
    >>> float(value[0])
    0.0
    """

    def criterion(loadings: Array) -> tuple[Array, Array]:
        squares = loadings**2
        rows = squares.sum(axis=2, keepdims=True) - squares
        columns = squares.sum(axis=1, keepdims=True) - squares
        mixed = (1 - kappa) * rows + kappa * columns
        return (squares * mixed).sum(axis=(1, 2)) / 4, loadings * mixed

    return criterion


def geomin(delta: float = 0.01) -> Criterion:
    """Geometric mean of a row's squared loadings, each raised by delta (Yates 1987).

    Examples
    --------
    >>> value, _ = geomin(0.01)(np.array([[[1.0, 0.0]]]))
    >>> float(value[0].round(4))
    0.1005
    """

    def criterion(loadings: Array) -> tuple[Array, Array]:
        raised = loadings**2 + delta
        means = np.exp(np.log(raised).mean(axis=2, keepdims=True))
        gradient = 2 / loadings.shape[2] * loadings / raised * means
        return means.sum(axis=(1, 2)), gradient

    return criterion


def target(goal: Array) -> Criterion:
    """Squared distance from a target; NaN in it means free (Browne 1972).

    Parameters
    ----------
    goal : array (p, m)

    Examples
    --------
    >>> value, _ = target(np.array([[1.0, np.nan]]))(np.array([[[0.5, 0.9]]]))
    >>> float(value[0])
    0.25
    """
    fixed = np.isfinite(goal)
    filled = np.where(fixed, goal, 0.0)

    def criterion(loadings: Array) -> tuple[Array, Array]:
        away = np.where(fixed, loadings - filled, 0.0)
        return (away**2).sum(axis=(1, 2)), 2 * away

    return criterion
