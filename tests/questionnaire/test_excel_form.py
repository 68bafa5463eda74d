"""The Excel forms: filled in and read back they give the same answers."""

from __future__ import annotations

import re
import subprocess
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from persona.errors import OutputError, QuestionnaireError
from persona.questionnaire import Questionnaire
from persona.questionnaire.conditions import parse_condition
from persona.questionnaire.formats.codebook import write_codebook
from persona.questionnaire.formats.excel_card import read_cards, write_card
from persona.questionnaire.formats.excel_conditions import Cell, formula
from persona.questionnaire.formats.excel_form import FIRST_ROW, write_form
from persona.questionnaire.formats.sheets import read_cells
from persona.questionnaire.formats.words import word
from persona.resources import names

_FAST = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a workbook takes long to shrink
)


def columns_of(path: Path, language: str) -> Mapping[str, list[object]]:
    """The filled cells of a form by the id in its second row."""
    sheet = read_cells(path)[word("answers", language)]
    return {
        str(name): [row[n] for row in sheet[FIRST_ROW - 1 :]] for n, name in enumerate(sheet[1])
    }


@_FAST
@given(data=st.data())
def test_a_form_filled_in_and_read_back_gives_the_same_answers(
    strategies, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    questionnaire = data.draw(strategies.questionnaires())
    language = data.draw(st.sampled_from(questionnaire.languages))
    cells: dict[str, object] = {}
    wanted: dict[str, tuple[object, ...]] = {}
    states: dict[str, tuple[str, ...]] = {}
    for question in questionnaire.questions:
        answers = data.draw(strategies.answers(questionnaire, question.id, 3))
        labelled = questionnaire.encode(question.id, answers, labels=True, language=language)
        cells |= labelled
        for name, column in questionnaire.decode(question.id, labelled, language).items():
            wanted[name], states[name] = column.values, column.states
    path = tmp_path_factory.getbasetemp() / "form.xlsx"
    write_form(questionnaire, path, language=language, rows=20, answers=cells)
    found = columns_of(path, language)
    for question in questionnaire.questions:
        asked = [v.id for v in questionnaire.variables_of(question.id) if v.id in cells]
        columns = {name: found[name] for name in asked}
        for name, column in questionnaire.decode(question.id, columns, language).items():
            size = len(column.values)
            assert column.values == wanted[name][:size]
            assert column.states == states[name][:size]
            assert set(states[name][size:]) <= {"empty"}
            assert [f for f in column.faults if f.problem.severity == "error"] == []


@_FAST
@given(data=st.data())
def test_cards_filled_in_and_read_back_give_the_same_answers(
    strategies, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    questionnaire = data.draw(strategies.questionnaires(most=2))
    paths = []
    cells: dict[str, list[object]] = {}
    for number in range(2):
        own: dict[str, object] = {}
        for question in questionnaire.questions:
            answers = data.draw(strategies.answers(questionnaire, question.id, 1))
            labelled = questionnaire.encode(question.id, answers, labels=True)
            own |= {name: column[0] for name, column in labelled.items()}
        for name, cell in own.items():
            cells.setdefault(name, []).append(cell)
        paths.append(tmp_path_factory.getbasetemp() / f"card{number}.xlsx")
        write_card(questionnaire, paths[-1], answers=own)
    found = read_cards(paths, questionnaire)
    for question in questionnaire.questions:
        asked = [v.id for v in questionnaire.variables_of(question.id) if v.id in cells]
        before = questionnaire.decode(question.id, {name: cells[name] for name in asked})
        after = questionnaire.decode(question.id, {name: found[name] for name in asked})
        assert {n: c.values for n, c in after.items()} == {n: c.values for n, c in before.items()}


@pytest.mark.parametrize("name", names("questionnaires", ".yaml"))
def test_forms_of_shipped_questionnaires(tmp_path: Path, name: str) -> None:
    questionnaire = Questionnaire.load(name)
    language = questionnaire.languages[-1]
    write_form(questionnaire, tmp_path / "form.xlsx", language=language)
    write_card(questionnaire, tmp_path / "card.xlsx", language=language)
    write_codebook(questionnaire, tmp_path / "codebook.xlsx", language)
    ids = columns_of(tmp_path / "form.xlsx", language)
    asked = [v.id for v in questionnaire.variables if not v.derived]
    assert set(asked) <= set(ids)
    assert set(read_cards([tmp_path / "card.xlsx"], questionnaire)) >= set(asked)
    book = openpyxl.load_workbook(tmp_path / "codebook.xlsx")
    first = [row[0].value for row in book.active.iter_rows(min_row=2)]
    assert list(dict.fromkeys(first)) == [v.id for v in questionnaire.variables]


def test_cells_carry_lists_bounds_and_conditions(tmp_path: Path) -> None:
    questionnaire = Questionnaire.from_yaml("""
        id: q
        sections:
          - id: s
            block: who
            questions:
              - {id: sex, type: single, kind: demographic, text: Sex,
                 options: [{code: 1, text: Female}, {code: 2, text: Male}]}
              - {id: age, type: number, kind: demographic, text: Age, minimum: 18, maximum: 99,
                 decimals: 0, missing: {999: {meaning: refused}}}
              - {id: why, type: single, kind: need, text: Why, shown_if: sex = 2 and age > 30,
                 options: [{code: 1, text: A}, {code: 2, text: B}]}
              - {id: day, type: date, kind: behaviour, text: Day, earliest: 2020-01-01}
    """)
    path = tmp_path / "form.xlsx"
    write_form(questionnaire, path, rows=50)
    sheet = openpyxl.load_workbook(path)["Answers"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["A3:A52"].formula1 == "'Lists'!$A$1:$A$2"
    assert rules["B3:B52"].formula1 == "OR(AND(ISNUMBER($B3),$B3>=18,$B3<=99,$B3=INT($B3)),$B3=999)"
    condition = 'AND($A3="Male",AND($B3<>"",$B3>30))'
    assert rules["C3:C52"].formula1 == f"IF({condition},'Lists'!$C$1:$C$2,'Lists'!$B$1:$B$1)"
    assert rules["D3:D52"].formula1 == "AND(ISNUMBER($D3),$D3>=DATE(2020,1,1))"
    (grey,) = sheet.conditional_formatting
    assert grey.rules[0].formula == [f"NOT({condition})"]
    book = openpyxl.load_workbook(path)
    assert book["Lists"].sheet_state == "hidden"
    assert [cell.value for cell in book["Lists"]["A"]] == ["Female", "Male"]
    assert [cell.value for cell in sheet[1]] == ["Sex", "Age", "Why", "Day"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sex = 1", '$A3="Female"'),
        ("sex != 1", '$A3="Male"'),
        ("sex >= 1", 'OR($A3="Female",$A3="Male")'),
        ("age >= 18", 'AND($B3<>"",$B3>=18)'),
        ("age in (1, 2)", 'AND($B3<>"",OR($B3=1,$B3=2))'),
        ("sex not in (1)", 'AND($A3<>"",NOT($A3="Female"))'),
        ("answered(age)", '$B3<>""'),
        ("where has 2", '$D3="yes"'),
        ("not (where has 1 or sex = 2)", 'NOT(OR($C3="yes",$A3="Male"))'),
        ("sex = 9", '$A3="9"'),
    ],
)
def test_conditions_as_formulas(text: str, expected: str) -> None:
    ticks = {"yes": 1, "no": 0}
    cells = {
        "sex": {"": Cell("$A3", {"Female": 1, "Male": 2})},
        "age": {"": Cell("$B3", {})},
        "where": {"1": Cell("$C3", ticks), "2": Cell("$D3", ticks)},
    }
    assert formula(parse_condition(text), lambda name: cells[name]) == expected


def test_a_thousand_rows_are_written_in_seconds(tmp_path: Path) -> None:
    questionnaire = Questionnaire.load("customer_b2c")
    cells = {v.id: ["=1+1"] * 1000 for v in questionnaire.variables if not v.derived}
    start = time.process_time()
    write_form(questionnaire, tmp_path / "form.xlsx", rows=1000, answers=cells)
    assert time.process_time() - start < 8
    found = columns_of(tmp_path / "form.xlsx", "en")
    assert found["respondent"] == ["=1+1"] * 1000


def test_texts_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    questionnaire = Questionnaire.from_yaml("""
        id: q
        sections:
          - id: s
            block: who
            questions:
              - {id: why, type: text, kind: verbatim, text: "=HYPERLINK(1)"}
    """)
    path = tmp_path / "form.xlsx"
    write_form(questionnaire, path, answers={"why": ["=2+3", "@SUM(A1)", "http://x.y"]})
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in archive.read(name) for name in sheets)
    assert columns_of(path, "en")["why"] == ["=2+3", "@SUM(A1)", "http://x.y"]


def test_a_form_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_form(Questionnaire.load("loyalty"), tmp_path / "no" / "folder" / "form.xlsx")


def test_a_file_that_is_no_card(tmp_path: Path) -> None:
    questionnaire = Questionnaire.load("loyalty")
    write_codebook(questionnaire, tmp_path / "other.xlsx")
    with pytest.raises(QuestionnaireError, match="no card"):
        read_cards([tmp_path / "other.xlsx"], questionnaire)


@pytest.mark.slow
def test_libreoffice_understands_lists_and_conditions(tmp_path: Path, libreoffice: str) -> None:
    questionnaire = Questionnaire.load("customer_b2c")
    path = tmp_path / "form.xlsx"
    write_form(questionnaire, path)
    subprocess.run(
        [libreoffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "ods", "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "form.ods") as archive:
        content = archive.read("content.xml").decode()
    rules = re.findall(r"<table:content-validation [^>]*table:condition=\"([^\"]*)\"", content)
    lists = [rule for rule in rules if "cell-content-is-in-list" in rule]
    closed = [v for v in questionnaire.variables if v.categories and not v.derived]
    assert len(lists) >= len(closed) / 2  # equal neighbours are joined to one rule
    assert not [rule for rule in rules if "#REF" in rule or "Err:" in rule]
