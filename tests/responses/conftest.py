"""A small questionnaire and writers of small files of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from persona.questionnaire.model import Questionnaire

TEA = """
id: tea
languages: [en, pl]
scales:
  agree:
    points: {1: {en: Disagree, pl: Nie zgadzam się}, 2: {en: Neither, pl: Ani ani},
             3: {en: Agree, pl: Zgadzam się}}
    missing: {99: {text: {en: Don't know, pl: Nie wiem}, meaning: dont_know}}
sections:
  - id: s
    block: behaves
    questions:
      - {id: rid, type: text, kind: id}
      - {id: cups, type: number, kind: behaviour, text: {en: How many cups a day?,
         pl: Ile filiżanek dziennie?}, minimum: 0, maximum: 30}
      - id: att
        type: grid
        kind: psychographic
        role: basis
        text: {en: How far do you agree?, pl: Na ile się zgadzasz?}
        scale: agree
        items:
          - {id: a1, text: {en: I love tea, pl: Kocham herbatę}}
          - {id: a2, text: {en: Tea is dull, pl: Herbata jest nudna}, reverse: true}
      - id: kinds
        type: multiple
        kind: behaviour
        text: {en: Which teas?, pl: Jakie herbaty?}
        options:
          - {code: 1, text: {en: Black, pl: Czarna}}
          - {code: 2, text: {en: "Green, fresh", pl: "Zielona, świeża"}}
          - {code: 3, text: {en: None, pl: Żadna}, exclusive: true}
      - {id: sex, type: single, kind: demographic, text: {en: Sex, pl: Płeć},
         options: [{code: 1, text: {en: Female, pl: Kobieta}}, {code: 2, text: {en: Male,
         pl: Mężczyzna}}, {code: 9, text: {en: Refused, pl: Odmowa}, missing: refused}]}
      - {id: why, type: text, kind: verbatim, text: {en: Why tea?, pl: Dlaczego herbata?},
         shown_if: "cups > 0"}
      - {id: w, type: number, kind: weight, decimals: 6}
"""


@pytest.fixture(scope="session")
def tea() -> Questionnaire:
    """A questionnaire in two languages with most types of question."""
    return Questionnaire.from_yaml(TEA)


@pytest.fixture
def write_text(tmp_path: Path) -> Callable[..., Path]:
    """Write a text file in an encoding."""

    def write(text: str, name: str = "answers.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def write_sheet(tmp_path: Path) -> Callable[..., Path]:
    """Write rows to a sheet of a new workbook."""

    def write(
        rows: Sequence[Sequence[Any]], name: str = "answers.xlsx", sheet: str = "Answers"
    ) -> Path:
        book = openpyxl.Workbook()
        active = book.active
        assert active is not None
        active.title = sheet
        for row in rows:
            active.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return write
