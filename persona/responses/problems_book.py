"""``problems.xlsx``: the user's own workbook with faulty cells filled, commented and listed."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persona.errors import OutputError, Problem, Severity, error
from persona.responses.cells import BadCell, column_number, shown
from persona.responses.decoding import CellFault
from persona.responses.export import SurveyExport
from persona.responses.model import Responses
from persona.responses.sniff import Kind, kind_of, read_source
from persona.responses.workbook import PROBLEMS_SHEET

_FILL = {Severity.ERROR: "FFC7CE", Severity.WARNING: "FFEB9C", Severity.NOTE: "DDEBF7"}
#: Cells that carry a comment; further ones are filled alone.
MOST_COMMENTS = 5_000
_LONGEST_CELL = 32_767
_HEADERS = ("No.", "Severity", "Cell", "Question", "Found", "What is wrong", "Allowed", "To do")
_WIDTHS = (6, 10, 22, 18, 28, 60, 40, 50)


@dataclass(frozen=True)
class ProblemGroup:
    """Problems of one kind, counted, with the first as an example."""

    code: str
    severity: Severity
    count: int
    first: Problem


def group_problems(problems: Sequence[Problem]) -> tuple[ProblemGroup, ...]:
    """Problems by kind, errors first and then the commonest.

    Examples
    --------
    >>> from persona.errors import error
    >>> twice = [error("answer.unknown", "Unknown.", row=row) for row in (7, 9)]
    >>> [(group.code, group.count, group.first.row) for group in group_problems(twice)]
    [('answer.unknown', 2, 7)]
    """
    order = list(Severity)
    groups: dict[tuple[str, Severity], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.code, problem.severity), []).append(problem)
    found = [
        ProblemGroup(code, severity, sum(map(_weight, members)), members[0])
        for (code, severity), members in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: (order.index(group.severity), -group.count)))


def _weight(problem: Problem) -> int:
    """A problem that sums up others counts for all of them."""
    count = problem.values.get("count")
    return count if problem.code == "answer.more" and isinstance(count, int) else 1


def write_problems(responses: Responses, path: str | Path) -> Path:
    """Write a copy of the user's workbook with every faulty cell marked and listed.

    The copy keeps sheets and styles; a file that is no .xlsx becomes a new workbook with the
    same cells. The user's file itself is never touched.

    Parameters
    ----------
    responses : Responses
        As read from the file.
    path : path
        Where the copy goes.

    Raises
    ------
    OutputError
        The path is the user's own file, or cannot be written.
    """
    if responses.export is None:
        raise OutputError(error("problems.no_file", "These answers were not read from a file."))
    path = Path(path)
    table = responses.export.table
    if path.exists() and path.resolve() == table.file.resolve():
        raise OutputError(
            error(
                "problems.same_file",
                "The list of problems would overwrite the answers themselves.",
                file=str(path),
                remedy="Choose another name.",
            )
        )
    book, sheet = _copy_of(responses.export)
    _mark(book[sheet], responses.export, responses.faults)
    _list(book, sheet, responses)
    _save(book, path)
    return path


def _copy_of(export: SurveyExport) -> tuple[Any, str]:
    """The user's workbook open for editing, or a new one with the same cells."""
    import openpyxl

    source = read_source(export.table.file)
    if export.table.sheet is not None and kind_of(source) is Kind.XLSX:
        macros = source.path.suffix.lower() == ".xlsm"
        book = openpyxl.load_workbook(
            io.BytesIO(source.content), keep_vba=macros, rich_text=True, keep_links=True
        )
        if PROBLEMS_SHEET in book.sheetnames:
            del book[PROBLEMS_SHEET]
        return book, export.table.sheet
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = (export.table.sheet or "Answers")[:31]
    table = export.table
    for row, header in enumerate(
        table.header_rows, start=max(table.header_row, 1) - len(table.header_rows) + 1
    ):
        for letters, text in zip(table.letters, header, strict=True):
            _write_text(sheet, max(row, 1), column_number(letters) + 1, text)
    for number, letters in enumerate(table.letters):
        for row, value in zip(table.rows.tolist(), table.column(number), strict=True):
            if not (isinstance(value, str) and not value):
                _write(sheet, row, column_number(letters) + 1, value)
    return book, str(sheet.title)


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, (str, BadCell)):
        _write_text(sheet, row, column, shown(value))
    else:
        sheet.cell(row, column, value)


