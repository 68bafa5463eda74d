"""Read a system's own export as its profile says: encoding, decimal commas, keys, columns."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from persona.audiences.normalising import email_address, phone_number, tidy
from persona.audiences.profile import Profile
from persona.audiences.reads import Read, ReadColumn
from persona.audiences.words import loose
from persona.errors import DataError, Problem, error, note
from persona.questionnaire.cells import day
from persona.registry import nearest
from persona.responses.cells import is_blank
from persona.responses.export import SurveyExport
from persona.responses.importers import View
from persona.responses.importers.plain import read_plain
from persona.responses.reading import read_export
from persona.responses.records import Purchases
from persona.responses.sniff import WORKBOOKS, Kind, Source, kind_of, read_source
from persona.responses.table import RawTable, load

_MONEY = r"(?:[A-Z]{3}|zł|kr|руб\.?|р\.|грн\.?)"
_AROUND = re.compile(rf"^{_MONEY}?\s*|\s*(?:{_MONEY}|%)?$")
_SIGNS = re.compile(r"[$€£₽₴¥\s'’_]")


@dataclass(frozen=True)
class ReadAs:
    """An export read as a profile says.

    Parameters
    ----------
    read : Read
        Which of the profile's exports it is.
    export : SurveyExport
        Numbers as numbers and days as days, whatever the file writes.
    key : str
        Header of the key.
    columns : mapping of name to header
        What can be taken over.
    purchases : Purchases or None
        Of an export with one row an event.
    problems : tuple of Problem
    """

    read: Read
    export: SurveyExport
    key: str
    columns: Mapping[str, str]
    purchases: Purchases | None
    problems: tuple[Problem, ...]

    @property
    def same(self) -> Callable[[object], str]:
        """A key as it is compared."""
        return comparable(self.read.key_kind)


def comparable(kind: str) -> Callable[[object], str]:
    """How keys of a kind are compared: a text that is the same for the same customer.

    Examples
    --------
    >>> comparable("email")(" Jan@Example.pl "), comparable("text")("007")
    ('jan@example.pl', '007')
    """
    if kind == "email":
        return lambda cell: email_address(cell) or tidy(cell).lower()
    if kind == "phone":
        return lambda cell: phone_number(cell) or re.sub(r"\D", "", tidy(cell))
    return tidy


def read_as(
    path: Path, profile: Profile, *, read: str | None = None, sheet: str | None = None
) -> ReadAs:
    """Read an export of a system.

    Parameters
    ----------
    path : Path
    profile : Profile
    read : str, optional
        Which of the profile's exports it is; default: the one whose headers it has.
    sheet : str, optional

    Raises
    ------
    DataError
        The file cannot be read, or is none of the exports that the profile describes.
    """
    candidates = [one for one in profile.reads if read in (None, one.id)]
    if not candidates:
        raise DataError(_no_read(path, profile, read))
    tried = [(one, _table(path, one, sheet)) for one in candidates]
    scored = [(_fit(one, export), place) for place, (one, export) in enumerate(tried)]
    best = max(scored, key=lambda pair: (pair[0], -pair[1]))
    if best[0] == 0:
        raise DataError(_no_key(path, candidates, tried[0][1]))
    chosen, export = tried[best[1]]
    headers = _headers(export)
    key = _first(chosen.key, headers)
    assert key is not None
    columns = {
        name: header
        for name, column in chosen.columns.items()
        if (header := _first(column.headers, headers)) is not None and header != key
    }
    return ReadAs(
        chosen,
        _converted(export, chosen, columns, headers),
        key,
        columns,
        _purchases(path, chosen, headers),
        (
            note(
                "record.read_as",
                "The file is read as {title}: {what}; customers are known by {key!r}.",
                file=str(path),
                sheet=export.table.sheet,
                values={"title": profile.title, "what": chosen.title, "key": key},
            ),
        ),
    )


def _table(path: Path, read: Read, sheet: str | None) -> SurveyExport:
    """The table of a file, lines of comment before it taken away."""
    source = read_source(path)
    kind = kind_of(source)
    if kind is not Kind.TEXT and kind not in WORKBOOKS:
        return read_export(path, sheet=sheet)
    skipped = 0
    if kind is Kind.TEXT and read.comment is not None:
        source, skipped = _without_comments(source, read)
    loaded = load(
        source,
        kind,
        sheet=sheet,
        encoding=read.encoding if kind is Kind.TEXT else None,
        delimiter=read.delimiter,
    )
    if len(loaded.sheets) != 1:
        return read_export(path, sheet=sheet, platform="table")
    export = read_plain(View(loaded, loaded.sheets[0]))
    table = export.table
    moved = replace(table, rows=table.rows + skipped, header_row=table.header_row + skipped)
    return replace(export, table=moved)


def _without_comments(source: Source, read: Read) -> tuple[Source, int]:
    """The file from its first line that is neither comment nor empty."""
    mark = (read.comment or "").encode()
    lines = source.content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    first = 0
    while first < len(lines) and (lines[first].startswith(mark) or not lines[first].strip()):
        first += 1
    return replace(source, content=b"".join(lines[first:])), first


def _headers(export: SurveyExport) -> dict[str, int]:
    """Header to column; of equal ones the first."""
    found: dict[str, int] = {}
    for column in export.columns:
        found.setdefault(export.table.header[column.number] or column.id, column.number)
    return found


def _first(wanted: Sequence[str], headers: Mapping[str, int]) -> str | None:
    """The first wanted header that the file has, letter for letter or else alike."""
    folded = {loose(header): header for header in reversed(list(headers))}
    for name in wanted:
        if name in headers:
            return name
    return next((folded[loose(name)] for name in wanted if loose(name) in folded), None)


def _fit(read: Read, export: SurveyExport) -> int:
    """How many headers of a read the file has; 0 when it is not this export."""
    headers = _headers(export)
    needed = [read.key]
    if read.events is not None:
        needed += [part for part in (read.events.date, read.events.amount) if part is not None]
    if any(_first(part, headers) is None for part in needed):
        return 0
    marks = sum(_first((mark,), headers) is not None for mark in read.marks)
    columns = sum(_first(column.headers, headers) is not None for column in read.columns.values())
    return 1 + len(needed) + marks + columns


def _purchases(path: Path, read: Read, headers: Mapping[str, int]) -> Purchases | None:
    if read.events is None:
        return None
    found = {
        name: _first(part, headers) if part is not None else None
        for name, part in (
            ("date", read.events.date),
            ("amount", read.events.amount),
            ("channel", read.events.channel),
            ("margin", read.events.margin),
        )
    }
    assert found["date"] is not None
    return Purchases(found["date"], found["amount"], found["channel"], found["margin"])


def _converted(
    export: SurveyExport, read: Read, columns: Mapping[str, str], headers: Mapping[str, int]
) -> SurveyExport:
    """The export with cells of the kinds that the profile declares; others stay as they are."""
    kinds: dict[int, str] = {}
    for name, header in columns.items():
        kinds[headers[header]] = read.columns[name].kind
    if read.events is not None:
        for part, kind in (
            (read.events.date, "day"),
            (read.events.amount, "number"),
            (read.events.margin, "number"),
        ):
            held = _first(part, headers) if part is not None else None
            if held is not None:
                kinds[headers[held]] = kind
    table = export.table
    for number, kind in kinds.items():
        if kind != "text":
            cells = [as_kind(cell, kind, read.decimal) for cell in table.column(number)]
            table = with_column(table, number, cells)
    return replace(export, table=table)


def as_kind(cell: object, kind: str, decimal: str) -> object:
    """A cell as a number or day, by the sign before decimals; as it is when it is none.

    Examples
    --------
    >>> as_kind("1 234,50 ₽", "number", ","), as_kind("1,234", "number", ",")
    (1234.5, 1.234)
    >>> as_kind("1,234", "number", "."), as_kind("many", "number", ".")
    (1234, 'many')
    >>> as_kind("31.10.2026 12:00:00", "day", ",")
    datetime.date(2026, 10, 31)
    """
    if not isinstance(cell, str) or is_blank(cell):
        return cell
    if kind == "day":
        found = _day(cell)
        return cell if found is None else found
    figure = _figure(cell, decimal)
    if figure is None:
        return cell
    return int(figure) if figure.is_integer() and kind != "share" else figure


def _day(cell: str) -> dt.date | None:
    text = cell.strip()
    if re.fullmatch(r"(19|20)\d{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return day(text)


def _figure(cell: str, decimal: str) -> float | None:
    text = tidy(cell).replace("−", "-")
    sign = -1.0 if text.startswith("-") else 1.0
    text = _SIGNS.sub("", _AROUND.sub("", text.lstrip("-+"))).lstrip("-+")
    other = "," if decimal == "." else "."
    whole, _, part = text.partition(decimal)
    if other in whole and not re.fullmatch(rf"\d{{1,3}}({re.escape(other)}\d{{3}})+", whole):
        return None
    whole = whole.replace(other, "")
    if not re.fullmatch(r"\d+", whole or "0") or not re.fullmatch(r"\d*", part) or not text:
        return None
    if not whole and not part:
        return None
    return sign * float(f"{whole or 0}.{part or 0}")


def with_column(table: RawTable, number: int, cells: Sequence[Any]) -> RawTable:
    """The table with other cells in one column."""
    values = list(table.values)
    known: dict[tuple[type, object], int] = {}
    codes = np.empty(len(cells), np.int32)
    for row, cell in enumerate(cells):
        value = "" if cell is None else cell
        key = type(value), value
        if key not in known:
            known[key] = len(values)
            values.append(value)
        codes[row] = known[key]
    every = table.codes.copy()
    every[number] = codes
    return replace(table, codes=every, values=tuple(values))


def takes(read: ReadAs, name: str, file: str) -> str:
    """The header of what a study asks for: a name of the profile, or a header of the file.

    Raises
    ------
    DataError
        It is neither.
    """
    if name in read.columns:
        return read.columns[name]
    headers = _headers(read.export)
    if name in headers:
        return name
    near = nearest(name, read.columns) or nearest(name, headers)
    absent: ReadColumn | None = read.read.columns.get(name)
    raise DataError(
        error(
            "record.column",
            "The records have no column {name!r}.",
            file=file,
            sheet=read.export.table.sheet,
            found=", ".join(list(headers)[:12]),
            allowed=", ".join(read.columns) or None,
            remedy=f"The profile looks for {' or '.join(map(repr, absent.headers))}."
            if absent
            else f"Did you mean {near!r}?"
            if near
            else "Name one of the headers.",
            values={"name": name},
        )
    )


def _no_read(path: Path, profile: Profile, read: str | None) -> Problem:
    ids = [one.id for one in profile.reads]
    near = nearest(read, ids) if read else None
    return error(
        "record.no_read",
        "The profile {profile!r} does not say how to read {what}.",
        file=str(path),
        found=read,
        allowed=", ".join(ids) or "it describes no export",
        remedy=f"Did you mean {near!r}?" if near else None,
        values={"profile": profile.id, "what": read or "an export"},
    )


def _no_key(path: Path, candidates: Sequence[Read], export: SurveyExport) -> Problem:
    keys = dict.fromkeys(header for read in candidates for header in read.key)
    return error(
        "record.not_of_profile",
        "The file is none of the exports that the profile describes.",
        file=str(path),
        sheet=export.table.sheet,
        found=", ".join(list(_headers(export))[:12]),
        allowed="; ".join(f"{read.title}: {', '.join(read.key)}" for read in candidates),
        remedy=f"The key stands in a column called {' or '.join(map(repr, list(keys)[:4]))}; "
        "without a profile write `key:` and `columns:` under `records:`.",
    )
