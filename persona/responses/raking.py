"""Raking: weights that bring margins and joint tables to known figures."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import DataError, Problem, error, warning
from persona.registry import nearest

Floats: TypeAlias = NDArray[np.float64]
Margin: TypeAlias = str | tuple[str, ...]
Targets: TypeAlias = Mapping[Margin, Mapping[Any, float]]

MOST_ITERATIONS = 200
#: Largest relative difference between a margin and its target that counts as met.
TOLERANCE = 1e-6
#: Iterations go on to here while they are allowed, because they cost next to nothing.
_FINEST = 1e-12
#: Targets of one margin may miss 1 or 100 by so much through rounding.
_ROUNDING = 0.006
_JOINT = "*"


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
        then ``"1 * north"`` or tuples). Figures are shares, percent or counts; each margin is
        brought to shares of its own sum.
    weights : sequence of float, optional
        Design weights to start from; ones otherwise.
    trim : (lower, upper) or upper, optional
        Limits as multiples of the mean weight, applied after raking; what is cut is shared out
        over the others until all are inside (as R's ``survey::trimWeights(strict = TRUE)``).
    max_iterations : int
    tolerance : float
        Largest relative difference of a margin from its target.

    Raises
    ------
    DataError
        A margin names what the frame does not have; a level has no respondents or no target;
        figures are negative or sum to zero; weights are negative, missing or all zero.

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["f", "f", "f", "m"]})
    >>> raked = rake(people, {"sex": {"f": 50, "m": 50}})
    >>> raked.weights.round(4).tolist(), round(raked.effective_n, 2)
    ([0.6667, 0.6667, 0.6667, 2.0], 3.0)
    """
    start = _start(frame, weights)
    margins = _margins(frame, targets, start)
    total = float(start.sum())
    raked, iterations = _fit(start, margins, total, max_iterations)
    reached = _largest_difference(raked, margins, total)
    said = [problem for margin in margins for problem in margin.warnings]
    converged = reached <= tolerance
    if not converged:
        said.append(_not_converged(raked, margins, total, iterations))
    final, cut = raked, 0
    if trim is not None:
        final, cut = _trim(raked, trim)
        if cut:
            said.append(_trimmed(raked, final, cut, margins, total))
    deff = design_effect(final)
    return Raking(
        weights=pd.Series(final, index=frame.index, name="weight"),
        deff=deff,
        effective_n=len(final) / deff,
        efficiency=1 / deff,
        iterations=iterations,
        converged=converged,
        margins=_report(margins, start, final),
        trimmed=cut,
        warnings=tuple(said),
    )


@dataclass(frozen=True)
class _Margin:
    name: str
    levels: tuple[str, ...]
    positions: NDArray[np.intp]
    shares: Floats
    warnings: tuple[Problem, ...]


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


def _margins(frame: pd.DataFrame, targets: Targets, start: Floats) -> list[_Margin]:
    problems: list[Problem] = []
    margins: list[_Margin] = []
    for name, figures in targets.items():
        columns = _columns(name)
        unknown = [column for column in columns if column not in frame.columns]
        if unknown:
            problems += [_unknown_column(column, frame) for column in unknown]
            continue
        margin, said = _margin(frame, columns, figures, start)
        problems += said
        if margin is not None:
            margins.append(margin)
    if not targets:
        problems.append(error("target.none", "There are no targets to rake to."))
    if problems:
        raise DataError(problems)
    return margins


def _columns(name: Margin) -> tuple[str, ...]:
    if isinstance(name, tuple):
        return name
    return tuple(part.strip() for part in str(name).split(_JOINT))


def _unknown_column(column: str, frame: pd.DataFrame) -> Problem:
    near = nearest(column, [str(name) for name in frame.columns])
    return error(
        "target.column",
        "There is a target for {column!r}, which is no column of the answers.",
        question=column,
        remedy=f"Did you mean {near!r}?" if near else "Name a question of the questionnaire.",
        values={"column": column},
    )


