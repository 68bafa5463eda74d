"""Measures of careless answers over batteries of items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.questionnaire.model import Questionnaire
from persona.responses.model import Responses

Floats = NDArray[np.float64]

#: Items that a respondent must have answered before a battery says anything of care.
FEWEST_ITEMS = 5
#: A battery without reverse-keyed items may be answered alike in earnest when it is short.
LONG_BATTERY = 8


@dataclass(frozen=True)
class Battery:
    """Items on one scale.

    Parameters
    ----------
    id : str
    items : tuple of str
    reverse : array of bool
    asked : (respondents, items) array
        As answered, before reverse-keyed items are turned.
    """

    id: str
    items: tuple[str, ...]
    reverse: NDArray[np.bool_]
    asked: Floats

    @property
    def mixed(self) -> bool:
        """Whether items are keyed both ways, so that equal answers contradict themselves."""
        return bool(self.reverse.any() and not self.reverse.all())


def batteries_of(responses: Responses) -> tuple[Battery, ...]:
    """The batteries of a questionnaire with at least two items."""
    questionnaire: Questionnaire = responses.questionnaire
    found = []
    for question in questionnaire.questions:
        items = [
            variable
            for variable in questionnaire.variables_of(question.id)
            if variable.item is not None and len(variable.categories) > 2
        ]
        if len(items) >= 2:
            names = tuple(variable.id for variable in items)
            found.append(
                Battery(
                    question.id,
                    names,
                    np.array([variable.reverse for variable in items]),
                    responses.asked[list(names)].to_numpy(dtype=np.float64),
                )
            )
    return tuple(found)


def straight_lined(battery: Battery) -> NDArray[np.bool_]:
    """Who gave one answer to all items, out of at least five answered (SD of zero)."""
    answered = (~np.isnan(battery.asked)).sum(axis=1)
    filled_low = np.where(np.isnan(battery.asked), np.inf, battery.asked).min(axis=1)
    filled_high = np.where(np.isnan(battery.asked), -np.inf, battery.asked).max(axis=1)
    same: NDArray[np.bool_] = (answered >= FEWEST_ITEMS) & (filled_low == filled_high)
    return same


def straight_liners(
    batteries: Sequence[Battery], n: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How many batteries each respondent straight-lined, and whether that tells of no care.

    It does in a battery keyed both ways, in a long one, or in at least half of several.
    """
    long = [battery for battery in batteries if len(battery.items) >= FEWEST_ITEMS]
    count = np.zeros(n, np.int64)
    telling = np.zeros(n, bool)
    for battery in long:
        lined = straight_lined(battery)
        count += lined
        if battery.mixed or len(battery.items) >= LONG_BATTERY:
            telling |= lined
    if len(long) >= 2:
        telling |= count * 2 >= len(long)
    return count, telling


def longest_runs(batteries: Sequence[Battery], n: int) -> NDArray[np.int64]:
    """The longest row of equal answers one after the other, within batteries (Curran 2016)."""
    longest = np.zeros(n, np.int64)
    for battery in batteries:
        run = np.zeros(n, np.int64)
        previous = np.full(n, np.nan)
        for answers in battery.asked.T:
            answered = ~np.isnan(answers)
            run = np.where(answered & (answers == previous), run + 1, answered.astype(np.int64))
            longest = np.maximum(longest, run)
            previous = answers
    return longest


