"""A counted book of tables dressed as frames with the user's own names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import DataError, Problem, error, note, warning
from persona.profiling.counting import Columns, Counts, Moments, moments, weighted_median
from persona.profiling.crosstab_result import Crosstab, CrosstabMeans
from persona.profiling.figures import (
    Shares,
    Variance,
    compare_means,
    compare_shares,
    lettered,
    mark_of,
    means_with_interval,
)
from persona.profiling.frames import Field
from persona.profiling.letters import column_letters
from persona.profiling.significance import Array, TableTest, adjust, effective_base, table_test
from persona.profiling.weighting import require_columns

MOST_EXPECTED_BELOW_5 = 0.2


@dataclass(frozen=True)
class Options:
    """How a book is tested and what is held back."""

    correction: str
    levels: tuple[float, float]
    minimum_base: int
    suppress_below: int
    variance: Variance
    weighted: bool


@dataclass(frozen=True)
class Book:
    """Everything counted: the questions, the banner, and one table of shares a question.

    The last column of ``columns`` is the total, behind it stand the intersections.
    """

    rows: tuple[Field, ...]
    banner: tuple[Field, ...]
    columns: Columns
    tables: tuple[Shares, ...]
    total_at: int


@dataclass(frozen=True)
class _Axes:
    """The labels of rows, columns and compared pairs."""

    row: pd.Index[str]
    column: pd.Index[str]
    pair: pd.MultiIndex
    question: pd.Index[str]
    single_row: bool


def dress(
    book: Book,
    frame: pd.DataFrame,
    means: Sequence[str],
    options: Options,
    problems: tuple[Problem, ...],
    single: tuple[bool, bool],
) -> Crosstab:
    """Frames, letters and tests of a book; ``single`` says which axes have one plain question."""
    axes = _axes(book, single)
    p_values = [
        compare_shares(
            table, book.columns, minimum_base=options.minimum_base, variance=options.variance
        )
        for table in book.tables
    ]
    averages = measure(frame, means, book.columns, options) if means else None
    every = [*p_values, averages.p_values] if averages else p_values
    adjusted = _adjusted(every, options.correction)
    p_adjusted = adjusted[: len(p_values)]
    tests, residuals, notes = _tests(book, axes, options)
    weight = book.columns.weights
    effective = effective_base(weight.sum(keepdims=True), (weight**2).sum(keepdims=True))
    return Crosstab(
        **_share_frames(book, axes, np.vstack(p_adjusted), options),
        **_base_frames(book, axes, options),
        p_values=pd.DataFrame(np.vstack(p_values), index=axes.row, columns=axes.pair),
        p_adjusted=pd.DataFrame(np.vstack(p_adjusted), index=axes.row, columns=axes.pair),
        residuals=pd.DataFrame(residuals, index=axes.row, columns=axes.column),
        tests=tests,
        means=_mean_frames(averages, axes, adjusted[-1], options) if averages else None,
        correction=options.correction,
        levels=options.levels,
        n=len(weight),
        weighted_n=float(weight.sum()),
        effective_n=float(effective[0]),
        warnings=(*problems, *notes, *_suppressed(book, axes, options)),
    )


def _axes(book: Book, single: tuple[bool, bool]) -> _Axes:
    def index(fields: Sequence[Field], plain: bool) -> pd.Index[str]:
        if plain:
            return pd.Index(fields[0].labels, name=fields[0].name, tupleize_cols=False)
        keys = [(field.name, _flat(label)) for field in fields for label in field.labels]
        return pd.MultiIndex.from_tuples(keys, names=["question", "answer"])

    column = index(book.banner, single[1])
    names = list(column)
    pairs = [(names[a], names[b]) for a, b in book.columns.pairs()]
    pair = pd.MultiIndex.from_arrays(
        [_objects([pair[0] for pair in pairs]), _objects([pair[1] for pair in pairs])],
        names=["column", "against"],
    )
    question = pd.Index([field.name for field in book.rows], name="question")
    return _Axes(index(book.rows, single[0]), column, pair, question, single[0])


def _flat(label: object) -> object:
    return " > ".join(map(str, label)) if isinstance(label, tuple) else label


def _objects(labels: Sequence[object]) -> pd.Index[str]:
    return pd.Index([_flat(label) for label in labels], dtype=object)


def _adjusted(families: Sequence[Array], correction: str) -> list[Array]:
    """p-values corrected over the whole book, or within each question's table."""
    if correction == "fdr_table":
        return [adjust(p.ravel(), correction).reshape(p.shape) for p in families]
    flat = adjust(np.concatenate([p.ravel() for p in families]), correction)
    cuts = np.cumsum([p.size for p in families])[:-1]
    parts = np.split(flat, cuts)
    return [part.reshape(p.shape) for part, p in zip(parts, families, strict=True)]


