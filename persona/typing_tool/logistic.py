"""Weighted multinomial logistic regression with a ridge, by Newton's method."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

Floats = NDArray[np.float64]
FREE = 0.01
"""Ridge on the intercepts: none to speak of, yet a segment nobody is in stays finite."""
STEPS = 50


@dataclass(frozen=True)
class Logistic:
    """A fitted model.

    Parameters
    ----------
    coefficients : (1 + columns, k) array
        Intercepts first; each row sums to 0.
    probabilities : (n, k) array
        Of those it was fitted to.
    """

    coefficients: Floats
    probabilities: Floats


@cache
def _contrasts(k: int) -> Floats:
    """k by k - 1: orthonormal, each column sums to 0, so that no direction is without curvature."""
    full = np.linalg.qr(np.column_stack([np.ones(k), np.eye(k)[:, : k - 1]]))[0]
    return np.asarray(full[:, 1:])


@cache
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Every pair of contrasts once."""
    rows, others = np.triu_indices(count)
    return rows, others


def fit_logistic(
    values: Floats,
    member: Floats,
    weights: Floats,
    ridge: float,
    start: Floats | None = None,
    tolerance: float = 1e-3,
) -> Logistic:
    """Maximise the weighted log-likelihood less half the ridge times the squared coefficients.

    log P(s | x) = a_s + x b_s - log sum_t exp(a_t + x b_t); the squared length of b is the same
    in the k - 1 contrasts that it is solved in (Friedman, Hastie and Tibshirani 2010, section 4).

    Parameters
    ----------
    values : (n, columns) array
    member : (n, k) array
        1 for the segment a respondent belongs to, else 0.
    weights : (n,) array
    ridge : float
    start : (1 + columns, k) array, optional
    tolerance : float
        Stops when a further step promises less log-likelihood than this.
    """
    matrix = np.column_stack([np.ones(len(values)), values])
    contrasts = _contrasts(member.shape[1])
    penalty = np.full(matrix.shape[1], ridge)
    penalty[0] = FREE
    solved = np.zeros((matrix.shape[1], contrasts.shape[1])) if start is None else start @ contrasts
    found, shares = _objective(matrix, member, weights, penalty, solved @ contrasts.T)
    for _ in range(STEPS):
        slope = matrix.T @ (weights[:, None] * (member - shares)) @ contrasts
        slope -= penalty[:, None] * solved
        curve = _curvature(matrix, shares, weights, contrasts, penalty)
        step = _solve(curve, slope)
        promised = float((step * slope).sum())
        if promised < tolerance:
            break
        length = 1.0
        while length > 1e-6:
            tried = solved + length * step
            value, new = _objective(matrix, member, weights, penalty, tried @ contrasts.T)
            if value >= found + 1e-4 * length * promised:
                solved, found, shares = tried, value, new
                break
            length /= 2
        else:
            break
    return Logistic(solved @ contrasts.T, shares)


def _objective(
    matrix: Floats, member: Floats, weights: Floats, penalty: Floats, coefficients: Floats
) -> tuple[float, Floats]:
    """Penalised log-likelihood, and the probabilities."""
    sums = matrix @ coefficients
    sums -= sums.max(axis=1, keepdims=True)
    odds = np.exp(sums)
    total = odds.sum(axis=1)
    likelihood = float(weights @ ((sums * member).sum(axis=1) - np.log(total)))
    length = float((penalty @ coefficients**2).sum())
    return likelihood - length / 2, odds / total[:, None]


def _curvature(
    matrix: Floats, shares: Floats, weights: Floats, contrasts: Floats, penalty: Floats
) -> Floats:
    """Minus the second derivative, (columns x contrasts) squared, contrast by contrast."""
    n, p = matrix.shape
    inner = contrasts.shape[1]
    rows, others = _pairs(inner)
    mean = shares @ contrasts
    pairs = shares @ (contrasts[:, rows] * contrasts[:, others]) - mean[:, rows] * mean[:, others]
    pairs *= weights[:, None]
    spread = (pairs[:, :, None] * matrix[:, None, :]).reshape(n, -1)
    blocks = (matrix.T @ spread).reshape(p, len(rows), p).transpose(1, 0, 2)
    curve = np.empty((inner, p, inner, p))
    curve[rows, :, others, :] = blocks
    curve[others, :, rows, :] = blocks
    flat = curve.reshape(inner * p, inner * p)
    flat[np.diag_indices(inner * p)] += np.tile(penalty, inner)
    return flat


def _solve(curve: Floats, slope: Floats) -> Floats:
    """The Newton step; along the slope where rounding leaves no curvature to divide by."""
    try:
        solved = cho_solve(cho_factor(curve, check_finite=False), slope.T.ravel())
    except LinAlgError:
        solved = slope.T.ravel() / np.diag(curve).max()
    return np.asarray(solved).reshape(slope.T.shape).T
