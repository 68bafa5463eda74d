"""Placing new people: the typing questions, how often they are right, and what choices cost."""

from __future__ import annotations

import math
from dataclasses import dataclass

from persona.report.charts.canvas import Chart
from persona.report.charts.typing_curve import SIZE, CurveWords, Level, Step, typing_curve
from persona.report.locale import message
from persona.report.sections.base import Context, Section, letter
from persona.report.sections.grid import Grid, GridRow, segment_row
from persona.typing_tool import SCALE, TypingEvidence, TypingQuestion, TypingTool

KINDS = {
    "free": message("The best of the questions that made the segments"),
    "forced": message("With the questions that the study includes or excludes"),
    "named": message("The best of the questions that the study lists"),
    "records": message("Customer records alone"),
    "all": message("The best of all closed questions"),
    "complete": message("Every question that made the segments"),
}


@dataclass(frozen=True)
class TypingView:
    """What a reader learns of the typing tool."""

    lead: str
    notes: tuple[str, ...]
    questions: Grid
    curve: Chart
    caption: str
    segments: Grid
    confusion: Grid
    costs: Grid
    costs_note: str
    uncertain: tuple[str, ...]


def build(context: Context) -> TypingView | None:
    """The typing tool; nothing when the run has none."""
    tool = context.report.typing
    if tool is None:
        return None
    say = context.language.gettext
    return TypingView(
        lead=_lead(tool, context),
        notes=_notes(tool, context),
        questions=_questions(tool, context),
        curve=curve_chart(tool, context),
        caption=say(
            "Chosen and learned anew in each of {folds} parts of the respondents, tested on those "
            "left out; shaded: 95% interval.",
            folds=context.language.number(tool.evidence.folds),
        ),
        segments=_segments(tool.evidence, context),
        confusion=_confusion(tool.evidence, context),
        costs=_costs(tool.evidence, context),
        costs_note=say(
            "Kappa is agreement beyond chance: 0 is guessing, 1 is always right (Cohen 1960)."
        ),
        uncertain=_uncertain(tool, context),
    )


def _lead(tool: TypingTool, context: Context) -> str:
    language, evidence = context.language, tool.evidence
    return language.ngettext(
        "{n} question places {share} of people in their segment ({interval}); guessing by size "
        "would place {chance}, and every question of the segments {complete}.",
        "{n} questions place {share} of people in their segment ({interval}); guessing by size "
        "would place {chance}, and every question of the segments {complete}.",
        len(tool.golden.questions),
        share=language.share(evidence.accuracy),
        interval=_between(evidence.lower, evidence.upper, context),
        chance=language.share(evidence.chance),
        complete=language.share(tool.complete_evidence.accuracy),
    )


def _between(low: float, high: float, context: Context) -> str:
    """An interval of two shares: ``93–97%``."""
    return f"{context.language.number(100 * low)}–{context.language.share(high)}"


def _notes(tool: TypingTool, context: Context) -> tuple[str, ...]:
    language, evidence = context.language, tool.evidence
    say = language.gettext
    notes = [
        say(
            "Each answer brings whole points for each segment; the segment with the largest sum "
            "is where a person belongs. Nobody helped to choose the questions or learn the points "
            "by which they were tested. The segments themselves were made from all of them, so "
            "new people are placed a little less well."
        ),
        language.ngettext(
            "Up to {n} question may be left unanswered.",
            "Up to {n} questions may be left unanswered.",
            tool.golden.max_missing,
        )
        if tool.golden.max_missing
        else say("Every question has to be answered."),
    ]
    known = {question.variable: question for question in tool.golden.questions}
    for names, sentence in (
        (evidence.forced_in, message("The study includes: {names}.")),
        (evidence.forced_out, message("The study excludes: {names}.")),
    ):
        if names:
            texts = [
                say("“{text}”", text=context.text(known[name].text)) if name in known else name
                for name in names
            ]
            notes.append(say(sentence, names=", ".join(texts)))
    notes.append(
        say(
            "The folder “typing” beside the report holds the tool: a workbook, a screener for the "
            "browser, SQL for databases, and rows for a survey."
        )
    )
    return tuple(notes)


def _questions(tool: TypingTool, context: Context) -> Grid:
    """The questions in their order, with the share right when one stops there."""
    say, language = context.language.gettext, context.language
    right = {point.questions: point.accuracy for point in tool.evidence.curve}
    rows = tuple(
        GridRow(
            f"{language.number(place)}. {_asked(question, context)}",
            (_answers(question, context), language.share(right[place])),
        )
        for place, question in enumerate(tool.golden.questions, 1)
    )
    heads = (say("Question"), say("Answers"), say("Right with so many"))
    return Grid(say("Typing questions, the most telling first"), heads, rows, words=(0,))


