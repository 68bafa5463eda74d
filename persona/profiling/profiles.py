"""Every question of a study by segment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import AnalysisError, Problem, error, note, warning
from persona.profiling.cells import questions_of
from persona.profiling.plan import plan
from persona.profiling.result import Profile, WhyNotTested
from persona.profiling.significance import Array, Correction, effective_n
from persona.profiling.tabulation import LEVELS, TestOptions, layout, tabulate
from persona.profiling.value import segment_sizes
from persona.questionnaire.variables import Measure

if TYPE_CHECKING:
    from persona.questionnaire import Questionnaire
    from persona.responses import Responses

MOST_EXPECTED_BELOW_5 = 0.2


class Grouped(Protocol):
    """Respondents divided into groups: ``labels`` 1 to ``k``, missing for those in none."""

    @property
    def labels(self) -> pd.Series[int]: ...

    @property
    def k(self) -> int: ...


def profile(
    responses: Responses,
    segmentation: Grouped,
    *,
    correction: Correction = "fdr",
    suppress_below: int = 5,
    levels: tuple[float, float] = LEVELS,
    minimum_base: int = 30,
    basis: Iterable[str] | None = None,
) -> Profile:
    """Describe every question by segment: bases, percents, means, intervals, index, tests.

    Parameters
    ----------
    responses : Responses
        Answers as given are described, reverse-keyed items not turned.
    segmentation : Segmentation
        ``labels`` 1 to k by respondent; respondents without a label are left out and counted.
    correction : {"fdr", "holm", "bonferroni", "none"}
        Over all tests of the book; ``levels`` are of lower and upper case letters.
    suppress_below, minimum_base : int
        Cells with a smaller base are not shown, or not tested.
    basis : iterable of str, optional
        Ids of the questions that made the segments; by default those whose role is ``basis``.
        They are described and never tested: segments differ there because they were made to.

    Raises
    ------
    AnalysisError
        When no respondent has a segment.
    """
    labels, keep = labelled(responses, segmentation)
    asked = responses.asked.loc[keep]
    weights = np.asarray(responses.weights.loc[keep], dtype=np.float64)
    segments = tuple(range(1, int(max(segmentation.k, labels.max())) + 1))
    options = TestOptions(correction, levels, minimum_base, suppress_below, responses.weighted)
    prepared = plan(responses.questionnaire, asked)
    untested = untested_questions(responses.questionnaire, basis)
    membership = labels[:, None] == np.asarray(segments)
    columns = layout(membership, [0] * len(segments), weights)
    tables = tabulate(prepared, columns, options, frozenset(untested))
    questions = questions_of(prepared, tables, options, untested)
    worth = _values(responses.questionnaire, asked)
    found = Profile(
        segments=segment_sizes(labels, weights, segments, worth, suppress_below),
        questions=questions,
        correction=correction,
        levels=levels,
        suppress_below=suppress_below,
        weighted=responses.weighted,
        n=len(labels),
        weighted_n=float(weights.sum()),
        effective_n=effective_n(weights),
        tests=tables.tests,
    )
    left_out = len(responses.asked) - len(labels)
    return replace(found, warnings=tuple(_warnings(found, left_out)))


def labelled(responses: Responses, segmentation: Grouped) -> tuple[NDArray[np.intp], pd.Index[str]]:
    """Segment of each labelled respondent with a weight, in the order of the answers."""
    labels = segmentation.labels.reindex(responses.asked.index)
    weighed = responses.weights.reindex(responses.asked.index).fillna(0) > 0
    keep = labels.index[(labels.notna() & (labels.fillna(0) > 0) & weighed).to_numpy()]
    if not len(keep):
        raise AnalysisError(
            error(
                "profile.nobody",
                "No respondent has both a segment and answers, so nothing can be described.",
                remedy="Check that the segments were made from these answers.",
            )
        )
    return np.asarray(labels.loc[keep], dtype=np.intp), pd.Index(keep)


def untested_questions(
    questionnaire: Questionnaire, basis: Iterable[str] | None
) -> dict[str, WhyNotTested]:
    """Questions without tests and why: the basis, and texts of which only the length is known."""
    made: set[str] = (
        {variable.question for variable in questionnaire.variables if variable.role == "basis"}
        if basis is None
        else set(basis)
    )
    texts = {
        variable.question
        for variable in questionnaire.variables
        if variable.measure is Measure.TEXT
    } - {
        variable.question
        for variable in questionnaire.variables
        if variable.measure is not Measure.TEXT
    }
    reasons: dict[str, WhyNotTested] = dict.fromkeys(texts, "descriptive")
    return reasons | dict.fromkeys(made, "basis")


def _values(
    questionnaire: Questionnaire, asked: pd.DataFrame
) -> dict[str, tuple[dict[str, str], str | None, Array]]:
    """The numeric variables of kind value."""
    return {
        variable.id: (
            dict(variable.text),
            variable.unit,
            asked[variable.id].to_numpy(dtype=np.float64),
        )
        for variable in questionnaire.variables
        if variable.kind == "value"
        and variable.measure is Measure.RATIO
        and variable.id in asked.columns
    }


def _warnings(found: Profile, left_out: int) -> list[Problem]:
    problems: list[Problem] = []
    if left_out:
        problems.append(
            note(
                "profile.unlabelled",
                "{count} respondents without a segment or a weight are not in the profile.",
                values={"count": left_out},
            )
        )
    for size in found.segments:
        if size.n < 30:
            problems.append(
                warning(
                    "profile.segment.small",
                    "Segment {segment} has {n} respondents; below 30 nothing is tested.",
                    values={"segment": size.segment, "n": size.n},
                    remedy="Merge it with another segment, or read it as a hint.",
                )
            )
    thin = [
        question
        for question in found.questions
        if question.tested and (question.expected_below_5 or 0.0) > MOST_EXPECTED_BELOW_5
    ]
    if thin:
        problems.append(
            note(
                "profile.expected",
                "In {count} questions more than 20 % of the expected cells are below 5; read "
                "their chi-square with care (Cochran 1954).",
                question=thin[0].question,
                found=", ".join(question.question for question in thin[:10]),
                values={"count": len(thin)},
            )
        )
    hidden = sum(
        any(cell.suppressed for row in question.rows for cell in row.cells)
        for question in found.questions
    )
    if hidden:
        problems.append(
            note(
                "profile.suppressed",
                "In {count} questions cells of fewer than {limit} respondents are not shown.",
                values={"count": hidden, "limit": found.suppress_below},
            )
        )
    return problems
