"""Simulated answers as a spreadsheet, the way survey tools hand them out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from persona.questionnaire.labels import label_of
from persona.questionnaire.model import Question, Questionnaire
from persona.questionnaire.texts import text_in
from persona.questionnaire.types.multiple import Multiple
from persona.questionnaire.variables import Measure, Variable

Headers = Literal["id", "text"]
CellsAs = Literal["code", "label"]
_CREATED = datetime.datetime(2025, 1, 1)
_WIDEST = 40


def spoken_by(language: str | Sequence[str] | None, n: int, default: str) -> Sequence[str]:
    """The language of each of n respondents."""
    if language is None or isinstance(language, str):
        return [language or default] * n
    return language


def table(
    questionnaire: Questionnaire,
    answers: pd.DataFrame,
    *,
    headers: Headers = "id",
    cells: CellsAs = "code",
    language: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Answers with the headers and labels of a survey tool's export.

    Parameters
    ----------
    questionnaire : Questionnaire
    answers : DataFrame, one column a variable, codes as cells
    headers : "id" or "text"
        ``text`` heads each column by the question as asked, items in square brackets.
    cells : "code" or "label"
        ``label`` writes closed answers as read; the chosen options of a multiple question stand
        in one cell, separated by semicolons.
    language : str or one a respondent, optional
        Of the labels; headers take the first that is given, else the questionnaire's first.

    Returns
    -------
    DataFrame with one row a respondent

    Examples
    --------
    >>> from persona.questionnaire.model import Questionnaire
    >>> questionnaire = Questionnaire.load("customer_b2c")
    >>> answers = pd.DataFrame({"sex": [1, 2]})
    >>> table(questionnaire, answers, cells="label", language="pl")["sex"].tolist()
    ['kobieta', 'mężczyzna']
    """
    default = questionnaire.language
    spoken = spoken_by(language, len(answers), default)
    heading = language if isinstance(language, str) else default
    columns: dict[str, list[object]] = {}
    for question in questionnaire.questions:
        for name, values in _columns(questionnaire, question, answers, cells, spoken).items():
            head = _header(questionnaire, question, name, heading) if headers == "text" else name
            columns[head if head not in columns else f"{head} ({name})"] = values
    return pd.DataFrame(columns, index=answers.index, dtype=object)


def _columns(
    questionnaire: Questionnaire,
    question: Question,
    answers: pd.DataFrame,
    cells: CellsAs,
    spoken: Sequence[str],
) -> Mapping[str, list[object]]:
    variables = [v for v in questionnaire.variables_of(question.id) if v.id in answers.columns]
    given = {v.id: answers[v.id].tolist() for v in variables}
    if cells == "code":
        return given
    if isinstance(question, Multiple):
        ticks = [v for v in variables if v.measure is Measure.BINARY]
        texts = {v.id: given[v.id] for v in variables if v.measure is Measure.TEXT}
        return ({question.id: _joined(ticks, given, spoken)} if ticks else {}) | texts
    return {
        v.id: [
            _label(cell, v, language) for cell, language in zip(given[v.id], spoken, strict=True)
        ]
        for v in variables
    }


def _label(cell: object, variable: Variable, language: str) -> object:
    if cell is None:
        return None
    label = label_of(cell, variable.categories, variable.missing, language)
    # the points of a scale of bare numbers stay numbers
    return cell if label == str(cell) else label


def _joined(
    ticks: Sequence[Variable], given: Mapping[str, list[object]], spoken: Sequence[str]
) -> list[object]:
    rows: list[object] = []
    for row, language in enumerate(spoken):
        chosen = [text_in(v.text, language) for v in ticks if given[v.id][row] == 1]
        rows.append("; ".join(chosen) or None)
    return rows


def _header(questionnaire: Questionnaire, question: Question, name: str, language: str) -> str:
    asked = text_in(question.text, language) or name
    if name == question.id:
        return asked
    variable = questionnaire.variable(name)
    item = text_in(variable.text, language)
    if item and variable.optional:
        return f"{asked} [{item} - other]"
    return f"{asked} [{item}]" if item and item != asked else name


def write_table(frame: pd.DataFrame, path: str | Path, *, sheet: str = "Answers") -> None:
    """A frame as an Excel workbook; the same frame gives the same bytes.

    Parameters
    ----------
    frame : DataFrame
        Cells are numbers, texts, days, or None for empty.
    path : path
        Ends in ``.xlsx``; a file that stands there is replaced.
    sheet : str
        Name of the only sheet.
    """
    import xlsxwriter

    plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), plain) as book:
        book.set_properties({"created": _CREATED})
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.freeze_panes(1, 1)
        for column, head in enumerate(frame.columns):
            page.write_string(0, column, str(head), bold)
            page.set_column(column, column, min(max(10, len(str(head)) / 2), _WIDEST))
            for row, cell in enumerate(frame.iloc[:, column].tolist(), start=1):
                if cell is None or cell != cell:
                    continue
                if isinstance(cell, datetime.date):
                    page.write_datetime(row, column, cell, day)
                elif isinstance(cell, str):
                    page.write_string(row, column, cell)
                else:
                    page.write_number(row, column, cell)
