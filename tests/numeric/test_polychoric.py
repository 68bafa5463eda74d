"""The bivariate normal, polychoric and polyserial correlations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from persona.numeric.bivariate_normal import cumulative, density
from persona.numeric.polychoric import BOUND, cuts, pair_tables, polychoric, polyserial


def _ordinal(n: int, rho: float, thresholds: list[float], seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    latent = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
    return np.digitize(latent, thresholds).astype(np.int16)


@pytest.mark.parametrize("rho", [-0.99, -0.8, -0.3, 0.0, 0.25, 0.5, 0.9, 0.97])
def test_the_bivariate_normal_is_that_of_scipy(rho: float) -> None:
    rows, columns = np.array([[-1.3, 0.2]]), np.array([[-0.4, 0.9]])
    base = ndtr(rows)[:, :, None] * ndtr(columns)[:, None, :]
    found = cumulative(rows, columns, base, np.array([rho]))[0]
    normal = multivariate_normal([0, 0], [[1, rho], [rho, 1]])
    expected = [[normal.cdf([h, k]) for k in columns[0]] for h in rows[0]]
    np.testing.assert_allclose(found, expected, atol=1e-6)  # scipy integrates to 1e-5


def test_the_density_is_the_derivative_of_the_distribution() -> None:
    rows, columns = np.array([[-1.0, 0.5]]), np.array([[0.3]])
    base = ndtr(rows)[:, :, None] * ndtr(columns)[:, None, :]
    step = 1e-5
    for rho in (-0.6, 0.0, 0.4, 0.85):
        up, down = (cumulative(rows, columns, base, np.array([rho + s])) for s in (step, -step))
        height, slope = density(rows, columns, np.array([rho]))
        np.testing.assert_allclose((up - down) / (2 * step), height, atol=1e-7)
        high, low = (density(rows, columns, np.array([rho + s]))[0] for s in (step, -step))
        np.testing.assert_allclose((high - low) / (2 * step), slope, atol=1e-6)


@pytest.mark.parametrize("rho", [-0.9, -0.5, 0.0, 0.3, 0.7, 0.95])
def test_a_known_correlation_is_found_again(rho: float) -> None:
    codes = _ordinal(40_000, rho, [-1.0, -0.2, 0.4, 1.3], 3)
    assert polychoric(codes).correlation[0, 1] == pytest.approx(rho, abs=0.015)


@settings(max_examples=20, deadline=None)
@given(st.floats(-0.9, 0.9), st.integers(0, 1000))
def test_order_and_direction_of_categories(rho: float, seed: int) -> None:
    codes = _ordinal(300, rho, [-0.5, 0.6], seed)
    found = polychoric(codes).correlation[0, 1]
    assert polychoric(codes[:, ::-1].copy()).correlation[0, 1] == pytest.approx(found, abs=1e-6)
    turned = np.column_stack([2 - codes[:, 0], codes[:, 1]]).astype(np.int16)
    assert polychoric(turned).correlation[0, 1] == pytest.approx(-found, abs=1e-6)
    assert polychoric(codes[::-1].copy()).correlation[0, 1] == pytest.approx(found, abs=1e-9)


def test_weights_are_repeated_rows() -> None:
    codes = _ordinal(200, 0.5, [-0.5, 0.6], 1)
    times = np.random.default_rng(2).integers(1, 5, 200)
    weighted = polychoric(codes, times.astype(float)).correlation
    repeated = polychoric(np.repeat(codes, times, axis=0)).correlation
    np.testing.assert_allclose(weighted, repeated, atol=1e-8)


def test_holes_leave_a_pair_to_those_who_answered_both() -> None:
    codes = _ordinal(500, 0.6, [-0.5, 0.6], 4)
    third = _ordinal(500, 0.0, [0.0], 5)[:, :1]
    holed = np.hstack([codes, third])
    holed[:100, 2] = -1
    found = polychoric(holed)
    assert found.correlation[0, 1] == pytest.approx(polychoric(codes).correlation[0, 1], abs=1e-9)
    assert found.shared[0, 2] == 400
    counts = pair_tables(holed, 3)
    assert counts[0, :, 2, :].sum() == 400


def test_an_empty_cell_is_counted_and_filled() -> None:
    codes = np.array([[0, 0]] * 30 + [[1, 1]] * 30 + [[0, 1]] * 5, dtype=np.int16)
    filled = polychoric(codes)
    assert filled.empty_cells[0, 1] == 1
    assert 0.9 < filled.correlation[0, 1] < BOUND
    assert not filled.at_bound[0, 1]


def test_a_perfect_correlation_stays_at_its_bound() -> None:
    codes = np.repeat(np.arange(3, dtype=np.int16)[:, None], 2, axis=1).repeat(20, axis=0)
    found = polychoric(codes, correct=0.0)
    assert found.at_bound[0, 1]
    assert found.correlation[0, 1] == pytest.approx(BOUND, abs=1e-4)
    assert np.isfinite(found.correlation).all()


def test_categories_that_nobody_chose_have_no_cells() -> None:
    codes = _ordinal(300, 0.4, [0.0], 6)
    codes[:, 1] *= 3  # categories 0 and 3 alone
    dense = np.column_stack([codes[:, 0], codes[:, 1] // 3]).astype(np.int16)
    gapped, plain = polychoric(codes), polychoric(dense)
    assert gapped.correlation[0, 1] == pytest.approx(plain.correlation[0, 1], abs=1e-7)
    assert gapped.empty_cells[0, 1] == plain.empty_cells[0, 1]


def test_thresholds_split_the_margin() -> None:
    np.testing.assert_allclose(cuts(np.array([158.655, 341.345, 500.0])), [-1.0, 0.0], atol=1e-4)


@pytest.mark.parametrize("rho", [-0.8, 0.0, 0.35, 0.9])
def test_polyserial_finds_a_known_correlation(rho: float) -> None:
    rng = np.random.default_rng(8)
    latent = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], 20_000)
    codes = np.digitize(latent[:, 1], [-0.7, 0.1, 1.1]).astype(np.int16)
    found = polyserial(3 + 2 * latent[:, 0], codes, np.ones(20_000))
    assert found == pytest.approx(rho, abs=0.02)


def test_polyserial_of_an_outlier_is_finite() -> None:
    values = np.concatenate([np.arange(20.0), [1e6]])
    codes = np.array([0, 1] * 10 + [0], dtype=np.int16)
    assert -1 < polyserial(values, codes, np.ones(21)) < 1
