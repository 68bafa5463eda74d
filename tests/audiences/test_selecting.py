"""Who comes on a list: consent, duplicates, certainty, holdout, small segments; counts add up."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.audiences.asking import Request
from persona.audiences.audience import Audience, make_audience
from persona.audiences.files import AudienceFile
from persona.audiences.holdout import held_out
from persona.audiences.options import AudienceOptions
from persona.audiences.people import People, PeopleColumn
from persona.audiences.profiles import find_profile
from persona.audiences.report import counts_json
from persona.audiences.words import words
from persona.errors import DataError

Make = Callable[..., Audience]
Read = Callable[..., People]


def addresses(readers: ModuleType, made: Audience) -> set[str]:
    return {p["Email Address"] for file in made.files for p in readers.mailchimp(file.content)}


@pytest.mark.parametrize(
    "word", ["yes", "TAK", " Да ", "ja", "1", "TRUE", "Opted in", "zgoda", "x"]
)
@pytest.mark.parametrize("no", ["no", "Nie", "НЕТ", "nee", "0", "unsubscribed"])
def test_yes_and_no_in_four_languages(word: str, no: str, people: Read, audience: Make) -> None:
    changes: dict[tuple[int, str], object] = {(row, "Agreed"): word for row in range(360)}
    changes |= {(row, "Agreed"): no for row in range(90)}
    made = audience(people(changes=changes), "crm")
    assert made.counts["refused"] == 90 and made.counts["written"] == 270


def test_no_word_says_both() -> None:
    assert not words().yes & words().no


def test_an_empty_answer_is_a_refusal_and_counted_apart(
    people: Read, audience: Make, readers: ModuleType
) -> None:
    changes: dict[tuple[int, str], object] = {
        (0, "Agreed"): "",
        (1, "Agreed"): "  ",
        (2, "Agreed"): "no",
    }
    made = audience(people(changes=changes), "mailchimp")
    assert (made.counts["no_answer"], made.counts["refused"]) == (2, 1)
    sent = addresses(readers, made)
    assert not {f"person.{n}@example.com" for n in range(3)} & sent and len(sent) == 357


def test_a_word_that_may_mean_anything_is_asked_about(people: Read, audience: Make) -> None:
    changes: dict[tuple[int, str], object] = {(5, "Agreed"): "maybe", (9, "Agreed"): "maybe"}
    with pytest.raises(DataError) as refused:
        audience(people(changes=changes), "crm")
    problem = refused.value.problems[0]
    assert problem.code == "audience.consent_word" and problem.row == 7
    assert "maybe" in problem.message and "rows 7, 11" in str(problem.found)
    assert "--consent-no" in str(problem)
    said_no = audience(people(changes=changes), "crm", consent_no=("Maybe",))
    assert said_no.counts["refused"] == 2
    assert audience(people(changes=changes), "crm", consent_yes=("maybe",)).counts["written"] == 360


def test_who_refused_once_is_refused_wherever_the_address_stands(
    people: Read, audience: Make, readers: ModuleType
) -> None:
    changes: dict[tuple[int, str], object] = {
        (0, "E-mail"): "same@example.com",
        (1, "E-mail"): "SAME@example.com ",
        (1, "Agreed"): "no",
    }
    made = audience(people(changes=changes), "mailchimp")
    assert made.counts["refused"] == 2
    assert "same@example.com" not in addresses(readers, made)


def test_a_refusal_counts_where_the_list_shows_no_address(people: Read, audience: Make) -> None:
    changes: dict[tuple[int, str], object] = {
        (0, "E-mail"): "same@example.com",
        (1, "E-mail"): "same@example.com",
        (1, "Agreed"): "no",
        (5, "Phone"): "+48 600 111 222",
        (6, "Phone"): "0048 600111222",
        (6, "Agreed"): "no",
    }
    assert audience(people(changes=changes), "google analytics").counts["refused"] == 4


def test_the_first_filled_column_of_the_identity_tells_people_apart(
    people: Read, audience: Make
) -> None:
    changes: dict[tuple[int, str], object] = {(1, "Customer number"): "000000"}
    changes[3, "E-mail"] = "person.2@example.com"
    assert audience(people(changes=changes), "crm").counts["duplicate"] == 1
    assert audience(people(changes=changes), "mailchimp").counts["duplicate"] == 1


def test_an_address_that_stands_twice_is_written_once(
    people: Read, audience: Make, readers: ModuleType
) -> None:
    changes: dict[tuple[int, str], object] = {
        (row, "E-mail"): "Twice@Example.com" for row in (3, 8, 9)
    }
    made = audience(people(changes=changes), "mailchimp")
    assert made.counts["duplicate"] == 2 and made.counts["written"] == 358
    assert "twice@example.com" in addresses(readers, made)


def test_people_without_an_address_and_with_a_wrong_one_are_counted(
    people: Read, audience: Make
) -> None:
    changes: dict[tuple[int, str], object] = {(0, "E-mail"): "", (1, "E-mail"): "anna(at)example"}
    made = audience(people(changes=changes), "mailchimp")
    assert (made.counts["no_identity"], made.counts["invalid"]) == (1, 1)


def test_either_address_or_number_is_enough_where_the_destination_says_so(
    people: Read, audience: Make, readers: ModuleType
) -> None:
    changes: dict[tuple[int, str], object] = {
        (0, "E-mail"): "",
        (1, "Phone"): "",
        (2, "E-mail"): "no address",
        (3, "E-mail"): "",
        (3, "Phone"): "",
    }
    made = audience(people(changes=changes), "yandex audience")
    assert made.counts["no_identity"] == 1 and made.counts["written"] == 359
    everybody = [p for file in made.files for p in readers.yandex_audience(file.content)]
    assert sum(p["email"] == "" for p in everybody) == 2
    assert sum(p["phone"] == "" for p in everybody) == 1
    assert "audience.unreadable" in {problem.code for problem in made.problems}


def test_uncertain_people_stay_behind_unless_asked_for(people: Read, audience: Make) -> None:
    changes: dict[tuple[int, str], object] = {(row, "uncertain"): "yes" for row in range(30)}
    everybody = people(changes=changes)
    assert audience(everybody, "crm").counts["uncertain"] == 30
    assert audience(everybody, "crm", include_uncertain=True).counts["written"] == 360
    alone = people(drop=["uncertain"])
    unsure = sum(chance < 0.8 for chance in alone.probabilities if chance is not None)
    assert audience(alone, "crm", certain_from=0.8).counts["uncertain"] == unsure > 0
    assert audience(alone, "crm").counts["uncertain"] == 0


def test_segments_by_number_and_by_name(people: Read, audience: Make) -> None:
    everybody = people()
    one = audience(everybody, "crm", segments=("2",))
    assert one.counts["other_segment"] == 240 and set(one.files[0].segments) == {2}
    two = audience(everybody, "crm", segments=("łowcy OKAZJI", "3"))
    assert set(two.files[0].segments) == {1, 3}


def test_people_without_a_segment_are_counted(people: Read, audience: Make) -> None:
    made = audience(people(changes={(0, "segment"): "", (4, "segment"): " "}), "crm")
    assert made.counts["no_segment"] == 2


@pytest.mark.parametrize("seed", [0, 1, 20261031])
def test_the_holdout_is_the_same_people_in_every_list(
    seed: int, people: Read, audience: Make, made_rows: Callable[..., list[list[object]]]
) -> None:
    rows = made_rows(900)
    whole = audience(people(rows), "crm", holdout=0.2, seed=seed)
    turned = audience(people(rows[::-1][:600]), "mailchimp", holdout=0.2, seed=seed)
    assert whole.holdout is not None and turned.holdout is not None
    kept = {line.split(",")[0] for line in whole.holdout.content.decode().splitlines()[1:]}
    later = {line.split(",")[0] for line in turned.holdout.content.decode().splitlines()[1:]}
    last = {f"{n:06d}" for n in range(300, 900)}
    assert later == kept & last
    assert 120 < len(kept) < 240
    assert whole.counts["written"] + whole.counts["holdout"] == 900


def test_another_seed_keeps_other_people_back(people: Read, audience: Make) -> None:
    everybody = people()
    first, second = (audience(everybody, "crm", holdout=0.2, seed=seed) for seed in (1, 2))
    assert first.holdout is not None and second.holdout is not None
    assert first.holdout.content != second.holdout.content


@given(st.text(max_size=20), st.floats(0, 0.99), st.floats(0, 0.99), st.integers(0, 2**40))
def test_a_greater_share_keeps_those_of_a_smaller_one(
    person: str, one: float, two: float, seed: int
) -> None:
    few, many = sorted((one, two))
    if person.isprintable() and held_out(person, few, seed):
        assert held_out(person, many, seed)
    assert not held_out(person, 0.0, seed) or not person.isprintable()


def test_held_back_people_are_on_no_list(people: Read, audience: Make, readers: ModuleType) -> None:
    made = audience(people(), "crm", holdout=0.3)
    assert made.holdout is not None
    kept = {line.split(",")[0] for line in made.holdout.content.decode().splitlines()[1:]}
    sent = {p["customer_id"] for p in readers.crm_csv(made.files[0].content)}
    assert not kept & sent and len(kept | sent) == 360


def test_small_segments_are_left_out_and_said(people: Read, audience: Make) -> None:
    changes: dict[tuple[int, str], object] = {
        (row, "Agreed"): "no" for row in range(360) if row % 3 == 2 and row > 11
    }
    made = audience(people(changes=changes), "crm")
    assert made.counts["too_small"] == 4 and made.files[0].segments == (1, 2)
    warned = [p for p in made.problems if p.code == "audience.small_left_out"]
    assert warned[0].values == {"segment": 3, "n": 4}
    assert audience(people(changes=changes), "crm", least=4).counts["too_small"] == 0


def test_a_small_segment_that_is_asked_for_is_refused(people: Read, audience: Make) -> None:
    changes: dict[tuple[int, str], object] = {
        (row, "Agreed"): "no" for row in range(360) if row % 3 == 2 and row > 11
    }
    with pytest.raises(DataError) as refused:
        audience(people(changes=changes), "crm", segments=("3",))
    assert refused.value.problems[0].code == "audience.small"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_every_person_has_one_fate(seed: int, n: int) -> None:
    draw = np.random.default_rng(seed)

    def cells(*values: object) -> tuple[object, ...]:
        return tuple(values[place] for place in draw.integers(0, len(values), n))

    rows = tuple(range(2, n + 2))
    columns = {
        "email": cells("a@x.com", "b@x.com", "c@x.com", "", "broken", None),
        "id": tuple(f"{row:03d}" for row in rows),
        "consent": cells("yes", "no", "", None, "tak"),
    }
    made_of = People(
        file="p.csv",
        columns=tuple(
            PeopleColumn(name, one, "p.csv", None, "A", rows) for name, one in columns.items()
        ),
        segments=tuple(int(one) or None for one in draw.integers(0, 3, n)),
        probabilities=tuple(float(one) for one in draw.random(n)),
        uncertain=tuple(None if one < 0.5 else bool(one < 0.8) for one in draw.random(n)),
        names={},
    )
    options = AudienceOptions(consent="consent", holdout=0.2, least=1)
    try:
        made = make_audience(made_of, find_profile("crm").profile, options, Request())
    except DataError as refused:
        assert {problem.code for problem in refused.problems} <= {
            "audience.nobody",
            "audience.small",
        }
        return
    assert sum(made.counts.values()) == n
    counts = json.loads(counts_json(made, {}, {file.name: file.name for file in _files(made)}))
    assert counts["counts"].pop("people") == sum(counts["counts"].values()) == n
    assert sum(sum(met.values()) for met in made.by_segment.values()) == (
        n - made.counts["no_segment"]
    )


def _files(made: Audience) -> list[AudienceFile]:
    return [*made.files, *([made.holdout] if made.holdout else [])]
