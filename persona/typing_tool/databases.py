"""Tables of people where they are: Parquet, large text files, databases; read by Ibis."""

from __future__ import annotations

import datetime
import decimal
import importlib.util
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persona.errors import DataError, Problem, error, note
from persona.questionnaire.model import Questionnaire
from persona.responses.decoding import decode_export
from persona.responses.deriving import with_derived
from persona.responses.export import SurveyExport
from persona.responses.importers.memory import table_of
from persona.responses.importers.plain import columns_of
from persona.responses.mapping import read_mapping
from persona.responses.matching import match_columns
from persona.responses.sniff import Source
from persona.responses.survey import complete
from persona.typing_tool.model import TypingModel, TypingQuestion
from persona.typing_tool.people import (
    absent_variables,
    codes_of,
    refuse_absent,
)
from persona.typing_tool.tables import REFUSED, UNANSWERED, ColumnReading

if TYPE_CHECKING:
    import ibis.expr.types as ir

ENGINES = ("duckdb", "spark")
LARGE_TEXT = 100_000_000
"""Bytes of a text file from which it is left to the database engine."""
_PARQUET = (".parquet", ".pq")
_DUCKDB = (".duckdb", ".ddb")
_SQLITE = (".sqlite", ".sqlite3", ".db")
_TEXT = (".csv", ".tsv", ".txt")
_DISTINCT = 20_000
_SAMPLE = 100


@dataclass(frozen=True)
class PeopleTable:
    """A table of people with what its columns answer.

    Parameters
    ----------
    table : ibis Table
    readings : mapping of variable to ColumnReading
    absent : tuple of variables
    problems : tuple of Problem
    """

    table: ir.Table
    readings: Mapping[str, ColumnReading]
    absent: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def is_table(people: str, table: str | None) -> bool:
    """Whether people are to be placed where they are, not read into memory.

    Examples
    --------
    >>> is_table("customers.parquet", None), is_table("answers.xlsx", None)
    (True, False)
    """
    if table is not None or "://" in people:
        return True
    path = Path(people)
    suffix = path.suffix.lower()
    if suffix in (*_PARQUET, *_DUCKDB, *_SQLITE) or path.is_dir():
        return True
    return suffix in _TEXT and path.is_file() and path.stat().st_size > LARGE_TEXT


def open_table(people: str, table: str | None = None, engine: str = "duckdb") -> ir.Table:
    """A table as an Ibis expression; nothing is read yet.

    Parameters
    ----------
    people : str
        A Parquet file or a folder of them, a large CSV file, a DuckDB or SQLite database, or the
        address of a database as Ibis writes it (``postgres://...``).
    table : str, optional
        Which table of a database.
    engine : "duckdb" or "spark"
        What reads files.

    Raises
    ------
    DataError
        When the packages are missing, there is no such file or table, or it cannot be read.
    """
    _need("ibis", people, "warehouse")
    path = Path(people)
    if "://" not in people and not path.exists():
        raise DataError(error("people.absent", "There is no such file.", file=people))
    import sqlite3

    import duckdb
    import ibis

    try:
        return _opened(people, path, table, engine)
    except (
        OSError,
        ValueError,
        ImportError,
        duckdb.Error,
        sqlite3.Error,
        ibis.IbisError,
    ) as failure:
        raise DataError(_unreadable(people, failure)) from failure


def _opened(people: str, path: Path, table: str | None, engine: str) -> ir.Table:
    import ibis

    suffix = path.suffix.lower()
    if "://" in people:
        return _named_table(ibis.connect(people), table, people)
    if suffix in _DUCKDB:
        return _named_table(ibis.duckdb.connect(str(path), read_only=True), table, people)
    if suffix in _SQLITE:
        return _named_table(ibis.sqlite.connect(str(path)), table, people)
    connection = _spark() if engine == "spark" else _duckdb()
    if suffix in _TEXT:
        return connection.read_csv(str(path), **_all_text(engine))
    where = str(path / "*.parquet") if path.is_dir() and engine == "duckdb" else str(path)
    return connection.read_parquet(where)


def _all_text(engine: str) -> dict[str, Any]:
    """Every column as text, so that 007 stays 007."""
    return {"all_varchar": True} if engine == "duckdb" else {"header": True, "inferSchema": False}


def _duckdb() -> Any:
    """DuckDB without network, writing rows in the order they are read."""
    import ibis

    connection = ibis.duckdb.connect()
    connection.raw_sql("SET autoinstall_known_extensions = false")
    connection.raw_sql("SET enable_progress_bar = false")
    return connection


def _spark() -> Any:
    """The Spark session that runs, or one of this machine."""
    _need("pyspark", "spark", "spark")
    import ibis
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is None:
        builder = SparkSession.builder.appName("persona")
        session = builder.config("spark.ui.enabled", "false").getOrCreate()
    return ibis.pyspark.connect(session)


def _named_table(connection: Any, table: str | None, people: str) -> ir.Table:
    there = sorted(connection.list_tables())
    if table is None and len(there) == 1:
        table = there[0]
    if table is None or table not in there:
        raise DataError(
            error(
                "people.table",
                "The database has no table {table}."
                if table
                else "The database holds several tables, or none; say which with --table.",
                file=people,
                allowed=", ".join(there) or "no tables",
                values={"table": table} if table else {},
            )
        )
    return connection.table(table)


