"""The typing model: whole points for each answer, added up for each segment.

Whole numbers add up to the same sum in every engine, so a workbook, a database, a browser and
this library never disagree on a respondent. The rule, the same in every form:

1. Each question gives each segment the points of the answer; a number gives those of the band it
   falls into. A question unanswered, or answered with what it does not allow, gives its points
   for no answer, and counts as missing.
2. The points of each segment and its constant are added up. The largest sum is the segment, the
   lower number where two are equal.
3. With more than ``max_missing`` questions missing nobody is placed.
4. Placed is uncertain when the largest sum is less than ``uncertain_below`` above the second.
"""

from __future__ import annotations

from dataclasses import dataclass

from persona.questionnaire.texts import Texts

Points = tuple[int, ...]
"""One whole number a segment."""

SCALE = 10_000
"""Points to one unit of the logarithm of the odds."""


@dataclass(frozen=True)
class TypedSegment:
    """A segment that people are placed in; ``share`` (0 to 1, weighted) is that of the study."""

    number: int
    name: Texts
    share: float


@dataclass(frozen=True)
class TypingAnswer:
    """One answer of a question: its code, what it says, and its points."""

    code: int | str
    text: Texts
    points: Points


@dataclass(frozen=True)
class TypingBand:
    """Numbers from ``lower`` (included) to ``upper`` (not included), and their points.

    None is no bound. The bands of a question follow one another without a gap.
    """

    lower: float | None
    upper: float | None
    points: Points


@dataclass(frozen=True)
class TypingQuestion:
    """One question that is asked to place a person: a list of answers, or a number in bands.

    Parameters
    ----------
    variable : str
        Column of the answers.
    question : str
        Id of the question it belongs to.
    text, question_text : Texts
        What this column says (the item of a grid, the option of a list), and the question above.
    answers : tuple of TypingAnswer
        As answered, reverse-keyed items not turned; 0 and 1 for an option that is ticked or not.
    bands : tuple of TypingBand
        Of a question that is answered by a number; then there are no ``answers``.
    missing : Points
        Without an answer.
    no_answer : tuple of code and text
        Codes that stand for no answer, such as "don't know".
    minimum, maximum : float or None
        Numbers that are allowed.
    unit : str
    """

    variable: str
    question: str
    text: Texts
    question_text: Texts
    answers: tuple[TypingAnswer, ...]
    bands: tuple[TypingBand, ...]
    missing: Points
    no_answer: tuple[tuple[int | str, Texts], ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""

    @property
    def cuts(self) -> tuple[float, ...]:
        """Where a band ends and the next one begins, ascending."""
        return tuple(band.upper for band in self.bands if band.upper is not None)


@dataclass(frozen=True)
class TypingModel:
    """Questions with the points of their answers, and how the sums are read.

    Parameters
    ----------
    segments : tuple of TypedSegment
        Numbered 1 to k in this order.
    questions : tuple of TypingQuestion
        The one that tells most first.
    constant : Points
        Added to every sum.
    uncertain_below : int
        Points that the best must be above the second; ``SCALE * ln(2)`` are odds of two to one.
    max_missing : int
        Questions that may be missing.

    Examples
    --------
    >>> yes = TypingAnswer(1, {"en": "Yes"}, (12000, 0))
    >>> no = TypingAnswer(0, {"en": "No"}, (0, 9000))
    >>> model = TypingModel(
    ...     (TypedSegment(1, {"en": "Regulars"}, 0.6), TypedSegment(2, {"en": "Guests"}, 0.4)),
    ...     (TypingQuestion("member", "member", {"en": "Member?"}, {}, (yes, no), (), (4000, 0)),),
    ...     constant=(0, 500), uncertain_below=6931, max_missing=0)
    >>> model.k
    2
    """

    segments: tuple[TypedSegment, ...]
    questions: tuple[TypingQuestion, ...]
    constant: Points
    uncertain_below: int
    max_missing: int

    @property
    def k(self) -> int:
        """How many segments there are."""
        return len(self.segments)

    @property
    def variables(self) -> tuple[str, ...]:
        """The columns of answers it asks for, in its order."""
        return tuple(question.variable for question in self.questions)
