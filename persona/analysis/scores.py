"""Factor scores of respondents, also of new ones and of those with missing answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import linalg

from persona.errors import AnalysisError, error
from persona.numeric.moments import Array

Method = Literal["regression", "bartlett", "ten_berge", "anderson"]
METHODS = ("regression", "bartlett", "ten_berge", "anderson")


class Model(NamedTuple):
    """What scoring needs: correlations (p, p), loadings (p, m), phi (m, m), uniquenesses (p,)."""

    matrix: Array
    loadings: Array
    phi: Array
    uniquenesses: Array


@dataclass(frozen=True)
class Scored:
    """Scores (n, m), the share of items each respondent answered, and how many had none."""

    values: Array
    answered: Array
    silent: int
    fallback: int


def score_weights(model: Model, method: Method = "regression") -> Array:
    """Weights W with scores = Z W for standardised answers Z.

    regression W = R^-1 L phi (Thurstone 1935); bartlett W = U^-2 L (L' U^-2 L)^-1 (Bartlett 1937);
    ten_berge keeps the factor correlations: W = R^-1/2 C phi^1/2 with
    C = R^-1/2 G (G' R^-1 G)^-1/2, G = L phi^1/2 (ten Berge et al. 1999); anderson gives
    uncorrelated scores: W = U^-2 L (L' U^-2 R U^-2 L)^-1/2 (Anderson & Rubin 1956).

    Parameters
    ----------
    model : Model
    method : {"regression", "bartlett", "ten_berge", "anderson"}

    Returns
    -------
    array (p, m)

    Raises
    ------
    AnalysisError
        The method is unknown.

    Examples
    --------
    >>> one = np.array([[0.8], [0.6]])
    >>> r = np.array([[1.0, 0.48], [0.48, 1.0]])
    >>> score_weights(Model(r, one, np.eye(1), np.array([0.36, 0.64]))).round(3).ravel()
    array([0.665, 0.281])
    """
    if method not in METHODS:
        raise AnalysisError(
            error(
                "scores.unknown",
                "There is no method of scoring called {method!r}.",
                allowed=", ".join(METHODS),
                values={"method": str(method)},
            )
        )
    matrix, loadings, phi, unique = model
    if method == "regression":
        return _solve(matrix, loadings @ phi)
    if method == "ten_berge":
        half = _power(phi, 0.5)
        general = loadings @ half
        shrunk = _solve(matrix, general)
        return np.asarray(shrunk @ _power(general.T @ shrunk, -0.5) @ half)
    over: Array = loadings / np.maximum(unique, 1e-6)[:, None]
    if method == "bartlett":
        return np.asarray(over @ np.linalg.pinv(loadings.T @ over, hermitian=True))
    return np.asarray(over @ _power(over.T @ matrix @ over, -0.5))


def determinacy(model: Model, weights: Array) -> Array:
    """Correlation of each estimated score with its factor: W'S / sqrt(W'RW) (Grice 2001).

    Parameters
    ----------
    model : Model
    weights : array (p, m)

    Returns
    -------
    array (m,)
        .90 or more lets scores stand for the factors (Gorsuch 1983).

    Examples
    --------
    >>> one = np.array([[0.8], [0.6]])
    >>> model = Model(np.array([[1.0, 0.48], [0.48, 1.0]]), one, np.eye(1), np.array([0.36, 0.64]))
    >>> determinacy(model, score_weights(model)).round(3)
    array([0.837])
    """
    structure = model.loadings @ model.phi
    variance = np.einsum("if,ij,jf->f", weights, model.matrix, weights)
    covariance = (weights * structure).sum(axis=0)
    found = covariance / np.sqrt(np.maximum(variance, 1e-300))
    return np.asarray(np.clip(found, -1.0, 1.0))


def score(standardised: Array, model: Model, method: Method = "regression") -> Scored:
    """Scores of standardised answers with holes.

    A respondent with missing answers is scored on those given, with weights made for just these
    items. Bartlett, ten Berge and Anderson need as many answers as factors; with fewer the
    regression score is given. Someone without any answer stands at the mean, 0.

    Parameters
    ----------
    standardised : array (n, p)
        NaN where missing.
    model : Model
    method : {"regression", "bartlett", "ten_berge", "anderson"}

    Examples
    --------
    >>> one = np.array([[0.8], [0.6]])
    >>> model = Model(np.array([[1.0, 0.48], [0.48, 1.0]]), one, np.eye(1), np.array([0.36, 0.64]))
    >>> score(np.array([[1.0, np.nan]]), model).values
    array([[0.8]])
    """
    held = np.isfinite(standardised)
    filled = np.where(held, standardised, 0.0)
    factors = model.loadings.shape[1]
    values = np.zeros((len(standardised), factors))
    fallback = 0
    for rows, pattern in _patterns(held):
        count = int(pattern.sum())
        if not count:
            continue
        part = Model(
            model.matrix[np.ix_(pattern, pattern)],
            model.loadings[pattern],
            model.phi,
            model.uniquenesses[pattern],
        )
        enough = method == "regression" or count == len(pattern) or count > factors
        fallback += 0 if enough else len(rows)
        weights = score_weights(part, method if enough else "regression")
        values[rows] = filled[np.ix_(rows, pattern)] @ weights
    return Scored(values, held.mean(axis=1), int((~held.any(axis=1)).sum()), fallback)


def _patterns(
    held: npt.NDArray[np.bool_],
) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]]:
    """Rows by their pattern of answers given."""
    if not len(held):
        return []
    packed = np.packbits(held, axis=1)
    kept = np.ascontiguousarray(packed).view(f"V{packed.shape[1]}").ravel()
    _, first, groups = np.unique(kept, return_index=True, return_inverse=True)
    order = np.argsort(groups, kind="stable")
    ends = np.cumsum(np.bincount(groups))[:-1]
    return [(rows, held[row]) for rows, row in zip(np.split(order, ends), first, strict=True)]


def _solve(matrix: Array, right: Array) -> Array:
    """R^-1 S, by the pseudo-inverse where R is singular."""
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        factor = np.zeros((1, 1))
    if np.diag(factor).min() > 1e-4:
        return np.asarray(linalg.cho_solve((factor, True), right))
    values, vectors = np.linalg.eigh(matrix)
    inverse = np.where(values > 1e-10, 1 / np.maximum(values, 1e-10), 0.0)
    return np.asarray((vectors * inverse) @ (vectors.T @ right))


def _power(matrix: Array, exponent: float) -> Array:
    """A symmetric matrix to a power, leaving out directions without variance."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    powered = np.where(values > 1e-10, np.maximum(values, 1e-10) ** exponent, 0.0)
    return np.asarray((vectors * powered) @ vectors.T)
