"""Sizes and certainty over the waves: tables and pictures."""

from __future__ import annotations

from persona.report.charts.canvas import Chart
from persona.report.charts.shapes import chart
from persona.report.charts.waves import Dot, Series, panels_picture, trend_picture
from persona.report.locale import NOTHING
from persona.report.sections.base import letter
from persona.report.sections.grid import Grid, GridRow
from persona.report.waves_model import WavesContext
from persona.waves import Change, WaveResult

_STEPS = (0.05, 0.1, 0.2, 0.25)


def sizes_grid(context: WavesContext) -> Grid:
    """Share of each segment in every wave, with its interval."""
    language, waves = context.language, context.tracking.waves
    heads = [language.gettext("Segment")]
    heads += [context.wave(wave) for wave in waves]
    rows = []
    for segment in context.tracking.names:
        cells = []
        for wave in waves:
            size = wave.size(segment)
            interval = language.interval(100 * size.low, 100 * size.high, 1)
            cells.append(f"{language.share(size.share, 1)} ({interval})")
        rows.append(segment_row(context, segment, cells))
    totals = [
        language.gettext("{placed} of {all} placed", placed=wave.placed, all=wave.n)
        for wave in waves
    ]
    rows.append(GridRow(language.gettext("Respondents"), tuple(totals)))
    return Grid(language.gettext("Sizes of the segments"), tuple(heads), tuple(rows))


def changes_grid(wave: WaveResult, context: WavesContext) -> Grid:
    """Change of each share since the first wave, and what else the share may be."""
    language = context.language
    say = language.gettext
    heads = [say("Segment"), "n", say("Share"), say("Points since the first wave")]
    heads += [say("95% interval"), say("p, corrected")]
    if wave.step_changes:
        heads.append(say("Points since the wave before"))
    heads.append(say("Freed of placing errors"))
    if wave.standardised_by:
        heads.append(say("Sample as in the first wave"))
    rows = []
    for size in wave.sizes:
        change = wave.size_changes[size.segment]
        cells = [
            language.number(size.n),
            language.share(size.share, 1),
            points(change.difference, context),
            interval(change, context),
            language.p_value(change.p_adjusted),
        ]
        if wave.step_changes:
            step = wave.step_changes[size.segment]
            star = " *" if step.significant else ""
            cells.append(f"{points(step.difference, context)}{star}")
        cells.append(_share(size.corrected, size.corrected_low, size.corrected_high, context))
        if wave.standardised_by:
            cells.append(
                _share(size.standardised, size.standardised_low, size.standardised_high, context)
            )
        rows.append(segment_row(context, size.segment, cells))
    return Grid(say("Changes of the sizes"), tuple(heads), tuple(rows))


def certainty_grid(wave: WaveResult, context: WavesContext) -> Grid:
    """Share uncertain, mean probability and lead, with their changes."""
    language = context.language
    say = language.gettext
    heads = (
        say("Segment"),
        "n",
        say("Uncertain"),
        say("Points since the first wave"),
        say("p, corrected"),
        say("Mean probability"),
        say("Lead (log odds)"),
        say("p, corrected"),
    )
    rows = []
    for one in wave.certainty:
        if not one.n:
            rows.append(segment_row(context, one.segment, ["0", *[NOTHING] * 6]))
            continue
        uncertain, margin = one.uncertain_change, one.margin_change
        rows.append(
            segment_row(
                context,
                one.segment,
                [
                    language.number(one.n),
                    language.share(one.uncertain, 1),
                    points(uncertain.difference, context) if uncertain else NOTHING,
                    language.p_value(uncertain.p_adjusted if uncertain else None),
                    language.number(one.probability, 2),
                    language.number(one.margin, 2),
                    language.p_value(margin.p_adjusted if margin else None),
                ],
            )
        )
    return Grid(say("Certainty of placing"), heads, tuple(rows))


def segment_row(context: WavesContext, segment: int, cells: list[str]) -> GridRow:
    """A row that a segment owns; 0 is everybody and owns none."""
    badge = (letter(segment), context.colour(segment)) if segment else ("", "")
    return GridRow(context.name(segment), tuple(cells), *badge)


