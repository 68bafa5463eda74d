"""What a persona is made of: statements with their evidence, quotes, name and certainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from persona.errors import Problem
from persona.profiling.result import SegmentSize, Statistic, Texts

BLOCKS: tuple[str, ...] = ("who", "expects", "behaves", "value")


class Form(StrEnum):
    """The grammar of statements; interval and effect size choose the form, never taste.

    Percents: ``MOST`` lower bound above 50; ``MOST_AND_MORE`` that, and more than the others;
    ``MORE_THAN_OTHERS`` and ``LESS_THAN_OTHERS`` at least a small effect (Cohen's |h| >= .2) that
    passes its test (descriptor) or whose intervals exclude the others (basis);
    ``HARDLY_ANY`` upper bound below 10; ``AS_LIKELY_AS`` the 95 % interval of the effect holds
    0 and lies within a small effect on both sides. Means: ``HIGHER_MEAN``, ``LOWER_MEAN``
    (Cohen's |d| >= .2) and ``SAME_MEAN``.
    """

    MOST_AND_MORE = "most_and_more"
    MOST = "most"
    MORE_THAN_OTHERS = "more_than_others"
    LESS_THAN_OTHERS = "less_than_others"
    HARDLY_ANY = "hardly_any"
    AS_LIKELY_AS = "as_likely_as"
    HIGHER_MEAN = "higher_mean"
    LOWER_MEAN = "lower_mean"
    SAME_MEAN = "same_mean"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures behind a statement.

    ``value``, ``low``, ``high``, ``total`` and ``rest`` (everybody outside the segment) are in
    percent, scale points, ``unit`` or NPS points as ``statistic`` says. ``answer_text`` is the
    option or item; ``box_texts`` are the labels of the scale points a top or bottom box joins.
    ``basis``: the question made the segments, so its figures describe and are not tested.
    """

    question: str
    variable: str
    category: int | str | None
    question_text: Texts
    answer_text: Texts
    statistic: Statistic
    value: float
    low: float | None
    high: float | None
    total: float | None
    rest: float | None
    index: float | None
    effect: float | None
    base: int
    weighted_base: float
    effective_base: float
    p_adjusted: float | None
    basis: bool
    kind: str
    question_type: str
    scale_minimum: float | None = None
    scale_maximum: float | None = None
    unit: str | None = None
    short: Texts = field(default_factory=dict)
    box_texts: tuple[Texts, ...] = ()
    box_codes: tuple[int | str, ...] = ()
    reverse: bool = False
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing a persona says of itself; ``weight`` is how much it sets the segment apart."""

    id: str
    block: str
    form: Form
    evidence: Evidence
    weight: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One answer of an aspect; ``form`` is None where nothing can be said against the others."""

    evidence: Evidence
    form: Form | None


@dataclass(frozen=True, slots=True)
class AspectQuestion:
    """One question of an aspect; words of the respondents' own have no figures but quotes."""

    question: str
    question_text: Texts
    question_type: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Aspect:
    """A side of a persona with a place of its own, such as its channels; ``asked`` or not."""

    aspect: str
    asked: bool
    questions: tuple[AspectQuestion, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What a respondent near the centre wrote; without ids, personal data masked.

    ``kind`` is that of the question: words about an obstacle stand beside the obstacles.
    """

    question: str
    question_text: Texts
    text: str
    kind: str = "verbatim"


@dataclass(frozen=True, slots=True)
class NameMarker:
    """One trait in a proposed name; ``more`` is the direction against the others."""

    statement: str
    more: bool
    text: Texts


@dataclass(frozen=True, slots=True)
class NameProposal:
    """Up to two markers that together tell the segment from all others, and their words."""

    markers: tuple[NameMarker, ...]
    texts: Texts


@dataclass(frozen=True, slots=True)
class Prevalence:
    """How many of the segment have how many of the traits shown.

    ``exactly[j]`` and ``at_least[j]`` are weighted percents of the ``base`` respondents who
    answered every trait question, with j of ``traits`` traits; None where that is somebody, yet
    fewer than ``suppress_below`` respondents. ``statements`` are the ids of the traits.
    """

    traits: int
    exactly: tuple[float | None, ...]
    at_least: tuple[float | None, ...]
    base: int
    median: int | None
    statements: tuple[str, ...] = ()
    suppress_below: int = 0


@dataclass(frozen=True, slots=True)
class TypicalAnswer:
    """One answer of the most typical respondent (medoid), shared by enough others to be shown."""

    question: str
    question_text: Texts
    answer_text: Texts
    value: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Persona:
    """One segment as a person that can be defended.

    ``asked`` says for each block whether any question belongs to it; ``not_asked`` names the
    blocks without one. ``stability`` is the bootstrap Jaccard of the segment, ``certainty`` the
    mean probability of membership of its members (both 0 to 1), ``verdict`` the segmentation's.
    ``aspects`` are its needs, motives, obstacles, channels, journey, situation and promotion.
    """

    segment: int
    name: Texts
    proposed_name: Texts
    named_by_user: bool
    slug: str
    size: SegmentSize
    statements: tuple[Statement, ...]
    asked: Mapping[str, bool]
    not_asked: tuple[str, ...]
    quotes: tuple[Quote, ...]
    prevalence: Prevalence | None
    stability: float | None
    certainty: float | None
    verdict: str
    proposal: NameProposal
    typical: tuple[TypicalAnswer, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def block(self, block: str) -> tuple[Statement, ...]:
        """The statements of one block, the most telling first."""
        return tuple(statement for statement in self.statements if statement.block == block)
