"""What an axis of a map sets against what, as plain data for a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

_SHOWN_AXES = 5
_LEAST_COS2 = 0.1
_MOST_POINTS = 5


@dataclass(frozen=True)
class AxisPoint:
    """One point that shapes an axis; ``question`` is None in a plain table."""

    kind: str
    question: Any
    label: Any
    coordinate: float
    contribution: float
    cos2: float


@dataclass(frozen=True)
class AxisPoles:
    """The two ends of an axis.

    ``negative`` and ``positive`` hold the points whose contribution exceeds the average (1/J) and
    whose cos2 is not small, largest contribution first. ``explained`` is the axis's share.
    ``contribution`` is what the named points contribute together.
    """

    axis: int
    explained: float
    negative: tuple[AxisPoint, ...]
    positive: tuple[AxisPoint, ...]

    @property
    def contribution(self) -> float:
        """Share of the axis's inertia that the named points carry, summed within each kind."""
        return sum(point.contribution for point in (*self.negative, *self.positive))


Side = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def poles(sides: Mapping[str, Side], explained: pd.Series[Any]) -> tuple[AxisPoles, ...]:
    """The points that shape the first axes.

    Parameters
    ----------
    sides : mapping
        Kind of point (``"row"``, ``"column"``, ``"category"``, ``"number"``) to its coordinates,
        contributions and cos2, each a DataFrame with a column an axis.
    explained : Series
        Share of each axis.

    Examples
    --------
    >>> frame = pd.DataFrame({1: [-1.0, 1.0, 0.0]}, index=["poor", "rich", "any"])
    >>> found = poles({"row": (frame, frame**2 / 2, frame**2)}, pd.Series({1: 1.0}))
    >>> found[0].negative[0].label, found[0].positive[0].label
    ('poor', 'rich')
    """
    first = next(iter(sides.values()))[0]
    return tuple(
        _axis(int(axis), sides, float(explained[axis])) for axis in first.columns[:_SHOWN_AXES]
    )


def _axis(axis: int, sides: Mapping[str, Side], explained: float) -> AxisPoles:
    points = []
    for kind, (coordinates, contributions, cos2) in sides.items():
        average = 1 / max(len(coordinates), 1)
        chosen = (contributions[axis] > average) & (cos2[axis] >= _LEAST_COS2)
        for place in np.flatnonzero(chosen.to_numpy()).tolist():
            label = coordinates.index[place]
            question, name = label if isinstance(label, tuple) else (None, label)
            points.append(
                AxisPoint(
                    kind,
                    question,
                    name,
                    float(coordinates[axis].iloc[place]),
                    float(contributions[axis].iloc[place]),
                    float(cos2[axis].iloc[place]),
                )
            )
    points.sort(key=lambda point: -point.contribution)
    return AxisPoles(
        axis,
        explained,
        tuple(point for point in points if point.coordinate < 0)[:_MOST_POINTS],
        tuple(point for point in points if point.coordinate > 0)[:_MOST_POINTS],
    )
