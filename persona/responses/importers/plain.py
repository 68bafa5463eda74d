"""A plain table: header rows, then one respondent a row."""

from __future__ import annotations

import re
from itertools import pairwise

from persona.questionnaire.cells import normal
from persona.responses.export import SurveyExport
from persona.responses.headers import plain_table
from persona.responses.importers.base import Importer, View, register, unique_names
from persona.responses.survey import SurveyColumn, complete
from persona.responses.table import RawTable

_BRACKETS = re.compile(r"(?P<text>.+?)\s*\[(?P<option>[^\[\]]+)\]\s*", re.DOTALL)
#: Header that pandas gives an index or a column without one.
_PANDAS = re.compile(r"(unnamed: \d+)(_level_\d+)?|level_\d+")


def read_plain(view: View) -> SurveyExport:
    """Any table as an export of no known platform."""
    table = plain_table(view.loaded, view.sheet, view.known, view.header_rows)
    return SurveyExport(
        "table", table, columns_of(table), complete(table.n), problems=table.problems
    )


def columns_of(table: RawTable) -> tuple[SurveyColumn, ...]:
    """Columns by their header rows: question above, item or option below or in brackets."""
    headers = table.filled_header_rows or ((("",) * len(table.letters)),)
    last = [_without_pandas(text) for text in headers[-1]]
    upper = [_without_pandas(text) for text in headers[-2]] if len(headers) > 1 else None
    names = unique_names(
        [low or (upper[number] if upper else "") for number, low in enumerate(last)],
        table.letters,
    )
    columns = []
    for number, name in enumerate(names):
        text, option, parent = last[number], "", None
        if upper is not None and upper[number]:
            text, option = upper[number], last[number]
            shared = sum(other == text for other in upper) > 1
            parent = text if shared else None
            option = option if shared or option != text else ""
        elif match := _BRACKETS.fullmatch(last[number]):
            text, option = match["text"], match["option"]
            parent = text
        columns.append(
            SurveyColumn(
                name,
                number,
                text=text,
                option=option,
                parent=parent,
                system=_is_index(table, number, last[number]),
            )
        )
    return tuple(columns)


def _without_pandas(text: str) -> str:
    return "" if _PANDAS.fullmatch(normal(text)) else text


def _is_index(table: RawTable, number: int, header: str) -> bool:
    """A first column without header that counts the rows, as pandas and R write it."""
    if number or header:
        return False
    cells = table.column(0)
    try:
        counted = [int(cell) for cell in cells]
    except (TypeError, ValueError):
        return False
    return len(counted) > 1 and all(after - before == 1 for before, after in pairwise(counted))


PLAIN = register(Importer("table", "a plain table", lambda view: True, read_plain))
