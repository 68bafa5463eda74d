"""Numbers and categories as one standardised matrix, in groups that weigh alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from persona.analysis.encoding import Encoded, encode, restricted
from persona.analysis.supplementary import category_means, is_number
from persona.errors import AnalysisError, Problem, error, warning
from persona.numeric.decompose import eigen
from persona.numeric.moments import Array

_NO_INERTIA = 1e-12


@dataclass(frozen=True)
class Block:
    """Standardised answers (n, q) and what their columns are: numbers first, then categories."""

    values: Array
    numbers: tuple[Any, ...]
    categories: pd.MultiIndex
    question: npt.NDArray[np.int64]  # of each category column
    shares: Array  # of each category column
    columns: npt.NDArray[np.int32]
    group: npt.NDArray[np.int64]


def build(
    frame: pd.DataFrame,
    named: Mapping[str, Sequence[Any]],
    mass: Array,
    scale: bool,
    found: list[Problem],
) -> Block:
    """Columns of all groups, numbers first, standardised and centred.

    Parameters
    ----------
    frame : DataFrame (n, any)
    named : mapping
        Group to its columns.
    mass : array (n,)
        Weights that add up to 1.
    scale : bool
        Whether numbers get variance 1.
    found : list
        Takes what is to be said about columns left out and missing answers.
    """
    shaping = frame[mass > 0]
    flat = [
        name
        for columns in named.values()
        for name in columns
        if shaping[name].nunique(dropna=True) < 2
    ]
    found += [
        warning(
            "mixed.constant",
            "The column {name} does not vary and was left out.",
            column=str(name),
            values={"name": str(name)},
        )
        for name in flat
    ]
    kept = [(name, g) for g, c in enumerate(named.values()) for name in c if name not in flat]
    numbers = [(name, g) for name, g in kept if is_number(frame[name])]
    others = [(name, g) for name, g in kept if not is_number(frame[name])]
    if not kept:
        raise AnalysisError(error("mixed.flat", "No column varies: there is nothing to map."))
    z = _standardise(frame, [name for name, _ in numbers], mass, scale, found)
    encoded = _known(encode(frame[[name for name, _ in others]]), mass)
    width = len(encoded.categories)
    onehot = np.zeros((len(frame), width + 1))
    onehot[np.arange(len(frame))[:, None], encoded.columns] = 1.0
    shares = mass @ onehot[:, :width]
    chosen = (onehot[:, :width] - shares) / np.sqrt(np.maximum(shares, 1e-300))
    for position in range(len(others)):
        absent = encoded.columns[:, position] < 0
        chosen[np.ix_(absent, encoded.question == position)] = 0.0
    holes = int((encoded.columns < 0).sum())
    if holes:
        found.append(
            warning(
                "mixed.missing_categories",
                "{count} missing answers to questions with categories shape no axis.",
                values={"count": holes},
            )
        )
    groups = [g for _, g in numbers] + [others[position][1] for position in encoded.question]
    return Block(
        np.hstack([z, chosen]),
        tuple(name for name, _ in numbers),
        encoded.categories,
        encoded.question,
        shares,
        encoded.columns,
        np.array(groups, dtype=np.int64),
    )


def _known(encoded: Encoded, mass: Array) -> Encoded:
    """Without the categories that nobody with weight chose; those answers count as missing."""
    chosen = encoded.columns[mass > 0]
    width = len(encoded.categories)
    used = np.bincount(chosen.ravel() + 1, minlength=width + 1)[1:] > 0
    if used.all():
        return encoded
    return restricted(encoded, used, np.ones(len(encoded.questions), dtype=bool))


def _standardise(
    frame: pd.DataFrame, names: list[Any], mass: Array, scale: bool, found: list[Problem]
) -> Array:
    """Centred numbers, with variance 1 when scaled; holes at the mean."""
    values = np.column_stack(
        [frame[name].to_numpy(dtype=float, na_value=np.nan) for name in names]
    ) if names else np.empty((len(frame), 0))  # fmt: skip
    held = np.isfinite(values)
    share = np.where(held, mass[:, None], 0.0)
    mean: Array = (share * np.where(held, values, 0.0)).sum(axis=0) / share.sum(axis=0)
    centred: Array = np.where(held, values - mean, 0.0)
    spread = np.sqrt((share * centred**2).sum(axis=0) / share.sum(axis=0))
    if not held.all():
        found.append(
            warning(
                "mixed.missing_numbers",
                "{count} missing numbers stand at the mean.",
                values={"count": int((~held).sum())},
            )
        )
    return np.asarray(centred / spread if scale else centred)


def group_weights(block: Block, mass: Array, count: int) -> Array:
    """First eigenvalue of each group alone, by which its columns are divided."""
    result = np.ones(count)
    for group in range(count):
        part = block.values[:, block.group == group]
        if not part.shape[1]:
            raise AnalysisError(
                error("mixed.group", "The group number {number} has no column that varies.",
                      values={"number": group + 1})
            )  # fmt: skip
        result[group] = eigen((part * mass[:, None]).T @ part, 1).values[0]
    return result


def category_distance(
    columns: npt.NDArray[np.int32], width: int, scaled: Array, weight: Array
) -> Array:
    """Squared distance of each category's mean from the centre, over all axes.

    Parameters
    ----------
    columns : array (n, q)
    width : int
        Number of categories.
    scaled : array (n, c)
        The matrix analysed.
    weight : array (n,)
    """
    means = category_means(columns, width, scaled, weight)[1]
    return np.asarray(np.maximum((means**2).sum(axis=1), _NO_INERTIA))


def rv_coefficients(group: npt.NDArray[np.int64], cross: Array, names: list[str]) -> pd.DataFrame:
    """How alike two groups lay respondents out, 0 to 1 (Robert & Escoufier 1976).

    Parameters
    ----------
    group : array (c,)
        Group of each column.
    cross : array (c, c)
        Weighted products of the columns.
    names : list of str
    """
    count = len(names)
    shared = np.zeros((count, count))
    for first in range(count):
        for second in range(count):
            part = cross[np.ix_(group == first, group == second)]
            shared[first, second] = float((part**2).sum())
    scale = np.sqrt(np.maximum(np.diag(shared), _NO_INERTIA))
    return pd.DataFrame(shared / np.outer(scale, scale), index=names, columns=names)
