"""A plot's frame: where values stand in pixels, its axes, and the legend beside it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from persona.report.charts.measure import ASCENT, DESCENT, text_width
from persona.report.charts.shapes import PIXELS, Area, Words, box, line
from persona.report.theme import Theme

TEXT = 12.0
"""Pixels of the text of axes, 9 points."""
_LEADING = 1.15
_PAD = 16 / 3
_LABEL_PAD = 8.0
_THIN = 16 / 15
"""Pixels of an axis, 0.8 points."""


@dataclass(frozen=True)
class Frame:
    """The area of a plot: its edges in pixels from the upper left, and the values at them."""

    left: float
    top: float
    right: float
    bottom: float
    xs: tuple[float, float]
    ys: tuple[float, float]

    def across(self, value: float) -> float:
        """Pixels from the left of a value of the horizontal axis."""
        low, high = self.xs
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def down(self, value: float) -> float:
        """Pixels from above of a value of the vertical axis."""
        low, high = self.ys
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point in pixels."""
        return self.across(x), self.down(y)


def frame(
    size: tuple[float, float],
    margins: tuple[float, float, float, float],
    xs: tuple[float, float],
    ys: tuple[float, float],
) -> Frame:
    """The frame inside margins (left, bottom, right, top) of a picture; all in inches.

    ``xs`` are the values at its left and right edge, ``ys`` those at its lower and upper one.
    """
    width, height = (PIXELS * part for part in size)
    left, bottom, right, top = (PIXELS * part for part in margins)
    return Frame(left, top, width - right, height - bottom, xs, ys)


Where = Literal["middle", "above", "below"]


def written(
    x: float,
    y: float,
    text: str,
    colour: str,
    size: float = TEXT,
    anchor: Literal["start", "middle", "end"] = "start",
    bold: bool = False,
    where: Where = "middle",
    opacity: float = 1.0,
) -> tuple[Words, ...]:
    """The lines of a text whose block has its middle, its foot or its head at ``y``."""
    lines = text.split("\n")
    step = _LEADING * size
    spare = step * (len(lines) - 1)
    first = {
        "middle": y + 0.35 * size - spare / 2,
        "above": y - DESCENT * size - spare,
        "below": y + ASCENT * size,
    }[where]
    return tuple(
        Words(x, first + step * place, one, colour, size, anchor, bold, opacity)
        for place, one in enumerate(lines)
        if one
    )


def folded(text: str, letters: int, most: int = 2) -> str:
    """A text over at most so many lines of so many letters."""
    return "\n".join(textwrap.wrap(text, letters, max_lines=most, placeholder=" …"))


def block_size(text: str, size: float, bold: bool = False) -> tuple[float, float]:
    """Width and height in pixels of a text of one or more lines."""
    lines = text.split("\n")
    width = max(text_width(one, size, bold) for one in lines)
    return width, size * (1 + _LEADING * (len(lines) - 1))


def edge(area: Frame, side: Literal["left", "bottom"], theme: Theme) -> Area:
    """The line of an axis."""
    corner = (area.left, area.bottom)
    end = (area.left, area.top) if side == "left" else (area.right, area.bottom)
    return line([corner, end], theme.colours["line"], _THIN)


def border(area: Frame, theme: Theme) -> Area:
    """The lines on all four sides."""
    corners = [
        (area.left, area.top),
        (area.right, area.top),
        (area.right, area.bottom),
        (area.left, area.bottom),
        (area.left, area.top),
    ]
    return line(corners, theme.colours["line"], _THIN)


def row_labels(area: Frame, texts: Sequence[str], theme: Theme, size: float = TEXT) -> list[Words]:
    """Names left of the rows 0, 1, 2 ... of a plot."""
    return [
        words
        for place, text in enumerate(texts)
        for words in written(
            area.left - _LABEL_PAD, area.down(place), text, theme.colours["ink"], size, "end"
        )
    ]


def bottom_axis(
    area: Frame,
    ticks: Sequence[float],
    texts: Sequence[str],
    title: str,
    theme: Theme,
    room: float = 0.0,
) -> list[Words]:
    """Figures below the frame, and the title below them and so many pixels of ``room``."""
    muted = theme.colours["muted"]
    found: list[Words] = []
    y = area.bottom + _PAD
    for tick, text in zip(ticks, texts, strict=True):
        found += written(area.across(tick), y, text, muted, anchor="middle", where="below")
    y += room + (TEXT + _PAD if ticks else 0.0)
    middle = (area.left + area.right) / 2
    return [*found, *written(middle, y, title, muted, anchor="middle", where="below")]


def left_axis(
    area: Frame, ticks: Sequence[float], texts: Sequence[str], title: str, theme: Theme
) -> list[Words]:
    """Figures left of the frame, and the title left of them, read upwards."""
    ink, muted = theme.colours["ink"], theme.colours["muted"]
    found: list[Words] = []
    for tick, text in zip(ticks, texts, strict=True):
        found += written(area.left - _LABEL_PAD, area.down(tick), text, ink, anchor="end")
    x = area.left - _PAD - DESCENT * TEXT
    if ticks:
        x -= _LABEL_PAD + max(text_width(text, TEXT) for text in texts)
    middle = (area.top + area.bottom) / 2
    return [*found, Words(x, middle, title, muted, TEXT, "middle", turned=True)]


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values between two bounds, at most so many steps apart by 1, 2, 2.5 or 5."""
    span = max(high - low, 1e-12)
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(part * power for part in (1, 2, 2.5, 5, 10) if span / (part * power) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(step * place, 12) for place in range(first, last + 1)]


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a box of a colour, or a line of it where it has a ``width``."""

    text: str
    colour: str
    opacity: float = 1.0
    width: float = 0.0
    dash: tuple[float, ...] = ()


def legend(
    keys: Sequence[Key], x: float, y: float, theme: Theme, size: float = TEXT, columns: int = 1
) -> list[Area | Words]:
    """Entries from the upper left corner on, so many beside each other."""
    wide = 2 * size if any(key.width for key in keys) else size
    found: list[Area | Words] = []
    lefts = [x]
    for column in range(columns):
        texts = [text_width(key.text, size) for key in keys[column::columns]]
        lefts.append(lefts[-1] + wide + 2 * size + max(texts, default=0.0))
    for place, key in enumerate(keys):
        row, column = divmod(place, columns)
        left, middle = lefts[column], y + size * (0.5 + 1.5 * row)
        if key.width:
            ends = [(left, middle), (left + wide, middle)]
            found.append(line(ends, key.colour, key.width, key.dash))
        else:
            high = 0.7 * size
            found.append(box(left, middle - high / 2, wide, high, key.colour, key.opacity))
        found += written(left + wide + 0.8 * size, middle, key.text, theme.colours["ink"], size)
    return found


def legend_width(keys: Sequence[Key], size: float = TEXT) -> float:
    """The width of a legend of one column."""
    wide = 2 * size if any(key.width for key in keys) else size
    return wide + 0.8 * size + max(text_width(key.text, size) for key in keys)
