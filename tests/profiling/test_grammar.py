"""The words of a statement: each is earned by an interval and an effect size, never by taste."""

from __future__ import annotations

from dataclasses import replace
from math import asin, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.profiling.forms import HARDLY_ANY, MOST, SMALL_EFFECT, Found, form_of
from persona.profiling.persona import Form
from persona.profiling.result import Cell, Row
from persona.profiling.significance import wilson

OTHERS = 2_000


def _cell(value: float, low: float, high: float, rest: float, **more: Any) -> Cell:
    return Cell(value, 1, 1.0, 100, 100.0, 400.0, low, high, rest=rest, **more)


def _found(
    cell: Cell, statistic: Any = "percent", tested: bool = True, others: float = OTHERS
) -> Found | None:
    total = replace(cell, effective_base=cell.effective_base + others)
    row = Row("v", 1, statistic, {}, total, (cell,))
    return form_of(row, cell, tested=tested)


def _form(cell: Cell, statistic: Any = "percent", **how: Any) -> Form | None:
    found = _found(cell, statistic, **how)
    return found.form if found else None


def _share(percent: float, rest: float, n: int, p_adjusted: float | None = 0.0001) -> Cell:
    """A cell of n respondents as a profile would have it."""
    p, q = percent / 100, rest / 100
    low, high = wilson(np.array([p]), np.array([float(n)]))
    effect = 2 * asin(sqrt(p)) - 2 * asin(sqrt(q))
    return Cell(
        percent,
        round(p * n),
        p * n,
        n,
        float(n),
        float(n),
        100 * float(low[0]),
        100 * float(high[0]),
        rest=rest,
        effect=effect,
        p_adjusted=p_adjusted,
    )


def test_most_is_more_than_half_for_sure() -> None:
    assert _form(_share(58, 57, 1_000)) is Form.MOST
    assert _form(_share(52, 51, 1_000)) is not Form.MOST, "the interval reaches below half"
    assert _form(_share(58, 57, 60)) is None, "58 % of 60 people may be less than half of all"
    assert _found(_share(58, 57, 1_000)).weight == 0  # type: ignore[union-attr]


def test_most_and_more_needs_both_words() -> None:
    assert _form(_share(70, 40, 300)) is Form.MOST_AND_MORE
    assert _form(_share(70, 40, 300, p_adjusted=0.2)) is Form.MOST, "not tested apart"
    assert _form(_share(70, 66, 3_000)) is Form.MOST, "significant, yet less than a small effect"
    assert _form(_share(70, 85, 300)) is Form.LESS_THAN_OTHERS, "fewer than elsewhere comes first"


def test_more_than_others_needs_the_test_and_a_small_effect() -> None:
    assert _form(_share(40, 28, 400)) is Form.MORE_THAN_OTHERS
    assert _form(_share(40, 28, 400, p_adjusted=0.06)) is None
    assert _form(_share(33, 28, 20_000), others=20_000) is None, "h is .11"
    assert _form(_share(28, 40, 400)) is Form.LESS_THAN_OTHERS


def test_as_likely_as_is_shown_not_assumed() -> None:
    """No difference found is not the same as no difference: the interval has to be narrow."""
    assert _form(_share(30, 30.5, 1_000)) is Form.AS_LIKELY_AS
    assert _form(_share(30, 30.5, 80, p_adjusted=0.9)) is None, "too few to know"
    assert _form(_share(33, 28, 20_000), others=20_000) is None, "a sure difference, if a small one"
    assert _form(_share(30, 30.5, 1_000), others=60) is None, "the others are too few to know"
    assert _form(_share(30, 38, 1_000, p_adjusted=0.9)) is None, "h is -.17, its interval beyond"


def test_hardly_any_is_less_than_a_tenth_for_sure() -> None:
    assert _form(_share(4, 4.2, 400)) is Form.HARDLY_ANY
    assert _form(_share(9, 9, 400)) is not Form.HARDLY_ANY, "the interval reaches above a tenth"
    assert _form(_share(0, 0.5, 20)) is None, "none of twenty may be a sixth of all"
    assert _form(_share(4, 25, 400)) is Form.HARDLY_ANY
    assert _found(_share(4, 25, 400)).weight > 0  # type: ignore[union-attr]
    assert _form(_share(5, 0.5, 2_000)) is Form.MORE_THAN_OTHERS, "rare, yet ten times as usual"


def test_means_are_higher_lower_or_the_same() -> None:
    higher = _cell(4.0, 3.9, 4.1, 3.0, effect=0.9, p_adjusted=0.001)
    assert _form(higher, "mean") is Form.HIGHER_MEAN
    assert _form(replace(higher, effect=-0.9), "nps") is Form.LOWER_MEAN
    assert _form(replace(higher, effect=0.01, p_adjusted=0.9), "mean") is Form.SAME_MEAN
    assert _form(replace(higher, effect=0.15, p_adjusted=0.01), "mean") is None
    assert _form(replace(higher, effect=0.01, p_adjusted=0.9), "mean", others=50) is None


def test_what_made_the_segments_is_held_against_intervals_not_tests() -> None:
    untested = _cell(70, 65, 75, 40, effect=0.6)
    assert _form(untested) is Form.MOST, "a descriptor without a test is not more"
    assert _form(untested, tested=False) is Form.MOST_AND_MORE
    assert _form(replace(untested, rest=66.0, effect=0.3), tested=False) is Form.MOST
    assert _form(replace(untested, rest=60.0, effect=0.21), tested=False, others=80) is Form.MOST
    assert _form(replace(untested, mark="**"), tested=False) is None
    assert _form(replace(untested, value=None)) is None


def test_weight_is_what_the_interval_leaves() -> None:
    strong, weak = _found(_share(70, 40, 300)), _found(_share(70, 40, 100))
    assert strong is not None and weak is not None
    assert strong.weight > weak.weight > 0
    h = 2 * asin(sqrt(0.7)) - 2 * asin(sqrt(0.4))
    assert strong.weight == pytest.approx(h - 1.959964 * sqrt(1 / 300 + 1 / OTHERS), abs=1e-5)


@given(st.floats(0, 100), st.floats(0, 100), st.integers(30, 5_000), st.floats(0, 1), st.booleans())
def test_no_word_without_its_figures(
    percent: float, rest: float, n: int, p: float, tested: bool
) -> None:
    cell = _share(percent, rest, n, p if tested else None)
    found = _found(cell, tested=tested)
    if found is None:
        return
    assert cell.low is not None and cell.high is not None and cell.effect is not None
    apart = abs(cell.effect) >= SMALL_EFFECT and (not tested or p < 0.05)
    match found.form:
        case Form.MOST_AND_MORE:
            assert cell.low > MOST and cell.effect > 0 and apart
        case Form.MOST:
            assert cell.low > MOST
        case Form.MORE_THAN_OTHERS:
            assert cell.effect > 0 and apart and cell.low <= MOST
        case Form.LESS_THAN_OTHERS:
            assert cell.effect < 0 and apart
        case Form.HARDLY_ANY:
            assert cell.high < HARDLY_ANY
        case Form.AS_LIKELY_AS:
            assert abs(cell.effect) < SMALL_EFFECT and found.weight == 0
        case _:
            raise AssertionError(f"no word of percents: {found.form}")
