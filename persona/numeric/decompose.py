"""Eigenvectors and singular vectors with one rule for their signs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import linalg

Array = npt.NDArray[np.float64]


class Eigen(NamedTuple):
    """Eigenvalues, largest first, with their vectors in columns."""

    values: Array
    vectors: Array


class Singular(NamedTuple):
    """Left vectors in columns, singular values largest first, right vectors in columns."""

    left: Array
    values: Array
    right: Array


def signs(vectors: Array) -> Array:
    """+1 or -1 a column, so that its entry of largest size becomes positive.

    Parameters
    ----------
    vectors : array (p, m)

    Returns
    -------
    array (m,)

    Examples
    --------
    >>> signs(np.array([[0.1, 0.9], [-0.8, 0.2]]))
    array([-1.,  1.])
    """
    if vectors.size == 0:
        return np.ones(vectors.shape[1])
    size = np.abs(vectors)
    # Equal sizes that differ in the last digit would flip from machine to machine.
    first = np.argmax(size >= size.max(axis=0) * (1 - 1e-9), axis=0)
    largest = vectors[first, np.arange(vectors.shape[1])]
    return np.where(largest < 0, -1.0, 1.0)


def eigen(matrix: Array, top: int | None = None) -> Eigen:
    """Eigenvalues, largest first, and vectors of a symmetric matrix, signed by :func:`signs`.

    Parameters
    ----------
    matrix : array (p, p)
    top : int, optional
        Only the largest so many.

    Examples
    --------
    >>> eigen(np.array([[1.0, 0.5], [0.5, 1.0]])).values.round(2)
    array([1.5, 0.5])
    """
    size = matrix.shape[0]
    subset = None if top is None or top >= size else (size - top, size - 1)
    values, vectors = linalg.eigh(matrix, subset_by_index=subset)
    values, vectors = values[::-1], vectors[:, ::-1]
    return Eigen(values, vectors * signs(vectors))


def singular(matrix: Array) -> Singular:
    """Singular value decomposition; the largest entry of each right vector is positive.

    Parameters
    ----------
    matrix : array (n, p)

    Examples
    --------
    >>> singular(np.array([[3.0, 0.0], [0.0, -2.0]])).values
    array([3., 2.])
    """
    left, values, right = linalg.svd(matrix, full_matrices=False)
    flip = signs(right.T)
    return Singular(left * flip, values, right.T * flip)


def smooth(matrix: Array, floor: float = 1e-12) -> tuple[Array, float]:
    """The correlation matrix with eigenvalues below zero lifted, and the largest change.

    Eigenvalues under 100 times machine precision become that, the matrix is put together again
    and scaled to a unit diagonal (Bentler & Yuan 2011 describe the problem; this is the plain
    lift that psych calls ``cor.smooth``).

    Parameters
    ----------
    matrix : array (p, p)
        Correlations, perhaps not positive definite.
    floor : float
        Eigenvalues below it are lifted.

    Returns
    -------
    matrix, largest absolute change of a correlation

    Examples
    --------
    >>> fixed, change = smooth(np.eye(2))
    >>> change
    0.0
    """
    values, vectors = linalg.eigh(matrix)
    if values[0] >= floor:
        return matrix, 0.0
    lifted = np.where(values < floor, 100 * max(floor, float(np.finfo(float).eps)), values)
    rebuilt = (vectors * lifted) @ vectors.T
    scale = 1 / np.sqrt(np.diag(rebuilt))
    fixed: Array = rebuilt * np.outer(scale, scale)
    fixed = (fixed + fixed.T) / 2
    np.fill_diagonal(fixed, 1.0)
    return fixed, float(np.abs(fixed - matrix).max())
