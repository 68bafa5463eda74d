"""Customer records joined to answers by key: purchases, revenue, last order, channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from persona.errors import DataError, Problem, error, note, warning
from persona.questionnaire.cells import day, number
from persona.registry import nearest
from persona.responses.cells import shown
from persona.responses.export import SurveyExport
from persona.responses.reading import read_export
from persona.responses.survey import SurveyColumn

_LISTED = 20


@dataclass(frozen=True)
class JoinedRecords:
    """What other systems know of the respondents.

    Parameters
    ----------
    frame : DataFrame
        One row a respondent, missing where there is no record.
    sources : mapping of column to file
        Where each column comes from.
    joined, without : tuple of str
        Respondents with a record, and those without one.
    unused : tuple of str
        Keys of records that belong to no respondent.
    warnings : tuple of Problem
    """

    frame: pd.DataFrame
    sources: Mapping[str, str]
    joined: tuple[str, ...]
    without: tuple[str, ...]
    unused: tuple[str, ...]
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Purchases:
    """Which columns of a purchase list hold what; one row is one purchase.

    Parameters
    ----------
    date : str
    amount : str, optional
        Without it rows are events that are counted, such as tickets.
    channel : str, optional
    margin : str, optional
    """

    date: str
    amount: str | None
    channel: str | None = None
    margin: str | None = None


def join_records(
    keys: pd.Series | Sequence[str],
    path: str | Path,
    key: str,
    *,
    columns: Sequence[str] | None = None,
    purchases: Purchases | None = None,
    today: str | None = None,
    sheet: str | None = None,
    export: SurveyExport | None = None,
    same: Callable[[object], str] | None = None,
) -> JoinedRecords:
    """Join a file of customer records to respondents.

    Keys are compared as text, so that 007 and 7 are different customers; where they would agree
    without leading zeros, that is said.

    Parameters
    ----------
    keys : Series or sequence
        The key of each respondent; a Series keeps its index as the respondents' ids.
    path : path
        Any file that :func:`read_export` reads.
    key : str
        Header of the column with the key.
    columns : sequence of str, optional
        Which columns to take; all others by default.
    purchases : Purchases, optional
        The file is a list of purchases; recency, frequency and money are derived from it.
    today : str, optional
        Day from which recency counts, year-month-day; the last day in the list by default.
    sheet : str, optional
    export : SurveyExport, optional
        The file, where it is read already.
    same : callable, optional
        A key as it is compared, such as an e-mail address in lower case.

    Raises
    ------
    DataError
        A column is absent, or a key repeats in a file that is no purchase list.
    """
    if export is None:
        export = read_export(path, sheet=sheet)
    folded = same or _as_text
    wanted = _column(export, key)
    own = pd.Series(keys, dtype=object).map(lambda value: "" if value is None else folded(value))
    record_keys = [folded(value) for value in export.table.column(wanted.number)]
    if purchases is not None:
        records = _from_purchases(export, record_keys, purchases, today)
    else:
        records = _one_each(export, record_keys, wanted, columns)
    known = own.map(lambda value: value.strip())
    present = known.isin(records.index)
    frame = records.reindex(known.to_numpy())
    frame.index = own.index
    unused = tuple(name for name in records.index if name not in set(known))
    return JoinedRecords(
        frame,
        {str(name): str(path) for name in frame.columns},
        tuple(map(str, own.index[present])),
        tuple(map(str, own.index[~present])),
        unused,
        tuple(_said(export, known, present, unused)),
    )


def _as_text(value: object) -> str:
    return shown(value).strip()


def _column(export: SurveyExport, name: str) -> SurveyColumn:
    for column in export.columns:
        if name in (column.id, export.table.header[column.number]):
            return column
    near = nearest(name, [column.id for column in export.columns])
    raise DataError(
        error(
            "record.column",
            "The records have no column {name!r}.",
            file=str(export.table.file),
            sheet=export.table.sheet,
            found=", ".join(column.id for column in export.columns[:12]),
            remedy=f"Did you mean {near!r}?" if near else "Name one of its headers.",
            values={"name": name},
        )
    )


def _one_each(
    export: SurveyExport,
    keys: Sequence[str],
    wanted: SurveyColumn,
    columns: Sequence[str] | None,
) -> pd.DataFrame:
    index = pd.Index(keys, name=wanted.id)
    repeated = index[index.duplicated() & (index != "")]
    if len(repeated):
        rows = [int(export.table.rows[n]) for n, name in enumerate(keys) if name == repeated[0]]
        raise DataError(
            error(
                "record.repeated",
                "The key {key!r} stands in {count} rows of the records.",
                file=str(export.table.file),
                sheet=export.table.sheet,
                row=rows[1],
                column=export.table.letters[wanted.number],
                found=", ".join(map(str, repeated.unique()[:10])),
                remedy="Keep one row a customer, or say which columns hold date and amount of a "
                "purchase.",
                values={"key": str(repeated[0]), "count": len(rows)},
            )
        )
    taken = (
        [_column(export, name) for name in columns]
        if columns is not None
        else [column for column in export.columns if column.number != wanted.number]
    )
    data = {
        column.id: pd.Series(
            [None if cell == "" else cell for cell in export.table.column(column.number)],
            index=index,
            dtype=object,
        )
        for column in taken
    }
    return pd.DataFrame(data, index=index)[index != ""]


def _from_purchases(
    export: SurveyExport, keys: Sequence[str], purchases: Purchases, today: str | None
) -> pd.DataFrame:
    table = export.table
    dates = [day(cell) for cell in table.column(_column(export, purchases.date).number)]
    amounts: list[float | None] = (
        [1.0] * table.n
        if purchases.amount is None
        else [number(cell) for cell in table.column(_column(export, purchases.amount).number)]
    )
    unreadable = [
        int(table.rows[n])
        for n, (date, amount) in enumerate(zip(dates, amounts, strict=True))
        if date is None or amount is None
    ]
    if unreadable:
        raise DataError(
            error(
                "record.purchase",
                "{count} purchases have no readable date or amount.",
                file=str(table.file),
                sheet=table.sheet,
                row=unreadable[0],
                found="rows " + ", ".join(map(str, unreadable[:10])),
                allowed="a date as year-month-day and an amount as a number",
                values={"count": len(unreadable)},
            )
        )
    listed = pd.DataFrame({"key": list(keys), "date": pd.to_datetime(pd.Series(dates))})
    listed["amount"] = np.array(amounts, dtype=np.float64)
    derived = recency_frequency_money(listed, "key", "date", "amount", today=today)
    if purchases.margin is not None:
        margin = [number(c) or 0.0 for c in table.column(_column(export, purchases.margin).number)]
        derived["margin"] = pd.Series(margin).groupby(listed["key"].to_numpy()).sum()
    if purchases.channel is not None:
        channel = table.column(_column(export, purchases.channel).number)
        derived["channel"] = _commonest(listed["key"].tolist(), channel)
    return derived


def _commonest(keys: Iterable[str], values: Iterable[object]) -> pd.Series:
    """The value each key has most often, the first one on a tie."""
    frame = pd.DataFrame({"key": list(keys), "value": [shown(value) for value in values]})
    counts = frame.groupby(["key", "value"], sort=False).size().reset_index(name="n")
    order = counts.sort_values("n", ascending=False, kind="stable")
    return order.drop_duplicates("key").set_index("key")["value"]


def recency_frequency_money(
    purchases: pd.DataFrame, customer: str, date: str, amount: str, *, today: str | None = None
) -> pd.DataFrame:
    """Recency, frequency and money of each customer, with scores from 1 to 5 (Hughes 1994).

    Parameters
    ----------
    purchases : DataFrame
        One row a purchase.
    customer, date, amount : str
        Its columns.
    today : str, optional
        Day from which recency counts; the last day in the list by default.

    Returns
    -------
    DataFrame
        One row a customer: recency_days, frequency, money, average, first_order, last_order, and
        scores in fifths of customers, 5 for the latest, most frequent, largest.

    Examples
    --------
    >>> bought = pd.DataFrame({"who": ["a", "a", "b"], "when": ["2025-01-01", "2025-03-01",
    ...                        "2025-02-01"], "paid": [10.0, 5.0, 7.0]})
    >>> rfm = recency_frequency_money(bought, "who", "when", "paid")
    >>> rfm["recency_days"].tolist(), rfm["money"].tolist()
    ([0, 28], [15.0, 7.0])
    """
    dates = pd.to_datetime(purchases[date])
    end = pd.Timestamp(today) if today is not None else dates.max()
    frame = pd.DataFrame(
        {"customer": purchases[customer], "date": dates, "amount": purchases[amount]}
    )
    grouped = frame.groupby("customer", sort=True)
    result = pd.DataFrame(
        {
            "recency_days": (end - grouped["date"].max()).dt.days,
            "frequency": grouped.size(),
            "money": grouped["amount"].sum(),
            "average": grouped["amount"].mean(),
            "first_order": grouped["date"].min(),
            "last_order": grouped["date"].max(),
        }
    )
    for name, column, sign in (
        ("recency_score", "recency_days", -1),
        ("frequency_score", "frequency", 1),
        ("money_score", "money", 1),
    ):
        rank = (sign * result[column]).rank(method="average", pct=True)
        result[name] = np.ceil(rank * 5).clip(1, 5).astype("int64")
    return result


def _said(
    export: SurveyExport, keys: pd.Series, present: pd.Series, unused: Sequence[str]
) -> list[Problem]:
    place = {"file": str(export.table.file), "sheet": export.table.sheet}
    said: list[Problem] = [
        note(
            "record.joined",
            "{joined} of {n} respondents have a record; {unused} records belong to nobody here.",
            values={"joined": int(present.sum()), "n": len(keys), "unused": len(unused)},
            **place,
        )
    ]
    missing = keys[~present]
    if len(missing):
        said.append(
            warning(
                "record.without",
                "{count} respondents have no record.",
                found=", ".join(map(str, missing.index[:_LISTED])),
                remedy="Their values are missing in every table of value.",
                values={"count": len(missing)},
                **place,
            )
        )
    bare = {name.lstrip("0").casefold() for name in unused}
    almost = [name for name in missing if name and str(name).lstrip("0").casefold() in bare]
    if almost:
        said.append(
            warning(
                "record.zeros",
                "{count} keys would agree without leading zeros or capitals, such as {key!r}.",
                remedy="A spreadsheet may have turned keys into numbers: format them as text.",
                values={"count": len(almost), "key": str(almost[0])},
                **place,
            )
        )
    return said
