"""Gower's distance between answers of any kind."""

from __future__ import annotations

import numpy as np

from persona.segmentation.arrays import Array
from persona.segmentation.basis import Column


def ranges(columns: tuple[Column, ...]) -> Array:
    """Largest less smallest value of each column; one for lists."""
    out = np.ones(len(columns))
    for place, column in enumerate(columns):
        if column.kind in ("numeric", "ordinal"):
            out[place] = max(float(np.nanmax(_line(column)) - np.nanmin(_line(column))), 1e-300)
    return out


def _line(column: Column) -> Array:
    """Ordered answers by rank, as the distance between neighbours is taken to be equal."""
    return column.values


def gower(first: tuple[Column, ...], second: tuple[Column, ...], span: Array) -> Array:
    """Distances (n, m): the mean over the bases both answered (Gower 1971).

    A basis counts ``|a - b| / range`` when it is ordered, else 0 for the same answer and 1 for
    another. Two respondents who share no answered basis are at distance 1.
    """
    n, m = len(first[0].values), len(second[0].values)
    total, count = np.zeros((n, m)), np.zeros((n, m))
    for place, (one, other) in enumerate(zip(first, second, strict=True)):
        a, b = _line(one)[:, None], _line(other)[None]
        if one.kind in ("numeric", "ordinal"):
            gap = np.abs(a - b) / span[place]
        else:
            gap = np.where(np.isnan(a) | np.isnan(b), np.nan, a != b)
        known = ~np.isnan(gap)
        total += np.where(known, gap, 0.0)
        count += known
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), 1.0))
