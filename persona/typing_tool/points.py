"""From coefficients to whole points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.questionnaire.formats.words import word
from persona.questionnaire.texts import Texts
from persona.typing_tool.coding import CodedQuestion, Design
from persona.typing_tool.model import (
    SCALE,
    Points,
    TypedSegment,
    TypingAnswer,
    TypingBand,
    TypingModel,
    TypingQuestion,
)

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class WholePoints:
    """Points of some questions.

    Parameters
    ----------
    questions : tuple of CodedQuestion
    tables : tuple of (levels + 1, k) arrays
        By level; the last row without an answer. The smallest of a column is 0.
    constant : (k,) array
    """

    questions: tuple[CodedQuestion, ...]
    tables: tuple[Whole, ...]
    constant: Whole

    def sums(self, rows: NDArray[np.intp] | slice) -> Whole:
        """The sums of some respondents of the study (rows, k)."""
        sums: Whole | None = None
        for question, table in zip(self.questions, self.tables, strict=True):
            part = table[question.levels[rows]]
            sums = part if sums is None else sums + part
        if sums is None:
            raise ValueError("a model has at least one question")
        return sums + self.constant


def whole_points(design: Design, chosen: Sequence[int], coefficients: Floats) -> WholePoints:
    """Coefficients times ``SCALE``, rounded; each question's smallest points go to the constant.

    Without an answer a question gives the mean of the points of those who answered, rounded, so
    that a gap pulls nowhere.
    """
    constant = np.rint(SCALE * coefficients[0]).astype(np.int64)
    tables, start = [], 1
    for j in chosen:
        question, levels = design.questions[j], design.tables[j]
        own = coefficients[start : start + levels.shape[1]]
        start += levels.shape[1]
        points = np.rint(SCALE * (levels @ own)).astype(np.int64)
        smallest = points.min(axis=0)
        points -= smallest
        constant = constant + smallest
        missing = np.rint(question.shares @ points).astype(np.int64)
        tables.append(np.vstack([points, missing]))
    # A sum means nothing by itself: the constants start at 0 for the segment that has least.
    constant = constant - constant.min()
    return WholePoints(tuple(design.questions[j] for j in chosen), tuple(tables), constant)


def typing_model(
    points: WholePoints,
    segments: Sequence[TypedSegment],
    languages: Sequence[str],
    uncertain_below: int,
    max_missing: int,
) -> TypingModel:
    """The model that is delivered."""
    pairs = zip(points.questions, points.tables, strict=True)
    return TypingModel(
        segments=tuple(segments),
        questions=tuple(_question(question, table, languages) for question, table in pairs),
        constant=_plain(points.constant),
        uncertain_below=uncertain_below,
        max_missing=max_missing,
    )


def uncertain_below(odds: float) -> int:
    """Points that stand for these odds.

    Examples
    --------
    >>> uncertain_below(2)
    6931
    """
    return round(SCALE * math.log(odds))


def _question(question: CodedQuestion, table: Whole, languages: Sequence[str]) -> TypingQuestion:
    variable = question.variable
    texts = _answer_texts(question, languages)
    answers = tuple(
        TypingAnswer(code, texts[code], _plain(row))
        for code, row in zip(question.codes, table[:-1], strict=False)
    )
    ends: tuple[float | None, ...] = (None, *question.cuts, None)
    bands = tuple(
        TypingBand(lower, upper, _plain(row))
        for lower, upper, row in zip(ends[:-1], ends[1:], table[:-1], strict=False)
    )
    return TypingQuestion(
        variable=variable.id,
        question=variable.question,
        text=dict(variable.text),
        question_text=dict(variable.question_text),
        answers=answers if question.codes else (),
        bands=() if question.codes else bands,
        missing=_plain(table[-1]),
        no_answer=tuple((code.code, dict(code.text)) for code in variable.missing),
        minimum=None if question.codes else variable.minimum,
        maximum=None if question.codes else variable.maximum,
        unit=variable.unit or "",
    )


def _answer_texts(question: CodedQuestion, languages: Sequence[str]) -> Mapping[int | str, Texts]:
    categories = question.variable.categories
    if categories:
        return {category.code: dict(category.text) for category in categories}
    return {
        code: {language: word(name, language) for language in languages}
        for code, name in ((0, "no"), (1, "yes"))
    }


def _plain(row: Whole) -> Points:
    return tuple(int(value) for value in row)
