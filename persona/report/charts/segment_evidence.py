"""Pictures of what speaks for a number of segments: agreement of samples, and the gain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
from persona.report.charts.wrapping import within
from persona.report.theme import Theme

WIDTH = 576.0
_LEFT, _RIGHT = 170.0, 104.0


@dataclass(frozen=True)
class Box:
    """The spread of one number of segments: 5, 25, 50, 75 and 95 percent of pairs of samples."""

    label: str
    quantiles: tuple[float, float, float, float, float]
    mean: float
    chosen: bool
    tip: str


def boxes_picture(
    boxes: Sequence[Box],
    thresholds: Sequence[tuple[float, str]],
    ticks: Sequence[tuple[float, str]],
    across: str,
    theme: Theme,
) -> Picture:
    """Boxes of an index up to one, the number chosen set off, the means joined by a line."""
    height, top, bottom, left, right = 262.0, 12.0, 44.0, 40.0, 128.0
    floor = min([one.quantiles[0] for one in boxes] + [0.5])
    floor = max(int(floor * 5) / 5 - (0.2 if floor < 0 else 0.0), -0.2)

    def up(value: float) -> float:
        return top + (height - top - bottom) * (1 - (value - floor) / (1 - floor))

    inner = WIDTH - left - right
    step = inner / len(boxes)
    ink, muted, rule = (theme.colours[name] for name in ("ink", "muted", "line"))
    shapes: list[Shape] = []
    for value, word in ticks:
        if value >= floor - 1e-9:
            shapes.append(line([(left, up(value)), (WIDTH - right, up(value))], rule, 0.8))
            shapes.append(Words(left - 6, up(value) + 4, word, muted, 11, "end"))
    for value, word in thresholds:
        if value > floor:
            ends = [(left, up(value)), (WIDTH - right, up(value))]
            shapes.append(line(ends, muted, 1.0, (4, 4)))
            shapes += within(WIDTH - right + 6, up(value), word, right - 8, muted, 10.5, most=1)
    middles = [left + step * (place + 0.5) for place in range(len(boxes))]
    means = [(x, up(one.mean)) for x, one in zip(middles, boxes, strict=True)]
    shapes.append(line(means, muted, 1.4))
    for x, one in zip(middles, boxes, strict=True):
        shapes.append(_box(one, x, min(step * 0.5, 40), up, theme))
        colour = ink if one.chosen else muted
        shapes.append(Words(x, height - bottom + 18, one.label, colour, 12, "middle", one.chosen))
    shapes.append(Words(left + inner / 2, height - 8, across, muted, 12, "middle"))
    return Picture(WIDTH, height, tuple(shapes))


def _box(one: Box, x: float, width: float, up: Callable[[float], float], theme: Theme) -> Mark:
    colour = theme.colours["accent" if one.chosen else "muted"]
    low, first, middle, third, high = (up(value) for value in one.quantiles)
    left = x - width / 2
    shapes: list[Area | Words] = [
        line([(x, low), (x, high)], colour, 1.2),
        box(left, third, width, max(first - third, 1.0), theme.colours["paper"]),
        box(left, third, width, max(first - third, 1.0), colour, 0.85 if one.chosen else 0.4),
        line([(left, middle), (left + width, middle)], theme.colours["ink"], 2.0),
        disc(x, up(one.mean), 3.0, theme.colours["paper"], theme.colours["ink"], 1.2),
    ]
    return Mark(tuple(shapes), one.tip)


def gain_picture(
    null: Sequence[float],
    gain: float,
    words: tuple[str, str],
    figures: tuple[str, str],
    tips: tuple[str, str],
    theme: Theme,
) -> Picture:
    """What surveys without segments gain from being divided, and what these data gain.

    ``words``, ``figures`` and ``tips`` are of the surveys without segments and of the data.
    """
    height = 104.0
    low = min([0.0, gain, *null])
    span = max([gain, *null]) - low or 1.0

    def at(value: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (value - low) / span

    ink, muted, rule = (theme.colours[name] for name in ("ink", "muted", "line"))
    shapes: list[Shape] = []
    marks: list[tuple[float, str, str, str, tuple[Area | Words, ...]]] = [
        (
            28.0,
            words[0],
            figures[0],
            tips[0],
            tuple(disc(at(value), 28, 4.5, muted, theme.colours["paper"], 0.8) for value in null),
        ),
        (
            76.0,
            words[1],
            figures[1],
            tips[1],
            (_diamond(at(gain), 76, 8, theme.colours["accent"]),),
        ),
    ]
    for y, word, figure, tip, dots in marks:
        shapes.append(line([(_LEFT, y), (WIDTH - _RIGHT, y)], rule))
        shapes += within(_LEFT - 12, y, word, _LEFT - 14, ink, 12, "end")
        shapes.append(Words(WIDTH - _RIGHT + 12, y + 4, figure, ink, 12, bold=True))
        shapes.append(Mark(dots, tip))
    if null:
        edge = at(max(null))
        shapes.append(line([(edge, 12), (edge, 92)], muted, 1.0, (4, 4)))
    return Picture(WIDTH, height, tuple(shapes))


def _diamond(x: float, y: float, radius: float, colour: str) -> Area:
    corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
    return polygon(corners, colour)
