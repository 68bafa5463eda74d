"""What every Excel file of persona shares: text stays text, formats, links, the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from persona.report.theme import Theme

LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SHEET_SIGNS = re.compile(r"[\[\]:*?/\\']")


@dataclass
class Book:
    """A workbook being written, with the formats asked for so far."""

    theme: Theme
    date: dt.date | None = None
    target: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        import xlsxwriter

        self.book: Any = xlsxwriter.Workbook(
            self.target,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": True,
            },
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()

    def properties(self, title: str, subject: str) -> None:
        """What the file says of itself; its date is the study's, never today."""
        moment = dt.datetime.combine(self.date or dt.date(2000, 1, 1), dt.time())
        self.book.set_properties(
            {"title": title[:255], "subject": subject, "author": "persona", "created": moment}
        )

    def format(self, **options: Any) -> Any:
        """A cell format; the same options give the same object."""
        options = {"font_name": self.theme.office, "font_size": 10, "valign": "top", **options}
        key = tuple(sorted(options.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(options)
        return self._formats[key]

    def sheet(self, name: str, kind: type | None = None) -> Any:
        """A new sheet; its name made legal and single. ``kind`` is a class of XlsxWriter's."""
        base = _SHEET_SIGNS.sub(" ", name).strip()[:31] or "Sheet"
        legal, number = base, 2
        while legal.casefold() in self._names:
            legal = f"{base[:27]} {number}"
            number += 1
        self._names.add(legal.casefold())
        made = self.book.add_worksheet(legal, kind)
        made.hide_gridlines(2)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        return made

    def finished(self) -> bytes:
        """The bytes of the workbook."""
        from persona.report.archive import steady

        self.book.close()
        moment = (self.date or dt.date(2000, 1, 1)).isoformat() + "T00:00:00Z"
        return steady(self.target.getvalue(), moment)


def write_text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    """A text as text, whatever it begins with; too long ones are cut visibly."""
    text = _CONTROL.sub("", text)
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - 2] + " …"
    if text:
        sheet.write_string(row, column, text, style)
    else:
        sheet.write_blank(row, column, None, style)


def link(sheet: Any, row: int, column: int, target: str, place: str, text: str, style: Any) -> None:
    """A link to a cell of another sheet."""
    text = _CONTROL.sub("", text)[:250]
    sheet.write_url(row, column, f"internal:'{target}'!{place}", style, text)


def row_height(sheet: Any, row: int, *cells: tuple[str, float]) -> None:
    """A row as high as its longest text needs; ``cells`` are texts with their widths."""
    lines = max(
        (sum(max(1, ceil(len(line) * 1.05 / width)) for line in text.split("\n")))
        for text, width in cells
    )
    if lines > 1:
        sheet.set_row(row, min(14.5 * lines + 2, 400))


def widths(sheet: Any, columns: Mapping[int, float]) -> None:
    """Widths of columns in characters."""
    for column, width in columns.items():
        sheet.set_column(column, column, width)