def _share_frames(book: Book, axes: _Axes, p_adjusted: Array, options: Options) -> dict[str, Any]:
    at = book.total_at

    def gather(figure: Callable[[Shares], Array]) -> Array:
        return np.vstack([figure(table) for table in book.tables])

    shown = gather(lambda table: table.bases.n[:, :at]) >= options.suppress_below
    hits = gather(lambda table: table.hits.w)
    total = 100 * gather(lambda table: table.share[:, at : at + 1])
    percent = np.where(shown, 100 * gather(lambda table: table.share[:, :at]), np.nan)
    names = column_letters(book.columns.groups[:at].tolist())
    letters = lettered(np.nan_to_num(percent), p_adjusted, book.columns, names, options.levels, at)
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.where(total > 0, 100 * percent / total, np.nan)
        row_percent = np.where(shown, 100 * hits[:, :at] / hits[:, at : at + 1], np.nan)

    def cells(values: NDArray[Any]) -> pd.DataFrame:
        return pd.DataFrame(values, index=axes.row, columns=axes.column)

    counts = np.where(shown, gather(lambda table: table.hits.n[:, :at]), np.nan)
    return {
        "counts": cells(counts.astype(np.intp) if shown.all() else counts),
        "weighted_counts": cells(np.where(shown, hits[:, :at], np.nan)),
        "percent": cells(percent),
        "row_percent": cells(row_percent),
        "low": cells(np.where(shown, 100 * gather(lambda table: table.low[:, :at]), np.nan)),
        "high": cells(np.where(shown, 100 * gather(lambda table: table.high[:, :at]), np.nan)),
        "index": cells(index),
        "letters": cells(letters),
        "column_letters": pd.Series(list(names), index=axes.column, name="letter"),
        "total_percent": pd.Series(total[:, 0], index=axes.row, name="total"),
    }


def _base_frames(book: Book, axes: _Axes, options: Options) -> dict[str, Any]:
    at = book.total_at

    def bases(which: str) -> Array:
        # a set's options can differ in base: the question's base is who answered any of them
        return np.vstack([getattr(table.bases, which).max(0, initial=0.0) for table in book.tables])

    def by_question(values: NDArray[Any]) -> pd.Series[Any] | pd.DataFrame:
        table = pd.DataFrame(values[:, :at], index=axes.question, columns=axes.column)
        return table.iloc[0] if axes.single_row else table

    n, w, q = bases("n"), bases("w"), bases("q")
    marks = [[mark_of(value, options.minimum_base) for value in line] for line in n]
    return {
        "base": by_question(n.astype(np.intp)),
        "weighted_base": by_question(w),
        "effective_base": by_question(effective_base(w, q)),
        "total_base": pd.Series(n[:, at].astype(np.intp), index=axes.question, name="base"),
        "marks": by_question(np.array(marks, dtype=object)),
    }


def _tests(
    book: Book, axes: _Axes, options: Options
) -> tuple[pd.DataFrame, Array, tuple[Problem, ...]]:
    """Whole-table tests of every question by every group of columns, and residuals."""
    groups = book.columns.groups[: book.total_at]
    lines: dict[tuple[str, str], TableTest] = {}
    residuals = []
    notes: list[Problem] = []
    for field, table in zip(book.rows, book.tables, strict=True):
        parts = []
        for group, header in enumerate(book.banner):
            hits = table.hits.take(np.flatnonzero(groups == group).tolist())
            parts.append(_adjusted_residuals(hits, options.weighted, field, header))
            if field.multiple or header.multiple:
                continue
            found = table_test(hits.n, *((hits.w, hits.q) if options.weighted else ()))
            if found is not None:
                lines[(field.name, header.name)] = found
                notes += _thin_cells(field.name, header.name, found)
        residuals.append(np.hstack(parts))
    columns = list(TableTest.__dataclass_fields__)
    tests = pd.DataFrame(
        [[getattr(test, name) for name in columns] for test in lines.values()],
        columns=columns,
        index=pd.MultiIndex.from_tuples(list(lines), names=["row", "column"]) if lines else None,
    ).astype(float)
    p = adjust(tests["p_value"].to_numpy(dtype=np.float64), options.correction)
    return tests.assign(p_adjusted=p), np.vstack(residuals), tuple(notes)


