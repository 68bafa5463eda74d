"""``tables.xlsx``: every question by segment, with contents, frozen heads, letters and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from persona.profiling.result import Cell, QuestionProfile, Row
from persona.report.locale import NOTHING
from persona.report.sections.base import Context, letter
from persona.report.sections.factors import explained, factor_names
from persona.report.sections.maps import groups, label
from persona.report.sections.tables import BLOCKS, STATISTICS, WHY_NOT, notes
from persona.report.sheets import Book, link, row_height, widths, write_text

_HEAD_ROWS = 3
_FIRST_SEGMENT = 3


@dataclass(frozen=True)
class _Entry:
    """One line of the contents: what it is, its sheet and its row (0-based)."""

    text: str
    sheet: str
    row: int
    base: int | None


def tables_workbook(context: Context) -> bytes:
    """The banner tables of a study as an Excel workbook.

    Sheets: contents with links, segments, one a block, factors, maps, notes.
    """
    report = context.report
    book = Book(context.theme, report.date)
    title = context.text(report.title)
    book.properties(title, context.language.gettext("Tables by segment"))
    contents = book.sheet(context.language.gettext("Contents"))
    entries: list[_Entry] = [_segments(book, context)]
    for block, word in BLOCKS.items():
        questions = [one for one in report.profile.questions if one.block == block]
        if questions:
            entries += _block(book, context, context.language.gettext(word), questions)
    if report.factors:
        entries += _factors(book, context)
    if report.maps:
        entries += _maps(book, context)
    entries.append(_notes(book, context))
    _contents(book, contents, context, entries)
    return book.finished()


def _head(book: Book, **more: Any) -> Any:
    colours = book.theme.colours
    return book.format(
        bold=True, bottom=2, bottom_color=colours["ink"], text_wrap=True, valign="bottom", **more
    )


def _contents(book: Book, sheet: Any, context: Context, entries: list[_Entry]) -> None:
    say, colours = context.language.gettext, book.theme.colours
    write_text(
        sheet, 0, 0, context.text(context.report.title), book.format(bold=True, font_size=16)
    )
    sheet.set_row(0, 24)
    muted = book.format(font_color=colours["muted"])
    respondents = context.language.ngettext(
        "{n} respondent", "{n} respondents", context.report.profile.n
    )
    write_text(sheet, 1, 0, respondents, muted)
    for column, text in enumerate((say("Table"), say("Sheet"), say("Base"))):
        write_text(sheet, 3, column, text, _head(book))
    style = book.format(font_color=colours["accent"], underline=1, text_wrap=True)
    for place, entry in enumerate(entries, 4):
        row_height(sheet, place, (entry.text, 80))
        link(sheet, place, 0, entry.sheet, f"A{entry.row + 1}", entry.text, style)
        write_text(sheet, place, 1, entry.sheet, book.format())
        if entry.base is not None:
            sheet.write_number(place, 2, entry.base, book.format(num_format="#,##0"))
    sheet.freeze_panes(4, 0)
    widths(sheet, {0: 80, 1: 22, 2: 10})


def _segments(book: Book, context: Context) -> _Entry:
    say, profile = context.language.gettext, context.report.profile
    name = say("Segments")
    sheet = book.sheet(name)
    write_text(sheet, 0, 0, say("Sizes of the segments"), book.format(bold=True, font_size=14))
    heads = [say("Letter"), say("Segment"), "n", say("Share"), say("from"), say("to")]
    heads += [say("Jaccard"), say("Certainty")]
    values = list(profile.segments[0].value.values()) if profile.segments else []
    for value in values:
        measure = context.text(value.text)
        heads += [
            say("{measure}, mean", measure=measure),
            say("{measure}, share of all", measure=measure),
        ]
    for column, text in enumerate(heads):
        side = "left" if column < 2 else "right"
        write_text(sheet, 2, column, text, _head(book, align=side))
    row_height(sheet, 2, *((text, 10 if place < 8 else 17) for place, text in enumerate(heads)))
    percent = book.format(num_format="0.0%")
    for place, size in enumerate(profile.segments, 3):
        persona = context.persona(size.segment)
        write_text(sheet, place, 0, letter(size.segment), book.format(bold=True))
        write_text(sheet, place, 1, context.name(size.segment), book.format(text_wrap=True))
        sheet.write_number(place, 2, size.n, book.format(num_format="#,##0"))
        for column, share in enumerate((size.share, size.low, size.high), 3):
            sheet.write_number(place, column, share, percent)
        _number(book, sheet, place, 6, persona.stability if persona else None, "0.00")
        _number(book, sheet, place, 7, persona.certainty if persona else None, "0%")
        for column, value in enumerate(size.value.values()):
            _number(book, sheet, place, 8 + 2 * column, value.mean, "#,##0.0")
            _number(book, sheet, place, 9 + 2 * column, value.share, "0.0%")
    sheet.freeze_panes(3, 2)
    widths(sheet, {0: 8, 1: 38} | {column: 12 for column in range(2, 8)})
    widths(sheet, {column: 20 for column in range(8, len(heads))})
    return _Entry(say("Sizes of the segments"), sheet.get_name(), 0, profile.n)


def _number(
    book: Book, sheet: Any, row: int, column: int, value: float | None, form: str, **more: Any
) -> None:
    if value is None or value != value:
        write_text(sheet, row, column, NOTHING, book.format(align="right", **more))
    else:
        sheet.write_number(row, column, value, book.format(num_format=form, **more))


def _block(
    book: Book, context: Context, word: str, questions: list[QuestionProfile]
) -> list[_Entry]:
    sheet = book.sheet(word)
    _banner(book, sheet, context, word)
    entries = []
    row = _HEAD_ROWS
    for question in questions:
        row += 1
        title = context.text(question.text)
        entries.append(_Entry(title, sheet.get_name(), row, question.base))
        row = _table(book, sheet, context, question, row)
    sheet.freeze_panes(_HEAD_ROWS, 1)
    sheet.repeat_rows(0, _HEAD_ROWS - 1)
    return entries


def _banner(book: Book, sheet: Any, context: Context, word: str) -> None:
    """The heads that stay in sight: letters and names of the segments."""
    say = context.language.gettext
    write_text(sheet, 0, 0, word, book.format(bold=True, font_size=14))
    write_text(sheet, 1, 0, "", book.format())
    write_text(sheet, 2, 0, say("Answer"), _head(book))
    write_text(sheet, 2, 1, say("All"), _head(book, align="right"))
    write_text(sheet, 2, 2, "", _head(book))
    for place, size in enumerate(context.report.profile.segments):
        column = _FIRST_SEGMENT + 2 * place
        mark = book.format(
            bold=True,
            align="center",
            font_color="#ffffff",
            bg_color=context.colour(size.segment),
        )
        write_text(sheet, 1, column, letter(size.segment), mark)
        write_text(sheet, 2, column, context.name(size.segment), _head(book, align="right"))
        write_text(sheet, 2, column + 1, "", _head(book))
        widths(sheet, {column: 14, column + 1: 6})
    widths(sheet, {0: 52, 1: 10, 2: 2})
    names = [context.name(size.segment) for size in context.report.profile.segments]
    row_height(sheet, 2, *((name, 11) for name in names))


def _table(book: Book, sheet: Any, context: Context, question: QuestionProfile, row: int) -> int:
    """One question from ``row`` on; returns the first row after it."""
    language, colours = context.language, book.theme.colours
    write_text(
        sheet,
        row,
        0,
        context.text(question.text),
        book.format(bold=True, font_size=11, text_wrap=True, font_color=colours["accent"]),
    )
    row_height(sheet, row, (context.text(question.text), 48))
    row += 1
    for line in question.rows:
        text = context.text(line.text) or language.gettext(STATISTICS[line.statistic])
        if line.statistic != "percent":
            text = f"{text} ({language.gettext(STATISTICS[line.statistic])})"
        write_text(sheet, row, 0, text, book.format(text_wrap=True, indent=1))
        row_height(sheet, row, (text, 50))
        _cell(book, sheet, row, 1, line.total, line, context)
        for place, cell in enumerate(line.cells):
            column = _FIRST_SEGMENT + 2 * place
            _cell(book, sheet, row, column, cell, line, context)
            if cell.letters:
                small = book.format(font_size=8, font_color=colours["muted"])
                write_text(sheet, row, column + 1, cell.letters, small)
        row += 1
    if question.rows:
        muted = {"font_color": colours["muted"], "top": 1, "top_color": colours["line"]}
        write_text(sheet, row, 0, language.gettext("Base"), book.format(indent=1, **muted))
        base = book.format(num_format="#,##0", **muted)
        sheet.write_number(row, 1, question.base, base)
        for place, cell in enumerate(question.rows[0].cells):
            sheet.write_number(row, _FIRST_SEGMENT + 2 * place, cell.base, base)
        row += 1
    note = _note(question, context)
    if note:
        write_text(sheet, row, 0, note, book.format(italic=True, font_color=colours["muted"]))
        row += 1
    return row


def _note(question: QuestionProfile, context: Context) -> str:
    language = context.language
    if not question.tested:
        reason = WHY_NOT.get(question.why_not_tested)
        return language.gettext(reason) if reason else ""
    if question.cramers_v is None:
        return ""
    return language.gettext(
        "Chi-square {value}, df {degrees}, p {p}; Cramér’s V {effect}.",
        value=language.number(question.chi_square, 1),
        degrees=language.number(question.degrees),
        p=language.p_value(question.p_adjusted),
        effect=language.number(question.cramers_v, 2),
    )


def _cell(
    book: Book, sheet: Any, row: int, column: int, cell: Cell, line: Row, context: Context
) -> None:
    if cell.suppressed:
        least = context.report.profile.suppress_below
        write_text(sheet, row, column, f"n<{least}", book.format(align="right"))
        return
    style: dict[str, Any] = {}
    if cell.index is not None and line.statistic != "nps":
        if cell.index >= 120:
            style = {"font_color": book.theme.colours["positive"], "bold": True}
        elif cell.index <= 80:
            style = {"font_color": book.theme.colours["negative"]}
    mark = f'"{cell.mark}"' if cell.mark else ""
    if line.statistic in ("percent", "top_box", "bottom_box"):
        value = None if cell.value is None else cell.value / 100
        _number(book, sheet, row, column, value, f"0%{mark}", **style)
    elif line.statistic == "nps":
        _number(book, sheet, row, column, cell.value, f"0{mark}", **style)
    else:
        _number(book, sheet, row, column, cell.value, f"#,##0.0{mark}", **style)


def _factors(book: Book, context: Context) -> list[_Entry]:
    say = context.language.gettext
    sheet = book.sheet(say("Factors"))
    entries, row = [], 0
    for section in context.report.factors:
        names = factor_names(section, context)
        title = context.text(section.title)
        entries.append(_Entry(title, sheet.get_name(), row, None))
        write_text(sheet, row, 0, title, book.format(bold=True, font_size=12))
        row += 1
        for column, text in enumerate((say("Item"), *names, say("Communality"))):
            write_text(
                sheet, row, column, text, _head(book, **({"align": "right"} if column else {}))
            )
        values = section.solution.loadings.to_numpy(dtype=float)
        communalities = section.solution.communalities.to_numpy(dtype=float)
        for place, item in enumerate(section.solution.loadings.index):
            row += 1
            text = context.text(section.items.get(str(item), {"": str(item)}))
            write_text(sheet, row, 0, text, book.format(text_wrap=True))
            row_height(sheet, row, (text, 60))
            for column, value in enumerate(values[place], 1):
                bold = {"bold": True} if abs(value) >= 0.4 else {}
                _number(book, sheet, row, column, float(value), "0.00", **bold)
            _number(book, sheet, row, len(names) + 1, float(communalities[place]), "0.00")
        row += 1
        write_text(sheet, row, 0, say("Share of variance"), book.format(italic=True))
        for column, share in enumerate(explained(section), 1):
            _number(book, sheet, row, column, share, "0%")
        row += 1
        write_text(sheet, row, 0, say("Cronbach’s alpha"), book.format(italic=True))
        for column, key in enumerate(section.solution.loadings.columns, 1):
            _number(book, sheet, row, column, section.alpha.get(str(key)), "0.00")
        row += 3
    widths(sheet, {0: 60} | {column: 14 for column in range(1, 14)})
    return entries


def _maps(book: Book, context: Context) -> list[_Entry]:
    say = context.language.gettext
    sheet = book.sheet(say("Correspondence maps"))
    entries, row = [], 0
    heads = (
        say("Point"),
        say("Kind"),
        say("Axis {number}", number=1),
        say("Axis {number}", number=2),
        say("Contribution {number}", number=1),
        say("Contribution {number}", number=2),
        say("Quality (cos²)"),
    )
    for section in context.report.maps:
        title = context.text(section.title)
        entries.append(_Entry(title, sheet.get_name(), row, None))
        write_text(sheet, row, 0, title, book.format(bold=True, font_size=12))
        row += 1
        for column, text in enumerate(heads):
            write_text(sheet, row, column, text, _head(book))
        for group in groups(section, context):
            for place, key in enumerate(group.coordinates.index):
                row += 1
                write_text(sheet, row, 0, label(section, key, context), book.format(text_wrap=True))
                write_text(sheet, row, 1, group.kind, book.format())
                figures = group.figures(place)
                forms = ("0.00", "0.00", "0.0%", "0.0%", "0.00")
                for column, (value, form) in enumerate(zip(figures, forms, strict=True), 2):
                    _number(book, sheet, row, column, value, form)
        row += 3
    widths(sheet, {0: 60, 1: 16} | {column: 13 for column in range(2, 7)})
    return entries


def _notes(book: Book, context: Context) -> _Entry:
    say = context.language.gettext
    sheet = book.sheet(say("Notes"))
    write_text(sheet, 0, 0, say("How to read the tables"), book.format(bold=True, font_size=14))
    for row, text in enumerate(notes(context), 2):
        write_text(sheet, row, 0, text, book.format(text_wrap=True))
        row_height(sheet, row, (text, 110))
    widths(sheet, {0: 110})
    return _Entry(say("How to read the tables"), sheet.get_name(), 0, None)
