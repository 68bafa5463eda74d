"""Personas: one a segment, in the three blocks and value, with how certain it is."""

from __future__ import annotations

from dataclasses import dataclass

from persona.errors import Problem
from persona.profiling.persona import BLOCKS, Persona, Quote
from persona.profiling.result import ValueShare
from persona.report import theme as themes
from persona.report.charts.portrait import Petal, portrait
from persona.report.locale import Language, clean, message, shortened
from persona.report.model import StudyReport
from persona.report.problems import Shown, show
from persona.report.sections.base import Context, Section, letter
from persona.report.sections.persona_parts import (
    LONGEST,
    Part,
    crowded,
    not_asked,
    parts,
    questions_of_parts,
)
from persona.report.statements import Line, Said, figure_of_value, summary

SHOWN = {"screen": 6, "print": 3}
"""Statements of a block that are always in sight; on the screen further ones open with a click."""
FACTS = {"screen": 99, "print": 2}
"""Quotes and measures of value; paper has one page a persona."""
ANSWERS = {"screen": 99, "print": 3}
"""Answers of the most typical respondent."""

BLOCK_TITLES = {
    "who": message("Who they are"),
    "expects": message("What they expect"),
    "behaves": message("How they behave"),
    "value": message("What they are worth"),
}
FIELD_TITLES = {
    "offer": message("Offer"),
    "message": message("Message"),
    "price": message("Price"),
    "channels": message("Channels"),
    "retention": message("Keeping them"),
    "expansion": message("Growing with them"),
}
_STABILITY = (
    (0.85, message("highly stable")),
    (0.75, message("stable")),
    (0.60, message("a pattern, not a sure segment")),
    (0.0, message("do not trust: it dissolves in resamples")),
)


@dataclass(frozen=True)
class Block:
    """One block of a persona: its statements in sight and the further ones."""

    id: str
    title: str
    asked: bool
    shown: tuple[Said, ...]
    further: tuple[Said, ...]


@dataclass(frozen=True)
class Quotation:
    """What a respondent wrote, and to which question."""

    text: str
    question: str


@dataclass(frozen=True)
class Meter:
    """One step of the prevalence meter: at least so many traits, and how many have them."""

    label: str
    percent: float
    figure: str


@dataclass(frozen=True)
class PersonaView:
    """All that is printed of one persona; ``tight`` where its parts would not fit one page."""

    segment: int
    letter: str
    anchor: str
    slug: str
    name: str
    summary: str
    colour: str
    portrait: str
    picture: str
    size: str
    size_note: str
    worth: str
    values: tuple[Line, ...]
    blocks: tuple[Block, ...]
    quotes: tuple[Quotation, ...]
    meter: tuple[Meter, ...]
    meter_note: str
    typical: tuple[Line, ...]
    typical_note: str
    certainty: tuple[Line, ...]
    not_asked: str
    strategy: tuple[Line, ...]
    parts: tuple[Part, ...]
    tight: bool
    problems: tuple[Shown, ...]


@dataclass(frozen=True)
class Personas:
    """Every persona, the largest segment first.

    ``tight``: some fill a page of paper, so that a list of all comes before the first.
    """

    personas: tuple[PersonaView, ...]
    tight: bool = False


def build(context: Context) -> Personas | None:
    """Every persona of the study; nothing when there is none."""
    views = tuple(view(persona, context) for persona in context.report.shown_personas)
    return Personas(views, any(one.tight for one in views)) if views else None


