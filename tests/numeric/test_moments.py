"""Weighted moments, ranks and correlations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from persona.numeric.moments import (
    correlation,
    covariance,
    effective_size,
    moments,
    ranks,
    skewness,
)

ANSWERS = hnp.arrays(
    float,
    st.tuples(st.integers(5, 30), st.integers(2, 5)),
    elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0]),
)


def _holes(values: np.ndarray, seed: int) -> np.ndarray:
    holed = values.copy()
    holed[np.random.default_rng(seed).random(values.shape) < 0.2] = np.nan
    return holed


@settings(max_examples=40, deadline=None)
@given(ANSWERS, st.integers(0, 99))
def test_pairwise_correlation_is_that_of_pandas(values: np.ndarray, seed: int) -> None:
    holed = _holes(values, seed)
    expected = pd.DataFrame(holed).corr(min_periods=2).to_numpy()
    found = correlation(holed, np.ones(len(holed)))
    both = np.isfinite(expected) & np.isfinite(found)
    np.testing.assert_allclose(found[both], expected[both], atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(ANSWERS, st.integers(0, 99))
def test_weight_two_is_the_row_twice(values: np.ndarray, seed: int) -> None:
    holed = _holes(values, seed)
    times = np.random.default_rng(seed).integers(1, 4, len(holed))
    again = np.repeat(holed, times, axis=0)
    weighted = correlation(holed, times.astype(float))
    repeated = correlation(again, np.ones(len(again)))
    np.testing.assert_allclose(weighted, repeated, atol=1e-9, equal_nan=True)
    once = moments(holed, times.astype(float)).mean
    np.testing.assert_allclose(once, moments(again, np.ones(len(again))).mean, atol=1e-12)
    np.testing.assert_allclose(
        skewness(holed, times.astype(float)), skewness(again, np.ones(len(again))), atol=1e-7
    )


def test_covariance_is_unbiased_for_equal_weights() -> None:
    values = np.random.default_rng(0).standard_normal((20, 3))
    np.testing.assert_allclose(covariance(values, np.full(20, 3.0)), np.cov(values.T), atol=1e-12)
    np.testing.assert_allclose(moments(values, np.ones(20)).deviation, values.std(axis=0, ddof=1))


def test_ranks_give_spearman_with_ties() -> None:
    frame = pd.DataFrame({"a": [1, 2, 2, 3, 9], "b": [5, 3, 3, 8, 8]}, dtype=float)
    ranked = ranks(frame.to_numpy(), np.ones(5))
    expected = frame.corr(method="spearman").to_numpy()
    np.testing.assert_allclose(correlation(ranked, np.ones(5)), expected, atol=1e-12)


def test_a_large_offset_does_not_spoil_the_correlation() -> None:
    values = np.random.default_rng(1).standard_normal((50, 2))
    expected = np.corrcoef(values.T)
    np.testing.assert_allclose(correlation(values + 1e7, np.ones(50)), expected, atol=1e-7)


def test_a_constant_column_has_no_correlation() -> None:
    values = np.column_stack([np.ones(5), np.arange(5.0)])
    found = correlation(values, np.ones(5))
    assert np.isnan(found[0, 1])
    assert found[1, 1] == 1.0


def test_effective_size_falls_with_unequal_weights() -> None:
    assert effective_size(np.ones(10)) == pytest.approx(10)
    assert effective_size(np.array([1.0, 1.0, 1.0, 9.0])) == pytest.approx(144 / 84)