def response_variability(batteries: Sequence[Battery], n: int) -> Floats:
    """Standard deviation of a respondent's answers over all items (Dunn et al. 2018).

    Answers are brought to 0 to 1 within each scale first; NaN under five answers.
    """
    scaled = []
    for battery in batteries:
        low, high = (
            np.nanmin(battery.asked, initial=np.inf),
            np.nanmax(battery.asked, initial=-np.inf),
        )
        if high > low:
            scaled.append((battery.asked - low) / (high - low))
    if not scaled:
        return np.full(n, np.nan)
    answers = np.concatenate(scaled, axis=1)
    known = ~np.isnan(answers)
    count = known.sum(axis=1)
    filled = np.where(known, answers, 0.0)
    mean = filled.sum(axis=1) / np.maximum(count, 1)
    squares = np.where(known, (answers - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.where(count >= FEWEST_ITEMS, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)


def antonym_pairs(batteries: Sequence[Battery], threshold: float = -0.60) -> list[tuple[int, int]]:
    """Pairs of items that exclude each other, each item in one pair (Johnson 2005).

    Taken from the most negative correlation of answers upwards, while it is at most
    ``threshold`` (Meade and Craig 2012). Items count through all batteries, from 0.
    """
    if not batteries:
        return []
    z, known = _standardised(batteries)
    r = (z.T @ z) / np.maximum(known.T @ known, 1.0)
    first, second = np.where(np.triu(r <= threshold, k=1))
    used: set[int] = set()
    pairs: list[tuple[int, int]] = []
    for place in np.argsort(r[first, second], kind="stable").tolist():
        a, b = int(first[place]), int(second[place])
        if a not in used and b not in used:
            used |= {a, b}
            pairs.append((a, b))
    return pairs


def _standardised(batteries: Sequence[Battery]) -> tuple[Floats, Floats]:
    """Answers with mean 0 and spread 1 by item, 0 where missing; and 1 where answered."""
    answers = np.concatenate([battery.asked for battery in batteries], axis=1)
    known = (~np.isnan(answers)).astype(np.float64)
    count = np.maximum(known.sum(axis=0), 1.0)
    centred = np.where(known > 0, answers, 0.0)
    centred = np.where(known > 0, centred - centred.sum(axis=0) / count, 0.0)
    spread = np.sqrt((centred**2).sum(axis=0) / count)
    return centred / np.where(spread > 0, spread, 1.0), known


def antonym_agreement(
    batteries: Sequence[Battery], n: int, threshold: float = -0.60, fewest: int = 5
) -> tuple[Floats, int]:
    """Correlation of each respondent's answers over pairs of items that exclude each other.

    A careful respondent is far below zero.

    Returns
    -------
    (array, int)
        The correlations, NaN with fewer than ``fewest`` pairs, and the number of pairs.
    """
    pairs = antonym_pairs(batteries, threshold)
    if len(pairs) < fewest:
        return np.full(n, np.nan), len(pairs)
    z, known = _standardised(batteries)
    first, second = (list(side) for side in zip(*pairs, strict=True))
    both = (known[:, first] * known[:, second]) > 0
    return _row_correlation(z[:, first], z[:, second], both, fewest), len(pairs)


def _row_correlation(a: Floats, b: Floats, known: NDArray[np.bool_], fewest: int) -> Floats:
    count = known.sum(axis=1)
    divisor = np.maximum(count, 1)
    a_mean = np.where(known, a, 0).sum(axis=1) / divisor
    b_mean = np.where(known, b, 0).sum(axis=1) / divisor
    a_centred = np.where(known, a - a_mean[:, None], 0.0)
    b_centred = np.where(known, b - b_mean[:, None], 0.0)
    scale = np.sqrt((a_centred**2).sum(axis=1) * (b_centred**2).sum(axis=1))
    product = (a_centred * b_centred).sum(axis=1)
    usable = (count >= fewest) & (scale > 0)
    return np.where(usable, product / np.where(scale > 0, scale, 1.0), np.nan)


def outlier_probability(batteries: Sequence[Battery], n: int) -> Floats:
    """Upper tail probability of the squared Mahalanobis distance over all items.

    D^2 = (x - m)' S^-1 (x - m), compared with chi-square of as many degrees of freedom as items
    (Mahalanobis 1936); missing answers take the item's mean. NaN when there are too few
    respondents.
    """
    from scipy.stats import chi2

    if not batteries:
        return np.full(n, np.nan)
    answers = np.concatenate([battery.asked for battery in batteries], axis=1)
    keep = np.fmax.reduce(answers, axis=0) > np.fmin.reduce(answers, axis=0)
    answers = answers[:, keep]
    p = answers.shape[1]
    if p < 2 or n < 3 * p:
        return np.full(n, np.nan)
    mean = np.nanmean(answers, axis=0)
    centred = np.where(np.isnan(answers), mean, answers) - mean
    covariance = centred.T @ centred / (n - 1)
    rank = int(np.linalg.matrix_rank(covariance))
    inverse = np.linalg.pinv(covariance, hermitian=True)
    distance = np.einsum("ij,jk,ik->i", centred, inverse, centred)
    return np.asarray(chi2.sf(distance, rank), dtype=np.float64)
