"""People in rows: answers to the left, what the formulas make of them to the right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.report.editing_sheets import YELLOW
from persona.report.locale import Language, shortened
from persona.report.sheets import Book, widths, write_text
from persona.report.typing_points import answer_rows
from persona.report.typing_table import CONSTANT, HEAD, Table, asked, names_of
from persona.typing_tool.model import SCALE
from persona.typing_tool.placing import type_people

RESULTS = ("segment", "name", "probability", "uncertain", "second", "missing", "refused")
"""Columns right of the answers, in their order."""


@dataclass(frozen=True)
class Grid:
    """Where the columns of a sheet of people stand; ``first`` is the first row (0-based)."""

    table: Table
    first: int
    language: Language

    @property
    def questions(self) -> int:
        """How many answers a person has."""
        return len(self.table.parts)

    def column(self, result: str) -> int:
        """Column of a result."""
        return 1 + self.questions + RESULTS.index(result)

    @property
    def rows(self) -> int:
        """Column of the row that the first answer has in the table of points."""
        return 1 + self.questions + len(RESULTS)

    @property
    def sums(self) -> int:
        """Column of the sum of the first segment."""
        return self.rows + self.questions

    @property
    def end(self) -> int:
        """The last column."""
        return self.sums + self.table.model.k - 1

    @cached_property
    def words(self) -> dict[str, str]:
        """What results say; quotation marks would end a text in a formula."""
        say = self.language.gettext
        found = {
            "yes": say("yes"),
            "no": say("no"),
            "not_placed": say("not placed"),
            "agree": say("all agree"),
            "differ": say("some differ: the workbook was changed"),
        }
        return {key: text.replace('"', "'") for key, text in found.items()}

    @cached_property
    def _letters(self) -> list[str]:
        from xlsxwriter.utility import xl_col_to_name

        return [xl_col_to_name(column) for column in range(self.end + 2)]

    @cached_property
    def patterns(self) -> list[tuple[int, str]]:
        """Each formula column with its formula, ``#`` for the number of the row."""
        table, name = self.table, self._letters
        model = table.model
        ids = f"${name[self.rows]}#:${name[self.sums - 1]}#"
        sums = f"${name[self.sums]}#:${name[self.end]}#"
        missing = f"${name[self.column('missing')]}#"
        segment = f"${name[self.column('segment')]}#"
        used = f"COUNTA($A#:${name[self.questions]}#)=0"
        numbers, best = table.span(0), f"MAX({sums})"
        second = f"LARGE({sums},2)"
        found = [
            ("segment", f'IF({missing}="","",IF({missing}>{table.max_missing},"",'
                        f"MATCH({best},{sums},0)))"),
            ("name", f'IF({missing}="","",IF({segment}="","{self.words["not_placed"]}",'
                     f"INDEX({self._names},1,{segment})))"),
            ("probability", f'IF({segment}="","",1/SUMPRODUCT(EXP(({sums}-{best})/{SCALE})))'),
            ("missing", f'IF({used},"",{_added(numbers, ids, table.span(table.missing))})'),
            ("refused", f'IF({used},"",{_added(numbers, ids, table.span(table.refused))})'),
        ]  # fmt: skip
        yes, no = self.words["yes"], self.words["no"]
        if model.k > 1:
            rest = f"INDEX({sums},1,{segment}+1):${name[self.end]}#"
            found += [
                ("uncertain", f'IF({missing}="","",IF({segment}="","{yes}",'
                              f'IF({best}-{second}<{table.uncertain_below},"{yes}","{no}")))'),
                ("second", f'IF({segment}="","",IF({second}={best},'
                           f"{segment}+MATCH({best},{rest},0),MATCH({second},{sums},0)))"),
            ]  # fmt: skip
        else:
            found += [("uncertain", f'IF({missing}="","",IF({segment}="","{yes}","{no}"))'),
                      ("second", '""')]  # fmt: skip
        patterns = [(self.column(key), f"={formula}") for key, formula in found]
        for place, part in enumerate(table.parts):
            row = table.row_of(part, f"${name[1 + place]}#")
            patterns.append((self.rows + place, f'=IF({used},"",{row})'))
        for place in range(model.k):
            column = table.first_point + place
            added = _added(numbers, ids, table.span(column))
            constant = table.at(CONSTANT, column)
            patterns.append((self.sums + place, f'=IF({missing}="","",{constant}+{added})'))
        return patterns

    @property
    def _names(self) -> str:
        first, last = self.table.first_point, self.table.first_point + self.table.model.k - 1
        return f"{self.table.at(HEAD, first)}:{self.table.at(HEAD, last).split('!')[-1]}"


