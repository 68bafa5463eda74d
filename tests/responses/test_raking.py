"""Raking against R's survey package, and what is explained when it cannot work."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from persona.errors import DataError
from persona.responses import rake, read_targets
from persona.responses.raking import design_effect


@pytest.mark.parametrize(
    ("name", "data", "weight"),
    [("rake_api_strat", "api_strat", "pw"), ("rake_hdv2003_made_targets", "hdv2003", None)],
)
def test_raked_and_trimmed_weights_agree_with_survey(
    shared: Path, name: str, data: str, weight: str | None
) -> None:
    reference = json.loads((shared / "references" / f"{name}.json").read_text())
    frame = pd.read_csv(shared / "data" / f"{data}.csv")
    start = None if weight is None else frame[weight]
    margins = reference["meta"]["margins"]
    found = rake(frame, margins, start)
    mean = reference["raked"]["sum"] / len(frame)
    limits = tuple(reference["trimmed"][side] / mean for side in ("lower", "upper"))
    cut = rake(frame, margins, start, trim=limits)
    for result, expected in ((found, reference["raked"]), (cut, reference["trimmed"])):
        weights = result.weights.to_numpy()
        assert weights[:20] == pytest.approx(expected["first20"], rel=1e-6)
        assert weights.min() == pytest.approx(expected["min"], rel=1e-6)
        assert weights.max() == pytest.approx(expected["max"], rel=1e-6)
        assert weights.sum() == pytest.approx(expected["sum"], rel=1e-6)
        assert (weights**2).sum() == pytest.approx(expected["sum_of_squares"], rel=1e-6)
        assert result.deff == pytest.approx(expected["design_effect"], rel=1e-6)
        assert result.effective_n == pytest.approx(expected["effective_n"], rel=1e-6)
        assert result.efficiency == pytest.approx(1 / expected["design_effect"], rel=1e-6)
    started = reference["meta"]["start"]
    first = np.ones(len(frame)) if start is None else start.to_numpy()
    assert design_effect(first) == pytest.approx(started["design_effect"], rel=1e-6)
    assert found.converged and not found.warnings
    assert cut.trimmed > 0 and cut.warnings[0].code == "weight.trimmed"


def test_targets_are_read_from_files(shared: Path, tmp_path: Path) -> None:
    margins = read_targets(shared / "data" / "api_population_margins.csv")
    assert margins["stype"] == {"E": 4421.0, "H": 755.0, "M": 1018.0}
    joint = read_targets(shared / "data" / "api_population_joint.csv")
    frame = pd.read_csv(shared / "data" / "api_strat.csv")
    raked = rake(frame, joint, frame["pw"])
    table = raked.weights.groupby([frame["stype"], frame["sch.wide"]]).sum()
    wanted = pd.Series(joint["stype", "sch.wide"])
    assert (table / table.sum()).to_numpy() == pytest.approx(
        (wanted.reindex(table.index) / wanted.sum()).to_numpy(), rel=1e-6
    )
    yaml = tmp_path / "targets.yaml"
    yaml.write_text("sex: {1: 48, 2: 52}\n'sex * region': {'1 * n': 10}\n", encoding="utf-8")
    assert read_targets(yaml) == {"sex": {1: 48.0, 2: 52.0}, "sex * region": {"1 * n": 10.0}}
    yaml.write_text("sex: {1: many}\n", encoding="utf-8")
    with pytest.raises(DataError, match="not a number"):
        read_targets(yaml)


PEOPLE = pd.DataFrame({"sex": [1, 1, 1, 2, 2], "region": ["n", "n", "s", "n", "s"]})


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        ({"sex": {1: 50, 2: 40, 3: 10}}, "target.empty"),
        ({"sex": {1: 100}}, "target.level"),
        ({"sex": {1: -1, 2: 2}}, "target.figure"),
        ({"sex": {1: 0, 2: 0}}, "target.figure"),
        ({"sexx": {1: 1, 2: 1}}, "target.column"),
        ({}, "target.none"),
    ],
)
def test_impossible_targets_are_explained(targets: dict[str, dict[int, float]], code: str) -> None:
    with pytest.raises(DataError) as refused:
        rake(PEOPLE, targets)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_contradictory_targets_do_not_converge_and_name_the_margin() -> None:
    frame = pd.DataFrame({"a": [1, 1, 2, 2], "b": ["x", "x", "y", "y"]})
    result = rake(frame, {"a": {1: 80, 2: 20}, "b": {"x": 20, "y": 80}})
    assert not result.converged
    assert [problem.code for problem in result.warnings] == ["target.not_met"]
    assert result.warnings[0].question in ("a", "b")


def test_sums_that_are_off_and_missing_answers_are_said() -> None:
    frame = PEOPLE.assign(sex=[1, 1, None, 2, 2])
    result = rake(frame, {"sex": {1: 45, 2: 52}})
    assert {problem.code for problem in result.warnings} == {"target.sum", "target.missing"}
    assert result.weights.iloc[2] == pytest.approx(1.0)


def test_unusable_design_weights_and_limits_are_refused() -> None:
    with pytest.raises(DataError, match="at least zero"):
        rake(PEOPLE, {"sex": {1: 1, 2: 1}}, [1, 1, -1, 1, 1])
    with pytest.raises(DataError, match="4 weights for 5"):
        rake(PEOPLE, {"sex": {1: 1, 2: 1}}, [1, 1, 1, 1])
    with pytest.raises(DataError, match="trimmed"):
        rake(PEOPLE, {"sex": {1: 1, 2: 1}}, trim=0.5)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=12, max_size=60),
    shares=st.lists(st.integers(1, 9), min_size=5, max_size=5),
    counts=st.data(),
)
def test_margins_are_met_and_weight_two_is_the_row_twice(
    rows: list[tuple[int, int]], shares: list[int], counts: st.DataObject
) -> None:
    assume(len(set(rows)) == 6)
    frame = pd.DataFrame(rows, columns=["a", "b"])
    targets = {"a": dict(enumerate(shares[:3])), "b": dict(enumerate(shares[3:]))}
    times = counts.draw(st.lists(st.integers(1, 3), min_size=len(rows), max_size=len(rows)))
    weighted = rake(frame, targets, times)
    repeated = rake(frame.loc[frame.index.repeat(times)].reset_index(drop=True), targets)
    assert weighted.converged and repeated.converged
    margins = weighted.margins
    assert margins["after"].to_numpy() == pytest.approx(margins["target"].to_numpy(), abs=1e-6)
    spread = pd.Series(np.repeat(frame.index, times))
    assert repeated.weights.groupby(spread).sum().to_numpy() == pytest.approx(
        weighted.weights.to_numpy(), rel=1e-6
    )
    assert weighted.weights.sum() == pytest.approx(sum(times))
