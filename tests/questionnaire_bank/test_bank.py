"""Every shipped questionnaire loads cleanly, is whole in its languages, and can be tried."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from persona.errors import Severity
from persona.questionnaire.model import Questionnaire
from persona.resources import names
from persona.responses.model import Responses
from persona.responses.simulate import simulate, write

SHIPPED = names("questionnaires", ".yaml")
WITHOUT_BASIS = ("customer_value", "interview_guide")
LANGUAGES = ("en", "pl", "ru", "nl")
_TEXTS = ("text", "title", "short", "help", "low", "high", "left", "right")


@pytest.fixture(scope="module", params=SHIPPED)
def questionnaire(request: pytest.FixtureRequest) -> Questionnaire:
    return Questionnaire.load(request.param)


def _texts(part: Any, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of a questionnaire with the way to it."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            value = getattr(part, name)
            if name in _TEXTS and isinstance(value, dict) and value:
                yield f"{path}.{name}", value
            elif name == "points" and isinstance(value, dict):
                yield from ((f"{path}.{point}", texts) for point, texts in value.items())
            else:
                yield from _texts(value, f"{path}.{name}")
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _texts(value, f"{path}.{key}")
    elif isinstance(part, tuple | list):
        for number, value in enumerate(part):
            yield from _texts(value, f"{path}.{getattr(value, 'id', number)}")


def test_has_no_problem(questionnaire: Questionnaire) -> None:
    codes = [problem.code for problem in questionnaire.problems]
    assert codes == (["basis.none"] if questionnaire.id in WITHOUT_BASIS else [])


def test_every_text_is_there_in_every_language(questionnaire: Questionnaire) -> None:
    assert questionnaire.languages == LANGUAGES
    texts = list(_texts(questionnaire, questionnaire.id))
    assert len(texts) > 20
    gaps = [
        f"{path}: {language}"
        for path, text in texts
        for language in LANGUAGES
        if not text.get(language, "").strip()
    ]
    assert gaps == []


def test_texts_are_tidy_and_languages_are_not_mixed_up(questionnaire: Questionnaire) -> None:
    untidy = []
    for path, text in _texts(questionnaire, questionnaire.id):
        for language, words in text.items():
            cyrillic = any("а" <= letter <= "я" for letter in words.casefold())
            letters = any(letter.isalpha() for letter in words)
            latin_name = words in ("E-mail", "SMS", "CRM", "ERP")
            if words != " ".join(words.split()):
                untidy.append(f"{path}: blanks in {words!r}")
            if letters and not latin_name and cyrillic != (language == "ru"):
                untidy.append(f"{path}: {words!r} is not {language}")
            if any(letter in "ąćęłńśźż" for letter in words.casefold()) and language != "pl":
                untidy.append(f"{path}: {words!r} is not {language}")
    assert untidy == []


def test_options_and_items_differ_within_their_question(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions:
        for language in LANGUAGES:
            parts = getattr(question, "options", ()) or getattr(question, "items", ())
            texts = [part.text[language].casefold() for part in parts if part.text]
            assert len(texts) == len(set(texts)), (question.id, language, texts)


def test_names_of_people_are_short(questionnaire: Questionnaire) -> None:
    shorts = [
        words
        for path, text in _texts(questionnaire, questionnaire.id)
        if path.endswith(".short")
        for words in text.values()
    ]
    assert all(1 <= len(words.split()) <= 4 for words in shorts), shorts


def test_is_simulated_written_and_read_back_without_an_error(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    simulated = simulate(questionnaire, 120, seed=11, k=3)
    for headers, cells, language in (("id", "code", None), ("text", "label", "pl")):
        path = tmp_path / f"{headers}.xlsx"
        write(simulated, questionnaire, path, headers=headers, cells=cells, language=language)
        read = Responses.read(path, questionnaire, language=language)
        errors = [str(p) for p in read.problems if p.severity is Severity.ERROR]
        assert errors == []
        assert read.unmatched == ()
        assert len(read.frame) == 120
        asked = {v.id for v in questionnaire.variables if not (v.derived or v.optional)}
        empty = [name for name in asked if read.frame[name].isna().all()]
        assert [name for name in empty if name not in ("weight", "respondent")] == []


def test_customer_assessment_covers_all_blocks_with_bases_on_expectations() -> None:
    questionnaire = Questionnaire.load("customer_b2c")
    assert {section.block for section in questionnaire.sections} == {
        "who",
        "expects",
        "behaves",
        "value",
    }
    bases = [question for question in questionnaire.questions if question.role == "basis"]
    assert [question.id for question in bases] == ["needs", "attitudes"]
    items = questionnaire.variables_of("attitudes")
    assert len(items) == 16
    assert sum(item.reverse for item in items) == 4
    # names for segments reach the columns that segments are told apart by
    assert questionnaire.variable("price_compare").short["en"] == "Price comparers"
    assert questionnaire.variable("buying_channels_4").short["pl"] == "Abonenci"
    decision = questionnaire.variable("decision")
    chosen = {category.code: category.short for category in decision.categories}
    assert chosen[2]["nl"] == "Gewoontedieren"
