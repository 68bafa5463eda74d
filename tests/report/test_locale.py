"""Languages: catalogues complete, plural and figures as each language writes them."""

from __future__ import annotations

import datetime as dt
import string
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

from persona import resources
from persona.errors import Listed, OutputError, error, warning
from persona.report import locale

LANGUAGES = ("en", "nl", "pl", "ru")


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def _catalogue(language: str, name: str) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    path = resources.root("reports") / "locale" / language / name
    found: dict[str, tuple[str | None, tuple[str, ...]]] = {}
    with path.open("rb") as stream:
        for message in read_po(stream):
            if not message.id:
                continue
            several = isinstance(message.id, tuple)
            key, plural = message.id if several else (message.id, None)
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            found[key] = (plural, tuple(texts))
    return found


def test_languages_shipped() -> None:
    assert locale.available() == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_missing_and_none_is_unused(language: str, messages: ModuleType) -> None:
    used = messages.of_report()
    known = {key: plural for key, (plural, _) in _catalogue(language, "report.po").items()}
    assert set(used) - set(known) == set(), "sentences without a translation"
    assert set(known) - set(used) == set(), "translations that nothing asks for"
    assert {key: plural for key, plural in used.items() if plural} == {
        key: plural for key, plural in known.items() if plural
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["report.po", "problems.po"])
def test_translations_are_filled_and_keep_their_fields(language: str, name: str) -> None:
    forms = len(locale.load(language).locale.plural_form.tags | {"other"})
    for key, (plural, texts) in _catalogue(language, name).items():
        assert all(texts), key
        assert len(texts) == (forms if plural else 1), key
        if plural is None:
            assert _fields(texts[0]) == _fields(key), key
        else:
            for text in texts:
                assert _fields(text) <= _fields(plural) | _fields(key), key
                assert ("n" in _fields(text)) == ("n" in _fields(plural)), key


def test_problems_have_the_same_sentences_in_every_language() -> None:
    english = set(_catalogue("en", "problems.po"))
    for language in LANGUAGES:
        assert set(_catalogue(language, "problems.po")) == english


def test_problem_sentences_and_remedies_exist_in_the_code(messages: ModuleType) -> None:
    assert set(_catalogue("en", "problems.po")) - messages.constants() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_to_be_done_has_a_translation(language: str, messages: ModuleType) -> None:
    asked = messages.of_remedies()
    assert len(asked) > 150
    assert asked - set(_catalogue(language, "problems.po")) == set()


@pytest.mark.parametrize("language", ["nl", "pl", "ru"])
def test_other_languages_say_something_else(language: str) -> None:
    alike = {key for key, (_, texts) in _catalogue(language, "problems.po").items() if key in texts}
    assert alike <= {"{name}: {what}."}


def test_remedies_are_filled_as_the_language_writes() -> None:
    near = warning(
        "study.no_file_yet",
        "The file with the {what} is not there yet.",
        remedy="Did you mean {near!r}?",
        values={"what": "mapping", "near": "columns.yaml"},
    )
    assert locale.load("pl").remedy(near) == "Czy chodziło o 'columns.yaml'?"
    assert near.remedy_text == "Did you mean 'columns.yaml'?"
    assert str(near).endswith("to do: Did you mean 'columns.yaml'?")
    written = warning(
        "mapping.written",
        "A mapping to fill in was written: {file}.",
        remedy="Write ids of questions in place of null, and name the file in the study: "
        "answers: {mapping: {file}}",
        values={"file": "map.yaml"},
    )
    assert locale.load("nl").remedy(written).endswith("answers: {mapping: map.yaml}")
    assert locale.load("ru").remedy(warning("study.fine", "Nothing is to be done.")) == ""


def test_figures_in_lists_are_written_as_the_language_does() -> None:
    problem = warning(
        "factors.twice",
        "{count} items belong to more than one factor; second loadings: {items}.",
        values={"count": 2, "items": Listed(choice=0.5441, novelty=-0.378)},
    )
    assert problem.message.endswith("second loadings: choice 0.544, novelty -0.378.")
    assert locale.load("pl").problem(problem).endswith("choice 0,544, novelty −0,378.")


def test_what_somebody_typed_is_not_translated() -> None:
    typed = error(
        "answer.unknown",
        "The answer {answer!r} is not one of the answers of {question}.",
        values={"answer": "no answers", "question": "sex"},
    )
    assert locale.load("nl").problem(typed) == (
        "Het antwoord 'no answers' hoort niet bij de antwoorden op sex."
    )


