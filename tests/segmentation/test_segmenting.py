"""Segments from a table of bases, end to end."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona.errors import AnalysisError
from persona.segmentation import segment
from persona.segmentation.agreement import adjusted_rand
from persona.segmentation.methods import METHODS

QUICK = {"pairs": 10, "null_draws": 19}


def planted(n: int = 300, seed: int = 0, gap: float = 1.6) -> tuple[pd.DataFrame, np.ndarray]:
    """Five-point items that three segments answer differently; sizes 50, 30 and 20 percent."""
    draw = np.random.default_rng(seed)
    truth = np.repeat([0, 1, 2], [n // 2, n * 3 // 10, n - n // 2 - n * 3 // 10])
    means = gap * np.array([[1, 1, 1, -1, -1, -1], [-1, -1, -1, 1, 1, 1], [1, -1, 1, -1, 1, 1]])
    latent = means[truth] * 0.6 + draw.standard_normal((n, 6)) * 0.7
    values = np.clip(np.round(3 + latent), 1, 5)
    return pd.DataFrame(values, columns=list("abcdef"), index=[f"r{i}" for i in range(n)]), truth


@pytest.fixture(scope="module")
def answers() -> tuple[pd.DataFrame, np.ndarray]:
    return planted()


def test_auto_finds_the_planted_segments(answers: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame, truth = answers
    result = segment(frame, **QUICK)
    assert result.k == 3
    assert adjusted_rand(truth, result.labels) > 0.85
    assert result.verdict.word == "natural"
    assert result.sizes["n"].is_monotonic_decreasing
    assert result.probabilities.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert (result.probabilities.to_numpy().argmax(axis=1) + 1 == result.labels).all()


def test_stability_is_that_of_the_method_reported(
    answers: tuple[pd.DataFrame, np.ndarray],
) -> None:
    result = segment(answers[0], **QUICK)
    assert result.method == "latent_class"
    table = result.candidates.set_index(["method", "k"])["stability"]
    assert result.stability.ari == pytest.approx(table["latent_class", result.k])
    assert result.stability.ari == pytest.approx(result.stability.pairs[result.k].mean())
    assert result.stability.ari != pytest.approx(table["mixture", result.k], abs=1e-12)
    by_k = result.stability.by_k
    assert by_k.loc[result.k, "method"] == "latent_class"
    assert (by_k["method"].drop(result.k) == "mixture").all()
    assert by_k["mean"].drop(result.k).to_numpy() == pytest.approx(
        table["mixture"].drop(index=[1, result.k]).to_numpy()
    )


def test_no_segments_is_an_answer() -> None:
    draw = np.random.default_rng(1)
    common = draw.standard_normal((500, 1))
    values = np.clip(np.round(3 + common + draw.standard_normal((500, 8))), 1, 5)
    result = segment(pd.DataFrame(values).rename(columns=str), **QUICK)
    assert (result.verdict.word, result.k) == ("none", 1)
    assert set(result.labels) == {1}
    assert [w.code for w in result.warnings] == ["segments.none"]


def test_what_is_asked_for_is_given_with_the_evidence_against_it() -> None:
    draw = np.random.default_rng(2)
    frame = pd.DataFrame(draw.standard_normal((400, 5)), columns=list("abcde"))
    result = segment(frame, k=3, method="kmeans", **QUICK)
    assert (result.k, result.method) == (3, "kmeans")
    assert result.verdict.word in ("constructed", "reproducible")
    assert "segments.no_evidence" in [w.code for w in result.warnings]


@pytest.mark.parametrize("method", [name for name, way in METHODS.items() if not way.fixed_k])
def test_every_method_recovers_clear_segments(
    method: str, answers: tuple[pd.DataFrame, np.ndarray]
) -> None:
    frame, truth = answers
    result = segment(frame, k=3, method=method, **QUICK)
    assert adjusted_rand(truth, result.labels) > 0.8
    again = result.assign(frame)
    assert (again.labels == result.labels).all()


def test_who_answered_nothing_is_listed(answers: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame = answers[0].copy()
    frame.iloc[[4, 9]] = np.nan
    frame.iloc[20, :5] = np.nan
    result = segment(frame, k=3, **QUICK)
    assert result.labels.isna().sum() == 3
    assert list(result.unassignable.index) == ["r4", "r9", "r20"]
    assert result.unassignable.loc["r4", "reason"] == "no basis answered"
    assert result.n == 297


@pytest.mark.parametrize("k", [0, -1, 2.5, "three", True])
def test_impossible_numbers_are_refused(
    k: object, answers: tuple[pd.DataFrame, np.ndarray]
) -> None:
    with pytest.raises(AnalysisError) as raised:
        segment(answers[0], k=k)  # type: ignore[arg-type]
    assert raised.value.problems[0].code == "segments.k"


def test_more_segments_than_patterns_is_refused() -> None:
    frame = pd.DataFrame({"a": [0, 1] * 20, "b": [1, 0] * 20})
    with pytest.raises(AnalysisError) as raised:
        segment(frame, k=3)
    assert raised.value.problems[0].code == "segments.k_too_large"


def test_identical_respondents_are_refused() -> None:
    frame = pd.DataFrame({"a": [3] * 30, "b": [2] * 30})
    with pytest.raises(AnalysisError) as raised:
        segment(frame)
    assert raised.value.problems[-1].code == "segments.no_variation"


@pytest.mark.parametrize("method", ["auto", "kmeans"])
def test_progress_tells_the_share_of_the_whole(
    answers: tuple[pd.DataFrame, np.ndarray], method: str
) -> None:
    told: list[tuple[str, float]] = []
    segment(answers[0], method=method, progress=lambda *one: told.append(one), **QUICK)
    shares = [share for _, share in told]
    assert shares == sorted(shares) and 0 <= shares[0] < 0.1 and 0.9 < shares[-1] <= 1
    assert len({title for title, _ in told}) > 5
