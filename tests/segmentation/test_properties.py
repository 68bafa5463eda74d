"""What must not change the segments, and what must hold whatever the answers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from persona.segmentation import em, segment
from persona.segmentation.agreement import adjusted_rand, cross_table, jaccard_of_table, match
from persona.segmentation.families import Categorical, CommonCovariance, independent

LIGHT = {"pairs": 0, "null_draws": 1}


def survey(seed: int = 0, n: int = 120) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, 3, n)
    means = draw.normal(0, 1.4, (3, 5))
    values = np.clip(np.round(4 + means[truth] + draw.normal(0, 0.7, (n, 5))), 1, 7)
    return pd.DataFrame(values, columns=list("vwxyz"), index=[f"p{i}" for i in range(n)])


@pytest.mark.parametrize("method", ["kmeans", "mixture", "latent_class", "ward"])
def test_order_of_rows_and_columns_has_no_effect(method: str) -> None:
    frame = survey()
    one = segment(frame, k=3, method=method, seed=4, **LIGHT)
    shuffled = frame.sample(frac=1, random_state=1)[list("zxvyw")]
    other = segment(shuffled, k=3, method=method, seed=4, **LIGHT)
    pd.testing.assert_series_equal(one.labels, other.labels.loc[frame.index])
    assert other.centres[list("vwxyz")].to_numpy() == pytest.approx(one.centres.to_numpy())


@pytest.mark.parametrize("method", ["kmeans", "mixture", "latent_class", "ward", "medoids"])
def test_a_weight_of_two_is_the_row_twice(method: str) -> None:
    frame = survey(2, 80)
    weights = pd.Series(np.random.default_rng(3).integers(1, 4, 80), index=frame.index)
    repeated = frame.loc[frame.index.repeat(weights)].reset_index(drop=True)
    weighted = segment(frame, k=3, method=method, weights=weights, **LIGHT)
    plain = segment(repeated, k=3, method=method, **LIGHT)
    labels = weighted.labels.loc[frame.index.repeat(weights)].to_numpy()
    assert adjusted_rand(labels, plain.labels) == pytest.approx(1.0)
    assert weighted.sizes["n_weighted"].to_numpy() == pytest.approx(plain.sizes["n"].to_numpy())
    assert weighted.centres.to_numpy() == pytest.approx(plain.centres.to_numpy(), abs=1e-6)


def test_same_seed_same_result_on_one_thread_and_on_two() -> None:
    frame = survey(5, 200)
    one = segment(frame, pairs=6, null_draws=7, threads=1, seed=11)
    two = segment(frame, pairs=6, null_draws=7, threads=2, seed=11)
    pd.testing.assert_series_equal(one.labels, two.labels)
    pd.testing.assert_frame_equal(one.probabilities, two.probabilities)
    pd.testing.assert_frame_equal(one.candidates, two.candidates)
    assert dict(one.verdict.values) == pytest.approx(dict(two.verdict.values), nan_ok=True)


def test_renaming_answers_changes_nothing() -> None:
    draw = np.random.default_rng(8)
    truth = draw.integers(0, 2, 150)
    chance = np.array([[0.85, 0.1, 0.05], [0.05, 0.15, 0.8]])
    codes = [[draw.choice(3, p=chance[t]) for t in truth] for _ in range(5)]
    frame = pd.DataFrame(
        {f"q{i}": pd.Categorical.from_codes(c, list("abc")) for i, c in enumerate(codes)}
    )
    renamed = frame.apply(lambda s: s.cat.rename_categories({"a": "zebra", "b": "yak", "c": "x"}))
    one = segment(frame, k=2, method="latent_class", **LIGHT)
    other = segment(renamed, k=2, method="latent_class", **LIGHT)
    assert adjusted_rand(one.labels, other.labels) == 1.0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_log_likelihood_never_falls(seed: int, k: int) -> None:
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(60, 3))
    ones = np.ones((60, 1))
    shown = np.hstack([np.eye(3)[draw.integers(0, 3, 60)] for _ in range(4)] + [ones])
    weights = draw.uniform(0.2, 2, (1, 60))
    for family in (
        Categorical(shown, (3, 3, 3, 3)),
        independent(values),
        CommonCovariance(np.hstack([values, ones])),
    ):
        labels = draw.integers(0, k, (1, 60))
        sums = em.sums_of_labels(labels, k, weights, family.statistics)
        path = [
            em.run(family, sums, weights, iterations=i, tolerance=-1.0).log_likelihood[0]
            for i in (1, 2, 5, 20)
        ]
        assert all(b >= a - 1e-7 * abs(a) for a, b in pairwise(path))


labels_of_40 = arrays(np.intp, 40, elements=st.integers(0, 3))


@given(labels_of_40, labels_of_40)
def test_adjusted_rand_is_symmetric_and_blind_to_names(a: np.ndarray, b: np.ndarray) -> None:
    assert adjusted_rand(a, b) == pytest.approx(adjusted_rand(b, a))
    assert adjusted_rand(a, b) <= 1 + 1e-12
    assert adjusted_rand(a, (b + 2) % 4) == pytest.approx(adjusted_rand(a, b))
    assert adjusted_rand(a, a) == 1.0


@given(labels_of_40)
def test_every_segment_matches_itself(a: np.ndarray) -> None:
    rows, columns = match(jaccard_of_table(cross_table(a, a)))
    assert (rows == columns).all()