def test_a_reason_is_told_in_the_language_too() -> None:
    reason = error("items.few", "{found} usable items are too few.", values={"found": 2})
    problem = warning(
        "map.none", "There is no correspondence map: {reason}", values={"reason": reason}
    )
    assert problem.message == "There is no correspondence map: 2 usable items are too few."
    assert locale.load("pl").problem(problem) == (
        "Nie ma mapy korespondencji: Za mało pozycji, których można użyć: 2."
    )


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", {0: "0 respondents", 1: "1 respondent", 2: "2 respondents", 1.5: "1.5 respondents"}),
        (
            "pl",
            {
                0: "0 respondentów",
                1: "1 respondent",
                2: "2 respondentów",
                5: "5 respondentów",
                21: "21 respondentów",
                22: "22 respondentów",
                1.5: "1,5 respondenta",
            },
        ),
        (
            "ru",
            {
                0: "0 респондентов",
                1: "1 респондент",
                2: "2 респондента",
                5: "5 респондентов",
                21: "21 респондент",
                1.5: "1,5 респондента",
            },
        ),
        ("nl", {0: "0 respondenten", 1: "1 respondent", 21: "21 respondenten"}),
    ],
)
def test_plural_forms(language: str, forms: dict[float, str]) -> None:
    spoken = locale.load(language)
    for n, text in forms.items():
        shown = spoken.number(n, 0 if float(n).is_integer() else 1)
        assert spoken.ngettext("{n} respondent", "{n} respondents", n, n=shown) == text


@pytest.mark.parametrize(
    ("language", "number", "percent", "date"),
    [
        ("en", "1,234.5", "62%", "March 31, 2026"),
        ("pl", "1\xa0234,5", "62%", "31 marca 2026"),
        ("ru", "1\xa0234,5", "62\xa0%", "31 марта 2026\u202fг."),
        ("nl", "1.234,5", "62%", "31 maart 2026"),
    ],
)
def test_numbers_and_dates(language: str, number: str, percent: str, date: str) -> None:
    spoken = locale.load(language)
    assert spoken.number(1234.5, 1) == number
    assert spoken.percent(62.4) == percent
    assert spoken.date(dt.date(2026, 3, 31)).replace("\xa0", "\u202f") == date


def test_nothing_is_a_dash_and_never_nan() -> None:
    english = locale.load("en")
    for write in (english.number, english.percent, english.share, english.p_value):
        assert write(None) == "–"
        assert write(float("nan")) == "–"
    assert english.number(-0.0001, 2) == "0.00"
    assert english.number(-1.5, 1) == "−1.5"


def test_formats_in_messages_follow_the_language() -> None:
    polish = locale.load("pl")
    problem = warning(
        "segment.unstable",
        "Segment {segment} is not found again reliably (Jaccard {jaccard:.2f}, below {least}); do "
        "not build on it (Hennig 2007).",
        values={"segment": 4, "jaccard": 0.551, "least": 0.6},
    )
    assert polish.problem(problem).startswith(
        "Segment 4 nie jest pewnie odnajdywany (Jaccard 0,55, poniżej 0,6)"
    )


def test_a_missing_key_falls_back_to_english() -> None:
    assert locale.load("pl").gettext("No such sentence {x}.", x=1) == "No such sentence 1."


def test_texts_fall_back_visibly() -> None:
    assert locale.load("ru").text({"en": "Sex", "pl": "Płeć"}) == "Sex [en]"
    assert locale.load("ru").text({"ru": "Пол"}) == "Пол"
    assert locale.load("ru").text({}) == ""


def test_a_language_without_a_catalogue_is_named() -> None:
    with pytest.raises(OutputError) as caught:
        locale.load("xx")
    assert caught.value.problems[0].allowed == "en, nl, pl, ru"


def test_every_warning_and_note_of_the_package_has_a_translation(messages: ModuleType) -> None:
    rooms = [path.name for path in messages.PACKAGE.iterdir() if (path / "__init__.py").is_file()]
    assert {"analysis", "profiling", "questionnaire", "responses", "segmentation"} <= set(rooms)
    asked = messages.of_problems(*rooms, severities=frozenset({"warning", "note"}))
    assert len(asked) > 100
    for language in LANGUAGES:
        assert asked - set(_catalogue(language, "problems.po")) == set()
