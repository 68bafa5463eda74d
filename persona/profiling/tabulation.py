"""A plan of questions counted by the columns of a banner, with every comparison tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.profiling.counting import Columns, Counts, Moments, count, moments
from persona.profiling.figures import (
    MINIMUM_BASE,
    Shares,
    compare_means,
    compare_shares,
    lettered,
    means_with_interval,
    shares,
)
from persona.profiling.letters import column_letters
from persona.profiling.plan import Line, Plan
from persona.profiling.significance import Array, adjust, share_z, two_sided, welch_p

LEVELS = (0.05, 0.001)


@dataclass(frozen=True)
class TestOptions:
    """How tables are tested and what is held back."""

    __test__ = False  # no test class, whatever its name

    correction: str = "fdr"
    levels: tuple[float, float] = LEVELS
    minimum_base: int = MINIMUM_BASE
    suppress_below: int = 5
    weighted: bool = False
    untested_groups: frozenset[int] | None = None
    """Groups of columns that untested questions made; None for all."""


@dataclass(frozen=True)
class Layout:
    """The columns of a tabulation: banner columns, the total, and the others of each column."""

    columns: Columns
    k: int
    letters: tuple[str, ...]
    groups: tuple[int, ...]

    @property
    def total(self) -> int:
        """Place of the total."""
        return self.k

    @property
    def rest(self) -> slice:
        """Places of the others of each banner column."""
        return slice(self.k + 1, 2 * self.k + 1)


def layout(membership: NDArray[np.bool_], groups: Sequence[int], weights: Array) -> Layout:
    """Add the total and, for each column, everybody else of its group."""
    k = membership.shape[1]
    group = np.asarray(groups, dtype=np.intp)
    in_group = {g: membership[:, group == g].any(1) for g in set(group.tolist())}
    others = [in_group[int(group[j])] & ~membership[:, j] for j in range(k)]
    everybody = np.ones((membership.shape[0], 1), dtype=bool)
    rest = np.column_stack(others) if k else np.zeros((membership.shape[0], 0), dtype=bool)
    # negative groups hold one column each, so that nothing is compared with them twice
    alone = -1 - np.arange(k + 1)
    columns = Columns(
        np.hstack([membership, everybody, rest]),
        weights,
        np.concatenate([group, alone]).astype(np.intp),
    )
    return Layout(columns, k, column_letters(group.tolist()), tuple(group.tolist()))


@dataclass(frozen=True)
class Figures:
    """Arrays behind the cells of many rows; (rows, columns of the banner and the total).

    Percents and means are on the scale that is shown. ``count`` and ``weighted_count`` are None
    for means.
    """

    value: Array
    low: Array
    high: Array
    n: Array
    w: Array
    effective: Array
    count: Array | None
    weighted_count: Array | None
    index: Array
    rest: Array
    effect: Array
    p_value: Array
    p_adjusted: Array
    letters: NDArray[np.str_]


@dataclass(frozen=True)
class Tables:
    """Everything counted and tested; ``shares`` and ``means`` in the order of their lines.

    ``sources`` says for each question which counts are its whole table.
    """

    layout: Layout
    counts: Sequence[Counts]
    moments: Moments
    shares: Figures
    means: Figures
    tests: int
    sources: tuple[int | None, ...]


def tabulate(plan: Plan, where: Layout, options: TestOptions, untested: frozenset[str]) -> Tables:
    """Count a plan and test every row.

    Parameters
    ----------
    plan : Plan
    where : Layout
    options : TestOptions
    untested : frozenset of str
        Questions whose rows carry no test (they made the columns).

    Notes
    -----
    Two families are corrected, each over the whole book: the comparisons of columns with each
    other (letters), and the comparisons of each column with the others of its group.
    """
    columns = where.columns
    counts = count(plan.codes, plan.sizes, columns)
    table = _share_table(plan, counts, where)
    people = len(columns.weights)
    values = np.column_stack(plan.values) if plan.values else np.zeros((people, 0))
    found = moments(values, columns)
    minimum = options.minimum_base
    share_tested, mean_tested = _tested(plan, untested)
    made_column = _made(where.groups, options.untested_groups)
    made_pair = made_column[[a for a, _ in columns.pairs()]]
    pairs = _corrected(
        (
            _only(
                share_tested, made_pair, compare_shares(table, where.columns, minimum_base=minimum)
            ),
            _only(
                mean_tested, made_pair, compare_means(found, where.columns, minimum_base=minimum)
            ),
        ),
        options.correction,
    )
    raw = (
        _only(share_tested, made_column, _share_against_rest(table, where, minimum)),
        _only(mean_tested, made_column, _mean_against_rest(found, where, minimum)),
    )
    rest = _corrected(raw, options.correction)
    tests = sum(int((~np.isnan(p)).sum()) for p in raw)
    share_figures = _share_figures(table, where, raw[0], rest[0], pairs[0], options)
    mean_figures = _mean_figures(found, where, raw[1], rest[1], pairs[1], options)
    sources = tuple(question.table for question in plan.questions)
    return Tables(where, counts, found, share_figures, mean_figures, tests, sources)


def share_lines(plan: Plan) -> list[tuple[str, Line]]:
    """The lines that are shares, in the order of their figures, with their questions."""
    return [
        (question.question, line)
        for question in plan.questions
        for line in question.lines
        if line.picks
    ]


def _share_table(plan: Plan, counts: Sequence[Counts], where: Layout) -> Shares:
    hits = [counts[line.source].box(line.picks) for _, line in share_lines(plan)]
    bases = [counts[line.source].base for _, line in share_lines(plan)]
    width = where.columns.count + len(where.columns.overlapping())

    def stack(parts: Sequence[Counts], which: str) -> Array:
        return np.vstack([np.zeros((0, width)), *(getattr(part, which) for part in parts)])

    return shares(
        Counts(*(stack(hits, which) for which in ("n", "w", "q"))),
        Counts(*(stack(bases, which) for which in ("n", "w", "q"))),
    )


def _tested(plan: Plan, untested: frozenset[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which share lines and which values belong to questions that are tested."""
    share = [question not in untested for question, _ in share_lines(plan)]
    mean = np.ones(len(plan.values), dtype=bool)
    for question in plan.questions:
        for line in question.lines:
            if not line.picks:
                mean[line.source] = question.question not in untested
    return np.array(share, dtype=bool), mean


