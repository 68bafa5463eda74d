"""``tables.xlsx``: every question by segment, with contents, frozen heads, letters and notes."""

from __future__ import annotations

from typing import Any

from persona.profiling.banners import BannerBook
from persona.profiling.result import QuestionProfile
from persona.report.banner_sheet import (
    Banner,
    Column,
    Entry,
    NumberFormats,
    banner_sheet,
    number,
)
from persona.report.sections.base import Context, letter
from persona.report.sections.factor_figures import factor_names
from persona.report.sections.factors import explained
from persona.report.sections.map_points import groups, label
from persona.report.sections.tables import BLOCKS, correction_word, notes
from persona.report.sheets import Book, link, row_height, widths, write_text
from persona.report.targets import BannerTables
from persona.report.targets_sheets import target_sheets


def tables_workbook(context: Context) -> bytes:
    """The banner tables of a study as an Excel workbook.

    Sheets: contents with links, segments, value and tests, one a section of the questionnaire,
    one a banner, factors, maps, notes.
    """
    report = context.report
    book = Book(context.theme, report.date)
    title = context.text(report.title)
    book.properties(title, context.language.gettext("Tables by segment"))
    contents = book.sheet(context.language.gettext("Contents"))
    formats = NumberFormats()
    entries: list[Entry] = [_segments(book, context)]
    entries += target_sheets(book, context)
    for name, questions in _parts(context):
        entries += banner_sheet(book, context, _by_segment(name, context), questions, formats)
    for place, tables in enumerate(report.targeting.banners if report.targeting else (), 1):
        banner = _banner(tables, place, context)
        entries += banner_sheet(book, context, banner, tables.book.questions, formats)
    if report.factors:
        entries += _factors(book, context)
    if report.maps:
        entries += _maps(book, context)
    entries.append(_notes(book, context))
    _contents(book, contents, context, entries)
    return book.finished()


def _parts(context: Context) -> list[tuple[str, list[QuestionProfile]]]:
    """The questions by section, or by block where the sections have no titles."""
    report, say = context.report, context.language.gettext
    parts: dict[str, list[QuestionProfile]] = {}
    blocks = list(BLOCKS)
    questions = report.profile.questions
    if not report.sections:
        questions = tuple(sorted(questions, key=lambda one: blocks.index(one.block)))
    for question in questions:
        title = report.sections.get(question.section)
        name = context.text(title) if title else say(BLOCKS[question.block])
        parts.setdefault(name, []).append(question)
    return list(parts.items())


def _by_segment(name: str, context: Context) -> Banner:
    profile, say = context.report.profile, context.language.gettext
    columns = tuple(
        Column(letter(size.segment), context.name(size.segment), context.colour(size.segment))
        for size in profile.segments
    )
    note = _reading(context, profile.n, profile.levels, profile.correction)
    return Banner(name, note, columns, (say("Segments"),), profile.weighted, profile.suppress_below)


def _reading(context: Context, n: int, levels: tuple[float, float], correction: str) -> str:
    language = context.language
    return language.gettext(
        "{respondents}. Letters: higher than the column with the letter, lower case p < {low}, "
        "upper case p < {high}; correction: {correction}. * base of 30 to 99, ** below 30 and "
        "not tested.",
        respondents=language.ngettext("{n} respondent", "{n} respondents", n),
        low=language.number(levels[0], 2),
        high=language.number(levels[1], 3),
        correction=correction_word(correction, language),
    )


def _banner(tables: BannerTables, place: int, context: Context) -> Banner:
    """The head of the tables that a study declares."""
    found, language = tables.book, context.language
    title = context.text(tables.title) or language.gettext("Banner {number}", number=place)
    note = _reading(context, found.n, found.levels, found.correction)
    if found.filters:
        kept = "; ".join(
            f"{name} = {', '.join(map(str, codes))}" for name, codes in found.filters.items()
        )
        note += " " + language.gettext("Only respondents with {filter}.", filter=kept)
    return Banner(
        title,
        note,
        tuple(
            Column(
                column.letter,
                " · ".join(context.text(text) for text in column.texts),
                _colour(column.question, column.codes, place, context),
                column.group,
            )
            for place, column in enumerate(found.columns)
        ),
        _groups(found, context),
        found.weighted,
        found.suppress_below,
    )


def _colour(
    question: tuple[str, ...], codes: tuple[int | str, ...], place: int, context: Context
) -> str:
    """A segment keeps its colour; other columns are all of one."""
    if question[0] == "segments":
        return context.colour(int(codes[0]))
    return context.theme.colours["muted"]


