"""Further segmentations of the same respondents, each on a basis of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from persona.errors import PersonaError, Problem, Severity, warning
from persona.profiling import PRESETS, compare_bases, personas, preset_basis, profile
from persona.profiling.profiles import Grouped
from persona.profiling.result import Texts
from persona.profiling.worth import Grouping
from persona.questionnaire.variables import Measure
from persona.report.targets import BasisRun, CrossedBases
from persona.segmentation.crossing import cross
from persona.study.basis import questions_of
from persona.study.dividing import divide, matrix_of
from persona.study.segment_options import BY_RULE, BasisOptions
from persona.study.targeting_options import EVERY_BASIS

if TYPE_CHECKING:
    from persona.analysis.factors import FactorSolution
    from persona.profiling import BasesComparison, Persona
    from persona.responses import Responses
    from persona.segmentation import Segmentation
    from persona.study.study import Study

OWN = "segments"
"""Id of the segments of the study among the others."""
RESAMPLES = 40
"""Pairs of bootstrap samples; further segmentations are compared, not reported on in depth."""
QUARTERS = (0.25, 0.5, 0.75)
Found = tuple[BasisRun, Grouped]


@dataclass(frozen=True)
class SeveralBases:
    """Every segmentation of the study, how they compare, and the crossings that were asked for."""

    runs: tuple[BasisRun, ...]
    comparison: BasesComparison | None
    crossings: tuple[CrossedBases, ...]
    problems: tuple[Problem, ...]


def run_bases(
    study: Study,
    responses: Responses,
    solutions: Mapping[str, FactorSolution],
    own: tuple[Segmentation, Sequence[Persona], tuple[str, ...]],
    advance: Callable[[float], None],
) -> SeveralBases:
    """Every segmentation that the study declares, and how they compare.

    A basis that cannot be segmented is left out with a warning that says why; the others go on.

    Parameters
    ----------
    own : segmentation, personas and basis of the study itself
    """
    wanted = _wanted(study)
    if not wanted:
        return SeveralBases((), None, (), ())
    segmentation, drawn, basis = own
    runs: list[Found] = [(_own(segmentation, drawn, basis, responses), segmentation)]
    problems: list[Problem] = []
    for place, options in enumerate(wanted):
        try:
            found, told = _one(
                study, responses, solutions, options, _part_of(advance, place, len(wanted))
            )
        except PersonaError as trouble:
            problems += [_left_out(options, problem) for problem in trouble.problems]
        else:
            runs.append(found)
            problems += told
        advance((place + 1) / len(wanted))
    divided = {run.id: grouped for run, grouped in runs if run.k > 1}
    made_of = {run.id: _made_of(run, responses) for run, _ in runs}
    comparison = compare_bases(responses, divided, made_of) if len(divided) > 1 else None
    crossings, told = _crossings(study, divided, responses)
    return SeveralBases(tuple(run for run, _ in runs), comparison, crossings, (*problems, *told))


def _crossings(
    study: Study, divided: Mapping[str, Grouped], responses: Responses
) -> tuple[tuple[CrossedBases, ...], tuple[Problem, ...]]:
    """The cross tables that the study declares; those of what has no segments are left out."""
    made: list[CrossedBases] = []
    problems: list[Problem] = []
    for first, second in study.file.crossings:
        gone = [name for name in (first, second) if name not in divided]
        if gone:
            problems.append(_not_crossed(first, second, gone))
            continue
        labels = {"first": divided[first].labels, "second": divided[second].labels}
        found = cross(labels, responses.weights if responses.weighted else None)
        made.append(CrossedBases(first, second, found.cells))
        problems += found.warnings
    return tuple(made), tuple(problems)


def _not_crossed(first: str, second: str, gone: Sequence[str]) -> Problem:
    return warning(
        "bases.not_crossed",
        "{first} and {second} were not crossed: {names} has no segments.",
        values={"first": first, "second": second, "names": ", ".join(gone)},
    )


def _part_of(advance: Callable[[float], None], place: int, count: int) -> Callable[[float], None]:
    """Progress of one of several pieces of work."""
    return lambda share: advance((place + share) / count)


def _made_of(run: BasisRun, responses: Responses) -> tuple[str, ...]:
    """What a basis cannot be credited with: quarters by revenue explain every sum of money."""
    worth = {v.question for v in responses.questionnaire.variables if v.kind == "value"}
    by_worth = run.method in BY_RULE and worth.issuperset(run.questions)
    if run.preset != "value" and not by_worth:
        return run.questions
    return (*run.questions, *preset_basis(responses.questionnaire, "value"))


def _wanted(study: Study) -> list[BasisOptions]:
    """What the study declares, ``all`` written out as the presets that were asked."""
    kinds = {question.kind for question in study.questionnaire.questions}
    asked = [name for name, own in PRESETS.items() if kinds & set(own)]
    declared = [one.preset for one in study.file.segmentations]
    wanted: list[BasisOptions] = []
    for one in study.file.segmentations:
        if one.preset == EVERY_BASIS and one.basis is None:
            wanted += [
                one.model_copy(update={"preset": name, "id": name, "title": {}})
                for name in asked
                if name not in declared
            ]
        else:
            wanted.append(one)
    return wanted


def _left_out(options: BasisOptions, problem: Problem) -> Problem:
    return warning(
        "bases.left_out",
        "The segmentation {name!r} was left out: {reason}",
        found=problem.found,
        remedy=problem.remedy_text,
        values={"name": options.id, "reason": problem},
    )


def _one(
    study: Study,
    responses: Responses,
    solutions: Mapping[str, FactorSolution],
    options: BasisOptions,
    advance: Callable[[float], None],
) -> tuple[Found, tuple[Problem, ...]]:
    questions = questions_of(study.file, options, responses.questionnaire)
    if not options.method and options.k == "auto":
        if (by_answer := _answers(responses, questions, options)) is not None:
            return by_answer, ()
        if options.preset == "value":
            return _quarters(study, responses, questions, options), ()
    search: dict[str, Any] = {}
    if options.method not in BY_RULE:
        k_range = range(options.k_range[0], options.k_range[1] + 1)
        search = {"k": options.k, "k_range": k_range, "pairs": RESAMPLES}
    matrix = matrix_of(study, responses, solutions, options, questions)
    divided = divide(study, responses, options, matrix, advance, **search)
    found, names = divided.segmentation, divided.names
    if found.k > 1 and not names:
        described = profile(responses, found, basis=questions)
        names = {one.segment: one.name for one in personas(responses, found, described, names={})}
    run = _run(options, questions, found, names, responses)
    problems = tuple(
        replace(one, severity=Severity.NOTE)
        for one in found.warnings
        if one.code in ("segments.unassignable", "segments.undecided")
    )
    return (replace(run, method=found.method, verdict=str(found.verdict)), found), problems


def _run(
    options: BasisOptions,
    questions: tuple[str, ...],
    grouped: Grouped,
    names: Mapping[int, Texts],
    responses: Responses,
) -> BasisRun:
    preset = "" if options.basis is not None else str(options.preset)
    return _described(options.id, preset, options.title, questions, grouped, names, responses)


def _described(
    identifier: str,
    preset: str,
    title: Texts,
    questions: tuple[str, ...],
    grouped: Grouped,
    names: Mapping[int, Texts],
    responses: Responses,
) -> BasisRun:
    labels = grouped.labels.reindex(responses.frame.index)
    known = labels.notna()
    weights = responses.weights[known]
    numbers = range(1, grouped.k + 1)
    return BasisRun(
        id=identifier,
        preset=preset,
        title=title,
        questions=questions,
        k=grouped.k,
        method="",
        verdict="",
        names=names,
        shares={
            number: float(weights[labels[known] == number].sum() / weights.sum())
            for number in numbers
        },
        counts={number: int((labels[known] == number).sum()) for number in numbers},
        without=int((~known).sum()),
    )


def _own(
    segmentation: Segmentation,
    drawn: Sequence[Persona],
    basis: tuple[str, ...],
    responses: Responses,
) -> BasisRun:
    names = {persona.segment: persona.name for persona in drawn}
    run = _described(OWN, "", {}, basis, segmentation, names, responses)
    return replace(run, method=segmentation.method, verdict=str(segmentation.verdict))


def _answers(
    responses: Responses, questions: tuple[str, ...], options: BasisOptions
) -> Found | None:
    """The answers to the only question as segments; None for several, or one without answers."""
    if len(questions) != 1:
        return None
    variables = responses.questionnaire.variables_of(questions[0])
    if len(variables) != 1 or variables[0].measure not in (Measure.NOMINAL, Measure.ORDINAL):
        return None
    variable = variables[0]
    answers = responses.asked[variable.id]
    given = [one for one in variable.categories if (answers == one.code).any()]
    numbers = {one.code: number for number, one in enumerate(given, 1)}
    labels = pd.Series(
        [numbers.get(answer, pd.NA) for answer in answers], index=answers.index, dtype="Int64"
    )
    names = {number: one.text for number, one in enumerate(given, 1)}
    grouped = Grouping(labels, max(len(given), 1))
    run = _run(options, questions, grouped, names, responses)
    return replace(run, method="answers"), grouped


def _quarters(
    study: Study, responses: Responses, questions: tuple[str, ...], options: BasisOptions
) -> Found:
    """Quarters of respondents by what they are worth, the highest first."""
    from persona.segmentation.methods.apriori import weighted_quantiles

    value = study.file.value
    own = [
        variable.id
        for question in questions
        for variable in responses.questionnaire.variables_of(question)
        if variable.measure is Measure.RATIO
    ]
    chosen = (value.margin or value.revenue or tuple(own[:1]))[:1]
    name = next(iter(chosen), questions[0])
    variable = responses.questionnaire.variable(name)
    numbers = np.asarray(responses.asked[name], dtype=np.float64)
    known = ~np.isnan(numbers)
    weights = np.asarray(responses.weights, dtype=np.float64)[known]
    cuts = np.zeros(0)
    if known.any():
        cuts = np.unique(weighted_quantiles(numbers[known], weights, QUARTERS))
        cuts = cuts[cuts > numbers[known].min()]
    band = np.searchsorted(cuts, numbers, side="right")
    labels = pd.Series(len(cuts) + 1 - band, index=responses.asked.index, dtype="Int64")
    labels[~known] = pd.NA
    unit = f" {variable.unit}" if variable.unit else ""
    ranges = [f"< {cuts[0]:g}{unit}"] if len(cuts) else [variable.id]
    ranges += [f"{low:g} – {high:g}{unit}" for low, high in pairwise(cuts)]
    ranges += [f"≥ {cuts[-1]:g}{unit}"] if len(cuts) else []
    names = {
        number: dict.fromkeys(study.languages, part)
        for number, part in enumerate(reversed(ranges), 1)
    }
    grouped = Grouping(labels, len(ranges))
    run = _run(options, (variable.question,), grouped, names, responses)
    return replace(run, method="quarters"), grouped
