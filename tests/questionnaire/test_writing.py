"""Questionnaires written as YAML, schema and all, are the questionnaires they were."""

from __future__ import annotations

import importlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from persona.errors import OutputError
from persona.questionnaire import Questionnaire
from persona.questionnaire.schema import FILE_NAME, MODELINE, json_schema, schema_text
from persona.questionnaire.types import TYPES
from persona.questionnaire.writing import to_data, to_yaml, updated_yaml
from persona.questionnaire.yaml_reading import parse_yaml
from persona.resources import names, root

USERS = """# my own survey
id: mine   # never change
languages: [en]
sections:
  # who they are
  - id: who
    block: who
    questions:
      - id: sex          # asked first
        type: single
        kind: demographic
        required: false
        text: "Sex:"
        options:
          - {code: 1, text: Female}   # most
          - {code: 2, text: Male}
      - {id: age, type: number, kind: demographic, text: Age}
"""


def test_a_change_keeps_comments_order_and_quotes() -> None:
    questionnaire = Questionnaire.from_yaml(USERS)
    data = to_data(questionnaire)
    data["sections"][0]["questions"][0]["options"][1]["text"] = "Man"
    data["sections"][0]["questions"][1]["minimum"] = 18
    data["title"] = "Mine"
    changed = updated_yaml(USERS, Questionnaire.from_data(data))
    expected = USERS.replace("text: Male", "text: Man")
    expected = expected.replace("text: Age}", "text: Age, minimum: 18}") + "title: Mine\n"
    assert changed == expected


def test_nothing_changed_is_nothing_written() -> None:
    assert updated_yaml(USERS, Questionnaire.from_yaml(USERS)) == USERS


def test_questions_move_appear_and_go() -> None:
    data = to_data(Questionnaire.from_yaml(USERS))
    sex, age = data["sections"][0]["questions"]
    data["sections"][0]["questions"] = [age, sex]
    moved = Questionnaire.from_data(data)
    again = updated_yaml(USERS, moved)
    assert [question.id for question in Questionnaire.from_yaml(again).questions] == ["age", "sex"]
    assert "# asked first" in again
    data["sections"][0]["questions"] = [
        sex,
        {"id": "why", "type": "text", "kind": "verbatim", "text": "Why"},
    ]
    again = updated_yaml(USERS, Questionnaire.from_data(data))
    assert [question.id for question in Questionnaire.from_yaml(again).questions] == ["sex", "why"]


def test_an_included_section_is_not_changed_from_outside() -> None:
    text = "id: mine\nlanguages: [en, pl, ru, nl]\nsections: [{include: customer_b2c}]\n"
    data = to_data(Questionnaire.from_yaml(text))
    data["sections"][0]["title"] = {language: "X" for language in ("en", "pl", "ru", "nl")}
    with pytest.raises(OutputError, match="included"):
        updated_yaml(text, Questionnaire.from_data(data))


@pytest.mark.parametrize("name", names("questionnaires", ".yaml"))
def test_shipped_questionnaires_written_anew_are_the_same(name: str) -> None:
    questionnaire = Questionnaire.load(name)
    text = to_yaml(questionnaire)
    assert text.startswith(MODELINE)
    again = Questionnaire.from_yaml(text)
    assert again.sections == questionnaire.sections
    assert again.scales == questionnaire.scales
    assert again.title == questionnaire.title


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_random_questionnaires_written_anew_are_the_same(strategies, data: st.DataObject) -> None:
    questionnaire = data.draw(strategies.questionnaires())
    again = Questionnaire.from_yaml(to_yaml(questionnaire))
    assert again.sections == questionnaire.sections
    assert again.scales == questionnaire.scales


def test_the_schema_knows_every_type_and_key() -> None:
    schema = json_schema()
    listed = schema["$defs"]["Section"]["properties"]["questions"]["items"]["anyOf"]
    classes = {part["$ref"].rpartition("/")[2] for part in listed}
    assert classes == {kind.__name__ for _, kind in TYPES.items()}
    for _, kind in TYPES.items():
        keys = schema["$defs"][kind.__name__]["properties"]
        assert set(keys) == {field.alias or name for name, field in kind.model_fields.items()}
    assert "health" in json.dumps(schema["$defs"]["Single"]["properties"]["sensitive"])


def test_the_shipped_schema_is_the_one_the_models_make() -> None:
    assert (root("questionnaires") / FILE_NAME).read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("name", names("questionnaires", ".yaml"))
def test_shipped_questionnaires_follow_the_schema(name: str) -> None:
    jsonschema = importlib.import_module("jsonschema")
    text = (root("questionnaires") / f"{name}.yaml").read_text(encoding="utf-8")
    document = json.loads(json.dumps(parse_yaml(text).data))
    validator = jsonschema.Draft202012Validator(json_schema())
    assert [error.message for error in validator.iter_errors(document)] == []
    own = next(section for section in document["sections"] if "questions" in section)
    own["questions"][0]["tpye"] = "x"
    assert not validator.is_valid(document)