def points(difference: float, context: WavesContext) -> str:
    """A difference of shares in percent points, with its sign."""
    text = context.language.number(100 * difference, 1)
    return f"+{text}" if difference > 0.0005 else text


def interval(change: Change, context: WavesContext) -> str:
    """The interval of a difference of shares, in points."""
    if change.low is None or change.high is None:
        return NOTHING
    low, high = (context.language.number(100 * x, 1) for x in (change.low, change.high))
    return context.language.gettext("{low} to {high}", low=low, high=high)


def _share(
    value: float | None, low: float | None, high: float | None, context: WavesContext
) -> str:
    if value is None or low is None or high is None:
        return NOTHING
    language = context.language
    return f"{language.share(value, 1)} ({language.interval(100 * low, 100 * high, 1)})"


def trend_chart(context: WavesContext) -> Chart:
    """Sizes of all segments over the waves."""
    series = _size_series(context)
    alt = context.language.gettext(
        "Sizes of the segments over the waves. {list}",
        list="; ".join(dot.tip for one in series for dot in one.dots),
    )
    names = [context.wave(wave) for wave in context.tracking.waves]
    return chart(
        "waves-sizes", trend_picture(series, names, _percents(series, context), context.theme), alt
    )


def panels_chart(context: WavesContext) -> Chart:
    """Sizes over the waves, one small picture a segment."""
    series = _size_series(context)
    alt = context.language.gettext("Size of each segment over the waves, one picture a segment.")
    names = [context.wave(wave) for wave in context.tracking.waves]
    return chart("waves-segments", panels_picture(series, names, _top(series), context.theme), alt)


def certainty_chart(context: WavesContext) -> Chart:
    """Share uncertain over the waves: of everybody, then by segment."""
    language, tracking = context.language, context.tracking
    series = []
    for segment in range(tracking.k + 1):
        dots = []
        for place, wave in enumerate(tracking.waves):
            one = wave.certainty[segment]
            if one.n:
                figure = language.share(one.uncertain)
                tip = f"{context.name(segment)}, {context.wave(wave)}: {figure}"
                dots.append(Dot(place, one.uncertain, None, None, figure, tip))
        expected = None if segment else tracking.expected_uncertain
        label = letter(segment) if segment else ""
        name, colour = context.name(segment), context.colour(segment)
        series.append(Series(label, name, colour, tuple(dots), expected))
    alt = language.gettext(
        "Share of people near another segment, by wave. {list}",
        list="; ".join(dot.tip for one in series for dot in one.dots),
    )
    names = [context.wave(wave) for wave in tracking.waves]
    return chart("waves-certainty", panels_picture(series, names, _top(series), context.theme), alt)


def _size_series(context: WavesContext) -> list[Series]:
    language = context.language
    series = []
    for segment in context.tracking.names:
        dots = []
        for place, wave in enumerate(context.tracking.waves):
            size = wave.size(segment)
            figure = language.share(size.share)
            tip = language.gettext(
                "{name}, {wave}: {share} of people, 95% interval {interval}, n = {n}",
                name=context.name(segment),
                wave=context.wave(wave),
                share=language.share(size.share, 1),
                interval=language.interval(100 * size.low, 100 * size.high, 1),
                n=size.n,
            )
            dots.append(Dot(place, size.share, size.low, size.high, figure, tip))
        name, colour = context.name(segment), context.colour(segment)
        series.append(Series(letter(segment), name, colour, tuple(dots)))
    return series


def _top(series: list[Series]) -> float:
    highest = max((dot.high or dot.value for one in series for dot in one.dots), default=0.1)
    return max(highest * 1.02, 0.05)


def _percents(series: list[Series], context: WavesContext) -> list[tuple[float, str]]:
    """Round marks from zero to above the highest interval."""
    top = _top(series)
    step = next((one for one in _STEPS if top / one <= 6), _STEPS[-1])
    count = int(-(-top // step))
    return [(step * place, context.language.share(step * place)) for place in range(count + 1)]
