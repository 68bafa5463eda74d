"""A path diagram: items on the left, the factors behind them on the right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from persona.report.charts.measure import text_width
from persona.report.charts.plot import folded, written
from persona.report.charts.shapes import (
    PIXELS,
    Area,
    Mark,
    Picture,
    Shape,
    box,
    disc,
    line,
    polygon,
)
from persona.report.theme import Theme

_BOX, _FACTOR, _RADIUS, _WIDTH = 2.9, 5.0, 0.46, 7.2
"""Inches: right edge of the items, centre and radius of the factors, width of all."""
_FIGURE, _NAME = 28 / 3, 10.0
"""Pixels of the figures at arrows and of names, 7 and 7.5 points."""
_BROKEN = (4.0, 2.0)


@dataclass(frozen=True)
class Arrow:
    """A loading: from factor ``factor`` to item ``item``, as drawn, as printed, and its tip.

    ``main`` is the item's largest loading, printed beside the item; others stand near the factor.
    """

    item: int
    factor: int
    loading: float
    figure: str
    tip: str
    main: bool = True


@dataclass(frozen=True)
class Bow:
    """A correlation of two factors, as drawn, as printed, and its tip."""

    first: int
    second: int
    correlation: float
    figure: str
    tip: str


def path_size(items: int, factors: int) -> tuple[float, float]:
    """Width and height in inches of a path diagram."""
    return _WIDTH, max(items * _row(items), factors * 1.05) + 0.2


def _row(items: int) -> float:
    return 0.34 if items <= 24 else 0.28


def paint_path(
    items: Sequence[str],
    factors: Sequence[str],
    arrows: Sequence[Arrow],
    bows: Sequence[Bow],
    theme: Theme,
) -> Picture:
    """Arrows as wide as the loading is large; those of negative loadings are broken lines."""
    width, height = path_size(len(items), len(factors))
    row = (height - 0.2) / max(len(items), 1)
    ys = [0.1 + row * (place + 0.5) for place in range(len(items))]
    # A factor stands where its items are, and clear of the others.
    centres = _spaced(_wanted(arrows, ys, len(factors), height), height)
    lines, figures = [], []
    for arrow in arrows:
        drawn, label = _arrow(arrow, ys[arrow.item], centres[arrow.factor], theme)
        lines.append(Mark(drawn, arrow.tip))
        figures += label
    shapes: list[Shape] = [*lines, *figures]
    for text, y in zip(items, ys, strict=True):
        shapes += _item(text, y, min(row, 0.34), theme)
    for bow in bows:
        curve, label = _bow(bow, centres, theme)
        shapes += [Mark((curve,), bow.tip), *label]
    for name, centre in zip(factors, centres, strict=True):
        shapes += _circle(name, centre, theme)
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))


def _wanted(
    arrows: Sequence[Arrow], ys: Sequence[float], factors: int, height: float
) -> list[float]:
    wanted = []
    for factor in range(factors):
        mine = [(ys[a.item], abs(a.loading)) for a in arrows if a.factor == factor]
        total = sum(weight for _, weight in mine)
        wanted.append(sum(y * weight for y, weight in mine) / total if total else height / 2)
    return wanted


def _spaced(wanted: Sequence[float], height: float) -> list[float]:
    """Places as near as may be to those wanted, in their order, one inch apart or as room is."""
    apart = min(1.05, (height - 2 * _RADIUS - 0.1) / max(len(wanted) - 1, 1))
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    low, high = _RADIUS + 0.05, height - _RADIUS - 0.05
    placed: dict[int, float] = {}
    last = low - apart
    for i in order:
        last = placed[i] = max(wanted[i], last + apart)
    limit = high
    for i in reversed(order):
        placed[i] = min(placed[i], limit)
        limit = placed[i] - apart
    return [placed[i] for i in range(len(wanted))]


def _arrow(
    arrow: Arrow, y: float, centre: float, theme: Theme
) -> tuple[tuple[Area, ...], list[Shape]]:
    colour = theme.colours["accent" if arrow.loading >= 0 else "negative"]
    away = math.hypot(_BOX - _FACTOR, y - centre)
    start = (
        _FACTOR + (_BOX - _FACTOR) * _RADIUS / away,
        centre + (y - centre) * _RADIUS / away,
    )
    size = min(abs(arrow.loading), 1.0)
    thick = (0.6 + 2 * size) * 4 / 3
    dash = () if arrow.loading >= 0 else tuple(part * thick for part in _BROKEN)
    shaft = line([_pixels(*start), _pixels(_BOX + 0.06, y)], colour, thick, dash)
    at = 0.22 if arrow.main else 0.66
    x, middle = _pixels(_BOX + at * (start[0] - _BOX) + 0.06, y + at * (start[1] - y))
    head = _head(*_pixels(_BOX + 0.05, y), (3.5 + 2 * size) * 2 / 3, colour)
    return (shaft, head), _figure(x, middle, arrow.figure, theme)


def _head(x: float, y: float, half: float, colour: str) -> Area:
    return polygon([(x - half, y), (x + half, y - half), (x + half, y + half)], colour)


def _pixels(x: float, y: float) -> tuple[float, float]:
    return PIXELS * x, PIXELS * y


def _figure(x: float, y: float, text: str, theme: Theme) -> list[Shape]:
    """A figure on a patch of paper, so that lines do not cross it."""
    width, height = text_width(text, _FIGURE) + 1.6, _FIGURE + 1.6
    patch = box(x - width / 2, y - height / 2, width, height, theme.colours["paper"])
    return [patch, *written(x, y, text, theme.colours["ink"], _FIGURE, "middle")]


def _item(text: str, y: float, height: float, theme: Theme) -> list[Shape]:
    left, top = _pixels(0.03, y - 0.43 * height)
    right, bottom = _pixels(_BOX, y + 0.43 * height)
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    drawn = polygon(corners, theme.colours["wash"])
    frame = Area(drawn.steps, theme.colours["wash"], theme.colours["line"], 1.07)
    words = written(*_pixels(0.1, y), folded(text, 48), theme.colours["ink"], _NAME)
    return [frame, *words]


def _bow(bow: Bow, centres: Sequence[float], theme: Theme) -> tuple[Area, list[Shape]]:
    first, second = sorted((centres[bow.first], centres[bow.second]))
    reach = min(0.35 + 0.33 * (second - first), 1.75)
    edge = _FACTOR + _RADIUS * 0.86
    thick = (0.5 + 2 * abs(bow.correlation)) * 4 / 3
    curve = (
        *_pixels(edge + reach, first + 0.3),
        *_pixels(edge + reach, second - 0.3),
        *_pixels(edge, second - 0.18),
    )
    shape = Area(
        (("M", _pixels(edge, first + 0.18)), ("C", curve)),
        stroke=theme.colours["muted" if bow.correlation >= 0 else "negative"],
        width=thick,
        dash=() if bow.correlation >= 0 else tuple(part * thick for part in _BROKEN),
    )
    x, y = _pixels(edge + 0.75 * reach, (first + second) / 2)
    return shape, _figure(x, y, bow.figure, theme)


def _circle(name: str, centre: float, theme: Theme) -> list[Shape]:
    x, y = _pixels(_FACTOR, centre)
    colours = theme.colours
    ring = disc(x, y, PIXELS * _RADIUS, colours["paper"], colours["accent"], 2.13)
    words = written(x, y, folded(name, 13, 3), colours["ink"], _NAME, "middle", bold=True)
    return [ring, *words]
