"""What single types do beyond the promise of all: MaxDiff, derived answers, and a new type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.errors import QuestionnaireError
from persona.questionnaire import Questionnaire
from persona.questionnaire.designs import balance, draw_design
from persona.questionnaire.schema import json_schema
from persona.questionnaire.texts import text_in
from persona.questionnaire.types import TYPES, Context, Question
from persona.questionnaire.variables import Measure, Variable


def of(*questions: dict[str, object]) -> Questionnaire:
    section = {"id": "s", "block": "who", "questions": list(questions)}
    return Questionnaire.from_data({"id": "q", "sections": [section]})


NEEDS = [{"code": code, "text": f"Need {code}"} for code in range(1, 7)]


@settings(max_examples=12, deadline=None)
@given(st.integers(4, 12), st.integers(2, 5), st.integers(1, 3), st.integers(0, 99))
def test_designs_are_balanced(n_items: int, per_set: int, versions: int, seed: int) -> None:
    sets = -(-3 * n_items // per_set)
    design = draw_design(n_items, sets, min(per_set, n_items), versions, seed)
    found = balance(design, n_items)
    assert max(found.exposures) - min(found.exposures) <= 1
    assert min(found.exposures) >= 3 * versions
    assert all(len(set(part)) == len(part) for version in design for part in version)
    assert design == draw_design(n_items, sets, min(per_set, n_items), versions, seed)


def test_pairs_of_a_design_meet_about_equally_often() -> None:
    found = balance(draw_design(9, sets=12, per_set=3), 9)
    assert set(found.exposures) == {4}
    assert max(found.pairs) - min(found.pairs) <= 2


def test_a_design_that_cannot_be_is_none() -> None:
    assert draw_design(3, sets=2, per_set=5) == ()


def test_maxdiff_scores_count_best_less_worst() -> None:
    design = [[[1, 2, 3], [4, 5, 6], [1, 4, 2]]]
    questionnaire = of({"id": "md", "type": "maxdiff", "kind": "need", "text": "Best and worst",
                        "options": NEEDS, "per_set": 3, "design": design})  # fmt: skip
    cells = {"md_1_best": [1, 1], "md_1_worst": [2, 2], "md_2_best": [4, 4], "md_2_worst": [5, 5],
             "md_3_best": [1, 3], "md_3_worst": [4, 4]}  # fmt: skip
    decoded = questionnaire.decode("md", cells)
    scores = {name: column.values[0] for name, column in decoded.items() if len(name) == 4}
    assert scores == {
        "md_1": 1.0,
        "md_2": -0.5,
        "md_3": 0.0,
        "md_4": 0.0,
        "md_5": -1.0,
        "md_6": 0.0,
    }
    (fault,) = [fault for column in decoded.values() for fault in column.faults]
    assert (fault.column, fault.position) == ("md_3_best", 1)
    assert "did not show 3" in fault.problem.message
    assert decoded["md_3_best"].values == (1, None)


def test_versions_of_a_maxdiff_design_are_told_apart_by_their_column() -> None:
    questionnaire = of({"id": "md", "type": "maxdiff", "kind": "need", "text": "T",
                        "options": NEEDS, "per_set": 3, "versions": 2})  # fmt: skip
    (asked,) = questionnaire.questions
    shown = asked.shown
    picks = {}
    for number in range(asked.n_sets):
        picks[f"md_{number + 1}_best"] = [version[number][0] for version in shown]
        picks[f"md_{number + 1}_worst"] = [version[number][1] for version in shown]
    decoded = questionnaire.decode("md", {"md_version": [1, 2], **picks})
    assert not [fault for column in decoded.values() for fault in column.faults]
    for row, version in enumerate(shown):
        wins = Counter(part[0] for part in version)
        wins.subtract(part[1] for part in version)
        seen = Counter(code for part in version for code in part)
        for code, times in seen.items():
            assert decoded[f"md_{code}"].values[row] == wins[code] / times
    raw = {variable.id for variable in questionnaire.variables if variable.raw}
    assert raw == {"md_version", *picks}


def test_derived_answers() -> None:
    number = {"type": "number", "kind": "demographic", "text": "N"}
    questionnaire = of(
        {"id": "age", **number},
        {"id": "other", **number},
        {"id": "band", "type": "derived", "kind": "demographic", "text": "Band",
         "bands": {"of": "age", "options": [{"code": 1, "to": 34, "text": "to 34"},
                                            {"code": 2, "from": 35, "text": "35 on"}]}},
        {"id": "total", "type": "derived", "kind": "value", "sum": ["age", "other"]},
        {"id": "mid", "type": "derived", "kind": "value", "mean": ["age", "other"]},
        {"id": "old", "type": "derived", "kind": "demographic",
         "recode": {"of": "band", "options": [{"code": "yes", "text": "old", "codes": [2]}]}},
    )  # fmt: skip
    found = questionnaire.derive({"age": [34.0, 35.0, None], "other": [1.0, float("nan"), 2.0]}, 3)
    assert found == {
        "band": (1, 2, None),
        "total": (35.0, None, None),
        "mid": (17.5, None, None),
        "old": (None, "yes", None),
    }
    assert all(questionnaire.variable(name).derived for name in found)
    assert questionnaire.variable("band").measure is Measure.ORDINAL


def test_a_text_that_is_not_translated_shows_its_language() -> None:
    assert text_in({"en": "Age", "pl": "Wiek"}, "pl") == "Wiek"
    assert text_in({"en": "Age", "pl": "Wiek"}, "ru", "pl") == "Wiek [pl]"
    assert text_in({}, "ru") == ""


class Colour(Question):
    """A colour, written as the recipe of the base says.

    Parameters
    ----------
    shades : int
        How many shades are offered.
    """

    asked: ClassVar[str] = "A shade is chosen."
    analyses: ClassVar[tuple[str, ...]] = ("profile",)

    type: Literal["colour"]
    shades: int = 8

    def variables(self, context: Context) -> tuple[Variable, ...]:
        return (self.variable(context, Measure.RATIO, minimum=0.0, maximum=float(self.shades)),)


@pytest.fixture()
def colour() -> Iterator[None]:
    TYPES.register("colour", Colour)
    yield
    del TYPES._objects["colour"]


def test_a_new_type_is_one_class_and_one_registration(colour: None) -> None:
    plain = {"id": "wall", "type": "colour", "kind": "need", "text": "Wall", "shades": 3}
    questionnaire = of(plain)
    assert questionnaire.variable("wall").maximum == 3.0
    cells = questionnaire.encode("wall", {"wall": [1, 3, None]})
    assert questionnaire.decode("wall", cells)["wall"].values == (1.0, 3.0, None)
    assert questionnaire.decode("wall", {"wall": [4]})["wall"].states == ("faulty",)
    assert "shades" in json_schema()["$defs"]["Colour"]["properties"]
    with pytest.raises(QuestionnaireError, match="'shdes'"):
        of({**plain, "shdes": 2})


def test_the_type_is_not_known_before_it_is_registered() -> None:
    with pytest.raises(QuestionnaireError, match="no question type 'colour'"):
        of({"id": "wall", "type": "colour", "kind": "need", "text": "Wall"})


def test_the_recipe_stands_in_the_base() -> None:
    recipe = Question.__doc__ or ""
    for step in ("types/<name>.py", "Literal", "``variables``", "TYPES.register", "__init__.py"):
        assert step in recipe
