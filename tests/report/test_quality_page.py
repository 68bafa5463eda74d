"""The data-quality page says in words what was checked, left out, joined, weighted and missing."""

from __future__ import annotations

from types import ModuleType

import pytest

from persona.report.locale import load
from persona.report.model import (
    ExclusionChange,
    MissingCount,
    MissingPattern,
    PersonalColumn,
    Quality,
    QualityFlag,
    RecordsSummary,
    TargetRow,
    WeightSummary,
)
from persona.report.sections import quality
from persona.report.sections.base import Context
from persona.report.sections.grid import Grid
from persona.report.theme import load as theme

SEX = {"en": "Sex", "pl": "Płeć"}
FOUND = Quality(
    rows=60,
    used=58,
    exclusions=(("careless answers", 2),),
    missing=(
        MissingCount("sex", SEX, 50, refused=3, empty=5),
        MissingCount("age", {"en": "Age"}, 40, not_asked=10, dont_know=8),
        MissingCount("w", {"en": "W"}, 58),
    ),
    platform="qualtrics",
    flags=(
        QualityFlag("speeder", "answered in under 40% of the median time", 3, 0.4),
        QualityFlag("gibberish", "typed words at random", 1),
    ),
    not_checked=(("attention", "the questionnaire declares no attention check"),),
    flagged=4,
    proposed=2,
    excluded_by="proposed",
    changes=(ExclusionChange("sex", 1, 40.0, 42.5, 0.05, SEX, {"en": "Woman", "pl": "Kobieta"}),),
    personal=(PersonalColumn("C", "e-mail addresses", 7, "contact"),),
    records=(RecordsSummary("crm.xlsx", {"age": "years"}, 50, 8, 3),),
    missing_histogram=((0.0, 0.1, 50), (0.1, 0.2, 8)),
    missing_patterns=(
        MissingPattern((), 40, 40 / 58),
        MissingPattern(("sex", "age", "a", "b"), 18, 18 / 58, (SEX, {"en": "Age"}, {}, {})),
    ),
)
WEIGHTS = WeightSummary(
    True,
    58,
    "weight",
    raked=True,
    converged=True,
    iterations=4,
    targets=(
        TargetRow("sex", "1", 0.48, 0.4, 0.48, 20, (SEX,), ({"en": "Woman", "pl": "Kobieta"},)),
        TargetRow("sex", "(no answer)", 0.1, 0.1, 0.1, 5, (SEX,), ({"": "(no answer)"},)),
    ),
)


def view(made_up: ModuleType, language: str, **changes: object) -> quality.QualityView:
    parts = {"quality": FOUND, "weights": WEIGHTS, **changes}
    return quality.build(Context(made_up.study_report(**parts), load(language), theme()))


def cells(grids: tuple[Grid, ...]) -> dict[str, list[tuple[str, ...]]]:
    return {grid.title: [(row.head, *row.cells) for row in grid.rows] for grid in grids}


def test_checks_exclusions_and_reasons_in_polish(made_up: ModuleType) -> None:
    found = view(made_up, "pl")
    shown = cells(found.care)
    assert shown["Staranność odpowiedzi"] == [
        ("Szybkość", "Czas odpowiedzi poniżej 40% mediany", "3"),
        ("Przypadkowe znaki", "Przypadkowe ciągi znaków zamiast słów", "1"),
    ]
    assert shown["Co pominięcie zmienia najbardziej"] == [
        ("Płeć: Kobieta", "40,00", "42,50", "0,05")
    ]
    assert shown["Czego nie można było sprawdzić"] == [
        ("Sprawdzanie uwagi", "kwestionariusz nie ma pytania sprawdzającego uwagę")
    ]
    assert found.exclusions[0].name == "niestaranne odpowiedzi"
    assert found.proposal[1].endswith("pominąć 2 respondentów.")


def test_records_personal_data_and_targets(made_up: ModuleType) -> None:
    found = view(made_up, "en")
    shown = cells(found.sources)
    assert shown["Customer records"] == [("crm.xlsx", "50", "8", "3", "Age ← years")]
    assert shown["Personal data, kept out of this report"] == [
        ("C (contact)", "e-mail addresses", "7")
    ]
    assert found.targets is not None
    assert [(row.head, *row.cells) for row in found.targets.rows] == [
        ("Sex: Woman", "20", "40.0%", "48.0%", "48.0%"),
        ("Sex: (no answer)", "5", "10.0%", "10.0%", "10.0%"),
    ]
    assert found.raking == ("All targets are met after 4 rounds.",)


def test_pictures_of_missing_answers_say_their_figures(made_up: ModuleType) -> None:
    found = view(made_up, "en")
    respondents, questions = (chart for chart, _ in found.pictures)
    assert "0–10%: 50 respondents" in respondents.alt
    assert questions.alt == "Age: answered 69%; Sex: answered 86%"
    assert "Sex: left unanswered 13.8%" in questions.tips.values()
    assert found.patterns is not None
    assert [row.head for row in found.patterns.rows] == [
        "none: every question shown was answered",
        "Sex; Age; a and 1 other",
    ]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"converged": False}, "After 4 rounds the targets are not all met."),
        ({"trimmed": 2}, "2 weights were cut to the limits"),
    ],
)
def test_targets_that_are_missed_are_said(
    made_up: ModuleType, weights: dict[str, object], said: str
) -> None:
    from dataclasses import replace

    found = view(made_up, "en", weights=replace(WEIGHTS, **weights))
    assert any(line.startswith(said) for line in found.raking)


def test_nothing_is_shown_of_what_was_not_done(made_up: ModuleType) -> None:
    found = view(made_up, "en", quality=Quality(rows=5, used=5), weights=WeightSummary(False, 5))
    assert (found.care, found.sources, found.pictures, found.proposal) == ((), (), (), ())
    assert found.targets is None and found.patterns is None


def test_paper_lists_the_columns_with_most_missing_and_says_where_the_others_are(
    made_up: ModuleType,
) -> None:
    from persona.report.html import sections

    missing = tuple(MissingCount(f"q{i}", {"en": f"Q{i}"}, 58 - i, empty=i) for i in range(1, 41))
    long = Quality(rows=58, used=58, missing=missing)
    context = Context(made_up.study_report(quality=long), load("en"), theme())
    pages = {
        medium: next(one.html for one in sections(context.on(medium)) if one.id == "quality")
        for medium in ("screen", "print")
    }
    said = "25 further columns have fewer missing answers (at least 57% answered)"
    assert pages["screen"].count('<th scope="row">Q') == 40 and said not in pages["screen"]
    assert pages["print"].count('<th scope="row">Q') == 15 and said in pages["print"]
    assert '<th scope="row">Q40' in pages["print"] and '<th scope="row">Q25' not in pages["print"]
    assert view(made_up, "ru", quality=long).rest.startswith("ещё 25 столбцов")
    assert view(made_up, "en").rest == ""
