"""Crosstabs of plain frames: any questions by any banner, weighted and tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from persona.errors import DataError, PersonaError, error
from persona.profiling.counting import Columns, Counts, count
from persona.profiling.crosstab_frames import Book, Options, dress
from persona.profiling.crosstab_result import Crosstab
from persona.profiling.figures import MINIMUM_BASE, Variance, shares
from persona.profiling.frames import Field, Spec, as_list, field_of, is_single
from persona.profiling.significance import Array, Correction
from persona.profiling.weighting import Where, checked_weights, selected

CORRECTIONS = ("fdr", "fdr_table", "holm", "bonferroni", "none")
LEVELS = (0.05, 0.001)


def crosstab(
    frame: pd.DataFrame,
    rows: str | Sequence[Spec],
    columns: str | Sequence[Spec],
    weights: object = None,
    correction: Correction = "fdr",
    *,
    means: str | Sequence[str] = (),
    multiple: Mapping[str, Sequence[str]] | None = None,
    where: Where = None,
    levels: tuple[float, float] = LEVELS,
    minimum_base: int = MINIMUM_BASE,
    suppress_below: int = 5,
    variance: Variance = "effective_base",
) -> Crosstab:
    """Cross questions with the columns of a banner.

    Parameters
    ----------
    frame : DataFrame
        One row a respondent; empty cells are no answer.
    rows, columns : str, or sequence of str and tuples
        Columns of the frame or sets of ``multiple``; a tuple among them nests columns.
    weights : str, Series or array, optional
        At least 0; those without one are left out and counted in ``warnings``.
    correction : {"fdr", "fdr_table", "holm", "bonferroni", "none"}
        Benjamini and Hochberg over the book (default), or within each question's table.
    means : str or sequence of str
        Numeric columns to be averaged in each column.
    multiple, where : mapping, optional
        Multiple-response sets with their columns of ticks; the values that a filter lets stay.
    levels, minimum_base, suppress_below
        Of lower and upper case letters; columns with fewer are not tested, or not shown.
    variance : {"effective_base", "design"}
        Pooled z on Kish's effective bases, or linearised variances as in R's survey package.

    Raises
    ------
    DataError
        Unknown columns, unusable weights, a column of hundreds of values.

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["f", "m"] * 60, "buys": ["yes", "no", "yes", "yes"] * 30})
    >>> table = crosstab(people, "buys", "sex")
    >>> float(table.percent.loc["yes", "f"]), table.letters.loc["yes", "f"]
    (100.0, 'B')
    """
    known_correction(correction)
    weight, counted, problems = checked_weights(frame, weights)
    keep = counted & selected(frame, where)
    part, weight = frame[keep], weight[keep]
    refuse_nothing(len(part), as_list(rows), as_list(columns))
    weighted = weights is not None
    options = Options(correction, levels, minimum_base, suppress_below, variance, weighted)
    sets = multiple or {}
    row_fields = [field_of(part, spec, sets) for spec in as_list(rows)]
    book = _count(row_fields, [field_of(part, spec, sets) for spec in as_list(columns)], weight)
    named = [means] if isinstance(means, str) else list(means)
    return dress(book, part, named, options, problems, (is_single(rows), is_single(columns)))


def refuse_nothing(respondents: int, rows: Sequence[Spec], columns: Sequence[Spec]) -> None:
    """Refuse a table without respondents, rows or columns.

    Raises
    ------
    DataError
    """
    if not respondents:
        raise DataError(
            error(
                "table.nobody",
                "No respondent is left to be counted.",
                remedy="Check the filter and the weights.",
            )
        )
    if not rows or not columns:
        raise DataError(
            error("table.nothing", "A table needs at least one question in rows and in columns.")
        )


def known_correction(correction: str) -> None:
    """Refuse a correction that does not exist.

    Raises
    ------
    PersonaError
        With the corrections there are.
    """
    if correction not in CORRECTIONS:
        raise PersonaError(
            error(
                "correction.unknown",
                "There is no correction called {name!r}.",
                found=str(correction),
                allowed=", ".join(CORRECTIONS),
                values={"name": str(correction)},
            )
        )


def _count(rows: list[Field], banner: list[Field], weight: Array) -> Book:
    inside = [field.membership() for field in banner]
    groups = np.repeat(np.arange(len(banner)), [len(field.labels) for field in banner])
    everybody = np.ones((len(weight), 1), dtype=bool)
    columns = Columns(
        np.hstack([*inside, everybody]), weight, np.append(groups, -1).astype(np.intp)
    )
    codes = [code for field in rows for code in field.codes]
    sizes = [2 if field.multiple else len(field.labels) for field in rows for _ in field.codes]
    counted = count(codes, sizes, columns)
    tables, at = [], 0
    for field in rows:
        part = counted[at : at + len(field.codes)]
        at += len(field.codes)
        if field.multiple:
            hits = _stack([counts.take(slice(None)).box([1]) for counts in part])
            bases = _stack([counts.base for counts in part])
        else:
            hits = part[0]
            bases = _stack([hits.base] * len(field.labels)) if field.labels else hits
        tables.append(shares(hits, bases))
    return Book(tuple(rows), tuple(banner), columns, tuple(tables), len(groups))


def _stack(parts: Sequence[Counts]) -> Counts:
    return Counts(*(np.vstack([getattr(part, x) for part in parts]) for x in ("n", "w", "q")))
