"""Correspondence maps and maps of segments, with labels that keep clear of each other."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from persona.report.charts.bars import Painter
from persona.report.charts.canvas import axes
from persona.report.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch
    from matplotlib.text import Text

MAP_SIZE = (7.4, 5.4)


@dataclass(frozen=True)
class Point:
    """One point of a map.

    ``area`` is in square points, ``strong`` prints the label bold, ``spread`` draws an ellipse of
    a width, height and angle (degrees) round the point. ``size`` is that of the label in points,
    ``opacity`` (0 to 1) fades point and label. ``arrow`` draws a line from the origin to it.
    """

    x: float
    y: float
    label: str
    colour: str
    tip: str
    marker: str = "o"
    area: float = 34.0
    strong: bool = False
    spread: tuple[float, float, float] | None = None
    size: float = 8.0
    opacity: float = 1.0
    arrow: bool = False


def paint_map(points: Sequence[Point], axis_words: tuple[str, str], theme: Theme) -> Painter:
    """Points on two axes of equal scale; labels are placed so that none covers another."""

    def paint(figure: Figure) -> Mapping[str, str]:
        area = axes(figure, 0.45, 0.5, 0.15, 0.15)
        _frame(area, points, theme)
        area.set_xlabel(axis_words[0])
        area.set_ylabel(axis_words[1])
        marks: dict[str, str] = {}
        for place, point in enumerate(points):
            if point.spread is not None:
                area.add_patch(_ellipse(point))
            if point.arrow:
                area.plot(
                    [0, point.x], [0, point.y], color=point.colour, lw=0.9, alpha=point.opacity
                )
            area.scatter(
                [point.x],
                [point.y],
                s=point.area,
                marker=point.marker,
                color=point.colour,
                edgecolors=theme.colours["paper"],
                linewidths=0.8,
                alpha=point.opacity,
                zorder=3,
                gid=f"point{place}",
            )
            marks[f"point{place}"] = point.tip
        label_points(area, points, theme)
        return marks

    return paint


def _ellipse(point: Point) -> Patch:
    from matplotlib.patches import Ellipse

    assert point.spread is not None
    width, height, angle = point.spread
    return Ellipse(
        (point.x, point.y),
        width,
        height,
        angle=angle,
        facecolor="none",
        edgecolor=point.colour,
        linewidth=1.2,
    )


def _frame(area: object, points: Sequence[Point], theme: Theme) -> None:
    """Equal scales on both axes, the origin crossed, room for labels at the rim."""
    from matplotlib.axes import Axes

    assert isinstance(area, Axes)
    half = [max(p.spread[:2]) / 2 if p.spread else 0.0 for p in points]
    xs = [p.x + side * r for p, r in zip(points, half, strict=True) for side in (-1, 1)] or [0.0]
    ys = [p.y + side * r for p, r in zip(points, half, strict=True) for side in (-1, 1)] or [0.0]
    position = area.get_position()
    width, height = area.get_figure().get_size_inches()  # type: ignore[union-attr]
    ratio = (position.width * width) / (position.height * height)
    span_x = max(max(xs) - min(xs), 1e-6) * 1.36
    span_y = max(max(ys) - min(ys), 1e-6) * 1.26
    span_y = max(span_y, span_x / ratio)
    span_x = span_y * ratio
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    area.set_xlim(middle_x - span_x / 2, middle_x + span_x / 2)
    area.set_ylim(middle_y - span_y / 2, middle_y + span_y / 2)
    area.axhline(0, color=theme.colours["line"], lw=0.9, zorder=0)
    area.axvline(0, color=theme.colours["line"], lw=0.9, zorder=0)
    area.set_xticks([])
    area.set_yticks([])
    for spine in area.spines.values():
        spine.set_visible(True)


def label_points(area: object, points: Sequence[Point], theme: Theme) -> None:
    """Place the labels of points so that none covers another or a point.

    The most important come first; a label without a free place is left out, its point keeps its
    tip.
    """
    import textalloc
    from matplotlib.axes import Axes

    assert isinstance(area, Axes)
    if not points:
        return
    xs, ys = [p.x for p in points], [p.y for p in points]
    order = sorted(range(len(points)), key=lambda i: (not points[i].strong, -points[i].size, i))
    # It measures points by their radius in pixels, matplotlib by their area in square points.
    radii = [p.area**0.5 / 2 * area.get_figure().dpi / 72 + 1 for p in points]  # type: ignore[union-attr]
    labels = [
        "\n".join(textwrap.wrap(points[i].label, 26, max_lines=2, placeholder=" …")) or " "
        for i in order
    ]
    arrows = [p for p in points if p.arrow]
    # Its declared types are narrower than what it takes.
    allocate: Any = textalloc.allocate
    texts: Sequence[Text | None]
    _, _, texts, _ = allocate(
        area,
        [xs[i] for i in order],
        [ys[i] for i in order],
        labels,
        x_scatter=xs,
        y_scatter=ys,
        x_lines=[[0.0, p.x] for p in arrows] or None,
        y_lines=[[0.0, p.y] for p in arrows] or None,
        scatter_sizes=radii,
        text_scatter_sizes=[radii[i] for i in order],
        textsize=[9.0 if points[i].strong else points[i].size for i in order],
        fontweight=["bold" if points[i].strong else "normal" for i in order],
        textcolor=theme.colours["ink"],
        linecolor=theme.colours["muted"],
        linewidth=0.5,
        max_distance=0.15,
        min_distance=0.006,
        margin=0.004,
        linespacing=1.0,
        draw_all=False,
    )
    for i, text in zip(order, texts, strict=True):
        if text is not None:
            text.set_alpha(points[i].opacity)
