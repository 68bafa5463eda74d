"""Bases as points in space: scaled, missing answers filled by prediction, lists as columns."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.segmentation.arrays import Array
from persona.segmentation.basis import Basis, Column

FURTHEST = 4.0
"""Standard deviations beyond which an amount is pulled in, so that it makes no segment alone."""


@dataclass(frozen=True)
class Space:
    """How answers become points, fixed by the respondents it was made from.

    A measurement is centred and, when ``standardised``, divided by its standard deviation. Each
    answer of a nominal question with share s becomes a column ``(present - s) / sqrt(s)``, so
    that squared distances are those of factor analysis of mixed data (Pagès 2004).

    Parameters
    ----------
    columns : tuple of Column
        Kinds and levels.
    centre, scale : array (p,)
    shares : tuple of array
        Of the answers of each nominal column.
    directions : array (p, q)
        Principal axes by which missing answers are predicted; ``shrink`` (q,) holds each back.
    bound : array (p,)
        Amounts further from the mean than this are pulled in to it.
    standardised : bool
    """

    columns: tuple[Column, ...]
    centre: Array
    scale: Array
    shares: tuple[Array, ...]
    directions: Array
    shrink: Array
    bound: Array
    standardised: bool = True

    @property
    def blocks(self) -> tuple[int, ...]:
        """How many coordinates each question has."""
        return tuple(len(c.levels) if c.kind == "nominal" else 1 for c in self.columns)

    @property
    def names(self) -> tuple[Hashable, ...]:
        """A name for each coordinate: the column's own, or ``column = answer``."""
        out: list[Hashable] = []
        for column in self.columns:
            if column.kind == "nominal":
                out += [f"{column.name} = {level}" for level in column.levels]
            else:
                out.append(column.name)
        return tuple(out)

    def points(self, columns: tuple[Column, ...]) -> Array:
        """Coordinates (n, p) of respondents, missing answers filled."""
        raw = _raw(columns)
        missing = np.isnan(raw)
        scaled = np.where(missing, 0.0, (raw - self.centre) / self.scale)
        scaled = np.clip(scaled, -self.bound, self.bound)
        if missing.any() and self.directions.size:
            scaled = _fill(scaled, missing, self.directions, self.shrink, 60)
        return scaled

    def own_units(self, centres: Array) -> Array:
        """Coordinates back in the user's units; answers of lists as shares."""
        return centres * self.scale + self.centre


def rounding(made: Space, columns: tuple[Column, ...]) -> Array:
    """Variance (p,) that answering on a coarse scale hides: width of a step squared by 12.

    Sheppard's correction (1898); 0 for measurements and lists.
    """
    hidden = np.zeros(len(made.centre))
    raw = _raw(columns)
    at = 0
    for column, width in zip(columns, made.blocks, strict=True):
        if column.kind == "ordinal":
            steps = np.diff(np.unique(raw[~np.isnan(raw[:, at]), at]))
            if len(steps) > 1:
                hidden[at] = (float(np.median(steps)) / made.scale[at]) ** 2 / 12
        at += width
    return hidden


def space(
    basis: Basis, standardise: bool | None = None, winsorise: bool = True
) -> tuple[Space, Array]:
    """The space of a basis and the respondents' points in it.

    Parameters
    ----------
    standardise : bool, optional
        Divide by standard deviations; by default all but yes/no answers alone are.
    """
    columns, weights = basis.columns, basis.weights
    raw = _raw(columns)
    seen = ~np.isnan(raw)
    filled = np.where(seen, raw, 0.0)
    base = np.maximum(weights @ seen, 1e-12)
    centre = weights @ filled / base
    variance = weights @ (np.where(seen, raw - centre, 0.0) ** 2) / base
    if standardise is None:
        standardise = any(column.kind != "binary" for column in columns)
    scale = np.sqrt(np.maximum(variance, 1e-12)) if standardise else np.ones(raw.shape[1])
    shares, at = [], 0
    for column in columns:
        width = len(column.levels) if column.kind == "nominal" else 1
        if column.kind == "nominal":
            part = centre[at : at + width]
            shares.append(part)
            scale[at : at + width] = np.sqrt(np.maximum(part, 1e-6))
        at += width
    bound = np.full(raw.shape[1], np.inf)
    if standardise and winsorise:
        bound[_position(columns, "numeric")] = FURTHEST
    scaled = np.clip(np.where(seen, (raw - centre) / scale, 0.0), -bound, bound)
    directions: Array = np.zeros((raw.shape[1], 0))
    shrink: Array = np.zeros(0)
    if not seen.all():
        directions, shrink, scaled = _learn(scaled, ~seen, weights)
    return Space(
        columns, centre, scale, tuple(shares), directions, shrink, bound, standardise
    ), scaled


