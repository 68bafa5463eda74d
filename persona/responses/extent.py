"""How far the cells of a sheet reach, before a reader reserves memory for them.

A reader of sheets reserves one place for every cell of the rectangle that the filled cells span:
one stray cell in the last row and column asks for 500 GB. The extent is therefore found in the
XML itself, in bulk with numpy where the XML is written plainly, cell by cell otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.errors import DataError, error
from persona.responses.cells import BadCell, column_number, letter
from persona.responses.sniff import Source

#: Most cells a sheet may span; 100,000 respondents by 500 questions.
LARGEST_AREA = 50_000_000
#: Below this area emptiness does no harm.
HARMLESS_AREA = 4_000_000
#: A larger sheet must hold something in at least one of so many cells.
EMPTIEST = 50

_CHUNK = 1 << 18
_CELL = re.compile(
    rb"<(?:\w+:)?(row|c)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>(\s*</(?:\w+:)?c>)?", re.DOTALL
)
_REFERENCE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']\s*([A-Za-z]*)(\d*)")
_ERROR = re.compile(
    rb"<c r=\"([A-Z]+)(\d+)\"[^>]*\bt=\"e\"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]*)</v>"
)
_UNCALCULATED = re.compile(
    rb"<c r=\"([A-Z]+)(\d+)\"((?:[^>\"]|\"[^\"]*\")*)><f(?:[^>\"]|\"[^\"]*\")*?"
    rb"(?:/>|>([^<]*)</f>)(?:<v>\s*</v>|<v\s*/>)?\s*</c>"
)


@dataclass(frozen=True)
class Extent:
    """The rectangle that the cells of a sheet span, 0-based and inclusive."""

    last_row: int
    last_column: int
    cells: int

    @property
    def area(self) -> int:
        """Places a reader reserves when the rectangle starts at A1."""
        return (self.last_row + 1) * (self.last_column + 1)

    @property
    def harmless(self) -> bool:
        """Whether a reader can take the sheet without reserving memory for nothing."""
        if self.area <= HARMLESS_AREA:
            return True
        return self.area <= LARGEST_AREA and self.area <= EMPTIEST * max(self.cells, 1)


@dataclass(frozen=True)
class SheetScan:
    """What one pass over the XML of a sheet tells.

    ``booleans``, ``errors`` and ``formulas`` say whether there may be any.
    """

    extent: Extent
    booleans: bool
    errors: bool
    formulas: bool


def scan_sheet(xml: bytes) -> SheetScan:
    """The extent of one sheet of an .xlsx file, and which unusual cells it may hold.

    Parameters
    ----------
    xml : bytes
        The sheet's XML, unpacked.

    Returns
    -------
    SheetScan
        Its extent is never smaller than what a reader finds, and exact where it matters.
    """
    rough = _rough_scan(xml)
    if rough is not None and rough.extent.harmless:
        return rough
    return SheetScan(_exact_extent(xml), True, True, True)


def _rough_scan(xml: bytes) -> SheetScan | None:
    """A bound from the lengths and first letters of all references, found in bulk.

    None when the XML is written in an unusual way, so that references might be overlooked.
    """
    first = xml.find(b"<sheetData")  # before it stand namespaces, which look like references
    if first < 0:
        return None
    text = np.frombuffer(xml, np.uint8)
    digits = column = cells = tags = 0
    kinds = np.zeros(256, bool)
    formulas = False
    for start in range(first + 1, len(text) - 16, _CHUNK):
        end = min(start + _CHUNK, len(text) - 16)  # no cell stands in the last 16 bytes
        before, here, after = (text[start + k : end + k] for k in (-1, 0, 1))
        equals = here == 61
        named = equals & (before == 114)
        quoted = named & (after == 34)
        if ((named ^ quoted) | (equals & (before <= 32))).any():
            return None
        opened = here == 60
        tags += int(np.count_nonzero(opened & (after == 99) & (text[start + 2 : end + 2] <= 62)))
        formulas = formulas or bool((opened & (after == 102)).any())
        kinds[text[start + 2 : end + 2][equals & (before == 116)]] = True
        at = np.flatnonzero(quoted)
        if len(at):
            found = _bound_references(text[start + 2 : end + 16], at)
            digits, column = max(digits, found[0]), max(column, found[1])
            cells += found[2]
    if tags > cells:
        return None
    extent = Extent(10**digits - 2, column - 1, cells)
    return SheetScan(extent, bool(kinds[98]), bool(kinds[101]), formulas)


def _bound_references(text: NDArray[np.uint8], at: NDArray[np.int64]) -> tuple[int, int, int]:
    """Most digits of a row, a bound of the column, and the number of references to cells."""
    leading = text[at] & 0xDF  # letters in upper case
    to_cell = (leading >= 65) & (leading <= 90)
    at, leading = at[to_cell], leading[to_cell]
    if not len(at):
        return 0, 0, 0
    letters = np.ones(len(at), np.uint8)
    digits = np.zeros(len(at), np.uint8)
    in_letters = np.ones(len(at), bool)
    in_digits = np.ones(len(at), bool)
    for step in range(1, 12):
        character = text[step:][at]
        upper = character & 0xDF
        in_letters &= (upper >= 65) & (upper <= 90)
        in_digits &= in_letters | ((character >= 48) & (character <= 57))
        if not in_digits.any():
            break
        letters += in_letters
        digits += in_digits & ~in_letters
    longest = int(letters.max())
    top = int(leading[letters == longest].max()) - 64
    return int(digits.max()), min((top + 1) * 26 ** (longest - 1), 10**6), len(at)


def _exact_extent(xml: bytes) -> Extent:
    """Cell by cell, counting those alone that hold something."""
    row = column = last_row = last_column = -1
    cells = 0
    for match in _CELL.finditer(xml):
        tag, attributes, closed, hollow = match.groups()
        reference = _REFERENCE.search(attributes)
        if tag == b"row":
            row = int(reference[2]) - 1 if reference and reference[2] else row + 1
            column = -1
            continue
        if reference and reference[1]:
            column = column_number(reference[1].decode("ascii"))
            row = int(reference[2]) - 1 if reference[2] else row
        else:
            column += 1
        if not closed and not hollow:
            cells += 1
            last_row, last_column = max(last_row, row), max(last_column, column)
    return Extent(last_row, last_column, cells)


def check_extent(source: Source, sheet: str, extent: Extent) -> None:
    """Refuse a sheet that spans far more cells than it fills.

    Raises
    ------
    DataError
        Names the last cell of the rectangle.
    """
    if extent.harmless:
        return
    place = f"{letter(min(extent.last_column, 18277))}{extent.last_row + 1}"
    raise DataError(
        error(
            "sheet.far_cell",
            "The sheet reaches to cell {cell}, though only {cells:,} of its cells hold something.",
            file=str(source.path),
            sheet=sheet,
            row=extent.last_row + 1,
            column=letter(min(extent.last_column, 18277)),
            allowed=f"up to {LARGEST_AREA:,} cells",
            remedy="Go to the last cell (Ctrl+End), delete the rows and columns beyond the "
            "answers, and save the file.",
            values={"cell": place, "cells": extent.cells},
        )
    )


def bad_cells(xml: bytes, scan: SheetScan) -> dict[tuple[int, int], BadCell]:
    """Error cells and formulas without a calculated value, by 0-based row and column."""
    found: dict[tuple[int, int], BadCell] = {}
    if scan.errors:
        for column, row, text in _ERROR.findall(xml):
            place = int(row) - 1, column_number(column.decode())
            found[place] = BadCell("error", text.decode("utf-8", "replace"))
    if scan.formulas:
        for column, row, attributes, text in _UNCALCULATED.findall(xml):
            if b't="str"' not in attributes:
                place = int(row) - 1, column_number(column.decode())
                found[place] = BadCell("formula", "=" + text.decode("utf-8", "replace"))
    return found
