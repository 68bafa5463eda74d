"""Statements: the form decides the words, the figures stand in every sentence."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from persona.profiling.persona import Evidence, Form, Statement
from persona.report import locale
from persona.report.statements import figure, say, summary

EVIDENCE = Evidence(
    question="channel",
    variable="channel_1",
    category=1,
    question_text={"en": "Where do you buy?", "pl": "Gdzie Pan/Pani kupuje?"},
    answer_text={"en": "Online shop", "pl": "Sklep internetowy"},
    statistic="percent",
    value=81.0,
    low=76.2,
    high=85.1,
    total=57.9,
    rest=45.6,
    index=140.0,
    effect=0.76,
    base=312,
    weighted_base=308.4,
    effective_base=290.0,
    p_adjusted=0.0004,
    basis=False,
    kind="channel",
    question_type="multiple",
)


def _said(form: Form, language: str = "en", **changes: object) -> str:
    evidence = replace(EVIDENCE, **changes)  # type: ignore[arg-type]
    return say(Statement("s", "behaves", form, evidence, 1.0), locale.load(language)).sentence


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (
            Form.MOST_AND_MORE,
            "Most name “Online shop”, more than the others: 81% against 46%.",
        ),
        (Form.MOST, "Most name “Online shop”: 81%, others 46%."),
        (
            Form.MORE_THAN_OTHERS,
            "They name “Online shop” more often than the others: 81% against 46%.",
        ),
        (
            Form.LESS_THAN_OTHERS,
            "They name “Online shop” less often than the others: 81% against 46%.",
        ),
        (Form.HARDLY_ANY, "Hardly any name “Online shop”: 81%, others 46%."),
        (
            Form.AS_LIKELY_AS,
            "They name “Online shop” as often as the others: 81% against 46%.",
        ),
    ],
)
def test_sentences_of_percents(form: Form, sentence: str) -> None:
    assert _said(form) == sentence


def test_a_single_choice_is_answered_and_not_named() -> None:
    assert _said(Form.MOST, question_type="single").startswith("Most answer “Online shop”")


def test_means_name_their_scale() -> None:
    found = _said(
        Form.HIGHER_MEAN,
        statistic="mean",
        value=4.5,
        rest=3.04,
        scale_minimum=1.0,
        scale_maximum=5.0,
    )
    assert found == "“Online shop”: higher than the others, 4.5 against 3.0 on a scale of 1 to 5."


def test_measured_means_carry_their_unit() -> None:
    found = _said(Form.LOWER_MEAN, statistic="mean", value=412.4, rest=730.2, unit="EUR")
    assert found == "“Online shop”: lower than the others, 412 EUR on average against 730 EUR."


def test_bounds_of_a_number_are_no_scale() -> None:
    found = _said(
        Form.LOWER_MEAN,
        statistic="mean",
        value=34.4,
        rest=47.0,
        question_type="number",
        scale_minimum=16.0,
        scale_maximum=99.0,
    )
    assert found == "“Online shop”: lower than the others, 34.4 on average against 47.0."


def test_boxes_are_read_out() -> None:
    boxes = ({"en": "Rather agree"}, {"en": "Strongly agree"})
    found = _said(Form.MOST, statistic="top_box", question_type="grid", box_texts=boxes)
    expected = "“Online shop”: most say “Rather agree” or “Strongly agree”, 81%, others 46%."
    assert found == expected


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("language", ["en", "pl", "ru", "nl"])
@pytest.mark.parametrize("statistic", ["percent", "mean", "top_box", "nps"])
def test_every_form_speaks_every_language(form: Form, language: str, statistic: str) -> None:
    boxes = ({"en": "Agree"},) if statistic == "top_box" else ()
    found = _said(form, language, statistic=statistic, box_texts=boxes)
    spoken = locale.load(language)
    evidence = replace(EVIDENCE, statistic=statistic)  # type: ignore[arg-type]
    assert figure(81.0, evidence, spoken) in found
    assert figure(45.6, evidence, spoken) in found
    assert "{" not in found


def test_texts_that_are_not_translated_are_marked() -> None:
    assert "„Sklep internetowy”" in _said(Form.MOST, "pl")
    assert "«Online shop [en]»" in _said(Form.MOST, "ru")


def test_braces_and_tags_in_answers_stay_text() -> None:
    found = _said(Form.MOST, answer_text={"en": "{value} <b> {{ 7*7 }}"})
    assert "“{value} <b> {{ 7*7 }}”" in found


def test_evidence_lists_question_base_interval_total_and_test() -> None:
    said = say(Statement("s", "behaves", Form.MOST, EVIDENCE, 1.0), locale.load("en"))
    lines = {line.name: line.figure for line in said.evidence}
    assert lines["Question"] == "Where do you buy?"
    assert lines["Base"] == "312 respondents"
    assert lines["95% interval"] == "76–85"
    assert lines["All respondents"] == "58%"
    assert lines["Index (all = 100)"] == "140"
    assert lines["p, corrected"] == "< 0.001"
    assert said.short.startswith("n = 312, 95% interval 76–85, all 58%, index 140")


def test_large_amounts_have_intervals_without_decimals() -> None:
    money = replace(
        EVIDENCE, statistic="mean", value=103_837.2, low=84_217.4, high=123_456.1, unit="EUR"
    )
    said = say(Statement("s", "value", Form.LOWER_MEAN, money, 1.0), locale.load("pl"))
    assert "84\xa0217–123\xa0456" in said.short
    assert {line.name: line.figure for line in said.evidence}["Przedział 95%"] == (
        "84\xa0217–123\xa0456"
    )
    small = replace(money, value=3.5, low=3.26, high=3.71, unit=None)
    said = say(Statement("s", "value", Form.LOWER_MEAN, small, 1.0), locale.load("pl"))
    assert "3,3–3,7" in said.short


def test_a_basis_is_not_tested_and_says_so() -> None:
    evidence = replace(EVIDENCE, basis=True, p_adjusted=None)
    said = say(Statement("s", "expects", Form.MOST, evidence, 1.0), locale.load("en"))
    assert "circular" in {line.name: line.figure for line in said.evidence}["Test"]
    assert "p <" not in said.short


def test_statements_of_the_made_up_study_differ(made_up: ModuleType) -> None:
    report = made_up.study_report()
    sentences = [
        say(statement, locale.load("en")).sentence
        for persona in report.personas
        for statement in persona.statements
    ]
    assert len(set(sentences)) > 60


def test_the_summary_comes_from_what_made_the_segment(made_up: ModuleType) -> None:
    from dataclasses import replace

    report = made_up.study_report()
    persona, english = report.personas[0], locale.load("en")
    said = tuple(say(one, english) for one in persona.statements)
    who = persona.block("who")[0].id
    first = next(one for one in said if one.id == who)
    rare = replace(first, sentence="Hardly any earn that much.", more=1, basis=False)
    expects = {one.id for one in persona.block("expects")}
    named = next(one for one in said if one.id in expects)
    named = replace(named, more=1, basis=True)
    assert summary(persona, (rare, named), "", english) == named.sentence
    assert summary(persona, (rare, replace(named, more=0)), "", english) == rare.sentence
    lacked = replace(named, sentence="They want it less.", more=-1)
    assert summary(persona, (lacked, named), "", english) == named.sentence, "what they have first"
    assert summary(persona, (rare, lacked), "", english) == lacked.sentence, "wants before who"
    assert summary(persona, (rare, named), "My own words.", english) == "My own words."


def test_a_box_says_which_answers_it_joins(made_up: ModuleType) -> None:
    from dataclasses import replace

    from persona.report.sections.tables import statistic_word

    row = made_up.study_report().profile.questions[0].rows[0]
    top = replace(row, statistic="top_box", categories=(4, 5))
    assert statistic_word(top, locale.load("en")) == "Top box (4–5), percent"
    assert statistic_word(replace(top, categories=(5,)), locale.load("nl")) == (
        "Hoogste scores (5), procent"
    )
