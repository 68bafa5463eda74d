"""Books of banner tables: any questions by any columns, nested, filtered, tested."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from persona.errors import Problem, note
from persona.profiling.banner_columns import (
    SEGMENTS,
    ColumnGroup,
    ColumnSpec,
    column_group,
    variable_of,
)
from persona.profiling.cells import questions_of
from persona.profiling.plan import category_codes, plan
from persona.profiling.profiles import untested_questions
from persona.profiling.result import QuestionProfile, Row, Texts, WhyNotTested
from persona.profiling.significance import (
    Array,
    Correction,
    TableTest,
    effective_base,
    effective_n,
    table_test,
)
from persona.profiling.tabulation import LEVELS, Layout, Tables, TestOptions, layout, tabulate
from persona.questionnaire.variables import Measure

if TYPE_CHECKING:
    from persona.responses import Responses
    from persona.segmentation import Segmentation


@dataclass(frozen=True, slots=True)
class BannerColumn:
    """One column of a banner.

    ``group`` counts the specifications from 0: columns of one group are compared. ``question``
    and ``codes`` say whose answer it is (several when nested), ``texts`` what it says.
    """

    group: int
    question: tuple[str, ...]
    codes: tuple[int | str, ...]
    question_texts: tuple[Texts, ...]
    texts: tuple[Texts, ...]
    letter: str
    base: int
    weighted_base: float
    effective_base: float


@dataclass(frozen=True, slots=True)
class GroupTest:
    """The test of a question's whole table by one group of columns."""

    question: str
    group: int
    chi_square: float
    degrees: int
    p_value: float
    cramers_v: float
    expected_below_5: float


@dataclass(frozen=True)
class BannerBook:
    """Questions by the columns of a banner; the cells of each row stand in their order.

    ``filters`` are the answers that a respondent must have given to be counted. Rows carry
    bases, percents, means, medians, boxes, net promoter scores, index to the total and letters.
    """

    columns: tuple[BannerColumn, ...]
    questions: tuple[QuestionProfile, ...]
    tests: tuple[GroupTest, ...]
    filters: Mapping[str, tuple[int | str, ...]]
    correction: str
    levels: tuple[float, float]
    suppress_below: int
    weighted: bool
    n: int
    weighted_n: float
    effective_n: float
    warnings: tuple[Problem, ...] = ()

    def question(self, identifier: str) -> QuestionProfile:
        """One question; raises KeyError when the book has none of that id."""
        for question in self.questions:
            if question.question == identifier:
                return question
        raise KeyError(identifier)


def banner_book(
    responses: Responses,
    columns: Sequence[ColumnSpec],
    *,
    segmentation: Segmentation | None = None,
    names: Mapping[int, Texts] | None = None,
    questions: Iterable[str] | None = None,
    where: Mapping[str, int | str | Collection[int | str]] | None = None,
    correction: Correction = "fdr",
    levels: tuple[float, float] = LEVELS,
    minimum_base: int = 30,
    suppress_below: int = 5,
    basis: Iterable[str] | None = None,
) -> BannerBook:
    """Tabulate questions by the columns of a banner.

    Parameters
    ----------
    responses : Responses
    columns : sequence of str and tuples
        Ids of questions with categories, the word ``"segments"``, and tuples of them to nest.
    segmentation : Segmentation, optional
        For a banner with segments; ``names`` are what its segments are called.
    questions, where : optional
        Ids of the questions in the rows; a filter of variable ids and the codes that stay.
    correction, levels, minimum_base, suppress_below
        As in :func:`persona.profiling.profile`; the correction is over the whole book.
    basis : iterable of str, optional
        Questions that made the segments and carry no letters in their columns.

    Raises
    ------
    DataError
        A column or filter that no question has, or that has no categories.
    """
    weighted, (keep, filters) = responses.weighted, _filtered(responses, where or {})
    asked = responses.asked.loc[keep]
    weights = np.asarray(responses.weights.loc[keep], dtype=np.float64)
    groups = [column_group(spec, asked, responses, segmentation, names or {}) for spec in columns]
    made = frozenset(i for i, group in enumerate(groups) if SEGMENTS in group.question)
    options = TestOptions(correction, levels, minimum_base, suppress_below, weighted, made)
    prepared = plan(responses.questionnaire, asked, questions)
    untested = untested_questions(responses.questionnaire, basis if made else ())
    tables = tabulate(prepared, _placed(groups, weights), options, frozenset(untested))
    reasons = untested if len(made) == len(groups) else _without_basis(untested)
    found = questions_of(prepared, tables, options, reasons)
    return BannerBook(
        columns=_columns(groups, tables),
        questions=found,
        tests=_tests(found, tables, options, frozenset(untested), made),
        filters=filters,
        correction=correction,
        levels=levels,
        suppress_below=suppress_below,
        weighted=weighted,
        n=len(asked),
        weighted_n=float(weights.sum()),
        effective_n=effective_n(weights),
        warnings=_warnings(made, untested, len(responses.asked) - len(asked)),
    )


