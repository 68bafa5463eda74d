"""Factor analysis against psych 2.2.9, GPArotation 2022.10.2 and factanal of R 4.2.2.

The calls stand in references/psych_ref.R. psych stops its optimiser at about 1e-5, so figures that
went through it are compared at 1e-4; `tight` and `factanal` solutions at 1e-6.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linear_sum_assignment

from persona.analysis import (
    bartlett,
    correlations,
    factor_analysis,
    kmo,
    parallel_analysis,
    polychoric,
)
from persona.analysis.extraction import extract
from persona.analysis.number_of_factors import minimum_average_partial, wishart_eigenvalues
from persona.analysis.reliability import squared_multiple
from persona.analysis.rotation import rotate
from persona.analysis.scores import Model, score_weights
from persona.numeric.moments import moments, skewness
from persona.numeric.polychoric import polychoric as polychoric_of_codes

SETS = ("bfi", "mobi", "vacmot")
EXACT, TIGHT, LOOSE = 1e-8, 1e-6, 1e-4
# psych takes R's varimax with its default of stopping at 1e-5 of the criterion, which leaves
# loadings up to 2e-3 from the optimum; ours meets R's at eps = 1e-15 to 1e-6 (test_rotation)
ROTATED = {"none": LOOSE, "varimax": 2e-3, "promax": 5e-3, "oblimin": LOOSE, "quartimax": 1e-3}


class Reference:
    """One file of figures, with the answers it was made from."""

    def __init__(self, shared: Path, name: str) -> None:
        path = shared / "references" / f"psych_{name}.json"
        self.figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        meta = self.figures["meta"]
        frame = pd.read_csv(shared / "data" / f"{name}.csv")[meta["items"]]
        self.answers = frame.replace({"no": 0, "yes": 1}).apply(pd.to_numeric)
        self.complete = self.answers.dropna()
        self.n_factors: int = meta["nfactors"]
        assert len(self.complete) == meta["n_complete"]


@pytest.fixture(scope="module", params=SETS)
def reference(request: pytest.FixtureRequest, shared: Path) -> Reference:
    return Reference(shared, request.param)


def matrix(block: dict[str, Any]) -> np.ndarray:
    return np.array(block["data"], dtype=float)


def vector(block: dict[str, float] | list[float]) -> np.ndarray:
    return np.array(list(block.values()) if isinstance(block, dict) else block, dtype=float)


def aligned(ours: np.ndarray, theirs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of our columns is each of theirs, and with what sign."""
    products = ours.T @ theirs
    rows, columns = linear_sum_assignment(-np.abs(products))
    order = rows[np.argsort(columns)]
    return order, np.sign(products[order, np.arange(theirs.shape[1])])


def assert_near(ours: Any, theirs: Any, tolerance: float) -> None:
    np.testing.assert_allclose(np.asarray(ours, dtype=float), theirs, rtol=0, atol=tolerance)


def test_moments(reference: Reference) -> None:
    values = reference.complete.to_numpy(dtype=float)
    n = len(values)
    found = moments(values, np.ones(n))
    expected = reference.figures["descriptives"]
    assert_near(found.mean, vector(expected["mean"]), EXACT)
    assert_near(found.deviation, vector(expected["sd"]), EXACT)
    # psych divides the third moment by the deviation with n - 1
    assert_near(skewness(values, np.ones(n)) * ((n - 1) / n) ** 1.5, expected["skew"], EXACT)


def test_correlation_and_adequacy(reference: Reference) -> None:
    expected = reference.figures
    found = correlations(reference.complete, "pearson")
    assert_near(found.matrix, matrix(expected["correlation"]), EXACT)
    assert found.determinant == pytest.approx(expected["determinant"], rel=1e-8)
    assert_near(squared_multiple(found.matrix.to_numpy()), vector(expected["smc"]), EXACT)
    measure = kmo(reference.complete)
    assert measure.overall == pytest.approx(expected["kmo"]["overall"], abs=EXACT)
    assert_near(measure.items, vector(expected["kmo"]["items"]), EXACT)
    test = bartlett(reference.complete)
    assert test.chi_square == pytest.approx(expected["bartlett"]["chisq"], rel=1e-8)
    assert test.degrees_of_freedom == expected["bartlett"]["df"]
    assert test.p_value == pytest.approx(expected["bartlett"]["p"], abs=1e-12)


