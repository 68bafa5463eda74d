"""The bytes of a list: CSV, workbook, lines of JSON or requests, in parts that are not too long."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from persona.audiences.cells import Cell, Filled, needs_apostrophe, written_text
from persona.audiences.profile import MOST_EXCEL_ROWS, FileForm, Profile

_CREATED = dt.datetime(2000, 1, 1)
_CODECS = {"windows-1251": "cp1251", "utf-8": "utf-8"}


def write_list(
    profile: Profile, filled: Sequence[Filled], people: Sequence[int], encoding: str
) -> tuple[tuple[bytes, int], ...]:
    """The files of one list, each with how many people stand in it.

    Parts are as equal as can be, so that none falls below what a destination takes at least.

    Parameters
    ----------
    profile : Profile
    filled : sequence of Filled
        Columns, then properties.
    people : sequence of int
        Who is written, in this order.
    encoding : str
    """
    form = profile.file
    assert form is not None
    most = profile.limits.most_rows or len(people)
    if form.format == "xlsx":
        most = min(most, MOST_EXCEL_ROWS)
    parts = max(1, math.ceil(len(people) / max(most, 1)))
    while True:
        cut = [
            people[len(people) * n // parts : len(people) * (n + 1) // parts] for n in range(parts)
        ]
        contents = [_content(profile, form, filled, part, encoding) for part in cut]
        largest = profile.limits.most_bytes
        if largest is None or parts >= len(people) or max(map(len, contents)) <= largest:
            return tuple(zip(contents, map(len, cut), strict=True))
        parts += 1


def _content(
    profile: Profile,
    form: FileForm,
    filled: Sequence[Filled],
    people: Sequence[int],
    encoding: str,
) -> bytes:
    if form.format == "jsonl":
        lines = [json_line(filled, person) + "\n" for person in people]
        return "".join(lines).encode("utf-8")
    if form.format == "requests":
        asked = [_query(form, filled, person) for person in people]
        return (json.dumps({"requests": asked}, ensure_ascii=False, indent=1) + "\n").encode()
    header, rows = _table(profile, filled, people)
    if form.format == "xlsx":
        return _workbook(form, header, rows)
    return _csv(profile, form, header, rows, encoding)


Row = tuple[tuple[Filled, Cell], ...]


def _table(
    profile: Profile, filled: Sequence[Filled], people: Sequence[int]
) -> tuple[list[str], list[Row]]:
    """Header and rows; in the long layout one row a person and property."""
    if profile.long is None:
        wide: list[Row] = [
            tuple((part, part.cells[person]) for part in filled) for person in people
        ]
        return [part.name for part in filled], wide
    own = {column.name for column in profile.properties}
    fixed = [part for part in filled if part.column.name not in own]
    asked = [part for part in filled if part.column.name in own]
    rows: list[Row] = [
        (
            *((part, part.cells[person]) for part in fixed),
            (fixed[0], one.name),
            (one, one.cells[person]),
        )
        for person in people
        for one in asked
        if one.cells[person] is not None
    ]
    return [*(part.name for part in fixed), profile.long.key, profile.long.value], rows


def _csv(
    profile: Profile, form: FileForm, header: list[str], rows: list[Row], encoding: str
) -> bytes:
    target = io.StringIO()
    end = "\r\n" if form.line_end == "crlf" else "\n"
    writer = csv.writer(target, delimiter=form.delimiter, lineterminator=end)
    if form.header:
        writer.writerow(header)
    for row in rows:
        writer.writerow([_csv_cell(part, cell, profile, form) for part, cell in row])
    mark = "\ufeff" if form.byte_order_mark and encoding == "utf-8" else ""
    return (mark + target.getvalue()).encode(_CODECS[encoding])


def _csv_cell(part: Filled, cell: Cell, profile: Profile, form: FileForm) -> str:
    text = written_text(cell, part.column, form)
    return f"'{text}" if needs_apostrophe(part.column, cell, profile, form) else text


def _workbook(form: FileForm, header: list[str], rows: list[Row]) -> bytes:
    """A workbook whose texts are texts by type, so that no cell is ever a formula."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": _CREATED})
    bold = book.add_format({"bold": True})
    as_text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(form.sheet)
    sheet.freeze_panes(1 if form.header else 0, 0)
    sheet.set_column(0, max(len(header) - 1, 0), 22)
    first = 0
    if form.header:
        for number, name in enumerate(header):
            sheet.write_string(0, number, name, bold)
        first = 1
    for row, cells in enumerate(rows, first):
        for number, (part, cell) in enumerate(cells):
            _cell(sheet, row, number, part, cell, form, as_text)
    book.close()
    return target.getvalue()


def _cell(
    sheet: Any, row: int, column: int, part: Filled, cell: Cell, form: FileForm, as_text: Any
) -> None:
    if cell is None:
        return
    figure = isinstance(cell, int | float) and not isinstance(cell, bool)
    if figure and not form.texts:
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, written_text(cell, part.column, form), as_text)


def json_line(filled: Sequence[Filled], person: int) -> str:
    """One JSON object: paths with points nested, empty cells left out."""
    made: dict[str, Any] = {}
    for part in filled:
        cell = part.cells[person]
        if cell is None:
            continue
        *path, name = part.name.split(".")
        inner = made
        for step in path:
            inner = inner.setdefault(step, {})
        inner[name] = cell
    return json.dumps(made, ensure_ascii=False, allow_nan=False)


def _query(form: FileForm, filled: Sequence[Filled], person: int) -> str:
    pairs = [
        (part.name, written_text(part.cells[person], part.column, form))
        for part in filled
        if part.cells[person] is not None
    ]
    return f"?{urlencode(pairs)}"
