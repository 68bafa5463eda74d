"""``persona import`` as a user meets it: what it says, what it writes, how it ends."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import persona

Contents = Callable[[Path], dict[str, str]]


def change(path: Path, **cells: object) -> None:
    """Type into cells of the sheet of answers."""
    book = openpyxl.load_workbook(path)
    for name, value in cells.items():
        book["Answers"][name] = value
    book.save(path)


def test_a_sound_file_is_recognised_and_its_columns_explained(
    small_study: Path,
    command: Callable[..., Any],
    contents: Contents,
) -> None:
    before = contents(small_study)
    ended = command("import", small_study, small_study / "answers.xlsx")
    assert ended.code == 0, ended.text
    assert "a plain table, 120 respondents, 12 columns, 1 battery" in ended.words
    assert "the header is the question's text" in ended.words and "98%" in ended.words
    assert "no errors" in ended.text
    after = contents(small_study)
    assert set(after) - set(before) <= {"mapping.yaml", "respondents.xlsx"}
    assert {name: after[name] for name in before} == before
    mapping = (small_study / "mapping.yaml").read_text("utf-8")
    assert "Your sex: sex" in mapping


def test_the_mapping_written_can_be_applied_and_is_never_overwritten(
    small_study: Path, command: Callable[..., Any]
) -> None:
    change(small_study / "answers.xlsx", B1="Gender of the person")
    ended = command("import", small_study)
    assert "Gender of the person" in ended.words and "Without a column: sex" in ended.words
    path = small_study / "mapping.yaml"
    text = path.read_text("utf-8")
    mended = re.sub(r"Gender of the person:.*", "Gender of the person: sex", text)
    assert re.search(r"Gender of the person: *(null)? *# belongs to no question", text)
    path.write_text(mended, "utf-8")
    study = small_study / "study.yaml"
    line = "answers: {file: answers.xlsx, mapping: mapping.yaml}"
    study.write_text(study.read_text("utf-8").replace("answers: answers.xlsx", line), "utf-8")
    again = command("import", small_study)
    assert again.code == 0 and "Without a column" not in again.text
    assert "the mapping says so" in again.words
    assert path.read_text("utf-8") == mended
    assert not (small_study / "mapping_2.yaml").exists()


def test_another_file_gets_another_mapping(small_study: Path, command: Callable[..., Any]) -> None:
    assert command("import", small_study).code == 0
    first = (small_study / "mapping.yaml").read_bytes()
    change(small_study / "answers.xlsx", M1="Further column", M2="x")
    assert command("import", small_study).code == 0
    assert (small_study / "mapping.yaml").read_bytes() == first
    assert "Further column" in (small_study / "mapping_2.yaml").read_text("utf-8")


def test_a_column_alike_is_suggested_but_not_read(
    small_study: Path, command: Callable[..., Any]
) -> None:
    change(small_study / "answers.xlsx", I1="Anything else")
    change(small_study / "answers.xlsx", B1="Your sexx, please")
    ended = command("import", small_study)
    assert "Not read: write it into the mapping" in ended.text
    assert "Without a column: sex" in ended.words


def test_problems_are_marked_counted_and_gone_when_corrected(
    small_study: Path, command: Callable[..., Any]
) -> None:
    change(small_study / "answers.xlsx", B7="Femal", B9="Womn", C5=44)
    before = (small_study / "answers.xlsx").read_bytes()
    ended = command("import", small_study, small_study / "answers.xlsx")
    assert ended.code == 1
    assert "3 errors (answer.unknown)" in ended.text
    assert "sheet Answers, row 7, column B" in ended.text and "row 9" not in ended.text
    assert (small_study / "answers.xlsx").read_bytes() == before
    marked = small_study / "problems.xlsx"
    book = openpyxl.load_workbook(marked)
    assert book["Answers"]["B7"].comment is not None and book["Answers"]["B8"].comment is None
    assert book["Answers"]["B7"].fill.start_color.rgb.endswith("FFC7CE")
    assert "B7" in str(book["Problems found"]["C2"].hyperlink.location or "B7")
    book["Answers"]["B7"], book["Answers"]["B9"] = "Female", "Female"
    book["Answers"]["C5"] = 4
    book.save(marked)
    again = command("import", small_study, marked)
    assert again.code == 0, again.text
    assert "(answer." not in again.text
    assert not (small_study / "problems_2.xlsx").exists()
    refused = command("run", small_study)
    assert refused.code == 1
    assert f"persona import {small_study / 'study.yaml'}" in refused.words


def test_a_text_file_is_marked_in_a_workbook_and_corrected_there(
    small_study: Path, command: Callable[..., Any]
) -> None:
    sheet = openpyxl.load_workbook(small_study / "answers.xlsx")["Answers"]
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    rows[6][1] = "Femal"
    target = small_study / "answers.csv"
    target.write_text("\n".join(";".join(row) for row in rows), "utf-8")
    ended = command("import", small_study, target)
    assert ended.code == 1 and "row 7, column B" in ended.text
    marked = small_study / "problems.xlsx"
    book = openpyxl.load_workbook(marked)
    assert book.worksheets[0]["B7"].comment is not None
    assert book.worksheets[0]["A2"].value == "001"
    book.worksheets[0]["B7"] = "Female"
    book.save(marked)
    again = command("import", small_study, marked)
    assert again.code == 0 and "(answer." not in again.text


def test_a_list_of_problems_never_replaces_another(
    small_study: Path, command: Callable[..., Any]
) -> None:
    change(small_study / "answers.xlsx", B7="Femal")
    assert command("import", small_study).code == 1
    first = (small_study / "problems.xlsx").read_bytes()
    assert command("import", small_study).code == 1
    assert (small_study / "problems.xlsx").read_bytes() == first
    assert (small_study / "problems_2.xlsx").is_file()


@pytest.mark.parametrize("name", ["clean.xlsx", "clean.sav"])
def test_cleaned_answers_are_written_and_read_back_equal(
    small_study: Path, command: Callable[..., Any], name: str
) -> None:
    change(small_study / "answers.xlsx", B7="Femal")
    target = small_study / name
    assert command("import", small_study, "--clean", target).code == 1
    study = persona.Study.load(small_study)
    given = persona.Responses.read(study.answers_path, study.questionnaire)
    back = persona.Responses.read(target, study.questionnaire)
    assert given.asked["sex"].isna().sum() == 1
    for variable in study.questionnaire.variables:
        left, right = given.asked[variable.id], back.asked[variable.id]
        assert left.astype(object).where(left.notna(), None).tolist() == (
            right.astype(object).where(right.notna(), None).tolist()
        ), variable.id
    before = target.read_bytes()
    refused = command("import", small_study, "--clean", target)
    assert refused.code == 1 and "not overwritten" in refused.text
    assert target.read_bytes() == before


def test_wrong_usage_ends_with_two(small_study: Path, command: Callable[..., Any]) -> None:
    assert command("import", small_study / "answers.xlsx").code == 2
    draft = small_study / "draft"
    assert command("import", small_study, small_study / "answers.xlsx", "--draft", draft).code == 2
    assert command("import").code == 2
    refused = command("import", small_study, "--clean", small_study / "clean.txt")
    assert refused.code == 1 and ".xlsx, .sav" in refused.text
    assert not (small_study / "clean.txt").exists()


def test_a_study_is_drafted_from_a_file_and_runs(
    small_study: Path,
    command: Callable[..., Any],
    tmp_path: Path,
    contents: Contents,
) -> None:
    folder = tmp_path / "drafted"
    ended = command("import", small_study / "answers.xlsx", "--draft", folder, "--language", "pl")
    assert ended.code == 0, ended.text
    assert sorted(path.name for path in folder.iterdir()) >= [
        "answers.xlsx",
        "mapping.yaml",
        "questionnaire.yaml",
        "study.yaml",
    ]
    assert command("check", folder).code == 0
    study = persona.Study.load(folder)
    assert study.questionnaire.languages == ("pl",)
    assert len(study.read().frame) == 120
    before = contents(folder)
    again = command("import", small_study / "answers.xlsx", "--draft", folder)
    assert again.code == 1 and "not overwritten" in again.text
    assert contents(folder) == before
    odd = command(
        "import", small_study / "answers.xlsx", "--draft", tmp_path / "b", "--language", "!"
    )
    assert odd.code == 1 and not (tmp_path / "b").exists()


def test_nothing_that_matches_still_gives_a_mapping_to_fill_in(
    small_study: Path, command: Callable[..., Any]
) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["alpha", "beta"])
    for n in range(5):
        book.active.append([n, n])
    other = small_study / "other.xlsx"
    book.save(other)
    ended = command("import", small_study, other)
    assert ended.code == 1 and "mapping.yaml" in ended.text
    text = (small_study / "mapping.yaml").read_text("utf-8")
    assert "alpha" in text and "beta" in text


def far_cell(path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "cheap"
    book.active["XFD1048576"] = 1
    book.save(path)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)


def twice(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["Answers"]["A3"] = book["Answers"]["A2"].value
    book.save(path)


def formulas(path: Path) -> None:
    change(path, C4="=1+1")


def two_sheets(path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("One", "Two"):
        sheet = book.create_sheet(name)
        sheet.append(["alpha", "beta"])
        sheet.append([1, 2])
    book.save(path)


BAD_FILES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "missing": (lambda p: p.unlink(), ["no such file"]),
    "folder": (lambda p: (p.unlink(), p.mkdir()), ["folder"]),
    "empty": (lambda p: p.write_bytes(b""), ["empty"]),
    "no workbook": (lambda p: p.write_bytes(b"MZ\x90\x00\x03" * 40), ["answers.xlsx"]),
    "truncated": (lambda p: p.write_bytes(p.read_bytes()[:900]), ["answers.xlsx"]),
    "header only": (lambda p: openpyxl.Workbook().save(p), ["answers.xlsx"]),
    "far cell": (far_cell, ["XFD1048576", "Ctrl+End"]),
    "zip bomb": (bomb, ["answers.xlsx"]),
    "encrypted": (
        lambda p: p.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 2000),
        ["answers.xlsx"],
    ),
    "repeated id": (twice, ["The id '001'", "row 3"]),
    "formula": (formulas, ["formula", "C4"]),
    "sheets": (two_sheets, ["sheet"]),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_get_one_clear_message_and_nothing_is_overwritten(
    small_study: Path,
    command: Callable[..., Any],
    name: str,
    contents: Contents,
) -> None:
    damage, words = BAD_FILES[name]
    for made in ("problems.xlsx", "mapping.yaml", "respondents.xlsx"):
        (small_study / made).write_text("mine", "utf-8")
    answers = small_study / "answers.xlsx"
    damage(answers)
    before = contents(small_study)
    ended = command("import", small_study, answers)
    assert ended.code == 1, ended.text
    assert "Traceback" not in ended.text and "to do:" in ended.text
    for word in words:
        place = word.replace("C4", "row 4, column C")
        assert place.casefold() in ended.words.casefold(), ended.text
    after = contents(small_study)
    assert {path: after.get(path) for path in before} == before


def test_a_file_that_may_not_be_read_is_told(
    small_study: Path, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = small_study / "answers.xlsx"
    own = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name == "answers.xlsx":
            raise PermissionError(13, "Permission denied")
        return own(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    ended = command("import", small_study, answers)
    assert ended.code == 1 and "Traceback" not in ended.text


@pytest.mark.parametrize("name", ["ответы 2026.xlsx", "wyniki ☕ (1).xlsx"])
def test_names_with_blanks_cyrillic_and_emoji(
    small_study: Path, command: Callable[..., Any], name: str
) -> None:
    os.rename(small_study / "answers.xlsx", small_study / name)
    ended = command("import", small_study, small_study / name)
    assert ended.code == 0 and name in ended.text


ENCODED = {
    "utf-8": ("utf-8", ","),
    "utf-8 with mark": ("utf-8-sig", ";"),
    "utf-16": ("utf-16", "\t"),
    "cp1250": ("cp1250", ";"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_encodings_and_delimiters_through_the_command(
    small_study: Path, command: Callable[..., Any], name: str
) -> None:
    encoding, delimiter = ENCODED[name]
    sheet = openpyxl.load_workbook(small_study / "answers.xlsx")["Answers"]
    lines = [
        delimiter.join("" if cell is None else str(cell) for cell in row)
        for row in sheet.iter_rows(values_only=True)
    ]
    target = small_study / "answers.csv"
    target.write_bytes("\r\n".join(lines).encode(encoding))
    ended = command("import", small_study, target)
    assert ended.code == 0, ended.text
    assert "120 respondents" in ended.text


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"B5": "Femalle"}, 1, ["Did you mean 'Female'"]),
        ({"B5": "  FEMALE "}, 0, ["no errors"]),
        ({"B5": "Fеmale"}, 1, ["Some letters only look the same"]),
        ({"C5": 7}, 1, ["row 5, column C"]),
        ({"C5": "５"}, 0, ["no errors"]),
        ({"A5": None}, 1, ["has no id"]),
        ({"I5": "=cmd|' /C calc'!A0"}, 1, ["formula"]),
        ({"I5": "<script>alert(1)</script>{{ 7*7 }}"}, 0, ["no errors"]),
        ({"I5": "mail me: jan@example.pl"}, 0, ["e-mail addresses", "kept out of reports"]),
        ({"C5": "1-5"}, 1, ["row 5, column C"]),
        ({"J5": "maybe"}, 1, ["row 5, column J"]),
    ],
)
def test_answers_as_people_type_them(
    small_study: Path,
    command: Callable[..., Any],
    cells: dict[str, object],
    code: int,
    words: list[str],
) -> None:
    change(small_study / "answers.xlsx", **cells)
    ended = command("import", small_study)
    assert ended.code == code, ended.text
    for word in words:
        assert word in ended.words
