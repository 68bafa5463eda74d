"""Every registered type of question does what the base promises."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from persona.questionnaire.decoding import State
from persona.questionnaire.types import TYPES

_PATH = Path(__file__).parents[1] / "questionnaire" / "strategies.py"
_SPEC = importlib.util.spec_from_file_location("questionnaire_strategies", _PATH)
assert _SPEC is not None and _SPEC.loader is not None
strategies = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(strategies)


@pytest.mark.parametrize("name", TYPES)
def test_it_says_how_it_is_asked_and_where_it_may_enter(name: str) -> None:
    kind = TYPES[name]
    assert kind.asked.endswith(".")
    assert kind.analyses
    assert kind.model_fields["type"].annotation.__args__ == (name,)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("labels", [False, True], ids=["codes", "labels"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_answers_written_are_the_answers_read(name: str, labels: bool, data: st.DataObject) -> None:
    questionnaire = data.draw(strategies.questionnaires((name,), most=1))
    asked = questionnaire.questions[-1]
    language = data.draw(st.sampled_from(questionnaire.languages))
    given_values = data.draw(strategies.answers(questionnaire, asked.id, 4))
    cells = questionnaire.encode(asked.id, given_values, labels=labels, language=language)
    assert set(cells) == set(given_values)
    decoded = questionnaire.decode(asked.id, cells, language)
    for variable in questionnaire.variables_of(asked.id):
        if variable.id not in given_values:
            continue
        column = decoded[variable.id]
        assert column.faults == ()
        meanings = {code.code: code.meaning for code in variable.missing}
        for value, read, state in zip(
            given_values[variable.id], column.values, column.states, strict=True
        ):
            if value in meanings:
                assert (read, state) == (None, meanings[value])
            elif value is None:
                assert (read, state) == (None, State.EMPTY)
            else:
                assert (read, state) == (value, State.ANSWERED)


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_its_columns_belong_to_it_and_are_told_apart(name: str, data: st.DataObject) -> None:
    questionnaire = data.draw(strategies.questionnaires((name,), most=1))
    asked = questionnaire.questions[-1]
    columns = questionnaire.variables_of(asked.id)
    assert columns
    assert len({variable.id for variable in columns}) == len(columns)
    assert {variable.question for variable in columns} == {asked.id}
    assert {variable.block for variable in columns} == {"behaves"}


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=6, deadline=None)
@given(data=st.data(), cell=st.text(max_size=20) | st.floats() | st.booleans() | st.dates())
def test_no_cell_makes_it_fail(name: str, data: st.DataObject, cell: object) -> None:
    questionnaire = data.draw(strategies.questionnaires((name,), most=1))
    asked = questionnaire.questions[-1]
    columns = {v.id: [cell, None] for v in questionnaire.variables_of(asked.id) if not v.derived}
    for column in questionnaire.decode(asked.id, columns).values():
        assert len(column.values) == len(column.states) == 2
        for fault in column.faults:
            assert fault.problem.question == asked.id
            assert fault.problem.message
