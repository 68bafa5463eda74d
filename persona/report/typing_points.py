"""The points of a typing tool as the rows of one sheet, and how an answer finds its row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.report.locale import Language, message, shortened
from persona.typing_tool.model import Points, TypingModel, TypingQuestion

NOT_ALLOWED, NO_ANSWER = message("not among the allowed answers"), message("no answer")
SHOWN = 110
"""Characters of an answer in a drop-down list."""


@dataclass(frozen=True)
class PointRow:
    """One row: an answer, a band of numbers, a code for no answer, or the two ways to miss.

    ``texts`` are those that stand for the row when somebody pastes them, one a language, empty
    where another row has the same; ``shown`` what a drop-down says, one a language.
    """

    number: int
    variable: str
    code: str
    texts: tuple[str, ...]
    shown: tuple[str, ...]
    lower: float | None
    upper: float | None
    missing: bool
    allowed: bool
    points: Points


@dataclass(frozen=True)
class QuestionRows:
    """The rows of one question: not allowed, no answer, its answers or bands, its codes aside."""

    question: TypingQuestion
    rows: tuple[PointRow, ...]

    @property
    def refused(self) -> PointRow:
        """The row of what is not allowed."""
        return self.rows[0]

    @property
    def empty(self) -> PointRow:
        """The row without an answer."""
        return self.rows[1]

    @property
    def known(self) -> tuple[PointRow, ...]:
        """The rows with a code of their own."""
        return tuple(row for row in self.rows[2:] if row.code)

    @property
    def bands(self) -> tuple[PointRow, ...]:
        """The rows of bands of numbers."""
        return tuple(row for row in self.rows[2:] if not row.code)


def point_rows(model: TypingModel, languages: Sequence[Language]) -> tuple[QuestionRows, ...]:
    """The rows of every question, numbered from 1 through all of them."""
    found: list[QuestionRows] = []
    start = 1
    for question in model.questions:
        rows = tuple(_rows(question, start, languages))
        found.append(QuestionRows(question, rows))
        start += len(rows)
    return tuple(found)


def _rows(
    question: TypingQuestion, start: int, languages: Sequence[Language]
) -> Iterable[PointRow]:
    nothing = ("",) * len(languages)
    said = tuple(language.gettext(NOT_ALLOWED) for language in languages)
    none = tuple(language.gettext(NO_ANSWER) for language in languages)
    low, high = question.minimum, question.maximum
    name, missing = question.variable, question.missing
    yield PointRow(start, name, "", nothing, said, low, high, True, False, missing)
    yield PointRow(start + 1, name, "", nothing, none, None, None, True, True, missing)
    number = start + 2
    for band in question.bands:
        text = (_span(band.lower, band.upper),) * len(languages)
        yield PointRow(
            number, name, "", nothing, text, band.lower, band.upper, False, True, band.points
        )
        number += 1
    texts, shown = _texts(question, languages)
    codes = [str(code) for code in _codes(question)]
    for place, code in enumerate(codes):
        aside = place >= len(question.answers)
        points = missing if aside else question.answers[place].points
        yield PointRow(
            number, name, code, texts[place], shown[place], None, None, aside, True, points
        )
        number += 1


def _codes(question: TypingQuestion) -> list[int | str]:
    return [*(a.code for a in question.answers), *(code for code, _ in question.no_answer)]


def _span(lower: float | None, upper: float | None) -> str:
    low = "…" if lower is None else f"{lower:g}"
    return f"{low} – " + ("…" if upper is None else f"< {upper:g}")


def _texts(
    question: TypingQuestion, languages: Sequence[Language]
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Texts that stand for one answer alone, and texts of a list that are told apart."""
    codes = [str(code) for code in _codes(question)]
    said = [
        tuple(language.text(text) or code for language in languages)
        for code, text in zip(
            codes, [*(a.text for a in question.answers), *(t for _, t in question.no_answer)],
            strict=True,
        )
    ]  # fmt: skip
    uses = Counter(text for texts in said for text in set(texts))
    own = [
        tuple(text if uses[text] == 1 and text not in codes else "" for text in texts)
        for texts in said
    ]
    shown = [tuple(shortened(" ".join(text.split()), SHOWN) for text in texts) for texts in said]
    taken = Counter([*codes, *(text for texts in shown for text in set(texts)), *uses])
    told = [
        tuple(
            short if uses.get(short, 0) == 1 and taken[short] == 2 else f"{short} ({code})"
            for short in texts
        )
        for code, texts in zip(codes, shown, strict=True)
    ]
    return own, told


def answer_rows(parts: Sequence[QuestionRows], answers: pd.DataFrame) -> NDArray[np.int64]:
    """The number of the row of each answer (people by questions), as the sheets compute it."""
    found = np.zeros((len(answers), len(parts)), dtype=np.int64)
    for column, part in enumerate(parts):
        values = answers[part.question.variable].tolist()
        places = {value: _row_of(part, value) for value in dict.fromkeys(values) if value == value}
        found[:, column] = [
            part.empty.number if value != value else places[value] for value in values
        ]
    return found


def _row_of(part: QuestionRows, value: object) -> int:
    if value is None or value == "" or value is pd.NA:
        return part.empty.number
    known = dict(zip(_codes(part.question), part.known, strict=True))
    if value in known:
        return known[value].number
    question = part.question
    if not part.bands or isinstance(value, str) or not isinstance(value, int | float):
        return part.refused.number
    below = question.minimum is not None and value < question.minimum
    if below or (question.maximum is not None and value > question.maximum):
        return part.refused.number
    return part.bands[0].number + sum(value >= cut for cut in question.cuts)
