"""Alpha and omega against psych 2.2.9 of R 4.2.2; the calls stand in references/psych_ref.R."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.analysis import alpha, omega
from persona.analysis.reliability import squared_multiple

SETS = ("bfi", "mobi", "vacmot")
EXACT = 1e-8


def _scales(shared: Path) -> list[tuple[pd.DataFrame, str, str, dict[str, Any]]]:
    found = []
    for name in SETS:
        path = shared / "references" / f"psych_{name}.json"
        figures = json.loads(path.read_text(encoding="utf-8"))
        frame = pd.read_csv(shared / "data" / f"{name}.csv")[figures["meta"]["items"]]
        answers = frame.replace({"no": 0, "yes": 1}).apply(pd.to_numeric)
        for scale, block in figures["scales"].items():
            for rows in ("complete", "pairwise"):
                if rows in block:
                    part = answers.dropna() if rows == "complete" else answers
                    found.append((part, f"{name} {scale} {rows}", rows, block))
    return found


def _table(block: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(block["data"], index=block["rows"], columns=block["cols"])


def test_alpha_of_every_scale(shared: Path) -> None:
    scales = _scales(shared)
    assert len(scales) >= 18
    for answers, label, rows, block in scales:
        names = [item.lstrip("-") for item in block["items"]]
        reverse = [item[1:] for item in block["items"] if item.startswith("-")]
        found = alpha(answers[names], reverse=reverse)
        expected = block[rows]
        total = _table(expected["total"]).iloc[0]
        for ours, theirs in (
            (found.raw, total["raw_alpha"]),
            (found.standardised, total["std.alpha"]),
            (found.lambda6, total["G6(smc)"]),
            (found.average_correlation, total["average_r"]),
            (found.low, expected["feldt"]["lower.ci.raw_alpha"]),
            (found.high, expected["feldt"]["upper.ci.raw_alpha"]),
        ):
            assert ours == pytest.approx(theirs, abs=EXACT), label
        if rows == "complete":
            # psych divides by the rows it keeps, which for pairwise data are others than ours
            assert found.standard_error == pytest.approx(total["ase"], abs=EXACT), label
        _check_items(found.items, expected, label)


def _check_items(items: pd.DataFrame, expected: dict[str, Any], label: str) -> None:
    dropped, stats = _table(expected["item_dropped"]), _table(expected["item_stats"])
    columns = [
        ("alpha_if_dropped", dropped["raw_alpha"]),
        ("standardised_if_dropped", dropped["std.alpha"]),
        ("lambda6_if_dropped", dropped["G6(smc)"]),
        ("item_total", stats["raw.r"]),
        ("item_total_standardised", stats["std.r"]),
        ("item_total_corrected", stats["r.cor"]),
        ("item_rest", stats["r.drop"]),
        ("mean", stats["mean"]),
        ("deviation", stats["sd"]),
        ("n", stats["n"]),
    ]
    if len(items) == 2:
        # with one item left psych prints its variance or correlation; there is no alpha of it
        columns = [pair for pair in columns if not pair[0].endswith("if_dropped")]
    for ours, theirs in columns:
        np.testing.assert_allclose(
            items[ours], theirs.to_numpy(dtype=float), atol=EXACT, err_msg=f"{label} {ours}"
        )


def test_omega_of_one_factor(shared: Path) -> None:
    for answers, label, rows, block in _scales(shared):
        if rows != "complete" or "one_factor" not in block["complete"]:
            continue
        names = [item.lstrip("-") for item in block["items"]]
        found = omega(answers[names], n_factors=1)
        expected = block["complete"]["one_factor"]["omega_total_from_minres"]
        # there the variance of the sum is the model's, ours is the observed one
        common = found.schmid_leiman["g"].abs().sum() ** 2
        implied = common / (common + found.schmid_leiman["u2"].sum())
        # three items fit exactly, and psych's search stops early where so little is to be gained
        bound = 1e-3 if len(names) == 3 else 1e-4
        assert implied == pytest.approx(expected, abs=bound), label
        assert found.hierarchical == pytest.approx(found.total, abs=1e-9), label
        assert found.lambda6 == pytest.approx(block["complete"]["guttman"]["lambda6"], abs=1e-8)


@pytest.mark.parametrize("name", SETS)
def test_omega_hierarchical(shared: Path, name: str) -> None:
    path = shared / "references" / f"psych_{name}.json"
    figures = json.loads(path.read_text(encoding="utf-8"))
    frame = pd.read_csv(shared / "data" / f"{name}.csv")[figures["meta"]["items"]]
    answers = frame.replace({"no": 0, "yes": 1}).apply(pd.to_numeric).dropna()
    expected = figures["omega"]
    found = omega(answers, n_factors=expected["nfactors"])
    assert found.total == pytest.approx(expected["omega_total"], abs=1e-4)
    assert found.hierarchical == pytest.approx(expected["omega_hierarchical"], abs=1e-4)
    assert found.asymptotic == pytest.approx(expected["omega_h_asymptotic"], abs=1e-4)
    assert found.alpha == pytest.approx(expected["alpha"], abs=EXACT)
    assert found.lambda6 == pytest.approx(expected["g6"], abs=EXACT)
    theirs = _table(expected["schmid_leiman"])
    ours = found.schmid_leiman
    for column in ("g", "h2", "u2", "p2"):
        np.testing.assert_allclose(ours[column], theirs[column].astype(float), atol=3e-4)
    groups = _table(expected["groups"])
    order = _by_total(groups)
    np.testing.assert_allclose(
        found.groups.iloc[_by_total(found.groups)], groups.iloc[order].astype(float), atol=3e-4
    )


def _by_total(groups: pd.DataFrame) -> list[int]:
    rest = np.argsort(groups["total"].astype(float).to_numpy()[1:]) + 1
    return [0, *rest.tolist()]


def test_squared_multiple_of_two_items() -> None:
    assert squared_multiple(np.array([[1.0, 0.3], [0.3, 1.0]])) == pytest.approx([0.09, 0.09])