def _need(package: str, people: str, extra: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise DataError(
            error(
                "people.package",
                "Placing people in a database or a Parquet file needs the package {package}.",
                file=people,
                remedy=f"Install it with: pip install 'persona[{extra}]'",
                values={"package": package},
            )
        )


def _unreadable(people: str, failure: Exception) -> Problem:
    return error(
        "people.unreadable",
        "The people cannot be read.",
        file=people.split("@")[-1],
        found=str(failure).splitlines()[0][:300] if str(failure) else type(failure).__name__,
        remedy="Check the file or the address of the database.",
    )


def find_answers(
    table: ir.Table,
    questionnaire: Questionnaire,
    model: TypingModel,
    *,
    people: str = "",
    mapping: Mapping[str, str | None] | str | Path | None = None,
) -> PeopleTable:
    """Find the questions of the model among the columns of a table, and read their answers.

    The distinct answers of each column are decoded as cells of a workbook would be: codes or
    labels, in any language.

    Raises
    ------
    DataError
        When the table lacks more of the questions than may be missing, or a column of answers
        holds too many different ones.
    """
    mapped = read_mapping(mapping).columns
    names = list(table.columns)
    head = _export(people, names, _rows(table.limit(_SAMPLE).execute().to_dict("list")))
    matching = match_columns(head, questionnaire, mapped)
    asked = {question.variable: question for question in model.questions}
    matched = {match.variable: names[match.number] for match in matching.matches}
    of = {variable.id: variable.question for variable in questionnaire.variables}
    sources = {
        name: matched[name if name in matched else of[name]]
        for name in asked
        if name in matched or of.get(name) in matched
    }
    absent = absent_variables(model, questionnaire, sources)
    refuse_absent(model, absent, questionnaire, people)
    readings = {
        name: ColumnReading(column)
        for name, column in sources.items()
        if asked[name].bands and table[column].type().is_numeric()
    }
    targets = {
        column: next(target for target, own in matched.items() if own == column)
        for column in dict.fromkeys(c for n, c in sources.items() if n not in readings)
    }
    cells = {column: _distinct(table, column, people) for column in targets}
    told: list[Problem] = []
    if cells:
        read = _decoded(cells, targets, questionnaire, people)
        for name, column in sources.items():
            if name not in readings:
                rows = _point_rows(asked[name], cells[column], read[name])
                readings[name] = ColumnReading(column, rows)
                told += _refused(name, column, rows, people)
    return PeopleTable(table, readings, absent, tuple(told))


def _distinct(table: ir.Table, column: str, people: str) -> list[Any]:
    """The different cells of a column, in an order that does not depend on the engine."""
    values = table[column]
    if values.type().is_boolean():
        values = values.cast("int8")
    found = table.select(cell=values).filter(values.notnull()).distinct().limit(_DISTINCT + 1)
    cells = [_cell(value) for value in found.execute()["cell"].tolist()]
    if len(cells) > _DISTINCT:
        raise DataError(
            error(
                "people.distinct",
                "The column {column} holds more than {most} different answers.",
                file=people,
                column=column,
                remedy="Is it the right column? Numbers are best stored as numbers; a mapping "
                "file (--mapping) names another column.",
                values={"column": column, "most": _DISTINCT},
            )
        )
    return sorted((cell for cell in cells if cell is not None), key=lambda c: (str(type(c)), c))


def _cell(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    return value


def _rows(columns: Mapping[Any, Sequence[Any]]) -> list[tuple[Any, ...]]:
    cells = [[_cell(value) for value in column] for column in columns.values()]
    longest = max((len(column) for column in cells), default=0)
    padded = [[*column, *[None] * (longest - len(column))] for column in cells]
    return list(zip(*padded, strict=True)) or [(None,) * len(cells)]


def _export(people: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> SurveyExport:
    table = table_of(Source(Path(people), b"", ""), [list(names)], rows)
    return SurveyExport("table", table, columns_of(table), complete(table.n))


def _decoded(
    cells: Mapping[str, list[Any]],
    targets: Mapping[str, str],
    questionnaire: Questionnaire,
    people: str,
) -> dict[str, list[Any]]:
    """What each distinct cell means for each variable of the questionnaire."""
    export = _export(people, list(cells), _rows(cells))
    matching = match_columns(export, questionnaire, dict(targets))
    decoded = with_derived(questionnaire, decode_export(export, questionnaire, matching), export.n)
    return {name: codes_of(answers).tolist() for name, answers in decoded.answers.items()}


def _point_rows(
    question: TypingQuestion, cells: Sequence[Any], means: Sequence[Any]
) -> dict[Any, int]:
    """The row of the point table of each distinct cell."""
    import pandas as pd

    from persona.typing_tool.placing import rows_and_states

    values = pd.Series(list(means[: len(cells)]), dtype=object)
    rows, states = rows_and_states(question, values)
    return {
        cell: int(row) if state == 0 else UNANSWERED if state == 1 else REFUSED
        for cell, row, state in zip(cells, rows, states, strict=True)
    }


def _refused(name: str, column: str, rows: Mapping[Any, int], people: str) -> list[Problem]:
    refused = [str(cell) for cell, row in rows.items() if row == REFUSED]
    if not refused:
        return []
    return [
        note(
            "typing.not_allowed_values",
            "The column {column} holds answers that {variable} does not allow; they count as "
            "unanswered.",
            file=people,
            column=column,
            found=", ".join(refused[:5]),
            values={"column": column, "variable": name},
        )
    ]
