"""Charts that PowerPoint itself draws and edits: bars, groups of bars, a curve, bubbles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from persona.report.slides import Place, Slides, plain, rgb

Bar = tuple[str, float, str]
"""Name, value, colour."""


def bars(
    slides: Slides, slide: Any, place: Place, values: Sequence[Bar], form: str, alt: str
) -> None:
    """One bar a name, the first on top; ``form`` is the number format of the labels."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION

    # pptx has no types for what follows.
    make: Any = CategoryChartData
    data = make(number_format=form)
    data.categories = [plain(name) for name, _, _ in values]
    data.add_series(plain(alt), [value for _, value, _ in values])
    told = "; ".join(f"{name} {value:.0%}" for name, value, _ in values)
    chart = _chart(slides, slide, place, XL_CHART_TYPE.BAR_CLUSTERED, data, f"{alt}: {told}")
    least = min([value for _, value, _ in values] + [0.0])
    most = max([value for _, value, _ in values] + [0.0])
    room = 0.22 * (most - least)
    # the label of a bar to the left needs room before the names begin
    chart.value_axis.minimum_scale = least - 1.5 * room if least < 0 else 0.0
    chart.value_axis.maximum_scale = most + room
    _lie_down(slides, chart)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 45, False
    _label(plot, form)
    series = plot.series[0]
    series.invert_if_negative = False
    for point, (_, _, colour) in enumerate(values):
        fill = series.points[point].format.fill
        fill.solid()
        fill.fore_color.rgb = rgb(colour)


def groups(
    slides: Slides,
    slide: Any,
    place: Place,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None], str]],
    alt: str,
) -> None:
    """A group of bars a name, one of each series (its word, shares of 0 to 1, colour)."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    make: Any = CategoryChartData
    data = make(number_format="0%")
    data.categories = [plain(name) for name in names]
    for word, values, _ in series:
        data.add_series(plain(word), values)
    chart = _chart(slides, slide, place, XL_CHART_TYPE.BAR_CLUSTERED, data, alt)
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    most = max((value or 0.0 for _, values, _ in series for value in values), default=1.0)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0.0, 1.2 * most or 1.0
    _lie_down(slides, chart)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 55, -5
    _label(plot, "0%")
    for made, (_, _, colour) in zip(plot.series, series, strict=True):
        made.format.fill.solid()
        made.format.fill.fore_color.rgb = rgb(colour)


def curve(
    slides: Slides,
    slide: Any,
    place: Place,
    lines: Sequence[tuple[str, Sequence[tuple[float, float]], str]],
    axes: tuple[str, str],
    alt: str,
) -> None:
    """Lines through points of 0 to 1 on both axes: word, points and colour of each."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Pt

    make: Any = XyChartData
    data = make(number_format="0%")
    for word, points, _ in lines:
        series = data.add_series(plain(word))
        for x, y in points:
            series.add_data_point(x, y)
    chart = _chart(slides, slide, place, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, data, alt)
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _square(slides, chart, axes, 1.0, "0%")
    for made, (_, _, colour) in zip(chart.plots[0].series, lines, strict=True):
        made.smooth = False
        made.format.line.color.rgb = rgb(colour)
        made.format.line.width = Pt(2.25)


def bubbles(
    slides: Slides,
    slide: Any,
    place: Place,
    points: Sequence[tuple[str, float, float, float, str]],
    axes: tuple[str, str],
    alt: str,
) -> None:
    """One bubble a name: x and y of 0 to 10, size, colour."""
    from pptx.chart.data import BubbleChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    make: Any = BubbleChartData
    data = make(number_format="0.0")
    for name, x, y, size, _ in points:
        data.add_series(plain(name)).add_data_point(x, y, size)
    chart = _chart(slides, slide, place, XL_CHART_TYPE.BUBBLE, data, alt)
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
    _square(slides, chart, axes, 10.0, "0")
    for made, (_, _, _, _, colour) in zip(chart.plots[0].series, points, strict=True):
        made.format.fill.solid()
        made.format.fill.fore_color.rgb = rgb(colour)


def _chart(slides: Slides, slide: Any, place: Place, kind: Any, data: Any, alt: str) -> Any:
    """A chart without title and legend, in the theme's type, described for those who listen."""
    from pptx.util import Inches, Pt

    left, top, width, height = (Inches(part) for part in place)
    frame = slide.shapes.add_chart(kind, left, top, width, height, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", plain(alt))
    chart = frame.chart
    chart.has_legend, chart.has_title = False, False
    chart.font.size, chart.font.name = Pt(11), slides.font
    return chart


def _lie_down(slides: Slides, chart: Any) -> None:
    """Bars from the top down, without a scale: the labels say the values."""
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = rgb(slides.colours["line"])


def _label(plot: Any, form: str) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    plot.has_data_labels = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = form, False
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.data_labels.font.size = Pt(11)


def _square(slides: Slides, chart: Any, axes: tuple[str, str], most: float, form: str) -> None:
    """Both axes from 0 to the same end, named."""
    from pptx.util import Pt

    for axis, name in zip((chart.category_axis, chart.value_axis), axes, strict=True):
        axis.minimum_scale, axis.maximum_scale = 0.0, most
        axis.major_unit = most / 5
        axis.has_major_gridlines = axis is chart.value_axis
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False
        axis.has_title = True
        axis.axis_title.text_frame.text = plain(name)
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(11)
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False
        axis.format.line.color.rgb = rgb(slides.colours["line"])
    lines = chart.value_axis.major_gridlines.format.line
    lines.color.rgb = rgb(slides.colours["line"])
