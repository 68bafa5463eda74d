"""Sheets of a questionnaire workbook as rows of texts, after the file was found harmless."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from persona.errors import QuestionnaireError, error
from persona.questionnaire.cells import plain

LARGEST = 300_000_000
"""Bytes that a workbook may unpack to."""
MOST_CELLS = 5_000_000
"""Cells that the used range of a sheet may span."""
_REFERENCE = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"')

Rows: TypeAlias = list[list[str]]


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook by name, in order."""

    file: str
    sheets: Mapping[str, Rows]

    def sheet(self, name: str) -> Rows | None:
        """The sheet of that name, whatever its case."""
        wanted = name.casefold()
        return next((s for n, s in self.sheets.items() if n.strip().casefold() == wanted), None)


def read_book(path: Path) -> Book:
    """The cells of every sheet as texts; a CSV file is a sheet called by its name.

    Raises
    ------
    QuestionnaireError
        When the file is missing, no workbook, encrypted or far too large.
    """
    try:
        raw = path.read_bytes()
    except OSError as trouble:
        raise _refused(path, "The file cannot be read: {why}.", str(trouble.strerror)) from None
    if path.suffix.lower() == ".csv" and not raw.startswith((b"PK", b"\xd0\xcf")):
        return Book(str(path), {path.stem: _csv_rows(raw, path)})
    if raw.startswith(b"PK"):
        _inspect(path, raw)
    elif not raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(path, "The file is no workbook.", "")
    rows = {
        name: [[plain(cell).strip() for cell in row] for row in cells]
        for name, cells in _calamine_cells(path, raw).items()
    }
    return Book(str(path), rows)


def read_cells(path: Path) -> Mapping[str, list[list[object]]]:
    """The cells of every sheet of a workbook as they are, numbers as numbers, days as days.

    Raises
    ------
    QuestionnaireError
        When the file is missing, no workbook, encrypted or far too large.
    """
    try:
        raw = path.read_bytes()
    except OSError as trouble:
        raise _refused(path, "The file cannot be read: {why}.", str(trouble.strerror)) from None
    if not raw.startswith(b"PK"):
        raise _refused(path, "The file is no workbook.", "")
    _inspect(path, raw)
    return _calamine_cells(path, raw)


def _calamine_cells(path: Path, raw: bytes) -> dict[str, list[list[object]]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        return {
            name: [
                list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in book.sheet_names
        }
    except PasswordError:
        raise _refused(path, "The workbook is protected by a password.", "") from None
    except CalamineError as trouble:
        raise _refused(path, "The workbook is damaged: {why}.", str(trouble)) from None


def _inspect(path: Path, raw: bytes) -> None:
    """Refuse archives that unpack to very much, entities, and cells far outside."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise _refused(path, "The workbook unpacks to more than it can hold.", "")
            for part in archive.infolist():
                if not part.filename.endswith(".xml"):
                    continue
                content = archive.read(part)
                if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content[:2000]:
                    raise _refused(path, "The workbook declares XML entities.", "")
                if "worksheets/" in part.filename and _span(content) > MOST_CELLS:
                    raise _refused(path, "A sheet of the workbook spans too many cells.", "")
    except zipfile.BadZipFile:
        raise _refused(path, "The workbook is damaged or cut off.", "") from None


def _span(content: bytes) -> int:
    right = down = 0
    for letters, row in _REFERENCE.findall(content):
        down = max(down, int(row))
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        right = max(right, column)
    return right * down


def _csv_rows(raw: bytes, path: Path) -> Rows:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    separator = max(",;\t", key=text.partition("\n")[0].count)
    return [
        [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=separator)
    ]


def _refused(path: Path, sentence: str, why: str) -> QuestionnaireError:
    return QuestionnaireError(
        error(
            "import.workbook",
            sentence,
            file=str(path),
            values={"why": why},
            remedy="Save it anew as .xlsx and try again.",
        )
    )
