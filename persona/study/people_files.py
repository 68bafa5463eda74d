"""Files of people with their segments: Excel, CSV, Parquet."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from persona.errors import OutputError, error
from persona.report.data import safe
from persona.responses.cells import shown
from persona.typing_tool.tables import RESULTS

if TYPE_CHECKING:
    import ibis.expr.types as ir

_CREATED = dt.datetime(2000, 1, 1)
_MOST_ROWS = 1_048_575


def write_table(typed: ir.Table, path: Path) -> None:
    """Let the engine write the rows of an expression.

    Raises
    ------
    OutputError
        When they are more than a sheet of Excel holds.
    """
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        typed.to_parquet(str(path))
    elif suffix == ".csv":
        typed.mutate(**_safe_texts(typed)).to_csv(str(path))
    else:
        rows = int(typed.count().execute())
        if rows > _MOST_ROWS:
            raise OutputError(
                error(
                    "assign.rows",
                    "{n} people are more than an Excel sheet holds.",
                    file=str(path),
                    remedy="Give --to a file ending in .csv or .parquet.",
                    values={"n": rows},
                )
            )
        frame = typed.execute()
        write_workbook(path, list(frame.columns), [blanks(frame[name]) for name in frame.columns])


def blanks(column: pd.Series) -> list[Any]:
    """Its cells, None where there is nothing."""
    return list(column.astype(object).where(column.notna(), None).tolist())


def _safe_texts(typed: ir.Table) -> dict[str, Any]:
    """Text columns whose cells no spreadsheet takes for a formula."""
    return {
        name: column.re_search("^[=+\\-@\t\r\n＝＋－＠]").ifelse("'" + column, column)
        for name in typed.columns
        if (column := typed[name]).type().is_string()
    }


def write_workbook(path: Path, columns: Sequence[str], cells: Sequence[Sequence[Any]]) -> None:
    """One sheet of people; texts are never taken for formulas."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"created": _CREATED})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    percent = book.add_format({"num_format": "0%"})
    sheet = book.add_worksheet("People")
    for number, name in enumerate(columns):
        sheet.write_string(0, number, str(name), bold)
    sheet.freeze_panes(1, 1)
    formats = [percent if name == "probability" else None for name in columns]
    for row, values in enumerate(zip(*cells, strict=True), start=1):
        for number, value in enumerate(values):
            _write_cell(sheet, row, number, value, formats[number], day)
    sheet.autofilter(0, 0, len(cells[0]) if cells else 0, len(columns) - 1)
    book.close()


def _write_cell(sheet: Any, row: int, column: int, value: Any, style: Any, day: Any) -> None:
    value = _plain(value)
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, (dt.date, dt.datetime)):
        sheet.write_datetime(row, column, value, day)
    else:
        sheet.write_string(row, column, str(value)[:32_767])


def _plain(value: Any) -> Any:
    """A value that a sheet holds; cells that hold an error stand as their text."""
    if value is None or isinstance(value, (str, bool, int, float, dt.date, dt.datetime)):
        return value
    item = getattr(value, "item", None)
    return item() if callable(item) else shown(value)


def write_csv(path: Path, columns: Sequence[str], cells: Sequence[Sequence[Any]]) -> None:
    """UTF-8 with a mark that Excel knows it by."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([safe(str(name)) for name in columns])
        for values in zip(*cells, strict=True):
            writer.writerow([_text(value) for value in values])


def _text(value: Any) -> str:
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe(value) if isinstance(value, str) else shown(value)


def write_parquet(path: Path, columns: Sequence[str], cells: Sequence[Sequence[Any]]) -> None:
    """Results as numbers, columns of mixed cells as text."""
    frame = pd.DataFrame(
        {
            name: pd.Series([_plain(value) for value in column], dtype=object).infer_objects()
            for name, column in zip(columns, cells, strict=True)
        }
    )
    texts = [n for n in frame.columns if frame[n].dtype == object and n not in RESULTS]
    frame[texts] = frame[texts].map(lambda value: None if value in (None, "") else shown(value))
    frame = frame.astype({"segment": "Int64", "second": "Int64"})
    frame.to_parquet(path, index=False)
