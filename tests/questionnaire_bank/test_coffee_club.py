"""The coffee club: the script makes the files that are shipped, and they look like a real study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from persona.errors import Severity
from persona.questionnaire.model import Questionnaire
from persona.responses.model import Responses
from persona.study import StudyResult

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "coffee_club"


@pytest.fixture(scope="session")
def make_answers(helper: Callable[[str], ModuleType]) -> ModuleType:
    return helper("examples/coffee_club/make_answers")


@pytest.fixture(scope="module")
def responses() -> Responses:
    return Responses.read(EXAMPLE / "answers.xlsx", Questionnaire.load("customer_b2c"))


@pytest.fixture(scope="module")
def planted() -> pd.DataFrame:
    return pd.read_csv(EXAMPLE / "planted_segments.csv", dtype={"respondent": str})


def test_the_script_gives_the_same_bytes_and_they_are_what_is_shipped(
    make_answers: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setattr("sys.argv", ["make_answers.py", str(folder)])
        make_answers.main()
        made.append(folder)
    for name in ("answers.xlsx", "planted_segments.csv"):
        assert (made[0] / name).read_bytes() == (made[1] / name).read_bytes(), name
    assert (made[0] / "planted_segments.csv").read_bytes() == (
        EXAMPLE / "planted_segments.csv"
    ).read_bytes()
    # another zlib packs the same sheet in other bytes, so the shipped workbook is compared by cell
    sheets = [
        CalamineWorkbook.from_path(str(folder / "answers.xlsx"))
        .get_sheet_by_name("Answers")
        .to_python()
        for folder in (made[0], EXAMPLE)
    ]
    assert sheets[0] == sheets[1]


def test_every_column_is_found_and_a_few_cells_are_bad(responses: Responses) -> None:
    assert responses.unmatched == ()
    assert len(responses.frame) == 912
    codes = [p.code for p in responses.problems if p.severity is Severity.ERROR]
    assert 8 <= len(codes) <= 30
    assert {"answer.unknown", "answer.not_a_number", "answer.out_of_bounds"} <= set(codes)


def test_answers_are_skewed_and_some_are_missing(responses: Responses) -> None:
    spend = responses.frame["yearly_spend"]
    assert spend.mean() > 1.2 * spend.median()
    assert 1 < responses.frame["recommend"].isna().mean() * 100 < 10
    assert (responses.missing["dont_know"] > 0).sum() > 20
    share = responses.frame["user_status"].value_counts(normalize=True)
    assert share.max() > 3 * share[share > 0].min()


def test_five_kinds_of_unequal_size_stand_apart(
    responses: Responses, planted: pd.DataFrame
) -> None:
    by_segment = planted.set_index("respondent")["segment"].reindex(responses.frame.index)
    shares = by_segment.value_counts(normalize=True).sort_index()
    assert shares.is_monotonic_decreasing
    assert shares.max() > 2 * shares.min()
    means = responses.frame[["price_offer", "ease_repeat", "quality_better", "new_try"]]
    highest = means.groupby(by_segment).mean().idxmax()
    assert highest.tolist() == [1, 2, 3, 4]


def test_one_persons_answers_agree(responses: Responses) -> None:
    frame = responses.frame
    asked = frame.dropna(subset=["household_size"])
    alone = asked["family_role"] == 1
    assert (asked.loc[alone, "household_size"] == 1).all()
    known = frame.dropna(subset=["children", "household_size"])
    assert (known["children"] < known["household_size"]).all()
    money = frame.dropna(subset=["yearly_spend", "category_spend"])
    assert (money["category_spend"] >= money["yearly_spend"]).all()
    retired = frame["occupation"] == 7
    assert frame.loc[retired, "age"].min() > 50


def test_customers_words_are_their_own(responses: Responses, make_answers: ModuleType) -> None:
    for question in ("wish", "recommend_why"):
        words = responses.frame[question].dropna()
        assert len(words) > 250
        assert words.value_counts().max() <= 3
    polish = responses.frame["wish"].dropna().str.contains("[ąćęłńóśźż]").mean()
    assert 0.1 < polish < 0.4


@pytest.mark.slow
def test_the_study_finds_the_five_kinds_again(
    planted: pd.DataFrame, example_result: StudyResult
) -> None:
    from sklearn.metrics import adjusted_rand_score

    found = example_result.segmentation.labels.dropna()
    known = planted.set_index("respondent")["segment"].reindex(found.index)
    assert found.nunique() == 5
    assert adjusted_rand_score(known, found) > 0.75
