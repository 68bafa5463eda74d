"""Groups described and tested against R: stats, FactoMineR 2.7 (catdes)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.profiling import crosstab
from persona.profiling.group_description import describe_groups
from persona.profiling.group_tests import mean_test, pairwise_welch
from persona.profiling.significance import adjust

PROFILES = ("auto_by_model", "vacmot_published_segments")
DESCRIBED = ("auto_by_model", "marketing_by_education", "vacmot_published_segments")


def _reference(shared: Path, name: str) -> dict[str, Any]:
    path = shared / "references" / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _frame(shared: Path, name: str) -> pd.DataFrame:
    path = shared / "data" / f"{name}.csv"
    return pd.read_csv(path, keep_default_na=False, na_values=[""], low_memory=False)


def _table(reference: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(reference["data"], index=reference["rows"], columns=reference["cols"])


@pytest.mark.parametrize("name", PROFILES)
def test_background_variables_by_group(shared: Path, name: str) -> None:
    reference = _reference(shared, f"profile_{name}")
    frame = _frame(shared, reference["meta"]["data"])
    group = reference["meta"]["group"]
    compared = 0
    for variable, expected in reference["variables"].items():
        if expected["type"] == "categorical":
            _compare_categories(frame, variable, group, expected)
        else:
            _compare_means(frame, variable, group, expected)
        compared += 1
    assert compared == len(reference["variables"]) >= 11


def _compare_categories(
    frame: pd.DataFrame, variable: str, group: str, expected: dict[str, Any]
) -> None:
    known = frame.dropna(subset=[variable, group]).astype({variable: str, group: str})
    found = crosstab(known, variable, group, minimum_base=0, suppress_below=0)
    test = found.tests.iloc[0]
    association = expected["association"]
    for ours, theirs in (
        (found.n, expected["n"]),
        (test["chi_square"], expected["chisq"]),
        (test["degrees"], expected["df"]),
        (test["p_value"], expected["p"]),
        (test["cramers_v"], association["cramers_v"]),
        (test["cramers_v_corrected"], association["bias_corrected_v"]),
        (test["phi"], association["phi"]),
        (test["contingency_coefficient"], association["contingency_coefficient"]),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-12, err_msg=variable)
    for ours, theirs in (
        (found.counts, _table(expected["counts"])),
        (found.residuals, _table(expected["adjusted_residuals"])),
    ):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(
            ours.loc[theirs.index, theirs.columns], theirs, rtol=1e-6, atol=1e-9
        )


def _compare_means(
    frame: pd.DataFrame, variable: str, group: str, expected: dict[str, Any]
) -> None:
    groups = frame[group].astype(str)
    found = mean_test(frame[variable], groups)
    for ours, theirs in (
        (found.n, "n"),
        (found.f, "anova_f"),
        (found.degrees_between, "df1"),
        (found.degrees_within, "df2"),
        (found.p_value, "p"),
        (found.eta_squared, "eta_squared"),
        (found.omega_squared, "omega_squared"),
        (found.welch_f, "welch_f"),
        (found.welch_degrees, "welch_df2"),
        (found.welch_p, "welch_p"),
        (found.kruskal, "kruskal"),
        (found.kruskal_p, "kruskal_p"),
        (found.epsilon_squared, "epsilon_squared"),
    ):
        assert ours == pytest.approx(expected[theirs], rel=1e-6, abs=1e-12), (variable, theirs)
    pairs = pairwise_welch(frame[variable], groups)
    theirs = _table(expected["pairwise_welch_t_holm"]).astype(float)
    np.testing.assert_allclose(
        pairs.loc[theirs.index, theirs.columns], theirs, rtol=1e-6, atol=1e-12
    )
    table = crosstab(
        frame.assign(group=groups), "group", "group", means=[variable], suppress_below=0
    )
    assert table.means is not None
    for column, mean in expected["means"].items():
        assert table.means.mean.loc[variable, column] == pytest.approx(mean, rel=1e-9)
        deviation = table.means.standard_deviation.loc[variable, column]
        assert deviation == pytest.approx(expected["sds"][column], rel=1e-9)
        assert table.means.base.loc[variable, column] == expected["n_by_group"][column]


@pytest.mark.parametrize("name", PROFILES)
def test_corrections_for_the_number_of_tests(shared: Path, name: str) -> None:
    reference = _reference(shared, f"profile_{name}")
    table = _table(reference["p_adjusted"])
    p = np.array([reference["variables"][variable]["p"] for variable in table.index])
    for ours, theirs in (("holm", "holm"), ("bonferroni", "bonferroni"), ("fdr", "BH")):
        np.testing.assert_allclose(adjust(p, ours), table[theirs].to_numpy(float), rtol=1e-6)


@pytest.mark.parametrize("name", DESCRIBED)
def test_groups_described_by_v_tests(shared: Path, name: str) -> None:
    reference = _reference(shared, f"catdes_{name}")
    meta, expected = reference["meta"], reference["all"]
    frame = _frame(shared, meta["data"])[[meta["group"], *meta["vars"]]]
    found = describe_groups(frame, meta["group"])
    cells = {(g, f"{v}={c}"): row for (g, v, c), row in found.categories.iterrows()}
    names = {
        "Cla/Mod": "of_category",
        "Mod/Cla": "of_group",
        "Global": "overall",
        "p.value": "p_value",
        "v.test": "v_test",
    }
    assert len(cells) == sum(len(part["rows"]) for part in expected["category"].values())
    for group, part in expected["category"].items():
        for answer, row in _table(part).iterrows():
            for theirs, ours in names.items():
                value = float(cells[(group, answer)][ours])
                # a p-value that R gives as 1 - 1e-16 has a v-test of about 1e-16
                assert value == pytest.approx(row[theirs], rel=1e-6, abs=1e-9), (group, answer)
    for question, row in _table(expected["test_chi2"]).iterrows():
        assert found.questions.loc[question, "p_value"] == pytest.approx(row["p.value"], rel=1e-6)
        assert found.questions.loc[question, "degrees"] == row["df"]
    _compare_quantities(found.means, found.variables, frame, expected)


def _their_base(frame: pd.DataFrame, variable: str, group: str) -> float:
    """What turns our v-test into FactoMineR's, which counts the missing answers in its bases.

    Ours counts those who answered; without missing answers the factor is 1.
    """
    own = frame[frame.columns[0]].astype(str)
    known = frame[variable].notna()
    n, size, all_n = known.sum(), (known & (own == group)).sum(), len(frame)
    all_size = (own == group).sum()
    ours = (n - size) / (n - 1) / size
    theirs = (all_n - all_size) / (all_n - 1) / all_size
    return float(np.sqrt(ours / theirs))


def _compare_quantities(
    means: pd.DataFrame, variables: pd.DataFrame, frame: pd.DataFrame, expected: dict[str, Any]
) -> None:
    # FactoMineR writes dots for the blanks in names
    written = {str(name).replace(" ", "."): str(name) for name in frame.columns}
    names = {
        "Mean in category": "mean",
        "Overall mean": "mean_overall",
        "sd in category": "standard_deviation",
        "Overall sd": "standard_deviation_overall",
    }
    for name, row in _table(expected["quanti_var"]).iterrows():
        variable = written[str(name)]
        assert variables.loc[variable, "eta_squared"] == pytest.approx(row["Eta2"], rel=1e-6)
        assert variables.loc[variable, "p_value"] == pytest.approx(row["P-value"], rel=1e-6)
    for group, part in expected["quanti"].items():
        for name, row in _table(part).iterrows():
            variable = written[str(name)]
            own = means.loc[(group, variable)]
            factor = _their_base(frame, variable, group)
            assert float(own["v_test"]) * factor == pytest.approx(row["v.test"], rel=1e-6)
            for theirs, ours in names.items():
                assert float(own[ours]) == pytest.approx(row[theirs], rel=1e-6, abs=1e-12)
            if factor == 1.0:
                assert float(own["p_value"]) == pytest.approx(row["p.value"], rel=1e-6)
