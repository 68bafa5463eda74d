"""Learn a typing tool: which questions, which points, and how well they place people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import Problem, note, warning
from persona.numeric.threads import one_thread
from persona.questionnaire.texts import Texts
from persona.questionnaire.variables import Variable
from persona.typing_tool.coding import CodedQuestion, Pool, code_question
from persona.typing_tool.logistic import fit_logistic
from persona.typing_tool.model import TypedSegment, TypingModel
from persona.typing_tool.points import typing_model, uncertain_below, whole_points
from persona.typing_tool.pools import Pools, TypingOptions, askable, make_pools, nothing_left
from persona.typing_tool.selecting import forward
from persona.typing_tool.tool import TypingTool
from persona.typing_tool.trial import Measured, Trial, complete_cost, costs, measure, point
from persona.typing_tool.validating import Settings

if TYPE_CHECKING:
    from persona.responses import Responses
    from persona.typing_tool.evidence import TypingEvidence

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
FEW_MEMBERS = 10
"""Of a segment, below which its accuracy says little."""
EXACT = 1e-9
"""Tolerance of the delivered model."""


@dataclass(frozen=True)
class Placed:
    """Who is learned from, and what the tool and its segments are called.

    Parameters
    ----------
    labels : Series
        Segment 1 to k by respondent; missing for those without one.
    names : mapping of segment to texts
    study : str
    title : Texts
    languages : tuple of str
    fingerprint : str
        Of the run that made the segments.
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
    cross-validation, in which all of it is repeated without the people placed, says how well it
    does. What is measured are the whole points that are delivered, with their rounding.

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
        Without a tool when there is one segment, or no question to ask.

    Examples
    --------
    >>> learned = learn_tool(result.responses, Placed(result.segmentation.labels), ["needs"])
    ... # doctest: +SKIP
    >>> learned.tool.golden.variables  # doctest: +SKIP
    ('need_offers', 'need_novelty', 'need_speed', 'need_advice', 'need_quality')
    """
    wished = options or TypingOptions()
    people = _people(responses, placed, seed)
    if len(np.unique(people.segments)) < 2:
        return Learned(None, (_one_segment(),))
    variables = [
        one
        for one in responses.questionnaire.variables
        if askable(one) and one.id in responses.asked.columns
    ]
    pools = make_pools(variables, people.code, set(basis), set(records), wished)
    if not pools.golden.questions:
        return Learned(None, (*pools.problems, nothing_left()))
    trial = Trial.of(people.segments, people.weights, people.k, seed)
    measured = measure(trial, pools.golden, wished.questions)
    evidence, of_complete = _evidence(trial, pools, measured, wished)
    segments = _segments(people, placed)
    learner = _Learner(people, measured.chosen.overall, segments, placed.languages, wished)
    tool = TypingTool(
        study=placed.study,
        title=dict(placed.title),
        languages=tuple(placed.languages),
        fingerprint=placed.fingerprint,
        answers_sha256=responses.source.sha256,
        seed=seed,
        golden=learner.golden(pools.golden, measured.count),
        complete=learner.every(pools.complete if pools.complete.questions else pools.golden),
        evidence=evidence,
        complete_evidence=of_complete,
    )
    said = (*_few(people), *_said(people, trial, evidence), *_wished(pools, wished, measured.count))
    return Learned(tool, (*pools.problems, *said))


@dataclass(frozen=True)
class _People:
    """Respondents with a segment (0 to k - 1)."""

    answers: pd.DataFrame
    segments: Whole
    weights: Floats
    k: int

    def code(self, variable: Variable) -> CodedQuestion:
        return code_question(variable, self.answers[variable.id], self.weights)


def _people(responses: Responses, placed: Placed, seed: int) -> _People:
    labels = placed.labels.reindex(responses.asked.index)
    weights = np.asarray(responses.weights, dtype=np.float64)
    known = labels.notna().to_numpy() & (weights > 0)
    numbers = np.asarray(labels[known], dtype=np.int64)
    own = weights[known]
    return _People(
        responses.asked.loc[known],
        numbers - 1,
        own / own.mean() if len(own) else own,
        int(max(numbers.max(initial=0), max(placed.names, default=0))),
    )


def _evidence(
    trial: Trial, pools: Pools, measured: Measured, options: TypingOptions
) -> tuple[TypingEvidence, TypingEvidence]:
    """Of the golden and of the complete model."""
    below = uncertain_below(options.uncertain_odds)
    coding = measured.chosen.overall.coding
    whole = pools.complete if pools.complete.questions else pools.golden
    cost, sums = complete_cost(trial, whole, measured)
    found = costs(trial, options.kind, measured, pools.others, cost)
    golden = trial.evidence(measured.sums[measured.count - 1], below, measured.curve, coding, found)
    at = point(cost.questions, trial.agreement(sums))
    return (
        replace(
            golden,
            forced_in=options.include,
            forced_out=options.exclude,
            pool=options.pool_name,
        ),
        trial.evidence(sums, below, (at,), coding),
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


@dataclass(frozen=True)
class _Learner:
    """Learns the models that are delivered, from everybody."""

    people: _People
    settings: Settings
    segments: tuple[TypedSegment, ...]
    languages: tuple[str, ...]
    options: TypingOptions

    def golden(self, pool: Pool, count: int) -> TypingModel:
        """The questions that tell most."""
        whole, people = pool.coded(self.settings.coding), self.people
        member = np.eye(people.k)[people.segments]
        path = forward(whole, member, people.weights, count, self.settings.ridge, pool.forced)
        return self.model(pool, path.order)

    def every(self, pool: Pool) -> TypingModel:
        """All questions of the pool."""
        return self.model(pool, range(len(pool.questions)))

    def model(self, pool: Pool, order: Sequence[int]) -> TypingModel:
        """Points of some questions."""
        whole, people = pool.coded(self.settings.coding), self.people
        fitted = fit_logistic(
            whole.values[:, whole.columns_of(order)],
            np.eye(people.k)[people.segments],
            people.weights,
            self.settings.ridge,
            tolerance=EXACT,
        )
        wished = self.options.max_missing
        return typing_model(
            whole_points(whole, order, fitted.coefficients),
            self.segments,
            self.languages,
            uncertain_below(self.options.uncertain_odds),
            min(len(order) // 4 if wished is None else wished, len(order) - 1),
        )


def _one_segment() -> Problem:
    return note(
        "typing.one_segment",
        "There is one segment alone, so there is nothing to place new people in and no typing "
        "tool.",
    )


def _few(people: _People) -> list[Problem]:
    counts = np.bincount(people.segments, minlength=people.k)
    return [
        warning(
            "typing.small_segment",
            "Segment {segment} has {n} respondents; how well the typing tool finds it is hardly "
            "known.",
            remedy="Merge it with another segment in the workbook, or ask more people.",
            values={"segment": place + 1, "n": int(count)},
        )
        for place, count in enumerate(counts)
        if count < FEW_MEMBERS
    ]


def _wished(pools: Pools, options: TypingOptions, count: int) -> list[Problem]:
    wished, forced = options.questions, len(pools.golden.forced)
    if wished is None or wished == count:
        return []
    if wished > count:
        return [
            warning(
                "typing.fewer",
                "The study asks for {wished} typing questions; there are {count}.",
                values={"wished": wished, "count": count},
            )
        ]
    return [
        warning(
            "typing.more",
            "The study asks for {wished} typing questions and includes {forced}; all that it "
            "includes are asked.",
            remedy="Ask for more questions, or include fewer.",
            values={"wished": wished, "forced": forced},
        )
    ]


def _said(people: _People, trial: Trial, evidence: TypingEvidence) -> list[Problem]:
    problems = []
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
