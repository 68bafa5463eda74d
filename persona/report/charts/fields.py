"""Points on two scales of their own: opportunities and attractiveness."""

from __future__ import annotations

from collections.abc import Sequence

from persona.report.charts.maps import Point, labelled
from persona.report.charts.plot import Frame, border, bottom_axis, frame, left_axis, written
from persona.report.charts.shapes import PIXELS, Picture, Shape, line, polygon
from persona.report.theme import Theme

FIELD_SIZE = (4.9, 4.5)
_SCALE = 10.0
_TICKS = (0, 2, 4, 6, 8, 10)
_SMALL = 32 / 3


def paint_opportunities(
    points: Sequence[Point], words: tuple[str, str], limit_word: str, limit: float, theme: Theme
) -> Picture:
    """Importance across and satisfaction upwards, 0 to 10; underserved is below the bent line.

    The line is where importance + max(importance - satisfaction, 0) reaches ``limit``.
    """
    area = _area()
    muted = theme.colours["muted"]
    # on the line: satisfaction = 2 importance - limit, up to the diagonal
    corner = min(limit, _SCALE)
    foot, bend = area.at(limit / 2, 0), area.at(corner, corner)
    shapes: list[Shape] = [
        polygon([foot, bend, area.at(corner, 0)], theme.colours["wash"]),
        line([foot, bend], muted, 1.2, (3.6, 3.6)),
        *written(*area.at(9.85, 0.2), limit_word, muted, _SMALL, "end", where="above"),
    ]
    return _field(area, shapes, points, words, theme)


def paint_attractiveness(points: Sequence[Point], words: tuple[str, str], theme: Theme) -> Picture:
    """How attractive the segment is to us across, we to it upwards; the middles crossed."""
    area = _area()
    middle = _SCALE / 2
    shapes: list[Shape] = [
        line([area.at(0, middle), area.at(_SCALE, middle)], theme.colours["line"], 1.2),
        line([area.at(middle, 0), area.at(middle, _SCALE)], theme.colours["line"], 1.2),
    ]
    return _field(area, shapes, points, words, theme)


def _area() -> Frame:
    return frame(FIELD_SIZE, (0.6, 0.55, 0.15, 0.15), (0, _SCALE), (0, _SCALE))


def _field(
    area: Frame,
    under: Sequence[Shape],
    points: Sequence[Point],
    words: tuple[str, str],
    theme: Theme,
) -> Picture:
    figures = [str(tick) for tick in _TICKS]
    shapes = [
        *under,
        border(area, theme),
        *bottom_axis(area, _TICKS, figures, words[0], theme),
        *left_axis(area, _TICKS, figures, words[1], theme),
        *labelled(area, points, theme),
    ]
    width, height = FIELD_SIZE
    return Picture(PIXELS * width, PIXELS * height, tuple(shapes))
