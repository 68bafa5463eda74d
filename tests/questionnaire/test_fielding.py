"""Paper, and every way of fielding a questionnaire by its name and ending."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from persona.errors import OutputError
from persona.questionnaire import Questionnaire
from persona.questionnaire.formats.fielding import BY_SUFFIX, LAYOUTS, write_fielding
from persona.questionnaire.formats.print_views import section_views
from persona.questionnaire.formats.printing import questionnaire_html
from persona.resources import names

HARMFUL = """
id: q
title: "<script>alert(1)</script>"
sections:
  - id: s
    block: who
    questions:
      - {id: age, type: number, kind: demographic, text: "{{ 7*7 }} <b>age</b>", unit: years}
      - {id: sex, type: single, kind: demographic, text: Sex, shown_if: age >= 18,
         options: [{code: 1, text: "<i>F</i>"}, {code: 2, text: M, other: true}]}
      - {id: why, type: text, kind: verbatim, text: Why, shown_if: sex = 2 or not answered(age)}
      - {id: w, type: number, kind: weight}
"""


@pytest.mark.parametrize("name", names("questionnaires", ".yaml"))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_question_is_on_paper(name: str, language: str) -> None:
    questionnaire = Questionnaire.load(name)
    page = questionnaire_html(questionnaire, language)
    asked = [q for q in questionnaire.questions if q.type != "derived" and q.kind != "weight"]
    assert page.count("<article") == len(asked)
    assert not re.search(r"(src|href)=[\"']?http", page)
    assert "url(http" not in page


def test_texts_are_shown_and_not_run() -> None:
    page = questionnaire_html(Questionnaire.from_yaml(HARMFUL))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }} &lt;b&gt;age&lt;/b&gt;" in page


def test_conditions_are_told_in_words_of_the_paper() -> None:
    (section,) = section_views(Questionnaire.from_yaml(HARMFUL), "en")
    assert [question.number for question in section.questions] == [1, 2, 3]
    assert section.questions[1].condition == "Asked if: [1] ≥ 18"
    assert section.questions[2].condition == "Asked if: [2] = “M” ∨ ¬ ([1] ✓)"
    assert section.questions[1].options[1].line
    assert section.questions[0].unit == "years"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_way_writes_a_file(tmp_path: Path, layout: str) -> None:
    questionnaire = Questionnaire.load("needs_benefits")
    suffixes = {"print": ".html", "limesurvey": ".txt", "surveyjs": ".json", "yaml": ".yaml"}
    path = tmp_path / f"q{suffixes.get(layout, '.xlsx')}"
    write_fielding(questionnaire, path, layout=layout, language="nl")
    assert path.stat().st_size > 2_000
    again = tmp_path / f"again{path.suffix}"
    write_fielding(questionnaire, again, layout=layout, language="nl")
    assert path.read_bytes() == again.read_bytes()


@pytest.mark.parametrize("suffix", BY_SUFFIX)
def test_the_ending_says_the_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"q{suffix}"
    write_fielding(Questionnaire.load("loyalty"), path)
    assert path.is_file()


def test_pdf_pages_hold_the_text(tmp_path: Path, pdftoppm: str) -> None:
    path = tmp_path / "q.pdf"
    write_fielding(Questionnaire.load("loyalty"), path, language="ru")
    assert path.read_bytes().startswith(b"%PDF")
    subprocess.run([pdftoppm, "-r", "20", "-png", str(path), str(tmp_path / "p")], check=True)
    assert list(tmp_path.glob("p*.png"))


@pytest.mark.parametrize(
    ("name", "keys", "message"),
    [
        ("q.docx", {}, "cannot hold"),
        ("q.json", {"layout": "card"}, "cannot hold"),
        ("q.xlsx", {"layout": "cards"}, "cannot hold"),
        ("q.xlsx", {"language": "de"}, "no language 'de'"),
    ],
)
def test_what_cannot_be_written_is_explained(
    tmp_path: Path, name: str, keys: dict[str, str], message: str
) -> None:
    with pytest.raises(OutputError, match=message) as trouble:
        write_fielding(Questionnaire.load("loyalty"), tmp_path / name, **keys)
    assert trouble.value.problems[0].allowed
    assert not (tmp_path / name).exists()
