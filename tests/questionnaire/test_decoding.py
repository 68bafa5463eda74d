"""Cells to answers: what is understood, what is faulty, and what the remedy is."""

from __future__ import annotations

import datetime
import time

import pytest

from persona.errors import Severity
from persona.questionnaire import Questionnaire
from persona.questionnaire.cells import day, number
from persona.questionnaire.decoding import State

TEA = """
id: tea
languages: [en, pl]
scales:
  agree:
    points: {1: {en: Disagree, pl: Nie}, 2: {en: Neither, pl: Ani}, 3: {en: Agree, pl: Tak}}
    missing: {99: {text: {en: Don't know, pl: Nie wiem}, meaning: dont_know}}
sections:
  - id: one
    block: who
    title: {en: You, pl: Ty}
    questions:
      - {id: respondent, type: text, kind: id}
      - id: sex
        type: single
        kind: demographic
        text: {en: Sex, pl: Płeć}
        options:
          - {code: 1, text: {en: Female, pl: Kobieta}}
          - {code: 2, text: {en: Male, pl: Mężczyzna}}
          - {code: 9, missing: refused, text: {en: No answer, pl: Odmowa}}
      - id: cups
        type: single
        kind: behaviour
        text: {en: Cups, pl: Filiżanki}
        options:
          - {code: a, text: {en: 1-5, pl: 1-5}}
          - {code: b, text: {en: 6-10, pl: 6-10}}
          - {code: "07", text: {en: More, pl: Więcej}}
      - id: brand
        type: single
        kind: behaviour
        text: {en: Brand, pl: Marka}
        options:
          - {code: 1, text: {en: Assam, pl: Assam}}
          - {code: 2, text: {en: Other, pl: Inna}, other: true}
      - {id: age, type: number, kind: demographic, text: {en: Age, pl: Wiek}, minimum: 18,
         maximum: 99, decimals: 0}
      - {id: spent, type: money, currency: PLN, kind: value, text: {en: Spent, pl: Wydatki}}
      - {id: since, type: date, kind: behaviour, text: {en: Since, pl: Od}, earliest: 2000-01-01}
      - id: mood
        type: grid
        kind: psychographic
        scale: agree
        text: {en: Mood, pl: Nastrój}
        items: [{id: m1, text: {en: Calm, pl: Spokój}}, {id: m2, text: {en: Fun, pl: Zabawa}}]
      - id: where
        type: multiple
        kind: channel
        text: {en: Where, pl: Gdzie}
        most: 2
        options:
          - {code: 1, text: {en: "Shop, big", pl: Sklep}}
          - {code: 2, text: {en: Web, pl: Sieć}}
          - {code: 3, text: {en: Elsewhere, pl: Gdzie indziej}, other: true}
          - {code: 4, text: {en: Nowhere, pl: Nigdzie}, exclusive: true}
          - {code: 9, text: {en: Won't say, pl: Nie powiem}, missing: refused}
      - id: order
        type: ranking
        kind: need
        text: {en: Order, pl: Kolejność}
        options: &needs
          - {code: 1, text: {en: Price, pl: Cena}}
          - {code: 2, text: {en: Taste, pl: Smak}}
          - {code: 3, text: {en: Speed, pl: Tempo}}
      - {id: points, type: constant_sum, kind: need, text: {en: P, pl: P}, options: *needs}
"""


@pytest.fixture(scope="module")
def tea() -> Questionnaire:
    return Questionnaire.from_yaml(TEA)


def first(tea: Questionnaire, question: str, cell: object):
    decoded = tea.decode(question, {question: [cell]})[question]
    problem = decoded.faults[0].problem if decoded.faults else None
    return decoded.values[0], decoded.states[0], problem


