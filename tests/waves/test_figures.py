"""The figures of the waves against textbook values and what must hold of them always."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.profiling.persona import Form
from persona.profiling.result import Cell
from persona.waves.confusion import true_shares
from persona.waves.shifts import stability
from persona.waves.sizes import distributions_p, share_changes
from persona.waves.statements import standing_of

SHARES = st.lists(st.floats(0.01, 1.0), min_size=2, max_size=8)


def _change(a: float, b: float, n: float, m: float):  # type: ignore[no-untyped-def]
    return share_changes(*(np.array([x]) for x in (a, b, n, m)))[0]


def test_interval_of_a_difference_is_newcombes() -> None:
    # Newcombe (1998), table II, method 10: 48/80 against 56/70 and 9/10 against 3/10
    wide = _change(48 / 80, 56 / 70, 80, 70)
    assert (wide.low, wide.high) == (
        pytest.approx(0.0524, abs=5e-5),
        pytest.approx(0.3339, abs=5e-5),
    )
    small = _change(3 / 10, 9 / 10, 10, 10)
    assert (small.low, small.high) == (
        pytest.approx(0.1705, abs=5e-5),
        pytest.approx(0.8090, abs=5e-5),
    )


def test_p_of_a_difference_is_the_pooled_z_test() -> None:
    # z = 0.2 / sqrt(104/150 * 46/150 * (1/80 + 1/70)) = 2.65017
    assert _change(48 / 80, 56 / 70, 80, 70).p_value == pytest.approx(0.008045, abs=5e-6)


def test_stability_index_of_a_textbook_example() -> None:
    # (.3-.2) ln(.3/.2) + (.4-.5) ln(.4/.5) + 0
    found = stability(np.array([0.2, 0.5, 0.3]), np.array([0.3, 0.4, 0.3]), 1000, 1000)
    assert found.psi == pytest.approx(0.0405465 + 0.0223144, abs=1e-6)
    # chi-square of 2 degrees at 95 % is 5.9915
    assert found.chance == pytest.approx(5.991465 * 2 / 1000, abs=1e-8)
    assert found.band == "steady"


def test_a_large_index_of_a_handful_of_people_is_chance() -> None:
    first, later = np.array([0.25] * 4), np.array([0.4, 0.3, 0.2, 0.1])
    few, many = stability(first, later, 500, 20), stability(first, later, 500, 500)
    assert few.psi == pytest.approx(many.psi)
    assert (few.band, many.band) == ("steady", "watch")


def test_an_empty_category_counts_half_a_respondent() -> None:
    found = stability(np.array([50.0, 50.0]), np.array([100.0, 0.0]), 100, 100)
    assert np.isfinite(found.psi) and found.band == "act"


@given(SHARES, st.integers(0, 10_000))
@settings(deadline=None, max_examples=40)
def test_stability_index_is_symmetric_and_zero_for_the_same(shares: list[float], seed: int) -> None:
    first = np.array(shares)
    later = np.random.default_rng(seed).permutation(first)
    there, back = stability(first, later, 5000, 5000), stability(later, first, 5000, 5000)
    assert there.psi == pytest.approx(back.psi, abs=1e-12) and there.psi >= 0
    assert stability(first, 7 * first, 5000, 5000).psi == pytest.approx(0, abs=1e-12)


@given(SHARES, st.integers(0, 10_000))
@settings(deadline=None, max_examples=25)
def test_shares_freed_of_errors_are_those_that_were_placed(shares: list[float], seed: int) -> None:
    k = len(shares)
    true = np.array(shares) / sum(shares)
    rule = 0.75 * np.eye(k) + 0.25 * np.random.default_rng(seed).dirichlet(np.ones(k), k)
    found = true_shares(true @ rule, rule)
    assert found.sum() == pytest.approx(1.0)
    assert np.abs(found @ rule - true @ rule).max() < 1e-3
    assert (found >= 0).all()


def test_shares_freed_of_errors_stay_shares_where_the_inverse_does_not() -> None:
    rule = np.array([[0.7, 0.3], [0.3, 0.7]])
    # the inverse of the matrix would give -0.25 and 1.25
    assert true_shares(np.array([0.2, 0.8]), rule) == pytest.approx([0.0, 1.0], abs=1e-4)


def test_equal_weights_do_not_change_the_test_of_all_sizes() -> None:
    counts = (np.array([30.0, 70.0]), np.array([50.0, 50.0]))
    plain = distributions_p(*((x, x, x) for x in counts), False)
    assert plain == pytest.approx(0.003892, abs=5e-6)  # chi-square 25/3 on one degree
    once = distributions_p(*((x, x, x) for x in counts), True)
    twice = distributions_p(*((x, 2 * x, 4 * x) for x in counts), True)
    assert twice == pytest.approx(once, rel=1e-9), "equal weights are none"
    assert once == pytest.approx(plain, rel=0.2), "Rao and Scott's F, not Pearson's chi-square"


def _cell(value: float, effect: float, low: float, high: float) -> Cell:
    return Cell(value, 50, 50.0, 100, 100.0, 100.0, low, high, effect=effect, rest=30.0)


@pytest.mark.parametrize(
    ("said", "form", "cell", "before", "standing"),
    [
        ("more_than_others", "more_than_others", (45, 0.4, 36, 55), 0.4, "holds"),
        ("more_than_others", "most_and_more", (70, 0.8, 60, 79), 0.4, "holds"),
        ("most_and_more", "more_than_others", (45, 0.4, 36, 55), 0.8, "weaker"),
        ("more_than_others", None, (38, 0.22, 29, 48), 0.4, "weaker"),
        ("more_than_others", None, (31, 0.05, 23, 41), 0.4, "no_longer"),
        ("more_than_others", "as_likely_as", (31, 0.02, 23, 41), 0.4, "no_longer"),
        ("more_than_others", "less_than_others", (15, -0.4, 9, 23), 0.4, "reversed"),
        ("more_than_others", "hardly_any", (3, -0.8, 1, 8), 0.4, "reversed"),
        ("less_than_others", "hardly_any", (3, -0.8, 1, 8), -0.4, "holds"),
        ("less_than_others", "more_than_others", (45, 0.4, 36, 55), -0.4, "reversed"),
        ("lower_mean", "lower_mean", (2.1, -0.5, 1.9, 2.3), -0.5, "holds"),
        ("lower_mean", "higher_mean", (4.1, 0.5, 3.9, 4.3), -0.5, "reversed"),
        ("most", "most", (62, 0.1, 52, 71), 0.1, "holds"),
        ("most", None, (54, 0.1, 44, 64), 0.1, "weaker"),
        ("most", None, (46, 0.1, 36, 56), 0.1, "no_longer"),
        ("most", "less_than_others", (30, -0.3, 22, 40), 0.1, "reversed"),
        ("hardly_any", "hardly_any", (2, -0.1, 0, 7), -0.1, "holds"),
        ("hardly_any", None, (8, -0.1, 4, 15), -0.1, "weaker"),
        ("hardly_any", None, (14, 0.0, 9, 22), -0.1, "no_longer"),
        ("hardly_any", "more_than_others", (30, 0.5, 22, 40), -0.1, "reversed"),
        ("as_likely_as", "as_likely_as", (31, 0.0, 23, 41), 0.0, "holds"),
        ("as_likely_as", None, (35, 0.1, 26, 45), 0.0, "weaker"),
        ("same_mean", "higher_mean", (4.1, 0.5, 3.9, 4.3), 0.0, "no_longer"),
    ],
)
def test_what_becomes_of_a_statement(
    statement: object,
    said: str,
    form: str | None,
    cell: tuple[float, float, float, float],
    before: float,
    standing: str,
) -> None:
    from dataclasses import replace

    made = replace(statement, form=Form(said))  # type: ignore[type-var]
    now = _cell(*cell)
    reference = replace(now, effect=before)
    assert standing_of(made, Form(form) if form else None, now, reference) == standing


@pytest.fixture(scope="module")
def statement() -> object:
    """Any statement; its form is set by each case."""
    from persona.profiling.persona import Evidence, Statement

    evidence = Evidence(
        *("q", "v", 1, {"en": "Q"}, {"en": "A"}, "percent"),
        *(45.0, 36.0, 55.0, 33.0, 30.0, 136.0, 0.4, 100, 100.0, 100.0, 0.01, False),
        *("kind", "single"),
    )
    return Statement("1.v.percent.1", "expects", Form.MORE_THAN_OTHERS, evidence, 0.2)
