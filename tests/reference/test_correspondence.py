"""CA, MCA, FAMD and PCA against FactoMineR 2.7 and ca 0.71.1 of R 4.2.2.

The calls stand in references/factominer_ref.R. Everything here is deterministic and compared at
1e-8; FactoMineR's contributions are percentages.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.analysis import (
    correspondence_analysis,
    mixed_data_analysis,
    multiple_correspondence_analysis,
    principal_component_analysis,
)
from persona.analysis.multiple_correspondence import MultipleCorrespondence

TOLERANCE = 1e-8
CA = (
    "author",
    "children",
    "hdv2003_class_by_occupation",
    "ospo2021_brand_ratings",
    "ospo2021_size_by_program",
    "smoke",
)
MCA = (
    "gss82",
    "hdv2003_weighted",
    "hobbies",
    "hobbies_first2000",
    "music_movie_taste",
    "music_movie_taste_specific",
    "poison",
)
FAMD = ("auto", "marketing_campaign", "wine")
PCA = ("bfi", "mobi", "schwartz_svs", "vacmot")


def figures(shared: Path, name: str) -> dict[str, Any]:
    path = shared / "references" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def answers(shared: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(shared / "data" / f"{name}.csv", na_values=[""], keep_default_na=False)


def matrix(block: dict[str, Any]) -> np.ndarray:
    return np.array(block["data"], dtype=float)


def table(block: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(matrix(block), index=block["rows"], columns=block["cols"])


def listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def assert_near(ours: Any, theirs: Any, tolerance: float = TOLERANCE) -> None:
    np.testing.assert_allclose(
        np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float), rtol=0, atol=tolerance
    )


def signs(ours: pd.DataFrame, theirs: np.ndarray) -> np.ndarray:
    return np.sign((ours.to_numpy()[: len(theirs), : theirs.shape[1]] * theirs).sum(axis=0))


def reordered(names: list[str], frame: pd.DataFrame) -> pd.DataFrame:
    """Our rows in FactoMineR's order: it names a category `question_category` when it must."""
    rows = {
        f"{question}_{category}": place for place, (question, category) in enumerate(frame.index)
    }
    rows |= {str(category): place for place, (_, category) in enumerate(frame.index)
             if list(frame.index.get_level_values(1)).count(category) == 1}  # fmt: skip
    rows |= {f"{question}.NA": rows[f"{question}_<none>"]
             for question in frame.index.get_level_values(0).unique()
             if f"{question}_<none>" in rows}  # fmt: skip
    return frame.iloc[[rows[name] for name in names]]


@pytest.mark.parametrize("name", CA)
def test_correspondence_analysis(shared: Path, name: str) -> None:
    expected = figures(shared, f"ca_{name}")
    counts, call = table(expected["table"]), expected["meta"]["table"]
    rows = [counts.index[place - 1] for place in listed(call.get("row_sup"))]
    columns = [
        label if isinstance(label, str) else counts.columns[label - 1]
        for label in listed(call.get("col_sup"))
    ]
    found = correspondence_analysis(counts, supplementary_rows=rows, supplementary_columns=columns)
    eigenvalues = matrix(expected["eigenvalues"])
    assert_near(found.eigenvalues, eigenvalues[:, 0])
    assert_near(found.explained * 100, eigenvalues[:, 1])
    assert_near(found.explained.cumsum() * 100, eigenvalues[:, 2])
    assert_near(found.total_inertia, expected["total_inertia"])
    assert_near(found.chi_square, expected["chisq"], 1e-7)
    assert found.degrees_of_freedom == expected["df"]
    assert_near(found.p_value, expected["p"], 1e-12)
    assert_near(found.residuals, matrix(expected["adjusted_residuals"]))
    sign = signs(found.row_coordinates, matrix(expected["row"]["coord"]))
    kept = slice(0, len(sign))  # ten axes were kept there
    for side, block in (("row", expected["row"]), ("column", expected["col"])):
        assert_near(
            getattr(found, f"{side}_coordinates").iloc[:, kept] * sign, matrix(block["coord"])
        )
        assert_near(
            getattr(found, f"{side}_contributions").iloc[:, kept] * 100, matrix(block["contrib"])
        )
        assert_near(getattr(found, f"{side}_cos2").iloc[:, kept], matrix(block["cos2"]))
        assert_near(getattr(found, f"{side}_inertia"), block["inertia"])
    for side, block in (("row", expected["row_sup"]), ("column", expected["col_sup"])):
        if block is not None:
            coordinates = getattr(found, f"supplementary_{side}_coordinates").iloc[:, kept]
            assert_near(coordinates * sign, matrix(block["coord"]))
            assert_near(
                getattr(found, f"supplementary_{side}_cos2").iloc[:, kept], matrix(block["cos2"])
            )
    other = expected["ca_package"]
    assert_near(np.sqrt(found.eigenvalues), other["singular_values"])
    assert_near(found.row_masses, list(other["row_mass"].values()))
    assert_near(found.column_masses, list(other["col_mass"].values()))
    assert_near(
        np.sqrt(found.row_inertia / found.row_masses), list(other["row_chi_distance"].values())
    )
    assert_near(found.column_inertia, list(other["col_inertia"].values()))
    standard = found.row_coordinates / np.sqrt(found.eigenvalues.to_numpy())
    theirs = matrix(other["row_standard_coord"])
    # axes without inertia have arbitrary standard coordinates
    real = [place for place, value in enumerate(found.eigenvalues) if value > 1e-12]
    assert_near(np.abs(standard.iloc[:, real]), np.abs(theirs[:, real]), 1e-6)


