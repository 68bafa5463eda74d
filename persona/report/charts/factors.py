"""Scree with the threshold of parallel analysis, and loadings as a heat map."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from persona.report.charts.bars import Painter
from persona.report.charts.canvas import axes
from persona.report.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCREE_SIZE = (6.0, 2.9)
_FIXED_LIGHT, _FIXED_DARK = "#fefefe", "#18222c"
"""Figures on squares keep their colour in the dark, as the squares do."""


def paint_scree(
    eigenvalues: Sequence[float],
    threshold: Sequence[float],
    words: tuple[str, str, str, str],
    tips: Sequence[str],
    write: Callable[[float], str],
    theme: Theme,
) -> Painter:
    """Eigenvalues observed against those that random data reach.

    ``words`` name the observed line, the threshold, the x axis and the y axis; ``write`` gives
    the figures of the y axis.
    """

    def paint(figure: Figure) -> Mapping[str, str]:
        area = axes(figure, 0.6, 0.55, 0.2, 0.35)
        places = range(1, len(eigenvalues) + 1)
        area.yaxis.grid(True)
        area.plot(places, eigenvalues, color=theme.colours["accent"], label=words[0])
        size = 6.0 if len(eigenvalues) <= 20 else 4.0
        for place, value in zip(places, eigenvalues, strict=True):
            (dot,) = area.plot([place], [value], "o", ms=size, color=theme.colours["accent"])
            dot.set_gid(f"eigenvalue{place}")
        if len(threshold):
            area.plot(
                range(1, len(threshold) + 1),
                threshold,
                color=theme.colours["negative"],
                ls=(0, (4, 3)),
                lw=1.4,
                label=words[1],
            )
        area.set_xlabel(words[2])
        area.set_ylabel(words[3])
        area.set_xticks(_ticks(len(eigenvalues)))
        area.set_xlim(0.5, len(eigenvalues) + 0.5)
        area.set_ylim(0, max([*eigenvalues, *threshold, 1.0]) * 1.08)
        area.yaxis.set_major_formatter(lambda value, place: write(value))
        area.spines["left"].set_visible(False)
        area.legend(loc="upper right")
        return {f"eigenvalue{place}": tip for place, tip in zip(places, tips, strict=True)}

    return paint


def _ticks(components: int) -> list[int]:
    """Components that are named on the axis: all of a few, else the first and every fifth."""
    if components <= 15:
        return list(range(1, components + 1))
    step = 5 if components <= 40 else 10
    return [1, *range(step, components + 1, step)]


def loadings_size(items: int, factors: int) -> tuple[float, float]:
    """Width and height in inches of a heat map."""
    return 3.55 + max(0.62 * factors, 1.2), _row_height(items) * items + 0.6


def _row_height(items: int) -> float:
    """Inches of a row, so that 30 items stand on a page of paper."""
    return 0.34 if items <= 24 else 0.28


def paint_loadings(
    loadings: Sequence[Sequence[float]],
    items: Sequence[str],
    factors: Sequence[str],
    figures: Sequence[Sequence[str]],
    tips: Sequence[Sequence[str]],
    theme: Theme,
) -> Painter:
    """One square an item and factor; the deeper, the larger the loading, its sign by hue."""

    def paint(figure: Figure) -> Mapping[str, str]:
        from matplotlib.patches import Rectangle

        area = axes(figure, 3.35, 0.05, 0.1, 0.5)
        marks: dict[str, str] = {}
        for row, line in enumerate(loadings):
            for column, loading in enumerate(line):
                colour = shade(loading, theme)
                square = Rectangle((column + 0.03, row + 0.05), 0.94, 0.9, facecolor=colour)
                square.set_gid(f"loading{row}-{column}")
                marks[f"loading{row}-{column}"] = tips[row][column]
                area.add_patch(square)
                strong = abs(loading) >= 0.55
                area.text(
                    column + 0.5,
                    row + 0.52,
                    figures[row][column],
                    ha="center",
                    va="center",
                    fontsize=8.5,
                    fontweight="bold" if abs(loading) >= 0.4 else "normal",
                    color=_FIXED_LIGHT if strong else _FIXED_DARK,
                )
        area.set_xlim(0, len(factors))
        area.set_ylim(len(items), 0)
        area.set_yticks(
            [row + 0.5 for row in range(len(items))],
            ["\n".join(textwrap.wrap(i, 46, max_lines=2, placeholder=" …")) for i in items],
        )
        area.tick_params(axis="y", labelsize=8.5)
        area.xaxis.tick_top()
        area.set_xticks(
            [column + 0.5 for column in range(len(factors))],
            ["\n".join(textwrap.wrap(f, 12, max_lines=2, placeholder=" …")) for f in factors],
        )
        for spine in area.spines.values():
            spine.set_visible(False)
        return marks

    return paint


def shade(value: float, theme: Theme) -> str:
    """A solid colour between the paper and the hue of the sign, by the size of the value."""
    hue = theme.colours["accent"] if value >= 0 else theme.colours["negative"]
    strength = min(abs(value), 1.0)
    strength = 0.04 + 0.9 * strength**1.25
    return blend(theme.colours["paper"], hue, strength)


def blend(under: str, over: str, strength: float) -> str:
    """``over`` laid over ``under`` with a strength of 0 to 1."""
    pairs = zip(_channels(under), _channels(over), strict=True)
    return "#" + "".join(f"{round(u + (o - u) * strength):02x}" for u, o in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
