"""Follow a study over its waves: everything of each wave against the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from persona.errors import PersonaError, Problem, Severity, note
from persona.numeric.threads import one_thread
from persona.profiling.persona import Statement
from persona.profiling.result import Profile
from persona.profiling.significance import effective_n
from persona.questionnaire.texts import Texts
from persona.typing_tool import TypingEvidence, TypingQuestion, TypingTool
from persona.waves.advice import advise
from persona.waves.centres import centre_moves
from persona.waves.certainty import beyond_expected, certainty_changes, certainty_of
from persona.waves.composition import margins_moved, standardised
from persona.waves.confusion import with_corrected
from persona.waves.model import Agreement, ModelKind, Realignment, SizeInWave, Tracking, WaveResult
from persona.waves.placed import PlacedWave, Wave, common_model, place, variables_asked
from persona.waves.realigning import agreement_of, joined_alike, realigned
from persona.waves.shifts import question_shifts, sample_shifts, sizes_stability
from persona.waves.sizes import size_changes, sizes_of, sizes_test
from persona.waves.statements import Grammar, profile_of, standings
from persona.waves.thresholds import FEWEST_PER_SEGMENT

if TYPE_CHECKING:
    import pandas as pd

    from persona.segmentation import Segmentation

Resegment = Callable[[Wave], "Segmentation"]
_Realigned = tuple[Realignment | None, str, tuple[Problem, ...]]


@dataclass(frozen=True, eq=False)
class Frozen:
    """What a run of a study left that waves are read with.

    Parameters
    ----------
    tool : TypingTool
    statements : mapping of segment to statements
        Of the personas.
    labels : Series
        Segment of each respondent of the study, missing for those without one.
    names : mapping of segment to texts
    grammar : Grammar
        How the study tests its tables.
    reproducibility : float, optional
        Mean adjusted Rand index of resamples of the study.
    merged : frozenset of int
        Segments that the user joined out of several; a wave is joined in the same way.
    """

    tool: TypingTool
    statements: Mapping[int, tuple[Statement, ...]]
    labels: pd.Series[int]
    names: Mapping[int, Texts]
    grammar: Grammar
    reproducibility: float | None = None
    merged: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class _First:
    """The first wave, read once for all comparisons."""

    placed: PlacedWave
    result: WaveResult
    profile: Profile
    agreement: Agreement
    expected: float
    uncertain: float


@one_thread
def track(
    frozen: Frozen,
    first: Wave,
    later: Sequence[Wave],
    resegment: Resegment | None = None,
    *,
    force: bool = False,
    advance: Callable[[float], None] | None = None,
) -> tuple[Tracking, tuple[PlacedWave, ...]]:
    """Place every wave by the same frozen model and compare each with the first.

    Parameters
    ----------
    frozen : Frozen
    first, later : Wave, sequence of Wave
        The answers the segments were made from, placed anew, and the next in their order of time.
    resegment : callable, optional
        Segments a wave with the options of the study; None: no wave is segmented by itself.
    force : bool
        Segment also waves of fewer than 60 respondents a segment.
    advance : callable, optional
        Told the share done.

    Returns
    -------
    Tracking
    tuple of PlacedWave
        The first wave and the others, for the lists of respondents.

    Raises
    ------
    DataError
        A wave lacks golden questions, or too few of its people can be placed.
    """
    tell = advance or (lambda share: None)
    kind, model = common_model(frozen.tool, (first, *later))
    placed = tuple(place(wave, model) for wave in (first, *later))
    start = _start(frozen, kind, placed[0])
    results = [start.result]
    for number, wave in enumerate(placed[1:], 1):
        made = _compared(frozen, kind, start, wave, placed[number - 1])
        tell((number - 0.5) / len(later))
        made = _resegmented(made, _realignment(frozen, start, wave, resegment, force))
        results.append(replace(made, advice=advise(start.result, made, start.uncertain)))
        tell(number / len(later))
    return (
        Tracking(
            study=frozen.tool.study,
            fingerprint=frozen.tool.fingerprint,
            seed=frozen.tool.seed,
            kind=kind,
            asked=model.variables,
            names=frozen.names,
            statements=frozen.statements,
            agreement=start.agreement,
            expected_uncertain=start.uncertain,
            waves=tuple(results),
        ),
        placed,
    )


def _start(frozen: Frozen, kind: ModelKind, first: PlacedWave) -> _First:
    """The first wave described, and what any other wave may be expected to reach."""
    agreement = agreement_of(first, frozen.labels)
    reached = frozen.reproducibility
    return _First(
        first,
        _described(frozen, kind, first),
        profile_of(first, frozen.grammar),
        agreement,
        agreement.rand if reached is None else min(reached, agreement.rand),
        _evidence(frozen, kind).uncertain,
    )


def _evidence(frozen: Frozen, kind: ModelKind) -> TypingEvidence:
    return frozen.tool.complete_evidence if kind == "complete" else frozen.tool.evidence


def _resegmented(made: WaveResult, found: _Realigned) -> WaveResult:
    return replace(
        made,
        realignment=found[0],
        not_resegmented=found[1],
        warnings=(*made.warnings, *found[2]),
    )


def _described(frozen: Frozen, kind: ModelKind, wave: PlacedWave) -> WaveResult:
    """A wave by itself."""
    responses = wave.responses
    effective = effective_n(wave.weights)
    return WaveResult(
        id=wave.wave.id,
        name=wave.wave.name,
        date=wave.wave.date,
        file=responses.source.file.name,
        sha256=responses.source.sha256,
        n=len(responses.asked),
        placed=len(wave.index),
        weighted=responses.weighted,
        deff=len(wave.index) / effective if effective else 1.0,
        effective_n=effective,
        sizes=_sizes(frozen, kind, wave),
        certainty=certainty_of(wave),
        warnings=wave.wave.warnings,
    )


def _sizes(frozen: Frozen, kind: ModelKind, wave: PlacedWave) -> tuple[SizeInWave, ...]:
    evidence = _evidence(frozen, kind)
    bases = [part.base for part in sorted(evidence.segments, key=lambda one: one.segment)]
    return with_corrected(wave, sizes_of(wave), evidence.confusion, bases, frozen.tool.seed)


def _compared(
    frozen: Frozen, kind: ModelKind, start: _First, wave: PlacedWave, before: PlacedWave
) -> WaveResult:
    """A wave against the first one, and its sizes against those of the one before."""
    made = _described(frozen, kind, wave)
    first = start.placed
    sample = sample_shifts(first, wave)
    sizes, by = standardised(first, wave, made.sizes, margins_moved(sample))
    moves, movements = centre_moves(first, wave, frozen.tool.complete.variables)
    both = frozenset(first.responses.asked.index) & frozenset(wave.responses.asked.index)
    said = standings(frozen.statements, start.profile, profile_of(wave, frozen.grammar), wave)
    return replace(
        made,
        sizes=sizes,
        standardised_by=by,
        size_changes=size_changes(first, wave),
        step_changes=size_changes(before, wave) if before is not first else {},
        sizes_p=sizes_test(first, wave),
        size_stability=sizes_stability(first, wave),
        certainty=certainty_changes(first, wave),
        questions=question_shifts(first, wave, _questions(frozen.tool), _golden(frozen.tool)),
        sample=sample,
        not_asked=_not_asked(first, wave),
        centres=moves,
        movements=movements,
        statements=said,
        shared_ids=len(both),
        uncertain_beyond=beyond_expected(first, wave, start.uncertain),
        warnings=(*made.warnings, *_same_people(wave, len(both))),
    )


def _questions(tool: TypingTool) -> tuple[TypingQuestion, ...]:
    """Every question of either model, once."""
    known = {one.variable: one for one in tool.complete.questions}
    return tuple((known | {one.variable: one for one in tool.golden.questions}).values())


def _golden(tool: TypingTool) -> frozenset[str]:
    return frozenset(tool.golden.variables)


def _not_asked(first: PlacedWave, later: PlacedWave) -> tuple[str, ...]:
    """Variables of the first wave that this one does not have."""
    missing = variables_asked(first.responses) - variables_asked(later.responses)
    order = [variable.id for variable in first.responses.questionnaire.variables]
    return tuple(sorted(missing, key=order.index))


def _same_people(wave: PlacedWave, both: int) -> tuple[Problem, ...]:
    if not both:
        return ()
    return (
        note(
            "wave.same_ids",
            "{count} respondents of the wave {wave} have an id of the first wave. Waves are "
            "compared as separate samples; were they the same people, changes would be surer than "
            "the intervals say.",
            values={"count": both, "wave": wave.wave.id},
        ),
    )


def _realignment(
    frozen: Frozen,
    start: _First,
    wave: PlacedWave,
    resegment: Resegment | None,
    force: bool,
) -> _Realigned:
    """The wave segmented by itself, or why it was not."""
    if resegment is None:
        return None, "not_asked_for", ()
    basis = frozen.tool.complete.variables
    asked = variables_asked(wave.responses)
    if any(name not in asked for name in basis):
        return None, "basis_not_asked", ()
    if not force and len(wave.index) < FEWEST_PER_SEGMENT * wave.k:
        return None, "too_few", ()
    try:
        own = resegment(wave.wave)
    except PersonaError as trouble:
        said = tuple(replace(one, severity=Severity.WARNING) for one in trouble.problems)
        return None, "failed", said
    found = joined_alike(own, wave, frozen.merged)
    return realigned(wave, found, frozen.grammar, start.expected), "", ()
