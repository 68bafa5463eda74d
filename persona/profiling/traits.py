"""Who has which of the traits a persona shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.profiling.forms import ALIKE, NEGATIVE
from persona.profiling.persona import Form, Prevalence, Statement
from persona.profiling.plan import category_codes
from persona.profiling.significance import Array
from persona.questionnaire.variables import Measure

if TYPE_CHECKING:
    from persona.questionnaire.model import Questionnaire

MOST_TRAITS = 7


def trait(statement: Statement, questionnaire: Questionnaire, asked: pd.DataFrame) -> Array:
    """1 for those who have what the statement says, 0 for those who do not, NaN unanswered.

    A mean is had by those on the segment's side of everybody's mean.
    """
    evidence = statement.evidence
    variable = questionnaire.variable(evidence.variable)
    answers = asked[evidence.variable]
    if evidence.statistic in ("mean", "nps"):
        numbers = np.asarray(answers, dtype=np.float64)
        middle = evidence.total if evidence.statistic == "mean" else float(np.nanmean(numbers))
        had = numbers > (middle or 0.0)
        answered = ~np.isnan(numbers)
    elif variable.measure is Measure.BINARY:
        numbers = np.asarray(answers, dtype=np.float64)
        had, answered = numbers > 0, ~np.isnan(numbers)
    else:
        codes = category_codes(variable, answers)
        wanted = [i for i, code in enumerate(variable.codes) if code in _codes(statement)]
        had, answered = np.isin(codes, wanted), codes >= 0
        if evidence.question_type == "ranking":
            # an option without a rank was passed over by whoever ranked another
            own = [one.id for one in questionnaire.variables_of(variable.question)]
            answered = asked[own].notna().any(axis=1).to_numpy()
    if statement.form in NEGATIVE or statement.form is Form.HARDLY_ANY:
        had = ~had
    return np.where(answered, had.astype(np.float64), np.nan)


def _codes(statement: Statement) -> tuple[int | str, ...]:
    evidence = statement.evidence
    return evidence.box_codes or ((evidence.category,) if evidence.category is not None else ())


def headline(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The traits of the meter: those that set apart most, at most seven, all blocks together."""
    telling = [one for one in statements if one.weight > 0 and one.form not in ALIKE]
    return tuple(sorted(telling, key=lambda one: -one.weight)[:MOST_TRAITS])


def prevalence(
    statements: Sequence[Statement], traits: Array, weights: Array, suppress_below: int
) -> Prevalence | None:
    """How many of a segment have how many of the traits.

    Parameters
    ----------
    statements : sequence of Statement
        One a column of ``traits``.
    traits : array (members, traits)
    weights : array (members,)
    suppress_below : int

    Returns
    -------
    None when there is no trait, or too few members answered every trait question.
    """
    complete = ~np.isnan(traits).any(axis=1)
    count = traits.shape[1]
    if not count or complete.sum() < max(suppress_below, 1):
        return None
    w = weights[complete]
    had = traits[complete].sum(axis=1).astype(np.intp)
    exactly = 100 * np.bincount(had, w, minlength=count + 1) / w.sum()
    at_least = np.cumsum(exactly[::-1])[::-1]
    median = int(np.flatnonzero(np.cumsum(exactly) >= 50 - 1e-9)[0])
    people = np.bincount(had, minlength=count + 1)
    return Prevalence(
        count,
        _shown(exactly, people, suppress_below),
        (100.0, *_shown(at_least[1:], np.cumsum(people[::-1])[::-1][1:], suppress_below)),
        int(complete.sum()),
        median,
        tuple(statement.id for statement in statements),
        suppress_below,
    )


def _shown(
    percents: Array, people: NDArray[np.intp], suppress_below: int
) -> tuple[float | None, ...]:
    """Percents without those that tell of a handful of people."""
    return tuple(
        None if 0 < n < suppress_below else float(percent)
        for percent, n in zip(percents, people, strict=True)
    )
