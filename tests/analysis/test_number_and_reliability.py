"""Number of factors, alpha and omega on made answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona.analysis import alpha, comparison_data, kmo, omega, parallel_analysis
from persona.analysis.number_of_factors import (
    empirical_kaiser,
    hull,
    largest_number,
    minimum_average_partial,
    wishart_eigenvalues,
)
from persona.errors import AnalysisError


def made(factors: int, each: int = 4, n: int = 500, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    common = np.repeat(rng.standard_normal((n, factors)), each, axis=1)
    return pd.DataFrame(common + 0.9 * rng.standard_normal(common.shape))


@pytest.mark.parametrize("factors", [1, 2, 4])
def test_every_rule_finds_clean_factors(factors: int) -> None:
    answers = made(factors)
    matrix = answers.corr().to_numpy()
    assert parallel_analysis(answers, draws=100).n_factors == factors
    assert minimum_average_partial(matrix)[1] == factors
    assert empirical_kaiser(matrix, 500)[1] == factors
    assert hull(matrix, factors + 2)[1] == factors


def test_wishart_draws_are_like_simulated_answers() -> None:
    rng = np.random.default_rng(0)
    drawn = wishart_eigenvalues(60, 8, 400, 1)
    simulated = np.array(
        [np.linalg.eigvalsh(np.corrcoef(rng.standard_normal((60, 8)).T))[::-1] for _ in range(400)]
    )
    error = np.sqrt((drawn.var(axis=0) + simulated.var(axis=0)) / 400)
    assert (np.abs(drawn.mean(axis=0) - simulated.mean(axis=0)) < 4.5 * error).all()
    np.testing.assert_allclose(drawn.sum(axis=1), 8)
    few = wishart_eigenvalues(5, 8, 20, 1)
    assert np.abs(few[:, 4:]).max() < 1e-9  # four degrees of freedom carry four eigenvalues


def test_shuffled_answers_keep_their_categories() -> None:
    answers = (made(1, each=6, n=300) > 1.2).astype(int)
    found = parallel_analysis(answers, draws=60, correlation="polychoric")
    assert found.draw == "permutation"
    assert found.correlation == "tetrachoric"
    plain = parallel_analysis(answers, draws=60)
    # tetrachoric correlations of lopsided answers scatter more, and the threshold knows it
    assert found.threshold[1] > plain.threshold[1] + 0.1
    assert found.n_factors == 1


def test_shuffling_numbers_beside_ordinal_items() -> None:
    answers = made(1, each=5, n=120)
    answers[[0, 1]] = (answers[[0, 1]] > 0).astype(int)
    found = parallel_analysis(answers, draws=10, correlation="polychoric")
    assert found.correlation == "mixed"
    assert np.isfinite(found.threshold).all()


def test_thresholds_fall_with_the_percentile_and_do_not_need_n() -> None:
    answers = made(2)
    low = parallel_analysis(answers, draws=200, percentile=50)
    high = parallel_analysis(answers, draws=200, percentile=99)
    assert (high.threshold > low.threshold).all()
    assert (high.draws, high.percentile, high.seed) == (200, 99, 0)


@pytest.mark.parametrize(("items", "most"), [(2, 0), (3, 1), (5, 2), (6, 3), (25, 18)])
def test_largest_number_of_factors(items: int, most: int) -> None:
    assert largest_number(items) == most


def test_comparison_data_keeps_skewed_answers() -> None:
    answers = np.exp(made(2, n=300)).round(1).clip(upper=8)
    found = comparison_data(answers, samples=60)
    assert found.n_factors == 2
    assert found.misfit.iloc[1] < found.misfit.iloc[0]


def test_alpha_by_hand() -> None:
    answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 2, 3, 5, 4], "c": [1, 3, 2, 4, 5]})
    total = answers.sum(axis=1).var()
    expected = 3 / 2 * (1 - answers.var().sum() / total)
    found = alpha(answers)
    assert found.raw == pytest.approx(expected)
    assert found.low < found.raw < found.high
    rest = answers[["b", "c"]]
    assert found.items.loc["a", "item_rest"] == pytest.approx(
        np.corrcoef(answers["a"], rest.sum(axis=1))[0, 1]
    )
    without = 2 * (1 - rest.var().sum() / rest.sum(axis=1).var())
    assert found.items.loc["a", "alpha_if_dropped"] == pytest.approx(without)


def test_alpha_names_an_item_worded_the_other_way() -> None:
    answers = made(1)
    answers[2] = -answers[2]
    found = alpha(answers)
    assert any(problem.column == "2" for problem in found.warnings)
    turned = alpha(answers, reverse=[2])
    assert turned.reversed == (2,)
    assert turned.raw == pytest.approx(alpha(made(1)).raw)
    with pytest.raises(AnalysisError, match="'z'"):
        alpha(answers, reverse=["z"])


def test_alpha_of_copies_is_one_and_of_noise_is_low() -> None:
    one = made(1)[[0]]
    assert alpha(pd.concat([one, one.rename(columns={0: 1})], axis=1)).raw == pytest.approx(1)
    noise = pd.DataFrame(np.random.default_rng(0).standard_normal((500, 4)))
    found = alpha(noise)
    assert found.raw < 0.3
    assert "alpha.low" in {problem.code for problem in found.warnings}


def test_weights_are_repeated_rows_for_alpha() -> None:
    answers = made(1, n=80)
    times = np.random.default_rng(1).integers(1, 4, 80)
    weighted = alpha(answers, times)
    repeated = alpha(answers.loc[answers.index.repeat(times)])
    assert weighted.raw == pytest.approx(repeated.raw)
    assert weighted.high - weighted.low > repeated.high - repeated.low


def test_omega_tells_a_general_factor_from_several() -> None:
    rng = np.random.default_rng(2)
    general = rng.standard_normal((600, 1))
    groups = np.repeat(rng.standard_normal((600, 3)), 4, axis=1)
    noise = rng.standard_normal((600, 12))
    strong = omega(pd.DataFrame(2 * general + groups + noise))
    weak = omega(pd.DataFrame(0.3 * general + groups + noise))
    assert strong.n_factors == 3
    assert strong.hierarchical > 0.75 > weak.hierarchical
    assert strong.total > strong.hierarchical
    np.testing.assert_allclose(strong.schmid_leiman["h2"] + strong.schmid_leiman["u2"], 1)
    shares = strong.schmid_leiman[["g", "F1", "F2", "F3"]] ** 2
    np.testing.assert_allclose(shares.sum(axis=1), strong.schmid_leiman["h2"], atol=1e-2)


def test_omega_turns_round_what_loads_negatively_and_bounds_the_number() -> None:
    answers = made(1, each=5)
    answers[3] = -answers[3]
    found = omega(answers)
    assert found.reversed == (3,)
    assert found.total == pytest.approx(omega(made(1, each=5)).total)
    two = omega(made(2, each=3), n_factors=2)
    assert 0 <= two.hierarchical <= two.total <= 1
    with pytest.raises(AnalysisError, match="1 to 2 group factors"):
        omega(answers, n_factors=3)


def test_kmo_follows_the_sort_of_correlation() -> None:
    answers = made(1)
    assert kmo(answers).overall > 0.75
    assert kmo(answers, correlation="spearman").overall == pytest.approx(
        kmo(answers.rank(), correlation="pearson").overall
    )
    assert kmo(answers, weights=np.ones(500)).overall == pytest.approx(kmo(answers).overall)