def _write_text(sheet: Any, row: int, column: int, text: str) -> None:
    """Text as text, whatever it looks like."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_CELL]
    cell.data_type = "s"


def _mark(sheet: Any, export: SurveyExport, faults: Sequence[CellFault]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fills = {
        severity: PatternFill("solid", start_color=colour, end_color=colour)
        for severity, colour in _FILL.items()
    }
    commented = 0
    order = list(Severity)
    for fault in sorted(faults, key=lambda fault: -order.index(fault.problem.severity)):
        letters = export.table.letters[fault.column]
        for row in fault.rows.tolist():
            cell = sheet[f"{letters}{export.table.rows[row]}"]
            cell.fill = fills[fault.problem.severity]
            if commented < MOST_COMMENTS:
                held = f"{cell.comment.text}\n\n" if cell.comment else ""
                comment = Comment(held + _comment(fault.problem), "persona")
                comment.width, comment.height = 320, 140
                cell.comment = comment
                commented += 1


def _comment(problem: Problem) -> str:
    lines = [problem.message]
    if problem.allowed:
        lines.append(f"Allowed: {problem.allowed}")
    if problem.remedy_text:
        lines.append(f"To do: {problem.remedy_text}")
    return "\n".join(lines)[:2_000]


def _list(book: Any, sheet: str, responses: Responses) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    listing = book.create_sheet(PROBLEMS_SHEET)
    for column, header in enumerate(_HEADERS, start=1):
        _write_text(listing, 1, column, header)
        listing.cell(1, column).font = Font(bold=True)
        listing.column_dimensions[listing.cell(1, column).column_letter].width = _WIDTHS[column - 1]
    wrap = Alignment(wrap_text=True, vertical="top")
    for number, problem in enumerate(_ordered(responses), start=1):
        texts = (
            problem.severity.value,
            _cell_name(problem),
            problem.question or "",
            problem.found or "",
            problem.message,
            problem.allowed or "",
            problem.remedy_text or "",
        )
        listing.cell(number + 1, 1, number)
        for column, text in enumerate(texts, start=2):
            _write_text(listing, number + 1, column, text)
            listing.cell(number + 1, column).alignment = wrap
        colour = _FILL[problem.severity]
        listing.cell(number + 1, 2).fill = PatternFill(
            "solid", start_color=colour, end_color=colour
        )
        if problem.row is not None and problem.column and problem.column.isalpha():
            quoted = sheet.replace("'", "''")
            link = listing.cell(number + 1, 3)
            link.hyperlink = f"#'{quoted}'!{problem.column}{problem.row}"
            link.style = "Hyperlink"
    listing.freeze_panes = "A2"
    listing.auto_filter.ref = f"A1:H{listing.max_row}"


def _cell_name(problem: Problem) -> str:
    column = problem.column or ""
    if problem.row is not None:
        return f"{column}{problem.row}"
    return f"column {column}" if column else ""


def _ordered(responses: Responses) -> Iterator[Problem]:
    for severity in Severity:
        yield from (p for p in responses.problems if p.severity is severity)


def _save(book: Any, path: Path) -> None:
    """Write beside the target and move into place, so that a full disk leaves no half file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".xlsx")
        os.close(handle)
        temporary = Path(name)
        try:
            book.save(temporary)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as trouble:
        raise OutputError(
            error(
                "output.unwritable",
                "The file cannot be written: {reason}.",
                file=str(path),
                remedy="Close it in Excel, or choose another folder.",
                values={"reason": trouble.strerror or str(trouble)},
            )
        ) from None
