"""Segments made by a rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.errors import AnalysisError
from persona.segmentation import segment
from persona.segmentation.rules import UNDECIDED, decided, holds


def test_conditions_are_read_in_order() -> None:
    frame = pd.DataFrame(
        {
            "visits": [12, 3, 0, 7, None],
            "region": pd.Categorical(["north", "east", "south", "north", "east"]),
        }
    )
    rules = {"heavy": "visits >= 10", "near": "region in ['north', 'east'] and not visits == 0"}
    result = segment(frame, method="rule", rules=rules)
    named = result.labels.map(result.names, na_action="ignore")
    assert named.iloc[:4].tolist() == ["heavy", "near", "others", "near"]
    assert result.unassignable["reason"].to_dict() == {4: UNDECIDED}
    assert result.verdict.word == "given"


@pytest.mark.parametrize(
    "condition",
    [
        "visits >=",
        "__import__('os').system('true')",
        "visit > 3",
        "visits.values > 3",
        "3 > 2",
        "visits > 'many'",
        "[x for x in visits]",
    ],
)
def test_what_is_no_condition_is_refused(condition: str) -> None:
    with pytest.raises(AnalysisError) as raised:
        holds(condition, {"visits": pd.Series([1.0, 2.0])})
    assert raised.value.problems[0].code == "segments.rule"


def test_bands_of_equal_weight_and_given_edges() -> None:
    frame = pd.DataFrame({"age": np.arange(20, 60, dtype=float)})
    assert segment(frame, method="bands", bands=4).sizes["n"].tolist() == [11, 10, 10, 9]
    given = segment(frame, method="bands", edges=[30, 45])
    assert set(given.names.values()) == {"age under 30", "age 30 to under 45", "age from 45"}
    with pytest.raises(AnalysisError):
        segment(frame, method="bands", edges=[45, 30])


def test_abc_by_hand() -> None:
    frame = pd.DataFrame({"revenue": [60.0, 25.0, 8.0, 4.0, 2.0, 1.0]})
    result = segment(frame, method="abc")
    assert result.labels.map(result.names).tolist() == ["A", "A", "B", "B", "C", "C"]


def test_recency_frequency_money() -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "recency": draw.integers(1, 400, 300),
            "frequency": draw.poisson(4, 300) + 1,
            "money": draw.lognormal(4, 1, 300),
        }
    ).astype(float)
    frame.loc[0] = [1, 20, 5000]
    frame.loc[1] = [399, 1, 1]
    result = segment(frame, method="rfm")
    named = result.labels.map(result.names)
    assert (named[0], named[1]) == ("champions", "lapsed")
    assert result.sizes["n"].sum() == 300
    again = result.assign(frame)
    assert (again.labels == result.labels).all()


def test_an_unknown_method_is_named_with_the_nearest() -> None:
    with pytest.raises(Exception, match="kmeans"):
        segment(pd.DataFrame({"a": [1, 2, 3]}), method="kmean")


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ("a > 1", [False, True, False], [True, False, False]),
        ("not a > 1", [True, False, False], [False, True, False]),
        ("a > 1 or b == 'x'", [True, True, True], [False, False, False]),
        ("a > 1 and b == 'x'", [False, False, False], [True, True, False]),
        ("a > 1 and b == 'z'", [False, False, False], [True, True, True]),
        ("1 < a <= 2", [False, True, False], [True, False, False]),
        ("a not in [1]", [False, True, False], [True, False, False]),
        ("answered(a)", [True, True, False], [False, False, True]),
        ("not answered(a) and b == 'x'", [False, False, True], [True, True, False]),
    ],
)
def test_what_a_missing_answer_leaves_open(condition: str, yes: list[bool], no: list[bool]) -> None:
    answers = {"a": pd.Series([1.0, 2.0, None]), "b": pd.Series(["x", "y", "x"])}
    found = decided(condition, answers)
    assert found.yes.tolist() == yes
    assert found.no.tolist() == no


def test_a_rule_needs_the_answers_that_decide_and_no_others() -> None:
    """Who satisfies a rule whatever the missing answer is, is in; who might, is not."""
    frame = pd.DataFrame({"visits": [12.0, 1.0, None, None], "spend": [None, 5.0, 900.0, 5.0]})
    result = segment(frame, method="rule", rules={"heavy": "visits >= 10 or spend > 100"})
    assert result.labels.map(result.names, na_action="ignore").tolist()[:3] == [
        "heavy",
        "others",
        "heavy",
    ]
    assert result.unassignable.index.tolist() == [3]
    assert "segments.undecided" in {problem.code for problem in result.warnings}
    assert result.n == 3 and result.sizes["n"].sum() == 3


def test_a_rule_may_ask_for_what_is_the_same_for_everybody_or_empty() -> None:
    frame = pd.DataFrame({"visits": [1.0, 20.0, 3.0], "vip": [1, 1, 1], "never": [np.nan] * 3})
    rules = {"known": "vip == 1 and visits > 2", "never": "never == 1"}
    result = segment(frame, method="rule", rules=rules)
    assert result.labels.map(result.names, na_action="ignore").tolist()[1:] == ["known", "known"]
    with pytest.raises(AnalysisError, match="puts nobody"):
        segment(frame, method="rule", rules={"never": "never == 1"})


def test_new_respondents_are_placed_by_the_rule_and_not_by_the_answers_met_before() -> None:
    frame = pd.DataFrame({"visits": [1.0, 2.0, 12.0, 3.0]})
    result = segment(frame, method="rule", rules={"heavy": "visits >= 10"})
    new = result.assign(pd.DataFrame({"visits": [40.0, 7.0, None]}))
    assert new.labels.map(result.names, na_action="ignore").tolist()[:2] == ["heavy", "others"]
    assert new.unassignable.index.tolist() == [2]


def test_a_segment_that_is_empty_after_weighting_is_named_and_left_out() -> None:
    frame = pd.DataFrame({"visits": [1.0, 2.0, 12.0, 3.0]})
    rules = {"heavy": "visits >= 10"}
    result = segment(frame, method="rule", rules=rules, weights=[1, 1, 0, 1])
    assert list(result.names.values()) == ["others"]
    assert "heavy" in str(next(p for p in result.warnings if p.code == "segments.empty_rule"))
    assert "nobody with a weight" in result.unassignable.loc[2, "reason"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"method": "bands", "bands": 1}, "segments.bands"),
        ({"method": "bands", "bands": "four"}, "segments.bands"),
        ({"method": "bands", "edges": "low"}, "segments.edges"),
        ({"method": "abc", "shares": (0.9, 0.5)}, "segments.shares"),
        ({"method": "abc", "shares": 3}, "segments.shares"),
        ({"method": "abc", "column": "other"}, "segments.rule_column"),
        ({"method": "rule"}, "segments.rules_missing"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], code: str) -> None:
    with pytest.raises(AnalysisError) as raised:
        segment(pd.DataFrame({"value": [1.0, 2.0, 3.0]}), **options)
    assert raised.value.problems[0].code == code


def test_the_limits_of_bands_and_classes_are_told() -> None:
    frame = pd.DataFrame({"revenue": [60.0, 25.0, 8.0, 4.0, 2.0, None]})
    bands = segment(frame, method="bands", edges=[5, 20])
    low = bands.tables["limits"].set_index("segment")["low"]
    assert {bands.names[n]: low[n] for n in bands.names if low[n] == low[n]} == {
        "revenue 5 to under 20": 5.0,
        "revenue from 20": 20.0,
    }
    classes = segment(frame, method="abc")
    low = classes.tables["limits"].set_index("name")["low"]
    assert (low["A"], low["B"]) == (25.0, 4.0)
    assert classes.unassignable.index.tolist() == [5]
