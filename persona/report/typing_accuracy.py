"""The sheet of a typing workbook that says how well people are placed."""

from __future__ import annotations

from typing import Any

from persona.report.locale import NOTHING, message
from persona.report.sections.base import Context, letter
from persona.report.sheets import Book, widths, write_text
from persona.report.typing_table import names_of
from persona.typing_tool.tool import TypingTool

COSTS = {
    "free": message("the best questions of the basis"),
    "forced": message("with questions forced in or out"),
    "complete": message("every question of the basis"),
    "all": message("the best of all closed questions"),
    "records": message("customer records alone"),
}
"""What each choice of questions is called."""


def accuracy_sheet(book: Book, sheet: Any, tool: TypingTool, context: Context) -> None:
    """Figures of the cross-validation: overall, by segment, confusion, by number of questions."""
    say = context.language.gettext
    write_text(sheet, 0, 0, say("Accuracy"), book.format(bold=True, font_size=14))
    advice = say(
        "Of people the tool was not learned from: cross-validation in {folds} parts, the "
        "questions chosen anew within each.",
        folds=tool.evidence.folds,
    )
    write_text(sheet, 1, 0, advice, book.format(font_color=book.theme.colours["muted"]))
    row = _overall(book, sheet, tool, context, 3)
    row = _segments(book, sheet, tool, context, row + 1)
    row = _confusion(book, sheet, tool, context, row + 1)
    row = _costs(book, sheet, tool, context, row + 1)
    _curve(book, sheet, tool, context, row + 1)
    widths(sheet, {0: 46, **{column: 15 for column in range(1, tool.golden.k + 3)}})


def _title(book: Book, sheet: Any, row: int, text: str) -> None:
    write_text(sheet, row, 0, text, book.format(bold=True, font_size=12))
    sheet.set_row(row, 20)


def _heads(book: Book, sheet: Any, row: int, titles: list[str]) -> None:
    head = book.format(bold=True, text_wrap=True, bottom=2, valign="bottom")
    for column, title in enumerate(titles):
        write_text(sheet, row, column, title, head)
    sheet.set_row(row, 46 if max(map(len, titles)) > 30 else 30)


def _figure(book: Book, sheet: Any, at: tuple[int, int], value: float | None, form: str) -> None:
    if value is None:
        write_text(sheet, *at, NOTHING, book.format(align="right"))
    else:
        sheet.write_number(*at, value, book.format(num_format=form))


def _overall(book: Book, sheet: Any, tool: TypingTool, context: Context, row: int) -> int:
    say, known = context.language.gettext, tool.evidence
    figures: tuple[tuple[str, float | None, str], ...] = (
        (say("Placed right"), known.accuracy, "0.0%"),
        (say("95% interval, from"), known.lower, "0.0%"),
        (say("95% interval, to"), known.upper, "0.0%"),
        (say("Right when guessing by size"), known.chance, "0.0%"),
        (say("Right when everybody is put into the largest segment"), known.largest, "0.0%"),
        (say("Agreement beyond chance (kappa)"), known.kappa, "0.00"),
        (say("Share that is uncertain"), known.uncertain, "0.0%"),
        (say("Right among the certain"), known.right_certain, "0.0%"),
        (say("Right among the uncertain"), known.right_uncertain, "0.0%"),
        (say("Respondents"), float(known.base), "0"),
    )
    for text, value, form in figures:
        write_text(sheet, row, 0, text, book.format(text_wrap=True))
        _figure(book, sheet, (row, 1), value, form)
        row += 1
    return row


def _segments(book: Book, sheet: Any, tool: TypingTool, context: Context, row: int) -> int:
    say = context.language.gettext
    _title(book, sheet, row, say("By segment"))
    titles = [say("Segment"), say("Of its members found"), say("Of those placed in it right"),
              say("Respondents")]  # fmt: skip
    _heads(book, sheet, row + 1, titles)
    names = names_of(tool.golden.segments, context.language)
    row += 2
    for one in tool.evidence.segments:
        name = f"{letter(one.segment)}  {names[one.segment - 1]}"
        write_text(sheet, row, 0, name, book.format(text_wrap=True))
        _figure(book, sheet, (row, 1), one.recall, "0%")
        _figure(book, sheet, (row, 2), one.precision, "0%")
        _figure(book, sheet, (row, 3), float(one.base), "0")
        row += 1
    return row


