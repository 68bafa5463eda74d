"""Strategy: what is decided for each segment, beside what the data say to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.report.locale import message
from persona.report.sections.base import Context, Section, letter
from persona.report.statements import Said
from persona.report.statements import say as in_words

if TYPE_CHECKING:
    from persona.profiling.strategy import StrategyField, StrategySheet

FIELDS = {
    "offer": message("Offer"),
    "message": message("Message and tone"),
    "price": message("Price"),
    "channels": message("Channels"),
    "retention": message("Retention"),
    "expansion": message("Expansion"),
}


@dataclass(frozen=True)
class FieldView:
    """One field: what was decided, whether it still has to be, and the evidence."""

    name: str
    text: str
    missing: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class SheetView:
    """The sheet of one segment."""

    letter: str
    name: str
    colour: str
    target: bool
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class Strategy:
    """All sheets, those of targets first."""

    lead: str
    sheets: tuple[SheetView, ...]


def build(context: Context) -> Strategy | None:
    """The strategy sheets; nothing when the report has none."""
    targeting = context.report.targeting
    if targeting is None or not targeting.sheets:
        return None
    shown = {persona.segment for persona in context.report.personas}
    sheets = [sheet for sheet in targeting.sheets if sheet.segment in shown]
    ordered = sorted(sheets, key=lambda sheet: (not sheet.target, sheet.segment))
    return Strategy(_lead(context, sheets), tuple(_sheet(sheet, context) for sheet in ordered))


def _lead(context: Context, sheets: list[StrategySheet]) -> str:
    say = context.language.gettext
    targets = [context.name(sheet.segment) for sheet in sheets if sheet.target]
    if not targets:
        return say(
            "No segment has been chosen as a target. Targets and texts are written in "
            "workbook.xlsx, on the sheets “Segments” and “Strategy”."
        )
    return say("Targets: {names}.", names=", ".join(f"“{name}”" for name in targets))


def _sheet(sheet: StrategySheet, context: Context) -> SheetView:
    return SheetView(
        letter(sheet.segment),
        context.name(sheet.segment),
        context.colour(sheet.segment),
        sheet.target,
        tuple(_field(one, sheet, context) for one in sheet.fields),
    )


def _field(one: StrategyField, sheet: StrategySheet, context: Context) -> FieldView:
    return FieldView(
        context.language.gettext(FIELDS[one.field]),
        context.text(one.texts) if one.texts else "",
        one.field in sheet.missing,
        evidence(one, sheet.segment, context),
    )


def evidence(one: StrategyField, segment: int, context: Context) -> tuple[str, ...]:
    """What the data say to a field, a sentence each."""
    language = context.language
    said: list[Said] = [in_words(statement, language) for statement in one.statements]
    unmet = [
        language.gettext(
            "Unmet: “{need}” (opportunity {score}).",
            need=context.text(need.text),
            score=language.number(need.cells[segment - 1].opportunity, 1),
        )
        for need in one.unmet
    ]
    by_question: dict[str, list[str]] = {}
    for sentence in said:
        by_question.setdefault(sentence.question, []).append(sentence.sentence)
    return (*unmet, *(f"{asked} – {' '.join(own)}" for asked, own in by_question.items()))


SECTION = Section("strategy", message("Strategy"), build)
