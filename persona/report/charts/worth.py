"""Value: shares of people and of money side by side, and the Pareto curve."""

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

CURVE_SIZE = (4.6, 3.3)
_STRENGTHS = (0.35, 1.0, 0.65)
"""Opacity of people, and of the first and second measure of value."""


@dataclass(frozen=True)
class Group:
    """One segment: its shares (percent) of people and of each measure, as drawn and as printed."""

    label: str
    colour: str
    shares: tuple[float | None, ...]
    figures: tuple[str, ...]
    tip: str


def groups_size(groups: Sequence[Group]) -> tuple[float, float]:
    """Width and height in inches that the groups ask for."""
    bars = max((len(group.shares) for group in groups), default=1)
    return 6.4, len(groups) * (0.24 * bars + 0.22) + 0.5


def paint_groups(groups: Sequence[Group], words: Sequence[str], theme: Theme) -> Painter:
    """A set of bars a segment: the share of people, then of each measure of value."""

    def paint(figure: Figure) -> Mapping[str, str]:
        area = axes(figure, 2.0, 0.1, 0.6, 0.4)
        top = max([share or 0.0 for group in groups for share in group.shares] + [1e-9])
        step = 0.8 / max(len(words), 1)
        for place, group in enumerate(groups):
            for number, (share, figure_text) in enumerate(
                zip(group.shares, group.figures, strict=True)
            ):
                at = place - 0.4 + step * (number + 0.5)
                opacity = _STRENGTHS[number % len(_STRENGTHS)]
                bar = area.barh(at, share or 0.0, height=step * 0.9, color=group.colour)[0]
                bar.set_alpha(opacity)
                bar.set_gid(f"group{place}-{number}")
                area.text((share or 0.0) + top * 0.02, at, figure_text, va="center", fontsize=8)
        labels = [_wrapped(group.label) for group in groups]
        area.set_yticks(range(len(groups)), labels)
        area.set_xticks([])
        area.set_xlim(0, top * 1.05)
        area.set_ylim(len(groups) - 0.5, -0.5)
        area.spines["bottom"].set_visible(False)
        _legend(figure, words, theme)
        return {
            f"group{place}-{number}": group.tip
            for place, group in enumerate(groups)
            for number in range(len(group.shares))
        }

    return paint


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 26, max_lines=2, placeholder=" …"))


def _legend(figure: Figure, words: Sequence[str], theme: Theme) -> None:
    from matplotlib.patches import Patch

    patches = [
        Patch(color=theme.colours["ink"], alpha=_STRENGTHS[number % len(_STRENGTHS)], label=word)
        for number, word in enumerate(words)
    ]
    figure.legend(
        handles=patches,
        loc="upper left",
        bbox_to_anchor=(2.0 / figure.get_figwidth(), 1.0),
        ncols=len(patches),
        handlelength=1.0,
        columnspacing=1.2,
        borderaxespad=0.1,
    )


@dataclass(frozen=True)
class Curve:
    """The Pareto curve: shares (0 to 1) of customers and of value, and the point named in it."""

    points: tuple[tuple[float, float], ...]
    best: tuple[float, float]
    best_text: str
    customers_word: str
    value_word: str
    even_word: str


def paint_curve(curve: Curve, theme: Theme) -> Painter:
    """Cumulative value over customers, the best first, against all bringing the same."""

    def paint(figure: Figure) -> Mapping[str, str]:
        area = axes(figure, 0.65, 0.55, 0.2, 0.15)
        xs = [100 * x for x, _ in curve.points]
        ys = [100 * y for _, y in curve.points]
        top = max(100.0, *ys)
        area.plot([0, 100], [0, 100], color=theme.colours["muted"], lw=0.9, ls=(0, (3, 3)))
        area.fill_between(xs, xs, ys, color=theme.colours["accent"], alpha=0.12, linewidth=0)
        area.plot(xs, ys, color=theme.colours["accent"], lw=2)
        x, y = 100 * curve.best[0], 100 * curve.best[1]
        area.plot([x, x, 0], [0, y, y], color=theme.colours["ink"], lw=0.8)
        (dot,) = area.plot([x], [y], "o", color=theme.colours["ink"], ms=6, zorder=4)
        dot.set_gid("best")
        area.text(x + 3, y - 3, _wrapped(curve.best_text), va="top", fontweight="bold")
        area.text(62, 42, curve.even_word, va="top", fontsize=8)
        area.set_xlim(0, 100)
        area.set_ylim(0, top * 1.01)
        area.set_xticks([0, 20, 40, 60, 80, 100])
        area.set_yticks([0, 20, 40, 60, 80, 100])
        area.set_xlabel(curve.customers_word)
        area.set_ylabel(curve.value_word)
        return {"best": curve.best_text}

    return paint
