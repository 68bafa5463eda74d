"""The profile of segments: their figures as bars, those of all as dots, markers set off.

After the segment profile plot of Dolnicar, Grün and Leisch (2018, section 8.1), one panel a
segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from persona.report.charts.measure import text_width
from persona.report.charts.shapes import (
    Area,
    Mark,
    Picture,
    Shape,
    Words,
    box,
    disc,
    line,
    polygon,
)
from persona.report.charts.wrapping import lines_within, within
from persona.report.theme import Theme

WIDTH = 710.0
_LABELS, _GAP, _TOP, _BOTTOM = 200.0, 8.0, 62.0, 30.0
_FIGURE, _ARROW, _NARROW = 37.0, 13.0, 60.0
"""Pixels kept beside the longest bar for the figure of a marker and its arrow; in panels that are
narrower than the last there is room for the arrow alone."""
_PALE = 0.3
_SIZE = 11.0


@dataclass(frozen=True)
class ProfileHead:
    """One segment over its panel."""

    letter: str
    name: str
    share: str
    colour: str


@dataclass(frozen=True)
class ProfileCell:
    """The figure of one basis in one segment; ``marker`` is 1 above all, -1 below, else 0."""

    value: float
    figure: str
    marker: int
    tip: str


@dataclass(frozen=True)
class ProfileRow:
    """One basis: its scale from ``low`` to ``high`` with bars from ``origin``, and its figures."""

    label: str
    low: float
    high: float
    origin: float
    total: float
    cells: tuple[ProfileCell, ...]


def profile_picture(
    rows: Sequence[ProfileRow],
    heads: Sequence[ProfileHead],
    words: tuple[str, str, str, str],
    theme: Theme,
) -> Picture:
    """One panel a segment, one line a basis.

    ``words`` name the bar, the dot, and what is marked as more and as less.
    """
    room = _LABELS - 10
    folded = any(len(lines_within(row.label, room, _SIZE)) > 1 for row in rows)
    step = 27.0 if folded else 20.0
    width = (WIDTH - _LABELS - _GAP * (len(heads) - 1)) / len(heads)
    height = _TOP + step * len(rows) + _BOTTOM
    shapes: list[Shape] = []
    for place, head in enumerate(heads):
        shapes += _head(head, _LABELS + place * (width + _GAP), width, theme)
    for at, row in enumerate(rows):
        y = _TOP + step * (at + 0.5)
        shapes.append(line([(0, y + step / 2), (WIDTH, y + step / 2)], theme.colours["line"], 0.6))
        shapes += within(_LABELS - 8, y, row.label, room, theme.colours["ink"], _SIZE, "end")
        for place, (head, cell) in enumerate(zip(heads, row.cells, strict=True)):
            left = _LABELS + place * (width + _GAP)
            shapes.append(_cell(row, cell, head.colour, left, y, width, step, theme))
    shapes += _legend(words, height - 9, theme)
    return Picture(WIDTH, height, tuple(shapes), columns=len(heads))


def _head(head: ProfileHead, left: float, width: float, theme: Theme) -> list[Shape]:
    return [
        box(left, _TOP - 5, width, 3, head.colour),
        Words(left, 14, head.letter, head.colour, 14, bold=True),
        Words(left + width, 14, head.share, theme.colours["ink"], 11, "end", bold=True),
        *within(left, 36, head.name, width, theme.colours["muted"], 10.5, most=3),
    ]


def _cell(
    row: ProfileRow,
    cell: ProfileCell,
    colour: str,
    left: float,
    y: float,
    width: float,
    step: float,
    theme: Theme,
) -> Mark:
    span = max(row.high - row.low, 1e-12)
    kept = _FIGURE if width >= _NARROW else _ARROW

    def at(value: float) -> float:
        return left + (width - kept) * min(max((value - row.low) / span, 0.0), 1.0)

    start, end, total = at(row.origin), at(cell.value), at(row.total)
    half = 4.5
    shapes: list[Area | Words] = [box(left, y - step / 2, width, step, theme.colours["paper"], 0.0)]
    opacity = 1.0 if cell.marker else _PALE
    shapes.append(box(min(start, end), y - half, abs(end - start), 2 * half, colour, opacity))
    if row.origin > row.low:
        shapes.append(line([(start, y - step / 2), (start, y + step / 2)], theme.colours["line"]))
    shapes.append(disc(total, y, 2.7, theme.colours["ink"], theme.colours["paper"], 0.9))
    if cell.marker:
        tip = max(start, end, total) + 4
        shapes.append(_arrow(tip, y, cell.marker, colour))
        if width >= _NARROW:
            shapes.append(
                Words(tip + 10, y + 3.6, cell.figure, theme.colours["ink"], 10, bold=True)
            )
    return Mark(tuple(shapes), cell.tip)


def _arrow(x: float, y: float, way: int, colour: str) -> Area:
    """A triangle that points up for more and down for less."""
    rise = -4.0 * way
    return polygon([(x, y - rise), (x + 8, y - rise), (x + 4, y + rise)], colour)


def _legend(words: tuple[str, str, str, str], y: float, theme: Theme) -> Iterator[Shape]:
    muted, ink = theme.colours["muted"], theme.colours["ink"]
    x = 4.0
    for place, word in enumerate(words):
        if place == 0:
            yield box(x, y - 8, 16, 8, muted, _PALE)
        elif place == 1:
            yield disc(x + 10, y - 4, 2.7, ink)
        else:
            yield box(x - 2, y - 8, 9, 8, muted)
            yield _arrow(x + 9, y - 4, 1 if place == 2 else -1, muted)
        yield Words(x + 21, y, word, muted, 11)
        x += 40 + text_width(word, 11)