class Answers:
    """The frame of an MCA reference and what its call said."""

    def __init__(self, shared: Path, expected: dict[str, Any]) -> None:
        call = expected["meta"]["call"]
        frame = answers(shared, call["file"])
        frame = frame.iloc[:2000] if call.get("rows") else frame
        self.active = call["active"]
        self.categories = listed(call.get("quali_sup"))
        self.numbers = listed(call.get("quanti_sup"))
        self.passive = listed(call.get("junk"))
        self.weights = frame[call["weight"]] if call.get("weight") else None
        self.frame = frame[self.active + self.categories + self.numbers].copy()
        for name in self.categories:
            # FactoMineR makes a missing answer a category of its own
            self.frame[name] = self.frame[name].astype(object).fillna("<none>")


def analyse(given: Answers) -> MultipleCorrespondence:
    return multiple_correspondence_analysis(
        given.frame,
        supplementary=given.categories + given.numbers,
        weights=given.weights,
        passive=given.passive,
        # FactoMineR takes weights for numbers of people
        weights_are="counts",
    )


@pytest.mark.parametrize("name", MCA)
def test_multiple_correspondence_analysis(shared: Path, name: str) -> None:
    expected = figures(shared, f"mca_{name}")
    given = Answers(shared, expected)
    found = analyse(given)
    eigenvalues = matrix(expected["eigenvalues"])
    assert_near(found.eigenvalues, eigenvalues[:, 0])
    assert_near(found.explained * 100, eigenvalues[:, 1])
    block = expected["var"]
    sign = signs(found.category_coordinates, matrix(block["coord"]))
    assert_near(found.category_coordinates * sign, matrix(block["coord"]))
    assert_near(found.category_contributions * 100, matrix(block["contrib"]))
    assert_near(found.category_cos2, matrix(block["cos2"]))
    active = len(found.category_coordinates)
    assert_near(found.v_tests.iloc[:active] * sign, matrix(block["v.test"]), 1e-7)
    assert_near(found.eta2.iloc[: len(given.active)], matrix(block["eta2"]))
    masses = [mass for mass in expected["marginal_frequencies"].values() if mass > 0]
    assert_near(found.category_masses, masses)
    people = expected["ind_first20"]
    assert_near(found.row_coordinates.iloc[:20] * sign, matrix(people["coord"]))
    assert_near(found.row_contributions.iloc[:20] * 100, matrix(people["contrib"]))
    assert_near(found.row_cos2.iloc[:20], matrix(people["cos2"]))
    _check_supplementary(found, given, expected, sign)


