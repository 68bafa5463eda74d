"""Learn a typing tool: which questions, which points, and how well they place people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import Problem, note, warning
from persona.numeric.seeds import generator
from persona.numeric.threads import one_thread
from persona.questionnaire.texts import Texts
from persona.questionnaire.variables import Variable
from persona.typing_tool.coding import CodedQuestion, code_question, design
from persona.typing_tool.evidence import CurvePoint, PoolCost, TypingEvidence
from persona.typing_tool.logistic import fit_logistic
from persona.typing_tool.measuring import (
    Agreement,
    agreement,
    certain,
    segment_accuracies,
    share_of,
)
from persona.typing_tool.model import TypedSegment, TypingModel
from persona.typing_tool.points import typing_model, uncertain_below, whole_points
from persona.typing_tool.pools import (
    Pool,
    TypingOptions,
    askable,
    named,
    nothing_left,
    said_of,
    sensitive_left_out,
    usable,
)
from persona.typing_tool.selecting import forward
from persona.typing_tool.tool import TypingTool
from persona.typing_tool.validating import (
    LARGEST_SAMPLE,
    Chosen,
    Sample,
    Settings,
    choose_settings,
    complete_sums,
    held_out_sums,
    paths,
    sample_of,
)

if TYPE_CHECKING:
    from persona.responses import Responses

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
FEWEST, MOST, LONGEST = 5, 12, 15
"""Questions that the tool asks by itself, and how far the curve goes."""
FEW_MEMBERS = 10
"""Of a segment, below which its accuracy says little."""
EXACT = 1e-9
"""Tolerance of the delivered model."""


@dataclass(frozen=True)
class Placed:
    """Who is to be learned from: what the tool is called and whose segments it tells.

    Parameters
    ----------
    labels : Series
        Segment 1 to k by respondent; missing for those without one.
    names : mapping of segment to texts
    study : str
    title : Texts
    languages : tuple of str
    fingerprint : str
    """

    labels: pd.Series
    names: Mapping[int, Texts] = field(default_factory=dict)
    study: str = ""
    title: Texts = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
    fingerprint: str = ""


@dataclass(frozen=True)
class Learned:
    """A typing tool, or None with the reason among the ``warnings``."""

    tool: TypingTool | None
    warnings: tuple[Problem, ...] = ()


@one_thread
def learn_tool(
    responses: Responses,
    placed: Placed,
    basis: Sequence[str],
    *,
    options: TypingOptions | None = None,
    records: Sequence[str] = (),
    seed: int = 0,
) -> Learned:
    """Choose the questions that tell the segments, learn their points, and measure both.

    Questions are chosen one after the other (:func:`persona.typing_tool.selecting.forward`), a
    multinomial logistic regression with a ridge gives the points, and ten-fold
    cross-validation, in which both are repeated without the people placed, says how well it does.

    Parameters
    ----------
    responses : Responses
        Answers are taken as they were given (``asked``), reverse-keyed items not turned.
    placed : Placed
    basis : question ids
        What the segments were made from.
    options : TypingOptions, optional
    records : variables
        That come from customer records.
    seed : int

    Returns
    -------
    Learned
        Without a tool when there is one segment or no question to ask.
    """
    wished = options or TypingOptions()
    labels = placed.labels.reindex(responses.asked.index)
    known = labels.notna().to_numpy()
    numbers = np.asarray(labels[known], dtype=np.int64)
    k = int(max(numbers.max(initial=0), max(placed.names, default=0)))
    if len(np.unique(numbers)) < 2:
        return Learned(None, (_one_segment(),))
    people = _People(
        responses.asked.loc[known],
        numbers - 1,
        np.asarray(responses.weights, dtype=np.float64)[known],
        k,
        seed,
    )
    variables = tuple(
        one
        for one in responses.questionnaire.variables
        if askable(one) and one.id in responses.asked.columns
    )
    pools, problems = _pools(people, variables, set(basis), wished, set(records))
    if not pools["golden"].questions:
        return Learned(None, (*problems, nothing_left()))
    problems += _few(numbers)
    return _learned(people, pools, wished, placed, responses.source.sha256, problems)


@dataclass(frozen=True)
class _People:
    """Respondents with a segment (0 to k - 1)."""

    answers: pd.DataFrame
    segments: Whole
    weights: Floats
    k: int
    seed: int

    def coded(self, variables: Sequence[Variable]) -> tuple[CodedQuestion, ...]:
        return tuple(code_question(one, self.answers[one.id], self.weights) for one in variables)


def _pools(
    people: _People,
    variables: Sequence[Variable],
    basis: set[str],
    options: TypingOptions,
    records: set[str],
) -> tuple[dict[str, Pool], list[Problem]]:
    """The questions of every choice that is compared, and what is left out of the golden one."""
    forced = {one.id for one in named(variables, options.include)}
    barred = {one.id for one in named(variables, options.exclude)} - forced
    coded = {one.id: one for one in people.coded(variables)}
    of_basis = [one for one in variables if one.question in basis]
    wanted = {
        "basis": of_basis,
        "all": list(variables),
        "records": [one for one in variables if one.id in records],
    }

    def pool(chosen: Sequence[Variable], force: set[str]) -> Pool:
        ids = [one.id for one in variables if one in chosen or one.id in force]
        ids = [one for one in ids if not coded[one].variable.sensitive or one in force]
        kept = usable([coded[one] for one in ids], force)
        return Pool(kept, tuple(j for j, one in enumerate(kept) if one.id in force))

    base = (
        wanted[options.pool]
        if isinstance(options.pool, str)
        else list(named(variables, options.pool))
    )
    allowed = [one for one in base if one.id not in barred]
    hidden = [one for one in allowed if one.sensitive and one.id not in forced]
    problems = [sensitive_left_out(hidden)] if hidden else []
    problems += said_of([coded[one.id] for one in allowed if one not in hidden], options)
    complete = tuple(one for one in (coded[v.id] for v in of_basis) if not one.constant)
    return {
        "golden": pool(allowed, forced),
        "free": pool(of_basis, set()),
        "all": pool(wanted["all"], set()),
        "records": pool(wanted["records"], set()),
        "complete": Pool(complete or pool(allowed, forced).questions),
    }, problems


def _learned(
    people: _People,
    pools: Mapping[str, Pool],
    options: TypingOptions,
    placed: Placed,
    sha256: str,
    problems: Sequence[Problem],
) -> Learned:
    trial = _Trial.of(people)
    golden = pools["golden"]
    size = min(max(LONGEST, options.questions or 0), len(golden.questions))
    chosen = trial.settings(golden)
    sums = trial.sums(golden, size, chosen)
    agreed = [trial.agreement(each) for each in sums]
    count = _how_many(agreed, options.questions, max(len(golden.forced), 1))
    below = uncertain_below(options.uncertain_odds)
    curve = tuple(_point(number, each) for number, each in enumerate(agreed, 1))
    whole = trial.complete(pools["complete"], chosen)
    evidence = replace(
        trial.evidence(sums[count - 1], below, chosen.overall),
        curve=curve,
        costs=_costs(trial, pools, options, (chosen, agreed, whole), count),
        forced_in=options.include,
        forced_out=options.exclude,
        pool=options.pool if isinstance(options.pool, str) else "named",
    )
    every = len(pools["complete"].questions)
    complete_evidence = replace(
        trial.evidence(whole, below, chosen.overall),
        curve=(_point(every, trial.agreement(whole)),),
    )
    segments = _segments(people, placed)
    tool = TypingTool(
        study=placed.study,
        title=dict(placed.title),
        languages=tuple(placed.languages),
        fingerprint=placed.fingerprint,
        answers_sha256=sha256,
        seed=people.seed,
        golden=_golden(people, golden, count, chosen.overall, (segments, placed, options)),
        complete=_complete(people, pools["complete"], chosen.overall, (segments, placed, options)),
        evidence=evidence,
        complete_evidence=complete_evidence,
    )
    return Learned(tool, (*problems, *_said(people, trial, evidence, options, count)))


@dataclass(frozen=True)
class _Trial:
    """The respondents that accuracy is measured on."""

    sample: Sample
    rows: NDArray[np.intp]

    @classmethod
    def of(cls, people: _People) -> _Trial:
        n = len(people.segments)
        rows = np.arange(n)
        if n > LARGEST_SAMPLE:
            rows = np.sort(generator(people.seed).choice(n, LARGEST_SAMPLE, replace=False))
        sample = sample_of(people.segments[rows], people.weights[rows], people.k, people.seed)
        return cls(sample, rows)

    def questions(self, pool: Pool) -> tuple[CodedQuestion, ...]:
        return tuple(replace(one, levels=one.levels[self.rows]) for one in pool.questions)

    def settings(self, pool: Pool) -> Chosen:
        plain = (Settings(),) * self.sample.folds
        questions = self.questions(pool)
        found = paths(self.sample, questions, 8, plain, pool.forced)
        return choose_settings(self.sample, questions, found)

    def sums(self, pool: Pool, size: int, chosen: Chosen) -> list[Whole]:
        """Held-out sums with 1, 2 ... ``size`` questions."""
        questions = self.questions(pool)
        found = paths(self.sample, questions, size, chosen.by_part, pool.forced)
        return [
            held_out_sums(self.sample, questions, found, chosen.by_part, number)
            for number in range(1, min(size, len(questions)) + 1)
        ]

    def complete(self, pool: Pool, chosen: Chosen) -> Whole:
        return complete_sums(self.sample, self.questions(pool), chosen.by_part)

    def agreement(self, sums: Whole) -> Agreement:
        sample = self.sample
        return agreement(sample.segments, sums.argmax(axis=1), sample.weights, sample.k)

    def evidence(self, sums: Whole, below: int, settings: Settings) -> TypingEvidence:
        sample, agreed = self.sample, self.agreement(sums)
        sure = certain(sums, below)
        right = sums.argmax(axis=1) == sample.segments
        shares = np.bincount(sample.segments, sample.weights, minlength=sample.k)
        shares = shares / shares.sum()
        return TypingEvidence(
            curve=(),
            accuracy=agreed.accuracy,
            lower=agreed.lower,
            upper=agreed.upper,
            kappa=agreed.kappa,
            chance=float(shares @ shares),
            largest=float(shares.max()),
            segments=segment_accuracies(agreed.confusion, sample.segments),
            confusion=tuple(tuple(float(cell) for cell in row) for row in agreed.confusion),
            uncertain=share_of(~sure, np.ones_like(sure), sample.weights) or 0.0,
            right_certain=share_of(right, sure, sample.weights),
            right_uncertain=share_of(right, ~sure, sample.weights),
            costs=(),
            folds=sample.folds,
            base=len(sample.segments),
            coding=settings.coding,
        )


def _how_many(agreed: Sequence[Agreement], wished: int | None, fewest: int) -> int:
    """The number wished for, else the fewest within a standard error of the best (5 to 12)."""
    if wished is not None:
        return min(max(wished, fewest), len(agreed))
    best = max(agreed, key=lambda each: each.accuracy)
    enough = next(
        number
        for number, each in enumerate(agreed, 1)
        if each.accuracy >= best.accuracy - best.error
    )
    return min(max(min(max(enough, FEWEST), MOST), fewest), len(agreed))


def _point(number: int, agreed: Agreement) -> CurvePoint:
    return CurvePoint(number, agreed.accuracy, agreed.lower, agreed.upper, agreed.kappa)


def _costs(
    trial: _Trial,
    pools: Mapping[str, Pool],
    options: TypingOptions,
    measured: tuple[Chosen, Sequence[Agreement], Whole],
    count: int,
) -> tuple[PoolCost, ...]:
    """What each choice of questions comes to with as many questions as are asked."""
    chosen, agreed, whole = measured
    free = options.pool == "basis" and not options.include and not options.exclude
    own = "free" if free else "forced"
    if not free and not isinstance(options.pool, str):
        own = "named" if not options.include and not options.exclude else "forced"
    elif not free and not options.include and not options.exclude:
        own = str(options.pool)
    rows = {own: (count, agreed[count - 1])}
    for kind in ("free", "all", "records"):
        pool = pools[kind]
        if kind in rows or not pool.questions or pool.questions == pools["free"].questions != ():
            if kind != "free" or kind in rows:
                continue
        number = min(count, len(pool.questions))
        rows[kind] = (number, trial.agreement(trial.sums(pool, number, chosen)[-1]))
    rows["complete"] = (len(pools["complete"].questions), trial.agreement(whole))
    order = ("free", "forced", "named", "records", "all", "complete")
    return tuple(
        PoolCost(kind, rows[kind][0], rows[kind][1].accuracy, rows[kind][1].kappa)
        for kind in order
        if kind in rows
    )


def _segments(people: _People, placed: Placed) -> tuple[TypedSegment, ...]:
    mass = np.bincount(people.segments, people.weights, minlength=people.k)
    return tuple(
        TypedSegment(
            number,
            dict(placed.names.get(number) or {"en": f"Segment {number}"}),
            float(mass[number - 1] / mass.sum()),
        )
        for number in range(1, people.k + 1)
    )


Told = tuple[tuple[TypedSegment, ...], Placed, TypingOptions]


def _golden(people: _People, pool: Pool, count: int, settings: Settings, told: Told) -> TypingModel:
    whole = design(pool.questions, settings.coding)
    member, weights = np.eye(people.k)[people.segments], people.weights / people.weights.mean()
    path = forward(whole, member, weights, count, settings.ridge, pool.forced)
    return _model(people, pool, path.order, settings, told)


def _complete(people: _People, pool: Pool, settings: Settings, told: Told) -> TypingModel:
    return _model(people, pool, range(len(pool.questions)), settings, told)


def _model(
    people: _People, pool: Pool, order: Sequence[int], settings: Settings, told: Told
) -> TypingModel:
    """Points of some questions, learned from everybody."""
    segments, placed, options = told
    whole = design(pool.questions, settings.coding)
    fitted = fit_logistic(
        whole.values[:, whole.columns_of(order)],
        np.eye(people.k)[people.segments],
        people.weights / people.weights.mean(),
        settings.ridge,
        tolerance=EXACT,
    )
    quarter = len(order) // 4
    wished = quarter if options.max_missing is None else options.max_missing
    return typing_model(
        whole_points(whole, order, fitted.coefficients),
        segments,
        placed.languages,
        uncertain_below(options.uncertain_odds),
        min(wished, len(order) - 1),
    )


def _one_segment() -> Problem:
    return note(
        "typing.one_segment",
        "There is one segment alone, so there is nothing to place new people in and no typing "
        "tool.",
    )


def _few(numbers: Whole) -> list[Problem]:
    segments, counts = np.unique(numbers, return_counts=True)
    return [
        warning(
            "typing.small_segment",
            "Segment {segment} has {n} respondents; how well the typing tool finds it is hardly "
            "known.",
            remedy="Merge it with another segment in the workbook, or ask more people.",
            values={"segment": int(segment), "n": int(count)},
        )
        for segment, count in zip(segments, counts, strict=True)
        if count < FEW_MEMBERS
    ]


def _said(
    people: _People,
    trial: _Trial,
    evidence: TypingEvidence,
    options: TypingOptions,
    count: int,
) -> list[Problem]:
    problems = []
    if options.questions is not None and options.questions > count:
        problems.append(
            warning(
                "typing.fewer",
                "The study asks for {wished} typing questions; there are {count}.",
                values={"wished": options.questions, "count": count},
            )
        )
    if len(trial.rows) < len(people.segments):
        problems.append(
            note(
                "typing.sampled",
                "The accuracy of the typing tool was measured on {n} respondents drawn from "
                "{total}.",
                values={"n": len(trial.rows), "total": len(people.segments)},
            )
        )
    if evidence.lower <= evidence.largest:
        problems.append(
            warning(
                "typing.poor",
                "The typing tool places people hardly better than putting everybody into the "
                "largest segment.",
                remedy="Ask more questions, or choose them from another pool under typing:.",
            )
        )
    return problems