def _added(numbers: str, ids: str, values: str) -> str:
    """The values of the rows with these numbers, added up."""
    return f"SUMPRODUCT(SUMIF({numbers},{ids},{values}))"


def write_grid(book: Book, sheet: Any, grid: Grid, answers: pd.DataFrame, rows: int) -> None:
    """Heads, answers, and formulas with their results for so many rows."""
    _heads(book, sheet, grid)
    _answers(book, sheet, grid, answers, rows)
    styles = _styles(book, grid)
    values = _values(grid, answers)
    for column, pattern in grid.patterns:
        style, known = styles.get(column, styles[-1]), values[column]
        for place in range(rows):
            row = grid.first + place
            value = known[place] if place < len(known) else ""
            formula = pattern.replace("#", str(row + 1))
            sheet.write_formula(row, column, formula, style, value)
    _marks(book, sheet, grid, rows)
    sheet.freeze_panes(grid.first, 1)


def _heads(book: Book, sheet: Any, grid: Grid) -> None:
    say, table = grid.language.gettext, grid.table
    head = book.format(bold=True, text_wrap=True, bottom=2, valign="bottom")
    muted = book.format(text_wrap=True, bottom=2, valign="bottom",
                        font_color=book.theme.colours["muted"])  # fmt: skip
    small = book.format(text_wrap=True, valign="bottom", font_color=book.theme.colours["muted"])
    titles = {
        "segment": say("Segment"), "name": say("Name"), "probability": say("Probability"),
        "uncertain": say("Uncertain"), "second": say("Second candidate"),
        "missing": say("Questions missing"), "refused": say("of these not allowed"),
    }  # fmt: skip
    top = grid.first - 1
    write_text(sheet, top, 0, say("Id"), head)
    for place, part in enumerate(table.parts):
        write_text(sheet, top, 1 + place, part.question.variable, head)
        item = " ".join(grid.language.text(part.question.text).split())
        text = shortened(item or asked(part.question, grid.language), 90)
        write_text(sheet, top - 1, 1 + place, text, small)
        write_text(sheet, top, grid.rows + place, f"→ {part.question.variable}", muted)
    for key, title in titles.items():
        write_text(sheet, top, grid.column(key), title, head)
    for place, name in enumerate(names_of(table.model.segments, grid.language)):
        write_text(sheet, top, grid.sums + place, name, muted)
    row, total = say("Row in “{sheet}”", sheet=table.points), say("Sum of points")
    write_text(sheet, top - 1, grid.rows, row, small)
    write_text(sheet, top - 1, grid.sums, total, small)
    sheet.set_row(top - 1, 62)
    sheet.set_row(top, 46)
    known = {0: 14, **{1 + place: 16 for place in range(grid.questions)}}
    known |= {grid.column(key): 12 for key in RESULTS} | {grid.column("name"): 28}
    known |= {column: 12 for column in range(grid.rows, grid.sums)}
    known |= {column: 15 for column in range(grid.sums, grid.end + 1)}
    widths(sheet, known)


def _answers(book: Book, sheet: Any, grid: Grid, answers: pd.DataFrame, rows: int) -> None:
    """The answers as codes, in yellow cells; text cells where a code is a text such as 07.

    The yellow is a rule of the range: a format in each empty cell would be written for each.
    """
    text, plain = book.format(num_format="@"), book.format()
    columns: list[tuple[list[Any], Any]] = [(answers.index.tolist(), text)]
    for part in grid.table.parts:
        codes = [a.code for a in part.question.answers]
        style = text if any(isinstance(code, str) for code in codes) else plain
        columns.append((answers[part.question.variable].tolist(), style))
    for column, (values, style) in enumerate(columns):
        for place in range(rows if style is text else len(values)):
            value = values[place] if place < len(values) else None
            row = grid.first + place
            if value is None or value != value or value == "":
                sheet.write_blank(row, column, None, style)
            elif isinstance(value, str):
                write_text(sheet, row, column, value, style)
            else:
                sheet.write_number(row, column, value, style)


