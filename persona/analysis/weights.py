"""Weights of respondents, checked once for every analysis."""

from __future__ import annotations

import numpy as np
import pandas as pd

from persona.errors import AnalysisError, error
from persona.numeric.moments import Array


def read_weights(weights: object, index: pd.Index) -> tuple[Array, bool]:
    """Weights as an array in the order of ``index``; ones when none were given.

    Parameters
    ----------
    weights : None, Series or sequence (n,)
        A Series is matched by its index when that has the same labels.
    index : Index (n,)

    Raises
    ------
    AnalysisError
        A weight is missing, negative, infinite or text, their number is wrong, or all are zero.

    Examples
    --------
    >>> read_weights([2, 1], pd.RangeIndex(2))
    (array([2., 1.]), True)
    """
    if weights is None:
        return np.ones(len(index)), False
    if isinstance(weights, pd.Series) and index.is_unique and weights.index.is_unique:
        series = weights.reindex(index) if index.isin(weights.index).all() else weights
    else:
        series = pd.Series(np.asarray(weights, dtype=object).ravel())
    if len(series) != len(index):
        raise AnalysisError(
            error(
                "weights.length",
                "There are {found} weights for {needed} respondents.",
                remedy="Give one weight for each respondent.",
                values={"found": len(series), "needed": len(index)},
            )
        )
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    faulty = ~np.isfinite(numbers) | (numbers < 0)
    if faulty.any():
        first = [str(label) for label in index[faulty][:5]]
        raise AnalysisError(
            error(
                "weights.faulty",
                "{count} weights are missing, negative or no numbers (respondents {first}).",
                allowed="numbers of zero or more",
                remedy="Mend the weights; a respondent to be left out gets the weight 0.",
                values={"count": int(faulty.sum()), "first": ", ".join(first)},
            )
        )
    if len(numbers) and numbers.sum() <= 0:
        raise AnalysisError(
            error(
                "weights.zero",
                "All weights are zero.",
                remedy="Give at least one respondent a weight above zero.",
            )
        )
    return numbers, True
