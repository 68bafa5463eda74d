"""Tables: every question by segment, with bases, letters and what was not tested."""

from __future__ import annotations

from dataclasses import dataclass

from persona.profiling.result import Cell, QuestionProfile, Row
from persona.report.locale import NOTHING, Language, message
from persona.report.sections.base import Context, Section, letter

WHY_NOT = {
    "basis": message(
        "Not tested: this question made the segments, a test would be circular. Its figures "
        "describe."
    ),
    "one_segment": message("Not tested: there is one segment alone."),
    "one_category": message("Not tested: everybody gave the same answer."),
    "small_base": message("Not tested: fewer than 30 respondents answered."),
    "not_asked": message("Not tested: nobody was asked."),
    "descriptive": message("Not tested: the table describes alone."),
}
STATISTICS = {
    "percent": message("Percent of respondents, weighted"),
    "mean": message("Mean"),
    "median": message("Median"),
    "top_box": message("Top box, percent"),
    "bottom_box": message("Bottom box, percent"),
    "nps": message("Net promoter score"),
}
BLOCKS = {
    "who": message("Who"),
    "expects": message("Expects"),
    "behaves": message("Behaves"),
    "value": message("Value"),
}


@dataclass(frozen=True)
class Figure:
    """One cell as printed.

    ``sort`` orders it, ``bar`` (0 to 100) draws it; ``base``, ``interval`` and ``index`` are what
    a reader learns by pointing at it; ``above`` is +1, 0 or -1 against everybody.
    """

    text: str
    sort: str
    bar: float | None
    letters: str
    mark: str
    above: int
    base: str
    interval: str
    index: str


@dataclass(frozen=True)
class Line:
    """One row of a table: its text and figures, the total first."""

    text: str
    statistic: str
    total: Figure
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Table:
    """One question by segment."""

    id: str
    block: str
    block_word: str
    title: str
    note: str
    base: str
    base_number: str
    rows: tuple[Line, ...]
    bases: tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """A column of segments."""

    letter: str
    name: str
    colour: str
    n: str


@dataclass(frozen=True)
class Tables:
    """Every question by segment."""

    heads: tuple[Head, ...]
    total: str
    tables: tuple[Table, ...]
    blocks: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def build(context: Context) -> Tables | None:
    """Every question of the profile as a table."""
    profile = context.report.profile
    if not profile.questions:
        return None
    heads = tuple(
        Head(
            letter(size.segment),
            context.name(size.segment),
            context.colour(size.segment),
            context.language.number(size.n),
        )
        for size in profile.segments
    )
    tables = tuple(_table(question, context) for question in profile.questions)
    return Tables(
        heads,
        context.language.number(profile.n),
        tables,
        tuple(dict.fromkeys((table.block, table.block_word) for table in tables)),
        notes(context),
    )


_BOXES = {
    "top_box": message("Top box ({codes}), percent"),
    "bottom_box": message("Bottom box ({codes}), percent"),
}


def statistic_word(row: Row, language: Language) -> str:
    """What a row counts; of a top or bottom box also the answers that it joins."""
    if row.statistic in _BOXES and row.categories:
        ends = (str(row.categories[0]), str(row.categories[-1]))
        codes = ends[0] if len(row.categories) == 1 else "–".join(ends)
        return language.gettext(_BOXES[row.statistic], codes=codes)
    return language.gettext(STATISTICS[row.statistic])


CORRECTIONS = {
    "fdr": message("Benjamini–Hochberg over all tests of the book"),
    "holm": message("Holm"),
    "bonferroni": message("Bonferroni"),
}


def correction_word(correction: str, language: Language) -> str:
    """What the correction of many tests is called."""
    word = CORRECTIONS.get(correction)
    return language.gettext(word) if word else language.gettext("none")


def notes(context: Context) -> tuple[str, ...]:
    """How to read the tables: letters, marks, bases, suppression, correction."""
    language, profile = context.language, context.report.profile
    low, high = profile.levels
    return (
        language.gettext(
            "Letters: the figure is higher than that of the segment with the letter; lower case "
            "p < {low}, upper case p < {high}. Correction: {correction}, {tests}.",
            low=language.number(low, 2),
            high=language.number(high, 3),
            correction=correction_word(profile.correction, language),
            tests=language.ngettext("{n} test", "{n} tests", profile.tests),
        ),
        language.gettext(
            "▲ index of 120 and above, ▼ of 80 and below (all = 100). ** base below 30, not "
            "tested; * base of 30 to 99. – no respondent to count."
        ),
        language.ngettext(
            "Cells with fewer than {n} respondent are not shown.",
            "Cells with fewer than {n} respondents are not shown.",
            profile.suppress_below,
        ),
        language.gettext("Figures are weighted, bases are not.")
        if profile.weighted
        else language.gettext("Figures are not weighted."),
    )


def _table(question: QuestionProfile, context: Context) -> Table:
    language = context.language
    rows = tuple(_line(row, question, context) for row in question.rows)
    first = question.rows[0].cells if question.rows else ()
    return Table(
        id=question.question,
        block=question.block,
        block_word=language.gettext(BLOCKS.get(question.block, question.block)),
        title=context.text(question.text),
        note=question_note(question, language),
        base=language.ngettext("base {n} respondent", "base {n} respondents", question.base),
        base_number=language.number(question.base),
        rows=rows,
        bases=tuple(language.number(cell.base) for cell in first),
    )


def question_note(question: QuestionProfile, language: Language) -> str:
    """The test of a question's whole table, or why there is none."""
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


def _line(row: Row, question: QuestionProfile, context: Context) -> Line:
    language = context.language
    statistic = statistic_word(row, language)
    text = context.text(row.text) or statistic
    return Line(
        text=text,
        statistic=statistic,
        total=_figure(row.total, row, language),
        figures=tuple(_figure(cell, row, language) for cell in row.cells),
    )


def cell_text(cell: Cell, row: Row, unit: str | None, language: Language) -> str:
    """The value of a cell as its statistic asks for; – for a base of zero."""
    if cell.suppressed:
        return "n<"
    if cell.value is None:
        return NOTHING
    if row.statistic in ("percent", "top_box", "bottom_box"):
        return language.percent(cell.value)
    if row.statistic == "nps":
        return language.number(cell.value)
    text = language.number(cell.value, 0 if abs(cell.value) >= 1000 else 1)
    return f"{text} {unit}" if unit else text


def _figure(cell: Cell, row: Row, language: Language) -> Figure:
    percent = row.statistic in ("percent", "top_box", "bottom_box")
    above = 0
    if cell.index is not None and cell.value is not None and row.statistic != "nps":
        above = 1 if cell.index >= 120 else -1 if cell.index <= 80 else 0
    known = cell.value is not None
    decimals = 0 if percent or row.statistic == "nps" else 1
    return Figure(
        text=cell_text(cell, row, None, language),
        sort="" if cell.value is None else f"{cell.value:.4g}",
        bar=cell.value if percent else None,
        letters=cell.letters,
        mark=cell.mark,
        above=above,
        base=language.number(cell.base),
        interval=language.interval(cell.low, cell.high, decimals)
        if known and cell.low is not None
        else "",
        index=language.number(cell.index) if known and cell.index is not None else "",
    )


SECTION = Section("tables", message("Tables by segment"), build)
