"""Real surveys go through the whole chain, and its figures are those R gives for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

import persona
from persona.study import StudyResult

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def ran(shared: Path) -> Callable[[str], StudyResult]:
    """Run a study once for all tests of this file."""
    kept: dict[str, StudyResult] = {}

    def run(name: str) -> StudyResult:
        assert (shared / "data" / f"{name}.csv").is_file()
        if name not in kept:
            kept[name] = persona.Study.load(HERE / name).run()
        return kept[name]

    return run


def reference(shared: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / "references" / f"{name}.json").read_text())
    return loaded


def table(figures: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(figures["data"], index=figures["rows"], columns=figures["cols"])


def turned(items: list[str]) -> np.ndarray:
    """-1 where the questionnaire turns the item: R kept the answers as they were given."""
    reverse = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
    return np.array([-1.0 if item in reverse else 1.0 for item in items])


def test_bfi_factors_are_those_of_psych(ran: Callable[[str], StudyResult], shared: Path) -> None:
    psych = reference(shared, "psych_bfi")
    solution = ran("bfi").factors["personality"]
    theirs = table(psych["fa"]["minres_oblimin"]["loadings"])
    items = list(theirs.index)
    ours = solution.loadings.loc[items].to_numpy() * turned(items)[:, None]
    # Factors are free in order and sign: each of ours goes with the one of theirs it follows most.
    follow = ours.T @ theirs.to_numpy()
    order = np.abs(follow).argmax(axis=1)
    assert sorted(order) == [0, 1, 2, 3, 4]
    signs = np.sign(follow[np.arange(5), order])
    # psych stops at its optimiser's tolerance: loadings are good to about 1e-4.
    np.testing.assert_allclose(ours * signs, theirs.to_numpy()[:, order], atol=2e-4)
    theirs_phi = np.asarray(psych["fa"]["minres_oblimin"]["phi"]["data"])[np.ix_(order, order)]
    np.testing.assert_allclose(
        solution.phi.to_numpy() * np.outer(signs, signs), theirs_phi, atol=2e-4
    )
    communalities = pd.Series(psych["fa"]["minres_oblimin"]["communalities"])
    np.testing.assert_allclose(solution.communalities[items], communalities[items], atol=2e-5)


def test_bfi_adequacy_is_that_of_psych(ran: Callable[[str], StudyResult], shared: Path) -> None:
    psych = reference(shared, "psych_bfi")
    adequacy = ran("bfi").factors["personality"].adequacy
    assert adequacy.kmo.overall == pytest.approx(psych["kmo"]["overall"], abs=1e-8)
    assert adequacy.bartlett.chi_square == pytest.approx(psych["bartlett"]["chisq"], rel=1e-8)


def test_bfi_shades_without_segments(ran: Callable[[str], StudyResult]) -> None:
    result = ran("bfi")
    assert result.segmentation.k == 1
    assert result.segmentation.verdict.word == "none"
    assert len(result.personas) == 1


def test_vacmot_segments_reach_the_best_within_sum_of_squares(
    ran: Callable[[str], StudyResult], shared: Path
) -> None:
    result = ran("vacmot")
    answers = result.matrix.frame.to_numpy(dtype=float)
    labels = result.segmentation.labels.to_numpy(dtype=int)
    within = sum(
        ((answers[labels == k] - answers[labels == k].mean(axis=0)) ** 2).sum() for k in range(1, 7)
    )
    best = reference(shared, "kmeans_vacmot")["k6"]
    # The best of 3,000 starts in R; 1 in 1,000 is what a few hundred starts may lose.
    assert within <= best["tot_withinss"] * 1.001
    assert adjusted_rand_score(best["labels"], labels) > 0.9


def test_hobbies_map_is_that_of_factominer(ran: Callable[[str], StudyResult], shared: Path) -> None:
    theirs = table(reference(shared, "mca_hobbies")["eigenvalues"]).iloc[:, 0]
    ours = ran("hobbies").maps["categories"].eigenvalues.to_numpy()
    shared_axes = min(len(ours), len(theirs))
    np.testing.assert_allclose(ours[:shared_axes], theirs[:shared_axes], rtol=1e-8)
    assert shared_axes >= 5


def test_hobbies_classes_are_those_of_polca(
    ran: Callable[[str], StudyResult], shared: Path
) -> None:
    theirs = reference(shared, "lca_hobbies")["k4"]
    segmentation = ran("hobbies").segmentation
    row = segmentation.candidates.query("method == 'latent_class' and k == 4").iloc[0]
    assert row["log_likelihood"] >= theirs["log_likelihood"] - 1e-3
    assert row["bic"] <= theirs["bic"] + 2e-3
    assert segmentation.sizes["n"].tolist() == sorted(theirs["modal_class_counts"], reverse=True)


def test_hdv2003_weighted_map_is_that_of_factominer(
    ran: Callable[[str], StudyResult], shared: Path
) -> None:
    result = ran("hdv2003")
    assert result.responses.weighted
    theirs = table(reference(shared, "mca_hdv2003_weighted")["eigenvalues"]).iloc[:, 0]
    ours = result.maps["categories"].eigenvalues.to_numpy()
    np.testing.assert_allclose(ours[: len(theirs)], theirs[: len(ours)], rtol=1e-8)


def test_hdv2003_design_effect_is_that_of_survey(
    ran: Callable[[str], StudyResult], shared: Path
) -> None:
    from persona.study.reporting import study_report

    kish = reference(shared, "crosstab_hdv2003_sport_by_sex")["weighted"]["overall_kish"]
    summary = study_report(ran("hdv2003")).weights
    assert summary.deff == pytest.approx(kish["design_effect"], rel=1e-8)
    assert summary.effective_n == pytest.approx(kish["effective_n"], rel=1e-8)


def test_marketing_segments_are_those_of_the_long_search(
    ran: Callable[[str], StudyResult], shared: Path
) -> None:
    """R left 24 customers without income out; the others fall as there."""
    best = reference(shared, "kmeans_marketing_campaign")["k4"]
    result = ran("marketing_campaign")
    complete = result.responses.frame["income"].notna()
    labels = result.segmentation.labels[complete.to_numpy()]
    assert adjusted_rand_score(best["labels"], labels) > 0.95


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bfi", "vacmot", "hobbies", "hdv2003", "marketing_campaign"])
def test_every_real_study_writes_its_whole_output(
    ran: Callable[[str], StudyResult], name: str, tmp_path: Path
) -> None:
    result = ran(name)
    folder = tmp_path / "out"
    assert result.write(folder).files[0] == folder / "index.html"
    written = {path.name for path in folder.iterdir()}
    assert {"index.html", "report.pdf", "tables.xlsx", "workbook.xlsx", "results.json"} <= written
    assert len(list((folder / "personas").glob("*.pdf"))) == result.segmentation.k
    figures = (folder / "results.json").read_text("utf-8")
    assert "NaN" not in figures and "Infinity" not in figures
