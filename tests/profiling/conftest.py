"""A small study with known differences between its segments, answered by made-up people."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from persona.questionnaire import Questionnaire

QUESTIONNAIRE: dict[str, Any] = {
    "persona": 1,
    "id": "cafe",
    "languages": ["en", "pl"],
    "title": {"en": "Coffee", "pl": "Kawa"},
    "scales": {
        "agree5": {"points": {n: {"en": f"agree {n}", "pl": f"zgoda {n}"} for n in range(1, 6)}}
    },
    "sections": [
        {
            "id": "people",
            "block": "who",
            "title": {"en": "People"},
            "questions": [
                {"id": "id", "type": "text", "kind": "id", "text": {"en": "Id"}},
                {
                    "id": "sex",
                    "type": "single",
                    "kind": "demographic",
                    "text": {"en": "Sex", "pl": "Płeć"},
                    "options": [
                        {"code": 1, "text": {"en": "woman", "pl": "kobieta"}},
                        {"code": 2, "text": {"en": "man", "pl": "mężczyzna"}},
                    ],
                },
                {
                    "id": "town",
                    "type": "single",
                    "kind": "geographic",
                    "text": {"en": "Where?", "pl": "Gdzie?"},
                    "options": [
                        {"code": c, "text": {"en": t, "pl": t}}
                        for c, t in (("c", "city"), ("t", "town"), ("v", "village"))
                    ],
                },
                {
                    "id": "age",
                    "type": "number",
                    "kind": "demographic",
                    "text": {"en": "Age", "pl": "Wiek"},
                },
            ],
        },
        {
            "id": "wants",
            "block": "expects",
            "title": {"en": "Wants"},
            "questions": [
                {
                    "id": "needs",
                    "type": "grid",
                    "kind": "need",
                    "role": "basis",
                    "text": {"en": "What matters?", "pl": "Co ważne?"},
                    "scale": "agree5",
                    "items": [
                        {
                            "id": "price",
                            "text": {"en": "I look for low prices", "pl": "Szukam niskich cen"},
                            "short": {"en": "Price hunters", "pl": "Łowcy cen"},
                        },
                        {
                            "id": "taste",
                            "text": {"en": "Taste comes first", "pl": "Smak najważniejszy"},
                            "short": {"en": "Taste seekers", "pl": "Smakosze"},
                        },
                        {
                            "id": "speed",
                            "text": {"en": "I want it fast", "pl": "Chcę szybko"},
                            "short": {"en": "Speed lovers", "pl": "Szybcy"},
                        },
                    ],
                },
                {
                    "id": "wish",
                    "type": "text",
                    "kind": "verbatim",
                    "text": {"en": "A wish?", "pl": "Życzenie?"},
                },
            ],
        },
        {
            "id": "acts",
            "block": "behaves",
            "title": {"en": "Acts"},
            "questions": [
                {
                    "id": "where",
                    "type": "multiple",
                    "kind": "channel",
                    "text": {"en": "Where do you buy?", "pl": "Gdzie kupujesz?"},
                    "options": [
                        {"code": 1, "text": {"en": "Shop", "pl": "Sklep"}},
                        {"code": 2, "text": {"en": "App", "pl": "Aplikacja"}},
                    ],
                },
                {
                    "id": "nps",
                    "type": "nps",
                    "kind": "behaviour",
                    "text": {"en": "Recommend?", "pl": "Polecisz?"},
                },
                {
                    "id": "since",
                    "type": "date",
                    "kind": "behaviour",
                    "text": {"en": "Customer since", "pl": "Klient od"},
                },
            ],
        },
        {
            "id": "worth",
            "block": "value",
            "title": {"en": "Worth"},
            "questions": [
                {
                    "id": "spend",
                    "type": "number",
                    "kind": "value",
                    "text": {"en": "Spend", "pl": "Wydatki"},
                    "unit": "EUR",
                }
            ],
        },
    ],
}


@dataclass(frozen=True)
class Made:
    """Responses and a segmentation as the rooms before give them."""

    responses: Any
    segmentation: Any


def make(
    n: int = 600,
    seed: int = 3,
    weighted: bool = False,
    labels: np.ndarray[Any, Any] | None = None,
    drop: tuple[str, ...] = (),
) -> Made:
    """Segment 1 hunts prices in shops, 2 loves taste and spends, 3 wants speed by app."""
    draw = np.random.default_rng(seed)
    own = np.sort(draw.choice(3, n, p=[0.5, 0.3, 0.2])) + 1 if labels is None else labels
    index = pd.Index([f"R{i:04d}" for i in range(n)], name="respondent")

    def item(segment: int) -> np.ndarray[Any, Any]:
        middle = np.where(own == segment, 4.4, 2.4)
        return np.clip(np.round(draw.normal(middle, 0.9)), 1, 5)

    columns: dict[str, Any] = {
        "sex": pd.Categorical(draw.choice([1, 2], n), categories=[1, 2]),
        "town": pd.Categorical(
            np.where(own == 3, "c", draw.choice(["c", "t", "v"], n)), categories=["c", "t", "v"]
        ),
        "age": np.round(draw.normal(np.where(own == 2, 55, 40), 8)),
        "price": item(1),
        "taste": item(2),
        "speed": item(3),
        "wish": [
            f"Write me at a{i}@mail.com, I wish for a longer opening hour {i % 7}" for i in range(n)
        ],
        "where_1": (draw.random(n) < np.where(own == 1, 0.9, 0.3)).astype(float),
        "where_2": (draw.random(n) < np.where(own == 3, 0.9, 0.1)).astype(float),
        "nps": np.clip(np.round(draw.normal(np.where(own == 2, 9, 6), 1.5)), 0, 10),
        "since": pd.Timestamp("2015-01-01") + pd.to_timedelta(draw.integers(0, 3000, n), unit="D"),
        "spend": draw.gamma(2.0, np.where(own == 2, 100.0, 20.0)),
    }
    kept = {name: x for name, x in columns.items() if name.split("_")[0] not in drop}
    asked = pd.DataFrame(kept, index=index)
    for name in ("age", "nps", "spend", "where_1"):
        if name in asked:
            asked.loc[draw.random(n) < 0.05, name] = np.nan
    weights = pd.Series(draw.uniform(0.3, 3.0, n) if weighted else 1.0, index=index)
    declared = {
        **QUESTIONNAIRE,
        "sections": [
            {**section, "questions": [q for q in section["questions"] if q["id"] not in drop]}
            for section in QUESTIONNAIRE["sections"]
        ],
    }
    declared["sections"] = [s for s in declared["sections"] if s["questions"]]
    responses = SimpleNamespace(
        questionnaire=_questionnaire(declared),
        asked=asked,
        frame=asked,
        weights=weights / weights.mean(),
        weighted=weighted,
        problems=(),
    )
    return Made(responses, segmentation_of(own, asked))


def _questionnaire(declared: dict[str, Any]) -> Questionnaire:
    text = StringIO()
    YAML().dump(declared, text)
    return Questionnaire.from_yaml(text.getvalue())


def segmentation_of(own: np.ndarray[Any, Any], asked: pd.DataFrame) -> Any:
    """A segmentation with those labels; the first members are the most certain."""
    k, index = int(own.max()), asked.index
    certain = np.linspace(0.99, 0.75, len(own))
    probabilities = np.repeat(((1 - certain) / max(k - 1, 1))[:, None], k, axis=1)
    probabilities[np.arange(len(own)), own - 1] = certain
    segments = range(1, k + 1)
    basis = [name for name in ("price", "taste", "speed") if name in asked]
    return SimpleNamespace(
        labels=pd.Series(own, index=index, name="segment"),
        probabilities=pd.DataFrame(probabilities, index=index, columns=list(segments)),
        k=k,
        centres=asked[basis].groupby(own).mean(),
        stability=SimpleNamespace(
            segments=pd.DataFrame({"jaccard": [0.9] * k}, index=list(segments))
        ),
        verdict="natural",
        warnings=(),
    )


@pytest.fixture(name="make")
def _make() -> Any:
    return make


@pytest.fixture(name="segmentation_of")
def _segmentation_of() -> Any:
    return segmentation_of


@pytest.fixture(scope="module")
def cafe() -> Made:
    """600 people in three segments, without weights."""
    return make()


@pytest.fixture(scope="module")
def weighted_cafe() -> Made:
    """The same with weights."""
    return make(weighted=True)
