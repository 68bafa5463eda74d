"""Crosstabs against R's survey and stats on real surveys (survey 4.1-1, R 4.2.2)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.profiling import crosstab
from persona.profiling.crosstab_result import Crosstab

NAMES = (
    "api_wide_by_type",
    "election_vote_by_party",
    "hdv2003_cinema_by_class",
    "hdv2003_religion_by_occupation",
    "hdv2003_sport_by_sex",
    "ospo2021_program_by_size",
)
WEIGHTED = tuple(name for name in NAMES if name.startswith(("api", "hdv")))
TOLERANCE = {"rtol": 1e-6, "atol": 1e-9}


def _read(shared: Path, name: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    path = shared / "references" / f"crosstab_{name}.json"
    reference = json.loads(path.read_text(encoding="utf-8"))
    call = reference["meta"]["call"]
    data = shared / "data" / f"{call['file']}.csv"
    frame = pd.read_csv(data, keep_default_na=False, na_values=[""], low_memory=False)
    # R left out whoever misses one of both questions, in the totals too
    return frame.dropna(subset=[call["row"], call["col"]]), reference


def _table(reference: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(
        reference["data"], index=reference["rows"], columns=reference["cols"]
    ).apply(pd.to_numeric)


def _same(ours: pd.DataFrame, reference: dict[str, Any], scale: float = 1.0) -> None:
    theirs = _table(reference) * scale
    found = ours.loc[theirs.index, theirs.columns].to_numpy(dtype=float)
    assert found.shape == ours.shape
    np.testing.assert_allclose(found, theirs.to_numpy(dtype=float), **TOLERANCE)


def _run(frame: pd.DataFrame, reference: dict[str, Any], **options: Any) -> Crosstab:
    call = reference["meta"]["call"]
    return crosstab(frame, call["row"], call["col"], minimum_base=0, suppress_below=0, **options)


@pytest.mark.parametrize("name", NAMES)
def test_unweighted_table(shared: Path, name: str) -> None:
    frame, reference = _read(shared, name)
    expected = reference["unweighted"]
    found = _run(frame, reference, correction="bonferroni")
    _same(found.counts, expected["counts"])
    _same(found.percent, expected["column_share"], 100)
    _same(found.row_percent, expected["row_share"], 100)
    _same(found.residuals, expected["adjusted_residuals"])
    test = found.tests.iloc[0]
    for ours, theirs in (
        ("chi_square", expected["chisq"]),
        ("degrees", expected["df"]),
        ("p_value", expected["p"]),
        ("likelihood_ratio", expected["likelihood_ratio_chisq"]),
        ("cramers_v", expected["association"]["cramers_v"]),
        ("cramers_v_corrected", expected["association"]["bias_corrected_v"]),
        ("phi", expected["association"]["phi"]),
        ("contingency_coefficient", expected["association"]["contingency_coefficient"]),
    ):
        np.testing.assert_allclose(test[ours], theirs, rtol=1e-6, atol=1e-300, err_msg=ours)
    below = (_table(expected["expected"]) < 5).to_numpy().mean()
    assert found.expected_below_5 == pytest.approx(below, abs=1e-12)
    first = _table(expected["wilson_interval_first_row"]) * 100
    row = _table(expected["counts"]).index[0]
    for column in first.index:
        assert found.low.loc[row, column] == pytest.approx(first.loc[column, "lower"], rel=1e-6)
        assert found.high.loc[row, column] == pytest.approx(first.loc[column, "upper"], rel=1e-6)


def _pair(frame: pd.DataFrame, row: str, line: dict[str, Any]) -> float:
    return float(frame.loc[row, (line["a"], line["b"])])


@pytest.mark.parametrize("name", NAMES)
def test_unweighted_column_comparisons(shared: Path, name: str) -> None:
    frame, reference = _read(shared, name)
    found = _run(frame, reference, correction="none")
    for row, lines in reference["unweighted"]["z_tests"].items():
        assert len(lines) == found.p_values.shape[1]
        for line in lines:
            assert _pair(found.p_values, row, line) == pytest.approx(line["p_pooled"], rel=1e-6)


@pytest.mark.parametrize("name", WEIGHTED)
def test_weighted_table(shared: Path, name: str) -> None:
    frame, reference = _read(shared, name)
    expected = reference["weighted"]
    found = _run(frame, reference, weights=reference["meta"]["call"]["weight"])
    _same(found.weighted_counts, expected["weighted_counts"])
    _same(found.percent, expected["column_share"], 100)
    _same(found.percent, expected["design_column_share"], 100)
    _same(found.counts, reference["unweighted"]["counts"])
    for column, base in expected["kish_effective_base"].items():
        assert found.effective_base[column] == pytest.approx(base, rel=1e-9)
    assert found.n == expected["overall_kish"]["n"]
    assert found.effective_n == pytest.approx(expected["overall_kish"]["effective_n"], rel=1e-9)
    test = found.tests.iloc[0]
    rao_scott, first_order = expected["svychisq"]["F"], expected["svychisq"]["Chisq"]
    naive = expected["naive_chisq_on_weights_scaled_to_n"]
    for ours, theirs in (
        ("statistic", rao_scott["statistic"]),
        ("degrees_numerator", rao_scott["parameter"][0]),
        ("degrees_denominator", rao_scott["parameter"][1]),
        ("p_value", rao_scott["p"]),
        ("chi_square", first_order["statistic"]),
        ("chi_square", naive["statistic"]),
        ("degrees", first_order["parameter"]),
        ("p_value_chi_square", first_order["p"]),
    ):
        np.testing.assert_allclose(test[ours], theirs, rtol=1e-6, atol=1e-300, err_msg=ours)


@pytest.mark.parametrize("name", WEIGHTED)
@pytest.mark.parametrize(
    ("variance", "where", "figure"),
    [("effective_base", "kish_z_tests", "p_pooled"), ("design", "design_z_tests", "p_t")],
)
def test_weighted_column_comparisons(
    shared: Path, name: str, variance: Any, where: str, figure: str
) -> None:
    frame, reference = _read(shared, name)
    weights = reference["meta"]["call"]["weight"]
    found = _run(frame, reference, weights=weights, variance=variance, correction="none")
    compared = 0
    for row, lines in reference["weighted"][where].items():
        for line in lines:
            ours = _pair(found.p_values, row, line)
            if line[figure] is None or line[figure] == 0:
                assert np.isnan(ours) or ours in (0.0, 1.0)
            else:
                assert ours == pytest.approx(line[figure], rel=1e-6)
            compared += 1
    assert compared == found.p_values.size


@pytest.mark.parametrize("name", WEIGHTED)
def test_bonferroni_within_a_row(shared: Path, name: str) -> None:
    """R multiplies within one row of the table: run row by row, ours does the same."""
    frame, reference = _read(shared, name)
    call = reference["meta"]["call"]
    for row, lines in reference["weighted"]["kish_z_tests"].items():
        ticked = frame.assign(tick=(frame[call["row"]] == row).astype(int))
        found = crosstab(
            ticked,
            "row",
            call["col"],
            weights=call["weight"],
            correction="bonferroni",
            multiple={"row": ["tick"]},
            minimum_base=0,
            suppress_below=0,
        )
        for line in lines:
            ours = _pair(found.p_adjusted, "tick", line)
            assert ours == pytest.approx(line["p_pooled_bonferroni"], rel=1e-6)


def test_the_whole_way_from_the_file_of_answers(shared: Path) -> None:
    """A banner of a declared study gives what R gives from the same file."""
    import persona
    from persona.profiling import banner_book

    _, reference = _read(shared, "hdv2003_sport_by_sex")
    expected = reference["weighted"]
    folder = Path(__file__).resolve().parents[1] / "studies" / "hdv2003"
    responses = persona.Study.load(folder / "study.yaml").read()
    book = banner_book(responses, ["sex"], questions=["sport"], correction="none")
    names = [column.texts[0]["fr"] for column in book.columns]
    share = _table(expected["column_share"]) * 100
    for row in book.question("sport").rows:
        answer = row.text["fr"]
        for name, cell in zip(names, row.cells, strict=True):
            assert cell.value == pytest.approx(share.loc[answer, name], rel=1e-6)
            base = expected["kish_effective_base"][name]
            assert cell.effective_base == pytest.approx(base, rel=1e-6)
        line = expected["kish_z_tests"][answer][0]
        # a column against all others is one against the other where there are two
        assert row.cells[0].p_value == pytest.approx(line["p_pooled"], rel=1e-6)
    test = book.tests[0]
    assert test.p_value == pytest.approx(expected["svychisq"]["F"]["p"], rel=1e-6)
    assert test.chi_square == pytest.approx(expected["svychisq"]["Chisq"]["statistic"], rel=1e-6)
