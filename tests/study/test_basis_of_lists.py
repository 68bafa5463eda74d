"""Lists of answers in a basis: what they become, and which answers are no part of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import persona
from persona.analysis.matrix import Matrix, basis_matrix

QUESTIONS = """
  - id: lists
    block: behaves
    title: {en: Lists, pl: Listy}
    questions:
      - id: goals
        type: multiple
        kind: motive
        text: {en: What for?, pl: Po co?}
        options:
          - {code: 1, text: {en: Taste, pl: Smak}}
          - {code: 2, text: {en: Company, pl: Towarzystwo}}
          - {code: 3, text: {en: Habit, pl: Nawyk}}
          - {code: 4, text: {en: Energy, pl: Energia}}
          - {code: 0, text: {en: None of these, pl: Nic z tego}, exclusive: true}
"""
TICKS = ["goals_1", "goals_2", "goals_3", "goals_4", "goals_0"]


@pytest.fixture
def matrix(small_study: Path, write_answers: Callable[..., Path]) -> Callable[..., Matrix]:
    """The basis of the small study with ticks that are drawn, or that go together."""
    sheet = openpyxl.load_workbook(small_study / "answers.xlsx")["Answers"]
    first, *given = ([*row] for row in sheet.iter_rows(values_only=True))
    questionnaire = small_study / "questionnaire.yaml"
    questionnaire.write_text(questionnaire.read_text(encoding="utf-8") + QUESTIONS, "utf-8")

    def made(*basis: str, together: bool = False) -> Matrix:
        draw = np.random.default_rng(4)
        rows = []
        for number, row in enumerate(given):
            ticks = draw.integers(0, 2, 4)
            if together:
                ticks[:] = number % 2 == 0
                ticks ^= draw.random(4) < 0.1
            rows.append([*row, *map(int, ticks), int(not ticks.any())])
        write_answers(small_study / "answers.xlsx", rows, [*map(str, first), *TICKS])
        study = persona.Study.load(small_study)
        return basis_matrix(study.intake().responses, basis, {}, "auto")

    return made


def test_none_of_these_is_no_column(matrix: Callable[..., Matrix]) -> None:
    found = matrix("goals")
    assert list(found.frame.columns) == ["goals_1", "goals_2", "goals_3", "goals_4"]
    said = next(problem for problem in found.warnings if problem.code == "basis.exclusive")
    assert "goals_0" in str(said)


def test_ticks_beside_a_scale_keep_the_axes_above_chance(matrix: Callable[..., Matrix]) -> None:
    """Ticks drawn at random keep the one axis there must be, ticks that go together theirs."""
    drawn = matrix("goals", "views_on_coffee")
    assert drawn.represented["goals"] == "dimensions" and drawn.scaled
    assert [c.id for c in drawn.columns if c.source == "dimension"] == ["dimension 1"]
    assert drawn.columns[-1].variables == ("goals_1", "goals_2", "goals_3", "goals_4")
    joined = matrix("goals", "views_on_coffee", together=True)
    assert [c.id for c in joined.columns if c.source == "dimension"] == ["dimension 1"]
    first = joined.frame["dimension 1"]
    split = first.groupby(np.arange(len(first)) % 2).mean()
    assert abs(split.diff().iloc[-1]) > 1.5


def test_one_list_beside_a_scale_enters_as_it_is(matrix: Callable[..., Matrix]) -> None:
    found = matrix("sex", "views_on_coffee")
    assert found.represented["sex"] == "items" and not found.scaled
    assert str(found.frame["sex"].dtype) == "category"
