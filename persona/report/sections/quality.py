"""Data quality and weights: what came in, what was used, what is missing and why."""

from __future__ import annotations

from dataclasses import dataclass

import persona.report.sections.quality_tables as tables
from persona.report.charts.canvas import Chart
from persona.report.locale import message
from persona.report.model import MissingCount
from persona.report.problems import Shown, show_all
from persona.report.sections.base import Context, Section
from persona.report.sections.grid import Grid
from persona.report.statements import Line

MOST_PROBLEMS = 60
"""Problems of the answers listed in the report; ``results.json`` holds every one."""

MOST_ON_PAPER = 15
"""Columns with missing answers that paper lists; index.html lists every one."""


@dataclass(frozen=True)
class MissingRow:
    """One variable: its text, how many answered, and the counts of each reason."""

    text: str
    answered: str
    share: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class QualityView:
    """Everything about the data before the analysis.

    ``missing`` begins with the column that lacks most; paper shows ``on_paper`` and then ``rest``.
    """

    flow: tuple[Line, ...]
    exclusions: tuple[Line, ...]
    reasons: tuple[str, ...]
    missing: tuple[MissingRow, ...]
    on_paper: tuple[MissingRow, ...]
    rest: str
    complete: str
    weights: tuple[Line, ...]
    weights_note: str
    raking: tuple[str, ...]
    targets: Grid | None
    proposal: tuple[str, ...]
    care: tuple[Grid, ...]
    sources: tuple[Grid, ...]
    pictures: tuple[tuple[Chart, str], ...]
    patterns: Grid | None
    problems: tuple[Shown, ...]
    further: str


def build(context: Context) -> QualityView:
    """Counts of respondents, reasons of missing answers, weights, and problems found."""
    report, language = context.report, context.language
    quality = report.quality
    incomplete = sorted((one for one in quality.missing if _lost(one)), key=_lost, reverse=True)
    complete = len(quality.missing) - len(incomplete)
    rows = tuple(_row(one, context) for one in incomplete)
    told = {f"quality.{flag.check}" for flag in quality.flags}
    problems = show_all(tuple(p for p in quality.problems if p.code not in told), language)
    further = len(problems) - MOST_PROBLEMS
    return QualityView(
        flow=_flow(context),
        exclusions=tuple(
            Line(language.gettext(reason), language.number(count))
            for reason, count in quality.exclusions
        ),
        reasons=(
            language.gettext("don’t know"),
            language.gettext("refused"),
            language.gettext("not asked"),
            language.gettext("not applicable"),
            language.gettext("empty"),
            language.gettext("faulty"),
        ),
        missing=rows,
        on_paper=rows[:MOST_ON_PAPER],
        rest=_rest(rows[MOST_ON_PAPER:], context),
        complete=language.ngettext(
            "{n} further column was answered by everybody.",
            "{n} further columns were answered by everybody.",
            complete,
        )
        if complete and quality.missing
        else "",
        weights=_weights(context),
        weights_note=_weights_note(context),
        raking=tables.raking(context),
        targets=tables.targets(context),
        proposal=tables.proposal(context),
        care=_present(tables.flags(context), tables.changes(context), tables.not_checked(context)),
        sources=_present(tables.records(context), tables.personal(context)),
        pictures=_pictures(tuple(incomplete), context),
        patterns=tables.patterns(context),
        problems=problems[:MOST_PROBLEMS],
        further=language.ngettext(
            "{n} further problem is listed in results.json.",
            "{n} further problems are listed in results.json.",
            further,
        )
        if further > 0
        else "",
    )


def _rest(rows: tuple[MissingRow, ...], context: Context) -> str:
    """What paper leaves out of the table, and where it stands."""
    if not rows:
        return ""
    return context.language.ngettext(
        "{n} further column has fewer missing answers ({share} answered); index.html lists it.",
        "{n} further columns have fewer missing answers (at least {share} answered); index.html "
        "lists them all.",
        len(rows),
        share=context.language.percent(min(row.share for row in rows)),
    )


def _present(*found: Grid | None) -> tuple[Grid, ...]:
    return tuple(grid for grid in found if grid is not None)


def _flow(context: Context) -> tuple[Line, ...]:
    quality, language = context.report.quality, context.language
    lines = [
        Line(language.gettext("Respondents in the file"), language.number(quality.rows)),
        Line(language.gettext("Used"), language.number(quality.used)),
        Line(language.gettext("Excluded"), language.number(quality.excluded)),
    ]
    if quality.platform not in ("", "table"):
        lines.append(Line(language.gettext("Source of the file"), quality.platform))
    return tuple(lines)


def _pictures(missing: tuple[MissingCount, ...], context: Context) -> tuple[tuple[Chart, str], ...]:
    """The missing answers by respondent and by question, each with what it shows."""
    say = context.language.gettext
    shown = (
        (tables.histogram(context), say("Respondents by how much they left unanswered.")),
        (
            tables.stacks(missing, context),
            say("The columns with the fewest answers, and what became of the others."),
        ),
    )
    return tuple((chart, caption) for chart, caption in shown if chart is not None)


def _lost(count: MissingCount) -> int:
    return (
        count.dont_know
        + count.refused
        + count.not_asked
        + count.not_applicable
        + count.empty
        + count.faulty
    )


def _row(count: MissingCount, context: Context) -> MissingRow:
    number = context.language.number
    everybody = count.answered + _lost(count)
    return MissingRow(
        text=context.text(count.text) or count.variable,
        answered=number(count.answered),
        share=100 * count.answered / everybody if everybody else 0.0,
        reasons=tuple(
            number(reason) if reason else "·"
            for reason in (
                count.dont_know,
                count.refused,
                count.not_asked,
                count.not_applicable,
                count.empty,
                count.faulty,
            )
        ),
    )


def _weights(context: Context) -> tuple[Line, ...]:
    weights, language = context.report.weights, context.language
    if not weights.weighted:
        return ()
    return (
        Line(language.gettext("Weight"), weights.variable or "–"),
        Line(language.gettext("Respondents"), language.number(weights.n)),
        Line(language.gettext("Effective sample"), language.number(weights.effective_n, 1)),
        Line(language.gettext("Design effect (Kish)"), language.number(weights.deff, 2)),
        Line(language.gettext("Efficiency"), language.share(weights.efficiency, 1)),
        Line(
            language.gettext("Smallest and largest weight"),
            f"{language.number(weights.minimum, 2)} / {language.number(weights.maximum, 2)}",
        ),
    )


def _weights_note(context: Context) -> str:
    if not context.report.weights.weighted:
        return context.language.gettext(
            "The study declares no weights: every respondent counts once."
        )
    return context.language.gettext(
        "Weighting costs precision: intervals are as wide as those of the effective sample."
    )


SECTION = Section("quality", message("Data quality and weights"), build)
