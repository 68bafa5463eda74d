"""XLSForm comes in from real files, goes out so that pyxform takes it, and is the same again."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from persona.errors import QuestionnaireError
from persona.questionnaire import Questionnaire
from persona.questionnaire.formats import xlsform
from persona.questionnaire.formats.drafting import Brought, brought_in
from persona.questionnaire.formats.workbooks import write_tables
from persona.questionnaire.formats.xlsform_out import write_xlsform
from persona.questionnaire.types import TYPES
from persona.questionnaire.writing import to_data
from persona.resources import names

# file: questions in the source, questions brought in
REAL = {
    "xlsform/all_question_types_2024.xlsx": (82, 68),
    "xlsform/all_types_limesurvey.xlsx": (26, 26),
    "xlsform/choice_filter.xlsx": (3, 3),
    "xlsform/compare_sample1.xlsx": (3, 3),
    "xlsform/equity_tool.xls": (13, 13),
    "xlsform/i18n_mixed_label.xls": (4, 4),
    "xlsform/kobo_formatting_examples.xlsx": (1, 1),
    "xlsform/minimal.xlsx": (3, 3),
    "xlsform/nested_matrix_calculations.xlsx": (13, 13),
    "xlsform/or_other.xlsx": (2, 2),
    "xlsform/pregnancy_eight_languages.xlsx": (40, 38),
    "xlsform/ranges_invalid.xlsx": (8, 8),
    "xlsform/refugee_outlook_likert_es.xlsx": (18, 18),
    "xlsform/service_rating.xlsx": (19, 19),
    "xlsform/spec_test.xlsx": (27, 17),
    "xlsform/specify_other.xlsx": (1, 1),
    "xlsform/table_list.xls": (3, 3),
    "xlsform/volunteer_roles_de_en.xlsx": (30, 30),
    "xlsform/vulnerability_assessment.xls": (284, 236),
    "xlsform/widgets.xls": (29, 26),
    "kobo_odk/profile_form.xlsx": (8, 6),
    "kobo_odk/needs_assessment_questions.csv": (358, 351),
}


def bring(path: Path) -> Brought:
    return brought_in(xlsform.read(path))


@pytest.mark.parametrize("name", REAL)
def test_real_forms_come_in_and_what_is_left_is_told(shared: Path, name: str) -> None:
    brought = bring(shared / "data" / "exports" / name)
    assert (brought.asked, brought.brought) == REAL[name]
    left = [p for p in brought.declaration.problems if p.code == "import.left_out"]
    assert len(left) == brought.asked - brought.brought
    for problem in left:
        assert problem.row is not None and problem.sheet is not None


def test_two_columns_of_one_name_that_differ_are_refused(shared: Path) -> None:
    path = shared / "data" / "exports" / "xlsform" / "duplicate_columns.xlsx"
    with pytest.raises(QuestionnaireError) as trouble:
        Questionnaire.load(path)
    (problem,) = trouble.value.problems
    assert (problem.sheet, problem.row, problem.column) == ("survey", 1, "E")
    assert "'label'" in problem.message


def test_faulty_rows_of_real_forms_are_explained(shared: Path) -> None:
    folder = shared / "data" / "exports" / "xlsform"
    told = bring(folder / "ranges_invalid.xlsx").declaration.problems
    assert any(p.row == 9 and "'tart'" in p.message for p in told)
    told = bring(folder / "service_rating.xlsx").declaration.problems
    assert any("'country'" in p.message for p in told)


def test_languages_and_texts_of_real_forms(shared: Path) -> None:
    folder = shared / "data" / "exports" / "xlsform"
    roles = bring(folder / "volunteer_roles_de_en.xlsx").declaration
    assert roles.languages == ("de", "en")
    assert {question.type for question in roles.questions} >= {"grid", "multiple", "single", "text"}
    grid = next(question for question in roles.questions if question.type == "grid")
    assert set(grid.items[0].text) == {"de", "en"}
    eight = bring(folder / "pregnancy_eight_languages.xlsx").declaration
    assert len(eight.languages) == 7


@pytest.mark.parametrize("name", names("questionnaires", ".yaml"))
def test_shipped_questionnaires_pass_pyxform_and_come_back(tmp_path: Path, name: str) -> None:
    questionnaire = Questionnaire.load(name)
    path = tmp_path / f"{name}.xlsx"
    write_xlsform(questionnaire, path)
    pyxform = importlib.import_module("pyxform.xls2xform")
    assert pyxform.convert(str(path)).warnings == []
    again = bring(path).declaration
    before, after = to_data(questionnaire), to_data(again)
    # XLSForm has no place for scales that no question uses
    used = {getattr(question, "scale", None) for question in questionnaire.questions}
    before["scales"] = {key: s for key, s in before.get("scales", {}).items() if key in used}
    assert after.get("scales", {}) == before["scales"]
    assert after["sections"] == before["sections"]
    assert (after["title"], after["languages"]) == (before["title"], before["languages"])


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a form takes long to shrink
)
@given(data=st.data())
def test_random_questionnaires_pass_pyxform_and_come_back(
    strategies, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    questionnaire = data.draw(strategies.questionnaires(tuple(TYPES)))
    path = tmp_path_factory.getbasetemp() / "random.xlsx"
    write_xlsform(questionnaire, path)
    pyxform = importlib.import_module("pyxform.xls2xform")
    assert pyxform.convert(str(path)).xform.startswith("<?xml")
    again = bring(path).declaration
    assert [(v.id, v.codes, v.measure) for v in again.variables] == [
        (v.id, v.codes, v.measure) for v in questionnaire.variables
    ]


def test_a_question_type_of_ours_changed_in_the_form_comes_in_row_by_row(tmp_path: Path) -> None:
    questionnaire = Questionnaire.from_data(
        {
            "id": "q",
            "sections": [
                {
                    "id": "s",
                    "block": "who",
                    "questions": [
                        {"id": "share", "type": "constant_sum", "kind": "need", "text": "Share",
                         "options": [{"code": 1, "text": "A"}, {"code": 2, "text": "B"}]},
                    ],
                }
            ],
        }
    )  # fmt: skip
    path = tmp_path / "q.xlsx"
    write_xlsform(questionnaire, path)
    assert [question.type for question in bring(path).declaration.questions] == ["constant_sum"]
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book["survey"]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == "A")
    cell.value = "Another"
    book.save(path)
    changed = bring(path).declaration
    assert [question.id for question in changed.questions] == ["share_1", "share_2"]
    assert any("changed in the form" in problem.message for problem in changed.problems)


KOBO = (
    ("type", "name", "label", "kobo--score-choices", "kobo--rank-items", "kobo--matrix_list"),
    [
        {"type": "begin_score", "name": "mood", "label": "Mood", "kobo--score-choices": "agree"},
        {"type": "score__row", "name": "calm", "label": "Calm"},
        {"type": "score__row", "name": "fun", "label": "Fun"},
        {"type": "end_score"},
        {"type": "begin_rank", "name": "order", "label": "Order", "kobo--rank-items": "agree"},
        {"type": "rank__level", "name": "first", "label": "First"},
        {"type": "end_rank"},
        {"type": "begin_kobomatrix", "name": "goods", "label": "Goods",
         "kobo--matrix_list": "agree"},
        {"type": "integer", "name": "number", "label": "How many"},
        {"type": "end_kobomatrix"},
    ],
)  # fmt: skip


def test_the_kobo_dialect(tmp_path: Path) -> None:
    choices = [
        {"list_name": "agree", "name": code, "label": code.title()} for code in ("no", "so", "yes")
    ]
    path = tmp_path / "kobo.xlsx"
    write_tables(path, {"survey": KOBO, "choices": (("list_name", "name", "label"), choices)})
    found = bring(path).declaration
    assert [(question.id, question.type) for question in found.questions] == [
        ("mood", "grid"),
        ("order", "ranking"),
        ("goods_no_number", "number"),
        ("goods_so_number", "number"),
        ("goods_yes_number", "number"),
    ]
    assert found.decode("mood", {"calm": ["yes", "No"]})["calm"].values == (3, 1)
    assert found.question("order").top == 1


def test_expressions_are_translated_or_kept(tmp_path: Path) -> None:
    rows = [
        {"type": "integer", "name": "age", "label": "Age", "constraint": ". >= 18 and . < 100"},
        {"type": "text", "name": "why", "label": "Why", "relevant": "${age} > 20"},
        {"type": "text", "name": "who", "label": "Who", "relevant": "regex(${why}, '^a')"},
    ]
    path = tmp_path / "q.xlsx"
    write_tables(path, {"survey": (("type", "name", "label", "constraint", "relevant"), rows)})
    found = bring(path).declaration
    assert (found.question("age").minimum, found.question("age").maximum) == (18, 99)
    assert found.question("why").shown_if == "age > 20"
    assert found.question("who").shown_if is None
    assert found.question("who").original == {"relevant": "regex(${why}, '^a')"}
    out = tmp_path / "again.xlsx"
    write_xlsform(found, out)
    assert bring(out).declaration.question("who").original == found.question("who").original


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"PK\x03\x04 cut", "damaged"), (b"hello", "no workbook"), (b"\xd0\xcf\x11\xe0", "damaged")],
)
def test_files_that_are_no_workbooks(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "q.xlsx"
    path.write_bytes(content)
    with pytest.raises(QuestionnaireError, match=message):
        Questionnaire.load(path)


def test_a_workbook_that_is_no_form(tmp_path: Path) -> None:
    path = tmp_path / "q.xlsx"
    write_tables(path, {"survay": (("type",), [{"type": "text"}]), "b": (("x",), [{"x": "y"}])})
    with pytest.raises(QuestionnaireError, match="survay"):
        Questionnaire.load(path)


def test_the_same_form_is_the_same_bytes(tmp_path: Path) -> None:
    questionnaire = Questionnaire.load("loyalty")
    write_xlsform(questionnaire, tmp_path / "one.xlsx")
    write_xlsform(questionnaire, tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
