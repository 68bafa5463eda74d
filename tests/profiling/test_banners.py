"""Books of banner tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from persona.errors import DataError
from persona.profiling import crosstab, profile
from persona.profiling.banners import BannerBook, banner_book, row_percents
from persona.profiling.result import Row


def _row(book: BannerBook, question: str, **wanted: Any) -> Row:
    for row in book.question(question).rows:
        if all(getattr(row, name) == value for name, value in wanted.items()):
            return row
    raise AssertionError(f"no row {wanted} in {question}")


@pytest.mark.parametrize("weighted", [False, True])
def test_a_book_agrees_with_crosstabs(make: Any, weighted: bool) -> None:
    made = make(weighted=weighted)
    book = banner_book(made.responses, ["sex", "town"], correction="none")
    frame = made.responses.asked
    weights = made.responses.weights if weighted else None
    table = crosstab(frame, "price", "town", weights=weights, correction="none", means="spend")
    top = _row(book, "needs", variable="price", statistic="top_box").cells[2:]
    assert [cell.value for cell in top] == pytest.approx(
        (table.percent.loc[4.0] + table.percent.loc[5.0]).tolist()
    )
    mean = _row(book, "spend", statistic="mean").cells[2:]
    assert table.means is not None
    assert [cell.value for cell in mean] == pytest.approx(table.means.mean.loc["spend"].tolist())
    median = _row(book, "spend", statistic="median").cells[2:]
    assert [cell.value for cell in median] == pytest.approx(
        table.means.median.loc["spend"].tolist()
    )
    sexes = crosstab(frame, "sex", "town", weights=weights, correction="none")
    found = [test for test in book.tests if (test.question, test.group) == ("sex", 1)]
    assert found[0].chi_square == pytest.approx(sexes.chi_square)
    assert found[0].p_value == pytest.approx(sexes.p_value)


def test_columns_carry_letters_texts_and_bases(weighted_cafe: Any) -> None:
    responses = weighted_cafe.responses
    book = banner_book(responses, ["sex", "where", ("sex", "town")])
    assert [column.letter for column in book.columns] == list("ABCDEFGHIJ")
    assert [column.group for column in book.columns] == [0, 0, 1, 1] + [2] * 6
    nested = book.columns[4]
    assert nested.codes == (1, "c") and nested.texts[1]["en"] == "city"
    inside = (responses.asked["sex"] == 1) & (responses.asked["town"] == "c")
    assert nested.base == inside.sum()
    assert nested.weighted_base == pytest.approx(responses.weights[inside].sum())
    assert nested.effective_base < nested.base
    assert book.columns[3].texts[0]["pl"] == "Aplikacja"


def test_letters_stay_within_their_group(cafe: Any) -> None:
    book = banner_book(
        cafe.responses, ["sex", "segments"], segmentation=cafe.segmentation, names={1: {"en": "H"}}
    )
    app = _row(book, "where", variable="where_2").cells
    assert app[4].letters == "CD"
    assert all(not set(cell.letters.upper()) - set("AB") for cell in app[:2])
    assert book.columns[2].texts[0]["en"] == "H"


def test_basis_has_letters_only_where_it_did_not_make_the_columns(cafe: Any) -> None:
    book = banner_book(cafe.responses, ["segments", "town"], segmentation=cafe.segmentation)
    rows = [row for row in book.question("needs").rows if row.statistic == "top_box"]
    assert all(cell.p_value is None and not cell.letters for row in rows for cell in row.cells[:3])
    assert all(cell.p_value is not None for row in rows for cell in row.cells[3:])
    assert "banner.basis" in {problem.code for problem in book.warnings}
    alone = banner_book(cafe.responses, ["segments"], segmentation=cafe.segmentation)
    assert alone.question("needs").why_not_tested == "basis"
    without = banner_book(cafe.responses, ["town"])
    assert without.question("needs").tested


def test_a_banner_of_segments_is_the_profile(weighted_cafe: Any) -> None:
    made = weighted_cafe
    book = banner_book(made.responses, ["segments"], segmentation=made.segmentation)
    table = profile(made.responses, made.segmentation)
    assert book.questions == table.questions


def test_filters_leave_out_and_say_so(cafe: Any) -> None:
    book = banner_book(cafe.responses, ["town"], where={"sex": 1}, questions=["age", "where"])
    women = cafe.responses.asked[cafe.responses.asked["sex"] == 1]
    assert book.n == len(women) and book.filters == {"sex": (1,)}
    assert [question.question for question in book.questions] == ["age", "where"]
    assert _row(book, "age", statistic="mean").total.value == pytest.approx(women["age"].mean())
    assert book.warnings[0].values["count"] == 600 - len(women)
    several = banner_book(cafe.responses, ["sex"], where={"town": ["c", "t"]})
    assert several.n == cafe.responses.asked["town"].isin(["c", "t"]).sum()


def test_row_percents_sum_to_everybody(cafe: Any) -> None:
    book = banner_book(cafe.responses, ["sex"])
    for row in book.question("town").rows:
        assert sum(p or 0.0 for p in row_percents(row)) == pytest.approx(100.0)
    mean = _row(book, "age", statistic="mean")
    assert row_percents(mean) == (None, None)


def test_scale_points_can_be_columns(cafe: Any) -> None:
    book = banner_book(cafe.responses, ["nps"])
    assert [column.codes for column in book.columns] == [(code,) for code in range(11)]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        (["sexx"], "banner.column"),
        (["age"], "banner.categories"),
        (["needs"], "banner.categories"),
        (["segments"], "banner.segments"),
    ],
)
def test_banners_that_cannot_be_made(cafe: Any, columns: list[str], code: str) -> None:
    with pytest.raises(DataError) as caught:
        banner_book(cafe.responses, columns)
    assert caught.value.problems[0].code == code
    with pytest.raises(DataError):
        banner_book(cafe.responses, ["sex"], where={"nothing": 1})


def test_an_empty_column_has_no_figures(make: Any) -> None:
    made = make()
    made.responses.asked["where_2"] = np.where(made.responses.asked["where_2"].isna(), np.nan, 0.0)
    book = banner_book(made.responses, ["where"])
    for question in book.questions:
        for row in question.rows:
            assert row.cells[1].value is None and row.cells[1].base == 0
            assert not row.cells[1].letters
