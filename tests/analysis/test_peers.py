"""The adapters, and agreement with prince and factor_analyzer where these are right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona.analysis import (
    bartlett,
    correspondence_analysis,
    kmo,
    mixed_data_analysis,
    multiple_correspondence_analysis,
)
from persona.analysis.prince_adapter import decompose_table
from persona.analysis.rotation import rotate
from persona.numeric.decompose import singular


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    taste = rng.standard_normal(200)
    return pd.DataFrame(
        {
            name: pd.Series(np.digitize(taste + rng.standard_normal(200), [-1, 0.5])).map(
                lambda code, name=name: f"{name}{code}"
            )
            for name in "abcd"
        }
    )


def test_the_table_that_prince_decomposes_is_the_one_meant(answers: pd.DataFrame) -> None:
    table = pd.crosstab(answers["a"], answers["b"]).to_numpy(dtype=float)
    shares = table / table.sum()
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    ours = singular((shares - expected) / np.sqrt(expected))
    theirs = decompose_table(table)
    np.testing.assert_allclose(theirs.values, ours.values[:2], atol=1e-12)
    np.testing.assert_allclose(theirs.right, ours.right[:, :2], atol=1e-9)
    np.testing.assert_allclose(theirs.left, ours.left[:, :2], atol=1e-9)


def test_multiple_correspondence_analysis_is_that_of_prince(answers: pd.DataFrame) -> None:
    import prince

    theirs = prince.MCA(n_components=3, engine="scipy").fit(answers)
    ours = multiple_correspondence_analysis(answers, n_axes=3)
    np.testing.assert_allclose(ours.eigenvalues.iloc[:3], theirs.eigenvalues_, atol=1e-10)
    np.testing.assert_allclose(
        ours.row_coordinates.abs(), theirs.row_coordinates(answers).abs(), atol=1e-8
    )
    np.testing.assert_allclose(
        ours.category_coordinates.abs(), theirs.column_coordinates(answers).abs(), atol=1e-8
    )


def test_mixed_data_analysis_is_that_of_prince(answers: pd.DataFrame) -> None:
    import prince

    frame = answers.assign(age=np.random.default_rng(2).normal(40, 9, 200))
    theirs = prince.FAMD(n_components=3, engine="scipy").fit(frame)
    ours = mixed_data_analysis(frame, n_axes=3)
    ratio = ours.eigenvalues.iloc[:3].to_numpy() / theirs.eigenvalues_
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)  # prince's axes have another scale


def test_kmo_and_bartlett_are_those_of_factor_analyzer() -> None:
    from factor_analyzer import calculate_bartlett_sphericity, calculate_kmo

    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.standard_normal((150, 1)) + rng.standard_normal((150, 6)))
    per_item, overall = calculate_kmo(frame)
    ours = kmo(frame)
    np.testing.assert_allclose(ours.items, per_item, atol=1e-9)
    assert ours.overall == pytest.approx(overall, abs=1e-9)
    chi_square, p_value = calculate_bartlett_sphericity(frame)
    test = bartlett(frame)
    assert test.chi_square == pytest.approx(chi_square, rel=1e-9)
    assert test.p_value == pytest.approx(p_value, abs=1e-12)


@pytest.mark.parametrize(("ours", "theirs"), [("oblimin", "oblimin"), ("geomin", "geomin_obl")])
def test_oblique_rotations_are_those_of_factor_analyzer(ours: str, theirs: str) -> None:
    from factor_analyzer import Rotator

    rng = np.random.default_rng(4)
    loadings = np.zeros((9, 3))
    loadings[np.arange(9), np.arange(9) % 3] = rng.uniform(0.5, 0.8, 9)
    loadings = loadings @ np.linalg.qr(rng.standard_normal((3, 3)))[0] + 0.05
    rotator = Rotator(method=theirs, normalize=False, tol=1e-8, max_iter=2000)
    expected = rotator.fit_transform(loadings)
    found = rotate(loadings, ours)  # type: ignore[arg-type]
    match = np.abs(found.loadings.T @ expected).argmax(axis=0)
    sign = np.sign((found.loadings[:, match] * expected).sum(axis=0))
    np.testing.assert_allclose(found.loadings[:, match] * sign, expected, atol=1e-5)


def test_a_table_of_one_dimension_has_one_axis() -> None:
    found = correspondence_analysis(pd.DataFrame([[8, 2], [3, 7], [5, 5]]))
    assert len(found.eigenvalues) == 1
    assert found.explained[1] == pytest.approx(1.0)
