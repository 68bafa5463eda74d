"""Many respondents: what is measured on some of them, and whether that changes the segments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona.segmentation import segment
from persona.segmentation.agreement import adjusted_rand
from persona.segmentation.methods import kmeans, latent_class, mixture


def heaps(n: int, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Seven-point items of three segments that overlap a little."""
    draw = np.random.default_rng(seed)
    truth = draw.choice(3, n, p=[0.5, 0.3, 0.2])
    means = np.array([[2, 5, 3, 6], [5, 2, 4, 2], [6, 6, 1, 4]])
    values = np.clip(np.round(means[truth] + draw.normal(0, 1, (n, 4))), 1, 7)
    return pd.DataFrame(values, columns=list("abcd")), truth


def test_stability_of_many_is_measured_on_some_and_said() -> None:
    frame, truth = heaps(6000)
    result = segment(frame, k_range=(2, 3, 4), pairs=6, null_draws=6)
    assert (result.k, len(result.labels)) == (3, 6000)
    assert adjusted_rand(truth, result.labels) > 0.85
    assert result.stability.ari > 0.9
    assert result.stability.segments["jaccard"].between(0.9, 1).all()
    said = next(w for w in result.warnings if w.code == "segments.measured_on_some")
    assert "6000 respondents" in said.message and "on 5000 of them" in said.message


def test_fewer_are_measured_in_full() -> None:
    result = segment(heaps(400)[0], k=3, pairs=4, null_draws=2)
    assert "segments.measured_on_some" not in [w.code for w in result.warnings]


@pytest.mark.parametrize("method", ["kmeans", "mixture", "latent_class"])
def test_comparing_starts_on_some_finds_the_same_segments(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, _ = heaps(2400, 1)
    asked = {"k": 3, "method": method, "pairs": 0, "null_draws": 1, "k_range": (3,)}
    whole = segment(frame, **asked)
    for module in (kmeans, latent_class, mixture):
        monkeypatch.setattr(module, "SCREENED", 600)
    part = segment(frame, **asked)
    assert adjusted_rand(whole.labels, part.labels) > 0.98
    column = "within_ss" if method == "kmeans" else "log_likelihood"
    rows = [r.candidates.query("chosen")[column].iloc[0] for r in (whole, part)]
    assert rows[1] == pytest.approx(rows[0], rel=1e-4)