def _position(columns: tuple[Column, ...], kind: str) -> list[int]:
    """Coordinates of the columns of a kind."""
    out: list[int] = []
    at = 0
    for column in columns:
        width = len(column.levels) if column.kind == "nominal" else 1
        if column.kind == kind:
            out += range(at, at + width)
        at += width
    return out


def _raw(columns: tuple[Column, ...]) -> Array:
    parts = []
    for column in columns:
        if column.kind == "nominal":
            present = column.values[:, None] == np.arange(len(column.levels))
            wide = present.astype(float)
            wide[np.isnan(column.values)] = np.nan
            parts.append(wide)
        else:
            parts.append(column.measured[:, None])
    return np.hstack(parts)


def _fill(scaled: Array, missing: NDArray[np.bool_], axes: Array, shrink: Array, n: int) -> Array:
    """Predict missing cells from the others, on fixed axes."""
    out = scaled.copy()
    rows = np.flatnonzero(missing.any(axis=1))
    part, gaps = out[rows], missing[rows]
    for _ in range(n):
        fitted = ((part @ axes) * shrink) @ axes.T
        change = np.abs(fitted[gaps] - part[gaps]).max(initial=0.0)
        part[gaps] = fitted[gaps]
        if change < 1e-6:
            break
    out[rows] = part
    return out


def _learn(scaled: Array, missing: NDArray[np.bool_], weights: Array) -> tuple[Array, Array, Array]:
    """Regularised iterative principal components (Josse & Husson 2012)."""
    p = scaled.shape[1]
    count = max(1, min(5, p // 2))
    work = scaled.copy()
    directions, shrink = np.zeros((p, 0)), np.zeros(0)
    for _ in range(30):
        cover = (work * weights[:, None]).T @ work / weights.sum()
        values, vectors = np.linalg.eigh(cover)
        noise = float(values[: p - count].mean()) if p > count else 0.0
        top = np.maximum(values[-count:], 1e-12)
        directions = vectors[:, -count:]
        shrink = np.maximum(1 - noise / top, 0.0)
        fitted = ((work @ directions) * shrink) @ directions.T
        change = float(np.mean((fitted[missing] - work[missing]) ** 2))
        work[missing] = fitted[missing]
        if change < 1e-8:
            break
    return directions, shrink, work


def code_new(frame: pd.DataFrame, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Columns of new respondents, coded as the old ones; unseen answers count as missing."""
    out = []
    for column in columns:
        series = frame[column.name]
        if column.kind == "numeric":
            values = pd.to_numeric(series, errors="coerce").to_numpy(float, na_value=np.nan)
        else:
            positions = {level: i for i, level in enumerate(column.levels)}
            plain = series.astype("object")
            values = np.array([positions.get(x, np.nan) for x in plain], dtype=float)
        out.append(Column(column.name, column.kind, values, column.levels))
    return tuple(out)


def indicator_statistics(columns: tuple[Column, ...]) -> tuple[Array, tuple[int, ...]]:
    """One column an answer, rows of zeros where missing; and the width of each question."""
    parts, widths = [], []
    for column in columns:
        width = len(column.levels)
        parts.append((column.values[:, None] == np.arange(width)).astype(float))
        widths.append(width)
    return np.hstack(parts), tuple(widths)


def describe(
    columns: tuple[Column, ...], member: Array, weights: Array
) -> tuple[list[Hashable], Array]:
    """Mean of each basis in each segment in the user's units; shares of each nominal answer.

    Parameters
    ----------
    member : array (n, k)
        Memberships, hard or soft.
    """
    names: list[Hashable] = []
    out: list[Any] = []
    weighted = member * weights[:, None]
    for column in columns:
        seen = ~np.isnan(column.values)
        base = np.maximum(weighted[seen].sum(axis=0), 1e-300)
        if column.kind == "nominal":
            for position, level in enumerate(column.levels):
                names.append(f"{column.name} = {level}")
                out.append(weighted[column.values == position].sum(axis=0) / base)
        else:
            names.append(column.name)
            out.append(column.measured[seen] @ weighted[seen] / base)
    return names, np.column_stack(out)
