"""Personas: what they say, what they are called, what they quote, and what they keep back."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.profiling import personas, profile, typical
from persona.profiling.masking import COVER, mask
from persona.profiling.naming import LONGEST, propose
from persona.profiling.persona import BLOCKS, Form, Persona
from persona.profiling.quotes import quotes_of
from persona.profiling.slugs import slug, slugs
from persona.profiling.traits import prevalence
from persona.questionnaire import Questionnaire


def _drawn(made: Any, **options: Any) -> tuple[Persona, ...]:
    table = profile(made.responses, made.segmentation)
    return personas(made.responses, made.segmentation, table, **options)


@pytest.fixture(scope="module")
def drawn(cafe: Any) -> tuple[Persona, ...]:
    return _drawn(cafe)


def test_each_block_says_what_sets_apart(drawn: tuple[Persona, ...]) -> None:
    hunters, tasters, hurried = drawn
    first = {one.block("expects")[0].evidence.variable: one.segment for one in drawn}
    assert first == {"price": 1, "taste": 2, "speed": 3}
    assert all(one.block("expects")[0].form is Form.MOST_AND_MORE for one in drawn)
    assert tasters.block("who")[0].evidence.variable == "age"
    assert tasters.block("value")[0].form is Form.HIGHER_MEAN
    assert hurried.block("who")[0].evidence.answer_text["en"] == "city"
    assert {one.evidence.variable for one in hunters.block("behaves")} >= {"where_1"}


def test_statements_carry_their_evidence(drawn: tuple[Persona, ...], cafe: Any) -> None:
    for one in drawn:
        assert len({statement.id for statement in one.statements}) == len(one.statements)
        for statement in one.statements:
            evidence = statement.evidence
            assert evidence.base >= 30 and evidence.low <= evidence.value <= evidence.high
            assert evidence.question_text["pl"] and evidence.answer_text["pl"]
            assert evidence.basis == (evidence.question == "needs")
            assert (evidence.p_adjusted is None) == evidence.basis
            assert (statement.weight > 0) == (
                statement.form not in (Form.MOST, Form.AS_LIKELY_AS, Form.SAME_MEAN)
            )
    agree = drawn[0].block("expects")[0].evidence
    answers = cafe.responses.asked.loc[cafe.segmentation.labels == 1, "price"]
    assert agree.value == pytest.approx(100 * (answers >= 4).mean())
    assert agree.box_codes == (4, 5) and agree.box_texts[1]["en"] == "agree 5"


def test_no_two_statements_say_the_same(make: Any) -> None:
    made = make()
    made.responses.asked["taste"] = 6 - made.responses.asked["price"]
    for one in _drawn(made):
        said = [statement.evidence.variable for statement in one.block("expects")]
        assert not {"price", "taste"} <= set(said)
        sexes = [s for s in one.statements if s.evidence.question == "sex"]
        towns = [s for s in one.statements if s.evidence.question == "town"]
        assert len(sexes) <= 1 and len(towns) <= 1
        assert all(len(one.block(block)) <= 6 for block in BLOCKS)


def test_block_that_was_not_asked(make: Any) -> None:
    made = make(drop=("sex", "town", "age", "spend"))
    for one in _drawn(made):
        assert one.not_asked == ("who", "value")
        assert one.asked == {"who": False, "expects": True, "behaves": True, "value": False}
        assert not one.block("who")


def test_names_are_short_distinct_and_in_every_language(drawn: tuple[Persona, ...]) -> None:
    assert [one.name["en"].split(" · ")[0] for one in drawn] == [
        "Price hunters",
        "Taste seekers",
        "Speed lovers",
    ]
    assert drawn[0].proposed_name["pl"].startswith("Łowcy cen")
    for language in ("en", "pl"):
        names = [one.name[language] for one in drawn]
        assert len(set(names)) == 3 and max(map(len, names)) <= LONGEST
    marker = drawn[0].proposal.markers[0]
    assert marker.more and marker.statement in {s.id for s in drawn[0].statements}


def test_names_by_the_user(cafe: Any) -> None:
    drawn = _drawn(cafe, names={1: {"en": "Savers"}, 3: "../../up", 2: {"en": "  "}})
    assert drawn[0].name == {"en": "Savers", "pl": "Savers"} and drawn[0].named_by_user
    assert drawn[0].proposed_name["pl"].startswith("Łowcy cen")
    assert not drawn[1].named_by_user and drawn[1].name == drawn[1].proposed_name
    assert drawn[2].slug == "up"


def test_segments_without_any_difference_are_numbered(make: Any) -> None:
    labels = np.tile([1, 2], 300)
    made = make(labels=labels)
    draw = np.random.default_rng(0)
    for name in ("price", "taste", "speed"):
        made.responses.asked[name] = draw.integers(1, 6, 600).astype(float)
    for name in ("age", "nps", "spend"):
        made.responses.asked[name] = draw.normal(50, 5, 600).clip(0, 10).round()
    drawn = _drawn(made)
    assert len({one.name["en"] for one in drawn}) == 2
    empty = propose({1: (), 2: ()}, ["en"])
    assert [empty[number].texts["en"] for number in (1, 2)] == ["№ 1", "№ 2"]


def test_one_segment_and_tiny_segments(make: Any) -> None:
    (alone,) = _drawn(make(n=80, labels=np.ones(80, dtype=int)))
    assert alone.certainty is not None and alone.name["en"]
    thin = _drawn(make(n=204, labels=np.array([1] * 200 + [2] * 4)))[1]
    assert not thin.quotes and not thin.typical and thin.prevalence is None
    assert not thin.statements
    assert {problem.code for problem in thin.warnings} >= {"persona.small", "persona.share"}


def test_prevalence_counts_traits(drawn: tuple[Persona, ...]) -> None:
    for one in drawn:
        meter = one.prevalence
        assert meter is not None and meter.traits == len(meter.statements) <= 7
        known = [one for one in meter.exactly if one is not None]
        hidden = len(meter.exactly) - len(known)
        assert 100.0 - 100 * 4 * hidden / meter.base <= sum(known) <= 100.0 + 1e-9
        assert meter.at_least[0] == 100.0
        steps = [one for one in meter.at_least if one is not None]
        assert all(a >= b - 1e-9 for a, b in pairwise(steps))
        assert set(meter.statements) <= {statement.id for statement in one.statements}
        assert steps[-1] < 100.0


def test_prevalence_keeps_a_handful_of_people_back(drawn: tuple[Persona, ...]) -> None:
    statements = drawn[0].statements[:3]
    traits = np.array([[1.0, 0, 0]] * 40 + [[1.0, 1, 0]] * 20 + [[1.0, 1, 1]] * 3)
    meter = prevalence(statements, traits, np.ones(63), 5)
    assert meter is not None and meter.suppress_below == 5
    assert meter.at_least == (100.0, 100.0, pytest.approx(100 * 23 / 63), None)
    assert meter.exactly == (0.0, pytest.approx(100 * 40 / 63), pytest.approx(100 * 20 / 63), None)
    everybody = prevalence(statements, traits, np.ones(63), 0)
    assert everybody is not None and everybody.at_least[3] == pytest.approx(100 * 3 / 63)
    assert prevalence(statements, traits[:4], np.ones(4), 5) is None


def test_aspects_are_asked_or_not_and_never_made_up(drawn: tuple[Persona, ...], cafe: Any) -> None:
    for one in drawn:
        asked = {aspect.aspect: aspect for aspect in one.aspects}
        assert list(asked) == [
            "needs", "motives", "obstacles", "channels", "journey", "situation", "promotion",
        ]  # fmt: skip
        assert [name for name, aspect in asked.items() if aspect.asked] == ["needs", "channels"]
        (where,) = asked["channels"].questions
        first = where.figures[0].evidence
        answers = cafe.responses.asked.loc[cafe.segmentation.labels == one.segment, first.variable]
        assert first.value == pytest.approx(100 * answers.dropna().mean())
        assert first.base == answers.notna().sum()
    hunters = {aspect.aspect: aspect for aspect in drawn[0].aspects}
    (needs,) = hunters["needs"].questions
    assert [one.evidence.statistic for one in needs.figures] == ["top_box"] * 3
    assert needs.figures[0].evidence.variable == "price"
    assert needs.figures[0].form is Form.MOST_AND_MORE


def test_words_about_an_obstacle_are_quoted_as_such(make: Any) -> None:
    made = make()
    found = quotes_of(np.arange(200), made.responses.asked, made.responses.questionnaire, 5)
    assert {quote.kind for quote in found} == {"verbatim"}
    questionnaire = made.responses.questionnaire
    sections = [
        section.model_copy(
            update={
                "questions": tuple(
                    question.model_copy(update={"kind": "obstacle"})
                    if question.kind == "verbatim"
                    else question
                    for question in section.questions
                )
            }
        )
        for section in questionnaire.sections
    ]
    other = Questionnaire._of(questionnaire.model_copy(update={"sections": tuple(sections)}))
    moved = quotes_of(np.arange(200), made.responses.asked, other, 5)
    assert [quote.text for quote in moved] == [quote.text for quote in found]
    assert {quote.kind for quote in moved} == {"obstacle"}


def test_quotes_come_from_the_centre_and_are_masked(drawn: tuple[Persona, ...]) -> None:
    for one in drawn:
        assert one.quotes
        for quote in one.quotes:
            assert "@" not in quote.text and COVER in quote.text
            assert quote.question == "wish"
    # the most probable members stand first among the made-up people
    assert drawn[0].quotes[0].text.endswith("hour 0")


def test_too_few_answers_are_not_quoted(make: Any) -> None:
    made = make()
    wish = made.responses.asked["wish"].astype(object).copy()
    inside = made.segmentation.labels == 2
    wish[inside] = None
    wish.loc[wish.index[inside.to_numpy()][:4]] = "Longer opening hours please"
    made.responses.asked["wish"] = wish
    drawn = _drawn(made)
    assert not drawn[1].quotes and drawn[0].quotes
    assert not any(one.quotes for one in _drawn(made, quotes=False))


def test_typical_answers_are_shared_by_enough(drawn: tuple[Persona, ...], cafe: Any) -> None:
    asked, labels = cafe.responses.asked, cafe.segmentation.labels
    for one in drawn:
        assert one.typical
        same = pd.Series(labels == one.segment, index=asked.index)
        for answer in one.typical:
            if answer.question == "where":
                column = "where_1" if answer.answer_text["en"] == "Shop" else "where_2"
                same &= asked[column] == 1
            elif answer.question == "town":
                code = {"city": "c", "town": "t", "village": "v"}[answer.answer_text["en"]]
                same &= asked["town"] == code
        assert same.sum() >= 5


def test_a_bare_number_says_where_its_scale_ends() -> None:
    questionnaire = Questionnaire.load("needs_benefits")
    scale = questionnaire.variable("imp_safe")
    points = questionnaire.variable("budget_1")
    third, last = typical._answer(scale, 3.0), typical._answer(scale, 7.0)
    assert third is not None and third.answer_text["ru"] == "3 / 7"
    assert last is not None and last.answer_text["ru"] == "7 чрезвычайно важно"
    shared = typical._answer(points, 30.0)
    assert shared is not None and shared.question_text == points.text and shared.value == 30.0


def test_warnings_stand_on_the_page(make: Any) -> None:
    made = make()
    made.segmentation.stability.segments.loc[2, "jaccard"] = 0.4
    made.segmentation.probabilities.loc[:, 3] = 0.5
    drawn = _drawn(made)
    assert [problem.code for problem in drawn[1].warnings] == ["persona.unstable"]
    assert [problem.code for problem in drawn[2].warnings] == ["persona.uncertain"]
    assert drawn[0].warnings == () and drawn[1].stability == 0.4
    assert drawn[2].certainty == pytest.approx(0.5)


def test_same_inputs_give_the_same_personas(make: Any) -> None:
    assert _drawn(make()) == _drawn(make())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("call me on +48 601-234-567 tomorrow", f"call me on {COVER} tomorrow"),
        ("card 4111 1111 1111 1111 was refused", f"card {COVER} was refused"),
        ("see https://x.example/a?b=1 there", f"see {COVER} there"),
        ("nazywam się Jan Kowalski i czekam", f"nazywam się {COVER} i czekam"),
        ("меня зовут Анна Петрова", f"меня зовут {COVER}"),
        ("ik heet Piet de Vries", f"ik heet {COVER} de Vries"),
        ("ask for Maria Nowak at the till", f"ask for {COVER} at the till"),
        ("I waited 15 minutes, 2 times in 2024", "I waited 15 minutes, 2 times in 2024"),
        ("Great coffee. Thanks a lot", "Great coffee. Thanks a lot"),
    ],
)
def test_personal_data_are_covered(text: str, kept: str) -> None:
    assert mask(text) == kept


@given(st.text(max_size=300))
def test_slugs_are_safe_for_any_name(name: str) -> None:
    made = slug(name, "segment-1")
    assert 0 < len(made) <= 60
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-") and not made.endswith("-")


@given(st.dictionaries(st.integers(1, 9), st.text(max_size=80), min_size=1))
def test_slugs_never_collide(names: dict[int, str]) -> None:
    made = slugs(names)
    assert set(made) == set(names) and len(set(made.values())) == len(names)


def test_slugs_of_awkward_names() -> None:
    names = {1: "x" * 300, 2: "x" * 300, 3: "🦊🦊", 4: "CON", 5: "a/b\\c:d", 6: "segment 3"}
    made = slugs(names)
    assert made[3] == "segment-3" and made[4] == "segment-4" and made[5] == "a-b-c-d"
    assert made[6] == "segment-3-6" and len(made[2]) <= 60
