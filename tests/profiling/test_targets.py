"""Value, opportunity, scorecard, attractiveness, strategy, the eight questions, several bases."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.errors import AnalysisError, DataError, StudyError
from persona.profiling import personas, profile
from persona.profiling.attractiveness import Criterion, attractiveness
from persona.profiling.bases import PRESETS, adjusted_rand, compare_bases, preset_basis
from persona.profiling.eight_questions import eight_questions
from persona.profiling.opportunity import opportunities
from persona.profiling.scorecard import scorecards
from persona.profiling.strategy import FIELDS, strategy_sheets
from persona.profiling.worth import value_analysis


def test_segments_and_customers_are_ranked(cafe: Any) -> None:
    found = value_analysis(cafe.responses, cafe.segmentation)
    assert found.revenue == ("spend",) and found.ranked_by == "revenue"
    assert found.segments[0].segment == 2
    assert [one.rank for one in found.segments] == [1, 2, 3]
    spend = cafe.responses.asked["spend"]
    best = spend.sort_values(ascending=False)
    assert list(found.customers.index[:5]) == list(best.index[:5])
    assert found.customers["cumulative"].iloc[-1] == pytest.approx(1.0)
    assert found.base == spend.notna().sum()
    assert found.warnings[0].values["count"] == spend.isna().sum()


def test_pareto_curve_and_the_best_fifth(cafe: Any) -> None:
    found = value_analysis(cafe.responses, cafe.segmentation)
    heights = [point.value for point in found.pareto]
    assert heights[0] == 0.0 and heights[-1] == pytest.approx(1.0)
    assert np.all(np.diff(heights) >= -1e-12) and np.all(np.diff(heights, 2) <= 1e-9)
    spend = cafe.responses.asked["spend"].dropna().sort_values(ascending=False)
    at = round(0.2 * len(spend))
    assert found.best_share == pytest.approx(spend.iloc[:at].sum() / spend.sum(), abs=0.003)
    assert found.pareto[20].value == pytest.approx(found.best_share, abs=1e-9)
    ordered = np.sort(spend)
    n = len(ordered)
    gini = (2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum())
    assert found.gini == pytest.approx(gini)
    assert sum(one.of_best for one in found.segments) == pytest.approx(1.0)
    assert found.best_statements[0].evidence.variable in ("taste", "age", "nps")
    assert not any(one.evidence.variable == "spend" for one in found.best_statements)


def test_everybody_alike_gives_a_straight_curve(make: Any) -> None:
    made = make()
    made.responses.asked["spend"] = 7.0
    found = value_analysis(made.responses, made.segmentation)
    assert found.gini == pytest.approx(0.0, abs=1e-12)
    assert found.best_share == pytest.approx(0.2)
    assert found.warnings == ()


def test_margin_ranks_before_revenue_and_sums_are_taken(make: Any) -> None:
    made = make(weighted=True)
    found = value_analysis(
        made.responses, made.segmentation, revenue="spend", margin=["age", "nps"], potential="age"
    )
    assert found.ranked_by == "margin"
    asked, inside = made.responses.asked, made.segmentation.labels == 1
    w = made.responses.weights
    first = next(one for one in found.segments if one.segment == 1)
    both = asked["age"] + asked["nps"]
    known = inside & both.notna()
    assert first.margin.mean == pytest.approx((both * w)[known].sum() / w[known].sum())
    assert first.margin.text["pl"] == "Wiek + Polecisz?"
    had = inside & asked["spend"].notna() & asked["age"].notna()
    ratio = (asked["spend"] * w)[had].sum() / (asked["age"] * w)[had].sum()
    assert first.realised == pytest.approx(ratio)


def test_value_that_cannot_be_ranked(make: Any) -> None:
    with pytest.raises(AnalysisError) as caught:
        made = make(drop=("spend",))
        value_analysis(made.responses, made.segmentation)
    assert caught.value.problems[0].code == "value.not_asked"
    made = make()
    with pytest.raises(DataError):
        value_analysis(made.responses, made.segmentation, revenue="spent")
    with pytest.raises(DataError):
        value_analysis(made.responses, made.segmentation, revenue="town")
    made.responses.asked["spend"] = -1.0
    with pytest.raises(AnalysisError) as caught:
        value_analysis(made.responses, made.segmentation)
    assert caught.value.problems[0].code == "value.nothing"


def test_negative_values_are_told(make: Any) -> None:
    made = make()
    made.responses.asked.iloc[0, made.responses.asked.columns.get_loc("spend")] = -50.0
    found = value_analysis(made.responses, made.segmentation)
    assert "value.negative" in {problem.code for problem in found.warnings}


def test_opportunity_is_importance_plus_gap(cafe: Any) -> None:
    needs = opportunities(cafe.responses, cafe.segmentation, [("price", "taste")])
    asked, inside = cafe.responses.asked, cafe.segmentation.labels == 1
    importance = 10 * (asked["price"] >= 4)[inside].mean()
    satisfaction = 10 * (asked["taste"] >= 4)[inside].mean()
    cell = needs[0].cells[0]
    assert cell.importance == pytest.approx(importance)
    assert cell.satisfaction == pytest.approx(satisfaction)
    assert cell.opportunity == pytest.approx(2 * importance - satisfaction)
    assert cell.low < cell.opportunity < cell.high
    other = needs[0].cells[1]
    assert other.importance < other.satisfaction
    assert other.opportunity == pytest.approx(other.importance)
    assert opportunities(cafe.responses, cafe.segmentation) == ()
    with pytest.raises(DataError):
        opportunities(cafe.responses, cafe.segmentation, [("price", "age")])


def _all(made: Any) -> tuple[Any, Any, Any]:
    table = profile(made.responses, made.segmentation)
    drawn = personas(made.responses, made.segmentation, table)
    return table, drawn, value_analysis(made.responses, made.segmentation)


def test_scorecard_has_a_number_behind_each_test(cafe: Any) -> None:
    table, drawn, value = _all(cafe)
    cards = scorecards(
        table, drawn, value, typing={1: 0.9, 2: 0.6}, typing_chance=0.4, costs={3: 1000.0}
    )
    tests = [{test.test: test for test in card.tests} for card in cards]
    assert tests[0]["recognisable"].outcome == "pass"
    assert tests[1]["recognisable"].outcome == "fail"
    assert tests[2]["recognisable"].outcome == "not_asked"
    assert tests[0]["recognisable"].beside == 0.4
    assert tests[0]["reachable"].text["en"] == "Shop" and tests[0]["reachable"].value > 80
    assert tests[1]["reachable"].outcome == "fail"
    assert tests[0]["stable"].value == 0.9 and tests[0]["large"].beside == table.segments[0].share
    assert tests[2]["valuable"].outcome == "fail" and tests[2]["valuable"].value < 0
    assert [card.out for card in cards] == [False, False, True]
    assert all(card.passed + card.failed <= 7 for card in cards)


def test_scorecard_without_value_or_channels(make: Any) -> None:
    made = make(drop=("spend", "where"))
    table = profile(made.responses, made.segmentation)
    drawn = personas(made.responses, made.segmentation, table)
    for card in scorecards(table, drawn):
        outcomes = {test.test: test.outcome for test in card.tests}
        assert outcomes["valuable"] == outcomes["reachable"] == "not_asked"
        assert not card.out


def test_attractiveness_is_a_weighted_mean(cafe: Any) -> None:
    table, _, value = _all(cafe)
    criteria = [
        Criterion("size", {"en": "Size"}, "segment", 1.0, {}, "size"),
        Criterion("growth", {"en": "Growth"}, "segment", 3.0, {1: 2, 2: 8, 3: 5}),
        Criterion("fit", {"en": "Fit"}, "us", 2.0, {1: 4, 2: 9}),
        Criterion("worth", {"en": "Worth"}, "us", 0.0, {}, "revenue"),
    ]
    points = attractiveness(criteria, table.segments, value)
    largest = max(size.share for size in table.segments)
    second = table.segments[1].share / largest * 10
    assert points[1].to_us == pytest.approx((second + 3 * 8) / 4)
    assert points[1].of_us == 9 and points[1].scores["worth"] == 10.0
    assert points[2].of_us is None and points[2].missing == ("fit",)
    assert points[0].size == table.segments[0].share and 0 < points[0].value < 1


def test_criteria_with_faults_are_told_all_at_once(cafe: Any) -> None:
    table, _, _ = _all(cafe)
    wrong = [
        Criterion("a", {}, "segment", -1.0, {1: 11, 9: 3}),
        Criterion("b", {}, "us", 0.0, {1: 5}),
    ]
    with pytest.raises(StudyError) as caught:
        attractiveness(wrong, table.segments)
    assert [problem.code for problem in caught.value.problems] == [
        "criterion.weight",
        "criterion.score",
        "criterion.segment",
        "criterion.weights",
    ]


def test_strategy_sheets_put_evidence_beside_empty_cells(cafe: Any) -> None:
    table, _, _ = _all(cafe)
    needs = opportunities(cafe.responses, cafe.segmentation, [("price", "taste")])
    sheets = strategy_sheets(
        table,
        cafe.responses.questionnaire,
        targets=[1],
        texts={1: {"offer": {"en": "A cheap cup"}, "price": {"en": " "}}},
        needs=needs,
        evidence={"price": ["needs"]},
    )
    first = {cell.field: cell for cell in sheets[0].fields}
    assert tuple(first) == FIELDS
    assert first["offer"].texts == {"en": "A cheap cup"}
    assert first["offer"].unmet[0].need == "price"
    assert first["channels"].statements[0].evidence.variable == "where_1"
    assert first["retention"].statements[0].evidence.question == "nps"
    assert first["price"].statements[0].evidence.variable == "price"
    assert sheets[0].missing == ("message", "price", "channels", "retention", "expansion")
    assert sheets[0].warnings[0].code == "strategy.missing"
    assert sheets[1].missing == () and not sheets[1].target


def test_eight_questions_from_data(cafe: Any) -> None:
    table, drawn, value = _all(cafe)
    answers = {
        answer.question: answer
        for answer in eight_questions(cafe.responses, cafe.segmentation, table, drawn, value)
    }
    assert len(answers) == 8
    assert len(answers["groups"].personas) == 3
    assert answers["earners"].earners[0].segment == 2
    assert answers["needs"].statements[1][0].evidence.variable == "price"
    assert not answers["appeals"].asked and not answers["relief"].asked
    assert answers["improvement"].quotes[1]
    assert answers["channels"].uses[3][0].variable == "where_2"
    success = {one.variable: one for one in answers["channel_success"].success}
    asked = cafe.responses.asked
    users = asked["where_2"] == 1
    assert success["where_2"].value == pytest.approx(asked.loc[users, "spend"].mean())
    assert success["where_2"].users == users.sum()
    assert -100 <= success["where_1"].nps <= 100


def test_eight_questions_say_not_asked(make: Any) -> None:
    made = make(drop=("spend", "where", "nps", "wish"))
    table = profile(made.responses, made.segmentation)
    drawn = personas(made.responses, made.segmentation, table)
    asked = {
        answer.question: answer.asked
        for answer in eight_questions(made.responses, made.segmentation, table, drawn)
    }
    assert [name for name, was in asked.items() if was] == ["groups", "needs"]


def test_presets_choose_questions_by_kind(cafe: Any) -> None:
    questionnaire = cafe.responses.questionnaire
    assert preset_basis(questionnaire, "needs") == ("needs",)
    assert preset_basis(questionnaire, "demographic") == ("sex", "age")
    assert preset_basis(questionnaire, "behavioural") == ("where", "nps")
    with pytest.raises(StudyError) as caught:
        preset_basis(questionnaire, "demografic")
    assert "demographic" in str(caught.value.problems[0].remedy)
    with pytest.raises(StudyError) as caught:
        preset_basis(questionnaire, "firmographic")
    assert caught.value.problems[0].code == "basis.not_asked"
    assert "psychographic" in PRESETS


@pytest.mark.parametrize("weighted", [False, True])
def test_bases_are_crossed_and_ranked(make: Any, weighted: bool) -> None:
    made = make(weighted=weighted)
    index = made.responses.asked.index
    draw = np.random.default_rng(0)
    chance = SimpleNamespace(labels=pd.Series(draw.integers(1, 4, len(index)), index=index), k=3)
    found = compare_bases(
        made.responses, {"needs": made.segmentation, "chance": chance}, {"needs": ["needs"]}
    )
    crossing = found.crossings[0]
    assert abs(crossing.rand) < 0.03 and crossing.p_value > 0.001
    assert crossing.counts.to_numpy().sum() == pytest.approx(made.responses.weights.sum())
    assert [name for name, _ in found.by_value] == ["needs", "chance"]
    assert found.by_value[0][1] > 0.2 > found.by_value[1][1]
    assert dict(found.by_needs)["needs"] is None and found.by_needs[0][0] == "chance"
    assert {one.variable for one in found.explained if one.circular} == {"price", "taste", "speed"}
    same = compare_bases(made.responses, {"a": made.segmentation, "b": made.segmentation})
    assert same.crossings[0].rand == 1.0 and same.crossings[0].cramers_v == pytest.approx(1.0)
    with pytest.raises(AnalysisError):
        compare_bases(made.responses, {})


def test_explained_share_is_eta_squared_corrected(cafe: Any) -> None:
    from scipy.stats import f_oneway

    found = compare_bases(cafe.responses, {"s": cafe.segmentation})
    one = next(e for e in found.explained if e.variable == "spend")
    spend, labels = cafe.responses.asked["spend"], cafe.segmentation.labels
    parts = [spend[(labels == number) & spend.notna()] for number in (1, 2, 3)]
    f, n = f_oneway(*parts).statistic, sum(map(len, parts))
    eta = 2 * f / (2 * f + n - 3)
    assert one.eta_squared == pytest.approx(eta)
    assert one.share == pytest.approx(1 - (1 - eta) * (n - 1) / (n - 3))


def test_adjusted_rand_of_the_textbook() -> None:
    """The example worked out by Yeung and Ruzzo (2001): 0.313."""
    table = np.array([[1.0, 1.0, 0.0], [1.0, 2.0, 1.0], [0.0, 0.0, 4.0]])
    assert adjusted_rand(table) == pytest.approx(0.313, abs=5e-4)
