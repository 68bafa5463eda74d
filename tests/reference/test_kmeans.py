"""k-means, Ward, stability, silhouette and Gower beside R (stats, cluster, flexclust, fpc)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.segmentation import evidence, stability
from persona.segmentation.agreement import adjusted_rand
from persona.segmentation.basis import read
from persona.segmentation.fit import Data, prepare
from persona.segmentation.gower import gower, ranges
from persona.segmentation.methods import METHODS

SETS = ("vacmot", "bfi_scales", "marketing_campaign", "auto_motives", "scotch")
FILES = {"bfi_scales": "bfi", "auto_motives": "auto"}
REVERSED = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}


@cache
def reference(shared: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / f"references/{name}.json").read_text())
    return loaded


@cache
def prepared(shared: Path, name: str) -> Data:
    meta = reference(shared, f"cluster_{name}")["meta"]
    frame = pd.read_csv(shared / f"data/{FILES.get(name, name)}.csv")
    if name == "bfi_scales":
        frame = pd.DataFrame(
            {
                scale: sum(7 - frame[i] if i in REVERSED else frame[i] for i in items) / 5
                for scale, items in (
                    (s, [f"{s[0].upper()}{i}" for i in range(1, 6)]) for s in meta["columns"]
                )
            }
        )
    else:
        frame = frame[meta["columns"]]
    for column in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[column]):
            frame[column] = frame[column].str.lower().eq("yes").astype(float)
    frame = frame.dropna()
    if meta["scaled"]:
        frame = (frame - frame.mean()) / frame.std()
    kinds = dict.fromkeys(frame.columns, "numeric") if meta["scaled"] else None
    return prepare(read(frame, kinds=kinds), standardise=False)


@pytest.mark.parametrize(
    ("name", "k"),
    [
        pytest.param(name, k, marks=[pytest.mark.slow] if name == "scotch" and k > 4 else [])
        for name in SETS
        for k in range(2, 9)
    ],
)
def test_kmeans_reaches_the_optimum(shared: Path, name: str, k: int) -> None:
    """Equal where many starts of R agreed; within .2 % where R found it a few times in 3000."""
    data = prepared(shared, name)
    fit = METHODS["kmeans"].fit(data, k, np.random.default_rng(0), {"starts": 100, "rounds": 40})
    ref = reference(shared, f"kmeans_{name}")[f"k{k}"]
    often = ref["starts_at_best"] > 100
    assert fit.details["within_ss"] <= ref["tot_withinss"] * (1 + (1e-9 if often else 2e-3))
    if often and fit.details["within_ss"] > ref["tot_withinss"] * (1 - 1e-9):
        assert adjusted_rand(fit.labels, ref["labels"]) == pytest.approx(1.0)
        centres = data.space.own_units(fit.details["coordinates"])
        centres = centres[np.argsort(-np.bincount(fit.labels), kind="stable")]
        assert centres == pytest.approx(np.array(ref["centers"]["data"]), abs=1e-8)


def test_ward_tree(shared: Path) -> None:
    """On data without tied distances the tree is the same; tied data depend on their order."""
    data = prepared(shared, "marketing_campaign")
    ref = reference(shared, "cluster_marketing_campaign")["hierarchical"]
    for k in range(2, 9):
        fit = METHODS["ward"].fit(data, k, np.random.default_rng(0), {"consolidate": False})
        assert fit.details["within_ss"] == pytest.approx(ref[f"ward_k{k}"]["within_ss"], rel=1e-10)
        assert adjusted_rand(fit.details["cut"], ref[f"ward_k{k}"]["labels"]) == 1.0
    assert fit.details["heights"][-20:] == pytest.approx(ref["ward_last_heights"], rel=1e-10)


@pytest.mark.parametrize("name", ["vacmot", "bfi_scales"])
def test_silhouettes_of_given_labels(shared: Path, name: str) -> None:
    data, ref = prepared(shared, name), reference(shared, f"cluster_{name}")
    far = evidence.distances(data.points)
    for k in (2, 5, 8):
        labels = np.array(ref["kmeans"][f"k{k}"]["labels"])
        own = evidence.silhouettes(far, labels)
        known = ref["validity"][f"k{k}"]
        assert own.mean() == pytest.approx(known["kmeans_silhouette"], abs=1e-8)
        assert own[:20] == pytest.approx(known["silhouette_first20"], abs=1e-8)
        ward = np.array(ref["hierarchical"][f"ward_k{k}"]["labels"])
        table = ref["agreement"][f"kmeans_vs_ward_k{k}"]
        assert adjusted_rand(labels, ward) == pytest.approx(table["adjusted_rand"], abs=1e-10)


@pytest.mark.parametrize("name", ["vacmot", "auto_motives"])
def test_bootstrap_stability(shared: Path, name: str) -> None:
    """Means over 60 and 100 pairs of samples differ by chance; five standard errors allowed."""
    data = prepared(shared, name)
    ref = reference(shared, f"cluster_{name}")["flexclust"]["boot_adjusted_rand"]
    pairs, _ = stability.rand_by_k(
        data, METHODS["kmeans"], range(2, 9), 60, np.random.default_rng(0), {"resample_starts": 5}
    )
    for k in range(2, 9):
        spread = max(pairs[k].std(), ref["sd"][str(k)])
        allowed = 5 * spread * np.sqrt(1 / 60 + 1 / ref["nboot"])
        assert pairs[k].mean() == pytest.approx(ref["mean"][str(k)], abs=allowed)


def test_segment_stability(shared: Path) -> None:
    """flexclust's is a mean over samples too: .08 is allowed, the spread of its replicates."""
    data = prepared(shared, "vacmot")
    ref = reference(shared, "cluster_vacmot")["flexclust"]["slsw"]
    fit = METHODS["kmeans"].fit(data, ref["k"], np.random.default_rng(3), {"rounds": 60})
    _, labels = stability.rand_by_k(
        data, METHODS["kmeans"], [ref["k"]], 100, np.random.default_rng(0), {"resample_starts": 5}
    )
    own = stability.segment_stability(fit.labels, labels[ref["k"]], ref["k"])
    # matched by value: both solutions have the same six segments, of slightly different size
    assert np.sort(own["jaccard"]) == pytest.approx(np.sort(ref["mean"]), abs=0.08)


