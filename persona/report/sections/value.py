"""Value: who brings how much, and who the best customers are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.profiling.pareto import BEST
from persona.profiling.result import Texts, ValueShare
from persona.report.charts.canvas import Chart
from persona.report.charts.worth import (
    CURVE_SIZE,
    Curve,
    Group,
    groups_size,
    paint_curve,
    paint_groups,
)
from persona.report.locale import NOTHING, Language, message
from persona.report.sections.base import Context, Section, letter
from persona.report.sections.grid import Grid, GridRow, segment_row
from persona.report.statements import Said
from persona.report.statements import say as in_words
from persona.report.targets import tenths

if TYPE_CHECKING:
    from persona.profiling.worth import SegmentWorth, ValueAnalysis

MEASURES = {
    "revenue": message("Revenue"),
    "margin": message("Margin"),
    "potential": message("Potential"),
}
SHOWN = 6
LONGEST = 60
"""Characters up to which a measure is called by the question that asked for it."""


@dataclass(frozen=True)
class Value:
    """What segments and customers are worth."""

    lead: str
    measures: tuple[str, ...]
    shares: Grid
    means: Grid
    groups: Chart
    curve: Chart
    best: Grid
    best_said: tuple[Said, ...]
    tenths: Grid | None
    notes: tuple[str, ...]


def build(context: Context) -> Value | None:
    """The value of segments and customers; nothing when it was not measured."""
    targeting = context.report.targeting
    if targeting is None or targeting.value is None:
        return None
    value, say = targeting.value, context.language.gettext
    lead = say(
        "The best {part} of the respondents bring {share} of “{measure}” (Gini coefficient "
        "{gini}).",
        part=context.language.share(BEST),
        share=context.language.share(value.best_share),
        measure=_named(value, value.ranked_by, context),
        gini=context.language.number(value.gini, 2),
    )
    return Value(
        lead=lead,
        measures=tuple(
            f"{say(MEASURES[name])}: {_asked(value, name, context)}" for name in measures(value)
        ),
        shares=_shares(value, context),
        means=_means(value, context),
        groups=groups_chart(value, context),
        curve=curve_chart(value, context),
        best=_best(value, context),
        best_said=tuple(in_words(one, context.language) for one in value.best_statements[:SHOWN]),
        tenths=_tenths(value, context),
        notes=_notes(value, context),
    )


def measures(value: ValueAnalysis) -> tuple[str, ...]:
    """The measures of value that there are, in their order."""
    return tuple(name for name in MEASURES if getattr(value, name))


def share_of(one: SegmentWorth, name: str) -> ValueShare | None:
    """One measure of value in one segment."""
    found: ValueShare | None = getattr(one, name)
    return found


def _named(value: ValueAnalysis, name: str, context: Context) -> str:
    for one in value.segments:
        share = share_of(one, name)
        if share is not None:
            return measure_name(share.text, name, context)
    return context.language.gettext(MEASURES[name])


def _asked(value: ValueAnalysis, name: str, context: Context) -> str:
    shares = [share for one in value.segments if (share := share_of(one, name)) is not None]
    return context.text(shares[0].text) if shares else ""


def measure_name(texts: Texts, name: str, context: Context) -> str:
    """What a measure is called: as it was asked, or its word where that is long."""
    text = context.text(texts)
    return text if 0 < len(text) <= LONGEST else context.language.gettext(MEASURES[name])


def money(number: float | None, unit: str | None, language: Language) -> str:
    """An amount as it is written, with its unit."""
    if number is None:
        return NOTHING
    text = language.number(number, 0 if abs(number) >= 100 else 1)
    return f"{text} {unit}" if unit else text


def _shares(value: ValueAnalysis, context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    names = measures(value)
    heads = [say("Segment"), say("Rank"), say("Share of people")]
    for name in names:
        heads += [say("Share of {measure}", measure=say(MEASURES[name]).lower()), say("Index")]
    if value.revenue and value.potential:
        heads.append(say("Realised of potential"))
    rows = []
    for one in value.segments:
        cells = [language.number(one.rank), language.share(one.people, 1)]
        for name in names:
            share = share_of(one, name)
            cells += [
                _with_interval(share, language),
                language.number(share.index if share else None),
            ]
        if value.revenue and value.potential:
            cells.append(language.share(one.realised))
        rows.append(segment_row(context, one.segment, cells))
    return Grid(say("Shares of people and of value"), tuple(heads), tuple(rows))


def _with_interval(share: ValueShare | None, language: Language) -> str:
    if share is None or share.share is None:
        return NOTHING
    text = language.share(share.share, 1)
    if share.share_low is None or share.share_high is None:
        return text
    return f"{text} ({language.interval(100 * share.share_low, 100 * share.share_high)})"


def _means(value: ValueAnalysis, context: Context) -> Grid:
    """Mean with its interval and median of each measure; what is left of it after the cost."""
    say, language = context.language.gettext, context.language
    targeting = context.report.targeting
    costs = targeting.costs if targeting is not None else {}
    heads = [say("Segment")]
    for name in measures(value):
        word = say(MEASURES[name])
        heads += [
            say("{measure}, mean", measure=word),
            say("95% interval"),
            say("{measure}, median", measure=word),
        ]
    if costs:
        heads += [say("Cost of addressing"), say("Value less cost")]
    heads.append(say("Base"))
    rows = []
    for one in value.segments:
        cells: list[str] = []
        for name in measures(value):
            share = share_of(one, name)
            unit = share.unit if share else None
            cells += [
                money(share.mean if share else None, unit, language),
                language.interval(share.low, share.high) if share else NOTHING,
                money(share.median if share else None, unit, language),
            ]
        ranked = share_of(one, value.ranked_by)
        if costs:
            cost = costs.get(one.segment, 0.0)
            mean = ranked.mean if ranked else None
            cells += [
                language.number(cost),
                language.number(None if mean is None else mean - cost),
            ]
        cells.append(language.number(ranked.base if ranked else None))
        rows.append(segment_row(context, one.segment, cells))
    return Grid(say("What a respondent brings"), tuple(heads), tuple(rows))


def _best(value: ValueAnalysis, context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    part = language.share(BEST)
    rows = [
        segment_row(
            context,
            one.segment,
            (
                language.share(one.best),
                language.share(one.of_best),
                language.number(one.best_index),
            ),
        )
        for one in value.segments
    ]
    heads = (
        say("Segment"),
        say("Of its members among the best {part}", part=part),
        say("Of the best {part} in the segment", part=part),
        say("Index"),
    )
    return Grid(say("Where the best {part} are", part=part), heads, tuple(rows))


def _tenths(value: ValueAnalysis, context: Context) -> Grid | None:
    say, language = context.language.gettext, context.language
    rows = [
        GridRow(
            say("Tenth {number}", number=one.number),
            (
                language.number(one.customers),
                language.number(one.mean),
                language.number(one.least),
                language.share(one.share, 1),
                language.share(one.cumulative, 1),
            ),
        )
        for one in tenths(value)
    ]
    if not rows:
        return None
    heads = (
        say("Respondents, the best first"),
        "n",
        say("Mean"),
        say("Least"),
        say("Share of the sum"),
        say("Cumulative"),
    )
    return Grid(say("Respondents ranked"), heads, tuple(rows))


def _notes(value: ValueAnalysis, context: Context) -> tuple[str, ...]:
    say = context.language.gettext
    notes = [
        say(
            "Ranked by {measure}, {base}. Sums are weighted and scaled to the respondents; "
            "intervals are 95%.",
            measure=say(MEASURES[value.ranked_by]).lower(),
            base=context.language.ngettext("{n} respondent", "{n} respondents", value.base),
        ),
        say("customers.csv ranks every respondent."),
    ]
    return tuple(notes)


def groups_chart(value: ValueAnalysis, context: Context) -> Chart:
    """Shares of people and of each measure by segment."""
    say, language = context.language.gettext, context.language
    names = [name for name in measures(value) if name != "potential"] or ["potential"]
    words = [say("People"), *(say(MEASURES[name]) for name in names)]
    groups = []
    for one in value.segments:
        found = [share_of(one, name) for name in names]
        shares = [one.people, *(share.share if share else None for share in found)]
        figures = tuple(language.share(share) for share in shares)
        told = ", ".join(f"{word} {text}" for word, text in zip(words, figures, strict=True))
        groups.append(
            Group(
                f"{letter(one.segment)}  {context.name(one.segment)}",
                context.colour(one.segment),
                tuple(None if share is None else 100 * share for share in shares),
                figures,
                f"{context.name(one.segment)}: {told}",
            )
        )
    alt = say(
        "Shares of people and of value. {list}", list="; ".join(group.tip for group in groups)
    )
    paint = paint_groups(groups, words, context.theme)
    return context.draw("value-shares", groups_size(groups), paint, alt)


def curve_chart(value: ValueAnalysis, context: Context) -> Chart:
    """The Pareto curve with the best fifth marked."""
    say, language = context.language.gettext, context.language
    measure = _named(value, value.ranked_by, context)
    best = say(
        "the best {part} bring {share}",
        part=language.share(BEST),
        share=language.share(value.best_share),
    )
    curve = Curve(
        tuple((point.customers, point.value) for point in value.pareto),
        (BEST, value.best_share),
        best,
        say("Percent of respondents, the best first"),
        say("Percent of {measure}", measure=say(MEASURES[value.ranked_by]).lower()),
        say("all bring the same"),
    )
    alt = say("Pareto curve of “{measure}”: {best}.", measure=measure, best=best)
    return context.draw("value-pareto", CURVE_SIZE, paint_curve(curve, context.theme), alt)


SECTION = Section("value", message("Value"), build)
