"""Slides and what stands on them: titles, texts, bars and tables in the theme's look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from persona.report.locale import NOTHING
from persona.report.sections.base import Context

WIDTH, HEIGHT = 13.333, 7.5
MARGIN = 0.6
INNER = WIDTH - 2 * MARGIN
_TITLE_ONLY = 5
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"

Place = tuple[float, float, float, float]
"""Left, top, width and height in inches."""

Line = tuple[str, float, bool, str]
"""Text, points, whether bold, colour."""


class Slides:
    """A presentation that grows slide by slide; sizes are inches, colours ``#rrggbb``."""

    def __init__(self, context: Context) -> None:
        from pptx import Presentation
        from pptx.util import Inches

        self.show: Any = Presentation()
        self.show.slide_width, self.show.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self.context = context
        self.say = context.language.gettext
        self.colours = context.theme.colours
        self.font = context.theme.office

    def add(self, title: str, stripe: str | None = None) -> Any:
        """A slide with its title; ``stripe`` colours its upper edge."""
        from pptx.util import Inches, Pt

        slide = self.show.slides.add_slide(self.show.slide_layouts[_TITLE_ONLY])
        box = slide.shapes.title
        box.left, box.top = Inches(MARGIN), Inches(0.38)
        box.width, box.height = Inches(INNER), Inches(0.8)
        size = 28 if len(title) <= 48 else 22
        self.write(box.text_frame, [(title, size, True, self.colours["ink"])])
        box.text_frame.paragraphs[0].font.size = Pt(size)
        if stripe is not None:
            self.bar(slide, (0, 0, WIDTH, 0.16), stripe)
        return slide

    def write(self, frame: Any, lines: Sequence[Line]) -> None:
        """One paragraph a line."""
        from pptx.enum.text import MSO_ANCHOR

        frame.word_wrap = True
        frame.vertical_anchor = MSO_ANCHOR.TOP
        # A paragraph as a whole is several times quicker than its properties one by one.
        body = frame._txBody
        if lines:
            body.remove(body.p_lst[0])
        for line in lines:
            body.append(self._paragraph(line))

    def _paragraph(self, line: Line) -> Any:
        from pptx.oxml import parse_xml
        from pptx.util import Pt

        text, size, bold, colour = line
        name, shade = quoteattr(self.font), quoteattr(colour[1:].upper())
        made: Any = parse_xml(
            f'<a:p xmlns:a="{_DRAWING}"><a:pPr algn="l"><a:spcAft>'
            f'<a:spcPts val="{Pt(size * 0.35).centipoints}"/></a:spcAft></a:pPr><a:r>'
            f'<a:rPr sz="{Pt(size).centipoints}" b="{int(bold)}"><a:solidFill>'
            f"<a:srgbClr val={shade}/></a:solidFill><a:latin typeface={name}/></a:rPr><a:t/>"
            "</a:r></a:p>"
        )
        made.r_lst[0].t.text = plain(text)
        return made

    def text(self, slide: Any, place: Place, lines: Sequence[Line]) -> None:
        """A text box."""
        from pptx.util import Inches

        left, top, width, height = (Inches(part) for part in place)
        self.write(slide.shapes.add_textbox(left, top, width, height).text_frame, lines)

    def bar(self, slide: Any, place: Place, colour: str) -> None:
        """A filled rectangle that only adorns."""
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.util import Inches

        left, top, width, height = (Inches(part) for part in place)
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, height)
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(colour)
        shape.line.fill.background()
        shape._element.nvSpPr.cNvPr.set("descr", "")

    def table(
        self,
        slide: Any,
        place: tuple[float, float, float],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        size: float = 12,
        height: float = 0.42,
    ) -> None:
        """A native table at left, top and width; the first row is its head.

        ``widths`` are parts of the width, ``height`` that of a row in inches.
        """
        from pptx.util import Inches

        left, top, width = place
        frame = slide.shapes.add_table(
            len(rows),
            len(widths),
            Inches(left),
            Inches(top),
            Inches(width),
            Inches(height * len(rows)),
        )
        for column, part in enumerate(widths):
            frame.table.columns[column].width = Inches(width * part / sum(widths))
        for row, cells in enumerate(rows):
            frame.table.rows[row].height = Inches(height)
            for column, text in enumerate(cells):
                self._cell(frame.table.cell(row, column), text or NOTHING, row == 0, size)

    def _cell(self, cell: Any, text: str, head: bool, size: float) -> None:
        cell.fill.solid()
        shade = self.colours["ink"] if head else self.colours["wash"]
        cell.fill.fore_color.rgb = rgb(shade)
        colour = self.colours["paper"] if head else self.colours["ink"]
        if text.startswith("▲"):
            colour = self.colours["positive"]
        elif text.startswith("▼"):
            colour = self.colours["negative"]
        self.write(cell.text_frame, [(text, size, head, colour)])

    def notes(self, slide: Any, text: str) -> None:
        """What stands below the slide for the speaker."""
        slide.notes_slide.notes_text_frame.text = plain(text)


def rgb(colour: str) -> Any:
    """A colour as pptx wants it."""
    from pptx.dml.color import RGBColor

    make: Any = RGBColor
    return make.from_string(colour[1:])


def plain(text: str) -> str:
    """A text without the control characters that XML forbids.

    Examples
    --------
    >>> plain("a\\x00b")
    'ab'
    """
    return "".join(one for one in text if one in "\t\n" or ord(one) >= 32)
