"""Answers from lists alone: segments are told from traits that shade into each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona.segmentation import segment
from persona.segmentation.agreement import adjusted_rand
from persona.segmentation.basis import read
from persona.segmentation.fit import prepare
from persona.segmentation.traits import traits

LIGHT = {"pairs": 2, "null_draws": 12, "k_range": (2, 3, 4)}


def listed(codes: np.ndarray) -> pd.DataFrame:
    """Codes (respondents, questions) as answers from lists."""
    columns = {f"q{i}": pd.Categorical.from_codes(own, list("abcd")) for i, own in enumerate(codes)}
    return pd.DataFrame(columns)


def segments(seed: int, questions: int = 6, n: int = 500) -> tuple[pd.DataFrame, np.ndarray]:
    """Three segments that each have their own favourite answers."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, 3, n)
    chances = draw.dirichlet(np.full(4, 0.4), (questions, 3))
    codes = (draw.random((questions, n, 1)) > chances[:, truth].cumsum(axis=2)).sum(axis=2)
    return listed(codes.clip(0, 3)), truth


def leanings(seed: int, questions: int = 8, n: int = 500) -> pd.DataFrame:
    """Two normal traits that make answers likelier or not."""
    draw = np.random.default_rng(seed)
    lean = draw.standard_normal((n, 2)) @ draw.normal(0, 0.9, (questions, 2, 4))
    return listed((lean + draw.gumbel(size=lean.shape)).argmax(axis=2))


@pytest.mark.parametrize("seed", range(4))
def test_clear_segments_of_list_answers_are_found(seed: int) -> None:
    frame, truth = segments(seed)
    result = segment(frame, **LIGHT)
    assert result.k == 3
    assert adjusted_rand(truth, result.labels) > 0.75


@pytest.mark.parametrize("seed", range(3))
def test_traits_are_no_segments(seed: int) -> None:
    assert segment(leanings(seed), **LIGHT).verdict.word == "none"


def test_surveys_of_traits_answer_and_vary_as_the_data_do() -> None:
    frame = leanings(5, n=2000).assign(yes=np.random.default_rng(0).random(2000) < 0.3, size=1.0)
    frame["size"] = np.exp(np.random.default_rng(1).standard_normal(2000))
    data = prepare(read(frame))
    drawn = traits(data, np.random.default_rng(2)).draw(4000, np.random.default_rng(3))
    for mine, theirs in zip(data.basis.columns, drawn, strict=True):
        if mine.kind == "numeric":
            quantiles = [np.quantile(c.values, [0.1, 0.5, 0.9]) for c in (mine, theirs)]
            assert quantiles[1] == pytest.approx(quantiles[0], rel=0.15)
        else:
            width = len(mine.levels)
            shares = [np.bincount(c.values.astype(int), minlength=width) for c in (mine, theirs)]
            assert shares[1] / 4000 == pytest.approx(shares[0] / 2000, abs=0.04)
    spread = data.components.scores(data.space.points(drawn)).var(axis=0)
    assert spread == pytest.approx(data.components.eigenvalues[: data.components.q], rel=0.15)


def test_small_differences_between_classes_of_lists_count() -> None:
    draw = np.random.default_rng(3)
    truth = draw.integers(0, 4, 900)
    chances = np.full((12, 4, 4), 0.1)
    for question in range(12):
        favourite = draw.permutation(4)
        favourite[3] = favourite[2] if question > 3 else favourite[3]
        chances[question, np.arange(4), favourite] = 0.7
    codes = (draw.random((12, 900, 1)) > chances[:, truth].cumsum(axis=2)).sum(axis=2)
    result = segment(listed(codes.clip(0, 3)), **{**LIGHT, "k_range": (2, 3, 4, 5)})
    assert result.k == 4
