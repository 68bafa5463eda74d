"""Crosstabs of plain frames: shapes, weights, letters, filters, small and empty bases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.errors import DataError, PersonaError
from persona.profiling import crosstab


def _people(n: int = 300, seed: int = 1) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    sex = draw.choice(["f", "m"], n)
    return pd.DataFrame(
        {
            "sex": sex,
            "region": draw.choice(["north", "south", "west"], n),
            "buys": np.where(draw.random(n) < np.where(sex == "f", 0.7, 0.3), "yes", "no"),
            "tv": draw.integers(0, 2, n),
            "web": draw.integers(0, 2, n),
            "spend": draw.gamma(2.0, 50.0, n) + np.where(sex == "f", 40, 0),
            "w": draw.uniform(0.5, 2.0, n),
        }
    )


def test_names_of_the_user_are_kept() -> None:
    table = crosstab(_people(), "buys", "sex")
    assert list(table.percent.index) == ["no", "yes"]
    assert list(table.percent.columns) == ["f", "m"]
    assert table.percent.columns.name == "sex"
    assert list(table.column_letters) == ["A", "B"]
    np.testing.assert_allclose(table.percent.sum(), 100.0)


def test_letters_stand_on_the_higher_side_alone() -> None:
    table = crosstab(_people(), "buys", "sex")
    assert table.letters.loc["yes", "f"] == "B"
    assert table.letters.loc["yes", "m"] == ""
    assert table.letters.loc["no", "m"] == "A"


def test_lower_case_below_the_first_level_only() -> None:
    frame = pd.DataFrame(
        {"g": ["a"] * 100 + ["b"] * 100, "x": ["y"] * 60 + ["n"] * 40 + ["y"] * 44 + ["n"] * 56}
    )
    table = crosstab(frame, "x", "g", correction="none")
    assert 0.001 < table.p_values.loc["y", ("a", "b")] < 0.05
    assert table.letters.loc["y", "a"] == "b"


def test_correction_is_over_the_book() -> None:
    frame = _people(400)
    book = crosstab(frame, ["buys", "region", "tv"], ["sex", "region"], correction="fdr")
    p = book.p_values.to_numpy().ravel()
    p = np.sort(p[~np.isnan(p)])
    stepped = np.minimum.accumulate((p * p.size / np.arange(1, p.size + 1))[::-1])[::-1]
    ours = book.p_adjusted.to_numpy().ravel()
    np.testing.assert_allclose(np.sort(ours[~np.isnan(ours)]), np.minimum(stepped, 1.0))
    raw = crosstab(frame, ["buys", "region", "tv"], ["sex", "region"], correction="none")
    np.testing.assert_array_equal(raw.p_adjusted.to_numpy(), raw.p_values.to_numpy())


def test_groups_of_a_banner_are_compared_within() -> None:
    book = crosstab(_people(), ["buys"], ["sex", "region"])
    pairs = [(str(a), str(b)) for a, b in book.p_values.columns]
    assert len(pairs) == 1 + 3
    assert not any("f" in a and "north" in b for a, b in pairs)


def test_nested_banner_is_the_banner_of_the_part() -> None:
    frame = _people()
    nested = crosstab(frame, "buys", [("sex", "region")])
    part = crosstab(frame, "buys", "region", where={"sex": "f"})
    np.testing.assert_allclose(nested.percent[("sex > region", "f > north")], part.percent["north"])


def test_multiple_response_sets_as_rows_and_columns() -> None:
    frame = _people()
    media = {"media": ["tv", "web"]}
    rows = crosstab(frame, "media", "sex", multiple=media)
    expected = 100 * frame.groupby("sex")["tv"].mean()
    np.testing.assert_allclose(rows.percent.loc["tv"], expected)
    columns = crosstab(frame, "buys", "media", multiple=media)
    assert columns.base["tv"] == frame["tv"].sum()


def test_overlap_is_taken_out_of_the_test() -> None:
    """Against R: two proportions of a part and of the whole that holds it share respondents."""
    frame = pd.DataFrame({"x": [1] * 70 + [0] * 130, "part": [1] * 100 + [0] * 100, "all": 1})
    columns = {"c": ["part", "all"]}
    found = crosstab(frame, "x", "c", multiple=columns, correction="none")
    apart = crosstab(frame, "x", "part", correction="none")
    # a part against the whole is a part against the rest: the same z
    assert found.p_values.loc[1, ("part", "all")] == pytest.approx(
        apart.p_values.loc[1, (0, 1)], rel=1e-9
    )


def test_means_agree_with_pandas() -> None:
    frame = _people()
    found = crosstab(frame, "buys", "sex", means="spend", correction="none")
    assert found.means is not None
    grouped = frame.groupby("sex")["spend"]
    np.testing.assert_allclose(found.means.mean.loc["spend"], grouped.mean())
    np.testing.assert_allclose(found.means.median.loc["spend"], grouped.median())
    np.testing.assert_allclose(found.means.standard_deviation.loc["spend"], grouped.std())
    assert found.means.letters.loc["spend"].to_dict() == {"f": "b", "m": ""}


def test_thin_columns_are_marked_untested_or_hidden() -> None:
    frame = pd.DataFrame(
        {
            "g": ["big"] * 120 + ["small"] * 40 + ["thin"] * 20 + ["tiny"] * 3,
            "x": (["y", "n"] * 60) + ["y"] * 40 + ["n"] * 20 + ["y"] * 3,
        }
    )
    table = crosstab(frame, "x", "g")
    assert table.marks.to_dict() == {"big": "", "small": "*", "thin": "**", "tiny": "**"}
    assert np.isnan(table.p_values.loc["y", ("big", "thin")])
    assert not np.isnan(table.p_values.loc["y", ("big", "small")])
    assert table.percent["tiny"].isna().all() and table.counts["tiny"].isna().all()
    assert [problem.code for problem in table.warnings if "suppressed" in problem.code] == [
        "table.suppressed"
    ]


def test_a_column_without_answers_has_no_figures_and_no_letters() -> None:
    frame = pd.DataFrame({"g": ["a"] * 40 + ["b"] * 40, "x": ["y"] * 40 + [None] * 40})
    table = crosstab(frame, "x", "g")
    assert table.base["b"] == 0
    assert table.percent["b"].isna().all()
    assert (table.letters == "").all(axis=None)
    assert table.chi_square is None and table.cramers_v is None


def test_printed_with_letters_and_dashes() -> None:
    frame = pd.DataFrame({"g": ["a"] * 40 + ["b"] * 40 + ["c"] * 9, "x": ["y"] * 40 + ["n"] * 49})
    frame.loc[frame["g"] == "c", "x"] = None
    text = str(crosstab(frame, "x", "g"))
    assert "100.0 B" in text and "–" in text and "nan" not in text.casefold()


def test_one_category_and_one_column() -> None:
    frame = pd.DataFrame({"g": ["a"] * 50, "x": ["y"] * 50})
    table = crosstab(frame, "x", "g")
    assert float(table.percent.loc["y", "a"]) == 100.0
    assert table.p_values.shape == (1, 0)
    assert table.p_value is None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 1000.0))
def test_scale_of_the_weights_does_not_matter(seed: int, factor: float) -> None:
    frame = _people(80, seed)
    one = crosstab(frame, ["buys", "region"], ["sex"], weights="w", means="spend")
    other = crosstab(frame, ["buys", "region"], ["sex"], weights=frame["w"] * factor, means="spend")
    for name in ("percent", "p_values", "effective_base", "index", "low", "residuals"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-7, atol=1e-12)
    assert (one.letters == other.letters).all(axis=None)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_whole_weights_count_rows_again(seed: int) -> None:
    frame = _people(60, seed)
    times = np.random.default_rng(seed).integers(1, 4, len(frame))
    weighted = crosstab(frame, "buys", "sex", weights=times)
    repeated = crosstab(frame.loc[frame.index.repeat(times)].reset_index(), "buys", "sex")
    np.testing.assert_allclose(weighted.percent, repeated.percent, rtol=1e-12)
    np.testing.assert_allclose(weighted.weighted_counts, repeated.counts, rtol=1e-12)


def test_respondents_without_weight_are_left_out_and_counted() -> None:
    frame = _people()
    frame.loc[:9, "w"] = 0.0
    frame.loc[10:14, "w"] = np.nan
    table = crosstab(frame, "buys", "sex", weights="w")
    assert table.n == len(frame) - 15
    assert table.warnings[0].values["count"] == 15


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ([-1.0] + [1.0] * 299, "weights.negative"),
        ([np.inf] + [1.0] * 299, "weights.infinite"),
        ([0.0] * 300, "weights.empty"),
        (["heavy"] + [1.0] * 299, "weights.text"),
        ([1.0, 2.0], "weights.length"),
        ("gewicht", "table.column"),
    ],
)
def test_weights_that_cannot_be_used(weights: object, code: str) -> None:
    with pytest.raises(DataError) as caught:
        crosstab(_people(), "buys", "sex", weights=weights)
    assert caught.value.problems[0].code == code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"where": {"sex": "x"}}, "table.nobody"),
        ({"rows": []}, "table.nothing"),
        ({"rows": "media", "multiple": {"media": []}}, "table.set"),
        ({"means": "region"}, "table.numbers"),
        ({"rows": "twice"}, "table.repeated"),
    ],
)
def test_tables_that_cannot_be_made(arguments: dict[str, object], code: str) -> None:
    frame = _people().assign(twice=1)
    frame = pd.concat([frame, frame[["twice"]]], axis=1)
    with pytest.raises(DataError) as caught:
        crosstab(frame, **({"rows": "buys", "columns": "sex"} | arguments))  # type: ignore[arg-type]
    assert caught.value.problems[0].code == code


def test_odd_values_and_empty_questions_are_tabulated() -> None:
    frame = pd.DataFrame(
        {
            "mixed": [1, "a"] * 40,
            "nothing": [None] * 80,
            "kept": pd.Categorical(["x", "y"] * 40, categories=["x", "y", "unused"]),
            7: [True, False] * 40,
            "g": ["u", "u", "v", "v"] * 20,
        }
    )
    assert list(crosstab(frame, "mixed", "g").percent.index) == [1, "a"]
    assert crosstab(frame, "nothing", "g").percent.empty
    assert crosstab(frame, "g", "nothing").percent.shape == (2, 0)
    unused = crosstab(frame, "kept", "g").percent.loc["unused"]
    assert (unused == 0.0).all()
    assert list(crosstab(frame, 7, "g").percent.index) == [False, True]  # type: ignore[arg-type]


def test_unknown_names_suggest_the_nearest() -> None:
    with pytest.raises(DataError) as caught:
        crosstab(_people(), "bys", "sex")
    assert "buys" in str(caught.value.problems[0].remedy)
    with pytest.raises(PersonaError):
        crosstab(_people(), "buys", "sex", correction="sidak")  # type: ignore[arg-type]
    with pytest.raises(DataError) as caught:
        crosstab(_people(), "spend", "sex")
    assert caught.value.problems[0].code == "table.categories"
