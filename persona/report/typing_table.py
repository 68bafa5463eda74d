"""The sheet of points that every formula points to, and the sheet of texts by language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from persona.report.locale import Language, message, shortened
from persona.report.sections.base import Context
from persona.report.sheets import Book, widths, write_text
from persona.report.typing_points import QuestionRows
from persona.typing_tool.model import TypingModel, TypingQuestion
from persona.typing_tool.tool import TypingTool

SETTINGS, HEAD, CONSTANT, FIRST = 2, 5, 6, 7
"""Rows (0-based): the two settings, the heads, the constants, the first row of points."""
WORDS: dict[str, str] = {
    "title": message("Typing tool"),
    "language": message("Language"),
    "segment": message("Segment"),
    "probability": message("Probability"),
    "certain": message("Certainty"),
    "second": message("Second candidate"),
    "missing": message("Questions missing"),
    "question": message("Question"),
    "answer": message("Answer"),
    "state": message("State"),
    "constant": message("Constant"),
    "sum": message("Sum of points"),
    "ok": message("ok"),
    "no_answer": message("no answer"),
    "not_allowed": message("not among the allowed answers"),
    "sure": message("clear"),
    "uncertain": message("uncertain: another segment is nearly as likely"),
    "not_placed": message("not placed: too many questions are unanswered"),
    "choose": message("Choose the answers in the yellow cells."),
    "row": message("Row"),
}
"""What the sheet for one person says, in the language that is chosen there."""


@dataclass(frozen=True)
class Table:
    """Where everything stands: formulas of all sheets are made from it."""

    model: TypingModel
    parts: tuple[QuestionRows, ...]
    languages: tuple[Language, ...]
    points: str
    texts: str
    person: str

    @property
    def count(self) -> int:
        """Rows of points."""
        return sum(len(part.rows) for part in self.parts)

    @property
    def first_point(self) -> int:
        """Column of the points of the first segment."""
        return 9 + len(self.languages)

    def at(self, row: int, column: int) -> str:
        """A cell of the sheet of points, fixed."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return f"{self._sheet}{xl_rowcol_to_cell(row, column, True, True)}"

    def span(self, column: int, first: int = 1, last: int | None = None, width: int = 1) -> str:
        """Cells of the rows numbered ``first`` to ``last`` of the sheet of points, fixed."""
        from xlsxwriter.utility import xl_range_abs

        stop = self.count if last is None else last
        return self._sheet + str(
            xl_range_abs(FIRST + first - 1, column, FIRST + stop - 1, column + width - 1)
        )

    @property
    def _sheet(self) -> str:
        return f"'{self.points}'!"

    @property
    def uncertain_below(self) -> str:
        """The cell of the uncertain band."""
        return self.at(SETTINGS, 4)

    @property
    def max_missing(self) -> str:
        """The cell of how many may be missing."""
        return self.at(SETTINGS + 1, 4)

    @property
    def missing(self) -> int:
        """Column of the mark that a row counts as missing."""
        return 7 + len(self.languages)

    @property
    def refused(self) -> int:
        """Column of the mark that a row is not allowed."""
        return 8 + len(self.languages)

    @property
    def lower(self) -> int:
        """Column of the lower bounds; the upper ones stand in the next."""
        return 5 + len(self.languages)

    def row_of(self, part: QuestionRows, cell: str) -> str:
        """The formula of the row of an answer; a cell with a fault is not allowed."""
        return f"IFERROR({self._row_of(part, cell)},{part.refused.number})"

    def _row_of(self, part: QuestionRows, cell: str) -> str:
        empty, refused = part.empty.number, part.refused.number
        known = part.known
        found = "0"
        if known:
            width = 2 + len(self.languages)
            texts = self.span(3, known[0].number, known[-1].number, width)
            ids = self.span(0, known[0].number, known[-1].number)
            found = f'SUMPRODUCT(MAX(EXACT({cell}&"",{texts})*{ids}))'
        if not part.bands:
            return f'IF({cell}="",{empty},MAX({refused},{found}))'
        band = self._band(part, cell)
        if not known:
            return f'IF({cell}="",{empty},{band})'
        return f'IF({cell}="",{empty},IF({found}>0,{found},{band}))'

    def _band(self, part: QuestionRows, cell: str) -> str:
        first, refused = part.bands[0].number, part.refused.number
        question = part.question
        above = str(first)
        if question.cuts:
            uppers = self.span(self.lower + 1, first, first + len(question.cuts) - 1)
            above = f"{first}+SUMPRODUCT(--({uppers}<={cell}))"
        place = FIRST + part.refused.number - 1
        bounds = []
        if question.minimum is not None:
            bounds.append(f"{cell}>={self.at(place, self.lower)}")
        if question.maximum is not None:
            bounds.append(f"{cell}<={self.at(place, self.lower + 1)}")
        if bounds:
            above = f"IF(AND({','.join(bounds)}),{above},{refused})"
        return f"IF(ISNUMBER({cell}),{above},{refused})"

    @cached_property
    def text_rows(self) -> dict[str, int]:
        """Row of each text on the sheet of texts."""
        keys = [f"word:{key}" for key in WORDS]
        keys += [f"segment:{part.number}" for part in self.model.segments]
        keys += [f"question:{question.variable}" for question in self.model.questions]
        keys += [f"row:{row.number}" for part in self.parts for row in part.rows]
        return {key: row for row, key in enumerate(keys, 3)}

    def text(self, key: str) -> str:
        """The formula of a text in the language that is chosen."""
        from xlsxwriter.utility import xl_range_abs

        row = self.text_rows[key]
        span = xl_range_abs(row, 1, row, len(self.languages))
        return f"INDEX('{self.texts}'!{span},1,'{self.texts}'!$B$1)"


