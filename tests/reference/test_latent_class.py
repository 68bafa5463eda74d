"""Latent classes beside poLCA (best of 8 to 50 starts, tolerance 1e-10)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.segmentation.basis import read
from persona.segmentation.fit import Data, Fit, prepare
from persona.segmentation.methods import METHODS

FILES = {"auto_motives": "auto"}
CASES = [
    *[("carcinoma", k) for k in (1, 2, 3, 4)],
    *[("gss82", k) for k in (1, 2, 3)],
    *[("election", k) for k in (1, 2, 3, 4, 5)],
    *[("vacmot", k) for k in (1, 2, 3, 4, 5, 6)],
    *[("auto_motives", k) for k in (1, 2, 3, 4)],
    *[("music_movie_taste", k) for k in (1, 2, 4)],
    *[("hobbies", k) for k in (1, 2, 3)],
]


@cache
def reference(shared: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / f"references/lca_{name}.json").read_text())
    return loaded


@cache
def answers(shared: Path, name: str, complete: bool = True) -> tuple[pd.DataFrame, Data]:
    ref = reference(shared, name)
    frame = pd.read_csv(shared / f"data/{FILES.get(name, name)}.csv")[ref["meta"]["items"]]
    for item, levels in ref["meta"]["level_order"].items():
        frame[item] = pd.Categorical(frame[item].astype("str"), levels)
    frame = frame.dropna() if complete else frame.dropna(how="all")
    return frame, prepare(read(frame, max_missing=0.99))


@cache
def fitted(shared: Path, name: str, k: int) -> tuple[Fit, Data]:
    _, data = answers(shared, name)
    options = {"starts": 20 if name == "hobbies" else 60, "tolerance": 1e-13}
    return METHODS["latent_class"].fit(data, k, np.random.default_rng(1), options), data


def by_size(fit: Fit, data: Data) -> np.ndarray:
    """Classes from the largest estimated share, as the reference numbers them."""
    return np.argsort(-(data.weights @ fit.memberships), kind="stable")


@pytest.mark.parametrize(("name", "k"), CASES)
def test_likelihood_and_criteria(shared: Path, name: str, k: int) -> None:
    fit, data = fitted(shared, name, k)
    ref = reference(shared, name)[f"k{k}"]
    assert fit.log_likelihood is not None
    assert fit.log_likelihood >= ref["log_likelihood"] - 1e-6
    assert fit.parameters == ref["npar"]
    if fit.log_likelihood < ref["log_likelihood"] + 1e-4:
        bic = -2 * fit.log_likelihood + fit.parameters * np.log(data.n)
        assert bic == pytest.approx(ref["bic"], abs=1e-5)


@pytest.mark.parametrize(("name", "k"), [case for case in CASES if case[1] > 1])
def test_shares_and_probabilities(shared: Path, name: str, k: int) -> None:
    """Shares and probabilities move by the root of what the likelihood still lacks: 1e-4."""
    fit, data = fitted(shared, name, k)
    ref = reference(shared, name)[f"k{k}"]
    assert fit.log_likelihood is not None
    assert fit.log_likelihood < ref["log_likelihood"] + 1e-4, "a better maximum than the reference"
    order = by_size(fit, data)
    shares = (data.weights @ fit.memberships / data.n)[order]
    assert shares == pytest.approx(np.atleast_1d(ref["class_sizes"]), abs=1e-4)
    counts = np.bincount(fit.labels, minlength=k)[order]
    assert np.abs(counts - np.array(ref["modal_class_counts"])).max() <= 1
    entropy = -(fit.memberships * np.log(np.maximum(fit.memberships, 1e-300))).sum()
    relative = 1 - entropy / (data.n * np.log(k))
    assert relative == pytest.approx(ref["relative_entropy"], abs=1e-4)
    made = fit.details["item_probabilities"]
    for item, table in zip(made, ref["item_probabilities"].values(), strict=True):
        assert made[item][order] == pytest.approx(np.array(table["data"]), abs=2e-4)


@pytest.mark.parametrize("name", ["vacmot", "carcinoma", "election"])
def test_posteriors(shared: Path, name: str) -> None:
    fit, data = fitted(shared, name, 3)
    ref = np.array(reference(shared, name)["k3"]["posterior_first20"]["data"])
    assert fit.memberships[:20][:, by_size(fit, data)] == pytest.approx(ref, abs=1e-4)


@pytest.mark.parametrize("k", [2, 3])
def test_missing_answers_are_left_out_of_the_likelihood(shared: Path, k: int) -> None:
    _, data = answers(shared, "election", complete=False)
    fit = METHODS["latent_class"].fit(data, k, np.random.default_rng(1), {"starts": 40})
    ref = reference(shared, "election")[f"with_partial_rows_k{k}"]
    assert data.n == ref["n"]
    assert fit.log_likelihood == pytest.approx(ref["log_likelihood"], abs=1e-5)


def test_covariate(shared: Path) -> None:
    frame, _ = answers(shared, "election")
    party = pd.read_csv(shared / "data/election.csv")["PARTY"].reindex(frame.index).dropna()
    data = prepare(read(frame.loc[party.index]))
    options = {"covariates": party.to_frame()}
    fit = METHODS["latent_class"].fit(data, 3, np.random.default_rng(1), options)
    ref = reference(shared, "election")["covariate_PARTY_k3"]
    assert fit.log_likelihood == pytest.approx(ref["log_likelihood"], abs=1e-5)
    assert fit.parameters == ref["npar"]
    order = by_size(fit, data)
    own = fit.details["coefficients"][order]
    own = (own - own[0])[1:].T
    assert own == pytest.approx(np.array(ref["coefficients"]["data"]), abs=2e-3)
