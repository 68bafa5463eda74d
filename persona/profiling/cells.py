"""Counted and tested figures as questions, rows and cells; thin bases marked and held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from persona.profiling.counting import Counts, weighted_median
from persona.profiling.figures import mark_of
from persona.profiling.group_tests import eta_squared, welch_anova
from persona.profiling.plan import Line, Plan, QuestionPlan
from persona.profiling.result import Cell, QuestionProfile, Row, WhyNotTested
from persona.profiling.significance import TableTest, adjust, table_test
from persona.profiling.tabulation import Figures, Tables, TestOptions

MARKER_POINTS, MARKER_PART = 25.0, 0.5

_PER_COLUMN = ("value", "low", "high", "n", "w", "effective", "count", "weighted_count", "index")
_COMPARED = ("rest", "p_value", "p_adjusted", "effect", "letters")


def known(number: float | None) -> float | None:
    """A number, or None for NaN: a figure that does not exist is never NaN in a result.

    Examples
    --------
    >>> known(float("nan")) is None, known(2.5)
    (True, 2.5)
    """
    return None if number is None or number != number else number


def questions_of(
    plan: Plan,
    tables: Tables,
    options: TestOptions,
    untested: Mapping[str, WhyNotTested],
) -> tuple[QuestionProfile, ...]:
    """The questions of a plan with their rows, cells and tests of the first column group."""
    share, mean = _listed(tables.shares), _listed(tables.means)
    made = []
    at = 0
    for question in plan.questions:
        rows = []
        for line in question.lines:
            if line.picks:
                rows.append(_share_row(line, at, share, tables, options))
                at += 1
            elif line.statistic == "median":
                rows.append(_median_row(plan, line, tables, options))
            else:
                rows.append(_mean_row(line, mean, tables, options))
        if question.scale_minimum is not None and question.scale_minimum < 0:
            rows = [_without_index(row) if row.statistic == "mean" else row for row in rows]
        made.append(_question(question, tuple(rows), tables, options, untested))
    return _corrected(made, options.correction)


def _listed(figures: Figures) -> dict[str, Any]:
    """Arrays as lists, which are much faster to take single figures from."""
    named = {name: getattr(figures, name) for name in (*_PER_COLUMN, *_COMPARED)}
    return {name: None if array is None else array.tolist() for name, array in named.items()}


def is_marker(value: float, total: float, percent: bool) -> bool:
    """Whether a figure differs from the total by 25 percent points, or by half of the total.

    Examples
    --------
    >>> is_marker(60.0, 30.0, True), is_marker(20.0, 15.0, True), is_marker(2.0, 5.0, False)
    (True, False, True)
    """
    if known(value) is None or known(total) is None:
        return False
    apart = abs(value - total)
    return (percent and apart >= MARKER_POINTS) or (total > 0 and apart >= MARKER_PART * total)


def _cells(
    figures: Mapping[str, Any], i: int, k: int, options: TestOptions
) -> tuple[Cell, tuple[Cell, ...]]:
    """The total's cell and one a column of the banner."""
    cells = [_cell(figures, i, j, j < k, options) for j in range(k + 1)]
    return cells[k], tuple(cells[:k])


def _cell(figures: Mapping[str, Any], i: int, j: int, compared: bool, options: TestOptions) -> Cell:
    n = int(figures["n"][i][j])
    w, e = figures["w"][i][j], figures["effective"][i][j]
    mark = mark_of(n, options.minimum_base)
    if n < max(options.suppress_below, 1):
        return Cell(None, None, None, n, w, e, mark=mark, suppressed=n > 0)
    counted = figures["count"] is not None
    own: dict[str, Any] = {name: known(figures[name][i][j]) for name in ("low", "high", "index")}
    against: dict[str, Any] = {}
    if compared:
        against = {name: known(figures[name][i][j]) for name in _COMPARED[:-1]}
        against["letters"] = figures["letters"][i][j]
        total = next(reversed(figures["value"][i]))
        against["marker"] = is_marker(figures["value"][i][j], total, counted)
    return Cell(
        known(figures["value"][i][j]),
        int(figures["count"][i][j]) if counted else None,
        figures["weighted_count"][i][j] if counted else None,
        n,
        w,
        e,
        mark=mark,
        **own,
        **against,
    )


def _share_row(
    line: Line, i: int, share: Mapping[str, Any], tables: Tables, options: TestOptions
) -> Row:
    total, cells = _cells(share, i, tables.layout.k, options)
    counts = tables.counts[line.source].take(slice(0, tables.layout.k))
    test = _two_rows(counts, line.picks, options) if _one_group(tables) else None
    return Row(
        line.variable,
        line.category,
        line.statistic,
        line.text,
        total,
        cells,
        line.categories,
        p_value=test.p_value if test else None,
        effect_size=test.cramers_v if test else None,
    )


def _two_rows(counts: Counts, picks: Sequence[int], options: TestOptions) -> TableTest | None:
    """The test of those who gave the answer against those who gave another."""
    others = [i for i in range(counts.n.shape[0]) if i not in picks]
    if not others:
        return None
    parts = (counts.box(list(picks)), counts.box(others))
    n, w, q = (np.vstack([getattr(part, x) for part in parts]) for x in ("n", "w", "q"))
    return table_test(n, w, q) if options.weighted else table_test(n)


