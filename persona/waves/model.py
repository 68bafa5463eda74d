"""What following a study over waves gives: frozen figures, nothing that belongs to respondents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from persona.errors import Problem
from persona.profiling.persona import Statement
from persona.questionnaire.texts import Texts
from persona.waves.thresholds import Level

Band = Literal["steady", "watch", "act"]
ModelKind = Literal["complete", "golden"]
Standing = Literal[
    "holds", "weaker", "no_longer", "reversed", "not_asked", "too_few", "not_by_placing"
]
"""What became of a statement. ``not_by_placing``: the first wave, placed by the same rule, does not
show it either, so that nothing can be said of time."""

STANDINGS: tuple[Standing, ...] = (
    "holds",
    "weaker",
    "no_longer",
    "reversed",
    "not_asked",
    "too_few",
    "not_by_placing",
)
LOST: frozenset[Standing] = frozenset({"no_longer", "reversed"})
JUDGED: frozenset[Standing] = frozenset({"holds", "weaker", "no_longer", "reversed"})


@dataclass(frozen=True)
class SizeInWave:
    """One segment in one wave; shares are 0 to 1, weighted, of those placed.

    ``corrected`` is the share that placing errors, as cross-validated in the study, leave
    likely; ``standardised`` the share were the sample composed as in the first wave. None where
    it cannot be said.
    """

    segment: int
    n: int
    share: float
    low: float
    high: float
    corrected: float | None = None
    corrected_low: float | None = None
    corrected_high: float | None = None
    standardised: float | None = None
    standardised_low: float | None = None
    standardised_high: float | None = None


@dataclass(frozen=True)
class Change:
    """A difference between two waves with its 95 % interval and test.

    ``p_adjusted`` is corrected over the tests of its family in the wave; None: not tested.
    """

    difference: float
    low: float | None
    high: float | None
    p_value: float | None
    p_adjusted: float | None = None

    @property
    def significant(self) -> bool:
        """Whether the corrected test passes at 5 %."""
        return self.p_adjusted is not None and self.p_adjusted < 0.05


@dataclass(frozen=True)
class Stability:
    """A population stability index: sum of (q - p) ln(q / p) over categories.

    ``chance`` is what sampling alone exceeds once in twenty (Yurdakul and Naranjo 2020); a band
    above ``steady`` is given only beyond it.
    """

    psi: float
    chance: float
    band: Band


@dataclass(frozen=True)
class QuestionShift:
    """How the answers to one question changed: of everybody, whatever their segment.

    ``shares`` are by answer (text, first wave, this wave; 0 to 1, of those who answered);
    ``missing`` the shares without a usable answer. ``role`` is ``golden``, ``basis`` or
    ``sample``.
    """

    variable: str
    question: str
    text: Texts
    question_text: Texts
    role: str
    stability: Stability
    p_value: float | None
    p_adjusted: float | None
    shares: tuple[tuple[Texts, float, float], ...]
    missing: tuple[float, float]


@dataclass(frozen=True)
class CentreMove:
    """Mean of one basis answer in one segment (0: everybody), in its own units and moved.

    ``change`` is in standard deviations of the first wave.
    """

    segment: int
    variable: str
    text: Texts
    category: Texts
    first: float
    mean: float
    change: Change


@dataclass(frozen=True)
class Movement:
    """How far the centre of one segment (0: everybody) moved over all basis answers.

    ``distance`` is the root mean square of the moves in standard deviations of the first wave,
    less what sampling alone makes; ``moved`` answers of ``answers`` differ for sure.
    """

    segment: int
    distance: float | None
    moved: int
    answers: int


@dataclass(frozen=True)
class Certainty:
    """How sure placing is in one segment (0: everybody); shares and probabilities 0 to 1.

    ``margin`` is the mean lead of the best over the second in units of log odds. Changes are
    against the first wave.
    """

    segment: int
    n: int
    uncertain: float
    probability: float
    margin: float
    uncertain_change: Change | None = None
    probability_change: Change | None = None
    margin_change: Change | None = None


@dataclass(frozen=True)
class StatementInWave:
    """A statement of a persona, computed again by the same grammar.

    ``first`` and ``value`` are its figure among people placed in the segment in the first wave and
    in this one, ``rest`` that of all others; ``said`` is what the study reported.
    """

    segment: int
    id: str
    standing: Standing
    said: float
    first: float | None
    value: float | None
    rest: float | None
    base: int
    change: Change | None


@dataclass(frozen=True)
class SegmentEvent:
    """What became of segments when the wave is segmented by itself.

    ``kind`` is same, split, merge, new or gone; ``earlier`` are segments of the study, ``later``
    those found in the wave; ``share`` (0 to 1) is that of the later ones among all.
    """

    kind: str
    earlier: tuple[int, ...]
    later: tuple[int, ...]
    overlap: float
    share: float


@dataclass(frozen=True)
class Realignment:
    """The wave segmented by itself and held against the segments its people were placed in.

    ``agreement`` is the adjusted Rand index; ``expected`` what resamples of the study reach, and
    no more than its first wave between its own segments and those placed. ``names`` are proposed.
    """

    k: int
    method: str
    agreement: float
    expected: float
    shared: int
    events: tuple[SegmentEvent, ...]
    overlap: tuple[tuple[float, ...], ...]
    sizes: tuple[float, ...]
    names: Mapping[int, Texts]
    verdict: str


@dataclass(frozen=True)
class Weighed:
    """One rule of the advice, weighed for a wave.

    ``figure`` is what was found (None: could not be), ``segments`` or ``variables`` whom it is
    about.
    """

    rule: str
    level: Level
    figure: float | None
    limit: float
    broken: bool
    segments: tuple[int, ...] = ()
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Advice:
    """What to do with the segmentation after a wave: ``keep``, ``refresh`` or ``anew``."""

    word: Literal["keep", "refresh", "anew"]
    weighed: tuple[Weighed, ...]

    @property
    def reasons(self) -> tuple[Weighed, ...]:
        """The rules that were broken and decide, the gravest first."""
        return tuple(one for one in self.weighed if one.broken and one.level != "care")

    @property
    def cautions(self) -> tuple[Weighed, ...]:
        """What to read the figures with."""
        return tuple(one for one in self.weighed if one.broken and one.level == "care")


@dataclass(frozen=True)
class WaveResult:
    """Everything about one wave; of the first one what compares with itself is empty.

    ``n`` respondents were read and used, ``placed`` of them have a segment; ``size_changes`` are
    against the first wave, ``step_changes`` against the one before. ``uncertain_beyond`` is the
    share uncertain against the one that cross-validation in the study led to expect.
    """

    id: str
    name: Texts
    date: dt.date | None
    file: str
    sha256: str
    n: int
    placed: int
    weighted: bool
    deff: float
    effective_n: float
    sizes: tuple[SizeInWave, ...]
    certainty: tuple[Certainty, ...]
    size_changes: Mapping[int, Change] = field(default_factory=dict)
    step_changes: Mapping[int, Change] = field(default_factory=dict)
    sizes_p: float | None = None
    size_stability: Stability | None = None
    questions: tuple[QuestionShift, ...] = ()
    sample: tuple[QuestionShift, ...] = ()
    standardised_by: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    centres: tuple[CentreMove, ...] = ()
    movements: tuple[Movement, ...] = ()
    statements: tuple[StatementInWave, ...] = ()
    uncertain_beyond: Change | None = None
    realignment: Realignment | None = None
    not_resegmented: str = ""
    shared_ids: int = 0
    advice: Advice | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def unplaced(self) -> int:
        """Respondents without a segment: too much that placing asks was unanswered."""
        return self.n - self.placed

    def size(self, segment: int) -> SizeInWave:
        """The size of one segment."""
        return self.sizes[segment - 1]


@dataclass(frozen=True)
class Agreement:
    """How far the first wave, placed by the rule, agrees with the segments of the study.

    ``share`` (0 to 1, weighted) are in the same segment, ``kappa`` beyond chance (Cohen 1960),
    ``rand`` the adjusted Rand index; ``table`` weighted respondents, own segment by placed one.
    """

    n: int
    share: float
    kappa: float
    rand: float
    table: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Tracking:
    """A study followed over its waves, the first one first.

    Parameters
    ----------
    kind : "complete" or "golden"
        The frozen model that places every wave; ``asked`` are its variables.
    names : mapping of segment to texts
    statements : mapping of segment to statements of the study's personas
    agreement : Agreement
    expected_uncertain : float
        Share uncertain among people the model was not learned from, cross-validated.
    """

    study: str
    fingerprint: str
    seed: int
    kind: ModelKind
    asked: tuple[str, ...]
    names: Mapping[int, Texts]
    statements: Mapping[int, tuple[Statement, ...]]
    agreement: Agreement
    expected_uncertain: float
    waves: tuple[WaveResult, ...]

    @property
    def k(self) -> int:
        """How many segments there are."""
        return len(self.names)

    @property
    def first(self) -> WaveResult:
        """The wave the segments were made from."""
        return self.waves[0]

    @property
    def latest(self) -> WaveResult:
        """The last wave."""
        return self.waves[-1]

    @property
    def advice(self) -> Advice:
        """That of the latest wave."""
        return self.latest.advice or Advice("keep", ())