def view(persona: Persona, context: Context) -> PersonaView:
    """One persona in words and figures."""
    language, said = context.language, context.said[persona.segment]
    decision = context.report.decisions and context.report.decisions.segment(persona.segment)
    own = context.text(decision.summaries) if decision else ""
    own_picture = ""
    trouble: list[Problem] = []
    if path := context.report.pictures.get(persona.segment):
        own_picture, trouble = themes.picture(path)
    size = persona.size
    found = parts(persona, context)
    at_large = [one for one in persona.quotes if one.kind == "verbatim"]
    quoted = at_large[: FACTS[context.medium]]
    return PersonaView(
        segment=persona.segment,
        letter=letter(persona.segment),
        anchor=f"persona-{persona.segment}",
        slug=persona.slug,
        name=context.name(persona.segment),
        summary=summary(persona, said, own, language),
        colour=context.colour(persona.segment),
        portrait=_portrait(persona, said, context),
        picture=own_picture,
        size=language.share(size.share),
        size_note=" · ".join(
            (
                language.interval(size.low * 100, size.high * 100),
                language.ngettext("{n} respondent", "{n} respondents", size.n),
            )
        ),
        worth=_worth(persona, language),
        values=_values(persona, context)[: FACTS[context.medium]],
        blocks=tuple(_block(block, persona, said, context) for block in BLOCKS),
        quotes=tuple(Quotation(clean(q.text), _asked(q, context)) for q in quoted),
        meter=_meter(persona, language, context.medium),
        meter_note=_meter_note(persona, language),
        typical=_typical(persona, context)[: ANSWERS[context.medium]],
        typical_note=language.gettext(
            "The respondent nearest the centre; an answer is shown where enough others share it."
        ),
        certainty=_certainty(persona, context),
        not_asked=_not_asked(persona, found, language),
        strategy=_strategy(persona.segment, context),
        parts=found,
        tight=crowded(persona, context.medium),
        problems=tuple(show(problem, language) for problem in (*persona.warnings, *trouble)),
    )


def _asked(quote: Quote, context: Context) -> str:
    return shortened(context.text(quote.question_text), LONGEST[context.medium])


def stability_word(value: float | None, language: Language) -> str:
    """Hennig's words for a bootstrap Jaccard; merged segments have none."""
    if value is None or value != value:
        return language.gettext("not computed")
    return next(language.gettext(word) for least, word in _STABILITY if value >= least)


def _block(block: str, persona: Persona, said: tuple[Said, ...], context: Context) -> Block:
    most = SHOWN[context.medium] - crowded(persona, context.medium)
    ids = {statement.id for statement in persona.block(block)}
    apart = questions_of_parts(persona)
    own = {one.id for one in persona.block(block) if one.evidence.question in apart}
    # answers that a part of the page lists come after those that stand nowhere else
    mine = tuple(sorted((one for one in said if one.id in ids), key=lambda one: one.id in own))
    title = context.language.gettext(BLOCK_TITLES[block])
    asked = persona.asked.get(block, block not in persona.not_asked)
    return Block(block, title, asked, mine[:most], mine[most:])


def _not_asked(persona: Persona, shown: tuple[Part, ...], language: Language) -> str:
    blocks = [language.gettext(BLOCK_TITLES[block]) for block in persona.not_asked]
    names = [*blocks, *not_asked(persona, shown, language)]
    return ", ".join(name[:1].lower() + name[1:] for name in names)


def _worth(persona: Persona, language: Language) -> str:
    """The share of the first measure of value beside the share of people."""
    for value in persona.size.value.values():
        if value.share is not None and value.index is not None:
            return language.gettext(
                "{worth} of the value (index {index})",
                worth=language.share(value.share),
                index=language.number(value.index),
            )
    return ""


def _values(persona: Persona, context: Context) -> tuple[Line, ...]:
    language = context.language
    lines = []
    for value in persona.size.value.values():
        text = shortened(context.text(value.text), LONGEST[context.medium])
        if context.medium == "screen" or not persona.block("value"):
            lines.append(
                Line(language.gettext("{measure}, mean", measure=text), _mean(value, language))
            )
        if value.share is not None:
            lines.append(
                Line(
                    language.gettext("{measure}, share of all", measure=text),
                    f"{language.share(value.share)} ("
                    # The words in brackets stay on one line.
                    + language.gettext("index {index}", index=language.number(value.index)).replace(
                        " ", "\xa0"
                    )
                    + ")",
                )
            )
    return tuple(lines)


def _mean(value: ValueShare, language: Language) -> str:
    written = figure_of_value(value.mean, value.unit, language)
    if value.low is None or value.high is None:
        return written
    decimals = 0 if value.mean is not None and abs(value.mean) >= 100 else 1
    return f"{written} ({language.interval(value.low, value.high, decimals)})"


