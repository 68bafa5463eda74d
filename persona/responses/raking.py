"""Raking: weights that bring margins and joint tables to known figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona.errors import DataError, Problem, error, warning
from persona.responses.margins import Floats, MarginTarget, Targets, margin_targets

MOST_ITERATIONS = 200
#: Largest relative difference between a margin and its target that counts as met.
TOLERANCE = 1e-6
#: Iterations go on to here while they are allowed, because they cost next to nothing.
_FINEST = 1e-12


@dataclass(frozen=True)
class Raking:
    """Weights with what they cost and how well they meet the targets.

    Parameters
    ----------
    weights : Series
        In the order of the frame; their sum is that of the starting weights.
    deff : float
        Design effect of unequal weights, n * sum(w^2) / sum(w)^2 (Kish 1965).
    effective_n : float
        n / deff.
    efficiency : float
        1 / deff.
    iterations : int
    converged : bool
        Every margin is met to 1e-6.
    margins : DataFrame
        One row a target: margin, level, target, before, after as shares, and n.
    trimmed : int
        Respondents whose weight was cut to a limit.
    warnings : tuple of Problem
    """

    weights: pd.Series
    deff: float
    effective_n: float
    efficiency: float
    iterations: int
    converged: bool
    margins: pd.DataFrame
    trimmed: int = 0
    warnings: tuple[Problem, ...] = ()


def design_effect(weights: Floats) -> float:
    """n * sum(w^2) / sum(w)^2 (Kish 1965, section 11.7).

    Examples
    --------
    >>> round(design_effect(np.array([1.0, 1.0, 2.0])), 4)
    1.125
    """
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def rake(
    frame: pd.DataFrame,
    targets: Targets,
    weights: Sequence[float] | pd.Series | None = None,
    *,
    trim: tuple[float, float] | float | None = None,
    max_iterations: int = MOST_ITERATIONS,
    tolerance: float = TOLERANCE,
) -> Raking:
    """Iterative proportional fitting of weights (Deming and Stephan 1940).

    Parameters
    ----------
    frame : DataFrame
        One row a respondent, with the columns that the targets name.
    targets : mapping of margin to {level: figure}
        A margin is a column, or several joined as a tuple or with ``*`` (``"sex * region"``, levels
        then ``"1 * north"`` or tuples). Figures are shares, percent or counts.
    weights : sequence of float, optional
        Design weights to start from; ones otherwise.
    trim : (lower, upper) or upper, optional
        Limits as multiples of the mean, applied after raking; what is cut is shared out over the
        others until all are inside (as R's ``survey::trimWeights(strict = TRUE)``).
    max_iterations, tolerance : int, float
        The largest difference of a share from its target.

    Raises
    ------
    DataError
        Columns or levels are absent, figures or weights are negative, missing or all zero.

    Examples
    --------
    >>> raked = rake(pd.DataFrame({"sex": ["f", "f", "f", "m"]}), {"sex": {"f": 50, "m": 50}})
    >>> raked.weights.round(4).tolist(), round(raked.effective_n, 2)
    ([0.6667, 0.6667, 0.6667, 2.0], 3.0)
    """
    start = _start(frame, weights)
    margins = margin_targets(frame, targets, start)
    total = float(start.sum())
    raked, iterations = _fit(start, margins, total, max_iterations)
    said = [problem for margin in margins for problem in margin.warnings]
    converged = _largest_difference(raked, margins, total) <= tolerance
    if not converged:
        said.append(_not_converged(raked, margins, total, iterations))
    final, cut = (raked, 0) if trim is None else _trim(raked, trim)
    if cut:
        said.append(_trimmed(raked, final, cut, margins, total))
    deff = design_effect(final)
    return Raking(
        pd.Series(final, index=frame.index, name="weight"),
        deff,
        len(final) / deff,
        1 / deff,
        iterations,
        converged,
        _report(margins, start, final),
        cut,
        tuple(said),
    )


def _start(frame: pd.DataFrame, weights: Sequence[float] | pd.Series | None) -> Floats:
    if weights is None:
        return np.ones(len(frame))
    start = np.asarray(weights, dtype=np.float64)
    if len(start) != len(frame):
        raise DataError(
            error(
                "weight.length",
                "There are {weights} weights for {rows} respondents.",
                values={"weights": len(start), "rows": len(frame)},
            )
        )
    unusable = ~np.isfinite(start) | (start < 0)
    if unusable.any() or start.sum() <= 0:
        raise DataError(
            error(
                "weight.unusable",
                "Design weights must be numbers of at least zero, not all zero; {count} are not.",
                found=", ".join(str(frame.index[place]) for place in np.flatnonzero(unusable)[:10]),
                remedy="Correct them, or leave those respondents out.",
                values={"count": int(unusable.sum())},
            )
        )
    return start


def _fit(
    start: Floats, margins: Sequence[MarginTarget], total: float, most: int
) -> tuple[Floats, int]:
    weights = start.copy()
    for iteration in range(1, most + 1):
        before = weights
        for margin in margins:
            found = np.bincount(margin.positions, weights, len(margin.shares))
            factor = np.divide(
                margin.shares * total, found, where=found > 0, out=np.zeros_like(found)
            )
            weights = weights * factor[margin.positions]
        if float(np.abs(weights - before).max()) <= _FINEST * total / len(weights):
            return weights, iteration
    return weights, most


def _differences(weights: Floats, margin: MarginTarget, total: float) -> Floats:
    found = np.bincount(margin.positions, weights, len(margin.shares)) / total
    difference: Floats = np.abs(found - margin.shares)
    return difference


def _largest_difference(weights: Floats, margins: Sequence[MarginTarget], total: float) -> float:
    return max(float(_differences(weights, margin, total).max()) for margin in margins)


def _not_converged(
    weights: Floats, margins: Sequence[MarginTarget], total: float, iterations: int
) -> Problem:
    worst = max(margins, key=lambda margin: float(_differences(weights, margin, total).max()))
    differences = _differences(weights, worst, total)
    level = worst.levels[int(differences.argmax())]
    return warning(
        "target.not_met",
        "After {iterations} rounds the targets are not all met: {margin}, {level} is off by "
        "{points:.2f} percentage points.",
        question=worst.name,
        remedy="The targets contradict each other, or a combination of levels has nobody in it: "
        "merge levels or leave one margin out.",
        values={
            "iterations": iterations,
            "margin": worst.name,
            "level": level,
            "points": 100 * float(differences.max()),
        },
    )


def _trim(weights: Floats, trim: tuple[float, float] | float) -> tuple[Floats, int]:
    """Cut to the limits and share out what was cut, until all weights are inside."""
    low, high = trim if isinstance(trim, tuple) else (0.0, float(trim))
    mean = float(weights.mean())
    if not 0 <= low < 1 < high:
        raise DataError(
            error(
                "trim.limits",
                "Weights cannot be trimmed to between {low:g} and {high:g} times their mean.",
                allowed="a lower limit below 1 and an upper one above",
                values={"low": low, "high": high},
            )
        )
    low, high = low * mean, high * mean
    touched = np.zeros(len(weights), bool)
    trimmed = weights
    for _ in range(len(weights)):
        outside = (trimmed < low - 1e-12 * mean) | (trimmed > high + 1e-12 * mean)
        if not outside.any():
            break
        touched |= outside
        cut = np.clip(trimmed, low, high)
        rest = float((trimmed - cut).sum())
        if (~outside).any():
            cut = np.where(outside, cut, cut + rest / int((~outside).sum()))
        trimmed = cut
    return trimmed, int(touched.sum())


def _trimmed(
    raked: Floats, final: Floats, cut: int, margins: Sequence[MarginTarget], total: float
) -> Problem:
    worst = max(float(_differences(final, margin, total).max()) for margin in margins)
    return warning(
        "weight.trimmed",
        "{count} weights were trimmed: the design effect falls from {before:.3f} to {after:.3f}, "
        "and margins miss their targets by up to {points:.2f} percentage points.",
        values={
            "count": cut,
            "before": design_effect(raked),
            "after": design_effect(final),
            "points": 100 * worst,
        },
    )


def _report(margins: Sequence[MarginTarget], start: Floats, final: Floats) -> pd.DataFrame:
    rows = []
    for margin in margins:
        k = len(margin.levels)
        before = np.bincount(margin.positions, start, k) / start.sum()
        after = np.bincount(margin.positions, final, k) / final.sum()
        counts = np.bincount(margin.positions, minlength=k)
        for number, level in enumerate(margin.levels):
            rows.append(
                (
                    margin.name,
                    level,
                    float(margin.shares[number]),
                    float(before[number]),
                    float(after[number]),
                    int(counts[number]),
                )
            )
    return pd.DataFrame(rows, columns=["margin", "level", "target", "before", "after", "n"])
