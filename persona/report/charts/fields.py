"""Points on two scales of their own: opportunities and attractiveness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from persona.report.charts.bars import Painter
from persona.report.charts.canvas import axes
from persona.report.charts.maps import Point, label_points
from persona.report.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIELD_SIZE = (4.9, 4.5)
_SCALE = 10.0


def paint_opportunities(
    points: Sequence[Point], words: tuple[str, str], limit_word: str, limit: float, theme: Theme
) -> Painter:
    """Importance across and satisfaction upwards, 0 to 10; underserved is below the bent line.

    The line is where importance + max(importance - satisfaction, 0) reaches ``limit``.
    """

    def paint(figure: Figure) -> Mapping[str, str]:
        area = _area(figure, words)
        # on the line: satisfaction = 2 importance - limit, up to the diagonal
        corner = min(limit, _SCALE)
        xs, ys = [limit / 2, corner, _SCALE], [0.0, corner, corner]
        area.fill_between([limit / 2, corner], [0.0, corner], color=theme.colours["wash"])
        area.plot(xs[:2], ys[:2], color=theme.colours["muted"], lw=0.9, ls=(0, (3, 3)))
        area.text(9.85, 0.2, limit_word, ha="right", fontsize=8, color=theme.colours["muted"])
        return _points(area, points, theme)

    return paint


def paint_attractiveness(points: Sequence[Point], words: tuple[str, str], theme: Theme) -> Painter:
    """How attractive the segment is to us across, we to it upwards; the middles crossed."""

    def paint(figure: Figure) -> Mapping[str, str]:
        area = _area(figure, words)
        for draw in (area.axhline, area.axvline):
            draw(_SCALE / 2, color=theme.colours["line"], lw=0.9, zorder=0)
        return _points(area, points, theme)

    return paint


def _area(figure: Figure, words: tuple[str, str]) -> Axes:
    area = axes(figure, 0.6, 0.55, 0.15, 0.15)
    area.set_xlim(0, _SCALE)
    area.set_ylim(0, _SCALE)
    area.set_xticks([0, 2, 4, 6, 8, 10])
    area.set_yticks([0, 2, 4, 6, 8, 10])
    area.set_xlabel(words[0])
    area.set_ylabel(words[1])
    for spine in area.spines.values():
        spine.set_visible(True)
    return area


def _points(area: Axes, points: Sequence[Point], theme: Theme) -> Mapping[str, str]:
    marks = {}
    for place, point in enumerate(points):
        area.scatter(
            [point.x],
            [point.y],
            s=point.area,
            color=point.colour,
            edgecolors=theme.colours["paper"],
            linewidths=0.8,
            zorder=3,
            clip_on=False,
            gid=f"point{place}",
        )
        marks[f"point{place}"] = point.tip
    label_points(area, points, theme)
    return marks
