"""Triple-S: XML that declares variables, and fixed-width or CSV data beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from persona.errors import DataError, Problem, error
from persona.responses.export import SurveyExport
from persona.responses.importers.memory import table_of
from persona.responses.sniff import Source, broken, read_source
from persona.responses.survey import SurveyColumn, complete


@dataclass(frozen=True)
class _Declared:
    """One variable of the metadata; ``start`` and ``finish`` count from 1."""

    ident: str
    name: str
    label: str
    type: str
    start: int
    finish: int
    codes: tuple[tuple[str, str], ...]
    subfields: int
    width: int
    serial: bool


def read_triple_s(source: Source) -> SurveyExport:
    """The answers that a Triple-S document declares.

    Raises
    ------
    DataError
        The document is damaged, or the data file beside it is missing.
    """
    if b"<!ENTITY" in source.content:
        raise DataError(_entities(source))
    try:
        root = ElementTree.fromstring(source.content)
    except ElementTree.ParseError:
        raise DataError(broken(source)) from None
    record = next(root.iter("record"), None)
    if record is None:
        raise DataError(broken(source))
    declared = [_declared(node) for node in record.iter("variable")]
    layout = record.get("format", "fixed")
    data = _data(source, layout)
    skip = int(record.get("skip", "0") or 0)
    rows = list(_rows(data, layout, declared, skip))
    headers: list[str] = []
    labels: list[str] = []
    columns: list[SurveyColumn] = []
    for part in declared:
        for column in _columns(part, len(columns)):
            headers.append(column.id)
            labels.append(column.option or column.text)
            columns.append(column)
    table = table_of(source, [headers, labels], rows)
    return SurveyExport("triple_s", table, tuple(columns), complete(table.n))


def _entities(source: Source) -> Problem:
    return error(
        "file.entities",
        "The document declares XML entities, which no survey needs and which can fill all memory.",
        file=str(source.path),
        remedy="Export the survey again.",
    )


def _declared(node: ElementTree.Element) -> _Declared:
    position = node.find("position")
    start = int(position.get("start", "1")) if position is not None else 1
    finish = int(position.get("finish", str(start))) if position is not None else start
    spread = node.find("spread")
    return _Declared(
        ident=node.get("ident", ""),
        name=(node.findtext("name") or node.get("ident") or "").strip(),
        label=_text(node.find("label")),
        type=node.get("type", "character"),
        start=start,
        finish=finish,
        codes=tuple((value.get("code", ""), _text(value)) for value in node.iter("value")),
        subfields=int(spread.get("subfields", "0")) if spread is not None else 0,
        width=int(spread.get("width", "1")) if spread is not None else 0,
        serial=node.get("use") == "serial",
    )


def _text(node: ElementTree.Element | None) -> str:
    if node is None:
        return ""
    own = (node.text or "").strip()
    inner = next((part.text.strip() for part in node.iter("text") if part.text), "")
    return own or inner


def _data(source: Source, layout: str) -> str:
    """The data of the same base name."""
    suffixes = (".csv", ".CSV") if layout == "csv" else (".asc", ".ASC", ".dat", ".txt")
    for suffix in suffixes:
        path = source.path.with_suffix(suffix)
        if path.is_file():
            content = read_source(path).content
            try:
                return content.decode("utf-8-sig")
            except UnicodeDecodeError:
                return content.decode("cp1252", "replace")
    raise DataError(
        error(
            "triple_s.no_data",
            "The document declares the variables; the file with the answers is not beside it.",
            file=str(source.path),
            allowed=" or ".join(source.path.stem + suffix for suffix in suffixes[:1]),
            remedy="Put both files into one folder, with the same name.",
        )
    )


def _rows(data: str, layout: str, declared: Sequence[_Declared], skip: int) -> Iterator[list[str]]:
    if layout == "csv":
        for record in list(csv.reader(io.StringIO(data)))[skip:]:
            if record:
                yield _cells(declared, [_field(record, part.start) for part in declared])
        return
    for line in data.splitlines()[skip:]:
        if line.strip():
            yield _cells(declared, [line[part.start - 1 : part.finish] for part in declared])


def _field(record: Sequence[str], place: int) -> str:
    return record[place - 1] if place <= len(record) else ""


def _cells(declared: Sequence[_Declared], raws: Sequence[str]) -> list[str]:
    cells: list[str] = []
    for part, raw in zip(declared, raws, strict=True):
        if part.type != "multiple":
            cells.append(raw.strip())
        elif part.subfields:
            chosen = {
                raw[n * part.width : (n + 1) * part.width].strip().lstrip("0")
                for n in range(part.subfields)
            }
            cells += ["1" if code.lstrip("0") in chosen else "0" for code, _ in part.codes]
        else:
            blank = not raw.strip()
            cells += ["" if blank else _bit(raw, int(code)) for code, _ in part.codes]
    return cells


def _bit(raw: str, code: int) -> str:
    return "1" if code <= len(raw) and raw[code - 1] == "1" else "0"


def _columns(part: _Declared, first: int) -> list[SurveyColumn]:
    if part.type == "multiple":
        return [
            SurveyColumn(
                f"{part.name}_{code}",
                first + number,
                text=part.label,
                option=label,
                parent=part.name,
                form="multiple",
            )
            for number, (code, label) in enumerate(part.codes)
        ]
    return [
        SurveyColumn(
            part.name,
            first,
            text=part.label,
            labels=dict(part.codes),
            names=(part.ident,),
            system=part.serial,
        )
    ]
