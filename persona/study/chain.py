"""Run the stages of a study, one after the other, each on the results of those before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from persona.errors import DataError, Problem, StudyError, error
from persona.questionnaire.texts import Texts
from persona.study.basis import basis_questions, own_way
from persona.study.decisions import (
    KeptDecisions,
    groups_of,
    of_another_study,
    read_kept,
)
from persona.study.progress import Progress
from persona.study.result import StudyResult, fingerprint
from persona.study.segment_options import BY_RULE

if TYPE_CHECKING:
    from persona.analysis.batteries import Battery
    from persona.analysis.matrix import Matrix
    from persona.profiling import Persona, Profile
    from persona.profiling.segment_map import SegmentMap
    from persona.report.targets import Targeting
    from persona.responses import Responses
    from persona.segmentation import Segmentation
    from persona.study.carrying import Carried
    from persona.study.dividing import Divided
    from persona.study.intake import Intake
    from persona.study.study import Study
    from persona.typing_tool import TypingTool

FEWEST_RESPONDENTS = 20
"""With fewer, any division describes these people and nobody else."""
Advance = Callable[[float], None]
_NOT_OF_SEGMENTS = {
    *("title", "client", "date", "languages", "theme", "pictures", "audiences", "typing"),
    *("value", "banners", "criteria", "targets", "needs", "segmentations", "crossings", "evidence"),
}
"""Keys of a study that the segments do not depend on."""
Groups = tuple[tuple[int, ...], ...]
"""Segments of the run that each segment reported joins."""


def run_study(study: Study, progress: Progress) -> StudyResult:
    """Every stage of a study.

    Raises
    ------
    PersonaError
        When the answers or options do not allow it.
    """
    from persona.analysis.maps import category_map
    from persona.study.typing_questions import signed

    before = _decided_before(study)
    with progress.stage("Reading the answers"):
        intake = study.intake()
        responses = intake.responses
    with progress.stage("Factoring the batteries") as advance:
        batteries, factor_problems = _factor(study, responses, advance)
    with progress.stage("Mapping the categories"):
        categories, map_problems = category_map(responses, **study.file.correspondence.model_dump())
    with progress.stage("Finding the segments") as advance:
        divided = _segments(study, responses, batteries, advance)
        found, matrix = divided.segmentation, divided.matrix
        run = run_fingerprint(study, intake)
        carried = _decided(before, found, run, responses, study)
        kept = carried.decisions
        segmentation, groups = _merged(found, kept)
        identity = _identity(carried, groups)
    names = _names(kept, groups, divided.names)
    drawn = _described(study, responses, batteries, (segmentation, kept, groups, names), progress)
    return StudyResult(
        study=study,
        responses=responses,
        intake=intake,
        batteries=batteries,
        category_map=categories,
        segment_map=drawn.segment_map,
        matrix=matrix,
        found=found,
        segmentation=segmentation,
        groups=groups,
        profile=drawn.profile,
        personas=drawn.personas,
        targeting=drawn.targeting,
        typing=signed(drawn.typing, fingerprint({"run": run, "groups": groups})),
        decisions=kept,
        fingerprint=run,
        identity=identity,
        problems=_distinct(
            study.problems,
            responses.problems,
            factor_problems,
            map_problems,
            matrix.warnings,
            segmentation.warnings,
            carried.problems,
            identity,
            drawn.problems,
        ),
    )


def segments_of(study: Study, responses: Responses) -> Segmentation:
    """The segments that the options of a study find in any answers to its questionnaire.

    Raises
    ------
    PersonaError
        When the answers do not allow it.
    """

    def tell(share: float) -> None:
        """Nobody watches a single stage."""

    batteries, _ = _factor(study, responses, tell)
    return _segments(study, responses, batteries, tell).segmentation


@dataclass(frozen=True)
class _Described:
    """The segments described: what follows once it is decided who belongs where."""

    profile: Profile
    segment_map: SegmentMap | None
    personas: tuple[Persona, ...]
    targeting: Targeting
    typing: TypingTool | None
    problems: tuple[Problem, ...]


def _described(
    study: Study,
    responses: Responses,
    batteries: tuple[Battery, ...],
    decided: tuple[Segmentation, KeptDecisions | None, Groups, Mapping[int, Texts]],
    progress: Progress,
) -> _Described:
    """Profile, personas and targets of the segments."""
    from persona.profiling import personas, profile
    from persona.profiling.segment_map import segment_map
    from persona.study.targeting import choose_targets
    from persona.study.typing_questions import learn_typing, recognition_of

    segmentation, kept, groups, names = decided
    basis = basis_questions(study.file, study.questionnaire)
    with progress.stage("Profiling the segments"):
        options = study.file.profile.model_dump()
        table = profile(responses, segmentation, **options, basis=basis)
        among, among_problems = segment_map(table)
    with progress.stage("Drawing the personas"):
        drawn = _proposed_by_rule(
            personas(responses, segmentation, table, names=dict(names)), names, kept, groups
        )
    with progress.stage("Choosing typing questions"):
        learned = learn_typing(study, responses, segmentation, drawn)
    with progress.stage("Weighing the segments") as advance:
        targeting, target_problems = choose_targets(
            study,
            responses,
            {battery.question: battery.solution for battery in batteries},
            (segmentation, table, drawn, basis),
            (kept, groups),
            advance,
            recognition_of(learned.tool),
        )
    return _Described(
        table,
        among,
        drawn,
        targeting,
        learned.tool,
        _distinct(
            table.warnings,
            learned.warnings,
            among_problems,
            *(persona.warnings for persona in drawn),
            target_problems,
        ),
    )


def _factor(
    study: Study, responses: Responses, advance: Advance
) -> tuple[tuple[Battery, ...], tuple[Problem, ...]]:
    from persona.analysis.batteries import factor_batteries

    return factor_batteries(
        responses, study.file.factors.model_dump(), seed=study.file.seed, advance=advance
    )


def _segments(
    study: Study, responses: Responses, batteries: tuple[Battery, ...], advance: Advance
) -> Divided:
    from persona.study.dividing import divide, matrix_of, with_held_out

    way = own_way(study.file, study.questionnaire)
    questions = basis_questions(study.file, study.questionnaire)
    solutions = {battery.question: battery.solution for battery in batteries}
    matrix = matrix_of(study, responses, solutions, way, questions)
    if way.method in BY_RULE:
        return divide(study, responses, way, matrix, advance)
    _enough(study, matrix)
    divided = divide(
        study,
        responses,
        way,
        matrix,
        advance,
        k=way.k,
        k_range=range(way.k_range[0], way.k_range[1] + 1),
        max_missing=way.max_missing,
    )
    if not way.held_out:
        return divided
    weights = responses.weights if responses.weighted else None
    return with_held_out(divided, weights, study, advance)


def _enough(study: Study, matrix: Matrix) -> None:
    """Refuse fewer respondents than answers that would segment them."""
    answers = {name for column in matrix.columns for name in column.variables}
    if len(matrix.frame) < max(len(answers), FEWEST_RESPONDENTS):
        raise DataError(_too_few(study, len(matrix.frame), len(answers)))


def _too_few(study: Study, respondents: int, answers: int) -> Problem:
    return error(
        "study.too_few",
        "{n} respondents are too few to be segmented by {answers} answers.",
        file=study.file.answers.file,
        allowed=f"at least {max(answers, FEWEST_RESPONDENTS)} respondents; Dolnicar et al. (2014) "
        f"advise {60 * answers}",
        remedy="Wait for more answers, or name fewer questions under segmentation: basis:.",
        values={"n": respondents, "answers": answers},
    )


def run_fingerprint(study: Study, intake: Intake) -> str:
    """Of everything that decides the segments: inputs, options, seed; not of the decisions."""
    return fingerprint(
        {
            "answers": intake.responses.source.sha256,
            "inputs": [(part.role, part.sha256) for part in intake.inputs],
            "questionnaire": study.questionnaire.model_dump(mode="json"),
            "study": study.file.model_dump(
                mode="json", exclude=_NOT_OF_SEGMENTS, exclude_defaults=True
            ),
        }
    )


def _decided_before(study: Study) -> KeptDecisions | None:
    """The decisions beside the study, checked before any work is done."""
    kept = read_kept(study.folder)
    if kept is not None and kept.study != study.file.id:
        raise StudyError(of_another_study(kept, study.file.id, study.folder))
    return kept


def _decided(
    before: KeptDecisions | None, found: Segmentation, run: str, responses: Responses, study: Study
) -> Carried:
    """The decisions beside the study in the numbers of this run."""
    from persona.study.carrying import Carried, carried_over

    if before is None or before.fingerprint == run:
        return Carried(before)
    return carried_over(before, found, run, responses, study.folder)


def _identity(carried: Carried, groups: Groups) -> tuple[Problem, ...]:
    from persona.study.carrying import identity_notes

    return identity_notes(carried, groups)


def _merged(found: Segmentation, kept: KeptDecisions | None) -> tuple[Segmentation, Groups]:
    """The segments after the merges a user decided, and what each one joins."""
    groups = groups_of(kept, range(1, found.k + 1))
    if all(len(group) == 1 for group in groups):
        return found, tuple((number,) for number in range(1, found.k + 1))
    from persona.segmentation.merging import merge

    return merge(found, groups)


def _names(
    kept: KeptDecisions | None, groups: Groups, by_rule: Mapping[int, Texts]
) -> dict[int, Texts]:
    """Segment to the name the user gave it, else to the one that a rule gives."""
    given = {part.members: part.name for part in kept.segments if part.name} if kept else {}
    names: dict[int, Texts] = {}
    for number, group in enumerate(groups, 1):
        if group in given:
            names[number] = given[group]
        elif by_rule:
            names[number] = _joined([by_rule[member] for member in group])
    return names


def _proposed_by_rule(
    drawn: tuple[Persona, ...],
    names: Mapping[int, Texts],
    kept: KeptDecisions | None,
    groups: Groups,
) -> tuple[Persona, ...]:
    """Names that a rule gives are proposals: the workbook offers them and decides nothing."""
    own = _names(kept, groups, {})
    return tuple(
        replace(one, named_by_user=False, proposed_name=one.name)
        if one.segment in names and one.segment not in own
        else one
        for one in drawn
    )


def _joined(names: Sequence[Texts]) -> Texts:
    """The names of segments that were merged, in each language."""
    return {code: " + ".join(name.get(code, "") for name in names) for code in names[0]}


def _distinct(*found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Each problem once, in the order met: two stages may find the same."""
    return tuple({repr(problem): problem for part in found for problem in part}.values())
