"""What became of the statements of the personas in a wave."""

from __future__ import annotations

from dataclasses import dataclass

from persona.report.sections.base import letter
from persona.report.statements import Line, figure
from persona.report.waves_model import WavesContext
from persona.report.waves_words import STANDINGS
from persona.waves import StatementInWave, WaveResult

_LOST = ("reversed", "no_longer", "weaker")
"""What is shown first, the worst before the others."""


@dataclass(frozen=True)
class StatementLine:
    """One statement in a wave: what became of it, its sentence, its figures then and now."""

    standing: str
    word: str
    sentence: str
    figures: str
    evidence: tuple[Line, ...]


@dataclass(frozen=True)
class StatementGroup:
    """The statements of one persona: counts in words, those lost or weaker, and the others."""

    letter: str
    name: str
    colour: str
    counts: str
    changed: tuple[StatementLine, ...]
    others: tuple[StatementLine, ...]


def statement_groups(wave: WaveResult, context: WavesContext) -> tuple[StatementGroup, ...]:
    """The statements of each persona, those lost or weaker first."""
    groups = []
    for segment in context.tracking.names:
        own = [one for one in wave.statements if one.segment == segment]
        lines = [_statement(one, context) for one in own]
        order = {word: place for place, word in enumerate(_LOST)}
        changed = [line for line in lines if line.standing in order]
        counts = {word: sum(one.standing == word for one in own) for word in STANDINGS}
        groups.append(
            StatementGroup(
                letter(segment),
                context.name(segment),
                context.colour(segment),
                ", ".join(
                    f"{context.language.gettext(STANDINGS[word])}: {count}"
                    for word, count in counts.items()
                    if count
                ),
                tuple(sorted(changed, key=lambda line: order[line.standing])),
                tuple(line for line in lines if line.standing not in order),
            )
        )
    return tuple(groups)


def _statement(one: StatementInWave, context: WavesContext) -> StatementLine:
    language, say = context.language, context.language.gettext
    statement = next(part for part in context.tracking.statements[one.segment] if part.id == one.id)
    evidence = statement.evidence
    said, first, now, rest = (
        figure(value, evidence, language) for value in (one.said, one.first, one.value, one.rest)
    )
    lines = [
        Line(say("In the study"), said),
        Line(say("First wave, as placed"), first),
        Line(say("In this wave"), now),
        Line(say("All others"), rest),
        Line(say("Base"), language.ngettext("{n} respondent", "{n} respondents", one.base)),
    ]
    if one.change is not None:
        low, high = (language.number(x, 1) for x in (one.change.low, one.change.high))
        lines.append(
            Line(
                say("Change, 95% interval"),
                f"{language.number(one.change.difference, 1)} "
                f"({say('{low} to {high}', low=low, high=high)})",
            )
        )
        lines.append(Line(say("p, corrected"), language.p_value(one.change.p_adjusted)))
    return StatementLine(
        one.standing,
        say(STANDINGS[one.standing]),
        context.said[one.id].sentence,
        f"{first} → {now}",
        tuple(lines),
    )
