"""What no list is made of: each a message with its place, all at once, and nothing written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from persona.audiences.audience import Audience
from persona.audiences.people import People
from persona.errors import DataError, PersonaError, StudyError

Make = Callable[..., Audience]
Read = Callable[..., People]
Changes = dict[tuple[int, str], object]


def codes(refused: pytest.ExceptionInfo[PersonaError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_no_consent_column_is_named(people: Read, audience: Make) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(), "crm", consent=None)
    assert codes(refused) == ["audience.no_consent"]
    assert "--consent" in str(refused.value.problems[0])


def test_a_likely_consent_column_is_proposed_and_not_taken(
    people: Read, audience: Make, made_rows: Callable[..., list[list[object]]]
) -> None:
    header = ["E-mail", "Zgoda na newsletter", "segment"]
    rows = [[f"a{n}@example.com", "tak", 1] for n in range(20)]
    with pytest.raises(DataError) as refused:
        audience(people(rows, header=header), "mailchimp", consent=None)
    assert "Zgoda na newsletter" in str(refused.value.problems[0])


def test_the_consent_column_is_not_there(people: Read, audience: Make) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(), "crm", consent="Agred")
    problem = refused.value.problems[0]
    assert problem.code == "audience.no_column" and "'Agreed'" in str(problem)


def test_a_column_that_says_anything_but_yes_and_no(people: Read, audience: Make) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(), "crm", consent="probability")
    assert codes(refused) == ["audience.not_consent"]
    assert "30 different answers" in refused.value.problems[0].message


def test_no_column_holds_addresses(people: Read, audience: Make) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(drop=["E-mail"]), "mailchimp")
    assert codes(refused) == ["audience.no_field"]
    assert "--map email=" in str(refused.value.problems[0])


def test_consent_and_address_are_missed_at_once(people: Read, audience: Make) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(drop=["E-mail"]), "mailchimp", consent=None)
    assert codes(refused) == ["audience.no_consent", "audience.no_field"]


def test_ninety_nine_people_are_too_few_for_yandex(
    people: Read, audience: Make, made_rows: Callable[..., list[list[object]]]
) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(made_rows(99, 1)), "yandex audience")
    problem = refused.value.problems[0]
    assert problem.code == "audience.small" and problem.values["n"] == 99
    assert "at least 100" in str(problem.allowed)
    made = audience(people(made_rows(100, 1)), "yandex audience")
    assert made.counts["written"] == 100


def test_emoji_beyond_255_bytes_are_told_with_their_rows(people: Read, audience: Make) -> None:
    fits = "☕" * 85
    changes: Changes = {(4, "First name"): fits, (7, "First name"): fits + "a"}
    changes[11, "Last name"] = "ł" * 128
    with pytest.raises(DataError) as refused:
        audience(people(changes=changes), "mailchimp")
    assert codes(refused) == ["audience.bytes", "audience.bytes"]
    first, second = refused.value.problems
    assert (first.row, first.column) == (9, "First name") and "256" in str(first.allowed)
    assert (second.row, second.column) == (13, "Last name")
    made = audience(people(changes=changes), "mailchimp", leave_out_faulty=True)
    assert made.counts["faulty"] == 2 and made.counts["written"] == 358
    assert audience(people(changes=changes), "mailchimp", map={"first_name": "", "last_name": ""})


def test_cells_of_people_who_are_not_on_the_list_stop_nothing(people: Read, audience: Make) -> None:
    changes: Changes = {(4, "First name"): "☕" * 200, (4, "Agreed"): "no"}
    assert audience(people(changes=changes), "mailchimp").counts["refused"] == 1


def test_signs_that_windows_1251_does_not_have(people: Read, audience: Make) -> None:
    changes: Changes = {(row, "First name"): "Ирина" for row in range(360)}
    changes |= {(row, "Last name"): "Ёлкина" for row in range(360)}
    changes |= {(row, "segment_name"): f"Сегмент {row % 3}" for row in range(360)}
    changes[5, "First name"] = "Żaneta"
    with pytest.raises(DataError) as refused:
        audience(people(changes=changes), "crm_csv", encoding="windows-1251")
    problem = refused.value.problems[0]
    assert codes(refused) == ["audience.encoding"] and problem.row == 7
    assert "Ż" in str(problem.allowed) and "utf-8" in str(problem)


def test_an_encoding_that_the_system_does_not_take(people: Read, audience: Make) -> None:
    with pytest.raises(StudyError) as refused:
        audience(people(), "mailchimp", encoding="windows-1251")
    assert refused.value.problems[0].allowed == "utf-8"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Price, quality", "Price quality"),
        ('The "loud"', 'The "loud"'),
        ("Two\nlines\tand more", "Two lines and more"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+plus", "'+plus"),
        ("＝wide", "'＝wide"),
        ("<b>{{ name }}</b>", "<b>{{ name }}</b>"),
    ],
)
def test_awkward_names_of_segments_for_mailchimp(
    name: str, sent: str, people: Read, audience: Make, readers: object
) -> None:
    changes: Changes = {(row, "segment_name"): name for row in range(0, 360, 3)}
    made = audience(people(changes=changes), "mailchimp")
    read = readers.mailchimp(made.files[0].content)  # type: ignore[attr-defined]
    assert sent in {person["Tags"] for person in read}


@pytest.mark.parametrize("name", ["=1+1", "@home", "-20 %"])
def test_names_like_formulas_are_refused_where_cells_are_taken_literally(
    name: str, people: Read, audience: Make
) -> None:
    changes: Changes = {(row, "segment_name"): name for row in range(0, 360, 3)}
    with pytest.raises(DataError) as refused:
        audience(people(changes=changes), "ga4")
    problem = refused.value.problems[0]
    assert problem.code == "audience.formula" and problem.row is None
    assert "rename the segment" in str(problem)


def test_ids_like_formulas_are_never_changed_but_refused(people: Read, audience: Make) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(changes={(6, "Customer number"): "=7"}), "crm")
    problem = refused.value.problems[0]
    assert problem.code == "audience.formula" and problem.row == 8
    assert audience(people(changes={(6, "Customer number"): "=7"}), "excel")


@pytest.mark.parametrize(
    "secret", ["anna@example.com", "+48 601 234 567", "4111 1111 1111 1111", "id anna@example.com"]
)
def test_nothing_personal_reaches_google_analytics(
    secret: str, people: Read, audience: Make
) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(changes={(3, "User ID"): secret}), "google analytics")
    problem = refused.value.problems[0]
    assert problem.code == "audience.personal" and problem.row == 5


def test_personal_data_in_the_name_of_a_segment(people: Read, audience: Make) -> None:
    changes: Changes = {(row, "segment_name"): "like anna@example.com" for row in range(0, 360, 3)}
    with pytest.raises(DataError) as refused:
        audience(people(changes=changes), "matomo")
    assert codes(refused) == ["audience.personal"]


def test_client_ids_have_to_be_numbers_for_metrica(people: Read, audience: Make) -> None:
    changes: Changes = {(3, "ClientID"): "GA1.2.33", (9, "ClientID"): "x"}
    with pytest.raises(DataError) as refused:
        audience(people(changes=changes), "metrica")
    problem = refused.value.problems[0]
    assert problem.code == "audience.pattern" and "rows 5, 11" in str(problem.found)


def test_quotation_marks_where_the_destination_takes_none(people: Read, audience: Make) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(changes={(0, "User ID"): "a,b"}), "kissmetrics")
    assert codes(refused) == ["audience.quotes"]


def test_a_call_beyond_32_kilobytes(people: Read, audience: Make) -> None:
    changes: Changes = {(2, "User ID"): "x" * 33_000}
    with pytest.raises(DataError) as refused:
        audience(people(changes=changes), "segment")
    assert codes(refused) == ["audience.line"]


def test_names_that_become_the_same_when_they_are_cut(people: Read, audience: Make) -> None:
    long = "People who compare every single price before they buy"
    changes: Changes = {(row, "segment_name"): f"{long} {row % 3}" for row in range(360)}
    with pytest.raises(DataError) as refused:
        audience(people(changes=changes), "ga4")
    assert "audience.same_name" in codes(refused)
    with pytest.raises(DataError):
        audience(people(changes=changes), "ga4", leave_out_faulty=True)


def test_two_columns_that_may_hold_the_address(people: Read, audience: Make) -> None:
    header = ["E-mail", "Adres e-mail", "Agreed", "segment"]
    rows = [[f"a{n}@example.com", f"b{n}@example.com", "yes", 1] for n in range(20)]
    with pytest.raises(DataError) as refused:
        audience(people(rows, header=header), "mailchimp")
    assert codes(refused)[0] == "audience.two_columns"
    made = audience(people(rows, header=header), "mailchimp", map={"email": "Adres e-mail"})
    assert b"b3@example.com" in made.files[0].content


@pytest.mark.parametrize(
    ("told", "code", "hint"),
    [
        ({"emial": "E-mail"}, "audience.unknown_field", "'email'"),
        ({"email": "E-mial"}, "audience.no_column", "'E-mail'"),
    ],
)
def test_slips_in_the_mapping(
    told: dict[str, str], code: str, hint: str, people: Read, audience: Make
) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(), "mailchimp", map=told)
    assert code in codes(refused) and hint in str(refused.value.problems[0])


def test_a_mapping_may_name_columns_that_this_system_does_not_need(
    people: Read, audience: Make
) -> None:
    made = audience(people(), "mailchimp", map={"user_id": "of another file"})
    assert made.counts["written"] == 360


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"segments": ("9",)}, "audience.segment"),
        ({"segments": ("Smakosz",)}, "audience.segment"),
        ({"settings": {"crm_csv": {"site": 1}}}, "audience.setting"),
    ],
)
def test_what_there_is_not(
    given: dict[str, object], code: str, people: Read, audience: Make
) -> None:
    with pytest.raises(StudyError) as refused:
        audience(people(), "crm_csv", **given)
    assert codes(refused) == [code] and refused.value.problems[0].allowed


def test_everybody_refused(people: Read, audience: Make) -> None:
    with pytest.raises(DataError) as refused:
        audience(people(changes={(row, "Agreed"): "no" for row in range(360)}), "crm")
    problem = refused.value.problems[0]
    assert problem.code == "audience.nobody" and "refused 360" in str(problem.found)


def test_a_file_without_segments(people: Read) -> None:
    with pytest.raises(DataError) as refused:
        people(drop=["segment", "segment_name"])
    assert codes(refused) == ["audience.no_segment_column"]


def test_segments_that_are_neither_number_nor_name(people: Read) -> None:
    changes: Changes = {(1, "segment"): "best", (2, "segment"): "-1", (3, "segment"): "2.5"}
    with pytest.raises(DataError) as refused:
        people(changes=changes)
    problem = refused.value.problems[0]
    assert (
        problem.row == 3 and problem.values["count"] == 3 and "rows 3, 4, 5" in str(problem.found)
    )


def test_ids_keep_their_zeros_and_signs(people: Read, audience: Make, readers: object) -> None:
    changes: Changes = {(0, "Customer number"): "007", (1, "Customer number"): "1e5"}
    changes[2, "Customer number"] = "NA"
    made = audience(people(changes=changes), "crm")
    read = readers.crm_csv(made.files[0].content)  # type: ignore[attr-defined]
    assert [person["customer_id"] for person in read[:3]] == ["007", "1e5", "NA"]


def test_no_survey_answer_leaves_unless_the_profile_asks(
    people: Read, audience: Make, made_rows: Callable[..., list[list[object]]]
) -> None:
    header = ["id", "E-mail", "Agreed", "segment", "How satisfied are you?", "Why?"]
    rows = [[f"{n:03d}", f"a{n}@x.com", "yes", 1, 7, "a secret reason"] for n in range(120)]
    everybody = people(rows, header=header)
    for name in ("mailchimp", "crm_csv", "crm_excel", "liveagent", "1c", "yandex audience"):
        for file in audience(everybody, name).files:
            assert b"secret" not in file.content and b"satisfied" not in file.content
