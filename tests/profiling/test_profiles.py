"""Every question by segment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.errors import AnalysisError
from persona.profiling import crosstab, profile
from persona.profiling.result import Cell, Profile, Row


def _row(found: Profile, question: str, **wanted: Any) -> Row:
    for row in found.question(question).rows:
        if all(getattr(row, name) == value for name, value in wanted.items()):
            return row
    raise AssertionError(f"no row {wanted} in {question}")


def _cells(found: Profile) -> list[Cell]:
    return [
        cell
        for question in found.questions
        for row in question.rows
        for cell in (row.total, *row.cells)
    ]


@pytest.mark.parametrize("weighted", [False, True])
def test_figures_agree_with_the_plain_crosstab(make: Any, weighted: bool) -> None:
    made = make(weighted=weighted)
    found = profile(made.responses, made.segmentation)
    frame = made.responses.asked.assign(segment=made.segmentation.labels)
    weights = made.responses.weights if weighted else None
    table = crosstab(frame, "town", "segment", weights=weights, means=["age"])
    assert table.means is not None
    for code in ("c", "t", "v"):
        row = _row(found, "town", category=code)
        for segment, cell in enumerate(row.cells, start=1):
            assert cell.value == pytest.approx(table.percent.loc[code, segment])
            assert cell.low == pytest.approx(table.low.loc[code, segment])
            assert cell.index == pytest.approx(table.index.loc[code, segment])
            assert cell.effective_base == pytest.approx(table.effective_base[segment])
            assert cell.count == table.counts.loc[code, segment]
    assert found.question("town").p_value == pytest.approx(table.p_value)
    assert found.question("town").cramers_v == pytest.approx(table.cramers_v)
    age = _row(found, "age", statistic="mean")
    for segment, cell in enumerate(age.cells, start=1):
        assert cell.value == pytest.approx(table.means.mean.loc["age", segment])
        assert cell.high == pytest.approx(table.means.high.loc["age", segment])


def test_every_type_has_its_rows(cafe: Any) -> None:
    found = profile(cafe.responses, cafe.segmentation)
    statistics = {
        question.question: [row.statistic for row in question.rows] for question in found.questions
    }
    assert statistics["sex"] == ["percent", "percent"]
    assert statistics["where"] == ["percent", "percent"]
    assert statistics["needs"] == ["mean", "top_box", "bottom_box"] * 3
    assert statistics["age"] == ["mean", "median"]
    assert statistics["nps"][:4] == ["nps", "top_box", "bottom_box", "mean"]
    assert statistics["wish"] == ["percent"]
    assert set(statistics["since"]) == {"percent"}
    assert "id" not in statistics


def test_net_promoter_score_is_promoters_less_detractors(cafe: Any) -> None:
    found = profile(cafe.responses, cafe.segmentation)
    score = _row(found, "nps", statistic="nps")
    promoters = _row(found, "nps", statistic="top_box")
    detractors = _row(found, "nps", statistic="bottom_box")
    assert promoters.categories == (9, 10)
    for a, b, c in zip(score.cells, promoters.cells, detractors.cells, strict=True):
        assert a.value == pytest.approx(b.value - c.value)
        assert a.index is None and a.low < a.value < a.high


def test_basis_is_described_and_never_tested(cafe: Any) -> None:
    found = profile(cafe.responses, cafe.segmentation)
    needs = found.question("needs")
    assert not needs.tested and needs.why_not_tested == "basis"
    cells = [cell for row in needs.rows for cell in row.cells]
    assert all(cell.p_value is None and not cell.letters for cell in cells)
    assert all(cell.effect is not None and cell.index is not None for cell in cells)
    assert all(row.p_value is None for row in needs.rows)
    named = profile(cafe.responses, cafe.segmentation, basis=["town"])
    assert named.question("town").why_not_tested == "basis"
    assert named.question("needs").tested


def test_segments_are_told_from_the_others(cafe: Any) -> None:
    found = profile(cafe.responses, cafe.segmentation)
    app = _row(found, "where", variable="where_2").cells
    assert app[2].p_adjusted < 0.001 and app[2].effect > 0.8 and app[2].letters == "AB"
    assert app[2].rest == pytest.approx(
        100 * cafe.responses.asked.loc[cafe.segmentation.labels != 3, "where_2"].mean(),
    )
    sex = _row(found, "sex", category=1).cells
    assert all(cell.letters == "" for cell in sex)


def test_rest_and_total_of_means_come_from_the_answers(weighted_cafe: Any) -> None:
    made = weighted_cafe
    found = profile(made.responses, made.segmentation)
    spend = made.responses.asked["spend"]
    inside = made.segmentation.labels == 2
    w = made.responses.weights.where(spend.notna())
    row = _row(found, "spend", statistic="mean")
    assert row.total.value == pytest.approx((spend * w).sum() / w.sum())
    assert row.cells[1].value == pytest.approx((spend * w)[inside].sum() / w[inside].sum())
    assert row.cells[1].rest == pytest.approx((spend * w)[~inside].sum() / w[~inside].sum())


def test_sizes_and_value_shares(weighted_cafe: Any) -> None:
    made = weighted_cafe
    found = profile(made.responses, made.segmentation)
    assert sum(size.share for size in found.segments) == pytest.approx(1.0)
    assert all(size.low < size.share < size.high for size in found.segments)
    shares = [size.value["spend"].share for size in found.segments]
    assert sum(shares) == pytest.approx(1.0)
    best = found.segments[1].value["spend"]
    assert best.share_low < best.share < best.share_high
    assert best.index > 150 and best.unit == "EUR"


def test_interval_of_the_value_share_holds_the_bootstrap(cafe: Any) -> None:
    found = profile(cafe.responses, cafe.segmentation).segments[1].value["spend"]
    spend, inside = cafe.responses.asked["spend"], cafe.segmentation.labels == 2
    draw = np.random.default_rng(0)
    samples = []
    for _ in range(400):
        rows = draw.integers(0, len(spend), len(spend))
        drawn, own = spend.to_numpy()[rows], inside.to_numpy()[rows]
        samples.append(np.nansum(drawn[own]) / np.nansum(drawn))
    low, high = np.quantile(samples, [0.025, 0.975])
    assert found.share_low == pytest.approx(low, abs=0.012)
    assert found.share_high == pytest.approx(high, abs=0.012)


def test_no_figure_is_ever_nan(make: Any) -> None:
    made = make(n=120)
    made.responses.asked["nps"] = np.nan
    made.responses.asked.loc[made.segmentation.labels == 3, "spend"] = np.nan
    made.responses.asked["sex"] = pd.Categorical([1] * 120, categories=[1, 2])
    found = profile(made.responses, made.segmentation)
    for cell in _cells(found):
        for name in ("value", "low", "high", "index", "rest", "p_value", "p_adjusted", "effect"):
            figure = getattr(cell, name)
            assert figure is None or figure == figure, name
    assert found.question("nps").why_not_tested == "not_asked"
    assert _row(found, "nps", statistic="nps").total.value is None
    assert found.question("sex").why_not_tested == "one_category"
    assert found.segments[2].value["spend"].mean is None


def test_one_segment_is_compared_with_nobody(make: Any) -> None:
    made = make(n=100, labels=np.ones(100, dtype=int))
    found = profile(made.responses, made.segmentation)
    assert found.question("town").why_not_tested == "one_segment"
    assert all(cell.rest is None and cell.p_value is None for cell in _cells(found))
    assert found.segments[0].share == 1.0
    assert found.tests == 0


def test_thin_segments_are_marked_and_hidden(make: Any) -> None:
    labels = np.array([1] * 150 + [2] * 20 + [3] * 3)
    made = make(n=173, labels=labels)
    found = profile(made.responses, made.segmentation)
    row = _row(found, "town", category="c")
    assert [cell.mark for cell in row.cells] == ["", "**", "**"]
    assert row.cells[1].value is not None and row.cells[1].p_value is None
    assert row.cells[2].suppressed and row.cells[2].value is None and row.cells[2].count is None
    codes = {problem.code for problem in found.warnings}
    assert {"profile.segment.small", "profile.suppressed"} <= codes


def test_respondents_without_a_segment_are_counted(make: Any) -> None:
    made = make()
    labels = made.segmentation.labels.astype("Int64").copy()
    labels.iloc[:12] = pd.NA
    made.segmentation.labels = labels
    found = profile(made.responses, made.segmentation)
    assert found.n == 588
    told = [problem for problem in found.warnings if problem.code == "profile.unlabelled"]
    assert told[0].values["count"] == 12
    made.segmentation.labels = labels.where(labels.isna(), pd.NA)
    with pytest.raises(AnalysisError):
        profile(made.responses, made.segmentation)


def test_order_of_respondents_changes_nothing(make: Any) -> None:
    made, turned = make(), make()
    order = np.random.default_rng(1).permutation(len(turned.responses.asked))
    turned.responses.asked = turned.responses.asked.iloc[order]
    turned.responses.weights = turned.responses.weights.iloc[order]
    a, b = (profile(x.responses, x.segmentation) for x in (made, turned))
    for one, other in zip(_cells(a), _cells(b), strict=True):
        assert one.value == pytest.approx(other.value)
        assert one.letters == other.letters


def test_markers_stand_out_from_the_total(cafe: Any) -> None:
    found = profile(cafe.responses, cafe.segmentation)
    for question in found.questions:
        for row in question.rows:
            for cell in row.cells:
                if row.statistic in ("median", "nps") or cell.value is None:
                    continue
                apart = abs(cell.value - row.total.value)
                half = row.total.value > 0 and apart >= row.total.value / 2
                assert cell.marker == (half or (row.statistic != "mean" and apart >= 25))
    assert _row(found, "where", variable="where_2").cells[2].marker


def test_quick_for_a_whole_questionnaire(cafe: Any) -> None:
    found = profile(cafe.responses, cafe.segmentation, correction="none")
    assert found.correction == "none"
    cells = [cell for cell in _cells(found) if cell.p_value is not None]
    assert all(cell.p_adjusted == cell.p_value for cell in cells)
    assert found.tests == len(cells)
