"""The extent of sheets in the .xlsb and .ods formats, found before a reader reserves memory."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from xml.etree import ElementTree

from persona.responses.cells import BadCell
from persona.responses.extent import Extent

_ROW_HEADER = 0
_BLANK_CELL = 1
_ERROR_CELLS = (3, 11)
_CELL_RECORDS = range(1, 12)
_SHEET_RECORD = 156
_ERROR_NAMES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_EXTENSION = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def xlsb_sheets(content: bytes) -> dict[str, str]:
    """Sheet names of an .xlsb workbook with the relation that leads to their part.

    Parameters
    ----------
    content : bytes
        ``xl/workbook.bin``.
    """
    found: dict[str, str] = {}
    for kind, body in _records(content):
        if kind == _SHEET_RECORD and len(body) >= 12:
            relation, at = _wide_text(body, 8)
            name, _ = _wide_text(body, at)
            found[name] = relation
    return found


def _wide_text(body: bytes, at: int) -> tuple[str, int]:
    if at + 4 > len(body):
        return "", at
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(content):
        kind, at = _variable_length(content, at, 2)
        length, at = _variable_length(content, at, 4)
        yield kind, content[at : at + length]
        at += length


def xlsb_extent(content: bytes) -> tuple[Extent, dict[tuple[int, int], BadCell]]:
    """Extent and error cells of one .xlsb sheet, record by record.

    Parameters
    ----------
    content : bytes
        The binary part of the sheet: records of a type, a length and a body.
    """
    row, last_row, last_column, cells = 0, -1, -1, 0
    errors: dict[tuple[int, int], BadCell] = {}
    for kind, body in _records(content):
        if kind == _ROW_HEADER and len(body) >= 4:
            (row,) = struct.unpack_from("<I", body)
        elif kind in _CELL_RECORDS and kind != _BLANK_CELL and len(body) >= 4:
            (column,) = struct.unpack_from("<I", body)
            cells += 1
            last_row, last_column = max(last_row, row), max(last_column, column)
            if kind in _ERROR_CELLS and len(body) > 8:
                errors[row, column] = BadCell("error", _ERROR_NAMES.get(body[8], "#ERROR"))
    return Extent(last_row, last_column, cells), errors


def _variable_length(content: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first, and where it ends."""
    value = 0
    for step in range(longest):
        if at >= len(content):
            break
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << (7 * step)
        if not byte & 0x80:
            break
    return value, at


def ods_extents(content: bytes) -> dict[str, tuple[Extent, dict[tuple[int, int], BadCell]]]:
    """Extent and error cells of each .ods sheet, repeated rows and columns counted.

    Parameters
    ----------
    content : bytes
        The document's ``content.xml``.
    """
    found: dict[str, tuple[Extent, dict[tuple[int, int], BadCell]]] = {}
    errors: dict[tuple[int, int], BadCell] = {}
    last_row, last_column, cells, row = -1, -1, 0, 0
    for event, node in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):
        if node.tag == _TABLE + "table":
            if event == "end":
                name = node.get(_TABLE + "name", "")
                found[name] = Extent(last_row, last_column, cells), errors
            errors = {}
            last_row, last_column, cells, row = -1, -1, 0, 0
        elif node.tag == _TABLE + "table-row" and event == "end":
            repeated = _repeated(node, "rows")
            width, filled = _row_extent(node, row, errors)
            if filled:
                last_row, last_column = row + repeated - 1, max(last_column, width - 1)
                cells += filled * repeated
            row += repeated
            node.clear()
    return found


def _row_extent(
    node: ElementTree.Element, row: int, errors: dict[tuple[int, int], BadCell]
) -> tuple[int, int]:
    """Columns up to the last filled cell, and the number of filled cells."""
    column = width = filled = 0
    for cell in node:
        repeated = _repeated(cell, "columns")
        if cell.get(_OFFICE + "value-type") is not None:
            filled += repeated
            width = column + repeated
            if cell.get(_EXTENSION + "value-type") == "error":
                text = "".join(part.text or "" for part in cell.iter(_TEXT + "p"))
                errors[row, column] = BadCell("error", text or "#ERROR")
        column += repeated
    return width, filled


def _repeated(node: ElementTree.Element, what: str) -> int:
    value = node.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(value) if value.isdigit() else 1
