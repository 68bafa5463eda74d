"""The Excel form for many respondents: a row each, lists, bounds and conditions in its cells."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from persona.errors import Problem, note
from persona.questionnaire.conditions import Condition, tests_in
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats.asked import Asked, asked_columns, heading, notes_of, takes
from persona.questionnaire.formats.codebook import COLUMNS, codebook_rows
from persona.questionnaire.formats.excel_conditions import Cell, formula
from persona.questionnaire.formats.expressions import figure
from persona.questionnaire.formats.words import word
from persona.questionnaire.formats.workbooks import close_workbook, open_workbook
from persona.questionnaire.texts import text_in
from persona.questionnaire.variables import Measure

FIRST_ROW = 3
"""The row of the first respondent, below the texts and the ids."""
LONGEST_FORMULA = 255
"""Characters that a spreadsheet takes in the formula of a cell's validation."""
_FORMATS = {
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDF3", "border": 1,
             "border_color": "#B8C2CC", "font_size": 10},
    "id": {"font_size": 8, "font_color": "#5A6672", "bg_color": "#F4F6F8", "border": 1,
           "border_color": "#B8C2CC"},
    "cell": {"num_format": "@", "valign": "top"},
    "number": {"valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top"},
    "grey": {"bg_color": "#C9CFD6", "font_color": "#5A6672"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "battery": {"bold": True, "text_wrap": True, "valign": "top"},
    "item": {"text_wrap": True, "valign": "top", "indent": 1},
    "section": {"bold": True, "font_size": 12, "bg_color": "#D7DFE8"},
    "open": {"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FFFFFF"},
}  # fmt: skip


class FormBook:
    """A workbook with its formats, its sheet of lists, and what could not be put in it."""

    def __init__(self, path: Path, declaration: Declaration, language: str) -> None:
        self.path = path
        self.declaration = declaration
        self.language = language
        self.book = open_workbook(path)
        self.formats = {name: self.book.add_format(keys) for name, keys in _FORMATS.items()}
        self.columns = asked_columns(declaration, language)
        self.problems: list[Problem] = []
        self._lists: dict[tuple[str, ...], str] = {}
        self._sheet: Any = None

    def list_of(self, labels: Sequence[str]) -> str:
        """The range of the hidden sheet that holds these labels; one range for equal lists."""
        key = tuple(labels)
        if self._sheet is None:
            self._sheet = self.book.add_worksheet(word("lists", self.language))
            self._sheet.hide()
        if key not in self._lists:
            column = len(self._lists)
            for row, label in enumerate(labels):
                self._sheet.write_string(row, column, label)
            name = column_letter(column)
            sheet = word("lists", self.language)
            self._lists[key] = f"'{sheet}'!${name}$1:${name}${len(labels)}"
        return self._lists[key]

    def validation(self, asked: Asked, condition: str | None) -> dict[str, Any] | None:
        """What the cell takes, as the writer of workbooks says it; None when anything."""
        variable = asked.variable
        told = {"error_message": takes(asked, self.language) or word("not_asked", self.language)}
        if asked.labels:
            source = self.list_of(list(asked.labels))
            blank = self.list_of([" "])
            listed = f"=IF({condition},{source},{blank})" if condition else f"={source}"
            return {"validate": "list", "source": self._short(listed, f"={source}", asked), **told}
        tests = _bounds(asked)
        if condition:
            tests = [condition, *tests]
        if not tests:
            return None
        whole = tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
        codes = [f"{{cell}}={_code(part.code)}" for part in variable.missing]
        if codes:
            whole = f"OR({whole},{','.join(codes)})"
        value = self._short(f"={whole}", "", asked)
        return {"validate": "custom", "value": value, **told} if value else None

    def _short(self, whole: str, instead: str, asked: Asked) -> str:
        if len(whole.replace("{cell}", "$XXX1000")) <= LONGEST_FORMULA:
            return whole
        self.problems.append(
            note(
                "export.long_condition",
                "The condition of {name} is too long for a spreadsheet to hold it in a cell; the "
                "cell is greyed but not locked.",
                question=asked.question.id,
                values={"name": asked.variable.id},
            )
        )
        return instead

    def close(self) -> tuple[Problem, ...]:
        """Write the file; what could not be put in it."""
        close_workbook(self.book, self.path)
        return tuple(self.problems)


