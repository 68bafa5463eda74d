"""The form a figure may be stated in, decided by its interval and effect size."""

from __future__ import annotations

import math
from dataclasses import dataclass

from persona.profiling.persona import Form
from persona.profiling.result import Cell, Row
from persona.profiling.significance import Z_95

SMALL_EFFECT = 0.2
"""Cohen's (1988) small effect, for h of two shares and d of two means alike."""

MOST, HARDLY_ANY = 50.0, 10.0
"""Percents that an interval must lie above, or below."""

POSITIVE = frozenset({Form.MOST_AND_MORE, Form.MORE_THAN_OTHERS, Form.HIGHER_MEAN})
NEGATIVE = frozenset({Form.LESS_THAN_OTHERS, Form.LOWER_MEAN})
ALIKE = frozenset({Form.AS_LIKELY_AS, Form.SAME_MEAN})


@dataclass(frozen=True, slots=True)
class Found:
    """A form with how much the figure sets apart.

    ``weight`` is the part of the absolute effect that its 95 % interval leaves certain; 0 where
    the segment is like the others.
    """

    form: Form
    weight: float


def form_of(row: Row, cell: Cell, *, tested: bool, level: float = 0.05) -> Found | None:
    """The form in which a cell may be stated; None when nothing can be said.

    Parameters
    ----------
    row : Row
        Tells how many respondents stand outside the segment.
    cell : Cell
        Of one segment.
    tested : bool
        False for questions that made the segments: there both the interval of the figure and
        that of the effect have to exclude the others, because a test would be circular.
    level : float
        Of the corrected test.
    """
    if cell.value is None or cell.low is None or cell.high is None or cell.mark == "**":
        return None
    error = _error(row, cell)
    apart, sure = _apart(cell, error, tested, level)
    if row.statistic in ("mean", "nps"):
        if apart:
            return Found(Form.HIGHER_MEAN if apart > 0 else Form.LOWER_MEAN, sure)
        return Found(Form.SAME_MEAN, 0.0) if _alike(cell, error) else None
    if row.statistic not in ("percent", "top_box", "bottom_box"):
        return None
    if cell.low > MOST and apart >= 0:
        return Found(Form.MOST_AND_MORE, sure) if apart else Found(Form.MOST, 0.0)
    if cell.high < HARDLY_ANY and apart <= 0:
        return Found(Form.HARDLY_ANY, sure if apart else 0.0)
    if apart:
        return Found(Form.MORE_THAN_OTHERS if apart > 0 else Form.LESS_THAN_OTHERS, sure)
    return Found(Form.AS_LIKELY_AS, 0.0) if _alike(cell, error) else None


def _apart(cell: Cell, error: float, tested: bool, level: float) -> tuple[int, float]:
    """+1 above the others, -1 below, 0 when that is not sure; and the certain part of it."""
    if cell.effect is None or cell.rest is None or abs(cell.effect) < SMALL_EFFECT:
        return 0, 0.0
    if tested:
        sure = cell.p_adjusted is not None and cell.p_adjusted < level
    else:
        sure = cell.low is not None and cell.high is not None
        sure = sure and not cell.low <= cell.rest <= cell.high  # type: ignore[operator]
        sure = sure and abs(cell.effect) > Z_95 * error
    if not sure:
        return 0, 0.0
    certain = max(abs(cell.effect) - Z_95 * error, 0.01)
    return (1 if cell.effect > 0 else -1), certain


def _error(row: Row, cell: Cell) -> float:
    """Standard error of h, or about that of d: sqrt(1/n1 + 1/n2) of the effective bases.

    The variance of 2 arcsin sqrt(p) is 1/n (Cohen 1988, ch. 6); the effective base of the others
    is what the segment leaves of the total's.
    """
    own, others = cell.effective_base, row.total.effective_base - cell.effective_base
    if own <= 0 or others <= 0:
        return math.inf
    return math.sqrt(1.0 / own + 1.0 / others)


def _alike(cell: Cell, error: float) -> bool:
    """Whether the interval of the effect holds 0 and lies within a small effect on both sides."""
    if cell.effect is None:
        return False
    reach = Z_95 * error
    return abs(cell.effect) <= reach and abs(cell.effect) + reach < SMALL_EFFECT
