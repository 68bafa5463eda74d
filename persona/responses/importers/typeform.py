"""Typeform: options stand as headers of their own, after the question or alone."""

from __future__ import annotations

from persona.questionnaire.cells import normal
from persona.responses.cells import is_blank, shown
from persona.responses.export import SurveyExport
from persona.responses.importers.base import Importer, View, register, unique_names
from persona.responses.importers.profile import Profile, names, profile_states
from persona.responses.survey import SurveyColumn
from persona.responses.table import RawTable, make_table

_SYSTEM = names(
    "#",
    "Start Date (UTC)",
    "Submit Date (UTC)",
    "Stage Date (UTC)",
    "Network ID",
    "Response Type",
    "Tags",
    "Ending",
)
_STATES = Profile(
    "typeform",
    "Typeform",
    states={"response type": {"completed": "complete", "partial": "partial"}},
)


def _recognises(view: View) -> bool:
    heads = view.heads | {normal(text) for text in view.row(1)}
    if heads & names("Network ID", "Submit Date (UTC)"):
        return True
    return "#" in (view.row(0)[:1] + view.row(1)[:1])


def _read(view: View) -> SurveyExport:
    row = next((n for n in (0, 1) if {normal(text) for text in view.row(n)} & _SYSTEM), 0)
    rows = tuple(range(row + 1))
    table = make_table(view.loaded, view.sheet, rows, row + 1)
    columns = _columns(table)
    return SurveyExport(
        "typeform", table, columns, profile_states(_STATES, table), problems=table.problems
    )


def _columns(table: RawTable) -> tuple[SurveyColumn, ...]:
    headers = table.header_rows[-1]
    above = table.header_rows[0] if len(table.header_rows) > 1 else ("",) * len(headers)
    unique = unique_names(headers, table.letters)
    own = [_holds_own_header(table, number) for number in range(len(headers))]
    columns: list[SurveyColumn] = []
    parent: str | None = None
    question = ""
    for number, header in enumerate(headers):
        other = normal(header) == "other"
        if above[number]:
            question, parent = above[number], above[number]
        elif own[number] and (parent is None or above[number]):
            question, parent = "", f"options_{table.letters[number]}"
        elif not own[number] and not (other and parent):
            question, parent = "", None
        belongs = parent is not None and (own[number] or other)
        columns.append(
            SurveyColumn(
                unique[number],
                number,
                text=question if belongs else header,
                option=header if belongs else "",
                parent=parent if belongs else None,
                form="other" if belongs and other else None,
                system=normal(header) in _SYSTEM,
            )
        )
        if other or not belongs:
            parent = None
    return tuple(columns)


def _holds_own_header(table: RawTable, number: int) -> bool:
    """A column whose cells repeat its header, or are empty, is one option of several."""
    values, _ = table.distinct(number)
    filled = [normal(shown(value)) for value in values if not is_blank(value)]
    header = normal(table.header_rows[-1][number])
    return bool(header) and filled == [header]


TYPEFORM = register(Importer("typeform", "Typeform", _recognises, _read))
