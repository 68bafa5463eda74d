"""One sheet of banner tables: questions in rows, segments or answers in columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from persona.profiling.result import Cell, QuestionProfile, Row
from persona.report.locale import NOTHING
from persona.report.sections.base import Context
from persona.report.sections.tables import STATISTICS, question_note
from persona.report.sheets import Book, row_height, widths, write_text

HEAD_ROWS = 5
_TEXT = 46.0
_PERCENTS = ("percent", "top_box", "bottom_box")
_MOST_FORMATS = 180
"""Excel holds about 200 number formats in a workbook."""


@dataclass(frozen=True)
class Column:
    """One column: its letter, what it says, its colour, and the group it is compared in."""

    letter: str
    text: str
    colour: str
    group: int = 0


@dataclass(frozen=True)
class Banner:
    """The head of a sheet; ``groups`` are what the groups of columns are called."""

    title: str
    note: str
    columns: tuple[Column, ...]
    groups: tuple[str, ...]
    weighted: bool
    suppress_below: int


@dataclass(frozen=True)
class Entry:
    """One line of the contents: what it is, its sheet and its row (0-based)."""

    text: str
    sheet: str
    row: int
    base: int | None


@dataclass
class NumberFormats:
    """The number formats of a workbook: letters go into them as long as Excel has room."""

    known: set[str] = field(default_factory=set)

    def take(self, wanted: set[str]) -> bool:
        """Whether a sheet's formats fit beside those in use; they are in use from then on."""
        if len(self.known | wanted) > _MOST_FORMATS:
            return False
        self.known |= wanted
        return True


@dataclass(frozen=True)
class _Sheet:
    """A sheet being written, and where its columns stand."""

    book: Book
    sheet: Any
    context: Context
    banner: Banner
    lettered: bool

    @property
    def step(self) -> int:
        """Columns that one column of the banner takes: letters beside it when not within."""
        return 1 if self.lettered else 2

    @property
    def main(self) -> int:
        """Columns of the percents with their letters, the texts and the total among them."""
        return 2 + self.step * len(self.banner.columns)

    def at(self, place: int) -> int:
        """The column of a figure; -1 is the total."""
        return 1 if place < 0 else 2 + self.step * place


def banner_sheet(
    book: Book,
    context: Context,
    banner: Banner,
    questions: Sequence[QuestionProfile],
    formats: NumberFormats,
) -> list[Entry]:
    """Write a sheet, and say what stands where.

    Percents and means carry the letters of the columns they are above in their number format;
    behind them, in columns that fold away and are not printed, stand respondents, row percents,
    index, effect and base of every figure.
    """
    wanted = {
        number_format(cell, row, True)
        for question in questions
        for row in question.rows
        for cell in (row.total, *row.cells)
    }
    made = _Sheet(book, book.sheet(banner.title), context, banner, formats.take(wanted))
    _head(made)
    entries, row = [], HEAD_ROWS
    for question in questions:
        row += 1
        title = context.text(question.text)
        entries.append(Entry(title, made.sheet.get_name(), row, question.base))
        row = _table(made, question, row)
    made.sheet.freeze_panes(HEAD_ROWS, 1)
    made.sheet.repeat_rows(0, HEAD_ROWS - 1)
    made.sheet.print_area(0, 0, max(row, HEAD_ROWS), made.main - 1)
    made.sheet.set_footer("&L&8&A&R&8&P / &N")
    return entries


def _blocks(context: Context) -> tuple[str, ...]:
    say = context.language.gettext
    return (
        say("Respondents"),
        say("Row percent"),
        say("Index"),
        say("Effect size"),
        say("Base"),
    )


