"""What a report is made from: frozen results of a study, gathered in one object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persona.errors import Problem

if TYPE_CHECKING:
    from persona.analysis.correspondence import CorrespondenceMap
    from persona.analysis.factors import FactorSolution
    from persona.analysis.multiple_correspondence import MultipleCorrespondence
    from persona.profiling.opportunity import Opportunity
    from persona.profiling.persona import Persona
    from persona.profiling.result import Profile
    from persona.profiling.strategy import StrategySheet
    from persona.report.targets import Targeting
    from persona.segmentation.result import Segmentation
    from persona.typing_tool.tool import TypingTool

Texts = Mapping[str, str]
"""One text in several languages: language code to text."""


@dataclass(frozen=True)
class MissingCount:
    """How often one variable was answered, and why it was not; counts of respondents."""

    variable: str
    text: Texts
    answered: int
    dont_know: int = 0
    refused: int = 0
    not_asked: int = 0
    not_applicable: int = 0
    empty: int = 0
    faulty: int = 0


@dataclass(frozen=True)
class QualityFlag:
    """One check of care: its name, what it says of a respondent, and how many it flags.

    ``limit`` is the figure in the text, where there is one (the share of the median time).
    """

    check: str
    text: str
    count: int
    limit: float | None = None


@dataclass(frozen=True)
class ExclusionChange:
    """One figure before and after respondents are left out.

    A mean, or a share in percent where there is a ``category``; ``standardised`` is the difference
    in standard deviations before. ``text`` and ``label`` say what was asked and answered.
    """

    variable: str
    category: int | str | None
    before: float
    after: float
    standardised: float
    text: Texts = field(default_factory=dict)
    label: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class PersonalColumn:
    """A column that holds personal data of one sort, and of how many respondents."""

    column: str
    sort: str
    count: int
    header: str = ""


@dataclass(frozen=True)
class RecordsSummary:
    """Customer records joined to the answers; ``columns`` gives the source of each variable."""

    file: str
    columns: Mapping[str, str]
    joined: int
    without: int
    unused: int


@dataclass(frozen=True)
class MissingPattern:
    """Questions that respondents left out together; none for those who answered all."""

    questions: tuple[str, ...]
    count: int
    share: float
    texts: tuple[Texts, ...] = ()


@dataclass(frozen=True)
class Quality:
    """What came in, what was used and what was not, with every reason counted.

    Parameters
    ----------
    platform : str
        The source that the file was recognised as.
    flags : tuple of QualityFlag
        Every check of care that was made; ``not_checked`` names the others with the reason.
    flagged, proposed : int
        Respondents with any flag, and those whom the rules propose to leave out.
    excluded_by : "none", "proposed" or "named"
        Who decided about leaving out: nobody was left out, those proposed, those named.
    changes : tuple of ExclusionChange
        What leaving out changes, or would change, most.
    personal : tuple of PersonalColumn
        Kept out of every report.
    records : tuple of RecordsSummary
    missing_histogram : tuple of (low, high, count)
        Respondents by the share of questions they left unanswered.
    missing_patterns : tuple of MissingPattern
        The commonest combinations of questions left out.
    """

    rows: int
    used: int
    exclusions: tuple[tuple[str, int], ...] = ()
    missing: tuple[MissingCount, ...] = ()
    problems: tuple[Problem, ...] = ()
    platform: str = ""
    flags: tuple[QualityFlag, ...] = ()
    not_checked: tuple[tuple[str, str], ...] = ()
    flagged: int = 0
    proposed: int = 0
    excluded_by: str = "none"
    changes: tuple[ExclusionChange, ...] = ()
    personal: tuple[PersonalColumn, ...] = ()
    records: tuple[RecordsSummary, ...] = ()
    missing_histogram: tuple[tuple[float, float, int], ...] = ()
    missing_patterns: tuple[MissingPattern, ...] = ()

    @property
    def excluded(self) -> int:
        """Respondents read and not used."""
        return sum(count for _, count in self.exclusions)


@dataclass(frozen=True)
class TargetRow:
    """One level of a margin: its target, and its share before and after raking (0 to 1).

    ``texts`` say the questions of the margin and ``labels`` the answers of the level.
    """

    margin: str
    level: str
    target: float
    before: float
    after: float
    n: int
    texts: tuple[Texts, ...] = ()
    labels: tuple[Texts, ...] = ()


@dataclass(frozen=True)
class WeightSummary:
    """Kish's design effect of the weights and what it leaves of the sample.

    ``deff`` = n sum(w^2) / (sum w)^2, ``effective_n`` = n / deff, ``efficiency`` = 1 / deff
    (0 to 1). Of raked weights also the ``targets``, whether all are met, and how many weights
    were ``trimmed``.
    """

    weighted: bool
    n: int
    variable: str | None = None
    deff: float = 1.0
    effective_n: float | None = None
    efficiency: float = 1.0
    minimum: float = 1.0
    maximum: float = 1.0
    raked: bool = False
    converged: bool | None = None
    iterations: int | None = None
    trimmed: int = 0
    targets: tuple[TargetRow, ...] = ()


@dataclass(frozen=True)
class FactorSection:
    """The factors of one battery of items.

    Parameters
    ----------
    battery : str
        Id of the question; ``title`` what it says.
    items : mapping
        Item id (index of the loadings) to its text.
    alpha, omega : mapping
        Factor (column of the loadings) to its reliability, where it was computed.
    threshold : sequence of float
        The eigenvalues that random data reach (parallel analysis), one a component.
    names : mapping
        Factor to the name a user gave it; ``proposed`` to one made of its strongest items.
    """

    battery: str
    title: Texts
    items: Mapping[str, Texts]
    solution: FactorSolution
    alpha: Mapping[str, float] = field(default_factory=dict)
    omega: Mapping[str, float] = field(default_factory=dict)
    kmo: float | None = None
    bartlett_p: float | None = None
    threshold: tuple[float, ...] = ()
    names: Mapping[str, Texts] = field(default_factory=dict)
    proposed: Mapping[str, Texts] = field(default_factory=dict)


@dataclass(frozen=True)
class MapSection:
    """One correspondence map.

    ``labels`` gives the text of each point by the name it has in the map: the row or column, or
    the category of a multiple map. A row or column without a label that is the number of a
    segment is that segment.
    """

    id: str
    title: Texts
    map: CorrespondenceMap | MultipleCorrespondence
    labels: Mapping[str, Texts] = field(default_factory=dict)


@dataclass(frozen=True)
class SegmentDecision:
    """What a user decided about one segment; empty where nothing was changed.

    ``sheet`` holds the strategy by field (offer, message, ...), ``scores`` those of criteria.
    """

    segment: int
    names: Texts = field(default_factory=dict)
    summaries: Texts = field(default_factory=dict)
    strategies: Texts = field(default_factory=dict)
    merge_into: int | None = None
    exclude: bool = False
    note: str = ""
    target: bool = False
    sheet: Mapping[str, Texts] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class CriterionDecision:
    """A criterion of attractiveness as the workbook has it; without a weight it does not count."""

    id: str
    axis: str
    measured: str
    weight: float
    text: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class FactorDecision:
    """The names a user gave one factor of one battery."""

    battery: str
    factor: str
    names: Texts


@dataclass(frozen=True)
class Decisions:
    """Everything decided in a workbook, with the study and the run it belongs to."""

    study: str
    fingerprint: str
    segments: tuple[SegmentDecision, ...] = ()
    factors: tuple[FactorDecision, ...] = ()
    criteria: tuple[CriterionDecision, ...] = ()

    def segment(self, segment: int) -> SegmentDecision:
        """The decision about one segment; an empty one when there is none."""
        for decision in self.segments:
            if decision.segment == segment:
                return decision
        return SegmentDecision(segment)


@dataclass(frozen=True)
class StudyReport:
    """The results of one run, ready to be shown.

    Parameters
    ----------
    id : str
        Id of the study; with ``fingerprint`` (of inputs, options and seed, without the
        decisions) it ties a decisions workbook to its run.
    title : mapping
        What the study is called, in each language.
    languages : tuple of str
        The languages of the report; the first is the one it opens in.
    factors, maps : tuple
        One section a battery, one a map.
    segmentation, profile, personas
        Results of the rooms of the same names.
    problems : tuple of Problem
        Warnings and notes of every stage; each is shown.
    identity : tuple of Problem
        Splits, merges and new numbers of segments since the run that decisions were made about.
    manifest : mapping
        Inputs with SHA-256, versions, options, seed: plain values alone.
    results : mapping
        Further figures for ``results.json``, plain values alone.
    date : date, optional
        When the field work ended; shown on the cover. Never the date of the run, which would
        change the bytes.
    folder : Path, optional
        Folder of the study: its ``templates/`` override the shipped ones and its ``theme.yaml``
        the shipped theme.
    pictures : mapping
        Segment to a picture file of the user's own.
    targeting : Targeting, optional
        Value, scorecards, strategy, further segmentations and banners.
    sections : mapping
        Section of the questionnaire to its title; tables stand on a sheet of each. Without it,
        on a sheet of each block.
    needs : tuple of Opportunity
        Importance, satisfaction and opportunity of needs that were asked twice.
    strategies : tuple of StrategySheet
        What the user decided for the segments; empty cells are not shown.
    recognition : mapping
        Segment to the share (0 to 1) of its members that cross-validation places in it.
    typing : TypingTool, optional
        What places new people in the segments; None when there is nothing to tell apart.
    """

    id: str
    title: Texts
    languages: tuple[str, ...]
    fingerprint: str
    seed: int
    quality: Quality
    weights: WeightSummary
    segmentation: Segmentation
    profile: Profile
    personas: tuple[Persona, ...]
    factors: tuple[FactorSection, ...] = ()
    maps: tuple[MapSection, ...] = ()
    problems: tuple[Problem, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    results: Mapping[str, Any] = field(default_factory=dict)
    identity: tuple[Problem, ...] = ()
    decisions: Decisions | None = None
    date: dt.date | None = None
    folder: Path | None = None
    theme: Path | None = None
    pictures: Mapping[int, Path] = field(default_factory=dict)
    client: str = ""
    targeting: Targeting | None = None
    sections: Mapping[str, Texts] = field(default_factory=dict)
    needs: tuple[Opportunity, ...] = ()
    strategies: tuple[StrategySheet, ...] = ()
    recognition: Mapping[int, float] = field(default_factory=dict)
    typing: TypingTool | None = None

    @property
    def excluded(self) -> tuple[int, ...]:
        """Segments that a decision left out: they have no persona, yet stand in every table."""
        if self.decisions is None:
            return ()
        return tuple(
            size.segment
            for size in self.profile.segments
            if self.decisions.segment(size.segment).exclude
        )

    @property
    def shown_personas(self) -> tuple[Persona, ...]:
        """The personas of all segments that no decision left out."""
        excluded = set(self.excluded)
        return tuple(one for one in self.personas if one.segment not in excluded)
