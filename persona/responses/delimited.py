"""Tables in text files: CSV and its relatives, delimiter found by evidence."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from persona.errors import DataError, Problem, error
from persona.responses.cells import Cells, count_cells
from persona.responses.encoding import decode_text
from persona.responses.sniff import Source

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE_ROWS = 200
_LONGEST_CELL = 10_000_000


@dataclass(frozen=True)
class TextTable:
    """A text file as cells, with how it was read."""

    cells: Cells
    encoding: str
    delimiter: str
    problems: tuple[Problem, ...]


def read_delimited(
    source: Source, *, encoding: str | None = None, delimiter: str | None = None
) -> TextTable:
    """The table in a text file.

    Parameters
    ----------
    source : Source
    encoding, delimiter : str, optional
        Taken as given instead of looking for evidence.

    Raises
    ------
    DataError
        Undecodable, no single delimiter fits, or rows of different widths.
    """
    decoded = decode_text(source, encoding)
    text = decoded.text
    declared = re.match(r"\"?sep=(.)\"?\r?\n", text)
    skipped = 0
    if declared:
        text, delimiter, skipped = text[declared.end() :], delimiter or declared[1], 1
    if text.lstrip()[:1] == "<":
        raise DataError(_markup(source))
    delimiter = delimiter or find_delimiter(text, source)
    rows = _parse(text, delimiter, source)
    width = _common_width(rows, source, skipped)
    padded = [_fit(row, width) for row in rows]
    cells = count_cells(padded, width, top=skipped, booleans=False)
    return TextTable(cells, decoded.encoding, delimiter, decoded.problems)


def _parse(text: str, delimiter: str, source: Source) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error as trouble:
        raise DataError(
            error(
                "text.not_a_table",
                "The text cannot be taken apart into rows and columns: {reason}.",
                file=str(source.path),
                remedy="Look for a quotation mark that is opened and never closed.",
                values={"reason": str(trouble)},
            )
        ) from None


def find_delimiter(text: str, source: Source) -> str:
    """The character that cuts all first rows into the same number of columns.

    Raises
    ------
    DataError
        Several characters do so equally well.

    Examples
    --------
    >>> from pathlib import Path
    >>> find_delimiter("a;b\\n1,5;2\\n", Source(Path("x.csv"), b"", ""))
    ';'
    """
    scores = {mark: _score_delimiter(text, mark) for mark in DELIMITERS}
    best = max(scores.values())
    fitting = [mark for mark, score in scores.items() if score == best]
    if best[1] <= 1:
        return ","
    if len(fitting) > 1:
        raise DataError(
            error(
                "text.delimiter",
                "Columns may be separated by {names}: each cuts the rows alike.",
                file=str(source.path),
                found=text.splitlines()[0][:200],
                remedy="Save the file as .xlsx, or name the delimiter.",
                values={"names": " or ".join(_NAMES[mark] for mark in fitting)},
            )
        )
    return fitting[0]


def _score_delimiter(text: str, mark: str) -> tuple[float, int]:
    """Share of rows of the commonest width, in steps of a fiftieth, then that width."""
    csv.field_size_limit(_LONGEST_CELL)
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            if row:
                widths.append(len(row))
            if len(widths) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] == 1:
        return 0.0, 1
    common = max(set(widths), key=lambda width: (widths.count(width), width))
    quoted = text.count(f'"{mark}"') > len(widths)
    share = round(50 * widths.count(common) / len(widths)) / 50 + (1.0 if quoted else 0.0)
    return share, common


def _common_width(rows: list[list[str]], source: Source, skipped: int) -> int:
    """The width all rows have, once trailing empty cells are left out; refuses ragged rows."""
    if not rows:
        return 0
    width = len(rows[0])
    ragged = []
    for number, row in enumerate(rows):
        if len(row) == width or not any(row):
            continue
        if len(row) < width or any(cell.strip() for cell in row[width:]):
            ragged.append(number)
    if ragged:
        first = ragged[0]
        raise DataError(
            error(
                "text.ragged",
                "{count} of {rows} rows have another number of cells than the header's {width}; "
                "the first is row {row} with {cells}.",
                file=str(source.path),
                row=first + 1 + skipped,
                found=", ".join(str(number + 1 + skipped) for number in ragged[:10]),
                remedy="Look there for a separator or line break inside a cell that stands "
                "without quotation marks, or export as .xlsx.",
                values={
                    "count": len(ragged),
                    "rows": len(rows),
                    "width": width,
                    "row": first + 1 + skipped,
                    "cells": len(rows[first]),
                },
            )
        )
    return width


def _fit(row: list[str], width: int) -> list[str]:
    return row[:width] if len(row) >= width else row + [""] * (width - len(row))


def _markup(source: Source) -> Problem:
    return error(
        "file.markup",
        "The file is a web page or XML document, whatever its name says.",
        file=str(source.path),
        remedy="Open it in Excel or LibreOffice and save it as .xlsx or as CSV.",
    )
