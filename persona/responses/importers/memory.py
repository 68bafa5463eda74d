"""Tables that come from elsewhere than a sheet: rows of values with their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from persona.errors import DataError, error
from persona.responses.cells import count_cells, letter
from persona.responses.sniff import Source
from persona.responses.table import RawTable


def table_of(
    source: Source,
    header_rows: Sequence[Sequence[str]],
    rows: Iterable[Sequence[Any]],
    first_row: int = 1,
) -> RawTable:
    """A table of rows that were read some other way; missing values are None or NaN.

    Raises
    ------
    DataError
        There are no rows.
    """
    width = len(header_rows[0])
    cells = count_cells(
        (["" if cell is None or cell != cell else cell for cell in row] for row in rows), width
    )
    n = cells.shape[0]
    if not n or not width:
        raise DataError(
            error(
                "table.no_answers",
                "The file holds no respondents.",
                file=str(source.path),
                remedy="Export the answers again.",
            )
        )
    return RawTable(
        file=source.path,
        sheet=None,
        sha256=source.sha256,
        header_rows=tuple(tuple(row) for row in header_rows),
        header_row=0,
        rows=np.arange(first_row, first_row + n, dtype=np.int64),
        letters=tuple(letter(number) for number in range(width)),
        codes=np.ascontiguousarray(cells.codes.T),
        values=cells.values,
    )
