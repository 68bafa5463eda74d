"""``typing.xlsx``: the typing tool as a workbook of plain formulas, without macros.

Every answer finds its row on the sheet of points, by its code or by its text; the points of the
rows are added up. Functions are those that Excel 2016 and LibreOffice both know. The figures
beside the formulas are computed here, so that a viewer that does not calculate shows them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from persona.report.locale import Language
from persona.report.sections.base import Context
from persona.report.sheets import Book, widths, write_text
from persona.report.typing_accuracy import accuracy_sheet
from persona.report.typing_grid import Grid, write_grid
from persona.report.typing_person import person_sheet
from persona.report.typing_points import point_rows
from persona.report.typing_table import Table, table_sheet, texts_sheet
from persona.typing_tool.model import TypingModel, TypingQuestion
from persona.typing_tool.placing import type_people
from persona.typing_tool.tool import TypingTool

ROWS = 2000
"""People that the sheet for many is prepared for."""
TESTS = 40
"""Made-up people on the sheet of tests."""


def typing_workbook(
    tool: TypingTool,
    context: Context,
    languages: Sequence[Language],
    *,
    rows: int = ROWS,
    people: pd.DataFrame | None = None,
) -> bytes:
    """The workbook.

    Parameters
    ----------
    tool : TypingTool
    context : Context
        Its language is that of all sheets but the one for a single person, which has a switch.
    languages : sequence of Language
        Those of the switch; the first is that of the context.
    rows : int
        Rows prepared on the sheet for many people.
    people : DataFrame, optional
        Answers that stand there already, in codes; the index says who they are.
    """
    book, kind = Book(context.theme, context.report.date), _sheet_class()
    say = context.language.gettext
    book.properties(context.text(tool.title), say("Typing tool"))
    model, parts = tool.golden, point_rows(tool.golden, languages)
    sheets = {
        name: book.sheet(title, kind)
        for name, title in (
            ("person", say("One person")),
            ("many", say("Many people")),
            ("points", say("Points")),
            ("accuracy", say("Accuracy")),
            ("test", say("Test")),
            ("read", say("Read me")),
            ("texts", say("Texts")),
        )
    }
    table = Table(model, parts, tuple(languages), sheets["points"].get_name(),
                  sheets["texts"].get_name(), sheets["person"].get_name())  # fmt: skip
    person_sheet(book, sheets["person"], tool, table, context)
    _many(book, sheets["many"], table, context, rows, people)
    table_sheet(book, sheets["points"], table, context)
    accuracy_sheet(book, sheets["accuracy"], tool, context)
    agree = _test(book, sheets["test"], table, context, tool.seed)
    _read_me(book, sheets["read"], tool, context, agree)
    texts_sheet(book, sheets["texts"], table, context, tool)
    sheets["person"].activate()
    return book.finished()


def _sheet_class() -> type:
    """A sheet that does not look for Excel's newest functions in each of 40,000 formulas.

    XlsxWriter does, with thirty searches a formula; here there are none to find.
    """
    from xlsxwriter.worksheet import Worksheet

    class Formulas(Worksheet):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

    return Formulas


def _many(
    book: Book,
    sheet: Any,
    table: Table,
    context: Context,
    rows: int,
    people: pd.DataFrame | None,
) -> None:
    say = context.language.gettext
    write_text(sheet, 0, 0, say("Many people"), book.format(bold=True, font_size=14))
    advice = say(
        "Paste ids and answers into the yellow cells, as codes or as texts. Rows are prepared for "
        "{n} people; for more, select the cells to the right of the answers in the last row and "
        "drag their corner down.",
        n=rows,
    )
    write_text(sheet, 1, 0, advice, book.format(font_color=book.theme.colours["muted"]))
    answers = people if people is not None else pd.DataFrame(columns=list(table.model.variables))
    grid = Grid(table, 4, context.language)
    write_grid(book, sheet, grid, answers, max(rows, len(answers)))


def _test(book: Book, sheet: Any, table: Table, context: Context, seed: int) -> str:
    """Made-up people with the segment the library gives; the cell that says whether all agree."""
    say = context.language.gettext
    answers = test_people(table.model, TESTS, seed)
    typed = type_people(table.model, answers).frame
    grid = Grid(table, 6, context.language)
    write_text(sheet, 0, 0, say("Test"), book.format(bold=True, font_size=14))
    write_text(
        sheet,
        1,
        0,
        say("Made-up answers with the segment that persona gives, and the same by formula."),
        book.format(font_color=book.theme.colours["muted"]),
    )
    write_grid(book, sheet, grid, answers, len(answers))
    first, last = grid.first + 1, grid.first + len(answers)
    head = book.format(bold=True, text_wrap=True, bottom=2, valign="bottom")
    place = grid.end + 1
    titles = (say("Expected segment"), say("Expected: uncertain"), say("Agree"))
    for offset, title in enumerate(titles):
        write_text(sheet, grid.first - 1, place + offset, title, head)
        widths(sheet, {place + offset: 13})
    cell, text = book.format(), grid.words
    yes, no = text["yes"], text["no"]
    from xlsxwriter.utility import xl_col_to_name as letters

    for row, (segment, uncertain) in enumerate(
        zip(typed["segment"].tolist(), typed["uncertain"].tolist(), strict=True), grid.first
    ):
        if pd.isna(segment):
            sheet.write_string(row, place, "", cell)
        else:
            sheet.write_number(row, place, int(segment), cell)
        write_text(sheet, row, place + 1, yes if uncertain else no, cell)
        formula = (
            f'=IF(AND({letters(grid.column("segment"))}{row + 1}&""={letters(place)}{row + 1}&"",'
            f"{letters(grid.column('uncertain'))}{row + 1}={letters(place + 1)}{row + 1}),"
            f'"{yes}","{no}")'
        )
        sheet.write_formula(row, place + 2, formula, cell, yes)
    agree = letters(place + 2)
    span = f"{agree}{first}:{agree}{last}"
    formula = f'=IF(COUNTIF({span},"{yes}")={len(answers)},"{text["agree"]}","{text["differ"]}")'
    sheet.write_formula(2, 0, formula, book.format(bold=True, font_size=12), text["agree"])
    good = book.format(font_color=book.theme.colours["positive"])
    bad = book.format(font_color=book.theme.colours["negative"])
    for value, style in ((yes, good), (no, bad)):
        sheet.conditional_format(
            first - 1, place + 2, last - 1, place + 2,
            {"type": "cell", "criteria": "==", "value": f'"{value}"', "format": style},
        )  # fmt: skip
    return f"='{sheet.get_name()}'!$A$3"


def test_people(model: TypingModel, n: int, seed: int) -> pd.DataFrame:
    """Made-up answers of every sort: allowed, at the edges of bands, missing, not allowed."""
    drawn = np.random.default_rng([seed, n])
    columns = {}
    for question in model.questions:
        usual, other = _usual(question), _unusual(question)
        values = [usual[place] for place in drawn.integers(0, len(usual), n)]
        odd = [other[place] for place in drawn.integers(0, len(other), n)]
        keep = (drawn.random(n) > 0.15) | (np.arange(n) % 2 == 0)
        columns[question.variable] = pd.Series(
            [one if kept else wrong for one, wrong, kept in zip(values, odd, keep, strict=True)],
            dtype=object,
        )
    return pd.DataFrame(columns, index=pd.RangeIndex(1, n + 1))


def _usual(question: TypingQuestion) -> list[Any]:
    if question.answers:
        return [answer.code for answer in question.answers]
    low = question.cuts[0] - 1 if question.minimum is None and question.cuts else question.minimum
    high = question.cuts[-1] + 1 if question.maximum is None and question.cuts else question.maximum
    edges = [value for value in (low, high, *question.cuts) if value is not None]
    inside = [
        value
        for value in (*edges, *(edge + 0.5 for edge in edges), 0.0)
        if (question.minimum is None or value >= question.minimum)
        and (question.maximum is None or value <= question.maximum)
    ]
    return inside or edges


def _unusual(question: TypingQuestion) -> list[Any]:
    found: list[Any] = [None, *(code for code, _ in question.no_answer)]
    if question.answers:
        return [*found, "?"]
    return found if question.maximum is None else [*found, question.maximum + 1]


def _read_me(book: Book, sheet: Any, tool: TypingTool, context: Context, agree: str) -> None:
    say = context.language.gettext
    write_text(sheet, 0, 0, say("Typing tool"), book.format(bold=True, font_size=16))
    muted = book.format(font_color=book.theme.colours["muted"], font_size=12)
    write_text(sheet, 1, 0, context.text(tool.title), muted)
    model = tool.golden
    lines = (
        say("It places new people in the segments of the study by few questions: {n}.",
            n=len(model.questions)),
        say("“One person”: choose the answers; the segment stands above them."),
        say("“Many people”: paste a table of answers, as codes or as texts; copy the results."),
        say("“Points”: what each answer gives each segment. The largest sum is the segment; the "
            "lower number where two are equal."),
        say("An answer that is missing, or not among the allowed ones, gives the points of no "
            "answer, counts as missing and is marked red. With more than {n} missing nobody is "
            "placed.", n=model.max_missing),
        say("Uncertain: the best is less than {points} points above the second, odds below "
            "{odds:.1f} to one.", points=model.uncertain_below,
            odds=float(np.exp(model.uncertain_below / 10_000))),
        say("“Accuracy”: how well it places people it was not learned from."),
        say("“Test”: made-up people whose segment is known; all must agree."),
        say("There are no macros and nothing leaves the workbook; change points only on purpose."),
        say("Run {fingerprint}, seed {seed}.", fingerprint=tool.fingerprint[:12],
            seed=str(tool.seed)),
    )  # fmt: skip
    style = book.format(text_wrap=True, font_size=11)
    for row, text in enumerate(lines, 3):
        write_text(sheet, row, 0, text, style)
        sheet.set_row(row, 32 if len(text) > 118 else 17)
    write_text(sheet, 14, 0, say("Result of the test:"), book.format(bold=True, font_size=11))
    sheet.write_formula(15, 0, agree, book.format(font_size=11), say("all agree"))
    sheet.set_row(0, 24)
    sheet.set_row(1, 20)
    widths(sheet, {0: 110})
