"""Cross-validation: people placed by models learned without them, questions chosen anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from persona.numeric.seeds import generator
from persona.typing_tool.coding import Coding, Pool
from persona.typing_tool.logistic import fit_logistic
from persona.typing_tool.points import whole_points
from persona.typing_tool.selecting import Path, forward

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

FOLDS = 10
JUDGED_AT = 8
"""Number of questions at which codings and ridges are compared."""
RIDGES = (1.0, 0.3, 3.0)
BENT = (1.0, 3.0)
"""Ridges tried with points that are free for each answer."""


LARGEST_FIT = 2e8
"""Respondents times squared parameters, up to which points free for each answer are learned: with
more it takes minutes, and there are few respondents for each parameter."""


@dataclass(frozen=True)
class Settings:
    """How answers are coded, and how much coefficients are held back."""

    coding: Coding = "linear"
    ridge: float = RIDGES[0]


PLAIN = Settings()


@dataclass(frozen=True)
class Sample:
    """Respondents with their segment.

    Parameters
    ----------
    segments : (n,) array
        0 to k - 1.
    weights : (n,) array
        Mean 1.
    part : (n,) array
        The part of the cross-validation each belongs to.
    k, folds : int
    """

    segments: Whole
    weights: Floats
    part: Whole
    k: int
    folds: int

    @cached_property
    def member(self) -> Floats:
        """1 for the segment of each, else 0 (n, k)."""
        return np.eye(self.k)[self.segments]


def sample_of(segments: Whole, weights: Floats, k: int, seed: int) -> Sample:
    """Respondents in parts, every segment spread evenly over them."""
    draw = generator(seed)
    folds = int(max(2, min(FOLDS, len(segments))))
    part = np.zeros(len(segments), dtype=np.int64)
    begun = 0
    for number in range(k):
        own = np.flatnonzero(segments == number)
        # Each segment begins where the one before ended, so that small ones fill other parts.
        part[draw.permutation(own)] = (begun + np.arange(len(own))) % folds
        begun += len(own)
    return Sample(segments, weights / weights.mean(), part, k, folds)


@dataclass(frozen=True)
class Tried:
    """What was learned without each part: its settings and its path, part by part."""

    settings: tuple[Settings, ...]
    paths: tuple[Path, ...]


def learn_parts(
    sample: Sample,
    pool: Pool,
    size: int,
    settings: Sequence[Settings] | None = None,
    known: Tried | None = None,
) -> Tried:
    """For each part, choose up to ``size`` questions and learn their points on all the others.

    Parts that ``known`` holds with the same settings are not learned again.
    """
    wished = tuple(settings or (PLAIN,) * sample.folds)
    found = []
    for fold, one in enumerate(wished):
        if known is not None and known.settings[fold] == one:
            found.append(known.paths[fold])
            continue
        learned, whole = sample.part != fold, pool.coded(one.coding)
        own = replace(whole, values=whole.values[learned])
        member, weights = sample.member[learned], sample.weights[learned]
        found.append(forward(own, member, weights, size, one.ridge, pool.forced))
    return Tried(wished, tuple(found))


def held_out_sums(sample: Sample, pool: Pool, tried: Tried, size: int) -> Whole:
    """Sums of whole points (n, k) with the first ``size`` questions, by models learned without."""
    sums = np.zeros((len(sample.segments), sample.k), dtype=np.int64)
    for fold, (path, one) in enumerate(zip(tried.paths, tried.settings, strict=True)):
        rows = np.flatnonzero(sample.part == fold)
        chosen, coefficients = path.order[:size], path.coefficients[size - 1]
        sums[rows] = whole_points(pool.coded(one.coding), chosen, coefficients).sums(rows)
    return sums


def held_out_gaps(sample: Sample, pool: Pool, tried: Tried, size: int) -> Whole:
    """How many of the first ``size`` questions of their part each respondent left unanswered."""
    gaps = np.zeros(len(sample.segments), dtype=np.int64)
    for fold, path in enumerate(tried.paths):
        rows = np.flatnonzero(sample.part == fold)
        for j in path.order[:size]:
            gaps[rows] += pool.questions[j].levels[rows] < 0
    return gaps


def learnable(pool: Pool, coding: Coding, size: int, n: int, k: int) -> bool:
    """Whether so many questions in a coding are learned in seconds."""
    return n * (pool.width(coding, size) * (k - 1)) ** 2 <= LARGEST_FIT


def of_every_question(pool: Pool, settings: Settings, n: int, k: int) -> Settings:
    """The settings, with straight lines where points free for each answer are too many."""
    if learnable(pool, settings.coding, len(pool.questions), n, k):
        return settings
    return replace(settings, coding="linear")


def complete_sums(sample: Sample, pool: Pool, settings: Sequence[Settings]) -> Whole:
    """Sums of whole points (n, k) with every question, by models learned without."""
    sums = np.zeros((len(sample.segments), sample.k), dtype=np.int64)
    everything = range(len(pool.questions))
    start: Floats | None = None
    before: Coding | None = None
    for fold, wished in enumerate(settings):
        one = of_every_question(pool, wished, len(sample.segments), sample.k)
        learned, whole = sample.part != fold, pool.coded(one.coding)
        rows = np.flatnonzero(~learned)
        fitted = fit_logistic(
            whole.values[learned],
            sample.member[learned],
            sample.weights[learned],
            one.ridge,
            # The parts share most respondents, so the model of one is near that of the next.
            start if one.coding == before else None,
        )
        start, before = fitted.coefficients, one.coding
        sums[rows] = whole_points(whole, everything, fitted.coefficients).sums(rows)
    return sums


@dataclass(frozen=True)
class Chosen:
    """Settings of each part, chosen on the others, and those of all together."""

    by_part: tuple[Settings, ...]
    overall: Settings


def choose_settings(sample: Sample, pool: Pool, tried: Tried) -> Chosen:
    """Coding and ridge with the highest held-out likelihood.

    Compared with the questions of ``tried`` (learned with the plain settings), at
    :data:`JUDGED_AT` of them. What is used for a part is chosen by the likelihoods of the other
    parts alone.
    """
    choices = [Settings("linear", ridge) for ridge in RIDGES]
    if pool.bends and learnable(pool, "categories", JUDGED_AT, len(sample.segments), sample.k):
        choices += [Settings("categories", ridge) for ridge in BENT]
    loss = np.array(
        [
            [_loss(sample, pool, path, one, fold) for fold, path in enumerate(tried.paths)]
            for one in choices
        ]
    )
    others = loss.sum(axis=1, keepdims=True) - loss
    return Chosen(
        tuple(choices[place] for place in others.argmin(axis=0)),
        choices[int(loss.sum(axis=1).argmin())],
    )


def _loss(sample: Sample, pool: Pool, path: Path, settings: Settings, fold: int) -> float:
    """Minus the weighted log-likelihood of the respondents of one part."""
    size = min(JUDGED_AT, len(path.order))
    learned, whole = sample.part != fold, pool.coded(settings.coding)
    values = whole.values[:, whole.columns_of(path.order[:size])]
    start = path.coefficients[size - 1] if settings.coding == "linear" else None
    coefficients = start
    if coefficients is None or settings != PLAIN:
        coefficients = fit_logistic(
            values[learned],
            sample.member[learned],
            sample.weights[learned],
            settings.ridge,
            start,
        ).coefficients
    sums = coefficients[0] + values[~learned] @ coefficients[1:]
    largest = sums.max(axis=1, keepdims=True)
    total = np.log(np.exp(sums - largest).sum(axis=1)) + largest[:, 0]
    own = sums[np.arange(len(sums)), sample.segments[~learned]]
    return float(sample.weights[~learned] @ (total - own))
