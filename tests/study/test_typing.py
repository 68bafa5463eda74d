"""The typing tool of a study: its options, its names, and what a run says of it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

import persona
from persona.errors import StudyError
from persona.report.data import results_json
from persona.study import StudyResult
from persona.study.decisions import KeptDecisions, KeptSegment, write_kept
from persona.study.reporting import study_report


def with_lines(folder: Path, lines: str) -> Path:
    study = folder / "study.yaml"
    study.write_text(study.read_text("utf-8") + lines, encoding="utf-8")
    return folder


def run(folder: Path, lines: str = "") -> StudyResult:
    return persona.Study.load(with_lines(folder, lines)).run()


def test_every_run_learns_a_tool(small_result: StudyResult) -> None:
    result = small_result
    tool = result.typing
    assert tool is not None and tool.study == "coffee"
    assert tool.title == {"en": "Coffee drinkers", "pl": "Kawosze"}
    assert tool.fingerprint == result.run_fingerprint
    assert tool.answers_sha256 == result.responses.source.sha256
    assert {one.question for one in tool.golden.questions} == {"views_on_coffee"}
    assert tool.evidence.accuracy > 0.95 and tool.evidence.base == 120
    told = json.loads(results_json(study_report(result)))["typing"]
    assert told["questions"] == list(tool.golden.variables)
    assert told["evidence"]["accuracy"] == pytest.approx(tool.evidence.accuracy)
    assert len(told["evidence"]["curve"]) == 6
    assert told["complete_evidence"]["curve"][0]["questions"] == 6


def test_names_of_personas_in_every_language_and_those_of_the_user(
    small_result: StudyResult, small_study: Path
) -> None:
    before = small_result
    named = KeptSegment(members=(1,), name={"en": "Savers", "pl": "Oszczędni"})
    write_kept(
        KeptDecisions(study="coffee", fingerprint=before.fingerprint, segments=(named,)),
        small_study,
    )
    tool = run(small_study).typing
    assert tool is not None and before.typing is not None
    assert tool.golden.segments[0].name == {"en": "Savers", "pl": "Oszczędni"}
    assert tool.golden.segments[1].name == before.personas[1].name
    assert tool.golden.questions == before.typing.golden.questions


def test_merged_segments_are_one(small_study: Path) -> None:
    lines = "typing: {questions: 4}\n"
    study = with_lines(small_study, lines) / "study.yaml"
    study.write_text(study.read_text("utf-8").replace("k: 2", "k: 3"), encoding="utf-8")
    before = persona.Study.load(small_study).run()
    joined = KeptSegment(members=(1, 3), name={"en": "Joined"})
    write_kept(
        KeptDecisions(study="coffee", fingerprint=before.fingerprint, segments=(joined,)),
        small_study,
    )
    tool = persona.Study.load(small_study).run().typing
    assert tool is not None and before.typing is not None
    assert (before.typing.golden.k, tool.golden.k, len(tool.golden.questions)) == (3, 2, 4)
    assert "Joined" in [one.name["en"] for one in tool.golden.segments]
    assert tool.fingerprint != before.typing.fingerprint


def test_one_segment_has_no_tool(small_study: Path) -> None:
    study = small_study / "study.yaml"
    study.write_text(study.read_text("utf-8").replace("k: 2", "k: 1"), encoding="utf-8")
    result = persona.Study.load(small_study).run()
    assert result.typing is None and result.targeting.recognition is None
    assert "typing.one_segment" in [problem.code for problem in result.problems]
    assert json.loads(results_json(study_report(result)))["typing"] is None


def test_options_change_the_tool_and_not_the_segments(
    small_result: StudyResult, small_study: Path
) -> None:
    after = run(
        small_study,
        "typing:\n  questions: 3\n  include: [sex]\n  exclude: [cheap]\n  uncertain_odds: 3\n"
        "  max_missing: 1\n",
    )
    tool = after.typing
    assert tool is not None and after.fingerprint == small_result.fingerprint
    assert tool.golden.variables[0] == "sex" and len(tool.golden.questions) == 3
    assert "cheap" not in tool.golden.variables
    assert (tool.golden.uncertain_below, tool.golden.max_missing) == (10_986, 1)
    assert [cost.kind for cost in tool.evidence.costs] == ["free", "forced", "all", "complete"]


def test_records_alone(small_study: Path) -> None:
    """Savers spend little, as the customer records know."""
    questionnaire = small_study / "questionnaire.yaml"
    questionnaire.write_text(
        questionnaire.read_text("utf-8")
        + "      - {id: spent, type: number, kind: value, text: {en: Spent}, unit: EUR}\n",
        encoding="utf-8",
    )
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["customer", "turnover"])
    for number in range(120):
        sheet.append([f"{number + 1:03d}", (20 if number < 72 else 200) + number % 17])
    book.save(small_study / "crm.xlsx")
    tool = run(
        small_study,
        "records: [{file: crm.xlsx, key: customer, columns: {spent: turnover}}]\n"
        "typing: {pool: records}\n",
    ).typing
    assert tool is not None and tool.golden.variables == ("spent",)
    assert tool.golden.questions[0].unit == "EUR" and tool.evidence.pool == "records"
    assert tool.evidence.accuracy > 0.95
    costs = [(cost.kind, cost.questions) for cost in tool.evidence.costs]
    assert costs == [("free", 1), ("records", 1), ("all", 1), ("complete", 6)]


@pytest.mark.parametrize(
    ("lines", "code", "found"),
    [
        ("typing: {include: [chaep]}", "study.unknown_question", "Did you mean 'cheap'?"),
        ("typing: {exclude: [views]}", "study.unknown_question", "views"),
        ("typing: {pool: [nothing_such]}", "study.unknown_question", "nothing_such"),
        ("typing: {include: [comment]}", "typing.not_askable", "comment"),
        ("typing: {include: [sex], exclude: [sex]}", "typing.both", "sex"),
        ("typing: {pool: records}", "typing.no_records", "records"),
    ],
)
def test_what_cannot_be_asked_is_told_before_the_run(
    small_study: Path, lines: str, code: str, found: str
) -> None:
    with pytest.raises(StudyError) as caught:
        persona.Study.load(with_lines(small_study, lines + "\n"))
    assert [problem.code for problem in caught.value.problems] == [code]
    assert found in str(caught.value) and caught.value.problems[0].line is not None


@pytest.mark.parametrize(
    "lines",
    [
        "typing: {questions: 0}",
        "typing: {questions: many}",
        "typing: {pool: everything}",
        "typing: {uncertain_odds: 0.5}",
        "typing: {max_missing: -1}",
        "typing: {question: 5}",
    ],
)
def test_broken_options_are_refused_at_their_line(small_study: Path, lines: str) -> None:
    with pytest.raises(StudyError) as caught:
        persona.Study.load(with_lines(small_study, lines + "\n"))
    assert all(problem.line is not None for problem in caught.value.problems)