@pytest.mark.parametrize(
    ("question", "cell", "value"),
    [
        ("sex", 1, 1),
        ("sex", 2.0, 2),
        ("sex", "2", 2),
        ("sex", "2.0", 2),
        ("sex", "２", 2),
        ("sex", " FEMALE\u00a0", 1),
        ("sex", "kobieta", 1),
        ("sex", "1 - Female", 1),
        ("sex", "Male (2)", 2),
        ("cups", "07", "07"),
        ("cups", "1–5", "a"),
        ("m1", "Agree", 3),
        ("age", "45", 45.0),
        ("age", " 45 ", 45.0),
        ("spent", "1 234,50 zł", 1234.5),
        ("spent", "€ 1,234.50", 1234.5),
        ("since", "2020-02-29", datetime.date(2020, 2, 29)),
        ("since", "17/01/2025", datetime.date(2025, 1, 17)),
        ("since", datetime.datetime(2025, 1, 17, 10), datetime.date(2025, 1, 17)),
        ("respondent", 7.0, "7"),
        ("respondent", "007", "007"),
    ],
)
def test_what_is_understood(tea: Questionnaire, question: str, cell: object, value: object) -> None:
    name = tea.variable(question).question
    decoded = tea.decode(name, {question: [cell]})[question]
    assert (decoded.values, decoded.states) == ((value,), (State.ANSWERED,))
    assert not [f for f in decoded.faults if f.problem.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("question", "cell", "code", "remedy"),
    [
        ("sex", "Femal", "answer.unknown", "'Female'"),
        ("sex", "Mаle", "answer.unknown", "Cyrillic"),
        ("sex", 3, "answer.unknown", None),
        ("sex", 1.5, "answer.unknown", None),
        ("sex", "1 - Male", "answer.unknown", None),
        ("sex", "Female; Male", "answer.several", "multiple"),
        ("cups", datetime.date(2025, 5, 1), "answer.date_for_label", "'1-5'"),
        ("cups", datetime.datetime(2025, 10, 6), "answer.date_for_label", "'6-10'"),
        ("age", 17, "answer.out_of_bounds", "bounds"),
        ("age", "forty", "answer.not_a_number", None),
        ("age", 40.5, "answer.not_whole", None),
        ("spent", "1,234", "answer.not_a_number", "thousands"),
        ("age", datetime.date(2025, 5, 1), "answer.not_a_number", "number"),
        ("since", "3/4/2025", "answer.not_a_date", "year-month-day"),
        ("since", "1999-12-31", "answer.out_of_bounds", None),
        ("respondent", 1e15, "answer.shortened_id", "text"),
        ("respondent", "1E+15", "answer.shortened_id", "text"),
    ],
)
def test_what_is_faulty_says_what_to_do(
    tea: Questionnaire, question: str, cell: object, code: str, remedy: str | None
) -> None:
    value, state, problem = first(tea, question, cell)
    assert (value, state) == (None, State.FAULTY)
    assert problem.code == code
    assert problem.question == question
    assert remedy is None or remedy in str(problem.remedy_text)


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("", "empty"),
        (None, "empty"),
        (float("nan"), "empty"),
        ("\u200b ", "empty"),
        (9, "refused"),
        ("odmowa", "refused"),
    ],
)
def test_missing_answers_keep_their_meaning(tea: Questionnaire, cell: object, state: str) -> None:
    assert first(tea, "sex", cell) == (None, state, None)


def test_a_day_typed_as_a_number_is_read_with_a_warning(tea: Questionnaire) -> None:
    value, state, problem = first(tea, "since", 45000)
    assert (value, state) == (datetime.date(2023, 3, 15), State.ANSWERED)
    assert problem.severity is Severity.WARNING


def test_words_of_the_respondents_own_go_to_other(tea: Questionnaire) -> None:
    decoded = tea.decode("brand", {"brand": ["Lapsang souchong", "Asam", 1]})
    assert decoded["brand"].values == (2, None, 1)
    assert decoded["brand_other"].values == ("Lapsang souchong", None, None)
    assert [fault.problem.code for fault in decoded["brand"].faults] == [
        "answer.written_other",
        "answer.unknown",
    ]


def test_options_in_columns(tea: Questionnaire) -> None:
    decoded = tea.decode(
        "where",
        {"where_1": [1, "", ""], "where_2": ["yes", "NO", ""], "where_9": ["", "", 1]},
    )
    assert decoded["where_1"].values == (1, 0, None)
    assert decoded["where_2"].values == (1, 0, None)
    assert decoded["where_1"].states[2] is State.REFUSED


@pytest.mark.parametrize(
    ("cell", "chosen"),
    [
        ("Shop, big, Web", {1, 2}),
        ("1;2", {1, 2}),
        ("1 2", {1, 2}),
        ("Sklep, Sieć", {1, 2}),
        ("Web", {2}),
        ("2", {2}),
        ("Web;", {2}),
    ],
)
def test_options_joined_in_one_cell(tea: Questionnaire, cell: object, chosen: set[int]) -> None:
    decoded = tea.decode("where", {"where": [cell]})
    assert {n for n in (1, 2, 3, 4) if decoded[f"where_{n}"].values == (1,)} == chosen
    assert all(column.faults == () for column in decoded.values())


