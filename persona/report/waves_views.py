"""The page of the waves as plain data: what its template shows."""

from __future__ import annotations

from dataclasses import dataclass

from persona.report.charts.canvas import Chart
from persona.report.locale import NOTHING
from persona.report.problems import Shown, show_all
from persona.report.sections.base import letter
from persona.report.sections.grid import Grid, GridRow
from persona.report.statements import Line, figure
from persona.report.waves_model import WavesContext
from persona.report.waves_sizes import (
    certainty_chart,
    certainty_grid,
    changes_grid,
    interval,
    panels_chart,
    points,
    segment_row,
    sizes_grid,
    trend_chart,
)
from persona.report.waves_words import (
    ADVICE,
    LEADS,
    NOT_RESEGMENTED,
    STANDINGS,
    cautions,
    event_text,
    later_name,
    reasons,
    rule_rows,
)
from persona.waves import QuestionShift, StatementInWave, WaveResult

_SHOWN_SHIFTS, _SHOWN_MOVES = 12, 15
_LOST = ("reversed", "no_longer", "weaker")


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


@dataclass(frozen=True)
class WaveView:
    """One wave after the first."""

    id: str
    name: str
    word: str
    advice: str
    lead: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    rules: Grid
    changes: Grid
    sizes_notes: tuple[str, ...]
    questions: Grid | None
    sample: Grid | None
    sample_notes: tuple[str, ...]
    movements: Grid | None
    moves: Grid | None
    certainty: Grid
    certainty_note: str
    statements: tuple[StatementGroup, ...]
    events: tuple[str, ...]
    overlap: Grid | None
    resegmented: str


@dataclass(frozen=True)
class WavesView:
    """Everything the page shows; ``waves`` the latest first."""

    lead: str
    tiles: tuple[tuple[str, str], ...]
    trend: Chart
    panels: Chart
    certainty: Chart
    sizes: Grid
    waves: tuple[WaveView, ...]
    earlier: Grid | None
    method: tuple[str, ...]
    problems: tuple[Shown, ...]


def waves_view(context: WavesContext) -> WavesView:
    """All parts of the page."""
    tracking = context.tracking
    views = tuple(_wave(wave, context) for wave in reversed(tracking.waves[1:]))
    return WavesView(
        lead=_lead(context),
        tiles=_tiles(context),
        trend=trend_chart(context),
        panels=panels_chart(context),
        certainty=certainty_chart(context),
        sizes=sizes_grid(context),
        waves=views,
        earlier=_earlier(views, context) if len(views) > 1 else None,
        method=_method(context),
        problems=show_all(context.report.problems, context.language),
    )


def _lead(context: WavesContext) -> str:
    language, latest = context.language, context.tracking.latest
    return language.gettext(
        "{wave}: {respondents}, placed by the rule that the study froze and held against the "
        "first wave placed in the same way.",
        wave=context.wave(latest),
        respondents=language.ngettext("{n} respondent", "{n} respondents", latest.n),
    )


def _tiles(context: WavesContext) -> tuple[tuple[str, str], ...]:
    language, tracking = context.language, context.tracking
    latest, say = tracking.latest, language.gettext
    psi = latest.size_stability.psi if latest.size_stability else None
    kept = [one for one in latest.statements if one.standing in ("holds", "weaker", *_LOST)]
    held = sum(one.standing in ("holds", "weaker") for one in kept)
    return (
        (language.number(len(tracking.waves)), say("waves, the first one included")),
        (language.number(psi, 2), say("stability index of the sizes; 0.10 watch, 0.25 act")),
        (language.share(latest.certainty[0].uncertain), say("of people near another segment")),
        (
            language.share(held / len(kept)) if kept else NOTHING,
            say("of the statements that can be judged still hold"),
        ),
    )


def _earlier(views: tuple[WaveView, ...], context: WavesContext) -> Grid:
    say = context.language.gettext
    rows = tuple(
        GridRow(view.name, (view.advice, " ".join(view.reasons) or NOTHING)) for view in views
    )
    return Grid(say("Advice by wave"), (say("Wave"), say("Advice"), say("Why")), rows, (0, 1))


def _wave(wave: WaveResult, context: WavesContext) -> WaveView:
    language = context.language
    word = wave.advice.word if wave.advice else "keep"
    found = wave.realignment
    return WaveView(
        id=wave.id,
        name=context.wave(wave),
        word=word,
        advice=language.gettext(ADVICE[word]),
        lead=language.gettext(LEADS[word], wave=context.wave(wave)),
        reasons=reasons(wave, context),
        cautions=cautions(wave, context),
        rules=_rules(wave, context),
        changes=changes_grid(wave, context),
        sizes_notes=_sizes_notes(wave, context),
        questions=_shifts(wave.questions, language.gettext("Answers that place people"), context),
        sample=_shifts(wave.sample, language.gettext("Who answered"), context),
        sample_notes=_sample_notes(wave, context),
        movements=_movements(wave, context),
        moves=_moves(wave, context),
        certainty=certainty_grid(wave, context),
        certainty_note=_certainty_note(wave, context),
        statements=_statements(wave, context),
        events=tuple(event_text(event, wave, context) for event in found.events) if found else (),
        overlap=_overlap(wave, context) if found else None,
        resegmented=_resegmented(wave, context),
    )


