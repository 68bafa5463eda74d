"""Categorical answers as codes, and the tables of all pairs of questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import blas

from persona.errors import AnalysisError, error
from persona.numeric.moments import Array

_CELLS = 2_000_000  # cells of the indicator matrix held at once


@dataclass(frozen=True)
class Encoded:
    """Answers of n respondents to K questions as column numbers of an indicator matrix.

    ``columns`` (n, K) holds for each answer its column among the J categories, -1 where it is
    missing; ``categories`` names the columns (question, category); ``question`` (J,) says which
    question a column belongs to.
    """

    columns: npt.NDArray[np.int32]
    categories: pd.MultiIndex
    question: npt.NDArray[np.int64]
    questions: tuple[Any, ...]

    @property
    def n(self) -> int:
        """Respondents."""
        return len(self.columns)


def encode(frame: pd.DataFrame) -> Encoded:
    """Number the categories of each column, in the order of the category dtype or sorted.

    Categories that nobody chose are left out.

    Parameters
    ----------
    frame : DataFrame (n, K)

    Raises
    ------
    AnalysisError
        Two columns have the same name.

    Examples
    --------
    >>> encode(pd.DataFrame({"pet": ["dog", "cat", None]})).columns.ravel()
    array([ 1,  0, -1], dtype=int32)
    """
    repeated = frame.columns[frame.columns.duplicated()].unique()
    if len(repeated):
        raise AnalysisError(
            error(
                "questions.repeated",
                "Two columns are called {name!r}.",
                column=str(name),
                remedy="Give each question its own name.",
                values={"name": str(name)},
            )
            for name in repeated
        )
    columns = np.empty(frame.shape, dtype=np.int32)
    names: list[tuple[Any, Any]] = []
    question: list[int] = []
    for position, name in enumerate(frame.columns):
        codes, levels = _codes(frame[name])
        columns[:, position] = np.where(codes >= 0, codes + len(names), -1)
        names += [(name, level) for level in levels]
        question += [position] * len(levels)
    index = pd.MultiIndex.from_arrays(
        [[name for name, _ in names], pd.Index([level for _, level in names], dtype=object)],
        names=["question", "category"],
    )
    return Encoded(columns, index, np.array(question, dtype=np.int64), tuple(frame.columns))


def _codes(column: pd.Series[Any]) -> tuple[npt.NDArray[np.int64], list[Any]]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy(dtype=np.int64)
        used = np.unique(codes[codes >= 0])
        again = np.full(len(column.cat.categories) + 1, -1, dtype=np.int64)
        again[used] = np.arange(len(used))
        return again[codes], [column.cat.categories[code] for code in used]
    codes, levels = pd.factorize(column, sort=False)
    order = _order(levels)
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    rank[-1] = -1
    return rank[codes], [levels[place] for place in order]


def _order(levels: Any) -> list[int]:
    values = list(levels)
    try:
        return sorted(range(len(values)), key=lambda place: values[place])
    except TypeError:  # numbers among texts
        return sorted(range(len(values)), key=lambda place: str(values[place]))


def restricted(
    encoded: Encoded, keep: npt.NDArray[np.bool_], questions: npt.NDArray[np.bool_]
) -> Encoded:
    """Only some categories, numbered anew, and some questions; other answers count as missing.

    Parameters
    ----------
    encoded : Encoded
    keep : array (J,) of bool
    questions : array (K,) of bool
    """
    again = np.full(len(keep) + 1, -1, dtype=np.int32)
    again[:-1][keep] = np.arange(keep.sum())
    order = np.cumsum(questions) - 1
    return Encoded(
        again[encoded.columns[:, questions]],
        encoded.categories[keep],
        order[encoded.question[keep]],
        tuple(name for name, kept in zip(encoded.questions, questions, strict=True) if kept),
    )


def burt_table(
    encoded: Encoded, weights: Array | None = None, rows: Iterable[int] | None = None
) -> Array:
    """Counts (or weight) of every two categories chosen together: Z' W Z.

    Parameters
    ----------
    encoded : Encoded
    weights : array (n,), optional
    rows : iterable of int, optional
        Only these respondents.

    Returns
    -------
    array (J, J)

    Examples
    --------
    >>> both = encode(pd.DataFrame({"a": ["x", "y", "y"], "b": ["u", "u", "v"]}))
    >>> burt_table(both)
    array([[1., 0., 1., 0.],
           [0., 2., 1., 1.],
           [1., 1., 2., 0.],
           [0., 1., 0., 1.]])
    """
    columns = encoded.columns if rows is None else encoded.columns[list(rows)]
    width = len(encoded.categories)
    # Counts in a block are exact in single precision.
    kind = np.float32 if weights is None else np.float64
    product = blas.ssyrk if weights is None else blas.dsyrk
    total = np.zeros((width, width))
    step = max(1, _CELLS // max(1, width))
    for start in range(0, len(columns), step):
        block = columns[start : start + step]
        # Missing answers fall into one more column, which is cut off.
        onehot = np.zeros((len(block), width + 1), dtype=kind)
        onehot[np.arange(len(block))[:, None], block] = (
            1.0 if weights is None else np.sqrt(weights[start : start + step])[:, None]
        )
        total += product(1.0, onehot.T, lower=0)[:width, :width]
    return np.asarray(np.triu(total) + np.triu(total, 1).T)
