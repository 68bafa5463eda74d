"""Few items on coarse scales: two kinds of people are found, and the grid is not taken for more."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import persona
from persona.segmentation.agreement import adjusted_rand


def answers(items: int, seed: int, apart: float) -> tuple[pd.DataFrame, np.ndarray]:
    draw = np.random.default_rng([seed, items])
    kind = draw.integers(0, 2, 240)
    turned = draw.choice([-1.0, 1.0], items)
    latent = apart * np.where(kind, 1.0, -1.0)[:, None] * turned
    latent = latent + 0.7 * draw.standard_normal((240, items))
    values = np.clip(np.round(3 + latent), 1, 5)
    return pd.DataFrame(values, columns=[f"q{number}" for number in range(items)]), kind


@pytest.mark.parametrize("items", [3, 4, 6, 10])
def test_two_kinds_of_people_are_two_segments(items: int) -> None:
    frame, kind = answers(items, 1, 1.2)
    found = persona.segment(frame, seed=0, pairs=4)
    assert found.k == 2 and str(found.verdict) == "natural"
    assert adjusted_rand(found.labels.to_numpy(int), kind) > 0.9


@pytest.mark.parametrize("items", [4, 8])
def test_one_inclination_that_shades_is_none(items: int) -> None:
    draw = np.random.default_rng(items)
    latent = 0.8 * draw.standard_normal((240, 1)) + 0.8 * draw.standard_normal((240, items))
    frame = pd.DataFrame(np.clip(np.round(3 + latent), 1, 5)).add_prefix("q")
    assert persona.segment(frame, seed=0, pairs=4).k == 1
