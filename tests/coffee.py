"""A small study of two kinds of coffee drinkers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl

QUESTIONNAIRE = """\
persona: 1
id: coffee
languages: [en, pl]
title: {en: Coffee, pl: Kawa}
scales:
  agree:
    points:
      1: {en: Not at all, pl: Wcale nie}
      2: {en: Rather not, pl: Raczej nie}
      3: {en: In between, pl: Pośrodku}
      4: {en: Rather, pl: Raczej tak}
      5: {en: Fully, pl: W pełni}
    missing: {9: {text: {en: Don't know, pl: Nie wiem}, meaning: dont_know}}
sections:
  - id: person
    block: who
    title: {en: You, pl: Ty}
    questions:
      - {id: respondent, type: text, kind: id, text: {en: Number, pl: Numer}}
      - id: sex
        type: single
        kind: demographic
        text: {en: Your sex, pl: Płeć}
        options:
          - {code: 1, text: {en: Female, pl: Kobieta}}
          - {code: 2, text: {en: Male, pl: Mężczyzna}}
  - id: views
    block: expects
    title: {en: Views, pl: Poglądy}
    questions:
      - id: views_on_coffee
        type: grid
        kind: psychographic
        role: basis
        text: {en: How far do you agree?, pl: Na ile się zgadzasz?}
        scale: agree
        items:
          - {id: cheap, text: {en: Coffee has to be cheap, pl: Kawa ma być tania}}
          - {id: offers, text: {en: I wait for offers, pl: Czekam na promocje}}
          - {id: spend, text: {en: I spend freely, pl: Wydaję chętnie}, reverse: true}
          - {id: taste, text: {en: Taste comes first, pl: Smak jest ważny}}
          - {id: origin, text: {en: Origin matters, pl: Liczy się pochodzenie}}
          - {id: any, text: {en: Any coffee will do, pl: Każda kawa wystarczy}, reverse: true}
      - {id: comment, type: text, kind: verbatim, text: {en: Anything else?, pl: Coś jeszcze?}}
  - id: habits
    block: behaves
    title: {en: Habits, pl: Zwyczaje}
    questions:
      - id: places
        type: multiple
        kind: channel
        text: {en: Where do you drink it?, pl: Gdzie pijesz?}
        options:
          - {code: home, text: {en: At home, pl: W domu}}
          - {code: bar, text: {en: In a bar, pl: W barze}}
          - {code: work, text: {en: At work, pl: W pracy}}
"""

STUDY = """\
persona: 1
id: coffee
title: {en: Coffee drinkers, pl: Kawosze}
questionnaire: questionnaire.yaml
answers: answers.xlsx
seed: 3
segmentation: {represent: items, method: kmeans, k: 2}
"""

HEADER = [
    "respondent",
    "Your sex",
    "cheap",
    "offers",
    "spend",
    "taste",
    "origin",
    "any",
    "comment",
    "places_home",
    "places_bar",
    "places_work",
]


def made_rows(n: int = 120, seed: int = 5) -> list[list[object]]:
    """Savers first, then lovers: who is who is known."""
    draw = np.random.default_rng(seed)
    rows: list[list[object]] = []
    for number in range(n):
        saver = number < n * 0.6
        high, low = draw.choice([4, 5], 3), draw.choice([1, 2], 3)
        price, love = (high, low) if saver else (low, high)
        rows.append(
            [
                f"{number + 1:03d}",
                "Female" if draw.random() < (0.7 if saver else 0.4) else "Mężczyzna",
                int(price[0]),
                int(price[1]),
                int(6 - price[2]),
                int(love[0]),
                int(love[1]),
                int(6 - love[2]),
                "It has to be cheap" if saver else "I love the smell of it",
                int(draw.random() < 0.8),
                int(draw.random() < (0.2 if saver else 0.7)),
                int(draw.random() < 0.5),
            ]
        )
    return rows


def write_answers(path: Path, rows: list[list[object]], header: list[str] | None = None) -> Path:
    """Rows under the header of the study in a workbook; what looks like a formula stays text."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Answers"
    sheet.append(header or HEADER)
    for row in rows:
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)
    return path


def make(folder: Path, study: str = STUDY) -> Path:
    """Questionnaire, study file and answers of 120 people."""
    folder.mkdir()
    (folder / "questionnaire.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    write_answers(folder / "answers.xlsx", made_rows())
    return folder
