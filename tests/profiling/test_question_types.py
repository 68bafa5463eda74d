"""Every type of question through the shipped questionnaires, answered by simulated people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.profiling import (
    opportunities,
    personas,
    profile,
    scorecards,
    strategy_sheets,
)
from persona.profiling.aspects import KINDS, MOST_FIGURES
from persona.profiling.eight_questions import eight_questions
from persona.profiling.naming import propose
from persona.profiling.persona import BLOCKS, Evidence, Form, Statement
from persona.profiling.result import Profile
from persona.questionnaire import Questionnaire
from persona.responses import Responses
from persona.responses.simulate import simulate, write

SHIPPED = ("communication", "customer_b2b", "loyalty", "needs_benefits", "psychographics")

ASKED = {
    "communication": {"needs", "channels"},
    "customer_b2b": {"needs", "motives", "obstacles", "channels", "journey"},
    "loyalty": {"motives", "obstacles"},
    "needs_benefits": {"needs", "situation"},
    "psychographics": set(),
}


def _study(name: str, folder: Path, segmentation_of: Any) -> tuple[Responses, Any]:
    questionnaire = Questionnaire.load(name)
    simulated = simulate(questionnaire, n=240, seed=5, k=3)
    path = folder / "answers.xlsx"
    write(simulated, questionnaire, path)
    responses = Responses.read(path, questionnaire)
    labels = simulated.segments.reindex(responses.asked.index).to_numpy(dtype=np.int64)
    made = segmentation_of(labels, responses.asked)
    return responses, made


def _no_nan(found: Profile) -> bool:
    names = ("value", "low", "high", "index", "rest", "p_value", "p_adjusted", "effect")
    return not any(
        getattr(cell, name) != getattr(cell, name)
        for question in found.questions
        for row in question.rows
        for cell in (row.total, *row.cells)
        for name in names
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_questionnaires_give_personas(
    name: str, tmp_path: Path, segmentation_of: Any
) -> None:
    responses, made = _study(name, tmp_path, segmentation_of)
    table = profile(responses, made)
    drawn = personas(responses, made, table)
    languages = responses.questionnaire.languages
    assert _no_nan(table)
    for language in languages:
        names = [one.name[language] for one in drawn]
        assert len(set(names)) == len(names) and all(0 < len(x) <= 60 for x in names)
    assert all(one.statements for one in drawn)
    unasked = set(BLOCKS) - {question.block for question in table.questions}
    assert all(set(one.not_asked) == unasked for one in drawn)
    kinds = {question.kind for question in table.questions if question.base > 0}
    asked = {name for name, own in KINDS.items() if kinds & set(own)}
    assert asked == ASKED[name]
    for one in drawn:
        assert {aspect.aspect for aspect in one.aspects if aspect.asked} == asked
        for aspect in one.aspects:
            assert aspect.asked or not aspect.questions
            for question in aspect.questions:
                values = [figure.evidence.value for figure in question.figures]
                assert values == sorted(values, reverse=True) or aspect.aspect == "journey"
                assert len(values) <= MOST_FIGURES
    needs = opportunities(responses, made)
    assert bool(needs) == (name == "needs_benefits")
    assert len(scorecards(table, drawn)) == len(drawn)
    assert len(strategy_sheets(table, responses.questionnaire, needs=needs)) == len(drawn)
    answers = eight_questions(responses, made, table, drawn, needs=needs)
    assert len(answers) == 8 and answers[0].asked


def test_rankings_count_first_places_among_all_who_ranked(
    tmp_path: Path, segmentation_of: Any
) -> None:
    responses, made = _study("communication", tmp_path, segmentation_of)
    question = next(q for q in responses.questionnaire.questions if q.type == "ranking")
    table = profile(responses, made).question(question.id)
    variables = [v.id for v in responses.questionnaire.variables_of(question.id)]
    ranked = responses.asked[variables].notna().any(axis=1)
    first = {row.variable: row for row in table.rows if row.category == 1}
    assert sum(row.total.value for row in first.values()) == pytest.approx(100.0, abs=1.0)
    for name in variables:
        answers = responses.asked.loc[ranked, name]
        weights = responses.weights[ranked]
        share = 100 * weights[answers == 1].sum() / weights.sum()
        assert first[name].total.value == pytest.approx(share)
        assert first[name].total.base == ranked.sum()
    some = [row for row in table.rows if row.category is None]
    assert all(row.categories == (1, 2, 3) for row in some)


def test_steps_of_asking_are_no_rows(tmp_path: Path, segmentation_of: Any) -> None:
    responses, made = _study("needs_benefits", tmp_path, segmentation_of)
    rows = profile(responses, made).question("tradeoff").rows
    raw = {v.id for v in responses.questionnaire.variables if v.raw}
    assert raw and not raw & {row.variable for row in rows}
    assert {row.statistic for row in rows} == {"mean"}
    cells = [cell for row in rows for cell in (row.total, *row.cells)]
    assert all(cell.index is None and not cell.marker for cell in cells), "they run through zero"


def _statement(variable: str, weight: float, **more: Any) -> Statement:
    defaults: dict[str, Any] = {
        "question": variable,
        "variable": variable,
        "category": 1,
        "question_text": {"en": f"do you like {variable}"},
        "answer_text": {"en": "Yes"},
        "statistic": "percent",
        "value": 80.0,
        "low": 75.0,
        "high": 85.0,
        "total": 50.0,
        "rest": 40.0,
        "index": 160.0,
        "effect": 0.8,
        "base": 100,
        "weighted_base": 100.0,
        "effective_base": 100.0,
        "p_adjusted": 0.001,
        "basis": False,
        "kind": "behaviour",
        "question_type": "single",
    }
    form = more.pop("form", Form.MOST_AND_MORE)
    block = more.pop("block", "behaves")
    return Statement(f"s.{variable}", block, form, Evidence(**defaults | more), weight)


def test_yes_and_no_are_named_by_their_question() -> None:
    made = propose({1: [_statement("tea", 1.0)], 2: [_statement("mate", 1.0)]}, ["en"])
    assert made[1].texts["en"] == "Do you like tea"
    denied = propose({1: [_statement("tea", 1.0, answer_text={"en": "No"})]}, ["en"])
    assert denied[1].texts["en"] == "↓ Do you like tea"
    assert not denied[1].markers[0].more


def test_two_markers_come_from_two_blocks_and_are_not_used_twice() -> None:
    def pair(first: str, weight: float) -> list[Statement]:
        return [
            _statement(first, 1.5, short={"en": first.title()}, block="expects", basis=True),
            _statement("also", 1.4, short={"en": "Same Side"}, block="expects"),
            _statement("cash", weight, short={"en": "Cash Payers"}),
        ]

    made = propose({1: pair("price", 0.9), 2: pair("speed", 0.8)}, ["en"])
    assert made[1].texts["en"] == "Price · Cash Payers"
    assert made[2].texts["en"] == "Speed"


def test_names_keep_away_from_what_is_sensitive_or_like_everybody() -> None:
    own = [
        _statement("faith", 2.0, short={"en": "Believers"}, sensitive=True),
        _statement("most", 0.0, short={"en": "Breathers"}, form=Form.MOST),
        _statement("tea", 0.3, short={"en": "Tea drinkers"}),
    ]
    assert propose({1: own}, ["en"])[1].texts["en"] == "Tea drinkers"
    assert propose({1: own[:2]}, ["en"])[1].texts["en"] == "№ 1"


def test_the_same_best_trait_goes_to_the_segment_it_tells_most() -> None:
    own = {
        number: [
            _statement("price", weight, short={"en": "Price hunters"}),
            _statement(f"other{number}", 0.5, short={"en": f"Others {number}"}),
        ]
        for number, weight in ((1, 0.9), (2, 1.6))
    }
    made = propose(own, ["en"])
    assert made[2].texts["en"].startswith("Price hunters")
    assert made[1].texts["en"] == "Others 1"


def test_long_names_in_any_language_stay_short() -> None:
    text = {"en": "a very long answer " * 20, "ru": "очень длинный ответ " * 20}
    question = {"en": "question", "ru": "вопрос"}
    own = [_statement("x", 1.0, answer_text=text, question_text=question)]
    made = propose({1: own, 2: own}, ["en", "ru"])
    assert all(len(name) <= 60 for one in made.values() for name in one.texts.values())
    assert made[1].texts != made[2].texts


def test_segments_stay_when_pandas_gives_nullable_numbers(make: Any) -> None:
    made = make()
    made.segmentation.labels = made.segmentation.labels.astype("Int64")
    first = profile(made.responses, made.segmentation)
    made.segmentation.labels = pd.Series(made.segmentation.labels, dtype="float64")
    assert profile(made.responses, made.segmentation) == first
