"""What bootstrap samples say: does the division come back, and does each segment?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from persona.segmentation.agreement import jaccard_of_table, many_tables, rand_of_table
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.fit import Data, Method


@dataclass(frozen=True)
class Stability:
    """Agreement over bootstrap samples.

    Parameters
    ----------
    ari : float
        Mean adjusted Rand index of pairs of samples for the division chosen.
    by_k : DataFrame
        ``mean median sd q25 q75`` of the adjusted Rand index for each number of segments tried,
        and the ``method`` that was measured.
    pairs : DataFrame
        The index of every pair (rows) and number of segments (columns).
    segments : DataFrame
        A row a segment: ``jaccard`` (mean best Jaccard with samples in which everybody drawn
        counts once, among those drawn: Hennig 2007),
        ``recovered`` and ``dissolved`` (share of samples above .75, at most .5), ``within``
        (stability within the solution, Dolnicar & Leisch 2017), ``word``.
    """

    ari: float
    by_k: pd.DataFrame
    pairs: pd.DataFrame
    segments: pd.DataFrame

    def __str__(self) -> str:
        return f"adjusted Rand index {self.ari:.2f} over {len(self.pairs)} pairs of samples"


def unmeasured(k: int) -> Stability:
    """For segments whose stability was not asked for or means nothing."""
    rows = pd.RangeIndex(1, k + 1, name="segment")
    empty = pd.DataFrame()
    return Stability(float("nan"), empty, empty, pd.DataFrame(index=rows))


def bootstrap_weights(n: int, samples: int, generator: np.random.Generator) -> Array:
    """How often each respondent is drawn in each sample: (samples, n)."""
    out = np.empty((samples, n), dtype=np.float32)
    for row in range(samples):
        out[row] = np.bincount(generator.integers(0, n, n), minlength=n)
    return out


def rand_by_k(
    data: Data,
    method: Method,
    ks: Sequence[int],
    pairs: int,
    generator: np.random.Generator,
    options: Mapping[str, Any],
    tell: Callable[[float], None] = lambda share: None,
) -> tuple[pd.DataFrame, dict[int, Labels]]:
    """Adjusted Rand index of pairs of bootstrap samples for each k, as in flexclust.

    Both samples of a pair are divided; everybody is assigned to both divisions, and these are
    compared.

    Returns
    -------
    DataFrame (pairs, ks), and the labels (2 pairs, n) behind each k
    """
    weights = sample_weights(data, pairs, generator)
    out: dict[int, Array] = {}
    labels: dict[int, Labels] = {}
    for position, k in enumerate(ks):
        labels[k] = method.resample(data, k, weights, generator, options)
        out[k] = _rand(labels[k], k)
        tell((position + 1) / len(ks))
    return _framed(out), labels


def samples_once(data: Data, samples: int, generator: np.random.Generator) -> Array:
    """Row weights of samples in which everybody drawn counts once (samples, n)."""
    drawn = bootstrap_weights(data.n, samples, generator) > 0
    return np.asarray(drawn * data.weights, dtype=np.float32)


def sample_weights(data: Data, pairs: int, generator: np.random.Generator) -> Array:
    """Row weights of the samples of all pairs (2 pairs, n): the first of each pair, the second."""
    drawn = bootstrap_weights(data.n, 2 * pairs, generator)
    return drawn * data.weights.astype(np.float32)


def rand_of_samples(samples: Labels, k: int) -> pd.DataFrame:
    """The index of every pair for one number of segments, from the samples' divisions."""
    return _framed({k: _rand(samples, k)})


def _rand(samples: Labels, k: int) -> Array:
    pairs = len(samples) // 2
    return rand_of_table(many_tables(samples[:pairs], samples[pairs:], k))


def _framed(by_k: dict[int, Array]) -> pd.DataFrame:
    frame = pd.DataFrame(by_k)
    frame.index.name, frame.columns.name = "pair", "k"
    return frame


def segment_stability(
    own: Labels, samples: Labels, k: int, again: tuple[Labels, Array] | None = None
) -> pd.DataFrame:
    """Per segment: best Jaccard with the segments of samples, and within pairs of samples.

    Parameters
    ----------
    own : array (n,)
        The division, 0..k-1.
    samples : array (2 pairs, n)
        Divisions that came from bootstrap samples, everybody assigned.
    again : labels (samples, n) and weights (samples, n), optional
        Samples for the Jaccard index alone, which then compares those who were drawn, as Hennig
        (2007) has it; without them those of the pairs, and everybody.
    """
    half = len(samples) // 2
    closeness = jaccard_of_table(many_tables(np.broadcast_to(own, samples.shape), samples, k))
    partner = jaccard_of_table(many_tables(samples[:half], samples[half:], k)).max(axis=2)
    mine = closeness[:half].argmax(axis=2)
    within = np.take_along_axis(partner, mine, axis=1)
    best = closeness.max(axis=2) if again is None else _best_of_drawn(own, *again, k)
    frame = pd.DataFrame(
        {
            "jaccard": best.mean(axis=0),
            "recovered": (best > 0.75).mean(axis=0),
            "dissolved": (best <= 0.5).mean(axis=0),
            "within": within.mean(axis=0),
        },
        index=pd.RangeIndex(1, k + 1, name="segment"),
    )
    frame["word"] = [word_of(value) for value in frame["jaccard"]]
    return frame


def _best_of_drawn(own: Labels, found: Labels, weights: Array, k: int) -> Array:
    """Best Jaccard index of each segment with those of each sample (samples, k), of the drawn."""
    drawn = (weights > 0).astype(float)
    tables = many_tables(np.broadcast_to(own, found.shape), found, k, drawn)
    return np.asarray(jaccard_of_table(tables).max(axis=2))


def word_of(jaccard: float) -> str:
    """Hennig's (2007) reading of a bootstrap Jaccard index."""
    for limit, word in ((0.85, "highly stable"), (0.75, "stable"), (0.6, "pattern only")):
        if jaccard >= limit:
            return word
    return "not to be trusted" if jaccard > 0.5 else "dissolved"


def summary(pairs: pd.DataFrame) -> pd.DataFrame:
    """Mean, median, spread and quartiles for each number of segments."""
    return pd.DataFrame(
        {
            "mean": pairs.mean(),
            "median": pairs.median(),
            "sd": pairs.std(),
            "q25": pairs.quantile(0.25),
            "q75": pairs.quantile(0.75),
        }
    )
