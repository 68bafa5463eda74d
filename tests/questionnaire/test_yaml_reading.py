"""YAML is read safely, with the line of every value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.errors import QuestionnaireError
from persona.questionnaire.yaml_reading import DEEPEST, MOST_VALUES, parse_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("07", "07"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("2024-01-31", "2024-01-31"),
        ("true", True),
        ("-3", -3),
        ("2.5", 2.5),
        ("1e3", 1000.0),
        ("~", None),
        ("'5'", "5"),
        ('"true"', "true"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    found = parse_yaml(f"key: {text}").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_every_value_knows_its_line() -> None:
    document = parse_yaml("a: 1\nb:\n  - c: x\n  - d: {e: y}\n")
    assert document.place(("b", 1, "d", "e")) == (4, 9)
    assert document.place(("b", 0, "nowhere")) == document.place(("b", 0)) == (3, 5)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: 2\na: 3", "yaml.duplicate_key", 3),
        ("x:\n\t- b", "yaml.syntax", 2),
        ("x: [1,\n2", "yaml.syntax", 2),
        ("x: !!python/object/apply:os.system [ls]", "yaml.tag", 1),
        ("x: !include other.yaml", "yaml.tag", 1),
        ("[" * (DEEPEST + 1), "yaml.too_deep", 1),
        ("x: *nothing", "yaml.unknown_alias", 1),
        ("? [1, 2]\n: 3", "yaml.key", 1),
    ],
)
def test_what_is_refused_names_its_line(text: str, code: str, line: int) -> None:
    with pytest.raises(QuestionnaireError) as trouble:
        parse_yaml(text, "q.yaml")
    (problem,) = trouble.value.problems
    assert (problem.code, problem.line, problem.file) == (code, line, "q.yaml")


def test_all_duplicate_keys_are_told_at_once() -> None:
    with pytest.raises(QuestionnaireError) as trouble:
        parse_yaml("a: 1\na: 2\nb: {c: 1, c: 2}")
    assert [problem.line for problem in trouble.value.problems] == [2, 3]


def test_anchors_do_not_explode() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(QuestionnaireError, match=str(MOST_VALUES)):
        parse_yaml("\n".join(lines))


def test_a_tab_is_explained() -> None:
    with pytest.raises(QuestionnaireError, match="Indent with spaces"):
        parse_yaml("a:\n\t- b")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = parse_yaml(text)
    except QuestionnaireError as trouble:
        assert trouble.problems
    else:
        assert document.place(()) is not None