def _margin(
    frame: pd.DataFrame, columns: tuple[str, ...], figures: Mapping[Any, float], start: Floats
) -> tuple[_Margin | None, list[Problem]]:
    """One margin with every respondent placed; those without an answer keep their share."""
    name = " * ".join(columns)
    wanted = {_level(level, len(columns)): float(figure) for level, figure in figures.items()}
    problems = _check_figures(name, wanted)
    given = _given(frame, columns)
    levels = list(wanted)
    place = {level: number for number, level in enumerate(levels)}
    missing = np.array([level is None for level in given], bool)
    strange = sorted({str(level) for level in given if level is not None and level not in place})
    if strange:
        problems.append(_no_target(name, strange, levels))
    positions = np.array([place.get(level, -1) if level else -1 for level in given], np.intp)
    weight = np.bincount(positions[positions >= 0], start[positions >= 0], len(levels))
    for level, found in zip(levels, weight, strict=True):
        if wanted[level] > 0 and found == 0:
            problems.append(_nobody(name, level))
    if problems:
        return None, problems
    shares = np.array([wanted[level] for level in levels])
    shares = shares / shares.sum()
    warnings = _sum_warning(name, wanted)
    if missing.any():
        kept = float(start[missing].sum() / start.sum())
        positions[missing] = len(levels)
        levels.append("(no answer)")
        shares = np.append(shares * (1 - kept), kept)
        warnings.append(_kept_missing(name, int(missing.sum())))
    return _Margin(name, tuple(levels), positions, shares, tuple(warnings)), []


def _level(level: Any, width: int) -> str:
    if isinstance(level, tuple):
        return " * ".join(_one(part) for part in level)
    if width > 1:
        return " * ".join(part.strip() for part in str(level).split(_JOINT))
    return _one(level)


def _one(value: Hashable) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _given(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[str | None]:
    parts = [[None if pd.isna(v) else _one(v) for v in frame[column]] for column in columns]
    return [
        None if any(part is None for part in row) else " * ".join(map(str, row))
        for row in zip(*parts, strict=True)
    ]


def _check_figures(name: str, wanted: Mapping[str, float]) -> list[Problem]:
    bad = [level for level, figure in wanted.items() if not np.isfinite(figure) or figure < 0]
    if not bad and sum(wanted.values()) > 0:
        return []
    return [
        error(
            "target.figure",
            "The targets of {margin} must be numbers of at least zero, not all zero.",
            question=name,
            found=", ".join(f"{level}: {wanted[level]:g}" for level in bad),
            remedy="Write shares, percent or counts.",
            values={"margin": name},
        )
    ]


def _no_target(name: str, strange: Sequence[str], levels: Sequence[str]) -> Problem:
    return error(
        "target.level",
        "Respondents answered {levels} to {margin}, for which there is no target.",
        question=name,
        found=", ".join(strange[:10]),
        allowed=", ".join(levels[:20]),
        remedy="Add a target for it, or merge it with another answer first.",
        values={"levels": ", ".join(strange[:10]), "margin": name},
    )


def _nobody(name: str, level: str) -> Problem:
    return error(
        "target.empty",
        "Nobody in the sample is {level} in {margin}, so no weight can meet its target.",
        question=name,
        found=level,
        remedy="Merge it with a neighbouring level, in answers and targets.",
        values={"level": level, "margin": name},
    )


def _sum_warning(name: str, wanted: Mapping[str, float]) -> list[Problem]:
    """Targets that look like shares or percent should sum to 1 or 100."""
    total = sum(wanted.values())
    for whole in (1.0, 100.0):
        if abs(total - whole) <= _ROUNDING * whole * 10 and abs(total / whole - 1) > _ROUNDING:
            return [
                warning(
                    "target.sum",
                    "The targets of {margin} sum to {total:g}, not {whole:g}; they are scaled.",
                    question=name,
                    remedy="Check whether a level is missing.",
                    values={"margin": name, "total": total, "whole": whole},
                )
            ]
    return []


def _kept_missing(name: str, count: int) -> Problem:
    return warning(
        "target.missing",
        "{count} respondents have no answer to {margin}; together they keep their share.",
        question=name,
        values={"count": count, "margin": name},
    )


def _fit(start: Floats, margins: Sequence[_Margin], total: float, most: int) -> tuple[Floats, int]:
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


def _differences(weights: Floats, margin: _Margin, total: float) -> Floats:
    found = np.bincount(margin.positions, weights, len(margin.shares)) / total
    difference: Floats = np.abs(found - margin.shares)
    return difference


def _largest_difference(weights: Floats, margins: Sequence[_Margin], total: float) -> float:
    return max(float(_differences(weights, margin, total).max()) for margin in margins)


def _not_converged(
    weights: Floats, margins: Sequence[_Margin], total: float, iterations: int
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
    raked: Floats, final: Floats, cut: int, margins: Sequence[_Margin], total: float
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


def _report(margins: Sequence[_Margin], start: Floats, final: Floats) -> pd.DataFrame:
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
