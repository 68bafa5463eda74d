"""The commands as a user meets them: what they say, what they leave, how they end."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

Contents = Callable[[Path], dict[str, str]]


def spoil_one_cell(folder: Path) -> None:
    """An answer that is not allowed, and a study that goes on without it."""
    book = openpyxl.load_workbook(folder / "answers.xlsx")
    book["Answers"]["B7"] = "Femal"
    book.save(folder / "answers.xlsx")
    file = folder / "study.yaml"
    text = file.read_text("utf-8")
    allowed = "answers: {file: answers.xlsx, faulty_cells: missing}"
    file.write_text(text.replace("answers: answers.xlsx", allowed), "utf-8")


def test_run_writes_every_file_and_the_same_bytes_in_another_process(
    small_study: Path, command: Callable[..., Any], contents: Contents
) -> None:
    spoil_one_cell(small_study)
    ended = command("run", small_study)
    assert ended.code == 0, ended.text
    assert "2 segments" in ended.text and "index.html" in ended.text
    first = contents(small_study / "out")
    assert {
        "index.html",
        "report.pdf",
        "deck.pptx",
        "tables.xlsx",
        "workbook.xlsx",
        "segments.csv",
        "results.json",
        "manifest.json",
    } <= set(first)
    assert sum(name.startswith("personas/") for name in first) == 4
    elsewhere = small_study.parent / "moved to here"
    assert str(small_study.parent) not in (small_study / "out" / "index.html").read_text("utf-8")
    shutil.copytree(small_study, elsewhere, ignore=shutil.ignore_patterns("out"))
    # what the engines keep until the very end must not bring the process down
    script = "from persona.cli import main; main()"
    arguments = ["run", str(elsewhere), "--out", str(elsewhere / "again")]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Open" in done.stdout.splitlines()[-1]
    assert contents(elsewhere / "again") == first


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda p: p.unlink(), ["answers.xlsx", "no such file"]),
        (lambda p: p.write_bytes(b"this is no workbook\x00\x01"), ["answers.xlsx"]),
        (lambda p: p.write_bytes(b""), ["answers.xlsx", "empty"]),
        (lambda p: openpyxl.Workbook().save(p), ["answers.xlsx"]),
        (lambda p: p.write_bytes(p.read_bytes()[:800]), ["answers.xlsx"]),
    ],
    ids=["missing", "no workbook", "empty file", "empty sheet", "truncated"],
)
def test_a_file_that_cannot_be_used_leaves_the_old_output_whole(
    small_study: Path,
    command: Callable[..., Any],
    damage: Callable[[Path], object],
    words: list[str],
    contents: Contents,
) -> None:
    out = small_study / "out"
    out.mkdir()
    (out / "index.html").write_text("the report of last week")
    before = contents(out)
    damage(small_study / "answers.xlsx")
    ended = command("run", small_study)
    assert ended.code == 1
    assert "Traceback" not in ended.text
    assert "to do:" in ended.text
    for word in words:
        assert word.casefold() in ended.text.casefold()
    assert contents(out) == before


def test_an_unknown_answer_is_told_with_its_place(
    small_study: Path, command: Callable[..., Any]
) -> None:
    book = openpyxl.load_workbook(small_study / "answers.xlsx")
    book["Answers"]["B7"] = "Femal"
    book.save(small_study / "answers.xlsx")
    ended = command("run", small_study)
    assert ended.code == 1
    for word in ("sheet Answers", "row 7", "column B", "Femal", "Female", "to do:"):
        assert word in ended.text
    assert not (small_study / "out").exists()


def test_a_column_that_matches_nothing_is_told(
    small_study: Path, command: Callable[..., Any]
) -> None:
    book = openpyxl.load_workbook(small_study / "answers.xlsx")
    book["Answers"]["C1"] = "chaep coffee"
    book.save(small_study / "answers.xlsx")
    ended = command("run", small_study)
    assert "chaep coffee" in ended.text or "cheap" in ended.text
    assert "Traceback" not in ended.text


def test_a_wrong_key_in_the_questionnaire_is_told(
    small_study: Path, command: Callable[..., Any]
) -> None:
    file = small_study / "questionnaire.yaml"
    text = file.read_text("utf-8").replace("scale: agree", "scal: agree")
    line = 1 + next(n for n, line in enumerate(text.splitlines()) if "scal: agree" in line)
    file.write_text(text, "utf-8")
    for ended in (
        command("check", file),
        command("check", small_study),
        command("run", small_study),
    ):
        assert ended.code == 1
        assert "scal" in ended.text and "Did you mean 'scale'" in ended.text
        assert f"line {line}" in ended.text


def test_all_answers_missing_is_told(
    small_study: Path, command: Callable[..., Any], write_answers: Callable[..., Path]
) -> None:
    rows: list[list[object]] = [[f"{n:03d}", *[None] * 11] for n in range(1, 40)]
    write_answers(small_study / "answers.xlsx", rows)
    ended = command("run", small_study)
    assert ended.code == 1
    assert "Traceback" not in ended.text and "to do:" in ended.text


def test_a_segment_renamed_in_the_workbook_is_renamed_in_the_next_run(
    finished_study: Path, command: Callable[..., Any], contents: Contents
) -> None:
    workbook = finished_study / "out" / "workbook.xlsx"
    rename(workbook, 1, "Careful savers")
    ended = command("apply", finished_study, workbook)
    assert ended.code == 0, ended.text
    assert "Careful savers" in ended.text
    again = command("run", finished_study)
    assert "Careful savers" in again.text
    assert "Careful savers" in (finished_study / "out" / "index.html").read_text("utf-8")
    assert any("careful-savers" in name for name in contents(finished_study / "out"))


def rename(workbook: Path, segment: int, name: str) -> None:
    """Type a name into the first name column of a segment, as a user would."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["Segments"] if "Segments" in book.sheetnames else book.worksheets[1]
    header_row, columns = find_header(sheet)
    target = next(c for c, text in columns.items() if text.casefold().startswith("name"))
    for row in range(header_row + 1, sheet.max_row + 1):
        if sheet.cell(row, 1).value == segment:
            sheet.cell(row, target).value = name
    book.save(workbook)


