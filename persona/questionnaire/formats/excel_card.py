"""The Excel form for one customer, to fill in by hand: one question a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from persona.errors import Problem, QuestionnaireError, error
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats.asked import Asked, heading, notes_of, takes
from persona.questionnaire.formats.excel_form import FormBook, condition_formula, write_cell
from persona.questionnaire.formats.words import word
from persona.questionnaire.texts import text_in
from persona.questionnaire.variables import Measure

_NUMBER, _TEXT, _ANSWER, _NOTE, _ID = range(5)
_LETTERS_OF_TEXT, _LETTERS_OF_NOTE = 62, 40


def write_card(
    declaration: Declaration,
    path: Path,
    *,
    language: str | None = None,
    answers: Mapping[str, object] | None = None,
) -> tuple[Problem, ...]:
    """Write the form for one customer.

    Parameters
    ----------
    declaration : Declaration
    path : Path
        Ends in ``.xlsx``.
    language : str, optional
    answers : mapping of variable to cell, optional
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
    sheet = form.book.add_worksheet(word("card", form.language))
    _head(form, sheet)
    rows = _places(form)
    heads: set[str] = set()
    for number, asked in enumerate(form.columns, start=1):
        row = rows[asked.variable.id]
        if asked.section.id not in heads:
            heads.add(asked.section.id)
            title = text_in(asked.section.title, form.language, declaration.language)
            above = row - 1 - (_of_several(form, asked))
            for column in range(_ID + 1):
                sheet.write_string(above, column, "" if column else title or asked.section.id,
                                   form.formats["section"])  # fmt: skip
        if _of_several(form, asked) and f"q {asked.question.id}" not in heads:
            heads.add(f"q {asked.question.id}")
            _question_head(form, sheet, row - 1, asked)
        _line(form, sheet, row, number, asked, rows)
        if answers and asked.variable.id in answers:
            cell = answers[asked.variable.id]
            ticks: dict[object, str] = {code: label for label, code in asked.labels.items()}
            binary = asked.variable.measure is Measure.BINARY
            write_cell(form, sheet, row, _ANSWER, ticks.get(cell, cell) if binary else cell)
    sheet.activate()
    return form.close()


def _head(form: FormBook, sheet: Any) -> None:
    language = form.language
    sheet.hide_gridlines(2)
    for column, width in ((_NUMBER, 5), (_TEXT, 62), (_ANSWER, 36), (_NOTE, 40), (_ID, 14)):
        sheet.set_column(column, column, width)
    title = text_in(form.declaration.title, language, form.declaration.language)
    sheet.write_string(0, 0, title, form.formats["title"])
    sheet.write_string(1, 0, word("fill_card", language))
    sheet.write_string(2, 0, word("fill_grey", language))
    for column, name in ((_TEXT, "question"), (_ANSWER, "answer"), (_NOTE, "help"), (_ID, "id")):
        sheet.write_string(3, column, word(name, language), form.formats["head"])
    sheet.freeze_panes(4, 0)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)


def _of_several(form: FormBook, asked: Asked) -> bool:
    """Whether the column is one of several of its question, below a line with its text."""
    return sum(other.question is asked.question for other in form.columns) > 1


def _places(form: FormBook) -> Mapping[str, int]:
    """The row of each column, counted from 0, with lines for sections and batteries between."""
    rows: dict[str, int] = {}
    row, seen = 4, set[str]()
    for asked in form.columns:
        for head, wanted in ((f"s {asked.section.id}", True),
                             (f"q {asked.question.id}", _of_several(form, asked))):  # fmt: skip
            if wanted and head not in seen:
                seen.add(head)
                row += 1
        rows[asked.variable.id] = row
        row += 1
    return rows


def _question_head(form: FormBook, sheet: Any, row: int, asked: Asked) -> None:
    default = form.declaration.language
    text = text_in(asked.question.text, form.language, default)
    notes = "\n".join(notes_of(asked.question, form.language, default))
    sheet.write_string(row, _TEXT, text, form.formats["battery"])
    sheet.write_string(row, _NOTE, notes, form.formats["wrap"])
    sheet.set_row(row, _height(text, notes))


def _height(text: str, note: str) -> float:
    """Points that wrapped text needs; files made by program do not grow their rows themselves."""
    lines = max(1, -(-len(text) // _LETTERS_OF_TEXT))
    told = sum(max(1, -(-len(line) // _LETTERS_OF_NOTE)) for line in note.split("\n"))
    return 15.0 * max(lines, told)


def _line(
    form: FormBook, sheet: Any, row: int, number: int, asked: Asked, rows: Mapping[str, int]
) -> None:
    default = form.declaration.language
    several = _of_several(form, asked)
    sheet.write_number(row, _NUMBER, number, form.formats["id"])
    text = heading(asked, form.language, default)
    if several:
        text = text_in(asked.variable.text, form.language, default) or text
    sheet.write_string(row, _TEXT, text, form.formats["item" if several else "wrap"])
    if asked.variable.measure is Measure.DATE:
        sheet.write_blank(row, _ANSWER, None, form.formats["day"])
    else:
        sheet.write_blank(row, _ANSWER, None, form.formats["open"])
    notes = [] if several else [*notes_of(asked.question, form.language, default)]
    note = "\n".join(filter(None, [*notes, takes(asked, form.language)]))
    sheet.write_string(row, _NOTE, note, form.formats["wrap"])
    sheet.write_string(row, _ID, asked.variable.id, form.formats["id"])
    sheet.set_row(row, _height(text, note))
    condition = condition_formula(
        form, asked, lambda name: f"$C${rows[name] + 1}" if name in rows else None
    )
    validation = form.validation(asked, condition)
    if validation is not None:
        for key in ("value", "source"):
            if key in validation:
                validation[key] = validation[key].replace("{cell}", f"$C${row + 1}")
        sheet.data_validation(row, _ANSWER, row, _ANSWER, validation)
    if condition:
        sheet.conditional_format(
            row, _NUMBER, row, _NOTE,
            {"type": "formula", "criteria": f"=NOT({condition})", "format": form.formats["grey"]},
        )  # fmt: skip


def read_cards(paths: Sequence[Path], declaration: Declaration) -> Mapping[str, tuple[object, ...]]:
    """The cells of filled cards as columns: one respondent a file, in the order of the paths.

    Raises
    ------
    QuestionnaireError
        When a file is no card of this questionnaire.
    """
    known = {variable.id for variable in declaration.variables}
    for question in declaration.questions:
        known |= set(getattr(question, "flags", dict)())
    found = [_card(path, known) for path in paths]
    names = dict.fromkeys(name for card in found for name in card)
    return {name: tuple(card.get(name, "") for card in found) for name in names}


def _card(path: Path, known: set[str]) -> Mapping[str, object]:
    from persona.questionnaire.formats.sheets import read_cells

    sheet = next(iter(read_cells(path).values()), [])
    cells = {
        str(row[_ID]): row[_ANSWER]
        for row in sheet[4:]
        if len(row) > _ID and str(row[_ID]) in known
    }
    if not cells:
        raise QuestionnaireError(
            error(
                "card.unknown",
                "The file is no card of this questionnaire: column E holds none of its ids.",
                file=str(path),
                remedy="Write a new card with: persona form QUESTIONNAIRE --layout card",
            )
        )
    return cells
