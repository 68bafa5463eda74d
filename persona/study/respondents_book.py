"""``respondents.xlsx``: flags of quality, customer records and weights, one row a respondent."""

from __future__ import annotations

import datetime
import io
import os
import tempfile
from pathlib import Path
from typing import Any

from persona.errors import OutputError, error
from persona.study.intake import Intake

_CREATED = datetime.datetime(2000, 1, 1)


def write_respondents(intake: Intake, path: Path) -> Path:
    """Write who is flagged, who has a record, and what leaving out would change.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    content = _content(intake)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".xlsx")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.replace(name, path)
    except OSError as trouble:
        raise OutputError(
            error(
                "output.unwritable",
                "The file cannot be written: {reason}.",
                file=str(path),
                remedy="Choose a folder you may write to.",
                values={"reason": trouble.strerror or str(trouble)},
            )
        ) from None
    return path


def _content(intake: Intake) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": _CREATED})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    _table(book.add_worksheet("Respondents"), bold, *_respondents(intake))
    if len(intake.exclusion.changes):
        changes = intake.exclusion.changes
        rows = [list(row) for row in changes.itertuples(index=False, name=None)]
        _table(book.add_worksheet("What leaving out changes"), bold, list(changes.columns), rows)
    if intake.records:
        unused = [[part.file, key] for part in intake.records for key in part.unused]
        _table(book.add_worksheet("Records of nobody"), bold, ["file", "key"], unused)
    book.close()
    return stream.getvalue()


def _respondents(intake: Intake) -> tuple[list[str], list[list[Any]]]:
    """One row each of those whose quality was checked: flags, score, figures, records."""
    flags, measures = intake.quality.flags, intake.quality.measures
    weights = intake.responses.weights
    proposed, gone = set(intake.exclusion.proposed), set(intake.exclusion.respondents)
    joined = [(part.file, set(part.joined)) for part in intake.records]
    header = ["respondent", "flags", "proposed to leave out", "left out", "weight"]
    header += [f"record in {file}" for file, _ in joined]
    header += [str(name) for name in flags.columns] + [str(name) for name in measures.columns]
    rows = []
    for place, name in enumerate(map(str, flags.index)):
        row: list[Any] = [name, int(intake.quality.score.iloc[place])]
        row += ["yes" if name in group else "" for group in (proposed, gone)]
        row.append(float(weights[name]) if name in weights.index else None)
        row += ["yes" if name in group else "no" for _, group in joined]
        row += ["x" if flag else "" for flag in flags.iloc[place]]
        row += measures.iloc[place].tolist()
        rows.append(row)
    return header, rows


def _table(sheet: Any, bold: Any, header: list[str], rows: list[list[Any]]) -> None:
    for column, text in enumerate(header):
        sheet.write_string(0, column, text, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    sheet.write_string(number, column, value[:32_767])
            elif value is not None and value == value:
                sheet.write_number(number, column, float(value))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), max(len(header) - 1, 0))
    sheet.set_column(0, len(header) - 1, 16)
