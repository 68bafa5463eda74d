"""Which rows of a plain table are headers, when no survey platform says so."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from persona.errors import DataError, error, warning
from persona.responses.cells import Cells, is_blank, shown
from persona.responses.table import Loaded, RawTable, make_table
from persona.responses.workbook import Sheet

_FIRST_ROWS = 12
_DATE = re.compile(r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(\s|T|$)")
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")

Known = Callable[[str], bool]
"""Whether a header text is an id or a text of the questionnaire."""


@dataclass(frozen=True)
class HeaderRows:
    """Header rows and the first respondent, as rows of the cells from 0."""

    rows: tuple[int, ...]
    first: int


def find_headers(cells: Cells, known: Known | None = None) -> HeaderRows | None:
    """The header rows of a plain table; None when the first row looks like answers.

    With a questionnaire, the rows that name its questions are the headers; without one, the first
    full row of texts is, with the row below it when the first one leaves gaps over it.

    Parameters
    ----------
    cells : Cells
    known : callable, optional
        Tells ids and texts of the questionnaire.
    """
    top = [cells.row(number) for number in range(min(_FIRST_ROWS, cells.shape[0]))]
    if known is not None:
        named = [sum(known(shown(value)) for value in row if not is_blank(value)) for row in top]
        best = max(named, default=0)
        if best:
            rows = [
                n
                for n, count in enumerate(named)
                if count == best or (count >= max(1, 0.4 * best) and _texts_alone(top[n]))
            ]
            block = tuple(range(rows[0], rows[-1] + 1))
            return _with_options_row(HeaderRows(block, rows[-1] + 1), cells, top)
    return _by_shape(cells, top)


def _texts_alone(row: tuple[object, ...]) -> bool:
    """Whether a row holds no number and no day, as a second header row does.

    Answers may repeat texts of the questionnaire too: the option chosen, the best of a set.
    """
    filled = [value for value in row if not is_blank(value)]
    return all(isinstance(v, str) and not _NUMBER.fullmatch(v.strip()) for v in filled)


def _with_options_row(found: HeaderRows, cells: Cells, top: list[tuple[object, ...]]) -> HeaderRows:
    """A row of options stands below a header that leaves gaps."""
    last = found.rows[-1]
    if last + 1 < len(top) and _is_second_header(top[last], top[last + 1]):
        return HeaderRows((*found.rows, last + 1), last + 2)
    return found


def _by_shape(cells: Cells, top: list[tuple[object, ...]]) -> HeaderRows | None:
    width = cells.shape[1]
    counts = [sum(not is_blank(value) for value in row) for row in top]
    start = 0
    while start < len(top) - 1 and counts[start] <= 1 < width and counts[start + 1] > counts[start]:
        start += 1  # titles and blank rows above the table
    if start >= len(top):
        return None
    if _looks_like_answers(top[start], cells, start):
        return None
    if start + 1 < len(top) and _is_second_header(top[start], top[start + 1]):
        return HeaderRows((start, start + 1), start + 2)
    return HeaderRows((start,), start + 1)


def _is_second_header(upper: tuple[object, ...], lower: tuple[object, ...]) -> bool:
    """Texts stand under the gaps of the upper row and no answers under its texts."""
    gaps = [low for up, low in zip(upper, lower, strict=True) if is_blank(up)]
    under_gaps = [low for low in gaps if not is_blank(low)]
    if len(under_gaps) < 2 or len(under_gaps) < 0.6 * len(gaps):
        return False
    texts = [low for low in lower if not is_blank(low)]
    return all(isinstance(low, str) and not _NUMBER.fullmatch(low.strip()) for low in texts)


def _looks_like_answers(row: tuple[object, ...], cells: Cells, number: int) -> bool:
    filled = [value for value in row if not is_blank(value)]
    if not filled:
        return True
    if any(isinstance(v, datetime.date) or _DATE.match(shown(v)) for v in filled):
        return True
    numbers = sum(not isinstance(v, str) or bool(_NUMBER.fullmatch(v.strip())) for v in filled)
    if numbers > len(filled) / 2 and not _counts_up(filled):
        return True
    below = cells.codes[number + 1 :]
    again = sum(
        bool((below[:, column] == cells.codes[number, column]).any())
        for column, value in enumerate(row)
        if not is_blank(value)
    )
    return again >= max(3, 0.3 * len(filled))


def _counts_up(filled: list[object]) -> bool:
    """Headers such as 1, 2, 3 number the questions."""
    texts = [shown(value).strip() for value in filled]
    numbers = [int(text) for text in texts if text.isdigit()]
    steps = {after - before for before, after in pairwise(numbers)}
    return len(numbers) >= 3 and steps == {1}


def plain_table(
    loaded: Loaded, sheet: Sheet, known: Known | None = None, rows: tuple[int, ...] | None = None
) -> RawTable:
    """A plain table with its header rows found.

    Parameters
    ----------
    rows : tuple of int, optional
        1-based header rows as the sheet counts, taken as given.

    Raises
    ------
    DataError
        Nothing stands below the header.
    """
    cells = sheet.cells
    if rows is not None:
        given = tuple(number - 1 - cells.top for number in rows)
        headers: HeaderRows | None = HeaderRows(given, max(given) + 1)
    else:
        headers = find_headers(cells, known)
    table = make_table(loaded, sheet, *_or_letters(headers))
    if table.n == 0:
        raise DataError(
            error(
                "table.no_answers",
                "There are headers but no answers below them.",
                file=str(table.file),
                sheet=table.sheet,
                found=", ".join(table.header[:5]),
                remedy="Export the answers again; perhaps a filter left nobody in.",
            )
        )
    if headers is None:
        table = table.with_problems(
            warning(
                "table.no_header",
                "The first row looks like answers, so columns are called by their letters.",
                file=str(table.file),
                sheet=table.sheet,
                found=", ".join(shown(value) for value in cells.row(0)[:4])[:200],
                remedy="Add a row of question ids or texts on top, or match the columns by "
                "letter in a mapping.",
            )
        )
    return table


def _or_letters(headers: HeaderRows | None) -> tuple[tuple[int, ...], int]:
    return (headers.rows, headers.first) if headers is not None else ((), 0)