def find_header(sheet: openpyxl.worksheet.worksheet.Worksheet) -> tuple[int, dict[int, str]]:
    for row in range(1, 12):
        texts = {cell.column: str(cell.value) for cell in sheet[row] if isinstance(cell.value, str)}
        if len(texts) >= 4:
            return row, texts
    raise AssertionError("the workbook has no header row")


def test_a_workbook_of_another_study_is_refused(
    finished_study: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(finished_study, other)
    file = other / "study.yaml"
    file.write_text(file.read_text().replace("id: coffee", "id: tea"))
    ended = command("apply", other, finished_study / "out" / "workbook.xlsx")
    assert ended.code == 1
    assert "coffee" in ended.text and "tea" in ended.text
    assert not (other / "decisions.yaml").exists()


def test_formulas_and_markup_in_answers_stay_text(
    small_study: Path, command: Callable[..., Any], write_answers: Callable[..., Path]
) -> None:
    sheet = openpyxl.load_workbook(small_study / "answers.xlsx")["Answers"]
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    attack = '=HYPERLINK("http://x")<script>alert(1)</script>{{ 7*7 }}'
    for row in rows:
        row[8] = attack
        row[0] = f"=1+{row[0]}"
    write_answers(small_study / "answers.xlsx", rows)
    ended = command("run", small_study)
    assert ended.code == 0, ended.text
    html = (small_study / "out" / "index.html").read_text("utf-8")
    assert "<script>alert(1)" not in html
    for name in ("tables.xlsx", "workbook.xlsx"):
        book = openpyxl.load_workbook(small_study / "out" / name)
        formulas = [
            cell.value
            for page in book.worksheets
            for line in page.iter_rows()
            for cell in line
            if cell.data_type == "f" and 'HYPERLINK("http' in str(cell.value)
        ]
        assert not formulas
    lines = (small_study / "out" / "segments.csv").read_text("utf-8-sig").splitlines()[1:]
    assert not any(line.lstrip('"').startswith("=") for line in lines)


def test_out_that_is_a_file_is_told(small_study: Path, command: Callable[..., Any]) -> None:
    (small_study / "out").write_text("mine")
    ended = command("run", small_study)
    assert ended.code == 1
    assert "Traceback" not in ended.text
    assert (small_study / "out").read_text() == "mine"


def test_a_study_in_polish_is_tried_in_polish(tmp_path: Path, command: Callable[..., Any]) -> None:
    folder = tmp_path / "lojalni"
    assert command("init", folder, "--from", "loyalty").code == 0
    study = folder / "study.yaml"
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("[en, pl, ru, nl]", "[pl, en]"), encoding="utf-8")
    assert command("simulate", folder, "-n", "30", "--out", folder / "answers.xlsx").code == 0
    sheet = openpyxl.load_workbook(folder / "answers.xlsx").active
    assert sheet is not None
    heads = [str(cell.value) for cell in sheet[1]]
    assert "Numer respondenta" in heads and "Respondent number" not in heads
    assert command("import", folder, folder / "answers.xlsx").code == 0


def test_init_check_simulate_run_as_the_readme_says(
    tmp_path: Path, command: Callable[..., Any]
) -> None:
    folder = tmp_path / "my_study"
    assert command("init", folder, "--from", "customer_b2c").code == 0
    checked = command("check", folder)
    assert checked.code == 0 and "not there yet" in checked.text
    assert command("simulate", folder, "-n", "200", "--out", folder / "answers.xlsx").code == 0
    ended = command("run", folder)
    assert ended.code == 0, ended.text
    assert (folder / "out" / "index.html").is_file()
