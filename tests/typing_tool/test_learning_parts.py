"""The parts of learning: coding, regression, choice, rounding and measures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

from persona.questionnaire.variables import Category, Measure, Variable
from persona.typing_tool.bands import readable_cuts
from persona.typing_tool.coding import CodedQuestion, Pool, code_question
from persona.typing_tool.logistic import fit_logistic
from persona.typing_tool.measuring import agreement, certain
from persona.typing_tool.points import whole_points
from persona.typing_tool.selecting import forward
from persona.typing_tool.trial import how_many
from persona.typing_tool.validating import sample_of

SCALE = tuple(Category(code, {"en": str(code)}) for code in range(1, 6))


def variable(name: str, measure: Measure, categories: tuple[Category, ...] = ()) -> Variable:
    return Variable(
        name, "q", name, measure, {}, {}, "expects", "need", "basis", "s", categories=categories
    )


def people(n: int = 300, k: int = 4, seed: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    segments = draw.integers(0, k, n)
    values = draw.normal(size=(n, 6)) + np.eye(k, 6)[segments] * 1.5
    return values, segments, draw.uniform(0.3, 3, n)


def test_the_regression_is_that_of_scikit_learn() -> None:
    values, segments, weights = people()
    fitted = fit_logistic(values, np.eye(4)[segments], weights, 2.0, tolerance=1e-12)
    peer = LogisticRegression(C=1 / 2.0, tol=1e-10, max_iter=5000)
    peer.fit(values, segments, sample_weight=weights)
    # Intercepts are held back by a hundredth here and not at all there.
    assert np.abs(fitted.coefficients[1:].T - peer.coef_).max() < 1e-4
    assert np.abs(fitted.probabilities - peer.predict_proba(values)).max() < 1e-4
    assert np.abs(fitted.coefficients.sum(axis=1)).max() < 1e-9


def test_weights_are_repeated_rows_to_the_regression() -> None:
    values, segments, _ = people(120)
    weights = np.random.default_rng(1).integers(1, 4, 120)
    rows = np.repeat(np.arange(120), weights)
    member = np.eye(4)[segments]
    once = fit_logistic(values, member, weights.astype(float), 1.0, tolerance=1e-12)
    again = fit_logistic(values[rows], member[rows], np.ones(len(rows)), 1.0, tolerance=1e-12)
    assert np.abs(once.coefficients - again.coefficients).max() < 1e-7


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.sampled_from([1e-3, 1.0, 50.0]))
def test_the_regression_comes_to_rest(seed: int, k: int, ridge: float) -> None:
    """Also with segments nobody is in, and with columns that separate them perfectly."""
    draw = np.random.default_rng(seed)
    segments = draw.integers(0, k - 1, 40) if seed % 2 else draw.integers(0, k, 40)
    values = np.column_stack([draw.normal(size=(40, 3)), segments * 10.0, np.zeros(40)])
    member, weights = np.eye(k)[segments], draw.uniform(0, 2, 40)
    fitted = fit_logistic(values, member, weights, ridge, tolerance=1e-8)
    slope = values.T @ (weights[:, None] * (member - fitted.probabilities))
    assert np.isfinite(fitted.coefficients).all()
    assert np.abs(slope - ridge * fitted.coefficients[1:]).max() < 0.05


def coded(name: str, answers: list[Any], measure: Measure = Measure.INTERVAL) -> CodedQuestion:
    categories = SCALE if measure in (Measure.INTERVAL, Measure.NOMINAL) else ()
    values = pd.Series(answers, dtype=object)
    return code_question(variable(name, measure, categories), values, np.ones(len(answers)))


def test_levels_of_every_kind() -> None:
    assert coded("a", [1, 5.0, None, 3]).levels.tolist() == [0, 4, -1, 2]
    assert coded("b", [0, 1, None], Measure.BINARY).levels.tolist() == [0, 1, -1]
    number = coded("c", [*range(20, 80), None], Measure.RATIO)
    assert number.cuts == (30, 40, 50, 60, 70)
    assert number.levels[[0, 10, 59, 60]].tolist() == [0, 1, 5, -1]
    assert coded("d", [2, 2, None]).constant and coded("e", [None, None]).constant


def test_scales_have_a_line_and_lists_their_answers() -> None:
    question = coded("a", [1, 2, 2, 3, 4, 5, 5])
    line = question.columns("linear")
    assert line.shape == (5, 1) and np.allclose(np.diff(line[:, 0]), np.diff(line[:, 0])[0])
    assert question.shares @ line[:, 0] == pytest.approx(0)
    assert question.shares @ line[:, 0] ** 2 == pytest.approx(1)
    free = question.columns("categories")
    assert free.shape == (5, 4) and np.linalg.matrix_rank(free) == 4
    assert np.allclose(question.shares @ free, 0)
    assert np.allclose((question.shares[:, None] * free[:, 1:]).T @ line, 0)
    assert coded("b", [1, 2, 3, 4, 5, 5], Measure.NOMINAL).columns("linear").shape == (5, 4)
    gap = coded("c", [1, 2, 4, 4, 5]).columns("categories")
    assert (gap[2, 1:] == 0).all()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=80),
    st.integers(2, 8),
)
def test_cuts_ascend_are_readable_and_leave_nobody_alone(values: list[float], bands: int) -> None:
    numbers = np.array([*values, np.nan])
    cuts = readable_cuts(numbers, np.ones(len(numbers)), bands)
    assert list(cuts) == sorted(set(cuts)) and len(cuts) < bands
    assert all(float(f"{cut:.2g}") == cut for cut in cuts)
    sizes = np.bincount(np.searchsorted(cuts, values, side="right"), minlength=len(cuts) + 1)
    assert not cuts or sizes.min() >= 0.05 * len(values) - 1e-9


def pool_of(values: np.ndarray) -> Pool:
    answers = np.clip(np.rint(values + 3), 1, 5)
    return Pool(tuple(coded(f"v{j}", answers[:, j].tolist()) for j in range(values.shape[1])))


def test_questions_are_chosen_by_what_they_add() -> None:
    """A copy of the best question adds nothing beside it."""
    values, segments, _ = people(400, 3)
    values = np.column_stack([values[:, :3], values[:, 0], values[:, 4]])
    pool = pool_of(values)
    path = forward(pool.coded("linear"), np.eye(3)[segments], np.ones(400), 5, 1.0)
    assert sorted(path.order[:3]) in ([0, 1, 2], [1, 2, 3])
    assert [len(part) for part in path.coefficients] == [2, 3, 4, 5, 6]
    forced = forward(pool.coded("linear"), np.eye(3)[segments], np.ones(400), 3, 1.0, (4, 3))
    assert set(forced.order[:2]) == {3, 4}


def test_rounding_costs_half_a_point_an_answer() -> None:
    values, segments, _ = people(200, 3)
    pool = pool_of(values)
    whole = pool.coded("linear")
    fitted = fit_logistic(whole.values, np.eye(3)[segments], np.ones(200), 1.0)
    points = whole_points(whole, range(6), fitted.coefficients)
    sums = points.sums(slice(None)).astype(float)
    exact = 10_000 * (fitted.coefficients[0] + whole.values @ fitted.coefficients[1:])
    away = (sums - sums[:, :1]) - (exact - exact[:, :1])
    assert np.abs(away).max() <= 7
    assert points.constant.min() == 0


def test_measures_of_agreement() -> None:
    draw = np.random.default_rng(0)
    true = draw.integers(0, 3, 200)
    told = np.where(draw.random(200) < 0.7, true, draw.integers(0, 3, 200))
    weights = draw.uniform(0.5, 2, 200)
    found = agreement(true, told, weights, 3)
    assert found.kappa == pytest.approx(cohen_kappa_score(true, told, sample_weight=weights))
    assert found.accuracy == pytest.approx(weights[true == told].sum() / weights.sum())
    assert found.lower < found.accuracy < found.upper
    even = agreement(true, told, np.ones(200), 3)
    share, z = even.accuracy, 1.959963984540054
    # Wilson's bounds are where the score test just holds the share seen.
    for bound in (even.lower, even.upper):
        assert (share - bound) ** 2 == pytest.approx(z**2 * bound * (1 - bound) / 200)


def test_certain_is_far_enough_above_the_second() -> None:
    sums = np.array([[10, 3, 4], [10, 9, 1], [5, 5, 5]])
    assert certain(sums, 6).tolist() == [True, False, False]
    assert certain(sums[:, :1], 6).all() and certain(sums, 0).all()


def test_how_many_questions() -> None:
    true = np.zeros(400, dtype=np.int64)

    def curve(*shares: float) -> list[Any]:
        placed = [(np.arange(400) >= share * 400).astype(np.int64) for share in shares]
        return [agreement(true, one, np.ones(400), 2) for one in placed]

    rising = curve(0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.855, 0.86, 0.86, 0.86, 0.86, 0.9, 0.95)
    assert how_many(rising, None) == 7
    assert how_many(curve(0.9, 0.9, 0.9, 0.9, 0.9, 0.9), None) == 5
    assert how_many(rising[:3], None) == 3
    assert how_many(rising, 2) == 2 and how_many(rising, 40) == 14
    assert how_many(rising, 2, forced=4) == 4


def test_parts_hold_every_segment_evenly() -> None:
    segments = np.repeat([0, 1, 2, 3], [101, 53, 7, 2])
    sample = sample_of(segments, np.ones(len(segments)), 4, seed=3)
    for number in range(3):
        counts = np.bincount(sample.part[segments == number], minlength=10)
        assert counts.max() - counts.min() <= 1
    sizes = np.bincount(sample.part)
    assert sample.folds == 10 and sizes.max() - sizes.min() <= 1
    assert len(set(sample.part[segments == 3])) == 2
