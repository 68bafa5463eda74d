"""Every problem of a questionnaire is told at once, at its line, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from persona.errors import QuestionnaireError, Severity
from persona.questionnaire import Questionnaire
from persona.questionnaire.check import check

HEAD = """persona: 1
id: q
languages: [en]
scales:
  agree: {points: {1: "No", 2: "Perhaps", 3: "Yes"}}
sections:
  - id: s
    block: who
    questions:
      - {id: age, type: number, kind: demographic, text: Age, minimum: 18, maximum: 70}
      - {id: sex, type: single, kind: demographic, text: Sex,
         options: [{code: 1, text: F}, {code: 2, text: M}]}
      - {id: where, type: multiple, kind: channel, text: Where,
         options: [{code: 1, text: Shop}, {code: 2, text: Web}]}
"""
FIRST_LINE = 15
_TABLE = (Path(__file__).parent / "faulty_questions.txt").read_text(encoding="utf-8")
FAULTY = [tuple(line.split(maxsplit=1)) for line in _TABLE.splitlines()]
"""Code of the problem and the one question that has it."""
TWO = "options: [{code: 1, text: A}, {code: 2, text: B}]"


def problems(tmp_path: Path, text: str):
    path = tmp_path / "q.yaml"
    path.write_text(text, encoding="utf-8")
    return check(path)


def test_a_sound_questionnaire_has_but_a_note(tmp_path: Path) -> None:
    assert [p.code for p in problems(tmp_path, HEAD)] == ["basis.none"]


@pytest.mark.parametrize(("code", "line"), FAULTY)
def test_one_faulty_question_is_told_at_its_line(tmp_path: Path, code: str, line: str) -> None:
    found = [p for p in problems(tmp_path, f"{HEAD}      - {line}\n") if p.code != "basis.none"]
    assert code in [problem.code for problem in found]
    assert {problem.code for problem in found if problem.severity is Severity.ERROR} <= {code}
    for problem in found:
        assert problem.line == FIRST_LINE
        assert problem.remedy or problem.allowed
        assert problem.message


@pytest.mark.parametrize(
    ("scales", "code"),
    [
        ("  agree: {points: {1: A}}", "scale.one_point"),
        ("  agree: {points: {1: A, 3: B, 2: C}}", "scale.order"),
        ("  agree: {points: {3: A, 2: B, 1: C}}", "scale.order"),
        ("  agree: {points: {1: A, 2: a, 3: C}}", "label.twice"),
        (
            "  agree: {points: {1: A, 2: B}, missing: {2: {text: X, meaning: dont_know}}}",
            "missing.is_valid",
        ),
        ("  agree: {points: {one: A, 2: B}}", "key.type"),
        ("  agree: {point: {1: A, 2: B}}", "key.unknown"),
    ],
)
def test_faulty_scales(tmp_path: Path, scales: str, code: str) -> None:
    text = HEAD.replace('  agree: {points: {1: "No", 2: "Perhaps", 3: "Yes"}}', scales)
    found = problems(tmp_path, text)
    assert code in {problem.code for problem in found}
    assert all(problem.line == 5 for problem in found if problem.code == code)


def test_all_problems_come_at_once_and_in_order_of_lines(tmp_path: Path) -> None:
    text = HEAD.replace("languages: [en]", "languages: [en, pl]\ntitel: Q")
    text += "      - {id: sex, type: text, kind: nead, text: X}\n"
    text += "      - {id: age, type: text, kind: need, text: X, shown_if: sxe = 1}\n"
    found = problems(tmp_path, text)
    codes = {problem.code for problem in found}
    assert {
        "key.unknown",
        "text.not_translated",
        "key.value",
        "id.twice",
        "condition.unknown",
    } <= codes
    lines = [problem.line for problem in found if problem.line]
    assert lines == sorted(lines)


def test_what_depends_on_a_faulty_question_is_not_told_again(tmp_path: Path) -> None:
    text = HEAD + "      - {id: x, type: singel, kind: need, text: X}\n"
    text += "      - {id: y, type: text, kind: need, text: Y, shown_if: x = 1}\n"
    found = [p.code for p in problems(tmp_path, text) if p.severity is Severity.ERROR]
    assert found == ["question.type"]


def test_conditions_on_later_questions_and_in_circles(tmp_path: Path) -> None:
    later = HEAD + "      - {id: x, type: text, kind: need, text: X, shown_if: answered(y)}\n"
    later += "      - {id: y, type: text, kind: need, text: Y}\n"
    assert "condition.later" in {p.code for p in problems(tmp_path, later)}
    circle = later.replace("text: Y}", "text: Y, shown_if: answered(x)}")
    (problem,) = [p for p in problems(tmp_path, circle) if p.severity is Severity.ERROR]
    assert problem.code == "condition.circular"
    assert problem.message.endswith("x > y > x.") or problem.message.endswith("y > x > y.")


def test_a_question_that_nobody_can_reach(tmp_path: Path) -> None:
    text = (
        HEAD + f"      - {{id: x, type: single, kind: need, text: X, {TWO}, shown_if: sex = 1}}\n"
    )
    text += "      - {id: y, type: text, kind: need, text: Y, shown_if: x = 1 and sex = 2}\n"
    (problem,) = [p for p in problems(tmp_path, text) if p.severity is Severity.ERROR]
    assert (problem.code, problem.question) == ("condition.unreachable", "y")


def test_missing_translations_name_the_key_and_do_not_stop(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text(HEAD.replace("[en]", "[en, nl]"), encoding="utf-8")
    questionnaire = Questionnaire.load(path)
    messages = [p.message for p in questionnaire.problems if p.code == "text.not_translated"]
    assert any(
        message.startswith("options.1.text is not translated into nl") for message in messages
    )
    assert all("[en]" in message for message in messages)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("persona: 2\nid: q", "questionnaire.newer"),
        ("- a\n- b", "questionnaire.not_a_mapping"),
        ("id: q\nlanguages: []\nsections: []", "questionnaire.languages"),
        ("id: q\nlanguages: [english]\nsections: []", "questionnaire.language_code"),
        ("id: q\nlanguages: [en, en]", "questionnaire.language_twice"),
        ("id: q\nsections: []", "questionnaire.no_sections"),
        ("id: q\nsections: [{id: s, block: who, questions: []}]", "section.empty"),
        ("id: q\nsections: [{id: s, block: why, questions: [3]}]", "key.value"),
        ("", "file.empty"),
    ],
)
def test_files_that_are_no_questionnaire(tmp_path: Path, text: str, code: str) -> None:
    found = problems(tmp_path, text)
    assert code in {problem.code for problem in found}
    with pytest.raises(QuestionnaireError):
        Questionnaire.load(tmp_path / "q.yaml")


def test_a_newer_version_is_told_alone(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "persona: 7\nidd: q\nnews: 1")
    assert "version 7" in problem.message


def test_missing_files_folders_and_wrong_encodings(tmp_path: Path) -> None:
    (tmp_path / "survey.yaml").write_text(HEAD, encoding="utf-8")
    (missing,) = check(tmp_path / "survy.yaml")
    assert (missing.code, missing.remedy) == ("file.missing", "Did you mean 'survey.yaml'?")
    (folder,) = check(tmp_path)
    assert folder.code == "file.folder"
    (tmp_path / "latin.yaml").write_bytes("id: caf\u00e9".encode("latin-1"))
    (encoding,) = check(tmp_path / "latin.yaml")
    assert (encoding.code, encoding.line) == ("file.encoding", 1)
    (tmp_path / "wide.yaml").write_bytes(HEAD.encode("utf-16"))
    assert [p.code for p in check(tmp_path / "wide.yaml")] == ["basis.none"]


def test_a_shipped_questionnaire_is_found_by_name() -> None:
    questionnaire = Questionnaire.load("customer_b2c")
    assert questionnaire.id == "customer_b2c"
    assert questionnaire.questions
    assert not [p for p in questionnaire.problems if p.severity is Severity.ERROR]


def test_a_section_of_another_questionnaire_is_included(tmp_path: Path) -> None:
    (tmp_path / "bank.yaml").write_text(HEAD.replace("id: q", "id: bank"), encoding="utf-8")
    own = "id: own\nscales:\n  short: {points: {1: 'No', 2: 'Yes'}}\nsections:\n"
    own += "  - {include: bank, section: s}\n"
    path = tmp_path / "own.yaml"
    path.write_text(own, encoding="utf-8")
    questionnaire = Questionnaire.load(path)
    assert [question.id for question in questionnaire.questions] == ["age", "sex", "where"]
    assert set(questionnaire.scales) == {"short", "agree"}
    path.write_text(own.replace("section: s", "section: t"), encoding="utf-8")
    assert "include.no_section" in {p.code for p in check(path)}
    path.write_text(own.replace("bank", "bnak"), encoding="utf-8")
    assert "include.unreadable" in {p.code for p in check(path)}


def test_problems_of_an_included_section_name_its_file(tmp_path: Path) -> None:
    text = HEAD + "      - {id: x, type: text, kind: need, text: X, shown_if: agee > 1}\n"
    (tmp_path / "bank.yaml").write_text(text, encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text("id: own\nsections: [{include: bank}]", encoding="utf-8")
    (problem,) = [p for p in check(path) if p.severity is Severity.ERROR]
    assert (Path(problem.file or "").name, problem.line) == ("bank.yaml", FIRST_LINE)


def test_a_section_that_comes_by_two_ways_is_asked_once(tmp_path: Path) -> None:
    (tmp_path / "bank.yaml").write_text(HEAD.replace("id: q", "id: bank"), encoding="utf-8")
    (tmp_path / "two.yaml").write_text(
        "id: two\nsections: [{include: bank, section: s}]", encoding="utf-8"
    )
    path = tmp_path / "own.yaml"
    path.write_text("id: own\nsections: [{include: bank}, {include: two}]", encoding="utf-8")
    questionnaire = Questionnaire.load(path)
    assert [question.id for question in questionnaire.questions] == ["age", "sex", "where"]
    assert "include.again" in {problem.code for problem in questionnaire.problems}


def test_circular_includes_show_their_path(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        text = f"id: {one}\nsections: [{{include: {other}}}]"
        (tmp_path / f"{one}.yaml").write_text(text, encoding="utf-8")
    found = check(tmp_path / "a.yaml")
    assert "a > b > a" in next(p.message for p in found if p.code == "include.circular")
