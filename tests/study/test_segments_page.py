"""The study files shown on the page about segments are ones that can be written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from persona.questionnaire.conditions import parse_condition
from persona.questionnaire.yaml_reading import parse_yaml
from persona.study.declaration import StudyFile
from persona.study.segment_options import OPTIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "segments.md"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_what_the_page_shows_is_a_study(block: str) -> None:
    head = "persona: 1\nid: shown\nquestionnaire: q.yaml\nanswers: a.xlsx\n"
    study = StudyFile.model_validate(parse_yaml(head + block).data, context={"language": "en"})
    assert all(parse_condition(rule.when) for rule in study.segmentation.rules)


def test_the_page_names_every_option_of_every_method() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for method, options in OPTIONS.items():
        assert f"`{method}`" in text or f"method: {method}" in text
        assert all(option in text for option in options)