def _confusion(book: Book, sheet: Any, tool: TypingTool, context: Context, row: int) -> int:
    """Weighted respondents: true segments in rows, the segments they are placed in in columns."""
    say = context.language.gettext
    _title(book, sheet, row, say("True segment in rows, placed in columns (weighted)"))
    names = names_of(tool.golden.segments, context.language)
    marked = [f"{letter(place)}  {name}" for place, name in enumerate(names, 1)]
    _heads(book, sheet, row + 1, ["", *marked])
    row += 2
    first = row
    for name, values in zip(marked, tool.evidence.confusion, strict=True):
        write_text(sheet, row, 0, name, book.format(text_wrap=True))
        for column, value in enumerate(values, 1):
            _figure(book, sheet, (row, column), value, "0.0")
        scale = {"type": "2_color_scale", "min_color": "#ffffff", "max_color": "#9cc5de"}
        sheet.conditional_format(row, 1, row, len(values), scale)
        row += 1
    return max(row, first)


def _costs(book: Book, sheet: Any, tool: TypingTool, context: Context, row: int) -> int:
    if not tool.evidence.costs:
        return row - 1
    say = context.language.gettext
    _title(book, sheet, row, say("What other choices of questions would give"))
    titles = [say("Questions"), say("How many"), say("Placed right"), say("Kappa")]
    _heads(book, sheet, row + 1, titles)
    row += 2
    for one in tool.evidence.costs:
        text = say(COSTS[one.kind]) if one.kind in COSTS else one.kind
        write_text(sheet, row, 0, text, book.format(text_wrap=True))
        _figure(book, sheet, (row, 1), float(one.questions), "0")
        _figure(book, sheet, (row, 2), one.accuracy, "0.0%")
        _figure(book, sheet, (row, 3), one.kappa, "0.00")
        row += 1
    return row


def _curve(book: Book, sheet: Any, tool: TypingTool, context: Context, row: int) -> None:
    """Accuracy by number of questions, with a chart beside it."""
    say, curve = context.language.gettext, tool.evidence.curve
    if not curve:
        return
    _title(book, sheet, row, say("By number of questions"))
    titles = [
        say("Questions"),
        say("Placed right"),
        say("95% interval, from"),
        say("95% interval, to"),
        say("Kappa"),
        say("Right when guessing by size"),
    ]
    _heads(book, sheet, row + 1, titles)
    first = row + 2
    for place, point in enumerate(curve, first):
        _figure(book, sheet, (place, 0), float(point.questions), "0")
        known = (point.accuracy, point.lower, point.upper)
        for column, value in enumerate(known, 1):
            _figure(book, sheet, (place, column), value, "0.0%")
        _figure(book, sheet, (place, 4), point.kappa, "0.00")
        _figure(book, sheet, (place, 5), tool.evidence.chance, "0.0%")
    last, name = first + len(curve) - 1, sheet.get_name()
    chart = book.book.add_chart({"type": "line"})
    colours = book.theme.colours
    series = (
        (1, colours["accent"], "solid", 2.25),
        (2, colours["muted"], "dash", 1),
        (3, colours["muted"], "dash", 1),
        (5, colours["warning"], "round_dot", 1.5),
    )
    for column, colour, dash, width in series:
        chart.add_series(
            {
                "name": [name, row + 1, column],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "line": {"color": colour, "dash_type": dash, "width": width},
            }
        )
    chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%", "major_gridlines": {
        "visible": True, "line": {"color": colours["line"]}}})  # fmt: skip
    chart.set_x_axis({"name": say("Questions")})
    chart.set_title({"name": say("By number of questions"), "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 620, "height": 320})
    sheet.insert_chart(last + 2, 0, chart)