def _asked(question: TypingQuestion, context: Context) -> str:
    own, above = context.text(question.text), context.text(question.question_text)
    if not above or own == above:
        return own or question.variable
    return f"{above} – {own}" if own else above


def _answers(question: TypingQuestion, context: Context) -> str:
    """The first and the last answer of a scale, or how a number is asked."""
    if question.bands:
        parts = [context.language.gettext("a number"), question.unit]
        return " ".join(part for part in parts if part)
    texts = [context.text(answer.text) or str(answer.code) for answer in question.answers]
    if len(texts) <= 2:
        return " / ".join(texts)
    return f"{texts[0]} … {texts[-1]}"


def curve_chart(tool: TypingTool, context: Context) -> Chart:
    """Share placed right by number of questions, beside guessing and every question."""
    language, evidence = context.language, tool.evidence
    steps = tuple(
        Step(
            point.questions,
            100 * point.accuracy,
            100 * point.lower,
            100 * point.upper,
            language.ngettext(
                "{n} question: {share} right ({interval}), kappa {kappa}",
                "{n} questions: {share} right ({interval}), kappa {kappa}",
                point.questions,
                share=language.share(point.accuracy),
                interval=_between(point.lower, point.upper, context),
                kappa=language.number(point.kappa, 2),
            ),
        )
        for point in evidence.curve
    )
    levels = _levels(tool, context)
    alt = language.gettext(
        "Share of people placed right by number of questions. {list}",
        list="; ".join((*(step.tip for step in steps), *(level.word for level in levels))),
    )
    words = CurveWords(language.gettext("Questions asked"), language.gettext("% placed right"))
    chosen = len(tool.golden.questions)
    picture = typing_curve(steps, chosen, levels, words, context.theme)
    return context.draw("typing-accuracy", SIZE, picture, alt)


def _levels(tool: TypingTool, context: Context) -> tuple[Level, ...]:
    language, evidence = context.language, tool.evidence
    say = language.gettext
    chance, largest = evidence.chance, evidence.largest
    complete = tool.complete_evidence.accuracy
    return (
        Level(100 * chance, say("guessing by size: {share}", share=language.share(chance))),
        Level(100 * largest, say("all into the largest: {share}", share=language.share(largest))),
        Level(100 * complete, say("every question: {share}", share=language.share(complete))),
    )


def _segments(evidence: TypingEvidence, context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    rows = tuple(
        segment_row(
            context,
            part.segment,
            (
                language.number(part.base),
                language.share(part.recall),
                language.share(part.precision),
            ),
        )
        for part in evidence.segments
    )
    heads = (
        say("Segment"),
        "n",
        say("of its members found"),
        say("of those placed in it right"),
    )
    return Grid(say("How well each segment is found"), heads, rows)


def _confusion(evidence: TypingEvidence, context: Context) -> Grid:
    """Where the members of each segment are placed, in percent of them."""
    say, language = context.language.gettext, context.language
    segments = [part.segment for part in evidence.segments]
    rows = tuple(
        segment_row(
            context,
            segment,
            [language.share(cell / sum(cells) if sum(cells) else None) for cell in cells],
        )
        for segment, cells in zip(segments, evidence.confusion, strict=True)
    )
    heads = (say("Member of"), *(letter(segment) for segment in segments))
    return Grid(say("Where members of each segment are placed"), heads, rows)


def _costs(evidence: TypingEvidence, context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    rows = tuple(
        GridRow(
            say(KINDS[cost.kind]),
            (
                language.number(cost.questions),
                language.share(cost.accuracy),
                language.number(cost.kappa, 2),
            ),
        )
        for cost in evidence.costs
    )
    heads = (say("Choice of questions"), say("Questions"), say("Right"), say("Kappa"))
    return Grid(say("What the choice of questions costs"), heads, rows)


def _uncertain(tool: TypingTool, context: Context) -> tuple[str, ...]:
    language, evidence = context.language, tool.evidence
    odds = math.exp(tool.golden.uncertain_below / SCALE)
    sentences = [
        language.gettext(
            "{share} of people are placed uncertainly: their segment is less than {odds} times "
            "as likely as the second, or they left too many questions unanswered.",
            share=language.share(evidence.uncertain),
            odds=language.plain(round(odds, 2)),
        )
    ]
    if evidence.right_uncertain is not None and evidence.right_certain is not None:
        sentences.append(
            language.gettext(
                "Of them {inside} are placed right, of all others {outside}.",
                inside=language.share(evidence.right_uncertain),
                outside=language.share(evidence.right_certain),
            )
        )
    return tuple(sentences)


SECTION = Section("typing", message("Placing new people"), build)
