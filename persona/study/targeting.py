"""Value, tests, attractiveness, opportunities, strategy and banners of the segments found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from persona.errors import PersonaError, Problem, Severity, warning
from persona.profiling import (
    Criterion,
    banner_book,
    opportunities,
    scorecards,
    strategy_sheets,
    value_analysis,
)
from persona.profiling.attractiveness import attractiveness
from persona.profiling.eight_questions import eight_questions
from persona.questionnaire.variables import Measure
from persona.report.targets import BannerTables, Recognition, Targeting
from persona.study.several_bases import run_bases

if TYPE_CHECKING:
    from persona.analysis.factors import FactorSolution
    from persona.profiling import Opportunity, Persona, Profile, Scorecard, ValueAnalysis
    from persona.profiling.banner_columns import ColumnSpec
    from persona.responses import Responses
    from persona.segmentation import Segmentation
    from persona.study.decisions import KeptDecisions, KeptSegment
    from persona.study.study import Study

Groups = tuple[tuple[int, ...], ...]
Found: TypeAlias = "tuple[Segmentation, Profile, Sequence[Persona], tuple[str, ...]]"
"""Segments, their profile, their personas, and the questions that made them."""


def choose_targets(
    study: Study,
    responses: Responses,
    solutions: Mapping[str, FactorSolution],
    found: Found,
    decided: tuple[KeptDecisions | None, Groups],
    advance: Callable[[float], None],
    recognition: Recognition | None,
) -> tuple[Targeting, tuple[Problem, ...]]:
    """All that helps to choose whom to address.

    ``decided`` are the decisions kept, and the groups of segments they join; ``recognition`` is
    how well typing questions find the segments again.

    Raises
    ------
    PersonaError
        When a banner asks for columns that cannot be made.
    """
    segmentation, table, personas, basis = found
    value, problems = _value(study, responses, segmentation)
    needs, more = _needs(study, responses, segmentation)
    problems += more
    kept = _kept(*decided)
    targets, more = _targets(study, segmentation.k, kept)
    problems += more
    criteria, more = _criteria(study, segmentation.k, decided[0], kept)
    problems += more
    sheets = strategy_sheets(
        table,
        study.questionnaire,
        targets=targets,
        texts={number: part.sheet for number, part in kept.items()},
        needs=needs,
        evidence={str(field): names for field, names in study.file.evidence.items()},
    )
    several = run_bases(study, responses, solutions, (segmentation, personas, basis), advance)
    banners = _banners(study, responses, found)
    costs, cards = _judged(study, found, value, recognition)
    made = Targeting(
        value=value,
        needs=needs,
        recognition=recognition,
        scorecards=cards,
        criteria=criteria,
        points=attractiveness(criteria, table.segments, value) if criteria else (),
        sheets=sheets,
        targets=targets,
        costs=costs,
        answers=eight_questions(responses, segmentation, table, personas, value, needs),
        bases=several.runs,
        comparison=several.comparison,
        crossings=several.crossings,
        banners=banners,
    )
    said = [problem for sheet in sheets for problem in sheet.warnings]
    said += value.warnings if value is not None else ()
    said += [problem for one in banners for problem in one.book.warnings]
    return made, (*problems, *several.problems, *said)


def _judged(
    study: Study, found: Found, value: ValueAnalysis | None, recognition: Recognition | None
) -> tuple[dict[int, float], tuple[Scorecard, ...]]:
    """Costs where they were given, and the scorecards."""
    segmentation, table, personas, _ = found
    costs = {number: study.file.value.cost_of(number) for number in range(1, segmentation.k + 1)}
    cards = scorecards(
        table,
        tuple(personas),
        value,
        typing=recognition.found if recognition else None,
        typing_chance=recognition.chance if recognition else None,
        costs=costs,
    )
    return costs if study.file.value.cost else {}, cards


def _as_warnings(trouble: PersonaError) -> list[Problem]:
    """What does not stop the study: said, and its part left out."""
    return [replace(problem, severity=Severity.WARNING) for problem in trouble.problems]


def _value(
    study: Study, responses: Responses, segmentation: Segmentation
) -> tuple[ValueAnalysis | None, list[Problem]]:
    options = study.file.value
    declared = bool(options.revenue or options.margin or options.potential)
    asked = any(
        variable.kind == "value" and variable.measure is Measure.RATIO
        for variable in study.questionnaire.variables
    )
    if not declared and not asked:
        return None, []
    try:
        return value_analysis(
            responses,
            segmentation,
            revenue=options.revenue,
            margin=options.margin,
            potential=options.potential,
            suppress_below=study.file.profile.suppress_below,
        ), []
    except PersonaError as trouble:
        return None, _as_warnings(trouble)


def _needs(
    study: Study, responses: Responses, segmentation: Segmentation
) -> tuple[tuple[Opportunity, ...], list[Problem]]:
    pairs = [(pair.importance, pair.satisfaction) for pair in study.file.needs]
    try:
        return opportunities(
            responses,
            segmentation,
            pairs or None,
            suppress_below=study.file.profile.suppress_below,
        ), []
    except PersonaError as trouble:
        return (), _as_warnings(trouble)


def _kept(kept: KeptDecisions | None, groups: Groups) -> dict[int, KeptSegment]:
    """Segment to what was decided about it."""
    if kept is None:
        return {}
    parts = {part.members: part for part in kept.segments}
    return {number: parts[group] for number, group in enumerate(groups, 1) if group in parts}


def _targets(
    study: Study, k: int, kept: Mapping[int, KeptSegment]
) -> tuple[tuple[int, ...], list[Problem]]:
    """The workbook decides; where it says nothing, the study file."""
    declared = set(study.file.targets)
    chosen = tuple(
        number
        for number in range(1, k + 1)
        if (
            kept[number].target
            if number in kept and kept[number].target is not None
            else number in declared
        )
    )
    gone = sorted(declared - set(range(1, k + 1)))
    return chosen, [_no_segment("targets", number, k) for number in gone]


def _no_segment(key: str, number: int, k: int) -> Problem:
    return warning(
        "targets.no_segment",
        "The study file names segment {segment} under {key}; there are {k} segments.",
        found=str(number),
        allowed=", ".join(map(str, range(1, k + 1))),
        remedy="Correct the number, or choose targets and scores in the workbook.",
        values={"segment": number, "key": key, "k": k},
    )


def _criteria(
    study: Study, k: int, decisions: KeptDecisions | None, kept: Mapping[int, KeptSegment]
) -> tuple[tuple[Criterion, ...], list[Problem]]:
    """Criteria of the study file with those of the workbook over them; a weight of 0 leaves out."""
    problems = []
    declared: dict[str, Criterion] = {}
    for one in study.file.criteria:
        gone = sorted(set(one.scores) - set(range(1, k + 1)))
        problems += [_no_segment("criteria", number, k) for number in gone]
        scores = {number: score for number, score in one.scores.items() if number not in gone}
        declared[one.id] = Criterion(one.id, one.text, one.axis, one.weight, scores, one.measured)
    for part in decisions.criteria if decisions else ():
        before = declared.get(part.id)
        declared[part.id] = Criterion(
            part.id,
            {**(before.text if before else {}), **part.text},
            part.axis,
            part.weight,
            dict(before.scores) if before else {},
            part.measured,
        )
    made = [
        replace(
            criterion,
            scores={
                number: score
                for number in range(1, k + 1)
                if (score := _score(criterion, number, kept.get(number))) is not None
            },
        )
        for criterion in declared.values()
        if criterion.weight > 0
    ]
    return tuple(made), problems


def _score(criterion: Criterion, number: int, kept: KeptSegment | None) -> float | None:
    if kept is not None and criterion.id in kept.scores:
        return kept.scores[criterion.id]
    return criterion.scores.get(number)


def _banners(study: Study, responses: Responses, found: Found) -> tuple[BannerTables, ...]:
    segmentation, _, personas, basis = found
    names = {persona.segment: persona.name for persona in personas}
    profile = study.file.profile
    made = []
    for banner in study.file.banners:
        columns: list[ColumnSpec] = [
            one[0] if len(one) == 1 else tuple(one) for one in banner.columns
        ]
        book = banner_book(
            responses,
            columns,
            segmentation=segmentation,
            names=names,
            questions=banner.questions,
            where=dict(banner.where),
            correction=profile.correction,
            suppress_below=profile.suppress_below,
            basis=basis,
        )
        made.append(BannerTables(banner.title, book))
    return tuple(made)