def _one_group(tables: Tables) -> bool:
    return len(set(tables.layout.groups)) == 1 and not tables.layout.columns.overlapping()


def _without_index(row: Row) -> Row:
    """A score that runs through zero has no index and no half."""
    cells = tuple(replace(cell, index=None, marker=False) for cell in row.cells)
    return replace(row, total=replace(row.total, index=None), cells=cells)


def _mean_row(line: Line, mean: Mapping[str, Any], tables: Tables, options: TestOptions) -> Row:
    k = tables.layout.k
    total, cells = _cells(mean, line.source, k, options)
    if line.statistic == "nps":
        # a score that runs through zero has no index and no half
        total = replace(total, index=None)
        cells = tuple(replace(cell, index=None, marker=False) for cell in cells)
    found, at = tables.moments, line.source
    p = size = None
    if _one_group(tables):
        figures = found.mean[at, :k], found.variance[at, :k]
        base = found.effective[at, :k]
        p = known(welch_anova(*figures, base)[2])
        size = known(eta_squared(*figures, found.w[at, :k], np.maximum(base, 1e-12)))
    return Row(
        line.variable, None, line.statistic, line.text, total, cells, p_value=p, effect_size=size
    )


def _median_row(plan: Plan, line: Line, tables: Tables, options: TestOptions) -> Row:
    columns, values = tables.layout.columns, plan.values[line.source]
    found, at = tables.moments, line.source
    cells = []
    for j in range(tables.layout.k + 1):
        inside = columns.membership[:, j]
        n = int(found.n[at, j])
        hidden = n < max(options.suppress_below, 1)
        middle = None if hidden else weighted_median(values[inside], columns.weights[inside])
        cells.append(
            Cell(
                middle,
                None,
                None,
                n,
                float(found.w[at, j]),
                float(found.effective[at, j]),
                mark=mark_of(n, options.minimum_base),
                suppressed=hidden and n > 0,
            )
        )
    total = cells.pop()
    if total.value:
        cells = [
            replace(cell, index=None if cell.value is None else 100 * cell.value / total.value)
            for cell in cells
        ]
    return Row(line.variable, None, "median", line.text, total, tuple(cells))


def _question(
    question: QuestionPlan,
    rows: tuple[Row, ...],
    tables: Tables,
    options: TestOptions,
    untested: Mapping[str, WhyNotTested],
) -> QuestionProfile:
    base = max(rows, key=lambda row: row.total.base).total if rows else None
    test = None
    if question.table is not None and _one_group(tables):
        counts = tables.counts[question.table].take(slice(0, tables.layout.k))
        test = table_test(counts.n, *((counts.w, counts.q) if options.weighted else ()))
    why = untested.get(question.question, "") or _why_not(question, rows, tables, base)
    if why:
        rows = tuple(replace(row, p_value=None) for row in rows)
    return QuestionProfile(
        question.question,
        question.block,
        question.kind,
        question.role,
        question.type,
        question.text,
        question.section,
        rows,
        base.base if base else 0,
        base.weighted_base if base else 0.0,
        base.effective_base if base else 0.0,
        tested=not why,
        why_not_tested=why,
        chi_square=test.chi_square if test else None,
        degrees=float(test.degrees) if test else None,
        p_value=test.p_value if test and not why else None,
        cramers_v=test.cramers_v if test else None,
        expected_below_5=test.expected_below_5 if test else None,
        unit=question.unit,
        scale_minimum=question.scale_minimum,
        scale_maximum=question.scale_maximum,
        sensitive=question.sensitive,
    )


def _why_not(
    question: QuestionPlan, rows: Sequence[Row], tables: Tables, base: Cell | None
) -> WhyNotTested:
    """Why nothing of a question was tested; empty when something was."""
    if base is None or base.base == 0:
        return "not_asked"
    if tables.layout.k < 2:
        return "one_segment"
    if question.table is not None:
        given = tables.counts[question.table].n[:, tables.layout.total] > 0
        if given.sum() < 2:
            return "one_category"
    if any(cell.p_value is not None for row in rows for cell in row.cells):
        return ""
    return "small_base"


def _corrected(
    questions: Sequence[QuestionProfile], correction: str
) -> tuple[QuestionProfile, ...]:
    """Whole-question tests, and tests of rows, each corrected over the book."""
    of_question = adjust(_array([question.p_value for question in questions]), correction)
    rows = [row for question in questions for row in question.rows]
    of_row = iter(adjust(_array([row.p_value for row in rows]), correction).tolist())
    return tuple(
        replace(
            question,
            p_adjusted=known(p),
            rows=tuple(replace(row, p_adjusted=known(next(of_row))) for row in question.rows),
        )
        for question, p in zip(questions, of_question.tolist(), strict=True)
    )


def _array(numbers: Sequence[float | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([np.nan if number is None else number for number in numbers], dtype=np.float64)
