"""Draw with matplotlib, hand out SVG: one figure reused, one style, the same bytes each time."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from persona import resources
from persona.report.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Painter = Callable[["Figure"], Mapping[str, str]]
"""Draws on a figure and returns the tips of the marks it gave a ``gid``."""


@dataclass(frozen=True)
class Chart:
    """A finished chart.

    Parameters
    ----------
    name : str
        ``"factor-scree-shopping"``: file name when it is saved alone.
    svg : str
        One ``<svg>`` element with its width and height.
    alt : str
        What it shows, in words and figures.
    tips : mapping
        Id of a mark in the SVG to what a reader learns by pointing at it.
    size, paint
        What it was drawn with, to draw it again as a picture.
    """

    name: str
    svg: str
    alt: str
    tips: Mapping[str, str]
    size: tuple[float, float]
    paint: Painter = field(compare=False, repr=False)


@lru_cache(maxsize=1)
def _style() -> Any:
    from matplotlib import font_manager, rc_params_from_file

    for path in sorted((resources.root("reports") / "fonts").glob("*.otf")):
        font_manager.fontManager.addfont(str(path))
    style = rc_params_from_file(
        str(resources.root("reports") / "chart.mplstyle"), use_default_template=False
    )
    return {name: style[name] for name in style}


def draw(
    name: str,
    size: tuple[float, float],
    theme: Theme,
    paint: Painter,
    alt: str,
) -> Chart:
    """A chart as SVG.

    Parameters
    ----------
    size : (width, height)
        In inches of 96 pixels.
    paint : callable
        Draws on the figure and returns the tips of the marks it gave a ``gid``.
    """
    target = io.StringIO()
    from matplotlib import rc_context

    with rc_context(_style()), _other_fonts():
        figure, tips = _painted(size, theme, paint)
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    svg = _cleaned(target.getvalue(), name, tips)
    return Chart(name, svg, alt, tips, size, paint)


def as_png(chart: Chart, theme: Theme, dots_per_inch: int = 192) -> bytes:
    """The chart as PNG on the theme's paper."""
    target = io.BytesIO()
    from matplotlib import rc_context

    with rc_context(_style()), _other_fonts():
        figure, _ = _painted(chart.size, theme, chart.paint)
        figure.savefig(
            target,
            format="png",
            dpi=dots_per_inch,
            transparent=False,
            facecolor=theme.colours["paper"],
            metadata={"Software": None},
        )
    return target.getvalue()


@contextlib.contextmanager
def _other_fonts() -> Iterator[None]:
    """Emoji and scripts that the chart's font lacks are drawn by the reader's own fonts."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from")
        warnings.filterwarnings("ignore", message=r"Matplotlib currently does not support")
        yield


def _painted(
    size: tuple[float, float], theme: Theme, paint: Painter
) -> tuple[Figure, Mapping[str, str]]:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    colours = theme.colours
    themed: Any = {
        "text.color": colours["ink"],
        "axes.labelcolor": colours["muted"],
        "axes.edgecolor": colours["line"],
        "xtick.color": colours["muted"],
        "ytick.color": colours["ink"],
        "grid.color": colours["line"],
    }
    with rc_context({**_style(), **themed}):
        figure = Figure(figsize=size)
        FigureCanvasAgg(figure)
        tips = paint(figure)
    return figure, tips


def axes(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Axes inside margins given in inches."""
    width, height = figure.get_size_inches()
    return figure.add_axes(
        (
            left / width,
            bottom / height,
            1 - (left + right) / width,
            1 - (bottom + top) / height,
        )
    )


_HEAD = re.compile(r"^.*?<svg ", re.S)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.S)
_DIGITS = re.compile(r"(\d\.\d\d)\d+(?=[\s\"'),])")
_SHEET = re.compile(r"<style type=\"text/css\">.*?</style>", re.S)
_SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"')


def _cleaned(svg: str, name: str, tips: Mapping[str, str]) -> str:
    """The bare element: own ids, size in pixels, tips on the marks that have them."""
    svg = _METADATA.sub("", _HEAD.sub("<svg ", svg, count=1))
    for spare in (' version="1.1"', ' xmlns:xlink="http://www.w3.org/1999/xlink"'):
        svg = svg.replace(spare, "")
    svg = _SHEET.sub("", svg.replace("xlink:href", "href"))
    svg = svg.replace("<svg ", '<svg style="stroke-linejoin:round;stroke-linecap:butt" ', 1)
    prefix = re.sub(r"\W+", "-", name)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    match = _SIZE.search(svg)
    if match:
        width, height = (round(float(part) / 0.75) for part in match.groups())
        svg = svg.replace(match.group(0), f'width="{width}" height="{height}"')
    for mark, tip in tips.items():
        text = escape(tip, quote=True)
        svg = svg.replace(
            f'<g id="{prefix}-{mark}">',
            f'<g class="mark" tabindex="0" role="img" aria-label="{text}" data-tip="{text}">',
        )
    svg = _DIGITS.sub(r"\1", svg)
    return re.sub(r"\n\s*", "\n", svg).strip()
