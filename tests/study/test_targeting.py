"""Value, tests, strategy, banners and further bases of a study, and their way through Excel."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

import persona
from persona.errors import PersonaError
from persona.study import StudyResult
from persona.study.loading import check_file
from persona.study.typing_questions import learn_typing, recognition_of

WORTH = """\
  - id: worth
    block: value
    title: {en: Money, pl: Pieniądze}
    questions:
      - {id: spent, type: number, kind: value, minimum: 0, unit: EUR,
         text: {en: Spent in a year, pl: Wydano w roku}}
      - {id: left, type: number, kind: value,
         text: {en: Margin in a year, pl: Marża w roku}}
  - id: wants
    block: expects
    title: {en: Wants, pl: Oczekiwania}
    questions:
      - id: important
        type: grid
        kind: need
        text: {en: How important is it?, pl: Jak ważne?}
        scale: agree
        items:
          - {id: imp_fresh, text: {en: Fresh beans, pl: Świeże ziarna}}
          - {id: imp_near, text: {en: Near to me, pl: Blisko}}
      - id: content
        type: grid
        kind: behaviour
        text: {en: How content are you?, pl: Jakie zadowolenie?}
        scale: agree
        items:
          - {id: sat_fresh, text: {en: Fresh beans, pl: Świeże ziarna}}
          - {id: sat_near, text: {en: Near to me, pl: Blisko}}
"""
KEYS = """\
value: {revenue: spent, margin: left, cost: {1: 40, 2: 5}}
banners:
  - columns: [segments, sex, [segments, sex]]
    title: {en: By sex, pl: Według płci}
  - {columns: [sex], questions: [places], where: {sex: 1}}
segmentations:
  - demography
  - value
  - {id: places, basis: [places], k: 2, method: latent_class, title: {en: Places, pl: Miejsca}}
targets: [2]
criteria:
  - {id: size, measured: size, weight: 1}
  - {id: earns, measured: margin, weight: 3}
  - {id: fit, axis: us, text: {en: Fit, pl: Zgodność}, weight: 2, scores: {1: 4, 2: 8}}
