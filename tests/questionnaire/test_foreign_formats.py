"""LimeSurvey, SurveyJS and Qualtrics come in; what goes out comes in again the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from persona.errors import QuestionnaireError
from persona.questionnaire import Questionnaire
from persona.questionnaire.conditions import parse_condition
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats import READERS
from persona.questionnaire.formats.drafting import Brought, brought_in, clean, plain_text
from persona.questionnaire.formats.expressions import from_limesurvey, from_surveyjs, from_xlsform
from persona.questionnaire.formats.languages import language_code
from persona.questionnaire.formats.lstsv_out import limesurvey_rows, write_limesurvey
from persona.questionnaire.formats.surveyjs_out import write_surveyjs
from persona.questionnaire.writing import to_data
from persona.resources import names

# file: questions in the source, questions brought in, columns they make
REAL = {
    "limesurvey/structure_en_nl.txt": (1, 1, 1),
    "limesurvey/structure_multilingual.txt": (1, 1, 1),
    "limesurvey/two_languages.lss": (1, 1, 1),
    "limesurvey/plurals.lss": (10, 10, 44),
    "limesurvey/sample_survey_english.lss": (100, 99, 473),
    "surveyjs/schema.json": (27, 23, 51),
    "qualtrics/no_basis.qsf": (6, 6, 24),
    "qualtrics/many_types.qsf": (32, 32, 164),
}


def bring(path: Path) -> Brought:
    return brought_in(READERS[path.suffix](path))


@pytest.mark.parametrize("name", REAL)
def test_real_files_come_in_and_what_is_left_is_told(shared: Path, name: str) -> None:
    brought = bring(shared / "data" / "exports" / name)
    columns = len(brought.declaration.variables)
    assert (brought.asked, brought.brought, columns) == REAL[name]
    left = {p.question for p in brought.declaration.problems if p.code == "import.left_out"}
    assert len(left) == brought.asked - brought.brought


def test_answers_alone_are_no_questionnaire(shared: Path) -> None:
    with pytest.raises(QuestionnaireError, match="no SurveyJS questionnaire"):
        Questionnaire.load(shared / "data" / "exports" / "surveyjs" / "response.json")


def test_what_qualtrics_says_is_kept(shared: Path) -> None:
    found = bring(shared / "data" / "exports" / "qualtrics" / "no_basis.qsf").declaration
    assert found.question("Q1").options[3].missing == "not_applicable"
    grid = found.question("Q3")
    assert grid.type == "grid"
    assert [item.id for item in grid.items] == ["Q3_1", "Q3_2", "Q3_3", "Q3_4"]
    assert [part.meaning for part in found.scales[grid.scale].missing_codes] == ["not_applicable"]
    many = bring(shared / "data" / "exports" / "qualtrics" / "many_types.qsf").declaration
    assert [option.code for option in many.question("Q45").options] == [143, 132, 142]


def test_both_languages_of_limesurvey_come_in(shared: Path) -> None:
    folder = shared / "data" / "exports" / "limesurvey"
    found = Questionnaire.load(folder / "structure_multilingual.txt")
    assert found.languages == ("en", "nl")
    assert found.question("onlyQuestion").text["nl"] == "Vraagtekst"
    assert found.question("onlyQuestion").options[1].text["nl"] == "Antwoordoptie 2"
    assert bring(folder / "two_languages.lss").declaration.languages == ("en", "et")


def test_surveyjs_choices_bounds_and_matrices(shared: Path) -> None:
    found = bring(shared / "data" / "exports" / "surveyjs" / "schema.json").declaration
    assert found.languages == ("en", "nl")
    assert (found.question("age").minimum, found.question("age").maximum) == (0, 150)
    assert found.question("hobbies").most == 3
    assert [option.other for option in found.question("favoriteColor").options][-1] is True
    assert found.question("favoriteColor").randomise
    assert found.question("qualityMatrix").type == "grid"
    assert found.question("satisfaction").highest == 10


def comparable(declaration: Declaration, *, scales: bool = True) -> dict[str, Any]:
    """The questionnaire as values, conditions without their optional brackets."""
    data = to_data(declaration)
    used = {getattr(question, "scale", None) for question in declaration.questions}
    data["scales"] = {k: s for k, s in data.get("scales", {}).items() if k in used and scales}
    for section in data["sections"]:
        for part in (section, *section["questions"]):
            if "shown_if" in part:
                part["shown_if"] = parse_condition(part["shown_if"])
    return data


WRITERS = {".txt": write_limesurvey, ".json": write_surveyjs}


@pytest.mark.parametrize("name", names("questionnaires", ".yaml"))
@pytest.mark.parametrize("suffix", WRITERS)
def test_shipped_questionnaires_go_out_and_come_back(
    tmp_path: Path, suffix: str, name: str
) -> None:
    questionnaire = Questionnaire.load(name)
    path = tmp_path / f"other{suffix}"
    WRITERS[suffix](questionnaire, path)
    assert comparable(bring(path).declaration) == comparable(questionnaire)


@pytest.mark.parametrize("suffix", WRITERS)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a questionnaire takes long to shrink
)
@given(data=st.data())
def test_random_questionnaires_go_out_and_come_back(
    strategies, tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject
) -> None:
    questionnaire = data.draw(strategies.questionnaires())
    path = tmp_path_factory.getbasetemp() / f"random{suffix}"
    WRITERS[suffix](questionnaire, path)
    assert comparable(bring(path).declaration) == comparable(questionnaire)


def test_limesurvey_gets_codes_it_takes() -> None:
    questionnaire = Questionnaire.load("customer_b2c")
    for row in limesurvey_rows(questionnaire):
        if row["class"] == "Q":
            assert row["name"].isascii() and row["name"].isalnum() and len(row["name"]) <= 20
            assert row["name"][0].isalpha()
        if row["class"] == "A":
            assert row["name"].isascii() and row["name"].isalnum() and len(row["name"]) <= 5


@pytest.mark.parametrize(
    ("read", "text", "condition"),
    [
        (from_xlsform, "selected(${w}, 'yes') and ${a}>= 18", "w has 'yes' and a >= 18"),
        (from_xlsform, "not(selected(../g/w, '2'))", "not (w has 2)"),
        (from_xlsform, "${a} != ''", "answered(a)"),
        (from_xlsform, "${a} = ''", "not answered(a)"),
        (from_xlsform, "(${a} != '' and ${a} != 3)", "a != 3"),
        (from_xlsform, "regex(${a}, 'x')", None),
        (from_xlsform, "${other} = 1", None),
        (from_xlsform, "${a} + ${w} > 3", None),
        (from_surveyjs, "{a} = 'x' and {w} contains 'y'", "a = 'x' and w has 'y'"),
        (from_surveyjs, "{a} empty or {w} > 3", "not answered(a) or w > 3"),
        (from_surveyjs, "!({a} = 1) && {w} notempty", "not (a = 1) and answered(w)"),
        (from_surveyjs, "{a} anyof ['x']", None),
        (from_limesurvey, '((a.NAOK == "A1"))', "a = 'A1'"),
        (from_limesurvey, 'a.NAOK > 3 and !(w == "x")', "a > 3 and not (w = 'x')"),
        (from_limesurvey, "is_empty(a)", None),
    ],
)
def test_expressions_are_translated_or_left_alone(
    read: Any, text: str, condition: str | None
) -> None:
    found = read(text, {"w": "w", "a": "a"})
    if condition is None:
        assert found is None
    else:
        assert parse_condition(found) == parse_condition(condition)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("q.txt", b"a\tb\n1\t2\n"),
        ("q.txt", b"\xff\xfe\x00"),
        ("q.lss", b"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>"),
        ("q.lss", b"<document>"),
        ("q.lss", b'<!DOCTYPE x [<!ENTITY a "b">]><document/>'),
        ("q.json", b"{"),
        ("q.json", b"[1, 2]"),
        ("q.json", b'{"pages": []}'),
        ("q.qsf", b'{"SurveyEntry": {}}'),
        ("q.qsf", b'{"SurveyEntry": {}, "SurveyElements": []}'),
    ],
)
def test_files_that_are_nothing_of_the_kind(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(QuestionnaireError) as trouble:
        Questionnaire.load(path)
    assert trouble.value.problems[0].file == str(path)


def test_simple_qualtrics_display_logic_becomes_a_condition(tmp_path: Path) -> None:
    def asked(number: int, kind: str, **more: Any) -> dict[str, Any]:
        payload = {"QuestionID": f"QID{number}", "DataExportTag": f"Q{number}",
                   "QuestionText": "T", "QuestionType": kind, **more}  # fmt: skip
        return {"Element": "SQ", "Payload": payload}

    choices = {"1": {"Display": "A"}, "2": {"Display": "B"}}
    logic = {"0": {"0": {"LeftOperand": "q://QID1/SelectableChoice/2", "Operator": "Selected"},
                   "Type": "If"}, "Type": "BooleanExpression"}  # fmt: skip
    elements = [
        asked(1, "MC", Selector="SAVR", Choices=choices, RecodeValues={"1": "5", "2": "6"}),
        asked(2, "TE", Selector="SL", DisplayLogic=logic),
    ]
    path = tmp_path / "q.qsf"
    path.write_text(json.dumps({"SurveyEntry": {}, "SurveyElements": elements}), encoding="utf-8")
    found = Questionnaire.load(path)
    assert found.question("Q2").shown_if == "Q1 has 6"


@pytest.mark.parametrize(
    ("name", "code"),
    [("English (en)", "en"), ("Polski", "pl"), ("pt_BR", "pt-BR"), ("EN", "en"), ("klingon", None)],
)
def test_languages_by_any_name(name: str, code: str | None) -> None:
    assert language_code(name) == code


def test_markup_and_names_are_cleaned() -> None:
    assert plain_text("<p>How <b>old</b>&nbsp;are<br/>you?</p>") == "How old are you?"
    assert plain_text("a <5 and b> 3") == "a <5 and b> 3"
    assert clean("1. Wie alt?") == "q1._Wie_alt"
    assert clean("and") == "and_"
