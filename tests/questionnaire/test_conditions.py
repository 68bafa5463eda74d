"""Conditions are read by one small grammar and hold of the same respondents one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.questionnaire import Questionnaire
from persona.questionnaire.conditions import ConditionError, holds, parse_condition, shown


@pytest.mark.parametrize(
    ("text", "answers", "outcome"),
    [
        ("sex = 1", {"sex": 1}, True),
        ("sex == 1", {"sex": 1.0}, True),
        ("sex = 1", {"sex": "1"}, True),
        ("sex != 1", {"sex": 2}, True),
        ("sex <> 1", {}, False),
        ("age >= 18 and age < 30", {"age": 18}, True),
        ("age >= 18 and age < 30", {"age": 30}, False),
        ("sex = 1 or sex = 2 and age > 90", {"sex": 1, "age": 5}, True),
        ("(sex = 1 or sex = 2) and age > 90", {"sex": 1, "age": 5}, False),
        ("not (sex = 1)", {}, True),
        ("not sex = 1", {"sex": 1}, False),
        ("sex in (1, 3)", {"sex": 3}, True),
        ("sex not in (1, 3)", {"sex": 3}, False),
        ("sex not in (1, 3)", {}, False),
        ("region = 'north'", {"region": "north"}, True),
        ("region = north", {"region": "north"}, True),
        ("channels has 2", {"channels": {1, 2}}, True),
        ("channels has 3", {"channels": {1, 2}}, False),
        ("answered(age)", {"age": 0}, True),
        ("answered(age)", {"age": None}, False),
        ("born >= '2000-01-01'", {"born": "2001-05-05"}, True),
        ("AGE > 1 AND age > 1", {"AGE": 2, "age": 2}, True),
    ],
)
def test_what_holds(text: str, answers: dict[str, object], outcome: bool) -> None:
    assert holds(parse_condition(text), answers) is outcome


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("age >", 6),
        ("= 3", 1),
        ("age ! 3", 5),
        ("(age = 1", 9),
        ("age = 1 age = 2", 9),
        ("age in ()", 9),
        ("", 1),
        ("age = 1 and", 12),
        ("sex 1", 5),
    ],
)
def test_what_cannot_be_read_says_where(text: str, position: int) -> None:
    with pytest.raises(ConditionError) as trouble:
        parse_condition(text)
    assert trouble.value.position == position


def test_a_condition_of_a_section_and_its_own_both_count() -> None:
    questionnaire = Questionnaire.from_yaml("""
        id: q
        sections:
          - id: a
            block: who
            questions:
              - {id: age, type: number, kind: demographic, text: Age}
              - id: where
                type: multiple
                kind: channel
                text: Where
                options: [{code: 1, text: Shop}, {code: 2, text: Web}]
          - id: b
            block: behaves
            shown_if: age >= 18
            questions:
              - {id: site, type: text, kind: verbatim, text: Site, shown_if: where has 2}
    """)
    columns = {
        "age": np.array([20.0, 20.0, 10.0, np.nan]),
        "where_1": np.array([1.0, 1.0, 1.0, 1.0]),
        "where_2": np.array([1.0, 0.0, 1.0, 1.0]),
    }
    assert questionnaire.shown("site", columns, 4) == [True, False, False, False]
    assert questionnaire.shown("age", columns, 4) == [True] * 4


_tests = st.sampled_from(
    ["a = 1", "a != 2", "b > 1", "b <= 2", "a in (1, 2)", "b not in (3)", "answered(a)", "m has 1"]
)
_conditions = st.recursive(
    _tests,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} and {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} or {pair[1]})"),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=6,
)
_answers = st.lists(
    st.tuples(
        st.sampled_from([None, 1, 2, 3]),
        st.sampled_from([None, 1, 2, 3]),
        st.sampled_from([None, frozenset(), frozenset({1}), frozenset({1, 2})]),
    ),
    min_size=1,
    max_size=8,
)


@given(_conditions, _answers)
def test_columns_and_single_respondents_agree(text: str, rows: list[tuple[object, ...]]) -> None:
    condition = parse_condition(text)
    one_by_one = [holds(condition, dict(zip("abm", row, strict=True))) for row in rows]
    columns = {
        "a": [row[0] for row in rows],
        "b": [row[1] for row in rows],
        "m_1": [None if row[2] is None else float(1 in row[2]) for row in rows],
        "m_2": [None if row[2] is None else float(2 in row[2]) for row in rows],
    }
    together = shown(condition, columns, len(rows), {"m": {"1": "m_1", "2": "m_2"}})
    assert together.tolist() == one_by_one
