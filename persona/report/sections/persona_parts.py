"""The parts of a persona page that have a place of their own: needs, motives, channels and more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from persona.profiling.opportunity import UNDERSERVED
from persona.profiling.persona import Aspect, AspectQuestion, Evidence, Figure, Persona
from persona.report.locale import Language, clean, message, shortened
from persona.report.sections.base import Context
from persona.report.statements import Line, decimals_of, direction, figure, lines, reach

TITLES = {
    "needs": message("Needs"),
    "motives": message("Motives"),
    "obstacles": message("Obstacles"),
    "channels": message("Channels"),
    "journey": message("Journey stage"),
    "situation": message("Day or situation"),
    "promotion": message("Sensitivity to promotion"),
}
OPPORTUNITY = message("Needs and opportunity")

ROWS = {"screen": (6, 99), "print": (4, 2)}
"""Answers of a part with one question, and questions of a part; a path keeps all its steps."""

MANY = 5
"""From so many parts on, paper shows fewer answers and statements: a persona is one page."""

LONGEST = {"screen": 200, "print": 100}
"""Characters of a question or an answer; the tables hold the whole text."""

NEEDS_SHOWN = {"screen": 8, "print": 5}


@dataclass(frozen=True)
class Row:
    """One answer: its figure as a bar (0 to 100), where it stands against the others, evidence.

    ``brief`` is the interval and the figure of all respondents, for paper.
    """

    text: str
    figure: str
    bar: float
    more: int
    evidence: tuple[Line, ...]
    brief: str
    tag: str = ""

    @property
    def sign(self) -> str:
        """▲ above the others, ▼ below, nothing when alike or unsure."""
        return {1: "▲", -1: "▼"}.get(self.more, "")


@dataclass(frozen=True)
class Answers:
    """The answers to one question; ``further`` are left out here, ``base`` is written out."""

    question: str
    base: str
    rows: tuple[Row, ...]
    further: int = 0


@dataclass(frozen=True)
class Part:
    """One part: its title, answers by question, what was said in words, and a note."""

    id: str
    title: str
    answers: tuple[Answers, ...]
    quotes: tuple[tuple[str, str], ...] = ()
    note: str = ""


def parts(persona: Persona, context: Context) -> tuple[Part, ...]:
    """Every part that was asked, in the order of the aspects; needs with opportunity first."""
    needs = _opportunities(persona.segment, context)
    found = [needs] if needs is not None else []
    for aspect in persona.aspects:
        if aspect.asked and (needs is None or aspect.aspect != "needs"):
            found.append(_part(aspect, persona, context))
    return tuple(found)


def crowded(persona: Persona, medium: str) -> bool:
    """Whether paper has to leave room for many parts."""
    return medium == "print" and sum(aspect.asked for aspect in persona.aspects) >= MANY


def not_asked(persona: Persona, shown: Sequence[Part], language: Language) -> tuple[str, ...]:
    """The titles of the parts that were not asked."""
    there = {part.id for part in shown}
    return tuple(
        language.gettext(TITLES[aspect.aspect])
        for aspect in persona.aspects
        if not aspect.asked and aspect.aspect not in there
    )


def questions_of_parts(persona: Persona) -> frozenset[str]:
    """Ids of the questions with a part of their own; needs are what a persona expects anyway."""
    return frozenset(
        one.question
        for aspect in persona.aspects
        if aspect.aspect != "needs"
        for one in aspect.questions
    )


def _part(aspect: Aspect, persona: Persona, context: Context) -> Part:
    language = context.language
    most, questions = ROWS[context.medium]
    told = [one for one in aspect.questions if one.figures]
    most -= crowded(persona, context.medium)
    room = most if len(told) < 2 else (most + 1) // 2 + (context.medium == "screen")
    asked = {one.question for one in aspect.questions}
    quotes = [one for one in persona.quotes if one.kind != "verbatim" and one.question in asked]
    shown = told[:questions]
    note = language.gettext("Asked; nothing here can be said with certainty.")
    if aspect.aspect == "needs":
        note = language.gettext("Satisfaction was not asked: no opportunity scores.")
    elif shown or quotes:
        note = ""
    return Part(
        aspect.aspect,
        language.gettext(TITLES[aspect.aspect]),
        tuple(_answers(one, room, context, aspect.aspect == "journey") for one in shown),
        tuple(
            (clean(one.text), shortened(context.text(one.question_text), LONGEST[context.medium]))
            for one in quotes
        ),
        note,
    )


def _answers(question: AspectQuestion, room: int, context: Context, in_order: bool) -> Answers:
    language = context.language
    base = _bases([one.evidence.base for one in question.figures], language)
    figures = question.figures if in_order else question.figures[:room]
    rows = tuple(_row(one, context) for one in figures)
    return Answers(
        shortened(context.text(question.question_text), LONGEST[context.medium]),
        base,
        _from_zero(figures, rows),
        len(question.figures) - len(rows),
    )


def _bases(bases: Sequence[int], language: Language) -> str:
    """The base of several figures, or the least and the greatest of them."""
    low, high = language.number(min(bases)), language.number(max(bases))
    return f"n = {low}" if low == high else f"n = {low}–{high}"


def _row(found: Figure, context: Context) -> Row:
    language, evidence = context.language, found.evidence
    written = figure(evidence.value, evidence, language)
    return Row(
        shortened(
            context.text(evidence.answer_text) or context.text(evidence.question_text),
            LONGEST[context.medium],
        ),
        written,
        100 * reach(evidence),
        0 if found.form is None else direction(found.form, evidence.effect),
        lines(evidence, language),
        _brief(evidence, language),
    )


def _from_zero(figures: Sequence[Figure], rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Bars of amounts without a scale run to the largest of them."""
    counted = [one.evidence for one in figures]
    if any(e.statistic != "mean" or e.scale_maximum is not None for e in counted):
        return rows
    most = max((abs(e.value) for e in counted), default=0.0) or 1.0
    return tuple(
        replace(row, bar=max(100 * one.value / most, 0.0))
        for row, one in zip(rows, counted, strict=True)
    )


