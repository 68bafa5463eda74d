"""A path diagram: items on the left, the factors behind them on the right."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.report.charts.bars import Painter
from persona.report.charts.canvas import axes
from persona.report.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BOX, _FACTOR, _RADIUS, _WIDTH = 2.9, 5.0, 0.46, 7.2
"""Inches: right edge of the items, centre and radius of the factors, width of all."""


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
) -> Painter:
    """Arrows as wide as the loading is large; those of negative loadings are broken lines."""

    def paint(figure: Figure) -> Mapping[str, str]:
        width, height = path_size(len(items), len(factors))
        area = axes(figure, 0, 0, 0, 0)
        area.set_xlim(0, width)
        area.set_ylim(height, 0)
        area.axis("off")
        row = (height - 0.2) / max(len(items), 1)
        ys = [0.1 + row * (place + 0.5) for place in range(len(items))]
        # A factor stands where its items are, and clear of the others.
        centres = _spaced(_wanted(arrows, ys, len(factors), height), height)
        marks: dict[str, str] = {}
        for number, arrow in enumerate(arrows):
            marks |= _arrow(area, number, arrow, ys[arrow.item], centres[arrow.factor], theme)
        _items(area, items, ys, min(row, 0.34), theme)
        for number, bow in enumerate(bows):
            marks |= _bow(area, number, bow, centres, theme)
        _factors(area, factors, centres, theme)
        return marks

    return paint


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
    area: Axes, number: int, arrow: Arrow, y: float, centre: float, theme: Theme
) -> dict[str, str]:
    from math import hypot

    colour = theme.colours["accent" if arrow.loading >= 0 else "negative"]
    style = "-" if arrow.loading >= 0 else (0, (4, 2))
    away = hypot(_BOX - _FACTOR, y - centre)
    start = (
        _FACTOR + (_BOX - _FACTOR) * _RADIUS / away,
        centre + (y - centre) * _RADIUS / away,
    )
    (line,) = area.plot(
        [start[0], _BOX + 0.06], [start[1], y], color=colour, ls=style, lw=0.6 + 2 * _size(arrow)
    )
    line.set_gid(f"path{number}")
    area.plot([_BOX + 0.05], [y], marker="<", ms=3.5 + 2 * _size(arrow), color=colour, ls="")
    at = 0.22 if arrow.main else 0.66
    area.text(
        _BOX + at * (start[0] - _BOX) + 0.06,
        y + at * (start[1] - y),
        arrow.figure,
        fontsize=7,
        ha="center",
        va="center",
        bbox={"facecolor": theme.colours["paper"], "edgecolor": "none", "pad": 0.6},
    )
    return {f"path{number}": arrow.tip}


def _size(arrow: Arrow) -> float:
    return min(abs(arrow.loading), 1.0)


def _items(
    area: Axes, items: Sequence[str], ys: Sequence[float], height: float, theme: Theme
) -> None:
    from matplotlib.patches import Rectangle

    for text, y in zip(items, ys, strict=True):
        area.add_patch(
            Rectangle(
                (0.03, y - 0.43 * height),
                _BOX - 0.03,
                0.86 * height,
                facecolor=theme.colours["wash"],
                edgecolor=theme.colours["line"],
                linewidth=0.8,
            )
        )
        words = "\n".join(textwrap.wrap(text, 48, max_lines=2, placeholder=" …"))
        area.text(0.1, y, words, fontsize=7.5, va="center", ha="left", linespacing=0.95)


def _bow(
    area: Axes, number: int, bow: Bow, centres: Sequence[float], theme: Theme
) -> dict[str, str]:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    first, second = sorted((centres[bow.first], centres[bow.second]))
    reach = min(0.35 + 0.33 * (second - first), 1.75)
    edge = _FACTOR + _RADIUS * 0.86
    colour = theme.colours["muted" if bow.correlation >= 0 else "negative"]
    shape = Path(
        [
            (edge, first + 0.18),
            (edge + reach, first + 0.3),
            (edge + reach, second - 0.3),
            (edge, second - 0.18),
        ],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    patch = PathPatch(
        shape,
        facecolor="none",
        edgecolor=colour,
        linewidth=0.5 + 2 * abs(bow.correlation),
        linestyle="-" if bow.correlation >= 0 else (0, (4, 2)),
    )
    patch.set_gid(f"bow{number}")
    area.add_patch(patch)
    area.text(
        edge + 0.75 * reach,
        (first + second) / 2,
        bow.figure,
        fontsize=7,
        ha="center",
        va="center",
        bbox={"facecolor": theme.colours["paper"], "edgecolor": "none", "pad": 0.6},
    )
    return {f"bow{number}": bow.tip}


def _factors(area: Axes, factors: Sequence[str], centres: Sequence[float], theme: Theme) -> None:
    from matplotlib.patches import Circle

    for name, centre in zip(factors, centres, strict=True):
        area.add_patch(
            Circle(
                (_FACTOR, centre),
                _RADIUS,
                facecolor=theme.colours["paper"],
                edgecolor=theme.colours["accent"],
                linewidth=1.6,
                zorder=3,
            )
        )
        words = "\n".join(textwrap.wrap(name, 13, max_lines=3, placeholder=" …"))
        area.text(
            _FACTOR, centre, words, fontsize=7.5, fontweight="bold", ha="center", va="center",
            zorder=4, linespacing=1.0,
        )  # fmt: skip
