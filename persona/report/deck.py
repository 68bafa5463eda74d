"""``deck.pptx``: findings, segments and personas on slides, with charts to be edited there."""

from __future__ import annotations

import io
from math import ceil
from typing import Any

from persona.report.archive import steady
from persona.report.locale import NOTHING
from persona.report.sections.base import Context, letter
from persona.report.sections.comparison import Comparison
from persona.report.sections.comparison import build as compare
from persona.report.sections.findings import build as findings
from persona.report.sections.personas import PersonaView, view
from persona.report.sections.segments import build as segments

_WIDTH, _HEIGHT = 13.333, 7.5
_MARGIN = 0.6
_TITLE_ONLY = 5
_LINES_OF_BLOCK = 3
_BARS = 6


def deck(context: Context) -> bytes:
    """The slides of a study in one language.

    One slide each for the title, findings, sizes (native bar chart), every persona (three blocks
    and a native chart of what sets it apart) and how certain the segments are.
    """
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    show.slide_width, show.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    slides = _Slides(show, context)
    slides.cover()
    slides.findings()
    slides.sizes()
    differences = compare(context)
    for persona in context.report.shown_personas:
        slides.persona(view(persona, context), differences)
    slides.certainty()
    _describe(show, context)
    target = io.BytesIO()
    show.save(target)
    return steady(target.getvalue(), _moment(context))


def _moment(context: Context) -> str:
    date = context.report.date
    return f"{date.isoformat() if date else '2000-01-01'}T00:00:00Z"


def _describe(show: Any, context: Context) -> None:
    properties = show.core_properties
    properties.title = context.text(context.report.title)[:255]
    properties.subject = context.language.gettext("Segmentation and personas")
    properties.author = "persona"
    properties.last_modified_by = "persona"
    properties.language = context.language.code
    properties.revision = 1