def test_pairwise_answers(reference: Reference) -> None:
    if "pairwise" not in reference.figures:
        assert len(reference.complete) == len(reference.answers)
        return
    expected = reference.figures["pairwise"]
    found = correlations(reference.answers, "pearson")
    assert found.n == expected["n_used_for_tests"]
    assert_near(found.matrix, matrix(expected["correlation"]), EXACT)
    measure, test = kmo(reference.answers), bartlett(reference.answers)
    assert measure.overall == pytest.approx(expected["kmo"]["overall"], abs=EXACT)
    assert_near(measure.items, vector(expected["kmo"]["items"]), EXACT)
    assert test.chi_square == pytest.approx(expected["bartlett"]["chisq"], rel=1e-8)
    parallel = parallel_analysis(reference.answers, draws=5)
    assert_near(parallel.observed, expected["eigenvalues"], EXACT)


def test_parallel_analysis(reference: Reference) -> None:
    expected = reference.figures["parallel_analysis"]
    found = parallel_analysis(reference.complete, draws=500, seed=1)
    horn = expected["nFactors_horn"]
    # simulated on both sides: within four standard errors of the difference of two means of 500,
    # and for the percentile within twice as much
    error = np.array(horn["sd"]) * np.sqrt(2 / 500)
    assert (np.abs(found.mean - horn["mean"]) < 4 * error).all()
    assert (np.abs(found.threshold - horn["quantile95"]) < 12 * error).all()
    assert found.n_factors == horn["components_above_q95"]
    assert found.n_factors == expected["psych"]["suggested_components"]
    assert_near(found.observed, expected["psych"]["pc_values"], EXACT)
    simulated = wishart_eigenvalues(len(reference.complete), len(found.observed), 400, 2)
    assert (np.abs(simulated.mean(axis=0) - expected["psych"]["pc_simulated"]) < 8 * error).all()


def test_minimum_average_partial(reference: Reference) -> None:
    expected = reference.figures["map_vss"]
    means, suggested = minimum_average_partial(matrix(reference.figures["correlation"]))
    # psych leaves out Velicer's start, no component at all
    assert_near(means[1 : 1 + len(expected["map"])], expected["map"], EXACT)
    assert suggested == expected["map_suggests"]


@pytest.mark.parametrize(
    ("method", "place", "key"),
    [
        ("minres", "tight", "unrotated"),
        ("principal_axis", "tight", "unrotated"),
        ("ml", "factanal_ml", "loadings"),
        ("principal_components", "principal", "none"),
    ],
)
def test_extraction(reference: Reference, method: Any, place: str, key: str) -> None:
    block = reference.figures[place][key]
    expected = matrix(block["loadings"] if "loadings" in block else block)
    found = extract(matrix(reference.figures["correlation"]), reference.n_factors, method)
    order, sign = aligned(found.loadings, expected)
    assert found.converged
    assert_near(found.loadings[:, order] * sign, expected, TIGHT)
    assert_near(1 - found.uniquenesses, (expected**2).sum(axis=1), TIGHT)


