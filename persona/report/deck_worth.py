"""Slides on value and on whether the segments are worth addressing."""

from __future__ import annotations

from typing import Any

from persona.report.native_charts import bubbles, curve, groups
from persona.report.sections import SECTIONS
from persona.report.sections.base import letter
from persona.report.sections.grid import Grid
from persona.report.sections.scorecard import AXES, ScorecardView
from persona.report.sections.value import MEASURES, Value, measures, share_of
from persona.report.slides import INNER, MARGIN, Slides

_COLOURS = ("muted", "accent", "positive")


def value_slide(slides: Slides) -> None:
    """Shares of people and of value as native bars, the Pareto curve beside them."""
    context, say = slides.context, slides.say
    data: Any = SECTIONS["value"].data(context)
    shown: Value | None = data
    targeting = context.report.targeting
    if shown is None or targeting is None or targeting.value is None:
        return
    value = targeting.value
    slide = slides.add(say("Value"))
    slides.text(slide, (MARGIN, 1.15, INNER, 0.8), [(shown.lead, 15, False, slides.colours["ink"])])
    asked = [name for name in measures(value) if name != "potential"] or ["potential"]
    names = [f"{letter(one.segment)}  {context.name(one.segment)}" for one in value.segments]
    words = [say("People"), *(say(MEASURES[name]) for name in asked)]
    columns: list[list[float | None]] = [[one.people for one in value.segments]]
    for name in asked:
        found = [share_of(one, name) for one in value.segments]
        columns.append([share.share if share else None for share in found])
    series = [
        (word, column, slides.colours[colour])
        for word, column, colour in zip(words, columns, _COLOURS, strict=False)
    ]
    groups(slides, slide, (MARGIN, 1.95, 6.9, 5.0), names, series, shown.groups.alt)
    points = [(point.customers, point.value) for point in value.pareto]
    lines = [
        (say(MEASURES[value.ranked_by]), points, slides.colours["accent"]),
        (say("all bring the same"), [(0.0, 0.0), (1.0, 1.0)], slides.colours["muted"]),
    ]
    axes = (
        say("Percent of respondents, the best first"),
        say("Percent of {measure}", measure=say(MEASURES[value.ranked_by]).lower()),
    )
    curve(slides, slide, (7.7, 1.95, 5.0, 5.0), lines, axes, shown.curve.alt)
    slides.notes(slide, "\n".join((*shown.measures, *shown.notes)))


def shares_slide(slides: Slides) -> None:
    """Shares of people and of value, and what a respondent brings, each as a native table."""
    data: Any = SECTIONS["value"].data(slides.context)
    shown: Value | None = data
    if shown is None:
        return
    for grid in (shown.shares, shown.means):
        slide = slides.add(grid.title)
        _grid(slides, slide, grid)
        slides.notes(slide, "\n".join(shown.notes))


def _grid(slides: Slides, slide: Any, grid: Grid) -> None:
    """A table of a section as a native table."""
    rows = [
        grid.heads,
        *(
            (f"{row.letter}  {row.head}" if row.letter else row.head, *row.cells)
            for row in grid.rows
        ),
    ]
    size = 12.0 if len(grid.heads) <= 8 else 10.0
    widths = [3.0, *[1.2] * (len(grid.heads) - 1)]
    height = min(0.5, 5.6 / len(rows))
    slides.table(slide, (MARGIN, 1.35, INNER), rows, widths, size, height)


def tests_slide(slides: Slides) -> None:
    """The tests of every segment as a native table: passed, failed or not asked, with figures."""
    say = slides.say
    data: Any = SECTIONS["scorecard"].data(slides.context)
    shown: ScorecardView | None = data
    if shown is None:
        return
    slide = slides.add(say("Worth addressing?"))
    heads = [say("Test"), *(f"{head.letter}  {head.name}" for head in shown.heads)]
    rows: list[list[str]] = [heads]
    notes = []
    for line in shown.lines:
        cells = []
        for cell, head in zip(line.cells, shown.heads, strict=True):
            sign = {"pass": "▲ ", "fail": "▼ "}.get(cell.outcome, "")
            figures = f" {cell.figure} ({cell.limit})" if cell.outcome != "not_asked" else ""
            cells.append(f"{sign}{cell.word}{figures}")
            if cell.detail:
                notes.append(f"{line.name}, {head.letter}: {cell.detail}")
        rows.append([line.name, *cells])
    sums = [f"{head.sum} · {say('out')}" if head.out else head.sum for head in shown.heads]
    rows.append([say("Sum"), *sums])
    size = 11.0 if len(shown.heads) <= 5 else 9.0
    slides.table(slide, (MARGIN, 1.35, INNER), rows, [1.5, *[2.0] * len(shown.heads)], size, 0.46)
    explained = [f"{line.name}: {line.explained}" for line in shown.lines]
    slides.notes(slide, "\n".join((*explained, *notes, *shown.notes)))


def attractiveness_slide(slides: Slides) -> None:
    """How attractive each segment is to us and we to it, as native bubbles; none without both."""
    context, say = slides.context, slides.say
    data: Any = SECTIONS["scorecard"].data(context)
    shown: ScorecardView | None = data
    targeting = context.report.targeting
    if shown is None or shown.plot is None or targeting is None:
        return
    slide = slides.add(say("Attractiveness"))
    points = [
        (
            f"{letter(point.segment)}  {context.name(point.segment)}",
            point.to_us,
            point.of_us,
            point.value if point.value is not None else point.size,
            context.colour(point.segment),
        )
        for point in targeting.points
        if point.to_us is not None and point.of_us is not None
    ]
    axes = (say(AXES["segment"]), say(AXES["us"]))
    bubbles(slides, slide, (MARGIN, 1.3, INNER, 5.3), points, axes, shown.plot.alt)
    note = [(shown.criteria_note, 11, False, slides.colours["muted"])]
    slides.text(slide, (MARGIN, 6.7, INNER, 0.5), note)