def _head(made: _Sheet) -> None:
    """The heads that stay in sight: groups, letters and names of the columns."""
    book, sheet, banner = made.book, made.sheet, made.banner
    say, colours = made.context.language.gettext, book.theme.colours
    write_text(sheet, 0, 0, banner.title, book.format(bold=True, font_size=14))
    muted = book.format(font_color=colours["muted"], font_size=9, text_wrap=True)
    sheet.merge_range(1, 0, 1, made.main - 1, "", muted)
    write_text(sheet, 1, 0, banner.note, muted)
    row_height(sheet, 1, (banner.note, _TEXT + 12.0 * made.main))
    bottom = book.format(bold=True, bottom=2, text_wrap=True, valign="bottom")
    write_text(sheet, HEAD_ROWS - 1, 0, say("Answer"), bottom)
    _names(made, lambda place: made.at(place), (say("All"), banner.columns))
    _groups(made)
    widths(sheet, {0: _TEXT, 1: 10})
    for place in range(len(banner.columns)):
        widths(sheet, {made.at(place): 13 if made.lettered else 9})
        if not made.lettered:
            widths(sheet, {made.at(place) + 1: 5})
    first = made.main + 1
    for title in _blocks(made.context):
        size = len(banner.columns) + 1
        write_text(sheet, 2, first, title, book.format(bold=True, font_color=colours["accent"]))
        _names(made, lambda place, first=first: first + place + 1, (say("All"), banner.columns))  # type: ignore[misc]
        sheet.set_column(first, first + size - 1, 10, None, {"level": 1})
        first += size + 1
    longest = max((column.text for column in banner.columns), key=len, default="")
    row_height(sheet, HEAD_ROWS - 1, (longest, 9.5 if made.lettered else 7), (say("All"), 10))


def _names(made: _Sheet, at: Callable[[int], int], heads: tuple[str, tuple[Column, ...]]) -> None:
    """Letters and names of the columns, wherever a block of them stands."""
    book, sheet = made.book, made.sheet
    name = book.format(bold=True, bottom=2, text_wrap=True, valign="bottom", align="left", indent=1)
    write_text(sheet, HEAD_ROWS - 1, at(-1), heads[0], name)
    for place, column in enumerate(heads[1]):
        mark = book.format(bold=True, align="center", font_color="#ffffff", bg_color=column.colour)
        write_text(sheet, HEAD_ROWS - 2, at(place), column.letter, mark)
        write_text(sheet, HEAD_ROWS - 1, at(place), column.text, name)


def _groups(made: _Sheet) -> None:
    """What each group of columns asks, over its columns."""
    style = made.book.format(
        bold=True, font_size=9, bottom=1, bottom_color=made.book.theme.colours["line"]
    )
    last = -1
    for place, column in enumerate(made.banner.columns):
        if column.group != last:
            text = made.banner.groups[column.group]
            write_text(made.sheet, 2, made.at(place), text, style)
            last = column.group


def _table(made: _Sheet, question: QuestionProfile, row: int) -> int:
    """One question from ``row`` on; returns the first row after it."""
    book, sheet, context = made.book, made.sheet, made.context
    colours = book.theme.colours
    title = context.text(question.text)
    style = {"bold": True, "font_size": 11, "text_wrap": True, "font_color": colours["accent"]}
    sheet.merge_range(row, 0, row, made.main - 1, "", book.format(**style))
    write_text(sheet, row, 0, title, book.format(**style))
    row_height(sheet, row, (title, _TEXT + 8.0 * len(made.banner.columns)))
    row += 1
    for line in question.rows:
        text = row_text(line, context)
        write_text(sheet, row, 0, text, book.format(text_wrap=True, indent=1))
        row_height(sheet, row, (text, _TEXT - 3))
        for place, cell in enumerate((line.total, *line.cells), -1):
            _figure(made, row, place, cell, line)
        _further(made, row, line)
        row += 1
    row = _bases(made, question, row)
    note = question_note(question, context.language)
    if note:
        muted = book.format(italic=True, font_color=colours["muted"], font_size=9)
        write_text(sheet, row, 0, note, muted)
        row += 1
    return row


def row_text(line: Row, context: Context) -> str:
    """What a row says; its statistic too, where it is no percent."""
    statistic = context.language.gettext(STATISTICS[line.statistic])
    text = context.text(line.text) or statistic
    return text if line.statistic == "percent" or text == statistic else f"{text} ({statistic})"


def number_format(cell: Cell, line: Row, letters: bool) -> str:
    """The number format of a figure: percent, whole or decimal, small bases marked, letters.

    Digits are padded, so that figures keep their place whatever letters follow.
    """
    if line.statistic in _PERCENTS:
        form = "??0%"
    elif line.statistic == "nps":
        form = "??0"
    else:
        form = "#,##0" if abs(cell.value or 0.0) >= 1000 else "??0.0"
    mark = f'"{cell.mark}"' if cell.mark else ""
    if not letters or not cell.letters:
        return form + mark
    return f'{form}{mark}" {cell.letters}"'


