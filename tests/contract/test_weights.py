"""Whole weights say the same as repeated rows, in every call that takes weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import persona
from persona.analysis import mixed_data_analysis


def people(n: int = 240) -> pd.DataFrame:
    """Answers of two kinds of people to eight items and two questions."""
    draw = np.random.default_rng(11)
    kind = np.arange(n) % 3 == 0
    common = draw.standard_normal((n, 2)) * 0.8 + np.where(kind, 1.1, -0.6)[:, None]
    items = np.clip(np.round(3 + np.repeat(common, 4, axis=1) + draw.normal(0, 0.9, (n, 8))), 1, 5)
    frame = pd.DataFrame(items, columns=list("abcdefgh"))
    frame["sex"] = pd.Categorical(np.where(draw.random(n) < 0.3 + 0.4 * kind, "woman", "man"))
    frame["town"] = pd.Categorical(draw.choice(["large", "small", "village"], n))
    return frame


ITEMS = list("abcdefgh")
CALLS: dict[str, Callable[[pd.DataFrame, object], np.ndarray]] = {
    "kmo": lambda f, w: persona.kmo(f[ITEMS], w).items.to_numpy(),
    "alpha": lambda f, w: np.array([persona.alpha(f[ITEMS[:4]], w).raw]),
    "omega": lambda f, w: np.array([persona.omega(f[ITEMS], weights=w).total]),
    "polychoric": lambda f, w: persona.polychoric(f[ITEMS], w).to_numpy(),
    "factor_analysis": lambda f, w: persona.factor_analysis(
        f[ITEMS], n_factors=2, weights=w
    ).loadings.to_numpy(),
    "multiple_correspondence_analysis": lambda f, w: persona.multiple_correspondence_analysis(
        f[["sex", "town"]], weights=w
    ).category_coordinates.abs().to_numpy(),
    "mixed_data_analysis": lambda f, w: mixed_data_analysis(
        f[["a", "e", "sex"]], weights=w
    ).eigenvalues.to_numpy(),
    "crosstab": lambda f, w: persona.crosstab(f, "town", "sex", weights=w).percent.to_numpy(
        dtype=float
    ),
    "rake": lambda f, w: np.array(
        [persona.rake(f, {"sex": {"man": 1, "woman": 1}}, w).weights[f["sex"] == "man"].sum()
         / persona.rake(f, {"sex": {"man": 1, "woman": 1}}, w).weights.sum()]
    ),
    "segment": lambda f, w: persona.segment(
        f[ITEMS], k=2, method="kmeans", weights=w, pairs=0, null_draws=3
    ).centres.to_numpy(dtype=float),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_whole_weights_are_repeated_rows(name: str) -> None:
    frame = people()
    times = np.random.default_rng(4).integers(1, 4, len(frame))
    repeated = frame.loc[np.repeat(frame.index, times)].reset_index(drop=True)
    ours = CALLS[name](frame, pd.Series(times.astype(float)))
    theirs = CALLS[name](repeated, None)
    # Iterative fits and searches stop at their tolerance, everything else is exact.
    tolerance = 1e-4 if name in ("polychoric", "factor_analysis", "omega", "segment") else 1e-8
    np.testing.assert_allclose(ours, theirs, atol=tolerance)