@pytest.mark.parametrize(
    ("name", "normalize", "key"),
    [
        ("varimax", True, "varimax_kaiser"),
        ("varimax", False, "varimax_raw"),
        ("promax", False, "promax4_from_kaiser_varimax"),
        ("oblimin", False, "oblimin_raw"),
        ("oblimin", True, "oblimin_kaiser"),
        ("quartimin", False, "quartimin_raw"),
        ("geomin", False, "geominQ"),
    ],
)
def test_rotation(reference: Reference, name: Any, normalize: bool, key: str) -> None:
    tight = reference.figures["tight"]
    expected = matrix(tight[key]["loadings"])
    found = rotate(matrix(tight["unrotated"]), name, normalize=normalize)
    order, sign = aligned(found.loadings, expected)
    assert found.converged
    assert_near(found.loadings[:, order] * sign, expected, TIGHT)
    if "phi" in tight[key]:
        phi = found.phi[np.ix_(order, order)] * np.outer(sign, sign)
        assert_near(phi, matrix(tight[key]["phi"]), TIGHT)


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("rotation", ["none", "varimax", "promax", "oblimin", "quartimax"])
def test_factor_analysis(reference: Reference, method: Any, rotation: Any) -> None:
    expected = reference.figures["fa"][f"{method}_{rotation}"]
    found = factor_analysis(
        reference.complete,
        reference.n_factors,
        correlation="pearson",
        method=method,
        rotation=rotation,
        draws=1,
    )
    theirs = matrix(expected["loadings"])
    order, sign = aligned(found.loadings.to_numpy(), theirs)
    bound = ROTATED[rotation]
    assert_near(found.loadings.to_numpy()[:, order] * sign, theirs, bound)
    assert_near(found.structure.to_numpy()[:, order] * sign, matrix(expected["structure"]), bound)
    if expected["phi"] is not None:
        phi = found.phi.to_numpy()[np.ix_(order, order)] * np.outer(sign, sign)
        assert_near(phi, matrix(expected["phi"]), bound)
    assert_near(found.communalities, vector(expected["communalities"]), LOOSE)
    assert_near(found.uniquenesses, vector(expected["uniquenesses"]), LOOSE)
    rows = dict(
        zip(expected["ss_and_variance"]["rows"], matrix(expected["ss_and_variance"]), strict=True)
    )
    variance = found.variance.iloc[order]
    # sums of squares add up errors of all items
    assert_near(variance["ss_loadings"], rows["SS loadings"], 5 * bound)
    assert_near(variance["proportion"], rows["Proportion Var"], bound)
    assert_near(variance["share_of_explained"], rows["Proportion Explained"], bound)
    assert_near(found.determinacy.to_numpy()[order] ** 2, vector(expected["r2_of_scores"]), bound)


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_fit(reference: Reference, method: Any) -> None:
    expected = reference.figures["fa"][f"{method}_oblimin"]["fit"]
    fit = factor_analysis(
        reference.complete, reference.n_factors, correlation="pearson", method=method, draws=1
    ).fit
    # chi-square is the objective times n, so its error is that of the optimiser times n
    assert fit.objective == pytest.approx(expected["objective"], abs=1e-5)
    assert fit.chi_square == pytest.approx(expected["chi"], rel=1e-5)
    assert fit.degrees_of_freedom == expected["dof"]
    assert fit.p_value == pytest.approx(expected["p"], abs=1e-8)
    assert fit.empirical_chi_square == pytest.approx(expected["empirical_chi"], rel=1e-4)
    assert fit.rmsr == pytest.approx(expected["rms"], abs=TIGHT)
    assert fit.rmsr_corrected == pytest.approx(expected["crms"], abs=TIGHT)
    assert fit.rmsea == pytest.approx(expected["rmsea"]["RMSEA"], abs=1e-5)
    assert fit.rmsea_low == pytest.approx(expected["rmsea"]["lower"], abs=1e-5)
    assert fit.rmsea_high == pytest.approx(expected["rmsea"]["upper"], abs=1e-5)
    assert fit.tli == pytest.approx(expected["tli"], abs=1e-5)
    assert fit.bic == pytest.approx(expected["bic"], abs=0.02)
    assert fit.fit_off_diagonal == pytest.approx(expected["fit_off_diagonal"], abs=TIGHT)
    assert fit.null_chi_square == pytest.approx(expected["null_chisq"], rel=1e-8)
    assert fit.null_degrees_of_freedom == expected["null_dof"]


def test_factanal_test_of_fit(reference: Reference) -> None:
    expected = reference.figures["factanal_ml"]
    fit = factor_analysis(
        reference.complete, reference.n_factors, correlation="pearson", method="ml", draws=1
    ).fit
    assert fit.objective == pytest.approx(expected["objective"], abs=1e-6)
    assert fit.chi_square == pytest.approx(vector(expected["chisq"])[0], rel=1e-6)
    assert fit.degrees_of_freedom == expected["dof"]
    assert fit.p_value == pytest.approx(vector(expected["p"])[0], abs=1e-8)


