"""CA, MCA and mixed maps: identities, invariances, and what they do with bad tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from persona.analysis import (
    correspondence_analysis,
    mixed_data_analysis,
    multiple_correspondence_analysis,
    multiple_factor_analysis,
    principal_component_analysis,
)
from persona.analysis.encoding import burt_table, encode
from persona.errors import AnalysisError

TABLES = hnp.arrays(
    float, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.integers(1, 60).map(float)
)


def answers(n: int = 300, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    taste = rng.standard_normal(n)
    return pd.DataFrame(
        {
            "drink": np.where(taste + rng.standard_normal(n) > 0, "tea", "coffee"),
            "sport": np.digitize(taste + rng.standard_normal(n), [-1, 1]),
            "paper": pd.Categorical.from_codes(
                np.digitize(taste + rng.standard_normal(n), [-1, 0, 1]),
                ["none", "local", "national", "foreign"],
            ),
            "pet": rng.choice(["cat", "dog", "none"], n),
            "age": 40 + 10 * taste + rng.normal(0, 5, n),
        },
        index=[f"r{row}" for row in range(n)],
    )


QUESTIONS = ["drink", "sport", "paper", "pet"]


def assert_whole(result: Any) -> None:
    for name, value in vars(result).items():
        if isinstance(value, pd.DataFrame | pd.Series) and name != "table":
            numbers = pd.DataFrame(value).select_dtypes("number").to_numpy(dtype=float)
            assert np.isfinite(numbers).all(), name


# correspondence analysis of a table


@settings(max_examples=50, deadline=None)
@given(TABLES)
def test_identities_of_a_table(values: np.ndarray) -> None:
    table = pd.DataFrame(values, index=[f"r{i}" for i in range(len(values))])
    found = correspondence_analysis(table)
    assert_whole(found)
    expected = np.outer(values.sum(1), values.sum(0)) / values.sum()
    chi_square = ((values - expected) ** 2 / expected).sum()
    assert found.chi_square == pytest.approx(chi_square, abs=1e-8)
    assert found.total_inertia * values.sum() == pytest.approx(chi_square, abs=1e-8)
    assert found.eigenvalues.sum() == pytest.approx(found.total_inertia, abs=1e-12)
    if found.total_inertia < 1e-9:
        return
    assert found.explained.sum() == pytest.approx(1)
    for side in ("row", "column"):
        np.testing.assert_allclose(getattr(found, f"{side}_contributions").sum(), 1, atol=1e-9)
        cos2 = getattr(found, f"{side}_cos2").sum(axis=1)
        far = getattr(found, f"{side}_inertia") > 1e-9
        np.testing.assert_allclose(cos2[far], 1, atol=1e-6)
        mass, place = getattr(found, f"{side}_masses"), getattr(found, f"{side}_coordinates")
        np.testing.assert_allclose(mass @ place, 0, atol=1e-9)
        np.testing.assert_allclose(mass @ place**2, found.eigenvalues, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(TABLES, st.integers(0, 99))
def test_transposing_and_reordering_a_table(values: np.ndarray, seed: int) -> None:
    table = pd.DataFrame(values).rename(index="r{}".format, columns="c{}".format)
    found = correspondence_analysis(table)
    turned = correspondence_analysis(table.T)
    np.testing.assert_allclose(turned.eigenvalues, found.eigenvalues, atol=1e-12)
    rng = np.random.default_rng(seed)
    mixed = table.iloc[rng.permutation(len(table)), rng.permutation(table.shape[1])]
    again = correspondence_analysis(mixed)
    if found.eigenvalues[1] - found.eigenvalues.get(2, 0) > 1e-6:  # else axes may turn
        np.testing.assert_allclose(again.row_cos2.loc[table.index, 1], found.row_cos2[1], atol=1e-6)
    np.testing.assert_allclose(again.eigenvalues, found.eigenvalues, atol=1e-12)


def test_a_doubled_table_has_the_same_map_and_twice_the_chi_square() -> None:
    table = pd.crosstab(answers()["drink"], answers()["paper"])
    once, twice = correspondence_analysis(table), correspondence_analysis(table * 2)
    np.testing.assert_allclose(once.row_coordinates, twice.row_coordinates, atol=1e-12)
    assert twice.chi_square == pytest.approx(2 * once.chi_square)


def test_a_supplementary_copy_lies_where_its_original_does() -> None:
    table = pd.crosstab(answers()["sport"], answers()["paper"]).astype(float)
    table.loc["copy"] = table.loc[0] * 3
    table["far"] = table["foreign"] * 2
    found = correspondence_analysis(
        table, supplementary_rows=["copy"], supplementary_columns=["far"]
    )
    copy = found.supplementary_row_coordinates.loc["copy"]
    np.testing.assert_allclose(copy, found.row_coordinates.loc[0], atol=1e-12)
    np.testing.assert_allclose(
        found.supplementary_column_coordinates.loc["far"],
        found.column_coordinates.loc["foreign"],
        atol=1e-12,
    )


def test_an_axis_is_read_from_the_points_that_make_it() -> None:
    table = pd.DataFrame(
        {"cheap": [60, 10, 20], "smart": [10, 60, 20], "near": [30, 30, 30]},
        index=["Discount", "Boutique", "Corner"],
    )
    axis = correspondence_analysis(table).axes[0]
    ends = [{point.label for point in end} for end in (axis.negative, axis.positive)]
    assert sorted(map(sorted, ends)) == [["Boutique", "smart"], ["Discount", "cheap"]]
    assert axis.explained > 0.9
    assert 1.9 < axis.contribution <= 2.0


def test_the_arrows_of_a_biplot_have_their_contribution_for_length() -> None:
    found = correspondence_analysis(pd.crosstab(answers()["sport"], answers()["paper"]))
    points, arrows = found.biplot()
    np.testing.assert_allclose(arrows**2, found.column_contributions[[1, 2]], atol=1e-12)
    np.testing.assert_allclose(points, found.row_coordinates[[1, 2]])


def test_empty_rows_and_columns_are_left_out_and_named() -> None:
    table = pd.DataFrame([[5, 0, 3], [0, 0, 0], [1, 0, 9]], index=list("xyz"), columns=list("abc"))
    found = correspondence_analysis(table)
    assert_whole(found)
    assert list(found.row_coordinates.index) == ["x", "z"]
    said = " ".join(problem.message for problem in found.warnings)
    assert "row 'y'" in said and "column 'b'" in said


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([[1, 2, 3]], "1 rows"),
        ([[0, 0], [0, 9]], "1 rows and 1 columns"),
        ([[1, -2], [3, 4]], "no count"),
        ([[1, None], [3, 4]], "no count"),
        ([[1, "x"], [3, 4]], "no count"),
        ([[0, 0], [0, 0]], "0 rows"),
        ([[1, float("inf")], [3, 4]], "no count"),
    ],
)
def test_tables_that_cannot_be_mapped(cells: list[list[Any]], message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        correspondence_analysis(pd.DataFrame(cells))


def test_a_table_without_association_has_no_map_and_no_nan() -> None:
    found = correspondence_analysis(pd.DataFrame([[10, 20], [20, 40]]))
    assert_whole(found)
    assert found.p_value == pytest.approx(1.0)
    assert "table.independent" in {problem.code for problem in found.warnings}


def test_an_unknown_supplementary_row_is_named() -> None:
    with pytest.raises(AnalysisError, match="'z'"):
        correspondence_analysis(pd.DataFrame([[1, 2], [3, 4]]), supplementary_rows=["z"])


# multiple correspondence analysis


def test_identities_of_questions() -> None:
    found = multiple_correspondence_analysis(answers()[QUESTIONS], n_axes=20)
    assert_whole(found)
    categories = 2 + 3 + 4 + 3
    assert found.total_inertia == pytest.approx(categories / 4 - 1)
    assert len(found.eigenvalues) == categories - 4
    np.testing.assert_allclose(found.category_contributions.sum(), 1, atol=1e-9)
    np.testing.assert_allclose(found.row_contributions.sum(), 1, atol=1e-9)
    np.testing.assert_allclose(found.category_cos2.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_allclose(found.row_cos2.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_allclose((found.row_coordinates**2).mean(), found.eigenvalues, atol=1e-9)
    np.testing.assert_allclose(found.eta2.mean(), found.eigenvalues, atol=1e-9)
    largest = found.category_coordinates.abs().to_numpy().argmax(axis=0)
    assert found.eigenvalues.is_monotonic_decreasing
    assert len(largest) == 8


def test_two_questions_are_their_table() -> None:
    frame = answers()[["sport", "paper"]]
    found = multiple_correspondence_analysis(frame)
    table = correspondence_analysis(pd.crosstab(frame["sport"], frame["paper"]))
    # the first eigenvalues are (1 + s) / 2 for the singular values s of the table
    singular = np.sqrt(table.eigenvalues)
    np.testing.assert_allclose(found.eigenvalues.iloc[: len(singular)], (1 + singular) / 2)
    assert found.chi_square == pytest.approx(table.chi_square)
    assert found.degrees_of_freedom == table.degrees_of_freedom


def test_weights_are_repeated_rows_in_a_map() -> None:
    frame = answers(100)
    times = np.random.default_rng(2).integers(1, 4, len(frame))
    weighted = multiple_correspondence_analysis(frame, ["age"], weights=times, weights_are="counts")
    repeated = multiple_correspondence_analysis(frame.loc[frame.index.repeat(times)], ["age"])
    for name in ("category_coordinates", "category_cos2", "v_tests", "eta2",
                 "supplementary_numbers", "benzecri", "greenacre"):  # fmt: skip
        np.testing.assert_allclose(
            getattr(weighted, name), getattr(repeated, name), atol=1e-8, err_msg=name
        )
    assert weighted.chi_square == pytest.approx(repeated.chi_square)
    survey = multiple_correspondence_analysis(frame, ["age"], weights=times * 1000.0)
    assert survey.v_tests.abs().max().max() < weighted.v_tests.abs().max().max()
    assert survey.n == 100 and survey.n_weighted == times.sum() * 1000


def test_order_of_rows_and_questions_does_not_matter() -> None:
    frame = answers()[QUESTIONS]
    found = multiple_correspondence_analysis(frame)
    mixed = frame.sample(frac=1, random_state=3)[["pet", "paper", "drink", "sport"]]
    again = multiple_correspondence_analysis(mixed)
    np.testing.assert_allclose(
        again.category_coordinates.loc[found.category_coordinates.index],
        found.category_coordinates,
        atol=1e-8,
    )
    np.testing.assert_allclose(
        again.row_coordinates.loc[frame.index], found.row_coordinates, atol=1e-8
    )


def test_passive_categories_shape_nothing_but_are_shown() -> None:
    found = multiple_correspondence_analysis(answers()[QUESTIONS], passive=[("pet", "none")])
    assert found.passive == (("pet", "none"),)
    assert ("pet", "none") not in found.category_coordinates.index
    assert ("pet", "none") in found.supplementary_coordinates.index
    assert found.method.startswith("specific")
    everywhere = multiple_correspondence_analysis(answers()[QUESTIONS], passive=["none"])
    assert set(everywhere.passive) == {("pet", "none"), ("paper", "none")}
    with pytest.raises(AnalysisError, match="pet = fish"):
        multiple_correspondence_analysis(answers()[QUESTIONS], passive=[("pet", "fish")])


def test_missing_answers_are_passive_and_counted() -> None:
    frame = answers()[QUESTIONS]
    holed = frame.mask(np.random.default_rng(4).random(frame.shape) < 0.1)
    found = multiple_correspondence_analysis(holed)
    assert_whole(found)
    assert "mca.missing" in {problem.code for problem in found.warnings}
    named = holed.astype(object).fillna("missing")
    specific = multiple_correspondence_analysis(named, passive=["missing"])
    np.testing.assert_allclose(found.eigenvalues, specific.eigenvalues, atol=1e-10)
    np.testing.assert_allclose(
        np.abs(found.row_coordinates), np.abs(specific.row_coordinates), atol=1e-8
    )


def test_rare_categories_are_named_and_can_be_passive() -> None:
    frame = answers()[QUESTIONS].astype(object)
    frame.iloc[0, 3] = "snake"
    kept = multiple_correspondence_analysis(frame)
    assert any("pet = snake" in problem.message for problem in kept.warnings)
    assert_whole(kept)
    quiet = multiple_correspondence_analysis(frame, rare="passive")
    assert ("pet", "snake") in quiet.passive
    assert_whole(quiet)


def test_a_question_with_one_category_is_left_out_and_named() -> None:
    found = multiple_correspondence_analysis(answers()[QUESTIONS].assign(all="yes"))
    assert found.questions == tuple(QUESTIONS)
    assert any("all" in problem.message for problem in found.warnings)
    with pytest.raises(AnalysisError, match="1 questions"):
        multiple_correspondence_analysis(answers()[["drink"]].assign(all="yes"))


def test_supplementary_answers_change_no_axis() -> None:
    frame = answers()
    plain = multiple_correspondence_analysis(frame[QUESTIONS[:3]])
    more = multiple_correspondence_analysis(frame, ["pet", "age"])
    np.testing.assert_allclose(plain.eigenvalues, more.eigenvalues)
    assert more.supplementary_numbers.loc["age"].abs().max() > 0.5
    assert set(more.supplementary_coordinates.loc["pet"].index) == {"cat", "dog", "none"}
    with pytest.raises(AnalysisError, match="'car'"):
        multiple_correspondence_analysis(frame, ["car"])


def test_supplementary_people_are_placed_but_shape_nothing() -> None:
    frame = answers()[QUESTIONS]
    alone = multiple_correspondence_analysis(frame.iloc[10:])
    found = multiple_correspondence_analysis(frame, supplementary_rows=frame.index[:10])
    np.testing.assert_allclose(found.eigenvalues, alone.eigenvalues)
    assert len(found.row_coordinates) == 300 and len(found.row_contributions) == 290
    twins = frame[(frame == frame.iloc[0]).all(axis=1)].index
    np.testing.assert_allclose(
        found.row_coordinates.loc[twins], found.row_coordinates.loc[[twins[0]] * len(twins)]
    )


def test_identical_people_make_no_map() -> None:
    with pytest.raises(AnalysisError):
        multiple_correspondence_analysis(pd.DataFrame({"a": ["x"] * 9, "b": ["y"] * 9}))


def test_the_burt_table_is_counted_right() -> None:
    frame = answers()[QUESTIONS]
    encoded = encode(frame)
    table = burt_table(encoded)
    expected = pd.crosstab(frame["drink"], frame["paper"]).to_numpy()
    np.testing.assert_array_equal(table[:2, 5:9], expected)
    np.testing.assert_array_equal(table, table.T)
    assert list(encoded.categories[5:9]) == [
        ("paper", name) for name in ("none", "local", "national", "foreign")
    ]


# mixed maps


def test_mixed_map_of_categories_is_multiple_correspondence_analysis() -> None:
    frame = answers()[QUESTIONS].astype(str)
    mixed = mixed_data_analysis(frame)
    maps = multiple_correspondence_analysis(frame)
    np.testing.assert_allclose(mixed.eigenvalues / 4, maps.eigenvalues, atol=1e-10)
    np.testing.assert_allclose(
        np.abs(mixed.category_contributions), maps.category_contributions, atol=1e-8
    )
    np.testing.assert_allclose(mixed.v_tests.abs(), maps.v_tests.abs(), atol=1e-7)


def test_mixed_map_identities_and_weights() -> None:
    frame = answers(120)
    times = np.random.default_rng(5).integers(1, 4, len(frame))
    found = mixed_data_analysis(frame, weights=times, n_axes=30)
    assert_whole(found)
    repeated = mixed_data_analysis(frame.loc[frame.index.repeat(times)], n_axes=30)
    np.testing.assert_allclose(found.eigenvalues, repeated.eigenvalues, atol=1e-10)
    np.testing.assert_allclose(found.question_contributions.sum(), 1, atol=1e-9)
    np.testing.assert_allclose(found.row_contributions.sum(), 1, atol=1e-9)
    np.testing.assert_allclose(found.row_cos2.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_allclose(found.number_cos2.sum(axis=1), 1, atol=1e-9)
    # sport is stored as numbers: two numbers, and 2 + 4 + 3 categories of three questions
    assert found.eigenvalues.sum() == pytest.approx(2 + 9 - 3)


def test_people_only_placed_on_a_mixed_map_shape_nothing() -> None:
    frame = answers()
    frame["drink"] = frame["drink"].astype(object)
    frame.iloc[0, 0] = "beer"
    alone = mixed_data_analysis(frame.iloc[5:], ["pet"])
    found = mixed_data_analysis(frame, ["pet"], supplementary_rows=frame.index[:5])
    assert_whole(found)
    np.testing.assert_allclose(found.eigenvalues, alone.eigenvalues)
    np.testing.assert_allclose(found.row_coordinates.iloc[5:], alone.row_coordinates, atol=1e-9)
    np.testing.assert_allclose(found.v_tests, alone.v_tests, atol=1e-9)
    assert (found.n, len(found.row_coordinates), len(found.row_contributions)) == (295, 300, 295)
    assert ("drink", "beer") not in found.category_coordinates.index
    with pytest.raises(AnalysisError, match="0 respondents are too few"):
        mixed_data_analysis(frame, supplementary_rows=frame.index)


def test_one_group_is_the_mixed_map_on_another_scale() -> None:
    frame = answers()
    plain = mixed_data_analysis(frame)
    grouped = multiple_factor_analysis(frame, {"all": list(frame.columns)})
    scale = plain.eigenvalues[1]
    np.testing.assert_allclose(grouped.eigenvalues, plain.eigenvalues / scale, atol=1e-10)
    assert grouped.group_weights["all"] == pytest.approx(scale)


def test_groups_weigh_alike() -> None:
    frame = answers()
    frame["age2"], frame["age3"] = frame["age"] * 2 + 1e-3 * np.arange(300), -frame["age"]
    groups = {"ages": ["age", "age2", "age3"], "habits": ["drink", "paper"]}
    found = multiple_factor_analysis(frame, groups, supplementary=["pet"])
    assert_whole(found)
    assert (found.group_coordinates <= 1 + 1e-9).all(axis=None)
    np.testing.assert_allclose(found.group_coordinates.sum(), found.eigenvalues.iloc[:5])
    np.testing.assert_allclose(np.diag(found.rv), 1)
    assert 0 < found.rv.loc["ages", "habits"] < 1
    assert found.eigenvalues[1] <= 2 + 1e-9
    with pytest.raises(AnalysisError, match="two places"):
        multiple_factor_analysis(frame, {"a": ["age"], "b": ["age", "drink"]})
    with pytest.raises(AnalysisError, match="'car'"):
        multiple_factor_analysis(frame, {"a": ["car", "age"]})


def test_mixed_maps_count_what_is_missing_and_what_does_not_vary() -> None:
    frame = answers().assign(same=1)
    frame.iloc[:20, 4] = np.nan
    frame["drink"] = frame["drink"].astype(object).where(np.arange(300) > 30)
    found = mixed_data_analysis(frame)
    assert_whole(found)
    assert {problem.code for problem in found.warnings} == {
        "mixed.constant",
        "mixed.missing_numbers",
        "mixed.missing_categories",
    }
    with pytest.raises(AnalysisError, match="No column varies"):
        mixed_data_analysis(frame[["same"]])


def test_principal_components_take_numbers_alone() -> None:
    with pytest.raises(AnalysisError, match="'drink' holds categories"):
        principal_component_analysis(answers()[["age", "drink"]])
    found = principal_component_analysis(answers()[["age", "sport", "pet"]], ["pet"])
    assert found.eigenvalues.sum() == pytest.approx(2)
    assert set(found.supplementary_coordinates.loc["pet"].index) == {"cat", "dog", "none"}