def _brief(evidence: Evidence, language: Language) -> str:
    return language.gettext(
        "{interval}; all {total}",
        interval=language.interval(evidence.low, evidence.high, decimals_of(evidence)),
        total=figure(evidence.total, evidence, language),
    )


def _opportunities(segment: int, context: Context) -> Part | None:
    """The needs with the highest opportunity (Ulwick 2005) in the segment; None without any."""
    language = context.language
    places = [size.segment for size in context.report.profile.segments]
    found, bases = [], []
    for need in context.report.needs:
        cell = need.cells[places.index(segment)]
        if cell.opportunity is None:
            continue
        brief = language.gettext(
            "{interval}; all {total}",
            interval=language.interval(cell.low, cell.high, 1),
            total=language.number(need.total.opportunity, 1),
        )
        evidence = (
            Line(language.gettext("Importance"), language.number(cell.importance, 1)),
            Line(language.gettext("Satisfaction"), language.number(cell.satisfaction, 1)),
            Line(language.gettext("Opportunity"), language.number(cell.opportunity, 1)),
            Line(language.gettext("95% interval"), language.interval(cell.low, cell.high, 1)),
            Line(
                language.gettext("All respondents"),
                language.number(need.total.opportunity, 1),
            ),
            Line(
                language.gettext("Base"),
                language.ngettext("{n} respondent", "{n} respondents", cell.base),
            ),
        )
        tag = language.gettext("underserved") if cell.opportunity >= UNDERSERVED else ""
        row = Row(
            shortened(context.text(need.text), LONGEST[context.medium]),
            language.number(cell.opportunity, 1),
            5 * cell.opportunity,
            0,
            evidence,
            brief,
            tag,
        )
        found.append((cell.opportunity, row))
        bases.append(cell.base)
    if not found:
        return None
    found.sort(key=lambda one: -one[0])
    most = NEEDS_SHOWN[context.medium]
    rows = tuple(row for _, row in found[:most])
    note = language.gettext(
        "Opportunity = importance + (importance − satisfaction), 0 to 20; from 10 a need is "
        "underserved (Ulwick 2005)."
    )
    asked = language.gettext("Importance / satisfaction, 0 to 10")
    answers = Answers(asked, _bases(bases, language), rows, len(found) - len(rows))
    return Part("needs", language.gettext(OPPORTUNITY), (answers,), (), note)