def asked(question: TypingQuestion, language: Language) -> str:
    """A question in one line: what is asked, then the item."""
    texts = (language.text(question.question_text), language.text(question.text))
    whole = " – ".join(dict.fromkeys(text.strip() for text in texts if text.strip()))
    unit = f" ({question.unit})" if question.unit else ""
    return shortened(" ".join(whole.split()) or question.variable, 400) + unit


def table_sheet(book: Book, sheet: Any, table: Table, context: Context) -> None:
    """Points of every answer, and the settings."""
    say = context.language.gettext
    write_text(sheet, 0, 0, say("Points"), book.format(bold=True, font_size=14))
    muted = book.format(font_color=book.theme.colours["muted"])
    advice = say("Every formula of the workbook points to this table; whole numbers add up alike.")
    write_text(sheet, 1, 0, advice, muted)
    settings = (
        (say("Uncertain when the best is above the second by less than"),
         table.model.uncertain_below),
        (say("Questions that may be missing"), table.model.max_missing),
    )  # fmt: skip
    for row, (text, value) in enumerate(settings, SETTINGS):
        write_text(sheet, row, 0, text, book.format(bold=True))
        sheet.write_number(row, 4, value, book.format(num_format="0", align="left"))
    _heads(book, sheet, table, context)
    _constants(book, sheet, table, context)
    style, figure = book.format(text_wrap=True), book.format(num_format="0.####")
    whole = book.format(num_format="#,##0")
    for part in table.parts:
        line = {"text_wrap": True, "top": 1, "top_color": book.theme.colours["line"]}
        for place, one in enumerate(part.rows):
            row = FIRST + one.number - 1
            look = book.format(**line) if place == 0 else style
            number = book.format(align="left", **(line if place == 0 else {}))
            sheet.write_number(row, 0, one.number, number)
            write_text(sheet, row, 1, one.variable, look)
            write_text(sheet, row, 2, one.shown[0], look)
            _shown(sheet, table, row, one.number, one.shown[0], look, known=bool(one.code))
            write_text(sheet, row, 4, one.code, look)
            for column, text in enumerate(one.texts, 5):
                write_text(sheet, row, column, text, look)
            for column, bound in enumerate((one.lower, one.upper), table.lower):
                if bound is not None:
                    sheet.write_number(row, column, bound, figure)
            sheet.write_number(row, table.missing, int(one.missing), look)
            sheet.write_number(row, table.refused, int(not one.allowed), look)
            for column, points in enumerate(one.points, table.first_point):
                sheet.write_number(row, column, points, whole)
    sheet.freeze_panes(FIRST, 3)


