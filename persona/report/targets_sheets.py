"""Sheets of ``tables.xlsx`` on value, opportunities, tests and several bases, with charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from persona.profiling.worth import ValueAnalysis
from persona.report.banner_sheet import Entry, number
from persona.report.sections.base import Context, letter
from persona.report.sections.bases import base_name, group_name
from persona.report.sections.scorecard import OUTCOMES, TESTS
from persona.report.sections.value import MEASURES, measures, share_of
from persona.report.sheets import Book, row_height, widths, write_text
from persona.report.targets import Targeting, tenths

_FORMS = {
    "recognisable": "0%",
    "measurable": "0%",
    "large": "#,##0",
    "valuable": "#,##0",
    "reachable": '0"%"',
    "stable": "0.00",
    "bounded": "0%",
}
Figure = tuple[float | str | None, str]
"""A number or text, and the number format of it."""


@dataclass(frozen=True)
class _Table:
    """A table: title, heads, and rows of a text and figures."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, Sequence[Figure]]]


def target_sheets(book: Book, context: Context) -> list[Entry]:
    """A sheet each of value, opportunities, tests and bases, where the study has them."""
    targeting = context.report.targeting
    if targeting is None:
        return []
    entries = []
    if targeting.value is not None:
        entries.append(_value(book, context, targeting.value))
    if targeting.needs:
        entries.append(_needs(book, context, targeting))
    if targeting.scorecards:
        entries.append(_tests(book, context, targeting))
    if targeting.comparison is not None:
        entries += _bases(book, context, targeting)
    return entries


def _sheet(book: Book, name: str) -> Any:
    sheet = book.sheet(name)
    write_text(sheet, 0, 0, name, book.format(bold=True, font_size=14))
    widths(sheet, {0: 46} | dict.fromkeys(range(1, 24), 14))
    sheet.freeze_panes(1, 1)
    return sheet


def _written(book: Book, sheet: Any, table: _Table, row: int) -> int:
    """Write a table from ``row`` on; returns the first free row after it."""
    ink = book.theme.colours["ink"]
    write_text(sheet, row, 0, table.title, book.format(bold=True, font_size=12))
    for column, text in enumerate(table.heads):
        side = "right" if column else "left"
        style = book.format(
            bold=True, bottom=2, bottom_color=ink, text_wrap=True, valign="bottom", align=side
        )
        write_text(sheet, row + 1, column, text, style)
    row_height(sheet, row + 1, *((text, 11 if at else 42) for at, text in enumerate(table.heads)))
    row += 2
    for text, figures in table.rows:
        write_text(sheet, row, 0, text, book.format(text_wrap=True))
        row_height(sheet, row, (text, 50))
        for column, (value, form) in enumerate(figures, 1):
            if isinstance(value, str):
                write_text(sheet, row, column, value, book.format(align="right", text_wrap=True))
            else:
                number(book, sheet, row, column, value, form)
        row += 1
    return row + 1


