"""Whatever people are called: the destination reads what was meant, or the list is refused."""

from __future__ import annotations

import datetime as dt
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.audiences.asking import Request
from persona.audiences.audience import Audience, make_audience
from persona.audiences.normalising import tidy
from persona.audiences.options import AudienceOptions
from persona.audiences.people import People, PeopleColumn
from persona.audiences.profiles import find_profile
from persona.errors import DataError

AWKWARD = st.sampled_from(
    [
        *("=1+1", "@x", "-3", "+48", "＝", "a,b", 'a"b', '"', "'", "a\nb", "a\r\nb", "\t", "a;b"),
        *("_x000D_", "<b>", "{{x}}", "☕" * 90, "שלום", "\u202eabc", "a\x00b", "\ufffe", "NULL"),
    ]
)
names = st.lists(st.one_of(AWKWARD, st.text(max_size=30)), min_size=6, max_size=12)


def listed(name: str, people: list[str], segment: str) -> Audience:
    n = len(people)
    rows = tuple(range(2, n + 2))

    def column(header: str, cells: tuple[str, ...]) -> PeopleColumn:
        return PeopleColumn(header, cells, "people.csv", None, "A", rows)

    made_of = People(
        file="people.csv",
        columns=(
            column("customer_id", tuple(f"{number:03d}" for number in range(n))),
            column("email", tuple(f"p{number}@example.com" for number in range(n))),
            column("first_name", tuple(people)),
            column("ok", ("yes",) * n),
        ),
        segments=(1,) * n,
        probabilities=(0.9,) * n,
        uncertain=(None,) * n,
        names={1: segment},
    )
    options = AudienceOptions(consent="ok", least=1)
    asked = Request(study="club", today=dt.date(2026, 10, 31))
    return make_audience(made_of, find_profile(name).profile, options, asked)


def without_apostrophe(text: str, sent: str) -> str:
    return sent[1:] if sent == f"'{text}" else sent


@pytest.mark.parametrize("name", ["crm_csv", "crm_excel", "mailchimp", "liveagent"])
@settings(max_examples=60, deadline=None)
@given(people=names)
def test_names_of_people(name: str, people: list[str], readers: ModuleType) -> None:
    try:
        made = listed(name, people, "Savers")
    except DataError as refused:
        assert {problem.code for problem in refused.problems} <= {
            "audience.bytes",
            "audience.characters",
        }
        return
    read = readers.READERS[name](made.files[0].content)
    header = {"mailchimp": "First Name", "liveagent": "First name"}.get(name, "first_name")
    sent = [person[header] for person in read]
    meant = [tidy(text) for text in people]
    assert [without_apostrophe(*pair) for pair in zip(meant, sent, strict=True)] == meant


@pytest.mark.parametrize("name", ["segment", "matomo", "kissmetrics", "google_analytics", "1c"])
@settings(max_examples=60, deadline=None)
@given(segment=st.one_of(AWKWARD, st.text(max_size=60)))
def test_names_of_segments(name: str, segment: str, readers: ModuleType) -> None:
    try:
        made = listed(name, ["Anna"] * 6, segment)
    except DataError as refused:
        assert {problem.code for problem in refused.problems} <= {
            "audience.formula",
            "audience.personal",
            "audience.quotes",
        }
        return
    read = readers.READERS[name](made.files[0].content)
    column = {
        "segment": "persona_name",
        "matomo": "dimension1",
        "kissmetrics": "Prop:Persona Name",
        "google_analytics": "persona_name",
        "1c": "Название сегмента",
    }[name]
    meant = tidy(segment) or "Segment 1"
    if name == "kissmetrics":
        meant = " ".join(meant.replace('"', "'").replace(",", " ").split())
    for person in read:
        sent = person.get(column, "")
        assert sent == meant or (meant.startswith(sent) and len(meant) > 36)
