"""The guide to the language is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from persona.errors import Severity
from persona.questionnaire import Questionnaire
from persona.questionnaire.conditions import parse_condition
from persona.questionnaire.types import TYPES

GUIDE = (Path(__file__).parents[2] / "docs" / "questionnaire.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "yaml"])
def test_examples_load_without_a_complaint(text: str) -> None:
    questionnaire = Questionnaire.from_yaml(text)
    assert questionnaire.variables
    assert not [p for p in questionnaire.problems if p.severity is not Severity.NOTE]


@pytest.mark.parametrize("line", next(t for k, t in BLOCKS if k == "text").splitlines())
def test_conditions_are_read(line: str) -> None:
    assert parse_condition(line)


def test_the_table_names_every_type_and_its_keys() -> None:
    table = next(part for part in GUIDE.split("\n\n") if "| `single` |" in part)
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", table, re.MULTILINE))
    assert set(rows) == set(TYPES)
    for name, keys in rows.items():
        for word in re.findall(r"`([^`]+)`", keys):
            for key in word.split():
                known = TYPES[name].model_fields
                assert key in known or key in ("left", "right"), f"{name} has no key {key}"
