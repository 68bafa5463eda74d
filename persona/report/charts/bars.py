"""Bars and dots with their 95 % intervals, one a segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from persona.report.charts.plot import Frame, edge, folded, frame, row_labels, written
from persona.report.charts.shapes import PIXELS, Area, Mark, Picture, Shape, box, disc, line
from persona.report.theme import Theme

_SMALL = 32 / 3
"""Pixels of the words at thresholds, 8 points."""
_AWAY = 0.006
"""Of the scale between a threshold and its word."""


@dataclass(frozen=True)
class Bar:
    """One bar: its label, value, interval, colour, the figure printed beside it and its tip."""

    label: str
    value: float
    low: float | None
    high: float | None
    colour: str
    figure: str
    tip: str


def bars_size(bars: Sequence[Bar]) -> tuple[float, float]:
    """Width and height in inches that the bars ask for."""
    return 6.0, 0.42 * len(bars) + 0.35


def paint_bars(bars: Sequence[Bar], theme: Theme) -> Picture:
    """Horizontal bars from zero with interval whiskers and the figure at their end."""
    width, height = bars_size(bars)
    top = max([bar.high or bar.value for bar in bars] + [1e-9])
    rows = (len(bars) - 0.45, -0.55)
    area = frame((width, height), (2.0, 0.1, 0.75, 0.1), (0, top * 1.02), rows)
    shapes: list[Shape] = [edge(area, "left", theme)]
    for place, bar in enumerate(bars):
        shapes.append(Mark((_box(area, place, bar),), bar.tip))
        end = bar.value
        if bar.low is not None and bar.high is not None:
            ends = [area.at(bar.low, place), area.at(bar.high, place)]
            shapes.append(line(ends, theme.colours["ink"], 1.5))
            end = max(bar.high, bar.value)
        x, y = area.at(end + top * 0.025, place)
        shapes += written(x, y, bar.figure, theme.colours["ink"], bold=True)
    shapes += row_labels(area, [folded(bar.label, 26) for bar in bars], theme)
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))


def _box(area: Frame, place: int, bar: Bar, thick: float = 0.58) -> Area:
    above, below = area.down(place - thick / 2), area.down(place + thick / 2)
    return box(area.left, above, area.across(bar.value) - area.left, below - above, bar.colour)


def dots_size(bars: Sequence[Bar]) -> tuple[float, float]:
    """Width and height in inches that the dots ask for."""
    return 6.0, 0.42 * len(bars) + 0.75


def paint_dots(
    bars: Sequence[Bar], thresholds: Sequence[tuple[float, str]], theme: Theme, floor: float = 0.3
) -> Picture:
    """Dots on a scale up to one with named thresholds."""
    width, height = dots_size(bars)
    least = min([bar.value for bar in bars] + [floor + 0.06]) - 0.06
    rows = (len(bars) - 0.45, -0.65)
    area = frame((width, height), (2.0, 0.1, 0.75, 0.55), (least, 1.005), rows)
    muted = theme.colours["muted"]
    shapes: list[Shape] = []
    for place, (at, word) in enumerate(thresholds):
        x = area.across(at)
        shapes.append(line([(x, area.bottom), (x, area.top)], muted, 1.2, (3.6, 3.6)))
        side = _side(place, len(thresholds))
        away = {"end": -_AWAY, "start": _AWAY}.get(side, 0.0)
        shapes += written(
            area.across(at + away), area.down(-0.72), word, muted, _SMALL, side, where="above"
        )
    for place, bar in enumerate(bars):
        ends = [area.at(least, place), area.at(1, place)]
        shapes.append(line(ends, theme.colours["line"], 1.1))
        shapes.append(Mark((disc(*area.at(bar.value, place), 6.0, bar.colour),), bar.tip))
        x, y = area.at(1.02, place)
        shapes += written(x, y, bar.figure, theme.colours["ink"], bold=True)
    shapes += row_labels(area, [folded(bar.label, 26) for bar in bars], theme)
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))


def _side(place: int, count: int) -> Literal["start", "middle", "end"]:
    """The words at the last two thresholds lean away from each other: they stand close."""
    if count > 1 and place >= count - 2:
        return "end" if place == count - 2 else "start"
    return "middle"
