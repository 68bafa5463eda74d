"""Categories and numbers laid on axes that they did not shape."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from persona.analysis.encoding import encode
from persona.numeric import moments
from persona.numeric.moments import Array


@dataclass(frozen=True)
class Supplementary:
    """Categories by (question, category) and numbers by name, a column an axis."""

    coordinates: pd.DataFrame
    cos2: pd.DataFrame
    v_tests: pd.DataFrame
    eta2: pd.DataFrame
    numbers: pd.DataFrame


def lay_on(
    frame: pd.DataFrame,
    points: Array,
    eigenvalues: Array,
    weights: Array,
    axes: pd.Index,
    n: float,
) -> Supplementary:
    """Where the answers of a frame stand on axes of respondents.

    A category stands at the mean of its respondents over the root of the axis's inertia; a number
    at its correlation with the axis. Missing answers are left out of each.

    Parameters
    ----------
    frame : DataFrame (n, q)
    points : array (n, m)
        Principal coordinates of the same respondents.
    eigenvalues : array (m,)
    weights : array (n,)
    axes : Index (m,)
    n : float
        Respondents that tests rest on.
    """
    numeric = [name for name in frame.columns if is_number(frame[name])]
    categorical = [name for name in frame.columns if name not in numeric]
    encoded = encode(frame[categorical])
    shares, means = category_means(encoded.columns, len(encoded.categories), points, weights)
    scaled = means / np.sqrt(eigenvalues)
    distance = np.maximum(1 / np.maximum(shares, 1e-300) - 1, 1e-12)

    def table(values: Array) -> pd.DataFrame:
        return pd.DataFrame(values, index=encoded.categories, columns=axes)

    return Supplementary(
        table(scaled),
        table(scaled**2 / distance[:, None]),
        table(v_tests(scaled, shares, n)),
        eta_squared(categorical, encoded.question, shares, scaled, axes),
        _correlations(frame, numeric, points, weights, axes),
    )


def is_number(column: pd.Series[Any]) -> bool:
    """Whether a column is laid on the map as a number rather than by categories."""
    return bool(is_numeric_dtype(column.dtype) and not is_bool_dtype(column.dtype))


def category_means(
    columns: npt.NDArray[np.int32], width: int, points: Array, weights: Array
) -> tuple[Array, Array]:
    """Share of respondents in each category and their mean position.

    Parameters
    ----------
    columns : array (n, q)
        Columns of the indicator matrix, -1 where missing.
    width : int
    points : array (n, m)
    weights : array (n,)

    Returns
    -------
    shares (width,), means (width, m)
    """
    mass = np.zeros(width + 1)
    sums = np.zeros((width + 1, points.shape[1]))
    for question in range(columns.shape[1]):
        places = columns[:, question]
        mass += np.bincount(places + 1, weights=weights, minlength=width + 1)
        for axis in range(points.shape[1]):
            sums[:, axis] += np.bincount(
                places + 1, weights=weights * points[:, axis], minlength=width + 1
            )
    held = np.maximum(mass[1:], 1e-300)
    return mass[1:] / weights.sum(), sums[1:] / held[:, None]


def v_tests(scaled: Array, shares: Array, n: float) -> Array:
    """How many deviations a category's mean lies off the centre, were its people drawn by chance.

    v = g sqrt(n_k (n - 1) / (n - n_k)) for the scaled coordinate g (Lebart, Morineau & Piron).

    Parameters
    ----------
    scaled : array (J, m)
        Means over the root of the inertia.
    shares : array (J,)
    n : float
    """
    rest = np.maximum(1 - shares, 1e-12)
    return np.asarray(scaled * np.sqrt(shares * (n - 1) / rest)[:, None])


def eta_squared(
    questions: Sequence[Hashable],
    question: npt.NDArray[np.int64],
    shares: Array,
    scaled: Array,
    axes: pd.Index,
) -> pd.DataFrame:
    """Share of each axis's variance between the categories of a question, where it was answered."""
    values = np.zeros((len(questions), scaled.shape[1]))
    answered = np.bincount(question, weights=shares, minlength=len(questions))
    np.add.at(values, question, shares[:, None] * scaled**2)
    values = values / np.maximum(answered, 1e-300)[:, None]
    return pd.DataFrame(np.minimum(values, 1.0), index=list(questions), columns=axes)


def _correlations(
    frame: pd.DataFrame, numeric: list[Any], points: Array, weights: Array, axes: pd.Index
) -> pd.DataFrame:
    rows = []
    for name in numeric:
        values = frame[name].to_numpy(dtype=float, na_value=np.nan)
        held = np.isfinite(values)
        joined = np.column_stack([values[held], points[held]])
        matrix = moments.correlation(joined, weights[held]) if held.sum() > 1 else None
        row = np.zeros(points.shape[1]) if matrix is None else np.nan_to_num(matrix[0, 1:])
        rows.append(row)
    values = np.array(rows).reshape(len(numeric), points.shape[1])
    return pd.DataFrame(values, index=pd.Index(numeric, dtype=object), columns=axes)
