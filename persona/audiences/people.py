"""People with their segments and the columns of the files they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from persona.audiences.words import loose, words
from persona.errors import DataError, Problem, error, note
from persona.questionnaire.cells import number
from persona.registry import nearest
from persona.responses.cells import is_blank, shown
from persona.responses.export import SurveyExport


@dataclass(frozen=True)
class PeopleColumn:
    """One column of a file of people, one cell a person.

    Parameters
    ----------
    header : str
    cells : tuple
    file : str
        As messages call it.
    sheet, letter : str or None
    rows : tuple of int
        1-based row that each cell stands in; 0 where the file has nobody.
    variable : str or None
        The question's variable that it answers; of a question with options the cells are labels.
    sensitive : bool
        The questionnaire says that it asks about health, belief and the like.
    holds : str or None
        The field that it is known to hold, whatever its header.
    """

    header: str
    cells: tuple[Any, ...]
    file: str
    sheet: str | None
    letter: str | None
    rows: tuple[int, ...]
    variable: str | None = None
    sensitive: bool = False
    holds: str | None = None

    @property
    def place(self) -> dict[str, Any]:
        """File, sheet and column as problems carry them."""
        return {"file": self.file, "sheet": self.sheet, "column": self.header}


@dataclass(frozen=True)
class People:
    """Everybody who may come on a list.

    Parameters
    ----------
    file : str
        The file they come from.
    columns : tuple of PeopleColumn
        Those of files with contacts first.
    segments : tuple of int or None
        None: without a segment.
    probabilities : tuple of float or None
    uncertain : tuple of bool or None
        What the file itself says; None where it says nothing.
    names : mapping of segment to name
    excluded : set of int
        Segments that the study leaves out.
    problems : tuple of Problem
    """

    file: str
    columns: tuple[PeopleColumn, ...]
    segments: tuple[int | None, ...]
    probabilities: tuple[float | None, ...]
    uncertain: tuple[bool | None, ...]
    names: Mapping[int, str]
    excluded: frozenset[int] = frozenset()
    problems: tuple[Problem, ...] = ()

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.segments)


def columns_of(
    export: SurveyExport,
    file: str,
    *,
    positions: Sequence[int | None] | None = None,
) -> tuple[PeopleColumn, ...]:
    """The columns of a file.

    Parameters
    ----------
    export : SurveyExport
    file : str
        As messages call it.
    positions : sequence, optional
        For each person the position of the row in the table, None for none; default: all rows.
    """
    table = export.table
    order = list(range(table.n)) if positions is None else list(positions)
    rows = tuple(0 if at is None else int(table.rows[at]) for at in order)
    found = []
    for column in export.columns:
        cells = table.column(column.number)
        found.append(
            PeopleColumn(
                table.header[column.number] or column.id,
                tuple(None if at is None else cells[at] for at in order),
                file,
                table.sheet,
                table.letters[column.number],
                rows,
            )
        )
    return tuple(found)


def people_in(
    export: SurveyExport, file: str, names: Mapping[int, str], known: Mapping[str, int]
) -> People:
    """The people of a file that has a column with segments.

    Parameters
    ----------
    export : SurveyExport
    file : str
    names : mapping of segment to name
        From the study; the file's own names come first.
    known : mapping of name to segment
        In any language, folded with :func:`loose`.

    Raises
    ------
    DataError
        No column holds segments, or cells are neither numbers nor names of segments.
    """
    columns = columns_of(export, file)
    marked = {name: _marked(columns, name) for name in ("segment", "segment_name")}
    called = marked["segment_name"]
    segment = marked["segment"] or called
    if segment is None:
        raise DataError(_no_segments(columns, file))
    segments = _segments(segment, known, names)
    own = dict(names)
    if called is not None and called is not segment:
        for number_, cell in zip(segments, called.cells, strict=True):
            if number_ is not None and not is_blank(cell) and cell is not None:
                own[number_] = shown(cell)
    return People(
        file=file,
        columns=columns,
        segments=segments,
        probabilities=_probabilities(_marked(columns, "probability"), len(segments)),
        uncertain=_flags(_marked(columns, "uncertain"), len(segments)),
        names=own,
        problems=(
            note(
                "audience.segment_column",
                "The segments of the people are read from the column {column!r}.",
                **segment.place,
                values={"column": segment.header},
            ),
        ),
    )


def _marked(columns: Sequence[PeopleColumn], name: str) -> PeopleColumn | None:
    """The column with one of the headers for a thing; the last, as programs add behind."""
    headers = words().headers[name]
    fitting = [column for column in columns if loose(column.header) in headers]
    return fitting[-1] if fitting else None


def _segments(
    column: PeopleColumn, known: Mapping[str, int], names: Mapping[int, str]
) -> tuple[int | None, ...]:
    found: list[int | None] = []
    wrong: list[int] = []
    for row, cell in zip(column.rows, column.cells, strict=True):
        if cell is None or is_blank(cell):
            found.append(None)
            continue
        figure = number(cell)
        if figure is not None and figure.is_integer() and figure >= 1:
            found.append(int(figure))
            continue
        named = known.get(loose(shown(cell)))
        found.append(named)
        if named is None:
            wrong.append(row)
    if wrong:
        at = column.rows.index(wrong[0])
        raise DataError(
            error(
                "audience.segment_cell",
                "{count} cells are neither the number nor the name of a segment.",
                **column.place,
                row=wrong[0],
                found=f"{shown(column.cells[at])!r}; rows " + ", ".join(map(str, wrong[:10])),
                allowed="a number from 1, or one of the names: " + ", ".join(names.values())
                if names
                else "a number from 1",
                remedy="Correct the cells, or leave them empty for people without a segment.",
                values={"count": len(wrong)},
            )
        )
    return tuple(found)


def _probabilities(column: PeopleColumn | None, n: int) -> tuple[float | None, ...]:
    if column is None:
        return (None,) * n
    return tuple(_probability(cell) for cell in column.cells)


def _probability(cell: object) -> float | None:
    """A share between 0 and 1; with three decimals it is no thousand, whatever its mark."""
    text = "" if cell is None else shown(cell).strip().replace(",", ".")
    try:
        figure = float(text)
    except ValueError:
        return None
    return figure if 0 <= figure <= 1 else None


def _flags(column: PeopleColumn | None, n: int) -> tuple[bool | None, ...]:
    if column is None:
        return (None,) * n
    known = words()
    found: list[bool | None] = []
    for cell in column.cells:
        text = loose(shown(cell)) if cell is not None else ""
        found.append(True if text in known.yes else False if text in known.no else None)
    return tuple(found)


def _no_segments(columns: Sequence[PeopleColumn], file: str) -> Problem:
    headers = [column.header for column in columns]
    near = nearest("segment", headers)
    return error(
        "audience.no_segment_column",
        "No column of the people's file holds segments.",
        file=file,
        found=", ".join(headers[:12]),
        allowed="a column called segment, with numbers or names of segments",
        remedy=(f"Rename {near!r} to segment. " if near else "")
        + "persona assign writes such a file; for the respondents of the study leave --people out "
        "and name the file with their addresses under `audiences: contacts:` in the study file.",
    )
