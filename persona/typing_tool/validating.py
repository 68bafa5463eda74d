"""Cross-validation: people placed by models learned without them, questions chosen anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persona.numeric.seeds import generator
from persona.typing_tool.coding import CodedQuestion, Coding, Design, design
from persona.typing_tool.logistic import fit_logistic
from persona.typing_tool.points import whole_points
from persona.typing_tool.selecting import Path, forward

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

FOLDS = 10
JUDGED_AT = 8
"""Number of questions at which codings and ridges are compared."""
RIDGES = (1.0, 0.3, 3.0)
LARGEST_SAMPLE = 4000
"""Respondents that accuracy is measured on; with more the digits no longer change."""


@dataclass(frozen=True)
class Settings:
    """How answers are coded, and how much coefficients are held back."""

    coding: Coding = "linear"
    ridge: float = RIDGES[0]


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

    @property
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
        part[draw.permutation(own)] = (begun + np.arange(len(own))) % folds
        begun += len(own)
    return Sample(segments, weights / weights.mean(), part, k, folds)


def paths(
    sample: Sample,
    questions: Sequence[CodedQuestion],
    size: int,
    settings: Sequence[Settings],
    forced: Sequence[int] = (),
) -> tuple[Path, ...]:
    """For each part the questions chosen, and models learned, on all the others.

    ``settings`` are those of each part.
    """
    designs = {one.coding: design(questions, one.coding) for one in settings}
    found = []
    for fold, one in enumerate(settings):
        learned = sample.part != fold
        whole = designs[one.coding]
        own = replace(whole, values=whole.values[learned])
        found.append(
            forward(own, sample.member[learned], sample.weights[learned], size, one.ridge, forced)
        )
    return tuple(found)


def held_out_sums(
    sample: Sample,
    questions: Sequence[CodedQuestion],
    found: Sequence[Path],
    settings: Sequence[Settings],
    size: int,
) -> Whole:
    """Sums of whole points (n, k) with the first ``size`` questions, by models learned without."""
    designs = {one.coding: design(questions, one.coding) for one in settings}
    sums = np.zeros((len(sample.segments), sample.k), dtype=np.int64)
    for fold, (path, one) in enumerate(zip(found, settings, strict=True)):
        rows = np.flatnonzero(sample.part == fold)
        points = whole_points(designs[one.coding], path.order[:size], path.coefficients[size - 1])
        sums[rows] = points.sums(rows)
    return sums


def complete_sums(
    sample: Sample, questions: Sequence[CodedQuestion], settings: Sequence[Settings]
) -> Whole:
    """Sums of whole points (n, k) with every question, by models learned without."""
    designs = {one.coding: design(questions, one.coding) for one in settings}
    sums = np.zeros((len(sample.segments), sample.k), dtype=np.int64)
    everything = range(len(questions))
    start: Floats | None = None
    before: Coding | None = None
    for fold, one in enumerate(settings):
        learned, whole = sample.part != fold, designs[one.coding]
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


def choose_settings(
    sample: Sample, questions: Sequence[CodedQuestion], found: Sequence[Path]
) -> Chosen:
    """Coding and ridge with the highest held-out likelihood.

    Compared with the questions that ``found`` chose, at :data:`JUDGED_AT` of them. What is used
    for a part is chosen by the likelihoods of the other parts alone.
    """
    tried = [Settings("linear", ridge) for ridge in RIDGES]
    if any(len(one.columns("categories").T) > len(one.columns("linear").T) for one in questions):
        tried += [Settings("categories", ridge) for ridge in RIDGES[::2]]
    size = min(JUDGED_AT, len(questions))
    loss = np.zeros((len(tried), sample.folds))
    for place, one in enumerate(tried):
        whole = design(questions, one.coding)
        for fold, path in enumerate(found):
            loss[place, fold] = _loss(sample, whole, path.order[:size], one.ridge, fold)
    others = loss.sum(axis=1, keepdims=True) - loss
    return Chosen(
        tuple(tried[place] for place in others.argmin(axis=0)),
        tried[int(loss.sum(axis=1).argmin())],
    )


def _loss(sample: Sample, whole: Design, chosen: Sequence[int], ridge: float, fold: int) -> float:
    """Minus the weighted log-likelihood of the respondents of one part."""
    learned = sample.part != fold
    values = whole.values[:, whole.columns_of(chosen)]
    fitted = fit_logistic(values[learned], sample.member[learned], sample.weights[learned], ridge)
    sums = fitted.coefficients[0] + values[~learned] @ fitted.coefficients[1:]
    largest = sums.max(axis=1, keepdims=True)
    total = np.log(np.exp(sums - largest).sum(axis=1)) + largest[:, 0]
    own = sums[np.arange(len(sums)), sample.segments[~learned]]
    return float(sample.weights[~learned] @ (total - own))
