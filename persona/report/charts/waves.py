"""Figures over waves: all segments in one picture, and a small one for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from persona.report.charts.shapes import Area, Mark, Picture, Shape, Words, box, disc, line, wrapped
from persona.report.theme import Theme

WIDTH = 920.0
_LEFT, _RIGHT, _TOP, _HEIGHT, _FOOT = 44.0, 330.0, 14.0, 320.0, 34.0
_COLUMNS, _PANEL, _GAP, _HEAD = 3, 150.0, 14.0, 40.0
_APART = 18.0
_WHITE = "#fffffe"
"""Not the paper's white, which turns dark with the page: the letters stand on colours."""
_DODGE = 7.0


Down = Callable[[float], float]
"""Where a value stands, in pixels from above."""


@dataclass(frozen=True)
class Dot:
    """One figure of one wave (0, 1, ...) with its interval, as written and its tip."""

    wave: int
    value: float
    low: float | None
    high: float | None
    figure: str
    tip: str


@dataclass(frozen=True)
class Series:
    """One segment over the waves; ``reference`` is a value to hold it against."""

    letter: str
    label: str
    colour: str
    dots: tuple[Dot, ...]
    reference: float | None = None


def trend_picture(
    series: Sequence[Series],
    waves: Sequence[str],
    percents: Sequence[tuple[float, str]],
    theme: Theme,
) -> Picture:
    """Lines over the waves with their intervals, each named where it ends.

    Parameters
    ----------
    percents : sequence of (value, text)
        Marks of the upright scale, ascending; the last one is its top.
    """
    top = percents[-1][0]
    ink, muted = theme.colours["ink"], theme.colours["muted"]

    def across(wave: int) -> float:
        room = WIDTH - _LEFT - _RIGHT
        return _LEFT + room * ((wave + 0.5) / max(len(waves), 1))

    def down(value: float) -> float:
        return _TOP + _HEIGHT * (1 - value / top)

    shapes: list[Shape] = []
    for value, text in percents:
        ends = [(_LEFT, down(value)), (WIDTH - _RIGHT, down(value))]
        shapes.append(line(ends, theme.colours["line"], 1.0))
        shapes.append(Words(_LEFT - 7, down(value) + 4, text, muted, 12, "end"))
    for place, name in enumerate(waves):
        shapes += wrapped(across(place), _TOP + _HEIGHT + 18, name, 22, muted, 12, "middle")
    last = {number: one.dots[-1] for number, one in enumerate(series) if one.dots}
    heights = _spread([down(dot.value) for dot in last.values()], _TOP + 8, _TOP + _HEIGHT)
    for (number, dot), height in zip(last.items(), heights, strict=True):
        one = series[number]
        shift = _DODGE * (number - (len(series) - 1) / 2)
        places = [(across(d.wave) + shift, down(d.value)) for d in one.dots]
        shapes.append(line(places, one.colour, 2.2))
        shapes += [_mark(d, across(d.wave) + shift, down, one, theme) for d in one.dots]
        x = WIDTH - _RIGHT + 6
        shapes.append(line([places[-1], (x, height)], theme.colours["line"], 1.0))
        shapes += _named(one, dot.figure, x + 4, height, ink)
    return Picture(WIDTH, _TOP + _HEIGHT + _FOOT, tuple(shapes), columns=len(waves))


def _named(one: Series, figure: str, x: float, y: float, ink: str) -> list[Area | Words]:
    label = one.label if len(one.label) <= 48 else one.label[:47].rstrip() + "…"
    return [
        box(x, y - 8, 16, 16, one.colour),
        Words(x + 8, y + 4.5, one.letter, _WHITE, 11, "middle", True),
        Words(x + 22, y + 4.5, figure, ink, 12, bold=True),
        Words(x + 58, y + 4.5, label, ink, 11),
    ]


def _spread(wanted: Sequence[float], low: float, high: float) -> list[float]:
    """Heights as near as may be to those wanted, and apart."""
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    placed = [0.0] * len(wanted)
    last = low - _APART
    for i in order:
        last = placed[i] = max(wanted[i], last + _APART)
    limit = high
    for i in reversed(order):
        placed[i] = min(placed[i], limit)
        limit = placed[i] - _APART
    return placed


def _mark(dot: Dot, x: float, down: Down, one: Series, theme: Theme, radius: float = 4.6) -> Mark:
    shapes: list[Area | Words] = []
    if dot.low is not None and dot.high is not None:
        shapes.append(line([(x, down(dot.low)), (x, down(dot.high))], one.colour, 1.4))
        for end in (dot.low, dot.high):
            shapes.append(line([(x - 3, down(end)), (x + 3, down(end))], one.colour, 1.4))
    shapes.append(disc(x, down(dot.value), radius, one.colour, theme.colours["paper"], 1.0))
    return Mark(tuple(shapes), dot.tip)


def panels_picture(
    series: Sequence[Series], waves: Sequence[str], top: float, theme: Theme
) -> Picture:
    """A small picture for each segment, all on one scale from zero to ``top``."""
    width = (WIDTH - _GAP * (_COLUMNS - 1)) / _COLUMNS
    rows = ceil(len(series) / _COLUMNS)
    shapes: list[Shape] = []
    for place, one in enumerate(series):
        row, column = divmod(place, _COLUMNS)
        left, up = column * (width + _GAP), row * (_PANEL + _GAP)
        shapes += _panel(one, waves, top, (left, up, width), theme)
    height = rows * _PANEL + max(rows - 1, 0) * _GAP
    return Picture(WIDTH, height, tuple(shapes), columns=len(waves))


def _panel(
    one: Series,
    waves: Sequence[str],
    top: float,
    place: tuple[float, float, float],
    theme: Theme,
) -> list[Shape]:
    left, up, width = place
    ink, muted = theme.colours["ink"], theme.colours["muted"]
    foot, head = up + _PANEL - 20, up + _HEAD + 12

    def down(value: float) -> float:
        return foot - (foot - head) * value / top

    def across(wave: int) -> float:
        return left + width * (wave + 0.5) / max(len(waves), 1)

    shapes: list[Shape] = []
    start = left
    if one.letter:
        shapes.append(box(left, up + 4, 18, 18, one.colour))
        shapes.append(Words(left + 9, up + 17.5, one.letter, _WHITE, 12, "middle", True))
        start = left + 25
    shapes += wrapped(start, up + 13, one.label, 38, ink, 12)
    shapes.append(line([(left, foot), (left + width, foot)], theme.colours["line"], 1.0))
    if one.reference is not None:
        ends = [(left, down(one.reference)), (left + width, down(one.reference))]
        shapes.append(line(ends, muted, 1.0, (4.0, 3.0)))
    places = [(across(dot.wave), down(dot.value)) for dot in one.dots]
    if len(places) > 1:
        shapes.append(line(places, one.colour, 2.0))
    for dot, (x, _) in zip(one.dots, places, strict=True):
        shapes.append(_mark(dot, x, down, one, theme, 4.0))
        above = down(dot.high if dot.high is not None else dot.value) - 6
        shapes.append(Words(x, above, dot.figure, ink, 12, "middle", True))
    letters = max(int(width / max(len(waves), 1) / 6.2), 4)
    for number, name in enumerate(waves):
        short = name if len(name) <= letters else name[: letters - 1].rstrip() + "…"
        shapes.append(Words(across(number), foot + 15, short, muted, 11, "middle"))
    return shapes
