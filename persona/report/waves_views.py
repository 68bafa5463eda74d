"""The page of the waves as plain data: what its template shows."""

from __future__ import annotations

from dataclasses import dataclass

from persona.report.charts.canvas import Chart
from persona.report.locale import NOTHING
from persona.report.problems import Shown, show_all
from persona.report.sections.grid import Grid, GridRow
from persona.report.waves_model import WavesContext
from persona.report.waves_shifts import movements_grid, moves_grid, sample_notes, shifts_grid
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
from persona.report.waves_statements import StatementGroup, statement_groups
from persona.report.waves_words import (
    ADVICE,
    LEADS,
    NOT_RESEGMENTED,
    cautions,
    event_text,
    later_name,
    reasons,
    rule_rows,
)
from persona.waves import WaveResult
from persona.waves.model import JUDGED


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
    kept = [one for one in latest.statements if one.standing in JUDGED]
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
        questions=shifts_grid(
            wave.questions, language.gettext("Answers that place people"), context
        ),
        sample=shifts_grid(wave.sample, language.gettext("Who answered"), context),
        sample_notes=sample_notes(wave, context),
        movements=movements_grid(wave, context),
        moves=moves_grid(wave, context),
        certainty=certainty_grid(wave, context),
        certainty_note=_certainty_note(wave, context),
        statements=statement_groups(wave, context),
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
        "excellent, Steinley 2004), where {expected} was to be expected from resamples of the "
        "study.",
        segments=language.ngettext("{n} segment", "{n} segments", found.k),
        figure=language.number(found.agreement, 2),
        expected=language.number(found.expected, 2),
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
