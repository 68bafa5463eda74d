"""Who answered, which answers shifted, and how far segments moved: tables of a wave."""

from __future__ import annotations

from persona.report.locale import NOTHING
from persona.report.sections.grid import Grid, GridRow
from persona.report.waves_model import WavesContext
from persona.report.waves_sizes import segment_row
from persona.waves import QuestionShift, WaveResult

_SHOWN_SHIFTS, _SHOWN_MOVES = 12, 15


def sample_notes(wave: WaveResult, context: WavesContext) -> tuple[str, ...]:
    """How to read the indices, and what was done about another sample."""
    say = context.language.gettext
    notes = [
        say(
            "Population stability index: below 0.10 steady, from 0.10 watch, from 0.25 act "
            "(Siddiqi 2006); a band is given only beyond what sampling alone makes (Yurdakul and "
            "Naranjo 2020)."
        )
    ]
    if wave.standardised_by:
        names = "; ".join(context.variable(name) for name in wave.standardised_by)
        notes.append(
            say(
                "The sample is not composed as in the first wave. The column “Sample as in the "
                "first wave” of the sizes is raked to it by: {names}.",
                names=names,
            )
        )
    if wave.not_asked:
        notes.append(
            context.language.ngettext(
                "{n} variable of the first wave was not asked.",
                "{n} variables of the first wave were not asked.",
                len(wave.not_asked),
            )
        )
    return tuple(notes)


def shifts_grid(
    shifts: tuple[QuestionShift, ...], title: str, context: WavesContext
) -> Grid | None:
    """The questions whose answers shifted most, with the answer that changed most."""
    if not shifts:
        return None
    language, say = context.language, context.language.gettext
    words = {"steady": say("steady"), "watch": say("watch"), "act": say("act")}
    heads = (
        say("Question"),
        say("Stability index"),
        say("By chance"),
        say("Band"),
        say("p, corrected"),
        say("Changed most"),
    )
    rows = []
    for one in shifts[:_SHOWN_SHIFTS]:
        rows.append(
            GridRow(
                _asked(one, context),
                (
                    language.number(one.stability.psi, 3),
                    language.number(one.stability.chance, 3),
                    words[one.stability.band],
                    language.p_value(one.p_adjusted),
                    _most_changed(one, context),
                ),
            )
        )
    return Grid(title, heads, tuple(rows), (2, 4))


def _asked(one: QuestionShift, context: WavesContext) -> str:
    text, above = context.text(one.text), context.text(one.question_text)
    name = text if text == above or not above else f"{text} ({above})"
    return f"{name} ★" if one.role == "golden" else name


def _most_changed(one: QuestionShift, context: WavesContext) -> str:
    shares = [part for part in one.shares if part[0] != {"": "0"}]
    if not shares:
        return NOTHING
    text, first, later = max(shares, key=lambda part: abs(part[2] - part[1]))
    answer = "" if set(text) == {""} and text[""] == "1" else f"{context.text(text)}: "
    language = context.language
    return f"{answer}{language.share(first)} → {language.share(later)}"


def movements_grid(wave: WaveResult, context: WavesContext) -> Grid | None:
    """How far each segment moved over all basis answers."""
    if not wave.movements:
        return None
    language, say = context.language, context.language.gettext
    heads = (say("Segment"), say("Move (standard deviations)"), say("Answers moved for sure"))
    rows = tuple(
        segment_row(
            context,
            one.segment,
            [
                language.number(one.distance, 2),
                say("{n} of {all}", n=one.moved, all=one.answers),
            ],
        )
        for one in wave.movements
    )
    return Grid(say("How far the centres moved"), heads, rows)


def moves_grid(wave: WaveResult, context: WavesContext) -> Grid | None:
    """The single answers that moved most, for sure ones alone."""
    sure = [one for one in wave.centres if one.segment and one.change.significant]
    if not sure:
        return None
    language, say = context.language, context.language.gettext
    heads = (
        say("Segment"),
        say("Answer"),
        say("First wave"),
        context.wave(wave),
        say("Standard deviations"),
        say("95% interval"),
        say("p, corrected"),
    )
    rows = []
    for one in sorted(sure, key=lambda one: -abs(one.change.difference))[:_SHOWN_MOVES]:
        category = f": {context.text(one.category)}" if one.category else ""
        low, high = (language.number(x, 2) for x in (one.change.low, one.change.high))
        rows.append(
            segment_row(
                context,
                one.segment,
                [
                    context.text(one.text) + category,
                    language.number(one.first, 2),
                    language.number(one.mean, 2),
                    language.number(one.change.difference, 2),
                    say("{low} to {high}", low=low, high=high),
                    language.p_value(one.change.p_adjusted),
                ],
            )
        )
    return Grid(say("Answers that moved most"), heads, tuple(rows), (0,))