def _figure(made: _Sheet, row: int, place: int, cell: Cell, line: Row) -> None:
    """One percent or mean, its letters in its format or in the column beside it."""
    book, sheet, column = made.book, made.sheet, made.at(place)
    colours = book.theme.colours
    if cell.suppressed:
        text = f"n<{made.banner.suppress_below}"
        style_of = book.format(font_color=colours["muted"], align="left", indent=1)
        write_text(sheet, row, column, text, style_of)
        return
    style: dict[str, Any] = {}
    if cell.index is not None and line.statistic != "nps" and place >= 0:
        if cell.index >= 120:
            style = {"font_color": colours["positive"], "bold": True}
        elif cell.index <= 80:
            style = {"font_color": colours["negative"]}
    value = cell.value
    if value is not None and line.statistic in _PERCENTS:
        value /= 100
    form = number_format(cell, line, made.lettered)
    number(book, sheet, row, column, value, form, align="left", indent=1, **style)
    if cell.letters and not made.lettered:
        small = book.format(font_size=8, font_color=colours["muted"])
        write_text(sheet, row, column + 1, cell.letters, small)


def number(
    book: Book, sheet: Any, row: int, column: int, value: float | None, form: str, **more: Any
) -> None:
    """A number with its format, or a dash where there is none."""
    if value is None or value != value:
        style = book.format(**({"align": "right"} | more))
        write_text(sheet, row, column, NOTHING, style)
    else:
        sheet.write_number(row, column, value, book.format(num_format=form, **more))


def _further(made: _Sheet, row: int, line: Row) -> None:
    """Respondents, row percent, index, effect size and base behind every figure of a row."""
    first = made.main + 1
    for figures, form in _figures_behind(line):
        for place, value in enumerate(figures):
            if value is not None and value == value:
                style = made.book.format(num_format=form)
                made.sheet.write_number(row, first + place, value, style)
        first += len(figures) + 1


def _figures_behind(line: Row) -> Iterator[tuple[tuple[float | None, ...], str]]:
    cells = (line.total, *line.cells)
    shown = [not cell.suppressed for cell in cells]

    def where(values: Sequence[float | None]) -> tuple[float | None, ...]:
        return tuple(v if show else None for v, show in zip(values, shown, strict=True))

    yield where([cell.count for cell in cells]), "#,##0"
    total = line.total.weighted_count if line.statistic == "percent" else None
    yield (
        where(
            [
                cell.weighted_count / total if total and cell.weighted_count is not None else None
                for cell in cells
            ]
        ),
        "0%",
    )
    yield where([cell.index for cell in cells]), "0"
    yield where([cell.effect for cell in cells]), "0.00"
    yield tuple(float(cell.base) for cell in cells), "#,##0"


def _bases(made: _Sheet, question: QuestionProfile, row: int) -> int:
    """Bases under a table: respondents, and with weights the weighted and the effective ones."""
    if not question.rows:
        return row
    say, book = made.context.language.gettext, made.book
    muted = {"font_color": book.theme.colours["muted"], "font_size": 9}
    line = question.rows[0]
    differ = any(
        [cell.base for cell in other.cells] != [cell.base for cell in line.cells]
        for other in question.rows
    )
    first = say("Base of the first row") if differ else say("Base")
    kinds = [(first, [float(cell.base) for cell in (line.total, *line.cells)])]
    if made.banner.weighted:
        kinds += [
            (say("Base, weighted"), [c.weighted_base for c in (line.total, *line.cells)]),
            (say("Effective base"), [c.effective_base for c in (line.total, *line.cells)]),
        ]
    for step, (text, values) in enumerate(kinds):
        line_above: dict[str, Any] = {"top": 1, "top_color": book.theme.colours["line"]}
        rule = muted | (line_above if step == 0 else {})
        write_text(made.sheet, row, 0, text, book.format(indent=1, **rule))
        for place, value in enumerate(values, -1):
            style = book.format(num_format="??,??0", align="left", indent=1, **rule)
            made.sheet.write_number(row, made.at(place), value, style)
        row += 1
    return row