def _meter(persona: Persona, language: Language, medium: str) -> tuple[Meter, ...]:
    prevalence = persona.prevalence
    if prevalence is None:
        return ()
    steps = []
    for count, percent in enumerate(prevalence.at_least):
        if count == 0:
            continue
        if count == prevalence.traits:
            label = language.ngettext("the {n} trait", "all {n} traits", count)
        elif medium == "print":
            label = f"≥ {language.number(count)}"
        else:
            label = language.ngettext("{n} trait or more", "{n} traits or more", count)
        if percent is None:
            steps.append(Meter(label, 0.0, f"n < {language.number(prevalence.suppress_below)}"))
        else:
            steps.append(Meter(label, percent, language.percent(percent)))
    return tuple(steps)


def _meter_note(persona: Persona, language: Language) -> str:
    prevalence = persona.prevalence
    if prevalence is None:
        return ""
    return language.ngettext(
        "Of {n} respondent of the segment who answered every trait question.",
        "Of {n} respondents of the segment who answered every trait question.",
        prevalence.base,
    )


def _typical(persona: Persona, context: Context) -> tuple[Line, ...]:
    return tuple(
        Line(
            shortened(context.text(answer.question_text), LONGEST[context.medium]),
            shortened(context.text(answer.answer_text), LONGEST[context.medium])
            or figure_of_value(answer.value, answer.unit, context.language),
        )
        for answer in persona.typical
    )


def _certainty(persona: Persona, context: Context) -> tuple[Line, ...]:
    language, say = context.language, context.language.gettext
    size = persona.size
    accuracy = _accuracy(context.report, persona.segment)
    lines = [
        Line(
            say("Size"),
            language.ngettext("{n} respondent", "{n} respondents", size.n)
            + f" · {language.share(size.share)}"
            + f" ({language.interval(size.low * 100, size.high * 100)})",
        ),
        Line(
            say("Found again in resamples (Jaccard)"),
            f"{language.number(persona.stability, 2)} · "
            + stability_word(persona.stability, language),
        ),
        Line(
            say("Certainty of membership, mean"),
            language.share(persona.certainty),
        ),
    ]
    if accuracy is not None:
        lines.append(Line(say("Accuracy of the typing tool"), language.share(accuracy)))
    return tuple(lines)


def _accuracy(report: StudyReport, segment: int) -> float | None:
    """The share of the segment that the typing tool finds, or that was recognised without one."""
    if report.typing is None:
        return report.recognition.get(segment)
    found = {one.segment: one.recall for one in report.typing.evidence.segments}
    return found.get(segment)


def _strategy(segment: int, context: Context) -> tuple[Line, ...]:
    """What the user decided: the line of the workbook, then the cells of the strategy sheet."""
    lines = []
    if context.report.decisions:
        own = context.text(context.report.decisions.segment(segment).strategies)
        lines = [Line("", own)] if own else []
    for sheet in context.report.strategies:
        if sheet.segment == segment:
            lines += [
                Line(context.language.gettext(FIELD_TITLES[cell.field]), context.text(cell.texts))
                for cell in sheet.fields
                if cell.texts
            ]
    return tuple(lines)


def _portrait(persona: Persona, said: tuple[Said, ...], context: Context) -> str:
    """A glyph of the first statements of each block; its description says what it draws."""
    petals = []
    for place, block in enumerate(BLOCKS[:3]):
        ids = [statement.id for statement in persona.block(block)][:5]
        petals += [Petal(one.reach, one.more >= 0, place) for one in said if one.id in ids]
    alt = context.language.gettext(
        "Abstract portrait drawn from the data: the ring is {share} of all respondents, each of "
        "{n} petals is one statement, as long as its figure is high.",
        share=context.language.share(persona.size.share),
        n=context.language.number(len(petals)),
    )
    return portrait(petals, persona.size.share, context.colour(persona.segment), context.theme, alt)


SECTION = Section("personas", message("Personas"), build, shared=False)
