"""Rotations: what each makes small, local minima, and what they leave alone."""

from __future__ import annotations

import numpy as np
import pytest

from persona.analysis import criteria
from persona.analysis.rotation import OBLIQUE, ORTHOGONAL, rotate
from persona.errors import AnalysisError


def loadings(seed: int = 1, items: int = 12, factors: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    simple = rng.uniform(-0.15, 0.15, (items, factors))
    simple[np.arange(items), np.arange(items) % factors] = rng.uniform(0.5, 0.8, items)
    return simple @ np.linalg.qr(rng.standard_normal((factors, factors)))[0]


@pytest.mark.parametrize("name", [name for name in (*ORTHOGONAL, *OBLIQUE) if name != "target"])
def test_every_rotation_keeps_what_the_factors_explain(name: str) -> None:
    given = loadings()
    found = rotate(given, name)  # type: ignore[arg-type]
    np.testing.assert_allclose(
        found.loadings @ found.phi @ found.loadings.T, given @ given.T, atol=1e-9
    )
    np.testing.assert_allclose(given @ found.transform, found.loadings, atol=1e-9)
    np.testing.assert_allclose(np.diag(found.phi), 1, atol=1e-9)
    assert found.converged


@pytest.mark.parametrize(
    "criterion",
    [
        criteria.oblimin(),
        criteria.oblimin(-0.5),
        criteria.crawford_ferguson(0.0),
        criteria.crawford_ferguson(0.25),
        criteria.geomin(),
        criteria.target(np.where(np.eye(4, 3) > 0, np.nan, 0.1)),
    ],
)
def test_the_gradient_of_each_criterion_is_its_slope(criterion: criteria.Criterion) -> None:
    rng = np.random.default_rng(2)
    place = rng.uniform(-0.8, 0.8, (1, 4, 3))
    _, gradient = criterion(place)
    step = 1e-6
    for _ in range(5):
        way = rng.standard_normal(place.shape)
        up, down = (criterion(place + sign * step * way)[0][0] for sign in (1, -1))
        assert (up - down) / (2 * step) == pytest.approx((gradient * way).sum(), abs=1e-6)


def test_each_orthogonal_rotation_is_best_by_its_own_criterion() -> None:
    given = loadings()
    items, factors = given.shape
    kappas = {"quartimax": 0.0, "varimax": 1 / items, "equamax": factors / (2 * items)}
    turned = {
        name: rotate(given, name, normalize=False).loadings  # type: ignore[arg-type]
        for name in kappas
    }
    for name, kappa in kappas.items():
        criterion = criteria.crawford_ferguson(kappa)
        values = {other: criterion(turned[other][None])[0][0] for other in kappas}
        assert min(values, key=lambda other: values[other]) == name
    assert not np.allclose(np.abs(turned["equamax"]), np.abs(turned["quartimax"]), atol=1e-3)


def test_starts_leave_a_saddle_and_are_counted() -> None:
    simple = np.zeros((6, 2))
    simple[:3, 0], simple[3:, 1] = 0.7, 0.6
    saddle = simple @ (np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2))
    stuck = rotate(saddle, "oblimin", starts=1)
    found = rotate(saddle, "oblimin", starts=8)
    assert np.abs(np.sort(np.abs(found.loadings), axis=1)[:, 0]).max() < 1e-6
    assert np.abs(np.sort(np.abs(stuck.loadings), axis=1)[:, 0]).max() > 0.1
    assert 1 <= found.starts_at_best <= found.starts == 8


def test_one_factor_and_none_are_left_alone() -> None:
    given = loadings()
    assert rotate(given[:, :1], "geomin").loadings is not None
    np.testing.assert_array_equal(rotate(given[:, :1], "geomin").loadings, given[:, :1])
    np.testing.assert_array_equal(rotate(given, "none").loadings, given)


def test_an_item_without_loadings_does_not_break_the_normalisation() -> None:
    given = np.vstack([loadings(), np.zeros(3)])
    for name in ("varimax", "promax"):
        assert np.isfinite(rotate(given, name).loadings).all()  # type: ignore[arg-type]


def test_unknown_rotations_are_refused_with_those_known() -> None:
    with pytest.raises(AnalysisError, match="oblimin"):
        rotate(loadings(), "sideways")  # type: ignore[arg-type]