class _Slides:
    """Slides of one presentation; every method adds one."""

    def __init__(self, show: Any, context: Context) -> None:
        self.show, self.context = show, context
        self.say = context.language.gettext
        self.colours = context.theme.colours

    def _slide(self, title: str) -> Any:
        from pptx.util import Inches, Pt

        slide = self.show.slides.add_slide(self.show.slide_layouts[_TITLE_ONLY])
        box = slide.shapes.title
        box.left, box.top = Inches(_MARGIN), Inches(0.38)
        box.width, box.height = Inches(_WIDTH - 2 * _MARGIN), Inches(0.8)
        self._write(box.text_frame, [(title, 28, True, self.colours["ink"])])
        box.text_frame.paragraphs[0].font.size = Pt(28)
        return slide

    def _write(self, frame: Any, lines: list[tuple[str, float, bool, str]]) -> None:
        """Paragraphs of (text, points, bold, colour)."""
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Pt

        frame.word_wrap = True
        frame.vertical_anchor = MSO_ANCHOR.TOP
        for place, (text, size, bold, colour) in enumerate(lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.LEFT
            paragraph.space_after = Pt(size * 0.35)
            run = paragraph.add_run()
            run.text = _plain(text)
            run.font.size, run.font.bold = Pt(size), bold
            run.font.name = self.context.theme.office
            run.font.color.rgb = _rgb(colour)

    def _text(self, slide: Any, place: tuple[float, float, float, float], lines: list[Any]) -> None:
        from pptx.util import Inches

        left, top, width, height = (Inches(part) for part in place)
        self._write(slide.shapes.add_textbox(left, top, width, height).text_frame, lines)

    def _bar(self, slide: Any, place: tuple[float, float, float, float], colour: str) -> None:
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.util import Inches

        left, top, width, height = (Inches(part) for part in place)
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, height)
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(colour)
        shape.line.fill.background()
        shape._element.nvSpPr.cNvPr.set("descr", "")

    def cover(self) -> None:
        """Title, client, date and size of the study."""
        context, language = self.context, self.context.language
        slide = self._slide(context.text(context.report.title))
        slide.shapes.title.top = _inches(2.6)
        slide.shapes.title.height = _inches(1.2)
        slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size = _points(40)
        self._bar(slide, (_MARGIN + 0.1, 2.3, 0.9, 0.1), self.colours["accent"])
        count = len(context.report.profile.segments)
        facts = " · ".join(
            (
                language.ngettext("{n} respondent", "{n} respondents", context.report.profile.n),
                language.ngettext("{n} segment", "{n} segments", count),
            )
        )
        date = language.date(context.report.date) if context.report.date else ""
        who = " · ".join(part for part in (context.report.client, date) if part)
        lines = [(facts, 18, False, self.colours["ink"]), (who, 14, False, self.colours["muted"])]
        self._text(slide, (_MARGIN, 3.9, 11, 1.2), lines)

    def findings(self) -> None:
        """The sentences a client reads first."""
        data = findings(self.context)
        slide = self._slide(self.say("Findings"))
        width = (_WIDTH - 2 * _MARGIN) / max(len(data.tiles), 1)
        for place, tile in enumerate(data.tiles):
            lines = [
                (tile.figure, 28, True, self.colours["accent"]),
                (tile.label, 11, False, self.colours["muted"]),
            ]
            self._text(slide, (_MARGIN + place * width, 1.2, width - 0.1, 1.0), lines)
        size = 15 if len(data.findings) <= 8 else 12
        sentences = [
            (
                f"{one.lead}. {one.text}" if one.lead else one.text,
                size,
                False,
                one.colour or self.colours["ink"],
            )
            for one in data.findings[:12]
        ]
        self._text(slide, (_MARGIN, 2.35, _WIDTH - 2 * _MARGIN, 4.7), sentences)

    def sizes(self) -> None:
        """Shares of the segments as a native chart, intervals beside it."""
        language = self.context.language
        sizes = self.context.report.profile.segments
        slide = self._slide(self.say("Sizes of the segments"))
        names = [self.context.name(size.segment) for size in sizes]
        colours = [self.context.colour(size.segment) for size in sizes]
        bars = list(zip(names, [size.share for size in sizes], colours, strict=True))
        self._chart(slide, (_MARGIN, 1.3, 8.2, 5.6), bars, "0%", self.say("Sizes of the segments"))
        lines = [
            (
                f"{letter(size.segment)}  {language.share(size.share, 1)} "
                f"({language.interval(size.low * 100, size.high * 100, 1)}), n = "
                f"{language.number(size.n)}",
                14,
                False,
                self.colours["ink"],
            )
            for size in sizes
        ]
        head = (self.say("Share with 95% interval"), 12, True, self.colours["muted"])
        self._text(slide, (9.1, 1.5, 3.7, 5), [head, *lines])

    def persona(self, persona: PersonaView, differences: Comparison | None) -> None:
        """One persona: its blocks on the left, what sets it apart as a chart on the right."""
        slide = self._slide(persona.name)
        self._bar(slide, (0, 0, _WIDTH, 0.16), persona.colour)
        size = f"{persona.size} · {persona.size_note}"
        head = [
            (persona.summary, 15, False, self.colours["ink"]),
            (size, 12, True, persona.colour),
        ]
        self._text(slide, (_MARGIN, 1.12, _WIDTH - 2 * _MARGIN, 0.9), head)
        bars = _standing_out(persona.segment, differences)
        width = 7.1 if bars else _WIDTH - 2 * _MARGIN
        self._blocks(slide, persona, width)
        if bars:
            title = self.say("Furthest from all respondents, in percent of the scale")
            self._text(slide, (8.0, 2.1, 4.8, 0.4), [(title, 12, True, self.colours["muted"])])
            shown = [(name, gap, persona.colour) for name, gap in bars]
            self._chart(slide, (7.9, 2.4, 4.9, 4.4), shown, "+0%;−0%;0%", title)
        note = self._notes(persona)
        slide.notes_slide.notes_text_frame.text = _plain(note)

    def _blocks(self, slide: Any, persona: PersonaView, width: float) -> None:
        """The blocks one under the other, each as high as its sentences need."""
        blocks = [block for block in persona.blocks if block.id != "value" or block.shown]
        most = _LINES_OF_BLOCK if len(blocks) <= 3 else 2
        top, characters = 2.05, width * 11.5
        for block in blocks:
            lines = [(block.title, 13.0, True, self.colours["accent"])]
            if not block.asked:
                words = self.say("Not asked in this study.")
                lines.append((words, 11.0, False, self.colours["muted"]))
            for said in block.shown[:most]:
                text = f"{said.sign or '•'} {said.sentence}"
                lines.append((text, 11.0, False, self.colours["ink"]))
            height = 0.42 + sum(
                0.08 + 0.19 * ceil(len(text) / characters) for text, *_ in lines[1:]
            )
            self._text(slide, (_MARGIN, top, width, height), lines)
            top += height

    def _notes(self, persona: PersonaView) -> str:
        """The evidence of every statement on the slide, for the speaker."""
        lines = []
        for block in persona.blocks:
            for said in block.shown[:_LINES_OF_BLOCK]:
                lines.append(f"{said.sentence} [{said.question} – {said.short}]")
        lines += [f"{line.name}: {line.figure}" for line in persona.certainty]
        return "\n".join(lines)

    def certainty(self) -> None:
        """The segments in a native table: sizes, stability, certainty."""
        from pptx.util import Inches

        data = segments(self.context)
        slide = self._slide(self.say("How certain this is"))
        heads = (
            self.say("Segment"),
            "n",
            self.say("Share"),
            self.say("Jaccard"),
            self.say("Found again"),
            self.say("Certainty"),
        )
        left, top = Inches(_MARGIN), Inches(1.4)
        width, height = Inches(_WIDTH - 2 * _MARGIN), Inches(0.42 * (len(data.rows) + 1))
        frame = slide.shapes.add_table(len(data.rows) + 1, len(heads), left, top, width, height)
        for column, part in enumerate((4.4, 1.1, 1.3, 1.2, 2.9, 1.233)):
            frame.table.columns[column].width = Inches(part)
        rows = [heads] + [
            (f"{r.letter}  {r.name}", r.n, r.share, r.jaccard, r.jaccard_word, r.certainty)
            for r in data.rows
        ]
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                self._table_cell(frame.table.cell(row, column), text or NOTHING, row == 0)
        lines = [(data.verdict, 14, False, self.colours["ink"])]
        below = 1.7 + 0.42 * (len(data.rows) + 1)
        self._text(slide, (_MARGIN, below, _WIDTH - 2 * _MARGIN, 2), lines)

    def _table_cell(self, cell: Any, text: str, head: bool) -> None:

        cell.fill.solid()
        shade = self.colours["ink"] if head else self.colours["wash"]
        cell.fill.fore_color.rgb = _rgb(shade)
        colour = self.colours["paper"] if head else self.colours["ink"]
        self._write(cell.text_frame, [(text, 12, head, colour)])

    def _chart(
        self,
        slide: Any,
        place: tuple[float, float, float, float],
        bars: list[tuple[str, float, str]],
        form: str,
        alt: str,
    ) -> None:
        """A native bar chart; the first bar stands on top."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
        from pptx.util import Inches, Pt

        # pptx has no types for what follows.
        make: Any = CategoryChartData
        data = make(number_format=form)
        data.categories = [_plain(name) for name, _, _ in bars]
        data.add_series(_plain(alt), [value for _, value, _ in bars])
        left, top, width, height = (Inches(part) for part in place)
        frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, left, top, width, height, data)
        values = "; ".join(f"{name} {value:.0%}" for name, value, _ in bars)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", _plain(f"{alt}: {values}"))
        chart = frame.chart
        chart.has_legend, chart.has_title = False, False
        chart.font.size, chart.font.name = Pt(11), self.context.theme.office
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        least = min([value for _, value, _ in bars] + [0.0])
        most = max([value for _, value, _ in bars] + [0.0])
        room = 0.22 * (most - least)
        chart.value_axis.minimum_scale = least - room if least < 0 else 0.0
        chart.value_axis.maximum_scale = most + room
        chart.category_axis.reverse_order = True
        chart.category_axis.format.line.color.rgb = _rgb(self.colours["line"])
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        plot = chart.plots[0]
        plot.gap_width, plot.vary_by_categories = 45, False
        plot.has_data_labels = True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = form, False
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        plot.data_labels.font.size = Pt(11)
        series = plot.series[0]
        series.invert_if_negative = False
        for point, (_, _, colour) in enumerate(bars):
            fill = series.points[point].format.fill
            fill.solid()
            fill.fore_color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    make: Any = RGBColor
    return make.from_string(colour[1:])


def _inches(value: float) -> Any:
    from pptx.util import Inches

    return Inches(value)


def _points(value: float) -> Any:
    from pptx.util import Pt

    return Pt(value)


def _plain(text: str) -> str:
    """A text without the control characters that XML forbids."""
    return "".join(one for one in text if one in "\t\n" or ord(one) >= 32)


def _standing_out(segment: int, differences: Comparison | None) -> list[tuple[str, float]]:
    """Answers on which a segment lies furthest from all others' mean, as parts of the scale."""
    if differences is None:
        return []
    gaps = []
    for row in differences.data["rows"]:
        values, total = row["values"], row["total"]
        mine = values[segment - 1] if segment <= len(values) else None
        if mine is None or total is None:
            continue
        gaps.append((row["answer"] or row["question"], (mine - total) / row["spread"]))
    gaps.sort(key=lambda one: -abs(one[1]))
    first: dict[str, float] = {}
    for name, gap in gaps:
        first.setdefault(name if len(name) <= 44 else name[:43] + "…", gap)
    return list(first.items())[:_BARS]
