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
from persona.typing_tool.answered import in_codes
from persona.typing_tool.coding import CodedQuestion, Pool, code_question
from persona.typing_tool.logistic import fit_logistic
from persona.typing_tool.model import TypedSegment, TypingModel
from persona.typing_tool.points import typing_model, uncertain_below, whole_points
from persona.typing_tool.pools import Pools, TypingOptions, askable, make_pools, nothing_left
from persona.typing_tool.selecting import forward
from persona.typing_tool.tool import TypingTool
from persona.typing_tool.trial import (
    HeldOut,
    Measured,
    Trial,
    costs,
    every_question,
    measure,
    point,
)
from persona.typing_tool.validating import Settings, of_every_question

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
    """
    wished = options or TypingOptions()
    people = _people(responses, placed)
    if len(np.unique(people.segments)) < 2:
        return Learned(None, (_one_segment(),))
    pools = make_pools(_asked(responses), people.code, set(basis), set(records), wished)
    if not pools.golden.questions:
        return Learned(None, (*pools.problems, nothing_left()))
    trial = Trial.of(people.segments, people.weights, people.k, seed)
    measured = measure(trial, pools.golden, wished.questions)
    learner = _Learner(people, measured.chosen.overall, _segments(people, placed), placed, wished)
    golden = learner.golden(pools.golden, measured.count)
    evidence, of_complete = _evidence(trial, pools, measured, wished)
    tool = TypingTool(
        study=placed.study,
        title=dict(placed.title),
        languages=tuple(placed.languages),
        fingerprint=placed.fingerprint,
        answers_sha256=responses.source.sha256,
        seed=seed,
        golden=golden,
        complete=learner.every(pools.complete) if pools.complete.questions else golden,
        evidence=evidence,
        complete_evidence=of_complete,
    )
    said = (*_few(people), *_said(people, trial, evidence), *_wished(pools, wished, measured.count))
    return Learned(tool, (*pools.problems, *said))


def _asked(responses: Responses) -> list[Variable]:
    """The columns that can be asked, and that there are answers to."""
    return [
        one
        for one in responses.questionnaire.variables
        if askable(one) and one.id in responses.asked.columns
    ]


@dataclass(frozen=True)
class _People:
    """Respondents with a segment (0 to k - 1)."""

    answers: pd.DataFrame
    segments: Whole
    weights: Floats
    k: int

    def code(self, variable: Variable) -> CodedQuestion:
        return code_question(variable, self.answers[variable.id], self.weights)


def _people(responses: Responses, placed: Placed) -> _People:
    labels = placed.labels.reindex(responses.asked.index)
    weights = np.asarray(responses.weights, dtype=np.float64)
    known = labels.notna().to_numpy() & (weights > 0)
    numbers = np.asarray(labels[known], dtype=np.int64)
    own = weights[known]
    return _People(
        in_codes(responses.asked.loc[known], responses.questionnaire.variables),
        numbers - 1,
        own / own.mean() if len(own) else own,
        int(max(numbers.max(initial=0), max(placed.names, default=0))),
    )


def _evidence(
    trial: Trial, pools: Pools, measured: Measured, options: TypingOptions
) -> tuple[TypingEvidence, TypingEvidence]:
    """Of the golden and of the complete model, which are one where the basis cannot be asked."""
    coding = measured.chosen.overall.coding
    own = HeldOut(measured.sums[measured.count - 1], measured.gaps, measured.count)
    whole = every_question(trial, pools.complete, measured) if pools.complete.questions else None
    golden = replace(
        trial.evidence(own, options, measured.curve, coding),
        costs=costs(trial, pools.kind, measured, pools.others, whole),
        forced_in=options.include,
        forced_out=options.exclude,
        pool=pools.name,
    )
    if whole is None:
        return golden, golden
    curve = (point(whole.questions, trial.agreement(whole.sums)),)
    return golden, trial.evidence(whole, options, curve, coding)


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
    placed: Placed
    options: TypingOptions

    def golden(self, pool: Pool, count: int) -> TypingModel:
        """The questions that tell most."""
        whole, people = pool.coded(self.settings.coding), self.people
        member = np.eye(people.k)[people.segments]
        path = forward(whole, member, people.weights, count, self.settings.ridge, pool.forced)
        return self.model(pool, path.order, self.settings)

    def every(self, pool: Pool) -> TypingModel:
        """All questions of the pool."""
        people = self.people
        settings = of_every_question(pool, self.settings, len(people.segments), people.k)
        return self.model(pool, range(len(pool.questions)), settings)

    def model(self, pool: Pool, order: Sequence[int], settings: Settings) -> TypingModel:
        """Points of some questions."""
        whole, people = pool.coded(settings.coding), self.people
        fitted = fit_logistic(
            whole.values[:, whole.columns_of(order)],
            np.eye(people.k)[people.segments],
            people.weights,
            settings.ridge,
            tolerance=EXACT,
        )
        return typing_model(
            whole_points(whole, order, fitted.coefficients),
            self.segments,
            self.placed.languages,
            uncertain_below(self.options.uncertain_odds),
            self.options.may_miss(len(order)),
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
