"""Groups compared, loadings resampled, maps tested: what would another sample show?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona.analysis import (
    bootstrap_ellipses,
    bootstrap_loadings,
    compare_factors,
    compare_groups,
    correspondence_analysis,
    factor_analysis,
    group_ellipses,
    multiple_correspondence_analysis,
    permutation_test,
    permutation_test_of_questions,
)
from persona.analysis.comparison import procrustes, tucker_congruence
from persona.errors import AnalysisError


def answers(n: int = 400, seed: int = 3, swap: bool = False) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    common = np.repeat(rng.standard_normal((n, 2)), 4, axis=1)
    values = common + rng.standard_normal((n, 8))
    if swap:
        values[:, [1, 2, 5, 6]] = values[:, [5, 6, 1, 2]]
    return pd.DataFrame(values, columns=list("abcdefgh"))


def test_congruence_and_procrustes() -> None:
    rng = np.random.default_rng(0)
    goal = rng.uniform(-1, 1, (10, 3))
    turn, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    np.testing.assert_allclose(procrustes(goal @ turn, goal), goal, atol=1e-12)
    np.testing.assert_allclose(np.diag(tucker_congruence(goal, goal * 3)), 1)
    np.testing.assert_allclose(tucker_congruence(goal, -goal), -tucker_congruence(goal, goal))


def test_two_waves_of_the_same_structure_are_equal() -> None:
    first = factor_analysis(answers(seed=3), 2)
    second = factor_analysis(answers(seed=4), 2)
    found = compare_factors(first, second)
    assert found.matched["reading"].tolist() == ["equal", "equal"]
    assert (found.after_rotation > 0.97).all()
    assert (found.item_congruence > 0.9).all()
    assert np.abs(found.differences.to_numpy()).max() < 0.2
    assert not found.warnings
    same = compare_factors(first, first)
    np.testing.assert_allclose(same.differences, 0, atol=1e-9)


def test_a_changed_structure_is_told() -> None:
    found = compare_factors(factor_analysis(answers(), 2), factor_analysis(answers(swap=True), 2))
    assert "different" in found.matched["reading"].tolist()
    assert "compare.different" in {problem.code for problem in found.warnings}


def test_items_of_one_group_alone_are_not_compared() -> None:
    first, second = factor_analysis(answers(), 2), factor_analysis(answers().drop(columns="h"), 2)
    found = compare_factors(first, second)
    assert len(found.rotated) == 7
    assert "1 items" in found.warnings[0].message
    other = factor_analysis(answers().rename(columns=str.upper), 2)
    with pytest.raises(AnalysisError, match="0 items in common"):
        compare_factors(first, other)


def test_groups_against_everyone() -> None:
    frame = pd.concat([answers(seed=1), answers(seed=2, swap=True)], ignore_index=True)
    groups = pd.Series(["one"] * 400 + ["two"] * 400)
    found = compare_groups(frame, groups, n_factors=2, draws=5)
    assert list(found) == ["one", "two"]
    weights = np.ones(800)
    weighted = compare_groups(frame, groups, n_factors=2, draws=5, weights=weights)
    np.testing.assert_allclose(weighted["one"].congruence, found["one"].congruence, atol=1e-6)


def test_bootstrap_intervals_hold_the_loadings_and_narrow_with_n() -> None:
    widths = []
    for n in (150, 1500):
        frame = answers(n)
        solution = factor_analysis(frame, 2)
        found = bootstrap_loadings(frame, solution, draws=60, seed=1)
        inside = (found.low <= solution.loadings) & (solution.loadings <= found.high)
        assert inside.to_numpy().mean() > 0.9
        widths.append(float((found.high - found.low).to_numpy().mean()))
        assert found.draws == 60
        assert (found.congruence > 0.95).all()
    # a tenfold sample narrows an interval about sqrt(10) times
    assert 2.2 < widths[0] / widths[1] < 4.5
    again = bootstrap_loadings(frame, solution, draws=60, seed=1)
    pd.testing.assert_frame_equal(again.low, found.low, check_exact=True)


def test_bootstrap_of_binary_items_skips_samples_without_variance_and_says_so() -> None:
    frame = (answers(60) > 1.0).astype(int)
    frame["a"] = 0
    frame.loc[frame.index[:2], "a"] = 1
    solution = factor_analysis(frame, 1, unusable="drop", draws=5)
    found = bootstrap_loadings(frame, solution, draws=60)
    assert found.failed > 0
    assert found.draws + found.failed == 60
    assert "bootstrap.skipped" in {problem.code for problem in found.warnings}


RELATED = pd.DataFrame([[30, 10, 8], [9, 33, 12], [10, 9, 40]], index=list("xyz"))
UNRELATED = pd.DataFrame([[20, 21, 19], [30, 29, 31], [25, 24, 26]])


def test_permutation_finds_a_related_table_and_not_an_unrelated_one() -> None:
    related = permutation_test(correspondence_analysis(RELATED), draws=199)
    assert related.p_value == pytest.approx(1 / 200)
    assert related.n_axes == 2
    unrelated = permutation_test(correspondence_analysis(UNRELATED), draws=199)
    assert unrelated.p_value > 0.5
    assert unrelated.n_axes == 0


def test_permutation_agrees_with_the_chi_square_test() -> None:
    table = pd.DataFrame([[30, 22, 20], [20, 26, 31], [25, 30, 24]])
    found = correspondence_analysis(table)
    test = permutation_test(found, draws=2000, seed=4)
    assert test.p_value == pytest.approx(found.p_value, abs=0.04)


def test_permutation_of_a_weighted_table_says_how_it_was_drawn() -> None:
    test = permutation_test(correspondence_analysis(RELATED * 0.731), draws=99)
    assert test.p_value == pytest.approx(0.01)
    assert test.warnings[0].code == "permutation.weighted"


def test_permutation_of_questions() -> None:
    rng = np.random.default_rng(1)
    taste = rng.standard_normal(200)
    frame = pd.DataFrame(
        {f"q{i}": np.where(taste + rng.standard_normal(200) > 0, "yes", "no") for i in range(5)}
    )
    related = permutation_test_of_questions(frame, draws=99)
    assert related.p_value == pytest.approx(0.01)
    assert related.n_axes == 1
    apart = frame.apply(lambda column: rng.permutation(column.to_numpy()))
    assert permutation_test_of_questions(apart, draws=99).p_value > 0.05


def test_ellipses_shrink_with_the_sample_and_hold_their_centre() -> None:
    small = bootstrap_ellipses(correspondence_analysis(RELATED))
    large = bootstrap_ellipses(correspondence_analysis(RELATED * 25))
    np.testing.assert_allclose(small[["x", "y"]], large[["x", "y"]], atol=1e-9)
    ratio = small["major"] / large["major"]
    assert ((ratio > 4) & (ratio < 6)).all()
    assert (small["major"] >= small["minor"]).all()
    columns = bootstrap_ellipses(correspondence_analysis(RELATED), "column")
    assert list(columns.index) == list(RELATED.columns)
    with pytest.raises(AnalysisError, match="no axes 1 and 2"):
        bootstrap_ellipses(correspondence_analysis(RELATED.iloc[:2]))


def test_group_ellipses_are_those_of_the_normal_distribution() -> None:
    rng = np.random.default_rng(2)
    points = pd.DataFrame(rng.standard_normal((2000, 2)) * [2.0, 1.0], columns=[1, 2])
    groups = np.where(np.arange(2000) < 1000, "a", "b")
    people = group_ellipses(points, groups, of="people")
    # 95 % of a plane normal lie within sqrt(5.99) deviations
    np.testing.assert_allclose(people["major"], 2 * np.sqrt(5.991), rtol=0.08)
    np.testing.assert_allclose(people["minor"], np.sqrt(5.991), rtol=0.08)
    means = group_ellipses(points, groups, draws=2000)
    np.testing.assert_allclose(means["major"], people["major"] / np.sqrt(1000), rtol=0.1)
    away = np.minimum(people["angle"], 180 - people["angle"])
    assert (away < 10).all()


def test_group_ellipses_follow_weights_and_leave_out_the_ungrouped() -> None:
    frame = pd.DataFrame(
        {"a": list("xyxyxxyy") * 5, "b": list("uuvvuvuv") * 5, "c": list("mnmmnmnn") * 5}
    )
    found = multiple_correspondence_analysis(frame)
    groups = pd.Series(["g", "h"] * 19 + [None, None])
    ellipses = group_ellipses(found.row_coordinates, groups, weights=np.r_[5.0, np.ones(39)])
    assert list(ellipses.index) == ["g", "h"]
    inside = groups == "g"
    weights = np.r_[5.0, np.ones(39)][inside]
    expected = np.average(found.row_coordinates[1][inside], weights=weights)
    assert ellipses.loc["g", "x"] == pytest.approx(expected)
    assert np.isfinite(ellipses.to_numpy()).all()