"""


def extended(folder: Path, keys: str = KEYS) -> Path:
    """The small study with money and needs asked; savers spend little."""
    questionnaire = folder / "questionnaire.yaml"
    questionnaire.write_text(questionnaire.read_text("utf-8") + WORTH, encoding="utf-8")
    study = folder / "study.yaml"
    study.write_text(study.read_text("utf-8") + keys, encoding="utf-8")
    book = openpyxl.load_workbook(folder / "answers.xlsx")
    sheet = book["Answers"]
    draw = np.random.default_rng(8)
    heads = ["spent", "left", "imp_fresh", "imp_near", "sat_fresh", "sat_near"]
    for place, head in enumerate(heads, sheet.max_column + 1):
        sheet.cell(1, place, head)
    first = sheet.max_column - len(heads) + 1
    for row in range(2, sheet.max_row + 1):
        saver = row - 2 < 72
        spent = int(draw.integers(20, 80) if saver else draw.integers(150, 400))
        wants = 2 if saver else 5
        values = [spent, spent // 2, wants, int(draw.integers(1, 6)), 1, int(draw.integers(1, 6))]
        for place, value in enumerate(values, first):
            sheet.cell(row, place, value)
    book.save(folder / "answers.xlsx")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {"folder": tmp_path_factory.mktemp("targeting")}


@pytest.fixture
def result(made: dict[str, Any], small_study: Path) -> StudyResult:
    """The extended study, run once."""
    if "result" not in made:
        made["result"] = persona.Study.load(extended(small_study)).run()
    found: StudyResult = made["result"]
    return found


def test_value_is_ranked_by_margin(result: StudyResult) -> None:
    value = result.targeting.value
    assert value is not None and value.ranked_by == "margin"
    assert value.segments[0].segment == 2 and value.segments[0].rank == 1
    assert value.segments[0].people == pytest.approx(0.4, abs=0.02)
    assert value.segments[0].margin is not None and value.segments[0].margin.share is not None
    assert value.segments[0].margin.share > 0.7


def test_the_scorecard_takes_costs_and_recognition(result: StudyResult) -> None:
    cards = {card.segment: card for card in result.targeting.scorecards}
    tests = {test.test: test for test in cards[1].tests}
    value = result.targeting.value
    assert value is not None
    savers = next(one for one in value.segments if one.segment == 1)
    assert savers.margin is not None and savers.margin.mean is not None
    assert tests["valuable"].value == pytest.approx(savers.margin.mean - 40)
    assert tests["valuable"].outcome == "fail" and cards[1].out and not cards[2].out
    recognition = result.targeting.recognition
    assert recognition is not None and recognition.overall > 0.95
    assert tests["recognisable"].value == recognition.found[1]
    assert recognition.chance == pytest.approx(0.52, abs=0.02)


def test_segments_that_are_no_groups_are_not_recognised(result: StudyResult) -> None:
    labels = result.segmentation.labels.copy()
    labels[:] = np.random.default_rng(1).permutation(labels.to_numpy())
    shuffled = replace(result.segmentation, labels=labels)
    learned = learn_typing(result.study, result.responses, shuffled, result.personas)
    found = recognition_of(learned.tool)
    assert found is not None and found.overall < 0.7
    assert "typing.poor" in [problem.code for problem in learned.warnings]
    again = learn_typing(result.study, result.responses, shuffled, result.personas)
    assert again == learned


def test_attractiveness_is_the_weighted_mean(result: StudyResult) -> None:
    points = {point.segment: point for point in result.targeting.points}
    scores = points[2].scores
    assert points[2].to_us == pytest.approx((scores["size"] + 3 * scores["earns"]) / 4)
    assert (points[1].of_us, points[2].of_us) == (4.0, 8.0)


def test_needs_asked_twice_become_opportunities(result: StudyResult) -> None:
    best = result.targeting.needs[0]
    assert best.need == "imp_fresh" and best.satisfaction_variable == "sat_fresh"
    assert best.cells[1].opportunity == pytest.approx(20.0)


def test_targets_without_a_strategy_are_warned_about(result: StudyResult) -> None:
    assert result.targeting.targets == (2,)
    sheet = result.targeting.sheets[1]
    assert sheet.target and len(sheet.missing) == 6
    problem = next(p for p in result.problems if p.code == "strategy.missing")
    assert problem.values["segment"] == 2
    assert sheet.fields[0].unmet[0].need == "imp_fresh"


def test_banners_nest_and_filter(result: StudyResult) -> None:
    first, second = (tables.book for tables in result.targeting.banners)
    assert [len(column.codes) for column in first.columns] == [1, 1, 1, 1, 2, 2, 2, 2]
    assert first.columns[4].base <= first.columns[0].base
    assert [question.question for question in second.questions] == ["places"]
    assert second.filters == {"sex": (1,)}
    assert second.n == int((result.responses.asked["sex"].astype(str) == "1").sum())


def test_further_bases_are_run_and_compared(result: StudyResult) -> None:
    runs = {run.id: run for run in result.targeting.bases}
    assert list(runs) == ["segments", "demographic", "value", "places"]
    assert runs["demographic"].method == "answers" and runs["demographic"].k == 2
    assert runs["value"].method == "quarters" and runs["value"].k == 4
    shares = list(runs["value"].shares.values())
    assert shares == pytest.approx([0.25] * 4, abs=0.05)
    assert runs["places"].method == "latent_class"
    compared = result.targeting.comparison
    assert compared is not None and len(compared.crossings) == 6
    best, share = compared.by_value[0]
    assert best == "segments" and share is not None and share > 0.5
    # quarters by money explain money by their making
    assert dict(compared.by_value)["value"] is None


def test_the_eight_questions_are_answered_or_not_asked(result: StudyResult) -> None:
    asked = {answer.question: answer.asked for answer in result.targeting.answers}
    assert list(asked) == [
        *("groups", "earners", "appeals", "needs"),
        *("relief", "improvement", "channels", "channel_success"),
    ]
    assert all(asked.values())


def test_a_study_without_value_says_not_asked(small_study: Path) -> None:
    targeting = persona.Study.load(small_study).run().targeting
    assert targeting.value is None and targeting.bases == () and targeting.points == ()
    asked = {answer.question: answer.asked for answer in targeting.answers}
    assert not asked["earners"] and not asked["relief"] and asked["channels"]
    outcomes = {test.test: test.outcome for test in targeting.scorecards[0].tests}
    assert outcomes["valuable"] == "not_asked"


def test_everything_is_written(result: StudyResult, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result.write(out)
    figures = json.loads((out / "results.json").read_text("utf-8"))
    assert figures["value"]["ranked_by"] == "margin"
    assert "customers" not in figures["value"]
    assert sum(one["customers"] for one in figures["value"]["customers_by_tenth"]) == 120
    assert len(figures["banners"][0]["columns"]) == 8
    assert figures["bases_compared"]["by_value"][0][0] == "segments"
    ranked = (out / "customers.csv").read_text("utf-8").splitlines()
    assert len(ranked) == 121 and ranked[1].startswith("1,") and ranked[-1].endswith("1.00000000")
    page = (out / "index.html").read_text("utf-8")
    for anchor in ("value", "opportunities", "scorecard", "strategy", "questions", "bases"):
        assert f'id="{anchor}"' in page or f'id="en-{anchor}"' in page, anchor
    sheets = openpyxl.load_workbook(out / "tables.xlsx").sheetnames
    assert {"Value", "Opportunities", "By sex", "Banner 2", "Several bases", "Money"} <= set(sheets)


def _place(sheet: Any, key: str) -> int:
    return int([cell.value for cell in sheet[1]].index(key)) + 1


def test_strategy_targets_and_criteria_go_round(small_study: Path, tmp_path: Path) -> None:
    study = persona.Study.load(extended(small_study, KEYS))
    out = study.folder / "out"
    study.run().write(out)
    book = openpyxl.load_workbook(out / "workbook.xlsx")
    strategy, criteria, segments = book["Strategy"], book["Criteria"], book["Segments"]
    for row in strategy.iter_rows(min_row=5):
        if row[0].value == 2:
            strategy.cell(row[0].row, _place(strategy, "text:en"), f"Do {row[2].value}")
    for row in criteria.iter_rows(min_row=5):
        line = row[0].row
        if row[0].value == "growth":
            criteria.cell(line, _place(criteria, "weight"), 1)
            criteria.cell(line, _place(criteria, "score:1"), 3)
            criteria.cell(line, _place(criteria, "score:2"), 9.5)
        if row[0].value == "earns":
            criteria.cell(line, _place(criteria, "weight")).value = None
    segments.cell(5, _place(segments, "target"), "yes")
    segments.cell(6, _place(segments, "target"), "yes")
    book.save(out / "workbook.xlsx")
    changes = study.apply(out / "workbook.xlsx").changes
    assert "segment 1 is a target" in changes
    again = persona.Study.load(study.folder).run()
    found = again.targeting
    assert found.targets == (1, 2)
    assert found.sheets[1].missing == () and len(found.sheets[0].missing) == 6
    assert found.sheets[1].fields[0].texts == {"en": "Do offer"}
    assert {one.id: one.weight for one in found.criteria} == {"size": 1, "fit": 2, "growth": 1}
    growth = next(one for one in found.criteria if one.id == "growth")
    assert growth.scores == {1: 3.0, 2: 9.5} and growth.text["en"] == "Growth of the segment"
    points = {point.segment: point for point in found.points}
    assert points[2].to_us == pytest.approx((points[2].scores["size"] + 9.5) / 2)
    again.write(out)
    second = openpyxl.load_workbook(out / "workbook.xlsx")
    assert study.apply(out / "workbook.xlsx").changes == (
        "nothing in the workbook differs from what was decided before",
    )
    assert second["Segments"].cell(5, _place(second["Segments"], "target")).value == "yes"


def test_scores_that_cannot_be_read_name_their_cell(small_study: Path) -> None:
    study = persona.Study.load(extended(small_study))
    out = study.folder / "out"
    study.run().write(out)
    book = openpyxl.load_workbook(out / "workbook.xlsx")
    sheet = book["Criteria"]
    line = next(row[0].row for row in sheet.iter_rows(min_row=5) if row[0].value == "fit")
    sheet.cell(line, _place(sheet, "score:1"), 11)
    sheet.cell(line, _place(sheet, "weight"), "much")
    own = next(row[0].row for row in sheet.iter_rows(min_row=5) if row[0].value == "own_us_1")
    sheet.cell(own, _place(sheet, "weight"), 1)
    book.save(out / "workbook.xlsx")
    with pytest.raises(PersonaError) as caught:
        study.apply(out / "workbook.xlsx")
    found = {(problem.code, problem.column) for problem in caught.value.problems}
    assert found == {
        ("decisions.number", "score:1"),
        ("decisions.number", "weight"),
        ("decisions.criterion_name", "text"),
    }
    assert {problem.row for problem in caught.value.problems} == {line, own}


@pytest.mark.parametrize(
    ("keys", "code", "remedy"),
    [
        ("value: {revenue: spnt}\n", "study.unknown_question", "spent"),
        ("banners: [segments, sx]\n", "study.unknown_question", "sex"),
        ("needs: [[imp_fresh, sat_frsh]]\n", "study.unknown_question", "sat_fresh"),
        ("segmentations: [demografy]\n", "basis.preset", "demographic"),
        ("segmentations: [firmography]\n", "basis.not_asked", ""),
        ("segmentations: [value, value]\n", "study.twice", ""),
        ("evidence: {price: [plces]}\n", "study.unknown_question", "places"),
    ],
)
def test_keys_that_name_nothing_are_found_when_checked(
    small_study: Path, keys: str, code: str, remedy: str
) -> None:
    problems = check_file(extended(small_study, keys))
    problem = next(p for p in problems if p.code == code)
    assert problem.line is not None and remedy in str(problem.remedy)


def test_every_preset_at_once(small_study: Path) -> None:
    found = persona.Study.load(extended(small_study, "segmentations: all\n")).run()
    runs = {run.id: run for run in found.targeting.bases}
    assert list(runs) == [
        "segments", "demographic", "psychographic", "needs", "behavioural", "value",
    ]  # fmt: skip


def test_a_basis_that_cannot_be_run_is_left_out_and_said(small_study: Path) -> None:
    keys = "segmentations: [value, {id: words, basis: comment, k: 2}]\n"
    found = persona.Study.load(extended(small_study, keys)).run()
    assert [run.id for run in found.targeting.bases] == ["segments", "value"]
    problem = next(p for p in found.problems if p.code == "bases.left_out")
    assert problem.values["name"] == "words" and "cannot be counted" in str(
        problem.values["reason"]
    )


def test_targets_and_scores_of_segments_that_are_gone_are_said(small_study: Path) -> None:
    keys = "targets: [7]\ncriteria: [{id: fit, axis: us, scores: {9: 3}}]\n"
    found = persona.Study.load(extended(small_study, keys)).run()
    gone = [p.values["key"] for p in found.problems if p.code == "targets.no_segment"]
    assert gone == ["targets", "criteria"]
    assert found.targeting.targets == ()


def test_choosing_targets_leaves_the_segments_what_they_are(small_study: Path) -> None:
    plain = persona.Study.load(small_study).run().fingerprint
    study = small_study / "study.yaml"
    text = "targets: [1]\nbanners: [sex]\ncriteria: [{id: size, measured: size}]\n"
    study.write_text(study.read_text("utf-8") + text, encoding="utf-8")
    assert persona.Study.load(small_study).run().fingerprint == plain
