"""Several segmentations of the same respondents side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona.errors import AnalysisError, Problem, error, warning
from persona.segmentation.agreement import adjusted_rand
from persona.segmentation.result import Segmentation

LEAST_CELL = 30
"""Respondents under which a combination is too small to be read."""


@dataclass(frozen=True)
class Crossing:
    """Two or more segmentations crossed.

    Parameters
    ----------
    labels : Series
        The combination of each respondent, ``"1 x 3"``; missing where one is missing.
    cells : DataFrame
        A row a combination: the segment of each, ``n n_weighted share expected index``; the
        index is 100 times the share over that of independent segmentations.
    agreement : DataFrame
        For every pair: ``adjusted_rand`` and ``cramer_v``.
    warnings : tuple of Problem
    """

    labels: pd.Series
    cells: pd.DataFrame
    agreement: pd.DataFrame
    warnings: tuple[Problem, ...]


def cross(
    segmentations: Mapping[str, Segmentation | pd.Series], weights: pd.Series | None = None
) -> Crossing:
    """Cross segmentations by respondent, for instance needs by value.

    Parameters
    ----------
    segmentations : mapping
        Name to segmentation, or to labels on respondents.
    weights : Series, optional

    Raises
    ------
    AnalysisError
        When there are fewer than two, or they share no respondents.
    """
    table = pd.DataFrame(
        {
            name: one.labels if isinstance(one, Segmentation) else one
            for name, one in segmentations.items()
        }
    ).dropna()
    if len(segmentations) < 2 or not len(table):
        raise AnalysisError(
            error(
                "segments.crossing",
                "{count} segmentations with {n} respondents in all of them cannot be crossed.",
                remedy="Give two or more segmentations of the same respondents.",
                values={"count": len(segmentations), "n": len(table)},
            )
        )
    table = table.astype(int)
    own = pd.Series(1.0, index=table.index) if weights is None else weights.reindex(table.index)
    names = list(segmentations)
    groups = own.groupby([table[name] for name in names])
    cells = pd.DataFrame({"n": groups.size(), "n_weighted": groups.sum()})
    full = pd.MultiIndex.from_product([sorted(table[name].unique()) for name in names], names=names)
    cells = cells.reindex(full, fill_value=0)
    cells["share"] = cells["n_weighted"] / own.sum()
    expected = np.ones(len(cells))
    for name in names:
        margin = own.groupby(table[name]).sum() / own.sum()
        expected = expected * margin.loc[cells.index.get_level_values(name)].to_numpy()
    cells["expected"] = expected
    cells["index"] = 100 * cells["share"] / cells["expected"].where(cells["expected"] > 0)
    joined = table.astype(str).agg(" x ".join, axis=1).rename("combination")
    every = next(iter(segmentations.values()))
    index = every.labels.index if isinstance(every, Segmentation) else every.index
    return Crossing(joined.reindex(index), cells.reset_index(), _agreement(table, own), _few(cells))


def _agreement(table: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    rows = []
    names = list(table.columns)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            counts = weights.groupby([table[one], table[other]]).sum().unstack(fill_value=0)
            found = counts.to_numpy(float)
            total = found.sum()
            even = np.outer(found.sum(axis=1), found.sum(axis=0)) / total
            chi = float(((found - even) ** 2 / np.maximum(even, 1e-300)).sum())
            least = max(min(found.shape) - 1, 1)
            rows.append(
                (
                    one,
                    other,
                    adjusted_rand(table[one], table[other]),
                    float(np.sqrt(chi / total / least)),
                )
            )
    return pd.DataFrame(rows, columns=["first", "second", "adjusted_rand", "cramer_v"])


def _few(cells: pd.DataFrame) -> tuple[Problem, ...]:
    count = int((cells["n"] < LEAST_CELL).sum())
    if not count:
        return ()
    return (
        warning(
            "segments.crossing_small",
            "{count} of {all} combinations have fewer than {least} respondents.",
            remedy="Read the large ones, or ask for fewer segments in one of the segmentations.",
            values={"count": count, "all": len(cells), "least": LEAST_CELL},
        ),
    )
