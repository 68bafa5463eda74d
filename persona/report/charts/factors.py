"""Scree with the threshold of parallel analysis, and loadings as a heat map."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from persona.report.charts.plot import (
    Frame,
    Key,
    bottom_axis,
    edge,
    folded,
    frame,
    left_axis,
    legend,
    legend_width,
    round_ticks,
    row_labels,
    written,
)
from persona.report.charts.shapes import PIXELS, Area, Mark, Picture, Shape, Words, box, disc, line
from persona.report.theme import Theme

SCREE_SIZE = (6.0, 2.9)
_FIXED_LIGHT, _FIXED_DARK = "#fefefe", "#18222c"
"""Figures on squares keep their colour in the dark, as the squares do."""
_SMALL = 34 / 3
"""Pixels of the text of squares and items, 8.5 points."""
_DASH = (9.6, 7.2)


def paint_scree(
    eigenvalues: Sequence[float],
    threshold: Sequence[float],
    words: tuple[str, str, str, str],
    tips: Sequence[str],
    write: Callable[[float], str],
    theme: Theme,
) -> Picture:
    """Eigenvalues observed against those that random data reach.

    ``words`` name the observed line, the threshold, the x axis and the y axis; ``write`` gives
    the figures of the y axis.
    """
    top = max([*eigenvalues, *threshold, 1.0]) * 1.08
    places = (0.5, len(eigenvalues) + 0.5)
    area = frame(SCREE_SIZE, (0.6, 0.55, 0.2, 0.35), places, (0, top))
    accent, negative = theme.colours["accent"], theme.colours["negative"]
    heights = round_ticks(0, top, 8)
    numbers = _ticks(len(eigenvalues))
    shapes: list[Shape] = [
        line([(area.left, area.down(y)), (area.right, area.down(y))], theme.colours["line"], 0.8)
        for y in heights
    ]
    shapes.append(edge(area, "bottom", theme))
    shapes.append(line(_through(area, eigenvalues), accent, 2.4))
    if len(threshold) > 1:
        shapes.append(line(_through(area, threshold), negative, 1.87, _DASH))
    radius = 4.6 if len(eigenvalues) <= 20 else 3.2
    for number, (value, tip) in enumerate(zip(eigenvalues, tips, strict=True), 1):
        shapes.append(Mark((disc(*area.at(number, value), radius, accent),), tip))
    shapes += bottom_axis(area, numbers, [str(one) for one in numbers], words[2], theme)
    shapes += left_axis(area, heights, [write(y) for y in heights], words[3], theme)
    keys = [Key(words[0], accent, width=2.4)]
    if len(threshold) > 1:
        keys.append(Key(words[1], negative, width=1.87, dash=_DASH))
    shapes += legend(keys, area.right - 8 - legend_width(keys), area.top + 8, theme)
    width, height = SCREE_SIZE
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))


def _through(area: Frame, values: Sequence[float]) -> list[tuple[float, float]]:
    return [area.at(place, value) for place, value in enumerate(values, 1)]


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
) -> Picture:
    """One square an item and factor; the deeper, the larger the loading, its sign by hue."""
    width, height = size = loadings_size(len(items), len(factors))
    rows = (len(items) - 0.5, -0.5)
    area = frame(size, (3.35, 0.05, 0.1, 0.5), (-0.5, len(factors) - 0.5), rows)
    shapes: list[Shape] = []
    for row, line_of in enumerate(loadings):
        for column, loading in enumerate(line_of):
            square, figure = _square(area, row, column, loading, figures[row][column], theme)
            # The figure belongs to the mark: it takes the pointer as the square does.
            shapes.append(Mark((square, *figure), tips[row][column]))
    shapes += row_labels(area, [folded(item, 46) for item in items], theme, _SMALL)
    for column, factor in enumerate(factors):
        x, text = area.across(column), folded(factor, 12)
        shapes += written(
            x, area.top - 5, text, theme.colours["muted"], anchor="middle", where="above"
        )
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))


def _square(
    area: Frame, row: int, column: int, loading: float, figure: str, theme: Theme
) -> tuple[Area, tuple[Words, ...]]:
    left, top = area.at(column - 0.47, row - 0.45)
    right, bottom = area.at(column + 0.47, row + 0.45)
    colour = _FIXED_LIGHT if abs(loading) >= 0.55 else _FIXED_DARK
    x, y = area.at(column, row)
    bold = abs(loading) >= 0.4
    words = written(x, y, figure, colour, _SMALL, "middle", bold)
    return box(left, top, right - left, bottom - top, shade(loading, theme)), words


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
