"""How well a typing tool places people, measured on those it was not learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.numeric.seeds import generator
from persona.typing_tool.coding import Pool
from persona.typing_tool.evidence import CurvePoint, PoolCost, TypingEvidence
from persona.typing_tool.measuring import (
    Agreement,
    agreement,
    certain,
    segment_accuracies,
    share_of,
)
from persona.typing_tool.points import uncertain_below
from persona.typing_tool.pools import TypingOptions
from persona.typing_tool.validating import (
    Chosen,
    Sample,
    choose_settings,
    complete_sums,
    held_out_gaps,
    held_out_sums,
    learn_parts,
    sample_of,
)

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
FEWEST, MOST, LONGEST = 5, 12, 15
"""Questions that the tool asks by itself, and how far the curve goes."""
LARGEST_SAMPLE = 4000
"""Respondents that accuracy is measured on; with more the digits shown hardly change."""
KINDS = ("free", "forced", "named", "records", "all", "complete")
"""Choices of questions in the order they are shown."""


@dataclass(frozen=True)
class HeldOut:
    """Sums (n, k) by models learned without, and what was left unanswered of so many questions."""

    sums: Whole
    gaps: Whole
    questions: int


@dataclass(frozen=True)
class Trial:
    """The respondents that accuracy is measured on; ``rows`` are theirs among all."""

    sample: Sample
    rows: NDArray[np.intp]

    @classmethod
    def of(cls, segments: Whole, weights: Floats, k: int, seed: int) -> Trial:
        """All respondents, or as many as are measured on, drawn at random."""
        rows = np.arange(len(segments))
        if len(rows) > LARGEST_SAMPLE:
            rows = np.sort(generator(seed).choice(rows, LARGEST_SAMPLE, replace=False))
        return cls(sample_of(segments[rows], weights[rows], k, seed), rows)

    def agreement(self, sums: Whole) -> Agreement:
        """Of the segments that held-out sums place people in."""
        sample = self.sample
        return agreement(sample.segments, sums.argmax(axis=1), sample.weights, sample.k)

    def evidence(
        self, held: HeldOut, options: TypingOptions, curve: Sequence[CurvePoint], coding: str
    ) -> TypingEvidence:
        """Everything that is said of one model; what the choice of questions costs is added later.

        Who left more unanswered than is allowed is placed all the same, and counts as uncertain.
        """
        sample, agreed = self.sample, self.agreement(held.sums)
        sure = certain(held.sums, uncertain_below(options.uncertain_odds))
        sure &= held.gaps <= options.may_miss(held.questions)
        right = held.sums.argmax(axis=1) == sample.segments
        mass = np.bincount(sample.segments, sample.weights, minlength=sample.k)
        shares = mass / mass.sum()
        return TypingEvidence(
            curve=tuple(curve),
            accuracy=agreed.accuracy,
            lower=agreed.lower,
            upper=agreed.upper,
            kappa=agreed.kappa,
            chance=float(shares @ shares),
            largest=float(shares.max()),
            segments=segment_accuracies(agreed.confusion, sample.segments),
            confusion=tuple(tuple(float(cell) for cell in row) for row in agreed.confusion),
            uncertain=share_of(~sure, np.ones_like(sure), sample.weights) or 0.0,
            right_certain=share_of(right, sure, sample.weights),
            right_uncertain=share_of(right, ~sure, sample.weights),
            costs=(),
            folds=sample.folds,
            base=len(sample.segments),
            coding=coding,
        )


@dataclass(frozen=True)
class Measured:
    """The golden questions measured.

    Parameters
    ----------
    chosen : Chosen
        Coding and ridge.
    sums : tuple of (n, k) arrays
        Held out, with 1, 2, 3 ... questions.
    agreed : tuple of Agreement
        With as many.
    count : int
        How many are asked.
    gaps : (n,) array
        How many of these were left unanswered.
    """

    chosen: Chosen
    sums: tuple[Whole, ...]
    agreed: tuple[Agreement, ...]
    count: int
    gaps: Whole

    @property
    def curve(self) -> tuple[CurvePoint, ...]:
        """Accuracy by number of questions."""
        return tuple(point(number, each) for number, each in enumerate(self.agreed, 1))


def measure(trial: Trial, pool: Pool, wished: int | None) -> Measured:
    """Choose coding, ridge and number of questions, and measure the curve."""
    size = min(max(LONGEST, wished or 0, len(pool.forced)), len(pool.questions))
    own = pool.among(trial.rows)
    plain = learn_parts(trial.sample, own, size)
    chosen = choose_settings(trial.sample, own, plain)
    tried = learn_parts(trial.sample, own, size, chosen.by_part, plain)
    sums = tuple(held_out_sums(trial.sample, own, tried, number + 1) for number in range(size))
    agreed = tuple(trial.agreement(each) for each in sums)
    count = how_many(agreed, wished, len(pool.forced))
    gaps = held_out_gaps(trial.sample, own, tried, count)
    return Measured(chosen, sums, agreed, count, gaps)


def how_many(agreed: Sequence[Agreement], wished: int | None, forced: int = 0) -> int:
    """The number wished for, else the fewest, 5 to 12, that are as good as any up to 12.

    As good is within a standard error of the best (Breiman et al. 1984). Questions that are
    forced in are all asked.
    """
    if wished is None:
        best = max(agreed[:MOST], key=lambda each: each.accuracy)
        least = best.accuracy - best.error
        enough = next(n for n, each in enumerate(agreed, 1) if each.accuracy >= least)
        wished = max(enough, FEWEST)
    return min(max(wished, forced), len(agreed))


def point(number: int, agreed: Agreement) -> CurvePoint:
    """One point of the curve."""
    return CurvePoint(number, agreed.accuracy, agreed.lower, agreed.upper, agreed.kappa)


def costs(
    trial: Trial,
    kind: str,
    measured: Measured,
    others: Mapping[str, Pool],
    complete: HeldOut | None,
) -> tuple[PoolCost, ...]:
    """What each choice of questions comes to with as many questions as are asked.

    ``kind`` is that of the questions measured; ``others`` are chosen from for comparison, with
    the same coding and ridge; ``complete`` is every question.
    """
    rows = {kind: _cost(kind, measured.count, measured.agreed[measured.count - 1])}
    for other, pool in others.items():
        if other in rows or not pool.questions:
            continue
        number = min(measured.count, len(pool.questions))
        own = pool.among(trial.rows)
        tried = learn_parts(trial.sample, own, number, measured.chosen.by_part)
        agreed = trial.agreement(held_out_sums(trial.sample, own, tried, number))
        rows[other] = _cost(other, number, agreed)
    if complete is not None:
        agreed = trial.agreement(complete.sums)
        rows["complete"] = _cost("complete", complete.questions, agreed)
    return tuple(rows[name] for name in KINDS if name in rows)


def every_question(trial: Trial, pool: Pool, measured: Measured) -> HeldOut:
    """A pool with all of its questions asked."""
    own = pool.among(trial.rows)
    sums = complete_sums(trial.sample, own, measured.chosen.by_part)
    unanswered = np.array([question.levels < 0 for question in own.questions])
    return HeldOut(sums, np.asarray(unanswered.sum(axis=0), dtype=np.int64), len(own.questions))


def _cost(kind: str, questions: int, agreed: Agreement) -> PoolCost:
    return PoolCost(kind, questions, agreed.accuracy, agreed.kappa)