def _check_supplementary(
    found: MultipleCorrespondence, given: Answers, expected: dict[str, Any], sign: np.ndarray
) -> None:
    quiet = len(found.passive)
    block = expected["quali_sup"]
    assert (block is None) == (not given.categories)
    if block is not None:
        names = block["coord"]["rows"]
        active = len(found.category_coordinates)
        assert_near(
            reordered(names, found.supplementary_coordinates.iloc[quiet:]) * sign,
            matrix(block["coord"]),
        )
        assert_near(reordered(names, found.supplementary_cos2.iloc[quiet:]), matrix(block["cos2"]))
        assert_near(
            reordered(names, found.v_tests.iloc[active + quiet :]) * sign,
            matrix(block["v.test"]),
            1e-7,
        )
        assert_near(found.eta2.iloc[len(given.active) :], matrix(block["eta2"]))
    numbers = expected["quanti_sup"]
    assert (numbers is None) == (not given.numbers)
    if numbers is not None:
        assert_near(found.supplementary_numbers * sign, matrix(numbers["coord"]))


@pytest.mark.parametrize(
    "name", ["gss82", "hobbies", "hobbies_first2000", "music_movie_taste", "poison"]
)
def test_adjusted_inertias_and_burt(shared: Path, name: str) -> None:
    expected = figures(shared, f"mca_{name}")
    given = Answers(shared, expected)
    found = analyse(given)
    adjusted = expected["adjusted_from_formula"]
    assert_near(found.benzecri["inertia"], list(adjusted["adjusted"].values()))
    assert_near(found.benzecri["share"] * 100, list(adjusted["benzecri_percent"].values()))
    assert_near(found.greenacre["inertia"], list(adjusted["adjusted"].values()))
    assert_near(found.greenacre["share"] * 100, list(adjusted["greenacre_percent"].values()))
    mjca = expected["mjca"]
    assert_near(
        np.sqrt(found.eigenvalues), mjca["indicator"]["singular_values"][: len(found.eigenvalues)]
    )
    assert_near(np.sqrt(found.benzecri["inertia"]),
         mjca["adjusted"]["singular_values"][: len(found.benzecri)])  # fmt: skip
    assert_near(found.greenacre["share"], mjca["adjusted"]["inertia_e"][: len(found.greenacre)])

    burt = multiple_correspondence_analysis(given.frame[given.active], analysis="burt")
    theirs = expected["burt"]
    assert_near(burt.eigenvalues, matrix(theirs["eigenvalues"])[: len(burt.eigenvalues), 0])
    assert_near(np.sqrt(burt.eigenvalues), mjca["Burt"]["singular_values"][: len(burt.eigenvalues)])
    sign = signs(burt.category_coordinates, matrix(theirs["var"]["coord"]))
    assert_near(burt.category_coordinates * sign, matrix(theirs["var"]["coord"]))
    assert_near(burt.category_contributions * 100, matrix(theirs["var"]["contrib"]))
    assert_near(burt.category_cos2, matrix(theirs["var"]["cos2"]))
    assert_near(burt.eta2, matrix(theirs["var"]["eta2"]))
    # FactoMineR's v-tests of a Burt table are shrunk by the fourth root of its eigenvalue; a
    # category lies as far from the centre as in the indicator matrix, and ours says so
    shrunk = burt.v_tests * burt.eigenvalues.iloc[:5].to_numpy() ** 0.25 * sign
    assert_near(shrunk, matrix(theirs["var"]["v.test"]), 1e-7)