def _styles(book: Book, grid: Grid) -> dict[int, Any]:
    """By column; -1 for all others."""
    grey = book.format(font_color=book.theme.colours["muted"])
    bold = book.format(bold=True, align="left")
    found = {-1: grey, grid.column("segment"): bold, grid.column("name"): bold}
    found[grid.column("probability")] = book.format(num_format="0%")
    plain = book.format(align="left")
    return found | {
        grid.column(key): plain for key in ("uncertain", "second", "missing", "refused")
    }


def _values(grid: Grid, answers: pd.DataFrame) -> dict[int, list[Any]]:
    """What each formula column computes, by the library."""
    model = grid.table.model
    if not len(answers):
        return {column: [] for column, _ in grid.patterns}
    typed = type_people(model, answers)
    frame, ids = typed.frame, answer_rows(grid.table.parts, answers)
    names = dict(enumerate(names_of(model.segments, grid.language), 1))
    segments: list[Any] = ["" if pd.isna(one) else int(one) for one in frame["segment"]]
    refused = np.isin(ids, [part.refused.number for part in grid.table.parts]).sum(axis=1)
    words = grid.words
    found: dict[int, list[Any]] = {
        grid.column("segment"): segments,
        grid.column("name"): [names.get(s, words["not_placed"]) if s else words["not_placed"]
                              for s in segments],
        grid.column("probability"): _blank(frame["probability"]),
        grid.column("uncertain"): [words["yes"] if u else words["no"] for u in frame["uncertain"]],
        grid.column("second"): _blank(frame["second"]),
        grid.column("missing"): frame["missing"].tolist(),
        grid.column("refused"): refused.tolist(),
    }  # fmt: skip
    unused = _unused(answers)
    for place in range(grid.questions):
        found[grid.rows + place] = ids[:, place].tolist()
    for place, number in enumerate(range(1, model.k + 1)):
        found[grid.sums + place] = typed.points[number].tolist()
    if unused.any():
        found = {c: ["" if u else v for v, u in zip(values, unused, strict=True)]
                 for c, values in found.items()}  # fmt: skip
    return found


def _unused(answers: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows without id and answers, which the sheet leaves empty."""
    named = np.array([str(one) != "" for one in answers.index])
    return np.asarray(answers.isna().all(axis=1).to_numpy() & ~named)


def _blank(values: pd.Series) -> list[Any]:
    return ["" if pd.isna(value) else float(value) for value in values]


def _marks(book: Book, sheet: Any, grid: Grid, rows: int) -> None:
    """Answers that are not allowed in red; uncertain people in the colour of warnings."""
    from xlsxwriter.utility import xl_col_to_name as letters

    first, last = grid.first, grid.first + rows - 1
    red = book.format(bg_color="#f8d5c4", font_color=book.theme.colours["negative"])
    warn = book.format(font_color=book.theme.colours["warning"], bold=True)
    for place, part in enumerate(grid.table.parts):
        criteria = f"=${letters(grid.rows + place)}{first + 1}={part.refused.number}"
        options = {"type": "formula", "criteria": criteria, "format": red}
        sheet.conditional_format(first, 1 + place, last, 1 + place, options)
    yellow = book.format(bg_color=YELLOW, border=1, border_color=book.theme.colours["line"])
    options = {"type": "formula", "criteria": "=TRUE", "format": yellow}
    sheet.conditional_format(first, 0, last, grid.questions, options)
    column = grid.column("uncertain")
    options = {"type": "cell", "criteria": "==", "value": f'"{grid.words["yes"]}"', "format": warn}
    sheet.conditional_format(first, column, last, column, options)
