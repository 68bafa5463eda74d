"""Place people in segments by the points of their answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import AnalysisError, error
from persona.typing_tool.model import SCALE, TypingModel, TypingQuestion

_UNANSWERED, _NOT_ALLOWED = 1, 2


@dataclass(frozen=True)
class Typed:
    """People placed in segments.

    Parameters
    ----------
    frame : DataFrame
        On the index of the answers: ``segment`` and ``second`` (whole number, missing for those
        not placed), ``probability`` (0 to 1), ``uncertain`` (true also for those not placed),
        ``missing`` (questions without a usable answer), ``unanswered`` and ``not_allowed``
        (their variables, separated by ", ").
    points : DataFrame
        The sums by segment, whole numbers, also of those not placed.
    k : int
    """

    frame: pd.DataFrame
    points: pd.DataFrame
    k: int

    @property
    def labels(self) -> pd.Series[int]:
        """Segment 1 to k, missing for those not placed."""
        return self.frame["segment"]


def type_people(model: TypingModel, answers: pd.DataFrame) -> Typed:
    """Place people by their answers.

    Parameters
    ----------
    model : TypingModel
    answers : DataFrame
        A column for each variable of the model, in the codes of the questionnaire as answered;
        NaN or None without an answer. What is not among the allowed answers counts as missing
        and is named.

    Raises
    ------
    AnalysisError
        When a column is absent.

    Examples
    --------
    >>> from persona.typing_tool.model import TypedSegment, TypingAnswer
    >>> yes, no = TypingAnswer(1, {}, (12000, 0)), TypingAnswer(0, {}, (0, 9000))
    >>> model = TypingModel(
    ...     (TypedSegment(1, {}, 0.6), TypedSegment(2, {}, 0.4)),
    ...     (TypingQuestion("member", "member", {}, {}, (yes, no), (), (4000, 0)),),
    ...     constant=(0, 500), uncertain_below=6931, max_missing=0)
    >>> type_people(model, pd.DataFrame({"member": [1, 0]})).labels.tolist()
    [1, 2]
    """
    absent = [name for name in model.variables if name not in answers.columns]
    if absent:
        raise AnalysisError(
            error(
                "typing.columns",
                "The table lacks the questions {names} that the typing tool asks.",
                allowed=", ".join(model.variables),
                remedy="Add the columns; leave cells empty where somebody did not answer.",
                values={"names": ", ".join(absent)},
            )
        )
    sums = np.tile(np.array(model.constant, dtype=np.int64), (len(answers), 1))
    states = np.zeros((len(answers), len(model.questions)), dtype=np.int8)
    for position, question in enumerate(model.questions):
        row, state = rows_and_states(question, answers[question.variable])
        sums += point_table(question)[row]
        states[:, position] = state
    return _typed(model, answers.index, sums, states)


def point_table(question: TypingQuestion) -> NDArray[np.int64]:
    """Points by answer or band (rows, in order; the last one without an answer) and segment."""
    options = question.answers or question.bands
    return np.array([*(option.points for option in options), question.missing], dtype=np.int64)


def rows_and_states(
    question: TypingQuestion, values: pd.Series
) -> tuple[NDArray[np.intp], NDArray[np.int8]]:
    """The row of the point table for each person, and whether the answer is usable.

    The state is 0 for a usable answer, 1 without one, 2 for one that is not allowed.
    """
    if question.bands:
        return _band_rows(question, values)
    last = len(question.answers)
    place: dict[object, tuple[int, int]] = {
        answer.code: (row, 0) for row, answer in enumerate(question.answers)
    }
    place |= {code: (last, _UNANSWERED) for code, _ in question.no_answer}
    codes, found = pd.factorize(values, use_na_sentinel=True)
    looked = [place.get(value, (last, _NOT_ALLOWED)) for value in found.tolist()]
    rows = np.array([row for row, _ in looked] + [last], dtype=np.intp)
    states = np.array([state for _, state in looked] + [_UNANSWERED], dtype=np.int8)
    return rows[codes], states[codes]


def _band_rows(
    question: TypingQuestion, values: pd.Series
) -> tuple[NDArray[np.intp], NDArray[np.int8]]:
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    given = values.notna().to_numpy()
    aside = [code for code, _ in question.no_answer if not isinstance(code, str)]
    unanswered = (
        ~given
        | np.isin(numbers, aside)
        | values.isin([code for code, _ in question.no_answer if isinstance(code, str)]).to_numpy()
    )
    low = -np.inf if question.minimum is None else question.minimum
    high = np.inf if question.maximum is None else question.maximum
    allowed = np.isfinite(numbers) & (numbers >= low) & (numbers <= high)
    usable = allowed & ~unanswered
    row = np.searchsorted(np.array(question.cuts), np.where(usable, numbers, 0.0), side="right")
    state = np.where(unanswered, _UNANSWERED, np.where(allowed, 0, _NOT_ALLOWED))
    return np.where(usable, row, len(question.bands)), state.astype(np.int8)


def _typed(
    model: TypingModel, index: pd.Index, sums: NDArray[np.int64], states: NDArray[np.int8]
) -> Typed:
    missing = (states > 0).sum(axis=1)
    placed = missing <= model.max_missing
    order = np.argsort(-sums, axis=1, kind="stable")
    best = np.take_along_axis(sums, order[:, :1], axis=1)[:, 0]
    if model.k > 1:
        second = np.take_along_axis(sums, order[:, 1:2], axis=1)[:, 0]
        close = best - second < model.uncertain_below
    else:
        close = np.zeros(len(sums), dtype=bool)
    odds = np.exp((sums - best[:, None]) / SCALE)
    frame = pd.DataFrame(
        {
            "segment": _where(order[:, 0] + 1, placed),
            "second": _where(order[:, 1] + 1, placed) if model.k > 1 else _nobody(len(sums)),
            "probability": np.where(placed, 1 / odds.sum(axis=1), np.nan),
            "uncertain": close | ~placed,
            "missing": missing,
            "unanswered": _names(model, states == _UNANSWERED),
            "not_allowed": _names(model, states == _NOT_ALLOWED),
        },
        index=index,
    )
    segments = pd.RangeIndex(1, model.k + 1, name="segment")
    return Typed(frame, pd.DataFrame(sums, index=index, columns=segments), model.k)


def _where(values: NDArray[np.intp], known: NDArray[np.bool_]) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(values.astype(np.int64), ~known)


def _nobody(count: int) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(np.zeros(count, dtype=np.int64), np.ones(count, dtype=bool))


def _names(model: TypingModel, told: NDArray[np.bool_]) -> NDArray[np.object_]:
    """The variables told of each person, joined; patterns repeat, so each is joined once."""
    out = np.full(len(told), "", dtype=object)
    some = np.flatnonzero(told.any(axis=1))
    if not len(some):
        return out
    packed = np.packbits(told[some], axis=1)
    which, _ = pd.factorize(packed.view(f"V{packed.shape[1]}").reshape(-1).astype(object))
    variables = np.array(model.variables, dtype=object)
    _, first = np.unique(which, return_index=True)
    texts = np.array([", ".join(variables[told[some[row]]]) for row in first], dtype=object)
    out[some] = texts[which]
    return out
