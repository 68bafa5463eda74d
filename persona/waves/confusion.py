"""Sizes freed of placing errors by the confusion matrix of the typing tool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from persona.profiling.significance import Array, effective_n
from persona.waves.model import SizeInWave
from persona.waves.placed import PlacedWave
from persona.waves.sizes import shares_of

_STEPS, _DRAWS = 2000, 400
_CLOSE = 1e-9


def true_shares(placed: Array, confusion: Array) -> Array:
    """Shares of true segments that make the shares placed most likely.

    Parameters
    ----------
    placed : array (..., k)
        Shares of segments as placed.
    confusion : array (..., k, k)
        Share of each true segment (row) that is placed in each segment (column).

    Notes
    -----
    Expectation and maximisation for p in q_j = sum_i p_i P_ij (Buonaccorsi 2010, ch. 2): it stays
    within 0 and 1, where the inverse of the matrix may not.

    Examples
    --------
    >>> rule = np.array([[0.9, 0.1], [0.2, 0.8]])
    >>> true_shares(np.array([0.5, 0.5]) @ rule, rule).round(4).tolist()
    [0.5, 0.5]
    """
    shares = np.full_like(placed, 1.0 / placed.shape[-1])
    for _ in range(_STEPS):
        expected = (shares[..., None, :] @ confusion)[..., 0, :]
        ratio = np.divide(placed, expected, out=np.zeros_like(placed), where=expected > 0)
        new = shares * (confusion @ ratio[..., None])[..., 0]
        new = new / new.sum(axis=-1, keepdims=True)
        if float(np.abs(new - shares).max()) < _CLOSE:
            return np.asarray(new)
        shares = new
    return np.asarray(shares)


def with_corrected(
    wave: PlacedWave,
    sizes: Sequence[SizeInWave],
    confusion: Sequence[Sequence[float]],
    bases: Sequence[int],
    seed: int,
) -> tuple[SizeInWave, ...]:
    """Sizes with those corrected for placing errors beside them.

    Parameters
    ----------
    confusion : rows
        Cross-validated: weighted respondents, true segment by segment placed.
    bases : sequence of int
        Respondents of each true segment, for the uncertainty of the matrix.
    seed : int

    Notes
    -----
    Intervals are the middle 95 % of draws in which both the shares placed (multinomial on the
    effective base) and the rows of the matrix (Dirichlet) vary. Without people in a row, or when
    a segment is placed no better than by chance, nothing is corrected.
    """
    counts = np.array(confusion, dtype=np.float64)
    people = np.array(bases, dtype=np.float64)
    if counts.shape != (wave.k, wave.k) or (counts.sum(axis=1) <= 0).any() or (people < 2).any():
        return tuple(sizes)
    rows = counts / counts.sum(axis=1, keepdims=True)
    if (
        np.diag(rows) <= np.array([np.delete(rows[:, i], i).max(initial=0) for i in range(wave.k)])
    ).any():
        return tuple(sizes)
    observed = shares_of(wave)
    found = true_shares(observed, rows)
    draw = np.random.default_rng([seed, wave.k])
    base = max(round(effective_n(wave.weights)), 1)
    placed = draw.multinomial(base, observed, _DRAWS) / base
    varied = draw.dirichlet
    rules = np.stack([varied(rows[i] * people[i] + 0.5, _DRAWS) for i in range(wave.k)], axis=1)
    low, high = np.percentile(true_shares(placed, rules), [2.5, 97.5], axis=0)
    return tuple(
        replace(
            one,
            corrected=float(found[i]),
            corrected_low=float(min(low[i], found[i])),
            corrected_high=float(max(high[i], found[i])),
        )
        for i, one in enumerate(sizes)
    )