def _made(groups: Sequence[int], untested: frozenset[int] | None) -> NDArray[np.bool_]:
    """Which columns belong to groups that untested questions made."""
    return np.array([untested is None or group in untested for group in groups], dtype=bool)


def _only(tested: NDArray[np.bool_], made: NDArray[np.bool_], p: Array) -> Array:
    """p-values where the question is tested, or the columns were not made by it."""
    return np.where(tested[:, None] | ~made[None, :], p, np.nan)


def _corrected(families: Sequence[Array], correction: str) -> list[Array]:
    """One family over shares and means together."""
    flat = adjust(np.concatenate([p.ravel() for p in families]), correction)
    parts = np.split(flat, np.cumsum([p.size for p in families])[:-1])
    return [part.reshape(p.shape) for part, p in zip(parts, families, strict=True)]


def _thin(n: Array, where: Layout, minimum: int) -> NDArray[np.bool_]:
    return (n[:, : where.k] < minimum) | (n[:, where.rest] < minimum)


def _share_against_rest(table: Shares, where: Layout, minimum: int) -> Array:
    own, rest = slice(0, where.k), where.rest
    z = share_z(
        table.share[:, own], table.share[:, rest], table.effective[:, own], table.effective[:, rest]
    )
    return np.where(_thin(table.bases.n, where, minimum), np.nan, two_sided(z))


def _mean_against_rest(found: Moments, where: Layout, minimum: int) -> Array:
    own, rest, e = slice(0, where.k), where.rest, found.effective
    p = welch_p(
        found.mean[:, own],
        found.mean[:, rest],
        found.variance[:, own],
        found.variance[:, rest],
        e[:, own],
        e[:, rest],
    )
    return np.where(_thin(found.n, where, minimum), np.nan, p)


def cohen_h(share_a: Array, share_b: Array) -> Array:
    """Cohen's (1988) h = 2 asin sqrt(pa) - 2 asin sqrt(pb) of shares 0 to 1.

    Examples
    --------
    >>> float(cohen_h(np.array([1.0]), np.array([0.0])).round(4)[0])
    3.1416
    """
    a, b = np.clip(share_a, 0, 1), np.clip(share_b, 0, 1)
    return np.asarray(2 * np.arcsin(np.sqrt(a)) - 2 * np.arcsin(np.sqrt(b)))


def cohen_d(found: Moments, where: Layout) -> Array:
    """Difference of each column's mean from the others, in pooled standard deviations."""
    own, rest, e = slice(0, where.k), where.rest, found.effective
    with np.errstate(divide="ignore", invalid="ignore"):
        weight_a, weight_b = np.maximum(e[:, own] - 1, 0), np.maximum(e[:, rest] - 1, 0)
        pooled = np.nan_to_num(found.variance[:, own]) * weight_a
        pooled = pooled + np.nan_to_num(found.variance[:, rest]) * weight_b
        spread = np.sqrt(pooled / (weight_a + weight_b))
        difference = found.mean[:, own] - found.mean[:, rest]
        return np.where(spread > 0, difference / spread, np.where(difference == 0, 0.0, np.nan))


def _share_figures(
    table: Shares, where: Layout, p: Array, adjusted: Array, pairs: Array, options: TestOptions
) -> Figures:
    shown, rest = slice(0, where.k + 1), where.rest
    share = table.share[:, shown]
    total = table.share[:, where.total : where.total + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.where(total > 0, 100 * share / total, np.nan)
    return Figures(
        value=100 * share,
        low=100 * table.low[:, shown],
        high=100 * table.high[:, shown],
        n=table.bases.n[:, shown],
        w=table.bases.w[:, shown],
        effective=table.effective[:, shown],
        count=table.hits.n[:, shown],
        weighted_count=table.hits.w[:, shown],
        index=index,
        rest=100 * table.share[:, rest],
        effect=cohen_h(table.share[:, : where.k], table.share[:, rest]),
        p_value=p,
        p_adjusted=adjusted,
        letters=_letters(np.nan_to_num(share), pairs, where, options),
    )


def _mean_figures(
    found: Moments, where: Layout, p: Array, adjusted: Array, pairs: Array, options: TestOptions
) -> Figures:
    shown = slice(0, where.k + 1)
    mean, low, high = means_with_interval(found)
    total = mean[:, where.total : where.total + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.where(total > 0, 100 * mean[:, shown] / total, np.nan)
    return Figures(
        value=mean[:, shown],
        low=low[:, shown],
        high=high[:, shown],
        n=found.n[:, shown],
        w=found.w[:, shown],
        effective=found.effective[:, shown],
        count=None,
        weighted_count=None,
        index=index,
        rest=mean[:, where.rest],
        effect=cohen_d(found, where),
        p_value=p,
        p_adjusted=adjusted,
        letters=_letters(np.nan_to_num(mean), pairs, where, options),
    )


def _letters(figures: Array, pairs: Array, where: Layout, options: TestOptions) -> NDArray[np.str_]:
    # the total and the others stand behind the banner and have no letter
    names = (*where.letters, *[""] * (where.columns.count - where.k))
    return lettered(figures, pairs, where.columns, names, options.levels, where.k)
