"""Pictures of what is missing: respondents by share left empty, questions by reason."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.report.charts.bars import Painter
from persona.report.charts.canvas import axes
from persona.report.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HISTOGRAM_SIZE = (6.0, 2.3)


@dataclass(frozen=True)
class Stack:
    """One question: its label and its parts (share 0 to 1, colour, what the reader learns)."""

    label: str
    parts: tuple[tuple[float, str, str], ...]
    figure: str


def paint_histogram(
    columns: Sequence[tuple[str, int, str, str]], across: str, theme: Theme
) -> Painter:
    """Upright bars: the label under each, its count, the count as it is written, and its tip."""

    def paint(figure: Figure) -> Mapping[str, str]:
        area = axes(figure, 0.15, 0.62, 0.15, 0.28)
        top = max([count for _, count, _, _ in columns] + [1])
        for place, (_, count, written, _) in enumerate(columns):
            bar = area.bar(place, count, width=0.72, color=theme.colours["accent"])[0]
            bar.set_gid(f"column{place}")
            if count:
                area.text(place, count + top * 0.03, written, ha="center", fontsize=9)
        area.set_xticks(range(len(columns)), [label for label, _, _, _ in columns], fontsize=8)
        area.set_yticks([])
        area.set_ylim(0, top * 1.05)
        area.set_xlabel(across)
        area.spines["left"].set_visible(False)
        return {f"column{place}": tip for place, (_, _, _, tip) in enumerate(columns)}

    return paint


def stacks_size(stacks: Sequence[Stack]) -> tuple[float, float]:
    """Width and height in inches that the stacks ask for."""
    return 6.0, 0.34 * len(stacks) + 0.6


def paint_stacks(stacks: Sequence[Stack], legend: Sequence[tuple[str, str]]) -> Painter:
    """Bars of full length, one a question, divided by what became of it."""

    def paint(figure: Figure) -> Mapping[str, str]:
        from matplotlib.patches import Patch

        area = axes(figure, 2.35, 0.05, 0.6, 0.5)
        tips: dict[str, str] = {}
        for place, stack in enumerate(stacks):
            left = 0.0
            for part, (share, colour, tip) in enumerate(stack.parts):
                if share <= 0:
                    continue
                bar = area.barh(place, share, left=left, height=0.62, color=colour)[0]
                bar.set_gid(f"part{place}-{part}")
                tips[f"part{place}-{part}"] = tip
                left += share
            area.text(1.015, place, stack.figure, va="center", fontsize=9)
        labels = [
            "\n".join(textwrap.wrap(stack.label, 34, max_lines=2, placeholder=" …"))
            for stack in stacks
        ]
        area.set_yticks(range(len(stacks)), labels, fontsize=8)
        area.set_xticks([])
        area.set_xlim(0, 1)
        area.set_ylim(len(stacks) - 0.45, -0.55)
        for side in ("bottom", "left"):
            area.spines[side].set_visible(False)
        handles = [Patch(color=colour, label=word) for word, colour in legend]
        figure.legend(
            handles=handles,
            loc="upper left",
            ncols=4,
            fontsize=8,
            frameon=False,
            handlelength=1.0,
            columnspacing=1.2,
        )
        return tips

    return paint
