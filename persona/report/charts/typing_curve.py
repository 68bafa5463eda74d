"""Accuracy of a typing tool by number of questions, beside chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from persona.report.charts.plot import Frame, bottom_axis, edge, folded, frame, left_axis, written
from persona.report.charts.shapes import PIXELS, Mark, Picture, Shape, disc, line, polygon
from persona.report.theme import Theme

SIZE = (6.4, 3.3)
_TICKS = (0, 20, 40, 60, 80, 100)
_SMALL = 32 / 3
"""Pixels of small text, 8 points."""
_APART = 13.0
"""Pixels between the words of two levels, so that they do not run into one another."""


@dataclass(frozen=True)
class Step:
    """So many questions: share placed right (percent) with its interval, and what a tip says."""

    questions: int
    share: float
    low: float
    high: float
    tip: str


@dataclass(frozen=True)
class Level:
    """A share (percent) to compare with, and what it is."""

    share: float
    word: str


@dataclass(frozen=True)
class CurveWords:
    """What the axes say."""

    questions: str
    right: str


def typing_curve(
    steps: Sequence[Step], chosen: int, levels: Sequence[Level], words: CurveWords, theme: Theme
) -> Picture:
    """The share placed right with 1, 2, 3 ... questions; the number chosen is set off.

    ``levels`` are dashed lines, such as guessing and every question.
    """
    last = max(steps[-1].questions, 2)
    area = frame(SIZE, (0.65, 0.55, 1.5, 0.15), (0.5, last + 0.5), (0, 100))
    accent, ink = theme.colours["accent"], theme.colours["ink"]
    means = [area.at(step.questions, step.share) for step in steps]
    upper = [area.at(step.questions, step.high) for step in steps]
    lower = [area.at(step.questions, step.low) for step in steps]
    own = next(step for step in steps if step.questions == chosen)
    x, y = area.at(own.questions, own.share)
    figures = [str(tick) for tick in _TICKS]
    numbers = [step.questions for step in steps]
    shapes: list[Shape] = [
        *_levels(levels, area, theme),
        polygon([*upper, *reversed(lower)], accent, 0.15),
        line(means, accent, 2.2),
        line([(x, area.bottom), (x, y)], ink, 1.07),
        *(_dot(step, area, step.questions == chosen, theme) for step in steps),
        edge(area, "left", theme),
        edge(area, "bottom", theme),
        *bottom_axis(area, numbers, [str(n) for n in numbers], words.questions, theme),
        *left_axis(area, _TICKS, figures, words.right, theme),
    ]
    width, height = SIZE
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes), columns=len(steps))


def _dot(step: Step, area: Frame, chosen: bool, theme: Theme) -> Mark:
    x, y = area.at(step.questions, step.share)
    colour = theme.colours["ink" if chosen else "accent"]
    return Mark(
        (disc(x, y, 5.0 if chosen else 3.6, colour, theme.colours["paper"], 1.0),), step.tip
    )


def _levels(levels: Sequence[Level], area: Frame, theme: Theme) -> list[Shape]:
    muted = theme.colours["muted"]
    shapes: list[Shape] = []
    free = area.bottom + _APART
    for level in sorted(levels, key=lambda one: one.share):
        y = area.down(level.share)
        text = folded(level.word, 27)
        high = _SMALL * 1.15 * (text.count("\n") + 1)
        middle = min(y, free - _APART / 4 - high / 2)
        free = middle - high / 2
        shapes.append(line([(area.left, y), (area.right, y)], muted, 1.2, (3.6, 3.6)))
        shapes += written(area.right + 6, middle, text, muted, _SMALL)
    return shapes