def _rules(wave: WaveResult, context: WavesContext) -> Grid:
    say = context.language.gettext
    heads = (say("Rule"), say("Found"), say("Limit"), say("Met"), say("Then"), say("Source"))
    rows = tuple(
        GridRow(row.name, (row.figure, row.limit, row.verdict, row.level, row.source))
        for row in rule_rows(wave, context)
    )
    return Grid(say("The rules of the advice"), heads, rows, (2, 3, 4))


def _sizes_notes(wave: WaveResult, context: WavesContext) -> tuple[str, ...]:
    language, say = context.language, context.language.gettext
    notes = []
    if wave.size_stability is not None:
        notes.append(
            say(
                "All sizes at once: p {p}; population stability index {psi}, of which sampling "
                "alone exceeds {chance} once in twenty.",
                p=language.p_value(wave.sizes_p),
                psi=language.number(wave.size_stability.psi, 3),
                chance=language.number(wave.size_stability.chance, 3),
            )
        )
    notes.append(
        say(
            "Shares are of those placed, weighted, as placed; intervals and tests allow for the "
            "weights (design effect {deff}) and for {tests} tests (false discovery rate). Freed "
            "of placing errors: the shares that the cross-validated errors of the rule leave "
            "most likely; they are not tested.",
            deff=language.number(wave.deff, 2),
            tests=context.tracking.k,
        )
    )
    if wave.step_changes:
        notes.append(say("* differs from the wave before (corrected p below 0.05)."))
    return tuple(notes)


def _sample_notes(wave: WaveResult, context: WavesContext) -> tuple[str, ...]:
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


def _shifts(shifts: tuple[QuestionShift, ...], title: str, context: WavesContext) -> Grid | None:
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


def _movements(wave: WaveResult, context: WavesContext) -> Grid | None:
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


def _moves(wave: WaveResult, context: WavesContext) -> Grid | None:
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


def _certainty_note(wave: WaveResult, context: WavesContext) -> str:
    """The share uncertain held against what was to be expected."""
    language, change = context.language, wave.uncertain_beyond
    if change is None:
        return ""
    return language.gettext(
        "{share} of people are near another segment, where {expected} were to be expected of "
        "people whom the rule was not learned from: {points} points ({interval}), p {p}. The "
        "first wave taught the rule and is surer than any other.",
        share=language.share(wave.certainty[0].uncertain, 1),
        expected=language.share(context.tracking.expected_uncertain, 1),
        points=points(change.difference, context),
        interval=interval(change, context),
        p=language.p_value(change.p_value),
    )


def _statements(wave: WaveResult, context: WavesContext) -> tuple[StatementGroup, ...]:
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


def _overlap(wave: WaveResult, context: WavesContext) -> Grid | None:
    found = wave.realignment
    if found is None:
        return None
    language, say = context.language, context.language.gettext
    heads = [say("Placed in")]
    heads += [
        f"{number}. {later_name(number, wave, context)} ({language.share(size)})"
        for number, size in enumerate(found.sizes, 1)
    ]
    rows = tuple(
        segment_row(context, segment, [language.share(x) for x in row])
        for segment, row in enumerate(found.overlap, 1)
    )
    return Grid(say("Where people of each segment are, segmented anew"), tuple(heads), rows)


def _resegmented(wave: WaveResult, context: WavesContext) -> str:
    language, found = context.language, wave.realignment
    if found is None:
        return language.gettext(NOT_RESEGMENTED[wave.not_resegmented or "not_asked_for"])
    return language.gettext(
        "The wave segmented by itself with the options of the study shows {segments}. They agree "
        "with the segments placed to {figure} (adjusted Rand index; .65 moderate, .80 good, .90 "
        "excellent, Steinley 2004); the first wave reached {before}.",
        segments=language.ngettext("{n} segment", "{n} segments", found.k),
        figure=language.number(found.agreement, 2),
        before=language.number(found.first_agreement, 2),
    )


def _method(context: WavesContext) -> tuple[str, ...]:
    language, tracking = context.language, context.tracking
    say, agreement = language.gettext, tracking.agreement
    asked = len(tracking.asked)
    used = (
        language.ngettext(
            "Every wave is placed by {n} question, the whole basis.",
            "Every wave is placed by {n} questions, the whole basis.",
            asked,
        )
        if tracking.kind == "complete"
        else language.ngettext(
            "Every wave is placed by {n} golden question, because a wave does not ask the whole "
            "basis.",
            "Every wave is placed by {n} golden questions, because a wave does not ask the whole "
            "basis.",
            asked,
        )
    )
    return (
        used,
        say(
            "Like is held against like: the first wave was placed by the same rule. Of its "
            "respondents {share} are in the segment of the study (kappa {kappa}, adjusted Rand "
            "index {rand}).",
            share=language.share(agreement.share, 1),
            kappa=language.number(agreement.kappa, 2),
            rand=language.number(agreement.rand, 2),
        ),
        say(
            "People are placed by the very answers whose means are compared, so a segment cannot "
            "wander as far as its people might: a move that shows is there, one that does not may "
            "be hidden."
        ),
        say(
            "A statement holds when the grammar of the personas says the same or more of the wave; "
            "it is weaker when at least half of the difference is left, reversed when the grammar "
            "says the opposite, and no longer there otherwise."
        ),
        say(
            "Tests and intervals use effective bases (Kish 1965), Newcombe’s interval for "
            "differences of shares (1998), Welch’s test for means and Rao and Scott’s for tables, "
            "corrected within each table by the false discovery rate."
        ),
    )