def write_form(
    declaration: Declaration,
    path: Path,
    *,
    language: str | None = None,
    rows: int = 1000,
    answers: Mapping[str, Sequence[object]] | None = None,
) -> tuple[Problem, ...]:
    """Write the form for many respondents.

    Parameters
    ----------
    declaration : Declaration
    path : Path
        Ends in ``.xlsx``.
    language : str, optional
        Of texts and lists; the default language unless said otherwise.
    rows : int
        Respondents that there is room for.
    answers : mapping of variable to cells, optional
        Answers to fill in, as :meth:`Declaration.encode` gives them with labels.

    Returns
    -------
    tuple of Problem
        What a spreadsheet cannot hold.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    form = FormBook(path, declaration, language or declaration.language)
    _instructions(form)
    sheet = form.book.add_worksheet(word("answers", form.language))
    letters = {asked.variable.id: column_letter(n) for n, asked in enumerate(form.columns)}
    sheet.freeze_panes(FIRST_ROW - 1, 1)
    sheet.set_row(0, 75)
    for place, asked in enumerate(form.columns):
        _column(form, sheet, place, asked, letters, rows)
    _fill(form, sheet, answers or {})
    _codebook(form)
    sheet.activate()
    return form.close()


def _column(
    form: FormBook, sheet: Any, place: int, asked: Asked, letters: Mapping[str, str], rows: int
) -> None:
    default = form.declaration.language
    sheet.write_string(0, place, heading(asked, form.language, default), form.formats["head"])
    sheet.write_string(1, place, asked.variable.id, form.formats["id"])
    notes = [*notes_of(asked.question, form.language, default), takes(asked, form.language)]
    if told := "\n".join(part for part in notes if part):
        sheet.write_comment(0, place, told[:1000], {"x_scale": 2})
    sheet.set_column(place, place, _width(asked), _cell_format(form, asked))
    first, last = FIRST_ROW - 1, FIRST_ROW + rows - 2
    condition = condition_formula(
        form, asked, lambda name: f"${letters[name]}{FIRST_ROW}" if name in letters else None
    )
    validation = form.validation(asked, condition)
    if validation is not None:
        here = f"${letters[asked.variable.id]}{FIRST_ROW}"
        _named(validation, here)
        sheet.data_validation(first, place, last, place, validation)
    if condition:
        sheet.conditional_format(
            first, place, last, place,
            {"type": "formula", "criteria": f"=NOT({condition})", "format": form.formats["grey"]},
        )  # fmt: skip


def _named(validation: dict[str, Any], here: str) -> None:
    for key in ("value", "source"):
        if key in validation:
            validation[key] = validation[key].replace("{cell}", here)


def condition_formula(form: FormBook, asked: Asked, find: Any) -> str | None:
    """When a cell is asked, as a formula; None when always.

    ``find`` gives the reference of a column's cell, or None when the form does not have it.
    """
    condition = form.declaration.condition_of(asked.question.id)
    if condition is None or not _all_here(condition, form):
        return None
    by_question: dict[str, dict[str, Cell]] = {}
    for other in form.columns:
        variable = other.variable
        cell = Cell(find(variable.id), other.labels)
        by_question.setdefault(variable.id, {"": cell})
        if variable.measure is Measure.BINARY:
            ticks = by_question.setdefault(variable.question, {})
            if "" not in ticks:
                ticks[str(variable.item)] = cell
    return formula(condition, lambda name: by_question[name])


def _all_here(condition: Condition, form: FormBook) -> bool:
    known = {asked.variable.id for asked in form.columns}
    known |= {a.variable.question for a in form.columns if a.variable.measure is Measure.BINARY}
    return all(test.question in known for test in tests_in(condition))


def _bounds(asked: Asked) -> list[str]:
    variable = asked.variable
    if variable.measure is Measure.DATE:
        tests = ["ISNUMBER({cell})"]
        for key, sign in (("earliest", ">="), ("latest", "<=")):
            day = getattr(asked.question, key, None)
            if day is not None:
                tests.append(f"{{cell}}{sign}DATE({day.year},{day.month},{day.day})")
        return tests
    if variable.measure not in (Measure.RATIO, Measure.INTERVAL, Measure.WEIGHT):
        return []
    tests = ["ISNUMBER({cell})"]
    if variable.minimum is not None:
        tests.append(f"{{cell}}>={figure(variable.minimum)}")
    if variable.maximum is not None:
        tests.append(f"{{cell}}<={figure(variable.maximum)}")
    if getattr(asked.question, "decimals", None) == 0:
        tests.append("{cell}=INT({cell})")
    return tests


def _code(code: int | str) -> str:
    return str(code) if isinstance(code, int) else '"' + code.replace('"', '""') + '"'


def _cell_format(form: FormBook, asked: Asked) -> Any:
    if asked.variable.measure is Measure.DATE:
        return form.formats["day"]
    numeric = asked.variable.measure in (Measure.RATIO, Measure.INTERVAL, Measure.WEIGHT)
    return form.formats["number" if numeric and not asked.labels else "cell"]


def _width(asked: Asked) -> int:
    longest = max((len(label) for label in asked.labels), default=10)
    if asked.variable.measure is Measure.TEXT:
        longest = 30
    return max(12, min(longest + 2, 34))


def _fill(form: FormBook, sheet: Any, answers: Mapping[str, Sequence[object]]) -> None:
    for place, asked in enumerate(form.columns):
        ticks: dict[object, str] = {code: label for label, code in asked.labels.items()}
        binary = asked.variable.measure is Measure.BINARY
        for row, cell in enumerate(answers.get(asked.variable.id, ()), start=FIRST_ROW - 1):
            write_cell(form, sheet, row, place, ticks.get(cell, cell) if binary else cell)


def write_cell(form: FormBook, sheet: Any, row: int, column: int, cell: object) -> None:
    """Write one answer: numbers as numbers, days as days, texts as texts whatever they say."""
    if cell is None or cell == "":
        return
    if isinstance(cell, bool | str):
        sheet.write_string(row, column, str(cell))
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime.date):
        sheet.write_datetime(row, column, cell, form.formats["day"])
    else:
        sheet.write_string(row, column, str(cell))


def _instructions(form: FormBook) -> None:
    language = form.language
    sheet = form.book.add_worksheet(word("instructions", language))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100, form.formats["wrap"])
    title = text_in(form.declaration.title, language, form.declaration.language)
    sheet.write_string(0, 0, title, form.formats["title"])
    told = [word("fill_rows", language, sheet=word("answers", language))]
    told += [word(name, language) for name in ("fill_lists", "fill_grey", "fill_heads")]
    for row, text in enumerate(told, start=2):
        sheet.write_string(row, 0, f"• {text}", form.formats["wrap"])


def _codebook(form: FormBook) -> None:
    sheet = form.book.add_worksheet(word("codebook", form.language))
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(COLUMNS):
        sheet.write_string(0, place, word(name, form.language), form.formats["head"])
        sheet.set_column(place, place, 40 if name in ("question", "item", "label") else 14)
    for row, cells in enumerate(codebook_rows(form.declaration, form.language), start=1):
        for place, cell in enumerate(cells):
            if cell:
                sheet.write_string(row, place, cell)


def column_letter(place: int) -> str:
    """The letter of a column, counted from 0.

    Examples
    --------
    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
