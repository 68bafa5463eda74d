"""The eight questions that a segmentation answers, each from data or "not asked"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.profiling.opportunity import UNDERSERVED, Opportunity
from persona.report.locale import clean, message
from persona.report.sections.base import Context, Section, letter
from persona.report.sections.value import measure_name, share_of
from persona.report.statements import say as in_words

if TYPE_CHECKING:
    from persona.profiling.eight_questions import ChannelSuccess, ChannelUse, EightAnswer
    from persona.profiling.persona import Persona, Statement
    from persona.profiling.worth import SegmentWorth

QUESTIONS = {
    "groups": message("Which groups are there?"),
    "earners": message("Who earns us most, and who least?"),
    "appeals": message("Which aspects appeal to them?"),
    "needs": message("What do they need?"),
    "relief": message("How well are their problems relieved?"),
    "improvement": message("How can the offer be made better?"),
    "channels": message("Which channels fit?"),
    "channel_success": message("How well do the channels work?"),
}
SHOWN = 2


@dataclass(frozen=True)
class AnswerLine:
    """One line of an answer; ``letter`` and ``colour`` are empty when it is of everybody."""

    text: str
    lead: str = ""
    letter: str = ""
    colour: str = ""


@dataclass(frozen=True)
class AnswerView:
    """One question with its answer."""

    number: int
    question: str
    asked: bool
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True)
class EightQuestions:
    """All eight."""

    answers: tuple[AnswerView, ...]


def build(context: Context) -> EightQuestions | None:
    """The eight questions; nothing when the report has no answers to them."""
    targeting = context.report.targeting
    if targeting is None or not targeting.answers:
        return None
    return EightQuestions(
        tuple(
            AnswerView(
                number,
                context.language.gettext(QUESTIONS[answer.question]),
                answer.asked,
                _lines(answer, context),
            )
            for number, answer in enumerate(targeting.answers, 1)
        )
    )


def _lines(answer: EightAnswer, context: Context) -> tuple[AnswerLine, ...]:
    if not answer.asked:
        return ()
    lines: dict[str, Callable[[], list[AnswerLine]]] = {
        "groups": lambda: [_group(persona, context) for persona in answer.personas],
        "earners": lambda: _earners(answer.earners, context),
        "appeals": lambda: _statements(answer.statements, context),
        "needs": lambda: _statements(answer.statements, context),
        "relief": lambda: _relief(answer.needs, context),
        "improvement": lambda: _improvement(answer, context),
        "channels": lambda: _channels(answer.uses, context),
        "channel_success": lambda: [_success(one, context) for one in answer.success],
    }
    return tuple(lines[answer.question]())


def _of(segment: int, text: str, context: Context) -> AnswerLine:
    return AnswerLine(text, context.name(segment), letter(segment), context.colour(segment))


def _group(persona: Persona, context: Context) -> AnswerLine:
    language = context.language
    text = language.gettext(
        "{share} of all, {respondents}",
        share=language.share(persona.size.share),
        respondents=language.ngettext("{n} respondent", "{n} respondents", persona.size.n),
    )
    return _of(persona.segment, text, context)


def _earners(earners: tuple[SegmentWorth, ...], context: Context) -> list[AnswerLine]:
    """Best first, with the share of value and of people; nothing hidden in the middle."""
    language = context.language
    lines = []
    for one in earners:
        name = next(name for name in ("margin", "revenue", "potential") if share_of(one, name))
        share = share_of(one, name)
        text = language.gettext(
            "{worth} of “{measure}” from {people} of the people (index {index})",
            worth=language.share(share.share if share else None),
            measure=measure_name(share.text, name, context) if share else "",
            people=language.share(one.people),
            index=language.number(share.index if share else None),
        )
        lines.append(_of(one.segment, text, context))
    return lines


def _statements(
    statements: Mapping[int, tuple[Statement, ...]], context: Context
) -> list[AnswerLine]:
    lines = []
    for segment, own in statements.items():
        said = " ".join(in_words(one, context.language).sentence for one in own[:SHOWN])
        text = said or context.language.gettext("nothing more than the others")
        lines.append(_of(segment, text, context))
    return lines


def _relief(needs: tuple[Opportunity, ...], context: Context) -> list[AnswerLine]:
    """How satisfied people are with what matters to them, the worst met first."""
    language = context.language
    return [
        AnswerLine(
            language.gettext(
                "importance {importance}, satisfaction {satisfaction}",
                importance=language.number(need.total.importance, 1),
                satisfaction=language.number(need.total.satisfaction, 1),
            ),
            context.text(need.text),
        )
        for need in needs
        if need.total.opportunity is not None
    ]


def _improvement(answer: EightAnswer, context: Context) -> list[AnswerLine]:
    """Underserved needs by segment, and what people wish for in their own words."""
    language, lines = context.language, []
    for size in context.report.profile.segments:
        number = size.segment
        unmet = [
            (score, need)
            for need in answer.needs
            if (score := need.cells[number - 1].opportunity or 0.0) >= UNDERSERVED
        ]
        parts = [
            language.gettext(
                "Unmet: “{need}” (opportunity {score}).",
                need=context.text(need.text),
                score=language.number(score, 1),
            )
            for score, need in sorted(unmet, key=lambda pair: -pair[0])[:SHOWN]
        ]
        parts += [
            language.gettext("“{text}”", text=clean(quote.text))
            for quote in answer.quotes.get(number, ())[:SHOWN]
        ]
        if parts:
            lines.append(_of(number, " ".join(parts), context))
    return lines


def _channels(uses: Mapping[int, tuple[ChannelUse, ...]], context: Context) -> list[AnswerLine]:
    language = context.language
    return [
        _of(
            segment,
            ", ".join(f"{context.text(one.text)} {language.percent(one.percent)}" for one in own)
            or language.gettext("nothing more than the others"),
            context,
        )
        for segment, own in uses.items()
    ]


def _success(one: ChannelSuccess, context: Context) -> AnswerLine:
    language = context.language
    parts = [language.ngettext("{n} user", "{n} users", one.users)]
    if one.value is not None:
        parts.append(
            language.gettext(
                "mean value {value}, others {others}",
                value=language.number(one.value),
                others=language.number(one.value_others),
            )
        )
    if one.nps is not None:
        parts.append(
            language.gettext(
                "net promoter score {value}, others {others}",
                value=language.number(one.nps),
                others=language.number(one.nps_others),
            )
        )
    return AnswerLine(", ".join(parts), context.text(one.text))


SECTION = Section("questions", message("Eight questions, answered"), build)