def test_stability_across_solutions(shared: Path) -> None:
    ref = reference(shared, "cluster_vacmot")["flexclust"]
    divisions = {k: np.array(ref["labels"][f"k{k}"]) - 1 for k in range(2, 9)}
    nodes = evidence.lineage(divisions, np.ones(1000)).nodes
    for k in range(3, 9):
        own = nodes.loc[nodes["k"] == k, "stability"]
        known = 1 - np.array(ref["slsa_entropy"][f"into_k{k}"])
        assert np.sort(own) == pytest.approx(np.sort(known), abs=1e-8)


ORDERED = {
    "drive_char": ["gentle", "speedy", "powerfull", "extreme"],
    "tempo": ["< 130", "130-150", "150-180", "> 180"],
    "consumption": ["low", "ok", "high", "too high"],
    "household": ["1-2", ">=3"],
}


@pytest.mark.parametrize("name", ["auto_profile", "marketing_profile"])
def test_gower_and_medoids(shared: Path, name: str) -> None:
    ref = reference(shared, f"gower_{name}")
    call = ref["meta"]["call"]
    frame = pd.read_csv(shared / f"data/{call['file']}.csv")[call["cols"]]
    kinds = {}
    for column in frame.columns:
        if column in call.get("ordered", {}):
            frame[column] = pd.Categorical(frame[column], ORDERED[column], ordered=True)
        elif not pd.api.types.is_numeric_dtype(frame[column]):
            frame[column] = frame[column].astype("category")
        else:
            kinds[column] = "numeric"
    data = prepare(read(frame if call.get("keep_na") else frame.dropna(), kinds=kinds))
    columns = data.basis.columns
    far = gower(columns, columns, ranges(columns))
    known = np.array(ref["distances_first20"]["data"])
    assert far[:20, :20] == pytest.approx(known, abs=1e-12)
    assert far[np.triu_indices(len(far), 1)].mean() == pytest.approx(
        ref["mean_distance"], abs=1e-12
    )
    assert far.max() == pytest.approx(ref["max_distance"], abs=1e-12)
    for k in range(2, 7):
        fit = METHODS["medoids"].fit(data, k, np.random.default_rng(0), {})
        assert fit.details["objective"] <= ref["pam"][f"k{k}"]["objective_swap"] + 1e-12


