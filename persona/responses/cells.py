"""Cells of a sheet, counted once: distinct values, and which one stands where."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

EMPTY = ""

Codes = NDArray[np.int32]


@dataclass(frozen=True)
class BadCell:
    """A cell that holds no value: an error such as #REF!, or a formula never calculated."""

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text


class _Numbering(dict[Any, int]):
    """Numbers values in the order they are first met."""

    def __missing__(self, value: Any) -> int:
        self[value] = number = len(self)
        return number


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing but blanks."""
    return isinstance(value, str) and not value.strip("\ufeff\u200b \t\r\n\xa0")


@dataclass(frozen=True)
class Cells:
    """A rectangle of cells as distinct values and their positions.

    Parameters
    ----------
    codes : (rows, columns) array of int32
        Position in ``values`` of what each cell holds.
    values : tuple
        The distinct values: str, int, float, bool, date, datetime, time, timedelta, BadCell;
        the empty cell is the empty text.
    top, left : int
        0-based row and column of the first cell, as the sheet counts.
    """

    codes: Codes
    values: tuple[Any, ...]
    top: int = 0
    left: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.codes.shape
        return int(rows), int(columns)

    def row(self, number: int) -> tuple[Any, ...]:
        """The values of one row, counted from 0 within the rectangle."""
        return tuple(self.values[code] for code in self.codes[number].tolist())

    @cached_property
    def blanks(self) -> tuple[int, ...]:
        """The codes of values that are nothing but blanks."""
        return tuple(code for code, value in enumerate(self.values) if is_blank(value))

    @property
    def any_filled(self) -> bool:
        """Whether any cell holds something other than blanks."""
        return len(self.blanks) < len(self.values)

    @cached_property
    def filled(self) -> NDArray[np.bool_]:
        """Which cells hold something other than blanks."""
        return ~is_code(self.codes, self.blanks)


def distinct_codes(
    codes: NDArray[np.int32], n_values: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The codes of a column in rising order, and which of them stands where.

    Examples
    --------
    >>> [part.tolist() for part in distinct_codes(np.array([4, 1, 4], np.int32), 6)]
    [[1, 4], [1, 0, 1]]
    """
    present = np.zeros(n_values, bool)
    present[codes] = True
    found = np.flatnonzero(present)
    place = np.empty(n_values, np.intp)
    place[found] = np.arange(len(found))
    return found, place[codes]


def is_code(codes: Codes, wanted: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which cells hold one of a few codes."""
    found = np.zeros(codes.shape, bool)
    for code in wanted:
        found |= codes == code
    return found


def count_cells(
    rows: Iterable[Sequence[Any]],
    width: int,
    *,
    top: int = 0,
    left: int = 0,
    booleans: bool = True,
    bad: Mapping[tuple[int, int], BadCell] | None = None,
) -> Cells:
    """Number the distinct values of a table.

    Parameters
    ----------
    rows : iterable of rows
        All of the same width; each is let go once it is counted.
    width : int
        Cells in a row.
    top, left : int
        Where the table stands in its sheet, 0-based.
    booleans : bool
        Whether true and false may occur; looking for them costs time, and Python takes true for 1.
    bad : mapping of (row, column) to BadCell
        Cells, 0-based as the sheet counts, that hold no value.

    Examples
    --------
    >>> cells = count_cells([["a", 1.0], ["", 1.0]], 2)
    >>> cells.values, cells.codes.tolist()
    (('a', 1, ''), [[0, 1], [2, 1]])
    """
    number = _Numbering()
    every: Iterable[Any] = chain.from_iterable(rows)
    if booleans:
        every = ((value,) if value is True or value is False else value for value in every)
    codes = np.fromiter(map(number.__getitem__, every), np.int32)
    codes = codes.reshape(-1, max(width, 1))
    for (row, column), cell in (bad or {}).items():
        if 0 <= row - top < len(codes) and 0 <= column - left < width:
            codes[row - top, column - left] = number[cell]
    return Cells(codes, tuple([_plain(value) for value in number]), top, left)


#: What spreadsheets show in place of a value that cannot be calculated.
ERROR_TEXTS = frozenset(
    {"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#ADR!", "#WERT!", "#ARG!"}
)


def _plain(value: Any) -> Any:
    if type(value) is str:
        return BadCell("error", value) if value in ERROR_TEXTS else value
    if type(value) is tuple:
        return value[0]
    if type(value) is float and value.is_integer() and abs(value) < 1e18:
        return int(value)
    if value is None:
        return EMPTY
    return value


def shown(value: Any) -> str:
    """A value as a message or an id shows it.

    Examples
    --------
    >>> shown(3.0), shown(True), shown("007")
    ('3', 'TRUE', '007')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def letter(column: int) -> str:
    """The letters of a 0-based column, as a spreadsheet shows them.

    Examples
    --------
    >>> letter(0), letter(26), letter(16383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The 0-based number of a column given in letters.

    Examples
    --------
    >>> column_number("A"), column_number("XFD")
    (0, 16383)
    """
    number = 0
    for character in letters.upper():
        number = number * 26 + ord(character) - 64
    return number - 1
