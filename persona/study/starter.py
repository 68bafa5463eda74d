"""The study file that a new study begins with."""

from __future__ import annotations

import re

from persona.questionnaire import Questionnaire

_TEMPLATE = """\
# A study: one questionnaire, one file of answers. Check it with: persona check {folder}
persona: 1
id: {id}
title: {title}
questionnaire: questionnaire.yaml

answers:
  file: answers.xlsx
  # sheet: Answers            # when the workbook has several sheets
  # Answers that the questionnaire does not allow stop the run. With `missing` they are listed,
  # counted and left out instead.
  faulty_cells: refuse

# Of the report; it opens in the first. Leave out those you do not need.
languages: [{languages}]
seed: 1

segmentation:
  # Which questions make the segments. Without this line: {basis}
  # basis: [{basis}]
  method: auto
  k: auto
"""


def starter_study(folder: str, questionnaire: Questionnaire) -> str:
    """The text of a study file for a questionnaire that stands beside it."""
    basis = [question.id for question in questionnaire.questions if question.role == "basis"]
    identifier = re.sub(r"[^a-z0-9]+", "_", folder.casefold()).strip("_") or "study"
    return _TEMPLATE.format(
        folder=folder,
        id=identifier,
        title=_quoted(folder.replace("_", " ").replace("-", " ").strip().capitalize() or "Study"),
        languages=", ".join(questionnaire.languages),
        basis=", ".join(basis),
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
