"""Clean data out and back, what is missing, customer records, drafts, mappings, personal data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from persona.errors import DataError
from persona.questionnaire.model import Questionnaire
from persona.responses import (
    Purchases,
    Responses,
    apply_policy,
    draft_questionnaire,
    join_records,
    missing_picture,
    propose_mapping,
    read_export,
    recency_frequency_money,
    save_excel,
    save_spss,
    write_mapping,
)
from persona.responses.ordering import in_order
from persona.responses.personal import find_personal, sorts_in

Writer = Callable[..., Path]


@pytest.fixture
def responses(write_sheet: Writer, tea: Questionnaire) -> Responses:
    return Responses.read(
        write_sheet(
            [
                ["rid", "cups", "a1", "a2", "kinds", "sex", "why", "w"],
                ["007", 3, 1, 3, "1;2", 1, "=1+1 <b>", 1.5],
                ["008", 7.0, 99, 1, "3", 2, "ok", 0.5],
                ["009", 0, 2, None, None, 9, None, 1],
                ["010", None, None, 2, None, None, None, 1],
            ]
        ),
        tea,
    )


@pytest.mark.parametrize("save", [save_excel, save_spss])
def test_saved_data_is_read_back_equal(
    responses: Responses, tea: Questionnaire, tmp_path: Path, save: Callable[..., Path]
) -> None:
    suffix = ".xlsx" if save is save_excel else ".sav"
    back = Responses.read(save(responses, tmp_path / f"clean{suffix}"), tea)
    pd.testing.assert_frame_equal(back.frame, responses.frame)
    pd.testing.assert_frame_equal(back.asked, responses.asked)
    pd.testing.assert_series_equal(back.weights, responses.weights)
    assert back.states.replace("not_asked", "empty").equals(
        responses.states.replace("not_asked", "empty")
    )


def test_the_codebook_explains_every_variable(
    responses: Responses, tea: Questionnaire, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(save_excel(responses, tmp_path / "clean.xlsx", language="pl"))
    rows = list(book["Codebook"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [variable.id for variable in tea.variables]
    a2 = next(row for row in rows if row[0] == "a2")
    assert a2[7] == "Herbata jest nudna" and "3 = Zgadzam się" in a2[8] and a2[10] == "yes"
    assert book["Answers"]["I2"].data_type != "f"


def test_spss_labels_and_missing_codes(responses: Responses, tmp_path: Path) -> None:
    saved = read_export(save_spss(responses, tmp_path / "clean.sav"))
    columns = {column.id: column for column in saved.columns}
    assert columns["a1"].labels == {1: "Disagree", 2: "Neither", 3: "Agree", 99: "Don't know"}
    assert columns["a1"].missing == {99: "dont_know"}
    assert columns["sex"].missing == {9: "refused"}


def test_what_is_missing_by_variable_respondent_and_pattern(responses: Responses) -> None:
    picture = missing_picture(responses)
    assert picture.variables.loc["a1", ["answered", "shown"]].tolist() == [2, 4]
    assert picture.variables.loc["a1", "share_missing"] == pytest.approx(0.5)
    assert picture.respondents["shown"].tolist() == [8, 8, 7, 7]
    assert picture.histogram["count"].sum() == 4
    assert picture.patterns["count"].sum() == 4


def test_policies_say_what_they_drop() -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan, 3.0, np.nan], "b": [1.0, 2.0, np.nan, np.nan]})
    assert [apply_policy(frame, p).dropped for p in ("listwise", "pairwise", "model")] == [3, 1, 1]
    said = apply_policy(frame, "listwise", "the factor analysis").warnings
    assert said[0].message == (
        "3 of 4 respondents are left out of the factor analysis: they have an answer missing."
    )
    assert apply_policy(frame.dropna(), "listwise").warnings == ()


def test_records_are_joined_by_key_as_text(write_text: Writer) -> None:
    path = write_text("customer;revenue;channel\n007;120,5;web\n8;10;shop\n009;7;web\n")
    keys = pd.Series(["007", "008", "009"], index=["r1", "r2", "r3"])
    joined = join_records(keys, path, "customer")
    assert joined.joined == ("r1", "r3") and joined.without == ("r2",) and joined.unused == ("8",)
    assert joined.frame["channel"].dropna().to_dict() == {"r1": "web", "r3": "web"}
    assert set(joined.sources) == {"revenue", "channel"}
    assert set(joined.sources.values()) == {str(path)}
    codes = [problem.code for problem in joined.warnings]
    assert codes == ["record.joined", "record.without", "record.zeros"]


def test_repeated_keys_are_refused_or_taken_as_purchases(write_text: Writer) -> None:
    path = write_text(
        "id,day,paid,margin,how\na,2025-01-01,10,1,web\na,2025-03-01,5,1,web\nb,2025-02-01,7,2,shop\n"
    )
    with pytest.raises(DataError, match="stands in 2 rows"):
        join_records(["a", "b"], path, "id")
    with pytest.raises(DataError, match="no column 'idd'"):
        join_records(["a"], path, "idd")
    bought = Purchases("day", "paid", channel="how", margin="margin")
    frame = join_records(["b", "a", "c"], path, "id", purchases=bought).frame
    assert frame["money"].tolist()[:2] == [7.0, 15.0]
    assert frame["recency_days"].tolist()[:2] == [28, 0]
    assert frame["channel"].tolist()[:2] == ["shop", "web"]
    assert frame["margin"].tolist()[:2] == [2.0, 2.0]
    assert frame.iloc[2].isna().all()
    bad = write_text("id,day,paid\na,soon,10\n", "bad.csv")
    with pytest.raises(DataError, match="no readable date or amount"):
        join_records(["a"], bad, "id", purchases=Purchases("day", "paid"))


def test_scores_of_recency_frequency_and_money() -> None:
    bought = pd.DataFrame(
        {
            "who": np.repeat(np.arange(10), np.arange(1, 11)),
            "when": pd.Timestamp("2025-01-01"),
            "paid": 10.0,
        }
    )
    result = recency_frequency_money(bought, "who", "when", "paid", today="2025-01-31")
    assert (result["recency_days"] == 30).all()
    assert result["frequency_score"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert result["recency_score"].nunique() == 1


def test_a_draft_finds_types_scales_and_batteries(shared: Path) -> None:
    export = read_export(shared / "data/exports/surveymonkey/star_wars_2014.csv")
    draft = draft_questionnaire(export)
    questionnaire = draft.questionnaire
    assert Questionnaire.from_yaml(draft.yaml).questions == questionnaire.questions
    types = [question.type for question in questionnaire.questions]
    assert types.count("grid") == 2 and types.count("multiple") == 1
    responses = Responses.from_export(export, questionnaire, mapping=draft.mapping)
    assert responses.missing["faulty"].sum() == 0
    assert {problem.code for problem in draft.warnings} >= {"draft.kinds"}


def test_labels_are_put_in_order_where_words_tell() -> None:
    assert in_order(["Often", "Never", "Sometimes"]) == ["Never", "Sometimes", "Often"]
    assert in_order(["10 or more", "1", "5"]) == ["1", "5", "10 or more"]
    assert in_order(["Zdecydowanie tak", "Raczej nie", "Zdecydowanie nie"]) == [
        "Zdecydowanie nie",
        "Raczej nie",
        "Zdecydowanie tak",
    ]
    assert in_order(["Tea", "Coffee"]) is None


def test_a_mapping_is_proposed_never_guessed_and_never_overwritten(
    write_sheet: Writer, tea: Questionnaire, tmp_path: Path
) -> None:
    path = write_sheet(
        [
            ["rid", "How many cups each day?", "a1", "a2", "Shoe size"],
            ["x", 3, 1, 1, 42],
            ["y", 4, 1, 2, 38],
        ]
    )
    export = read_export(path)
    proposal = propose_mapping(export, tea)
    assert [(s.variable, s.letter) for s in proposal.suggestions] == [("cups", "B")]
    assert proposal.left_over == ("E",)
    assert "cups" in proposal.absent
    target = write_mapping(export, tea, tmp_path / "mapping.yaml")
    text = target.read_text(encoding="utf-8")
    assert "perhaps cups" in text and "a1: a1" in text and "1.00: the header is its id" in text
    assert np.isnan(Responses.read(path, tea, mapping=target).frame["cups"]).all()
    again = write_mapping(export, tea, target)
    assert again.name == "mapping_2.yaml" and target.read_text(encoding="utf-8") == text
    accepted = text.replace("How many cups each day?: null", "How many cups each day?: cups")
    target.write_text(accepted, encoding="utf-8")
    assert Responses.read(path, tea, mapping=target).frame["cups"].tolist() == [3.0, 4.0]


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        ("mail me: jan.kowalski@example.pl!", {"email"}),
        ("+48 601 234 567", {"phone"}),
        ("(0123) 456-7890 please call", {"phone"}),
        ("from 192.168.0.1", {"ip"}),
        ("card 4111 1111 1111 1111", {"card"}),
        ("I paid 1 200 000 for 12 things in 2024", set()),
        ("version 1.2.3.4567", set()),
        ("on 2024-11-05 and 05.11.2024", set()),
    ],
)
def test_sorts_of_personal_data(text: str, sorts: set[str]) -> None:
    assert sorts_in(text) == sorts


def test_personal_data_is_named_by_column_and_not_in_ids(
    write_sheet: Writer, tea: Questionnaire
) -> None:
    path = write_sheet(
        [
            ["rid", "cups", "a1", "a2", "why", "Last name", "Contact"],
            ["60123456789", 1, 1, 1, "call 0048 601 234 567", "Nowak", "x@y.pl"],
            ["60123456780", 2, 1, 1, "no", "Lis", None],
        ]
    )
    found = {(data.letter, data.sort): data.count for data in find_personal(read_export(path))}
    assert found == {("E", "phone"): 1, ("F", "name"): 2, ("G", "email"): 1}
    said = [p for p in Responses.read(path, tea).problems if p.code == "personal.found"]
    assert [problem.column for problem in said] == ["E", "F", "G"]
    assert not any("Nowak" in str(problem) or "x@y.pl" in str(problem) for problem in said)
