"""Items that cannot be analysed: a message that names them, or a right answer with a warning."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.analysis import (
    alpha,
    bartlett,
    factor_analysis,
    kmo,
    omega,
    parallel_analysis,
    polychoric,
)
from persona.errors import AnalysisError


def answers(n: int = 200, items: int = 6, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    common = np.repeat(rng.standard_normal((n, 2)), items // 2, axis=1)
    values = (common + rng.standard_normal((n, items))).round().clip(-2, 2)
    return pd.DataFrame(values, columns=[f"q{item + 1}" for item in range(items)])


EVERYTHING = (factor_analysis, parallel_analysis, polychoric, kmo, bartlett, alpha, omega)


def codes(failure: pytest.ExceptionInfo[AnalysisError]) -> set[str]:
    return {problem.code for problem in failure.value.problems}


def assert_whole(result: Any) -> None:
    """No NaN anywhere in a factor solution."""
    for name in ("loadings", "structure", "phi", "scores", "variance"):
        assert np.isfinite(getattr(result, name).to_numpy()).all(), name
    for name in ("communalities", "uniquenesses", "eigenvalues", "determinacy"):
        assert np.isfinite(getattr(result, name).to_numpy()).all(), name
    figures = [value for value in vars(result.fit).values() if value is not None]
    assert np.isfinite(np.array(figures, dtype=float)).all()


@pytest.mark.parametrize("function", EVERYTHING)
def test_a_constant_item_is_named(function: Any) -> None:
    with pytest.raises(AnalysisError, match="Everyone gave the same answer to 'q3'") as failure:
        function(answers().assign(q3=4))
    assert codes(failure) == {"items.constant"}


@pytest.mark.parametrize("function", EVERYTHING)
def test_an_item_nobody_answered_is_named(function: Any) -> None:
    with pytest.raises(AnalysisError, match="Nobody answered the item 'q2'"):
        function(answers().assign(q2=np.nan))


def test_a_copied_item_is_named_with_the_one_it_copies() -> None:
    frame = answers()
    with pytest.raises(AnalysisError, match="'q6' has the same answers as 'q1'") as failure:
        factor_analysis(frame.assign(q6=frame["q1"]))
    assert codes(failure) == {"items.copy"}


def test_every_bad_item_is_named_at_once() -> None:
    frame = answers().assign(q1=1, q2=2)
    with pytest.raises(AnalysisError) as failure:
        factor_analysis(frame)
    assert [problem.column for problem in failure.value.problems] == ["q1", "q2"]


def test_bad_items_can_be_left_out_and_are_named() -> None:
    frame = answers()
    found = factor_analysis(frame.assign(q9=1, q8=frame["q1"]), 1, unusable="drop", draws=5)
    assert list(found.loadings.index) == list(frame.columns)
    said = next(problem for problem in found.warnings if problem.code == "items.left_out")
    assert "q9" in said.message and "q8" in said.message
    assert_whole(found)


def test_all_answers_equal() -> None:
    frame = pd.DataFrame(3, index=range(50), columns=["a", "b", "c"])
    with pytest.raises(AnalysisError) as failure:
        factor_analysis(frame)
    assert len(failure.value.problems) == 3


def test_fewer_respondents_than_items() -> None:
    frame = answers(n=5)
    with pytest.raises(AnalysisError, match="5 respondents for 6 items"):
        factor_analysis(frame)
    assert_whole(factor_analysis(frame, 1, "pearson", allow_few=True, draws=5))


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_two_respondents_are_too_few(rows: int) -> None:
    with pytest.raises(AnalysisError):
        factor_analysis(answers().iloc[:rows])


def test_too_few_items() -> None:
    with pytest.raises(AnalysisError, match="2 usable items are too few"):
        factor_analysis(answers()[["q1", "q2"]])
    with pytest.raises(AnalysisError, match="1 usable items"):
        alpha(answers()[["q1"]])


@pytest.mark.parametrize("count", [0, 4, 6, 7, -1, 2.5, None, float("nan")])
def test_more_factors_than_items_allow(count: int) -> None:
    with pytest.raises(AnalysisError, match="do not allow") as failure:
        factor_analysis(answers(), count)
    assert failure.value.problems[0].allowed == "1 to 3"


def test_items_never_answered_together() -> None:
    frame = answers()
    frame.loc[:99, "q1"] = np.nan
    frame.loc[100:, "q2"] = np.nan
    with pytest.raises(AnalysisError, match="0 respondents answered both 'q1' and 'q2'"):
        factor_analysis(frame)


def test_an_item_constant_among_those_who_answered_another() -> None:
    frame = answers()
    frame.loc[:99, "q1"] = np.nan
    frame.loc[100:, "q2"] = 1.0
    with pytest.raises(AnalysisError, match="cannot be computed"):
        factor_analysis(frame, 1, "pearson")


def test_text_is_no_number() -> None:
    with pytest.raises(AnalysisError, match="'q1' has answers that are not numbers") as failure:
        factor_analysis(answers().astype({"q1": object}).assign(q1="often"))
    assert "often" in str(failure.value)


def test_two_columns_of_one_name() -> None:
    frame = answers()
    frame.columns = ["q1", "q1", "q3", "q4", "q5", "q6"]
    with pytest.raises(AnalysisError, match="Two columns are called 'q1'"):
        factor_analysis(frame)


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        (np.zeros(200), "weights.zero"),
        (np.r_[-1, np.ones(199)], "weights.faulty"),
        (np.r_[np.nan, np.ones(199)], "weights.faulty"),
        (np.r_[np.inf, np.ones(199)], "weights.faulty"),
        (["much"] + [1] * 199, "weights.faulty"),
        (np.ones(7), "weights.length"),
    ],
)
def test_faulty_weights(weights: Any, code: str) -> None:
    for function in (factor_analysis, kmo, alpha):
        with pytest.raises(AnalysisError) as failure:
            function(answers(), weights=weights)
        assert codes(failure) == {code}


def test_a_weight_of_zero_leaves_a_respondent_out() -> None:
    frame = answers()
    weights = np.r_[np.zeros(50), np.ones(150)]
    found = factor_analysis(frame, 2, "pearson", weights=weights, draws=5)
    alone = factor_analysis(frame.iloc[50:], 2, "pearson", draws=5)
    np.testing.assert_allclose(found.loadings, alone.loadings, atol=1e-6)
    assert "items.zero_weight" in {problem.code for problem in found.warnings}
    assert len(found.scores) == 200


def test_weights_are_matched_by_their_index() -> None:
    frame = answers()
    weights = pd.Series(np.random.default_rng(1).uniform(0.5, 2, 200), index=frame.index)
    one = factor_analysis(frame, 2, "pearson", weights=weights, draws=1)
    two = factor_analysis(
        frame, 2, "pearson", weights=weights.sample(frac=1, random_state=2), draws=1
    )
    np.testing.assert_allclose(one.loadings, two.loadings, atol=1e-12)


def test_items_that_sum_to_a_constant() -> None:
    frame = answers()
    frame["q6"] = 10 - frame[["q1", "q2", "q3"]].sum(axis=1)
    found = factor_analysis(frame, 2, "pearson", draws=5)
    assert_whole(found)
    assert "correlation.singular" in {problem.code for problem in found.warnings}


def test_a_matrix_that_does_not_fit_together_is_smoothed_and_said() -> None:
    rng = np.random.default_rng(5)
    frame = answers(n=60, items=10)
    found = factor_analysis(frame.mask(rng.random(frame.shape) < 0.6), 2, "pearson", draws=5)
    assert_whole(found)
    assert found.correlation.smoothed > 0
    said = next(p for p in found.warnings if p.code == "correlation.smoothed")
    assert "largest change" in said.message


def test_a_heywood_case_is_named() -> None:
    rng = np.random.default_rng(2)
    base = rng.standard_normal(300)
    frame = pd.DataFrame(
        {
            "same": base,
            "nearly": base + 0.01 * rng.standard_normal(300),
            **{f"noise{i}": rng.standard_normal(300) for i in range(4)},
        }
    )
    found = factor_analysis(frame, 2, "pearson", draws=5)
    assert_whole(found)
    said = [problem for problem in found.warnings if problem.code == "factors.heywood"]
    assert {problem.column for problem in said} & {"same", "nearly"}
    assert found.communalities.max() <= 1.0


def test_no_factor_is_said() -> None:
    noise = pd.DataFrame(np.random.default_rng(0).integers(1, 6, (300, 6)), columns=list("abcdef"))
    found = factor_analysis(noise, correlation="pearson")
    if found.parallel.n_factors == 0:
        assert "factors.no_factor" in {problem.code for problem in found.warnings}
    assert found.n_factors >= 1
    assert "kmo.low" in {problem.code for problem in found.warnings}
    assert_whole(found)


def test_as_many_answers_as_a_pair_of_items_that_agree_perfectly() -> None:
    frame = (answers() > 0).astype(int)
    frame["q6"] = frame["q1"]
    frame.loc[0, "q6"] = 1 - frame.loc[0, "q1"]
    found = polychoric(frame)
    assert np.isfinite(found.to_numpy()).all()
    assert 0.95 < found.loc["q1", "q6"] < 1


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"n_factors": "elbow"}, "no rule"),
        ({"correlation": "kendall"}, "no correlation"),
        ({"method": "magic"}, "no method of extraction"),
        ({"rotation": "sideways"}, "no rotation"),
        ({"scores": "sum"}, "no method of scoring"),
        ({"draws": 0}, "at least one draw"),
        ({"percentile": 100}, "percentile"),
    ],
)
def test_an_unknown_option_is_named_with_those_that_exist(option: Any, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        factor_analysis(answers(), **option)


@pytest.mark.parametrize("seed", [None, -3, 2**80, 0])
def test_any_seed_is_one(seed: Any) -> None:
    first, second = (
        factor_analysis(answers(), rotation="geomin", seed=seed, draws=5) for _ in range(2)
    )
    pd.testing.assert_frame_equal(first.loadings, second.loadings, check_exact=True)
    assert_whole(first)


def test_nothing_is_changed_in_place() -> None:
    frame = answers()
    frame.iloc[0, 0] = np.nan
    before = frame.copy()
    factor_analysis(frame, 2, draws=5)
    pd.testing.assert_frame_equal(frame, before)
