"""Bases, weights and numbers that cannot be used get words, not a traceback."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona.errors import AnalysisError
from persona.segmentation import segment

LIGHT = {"pairs": 4, "null_draws": 2}
FRAME = pd.DataFrame(np.random.default_rng(0).normal(size=(40, 3)), columns=list("abc"))


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ([-1.0] + [1.0] * 39, "segments.weights"),
        ([np.inf] + [1.0] * 39, "segments.weights"),
        ([np.nan] + [1.0] * 39, "segments.weights"),
        (["heavy"] + [1.0] * 39, "segments.weights"),
        ([0.0] * 40, "segments.weights_zero"),
        ([1.0] * 39, "segments.weights_length"),
        ("w", "segments.weight_column"),
    ],
)
def test_weights(weights: object, code: str) -> None:
    with pytest.raises(AnalysisError) as raised:
        segment(FRAME, weights=weights, **LIGHT)  # type: ignore[arg-type]
    assert raised.value.problems[0].code == code


def test_zero_weights_do_not_count_but_are_assigned() -> None:
    frame = pd.concat([FRAME, FRAME + 50], ignore_index=True)
    weights = [1.0] * 40 + [0.0] * 40
    result = segment(frame, k=2, method="kmeans", weights=weights, **LIGHT)
    assert result.labels.notna().all()
    assert result.n_weighted == 40


@pytest.mark.parametrize("weight", [0.001, 1000.0])
def test_one_weight_of_a_thousand_times_the_mean(weight: float) -> None:
    result = segment(FRAME, k=2, weights=[weight] + [1.0] * 39, **LIGHT)
    assert result.sizes["n_weighted"].sum() == pytest.approx(weight + 39)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (pd.DataFrame(), "segments.empty"),
        (FRAME.head(0), "segments.empty"),
        (FRAME * np.nan, "segments.no_variation"),
        (pd.DataFrame({"a": [1] * 9}), "segments.no_variation"),
        (FRAME.replace(FRAME.iloc[0, 0], np.inf), "segments.infinite"),
        (pd.DataFrame({"a": [f"text {i}" for i in range(99)]}), "segments.text"),
        (FRAME.set_axis(["a", "a", "b"], axis=1), "segments.duplicates"),
    ],
)
def test_frames(frame: pd.DataFrame, code: str) -> None:
    with pytest.raises(AnalysisError) as raised:
        segment(frame, **LIGHT)
    assert code in [problem.code for problem in raised.value.problems]
    assert all("{" not in problem.message for problem in raised.value.problems)


def test_seeds() -> None:
    assert segment(FRAME, k=2, seed=2**60, **LIGHT).k == 2
    for seed in (-1, None, 1.5):
        with pytest.raises(AnalysisError):
            segment(FRAME, k=2, seed=seed, **LIGHT)  # type: ignore[arg-type]


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_very_few_respondents(n: int) -> None:
    frame = FRAME.head(n)
    if n == 1:
        with pytest.raises(AnalysisError):
            segment(frame, **LIGHT)
        return
    assert segment(frame, **LIGHT).k == 1
    assert segment(frame, k=2, method="kmeans", **LIGHT).sizes["n"].sum() == n


@pytest.mark.parametrize("covariance", ["common", "own", "diagonal"])
@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": [1.5, 2.5], "b": [3.0, 3.5], "c": [4.0, 1.0]}),
        pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [0.0, 2.0, 4.0], "c": [0.0, -1.0, -2.0]}),
        pd.DataFrame({"a": [0.0, 1.0] * 30, "b": [1.0, 0.0] * 30}),
        pd.DataFrame({"a": np.arange(50.0), "b": 2 * np.arange(50.0)}),
        pd.DataFrame(FRAME.to_numpy()[:3] * [1e150, 1e-150, 1], columns=list("abc")),
    ],
    ids=["two", "three on a line", "two patterns", "collinear", "far scales"],
)
def test_mixture_where_no_covariance_can_be_told(frame: pd.DataFrame, covariance: str) -> None:
    result = segment(frame, k=2, method="mixture", covariance=covariance, pairs=0, null_draws=1)
    assert result.labels.isin([1, 2]).all()
    assert result.probabilities.sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_as_many_segments_as_respondents() -> None:
    frame = FRAME.head(8)
    assert segment(frame, k=8, method="kmeans", **LIGHT).sizes["n"].tolist() == [1] * 8


def test_two_identical_items_and_items_that_sum_to_a_constant() -> None:
    frame = FRAME.assign(d=FRAME["a"], e=100 - FRAME["a"] - FRAME["b"])
    result = segment(frame, k=2, **LIGHT)
    assert result.k == 2
    assert "segments.twins" in [problem.code for problem in result.warnings]


def test_sixty_percent_missing() -> None:
    draw = np.random.default_rng(1)
    frame = pd.DataFrame(draw.normal(size=(200, 6)), columns=list("abcdef"))
    frame = frame.mask(draw.random(frame.shape) < 0.6)
    result = segment(frame, k=2, **LIGHT)
    assert len(result.unassignable) == result.labels.isna().sum() > 0
    assert set(result.unassignable["reason"]) <= {
        "no basis answered",
        "67% of the bases unanswered",
        "83% of the bases unanswered",
    }
