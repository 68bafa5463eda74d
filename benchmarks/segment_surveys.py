"""Surveys with planted segments, and without any, to try a segmentation on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Survey:
    """Answers with the segment each respondent was drawn from; one segment means none."""

    frame: pd.DataFrame
    truth: NDArray[np.intp]

    @property
    def k(self) -> int:
        """How many segments were planted."""
        return len(np.unique(self.truth))


def _sizes(generator: np.random.Generator, k: int, unequal: bool) -> Floats:
    if not unequal:
        return np.full(k, 1 / k)
    share = np.array([0.5 * 0.62**i for i in range(k)])
    return np.asarray(np.maximum(share, 0.07) / np.maximum(share, 0.07).sum())


def latent_attitudes(
    generator: np.random.Generator,
    n: int,
    items: int,
    k: int,
    gap: float,
    unequal: bool = False,
    batteries: int = 6,
) -> tuple[Floats, NDArray[np.intp]]:
    """Attitudes: batteries driven by needs that differ between segments and within them."""
    truth = generator.choice(k, n, p=_sizes(generator, k, unequal))
    while True:
        needs = generator.standard_normal((k, batteries))
        apart = np.linalg.norm(needs[:, None] - needs[None], axis=2) + 99 * np.eye(k)
        if k == 1 or apart.min() > 0.75 * np.sqrt(2 * batteries):
            break
    needs *= gap
    own = needs[truth] + 0.6 * generator.standard_normal((n, batteries))
    loading = generator.uniform(0.55, 0.9, items)
    home = np.arange(items) % batteries
    noise = generator.standard_normal((n, items)) * np.sqrt(1 - 0.5 * loading**2)
    return own[:, home] * loading + noise, truth


def likert(
    generator: np.random.Generator, latent: Floats, points: int = 5, skew: float = 0.6
) -> Floats:
    """Cut attitudes into answers; questions differ in how readily people agree."""
    shift = generator.normal(0.2, skew, latent.shape[1])
    cuts = np.linspace(-1.5, 1.5, points - 1)
    return 1.0 + ((latent + shift)[..., None] > cuts).sum(axis=2)


def named(values: Floats, stem: str = "q") -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"{stem}{i + 1:02d}" for i in range(values.shape[1])])


def clear(g: np.random.Generator) -> Survey:
    """Segments far apart, five-point items."""
    latent, truth = latent_attitudes(g, 800, 24, int(g.integers(3, 6)), 1.5)
    return Survey(named(likert(g, latent)), truth)


def moderate(g: np.random.Generator) -> Survey:
    """Segments that overlap."""
    latent, truth = latent_attitudes(g, 1000, 24, int(g.integers(3, 6)), 0.95)
    return Survey(named(likert(g, latent)), truth)


def unequal_sizes(g: np.random.Generator) -> Survey:
    """One half of the respondents in one segment, the smallest at seven percent."""
    latent, truth = latent_attitudes(g, 1000, 24, int(g.integers(3, 6)), 1.3, unequal=True)
    return Survey(named(likert(g, latent)), truth)


def noise_items(g: np.random.Generator) -> Survey:
    """As many items that say nothing as items that do."""
    latent, truth = latent_attitudes(g, 900, 18, int(g.integers(3, 5)), 1.3)
    latent = np.hstack([latent, g.standard_normal((900, 18))])
    return Survey(named(likert(g, latent)), truth)


def response_styles(g: np.random.Generator) -> Survey:
    """Every respondent shifts and stretches the scale in an own way."""
    latent, truth = latent_attitudes(g, 1000, 24, int(g.integers(3, 5)), 1.3)
    stretch = np.exp(g.normal(0, 0.3, 1000))[:, None]
    shift = g.normal(0, 0.7, 1000)[:, None]
    return Survey(named(likert(g, latent * stretch + shift, points=7)), truth)


def small_sample(g: np.random.Generator) -> Survey:
    """Two hundred respondents."""
    latent, truth = latent_attitudes(g, 200, 18, 3, 1.4)
    return Survey(named(likert(g, latent)), truth)


def missing_answers(g: np.random.Generator) -> Survey:
    """Fifteen percent of the answers missing, more among those who agree."""
    latent, truth = latent_attitudes(g, 900, 24, int(g.integers(3, 5)), 1.3)
    values = likert(g, latent)
    gone = g.random(values.shape) < np.where(values > 3, 0.2, 0.1)
    values[gone] = np.nan
    return Survey(named(values), truth)


def binary_items(g: np.random.Generator) -> Survey:
    """Yes and no, answered independently within a segment."""
    k = int(g.integers(3, 6))
    truth = g.choice(k, 1200)
    base = g.uniform(0.15, 0.6, 20)
    yes = np.clip(base + np.where(g.random((k, 20)) < 0.4, 0.45, -0.08), 0.04, 0.93)
    return Survey(named((g.random((1200, 20)) < yes[truth]).astype(float)), truth)


def mixed_types(g: np.random.Generator) -> Survey:
    """Scales, amounts, yes/no and lists of answers together."""
    k = int(g.integers(3, 5))
    latent, truth = latent_attitudes(g, 1000, 10, k, 1.1, batteries=5)
    frame = named(likert(g, latent))
    spend = np.exp(3 + g.normal(0, 0.7, (k, 2))[truth] + 0.5 * g.standard_normal((1000, 2)))
    frame[["spend_a", "spend_b"]] = spend
    for i in range(4):
        frame[f"uses_{i}"] = (g.random(1000) < g.beta(0.8, 0.8, k)[truth]).astype(float)
    for i in range(3):
        table = g.dirichlet(np.full(4, 0.8), k)
        drawn = (g.random(1000)[:, None] > table.cumsum(axis=1)[truth]).sum(axis=1)
        frame[f"channel_{i}"] = pd.Categorical.from_codes(np.minimum(drawn, 3), list("abcd"))
    return Survey(frame, truth)


def large_sample(g: np.random.Generator) -> Survey:
    """Ten thousand respondents, segments that overlap."""
    latent, truth = latent_attitudes(g, 10_000, 20, 5, 1.1)
    return Survey(named(likert(g, latent)), truth)


def none_normal(g: np.random.Generator) -> Survey:
    """Correlated batteries, no segments."""
    latent, truth = latent_attitudes(g, int(g.choice([300, 1000, 2000])), 24, 1, 0.0)
    return Survey(named(likert(g, latent * 1.2)), truth)


def none_skewed(g: np.random.Generator) -> Survey:
    """Answers heaped at one end, one strong common dimension, no segments."""
    n = int(g.choice([400, 1000]))
    common = g.standard_normal((n, 1))
    latent = 0.7 * common + 0.8 * g.standard_normal((n, 20))
    return Survey(named(likert(g, latent + 0.8, skew=0.8)), np.zeros(n, np.intp))


def none_styles(g: np.random.Generator) -> Survey:
    """Response styles alone."""
    n = 1000
    latent, truth = latent_attitudes(g, n, 24, 1, 0.0)
    latent = latent * np.exp(g.normal(0, 0.3, n))[:, None] + g.normal(0, 0.7, n)[:, None]
    return Survey(named(likert(g, latent, points=7)), truth)


def none_binary(g: np.random.Generator) -> Survey:
    """Yes and no from one dimension of inclination, no segments."""
    n = 1000
    drive = g.standard_normal((n, 2))
    loading = g.uniform(0.3, 0.9, (2, 18)) * (np.arange(18) % 2 == np.arange(2)[:, None])
    latent = drive @ loading + g.standard_normal((n, 18)) * 0.8
    return Survey(named((latent + g.normal(-0.2, 0.6, 18) > 0).astype(float)), np.zeros(n, int))


def none_mixed(g: np.random.Generator) -> Survey:
    """Scales, skewed amounts and lists without segments."""
    n = 800
    latent, truth = latent_attitudes(g, n, 10, 1, 0.0, batteries=3)
    frame = named(likert(g, latent))
    frame["spend"] = np.exp(3 + 0.8 * g.standard_normal(n) + 0.3 * latent[:, 0])
    for i in range(3):
        frame[f"uses_{i}"] = (g.random(n) < g.uniform(0.2, 0.7)).astype(float)
    for i in range(2):
        codes = g.choice(4, n, p=g.dirichlet(np.full(4, 3.0)))
        frame[f"channel_{i}"] = pd.Categorical.from_codes(codes, list("abcd"))
    return Survey(frame, truth)


def two_segments(g: np.random.Generator) -> Survey:
    """Two segments on five to twelve items, with an inclination common to all items."""
    items, n = int(g.integers(5, 13)), int(g.integers(300, 1200))
    truth = g.choice(2, n, p=[0.6, 0.4])
    centres = g.standard_normal((2, items))
    latent = centres[truth] + 0.4 * g.standard_normal((n, 1)) + 0.8 * g.standard_normal((n, items))
    return Survey(named(likert(g, latent, points=int(g.choice([4, 5, 7])))), truth)


def marker_items(g: np.random.Generator) -> Survey:
    """Two to six segments, each above the others on five items of its own."""
    k, n = int(g.integers(2, 7)), int(g.integers(500, 1500))
    truth = g.choice(k, n, p=g.dirichlet(np.full(k, 8.0)))
    latent = g.standard_normal((n, 5 * k)) + 0.4 * g.standard_normal((n, 1))
    latent += 1.3 * (np.arange(5 * k) // 5 == truth[:, None])
    return Survey(named(likert(g, latent, points=int(g.choice([4, 5, 6, 7])))), truth)


def lists_alone(g: np.random.Generator) -> Survey:
    """Twelve questions with a list of answers each."""
    k, n = int(g.integers(2, 5)), 1000
    truth = g.choice(k, n, p=g.dirichlet(np.full(k, 10.0)))
    frame = {}
    for number in range(12):
        levels = int(g.integers(3, 6))
        table = g.dirichlet(np.full(levels, 0.7), k).cumsum(axis=1)
        drawn = np.minimum((g.random(n)[:, None] > table[truth]).sum(axis=1), levels - 1)
        frame[f"list_{number}"] = pd.Categorical([f"answer {code}" for code in drawn])
    return Survey(pd.DataFrame(frame), truth)


def none_traits(g: np.random.Generator) -> Survey:
    """Graded answers to two traits that go together (Samejima 1969), no segments."""
    n = int(g.choice([400, 1000, 1500]))
    traits = g.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n)
    latent = traits[:, np.arange(20) % 2] * g.uniform(0.8, 2.2, 20) + g.logistic(size=(n, 20))
    return Survey(named(likert(g, latent / 1.8)), np.zeros(n, int))


def none_heavy_tails(g: np.random.Generator) -> Survey:
    """Four factors with heavy tails (Student's t, 4 degrees of freedom), no segments."""
    n = int(g.choice([500, 1200]))
    loading = g.uniform(0.4, 0.9, 18)
    latent = g.standard_t(4, (n, 4))[:, np.arange(18) % 4] * loading
    latent = latent + 0.7 * g.standard_normal((n, 18))
    return Survey(named(likert(g, latent, points=7)), np.zeros(n, int))


def none_skewed_traits(g: np.random.Generator) -> Survey:
    """Three skewed factors, no segments: hard to tell from segments for any mixture."""
    n = 1000
    loading = g.uniform(0.4, 0.8, 15)
    latent = (g.gamma(2, 1, (n, 3)) - 2)[:, np.arange(15) % 3] * loading
    return Survey(named(likert(g, latent + 0.8 * g.standard_normal((n, 15)))), np.zeros(n, int))


WITH_SEGMENTS: dict[str, Callable[[np.random.Generator], Survey]] = {
    "clear": clear,
    "moderate": moderate,
    "unequal sizes": unequal_sizes,
    "noise items": noise_items,
    "response styles": response_styles,
    "small sample": small_sample,
    "missing answers": missing_answers,
    "binary items": binary_items,
    "mixed types": mixed_types,
    "large sample": large_sample,
    "two segments": two_segments,
    "marker items": marker_items,
    "lists alone": lists_alone,
}
WITHOUT: dict[str, Callable[[np.random.Generator], Survey]] = {
    "none, normal": none_normal,
    "none, skewed": none_skewed,
    "none, styles": none_styles,
    "none, binary": none_binary,
    "none, mixed": none_mixed,
    "none, traits": none_traits,
    "none, heavy tails": none_heavy_tails,
    "none, skewed traits": none_skewed_traits,
}
