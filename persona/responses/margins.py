"""Targets of weights, checked against the answers."""

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

#: Targets of one margin may miss 1 or 100 by so much through rounding.
_ROUNDING = 0.006
_JOINT = "*"


@dataclass(frozen=True)
class MarginTarget:
    """One margin: its levels, which of them each respondent has, and the shares wanted."""

    name: str
    levels: tuple[str, ...]
    positions: NDArray[np.intp]
    shares: Floats
    warnings: tuple[Problem, ...]


def margin_targets(frame: pd.DataFrame, targets: Targets, start: Floats) -> list[MarginTarget]:
    """Every target with respondents placed in its levels.

    Raises
    ------
    DataError
        With every column, level and figure that cannot be met.
    """
    problems: list[Problem] = []
    margins: list[MarginTarget] = []
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
) -> tuple[MarginTarget | None, list[Problem]]:
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
    return MarginTarget(name, tuple(levels), positions, shares, tuple(warnings)), []


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
