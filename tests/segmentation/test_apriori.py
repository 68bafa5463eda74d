"""Segments made by a rule."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona.errors import AnalysisError
from persona.segmentation import segment
from persona.segmentation.rules import holds


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
    assert result.unassignable.index.tolist() == [4]
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
