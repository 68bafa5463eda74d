"""The typing tool as a workbook: LibreOffice calculates what the library gives."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from persona.report import locale, theme
from persona.report.sections import Context
from persona.report.typing_workbook import typing_workbook
from persona.typing_tool import TypingTool, type_people

_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item></oor:items>"""


def _bytes(tool: TypingTool, made_up: ModuleType, **options: Any) -> bytes:
    languages = locale.load_all([code for code in tool.languages if code in locale.available()])
    context = Context(made_up.report(tool), languages[0], theme.load())
    return typing_workbook(tool, context, languages, **options)


def _without_values(content: bytes, path: Path) -> None:
    """Write the workbook with every figure beside a formula taken away."""
    path.write_bytes(content)
    bare = path.with_name("bare.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
                part = re.sub(rb' t="str"(><f>)', rb"\1", part)
            target.writestr(name, part)
    bare.replace(path)


def _calculated(path: Path, libreoffice: str) -> dict[str, list[list[Any]]]:
    """The cells of every sheet after LibreOffice opened and calculated the workbook."""
    from python_calamine import CalamineWorkbook

    profile, out = path.parent / "profile", path.parent / "out"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS)
    subprocess.run(
        [libreoffice, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)],
        check=True, capture_output=True, timeout=280,
    )  # fmt: skip
    book = CalamineWorkbook.from_path(str(out / path.name))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def _table(rows: Sequence[Sequence[Any]], first: int, count: int, questions: int) -> pd.DataFrame:
    """The results of a sheet of people, as :func:`made_up.assert_same` wants them."""
    columns = ["segment", "name", "probability", "uncertain", "second", "missing", "refused"]
    start = 1 + questions
    found = pd.DataFrame(
        [row[start : start + 7] for row in rows[first : first + count]], columns=columns
    )
    for name in ("segment", "second", "probability"):
        found[name] = pd.to_numeric(found[name].replace("", None))
    found["uncertain"] = found["uncertain"] == "yes"
    return found


def agree(tool: TypingTool, n: int, folder: Path, made_up: ModuleType, libreoffice: str) -> int:
    """How many people agree: LibreOffice and what stands beside formulas give the same."""
    answers = made_up.random_answers(tool.golden, n, tool.seed)
    answers.index = pd.Index([f"p{number}" for number in range(n)])
    path = folder / "typing.xlsx"
    content = _bytes(tool, made_up, rows=n + 5, people=answers)
    typed = type_people(tool.golden, answers)
    path.write_bytes(content)
    shown = _sheets(path)
    _without_values(content, path)
    sheets = _calculated(path, libreoffice)
    for book in (shown, sheets):
        found = _table(book["Many people"], 4, n, len(tool.golden.questions))
        made_up.assert_same(found, typed)
        told = typed.frame["not_allowed"].map(lambda text: len(text.split(", ")) if text else 0)
        assert (found["refused"].to_numpy(dtype=int) == told.to_numpy()).all()
        names = [part.name["en"] for part in tool.golden.segments]
        placed = found[found["segment"].notna()]
        if all(len(name) < 100 and not name.startswith("#") for name in names):
            clean = [locale.clean(names[int(one) - 1]) for one in placed["segment"]]
            assert placed["name"].tolist() == clean
        assert book["Test"][2][0] == "all agree"
        assert book["Read me"][15][0] == "all agree"
    blank = sheets["Many people"][4 + n : 4 + n + 5]
    assert all(str(cell) == "" for row in blank for cell in row)
    faults = [c for rows in sheets.values() for row in rows for c in row
              if isinstance(c, str) and re.match(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!)$|Err:", c)
              and c not in made_up.NASTY]  # fmt: skip
    assert faults == []
    _same_person(shown["One person"], sheets["One person"])
    return len(typed.frame)


def _same_person(shown: list[list[Any]], calculated: list[list[Any]]) -> None:
    """The figures written beside the formulas are those that LibreOffice computes."""
    for line, row in zip(shown, calculated, strict=False):
        for one, other in zip(line, row, strict=False):
            if other == "#REF!":  # a segment of that name, which the reader takes for a fault
                assert one == ""
            elif isinstance(one, float):
                assert other == pytest.approx(one, abs=1e-9)
            else:
                assert one == other


def _sheets(path: Path) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


@pytest.mark.slow
def test_libreoffice_agrees_on_ten_thousand_answer_sets(
    made_up: ModuleType, tmp_path: Path, libreoffice: str
) -> None:
    tool = made_up.random_tool(1, segments=5, questions=8, nasty=True)
    assert agree(tool, 10_000, tmp_path, made_up, libreoffice) == 10_000


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "segments"), [(3, 9), (4, 2), (5, 4), (7, 3)])
def test_libreoffice_agrees_on_tools_of_every_kind(
    made_up: ModuleType, tmp_path: Path, libreoffice: str, seed: int, segments: int
) -> None:
    tool = made_up.random_tool(seed, segments=segments, nasty=seed % 2 == 1)
    assert agree(tool, 500, tmp_path, made_up, libreoffice) == 500


@pytest.mark.slow
def test_ties_go_to_the_lower_number(made_up: ModuleType, tmp_path: Path, libreoffice: str) -> None:
    tool = made_up.levelled(made_up.random_tool(3, segments=3, questions=5))
    assert agree(tool, 60, tmp_path, made_up, libreoffice) == 60


