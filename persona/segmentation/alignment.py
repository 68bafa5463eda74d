"""The same segments in another run: matched by the people in them and by their centres."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona.segmentation.agreement import cross_table, jaccard_of_table, match
from persona.segmentation.arrays import Array
from persona.segmentation.result import Segmentation

LEAST_OVERLAP = 0.25
"""Jaccard index under which two segments are not the same one."""

FURTHEST = 0.5
"""Root mean square distance of centres, in standard deviations, beyond which they are not."""

PART, ORIGIN = 0.25, 0.5
"""A split: two later segments hold at least this part of the earlier one and come mostly of it."""


@dataclass(frozen=True)
class Alignment:
    """How the segments of an earlier run stand in a later one.

    Parameters
    ----------
    numbers : mapping
        Earlier segment to the later one that is the same.
    overlap : DataFrame
        Earlier segments by later ones: share of the earlier one's members, of those in both runs.
    events : DataFrame
        ``kind`` (same, split, merge, new, gone), ``earlier``, ``later`` (tuples of numbers),
        ``share`` (Jaccard index, or the share of members concerned).
    shared : int
        Respondents who are in both runs.
    """

    numbers: Mapping[int, int]
    overlap: pd.DataFrame
    events: pd.DataFrame
    shared: int


def align(earlier: pd.Series, later: Segmentation | pd.Series) -> Alignment:
    """Match two runs by the respondents they share.

    Parameters
    ----------
    earlier : Series
        Labels 1..k on respondents.
    later : Segmentation or Series

    Returns
    -------
    Alignment
        The match with the largest total Jaccard index (Hungarian method); pairs below
        :data:`LEAST_OVERLAP` are not called the same.
    """
    labels = later.labels if isinstance(later, Segmentation) else later
    before, after = earlier.dropna(), labels.dropna()
    both = before.index.intersection(after.index)
    old = before.loc[both].to_numpy(int) - 1
    new = after.loc[both].to_numpy(int) - 1
    k_old, k_new = int(before.max()), int(after.max())
    table = np.zeros((k_old, k_new))
    if len(both):
        found = cross_table(old, new, None, k_new)
        table[: len(found)] = found
    close = jaccard_of_table(table)
    rows, columns = match(close)
    numbers = {
        int(a) + 1: int(b) + 1
        for a, b in zip(rows, columns, strict=True)
        if close[a, b] >= LEAST_OVERLAP
    }
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    overlap = pd.DataFrame(
        share,
        index=pd.RangeIndex(1, k_old + 1, name="earlier"),
        columns=pd.RangeIndex(1, k_new + 1, name="later"),
    )
    return Alignment(numbers, overlap, _events(table, close, numbers), len(both))


def _events(table: Array, close: Array, numbers: Mapping[int, int]) -> pd.DataFrame:
    """Splits and merges first, then what stayed, came and went."""
    goes = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    comes = table / np.maximum(table.sum(axis=0, keepdims=True), 1)
    rows: list[tuple[str, tuple[int, ...], tuple[int, ...], float]] = []
    named_old: set[int] = set()
    named_new: set[int] = set()
    for old in range(len(table)):
        parts = np.flatnonzero((goes[old] >= PART) & (comes[old] >= ORIGIN))
        if len(parts) > 1:
            later = tuple(int(p) + 1 for p in parts)
            rows.append(("split", (old + 1,), later, float(goes[old, parts].sum())))
            named_old.add(old + 1)
            named_new.update(later)
    for new in range(table.shape[1]):
        parts = np.flatnonzero((comes[:, new] >= PART) & (goes[:, new] >= ORIGIN))
        if len(parts) > 1:
            earlier = tuple(int(p) + 1 for p in parts)
            rows.append(("merge", earlier, (new + 1,), float(comes[parts, new].sum())))
            named_old.update(earlier)
            named_new.add(new + 1)
    for old, new in numbers.items():
        rows.append(("same", (old,), (new,), float(close[old - 1, new - 1])))
        named_old.add(old)
        named_new.add(new)
    rows += [("gone", (i + 1,), (), 0.0) for i in range(len(table)) if i + 1 not in named_old]
    rows += [("new", (), (j + 1,), 0.0) for j in range(table.shape[1]) if j + 1 not in named_new]
    return pd.DataFrame(rows, columns=["kind", "earlier", "later", "share"])


def match_centres(
    earlier: Mapping[int, Mapping[str, float | str | None]],
    later: Segmentation,
    among: Collection[int] | None = None,
) -> dict[int, int]:
    """Match an earlier run whose respondents are not at hand by its centres.

    Parameters
    ----------
    earlier : mapping
        Segment number to its centre on each basis.
    among : collection of int, optional
        The later segments that may be matched; default: all.

    Returns
    -------
    dict
        Earlier to later numbers of the segments that lie within :data:`FURTHEST` of each other,
        in standard deviations over the respondents of the later run.
    """
    names = {str(name): place for place, name in enumerate(later.centres.columns)}
    old = np.full((len(earlier), len(names)), np.nan)
    numbers = sorted(earlier)
    for row, number in enumerate(numbers):
        for name, value in earlier[number].items():
            if name in names and isinstance(value, (int, float)):
                old[row, names[name]] = value
    shared = ~np.isnan(old).all(axis=0)
    if not shared.any() or not len(old):
        return {}
    scale = _spread(later)
    free = sorted(range(1, later.k + 1) if among is None else among)
    gaps = (old[:, None] - later.centres.loc[free].to_numpy(float)[None]) / scale
    known = ~np.isnan(gaps)
    square = np.where(known, gaps, 0.0) ** 2
    far = np.sqrt(square.sum(axis=2) / np.maximum(known.sum(axis=2), 1))
    far[known.sum(axis=2) == 0] = np.inf
    rows, columns = match(-np.minimum(far, 1e6))
    return {
        numbers[int(a)]: free[int(b)]
        for a, b in zip(rows, columns, strict=True)
        if far[a, b] <= FURTHEST
    }


def _spread(segmentation: Segmentation) -> Array:
    """Standard deviation of each column of the centres over the respondents."""
    known: dict[str, float] = {}
    for column in segmentation.columns:
        if column.kind == "nominal":
            for place, level in enumerate(column.levels):
                share = float(np.mean(column.values[~np.isnan(column.values)] == place))
                known[f"{column.name} = {level}"] = np.sqrt(share * (1 - share))
        else:
            known[str(column.name)] = float(np.nanstd(column.measured))
    out = np.array([known.get(str(name), 1.0) for name in segmentation.centres.columns])
    return np.asarray(np.where(out > 1e-12, out, 1.0))
