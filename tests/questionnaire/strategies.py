"""Random questionnaires and answers to them, for property tests."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from persona.questionnaire import Questionnaire
from persona.questionnaire.cells import normal
from persona.questionnaire.types import TYPES, Question
from persona.questionnaire.variables import Measure, Variable

LANGUAGES = ("en", "pl")
_LETTERS = "abcdefghijklmnoprstuwyzABCDEąćęłńóśźżБГДЖИЙЛ"
_word = st.text(_LETTERS + "-',.=&<>{}", min_size=1, max_size=12).map(lambda word: f"w{word}")
words = st.lists(_word, min_size=1, max_size=3).map(" ".join)


def texts(source: st.SearchStrategy[str] = words) -> st.SearchStrategy[dict[str, str]]:
    """A text in both languages."""
    return st.fixed_dictionaries({language: source for language in LANGUAGES})


@st.composite
def options(draw: st.DrawFn, least: int = 2, most: int = 6) -> list[dict[str, Any]]:
    """Options with codes and with labels that differ."""
    count = draw(st.integers(least, most))
    codes = draw(st.lists(st.integers(1, 60), min_size=count, max_size=count, unique=True))
    labels = {
        language: draw(st.lists(words, min_size=count, max_size=count, unique_by=normal))
        for language in LANGUAGES
    }
    return [
        {"code": code, "text": {language: f"{labels[language][n]} {n}" for language in LANGUAGES}}
        for n, code in enumerate(codes)
    ]


@st.composite
def items(draw: st.DrawFn, prefix: str, least: int = 2) -> list[dict[str, Any]]:
    """Items with ids made from a prefix, some of them reversed."""
    count = draw(st.integers(least, 4))
    return [
        {"id": f"{prefix}_{n}", "text": draw(texts()), "reverse": draw(st.booleans())}
        for n in range(1, count + 1)
    ]


@st.composite
def _single(draw: st.DrawFn, name: str) -> dict[str, Any]:
    chosen = draw(options())
    if draw(st.booleans()):
        chosen.append(
            {"code": 99, "text": {"en": "No answer", "pl": "Odmowa"}, "missing": "refused"}
        )
    return {"options": chosen, "ordered": draw(st.booleans())}


@st.composite
def _pairs(draw: st.DrawFn, name: str) -> dict[str, Any]:
    return {
        "points": draw(st.integers(2, 9)),
        "items": [
            {
                "id": f"{name}_{n}",
                "left": draw(texts()),
                "right": {k: f"{v} r" for k, v in draw(texts()).items()},
            }
            for n in range(1, draw(st.integers(2, 4)))
        ],
    }


def _plain(**keys: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({key: st.just(value) for key, value in keys.items()})


def fields(type_name: str, name: str) -> st.SearchStrategy[dict[str, Any]]:
    """The keys that one type of question takes beside the common ones."""
    some_options = st.fixed_dictionaries({"options": options()})
    ways: dict[str, st.SearchStrategy[dict[str, Any]]] = {
        "single": _single(name),
        "multiple": some_options,
        "ranking": some_options,
        "constant_sum": some_options,
        "maxdiff": st.fixed_dictionaries(
            {"options": options(6, 8), "per_set": st.just(3), "versions": st.integers(1, 2)}
        ),
        "grid": st.fixed_dictionaries({"items": items(name), "scale": st.just("agree")}),
        "semantic_differential": _pairs(name),
        "rating": st.fixed_dictionaries({"highest": st.integers(2, 10), "low": texts()}),
        "nps": _plain(),
        "number": _plain(minimum=0, maximum=500),
        "money": _plain(currency="EUR"),
        "date": _plain(),
        "text": _plain(),
        "derived": _plain(
            bands={
                "of": "age",
                "options": [
                    {"code": 1, "to": 40, "text": "young"},
                    {"code": 2, "from": 41, "text": "old"},
                ],
            }
        ),
    }
    return ways[type_name]


@st.composite
def question(draw: st.DrawFn, type_name: str, name: str) -> dict[str, Any]:
    """One question of a type, as YAML would give it."""
    kind = "verbatim" if type_name == "text" else "behaviour"
    common = {"id": name, "type": type_name, "kind": kind, "text": draw(texts())}
    return common | draw(fields(type_name, name))


@st.composite
def questionnaires(
    draw: st.DrawFn, types: Sequence[str] = tuple(TYPES), least: int = 1, most: int = 4
) -> Questionnaire:
    """A sound questionnaire in two languages with questions of the types."""
    chosen = draw(st.lists(st.sampled_from(list(types)), min_size=least, max_size=most))
    asked = [draw(question(name, f"q{n}")) for n, name in enumerate(chosen)]
    first = [
        {"id": "respondent", "type": "text", "kind": "id", "text": "Number"},
        {"id": "age", "type": "number", "kind": "demographic", "text": "Age", "minimum": 0},
    ]
    return Questionnaire.from_data(
        {
            "id": "random",
            "languages": list(LANGUAGES),
            "title": "Random",
            "scales": {
                "agree": {
                    "points": {
                        1: {"en": "No", "pl": "Nie"},
                        2: {"en": "Perhaps", "pl": "Może"},
                        3: {"en": "Yes", "pl": "Tak"},
                    },
                    "missing": {
                        99: {"text": {"en": "Don't know", "pl": "Nie wiem"}, "meaning": "dont_know"}
                    },
                }
            },
            "sections": [
                {"id": "start", "block": "who", "title": "Start", "questions": first},
                {"id": "rest", "block": "behaves", "title": "Rest", "questions": asked},
            ],
        }
    )


def values(variable: Variable) -> st.SearchStrategy[object]:
    """One sound answer, a missing code, or None."""
    missing = [code.code for code in variable.missing]
    if variable.categories:
        return st.sampled_from([*variable.codes, *missing, None])
    if variable.measure is Measure.BINARY:
        return st.sampled_from([0, 1])
    if variable.measure is Measure.DATE:
        return st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)) | st.none()
    if variable.measure in (Measure.TEXT, Measure.IDENTIFIER):
        return words | st.none()
    low = int(variable.minimum or 0)
    return st.integers(low, int(variable.maximum or 9999)).map(float) | st.none()


@st.composite
def answers(
    draw: st.DrawFn, questionnaire: Questionnaire, question_id: str, n: int
) -> Mapping[str, list[object]]:
    """Sound answers of n respondents to one question by column."""
    asked: Question = questionnaire.question(question_id)
    columns = [v for v in questionnaire.variables_of(question_id) if not v.derived]
    rows: list[list[object]] = []
    for _ in range(n):
        if asked.type == "ranking":
            rows.append(list(draw(st.permutations(range(1, len(columns) + 1)))))
        elif asked.type == "constant_sum":
            cuts = sorted(
                draw(
                    st.lists(
                        st.integers(0, 100), min_size=len(columns) - 1, max_size=len(columns) - 1
                    )
                )
            )
            rows.append([float(b - a) for a, b in zip([0, *cuts], [*cuts, 100], strict=True)])
        elif asked.type == "maxdiff":
            version = draw(st.integers(1, len(asked.shown)))
            picks = [draw(st.permutations(part))[:2] for part in asked.shown[version - 1]]
            head = [version] if len(asked.shown) > 1 else []
            rows.append([*head, *(code for pick in picks for code in pick)])
        else:
            rows.append([draw(values(v)) for v in columns])
    return {v.id: [row[n] for row in rows] for n, v in enumerate(columns)}
