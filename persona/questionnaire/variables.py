"""The columns that a questionnaire makes: what later rooms know of a question."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from persona.questionnaire.texts import Texts


class Measure(StrEnum):
    """What kind of figure a column holds."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"
    BINARY = "binary"
    DATE = "date"
    TEXT = "text"
    IDENTIFIER = "identifier"
    WEIGHT = "weight"


NUMERIC = frozenset({Measure.ORDINAL, Measure.INTERVAL, Measure.RATIO, Measure.BINARY})
"""Measures whose codes can be counted with."""


@dataclass(frozen=True)
class Category:
    """One valid answer: its code, what it says, and what its people are called in short.

    ``alias`` is what another tool writes for the code, where it has a name of its own.
    """

    code: int | str
    text: Texts
    short: Texts = field(default_factory=dict)
    alias: str = ""


@dataclass(frozen=True)
class MissingCode:
    """A code that stands for no answer, and why there is none.

    ``meaning`` is ``dont_know``, ``refused``, ``not_asked`` or ``not_applicable``.
    """

    code: int | str
    text: Texts
    meaning: str


@dataclass(frozen=True)
class Variable:
    """One column of answers.

    Parameters
    ----------
    id : str
        Column of the answers: the question's id; in a grid the item's id; one
        ``question_code`` an option of a multiple question.
    question : str
        Id of the question it belongs to.
    item : str or None
        Id of the item, or code of the option, where a question makes several columns.
    measure : Measure
    text : Texts
        What this column says: item text, option text, else the question's text.
    question_text : Texts
    block, kind, role, section : str
        As the questionnaire declares them.
    categories : tuple of Category
        Valid codes in order, low to high where there is an order; empty for numbers, dates,
        texts and binary columns.
    missing : tuple of MissingCode
    reverse : bool
        The item is keyed against its scale.
    minimum, maximum : float or None
        Bounds of the figure.
    unit : str or None
    sensitive : bool
        Asks about health, belief, origin and the like.
    derived : bool
        Computed from other answers, so no column of the file is expected.
    optional : bool
        A column that a file may leave out, such as the text of "other, please specify".
    short : Texts
        What the people are called who agree with the item or tick the option; may be empty.
    raw : bool
        A choice as the field records it (the best item of a set), from which derived columns
        are made; not profiled by itself.

    Examples
    --------
    >>> age = Variable("age", "age", None, Measure.RATIO, {"en": "Age"}, {"en": "Age"},
    ...                "who", "demographic", "descriptor", "about_you")
    >>> age.numeric
    True
    """

    id: str
    question: str
    item: str | None
    measure: Measure
    text: Texts
    question_text: Texts
    block: str
    kind: str
    role: str
    section: str
    categories: tuple[Category, ...] = ()
    missing: tuple[MissingCode, ...] = ()
    reverse: bool = False
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    sensitive: bool = False
    derived: bool = False
    optional: bool = False
    short: Texts = field(default_factory=dict)
    raw: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the column holds figures that can be counted with."""
        return self.measure in NUMERIC

    @property
    def codes(self) -> tuple[int | str, ...]:
        """The valid codes in order."""
        return tuple(category.code for category in self.categories)
