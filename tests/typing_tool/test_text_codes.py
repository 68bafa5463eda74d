"""Ordered options whose codes are texts: analysed by rank, asked and answered by code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from persona import Questionnaire, Responses
from persona.typing_tool import type_people
from persona.typing_tool.answered import in_codes
from persona.typing_tool.learning import Placed, learn_tool

_OPTIONS = "".join(
    f"\n          - {{code: {code}, text: {code.title()}}}"
    for code in ("never", "sometimes", "often", "daily")
)
_QUESTION = """
      - id: {id}
        type: single
        kind: behaviour
        role: basis
        ordered: true
        text: How often {id}?
        options:"""
ASKED = """\
persona: 1
id: habits
languages: [en]
title: Habits
sections:
  - id: habits
    block: behaves
    title: Habits
    questions:""" + "".join(
    _QUESTION.format(id=name) + _OPTIONS for name in ("tea", "coffee", "water")
)
CODES = ("never", "sometimes", "often", "daily")


def test_text_codes_are_learned_and_placed(tmp_path: Path) -> None:
    path = tmp_path / "habits.yaml"
    path.write_text(ASKED, encoding="utf-8")
    draw = np.random.default_rng(2)
    truth = np.repeat([1, 2], 100)
    rank = {1: (0, 3), 2: (3, 0)}
    rows = [
        [CODES[int(np.clip(rank[own][0] + draw.integers(-1, 2), 0, 3))],
         CODES[int(np.clip(rank[own][1] + draw.integers(-1, 2), 0, 3))],
         CODES[int(draw.integers(0, 4))]]
        for own in truth
    ]  # fmt: skip
    pd.DataFrame(rows, columns=["tea", "coffee", "water"]).to_csv(tmp_path / "a.csv", index=False)
    responses = Responses.read(tmp_path / "a.csv", Questionnaire.load(path))
    labels = pd.Series(truth, index=responses.asked.index)
    names = {1: {"en": "Coffee"}, 2: {"en": "Tea"}}
    tool = learn_tool(responses, Placed(labels, names), basis=["tea", "coffee", "water"]).tool
    assert tool is not None and tool.evidence.accuracy > 0.95
    codes = {answer.code for question in tool.golden.questions for answer in question.answers}
    assert codes == set(CODES)
    answers = in_codes(responses.asked, responses.questionnaire.variables)
    typed = type_people(tool.golden, answers)
    assert (typed.labels == truth).mean() > 0.95 and not typed.frame["missing"].any()
