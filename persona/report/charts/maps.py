"""Correspondence maps and maps of segments, with labels that keep clear of each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from persona.report.charts.labels import Drawn, Line, Place, Spot, placed, ring
from persona.report.charts.plot import (
    Frame,
    block_size,
    border,
    bottom_axis,
    folded,
    frame,
    left_axis,
    written,
)
from persona.report.charts.shapes import (
    PIXELS,
    Area,
    Mark,
    Picture,
    Shape,
    Words,
    disc,
    ellipse,
    line,
    polygon,
)
from persona.report.theme import Theme

MAP_SIZE = (7.4, 5.4)
_MARGINS = (0.45, 0.5, 0.15, 0.15)
_POINT = 4 / 3
"""Pixels of a point of type."""


@dataclass(frozen=True)
class Point:
    """One point of a map.

    ``area`` is in square points, ``strong`` prints the label bold, ``spread`` draws an ellipse of
    a width, height and angle (degrees) round the point. ``size`` is that of the label in points,
    ``opacity`` (0 to 1) fades point and label. ``arrow`` draws a line from the origin to it.
    """

    x: float
    y: float
    label: str
    colour: str
    tip: str
    marker: str = "o"
    area: float = 34.0
    strong: bool = False
    spread: tuple[float, float, float] | None = None
    size: float = 8.0
    opacity: float = 1.0
    arrow: bool = False


def paint_map(points: Sequence[Point], axis_words: tuple[str, str], theme: Theme) -> Picture:
    """Points on two axes of equal scale; labels are placed so that none covers another."""
    area = _framed(points)
    (left, right), (low, high) = area.xs, area.ys
    axes = theme.colours["line"]
    lines: list[Line] = []
    if low < 0 < high:
        lines.append((*area.at(left, 0), *area.at(right, 0)))
    if left < 0 < right:
        lines.append((*area.at(0, low), *area.at(0, high)))
    shapes: list[Shape] = [line([(x, y), (u, v)], axes, 1.2) for x, y, u, v in lines]
    shapes += [_ellipse(area, point) for point in points if point.spread is not None]
    shapes += [
        replace(line([area.at(0, 0), area.at(p.x, p.y)], p.colour, 1.2), opacity=p.opacity)
        for p in points
        if p.arrow
    ]
    shapes += [
        border(area, theme),
        *bottom_axis(area, (), (), axis_words[0], theme),
        *left_axis(area, (), (), axis_words[1], theme),
        *labelled(area, points, theme, lines),
    ]
    width, height = MAP_SIZE
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))


def _ellipse(area: Frame, point: Point) -> Area:
    first, second = _half_axes(area, point)
    return ellipse(*area.at(point.x, point.y), first, second, stroke=point.colour, width=1.6)


def _half_axes(area: Frame, point: Point) -> tuple[tuple[float, float], tuple[float, float]]:
    """Half axes of the ellipse in pixels, which run downwards."""
    assert point.spread is not None
    width, height, angle = point.spread
    scale = area.across(1) - area.across(0)
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    one, other = scale * width / 2, scale * height / 2
    return (one * cosine, -one * sine), (-other * sine, -other * cosine)


def _framed(points: Sequence[Point]) -> Frame:
    """Equal scales on both axes, and room for labels at the rim."""
    half = [max(p.spread[:2]) / 2 if p.spread else 0.0 for p in points]
    xs = [p.x + side * r for p, r in zip(points, half, strict=True) for side in (-1, 1)] or [0.0]
    ys = [p.y + side * r for p, r in zip(points, half, strict=True) for side in (-1, 1)] or [0.0]
    unit = frame(MAP_SIZE, _MARGINS, (0, 1), (0, 1))
    ratio = (unit.right - unit.left) / (unit.bottom - unit.top)
    span_x = max(max(xs) - min(xs), 1e-6) * 1.36
    span_y = max(max(ys) - min(ys), 1e-6) * 1.26
    span_y = max(span_y, span_x / ratio)
    span_x = span_y * ratio
    x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return frame(
        MAP_SIZE,
        _MARGINS,
        (x - span_x / 2, x + span_x / 2),
        (y - span_y / 2, y + span_y / 2),
    )


def labelled(
    area: Frame, points: Sequence[Point], theme: Theme, axes: Sequence[Line] = ()
) -> list[Shape]:
    """Points with their labels, none of which covers another or a point.

    The most important come first; a label without a free place is left out, its point keeps its
    tip.
    """
    texts = [folded(point.label, 26) for point in points]
    spots = [_spot(area, point, text) for point, text in zip(points, texts, strict=True)]
    order = sorted(range(len(points)), key=lambda i: (not points[i].strong, -points[i].size, i))
    drawn = Drawn(
        bounds=(area.left + 2, area.top + 2, area.right - 2, area.bottom - 2),
        arrows=[(*area.at(0, 0), *area.at(p.x, p.y)) for p in points if p.arrow],
        rims=[
            part
            for p in points
            if p.spread is not None
            for part in ring(*area.at(p.x, p.y), *_half_axes(area, p))
        ],
        axes=axes,
    )
    found = placed(spots, order, drawn)
    shapes: list[Shape] = [
        line(place.leader, theme.colours["muted"], 0.7)
        for place in found
        if place is not None and place.leader is not None
    ]
    shapes += [
        Mark((_symbol(point, spot, theme),), point.tip)
        for point, spot in zip(points, spots, strict=True)
    ]
    for point, spot, text, place in zip(points, spots, texts, found, strict=True):
        if place is not None:
            shapes += _words(point, spot, text, place, theme)
    return shapes


def _spot(area: Frame, point: Point, text: str) -> Spot:
    width, height = block_size(text, _size(point), point.strong)
    return Spot(*area.at(point.x, point.y), _radius(point), width, height)


def _size(point: Point) -> float:
    return _POINT * (9.0 if point.strong else point.size)


def _words(point: Point, spot: Spot, text: str, place: Place, theme: Theme) -> tuple[Words, ...]:
    """The label, its lines flush on the side of the point."""
    anchor: Literal["start", "middle", "end"] = "middle"
    x = (place.left + place.right) / 2
    if place.left > spot.x - spot.width / 4:
        anchor, x = "start", place.left
    elif place.right < spot.x + spot.width / 4:
        anchor, x = "end", place.right
    middle = (place.top + place.bottom) / 2
    ink, size = theme.colours["ink"], _size(point)
    return written(x, middle, text, ink, size, anchor, point.strong, opacity=point.opacity)


def _radius(point: Point) -> float:
    return _POINT * math.sqrt(point.area) / 2


def _symbol(point: Point, spot: Spot, theme: Theme) -> Area:
    """The point as a disc, a diamond or a triangle, as its marker asks for."""
    x, y, r = spot.x, spot.y, spot.radius
    if point.marker == "o":
        drawn = disc(x, y, r, point.colour)
    else:
        # A diamond is as wide as a disc is along its diagonal; a triangle fills the square.
        wide = r * math.sqrt(2)
        corners = (
            [(x, y - wide), (x + wide, y), (x, y + wide), (x - wide, y)]
            if point.marker == "D"
            else [(x, y - r), (x + r, y + r), (x - r, y + r)]
        )
        drawn = polygon(corners, point.colour)
    return Area(drawn.steps, point.colour, theme.colours["paper"], 1.07, point.opacity)
