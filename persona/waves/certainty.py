"""How sure placing is, wave by wave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from persona.profiling.counting import Columns, Moments, moments
from persona.profiling.significance import Array, effective_n, welch_p
from persona.waves.model import Certainty, Change
from persona.waves.placed import PlacedWave
from persona.waves.sizes import corrected, share_changes

LEAST_BASE = 30


def certainty_of(wave: PlacedWave) -> tuple[Certainty, ...]:
    """Share uncertain, mean probability and mean lead: of everybody (0), then by segment."""
    found = _moments(wave)
    return tuple(
        Certainty(
            column,
            int(found.n[0, column]),
            _figure(found.mean[0, column]),
            _figure(found.mean[1, column]),
            _figure(found.mean[2, column]),
        )
        for column in range(wave.k + 1)
    )


def certainty_changes(first: PlacedWave, later: PlacedWave) -> tuple[Certainty, ...]:
    """The certainty of a wave with its changes since the first, corrected over the segments."""
    a, b = _moments(first), _moments(later)
    uncertain = share_changes(
        np.nan_to_num(a.mean[0]), np.nan_to_num(b.mean[0]), a.effective[0], b.effective[0]
    )
    tested = (a.n[0] >= LEAST_BASE) & (b.n[0] >= LEAST_BASE)
    uncertain = tuple(
        one if ok else replace(one, p_value=None) for one, ok in zip(uncertain, tested, strict=True)
    )
    changes = [_whole_first(uncertain)]
    for row in (1, 2):
        changes.append(_whole_first(mean_changes(a, b, row, np.ones(later.k + 1))))
    return tuple(
        replace(
            one,
            uncertain_change=changes[0][place],
            probability_change=changes[1][place],
            margin_change=changes[2][place],
        )
        for place, one in enumerate(certainty_of(later))
    )


def beyond_expected(first: PlacedWave, later: PlacedWave, expected: float) -> Change:
    """The share uncertain of a wave against that of people the rule was not learned from.

    The first wave taught the rule, so that its own share is too good for a comparison; ``expected``
    is its cross-validated one.
    """
    now = np.array([float((later.uncertain * later.weights).sum() / later.weights.sum())])
    bases = [np.array([effective_n(wave.weights)]) for wave in (first, later)]
    return corrected(share_changes(np.array([expected]), now, bases[0], bases[1]))[0]


def _whole_first(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Everybody is one test; the segments are corrected among themselves."""
    return (*corrected(changes[:1]), *corrected(changes[1:]))


def mean_changes(first: Moments, later: Moments, row: int, unit: Array) -> tuple[Change, ...]:
    """Differences of means in ``unit`` with Welch's (1947) interval and test, by column."""
    e_a, e_b = first.effective[row], later.effective[row]
    v_a, v_b = first.variance[row], later.variance[row]
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = v_a / e_a, v_b / e_b
        error = np.sqrt(a + b)
        degrees = (a + b) ** 2 / (a**2 / (e_a - 1) + b**2 / (e_b - 1))
        half = special.stdtrit(np.where(degrees > 0, degrees, 1.0), 0.975) * error
    difference = later.mean[row] - first.mean[row]
    p = welch_p(later.mean[row], first.mean[row], v_b, v_a, e_b, e_a)
    p = np.where((first.n[row] >= LEAST_BASE) & (later.n[row] >= LEAST_BASE), p, np.nan)
    return tuple(
        Change(
            _figure(difference[i] / unit[i]),
            _bound((difference[i] - half[i]) / unit[i]),
            _bound((difference[i] + half[i]) / unit[i]),
            _bound(p[i]),
        )
        for i in range(len(difference))
    )


def everybody_and(membership: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Membership with a first column for everybody."""
    return np.column_stack([np.ones(len(membership), dtype=bool), membership])


def _moments(wave: PlacedWave) -> Moments:
    values = np.column_stack([wave.uncertain.astype(np.float64), wave.probability, wave.margin])
    inside = everybody_and(wave.membership)
    # each column is a group of its own: they are described, never compared with one another
    return moments(values, Columns(inside, wave.weights, np.arange(inside.shape[1])))


def _figure(value: float) -> float:
    return 0.0 if np.isnan(value) else float(value)


def _bound(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
