"""``workbook.xlsx``: what a user decides about segments and factors, to be brought back."""

from __future__ import annotations

import json
from collections.abc import Mapping

from persona.report.editing_sheets import (
    FIRST_ROW,
    by_language,
    choices,
    fill,
    heads,
    locked,
)
from persona.report.locale import Language
from persona.report.model import Decisions, FactorDecision, Texts
from persona.report.sections.base import Context, letter
from persona.report.sections.factor_figures import proposed_name
from persona.report.sheets import Book, row_height, widths, write_text
from persona.report.statements import summary
from persona.report.targets_workbook import criteria_sheet, strategy_sheet

FORMAT = 1
"""Version of the workbook's layout."""
SEGMENTS, FACTORS, HIDDEN = "Segments", "Factors", "persona"
"""Names of the sheets; fixed, so that a workbook is read back in any language."""


def decisions_workbook(context: Context, languages: tuple[Language, ...]) -> bytes:
    """The workbook of a run, filled with what is decided already.

    Sheets: instructions, ``Segments``, ``Factors``, ``Strategy`` and ``Criteria`` to edit, and a
    hidden one that ties the workbook to the study and its run.
    """
    report = context.report
    book = Book(context.theme, report.date)
    title = context.text(report.title)
    book.properties(title, context.language.gettext("Decisions to edit and bring back"))
    _instructions(book, context)
    _segments(book, context, languages)
    if report.factors:
        _factors(book, context, languages)
    strategy_sheet(book, context, languages)
    criteria = criteria_sheet(book, context, languages)
    _hidden(book, context, criteria)
    return book.finished()


def _instructions(book: Book, context: Context) -> None:
    say = context.language.gettext
    sheet = book.sheet(say("Read me"))
    title = context.text(context.report.title)
    write_text(sheet, 0, 0, title, book.format(bold=True, font_size=16))
    write_text(
        sheet,
        1,
        0,
        say("Decisions to edit and bring back"),
        book.format(font_color=book.theme.colours["muted"], font_size=12),
    )
    sheet.set_row(0, 24)
    sheet.set_row(1, 20)
    lines = (
        say("1. On the sheet “{sheet}” edit the yellow cells; leave the others.", sheet=SEGMENTS),
        say("2. Name: what the segment is called everywhere. Empty: the proposed name."),
        say("3. Summary and strategy: one line each on the persona; empty ones are left out."),
        say("4. Merge into: the number of the segment that takes this one in."),
        say("5. Exclude: “yes” leaves the segment’s persona out of the report; it stays counted."),
        say("6. On the sheet “{sheet}” factors are named in the same way.", sheet=FACTORS),
        say(
            "7. Target: “yes” for segments to be addressed; their rows on “Strategy” are required."
        ),
        say(
            "8. On the sheet “Criteria” give weights, and scores from 0 to 10; no weight: left out."
        ),
        say("9. Save the workbook and run: persona apply study.yaml workbook.xlsx"),
        say("10. Run the study again: persona run study.yaml"),
        say("The workbook belongs to this study and this run alone; another run refuses it."),
    )
    for row, text in enumerate(lines, 3):
        write_text(sheet, row, 0, text, book.format(text_wrap=True, font_size=11))
    widths(sheet, {0: 100})
    sheet.protect("", {"select_locked_cells": True})