def _shown(
    sheet: Any, table: Table, row: int, number: int, text: str, style: Any, *, known: bool
) -> None:
    """What the drop-down says, in the chosen language."""
    if not known:
        sheet.write_blank(row, 3, None, style)
    elif len(table.languages) > 1:
        sheet.write_formula(row, 3, f"={table.text(f'row:{number}')}", style, text)
    else:
        write_text(sheet, row, 3, text, style)


def _heads(book: Book, sheet: Any, table: Table, context: Context) -> None:
    say = context.language.gettext
    head = book.format(bold=True, text_wrap=True, bottom=2, valign="bottom")
    texts = [f"{say('Text')} ({language.name})" for language in table.languages]
    titles = [
        say("Row"), say("Question"), say("Answer"), say("In the list"), say("Code"), *texts,
        say("From"), say("Below, or at most"), say("Counts as missing"), say("Not allowed"),
    ]  # fmt: skip
    names = names_of(table.model.segments, context.language)
    for column, title in enumerate([*titles, *names]):
        write_text(sheet, HEAD, column, title, head)
    known = {0: 6, 1: 16, 2: 34, 3: 26, 4: 10}
    known |= {5 + place: 22 for place in range(len(texts))}
    known |= {5 + len(texts) + place: 11 for place in range(4)}
    known |= {table.first_point + place: 15 for place in range(table.model.k)}
    widths(sheet, known)
    sheet.set_row(HEAD, 46)


def _constants(book: Book, sheet: Any, table: Table, context: Context) -> None:
    bold, whole = book.format(bold=True), book.format(num_format="#,##0", bold=True)
    write_text(sheet, CONSTANT, 2, context.language.gettext("Constant"), bold)
    for column, value in enumerate(table.model.constant, table.first_point):
        sheet.write_number(CONSTANT, column, value, whole)


def texts_sheet(book: Book, sheet: Any, table: Table, context: Context, tool: TypingTool) -> None:
    """Every text of the sheet for one person, a column a language; B1 is the chosen one."""
    bold = book.format(bold=True)
    write_text(sheet, 0, 0, context.language.gettext("Language"), bold)
    last = len(table.languages)
    from xlsxwriter.utility import xl_range_abs

    names = xl_range_abs(1, 1, 1, last)
    chosen = f"'{table.person}'!$B$3"
    sheet.write_formula(0, 1, f"=IFERROR(MATCH({chosen},{names},0),1)", bold, 1)
    style = book.format()
    for column, language in enumerate(table.languages, 1):
        write_text(sheet, 1, column, language.name, bold)
        _column(sheet, table, column, language, style)
    for key, row in table.text_rows.items():
        write_text(sheet, row, 0, key, book.format(font_color=book.theme.colours["muted"]))
    widths(sheet, {0: 26, **{column: 40 for column in range(1, last + 1)}})


def _column(sheet: Any, table: Table, column: int, language: Language, style: Any) -> None:
    rows = table.text_rows
    for key, word in WORDS.items():
        write_text(sheet, rows[f"word:{key}"], column, language.gettext(word), style)
    for part in table.model.segments:
        name = shortened(language.text(part.name) or str(part.number), 120)
        write_text(sheet, rows[f"segment:{part.number}"], column, name, style)
    for question in table.model.questions:
        text = asked(question, language)
        write_text(sheet, rows[f"question:{question.variable}"], column, text, style)
    for rest in table.parts:
        for one in rest.rows:
            write_text(sheet, rows[f"row:{one.number}"], column, one.shown[column - 1], style)


def names_of(segments: Sequence[Any], language: Language) -> list[str]:
    """Names of the segments in a language, none empty."""
    return [shortened(language.text(s.name) or str(s.number), 120) for s in segments]