@pytest.mark.parametrize("rotation", ["varimax", "oblimin"])
@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Thurstone", "regression"),
        ("tenBerge", "ten_berge"),
        ("Bartlett", "bartlett"),
        ("Anderson", "anderson"),
    ],
)
def test_scores(reference: Reference, rotation: Any, theirs: str, ours: Any) -> None:
    block = reference.figures["fa"][f"minres_{rotation}"]
    expected = block["scores"].get(theirs)
    if expected is None:  # psych has Anderson scores of uncorrelated factors alone
        assert (rotation, theirs) == ("oblimin", "Anderson")
        return
    found = factor_analysis(
        reference.complete,
        reference.n_factors,
        correlation="pearson",
        rotation=rotation,
        scores=ours,
        draws=1,
    )
    order, sign = aligned(found.loadings.to_numpy(), matrix(block["loadings"]))
    # scores add up the errors of psych's loadings over all items
    bound = 10 * ROTATED[rotation]
    scores = found.scores.to_numpy()[:20, order] * sign
    assert_near(scores, matrix(expected["first20"]), bound)
    weights = found.score_weights.to_numpy()[:, order] * sign
    assert_near(weights, matrix(expected["weights"]), bound)


def test_scores_from_the_loadings_of_psych(reference: Reference) -> None:
    """The same loadings give the same weights, so that the error above is the loadings' alone."""
    block = reference.figures["fa"]["minres_oblimin"]
    loadings = matrix(block["loadings"])
    model = Model(
        matrix(reference.figures["correlation"]),
        loadings,
        matrix(block["phi"]),
        vector(block["uniquenesses"]),
    )
    for theirs, ours in (("Thurstone", "regression"), ("tenBerge", "ten_berge")):
        expected = matrix(block["scores"][theirs]["weights"])
        assert_near(score_weights(model, ours), expected, TIGHT)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["bfi", "vacmot"])
def test_polychoric(shared: Path, name: str) -> None:
    reference = Reference(shared, name)
    expected = reference.figures["polychoric"]
    values = reference.complete.to_numpy()
    codes = (values - values.min()).astype(np.int16)
    # psych's one-dimensional search stops at about 1e-5; with 0.5 in empty cells it takes
    # thresholds from each pair's filled table, ours always from the item's own margin
    plain = polychoric_of_codes(codes, correct=0.0)
    assert_near(plain.correlation, matrix(expected["correct_0"]["rho"]), 1e-4)
    filled = polychoric_of_codes(codes, correct=0.5, pair_margins=True)
    assert_near(filled.correlation, matrix(expected["correct_0.5"]["rho"]), 3e-4)
    ours = polychoric(reference.complete)
    assert_near(ours, matrix(expected["correct_0.5"]["rho"]), 1e-3)
    assert list(ours.columns) == list(reference.complete.columns)


@pytest.mark.parametrize("name", ["bfi", "vacmot"])
def test_thresholds(shared: Path, name: str) -> None:
    reference = Reference(shared, name)
    found = correlations(reference.complete, "polychoric").thresholds
    tau = reference.figures["polychoric"]["correct_0"]["tau"]
    if name == "vacmot":
        assert found is not None
        assert_near(found[1], vector(tau) if isinstance(tau, dict) else tau, 1e-8)
    else:
        assert found is not None
        assert_near(found, matrix(tau), 1e-8)


@pytest.mark.parametrize("name", ["bfi", "vacmot"])
def test_factors_of_polychoric_correlations(shared: Path, name: str) -> None:
    reference = Reference(shared, name)
    expected = reference.figures["polychoric"]["fa_minres_oblimin"]
    found = factor_analysis(
        reference.complete, reference.n_factors, correlation="polychoric", draws=1
    )
    theirs = matrix(expected["loadings"])
    order, sign = aligned(found.loadings.to_numpy(), theirs)
    # correlations differ by up to 3e-4 (empty cells), loadings by a little more
    assert_near(found.loadings.to_numpy()[:, order] * sign, theirs, 1e-3)
    phi = found.phi.to_numpy()[np.ix_(order, order)] * np.outer(sign, sign)
    assert_near(phi, matrix(expected["phi"]), 1e-3)
    assert_near(found.communalities, vector(expected["communalities"]), 1e-3)
    assert found.fit.degrees_of_freedom == expected["fit"]["dof"]
    assert found.fit.rmsr == pytest.approx(expected["fit"]["rms"], abs=1e-4)
