"""The sheets of ``workbook.xlsx`` on which strategy and criteria are decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from persona.profiling.attractiveness import Criterion, attractiveness
from persona.profiling.result import Texts
from persona.report.editing_sheets import (
    FIRST_ROW,
    YELLOW,
    by_language,
    fill,
    heads,
    locked,
)
from persona.report.locale import Language, message
from persona.report.model import SegmentDecision
from persona.report.sections.base import Context, letter
from persona.report.sections.scorecard import AXES, MEASURED
from persona.report.sections.strategy import FIELDS, evidence
from persona.report.sheets import Book, row_height, write_text
from persona.report.targets import Targeting

STRATEGY, CRITERIA = "Strategy", "Criteria"
"""Names of the sheets; fixed, so that a workbook is read back in any language."""
PROPOSED: tuple[tuple[str, str, str], ...] = (
    ("growth", "segment", message("Growth of the segment")),
    ("competition", "segment", message("Little competition")),
    ("reach", "segment", message("Easy to reach")),
    ("fit", "us", message("Fit with what we offer")),
    ("image", "us", message("Our image with them")),
    ("price", "us", message("Our price against others")),
)
SPARE = 3
"""Empty rows on each axis for criteria of the user's own."""


def strategy_sheet(book: Book, context: Context, languages: tuple[Language, ...]) -> None:
    """Six rows a segment: what is decided, beside what the data say; required for targets."""
    targeting = context.report.targeting
    if targeting is None:
        return
    say = context.language.gettext
    sheet = book.sheet(STRATEGY)
    fixed = [
        ("segment", say("Number"), 8),
        ("name", say("Segment"), 24),
        ("field", say("Key"), 11),
        ("title", say("Field"), 18),
        ("required", say("Required"), 10),
        ("evidence", say("What the data say"), 70),
    ]
    edited = by_language("text", say("Decided"), languages, 44)
    heads(book, sheet, context, say("Strategy: what each segment is offered"), fixed, edited)
    style = book.format(text_wrap=True, **locked(book))
    row = FIRST_ROW
    for part in targeting.sheets:
        for one in part.fields:
            sheet.write_number(row, 0, part.segment, book.format(num_format="0", **locked(book)))
            told = "\n".join(evidence(one, part.segment, context))
            cells = (
                f"{letter(part.segment)}  {context.name(part.segment)}",
                one.field,
                say(FIELDS[one.field]),
                say("required") if one.required else "",
                told,
            )
            for column, text in enumerate(cells, 1):
                write_text(sheet, row, column, text, style)
            values = {f"text:{code}": text for code, text in one.texts.items()}
            fill(book, sheet, row, len(fixed), edited, values)
            longest = max(one.texts.values(), key=len, default="")
            row_height(sheet, row, (told, 70), (cells[0], 22), (longest, 42))
            row += 1
    sheet.freeze_panes(FIRST_ROW, 4)


@dataclass(frozen=True)
class _Row:
    """One criterion on its sheet; ``weight`` is None where none is given."""

    id: str
    axis: str
    measured: str
    text: Texts
    weight: float | None


def criteria_sheet(
    book: Book, context: Context, languages: tuple[Language, ...]
) -> list[list[object]]:
    """Criteria of attractiveness with weights and scores.

    Returns
    -------
    list of [id, axis, measured, whether it has a weight]
        The rows as they were written, to know them again.
    """
    targeting = context.report.targeting
    if targeting is None:
        return []
    say, sizes = context.language.gettext, context.report.profile.segments
    sheet = book.sheet(CRITERIA)
    fixed = [
        ("criterion", say("Key"), 14),
        ("axis", say("Axis"), 34),
        ("how", say("Scores"), 26),
    ]
    scores = [(f"score:{s.segment}", f"{letter(s.segment)}  {context.name(s.segment)}", 16)
              for s in sizes]  # fmt: skip
    texts = by_language("text", say("Criterion"), languages, 30)
    edited = [*texts, ("weight", say("Weight"), 9)]
    title = say("Criteria: how attractive each segment is to us, and we to it")
    heads(book, sheet, context, title, fixed, [*edited, *scores])
    rows = _rows(targeting, context, languages)
    style = book.format(text_wrap=True, **locked(book))
    for place, one in enumerate(rows, FIRST_ROW):
        how = say(MEASURED[one.measured]) if one.measured else say("your judgement, 0 to 10")
        for column, text in enumerate((one.id, say(AXES[one.axis]), how)):
            write_text(sheet, place, column, text, style)
        values = {f"text:{code}": text for code, text in one.text.items()}
        fill(book, sheet, place, len(fixed), texts, values)
        _figures(book, sheet, (place, len(fixed) + len(texts)), one, context)
    last = FIRST_ROW + len(rows) - 1
    first = len(fixed) + len(texts)
    limits: dict[str, Any] = {"validate": "decimal", "criteria": ">=", "value": 0}
    sheet.data_validation(FIRST_ROW, first, last, first, limits | {"ignore_blank": True})
    limits = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 10}
    sheet.data_validation(FIRST_ROW, first + 1, last, first + len(sizes), limits)
    sheet.freeze_panes(FIRST_ROW, len(fixed) + 1)
    return [[one.id, one.axis, one.measured, one.weight is not None] for one in rows]


