"""``problems.xlsx``: the user's own workbook, marked and listed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from persona.errors import OutputError, errors_in
from persona.questionnaire.model import Questionnaire
from persona.responses import Responses, group_problems, write_problems
from persona.responses.workbook import PROBLEMS_SHEET

Writer = Callable[..., Path]


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A workbook with styles, a second sheet and two faulty cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "My answers"
    sheet.append(["rid", "cups", "a1", "a2", "why"])
    sheet.append(["x", 40, 1, 1, "=not a formula"])
    sheet.append(["y", 2, "Agre", 1, "fine"])
    sheet["E2"].data_type = "s"
    sheet["A1"].font = Font(bold=True, color="FF0000")
    sheet.column_dimensions["E"].width = 44
    book.create_sheet("Notes")["A1"] = "keep me"
    path = tmp_path / "survey.xlsx"
    book.save(path)
    return path


def test_cells_are_filled_commented_and_listed_with_links(
    faulty: Path, tea: Questionnaire, tmp_path: Path
) -> None:
    before = hashlib.sha256(faulty.read_bytes()).hexdigest()
    responses = Responses.read(faulty, tea)
    target = write_problems(responses, tmp_path / "out" / "problems.xlsx")
    assert hashlib.sha256(faulty.read_bytes()).hexdigest() == before
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["My answers", "Notes", PROBLEMS_SHEET]
    sheet = book["My answers"]
    assert sheet["A1"].font.bold and sheet.column_dimensions["E"].width == 44
    assert sheet["E2"].value == "=not a formula" and sheet["E2"].data_type == "s"
    for cell in ("B2", "C3"):
        assert sheet[cell].fill.start_color.rgb.endswith("FFC7CE")
        assert "To do" in sheet[cell].comment.text
    assert sheet["B3"].comment is None
    listing = book[PROBLEMS_SHEET]
    links = [c.hyperlink.location or c.hyperlink.target for c in listing["C"] if c.hyperlink]
    assert {"'My answers'!B2", "'My answers'!C3"} <= {link.lstrip("#") for link in links}
    assert listing.max_row == len(responses.problems) + 1
    assert "Did you mean 'Agree'?" in [cell.value for cell in listing["H"]]


def test_corrected_there_and_read_again_the_problem_is_gone(
    faulty: Path, tea: Questionnaire, tmp_path: Path
) -> None:
    target = write_problems(Responses.read(faulty, tea), tmp_path / "problems.xlsx")
    assert len(errors_in(Responses.read(target, tea).problems)) == 2
    book = openpyxl.load_workbook(target)
    book["My answers"]["B2"] = 4
    book["My answers"]["C3"] = "Agree"
    book.save(target)
    mended = Responses.read(target, tea)
    assert errors_in(mended.problems) == ()
    assert mended.frame["cups"].tolist() == [4.0, 2.0]


def test_a_text_file_becomes_a_workbook_with_the_same_cells(
    write_text: Writer, tea: Questionnaire, tmp_path: Path
) -> None:
    path = write_text("rid;cups;a1;a2\n007;=40;1;1\n008;2;1;1\n")
    responses = Responses.read(path, tea)
    target = write_problems(responses, tmp_path / "problems.xlsx")
    sheet = openpyxl.load_workbook(target)["Answers"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_row=2)] == [
        ["rid", "cups", "a1", "a2"],
        ["007", "=40", "1", "1"],
    ]
    assert sheet["B2"].data_type == "s" and sheet["B2"].comment is not None


def test_the_users_file_is_never_overwritten(faulty: Path, tea: Questionnaire) -> None:
    with pytest.raises(OutputError, match="overwrite the answers"):
        write_problems(Responses.read(faulty, tea), faulty)


def test_a_folder_that_cannot_be_written_is_said(faulty: Path, tea: Questionnaire) -> None:
    blocked = faulty.parent / "file"
    blocked.write_text("")
    with pytest.raises(OutputError) as refused:
        write_problems(Responses.read(faulty, tea), blocked / "problems.xlsx")
    assert refused.value.problems[0].code == "output.unwritable"


def test_problems_are_grouped_with_the_first_as_example(faulty: Path, tea: Questionnaire) -> None:
    groups = group_problems(Responses.read(faulty, tea).problems)
    assert [group.severity for group in groups] == sorted(
        (group.severity for group in groups), key=["error", "warning", "note"].index
    )
    unknown = next(group for group in groups if group.code == "answer.unknown")
    assert (unknown.count, unknown.first.row) == (1, 3)
