"""A table of answers as the file has it: header rows, cells, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persona.errors import Problem, note
from persona.responses.cells import Codes, distinct_codes, is_blank, is_code, letter, shown
from persona.responses.delimited import read_delimited
from persona.responses.sniff import WORKBOOKS, Kind, Source
from persona.responses.workbook import Sheet, choose_sheet, open_workbook


@dataclass(frozen=True)
class RawTable:
    """Answers before any questionnaire is known.

    Parameters
    ----------
    file : Path
    sheet : str or None
        None for text files.
    sha256 : str
    header_rows : tuple of tuple of str
        Every header row, one text a column, as the file has them.
    header_row : int
        1-based row of the last header row; 0 when there is none.
    rows : array of int
        1-based row of the sheet that each respondent stands in.
    letters : tuple of str
        The column of the sheet, by its letters, of each column.
    codes : (columns, respondents) array of int32
        Position in ``values`` of what each cell holds.
    values : tuple
        The distinct values of the whole table.
    """

    file: Path
    sheet: str | None
    sha256: str
    header_rows: tuple[tuple[str, ...], ...]
    header_row: int
    rows: NDArray[np.int64]
    letters: tuple[str, ...]
    codes: Codes
    values: tuple[Any, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def n(self) -> int:
        """Number of respondents."""
        return int(self.codes.shape[1])

    @property
    def first_row(self) -> int:
        """1-based row of the first respondent."""
        return int(self.rows[0]) if len(self.rows) else self.header_row + 1

    @cached_property
    def header(self) -> tuple[str, ...]:
        """One text a column: its header rows joined, without repetition."""
        return tuple(
            " - ".join(dict.fromkeys(part for part in parts if part.strip()))
            for parts in zip(*self.filled_header_rows, strict=True)
        ) or ("",) * len(self.letters)

    @cached_property
    def filled_header_rows(self) -> tuple[tuple[str, ...], ...]:
        """Header rows in which upper texts reach over the empty cells to their right."""
        *upper, last = self.header_rows or ((),)
        if not last:
            return ()
        return (*(_reach_right(row, last) for row in upper), last)

    @property
    def columns(self) -> tuple[tuple[Any, ...], ...]:
        """All cells, column by column."""
        return tuple(self.column(number) for number in range(len(self.letters)))

    def column(self, number: int) -> tuple[Any, ...]:
        """The cells of one column, from 0."""
        values = self.values
        return tuple([values[code] for code in self.codes[number].tolist()])

    def distinct(self, number: int) -> tuple[tuple[Any, ...], NDArray[np.intp]]:
        """The distinct cells of a column, and which of them stands where."""
        found, inverse = distinct_codes(self.codes[number], len(self.values))
        return tuple(self.values[code] for code in found.tolist()), inverse

    @cached_property
    def empty(self) -> NDArray[np.bool_]:
        """(columns, respondents): cells that hold nothing but blanks."""
        blank = tuple(code for code, value in enumerate(self.values) if is_blank(value))
        return is_code(self.codes, blank)

    def where(self, number: int, row: int) -> dict[str, Any]:
        """The place of a cell as problems carry it."""
        return {
            "file": str(self.file),
            "sheet": self.sheet,
            "row": int(self.rows[row]),
            "column": self.letters[number],
        }

    def select(self, keep: NDArray[np.bool_]) -> RawTable:
        """The same table with some respondents alone."""
        return replace(self, rows=self.rows[keep], codes=np.ascontiguousarray(self.codes[:, keep]))

    def with_problems(self, *problems: Problem) -> RawTable:
        """The same table with more to say about it."""
        return replace(self, problems=(*self.problems, *problems))


def _reach_right(row: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, ...]:
    """An empty upper cell over a filled lower one belongs to the text on its left."""
    filled: list[str] = []
    held = ""
    for text, under in zip(row, below, strict=True):
        held = text if text.strip() else (held if under.strip() else "")
        filled.append(held)
    return tuple(filled)


@dataclass(frozen=True)
class Loaded:
    """A file opened: its sheets that hold anything, and how it was read."""

    source: Source
    kind: Kind
    sheets: tuple[Sheet, ...]
    problems: tuple[Problem, ...] = ()


def load(
    source: Source,
    kind: Kind,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Loaded:
    """Open a workbook or text file.

    Raises
    ------
    DataError
        It cannot be read, or nothing is in it.
    """
    if kind in WORKBOOKS:
        book = open_workbook(source, kind)
        sheets, said = choose_sheet(book, sheet)
        return Loaded(source, kind, sheets, (*book.problems, *said))
    text = read_delimited(source, encoding=encoding, delimiter=delimiter)
    problems = text.problems
    if source.path.suffix.lower() in (".xlsx", ".xls", ".ods", ".xlsb"):
        problems += (
            note(
                "file.extension",
                "The file is text with separated columns, though its name says {suffix}.",
                file=str(source.path),
                values={"suffix": source.path.suffix},
            ),
        )
    return Loaded(source, kind, (Sheet("", text.cells),), problems)


def make_table(loaded: Loaded, sheet: Sheet, header: tuple[int, ...], first: int) -> RawTable:
    """A table with its header rows and first respondent given, as rows of the cells from 0.

    Rows without anything in them are left out, as are columns without header or cell; both are
    counted in the table's notes where rows are left out between respondents.
    """
    cells = sheet.cells
    header_rows = tuple(tuple(shown(value).strip() for value in cells.row(r)) for r in header)
    body = cells.codes[first:]
    filled = cells.filled[first:]
    kept_rows = filled.any(axis=1)
    titled = np.array([any(row[c] for row in header_rows) for c in range(cells.shape[1])], bool)
    kept_columns = np.flatnonzero(titled | filled.any(axis=0))
    rows = np.flatnonzero(kept_rows) + first + cells.top + 1
    codes = np.ascontiguousarray(body[kept_rows][:, kept_columns].T)
    return RawTable(
        file=loaded.source.path,
        sheet=sheet.name or None,
        sha256=loaded.source.sha256,
        header_rows=tuple(tuple(row[c] for c in kept_columns) for row in header_rows),
        header_row=(header[-1] + cells.top + 1) if header else 0,
        rows=rows.astype(np.int64),
        letters=tuple(letter(int(c) + cells.left) for c in kept_columns),
        codes=codes,
        values=cells.values,
        problems=(*loaded.problems, *sheet.problems, *_gaps(loaded, sheet, rows)),
    )


def _gaps(loaded: Loaded, sheet: Sheet, rows: NDArray[np.int64]) -> tuple[Problem, ...]:
    between = int(rows[-1] - rows[0]) + 1 - len(rows) if len(rows) else 0
    if not between:
        return ()
    return (
        note(
            "rows.empty",
            "{count} empty rows between respondents are left out.",
            file=str(loaded.source.path),
            sheet=sheet.name or None,
            values={"count": between},
        ),
    )