def _value(book: Book, context: Context, value: ValueAnalysis) -> Entry:
    """Shares, means and the best fifth by segment; the Pareto curve; respondents in tenths."""
    say = context.language.gettext
    sheet = _sheet(book, say("Value"))
    names = measures(value)
    heads = [say("Segment"), say("Share of people")]
    for name in names:
        word = say(MEASURES[name])
        heads += [
            say("Share of {measure}", measure=word.lower()),
            say("from"),
            say("to"),
            say("Index"),
            say("{measure}, mean", measure=word),
            say("from"),
            say("to"),
            say("{measure}, median", measure=word),
        ]
    heads += [say("Among the best 20%"), say("Share of the best 20%")]
    rows: list[tuple[str, list[Figure]]] = []
    for one in value.segments:
        figures: list[Figure] = [(one.people, "0.0%")]
        for name in names:
            share = share_of(one, name)
            figures += [
                (share.share if share else None, "0.0%"),
                (share.share_low if share else None, "0.0%"),
                (share.share_high if share else None, "0.0%"),
                (share.index if share else None, "0"),
                (share.mean if share else None, "#,##0.0"),
                (share.low if share else None, "#,##0.0"),
                (share.high if share else None, "#,##0.0"),
                (share.median if share else None, "#,##0.0"),
            ]
        figures += [(one.best, "0%"), (one.of_best, "0%")]
        rows.append((f"{letter(one.segment)}  {context.name(one.segment)}", figures))
    table = _Table(say("Shares of people and of value"), tuple(heads), rows)
    end = _written(book, sheet, table, 2)
    ranked = list(names).index(value.ranked_by)
    _shares_chart(book, sheet, context, (4, 3 + len(rows), 2 + 8 * ranked))
    end = _tenths(book, sheet, context, value, max(end, 4 + len(rows)))
    _pareto(book, sheet, context, value, end)
    return Entry(say("Value"), sheet.get_name(), 0, value.base)


