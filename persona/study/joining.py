"""Join customer records to the answers, as further columns of the table that is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from persona.errors import DataError, Problem, error
from persona.questionnaire.variables import Measure
from persona.registry import nearest
from persona.responses import ColumnMatch, SurveyExport, join_records
from persona.responses.cells import shown
from persona.responses.matching import Matching
from persona.responses.records import JoinedRecords
from persona.responses.survey import SurveyColumn
from persona.responses.table import RawTable
from persona.study.answer_options import RecordsFile
from persona.study.records_reading import RecordsRead, read_records

if TYPE_CHECKING:
    from persona.study.study import Study


@dataclass(frozen=True)
class RecordsJoined:
    """One file of customer records, and what became of it.

    Parameters
    ----------
    file : str
        As the study calls it.
    sha256 : str
    columns : mapping of variable to its source
        File and header, or what was derived from purchases.
    joined, without : tuple of str
        Respondents with a record, and those without one.
    unused : tuple of str
        Keys of records that belong to no respondent.
    """

    file: str
    sha256: str
    columns: Mapping[str, str]
    joined: tuple[str, ...]
    without: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class _Cell:
    """Where the cells of a joined column stand: header, and row of each respondent, 0 unknown."""

    file: str
    sheet: str | None
    letter: str | None
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Joined:
    """The answers with the columns of all records.

    Parameters
    ----------
    export : SurveyExport
        The answers, records in further columns behind them.
    mapping : mapping
        Name of each further column to its variable.
    records : tuple of RecordsJoined
    problems : tuple of Problem
        What was said about the records, errors among it.
    places : mapping
        Where the cells of each further column stand.
    """

    export: SurveyExport
    mapping: Mapping[str, str]
    records: tuple[RecordsJoined, ...]
    problems: tuple[Problem, ...]
    places: Mapping[str, _Cell]

    def relocated(self, problem: Problem, first_row: Mapping[int, int]) -> Problem:
        """A problem of a joined cell with the place it has in its own file.

        Parameters
        ----------
        problem : Problem
        first_row : mapping
            Row of the answers to the position of its respondent.
        """
        cell = self.places.get(problem.column or "")
        if cell is None:
            return problem
        at = first_row.get(problem.row) if problem.row is not None else None
        row = cell.rows[at] if at is not None else 0
        return replace(
            problem, file=cell.file, sheet=cell.sheet, row=row or None, column=cell.letter
        )


def join_all(study: Study, export: SurveyExport, matching: Matching) -> Joined:
    """Join every file of records that the study names; what fails is among the problems."""
    joined = Joined(export, {}, (), (), {})
    for options in study.file.records:
        try:
            joined = _with(joined, study, options, matching)
        except DataError as trouble:
            said = (_called(problem, study, options) for problem in trouble.problems)
            joined = replace(joined, problems=(*joined.problems, *said))
    return joined


def _called(problem: Problem, study: Study, options: RecordsFile) -> Problem:
    """The file called as the study calls it."""
    own = str(study.folder / options.file)
    return replace(problem, file=options.file) if problem.file in (own, None) else problem


def _with(joined: Joined, study: Study, options: RecordsFile, matching: Matching) -> Joined:
    path = (study.folder / options.file).resolve()
    keys = _keys(joined.export, study, options, matching)
    records = read_records(study, options)
    found = join_records(
        keys,
        path,
        records.key,
        columns=None if records.purchases else list(records.headers.values()),
        purchases=records.purchases,
        today=options.today.isoformat() if options.today else None,
        export=records.export,
        same=records.same,
    )
    _refuse_twice(joined, study, options, matching)
    source = records.export
    export, mapping, places = joined.export, dict(joined.mapping), dict(joined.places)
    for variable, header in records.headers.items():
        name = f"{options.file}: {header}"
        while name in places:
            name += " "
        cells = _cells(found, variable, header, records, study)
        export = _appended(export, name, cells)
        mapping[name] = variable
        places[name] = _place(keys, records, options, header)
    record = RecordsJoined(
        options.file,
        source.table.sha256,
        {variable: f"{options.file}: {header}" for variable, header in records.headers.items()},
        found.joined,
        found.without,
        found.unused,
    )
    said = tuple(
        replace(problem, file=options.file) for problem in (*records.problems, *found.warnings)
    )
    return Joined(export, mapping, (*joined.records, record), (*joined.problems, *said), places)


def _keys(
    export: SurveyExport, study: Study, options: RecordsFile, matching: Matching
) -> pd.Series:
    """The key of each respondent, called by the respondent's id, or row where there is none."""
    cells = export.table.column(_key_column(export, study, options, matching))
    identifier = _identifier(study)
    ids = next((m.number for m in matching.matches if m.variable == identifier), None)
    names = export.table.rows.astype(str) if ids is None else map(shown, export.table.column(ids))
    return pd.Series(list(cells), index=list(names), dtype=object)


def _identifier(study: Study) -> str | None:
    """The variable that holds the respondents' ids."""
    variables = study.questionnaire.variables
    return next((v.id for v in variables if v.measure is Measure.IDENTIFIER), None)