@pytest.mark.parametrize("name", FAMD)
def test_mixed_data_analysis(shared: Path, name: str) -> None:
    expected = figures(shared, f"famd_{name}")
    call = expected["meta"]["call"]
    extra = listed(call.get("sup"))
    frame = answers(shared, call["file"])[listed(call["quanti"]) + listed(call["quali"]) + extra]
    frame = frame.dropna()
    for question in listed(call["quali"]):
        frame[question] = frame[question].astype(object)
    found = mixed_data_analysis(frame, supplementary=extra)
    assert found.n == expected["meta"]["n"]
    eigenvalues = matrix(expected["eigenvalues"])
    assert_near(found.eigenvalues.iloc[:5], eigenvalues[:, 0])
    assert_near(found.explained.iloc[:5] * 100, eigenvalues[:, 1])
    people = expected["ind_first20"]
    sign = signs(found.row_coordinates, matrix(people["coord"]))
    assert_near(found.row_coordinates.iloc[:20] * sign, matrix(people["coord"]))
    assert_near(found.row_contributions.iloc[:20] * 100, matrix(people["contrib"]))
    assert_near(found.row_cos2.iloc[:20], matrix(people["cos2"]))
    numbers = expected["quanti_var"]
    assert_near(found.number_coordinates * sign, matrix(numbers["coord"]))
    assert_near(found.number_contributions * 100, matrix(numbers["contrib"]))
    assert_near(found.number_cos2, matrix(numbers["cos2"]))
    assert_near(found.question_coordinates, matrix(expected["var"]["coord"]))
    assert_near(found.question_contributions * 100, matrix(expected["var"]["contrib"]))
    block = expected["quali_var"]
    names = block["coord"]["rows"]
    assert_near(reordered(names, found.category_coordinates) * sign, matrix(block["coord"]))
    assert_near(reordered(names, found.category_contributions) * 100, matrix(block["contrib"]))
    assert_near(reordered(names, found.category_cos2), matrix(block["cos2"]))
    assert_near(reordered(names, found.v_tests) * sign, matrix(block["v.test"]), 1e-7)
    outside = expected["quali_sup"]
    if outside is not None:
        names = outside["coord"]["rows"]
        assert_near(
            reordered(names, found.supplementary_coordinates) * sign, matrix(outside["coord"])
        )
        assert_near(reordered(names, found.supplementary_cos2), matrix(outside["cos2"]))
        tests = reordered(names, found.supplementary_v_tests)
        assert_near(tests * sign, matrix(outside["v.test"]), 1e-7)
        assert_near(found.supplementary_eta2, matrix(outside["eta2"]))
    if expected["quanti_sup"] is not None:
        assert_near(found.supplementary_numbers * sign, matrix(expected["quanti_sup"]["coord"]))


@pytest.mark.parametrize("name", PCA)
def test_principal_components(shared: Path, name: str) -> None:
    expected = figures(shared, f"pca_{name}")
    frame = pd.read_csv(shared / "data" / f"{name}.csv")[expected["meta"]["items"]]
    frame = frame.replace({"no": 0, "yes": 1}).apply(pd.to_numeric).dropna()
    found = principal_component_analysis(frame)
    scaled = expected["scaled"]
    count = len(found.eigenvalues)
    assert_near(found.eigenvalues, matrix(scaled["eigenvalues"])[:count, 0])
    assert_near(
        matrix(scaled["eigenvalues"])[count:, 0], 0
    )  # axes without variance are left out here
    assert_near(found.explained * 100, matrix(scaled["eigenvalues"])[:count, 1])
    sign = signs(found.number_coordinates, matrix(scaled["var"]["coord"]))
    assert_near(found.number_coordinates * sign, matrix(scaled["var"]["coord"]))
    assert_near(found.number_coordinates * sign, matrix(scaled["var"]["cor"]))
    assert_near(found.number_contributions * 100, matrix(scaled["var"]["contrib"]))
    assert_near(found.number_cos2, matrix(scaled["var"]["cos2"]))
    people = scaled["ind_first20"]
    assert_near(found.row_coordinates.iloc[:20] * sign, matrix(people["coord"]))
    assert_near(found.row_contributions.iloc[:20] * 100, matrix(people["contrib"]))
    assert_near(found.row_cos2.iloc[:20], matrix(people["cos2"]))

    plain = principal_component_analysis(frame, scale=False, n_axes=len(frame.columns))
    theirs = expected["prcomp_unscaled"]
    count = len(plain.eigenvalues)
    n = len(frame)  # prcomp divides by n - 1
    assert_near(np.sqrt(plain.eigenvalues * n / (n - 1)), theirs["sdev"][:count])
    assert_near(plain.explained, theirs["proportion"][:count])
    rotation = np.sqrt(plain.number_contributions) * np.sign(plain.number_coordinates)
    theirs_rotation = matrix(theirs["rotation"])[:, :count]
    assert_near(rotation * signs(rotation, theirs_rotation), theirs_rotation, 1e-6)
