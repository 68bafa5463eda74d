"""A made-up survey of three planted segments, with every kind of question a tool may meet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from persona.questionnaire import Questionnaire
from persona.responses import Responses

ITEMS = tuple(f"item_{number}" for number in range(1, 9))
"""Item 3 is keyed against its scale, items 7 and 8 say nothing."""

_FORM = """
persona: 1
id: planted
languages: [en, pl]
scales:
  agree:
    points: {1: No, 2: Rather no, 3: So so, 4: Rather yes, 5: Yes}
    missing: {9: {text: Don't know, meaning: dont_know}}
sections:
  - id: who
    block: who
    questions:
      - {id: number, type: text, kind: id, text: Number}
      - {id: age, type: number, kind: demographic, text: Age, minimum: 16, maximum: 99, unit: years}
      - id: region
        type: single
        kind: geographic
        text: Region
        options: [{code: n, text: North}, {code: s, text: South}, {code: e, text: East}]
      - id: health
        type: single
        kind: demographic
        text: Health
        sensitive: health
        options: [{code: 1, text: Good}, {code: 2, text: Bad}]
      - {id: words, type: text, kind: verbatim, text: Anything else}
  - id: views
    block: expects
    questions:
      - id: views
        type: grid
        kind: psychographic
        role: basis
        text: How far do you agree
        scale: agree
        items: [ITEMS]
      - id: shops
        type: multiple
        kind: channel
        text: Where do you buy
        options: [{code: web, text: Web}, {code: town, text: Town}]
"""
YAML = _FORM.replace(
    "ITEMS",
    ", ".join(
        f"{{id: {name}, text: Item {place}{', reverse: true' if place == 3 else ''}}}"
        for place, name in enumerate(ITEMS, 1)
    ),
)


def planted(n: int = 240, seed: int = 1) -> tuple[pd.DataFrame, pd.Series]:
    """Answers as given, and the segment (1 to 3) of each: half, a third, the rest."""
    draw = np.random.default_rng(seed)
    segment = np.repeat([1, 2, 3], [n // 2, n // 3, n - n // 2 - n // 3])
    highs = {1: (0, 1), 2: (2, 3), 3: (4, 5)}
    table: dict[str, object] = {"number": [f"p{row:03d}" for row in range(n)]}
    for place, name in enumerate(ITEMS):
        high = np.array([place in highs[one] for one in segment])
        middle = np.where(high, 4.3, 2.0) if place < 6 else np.full(n, 3.0)
        scale = np.clip(np.rint(middle + draw.normal(0, 0.8, n)), 1, 5).astype(int)
        answers = pd.Series(6 - scale if place == 2 else scale, dtype="Int64")
        answers[draw.random(n) < 0.03] = pd.NA
        table[name] = answers
    table["age"] = np.where(segment == 3, 30, 55) + draw.integers(-12, 13, n)
    table["region"] = np.where(segment == 1, "n", draw.choice(["n", "s", "e"], n))
    table["health"] = np.where(segment == 2, 1, draw.integers(1, 3, n))
    table["words"] = "fine"
    table["shops_web"] = (draw.random(n) < np.where(segment == 3, 0.8, 0.2)).astype(int)
    table["shops_town"] = (draw.random(n) < 0.5).astype(int)
    labels = pd.Series(segment, index=pd.Index(table["number"]), name="segment")
    return pd.DataFrame(table), labels


def survey(folder: Path, table: pd.DataFrame, questionnaire: str = YAML) -> Responses:
    """The answers read by the package, as a study reads them."""
    path = folder / "answers.csv"
    table.to_csv(path, index=False)
    return Responses.read(path, Questionnaire.from_yaml(questionnaire))
