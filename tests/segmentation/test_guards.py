"""Each guard speaks when it should and is silent otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from persona.errors import AnalysisError
from persona.segmentation import Segmentation, segment
from persona.segmentation.crossing import cross
from persona.segmentation.heldout import held_out

LIGHT = {"pairs": 0, "null_draws": 1}


def codes(result: Segmentation) -> set[str]:
    return {problem.code for problem in result.warnings}


def attitudes(n: int = 600, p: int = 6, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, 2, n)
    side = np.where(np.arange(p) % 2 == 0, 1, -1) * np.where(truth == 0, 1, -1)[:, None]
    values = np.clip(np.round(3 + side + draw.normal(0, 0.8, (n, p))), 1, 5)
    return pd.DataFrame(values, columns=[f"q{i}" for i in range(p)]), truth


def test_nothing_is_said_of_sound_bases() -> None:
    result = segment(attitudes()[0], k=2, method="kmeans", **LIGHT)
    assert codes(result) <= {"segments.response_style_measured", "segments.no_evidence"}
    table = result.tables["response_style"].set_index("measure")["value"]
    assert table["share of the difference that is the own mean"] < 0.1
    assert table["adjusted Rand index with the centred division"] > 0.9


def test_response_style_is_measured_and_shown_beside_the_centred_division() -> None:
    draw = np.random.default_rng(1)
    own = draw.normal(0, 1.4, (600, 1))
    values = np.clip(np.round(4 + own + draw.normal(0, 0.8, (600, 6))), 1, 7)
    frame = pd.DataFrame(values, columns=[f"q{i}" for i in range(6)])
    result = segment(frame, k=2, method="kmeans", **LIGHT)
    assert "segments.response_style" in codes(result)
    table = result.tables["response_style"].set_index("measure")["value"]
    assert table["share of the difference that is the own mean"] > 0.9
    beside = result.tables["centred"]
    assert {"segment", "basis", "value", "value_centred"} <= set(beside.columns)
    assert set(beside["segment"]) == {1, 2}
    first = beside[beside["segment"] == 1].set_index("basis")["value"]
    assert first.to_numpy() == pytest.approx(result.centres.loc[1, first.index].to_numpy())


def test_twins_dominance_and_too_few_respondents() -> None:
    frame, _ = attitudes(200)
    frame["copy"] = frame["q0"]
    assert "segments.twins" in codes(segment(frame, k=2, method="kmeans", **LIGHT))
    assert "segments.few_respondents" in codes(segment(frame, k=2, method="kmeans", **LIGHT))
    draw = np.random.default_rng(2)
    lone = pd.DataFrame(draw.normal(size=(400, 4)), columns=list("abcd"))
    lone["a"] = np.where(np.arange(400) < 200, -1.0, 1.0) + draw.normal(0, 0.05, 400)
    lone["a"] *= 20
    found = segment(lone, k=2, method="kmeans", standardise=False, **LIGHT)
    assert "segments.dominant" in codes(found)
    assert found.tables["bases"].set_index("basis")["share"].idxmax() == "a"


def test_junk_answers_and_outliers() -> None:
    draw = np.random.default_rng(3)
    rows = draw.choice(["yes", "no"], (400, 5)).astype(object)
    rows[:80] = "don't know"
    frame = pd.DataFrame(rows, columns=list("abcde")).astype("category")
    assert "segments.junk" in codes(segment(frame, k=2, method="latent_class", **LIGHT))
    values = draw.normal(size=(300, 4))
    values[:3] += 60
    far = pd.DataFrame(values, columns=list("abcd"))
    result = segment(far, k=2, method="kmeans", standardise=False, **LIGHT)
    assert "segments.outliers" in codes(result)
    assert "segments.small" in codes(result)


def test_a_held_out_test_is_not_circular() -> None:
    draw = np.random.default_rng(4)
    noise = pd.DataFrame(draw.normal(size=(400, 6)), columns=list("abcdef"))
    assert held_out(noise, k=3)["p_adjusted"].min() > 0.01
    real, _ = attitudes(400)
    table = held_out(real, k=2)
    assert table["p_adjusted"].max() < 1e-6
    assert table["basis"].tolist() == list(real.columns)
    with pytest.raises(AnalysisError):
        held_out(real.head(20), k=2)


def test_crossing() -> None:
    needs = pd.Series([1] * 60 + [2] * 40)
    value = pd.Series([1] * 40 + [2] * 60)
    found = cross({"needs": needs, "value": value})
    cells = found.cells.set_index(["needs", "value"])
    assert cells["n"].to_dict() == {(1, 1): 40, (1, 2): 20, (2, 1): 0, (2, 2): 40}
    assert cells.loc[(1, 1), "index"] == pytest.approx(100 * 0.4 / 0.24)
    assert found.labels.iloc[0] == "1 x 1"
    assert found.agreement.loc[0, "cramer_v"] == pytest.approx(2 / 3)
    assert found.warnings[0].values["count"] == 2
    with pytest.raises(AnalysisError):
        cross({"needs": needs})
