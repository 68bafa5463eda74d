"""A small survey of three kinds of shoppers, its waves, and the rule that places them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from persona.profiling import profile
from persona.profiling.statements import statements_of
from persona.questionnaire import Questionnaire
from persona.responses import Responses
from persona.typing_tool import (
    CurvePoint,
    SegmentAccuracy,
    TypedSegment,
    TypingAnswer,
    TypingEvidence,
    TypingModel,
    TypingQuestion,
    TypingTool,
    type_people,
)
from persona.waves import Frozen, Grammar, Wave
from persona.waves.placed import Grouping

ITEMS = ("cheap", "offers", "taste", "origin", "fast", "near")
NAMES = ("Savers", "Lovers", "Hurried")
QUESTIONNAIRE = """\
persona: 1
id: shop
languages: [en]
scales:
  agree: {points: {1: Not at all, 2: Rather not, 3: In between, 4: Rather, 5: Fully}}
sections:
  - id: person
    block: who
    title: You
    questions:
      - {id: respondent, type: text, kind: id, text: Number}
      - {id: weight, type: number, kind: weight, text: Weight}
      - id: sex
        type: single
        kind: demographic
        text: Your sex
        options: [{code: 1, text: Female}, {code: 2, text: Male}]
      - {id: age, type: number, kind: demographic, text: Your age, minimum: 16, maximum: 99}
  - id: views
    block: expects
    title: Views
    questions:
      - id: views_on_shops
        type: grid
        kind: psychographic
        role: basis
        text: How far do you agree?
        scale: agree
        items:
          - {id: cheap, text: It has to be cheap}
          - {id: offers, text: I wait for offers}
          - {id: taste, text: Taste comes first}
          - {id: origin, text: Origin matters}
          - {id: fast, text: It has to be fast}
          - {id: near, text: It has to be near}
  - id: habits
    block: behaves
    title: Habits
    questions:
      - id: places
        type: multiple
        kind: channel
        text: Where do you buy?
        options: [{code: market, text: Market}, {code: web, text: Web}, {code: kiosk, text: Kiosk}]
"""
_HIGH = (0.1, 0.15, 0.75)
_PLACES = ((0.2, 0.5, 0.3), (0.7, 0.4, 0.2), (0.1, 0.6, 0.8))
_WOMEN = (0.7, 0.5, 0.3)


def people(
    counts: Sequence[int],
    seed: int,
    *,
    moved: float = 0.0,
    weights: bool = False,
    women: Sequence[float] = _WOMEN,
) -> tuple[pd.DataFrame, list[int]]:
    """Answers of so many of each kind, and the kinds; ``moved`` of the savers lose their mark."""
    draw = np.random.default_rng(seed)
    rows, kinds = [], []
    for kind, count in enumerate(counts):
        for _ in range(count):
            answers = {}
            for place, item in enumerate(ITEMS):
                own = place // 2 == kind
                if own and kind == 0 and draw.random() < moved:
                    own = False
                answers[item] = (
                    draw.choice([3, 4, 5], p=_HIGH)
                    if own
                    else draw.choice([1, 2, 3], p=[0.5, 0.3, 0.2])
                )
            buys = {
                f"places_{code}": int(draw.random() < share)
                for code, share in zip(("market", "web", "kiosk"), _PLACES[kind], strict=True)
            }
            rows.append(
                {
                    **({"weight": round(float(draw.uniform(0.5, 2.0)), 2)} if weights else {}),
                    "sex": 1 if draw.random() < women[kind] else 2,
                    "age": int(draw.integers(18, 80)),
                    **answers,
                    **buys,
                }
            )
            kinds.append(kind + 1)
    order = draw.permutation(len(rows))
    frame = pd.DataFrame(rows).iloc[order].reset_index(drop=True)
    frame.insert(0, "respondent", [f"{seed}-{number:04d}" for number in range(len(frame))])
    return frame, [kinds[place] for place in order]


def wave(frame: pd.DataFrame, folder: Path, name: str) -> Wave:
    """Answers read as a study reads them."""
    path = folder / f"{name}.csv"
    frame.to_csv(path, index=False)
    declared = folder / "questionnaire.yaml"
    declared.write_text(QUESTIONNAIRE, encoding="utf-8")
    questionnaire = Questionnaire.load(declared)
    return Wave(name, {"en": name}, Responses.read(path, questionnaire))


def model(items: Sequence[str] = ITEMS) -> TypingModel:
    """Half a unit of log odds a point of the scale for the kind an item marks."""
    questions = []
    for item in items:
        kind = ITEMS.index(item) // 2
        answers = tuple(
            TypingAnswer(
                code,
                {"en": str(code)},
                tuple(8_000 * (code - 3) if segment == kind else 0 for segment in range(3)),
            )
            for code in range(1, 6)
        )
        text = {"en": item}
        questions.append(TypingQuestion(item, "views_on_shops", text, text, answers, (), (0, 0, 0)))
    segments = tuple(
        TypedSegment(number, {"en": name}, 1 / 3) for number, name in enumerate(NAMES, 1)
    )
    return TypingModel(segments, tuple(questions), (0, 0, 0), 6_931, 2)


def evidence(confusion: Sequence[Sequence[float]], uncertain: float = 0.05) -> TypingEvidence:
    """As a cross-validation would leave it."""
    table = np.array(confusion, dtype=float)
    right = float(np.trace(table) / table.sum())
    segments = tuple(
        SegmentAccuracy(number, float(row[number - 1] / row.sum()), None, int(row.sum()))
        for number, row in enumerate(table, 1)
    )
    return TypingEvidence(
        (CurvePoint(6, right, right, right, right),),
        *(right, right, right, right, 1 / 3, 0.4),
        segments,
        tuple(tuple(float(x) for x in row) for row in table),
        uncertain,
        *(None, None, ()),
        5,
        int(table.sum()),
        "linear",
    )


def frozen(first: Wave, kinds: Sequence[int], *, golden: Sequence[str] = ITEMS[::2]) -> Frozen:
    """What a run would leave: rule, personas' statements, segments."""
    labels = pd.Series(list(kinds), index=first.responses.asked.index, dtype="Int64")
    known = labels.notna().to_numpy()
    placed = type_people(model(), first.responses.asked).labels.to_numpy(dtype=int)
    own = labels[known].to_numpy(dtype=int)
    confusion = np.zeros((3, 3))
    np.add.at(confusion, (own - 1, placed[known] - 1), 1.0)
    tool = TypingTool(
        "shop", {"en": "Shop"}, ("en",), "run", first.responses.source.sha256, 1,
        model(golden), model(), evidence(confusion), evidence(confusion),
    )  # fmt: skip
    basis = ("views_on_shops",)
    table = profile(first.responses, Grouping(labels, 3), basis=basis)
    questionnaire = first.responses.questionnaire
    statements = {
        number: statements_of(number, table, questionnaire, first.responses.asked)
        for number in (1, 2, 3)
    }
    names = {number: {"en": name} for number, name in enumerate(NAMES, 1)}
    return Frozen(tool, statements, labels, names, Grammar("fdr", 5, basis))