def _groups(found: BannerBook, context: Context) -> tuple[str, ...]:
    texts: dict[int, str] = {}
    for column in found.columns:
        parts = [
            context.text(text) if text else context.language.gettext("Segments")
            for text in column.question_texts
        ]
        texts.setdefault(column.group, " × ".join(parts))
    return tuple(texts[number] for number in sorted(texts))


def _head(book: Book, **more: Any) -> Any:
    colours = book.theme.colours
    return book.format(
        bold=True, bottom=2, bottom_color=colours["ink"], text_wrap=True, valign="bottom", **more
    )


def _contents(book: Book, sheet: Any, context: Context, entries: list[Entry]) -> None:
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


def _segments(book: Book, context: Context) -> Entry:
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
    row_height(sheet, 2, *((text, 8.5 if place < 8 else 16) for place, text in enumerate(heads)))
    percent = book.format(num_format="0.0%")
    for place, size in enumerate(profile.segments, 3):
        persona = context.persona(size.segment)
        write_text(sheet, place, 0, letter(size.segment), book.format(bold=True))
        write_text(sheet, place, 1, context.name(size.segment), book.format(text_wrap=True))
        row_height(sheet, place, (context.name(size.segment), 34))
        sheet.write_number(place, 2, size.n, book.format(num_format="#,##0"))
        for column, share in enumerate((size.share, size.low, size.high), 3):
            sheet.write_number(place, column, share, percent)
        number(book, sheet, place, 6, persona.stability if persona else None, "0.00")
        number(book, sheet, place, 7, persona.certainty if persona else None, "0%")
        for column, value in enumerate(size.value.values()):
            number(book, sheet, place, 8 + 2 * column, value.mean, "#,##0.0")
            number(book, sheet, place, 9 + 2 * column, value.share, "0.0%")
    sheet.freeze_panes(3, 2)
    widths(sheet, {0: 8, 1: 38} | dict.fromkeys(range(2, 8), 11))
    widths(sheet, dict.fromkeys(range(8, len(heads)), 20))
    _sizes_chart(book, sheet, context)
    return Entry(say("Sizes of the segments"), sheet.get_name(), 0, profile.n)


def _sizes_chart(book: Book, sheet: Any, context: Context) -> None:
    """The sizes as a chart of Excel's own, in the colours of the segments."""
    sizes = context.report.profile.segments
    if not sizes:
        return
    name, last = sheet.get_name(), 2 + len(sizes)
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": context.language.gettext("Share"),
            "categories": [name, 3, 1, last, 1],
            "values": [name, 3, 3, last, 3],
            "points": [{"fill": {"color": context.colour(size.segment)}} for size in sizes],
            "data_labels": {"value": True, "num_format": "0%"},
            "gap": 50,
        }
    )
    chart.set_title(
        {"name": context.language.gettext("Sizes of the segments"), "name_font": {"size": 12}}
    )
    chart.set_legend({"none": True})
    chart.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 760, "height": 90 + 46 * len(sizes)})
    sheet.insert_chart(last + 3, 1, chart)


def _factors(book: Book, context: Context) -> list[Entry]:
    say = context.language.gettext
    sheet = book.sheet(say("Factors"))
    entries, row = [], 0
    for section in context.report.factors:
        names = factor_names(section, context)
        title = context.text(section.title)
        entries.append(Entry(title, sheet.get_name(), row, None))
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
                number(book, sheet, row, column, float(value), "0.00", **bold)
            number(book, sheet, row, len(names) + 1, float(communalities[place]), "0.00")
        row += 1
        write_text(sheet, row, 0, say("Share of variance"), book.format(italic=True))
        for column, share in enumerate(explained(section), 1):
            number(book, sheet, row, column, share, "0%")
        row += 1
        write_text(sheet, row, 0, say("Cronbach’s alpha"), book.format(italic=True))
        for column, key in enumerate(section.solution.loadings.columns, 1):
            number(book, sheet, row, column, section.alpha.get(str(key)), "0.00")
        row += 3
    widths(sheet, {0: 60} | {column: 14 for column in range(1, 14)})
    return entries


def _maps(book: Book, context: Context) -> list[Entry]:
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
        entries.append(Entry(title, sheet.get_name(), row, None))
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
                    number(book, sheet, row, column, value, form)
        row += 3
    widths(sheet, {0: 60, 1: 16} | {column: 13 for column in range(2, 7)})
    return entries


def _notes(book: Book, context: Context) -> Entry:
    say = context.language.gettext
    sheet = book.sheet(say("Notes"))
    write_text(sheet, 0, 0, say("How to read the tables"), book.format(bold=True, font_size=14))
    for row, text in enumerate(notes(context), 2):
        write_text(sheet, row, 0, text, book.format(text_wrap=True))
        row_height(sheet, row, (text, 110))
    widths(sheet, {0: 110})
    return Entry(say("How to read the tables"), sheet.get_name(), 0, None)
