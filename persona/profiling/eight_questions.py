"""The eight questions that a segmentation answers, each from data or said to be not asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from persona.profiling.bases import PRESETS
from persona.profiling.forms import POSITIVE
from persona.profiling.opportunity import Opportunity
from persona.profiling.persona import Persona, Quote, Statement
from persona.profiling.profiles import Grouped, labelled
from persona.profiling.result import Profile, QuestionProfile, Row, Texts
from persona.profiling.significance import Array, effective_base, mean_interval
from persona.profiling.statements import candidates, rank
from persona.profiling.worth import SegmentWorth, ValueAnalysis
from persona.questionnaire.variables import Measure

if TYPE_CHECKING:
    from persona.questionnaire import Questionnaire
    from persona.responses import Responses

QuestionName = Literal[
    "groups",
    "earners",
    "appeals",
    "needs",
    "relief",
    "improvement",
    "channels",
    "channel_success",
]
SHOWN = 3


@dataclass(frozen=True, slots=True)
class ChannelUse:
    """One channel in one segment: percent of its members with interval."""

    question: str
    variable: str
    text: Texts
    percent: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ChannelSuccess:
    """What the users of a channel bring and how they recommend, against those who do not use it.

    None where value or recommendation was not asked, or too few use the channel.
    """

    question: str
    variable: str
    text: Texts
    users: int
    value: float | None
    value_low: float | None
    value_high: float | None
    value_others: float | None
    nps: float | None
    nps_others: float | None


@dataclass(frozen=True)
class EightAnswer:
    """One of the eight questions with its answer.

    Exactly those parts are filled that the question needs: ``personas`` (which groups there
    are), ``earners`` (best and worst), ``statements`` and ``uses`` by segment, ``needs``
    (opportunity), ``quotes`` by segment, ``success`` of channels. ``asked`` is False where no
    question of the study speaks to it.
    """

    question: QuestionName
    asked: bool
    personas: tuple[Persona, ...] = ()
    earners: tuple[SegmentWorth, ...] = ()
    statements: Mapping[int, tuple[Statement, ...]] = field(default_factory=dict)
    uses: Mapping[int, tuple[ChannelUse, ...]] = field(default_factory=dict)
    needs: tuple[Opportunity, ...] = ()
    quotes: Mapping[int, tuple[Quote, ...]] = field(default_factory=dict)
    success: tuple[ChannelSuccess, ...] = ()


def eight_questions(
    responses: Responses,
    segmentation: Grouped,
    profile: Profile,
    personas: Sequence[Persona],
    value: ValueAnalysis | None = None,
    needs: Sequence[Opportunity] = (),
) -> tuple[EightAnswer, ...]:
    """Answer the eight questions from what the study holds.

    Which groups there are; who earns us most and least; which aspects appeal; what they need;
    how we relieve their problems; how to better the offer; which channels fit; how well the
    channels work.
    """
    questionnaire = responses.questionnaire

    def said(wanted: Callable[[QuestionProfile], bool]) -> dict[int, tuple[Statement, ...]]:
        return _statements(profile, questionnaire, wanted)

    kinds = {question.kind for question in profile.questions if question.base > 0}
    wishes = {persona.segment: persona.quotes for persona in personas if persona.quotes}
    success = _success(responses, segmentation, profile, value)
    return (
        EightAnswer("groups", bool(personas), personas=tuple(personas)),
        EightAnswer(
            "earners",
            value is not None,
            earners=value.segments if value is not None else (),
        ),
        EightAnswer(
            "appeals",
            bool(kinds & {"benefit", "psychographic"}),
            statements=said(lambda question: question.kind in ("benefit", "psychographic")),
        ),
        EightAnswer(
            "needs",
            bool(kinds & set(PRESETS["needs"])),
            statements=said(lambda question: question.kind in PRESETS["needs"]),
        ),
        EightAnswer("relief", bool(needs), needs=tuple(needs)),
        EightAnswer("improvement", bool(needs or wishes), needs=tuple(needs), quotes=wishes),
        EightAnswer("channels", "channel" in kinds, uses=_uses(profile)),
        EightAnswer("channel_success", bool(success), success=success),
    )


def _statements(
    profile: Profile,
    questionnaire: Questionnaire,
    wanted: Callable[[QuestionProfile], bool],
) -> dict[int, tuple[Statement, ...]]:
    """What each segment has more than the others, the most telling first."""
    found = {}
    for size in profile.segments:
        own = [
            statement
            for question in profile.questions
            if wanted(question)
            for statement in candidates(question, size.segment, questionnaire, profile)
            if statement.form in POSITIVE
        ]
        found[size.segment] = tuple(sorted(own, key=rank, reverse=True)[:SHOWN])
    return found


def _channel_rows(profile: Profile) -> list[tuple[QuestionProfile, Row]]:
    return [
        (question, row)
        for question in profile.questions
        if question.kind == "channel"
        for row in question.rows
        if row.statistic == "percent"
    ]


def _uses(profile: Profile) -> dict[int, tuple[ChannelUse, ...]]:
    """The channels that most of each segment use."""
    found = {}
    for size in profile.segments:
        own = []
        for question, row in _channel_rows(profile):
            cell = row.cells[size.segment - 1]
            if cell.value is not None and cell.mark != "**":
                own.append(
                    ChannelUse(
                        question.question, row.variable, row.text, cell.value, cell.low, cell.high
                    )
                )
        found[size.segment] = tuple(sorted(own, key=lambda use: -use.percent)[:SHOWN])
    return found


def _success(
    responses: Responses,
    segmentation: Grouped,
    profile: Profile,
    value: ValueAnalysis | None,
) -> tuple[ChannelSuccess, ...]:
    """Value and recommendation of the users of each channel of a multiple question."""
    questionnaire = responses.questionnaire
    _, index = labelled(responses, segmentation)
    weights = np.asarray(responses.weights.loc[index], dtype=np.float64)
    worth = None
    if value is not None:
        worth = np.asarray(value.customers["value"].reindex(index), dtype=np.float64)
    scores = _recommendation(responses, questionnaire)
    score = None if scores is None else scores[responses.asked.index.get_indexer(index)]
    if worth is None and score is None:
        return ()
    found = []
    for question, row in _channel_rows(profile):
        if questionnaire.variable(row.variable).measure is not Measure.BINARY:
            continue
        ticks = np.asarray(responses.asked.loc[index, row.variable], dtype=np.float64)
        users, others = ticks > 0, ticks == 0
        least = max(profile.suppress_below, 1)
        mean, low, high = _mean(worth, weights, users, least)
        found.append(
            ChannelSuccess(
                question.question,
                row.variable,
                row.text,
                int(users.sum()),
                mean,
                low,
                high,
                _mean(worth, weights, others, least)[0],
                _mean(score, weights, users, least)[0],
                _mean(score, weights, others, least)[0],
            )
        )
    return tuple(sorted(found, key=lambda one: -(one.value or one.nps or 0.0)))


def _recommendation(responses: Responses, questionnaire: Questionnaire) -> Array | None:
    """100 for promoters, -100 for detractors, 0 between, of the first NPS question."""
    for question in questionnaire.questions:
        if question.type == "nps" and question.id in responses.asked.columns:
            numbers = np.asarray(responses.asked[question.id], dtype=np.float64)
            score = np.where(numbers >= 9, 100.0, np.where(numbers <= 6, -100.0, 0.0))
            return np.where(np.isnan(numbers), np.nan, score)
    return None


def _mean(
    values: Array | None, weights: Array, inside: np.ndarray[tuple[int], np.dtype[np.bool_]], n: int
) -> tuple[float | None, float | None, float | None]:
    if values is None:
        return None, None, None
    known = inside & ~np.isnan(values)
    if known.sum() < max(n, 2):
        return None, None, None
    w, x = weights[known], values[known]
    mean = float((w * x).sum() / w.sum())
    e = effective_base(np.array([w.sum()]), np.array([(w**2).sum()]))
    if e[0] <= 1:
        return mean, None, None
    spread = np.array([float((w * (x - mean) ** 2).sum() / w.sum())]) * e / (e - 1)
    low, high = mean_interval(np.array([mean]), spread, e)
    return mean, float(low[0]), float(high[0])
