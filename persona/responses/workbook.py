"""Sheets of .xlsx, .xls, .xlsb and .ods files, read after they were found harmless."""

from __future__ import annotations

import gc
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from xml.etree import ElementTree

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from persona.errors import DataError, Problem, error, note
from persona.registry import nearest
from persona.responses.archive import Archive, open_archive
from persona.responses.binary_extent import ods_extents, xlsb_extent, xlsb_sheets
from persona.responses.cells import BadCell, Cells, count_cells
from persona.responses.extent import bad_cells, check_extent, scan_pieces, scan_sheet
from persona.responses.guard import Reader
from persona.responses.sniff import Kind, Source, broken, encrypted

#: The sheet that lists problems, which is never one of answers.
PROBLEMS_SHEET = "Problems found"


@dataclass(frozen=True)
class Sheet:
    """One sheet as read: its name, its cells, and what was noticed."""

    name: str
    cells: Cells
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Workbook:
    """A workbook that is open for reading, sheet by sheet.

    Parameters
    ----------
    sheets : tuple of str
        Visible worksheets in order.
    hidden : tuple of str
        Hidden and very hidden worksheets.
    """

    source: Source
    kind: Kind
    sheets: tuple[str, ...]
    hidden: tuple[str, ...]
    problems: tuple[Problem, ...]
    _book: CalamineWorkbook
    _archive: Archive | None
    _parts: Mapping[str, str]
    _errors: Mapping[str, Mapping[tuple[int, int], BadCell]]

    def read(self, name: str) -> Sheet:
        """The cells of one sheet.

        Raises
        ------
        DataError
            There is no such sheet, or it spans far more cells than it fills.
        """
        if name not in (*self.sheets, *self.hidden):
            raise DataError(_unknown_sheet(self, name))
        booleans, bad = self._inspect(name)
        with _calm():
            sheet = self._open(name)
            if sheet.start is None:
                return Sheet(name, count_cells((), 0))
            top, left = sheet.start
            rows = islice(sheet.iter_rows(), top, None)  # it begins at row 1, to_python at the data
            cells = count_cells(rows, sheet.width, top=top, left=left, booleans=booleans, bad=bad)
        return Sheet(name, cells)

    def _open(self, name: str) -> CalamineSheet:
        with Reader(self.source, self.kind):
            return self._book.get_sheet_by_name(name)

    def _inspect(self, name: str) -> tuple[bool, dict[tuple[int, int], BadCell]]:
        """Whether booleans may occur, and the cells that hold no value."""
        if self._archive is None:
            return True, {}
        if self.kind is Kind.ODS:
            return True, dict(self._errors.get(name, {}))
        part = self._parts.get(name)
        if part is None:
            raise DataError(broken(self.source))
        if self.kind is Kind.XLSB:
            extent, errors = xlsb_extent(self._archive.read(part))
            check_extent(self.source, name, extent)
            return True, errors
        scan = scan_pieces(self._archive.pieces(part))
        if scan is not None and scan.extent.harmless and not (scan.errors or scan.formulas):
            return scan.booleans, {}
        content = self._archive.read(part)
        if scan is None or not scan.extent.harmless:
            scan = scan_sheet(content)
        check_extent(self.source, name, scan.extent)
        return scan.booleans, bad_cells(content, scan)


