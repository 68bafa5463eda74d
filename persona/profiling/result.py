"""What a profile is made of: cells, rows, questions and sizes of segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from persona.errors import Problem

Texts = Mapping[str, str]
"""One text in several languages: language code to text."""

Mark = Literal["", "*", "**"]
"""``**`` base below 30, not tested; ``*`` base 30 to 99."""

Statistic = Literal["percent", "mean", "median", "top_box", "bottom_box", "nps"]

WhyNotTested = Literal[
    "", "basis", "one_segment", "one_category", "small_base", "not_asked", "descriptive"
]
"""Code of the reason; ``basis``: the question made the segments, a test would be circular."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one segment (or of the total).

    ``value`` is a percent (0 to 100), a mean, a median or a net promoter score (-100 to 100);
    None when the base is zero or the cell is suppressed, never NaN. ``base`` counts respondents,
    ``effective_base`` is (sum w)^2 / sum w^2. ``low`` and ``high`` bound the 95 % interval.
    ``index`` is 100 times value over total. The test compares the segment with all others:
    ``p_value``, ``p_adjusted`` over the book, ``effect`` is Cohen's h (percent) or d (mean).
    ``rest`` is the same figure over everybody outside the segment. ``marker``: it differs from
    the total by 25 percent points or by half of it (Dolnicar, Grün & Leisch 2018, ch. 8).
    """

    value: float | None
    count: int | None
    weighted_count: float | None
    base: int
    weighted_base: float
    effective_base: float
    low: float | None = None
    high: float | None = None
    index: float | None = None
    rest: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    effect: float | None = None
    letters: str = ""
    mark: Mark = ""
    suppressed: bool = False
    marker: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a question's table: the total and one cell a segment.

    ``category`` is the code a percent is of, None otherwise; ``categories`` are the codes of a
    top or bottom box. ``p_value`` and ``effect_size`` test all segments at once: chi-square
    (Rao-Scott when weighted) and Cramer's V for percents, Welch's F and eta squared for means.
    """

    variable: str
    category: int | str | None
    statistic: Statistic
    text: Texts
    total: Cell
    cells: tuple[Cell, ...]
    categories: tuple[int | str, ...] = ()
    p_value: float | None = None
    p_adjusted: float | None = None
    effect_size: float | None = None


@dataclass(frozen=True, slots=True)
class QuestionProfile:
    """One question by segment.

    ``type`` is the question's type in the questionnaire, ``why_not_tested`` a code that the
    report puts into words. ``chi_square``, ``degrees``, ``p_value`` and ``cramers_v`` are of the
    whole table of a question with one answer; None elsewhere. ``expected_below_5`` is the share
    (0 to 1) of expected cells below five.
    """

    question: str
    block: str
    kind: str
    role: str
    type: str
    text: Texts
    section: str
    rows: tuple[Row, ...]
    base: int
    weighted_base: float
    effective_base: float
    tested: bool
    why_not_tested: WhyNotTested = ""
    chi_square: float | None = None
    degrees: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    cramers_v: float | None = None
    expected_below_5: float | None = None
    unit: str | None = None
    scale_minimum: float | None = None
    scale_maximum: float | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class ValueShare:
    """One measure of value in one segment: mean with interval, total, and share of the total.

    ``total`` is the weighted sum over the segment scaled to respondents (weights of mean 1);
    ``share`` (0 to 1) is its part of everybody's sum, with its interval; ``index`` is 100 times
    share of value over share of people.
    """

    variable: str
    text: Texts
    unit: str | None
    base: int
    mean: float | None
    low: float | None
    high: float | None
    median: float | None
    total: float | None
    share: float | None
    share_low: float | None
    share_high: float | None
    index: float | None


@dataclass(frozen=True, slots=True)
class SegmentSize:
    """How large a segment is, and what it is worth.

    ``share`` (0 to 1) is weighted, with its 95 % interval; ``value`` maps each variable of kind
    ``value`` to its :class:`ValueShare`.
    """

    segment: int
    n: int
    share: float
    low: float
    high: float
    weighted_n: float
    effective_n: float
    value: Mapping[str, ValueShare] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """Every question by segment.

    ``levels`` are the two significance levels behind lower and upper case letters; segment j
    carries the j-th letter. ``correction`` is over all tests of the book.
    """

    segments: tuple[SegmentSize, ...]
    questions: tuple[QuestionProfile, ...]
    correction: str
    levels: tuple[float, float]
    suppress_below: int
    weighted: bool
    n: int
    weighted_n: float
    effective_n: float
    tests: int
    warnings: tuple[Problem, ...] = ()

    def question(self, identifier: str) -> QuestionProfile:
        """The profile of one question.

        Raises
        ------
        KeyError
            When the profile has no such question.
        """
        for question in self.questions:
            if question.question == identifier:
                return question
        raise KeyError(identifier)