def _shares_chart(book: Book, sheet: Any, context: Context, place: tuple[int, int, int]) -> None:
    """People beside value: a chart of Excel's own, below everything else."""
    say, name = context.language.gettext, sheet.get_name()
    first, last, column = place
    chart = book.book.add_chart({"type": "column"})
    colours = book.theme.colours
    for at, colour in ((1, colours["line"]), (column, colours["accent"])):
        chart.add_series(
            {
                "name": [name, first - 1, at],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, at, last, at],
                "fill": {"color": colour},
                "data_labels": {"value": True, "num_format": "0%"},
            }
        )
    chart.set_title({"name": say("Shares of people and of value"), "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 620, "height": 340})
    sheet.insert_chart(last + 17, 2, chart)


def _tenths(book: Book, sheet: Any, context: Context, value: ValueAnalysis, row: int) -> int:
    say = context.language.gettext
    rows = [
        (
            say("Tenth {number}", number=one.number),
            (
                (float(one.customers), "#,##0"),
                (one.mean, "#,##0.0"),
                (one.least, "#,##0.0"),
                (one.share, "0.0%"),
                (one.cumulative, "0.0%"),
            ),
        )
        for one in tenths(value)
    ]
    if not rows:
        return row
    heads = (
        say("Respondents, the best first"),
        "n",
        say("Mean"),
        say("Least"),
        say("Share of the sum"),
        say("Cumulative"),
    )
    return _written(book, sheet, _Table(say("Respondents ranked"), heads, rows), row)


def _pareto(book: Book, sheet: Any, context: Context, value: ValueAnalysis, row: int) -> None:
    """The curve at every fifth percent, and a chart of it."""
    say, name = context.language.gettext, sheet.get_name()
    row += 18
    rows = [
        ("", ((point.customers, "0%"), (point.value, "0.0%"), (point.customers, "0%")))
        for point in value.pareto[::5]
    ]
    heads = ("", say("People"), say(MEASURES[value.ranked_by]), say("all bring the same"))
    _written(book, sheet, _Table(say("Pareto curve"), heads, rows), row)
    first, last = row + 2, row + 1 + len(rows)
    chart = book.book.add_chart({"type": "scatter", "subtype": "straight"})
    colours = book.theme.colours
    for column, colour, dash in ((2, colours["accent"], "solid"), (3, colours["muted"], "dash")):
        chart.add_series(
            {
                "name": [name, row + 1, column],
                "categories": [name, first, 1, last, 1],
                "values": [name, first, column, last, column],
                "line": {"color": colour, "width": 2, "dash_type": dash},
            }
        )
    axis = {"min": 0, "max": 1, "num_format": "0%", "major_gridlines": {"visible": False}}
    people = say("Percent of respondents, the best first")
    chart.set_x_axis(axis | {"name": people, "name_font": {"bold": False}})
    chart.set_y_axis({"min": 0, "num_format": "0%"})
    chart.set_title({"name": say("Pareto curve"), "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 560, "height": 400})
    sheet.insert_chart(row + 1, 5, chart)


def _needs(book: Book, context: Context, targeting: Targeting) -> Entry:
    say, sizes = context.language.gettext, context.report.profile.segments
    sheet = _sheet(book, say("Opportunities"))
    heads = (say("Need"), say("All"), *(context.name(size.segment) for size in sizes))
    row = 2
    for title, part in (
        (say("Opportunity"), "opportunity"),
        (say("Importance"), "importance"),
        (say("Satisfaction"), "satisfaction"),
        (say("Base"), "base"),
    ):
        form = "0" if part == "base" else "0.0"
        rows = [
            (
                context.text(need.text),
                [(getattr(cell, part), form) for cell in (need.total, *need.cells)],
            )
            for need in targeting.needs
        ]
        row = _written(book, sheet, _Table(title, heads, rows), row)
    return Entry(say("Opportunities"), sheet.get_name(), 0, targeting.needs[0].total.base)


def _tests(book: Book, context: Context, targeting: Targeting) -> Entry:
    """The number, its limit and the outcome of every test."""
    say, cards = context.language.gettext, targeting.scorecards
    sheet = _sheet(book, say("Worth addressing?"))
    names = tuple(context.name(card.segment) for card in cards)
    figures: list[tuple[str, list[Figure]]] = []
    outcomes: list[tuple[str, list[Figure]]] = []
    for place, first in enumerate(cards[0].tests):
        tests = [card.tests[place] for card in cards]
        form, word = _FORMS[first.test], say(TESTS[first.test])
        own: list[Figure] = [(first.limit, form)]
        figures.append((word, own + [(test.value, form) for test in tests]))
        outcomes.append((word, [(say(OUTCOMES[test.outcome]), "@") for test in tests]))
    outcomes.append((say("Passed"), [(float(card.passed), "0") for card in cards]))
    table = _Table(say("Figures"), (say("Test"), say("Limit"), *names), figures)
    row = _written(book, sheet, table, 2)
    row = _written(book, sheet, _Table(say("Outcome"), (say("Test"), *names), outcomes), row)
    if targeting.points:
        rows: list[tuple[str, list[Figure]]] = [
            (
                context.name(point.segment),
                [(point.to_us, "0.0"), (point.of_us, "0.0"), (point.size, "0.0%")],
            )
            for point in targeting.points
        ]
        heads = (
            say("Segment"),
            say("How attractive the segment is to us"),
            say("How attractive we are to the segment"),
            say("Share of people"),
        )
        _written(book, sheet, _Table(say("Attractiveness"), heads, rows), row)
    return Entry(say("Worth addressing?"), sheet.get_name(), 0, context.report.profile.n)


def _bases(book: Book, context: Context, targeting: Targeting) -> list[Entry]:
    """Every pair of segmentations crossed, in respondents by weight."""
    say, compared = context.language.gettext, targeting.comparison
    assert compared is not None
    runs = {run.id: run for run in targeting.bases}
    sheet = _sheet(book, say("Several bases"))
    entries, row = [], 2
    for one in compared.crossings:
        first, second = runs[one.first], runs[one.second]
        title = f"{base_name(first, context)} × {base_name(second, context)}"
        heads = ("", *(group_name(second, int(n), context) for n in one.counts.columns))
        rows: list[tuple[str, list[Figure]]] = [
            (group_name(first, int(n), context), [(float(v), "#,##0.0") for v in line])
            for n, line in zip(one.counts.index, one.counts.to_numpy().tolist(), strict=True)
        ]
        rows.append((say("Adjusted Rand"), [(one.rand, "0.00")]))
        rows.append((say("Cramér’s V"), [(one.cramers_v, "0.00")]))
        entries.append(Entry(title, sheet.get_name(), row, None))
        row = _written(book, sheet, _Table(title, heads, rows), row)
    return entries
