"""The columns of a banner: the answers of a question, the segments, or one within another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import DataError, Problem, error
from persona.profiling.plan import category_codes
from persona.profiling.result import Texts
from persona.questionnaire.variables import Measure, Variable
from persona.registry import nearest

if TYPE_CHECKING:
    from persona.responses import Responses
    from persona.segmentation import Segmentation

SEGMENTS = "segments"
"""The word that puts the segments into a banner."""

ColumnSpec = str | tuple[str, ...]
"""Id of a question, ``"segments"``, or a tuple of them to be nested."""


@dataclass(frozen=True)
class ColumnGroup:
    """The columns of one specification."""

    question: tuple[str, ...]
    question_texts: tuple[Texts, ...]
    codes: tuple[tuple[int | str, ...], ...]
    texts: tuple[tuple[Texts, ...], ...]
    membership: NDArray[np.bool_]


def variable_of(name: str, responses: Responses) -> Variable:
    """The variable of that id; raises DataError with the nearest one when there is none."""
    for variable in responses.questionnaire.variables:
        if variable.id == name and name in responses.asked.columns:
            return variable
    raise DataError(_unknown(name, [str(column) for column in responses.asked.columns]))


def _unknown(name: str, known: Sequence[str]) -> Problem:
    near = nearest(name, known)
    return error(
        "banner.column",
        "The banner asks for {name!r}, which is no question of this study.",
        question=name,
        allowed=", ".join(known[:20]) + (" ..." if len(known) > 20 else ""),
        remedy=f"Did you mean {near!r}?" if near else None,
        values={"name": name},
    )


def column_group(
    spec: ColumnSpec,
    asked: pd.DataFrame,
    responses: Responses,
    segmentation: Segmentation | None,
    names: Mapping[int, Texts],
) -> ColumnGroup:
    """The columns that one specification makes.

    Raises
    ------
    DataError
        No such question, one without categories, or segments before there are any.
    """
    if isinstance(spec, tuple):
        parts = [column_group(one, asked, responses, segmentation, names) for one in spec]
        return _nested(parts)
    if spec == SEGMENTS:
        return _segments(asked, segmentation, names, responses.questionnaire.languages)
    variables = [
        variable
        for variable in responses.questionnaire.variables
        if variable.question == spec
        and variable.id in asked.columns
        and variable.measure is not Measure.TEXT
    ]
    if not variables:
        raise DataError(_unknown(spec, [q.id for q in responses.questionnaire.questions]))
    first = variables[0]
    if all(variable.measure is Measure.BINARY for variable in variables):
        ticked = [np.asarray(asked[v.id], dtype=np.float64) > 0 for v in variables]
        return ColumnGroup(
            (spec,),
            (first.question_text,),
            tuple((variable.item or variable.id,) for variable in variables),
            tuple((variable.text,) for variable in variables),
            np.column_stack(ticked),
        )
    if len(variables) != 1 or not first.categories:
        raise DataError(
            error(
                "banner.categories",
                "The question {name!r} has no categories to make columns of.",
                question=spec,
                remedy="Take a question with one or several answers, or group its numbers first.",
                values={"name": spec},
            )
        )
    measured = first.measure in (Measure.NOMINAL, Measure.ORDINAL)
    points = first if measured else replace(first, measure=Measure.ORDINAL)
    codes = category_codes(points, asked[first.id])
    return ColumnGroup(
        (spec,),
        (first.question_text,),
        tuple((code,) for code in first.codes),
        tuple((category.text,) for category in first.categories),
        codes[:, None] == np.arange(len(first.categories)),
    )


def _segments(
    asked: pd.DataFrame,
    segmentation: Segmentation | None,
    names: Mapping[int, Texts],
    languages: Sequence[str],
) -> ColumnGroup:
    if segmentation is None:
        raise DataError(
            error(
                "banner.segments",
                "The banner asks for segments, but none were found yet.",
                remedy="Give the segmentation, or take the segments out of the banner.",
            )
        )
    labels = segmentation.labels.reindex(asked.index)
    own = np.asarray(labels.astype("float64"), dtype=np.float64)
    segments = tuple(range(1, segmentation.k + 1))
    texts = [names.get(number, dict.fromkeys(languages, str(number))) for number in segments]
    return ColumnGroup(
        (SEGMENTS,),
        ({},),
        tuple((number,) for number in segments),
        tuple((text,) for text in texts),
        own[:, None] == np.asarray(segments, dtype=np.float64),
    )


def _nested(parts: Sequence[ColumnGroup]) -> ColumnGroup:
    """Every column of the first group divided by every column of the next."""
    first, *others = parts
    made = first
    for other in others:
        inside = made.membership[:, :, None] & other.membership[:, None, :]
        made = ColumnGroup(
            made.question + other.question,
            made.question_texts + other.question_texts,
            tuple(a + b for a in made.codes for b in other.codes),
            tuple(a + b for a in made.texts for b in other.texts),
            inside.reshape(len(inside), -1),
        )
    return made