def test_joined_options_that_are_not_known(tea: Questionnaire) -> None:
    decoded = tea.decode("where", {"where": ["Web, market stall", "Webb", "Won't say", ""]})
    assert decoded["where_2"].values == (1, None, None, None)
    assert decoded["where_3"].values[0] == 1
    assert decoded["where_other"].values[0] == "market stall"
    assert decoded["where_1"].states[1:] == (State.FAULTY, State.REFUSED, State.EMPTY)
    assert [fault.position for fault in decoded["where_1"].faults] == [1]


def test_exclusive_options_and_numbers_of_options_are_doubted(tea: Questionnaire) -> None:
    decoded = tea.decode("where", {"where": ["Web, Nowhere", "1 2 3", "Web"]})
    found = [(f.position, f.problem.code) for f in decoded["where_1"].faults]
    assert found == [(0, "answer.exclusive"), (1, "answer.how_many")]
    assert decoded["where_2"].values == (1, 1, 1)


def test_ranks_from_columns_from_an_order_and_from_places(tea: Questionnaire) -> None:
    wanted = [("order_1", (2,)), ("order_2", (1,)), ("order_3", (3,))]
    for columns in (
        {"order_1": [2], "order_2": [1], "order_3": [3]},
        {"order": ["Taste;Price;Speed;"]},
        {"order_rank_1": [2], "order_rank_2": ["Price"], "order_rank_3": [3]},
    ):
        decoded = tea.decode("order", columns)
        assert [(name, column.values) for name, column in decoded.items()] == wanted


def test_a_rank_given_twice_leaves_the_respondent_out(tea: Questionnaire) -> None:
    decoded = tea.decode("order", {"order_1": [1, 1], "order_2": [1, 2], "order_3": [2, 3]})
    assert decoded["order_1"].values == (None, 1)
    assert [fault.position for fault in decoded["order_1"].faults] == [0]


def test_points_have_to_add_up(tea: Questionnaire) -> None:
    decoded = tea.decode(
        "points",
        {
            "points_1": [50, 50, 33.3, ""],
            "points_2": [50, 20, 33.3, ""],
            "points_3": ["", 20, 33.3, ""],
        },
    )
    assert decoded["points_1"].values == (50.0, None, 33.3, None)
    assert decoded["points_3"].values == (0.0, None, 33.3, None)
    assert decoded["points_3"].states == ("answered", "faulty", "answered", "empty")
    (fault,) = decoded["points_1"].faults
    assert (fault.position, fault.problem.found) == (1, "90")


def test_the_same_label_for_different_codes_needs_the_language() -> None:
    questionnaire = Questionnaire.from_yaml("""
        id: q
        languages: [en, nl]
        sections:
          - id: s
            block: who
            questions:
              - id: w
                type: single
                kind: behaviour
                text: {en: W, nl: W}
                options:
                  - {code: 1, text: {en: Arts, nl: Kunst}}
                  - {code: 2, text: {en: Doctor, nl: Arts}}
    """)
    assert questionnaire.decode("w", {"w": ["Arts"]}, "en")["w"].values == (1,)
    assert questionnaire.decode("w", {"w": ["Arts"]}, "nl")["w"].values == (2,)
    (fault,) = questionnaire.decode("w", {"w": ["Arts"]})["w"].faults
    assert fault.problem.code == "answer.ambiguous"


def test_true_is_not_one_among_numbers(tea: Questionnaire) -> None:
    decoded = tea.decode("spent", {"spent": [1, True, 1]})
    assert decoded["spent"].states == ("answered", "faulty", "answered")


def test_a_large_study_is_decoded_in_a_moment(tea: Questionnaire) -> None:
    cells = [("Agree", 2, "Nie", 99, "")[n % 5] for n in range(500_000)]
    start = time.process_time()
    decoded = tea.decode("mood", {"m1": cells, "m2": cells})
    assert time.process_time() - start < 2.0
    assert decoded["m2"].values[:5] == (3, 2, 1, None, None)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.234.567", 1234567.0),
        ("1'234.5", 1234.5),
        ("-3,5", -3.5),
        ("1,2,3,4", 1234.0),
        ("", None),
        ("1-5", None),
        (True, None),
    ],
)
def test_numbers_as_people_write_them(cell: object, value: float | None) -> None:
    assert number(cell) == value


@pytest.mark.parametrize("cell", ["2025-02-30", "31.02.2025", "yesterday", "12", 12])
def test_what_is_no_day(cell: object) -> None:
    assert day(cell) is None
