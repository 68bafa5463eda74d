"""Files that are odd or hostile, through the command line: a right reading or one clear message."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

import persona
from persona.study import Study

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(command: Callable[..., Any]) -> Command:
    """Run a command: its exit code, and what it printed on one line."""

    def run(*arguments: object) -> tuple[int, str]:
        ended = command(*arguments)
        return ended.code, ended.words

    return run


def replace_part(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()} | {name: content}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def answers_of(folder: Path) -> persona.Responses:
    return Study.load(folder).read()


def sheet(path: Path) -> tuple[openpyxl.Workbook, openpyxl.worksheet.worksheet.Worksheet]:
    book = openpyxl.load_workbook(path)
    return book, book["Answers"]


def test_a_full_disk_while_writing_leaves_what_was_there(
    small_study: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = small_study / "out"
    out.mkdir()
    (out / "index.html").write_text("the old report", "utf-8")
    own = Path.open

    def full(path: Path, mode: str = "r", *more: object, **named: object) -> object:
        if mode == "wb" and path.suffix == ".pptx":
            raise OSError(28, "No space left on device")
        return own(path, mode, *more, **named)

    monkeypatch.setattr(Path, "open", full)
    code, text = command("run", small_study)
    assert code == 1 and "The disk is full" in text and "unchanged" in text
    assert (out / "index.html").read_text("utf-8") == "the old report"
    assert [path.name for path in out.iterdir()] == ["index.html"]
    assert not [path for path in small_study.iterdir() if path.name.startswith((".out", "out-"))]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_an_entity_bomb_is_refused_before_parsing(
    small_study: Path, command: Command, part: str
) -> None:
    levels = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "haha">' for n in range(12)
    )
    bomb = f"<!DOCTYPE x [{levels}]><x>&e11;</x>".encode()
    replace_part(small_study / "answers.xlsx", part, bomb)
    code, text = command("import", small_study, small_study / "answers.xlsx")
    assert code == 1 and "to do:" in text


def test_macros_are_said_and_not_run(small_study: Path, command: Command) -> None:
    answers = small_study / "answers.xlsx"
    replace_part(answers, "xl/vbaProject.bin", b"Sub Workbook_Open()")
    code, text = command("import", small_study, answers)
    assert code == 0 and "macros; they are not run" in text


def test_merged_empty_and_endless_headers_beside_the_questions(
    small_study: Path, command: Command
) -> None:
    answers = small_study / "answers.xlsx"
    book, cells = sheet(answers)
    width, rows = cells.max_column, cells.max_row
    for row in range(2, rows + 1):
        for column in range(width + 1, width + 4):
            cells.cell(row, column, row)
    cells.cell(1, width + 1, "x" * 5_000)
    cells.cell(1, width + 3, "y")
    cells.merge_cells(start_row=1, end_row=1, start_column=width + 3, end_column=width + 4)
    book.save(answers)
    code, text = command("import", small_study, answers)
    assert code == 0 and len(text) < 20_000
    assert len(answers_of(small_study).frame) == rows - 1


def test_a_repeated_header_is_named(small_study: Path, command: Command) -> None:
    answers = small_study / "answers.xlsx"
    book, cells = sheet(answers)
    width = cells.max_column
    for row in range(1, cells.max_row + 1):
        cells.cell(row, width + 1, cells.cell(row, 2).value)
    book.save(answers)
    _, text = command("import", small_study, answers)
    assert str(cells.cell(1, 2).value) in text
    found = [p for p in answers_of(small_study).problems if p.column is not None]
    assert found, "the second column of the same name is not told"


def test_a_million_empty_rows_below_are_nothing(small_study: Path, command: Command) -> None:
    answers = small_study / "answers.xlsx"
    before = len(answers_of(small_study).frame)
    with zipfile.ZipFile(answers) as archive:
        part = next(n for n in archive.namelist() if n.startswith("xl/worksheets/sheet"))
        content = archive.read(part)
    blank = b"".join(b'<row r="%d"><c r="A%d"/></row>' % (n, n) for n in range(1000, 101_000))
    last = b'<row r="1048576"><c r="A1048576"/></row></sheetData>'
    replace_part(answers, part, content.replace(b"</sheetData>", blank + last))
    code, _ = command("import", small_study, answers)
    assert code == 0 and len(answers_of(small_study).frame) == before


@pytest.mark.slow
def test_sixteen_thousand_columns_are_read_or_refused(tmp_path: Path, command: Command) -> None:
    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        written = book.add_worksheet()
        written.write_row(0, 0, [f"q{n}" for n in range(16_384)])
        for row in range(1, 6):
            written.write_row(row, 0, [n % 3 for n in range(16_384)])
    export = persona.read_export(path)
    assert (export.n, len(export.columns)) == (5, 16_384)
    code, text = command("import", path, "--draft", tmp_path / "study")
    assert code in (0, 1) and text


def test_error_cells_are_counted_and_missing(small_study: Path, command: Command) -> None:
    answers = small_study / "answers.xlsx"
    book, cells = sheet(answers)
    for row, word in ((3, "#REF!"), (4, "#N/A"), (5, "#DIV/0!")):
        cells.cell(row, 3, word).data_type = "e"
    book.save(answers)
    code, text = command("import", small_study, answers)
    assert code == 0 and "cell.error" in text and "#REF!" in text
    column = openpyxl.utils.get_column_letter(3)
    said = [p for p in answers_of(small_study).problems if p.code == "cell.error"]
    assert {(p.row, p.column) for p in said} >= {(3, column), (5, column)}


def test_dates_of_1904_are_the_days_they_show(tmp_path: Path, command: Command) -> None:
    import datetime

    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        written, shape = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        written.write_row(0, 0, ["id", "day", "rating"])
        for n in range(1, 25):
            written.write_row(n, 0, [f"r{n}"])
            written.write_datetime(n, 1, datetime.datetime(2024, 1, n), shape)
            written.write_number(n, 2, n % 3 + 1)
    code, _ = command("import", path, "--draft", tmp_path / "study")
    assert code == 0
    days = answers_of(tmp_path / "study").asked["day"]
    assert str(days.iloc[0])[:10] == "2024-01-01" and str(days.iloc[23])[:10] == "2024-01-24"


def test_fifty_thousand_characters_are_kept_as_text(small_study: Path, command: Command) -> None:
    answers = small_study / "answers.csv"
    cells = openpyxl.load_workbook(small_study / "answers.xlsx")["Answers"]
    rows = [list(row) for row in cells.iter_rows(values_only=True)]
    questions = Study.load(small_study).questionnaire
    place = rows[0].index("comment")
    rows[1][place] = "word " * 10_000
    lines = [";".join("" if cell is None else str(cell) for cell in row) for row in rows]
    answers.write_text("\n".join(lines), "utf-8")
    code, _ = command("import", small_study, answers)
    assert code == 0
    read = persona.Responses.read(answers, questions)
    assert len(str(read.asked["comment"].iloc[0])) == 49_999


def test_two_files_with_overlapping_respondents_name_them(
    small_study: Path, command: Command
) -> None:
    answers = small_study / "answers.xlsx"
    book, cells = sheet(answers)
    rows = list(cells.iter_rows(min_row=2, max_row=6, values_only=True))
    for row in rows:
        cells.append(row)
    book.save(answers)
    code, text = command("import", small_study, answers)
    assert code == 1 and str(rows[0][0]) in text and "5 errors" in text


@pytest.mark.parametrize(
    "words",
    ["=HYPERLINK(1)", "<script>alert(1)</script>", "{{ 7*7 }}", "שלום", "🙂\u200b", "@SUM(A1)"],
)
def test_words_stay_words(small_study: Path, command: Command, words: str) -> None:
    answers = small_study / "answers.xlsx"
    book, cells = sheet(answers)
    place = [cell.value for cell in cells[1]].index("comment") + 1
    cells.cell(2, place).value = words
    cells.cell(2, place).data_type = "s"
    book.save(answers)
    clean = small_study / "clean.xlsx"
    code, _ = command("import", small_study, answers, "--clean", clean)
    assert code == 0
    assert str(answers_of(small_study).asked["comment"].iloc[0]).strip("\u200b") == words.strip(
        "\u200b"
    )
    held = [c for row in openpyxl.load_workbook(clean).worksheets[0].iter_rows() for c in row]
    assert not [cell.coordinate for cell in held if cell.data_type == "f"]


def test_personal_words_are_counted_and_not_shown(small_study: Path, command: Command) -> None:
    answers = small_study / "answers.xlsx"
    book, cells = sheet(answers)
    place = [cell.value for cell in cells[1]].index("comment") + 1
    cells.cell(2, place).value = "write to jan.kowalski@example.pl"
    cells.cell(3, place).value = "call +48 601 234 567"
    book.save(answers)
    code, text = command("import", small_study, answers)
    assert code == 0 and "2 warnings (personal.found)" in text and "e-mail addresses of 1" in text
    assert "jan.kowalski" not in text and "601 234" not in text
