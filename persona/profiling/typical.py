"""Who of a segment is typical, and what may be shown of the most typical one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.profiling.persona import Statement, TypicalAnswer
from persona.profiling.result import Texts
from persona.profiling.significance import Array
from persona.questionnaire.variables import Measure, Variable

if TYPE_CHECKING:
    from persona.questionnaire.model import Questionnaire
    from persona.segmentation import Segmentation

MOST_ANSWERS = 8


def by_typicality(
    segment: int,
    rows: NDArray[np.intp],
    frame: pd.DataFrame,
    segmentation: Segmentation,
    traits: Array,
) -> NDArray[np.intp]:
    """Members ordered from the centre outwards.

    By probability of membership, then by distance from the centre where its bases are answers
    in the frame, then by how many of the segment's traits they have, then as they stand.

    Parameters
    ----------
    rows : int array
        Places of the members in the frame.
    traits : array (members, traits)
    """
    members = frame.index[rows]
    probability = segmentation.probabilities.loc[members, segment].to_numpy(dtype=np.float64)
    distance = _distance(segment, frame.iloc[rows], segmentation)
    had = np.nan_to_num(traits).sum(axis=1) if traits.size else np.zeros(len(rows))
    order = np.lexsort((np.arange(len(rows)), -had, distance, -np.nan_to_num(probability).round(6)))
    return rows[order]


def _distance(segment: int, members: pd.DataFrame, segmentation: Segmentation) -> Array:
    """Euclidean distance in standard deviations over the bases that are columns of the frame."""
    centres = segmentation.centres
    names = [name for name in centres.columns if name in members.columns]
    numeric = [
        name
        for name in names
        if pd.api.types.is_numeric_dtype(members[name]) and members[name].notna().any()
    ]
    if not numeric or segment not in centres.index:
        return np.zeros(len(members))
    answers = members[numeric].to_numpy(dtype=np.float64)
    centre = centres.loc[segment, numeric].to_numpy(dtype=np.float64)
    known = ~np.isnan(answers)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.nanstd(answers, axis=0)
        scaled = (answers - centre) / np.where(spread > 0, spread, 1.0)
    squares = np.where(known, scaled**2, 0.0).sum(axis=1)
    return np.asarray(np.sqrt(squares / np.maximum(known.sum(axis=1), 1)), dtype=np.float64)


def typical_answers(
    ordered: NDArray[np.intp],
    statements: Sequence[Statement],
    asked: pd.DataFrame,
    questionnaire: Questionnaire,
    suppress_below: int,
) -> tuple[TypicalAnswer, ...]:
    """Answers of the most typical member that enough members give, all of them together.

    An answer is added only while at least ``suppress_below`` members share the whole set, so
    that the set points at nobody. Sensitive questions and texts are left out.
    """
    if len(ordered) < max(suppress_below, 2):
        return ()
    shared = np.ones(len(ordered), dtype=bool)
    shown: list[TypicalAnswer] = []
    seen: set[str] = set()
    for statement in sorted(statements, key=lambda one: -one.weight):
        variable = questionnaire.variable(statement.evidence.variable)
        if variable.question in seen and variable.measure is not Measure.INTERVAL:
            continue
        column = asked[variable.id].iloc[ordered]
        answer = _answer(variable, column.iloc[0])
        if answer is None or variable.sensitive or variable.id in seen:
            continue
        same = shared & (column == column.iloc[0]).to_numpy(dtype=bool)
        if same.sum() < max(suppress_below, 2):
            continue
        shared = same
        shown.append(answer)
        seen |= {variable.question, variable.id}
        if len(shown) == MOST_ANSWERS:
            break
    return tuple(shown)


def _answer(variable: Variable, value: object) -> TypicalAnswer | None:
    """One answer in words, or as a number; None where it says nothing."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    if variable.measure is Measure.BINARY:
        if float(value) <= 0:  # type: ignore[arg-type]
            return None
        return TypicalAnswer(variable.question, variable.question_text, variable.text)
    if variable.categories:
        asked_for = variable.text if variable.item is not None else variable.question_text
        position = _position(variable, value)
        if position is None:
            return None
        return TypicalAnswer(variable.question, asked_for, _point(variable, position))
    if variable.measure is Measure.RATIO:
        return TypicalAnswer(
            variable.question,
            variable.text if variable.item is not None else variable.question_text,
            {},
            float(value),  # type: ignore[arg-type]
            variable.unit,
        )
    return None


def _point(variable: Variable, position: int) -> Texts:
    """The words of a point; one that is only a number says what the scale ends with: 3 / 7."""
    text = variable.categories[position].text
    last = variable.codes[-1]
    return {
        language: f"{word} / {last}" if word.isdigit() and word != str(last) else word
        for language, word in text.items()
    }


def _position(variable: Variable, value: object) -> int | None:
    for position, code in enumerate(variable.codes):
        if code == value or (not isinstance(code, int) and position + 1 == value):
            return position
    return None
