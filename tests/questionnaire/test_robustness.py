"""No questionnaire, however broken, makes the check fail: it tells problems or finds none."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from persona.errors import Problem
from persona.questionnaire.building import assembled
from persona.questionnaire.yaml_reading import Document, parse_yaml
from persona.resources import root

_STRANGE: tuple[Any, ...] = (
    None, "", "x", 0, -1, 2.5, True, [], [None], [1, [2]], {}, {"en": "x"}, {1: 2}, {"id": "x"},
    "a" * 80, "sex = 1", "=1+1", "{brace}", [{"code": 1}], [{"id": 3}], {"of": "x", "options": []},
)  # fmt: skip


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, part in inner:
        found += _paths(part, (*path, key))
    return found


def _mutated(data: Any, source: random.Random) -> Any:
    """The same values with one of them replaced, removed or doubled."""
    changed = copy.deepcopy(data)
    *above, last = source.choice(_paths(changed))
    holder = changed
    for step in above:
        holder = holder[step]
    way = source.randrange(3)
    if way == 0:
        holder[last] = copy.deepcopy(source.choice(_STRANGE))
    elif way == 1:
        del holder[last]
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(holder[last]))
    else:
        holder[f"{last}_"] = holder[last]
    return changed


@pytest.mark.parametrize("name", ["needs_benefits", "loyalty"])
def test_broken_questionnaires_are_told_and_never_fail(name: str) -> None:
    text = (root("questionnaires") / f"{name}.yaml").read_text(encoding="utf-8")
    data = parse_yaml(text).data
    source = random.Random(7)
    told = 0
    for _ in range(60):
        broken = data
        for _ in range(source.randrange(1, 4)):
            broken = _mutated(broken, source)
        _, problems = assembled(Document(broken))
        told += bool(problems)
        for problem in problems:
            assert isinstance(problem, Problem)
            assert problem.message
    assert told > 30
