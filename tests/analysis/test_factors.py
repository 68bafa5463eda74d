"""Factor analysis of frames: identities, invariances, options and what is said about them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.analysis import FactorSolution, factor_analysis
from persona.analysis.factor_solution import FactorSolution as Result
from persona.errors import AnalysisError


def planted(
    n: int = 400, factors: int = 3, each: int = 4, seed: int = 1, between: float = 0.3
) -> pd.DataFrame:
    """Answers on five-point scales with known factors that correlate."""
    rng = np.random.default_rng(seed)
    phi = np.full((factors, factors), between) + (1 - between) * np.eye(factors)
    common = rng.multivariate_normal(np.zeros(factors), phi, n)
    loadings = np.linspace(0.8, 0.6, each)
    latent = np.hstack([common[:, [f]] * loadings for f in range(factors)])
    latent += rng.standard_normal(latent.shape) * np.sqrt(1 - np.tile(loadings, factors) ** 2)
    answers = np.digitize(latent, [-1.5, -0.5, 0.5, 1.5]) + 1
    names = [f"{'abcdefgh'[f]}{item + 1}" for f in range(factors) for item in range(each)]
    return pd.DataFrame(answers, columns=names, index=[f"r{row}" for row in range(n)], dtype=float)


@pytest.fixture(scope="module")
def solution() -> FactorSolution:
    return factor_analysis(planted(), correlation="pearson")


def test_planted_factors_are_found(solution: FactorSolution) -> None:
    assert solution.n_factors == 3
    assert [set(factor.items) for factor in solution.made_of] == [
        {item for item in solution.loadings.index if item[0] == factor.items[0][0]}
        for factor in solution.made_of
    ]
    assert solution.converged
    assert isinstance(solution, Result)


def test_loadings_and_phi_reproduce_the_correlations(solution: FactorSolution) -> None:
    reproduced = solution.loadings @ solution.phi @ solution.loadings.T
    residual = (solution.correlation.matrix - reproduced).to_numpy() * (1 - np.eye(12))
    assert np.abs(residual).max() == pytest.approx(solution.fit.largest_residual)
    assert solution.fit.largest_residual < 0.1
    np.testing.assert_allclose(np.diag(reproduced), solution.communalities, atol=1e-9)
    np.testing.assert_allclose(solution.structure, solution.loadings @ solution.phi, atol=1e-12)
    np.testing.assert_allclose(solution.uniquenesses, 1 - solution.communalities)
    assert solution.variance["ss_loadings"].sum() == pytest.approx(solution.communalities.sum())


def test_factors_are_ordered_and_their_largest_loading_is_positive(
    solution: FactorSolution,
) -> None:
    assert solution.variance["ss_loadings"].is_monotonic_decreasing
    largest = solution.loadings.abs().idxmax()
    assert all(solution.loadings.loc[item, factor] > 0 for factor, item in largest.items())


@pytest.mark.parametrize(
    "rotation", ["varimax", "quartimax", "equamax", "promax", "oblimin", "quartimin", "geomin"]
)
def test_rotation_leaves_communalities(solution: FactorSolution, rotation: str) -> None:
    turned = factor_analysis(planted(), 3, "pearson", rotation=rotation, draws=1)
    np.testing.assert_allclose(turned.communalities, solution.communalities, atol=1e-8)
    assert turned.fit.chi_square == pytest.approx(solution.fit.chi_square)
    if rotation in ("varimax", "quartimax", "equamax"):
        np.testing.assert_array_equal(turned.phi, np.eye(3))
    else:
        np.testing.assert_allclose(np.diag(turned.phi), 1.0, atol=1e-9)
        assert (turned.phi.to_numpy()[~np.eye(3, dtype=bool)] > 0.05).all()


def test_target_rotation_goes_to_its_target(solution: FactorSolution) -> None:
    goal = np.where(solution.loadings.abs() > 0.4, np.nan, 0.0)
    turned = factor_analysis(planted(), 3, "pearson", rotation="target", target=goal, draws=1)
    difference = (turned.loadings - solution.loadings).abs().to_numpy()
    assert difference.max() < 0.05
    with pytest.raises(AnalysisError, match="target"):
        factor_analysis(planted(), 3, "pearson", rotation="target", draws=1)


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(12)), st.integers(0, 99))
def test_order_of_items_and_respondents_does_not_matter(order: list[int], seed: int) -> None:
    answers = planted()
    plain = factor_analysis(answers, 3, "pearson", draws=1)
    mixed = answers.iloc[np.random.default_rng(seed).permutation(len(answers)), order]
    again = factor_analysis(mixed, 3, "pearson", draws=1)
    np.testing.assert_allclose(again.loadings.loc[answers.columns], plain.loadings, atol=1e-6)
    np.testing.assert_allclose(again.scores.loc[answers.index], plain.scores, atol=1e-5)


def test_turning_an_item_round_turns_its_loadings(solution: FactorSolution) -> None:
    answers = planted()
    answers["b2"] = 6 - answers["b2"]
    turned = factor_analysis(answers, 3, "pearson", draws=1)
    sign = np.where(turned.loadings.index == "b2", -1, 1)
    np.testing.assert_allclose(
        turned.loadings.to_numpy() * sign[:, None], solution.loadings, atol=1e-6
    )
    assert "b2" in [item for factor in turned.made_of for item in factor.reversed]


@pytest.mark.parametrize("kind", ["pearson", "polychoric", "spearman"])
def test_weights_are_repeated_rows(kind: str) -> None:
    answers = planted(n=150)
    times = np.random.default_rng(3).integers(1, 4, len(answers))
    weighted = factor_analysis(answers, 3, kind, weights=times, draws=1)
    repeated = factor_analysis(answers.loc[answers.index.repeat(times)], 3, kind, draws=1)
    np.testing.assert_allclose(weighted.loadings, repeated.loadings, atol=1e-6)
    assert weighted.n == 150
    assert weighted.n_weighted == times.sum()
    assert weighted.correlation.n_effective < 150


def test_the_same_seed_gives_the_same_figures() -> None:
    first, second = (factor_analysis(planted(), rotation="geomin", seed=-7) for _ in range(2))
    pd.testing.assert_frame_equal(first.loadings, second.loadings, check_exact=True)
    pd.testing.assert_series_equal(first.parallel.threshold, second.parallel.threshold)
    third = factor_analysis(planted(), seed=8).parallel.threshold
    assert not np.allclose(third, first.parallel.threshold, atol=1e-6)


def test_scores_keep_the_index_and_everyone() -> None:
    answers = planted()
    answers.iloc[3, :5] = np.nan
    answers.iloc[7] = np.nan
    found = factor_analysis(answers, 3, "pearson", draws=1)
    assert list(found.scores.index) == list(answers.index)
    assert found.scores.notna().all(axis=None)
    assert found.answered.iloc[3] == pytest.approx(7 / 12)
    assert (found.scores.iloc[7] == 0).all()
    assert {"items.silent", "scores.silent"} <= {problem.code for problem in found.warnings}


def test_missing_answers_are_scored_on_those_given() -> None:
    answers = planted()
    found = factor_analysis(answers, 3, "pearson", draws=1)
    holed = answers.copy()
    holed.iloc[:, ::3] = np.nan
    partly = found.score(holed)
    for factor in found.scores:
        assert np.corrcoef(partly[factor], found.scores[factor])[0, 1] > 0.75
        assert partly[factor].var() < found.scores[factor].var()


@pytest.mark.parametrize("method", ["regression", "bartlett", "ten_berge", "anderson"])
def test_new_respondents_get_the_scores_of_old_ones(method: str) -> None:
    answers = planted()
    found = factor_analysis(answers, 3, "pearson", scores=method, draws=1)
    again = found.score(answers.iloc[::-1].assign(other="text"))
    pd.testing.assert_frame_equal(again.loc[answers.index], found.scores)
    assert (found.determinacy > 0.8).all()
    with pytest.raises(AnalysisError, match="b2"):
        found.score(answers.drop(columns="b2"))


def test_ten_berge_scores_correlate_as_the_factors_do() -> None:
    found = factor_analysis(planted(), 3, "pearson", scores="ten_berge", draws=1)
    np.testing.assert_allclose(found.scores.corr(), found.phi, atol=1e-6)


def test_bartlett_scores_of_one_answer_fall_back_and_say_so() -> None:
    answers = planted()
    answers.iloc[0, 2:] = np.nan
    found = factor_analysis(answers, 3, "pearson", scores="bartlett", draws=1)
    assert "scores.fallback" in {problem.code for problem in found.warnings}
    assert found.scores.notna().all(axis=None)


def test_auto_chooses_by_the_answers_and_says_why() -> None:
    five = factor_analysis(planted(), 3, draws=5)
    assert five.correlation.kind == "pearson"
    binary = factor_analysis((planted() > 3).astype(int), 3, draws=5)
    assert binary.correlation.kind == "tetrachoric"
    assert binary.parallel.draw == "permutation"
    assert "12 of 12 items" in binary.correlation.reason.message
    lopsided = (planted() + 2).clip(upper=5)
    assert factor_analysis(lopsided, 3, draws=5).correlation.kind == "polychoric"


def test_numbers_beside_ordinal_items_make_a_mixed_matrix() -> None:
    answers = planted()
    rng = np.random.default_rng(4)
    answers["spend"] = answers[["a1", "a2"]].sum(axis=1) * 10 + rng.normal(0, 5, len(answers))
    found = factor_analysis(answers, 3, "polychoric", draws=5)
    assert found.correlation.kind == "mixed"
    assert found.correlation.matrix.loc["spend", "a1"] > 0.6
    assert found.loadings.loc["spend"].abs().max() > 0.6


def test_ordered_categories_count_by_their_rank() -> None:
    answers = planted()
    words = pd.CategoricalDtype(["never", "seldom", "at times", "often", "always"], ordered=True)
    spoken = answers.apply(
        lambda column: pd.Categorical.from_codes(column.astype(int) - 1, dtype=words)
    )
    spoken.index = answers.index
    plain, named = (factor_analysis(frame, 3, draws=1) for frame in (answers, spoken))
    np.testing.assert_allclose(plain.loadings, named.loadings, atol=1e-12)


def test_a_name_is_proposed_from_the_items() -> None:
    labels = {"a1": "I look for the lowest price."}
    found = factor_analysis(planted(), 3, "pearson", labels=labels, draws=1)
    named = [name for name in found.names.values() if "I look for the lowest price" in name]
    assert len(named) == 1
    assert all(len(factor.parts) == 3 for factor in found.made_of)


def test_each_factor_has_its_reliability(solution: FactorSolution) -> None:
    assert set(solution.reliability) == set(solution.omega) == set(solution.loadings.columns)
    for factor, found in solution.reliability.items():
        # four items with loadings of .6 to .8 made into five points
        assert 0.68 < found.raw < 0.85
        assert solution.omega[factor].total == pytest.approx(found.standardised, abs=0.03)
        assert list(found.items.index) == list(solution.omega[factor].schmid_leiman.index)


def test_every_method_of_extraction_finds_the_same_groups() -> None:
    made = [
        {frozenset(factor.items) for factor in factor_analysis(
            planted(), 3, "pearson", method, draws=1).made_of}
        for method in ("minres", "ml", "principal_axis", "principal_components")
    ]  # fmt: skip
    assert all(groups == made[0] for groups in made)


def test_rules_for_the_number_stand_side_by_side(solution: FactorSolution) -> None:
    table = solution.suggestions
    assert set(table.index) == {"parallel", "map", "empirical_kaiser", "hull", "kaiser"}
    assert (table["n_factors"] == 3).sum() >= 4
    more = factor_analysis(planted(), "comparison_data", "pearson", draws=20)
    assert more.suggestions.loc["comparison_data", "n_factors"] == more.n_factors == 3


def test_fit_of_a_right_model_is_good_and_of_a_wrong_one_is_not() -> None:
    right = factor_analysis(planted(), 3, "pearson", draws=1).fit
    wrong = factor_analysis(planted(), 1, "pearson", draws=1).fit
    assert right.rmsea is not None and wrong.rmsea is not None
    assert right.rmsea_low is not None and right.rmsea_high is not None
    assert right.rmsea_low <= right.rmsea <= right.rmsea_high < 0.06
    assert wrong.rmsea > 0.1
    assert right.cfi is not None and wrong.cfi is not None
    assert right.cfi > 0.97 > wrong.cfi
    assert right.bic is not None and wrong.bic is not None
    assert right.bic < wrong.bic