def _key_column(
    export: SurveyExport, study: Study, options: RecordsFile, matching: Matching
) -> int:
    by_variable = {match.variable: match.number for match in matching.matches}
    wanted = options.to or _identifier(study)
    if wanted in by_variable:
        return by_variable[wanted]
    headers = {export.table.header[column.number]: column.number for column in export.columns}
    if wanted in headers:
        return headers[wanted]
    names = [*by_variable, *headers]
    near = nearest(wanted, names) if wanted else None
    raise DataError(
        error(
            "record.no_key",
            "The answers have no column {name!r} to join the records by.",
            file=options.file,
            found=", ".join(names[:12]),
            remedy=f"Did you mean {near!r}?"
            if near
            else "Name the question or column with the key: write `to:` under `records:` in the "
            "study file.",
            values={"name": wanted or "of respondents' ids"},
        )
    )


def _refuse_twice(joined: Joined, study: Study, options: RecordsFile, matching: Matching) -> None:
    """A variable comes from one place."""
    question = {v.id: v.question for v in study.questionnaire.variables}
    held: dict[str, str] = {match.variable: match.column for match in matching.matches}
    held |= {variable: name for name, variable in joined.mapping.items()}
    problems = [
        error(
            "record.held",
            "{variable} would come from two places: {first} and {second}.",
            file=options.file,
            question=variable,
            remedy="Take one of them out of the study: `columns:` under `records:`, or name the "
            "column of the answers with null in a mapping.",
            values={
                "variable": variable,
                "first": held.get(variable) or held[question[variable]],
                "second": f"{options.file}: {header}",
            },
        )
        for variable, header in options.columns.items()
        if variable in held or question.get(variable) in held
    ]
    if problems:
        raise DataError(problems)


def _cells(
    found: JoinedRecords, variable: str, header: str, records: RecordsRead, study: Study
) -> list[object]:
    """The cells of one column, figures derived from purchases as precise as they are asked."""
    if records.purchases is None:
        place = list(records.headers).index(variable)
        return [None if _nothing(cell) else cell for cell in found.frame.iloc[:, place]]
    question = next((v.question for v in study.questionnaire.variables if v.id == variable), "")
    declared = study.questionnaire.question(question or variable)
    decimals = getattr(declared, "decimals", None)
    return [_plain(cell, 2 if decimals is None else decimals) for cell in found.frame[header]]


def _nothing(cell: Any) -> bool:
    return cell is None or cell is pd.NaT or (isinstance(cell, float) and bool(np.isnan(cell)))


def _plain(cell: Any, decimals: int) -> object:
    """A figure or day as a spreadsheet would hold it."""
    if _nothing(cell):
        return None
    if isinstance(cell, pd.Timestamp):
        return cell.date()
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, float):
        figure = round(cell, decimals)
        return int(figure) if figure.is_integer() else figure
    plain: object = cell
    return plain


def _appended(export: SurveyExport, name: str, cells: Sequence[object]) -> SurveyExport:
    """The export with one more column behind its own."""
    table = export.table
    codes = np.empty(len(cells), np.int32)
    values = list(table.values)
    known: dict[tuple[type, object], int] = {}
    for row, cell in enumerate(cells):
        value = "" if cell is None else cell
        key = type(value), value
        if key not in known:
            known[key] = len(values)
            values.append(value)
        codes[row] = known[key]
    header_rows = tuple((*row, "") for row in table.header_rows[:-1])
    last = (*(table.header_rows[-1] if table.header_rows else ("",) * len(table.letters)), name)
    wider = RawTable(
        file=table.file,
        sheet=table.sheet,
        sha256=table.sha256,
        header_rows=(*header_rows, last),
        header_row=table.header_row,
        rows=table.rows,
        letters=(*table.letters, name),
        codes=np.ascontiguousarray(np.vstack([table.codes, codes[None, :]])),
        values=tuple(values),
        problems=table.problems,
    )
    column = SurveyColumn(name, len(table.letters), text=name)
    return replace(export, table=wider, columns=(*export.columns, column))


def _place(keys: pd.Series, records: RecordsRead, options: RecordsFile, header: str) -> _Cell:
    """Where the cells of a column of records stand in their own file."""
    source = records.export
    table = source.table
    if records.purchases is not None:
        return _Cell(options.file, table.sheet, header, (0,) * len(keys))
    named = {c.id: c.number for c in source.columns}
    named |= {table.header[c.number]: c.number for c in source.columns}
    row_of = {
        records.same(key): int(row)
        for key, row in zip(table.column(named[records.key]), table.rows, strict=True)
    }
    rows = tuple(row_of.get("" if key is None else records.same(key), 0) for key in keys)
    return _Cell(options.file, table.sheet, table.letters[named[header]], rows)


def shown_match(match: ColumnMatch, joined: Joined) -> ColumnMatch:
    """How a column of records was matched, in words."""
    if match.letter not in joined.places:
        return match
    return replace(match, reason="joined from customer records", column=match.letter)
