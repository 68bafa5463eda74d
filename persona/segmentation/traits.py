"""Surveys without segments, in which answers depend on traits that shade into each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from persona.segmentation.arrays import Array
from persona.segmentation.basis import Column
from persona.segmentation.fit import Data

ROWS = 4000
"""Respondents drawn in each round of matching the shares and the spread along the traits."""

ROUNDS = 12


@dataclass(frozen=True)
class Traits:
    """Normal traits behind the answers, as many as there are components.

    The chance of answer l of a list is proportional to ``exp(a_l + Σ_s c_s b_ls z_s)`` (Bock
    1972), with the traits z normal and b the coordinates of the answers on the components; a
    measurement is ``Σ_s β_s z_s`` and noise, put on its own margin.

    Parameters
    ----------
    slopes : tuple of array (levels, q), or (q,) for measurements
    levels : tuple of array
        Constants a of each list; for measurements the sorted answers with their edges (2, m).
    strength : array (q,)
    """

    columns: tuple[Column, ...]
    slopes: tuple[Array, ...]
    levels: tuple[Array, ...]
    strength: Array

    def draw(self, n: int, generator: np.random.Generator) -> tuple[Column, ...]:
        """Answers of n respondents."""
        traits = generator.standard_normal((n, len(self.strength))) * self.strength
        out = []
        for old, slopes, levels in zip(self.columns, self.slopes, self.levels, strict=True):
            if slopes.ndim == 2:
                chance = levels + traits @ slopes.T + generator.gumbel(size=(n, len(levels)))
                values = chance.argmax(axis=1).astype(float)
            else:
                values = _measured(traits @ slopes, levels, generator)
            out.append(Column(old.name, old.kind, values, old.levels))
        return tuple(out)


def _measured(lean: Array, levels: Array, generator: np.random.Generator) -> Array:
    """Ranks of what traits and noise give, on the margin of the answers."""
    noise = np.sqrt(max(1 - float((lean**2).mean()), 0.05))
    latent = lean + noise * generator.standard_normal(len(lean))
    rank = (np.argsort(np.argsort(latent)) + generator.random(len(lean))) / len(lean)
    values, edges = levels
    return np.asarray(values[np.minimum(np.searchsorted(edges, rank), len(values) - 1)])


def traits(data: Data, generator: np.random.Generator) -> Traits:
    """Traits under which answers are as frequent, and vary as much along the components."""

    columns, weights = data.basis.columns, data.weights
    slopes, levels, shares = [], [], []
    at = 0
    for column, width in zip(columns, data.space.blocks, strict=True):
        part = slice(at, at + width)
        along = data.components.directions[part]
        seen = ~np.isnan(column.values)
        if column.kind in ("nominal", "binary"):
            size = np.bincount(column.values[seen].astype(int), weights[seen], len(column.levels))
            share = np.maximum(size / size.sum(), 1e-9)
            lean = along / data.space.scale[part, None]
            slopes.append(lean if column.kind == "nominal" else np.vstack([0 * lean, lean]))
            levels.append(np.log(share))
            shares.append(share)
        else:
            values, inverse = np.unique(column.values[seen], return_inverse=True)
            edges = np.cumsum(np.bincount(inverse, weights[seen]))
            slopes.append(along[0])
            levels.append(np.stack([values, edges / edges[-1]]))
            shares.append(np.empty(0))
        at += width
    wanted = data.components.eigenvalues[: data.components.q]
    made = Traits(columns, tuple(slopes), tuple(levels), np.sqrt(wanted))
    floor = float(data.components.eigenvalues.mean())
    for _ in range(ROUNDS):
        drawn = made.draw(ROWS, generator)
        spread = _spread(drawn, data)
        ratio = np.maximum(wanted - floor, 0.01) / np.maximum(spread - floor, 0.01)
        strength = made.strength * np.clip(np.sqrt(ratio), 0.5, 2.0)
        fitted = tuple(
            old + np.log(share / _shares(column, len(share))) if share.size else old
            for old, share, column in zip(made.levels, shares, drawn, strict=True)
        )
        made = replace(made, strength=strength, levels=fitted)
    return made


def _shares(column: Column, width: int) -> Array:
    count = np.bincount(column.values.astype(int), minlength=width) + 0.5
    return np.asarray(count / count.sum())


def _spread(drawn: tuple[Column, ...], data: Data) -> Array:
    """Variance of drawn respondents along the components of the data."""
    points = data.space.points(drawn)
    scores = data.components.scores(points)
    return np.asarray(scores.var(axis=0))
