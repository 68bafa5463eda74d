"""Banner sheets: numbers with their letters, what stands behind them, and room for formats."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from persona.report import locale, theme
from persona.report.banner_sheet import NumberFormats
from persona.report.sections import Context
from persona.report.tables_workbook import tables_workbook


@pytest.fixture(scope="module")
def context(made_up: ModuleType) -> Context:
    sections = {
        "who": {"en": "About you"},
        "attitudes": {"en": "What you like"},
        "habits": {"en": "How you shop"},
    }
    report = made_up.study_report(sections=sections)
    return Context(report, locale.load("en"), theme.load(), "print")


@pytest.fixture(scope="module")
def content(context: Context) -> bytes:
    return tables_workbook(context)


@pytest.fixture(scope="module")
def tables(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def _line(sheet: Any, text: str) -> Any:
    return next(row for row in sheet.iter_rows() if row[0].value == text)


def test_one_sheet_a_section(tables: Workbook) -> None:
    assert {"About you", "What you like", "How you shop"} <= set(tables.sheetnames)
    assert "Who" not in tables.sheetnames


def test_behind_a_figure_stand_counts_row_percent_index_effect_and_base(
    tables: Workbook, context: Context
) -> None:
    sheet = tables["About you"]
    blocks = {cell.value: cell.column for cell in sheet[3] if cell.value}
    row = _line(sheet, "Women")
    cell = context.report.profile.questions[0].rows[0].cells[0]
    total = context.report.profile.questions[0].rows[0].total
    assert cell.weighted_count is not None and total.weighted_count is not None
    expected = {
        "Respondents": cell.count,
        "Row percent": cell.weighted_count / total.weighted_count,
        "Index": cell.index,
        "Effect size": cell.effect,
        "Base": cell.base,
    }
    for title, value in expected.items():
        # the first column of a block is the total, the second the first segment
        assert row[blocks[title]].value == pytest.approx(value), title
    assert sheet.column_dimensions["H"].outlineLevel == 1


def test_weighted_books_show_three_bases(tables: Workbook) -> None:
    texts = [row[0].value for row in tables["About you"].iter_rows()]
    assert "Base" in texts and "Base, weighted" in texts and "Effective base" in texts


def test_the_basis_has_no_letters_and_says_why(tables: Workbook, context: Context) -> None:
    profile = context.report.profile
    grid = profile.question("shopping")
    bare = tuple(
        replace(row, cells=tuple(replace(cell, letters="") for cell in row.cells))
        for row in grid.rows
    )
    questions = tuple(replace(q, rows=bare) if q is grid else q for q in profile.questions)
    report = replace(context.report, profile=replace(profile, questions=questions))
    book = load_workbook(io.BytesIO(tables_workbook(replace(context, report=report, built={}))))
    sheet = book["What you like"]
    formats = {cell.number_format for row in sheet.iter_rows(min_row=6) for cell in row}
    assert not any(re.search('[a-zA-Z]{1,4}"$', form) for form in formats if '"' in form)
    assert any("circular" in str(row[0].value) for row in sheet.iter_rows())


def test_only_figures_are_printed(tables: Workbook) -> None:
    sheet = tables["About you"]
    assert sheet.print_title_rows == "$1:$5"
    assert re.search(r"\$A\$1:\$F\$\d+$", sheet.print_area)
    assert sheet.page_setup.orientation == "landscape"


def test_charts_are_of_excels_own(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert any(name.startswith("xl/charts/chart") for name in archive.namelist())
        assert not any(name.startswith("xl/media") for name in archive.namelist())


def test_letters_stand_beside_when_excel_has_no_room_for_formats() -> None:
    formats = NumberFormats()
    assert formats.take({f'0%" {n}"' for n in range(150)})
    assert not formats.take({f'0" {n}"' for n in range(150)})
    assert formats.take({'0%" 1"', "0.0"})


def test_a_book_with_many_letters_keeps_them_in_a_column(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persona.report.banner_sheet._MOST_FORMATS", 0)
    book = load_workbook(io.BytesIO(tables_workbook(context)))
    young = _line(book["About you"], "18 to 29")
    assert young[2].value == pytest.approx(0.38)
    assert (young[2].number_format, young[3].value) == ("??0%", "bD")