@pytest.mark.parametrize(
    ("name", "k"),
    [("vacmot", 6), ("vacmot", 4), ("bfi_scales", 4), ("bfi_scales", 3), ("auto_motives", 4)],
)
def test_segments_are_found_again_as_by_clusterboot(shared: Path, name: str, k: int) -> None:
    """fpc draws 100 samples, counts each drawn respondent once, and compares those drawn.

    Both figures are means over 100 random samples: four standard errors of their difference are
    allowed, with a hundredth for the starts of a sample (20 here and there, drawn otherwise).
    """
    data = prepared(shared, name)
    ref = reference(shared, f"cluster_{name}")["clusterboot"][f"kmeans_k{k}"]
    fit = METHODS["kmeans"].fit(data, k, np.random.default_rng(0), {"starts": 100, "rounds": 40})
    order = np.argsort(-np.bincount(fit.labels), kind="stable")
    assert np.bincount(fit.labels)[order].tolist() == ref["sizes"], "another division"
    weights = stability.samples_once(data, 100, np.random.default_rng(1))
    options = {"resample_starts": 20}
    again = METHODS["kmeans"].resample(data, k, weights, np.random.default_rng(2), options)
    own = stability.segment_stability(fit.labels, again, k, (again, weights)).iloc[order]
    spread = np.array(ref["sd_jaccard"])
    allowed = 4 * spread * np.sqrt(2 / 100) + 0.01
    assert (np.abs(own["jaccard"] - ref["mean_jaccard"]) <= allowed).all()
    # shares of 100 samples on either side of a limit: the standard error is at most .07
    for word in ("recovered", "dissolved"):
        assert own[word].to_numpy() == pytest.approx(np.array(ref[word]) / 100, abs=0.28)


@pytest.mark.parametrize(
    ("name", "covariance", "model", "most"),
    [
        ("bfi_scales", "common", "EEE", 4),
        ("bfi_scales", "own", "VVV", 4),
        ("marketing_campaign", "common", "EEE", 4),
        # with four, one segment falls onto answers that are all alike: no maximum to compare
        ("marketing_campaign", "own", "VVV", 3),
    ],
)
def test_mixtures_reach_mclust(
    shared: Path, name: str, covariance: str, model: str, most: int
) -> None:
    """One segment: the same BIC. More: as good or better, for mclust begins at one tree alone.

    All components are kept here, so that the mixture on them is that on the variables.
    """
    data = prepared(shared, name)
    table = reference(shared, f"cluster_{name}")["mclust"]["bic_table"]
    for k in range(1, most + 1):
        options = {"covariance": covariance}
        fit = METHODS["mixture"].fit(data, k, np.random.default_rng(0), options)
        assert fit.log_likelihood is not None and fit.parameters is not None
        own = 2 * fit.log_likelihood - fit.parameters * np.log(data.n)
        known = table["data"][k - 1][table["cols"].index(model)]
        if k == 1:
            assert own == pytest.approx(known, rel=1e-9)
        assert own >= known - 1e-6 * abs(known)
