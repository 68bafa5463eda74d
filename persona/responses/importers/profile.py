"""Platforms that can be told in data: what their headers look like and which columns are theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from persona.questionnaire.cells import normal
from persona.responses.cells import is_blank, shown
from persona.responses.export import SurveyExport
from persona.responses.headers import plain_table
from persona.responses.importers.base import Importer, View, register, unique_names
from persona.responses.survey import PARTIAL, TEST, SurveyColumn, complete
from persona.responses.table import RawTable, make_table


@dataclass(frozen=True)
class Profile:
    """A platform with one header row.

    Parameters
    ----------
    name, title : str
    marks : tuple of sets of str
        Headers, folded; a sheet with all of one set is recognised.
    first : set of str
        Folded texts of the first header that are enough alone.
    cells : str, optional
        Pattern of the first cells of the first column where the header row was removed.
    sheets : str, optional
        Pattern of the sheet's name that is enough alone.
    headers : tuple of str
        Patterns of a whole header with groups ``text``, ``option``, ``code``, ``item``; the
        first that fits is taken.
    system : set of str
        Folded headers that the platform writes.
    system_patterns : str
        Pattern of further such headers.
    states : mapping of folded header to {folded cell: state}
        "complete", "partial" or "test"; None as cell stands for an empty one.
    missing : mapping of cell to meaning
        Codes that mean no answer throughout.
    other : set of str
        Folded options that stand for words beside the options.
    """

    name: str
    title: str
    marks: tuple[frozenset[str], ...] = ()
    first: frozenset[str] = frozenset()
    cells: str | None = None
    sheets: str | None = None
    headers: tuple[str, ...] = ()
    system: frozenset[str] = frozenset()
    system_patterns: str | None = None
    states: Mapping[str, Mapping[str | None, str]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    other: frozenset[str] = frozenset()


def names(*texts: str) -> frozenset[str]:
    """Texts folded as headers are compared."""
    return frozenset(normal(text) for text in texts)


def register_profile(profile: Profile) -> Importer:
    """Add a platform that a profile describes."""
    return register(
        Importer(
            profile.name,
            profile.title,
            lambda view: recognised(profile, view),
            lambda view: read_profile(profile, view),
        )
    )


def recognised(profile: Profile, view: View) -> bool:
    """Whether a sheet bears the marks of the platform."""
    row = view.row(0)
    if profile.sheets and re.fullmatch(profile.sheets, view.sheet.name):
        return True
    if row and normal(row[0]) in profile.first:
        return True
    if _headless(profile, view):
        return True
    return any(marks <= view.heads for marks in profile.marks)


def _headless(profile: Profile, view: View) -> bool:
    """Whether answers of the platform begin in the first row, without any header."""
    if profile.cells is None or view.header_rows is not None:
        return False
    first = [row[0] for row in view.top if row]
    return len(first) > 1 and all(re.fullmatch(profile.cells, cell) for cell in first)


def read_profile(profile: Profile, view: View) -> SurveyExport:
    """The export of a sheet whose first row is the header, or was removed."""
    table = (
        make_table(view.loaded, view.sheet, (0,), 1)
        if view.header_rows is None and not _headless(profile, view)
        else plain_table(view.loaded, view.sheet, rows=view.header_rows)
    )
    columns = profile_columns(profile, table)
    return SurveyExport(
        profile.name, table, columns, profile_states(profile, table), problems=table.problems
    )


def profile_columns(profile: Profile, table: RawTable) -> tuple[SurveyColumn, ...]:
    """The columns with question and option taken from their headers."""
    headers = _headers(table)
    patterns = [re.compile(pattern, re.DOTALL) for pattern in profile.headers]
    unique = unique_names(headers, table.letters)
    columns = []
    for number, header in enumerate(headers):
        folded = normal(header)
        system = folded in profile.system or bool(
            profile.system_patterns and re.fullmatch(profile.system_patterns, header)
        )
        system = system or (number == 0 and not table.header_rows)
        found = next((m for m in (p.fullmatch(header) for p in patterns) if m), None)
        parts = found.groupdict() if found and not system else {}
        code, item = parts.get("code") or "", parts.get("item") or ""
        text = (parts.get("text") or "").strip() or (header if not found else "")
        option = (parts.get("option") or "").strip() or item
        parent = (code or text or None) if item or parts.get("option") else None
        columns.append(
            SurveyColumn(
                unique[number],
                number,
                text=text,
                option=option,
                parent=parent,
                form="other" if normal(option) in profile.other else None,
                missing=dict(profile.missing),
                names=tuple(
                    name
                    for name in (f"{code}_{item}" if item else code, item if code else "")
                    if name
                ),
                system=system or _is_row_number(table, number, header),
            )
        )
    return tuple(columns)


def _headers(table: RawTable) -> tuple[str, ...]:
    return table.header_rows[-1] if table.header_rows else ("",) * len(table.letters)


def _is_row_number(table: RawTable, number: int, header: str) -> bool:
    if number or header:
        return False
    cells = [shown(cell) for cell in table.column(0)]
    return all(cell.isdigit() for cell in cells) and len(set(cells)) == len(cells)


def profile_states(profile: Profile, table: RawTable) -> NDArray[np.str_]:
    """Complete, partial or test, by the columns that tell; a test remains one."""
    states = complete(table.n)
    for number, header in enumerate(_headers(table)):
        meaning = profile.states.get(normal(header))
        if meaning is None:
            continue
        values, positions = table.distinct(number)
        told = np.array([_state(value, meaning) for value in values], dtype="<U8")[positions]
        states = np.where((told == "") | (states == TEST), states, told)
    return states


def _state(value: object, meaning: Mapping[str | None, str]) -> str:
    if is_blank(value):
        return meaning.get(None, "")
    return meaning.get(normal(shown(value)), "")


NOT_SUBMITTED: Mapping[str | None, str] = {None: PARTIAL}
