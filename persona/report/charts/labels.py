"""Places for the labels of points, so that none covers another, a point or an arrow.

The most important label chooses first among places round its point (a greedy solution of
point-feature label placement; Christensen, Marks and Shieber 1995): the nearest, unless it lies
on a line that a place further away keeps clear of.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_NEAR_GAPS = (3.0, 7.0, 12.0, 18.0)
_FAR_GAPS = (25.0, 33.0, 42.0, 52.0, 63.0, 75.0)
"""Pixels from the rim of a point to its label; far ones are tried where near ones have trouble."""
_JOINED = 7.0
"""A label further away is joined to its point by a line."""
_CLEAR = 2.0
"""Pixels that stay free round every label."""
_RIM, _LEADER, _AXIS, _SIDE = 45.0, 40.0, 3.0, 0.3
"""What it costs, in pixels of distance, to cover a rim, to cross a leader or be crossed by one,
to cover an axis, and to take a side later in the order."""
_MOST = 100.0
"""A label whose best place costs more is left out."""
_SIDES = np.array(
    [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)]
    + [(a, b) for b in (-1, 1) for a in (0.5, -0.5)]
    + [(a, b) for a in (1, -1) for b in (-0.5, 0.5)],
    dtype=float,
)
"""Where a label is tried round its point: in units of half its size and the gap."""

Line = tuple[float, float, float, float]


@dataclass(frozen=True)
class Spot:
    """A point with a label: its place and radius in pixels, width and height of the label."""

    x: float
    y: float
    radius: float
    width: float
    height: float


@dataclass(frozen=True)
class Place:
    """Where a label stands: left, top, right, bottom in pixels, and the line to its point."""

    left: float
    top: float
    right: float
    bottom: float
    leader: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True)
class Drawn:
    """What is drawn already, in pixels.

    No label leaves ``bounds`` (left, top, right, bottom) or covers one of the ``arrows``
    (x, y, x, y); ``rims`` and ``axes`` are covered where nothing else is free.
    """

    bounds: tuple[float, float, float, float]
    arrows: Sequence[Line] = ()
    rims: Sequence[Line] = ()
    axes: Sequence[Line] = ()


def placed(spots: Sequence[Spot], order: Sequence[int], drawn: Drawn) -> list[Place | None]:
    """A place for the label of each spot; None where there is no room.

    Parameters
    ----------
    order : sequence of int
        Which spots choose first.
    """
    chooser = _Chooser(spots, drawn)
    found: list[Place | None] = [None] * len(spots)
    for number in order:
        found[number] = chooser.choose(spots[number])
    return found


class _Chooser:
    """Gives labels their places, one after the other, and remembers what is taken."""

    def __init__(self, spots: Sequence[Spot], drawn: Drawn) -> None:
        self.bounds = drawn.bounds
        self.arrows, self.rims, self.axes = (
            np.array(lines, dtype=float).reshape(-1, 4)
            for lines in (drawn.arrows, drawn.rims, drawn.axes)
        )
        self.points = np.array(
            [(s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius) for s in spots]
        ).reshape(-1, 4)
        self.labels = np.empty((0, 4))
        self.leaders = np.empty((0, 4))

    def choose(self, spot: Spot) -> Place | None:
        """The cheapest free place of a label; it is taken from then on."""
        best: tuple[float, np.ndarray, np.ndarray, bool] | None = None
        for gaps in (_NEAR_GAPS, _FAR_GAPS):
            boxes, distances, costs = _tries(spot, gaps)
            free = self._free(boxes)
            boxes, distances, costs = boxes[free], distances[free], costs[free]
            if len(boxes):
                leaders = _leaders(spot, boxes, distances)
                costs = costs + self._trouble(boxes, leaders, distances > _JOINED)
                least = int(costs.argmin())
                if costs[least] <= (_MOST if best is None else best[0]):
                    joined = bool(distances[least] > _JOINED)
                    best = float(costs[least]), boxes[least], leaders[least], joined
            if best is not None and best[0] < _FAR_GAPS[0]:
                break
        return None if best is None else self._take(*best[1:])

    def _free(self, boxes: np.ndarray) -> np.ndarray:
        left, top, right, bottom = self.bounds
        good = (boxes[:, 0] >= left) & (boxes[:, 2] <= right)
        good &= (boxes[:, 1] >= top) & (boxes[:, 3] <= bottom)
        wide = boxes + np.array([-_CLEAR, -_CLEAR, _CLEAR, _CLEAR])
        taken = np.vstack([self.points, self.labels])
        one, other = wide[:, None, :], taken[None, :, :]
        apart = (one[..., 2] <= other[..., 0]) | (one[..., 0] >= other[..., 2])
        apart |= (one[..., 3] <= other[..., 1]) | (one[..., 1] >= other[..., 3])
        good &= apart.all(axis=1)
        return np.asarray(good & ~_crossed(wide, self.arrows).any(axis=1))

    def _trouble(self, boxes: np.ndarray, leaders: np.ndarray, joined: np.ndarray) -> np.ndarray:
        cost = _RIM * _crossed(boxes, self.rims).any(axis=1)
        cost = cost + _AXIS * _crossed(boxes, self.axes).any(axis=1)
        cost += _LEADER * _crossed(boxes, self.leaders).sum(axis=1)
        cost += _LEADER * joined * _crossed(self.labels, leaders).sum(axis=0)
        return np.asarray(cost)

    def _take(self, box: np.ndarray, leader: np.ndarray, joined: bool) -> Place:
        self.labels = np.vstack([self.labels, box])
        left, top, right, bottom = (float(edge) for edge in box)
        if not joined:
            return Place(left, top, right, bottom)
        self.leaders = np.vstack([self.leaders, leader])
        x, y, u, v = (float(part) for part in leader)
        return Place(left, top, right, bottom, ((x, y), (u, v)))


def _tries(spot: Spot, gaps: Sequence[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Boxes round a spot, how far each is from its rim, and what that costs."""
    half = np.array([spot.width / 2, spot.height / 2])
    distances = np.repeat(gaps, len(_SIDES))
    sides = np.tile(_SIDES, (len(gaps), 1))
    centres = np.array([spot.x, spot.y]) + sides * (half + spot.radius + distances[:, None])
    costs = distances + _SIDE * np.tile(np.arange(len(_SIDES)), len(gaps))
    return np.hstack([centres - half, centres + half]), distances, costs


