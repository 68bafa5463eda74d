"""Pictures put together from few shapes: written as SVG at once, drawn again for PNG.

A picture of hundreds of marks is written in a millisecond; matplotlib draws it only when it is
saved as a picture of dots.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Literal

from persona.report.charts.canvas import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PIXELS = 96
"""Pixels of an inch; shapes are placed in pixels from the upper left corner."""

Step = tuple[str, tuple[float, ...]]
Anchor = Literal["start", "middle", "end"]
_ALIGNED: Mapping[str, Literal["left", "center", "right"]] = {
    "start": "left",
    "middle": "center",
    "end": "right",
}


@dataclass(frozen=True)
class Area:
    """An outline of steps ``M``, ``L``, ``C`` (as in SVG) and ``Z``, filled, stroked or both."""

    steps: tuple[Step, ...]
    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Words:
    """A line of text whose baseline starts, is centred or ends at a place.

    ``turned`` text is read upwards, its baseline on the right.
    """

    x: float
    y: float
    text: str
    colour: str
    size: float = 12.0
    anchor: Anchor = "start"
    bold: bool = False
    opacity: float = 1.0
    turned: bool = False


@dataclass(frozen=True)
class Mark:
    """Shapes that answer to pointer and keyboard with a tip."""

    shapes: tuple[Area | Words, ...]
    tip: str


Shape = Area | Words | Mark


@dataclass(frozen=True)
class Picture:
    """A picture of a width and height in pixels.

    ``columns`` of 1 or more makes one stop of the keyboard of all marks: arrow keys go from mark
    to mark, up and down by so many.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...] = field(repr=False)
    columns: int = 0