@contextmanager
def _calm() -> Iterator[None]:
    """Without garbage collection, which walks over every row again and again while they grow."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def open_workbook(source: Source, kind: Kind) -> Workbook:
    """Open a workbook for reading.

    Raises
    ------
    DataError
        It is damaged, protected with a password, or would fill all memory.
    """
    archive = None if kind is Kind.XLS else open_archive(source)
    if kind is Kind.ODS and archive is not None and _ods_encrypted(archive):
        raise DataError(encrypted(source))
    parts: Mapping[str, str] = {}
    errors: dict[str, dict[tuple[int, int], BadCell]] = {}
    if archive is not None and kind is Kind.ODS:
        errors = _checked_ods(archive)
    if archive is not None and kind is not Kind.ODS:
        parts = _sheet_parts(archive, kind)
        for part in ("xl/sharedStrings.xml", "xl/styles.xml"):
            if part in archive.sizes:
                archive.read(part)  # refuses entity declarations
    with Reader(source, kind):
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
    sheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    visible = tuple(m.name for m in sheets if m.visible == SheetVisibleEnum.Visible)
    hidden = tuple(m.name for m in sheets if m.visible != SheetVisibleEnum.Visible)
    problems = archive.problems if archive is not None else ()
    return Workbook(source, kind, visible, hidden, problems, book, archive, parts, errors)


def _checked_ods(archive: Archive) -> dict[str, dict[tuple[int, int], BadCell]]:
    """Error cells by sheet; an .ods is read whole when it is opened, so all sheets must be safe."""
    try:
        found = ods_extents(archive.read("content.xml"))
    except ElementTree.ParseError:
        raise DataError(broken(archive.source)) from None
    for name, (extent, _) in found.items():
        check_extent(archive.source, name, extent)
    return {name: errors for name, (_, errors) in found.items()}


def _ods_encrypted(archive: Archive) -> bool:
    manifest = "META-INF/manifest.xml"
    if manifest not in archive.sizes:
        return False
    return b"encryption-data" in archive.read(manifest).replace(b"<!DOCTYPE", b"")


def _sheet_parts(archive: Archive, kind: Kind) -> dict[str, str]:
    """Which part of the archive holds which sheet."""
    book = "xl/workbook.bin" if kind is Kind.XLSB else "xl/workbook.xml"
    relations = f"xl/_rels/{book.removeprefix('xl/')}.rels"
    try:
        targets = {
            part.get("Id", ""): part.get("Target", "")
            for part in ElementTree.fromstring(archive.read(relations))
        }
        if kind is Kind.XLSB:
            sheets = xlsb_sheets(archive.read(book))
        else:
            sheets = {
                node.get("name", ""): _relation(node)
                for node in ElementTree.fromstring(archive.read(book)).iter()
                if node.tag.rpartition("}")[2] == "sheet"
            }
    except ElementTree.ParseError:
        raise DataError(broken(archive.source)) from None
    return {name: _part_name(targets[key]) for name, key in sheets.items() if key in targets}


def _relation(node: ElementTree.Element) -> str:
    return next((value for key, value in node.attrib.items() if key.endswith("}id")), "")


def _part_name(target: str) -> str:
    name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return re.sub(r"[^/]+/\.\./", "", name)


def choose_sheet(book: Workbook, wanted: str | None) -> tuple[tuple[Sheet, ...], list[Problem]]:
    """The sheets that may hold the answers: the one asked for, else all visible ones with cells.

    Raises
    ------
    DataError
        No sheet holds anything.
    """
    if wanted is not None:
        return (book.read(wanted),), []
    names = [name for name in book.sheets if name != PROBLEMS_SHEET]
    filled = tuple(sheet for sheet in map(book.read, names) if sheet.cells.any_filled)
    if filled:
        return filled, _left_out(book)
    hidden = [name for name in book.hidden if book.read(name).cells.any_filled]
    raise DataError(
        error(
            "sheet.none",
            "The workbook has no visible sheet with anything in it.",
            file=str(book.source.path),
            found=f"hidden: {', '.join(hidden)}" if hidden else None,
            remedy=f"Show the sheet {hidden[0]!r} in Excel, or ask for it by name."
            if hidden
            else "Export the answers again.",
        )
    )


def _left_out(book: Workbook) -> list[Problem]:
    if not book.hidden:
        return []
    return [
        note(
            "sheet.hidden",
            "Hidden sheets are not read: {sheets}.",
            file=str(book.source.path),
            values={"sheets": ", ".join(book.hidden)},
        )
    ]


def _unknown_sheet(book: Workbook, name: str) -> Problem:
    near = nearest(name, book.sheets)
    return error(
        "sheet.unknown",
        "There is no sheet called {sheet!r}.",
        file=str(book.source.path),
        allowed=", ".join(book.sheets),
        remedy=f"Did you mean {near!r}?" if near else "Ask for one of these.",
        values={"sheet": name},
    )
