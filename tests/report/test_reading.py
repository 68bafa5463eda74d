"""What a reader meets: the question beside an answer, figures kept whole, no keys for machines."""

from __future__ import annotations

import re
from types import ModuleType

from persona.report import locale, theme
from persona.report.html import index_html
from persona.report.sections import Context
from persona.report.sections.method import build
from persona.report.sections.personas import view


def test_the_method_lists_inputs_and_options_but_no_centres(made_up: ModuleType) -> None:
    manifest = {"seed": 7, "options": {"k": 4}, "segments": {"centres": {"1": {"a": 0.123456}}}}
    report = made_up.study_report(manifest=manifest, languages=("en",))
    shown = build(Context(report, locale.load("en"), theme.load()))
    assert [(line.name, line.figure) for line in shown.manifest] == [
        ("seed", "7"),
        ("options.k", "4"),
    ]


def test_the_question_stands_beside_an_answer_that_does_not_say_it(made_up: ModuleType) -> None:
    report = made_up.study_report(languages=("en",))
    context = Context(report, locale.load("en"), theme.load())
    said = [one for found in context.said.values() for one in found]
    silent = {one.question for one in said if one.question not in one.sentence}
    page = index_html([context])
    asked = set(re.findall(r'<p class="asked">([^<]+)</p>', page))
    assert silent and asked <= silent and len(asked) > 2


def test_an_index_in_brackets_stays_on_one_line(made_up: ModuleType) -> None:
    report = made_up.study_report(languages=("en",))
    context = Context(report, locale.load("en"), theme.load())
    figures = [line.figure for line in view(report.personas[0], context).values]
    assert any(re.search(r"\(index\xa0\d+\)", figure) for figure in figures)