def _thin_cells(row: str, column: str, test: TableTest) -> list[Problem]:
    if test.expected_below_5 <= MOST_EXPECTED_BELOW_5:
        return []
    return [
        note(
            "table.expected",
            "{percent:.0f} % of the expected cells of {row!r} by {column!r} are below 5; "
            "read its chi-square with care (Cochran 1954).",
            question=row,
            values={"percent": 100 * test.expected_below_5, "row": row, "column": column},
        )
    ]


def _adjusted_residuals(hits: Counts, weighted: bool, field: Field, header: Field) -> Array:
    """(O - E) / sqrt(E (1 - row share) (1 - column share)); NaN for multiple responses."""
    table = hits.n
    if field.multiple or header.multiple or not table.sum():
        return np.full(table.shape, np.nan)
    n = table.sum()
    if weighted:
        table = hits.w * (n / hits.w.sum())
    row, column = table.sum(1, keepdims=True) / n, table.sum(0, keepdims=True) / n
    expected = row * column * n
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((table - expected) / np.sqrt(expected * (1 - row) * (1 - column)))


def _suppressed(book: Book, axes: _Axes, options: Options) -> list[Problem]:
    """One warning a column that is too thin to be shown for some question."""
    found = []
    for k, name in enumerate(axes.column):
        thin = [
            field.name
            for field, table in zip(book.rows, book.tables, strict=True)
            if table.bases.n.size and table.bases.n[:, k].max() < options.suppress_below
        ]
        if thin:
            found.append(
                warning(
                    "table.suppressed",
                    "The column {column!r} has fewer than {limit} respondents in {count} tables "
                    "and is not shown there.",
                    column=str(name),
                    question=thin[0],
                    values={
                        "column": str(name),
                        "limit": options.suppress_below,
                        "count": len(thin),
                    },
                )
            )
    return found


@dataclass(frozen=True)
class Averages:
    """Means, medians and comparisons of numeric variables; rows are variables."""

    names: tuple[str, ...]
    moments: Moments
    median: Array
    p_values: Array
    columns: Columns


def measure(
    frame: pd.DataFrame, names: Sequence[str], columns: Columns, options: Options
) -> Averages:
    """Average numeric columns of a frame by the columns of a banner.

    Raises
    ------
    DataError
        A column that is missing or holds no numbers.
    """
    require_columns(frame, names)
    numbers = [pd.to_numeric(frame[name], errors="coerce") for name in names]
    for name, column in zip(names, numbers, strict=True):
        if column.isna().all() and frame[name].notna().any():
            raise DataError(
                error(
                    "table.numbers",
                    "The column {name!r} holds no numbers, so it has no mean.",
                    column=str(name),
                    found=str(frame[name].dropna().iloc[0]),
                    values={"name": str(name)},
                )
            )
    values = np.column_stack([column.to_numpy(dtype=np.float64) for column in numbers])
    found = moments(values, columns)
    median = np.full((len(names), columns.count), np.nan)
    for k in range(columns.count):
        inside = columns.membership[:, k]
        for j in range(len(names)):
            middle = weighted_median(values[inside, j], columns.weights[inside])
            median[j, k] = np.nan if middle is None else middle
    p = compare_means(found, columns, minimum_base=options.minimum_base)
    return Averages(tuple(names), found, median, p, columns)


def _mean_frames(
    averages: Averages, axes: _Axes, p_adjusted: Array, options: Options
) -> CrosstabMeans:
    found, at = averages.moments, averages.columns.count - 1
    mean, low, high = means_with_interval(found)
    names = pd.Index(averages.names, name="variable")
    letters = column_letters(averages.columns.groups[:at].tolist())
    shown = found.n[:, :at] >= options.suppress_below
    marks = lettered(np.nan_to_num(mean), p_adjusted, averages.columns, letters, options.levels, at)
    total = mean[:, at : at + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.where(total != 0, 100 * mean[:, :at] / total, np.nan)

    def cells(values: NDArray[Any]) -> pd.DataFrame:
        return pd.DataFrame(values[:, :at], index=names, columns=axes.column)

    def held_back(values: Array) -> pd.DataFrame:
        return cells(np.where(shown, values[:, :at], np.nan))

    return CrosstabMeans(
        mean=held_back(mean),
        median=held_back(averages.median),
        standard_deviation=held_back(np.sqrt(found.variance)),
        low=held_back(low),
        high=held_back(high),
        index=held_back(index),
        base=cells(found.n.astype(np.intp)),
        weighted_base=cells(found.w),
        effective_base=cells(found.effective),
        letters=cells(marks),
        p_values=pd.DataFrame(averages.p_values, index=names, columns=axes.pair),
        p_adjusted=pd.DataFrame(p_adjusted, index=names, columns=axes.pair),
        total=pd.Series(total[:, 0], index=names, name="total"),
    )