def _leaders(spot: Spot, boxes: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Lines from the nearest point of each box to the rim of the spot."""
    centre = np.array([spot.x, spot.y])
    near = np.clip(centre, boxes[:, :2], boxes[:, 2:])
    away = np.maximum(np.hypot(*(near - centre).T), 1e-9)[:, None]
    return np.hstack([near, centre + (near - centre) * spot.radius / away])


def _crossed(boxes: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Which lines touch which boxes, (boxes, lines): each clipped by the slabs of each box."""
    start, end = lines[None, :, :2], lines[None, :, 2:]
    low, high = boxes[:, None, :2], boxes[:, None, 2:]
    step = end - start
    step = np.where(np.abs(step) < 1e-9, 1e-9, step)
    first, second = (low - start) / step, (high - start) / step
    enter = np.minimum(first, second).max(axis=2)
    leave = np.maximum(first, second).min(axis=2)
    return np.asarray((enter <= leave) & (leave >= 0) & (enter <= 1))


def ring(
    x: float, y: float, first: tuple[float, float], second: tuple[float, float], corners: int = 20
) -> list[Line]:
    """An ellipse by its centre and half axes as short lines."""
    angles = [2 * math.pi * place / corners for place in range(corners + 1)]
    points = [
        (
            x + math.cos(angle) * first[0] + math.sin(angle) * second[0],
            y + math.cos(angle) * first[1] + math.sin(angle) * second[1],
        )
        for angle in angles
    ]
    return [(*one, *other) for one, other in itertools.pairwise(points)]