@pytest.mark.parametrize("seed", [1, 2, 6])
def test_figures_beside_the_formulas_are_right_before_anything_calculates(
    made_up: ModuleType, tmp_path: Path, seed: int
) -> None:
    tool = made_up.random_tool(seed, nasty=seed == 1)
    answers = made_up.random_answers(tool.golden, 300, seed)
    answers.index = pd.Index([f"p{number}" for number in range(300)])
    path = tmp_path / "typing.xlsx"
    path.write_bytes(_bytes(tool, made_up, rows=310, people=answers))
    rows = _sheets(path)["Many people"]
    found = _table(rows, 4, 300, len(tool.golden.questions))
    made_up.assert_same(found, type_people(tool.golden, answers))


def test_texts_are_no_formulas_and_there_are_no_macros(made_up: ModuleType, tmp_path: Path) -> None:
    tool = made_up.random_tool(3, nasty=True)
    path = tmp_path / "typing.xlsx"
    path.write_bytes(_bytes(tool, made_up, rows=5))
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower()]
        formulas = {
            text
            for name in archive.namelist()
            if name.startswith("xl/worksheets/")
            for text in re.findall(r"<f>([^<]*)</f>", archive.read(name).decode())
        }
    assert len(formulas) > 100
    names = set(re.findall(r"([A-Z][A-Z0-9.]*)\(", " ".join(formulas)))
    assert names <= {
        "IF", "AND", "MAX", "EXACT", "SUMPRODUCT", "SUMIF", "INDEX", "MATCH", "LARGE", "EXP",
        "COUNTA", "COUNTIF", "ISNUMBER", "IFERROR", "CHOOSE", "SUM",
    }  # fmt: skip
    assert max(map(len, formulas)) < 8192
    assert "_xlfn" not in " ".join(formulas)
    for text in ("=1+1", "cmd", "alert", "DROP"):
        assert not any(text in formula for formula in formulas)


def test_answers_that_say_the_same_are_told_apart(made_up: ModuleType, tmp_path: Path) -> None:
    tool = made_up.random_tool(3, segments=3, questions=3)
    same = made_up.renamed(tool, "Same")
    path = tmp_path / "typing.xlsx"
    path.write_bytes(_bytes(same, made_up, rows=5))
    points = _sheets(path)["Points"]
    listed = [row[3] for row in points[7:] if row[3] != "" and row[1] == "select"]
    assert len(listed) == len(set(listed)) > 2
    assert all(text.startswith("Same") for text in listed if "know" not in text)


def test_the_same_workbook_twice(made_up: ModuleType) -> None:
    tool = made_up.random_tool(5, segments=3, questions=5, nasty=True)
    assert _bytes(tool, made_up, rows=20) == _bytes(tool, made_up, rows=20)


def test_the_workbook_speaks_the_first_language(made_up: ModuleType, tmp_path: Path) -> None:
    tool = made_up.random_tool(5, segments=3, questions=4, languages=("ru", "nl"))
    path = tmp_path / "typing.xlsx"
    path.write_bytes(_bytes(tool, made_up, rows=5))
    sheets = _sheets(path)
    assert list(sheets)[:2] == ["Один человек", "Много людей"]
    assert sheets["Один человек"][2][1] == "Русский"


@pytest.mark.slow
def test_answers_are_understood_by_their_texts_in_any_language(
    made_up: ModuleType, tmp_path: Path, libreoffice: str
) -> None:
    import openpyxl

    tool = made_up.random_tool(2, segments=4, questions=7)
    answers = made_up.random_answers(tool.golden, 300, 2)
    said = answers.copy()
    for question in tool.golden.questions:
        codes = [(a.code, a.text) for a in question.answers] + list(question.no_answer)
        for language, start in (("en", 0), ("pl", 1)):
            texts = {code: text[language] for code, text in codes}
            said[question.variable] = [
                texts.get(value, value) if row % 3 == start else value
                for row, value in enumerate(said[question.variable])
            ]
    said.index = pd.Index([f"p{row}" for row in range(300)])
    path = tmp_path / "typing.xlsx"
    path.write_bytes(_bytes(tool, made_up, rows=301, people=said))
    book = openpyxl.load_workbook(path)
    sheet = book["One person"]
    sheet["B3"] = "Polski"
    person = next(row for row in range(1, 300, 3) if said.iloc[row].notna().all())
    for place, value in enumerate(said.iloc[person]):
        sheet.cell(13 + place, 2).value = value
    book["Many people"]["A305"], book["Many people"]["B305"] = "faulty", "=NA()"
    book.save(path)
    sheets = _calculated(path, libreoffice)
    typed = type_people(tool.golden, answers)
    made_up.assert_same(_table(sheets["Many people"], 4, 300, 7), typed)
    faulty = sheets["Many people"][304]
    assert faulty[8 + 5 : 8 + 7] == [7, 1], "an error in a cell is missing, and not allowed"
    shown, expected = sheets["One person"], typed.frame.iloc[person]
    assert shown[0][0] == "Narzędzie klasyfikacji"
    if pd.isna(expected["segment"]):
        assert shown[4][1] == "nieprzypisana: zbyt wiele pytań bez odpowiedzi"
    else:
        assert shown[4][1] == f"Segment {expected['segment']} (pl)"
        assert shown[5][1] == pytest.approx(expected["probability"], abs=1e-9)
        assert shown[6][1].startswith("niepewny" if expected["uncertain"] else "wyraźny")
        assert shown[7][1] == f"Segment {expected['second']} (pl)"
    assert shown[8][1] == expected["missing"]
    listed = [row[3] for row in sheets["Points"][7:] if row[3] != ""]
    assert listed and all(text.endswith("(pl)") for text in listed)