def _segments(book: Book, context: Context, languages: tuple[Language, ...]) -> None:
    say, report = context.language.gettext, context.report
    targeting = report.targeting
    decided = report.decisions or Decisions(report.id, report.fingerprint)
    sheet = book.sheet(SEGMENTS)
    fixed = [
        ("segment", say("Number"), 9),
        ("letter", say("Letter"), 7),
        ("size", say("Share"), 9),
        ("base", say("Respondents"), 12),
        ("evidence", say("What sets it apart"), 46),
        ("proposed", say("Proposed name"), 28),
    ]
    edited = [
        *by_language("name", say("Name"), languages, 28),
        *by_language("summary", say("Summary in one line"), languages, 40),
        *by_language("strategy", say("Strategy"), languages, 40),
        ("merge_into", say("Merge into"), 11),
        ("exclude", say("Exclude"), 9),
        ("note", say("Note to yourself"), 30),
        ("target", say("Target"), 9),
    ]
    heads(book, sheet, context, say("Segments: names, texts, merging, excluding"), fixed, edited)
    for place, persona in enumerate(report.personas):
        row = FIRST_ROW + place
        own = decided.segment(persona.segment)
        number = book.format(num_format="0", **locked(book))
        sheet.write_number(row, 0, persona.segment, number)
        text = book.format(text_wrap=True, **locked(book))
        write_text(sheet, row, 1, letter(persona.segment), text)
        share = book.format(num_format="0.0%", **locked(book))
        sheet.write_number(row, 2, persona.size.share, share)
        sheet.write_number(row, 3, persona.size.n, number)
        telling = summary(persona, context.said[persona.segment], "", context.language)
        write_text(sheet, row, 4, telling, text)
        sheet.set_row(row, 46)
        write_text(sheet, row, 5, context.text(persona.proposed_name), text)
        values: dict[str, str] = {}
        for language in languages:
            code = language.code
            shown = own.names.get(code, "")
            if not shown and persona.named_by_user:
                shown = persona.name.get(code, "")
            values[f"name:{code}"] = shown
            values[f"summary:{code}"] = own.summaries.get(code, "")
            values[f"strategy:{code}"] = own.strategies.get(code, "")
        values["merge_into"] = "" if own.merge_into is None else str(own.merge_into)
        values["exclude"] = say("yes") if own.exclude else ""
        values["note"] = own.note
        chosen = own.target or (targeting is not None and persona.segment in targeting.targets)
        values["target"] = say("yes") if chosen else ""
        fill(book, sheet, row, len(fixed), edited, values)
    last = FIRST_ROW + max(len(report.personas), 1) - 1
    columns = {key: len(fixed) + place for place, (key, *_) in enumerate(edited)}
    numbers = [str(persona.segment) for persona in report.personas]
    choices(sheet, columns["merge_into"], last, numbers)
    choices(sheet, columns["exclude"], last, [say("yes"), say("no")])
    choices(sheet, columns["target"], last, [say("yes"), say("no")])
    sheet.freeze_panes(FIRST_ROW, 2)


def _factors(book: Book, context: Context, languages: tuple[Language, ...]) -> None:
    say = context.language.gettext
    sheet = book.sheet(FACTORS)
    fixed = [
        ("battery", say("Battery"), 18),
        ("factor", say("Factor"), 9),
        ("items", say("Items that make it"), 60),
        ("proposed", say("Proposed name"), 36),
    ]
    edited = by_language("name", say("Name"), languages, 30)
    heads(book, sheet, context, say("Factors: names"), fixed, edited)
    row = FIRST_ROW
    text = book.format(text_wrap=True, **locked(book))
    for section in context.report.factors:
        loadings = section.solution.loadings
        for column in loadings.columns:
            strong = [
                item for item in loadings.index if abs(float(loadings.loc[item, column])) >= 0.4
            ]
            items = [context.text(section.items.get(str(i), {"": str(i)})) for i in strong]
            write_text(sheet, row, 0, section.battery, text)
            write_text(sheet, row, 1, str(column), text)
            write_text(sheet, row, 2, "; ".join(items), text)
            proposed = proposed_name(section, column, context)
            write_text(sheet, row, 3, proposed, text)
            row_height(sheet, row, ("; ".join(items), 60))
            names = _factor_names(context, section.battery, str(column), section.names)
            values = {f"name:{one.code}": names.get(one.code, "") for one in languages}
            fill(book, sheet, row, len(fixed), edited, values)
            row += 1
    sheet.freeze_panes(FIRST_ROW, 2)


def _factor_names(context: Context, battery: str, factor: str, names: Mapping[str, Texts]) -> Texts:
    decided: tuple[FactorDecision, ...] = (
        context.report.decisions.factors if context.report.decisions else ()
    )
    for one in decided:
        if (one.battery, one.factor) == (battery, factor):
            return one.names
    return names.get(factor, {})


def _hidden(book: Book, context: Context, criteria: list[list[object]]) -> None:
    """Study, run and layout, and the rows that the workbook was written with."""
    report = context.report
    sheet = book.sheet(HIDDEN)
    card = {
        "format": FORMAT,
        "study": report.id,
        "fingerprint": report.fingerprint,
        "segments": [persona.segment for persona in report.personas],
        "factors": [
            [section.battery, str(column)]
            for section in report.factors
            for column in section.solution.loadings.columns
        ],
        "strategy": context.report.targeting is not None,
        "criteria": criteria,
    }
    write_text(sheet, 0, 0, json.dumps(card, ensure_ascii=False), book.format())
    sheet.very_hidden()
