"""Bars and dots with their 95 % intervals, one a segment."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.report.charts.canvas import axes
from persona.report.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Painter = Callable[["Figure"], Mapping[str, str]]


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


def _labels(bars: Sequence[Bar]) -> list[str]:
    return ["\n".join(textwrap.wrap(bar.label, 26, max_lines=2, placeholder=" …")) for bar in bars]


def bars_size(bars: Sequence[Bar]) -> tuple[float, float]:
    """Width and height in inches that the bars ask for."""
    return 6.0, 0.42 * len(bars) + 0.35


def paint_bars(bars: Sequence[Bar], theme: Theme) -> Painter:
    """Horizontal bars from zero with interval whiskers and the figure at their end."""

    def paint(figure: Figure) -> Mapping[str, str]:
        area = axes(figure, 2.0, 0.1, 0.75, 0.1)
        top = max([bar.high or bar.value for bar in bars] + [1e-9])
        for place, bar in enumerate(bars):
            patch = area.barh(place, bar.value, height=0.58, color=bar.colour)[0]
            patch.set_gid(f"bar{place}")
            end = bar.value
            if bar.low is not None and bar.high is not None:
                area.plot([bar.low, bar.high], [place, place], color=theme.colours["ink"], lw=1.1)
                end = max(bar.high, bar.value)
            area.text(
                end + top * 0.025, place, bar.figure, va="center", ha="left", fontweight="bold"
            )
        area.set_yticks(range(len(bars)), _labels(bars))
        area.set_xticks([])
        area.set_xlim(0, top * 1.02)
        area.set_ylim(len(bars) - 0.45, -0.55)
        area.spines["bottom"].set_visible(False)
        return {f"bar{place}": bar.tip for place, bar in enumerate(bars)}

    return paint


def paint_dots(
    bars: Sequence[Bar], thresholds: Sequence[tuple[float, str]], theme: Theme, floor: float = 0.3
) -> Painter:
    """Dots on a scale up to one with named thresholds."""

    def paint(figure: Figure) -> Mapping[str, str]:
        area = axes(figure, 2.0, 0.1, 0.75, 0.55)
        least = min([bar.value for bar in bars] + [floor + 0.06]) - 0.06
        sides = {place: "center" for place in range(len(thresholds))}
        if len(thresholds) > 1:
            sides |= {len(thresholds) - 2: "right", len(thresholds) - 1: "left"}
        for place, (at, word) in enumerate(thresholds):
            area.axvline(at, color=theme.colours["muted"], lw=0.9, ls=(0, (3, 3)))
            area.text(
                at + {"right": -0.006, "left": 0.006}.get(sides[place], 0.0),
                -0.72,
                word,
                ha=sides[place],
                va="bottom",
                fontsize=8,
                color=theme.colours["muted"],
            )
        for place, bar in enumerate(bars):
            area.plot([least, 1], [place, place], color=theme.colours["line"], lw=0.8, zorder=0)
            (dot,) = area.plot([bar.value], [place], "o", ms=9, color=bar.colour)
            dot.set_gid(f"dot{place}")
            area.text(1.02, place, bar.figure, va="center", ha="left", fontweight="bold")
        area.set_yticks(range(len(bars)), _labels(bars))
        area.set_xticks([])
        area.set_xlim(least, 1.005)
        area.set_ylim(len(bars) - 0.45, -0.65)
        area.spines["bottom"].set_visible(False)
        area.spines["left"].set_visible(False)
        return {f"dot{place}": bar.tip for place, bar in enumerate(bars)}

    return paint


def dots_size(bars: Sequence[Bar]) -> tuple[float, float]:
    """Width and height in inches that the dots ask for."""
    return 6.0, 0.42 * len(bars) + 0.75
