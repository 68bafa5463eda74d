"""Excel: tables as numbers with their letters, and decisions that go round."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from persona.errors import StudyError
from persona.report import locale, theme
from persona.report.decisions import read_decisions
from persona.report.decisions_workbook import decisions_workbook
from persona.report.model import Decisions, SegmentDecision
from persona.report.sections import Context
from persona.report.tables_workbook import tables_workbook

STUDY, RUN = "made_up", "0123456789abcdef"


@pytest.fixture(scope="module")
def context(made_up: ModuleType) -> Context:
    return Context(made_up.study_report(), locale.load("en"), theme.load(), "print")


@pytest.fixture(scope="module")
def tables(context: Context) -> Workbook:
    return load_workbook(io.BytesIO(tables_workbook(context)))


def _cells(sheet: Any) -> list[Any]:
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_sheets_of_the_tables(tables: Workbook) -> None:
    assert tables.sheetnames == [
        "Contents",
        "Segments",
        "Who",
        "Expects",
        "Behaves",
        "Factors",
        "Correspondence maps",
        "Notes",
    ]


def test_percents_are_numbers_with_a_format(tables: Workbook) -> None:
    sheet = tables["Who"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "Women")
    assert row[2].value == pytest.approx(0.48)
    assert row[2].number_format == "??0%"
    young = next(row for row in sheet.iter_rows() if row[0].value == "18 to 29")
    assert young[2].value == pytest.approx(0.38)
    assert young[2].number_format == '??0%" bD"'
    assert sheet.freeze_panes == "B6"


def test_contents_link_to_the_tables(tables: Workbook) -> None:
    linked = {
        cell.value: cell.hyperlink.location
        for row in tables["Contents"].iter_rows(min_row=5, max_col=1)
        for cell in row
        if cell.hyperlink
    }
    assert linked["How old are you?"].startswith("'Who'!A")


def test_what_was_not_tested_says_why(tables: Workbook) -> None:
    assert any("circular" in str(value) for value in _cells(tables["Expects"]))


def test_a_base_of_zero_is_a_dash_and_a_small_cell_is_hidden(
    context: Context, made_up: ModuleType
) -> None:
    profile = context.report.profile
    question = profile.questions[0]
    row = question.rows[0]
    empty = replace(row.cells[0], value=None, base=0, index=None)
    small = replace(row.cells[1], value=None, suppressed=True, base=3, index=None)
    marked = replace(row.cells[2], mark="**", base=20)
    changed = replace(row, cells=(empty, small, marked, row.cells[3]))
    questions = (replace(question, rows=(changed, question.rows[1])), *profile.questions[1:])
    report = replace(context.report, profile=replace(profile, questions=questions))
    book = load_workbook(io.BytesIO(tables_workbook(replace(context, report=report))))
    shown = next(row for row in book["Who"].iter_rows() if row[0].value == "Women")
    assert (shown[2].value, shown[3].value) == ("–", "n<5")
    assert shown[4].number_format == '??0%"**"'


def test_texts_that_look_like_formulas_stay_texts(context: Context) -> None:
    profile = context.report.profile
    question = profile.questions[0]
    wild = '=HYPERLINK("http://example.com")\x07' + "x" * 40_000
    rows = (replace(question.rows[0], text={"en": wild}), question.rows[1])
    changed = replace(question, text={"en": "+1"}, rows=rows)
    report = replace(
        context.report,
        profile=replace(profile, questions=(changed, *profile.questions[1:])),
    )
    content = tables_workbook(replace(context, report=report))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert all(
            b"<f>" not in archive.read(name)
            for name in archive.namelist()
            if name.startswith("xl/worksheets/")
        )
    assert any(
        str(value).startswith("=HYPERLINK") and len(str(value)) <= 32_767
        for value in _cells(load_workbook(io.BytesIO(content))["Who"])
    )


def _edited(context: Context, tmp_path: Path, edit: Callable[[Workbook], None]) -> Path:
    content = decisions_workbook(context, locale.load_all(("en", "pl")))
    book = load_workbook(io.BytesIO(content))
    edit(book)
    path = tmp_path / "workbook.xlsx"
    book.save(path)
    return path


def _set(book: Workbook, segment: int, key: str, value: object) -> None:
    sheet = book["Segments"]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(4 + segment, heads.index(key) + 1).value = value  # type: ignore[union-attr]


def test_an_untouched_workbook_keeps_what_was_decided(context: Context, tmp_path: Path) -> None:
    path = _edited(context, tmp_path, lambda book: None)
    found = read_decisions(path, study=STUDY, fingerprint=RUN)
    assert found.segment(1).names == {
        "en": "Price first, online",
        "pl": "Najpierw cena, w internecie",
    }
    assert found.segment(2) == SegmentDecision(2)
    assert found.factors[0].names == {"en": "Price", "pl": "Cena"}


def test_decisions_go_round(context: Context, tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        _set(book, 2, "name:en", "  Advice seekers ")
        _set(book, 2, "summary:pl", "Szukają rady")
        _set(book, 2, "strategy:en", "Train the staff")
        _set(book, 3, "merge_into", 2)
        _set(book, 4, "exclude", "Yes")
        _set(book, 4, "note", "too small")

    found = read_decisions(_edited(context, tmp_path, edit), study=STUDY, fingerprint=RUN)
    assert found.segment(2).names == {"en": "Advice seekers"}
    assert found.segment(2).summaries == {"pl": "Szukają rady"}
    assert found.segment(2).strategies == {"en": "Train the staff"}
    assert found.segment(3).merge_into == 2
    assert found.segment(4) == SegmentDecision(4, exclude=True, note="too small")
    again = replace(context, report=replace(context.report, decisions=found))
    second = read_decisions(_edited(again, tmp_path, lambda book: None))
    assert second.segment(2) == found.segment(2)
    assert second.segment(4) == found.segment(4)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda book: book.remove(book["Segments"]), "decisions.sheet"),
        (lambda book: book.remove(book["persona"]), "decisions.foreign"),
        (lambda book: book["Segments"].delete_cols(13, 3), "decisions.column"),
        (lambda book: book["Segments"].delete_rows(6), "decisions.row"),
        (lambda book: _set(book, 2, "segment", 1), "decisions.row"),
        (lambda book: _set(book, 2, "merge_into", 2), "decisions.merge_circle"),
        (lambda book: _set(book, 2, "merge_into", 9), "decisions.merge_unknown"),
        (lambda book: _set(book, 2, "exclude", "perhaps"), "decisions.exclude"),
        (
            lambda book: [_set(book, j, "exclude", "yes") for j in (1, 2, 3, 4)],
            "decisions.none_left",
        ),
        (
            lambda book: [_set(book, j, "merge_into", 1) for j in (2, 3, 4)],
            "decisions.one_left",
        ),
        (
            lambda book: [_set(book, j, "name:en", "Twins") for j in (2, 3)],
            "decisions.name_twice",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(
    context: Context, tmp_path: Path, edit: Callable[[Workbook], None], code: str
) -> None:
    path = _edited(context, tmp_path, edit)
    with pytest.raises(StudyError) as caught:
        read_decisions(path, study=STUDY, fingerprint=RUN)
    assert code in [problem.code for problem in caught.value.problems]


def test_circles_of_merges_are_found(context: Context, tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        _set(book, 2, "merge_into", 3)
        _set(book, 3, "merge_into", 2)

    with pytest.raises(StudyError) as caught:
        read_decisions(_edited(context, tmp_path, edit))
    assert {problem.found for problem in caught.value.problems} == {
        "2 into 3 into 2",
        "3 into 2 into 3",
    }


@pytest.mark.parametrize(
    ("study", "run", "code", "found"),
    [
        ("another", RUN, "decisions.other_study", "made_up"),
        (STUDY, "f" * 16, "decisions.other_run", "run 0123456789ab"),
    ],
)
def test_another_study_or_run_is_refused_with_the_difference(
    context: Context, tmp_path: Path, study: str, run: str, code: str, found: str
) -> None:
    path = _edited(context, tmp_path, lambda book: None)
    with pytest.raises(StudyError) as caught:
        read_decisions(path, study=study, fingerprint=run)
    problem = caught.value.problems[0]
    assert (problem.code, problem.found) == (code, found)


def test_files_that_are_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as caught:
        read_decisions(tmp_path / "absent.xlsx")
    assert caught.value.problems[0].code == "decisions.missing"
    for content in (b"", b"PK\x03\x04broken", b"name;segment"):
        (tmp_path / "x.xlsx").write_bytes(content)
        with pytest.raises(StudyError) as caught:
            read_decisions(tmp_path / "x.xlsx")
        assert caught.value.problems[0].code == "decisions.unreadable"


def test_locked_cells_and_open_ones(context: Context) -> None:
    book = load_workbook(io.BytesIO(decisions_workbook(context, locale.load_all(("en", "pl")))))
    sheet = book["Segments"]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.protection.sheet
    assert sheet.row_dimensions[1].hidden
    assert book["persona"].sheet_state == "veryHidden"
    assert sheet.cell(5, heads.index("segment") + 1).protection.locked
    assert not sheet.cell(5, heads.index("name:en") + 1).protection.locked


def test_decisions_of_a_segment_default_to_nothing() -> None:
    assert Decisions("s", "r").segment(3) == SegmentDecision(3)
