"""Decoded answers as data frames: as asked, and with reverse-keyed items turned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.questionnaire.variables import NUMERIC, Measure, Variable
from persona.responses.decoding import STATES, Answers

Column: TypeAlias = "NDArray[Any] | pd.Categorical[Any]"


def asked_column(answers: Answers) -> Column:
    """One variable as answered, one value a respondent."""
    variable, values = answers.variable, answers.values
    if variable.measure in NUMERIC or variable.measure is Measure.WEIGHT:
        distinct = np.array([_figure(variable, value) for value in values], dtype=np.float64)
        return distinct[answers.positions]
    if variable.measure is Measure.NOMINAL:
        place = {code: number for number, code in enumerate(variable.codes)}
        chosen = np.array([_position(place, value) for value in values], dtype=np.int16)
        return _categorical(variable, chosen[answers.positions])
    if variable.measure is Measure.DATE:
        days = np.array([np.datetime64(str(v) if v is not None else "NaT", "s") for v in values])
        return days.astype("datetime64[s]")[answers.positions]
    objects = np.empty(len(values), dtype=object)
    objects[:] = list(values)
    return objects[answers.positions]


def _position(place: Mapping[int | str, int], value: object) -> int:
    return place.get(value, -1) if isinstance(value, (int, str)) else -1


def _categorical(variable: Variable, positions: NDArray[np.int16]) -> Column:
    categories: Any = pd.Index(variable.codes)
    return pd.Categorical.from_codes(positions, categories=categories)


def _figure(variable: Variable, value: object) -> float:
    if value is None:
        return np.nan
    if isinstance(value, (int, float)):
        return float(value)
    if variable.measure is Measure.ORDINAL and value in variable.codes:
        return float(variable.codes.index(value) + 1)
    return np.nan


def empty_column(variable: Variable, n: int) -> Column:
    """A variable that the file does not hold."""
    if variable.measure in NUMERIC or variable.measure is Measure.WEIGHT:
        return np.full(n, np.nan)
    if variable.measure is Measure.NOMINAL:
        return _categorical(variable, np.full(n, -1, np.int16))
    if variable.measure is Measure.DATE:
        return np.full(n, np.datetime64("NaT"), dtype="datetime64[s]")
    return np.full(n, None, dtype=object)


def turned(variable: Variable, column: Column) -> Column:
    """A reverse-keyed item with high meaning more of what its battery measures.

    x' = minimum + maximum - x, over the codes of its scale.
    """
    if not variable.reverse or variable.minimum is None or variable.maximum is None:
        return column
    return variable.minimum + variable.maximum - np.asarray(column, dtype=np.float64)


def missing_counts(variables: Sequence[Variable], states: NDArray[np.int8]) -> pd.DataFrame:
    """Per variable, how many respondents answered and why the others did not.

    Parameters
    ----------
    variables : sequence of Variable
    states : (variables, respondents) array of int8
        Positions in ``decoding.STATES``.

    Returns
    -------
    DataFrame
        One row a variable; columns answered, dont_know, refused, not_asked, not_applicable,
        empty, faulty.
    """
    counts = np.stack([(states == number).sum(axis=1) for number in range(len(STATES))], axis=1)
    return pd.DataFrame(
        counts,
        index=pd.Index([variable.id for variable in variables], name="variable"),
        columns=[state.value for state in STATES],
    )
