"""One expression that places every row of a table, wherever the table is.

Ibis writes it for DuckDB, Spark, PostgreSQL and others, so customers too many for memory are
placed where they are. Points are whole numbers: every engine gives the segment that
:func:`persona.typing_tool.type_people` gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from persona.typing_tool.model import SCALE, TypingModel, TypingQuestion
from persona.typing_tool.placing import point_table

if TYPE_CHECKING:
    import ibis.expr.types as ir

RESULTS = (
    "segment",
    "segment_name",
    "second",
    "probability",
    "uncertain",
    "missing",
    "unanswered",
    "not_allowed",
)
"""Columns that placing adds."""
UNANSWERED, REFUSED = -1, -2
_LEAST = -(2**60)


@dataclass(frozen=True)
class ColumnReading:
    """How a column of a table answers one question.

    Parameters
    ----------
    column : str
    rows : mapping of cell to row, or None
        Row of the point table that each distinct cell stands for, ``UNANSWERED`` or ``REFUSED``;
        other cells are not allowed. None: the column holds the number itself.
    """

    column: str
    rows: Mapping[Any, int] | None = None


def typed_table(
    table: ir.Table,
    model: TypingModel,
    readings: Mapping[str, ColumnReading],
    names: Sequence[str],
    keep: Sequence[str] | None = None,
) -> ir.Table:
    """The rows of a table with their segments.

    Parameters
    ----------
    table : ibis Table
    model : TypingModel
    readings : mapping of variable to ColumnReading
        A question without one is unanswered by everybody.
    names : sequence of str
        Of the segments in order.
    keep : sequence of str, optional
        Columns of the table that stay; default: all.

    Returns
    -------
    ibis Table
        The columns kept, then ``RESULTS``; an expression that nothing has run yet.
    """
    chosen = list(table.columns) if keep is None else list(keep)
    before = {free_name(name, chosen): table[name] for name in chosen}
    staged = _ranked(_summed(table, model, readings, before), model)
    placed = staged["_missing"] <= model.max_missing
    close = (staged["_best"] - staged["_next"] < model.uncertain_below) if model.k > 1 else False
    odds = [((staged[f"_sum_{s}"] - staged["_best"]) / float(SCALE)).exp() for s in range(model.k)]
    return staged.select(
        *before,
        segment=placed.ifelse(staged["_first"], None),
        segment_name=placed.ifelse(_named(staged["_first"], names), None),
        second=placed.ifelse(staged["_second"], None) if model.k > 1 else _no_second(),
        probability=placed.ifelse(1.0 / _added(odds), None),
        uncertain=~placed | close,
        missing=staged["_missing"],
        unanswered=staged["_unanswered"],
        not_allowed=staged["_not_allowed"],
    )


def _summed(
    table: ir.Table,
    model: TypingModel,
    readings: Mapping[str, ColumnReading],
    before: Mapping[str, ir.Value],
) -> ir.Table:
    """The columns kept, the sums of the segments, and what is missing."""
    rows = {f"_row_{j}": _row(table, q, readings) for j, q in enumerate(model.questions)}
    staged = table.select(**before, **rows)
    missing = _added([(staged[name] < 0).ifelse(1, 0) for name in rows])
    # joining texts costs most, so it is done only where there is something to tell
    return staged.select(
        *before,
        **{f"_sum_{s}": _sum(staged, model, s) for s in range(model.k)},
        _missing=missing,
        _unanswered=_told(missing, _listed(staged, model, list(rows), UNANSWERED)),
        _not_allowed=_told(missing, _listed(staged, model, list(rows), REFUSED)),
    )


def _ranked(staged: ir.Table, model: TypingModel) -> ir.Table:
    """With the largest and the second largest sum, and whose they are."""
    import ibis

    sums = [f"_sum_{s}" for s in range(model.k)]
    columns = [staged[name] for name in sums]
    staged = staged.mutate(_best=ibis.greatest(*columns) if model.k > 1 else columns[0])
    staged = staged.mutate(_first=_first_of(staged, staged["_best"], sums, None))
    staged = staged.mutate(_next=_runner_up(staged, sums))
    return staged.mutate(_second=_first_of(staged, staged["_next"], sums, staged["_first"]))


def free_name(name: str, others: Sequence[str]) -> str:
    """The name of a column of the table, another one where placing adds a column so called.

    Examples
    --------
    >>> free_name("segment", ["id", "segment"]), free_name("id", ["id", "segment"])
    ('segment_before', 'id')
    """
    if name not in RESULTS:
        return name
    called = f"{name}_before"
    while called in others or called in RESULTS:
        called += "_"
    return called


def _row(
    table: ir.Table, question: TypingQuestion, readings: Mapping[str, ColumnReading]
) -> ir.Value:
    """The row of the point table for each person, below 0 where the answer is not usable."""
    import ibis

    reading = readings.get(question.variable)
    if reading is None:
        return ibis.literal(UNANSWERED, "int16")
    column = table[reading.column]
    if reading.rows is None:
        return _band(column, question)
    if column.type().is_boolean():
        column = column.cast("int8")
    branches = [(column == cell, _whole(row)) for cell, row in reading.rows.items()]
    return ibis.cases((column.isnull(), _whole(UNANSWERED)), *branches, else_=_whole(REFUSED))


def _band(column: ir.Value, question: TypingQuestion) -> ir.Value:
    """The band of a number; numbers beyond the bounds, and endless ones, are not allowed."""
    import ibis

    blank = column.isnull()
    if column.type().is_floating():
        blank = blank | column.isnan()
    number = column.cast("float64")
    branches = [(blank, _whole(UNANSWERED))]
    branches += [
        (number == float(code), _whole(UNANSWERED))
        for code, _ in question.no_answer
        if not isinstance(code, str)
    ]
    low = -1.7976931348623157e308 if question.minimum is None else float(question.minimum)
    high = 1.7976931348623157e308 if question.maximum is None else float(question.maximum)
    branches.append(((number < low) | (number > high), _whole(REFUSED)))
    branches += [(number < cut, _whole(row)) for row, cut in enumerate(question.cuts)]
    return ibis.cases(*branches, else_=_whole(len(question.cuts)))


def _whole(value: int) -> Any:
    import ibis

    return ibis.literal(value, "int16")


def _sum(table: ir.Table, model: TypingModel, segment: int) -> ir.Value:
    """Points of one segment."""
    import ibis

    parts: list[Any] = [ibis.literal(model.constant[segment], "int64")]
    for j, question in enumerate(model.questions):
        *points, missing = point_table(question)[:, segment].tolist()
        parts.append(table[f"_row_{j}"].cases(*enumerate(points), else_=missing))
    return _added(parts).cast("int64")


def _added(parts: Sequence[Any]) -> Any:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _told(missing: Any, text: Any) -> Any:
    return (missing > 0).ifelse(text, "")


def _listed(table: ir.Table, model: TypingModel, rows: Sequence[str], state: int) -> Any:
    """The variables in one state, separated by ", "."""
    parts = [
        (table[name] == state).ifelse(f", {question.variable}", "")
        for name, question in zip(rows, model.questions, strict=True)
    ]
    return _added(parts).substr(2)


def _first_of(table: ir.Table, wanted: Any, sums: Sequence[str], but: Any) -> Any:
    """The lowest segment with a sum, leaving one segment out."""
    import ibis

    if len(sums) == 1:
        return ibis.literal(1, "int64")
    branches = []
    for number, name in enumerate(sums, start=1):
        same = table[name] == wanted
        branches.append((same if but is None else same & (but != number), number))
    return ibis.cases(*branches, else_=None).cast("int64")


def _runner_up(table: ir.Table, sums: Sequence[str]) -> Any:
    """The second largest sum."""
    import ibis

    if len(sums) == 1:
        return table[sums[0]]
    return ibis.greatest(
        *(
            (table["_first"] == number).ifelse(_LEAST, table[name])
            for number, name in enumerate(sums, start=1)
        )
    )


def _named(segment: Any, names: Sequence[str]) -> Any:
    return segment.cases(*((number, name) for number, name in enumerate(names, 1)), else_=None)


def _no_second() -> Any:
    import ibis

    return ibis.null("int64")
