"""The page on the bank says what is true of the shipped questionnaires."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from persona.questionnaire.model import Questionnaire
from persona.resources import names

PAGE = Path(__file__).resolve().parents[2] / "docs" / "bank.md"


def test_table_lists_every_questionnaire_with_its_figures() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .+? \| (\d+) \| (\d+) \| (.+?) \|$", text, re.MULTILINE)
    assert sorted(name for name, *_ in rows) == list(names("questionnaires", ".yaml"))
    for name, questions, columns, bases in rows:
        questionnaire = Questionnaire.load(name)
        assert len(questionnaire.questions) == int(questions), name
        assert sum(not v.derived for v in questionnaire.variables) == int(columns), name
        named = [question.id for question in questionnaire.questions if question.role == "basis"]
        assert re.findall(r"`(\w+)`", bases) == named, name


def test_code_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "bank.md", "exec"), {})
    assert (tmp_path / "answers.xlsx").stat().st_size > 10_000
