"""The sheet for one person: answers from drop-downs, the segment above them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from persona.report.editing_sheets import YELLOW
from persona.report.sections.base import Context
from persona.report.sheets import Book, row_height, widths, write_text
from persona.report.typing_points import QuestionRows
from persona.report.typing_table import CONSTANT, WORDS, Table, asked, names_of
from persona.typing_tool.model import SCALE
from persona.typing_tool.placing import type_people
from persona.typing_tool.tool import TypingTool

FIRST = 12
"""Row (0-based) of the first question."""
_RESULT = 4
"""Row (0-based) of the segment."""


def person_sheet(book: Book, sheet: Any, tool: TypingTool, table: Table, context: Context) -> None:
    """One person: questions in rows, a drop-down each, and what the answers add up to."""
    page = _Page(book, sheet, table, context)
    page.text(0, 0, "title", bold=True, font_size=16)
    muted = book.format(font_color=book.theme.colours["muted"], font_size=11)
    write_text(sheet, 1, 0, context.text(tool.title), muted)
    page.text(2, 0, "language")
    _switch(book, sheet, table)
    _results(page)
    page.text(FIRST - 2, 0, "choose", font_color=book.theme.colours["muted"])
    for column, key in enumerate(("question", "answer", "state")):
        page.text(FIRST - 1, column, key, bold=True, bottom=2)
    page.text(FIRST - 1, 3, "row", bold=True, bottom=2)
    for place, number in enumerate(part.number for part in table.model.segments):
        page.text(FIRST - 1, 4 + place, f"segment:{number}", bold=True, bottom=2, text_wrap=True)
    for place, part in enumerate(table.parts):
        _question(page, FIRST + place, part)
    _sums(page)
    widths(sheet, {0: 62, 1: 44, 2: 26, 3: 9, **{4 + s: 15 for s in range(table.model.k)}})
    sheet.set_row(0, 24)
    sheet.set_row(_RESULT, 26)
    sheet.set_row(FIRST - 1, 46)
    sheet.freeze_panes(FIRST, 0)


class _Page:
    """The sheet with what its cells need."""

    def __init__(self, book: Book, sheet: Any, table: Table, context: Context) -> None:
        self.book, self.sheet, self.table = book, sheet, table
        self.language = context.language
        model = table.model
        nobody = pd.DataFrame({name: [None] for name in model.variables}, dtype=object)
        self.typed = type_people(model, nobody)

    def text(self, row: int, column: int, key: str, **look: Any) -> None:
        """A text in the chosen language."""
        self.formula(row, column, self.word(key), self.said(key), **look)

    def word(self, key: str) -> str:
        """The formula of a text in the chosen language."""
        return self.table.text(key if ":" in key else f"word:{key}")

    def said(self, key: str) -> str:
        """The same text in the first language."""
        if ":" in key:
            names = names_of(self.table.model.segments, self.language)
            return names[int(key.partition(":")[2]) - 1]
        return self.language.gettext(WORDS[key])

    def formula(self, row: int, column: int, formula: str, value: Any, **look: Any) -> None:
        """A formula with its value."""
        self.sheet.write_formula(row, column, f"={formula}", self.book.format(**look), value)

    @property
    def rows(self) -> tuple[int, int]:
        """First and last row of the questions, as Excel counts."""
        return FIRST + 1, FIRST + len(self.table.parts)

    @property
    def total(self) -> int:
        """Row (0-based) of the sums, below that of the constant."""
        return FIRST + len(self.table.parts) + 1

    @property
    def sums(self) -> str:
        """The cells of the sums."""
        from xlsxwriter.utility import xl_range_abs

        return str(xl_range_abs(self.total, 4, self.total, 3 + self.table.model.k))


def _switch(book: Book, sheet: Any, table: Table) -> None:
    style = book.format(bg_color=YELLOW, border=1, border_color=book.theme.colours["line"])
    names = [language.name for language in table.languages]
    write_text(sheet, 2, 1, names[0], style)
    if len(names) > 1:
        sheet.data_validation(2, 1, 2, 1, {"validate": "list", "source": names})


def _results(page: _Page) -> None:
    """Segment, probability, certainty, second candidate, what is missing."""
    table, sums = page.table, page.sums
    model, frame = table.model, page.typed.frame.iloc[0]
    first, last = page.rows
    label, value = {"font_color": page.book.theme.colours["muted"]}, {"align": "left"}
    keys = ("segment", "probability", "certain", "second", "missing")
    for place, key in enumerate(keys):
        page.text(_RESULT + place, 0, key, **label)
    missing, many = f"$B${_RESULT + 5}", f"$B${_RESULT + 5}>{table.max_missing}"
    placed = not pd.isna(frame["segment"])
    best, second = f"MAX({sums})", f"LARGE({sums},2)"
    names = [table.text(f"segment:{part.number}") for part in model.segments]
    number = f"MATCH({best},{sums},0)"
    name = f"CHOOSE({number},{','.join(names)})"
    shown = page.said(f"segment:{int(frame['segment'])}") if placed else page.said("not_placed")
    page.formula(_RESULT, 1, f"IF({many},{page.word('not_placed')},{name})", shown,
                 bold=True, font_size=14, **value)  # fmt: skip
    odds = f"1/SUMPRODUCT(EXP(({sums}-{best})/{SCALE}))"
    chance = float(frame["probability"]) if placed else ""
    page.formula(_RESULT + 1, 1, f'IF({many},"",{odds})', chance, num_format="0%", **value)
    if model.k > 1:
        close = f"{best}-{second}<{table.uncertain_below}"
        word = f"IF({close},{page.word('uncertain')},{page.word('sure')})"
        told = page.said("uncertain" if frame["uncertain"] else "sure") if placed else ""
        page.formula(_RESULT + 2, 1, f'IF({many},"",{word})', told, **value)
        next_one = _second(page, names)
        told = page.said(f"segment:{int(frame['second'])}") if placed else ""
        page.formula(_RESULT + 3, 1, f'IF({many},"",{next_one})', told, **value)
    flags = table.span(table.missing)
    counted = f"SUMPRODUCT(SUMIF({table.span(0)},$D${first}:$D${last},{flags}))"
    page.formula(_RESULT + 4, 1, counted, int(frame["missing"]), **value)
    warn = page.book.format(font_color=page.book.theme.colours["warning"], bold=True)
    rule = f"=OR({missing}>{table.max_missing},{best}-{second}<{table.uncertain_below})"
    if model.k > 1:
        options = {"type": "formula", "criteria": rule, "format": warn}
        page.sheet.conditional_format(_RESULT, 1, _RESULT + 2, 1, options)


def _second(page: _Page, names: list[str]) -> str:
    """The name of the second: the next one of equal sums, else that of the second sum."""
    sums = page.sums
    last = sums.split(":")[1]
    best, second, number = f"MAX({sums})", f"LARGE({sums},2)", f"MATCH(MAX({sums}),{sums},0)"
    rest = f"INDEX({sums},1,{number}+1):{last}"
    place = f"IF({second}={best},{number}+MATCH({best},{rest},0),MATCH({second},{sums},0))"
    return f"CHOOSE({place},{','.join(names)})"


def _question(page: _Page, row: int, part: QuestionRows) -> None:
    book, table, question = page.book, page.table, part.question
    text = asked(question, page.language)
    line = {"bottom": 1, "bottom_color": book.theme.colours["line"], "text_wrap": True}
    page.formula(row, 0, table.text(f"question:{question.variable}"), text, **line)
    row_height(page.sheet, row, (text, 58))
    style = {"bg_color": YELLOW, "border": 1, "border_color": book.theme.colours["line"]}
    kind = "@" if any(isinstance(a.code, str) for a in question.answers) else "General"
    page.sheet.write_blank(row, 1, None, book.format(num_format=kind, text_wrap=True, **style))
    _choices(page, row, part)
    cell = f"$D${row + 1}"
    state = (
        f"IF({cell}={part.refused.number},{page.word('not_allowed')},"
        f"IF(INDEX({table.span(table.missing)},{cell},1)=1,{page.word('no_answer')},"
        f"{page.word('ok')}))"
    )
    page.formula(row, 2, state, page.said("no_answer"), **line)
    grey = {"font_color": book.theme.colours["muted"], **line}
    page.formula(row, 3, table.row_of(part, f"$B${row + 1}"), part.empty.number, **grey)
    for place, points in enumerate(question.missing):
        span = table.span(table.first_point + place)
        page.formula(row, 4 + place, f"INDEX({span},{cell},1)", points, num_format="#,##0", **grey)
    warn = book.format(font_color=book.theme.colours["negative"], bold=True)
    options = {"type": "formula", "criteria": f"={cell}={part.refused.number}", "format": warn}
    page.sheet.conditional_format(row, 1, row, 2, options)


def _choices(page: _Page, row: int, part: QuestionRows) -> None:
    """A drop-down of texts; of a number, what is allowed."""
    known = part.known
    if part.question.answers:
        source = "=" + page.table.span(3, known[0].number, known[-1].number)
        options = {"validate": "list", "source": source, "error_type": "warning"}
        page.sheet.data_validation(row, 1, row, 1, options)
        return
    low, high = part.question.minimum, part.question.maximum
    bounds = " – ".join("…" if bound is None else f"{bound:g}" for bound in (low, high))
    aside = "; ".join(f"{one.code}: {one.shown[0]}" for one in known)
    message = " ".join(text for text in (bounds, part.question.unit, aside) if text)[:250]
    options = {"validate": "any", "input_title": page.said("answer")[:32], "input_message": message}
    page.sheet.data_validation(row, 1, row, 1, options)


def _sums(page: _Page) -> None:
    """Constants, sums and probabilities by segment."""
    from xlsxwriter.utility import xl_rowcol_to_cell as cell

    table = page.table
    first, _ = page.rows
    page.text(page.total - 1, 0, "constant")
    page.text(page.total, 0, "sum", bold=True, top=1)
    page.text(page.total + 1, 0, "probability")
    points = page.typed.points.iloc[0].tolist()
    highest, placed = max(points), not pd.isna(page.typed.frame["segment"].iloc[0])
    many = f"$B${_RESULT + 5}>{table.max_missing}"
    odds = [math.exp((one - highest) / SCALE) for one in points]
    for place, constant in enumerate(table.model.constant):
        column = 4 + place
        fixed = table.at(CONSTANT, table.first_point + place)
        page.formula(page.total - 1, column, fixed, constant, num_format="#,##0")
        span = f"{cell(first - 1, column)}:{cell(page.total - 1, column)}"
        page.formula(page.total, column, f"SUM({span})", points[place],
                     num_format="#,##0", bold=True, top=1)  # fmt: skip
        share = f"EXP(({cell(page.total, column)}-MAX({page.sums}))/{SCALE})"
        whole = f"SUMPRODUCT(EXP(({page.sums}-MAX({page.sums}))/{SCALE}))"
        known = odds[place] / sum(odds) if placed else ""
        page.formula(page.total + 1, column, f'IF({many},"",{share}/{whole})', known,
                     num_format="0%")  # fmt: skip
    page.sheet.conditional_format(
        page.total + 1, 4, page.total + 1, 3 + table.model.k,
        {"type": "data_bar", "bar_color": page.book.theme.colours["accent"], "bar_solid": True,
         "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1},
    )  # fmt: skip
