"""Sheets that a user edits and brings back: hidden keys, locked and yellow cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from persona.report.locale import Language
from persona.report.sections.base import Context
from persona.report.sheets import Book, row_height, widths, write_text

FIRST_ROW = 4
"""Row (0-based) of the first line; the keys of the columns stand in row 0, hidden."""
YELLOW = "#fff8dc"


def by_language(
    key: str, title: str, languages: tuple[Language, ...], width: int
) -> list[tuple[str, str, int]]:
    """A column a language, the language in its head when there are several."""
    if len(languages) == 1:
        return [(f"{key}:{languages[0].code}", title, width)]
    return [(f"{key}:{one.code}", f"{title} ({one.name})", width) for one in languages]


def locked(book: Book) -> dict[str, Any]:
    """How a cell looks that is not to be edited."""
    colours = book.theme.colours
    return {
        "locked": True,
        "bg_color": colours["wash"],
        "bottom": 1,
        "bottom_color": colours["line"],
    }


def heads(
    book: Book,
    sheet: Any,
    context: Context,
    title: str,
    fixed: list[tuple[str, str, int]],
    edited: list[tuple[str, str, int]],
) -> None:
    """Keys in a hidden row, then title, advice and the heads that a user reads."""
    columns = [*fixed, *edited]
    for column, (key, text, width) in enumerate(columns):
        write_text(sheet, 0, column, key, book.format())
        head = book.format(bold=True, text_wrap=True, bottom=2, valign="bottom")
        write_text(sheet, FIRST_ROW - 1, column, text, head)
        widths(sheet, {column: width})
    row_height(sheet, FIRST_ROW - 1, *((text, width * 0.85) for _, text, width in columns))
    sheet.set_row(0, None, None, {"hidden": True})
    write_text(sheet, 1, 0, title, book.format(bold=True, font_size=14))
    sheet.set_row(1, 22)
    advice = context.language.gettext("Yellow cells may be edited.")
    muted = book.format(font_color=book.theme.colours["muted"])
    write_text(sheet, 2, 0, advice, muted)
    sheet.protect(
        "",
        {
            "format_cells": True,
            "format_columns": True,
            "format_rows": True,
            "select_locked_cells": True,
            "select_unlocked_cells": True,
        },
    )


def fill(
    book: Book,
    sheet: Any,
    row: int,
    first: int,
    edited: list[tuple[str, str, int]],
    values: Mapping[str, str],
) -> None:
    """Write the cells of a row that may be edited."""
    style = book.format(
        locked=False,
        text_wrap=True,
        bg_color=YELLOW,
        border=1,
        border_color=book.theme.colours["line"],
        num_format="@",
    )
    for place, (key, *_) in enumerate(edited):
        write_text(sheet, row, first + place, values.get(key, ""), style)


def choices(sheet: Any, column: int, last: int, words: list[str]) -> None:
    """Let a cell be chosen from a list."""
    if len(",".join(words)) <= 255:
        options = {"validate": "list", "source": words, "ignore_blank": True}
        sheet.data_validation(FIRST_ROW, column, last, column, options)