def _figures(book: Book, sheet: Any, at: tuple[int, int], one: _Row, context: Context) -> None:
    """Weight and scores as numbers; measured scores are shown and locked."""
    row, column = at
    look = {"border": 1, "border_color": book.theme.colours["line"]}
    edit = book.format(locked=False, bg_color=YELLOW, num_format="0.##", **look)
    shown = book.format(num_format="0.0", **locked(book))
    if one.weight is None:
        sheet.write_blank(row, column, None, edit)
    else:
        sheet.write_number(row, column, one.weight, edit)
    scores = _scores(one, context)
    style = shown if one.measured else edit
    for place, size in enumerate(context.report.profile.segments, column + 1):
        score = scores.get(size.segment)
        if score is None:
            sheet.write_blank(row, place, None, style)
        else:
            sheet.write_number(row, place, score, style)


def _scores(one: _Row, context: Context) -> dict[int, float]:
    """The scores a criterion has: measured ones from the data, others as they were given."""
    targeting, sizes = context.report.targeting, context.report.profile.segments
    if one.measured and targeting is not None:
        alone = Criterion(one.id, one.text, "segment", 1.0, {}, one.measured)  # type: ignore[arg-type]
        points = attractiveness((alone,), sizes, targeting.value)
        return {p.segment: p.scores[one.id] for p in points if one.id in p.scores}
    given = {
        number: score
        for criterion in (targeting.criteria if targeting else ())
        if criterion.id == one.id
        for number, score in criterion.scores.items()
    }
    decisions = context.report.decisions
    decided: tuple[SegmentDecision, ...] = decisions.segments if decisions else ()
    return given | {part.segment: part.scores[one.id] for part in decided if one.id in part.scores}


def _rows(targeting: Targeting, context: Context, languages: tuple[Language, ...]) -> list[_Row]:
    """Criteria in use, those put aside, those that are offered, and empty rows; by axis."""
    rows = [
        _Row(one.id, one.axis, one.measured, one.text, one.weight) for one in targeting.criteria
    ]
    decisions = context.report.decisions
    rows += [
        _Row(one.id, one.axis, one.measured, one.text, one.weight)
        for one in (decisions.criteria if decisions else ())
        if one.id not in {row.id for row in rows}
    ]
    known, measured = {row.id for row in rows}, {row.measured for row in rows}
    value = targeting.value
    for name, word in MEASURED.items():
        there = name == "size" or (
            value is not None and (name == "best_customers" or bool(getattr(value, name)))
        )
        if there and name not in measured and name not in known:
            rows.append(_Row(name, "segment", name, _said(word, languages), None))
    rows += [
        _Row(name, axis, "", _said(word, languages), None)
        for name, axis, word in PROPOSED
        if name not in known
    ]
    for axis in AXES:
        spare = (f"own_{axis}_{number}" for number in range(1, SPARE + 1))
        rows += [_Row(name, axis, "", {}, None) for name in spare if name not in known]
    return sorted(rows, key=lambda row: list(AXES).index(row.axis))


def _said(word: str, languages: tuple[Language, ...]) -> dict[str, str]:
    return {one.code: one.gettext(word) for one in languages}
