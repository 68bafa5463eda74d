"""The simulated respondents: their segment, and the habits they bring to every question."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.responses.simulation.plan import FLOAT, Plan

_STRAIGHT_LINERS = 0.03


@dataclass(frozen=True)
class People:
    """Respondents before they answer; every array has one entry a respondent.

    Parameters
    ----------
    segment : array of int
        0 to k-1.
    activity : array
        How much they buy and do, standard normal.
    agreeing : array
        Acquiescence: added to every agreement, in latent standard deviations.
    extreme : array
        Stretch of answers towards the ends of a scale, around 1.
    silent : array
        How readily a question is left out, around 1.
    straight : array of bool
        Ticks one point down a whole battery.
    """

    seed: int
    plan: Plan
    segment: NDArray[np.int64]
    activity: FLOAT
    agreeing: FLOAT
    extreme: FLOAT
    silent: FLOAT
    straight: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.segment)

    def shift(self, key: str) -> FLOAT:
        """Where each respondent's segment stands on a variable or option (n,)."""
        return self.plan.shift(key)[self.segment]

    def rng(self, name: str) -> np.random.Generator:
        """Random numbers of one question, whatever the other questions draw."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])


def draw_people(plan: Plan, n: int, seed: int) -> People:
    """Respondents in random order; segment sizes are the planned shares, rounded."""
    rng = np.random.default_rng([seed, 1])
    edges = np.round(np.cumsum(plan.shares) * n).astype(int)
    segment = np.searchsorted(edges, np.arange(n), side="right").clip(0, plan.k - 1)
    return People(
        seed,
        plan,
        rng.permutation(segment).astype(np.int64),
        rng.normal(size=n),
        rng.normal(0.0, 0.25, n),
        np.exp(rng.normal(0.0, 0.18, n)),
        rng.gamma(1.5, 1 / 1.5, n),
        rng.random(n) < _STRAIGHT_LINERS,
    )
