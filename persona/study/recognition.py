"""How well the questions of the basis tell who belongs to which segment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.numeric.seeds import generator
from persona.numeric.threads import one_thread
from persona.questionnaire.variables import Measure, Variable
from persona.report.targets import Recognition

if TYPE_CHECKING:
    from persona.profiling.profiles import Grouped
    from persona.responses import Responses

FOLDS = 10
FEWEST = 2
"""Members of a segment below which nothing can be learned about it and tested."""
_LISTS = (Measure.NOMINAL,)
_LEFT_OUT = (Measure.TEXT, Measure.DATE, Measure.IDENTIFIER, Measure.WEIGHT)


@one_thread
def recognise(
    responses: Responses, segmentation: Grouped, basis: Sequence[str], seed: int
) -> Recognition | None:
    """Cross-validated accuracy of a multinomial logistic regression of segments on the basis.

    Every answer of the basis is asked for, so this is what a shorter set of typing questions can
    reach at most. Respondents are put into ten parts; those of one are classified by a rule
    learned from the other nine. The segments themselves are those of all respondents, who made
    them: new people are told a little less well.

    Parameters
    ----------
    responses : Responses
    segmentation : Segmentation
    basis : question ids
    seed : int

    Returns
    -------
    Recognition or None
        None with one segment, or one of fewer than two members.
    """
    from sklearn.linear_model import LogisticRegression

    variables = [
        variable
        for question in basis
        for variable in responses.questionnaire.variables_of(question)
        if variable.measure not in _LEFT_OUT and variable.id in responses.frame.columns
    ]
    labels = segmentation.labels.reindex(responses.frame.index)
    known = labels.notna().to_numpy()
    segments = np.asarray(labels[known], dtype=np.int64)
    counts = np.bincount(segments)[1:] if len(segments) else np.zeros(0, dtype=np.int64)
    if not variables or len(counts) < 2 or counts.min() < FEWEST:
        return None
    answers = _numbers(responses.frame.loc[known], variables)
    weights = np.asarray(responses.weights, dtype=np.float64)[known]
    folds = int(min(FOLDS, counts.min()))
    part = _parts(segments, folds, seed)
    told = np.zeros_like(segments)
    for fold in range(folds):
        own = part == fold
        learned, asked = _standardised(answers[~own], answers[own])
        model = LogisticRegression(max_iter=2000)
        model.fit(learned, segments[~own], sample_weight=weights[~own])
        told[own] = model.predict(asked)
    right = (told == segments) * weights
    shares = np.bincount(segments, weights)[1:] / weights.sum()
    return Recognition(
        found={
            int(number): float(right[segments == number].sum() / weights[segments == number].sum())
            for number in np.unique(segments)
        },
        overall=float(right.sum() / weights.sum()),
        chance=float((shares**2).sum()),
        questions=len(variables),
        folds=folds,
        base=len(segments),
    )


def _numbers(frame: pd.DataFrame, variables: Sequence[Variable]) -> NDArray[np.float64]:
    """Answers as numbers; lists as one column of 0 and 1 an answer, unanswered all 0."""
    columns: list[NDArray[np.float64]] = []
    for variable in variables:
        values = frame[variable.id]
        if variable.measure in _LISTS:
            columns += [np.asarray(values == code, dtype=np.float64) for code in variable.codes]
        else:
            columns.append(np.asarray(values, dtype=np.float64))
    return np.column_stack(columns)


def _parts(segments: NDArray[np.int64], folds: int, seed: int) -> NDArray[np.int64]:
    """A part for everybody, each segment spread evenly over the parts."""
    draw = generator(seed)
    part = np.zeros(len(segments), dtype=np.int64)
    for number in np.unique(segments):
        own = np.flatnonzero(segments == number)
        part[draw.permutation(own)] = np.arange(len(own)) % folds
    return part


def _standardised(
    learned: NDArray[np.float64], asked: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both on the scale of those learned from; an unanswered question counts as their mean."""
    answered = ~np.isnan(learned)
    count = np.maximum(answered.sum(axis=0), 1)
    mean = np.where(answered, learned, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(answered, (learned - mean) ** 2, 0.0).sum(axis=0) / count)
    spread = np.where(spread > 0, spread, 1.0)
    return np.nan_to_num((learned - mean) / spread), np.nan_to_num((asked - mean) / spread)
