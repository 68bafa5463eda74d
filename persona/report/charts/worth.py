"""Value: shares of people and of money side by side, and the Pareto curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from persona.report.charts.plot import (
    Frame,
    Key,
    bottom_axis,
    edge,
    folded,
    frame,
    left_axis,
    legend,
    row_labels,
    written,
)
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

CURVE_SIZE = (4.6, 3.3)
_MOST_CORNERS = 200
"""Corners of a curve: more are finer than the eye, and cost the PDF."""
_TICKS = (0, 20, 40, 60, 80, 100)
_SMALL = 32 / 3
"""Pixels of small text, 8 points."""
_STRENGTHS = (0.35, 1.0, 0.65)
"""Opacity of people, and of the first and second measure of value."""


@dataclass(frozen=True)
class Group:
    """One segment: its shares (percent) of people and of each measure, as drawn and as printed."""

    label: str
    colour: str
    shares: tuple[float | None, ...]
    figures: tuple[str, ...]
    tip: str


def groups_size(groups: Sequence[Group]) -> tuple[float, float]:
    """Width and height in inches that the groups ask for."""
    bars = max((len(group.shares) for group in groups), default=1)
    return 6.4, len(groups) * (0.24 * bars + 0.22) + 0.5


def paint_groups(groups: Sequence[Group], words: Sequence[str], theme: Theme) -> Picture:
    """A set of bars a segment: the share of people, then of each measure of value."""
    width, height = groups_size(groups)
    top = max([share or 0.0 for group in groups for share in group.shares] + [1e-9])
    rows = (len(groups) - 0.5, -0.5)
    area = frame((width, height), (2.0, 0.1, 0.6, 0.4), (0, top * 1.05), rows)
    shapes: list[Shape] = [edge(area, "left", theme)]
    for place, group in enumerate(groups):
        shapes += _bars(area, place, group, 0.8 / max(len(words), 1), top, theme)
    shapes += row_labels(area, [folded(group.label, 26) for group in groups], theme)
    keys = [Key(word, theme.colours["ink"], _strength(number)) for number, word in enumerate(words)]
    shapes += legend(keys, area.left, 3, theme, columns=max(len(keys), 1))
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))


def _bars(
    area: Frame, place: int, group: Group, step: float, top: float, theme: Theme
) -> list[Shape]:
    found: list[Shape] = []
    for number, (share, shown) in enumerate(zip(group.shares, group.figures, strict=True)):
        middle = place - 0.4 + step * (number + 0.5)
        above, below = (area.down(middle + side * step * 0.45) for side in (-1, 1))
        length = area.across(share or 0.0) - area.left
        bar = box(area.left, above, length, below - above, group.colour, _strength(number))
        found.append(Mark((bar,), group.tip))
        x, y = area.at((share or 0.0) + top * 0.02, middle)
        found += written(x, y, shown, theme.colours["ink"], _SMALL)
    return found


def _strength(number: int) -> float:
    return _STRENGTHS[number % len(_STRENGTHS)]


@dataclass(frozen=True)
class Curve:
    """The Pareto curve: shares (0 to 1) of customers and of value, and the point named in it."""

    points: tuple[tuple[float, float], ...]
    best: tuple[float, float]
    best_text: str
    customers_word: str
    value_word: str
    even_word: str


def paint_curve(curve: Curve, theme: Theme) -> Picture:
    """Cumulative value over customers, the best first, against all bringing the same."""
    points = [(100 * x, 100 * y) for x, y in _thinned(curve.points)]
    top = max(100.0, *(100 * y for _, y in curve.points))
    area = frame(CURVE_SIZE, (0.65, 0.55, 0.2, 0.15), (0, 100), (0, top * 1.01))
    accent, ink, muted = (theme.colours[name] for name in ("accent", "ink", "muted"))
    drawn = [area.at(x, y) for x, y in points]
    even = [area.at(x, x) for x, _ in points]
    x, y = 100 * curve.best[0], 100 * curve.best[1]
    named = [area.at(x, 0), area.at(x, y), area.at(0, y)]
    figures = [str(tick) for tick in _TICKS]
    shapes: list[Shape] = [
        polygon([*drawn, *reversed(even)], accent, 0.12),
        line([area.at(0, 0), area.at(100, 100)], muted, 1.2, (3.6, 3.6)),
        line(drawn, accent, 2.67),
        line(named, ink, 1.07),
        Mark((disc(*area.at(x, y), 4.0, ink),), curve.best_text),
        *written(
            *area.at(x + 3, y - 3), folded(curve.best_text, 26), ink, bold=True, where="below"
        ),
        *written(*area.at(52, 28), curve.even_word, ink, _SMALL, where="below"),
        *_axes(area, theme),
        *bottom_axis(area, _TICKS, figures, curve.customers_word, theme),
        *left_axis(area, _TICKS, figures, curve.value_word, theme),
    ]
    width, height = CURVE_SIZE
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))


def _axes(area: Frame, theme: Theme) -> tuple[Area, Area]:
    return edge(area, "left", theme), edge(area, "bottom", theme)


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most so many points of a curve, its ends among them."""
    step = max(1, -(-len(points) // _MOST_CORNERS))
    return [*points[:-1:step], points[-1]]
