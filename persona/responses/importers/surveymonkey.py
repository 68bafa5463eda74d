"""SurveyMonkey: question above, option or "Response" below; flattened as "Question - Option"."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from persona.questionnaire.cells import normal
from persona.responses.export import SurveyExport
from persona.responses.importers.base import Importer, View, register, unique_names
from persona.responses.importers.profile import names
from persona.responses.survey import PARTIAL, SurveyColumn, complete
from persona.responses.table import RawTable, make_table

_SYSTEM = names(
    "Respondent ID",
    "RespondentID",
    "Collector ID",
    "CollectorID",
    "Start Date",
    "StartDate",
    "End Date",
    "EndDate",
    "IP Address",
    "Email Address",
    "First Name",
    "Last Name",
    "Custom Data 1",
    "CustomData",
)
_PLAIN = names("Response", "Odpowiedź", "Antwort", "Ответ")
_OPEN = names("Open-Ended Response", "Odpowiedź otwarta", "Offene Antwort")
_OTHER = re.compile(r"other \(?please specify\)?|inne \(.*\)|sonstiges \(.*\)", re.IGNORECASE)
_PANDAS = re.compile(r"unnamed: \d+(_level_\d+)?", re.IGNORECASE)


def _recognises(view: View) -> bool:
    row = view.row(0)
    if row and normal(row[0]) in names("Respondent ID", "RespondentID"):
        return True
    if normal("Collector ID") in view.heads or normal("CollectorID") in view.heads:
        return True
    return sum(normal(text) in _PLAIN for text in view.row(1)) >= 2


def _read(view: View) -> SurveyExport:
    two = not _first_column_filled(view)
    rows = (0, 1) if two else (0,)
    table = make_table(view.loaded, view.sheet, rows, len(rows))
    columns = _columns_below(table) if two else _columns_flat(table)
    return SurveyExport(
        "surveymonkey", table, columns, _states(table, columns), problems=table.problems
    )


def _first_column_filled(view: View) -> bool:
    """The second row is a respondent when it has an id."""
    second = view.row(1)
    return bool(second and re.fullmatch(r"\d{5,}(\.0)?", second[0]))


def _columns_below(table: RawTable) -> tuple[SurveyColumn, ...]:
    upper = [("" if _PANDAS.fullmatch(text) else text) for text in table.header_rows[0]]
    lower = [("" if _PANDAS.fullmatch(text) else text) for text in table.header_rows[1]]
    questions: list[str] = []
    for text, below in zip(upper, lower, strict=True):
        questions.append(text or (questions[-1] if questions and below else ""))
    shared = Counter(
        question
        for question, below in zip(questions, lower, strict=True)
        if normal(below) not in _PLAIN | _OPEN
    )
    unique = unique_names(
        [
            question if normal(below) in _PLAIN | _OPEN or not below else f"{question} - {below}"
            for question, below in zip(questions, lower, strict=True)
        ],
        table.letters,
    )
    return tuple(
        _column(unique[number], number, question, lower[number], shared[question])
        for number, question in enumerate(questions)
    )


def _column(name: str, number: int, question: str, below: str, shared: int) -> SurveyColumn:
    plain = normal(below) in _PLAIN | _OPEN or not below
    return SurveyColumn(
        name,
        number,
        text=question,
        option="" if plain else below,
        parent=question if not plain and shared > 1 else None,
        form="other" if _OTHER.fullmatch(below) else None,
        system=normal(question) in _SYSTEM,
    )


def _columns_flat(table: RawTable) -> tuple[SurveyColumn, ...]:
    headers = table.header_rows[0]
    cut = [header.rpartition(" - ") for header in headers]
    stems = Counter(stem for stem, _, _ in cut if stem)
    unique = unique_names(headers, table.letters)
    columns = []
    for number, header in enumerate(headers):
        stem, _, option = cut[number]
        whole = header in stems
        splits = bool(stem) and (stems[stem] > 1 or stem in headers or bool(_OTHER.match(option)))
        columns.append(
            SurveyColumn(
                unique[number],
                number,
                text=stem if splits and not whole else header,
                option=option if splits and not whole else "",
                parent=stem if splits and stems[stem] > 1 else None,
                form="other" if splits and _OTHER.fullmatch(option) else None,
                system=normal(header) in _SYSTEM,
            )
        )
    return tuple(columns)


def _states(table: RawTable, columns: tuple[SurveyColumn, ...]) -> NDArray[np.str_]:
    """Partial when the last third of the questions is empty though the first is answered."""
    asked = [column.number for column in columns if not column.system]
    states = complete(table.n)
    if len(asked) >= 6:
        third = len(asked) // 3
        tail = table.empty[asked[-third:]].all(axis=0)
        head = ~table.empty[asked[:third]].all(axis=0)
        states[tail & head] = PARTIAL
    return states


SURVEYMONKEY = register(Importer("surveymonkey", "SurveyMonkey", _recognises, _read))
