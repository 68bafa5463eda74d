"""Profiles are data: a file of one's own is enough, and its slips are told with their line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from persona.audiences.audience import Audience
from persona.audiences.people import People
from persona.audiences.profile import PERSONAL
from persona.audiences.profiles import all_profiles, find_profile, load_profile
from persona.errors import StudyError

OWN = """\
persona: 1
id: shop
title: Our shop
file: {format: csv, delimiter: ";", decimal: ",", byte_order_mark: true}
identity: [login]
settings: {list: 4}
columns:
  - {name: login, field: [user_id, email], required: true}
  - {name: "list{list}", constant: "{segment}"}
  - {name: score, answer: Points, kind: decimal, decimals: 1}
  - {name: sure, field: uncertain, values: {"false": "tak", "true": "nie"}}
"""


def own(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "audiences"
    folder.mkdir(exist_ok=True)
    (folder / "shop.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_systems_of_the_house_are_there() -> None:
    ids = {found.profile.id for found in all_profiles().found}
    assert ids >= {
        *("mailchimp", "google_analytics", "segment", "matomo", "yandex_metrica"),
        *("yandex_audience", "kissmetrics", "liveagent", "1c", "crm_csv", "crm_excel"),
    }


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Mailchimp", "mailchimp"),
        ("GA4", "google_analytics"),
        ("google-analytics", "google_analytics"),
        ("Piwik", "matomo"),
        ("Piwik/Matomo", "matomo"),
        ("1С", "1c"),
        ("Яндекс.Аудитории", "yandex_audience"),
        ("Yandex Metrika", "yandex_metrica"),
        ("LiveAgent", "liveagent"),
    ],
)
def test_a_system_is_found_by_any_of_its_names(name: str, id_: str) -> None:
    assert find_profile(name).profile.id == id_


def test_an_unknown_system_is_told_with_those_there_are() -> None:
    with pytest.raises(StudyError) as refused:
        find_profile("mailchip")
    problem = refused.value.problems[0]
    assert "Did you mean 'mailchimp'?" in str(problem) and "crm_excel" in str(problem.allowed)


def test_every_profile_names_where_its_rules_were_looked_up() -> None:
    for found in all_profiles().found:
        assert found.profile.sources or found.profile.id.startswith("crm")
        assert found.path.read_text(encoding="utf-8").startswith("# ")
        if found.profile.personal == "forbidden":
            held = {name for column in found.profile.all_columns for name in column.field}
            assert not held & set(PERSONAL)


def test_no_shipped_profile_takes_survey_answers() -> None:
    for found in all_profiles().found:
        assert all(column.answer is None for column in found.profile.all_columns)


def test_one_file_adds_a_system(
    tmp_path: Path, people: Callable[..., People], audience: Callable[..., Audience]
) -> None:
    header = ["User ID", "Agreed", "segment", "uncertain", "Points"]
    rows = [[f"u{n}", "yes", n % 2 + 1, "no", 7.25] for n in range(20)]
    folder = own(tmp_path, OWN)
    made = audience(people(rows, header=header), "our shop", folder)
    lines = made.files[0].content.decode("utf-8").splitlines()
    assert lines[:3] == ["\ufefflogin;list4;score;sure", "u0;1;7,2;tak", "u1;2;7,2;tak"]


def test_a_profile_of_ones_own_comes_before_the_shipped_one(tmp_path: Path) -> None:
    found = find_profile("mailchimp", own(tmp_path, OWN.replace("id: shop", "id: mailchimp")))
    assert found.profile.title == "Our shop"
    assert [problem.code for problem in found.problems] == ["profile.replaced"]


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("title: Our shop", "titel: Our shop", 3, ["titel", "'title'"]),
        ("format: csv", "format: cvs", 4, ["'cvs'", "'csv'"]),
        ('delimiter: ";"', 'delimiter: "%"', 4, ["delimiter"]),
        ("identity: [login]", "identity: [logn]", 5, ["'logn'", "'login'"]),
        ("identity: [login]\n", "", None, ["dentity"]),
        ("field: [user_id, email]", "field: [userid, email]", 8, ["userid", "user_id"]),
        (", field: [user_id, email]", "", 8, ["one of field, answer and constant"]),
        ("required: true", "requierd: true", 8, ["requierd", "'required'"]),
        ("required: true", "required: true, optional: true", 8, ["either"]),
        ("required: true", 'pattern: "("', 8, ["regular expression"]),
        ("required: true", "too_long: cut", 8, ["not ours to cut"]),
        ("required: true", "most_bytes: many", 8, ["whole number"]),
        ('constant: "{segment}"', 'constant: "{segmnt}"', 9, ["segmnt"]),
        ('constant: "{segment}"', 'constant: "{segment"', 9, ["filled in"]),
        ('name: "list{list}"', "name: login", 9, ["twice"]),
        ('name: "list{list}"', 'name: "{site}"', 9, ["{site}"]),
        ("settings:", "personal: forbidden\nsettings:", 9, ["ersonal data are forbidden"]),
        (
            "settings:",
            "limits: {most_name_characters: 4}\nsettings:",
            11,
            ["'score'", "5 characters"],
        ),
        ("settings:", "long: {key: k, value: v}\nsettings:", 6, ["go together"]),
        ("persona: 1", "persona: 2", 1, ["newer"]),
        ("persona: 1", "persona: [", None, []),
        ("id: shop", "id: shop\nid: shop", 3, ["twice"]),
    ],
)
def test_slips_are_told_with_their_line(
    before: str, after: str, line: int | None, words: list[str], tmp_path: Path
) -> None:
    assert before in OWN
    folder = own(tmp_path, OWN.replace(before, after, 1))
    with pytest.raises(StudyError) as refused:
        load_profile(folder / "audiences" / "shop.yaml")
    said = str(refused.value)
    assert "shop.yaml" in said
    for word in words:
        assert word in said
    if line is not None:
        assert f"line {line}" in said


def test_several_slips_are_told_at_once(tmp_path: Path) -> None:
    text = OWN.replace("title:", "titel:").replace("format: csv", "format: cvs")
    with pytest.raises(StudyError) as refused:
        load_profile(own(tmp_path, text) / "audiences" / "shop.yaml")
    assert len(refused.value.problems) >= 3


@pytest.mark.parametrize("text", ["- a\n- b\n", "hello\n", "", "a: !!python/object:os.system x\n"])
def test_files_that_are_no_profile(text: str, tmp_path: Path) -> None:
    with pytest.raises(StudyError):
        load_profile(own(tmp_path, text) / "audiences" / "shop.yaml")


def test_a_broken_profile_does_not_hide_the_others(tmp_path: Path) -> None:
    folder = own(tmp_path, "hello\n")
    every = all_profiles(folder)
    assert every.problems and len(every.found) >= 12
    assert find_profile("mailchimp", folder).profile.id == "mailchimp"
    with pytest.raises(StudyError) as refused:
        find_profile("shop", folder)
    assert "shop.yaml" in str(refused.value)
