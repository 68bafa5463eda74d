"""Every list is read by a reader written from its destination's rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from types import ModuleType

import pytest

from persona.audiences.audience import Audience
from persona.audiences.people import People
from persona.audiences.profiles import all_profiles

WRITING = [found.profile.id for found in all_profiles().found if found.profile.writes]


def test_every_profile_has_a_reader(readers: ModuleType) -> None:
    assert set(WRITING) == set(readers.READERS) == set(readers.KNOWN_BY)
    assert all_profiles().problems == ()


def read_all(readers: ModuleType, made: Audience) -> list[dict[str, str]]:
    reader = readers.READERS[made.profile.id]
    return [person for file in made.files for person in reader(file.content)]


def expected_keys(name: str, n: int) -> set[str]:
    """What the destination should know each person by."""
    made = {
        "Email Address": lambda i: f"person.{i}@example.com",
        "Email": lambda i: f"person.{i}@example.com",
        "email": lambda i: hashlib.sha256(f"person.{i}@example.com".encode()).hexdigest(),
        "user_id": lambda i: f"u-{i:05d}",
        "userId": lambda i: f"u-{i:05d}",
        "uid": lambda i: f"u-{i:05d}",
        "Identity": lambda i: f"u-{i:05d}",
        "ClientID": lambda i: f"{10**17 + i}",
        "ClientId": lambda i: f"{10**17 + i}",
        "Код": lambda i: f"{i:06d}",
        "customer_id": lambda i: f"{i:06d}",
    }[name]
    return {made(i) for i in range(n)}


@pytest.mark.parametrize("name", WRITING)
def test_the_destination_takes_the_list_and_knows_everybody(
    name: str,
    people: Callable[..., People],
    audience: Callable[..., Audience],
    readers: ModuleType,
) -> None:
    made = audience(people(), name)
    read = read_all(readers, made)
    key = readers.KNOWN_BY[name]
    assert {person[key] for person in read} == expected_keys(key, 360)
    assert len(read) == made.counts["written"] == 360 == sum(file.people for file in made.files)
    assert made.counts["holdout"] == 0 and made.holdout is None


@pytest.mark.parametrize("name", WRITING)
def test_the_same_list_has_the_same_bytes(
    name: str,
    people: Callable[..., People],
    audience: Callable[..., Audience],
    made_rows: Callable[..., list[list[object]]],
) -> None:
    everybody = people(made_rows(600))
    first, second = (audience(everybody, name, holdout=0.2) for _ in range(2))
    assert [file.content for file in first.files] == [file.content for file in second.files]
    assert first.holdout is not None and first.holdout == second.holdout


def test_segments_reach_the_destination_as_they_are(
    people: Callable[..., People], audience: Callable[..., Audience], readers: ModuleType
) -> None:
    everybody = people()
    by_segment = {1: "Łowcy okazji", 2: "Smakosze, i nie tylko", 3: 'The "spontaneous"'}
    sent = {
        person["customer_id"]: person for person in read_all(readers, audience(everybody, "crm"))
    }
    for number in range(360):
        person = sent[f"{number:06d}"]
        assert person["segment_name"] == by_segment[int(person["segment"])]
        assert int(person["segment"]) == number % 3 + 1
    tags = {person["Tags"] for person in read_all(readers, audience(everybody, "mailchimp"))}
    assert tags == {"Łowcy okazji", "Smakosze i nie tylko", 'The "spontaneous"'}
    kiss = read_all(readers, audience(everybody, "kissmetrics"))
    assert {person["Prop:Persona Name"] for person in kiss} == {
        "Łowcy okazji",
        "Smakosze i nie tylko",
        "The 'spontaneous'",
    }


def test_formulas_are_quoted_in_csv_and_texts_in_workbooks(
    people: Callable[..., People], audience: Callable[..., Audience], readers: ModuleType
) -> None:
    everybody = people()
    text = {person["first_name"] for person in read_all(readers, audience(everybody, "crm_csv"))}
    assert {"'=1+1", "'-Ed", 'Jan "Ja"', "Müller, jr.", "☕ Ola"} <= text
    sheet = {person["first_name"] for person in read_all(readers, audience(everybody, "excel"))}
    assert {"=1+1", "-Ed", 'Jan "Ja"'} <= sheet


def test_yandex_audience_hashes_as_its_help_says() -> None:
    """The pairs that the help of Yandex Metrica gives to try hashing with."""
    from persona.audiences.normalising import email_address, phone_number, sha256_of

    address = email_address(" Name@Yandex.ru ")
    assert address is not None
    assert sha256_of(address) == "41b86f44151924a940be6fa30d93f2471683ca74ac361d3b827a9b72c80a7623"
    number = phone_number("+7 (012) 345-67-89")
    assert number == "70123456789"
    assert sha256_of(number) == "8f0dd3d30a1ea4b739c6217c02604aee1556025da990212759efd877206a1948"


def test_one_file_a_segment_where_the_destination_wants_it(
    people: Callable[..., People], audience: Callable[..., Audience]
) -> None:
    made = audience(people(), "yandex audience")
    assert [file.name for file in made.files] == ["segment-1.csv", "segment-2.csv", "segment-3.csv"]
    assert [file.segments for file in made.files] == [(1,), (2,), (3,)]
    assert [file.people for file in made.files] == [120, 120, 120]


def test_long_lists_are_written_in_equal_parts(
    people: Callable[..., People],
    audience: Callable[..., Audience],
    readers: ModuleType,
    made_rows: Callable[..., list[list[object]]],
) -> None:
    made = audience(people(made_rows(2100)), "matomo")
    assert [file.people for file in made.files] == [700, 700, 700]
    assert made.files[0].name == "audience-part-1-of-3.json"
    assert len(read_all(readers, made)) == 2100


def test_settings_of_a_profile_are_filled_in(
    people: Callable[..., People], audience: Callable[..., Audience], readers: ModuleType
) -> None:
    made = audience(people(), "matomo", settings={"matomo": {"site": 7, "dimension": 12}})
    content = made.files[0].content.decode()
    assert "?idsite=7&" in content and "&dimension12=" in content
    goals = audience(people(), "metrica conversions")
    targets = {person["Target"] for person in read_all(readers, goals)}
    assert targets == {"persona_segment_1", "persona_segment_2", "persona_segment_3"}


def test_the_moment_is_the_day_of_assignment(
    people: Callable[..., People], audience: Callable[..., Audience], readers: ModuleType
) -> None:
    assert {p["Timestamp"] for p in read_all(readers, audience(people(), "kissmetrics"))} == {
        "1793404800"
    }
    assert {p["Дата"] for p in read_all(readers, audience(people(), "1C"))} == {"31.10.2026"}
    later = audience(people(), "crm", at="2026-11-05")
    assert {p["assigned_on"] for p in read_all(readers, later)} == {"2026-11-05"}


def test_windows_1251_where_it_is_asked_for(
    people: Callable[..., People], audience: Callable[..., Audience], readers: ModuleType
) -> None:
    changes = {(row, "First name"): "Ирина" for row in range(360)}
    changes |= {(row, "Last name"): "Ёлкина" for row in range(360)}
    changes |= {(row, "segment_name"): f"Сегмент №{row % 3}" for row in range(360)}
    made = audience(people(changes=changes), "crm_csv", encoding="windows-1251")
    read = readers.crm_csv(made.files[0].content, "cp1251")
    assert {person["last_name"] for person in read} == {"Ёлкина"}


def test_google_analytics_names_are_cut_to_whole_parts_and_said(
    people: Callable[..., People], audience: Callable[..., Audience], readers: ModuleType
) -> None:
    names = ["Offer seekers · Price per unit watchers", "Door-delivery people", "Cash payers"]
    changes = {(row, "segment_name"): names[row % 3] for row in range(360)}
    made = audience(people(changes=changes), "ga4")
    read = read_all(readers, made)
    assert {p["persona_name"] for p in read} == {"Offer seekers", *names[1:]}
    assert "audience.cut" in {problem.code for problem in made.problems}