def box(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0) -> Area:
    """A rectangle."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return polygon(corners, fill, opacity)


def polygon(corners: Sequence[tuple[float, float]], fill: str, opacity: float = 1.0) -> Area:
    """A closed shape of straight sides."""
    return Area((*_through(corners), ("Z", ())), fill, opacity=opacity)


def line(
    points: Sequence[tuple[float, float]],
    stroke: str,
    width: float = 1.0,
    dash: tuple[float, ...] = (),
) -> Area:
    """A line through points."""
    return Area(_through(points), stroke=stroke, width=width, dash=dash)


def disc(
    x: float, y: float, radius: float, fill: str, stroke: str = "none", width: float = 1.0
) -> Area:
    """A circle."""
    return ellipse(x, y, (radius, 0.0), (0.0, radius), fill, stroke, width)


def ellipse(
    x: float,
    y: float,
    first: tuple[float, float],
    second: tuple[float, float],
    fill: str = "none",
    stroke: str = "none",
    width: float = 1.0,
) -> Area:
    """An ellipse by its centre and its two half axes as vectors."""
    # Four cubic curves follow a circle to three parts in ten thousand.
    bend = 0.5522847

    def at(one: float, two: float) -> tuple[float, float]:
        return x + one * first[0] + two * second[0], y + one * first[1] + two * second[1]

    steps: list[Step] = [("M", at(1, 0))]
    quarter = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0)]
    for (a, b), (c, d) in itertools.pairwise(quarter):
        curve = (*at(a + bend * c, b + bend * d), *at(c + bend * a, d + bend * b), *at(c, d))
        steps.append(("C", curve))
    return Area((*steps, ("Z", ())), fill, stroke, width)


def _through(points: Sequence[tuple[float, float]]) -> tuple[Step, ...]:
    return tuple(("M" if not place else "L", point) for place, point in enumerate(points))


def wrapped(
    x: float,
    y: float,
    text: str,
    letters: int,
    colour: str,
    size: float = 12.0,
    anchor: Anchor = "start",
    bold: bool = False,
    most: int = 2,
) -> tuple[Words, ...]:
    """A text over at most so many lines, its middle at ``y``."""
    lines = textwrap.wrap(text, letters, max_lines=most, placeholder=" …") or [""]
    step = size * 1.12
    top = y + size * 0.35 - step * (len(lines) - 1) / 2
    return tuple(
        Words(x, top + step * place, one, colour, size, anchor, bold)
        for place, one in enumerate(lines)
    )


def chart(name: str, picture: Picture, alt: str) -> Chart:
    """The picture as a chart of the report."""
    tips = {
        f"mark{place}": one.tip
        for place, one in enumerate(one for one in picture.shapes if isinstance(one, Mark))
    }

    def paint(figure: Figure) -> Mapping[str, str]:
        _replay(figure, picture)
        return tips

    size = (picture.width / PIXELS, picture.height / PIXELS)
    return Chart(name, svg(picture), alt, tips, size, paint)


def svg(picture: Picture) -> str:
    """The picture as one ``<svg>`` element."""
    grid = f' data-columns="{picture.columns}"' if picture.columns else ""
    stops = [0 if not picture.columns else -1] * len(picture.shapes)
    if picture.columns:
        first = next((i for i, one in enumerate(picture.shapes) if isinstance(one, Mark)), None)
        if first is not None:
            stops[first] = 0
    parts = [_written(one, stop) for one, stop in zip(picture.shapes, stops, strict=True)]
    return (
        f'<svg width="{round(picture.width)}" height="{round(picture.height)}" '
        f'viewBox="0 0 {picture.width:g} {picture.height:g}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="Persona Sans, DejaVu Sans"{grid}>'
        + "\n".join(parts)
        + "</svg>"
    )


def _written(shape: Shape, stop: int) -> str:
    if isinstance(shape, Mark):
        inner = "".join(_written(one, stop) for one in shape.shapes)
        tip = escape(shape.tip, quote=True)
        return (
            f'<g class="mark" tabindex="{stop}" role="img" aria-label="{tip}" data-tip="{tip}">'
            f"{inner}</g>"
        )
    if isinstance(shape, Words):
        weight = "; font-weight: 700" if shape.bold else ""
        anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
        style = f"font-size: {shape.size:.4g}px; fill: {shape.colour}{weight}"
        if shape.opacity < 1:
            style += f"; fill-opacity: {shape.opacity:.2f}"
        if shape.turned:
            anchor += f' transform="rotate(-90 {shape.x:.1f} {shape.y:.1f})"'
        return (
            f'<text x="{shape.x:.1f}" y="{shape.y:.1f}"{anchor} style="{style}">'
            f"{escape(shape.text)}</text>"
        )
    path = "".join(
        f"{step}{' '.join(f'{value:.1f}' for value in values)}" for step, values in shape.steps
    )
    style = f"fill: {shape.fill}"
    if shape.stroke != "none":
        style += f"; stroke: {shape.stroke}; stroke-width: {shape.width:g}"
    if shape.opacity < 1:
        # Of fill and stroke alone: a group of its own would be a picture of dots in the PDF.
        style += f"; fill-opacity: {shape.opacity:.2f}"
        if shape.stroke != "none":
            style += f"; stroke-opacity: {shape.opacity:.2f}"
    if shape.dash:
        style += f"; stroke-dasharray: {' '.join(f'{one:g}' for one in shape.dash)}"
    return f'<path d="{path}" style="{style}"/>'


def _replay(figure: Figure, picture: Picture) -> None:
    """Draw the picture with matplotlib."""
    area = figure.add_axes((0, 0, 1, 1))
    area.set_axis_off()
    area.set_xlim(0, picture.width)
    area.set_ylim(picture.height, 0)
    place = 0
    for shape in picture.shapes:
        group = shape.shapes if isinstance(shape, Mark) else (shape,)
        name = f"mark{place}" if isinstance(shape, Mark) else None
        place += isinstance(shape, Mark)
        for one in group:
            _draw(area, one, name)


def _draw(area: Axes, shape: Area | Words, name: str | None) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if isinstance(shape, Words):
        area.text(
            shape.x,
            shape.y,
            shape.text,
            color=shape.colour,
            fontsize=shape.size * 72 / PIXELS,
            ha=_ALIGNED[shape.anchor],
            va="baseline",
            fontweight="bold" if shape.bold else "normal",
            alpha=shape.opacity,
            rotation=90 if shape.turned else 0,
            rotation_mode="anchor",
        )
        return
    points: list[tuple[float, float]] = []
    codes: list[int] = []
    kinds = {"M": Path.MOVETO, "L": Path.LINETO, "C": Path.CURVE4}
    for step, values in shape.steps:
        if step == "Z":
            points.append(points[-1])
            codes.append(int(Path.CLOSEPOLY))
            continue
        pairs = list(zip(values[::2], values[1::2], strict=True))
        points += pairs
        codes += [int(kinds[step])] * len(pairs)
    patch = PathPatch(
        Path(points, codes),
        facecolor=shape.fill,
        edgecolor=shape.stroke,
        linewidth=shape.width * 72 / PIXELS if shape.stroke != "none" else 0.0,
        linestyle=(0, tuple(shape.dash)) if shape.dash else "-",
        alpha=shape.opacity if shape.opacity < 1 else None,
        gid=name,
    )
    area.add_patch(patch)
