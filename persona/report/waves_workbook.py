"""``waves.xlsx``: every figure of the waves as numbers, one table a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from persona.report.sheets import Book, widths, write_text
from persona.report.waves_model import WavesContext
from persona.report.waves_words import ADVICE, STANDINGS, event_text, reasons, rule_rows
from persona.waves import Change

Cell = str | float | int | None
_SHARE, _NUMBER, _P = "0.0%", "0.00", "0.000"
_LONGEST = 60.0


def waves_workbook(context: WavesContext) -> bytes:
    """The tables of the waves as an Excel workbook."""
    say = context.language.gettext
    book = Book(context.theme, context.report.date)
    book.properties(context.text(context.report.title), say("Waves of a study"))
    for name, heads, formats, rows in _tables(context):
        _sheet(book, name, heads, formats, rows)
    return book.finished()


_Table = tuple[str, tuple[str, ...], tuple[str, ...], Iterable[Sequence[Cell]]]


def _tables(context: WavesContext) -> list[_Table]:
    return [
        _advice(context),
        _rules(context),
        _sizes(context),
        _changes(context),
        _shifts(context),
        _answers(context),
        _centres(context),
        _certainty(context),
        _statements(context),
        _alignment(context),
    ]


def _advice(context: WavesContext) -> _Table:
    say, waves = context.language.gettext, context.tracking.waves[1:]
    heads = (say("Wave"), say("Advice"), say("Why"))
    rows = [
        (
            context.wave(wave),
            say(ADVICE[wave.advice.word]) if wave.advice else "",
            " ".join(reasons(wave, context)),
        )
        for wave in waves
    ]
    return say("Advice"), heads, ("", "", ""), rows


def _rules(context: WavesContext) -> _Table:
    say = context.language.gettext
    heads = (
        *(say("Wave"), say("Rule"), say("Found"), say("Limit")),
        *(say("Met"), say("Then"), say("Source")),
    )
    rows = [
        (context.wave(wave), one.name, one.figure, one.limit, one.verdict, one.level, one.source)
        for wave in context.tracking.waves[1:]
        for one in rule_rows(wave, context)
    ]
    return say("The rules of the advice"), heads, ("",) * 7, rows


def _sizes(context: WavesContext) -> _Table:
    say = context.language.gettext
    low, high = say("95%, low"), say("95%, high")
    heads = (
        *(say("Wave"), say("Segment"), "n", say("Share"), low, high),
        *(say("Freed of placing errors"), low, high),
        *(say("Sample as in the first wave"), low, high),
    )
    rows = [
        (
            *(context.wave(wave), context.name(one.segment), one.n, one.share, one.low, one.high),
            *(one.corrected, one.corrected_low, one.corrected_high),
            *(one.standardised, one.standardised_low, one.standardised_high),
        )
        for wave in context.tracking.waves
        for one in wave.sizes
    ]
    return say("Sizes of the segments"), heads, ("", "", "0", *[_SHARE] * 9), rows


def _changes(context: WavesContext) -> _Table:
    say = context.language.gettext
    heads = (
        *(say("Wave"), say("Against"), say("Segment"), say("Difference")),
        *(say("95%, low"), say("95%, high"), "p", say("p, corrected")),
    )
    rows: list[Sequence[Cell]] = []
    waves = context.tracking.waves
    for before, wave in pairwise(waves):
        for against, changes in (
            (waves[0], wave.size_changes),
            (before, wave.step_changes),
        ):
            rows += [
                (context.wave(wave), context.wave(against), context.name(segment), *_parts(one))
                for segment, one in changes.items()
            ]
        if wave.size_stability is not None:
            whole = (wave.size_stability.psi, None, None, wave.sizes_p, None)
            label = say("Stability index of all sizes; p of all at once")
            rows.append((context.wave(wave), context.wave(waves[0]), label, *whole))
    return say("Changes of the sizes"), heads, ("", "", "", *["0.000"] * 3, _P, _P), rows


def _parts(one: Change | None) -> tuple[Cell, ...]:
    if one is None:
        return (None,) * 5
    return (one.difference, one.low, one.high, one.p_value, one.p_adjusted)


def _shifts(context: WavesContext) -> _Table:
    say = context.language.gettext
    heads = (
        *(say("Wave"), say("Part"), say("Variable"), say("Question"), say("Stability index")),
        *(say("By chance"), say("Band"), "p", say("p, corrected")),
        *(say("No answer, first wave"), say("No answer, this wave")),
    )
    parts = {
        "golden": say("golden question"),
        "basis": say("question of the basis"),
        "sample": say("who answered"),
    }
    rows = [
        (
            *(context.wave(wave), parts[one.role], one.variable, context.text(one.text)),
            *(one.stability.psi, one.stability.chance, say(one.stability.band)),
            *(one.p_value, one.p_adjusted, *one.missing),
        )
        for wave in context.tracking.waves[1:]
        for one in (*wave.questions, *wave.sample)
    ]
    formats = ("", "", "", "", _P, _P, "", _P, _P, _SHARE, _SHARE)
    return say("Stability indices"), heads, formats, rows


def _answers(context: WavesContext) -> _Table:
    say = context.language.gettext
    heads = (
        *(say("Wave"), say("Variable"), say("Question"), say("Answer")),
        *(say("First wave"), say("This wave")),
    )
    rows = [
        (context.wave(wave), one.variable, context.text(one.text), context.text(text), a, b)
        for wave in context.tracking.waves[1:]
        for one in (*wave.questions, *wave.sample)
        for text, a, b in one.shares
    ]
    return say("Answers"), heads, ("", "", "", "", _SHARE, _SHARE), rows


def _centres(context: WavesContext) -> _Table:
    say = context.language.gettext
    heads = (
        *(say("Wave"), say("Segment"), say("Variable"), say("Answer")),
        *(say("First wave"), say("This wave"), say("Standard deviations")),
        *(say("95%, low"), say("95%, high"), "p", say("p, corrected")),
    )
    rows: list[Sequence[Cell]] = [
        (
            *(context.wave(wave), context.name(one.segment), one.variable),
            " ".join(part for part in (context.text(one.text), _category(one, context)) if part),
            *(one.first, one.mean, *_parts(one.change)),
        )
        for wave in context.tracking.waves[1:]
        for one in wave.centres
    ]
    distance = say("Root mean square move")
    rows += [
        (context.wave(wave), context.name(one.segment), "", distance, None, None, one.distance)
        for wave in context.tracking.waves[1:]
        for one in wave.movements
    ]
    formats = ("", "", "", "", *[_NUMBER] * 5, _P, _P)
    return say("How far the centres moved"), heads, formats, rows


def _category(one: Any, context: WavesContext) -> str:
    return f"= {context.text(one.category)}" if one.category else ""


def _certainty(context: WavesContext) -> _Table:
    say = context.language.gettext
    change, corrected = say("Difference"), say("p, corrected")
    heads = (
        *(say("Wave"), say("Segment"), "n"),
        *(say("Uncertain"), change, corrected),
        *(say("Mean probability"), change, corrected),
        *(say("Lead (log odds)"), change, corrected),
    )
    rows = []
    for wave in context.tracking.waves:
        for one in wave.certainty:
            cells: list[Cell] = [context.wave(wave), context.name(one.segment), one.n]
            for value, moved in (
                (one.uncertain, one.uncertain_change),
                (one.probability, one.probability_change),
                (one.margin, one.margin_change),
            ):
                cells += [
                    value if one.n else None,
                    moved.difference if moved and one.n else None,
                    moved.p_adjusted if moved else None,
                ]
            rows.append(cells)
    formats = ("", "", "0", _SHARE, _SHARE, _P, _NUMBER, _NUMBER, _P, _NUMBER, _NUMBER, _P)
    return say("Certainty of placing"), heads, formats, rows


def _statements(context: WavesContext) -> _Table:
    say, tracking = context.language.gettext, context.tracking
    heads = (
        *(say("Wave"), say("Segment"), say("Statement"), say("What became of it")),
        *(say("In the study"), say("First wave, as placed"), say("In this wave")),
        *(say("All others"), say("Base"), say("Difference"), say("95%, low")),
        *(say("95%, high"), "p", say("p, corrected")),
    )
    rows = [
        (
            *(context.wave(wave), context.name(one.segment), context.said[one.id].sentence),
            *(say(STANDINGS[one.standing]), one.said, one.first, one.value, one.rest, one.base),
            *_parts(one.change),
        )
        for wave in tracking.waves[1:]
        for one in wave.statements
    ]
    formats = ("", "", "", "", *["0.0"] * 4, "0", *["0.0"] * 3, _P, _P)
    return say("Statements"), heads, formats, rows


def _alignment(context: WavesContext) -> _Table:
    say, number = context.language.gettext, context.language.number
    heads = (say("Wave"), say("What became of it"), say("Overlap"), say("Share"))
    rows: list[Sequence[Cell]] = []
    for wave in context.tracking.waves[1:]:
        found = wave.realignment
        if found is None:
            continue
        agreement = say(
            "Agreement with the segments placed (adjusted Rand index): {figure}",
            figure=number(found.agreement, 3),
        )
        rows.append((context.wave(wave), agreement, None, None))
        rows += [
            (context.wave(wave), event_text(event, wave, context), event.overlap, event.share)
            for event in found.events
        ]
    return say("The wave segmented by itself"), heads, ("", "", _NUMBER, _SHARE), rows


def _sheet(
    book: Book,
    name: str,
    heads: Sequence[str],
    formats: Sequence[str],
    rows: Iterable[Sequence[Cell]],
) -> None:
    sheet = book.sheet(name)
    head = book.format(bold=True, bottom=2, text_wrap=True, valign="bottom")
    wide = [float(len(text)) for text in heads]
    for column, text in enumerate(heads):
        write_text(sheet, 0, column, text, head)
    styles = [
        book.format(num_format=one) if one else book.format(text_wrap=True) for one in formats
    ]
    last = 0
    for row, cells in enumerate(rows, 1):
        last = row
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                write_text(sheet, row, column, cell, styles[column])
                wide[column] = max(wide[column], float(len(cell)))
            elif cell is not None:
                sheet.write_number(row, column, cell, styles[column])
    widths(sheet, {column: min(max(w + 2, 10.0), _LONGEST) for column, w in enumerate(wide)})
    sheet.freeze_panes(1, 1)
    if last:
        sheet.autofilter(0, 0, last, len(heads) - 1)
