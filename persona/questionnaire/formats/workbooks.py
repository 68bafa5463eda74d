"""New workbooks of plain tables: text stays text, and the same bytes come out twice."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from persona.errors import OutputError, error

CREATED = datetime.datetime(2000, 1, 1)
"""Creation date in the properties, the same always, so that equal content is equal bytes."""


def open_workbook(path: Path) -> Any:
    """A new workbook that writes texts as texts, whatever they start with."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"created": CREATED, "author": "persona"})
    return book


def close_workbook(book: Any, path: Path) -> None:
    """Write the file.

    Raises
    ------
    OutputError
        When the folder is missing or read-only, or the file is open elsewhere.
    """
    from xlsxwriter.exceptions import FileCreateError

    try:
        book.close()
    except FileCreateError as trouble:
        raise OutputError(
            error(
                "output.workbook",
                "The workbook cannot be written: {why}.",
                file=str(path),
                remedy="Close it if it is open elsewhere, or choose another place.",
                values={"why": str(trouble.args[0] if trouble.args else trouble)},
            )
        ) from None


def write_tables(
    path: Path, tables: Mapping[str, tuple[Sequence[str], Iterable[Mapping[str, str]]]]
) -> None:
    """Write sheets of texts, each with one header row, empty columns left out."""
    book = open_workbook(path)
    head = book.add_format({"bold": True, "bottom": 1})
    for name, (columns, rows) in tables.items():
        kept = list(rows)
        used = [column for column in columns if any(row.get(column) for row in kept)]
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(used):
            sheet.write_string(0, place, column, head)
            longest = max((len(row.get(column, "")) for row in kept), default=0)
            sheet.set_column(place, place, min(max(longest, len(column)) + 2, 60))
        for number, row in enumerate(kept, start=1):
            for place, column in enumerate(used):
                if row.get(column):
                    sheet.write_string(number, place, row[column])
    close_workbook(book, path)
