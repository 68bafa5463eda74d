"""Learning a typing tool: questions, points, evidence, and what it refuses to ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.responses import Responses
from persona.typing_tool import TypingModel, TypingTool, read_tool, tool_json, type_people
from persona.typing_tool.learning import Learned, Placed, learn_tool
from persona.typing_tool.pools import TypingOptions


@pytest.fixture(scope="module")
def made(population: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Responses and segments of the planted survey."""
    table, labels = population.planted()
    return population.survey(tmp_path_factory.mktemp("planted"), table), labels


NAMES = {number: {"en": f"Kind {number}"} for number in (1, 2, 3)}


def learn(made: Any, records: tuple[str, ...] = (), seed: int = 0, **options: Any) -> Learned:
    responses, labels = made
    return learn_tool(
        responses,
        Placed(labels, NAMES, "planted", {"en": "Planted"}, ("en", "pl"), "f1"),
        ["views"],
        options=TypingOptions(**options),
        records=records,
        seed=seed,
    )


def tool_of(learned: Learned) -> TypingTool:
    assert learned.tool is not None
    return learned.tool


def codes(learned: Learned) -> list[str]:
    return [problem.code for problem in learned.warnings]


def test_planted_segments_are_found_by_the_items_that_made_them(made: Any) -> None:
    learned = learn(made)
    tool = tool_of(learned)
    assert 5 <= len(tool.golden.questions) <= 8 and tool.evidence.accuracy > 0.9
    assert set(tool.golden.variables[:3]) <= {f"item_{n}" for n in range(1, 7)}
    assert len({(int(name[-1]) - 1) // 2 for name in tool.golden.variables[:3]}) == 3
    assert [one.name for one in tool.golden.segments] == [NAMES[n] for n in (1, 2, 3)]
    assert [one.share for one in tool.golden.segments] == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    assert learned.warnings == () and tool.study == "planted" and tool.fingerprint == "f1"
    assert len(tool.answers_sha256) == 64


def test_the_curve_is_honest_and_ends_where_every_question_does(made: Any) -> None:
    tool = tool_of(learn(made))
    curve = tool.evidence.curve
    assert [point.questions for point in curve] == list(range(1, 9))
    assert curve[0].accuracy < curve[2].accuracy < 1
    assert all(point.lower < point.accuracy < point.upper for point in curve)
    own = curve[len(tool.golden.questions) - 1]
    assert (own.accuracy, own.kappa) == (tool.evidence.accuracy, tool.evidence.kappa)
    assert curve[-1].accuracy == pytest.approx(tool.complete_evidence.accuracy, abs=0.02)
    assert tool.complete_evidence.curve[0].questions == 8 == len(tool.complete.questions)
    assert tool.evidence.chance == pytest.approx(1 / 4 + 1 / 9 + 1 / 36)
    assert tool.evidence.largest == pytest.approx(1 / 2)


def test_random_segments_are_not_told(made: Any) -> None:
    responses, labels = made
    mixed = pd.Series(np.random.default_rng(4).permutation(labels), index=labels.index)
    learned = learn((responses, mixed))
    tool = tool_of(learned)
    assert tool.evidence.accuracy < 0.55 and abs(tool.evidence.kappa) < 0.12
    assert "typing.poor" in codes(learned)


def test_evidence_adds_up(made: Any) -> None:
    evidence = tool_of(learn(made)).evidence
    confusion = np.array(evidence.confusion)
    assert confusion.sum() == pytest.approx(evidence.base) and evidence.base == 240
    assert np.trace(confusion) / confusion.sum() == pytest.approx(evidence.accuracy)
    for place, part in enumerate(evidence.segments):
        assert part.recall == pytest.approx(confusion[place, place] / confusion[place].sum())
        assert part.precision == pytest.approx(confusion[place, place] / confusion[:, place].sum())
    inside, outside = evidence.right_uncertain, evidence.right_certain
    assert outside is not None and inside is not None
    shares = evidence.uncertain * inside + (1 - evidence.uncertain) * outside
    assert shares == pytest.approx(evidence.accuracy)


def right(model: TypingModel, made: Any) -> float:
    responses, labels = made
    placed = type_people(model, responses.asked)
    known = placed.labels.notna()
    return float((placed.labels[known].astype(int) == labels[known]).mean())


def test_the_delivered_points_place_people_as_measured(made: Any) -> None:
    tool = tool_of(learn(made))
    assert right(tool.golden, made) == pytest.approx(tool.evidence.accuracy, abs=0.04)
    assert right(tool.complete, made) >= tool.complete_evidence.accuracy - 0.02


def test_points_are_whole_start_at_nought_and_gaps_pull_nowhere(made: Any) -> None:
    responses, _ = made
    for question in tool_of(learn(made)).golden.questions:
        points = np.array([answer.points for answer in question.answers])
        assert points.dtype.kind == "i" and (points.min(axis=0) == 0).all()
        given = responses.asked[question.variable].dropna().astype(int).value_counts()
        shares = given.reindex([a.code for a in question.answers], fill_value=0) / given.sum()
        assert np.abs(shares.to_numpy() @ points - question.missing).max() <= 0.5 + 1e-9
        assert [code for code, _ in question.no_answer] == [9]


def test_turned_items_are_asked_as_they_are(made: Any) -> None:
    asked = {one.variable: one for one in tool_of(learn(made, pool="basis")).complete.questions}
    agree, deny = asked["item_4"], asked["item_3"]
    second = [answer.points[1] for answer in agree.answers]
    turned = [answer.points[1] for answer in deny.answers]
    assert second == sorted(second) and turned == sorted(turned, reverse=True)


def test_the_same_input_gives_the_same_bytes(made: Any, tmp_path: Path) -> None:
    first, again = tool_of(learn(made)), tool_of(learn(made))
    assert tool_json(first) == tool_json(again)
    path = tmp_path / "typing.json"
    path.write_text(tool_json(first), encoding="utf-8")
    assert read_tool(path) == first
    assert tool_of(learn(made, seed=-5)).golden.variables[:3] == first.golden.variables[:3]


def test_numbers_and_lists_of_all_questions(made: Any) -> None:
    tool = tool_of(learn(made, pool="all", include=("age", "region", "shops")))
    asked = {one.variable: one for one in tool.golden.questions}
    assert {"age", "region", "shops_web", "shops_town"} <= set(asked)
    age = asked["age"]
    assert age.cuts == tuple(sorted(age.cuts)) and len(age.bands) >= 3 and not age.answers
    assert all(float(f"{cut:.2g}") == cut for cut in age.cuts)
    assert (age.minimum, age.maximum, age.unit) == (16, 99, "years")
    assert [answer.code for answer in asked["region"].answers] == ["n", "s", "e"]
    ticked = asked["shops_web"].answers
    assert [(one.code, one.text["pl"]) for one in ticked] == [(0, "nie"), (1, "tak")]
    assert not {"number", "words", "health"} & set(asked)


def test_what_forcing_costs_is_shown(made: Any) -> None:
    learned = learn(made, include=("item_7",), exclude=("item_1", "item_2"), questions=5)
    tool = tool_of(learned)
    assert tool.golden.variables[0] == "item_7" and len(tool.golden.questions) == 5
    assert not {"item_1", "item_2"} & set(tool.golden.variables)
    costs = {cost.kind: cost for cost in tool.evidence.costs}
    assert set(costs) == {"free", "forced", "all", "complete"}
    assert costs["forced"].accuracy == tool.evidence.accuracy < costs["free"].accuracy
    assert (tool.evidence.forced_in, tool.evidence.forced_out) == (
        ("item_7",),
        ("item_1", "item_2"),
    )
    assert costs["free"].questions == 5 and costs["complete"].questions == 8


def test_records_alone(made: Any) -> None:
    records = ("age", "shops_web")
    tool = tool_of(learn(made, records, pool="records"))
    assert set(tool.golden.variables) == set(records) and tool.evidence.pool == "records"
    costs = {cost.kind: cost.accuracy for cost in tool.evidence.costs}
    assert tool.evidence.largest < costs["records"] < costs["free"] - 0.1
    beside = tool_of(learn(made, records))
    kinds = [cost.kind for cost in beside.evidence.costs]
    assert kinds == ["free", "records", "all", "complete"]


def test_questions_listed_by_the_study(made: Any) -> None:
    tool = tool_of(learn(made, pool=("item_1", "item_3", "shops"), questions=3))
    assert set(tool.golden.variables) <= {"item_1", "item_3", "shops_web", "shops_town"}
    assert tool.evidence.pool == "named"
    assert [cost.kind for cost in tool.evidence.costs] == ["free", "named", "all", "complete"]


def test_sensitive_questions_are_asked_only_by_name(made: Any) -> None:
    learned = learn(made, pool="all")
    told = next(one for one in learned.warnings if one.code == "typing.sensitive")
    assert told.values["names"] == "health"
    assert "health" not in tool_of(learned).golden.variables
    named = learn(made, pool="all", include=("health",))
    assert tool_of(named).golden.variables[0] == "health" and "typing.sensitive" not in codes(named)
    listed = tool_of(learn(made, pool=("health", "item_1")))
    assert "health" in listed.golden.variables


def test_odds_and_missing_answers_as_the_study_wishes(made: Any) -> None:
    tool = tool_of(learn(made, questions=8, uncertain_odds=4, max_missing=7))
    assert tool.golden.uncertain_below == round(10_000 * np.log(4))
    assert tool.golden.max_missing == 7
    assert tool_of(learn(made, questions=8)).golden.max_missing == 2
    assert tool_of(learn(made, questions=3, max_missing=9)).golden.max_missing == 2
    more = tool_of(learn(made, uncertain_odds=20)).evidence.uncertain
    assert more > tool_of(learn(made)).evidence.uncertain > 0


@pytest.mark.parametrize(
    ("options", "count", "code"),
    [
        ({"questions": 40}, 8, "typing.fewer"),
        ({"questions": 2, "include": ("views",)}, 8, "typing.more"),
    ],
)
def test_numbers_that_cannot_be(made: Any, options: Any, count: int, code: str) -> None:
    learned = learn(made, **options)
    assert len(tool_of(learned).golden.questions) == count and code in codes(learned)


def test_nothing_to_ask(made: Any) -> None:
    learned = learn(made, exclude=("views",))
    assert learned.tool is None and codes(learned) == ["typing.no_questions"]


def test_a_basis_that_cannot_be_asked_is_replaced_by_all_questions(made: Any) -> None:
    responses, labels = made
    learned = learn_tool(responses, Placed(labels, NAMES), ["words"])
    tool = tool_of(learned)
    assert codes(learned)[0] == "typing.from_all" and tool.evidence.pool == "all"
    assert tool.complete == tool.golden and tool.complete_evidence == tool.evidence
    assert [cost.kind for cost in tool.evidence.costs] == ["all"]
    assert tool.evidence.accuracy > 0.9


def test_answers_leave_the_line_where_that_tells_more(
    population: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second segment answers in the middle, the first at both ends."""
    table, _ = population.planted(300)
    draw = np.random.default_rng(3)
    ends = draw.random(300) < 0.5
    for name in population.ITEMS:
        table[name] = np.where(ends, draw.choice([1, 2, 4, 5], 300), draw.choice([2, 3, 4], 300))
    labels = pd.Series(np.where(ends, 1, 2), index=pd.Index(table["number"]))
    made = population.survey(tmp_path, table), labels
    bent = tool_of(learn(made))
    assert bent.evidence.coding == "categories" and bent.evidence.accuracy > 0.95
    points = [answer.points[1] for answer in bent.golden.questions[0].answers]
    assert points[2] == max(points) and min(points) in (points[0], points[4])
    monkeypatch.setattr("persona.typing_tool.validating.LARGEST_FIT", 0.0)
    straight = tool_of(learn(made))
    assert straight.evidence.coding == "linear" and straight.evidence.accuracy < 0.7


def test_one_segment(made: Any) -> None:
    responses, labels = made
    learned = learn_tool(responses, Placed(labels * 0 + 1), ["views"])
    assert learned.tool is None and codes(learned) == ["typing.one_segment"]
    nobody = learn_tool(responses, Placed(labels.iloc[:0]), ["views"])
    assert nobody.tool is None


def test_a_segment_of_two_members_is_told_apart_and_said(made: Any) -> None:
    responses, labels = made
    few = labels.replace(3, 2).copy()
    few.iloc[[0, 1]] = 3
    learned = learn((responses, few))
    tool = tool_of(learned)
    assert (
        tool.golden.k == 3
        and tool.evidence.folds == 10
        and "typing.small_segment" in codes(learned)
    )
    assert tool.evidence.segments[2].base == 2
    assert np.isfinite([point.accuracy for point in tool.evidence.curve]).all()


def test_respondents_without_a_segment_are_left_out(made: Any) -> None:
    responses, labels = made
    part = labels.astype("Int64").copy()
    part.iloc[::5] = pd.NA
    assert tool_of(learn((responses, part))).evidence.base == int(part.notna().sum())


def test_constant_and_unanswered_questions_are_not_asked(
    population: ModuleType, tmp_path: Path
) -> None:
    table, labels = population.planted(150)
    table["item_1"] = 4
    table["item_2"] = pd.NA
    table.loc[table.index[:90], "item_5"] = pd.NA
    learned = learn((population.survey(tmp_path, table), labels))
    tool = tool_of(learned)
    said = {one.code: one.values["names"] for one in learned.warnings}
    assert said["typing.constant"] == "item_1"
    assert said["typing.unanswered"] == "item_2, item_5"
    assert not {"item_1", "item_2", "item_5"} & set(tool.golden.variables)
    assert "item_5" in tool.complete.variables and "item_2" not in tool.complete.variables
    forced = learn((population.survey(tmp_path, table), labels), include=("item_5",))
    assert tool_of(forced).golden.variables[0] == "item_5"


def test_many_respondents_are_measured_on_some(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("persona.typing_tool.trial.LARGEST_SAMPLE", 150)
    learned = learn(made)
    assert tool_of(learned).evidence.base == 150 and "typing.sampled" in codes(learned)
    assert right(tool_of(learned).golden, made) > 0.9


def test_weights_count(made: Any) -> None:
    responses, labels = made
    heavy = pd.Series(np.where(labels == 3, 9.0, 1.0), index=labels.index)
    weighted: Responses = replace(responses, weights=heavy / heavy.mean(), weighted=True)
    tool = tool_of(learn((weighted, labels)))
    assert tool.golden.segments[2].share == pytest.approx(9 / 14)
    plain = tool_of(learn(made))
    assert tool.evidence.segments[2].recall >= plain.evidence.segments[2].recall
