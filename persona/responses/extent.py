"""How far the cells of a sheet reach, before a reader reserves memory for them.

A reader of sheets reserves one place for every cell of the rectangle that the filled cells span:
one stray cell in the last row and column asks for 500 GB. The extent is therefore found in the
XML itself, in bulk with numpy where the XML is written plainly, cell by cell otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
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

_TAIL = 16  # a reference and its quotes are shorter
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
    """The exact extent of one sheet of an .xlsx file, cell by cell.

    Parameters
    ----------
    xml : bytes
        The sheet's XML, unpacked.
    """
    return SheetScan(_exact_extent(xml), True, True, True)


def scan_pieces(pieces: Iterable[bytes]) -> SheetScan | None:
    """A bound of a sheet's extent from all its references, found in bulk while it is unpacked.

    The bound comes from the lengths and first letters of the references, and is never smaller
    than what a reader finds. None when the XML is written in an unusual way, so that references
    might be overlooked, or when it declares anything.

    Parameters
    ----------
    pieces : iterable of bytes
        The sheet's XML, unpacked, in pieces of any size.
    """
    scan = _Scan()
    held = b""
    inside = False
    with ThreadPoolExecutor(1) as counting:  # counts one piece while the next is unpacked
        counted: Future[bool] | None = None
        for piece in pieces:
            held += piece
            if b"!" in piece and (b"<!DOCTYPE" in held or b"<!ENTITY" in held):
                return None
            if not inside:
                first = held.find(b"<sheetData")  # before it are namespaces, like references
                if first < 0:
                    continue
                held, inside = held[first:], True
            if len(held) > _TAIL + 1:
                if counted is not None and not counted.result():
                    return None
                counted = counting.submit(scan.take, np.frombuffer(held, np.uint8))
                held = held[-_TAIL - 1 :]
        if counted is not None and not counted.result():
            return None
    if not inside or scan.tags > scan.cells:
        return None
    extent = Extent(10**scan.digits - 2, scan.column - 1, scan.cells)
    return SheetScan(extent, bool(scan.kinds[98]), bool(scan.kinds[101]), scan.formulas)


class _Scan:
    """What has been seen of a sheet so far."""

    def __init__(self) -> None:
        self.digits = self.column = self.cells = self.tags = 0
        self.kinds = np.zeros(256, bool)
        self.formulas = False

    def take(self, text: NDArray[np.uint8]) -> bool:
        """Count all but the first byte and the last ones; False when a reference looks unusual."""
        end = len(text) - _TAIL
        before, here, after, behind = (text[1 + k : end + k] for k in (-1, 0, 1, 2))
        equals = here == 61
        named = equals & (before == 114)
        quoted = named & (after == 34)
        at = np.flatnonzero(quoted)
        if np.count_nonzero(named) != len(at) or (equals & (before <= 32)).any():
            return False
        opened = here == 60
        self.tags += int(np.count_nonzero(opened & (after == 99) & (behind <= 62)))
        self.formulas = self.formulas or bool((opened & (after == 102)).any())
        self.kinds[behind[equals & (before == 116)]] = True
        if len(at):
            digits, column, cells = _bound_references(text[3:], at)
            self.digits, self.column = max(self.digits, digits), max(self.column, column)
            self.cells += cells
        return True


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