def _placed(groups: Sequence[ColumnGroup], weights: Array) -> Layout:
    """All groups side by side, each compared within itself."""
    sizes = [group.membership.shape[1] for group in groups]
    numbers = np.repeat(np.arange(len(groups)), sizes).tolist()
    return layout(np.hstack([group.membership for group in groups]), numbers, weights)


def row_percents(row: Row) -> tuple[float | None, ...]:
    """Of everybody with the answer, the percent in each column; None where there is nobody."""
    total = row.total.weighted_count
    return tuple(
        100 * cell.weighted_count / total if total and cell.weighted_count is not None else None
        for cell in row.cells
    )


def _without_basis(untested: Mapping[str, WhyNotTested]) -> dict[str, WhyNotTested]:
    """A book with other columns than segments tests the basis too, by those columns."""
    return {question: why for question, why in untested.items() if why != "basis"}


def _filtered(
    responses: Responses, where: Mapping[str, int | str | Collection[int | str]]
) -> tuple[pd.Index[str], dict[str, tuple[int | str, ...]]]:
    """Who passes the filter and has a weight; the filter as tuples of codes."""
    keep = np.asarray(responses.weights, dtype=np.float64) > 0
    filters: dict[str, tuple[int | str, ...]] = {}
    for name, wanted in where.items():
        variable = variable_of(name, responses)
        codes = (wanted,) if isinstance(wanted, int | str) else tuple(wanted)
        filters[name] = codes
        if variable.measure in (Measure.NOMINAL, Measure.ORDINAL):
            positions = category_codes(variable, responses.asked[name])
            chosen = [i for i, code in enumerate(variable.codes) if code in codes]
            keep &= np.isin(positions, chosen)
        else:
            keep &= responses.asked[name].isin(list(codes)).to_numpy()
    return responses.asked.index[keep], filters


def _columns(groups: Sequence[ColumnGroup], tables: Tables) -> tuple[BannerColumn, ...]:
    membership, weights = tables.layout.columns.membership, tables.layout.columns.weights
    made = []
    at = 0
    for number, group in enumerate(groups):
        for codes, texts in zip(group.codes, group.texts, strict=True):
            w = weights[membership[:, at]]
            sums = np.array([w.sum()]), np.array([(w**2).sum()])
            made.append(
                BannerColumn(
                    number,
                    group.question,
                    codes,
                    group.question_texts,
                    texts,
                    tables.layout.letters[at],
                    len(w),
                    float(sums[0][0]),
                    float(effective_base(*sums)[0]),
                )
            )
            at += 1
    return tuple(made)


def _tests(
    questions: Sequence[QuestionProfile],
    tables: Tables,
    options: TestOptions,
    untested: frozenset[str],
    made: frozenset[int],
) -> tuple[GroupTest, ...]:
    """Whole tables of questions with one answer, by every group whose columns do not overlap."""
    overlapping = {tables.layout.groups[a] for a, _ in tables.layout.columns.overlapping()}
    found = []
    for question, source in zip(questions, tables.sources, strict=True):
        if source is None:
            continue
        for group in sorted(set(tables.layout.groups) - overlapping):
            if question.question in untested and group in made:
                continue
            at = [i for i, own in enumerate(tables.layout.groups) if own == group]
            counts = tables.counts[source].take(at)
            weighted = (counts.w, counts.q) if options.weighted else ()
            test: TableTest | None = table_test(counts.n, *weighted)
            if test is not None:
                found.append(
                    GroupTest(
                        question.question,
                        group,
                        test.chi_square,
                        test.degrees,
                        test.p_value,
                        test.cramers_v,
                        test.expected_below_5,
                    )
                )
    return tuple(found)


def _warnings(
    made: frozenset[int], untested: Mapping[str, WhyNotTested], left_out: int
) -> tuple[Problem, ...]:
    problems = []
    if left_out:
        problems.append(
            note(
                "banner.filtered",
                "{count} respondents are not in these tables: a filter or the weights leave "
                "them out.",
                values={"count": left_out},
            )
        )
    basis = [question for question, why in untested.items() if why == "basis"]
    if made and basis:
        problems.append(
            note(
                "banner.basis",
                "The questions {questions} made the segments and carry no letters in their "
                "columns: a test would be circular.",
                values={"questions": ", ".join(sorted(basis))},
            )
        )
    return tuple(problems)
