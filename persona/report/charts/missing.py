"""Pictures of what is missing: respondents by share left empty, questions by reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from persona.report.charts.plot import (
    Key,
    bottom_axis,
    edge,
    folded,
    frame,
    legend,
    row_labels,
    written,
)
from persona.report.charts.shapes import PIXELS, Mark, Picture, Shape, box
from persona.report.theme import Theme

HISTOGRAM_SIZE = (6.0, 2.3)
_SMALL = 32 / 3
"""Pixels of small text, 8 points."""


@dataclass(frozen=True)
class Stack:
    """One question: its label and its parts (share 0 to 1, colour, what the reader learns)."""

    label: str
    parts: tuple[tuple[float, str, str], ...]
    figure: str


def paint_histogram(
    columns: Sequence[tuple[str, int, str, str]], across: str, theme: Theme
) -> Picture:
    """Upright bars: the label under each, its count, the count as it is written, and its tip."""
    width, height = HISTOGRAM_SIZE
    top = max([count for _, count, _, _ in columns] + [1])
    places = (-0.5, len(columns) - 0.5)
    area = frame((width, height), (0.15, 0.62, 0.15, 0.28), places, (0, top * 1.05))
    ink, muted = theme.colours["ink"], theme.colours["muted"]
    shapes: list[Shape] = [edge(area, "bottom", theme)]
    for place, (label, count, shown, tip) in enumerate(columns):
        left, right = area.across(place - 0.36), area.across(place + 0.36)
        y = area.down(count)
        bar = box(left, y, right - left, area.bottom - y, theme.colours["accent"])
        shapes.append(Mark((bar,), tip))
        x = (left + right) / 2
        if count:
            y = area.down(count + top * 0.03)
            shapes += written(x, y, shown, ink, anchor="middle", where="above")
        shapes += written(x, area.bottom + 5, label, muted, _SMALL, "middle", where="below")
    shapes += bottom_axis(area, (), (), across, theme, room=5 + _SMALL)
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))


def stacks_size(stacks: Sequence[Stack]) -> tuple[float, float]:
    """Width and height in inches that the stacks ask for."""
    return 6.0, 0.34 * len(stacks) + 0.6


def paint_stacks(stacks: Sequence[Stack], keys: Sequence[tuple[str, str]], theme: Theme) -> Picture:
    """Bars of full length, one a question, divided by what became of it."""
    width, height = stacks_size(stacks)
    rows = (len(stacks) - 0.45, -0.55)
    area = frame((width, height), (2.35, 0.05, 0.6, 0.5), (0, 1), rows)
    shapes: list[Shape] = []
    for place, stack in enumerate(stacks):
        left = 0.0
        above, below = area.down(place - 0.31), area.down(place + 0.31)
        for share, colour, tip in stack.parts:
            if share <= 0:
                continue
            x = area.across(left)
            part = box(x, above, area.across(left + share) - x, below - above, colour)
            shapes.append(Mark((part,), tip))
            left += share
        shapes += written(area.across(1.015), area.down(place), stack.figure, theme.colours["ink"])
    shapes += row_labels(area, [folded(stack.label, 34) for stack in stacks], theme, _SMALL)
    entries = [Key(word, colour) for word, colour in keys]
    shapes += legend(entries, 10, 8, theme, _SMALL, columns=4)
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))
