"""The chapter on placing new people: words, figures and chart in every language."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from types import ModuleType

import pytest

from persona.report import locale, theme
from persona.report.charts.canvas import as_png
from persona.report.sections import SECTIONS, Context
from persona.report.sections.typing_questions import TypingView, build
from persona.report.templates import render
from persona.typing_tool import PoolCost, TypingTool

LANGUAGES = ("en", "pl", "ru", "nl")


def context(made_up: ModuleType, tool: TypingTool, language: str = "en") -> Context:
    return Context(made_up.report(tool), locale.load(language), theme.load(None))


@pytest.fixture
def tool(made_up: ModuleType) -> TypingTool:
    made: TypingTool = made_up.random_tool(3, segments=4, questions=6, languages=LANGUAGES)
    return made


def view_of(made_up: ModuleType, tool: TypingTool, language: str = "en") -> TypingView:
    view = build(context(made_up, tool, language))
    assert view is not None
    return view


def test_nothing_to_show_without_a_tool(made_up: ModuleType, tool: TypingTool) -> None:
    empty = replace(made_up.report(tool), typing=None)
    assert build(Context(empty, locale.load("en"), theme.load(None))) is None


def test_the_chapter_says_what_the_evidence_holds(made_up: ModuleType, tool: TypingTool) -> None:
    view, evidence = view_of(made_up, tool), tool.evidence
    say = locale.load("en")
    assert view.lead.startswith(f"6 questions place {say.share(evidence.accuracy)} of people")
    assert say.share(evidence.chance) in view.lead
    assert [row.head[:3] for row in view.questions.rows] == [f"{n}. " for n in range(1, 7)]
    first = tool.golden.questions[0]
    asked = f"1. {first.question_text['en']} – {first.text['en']}"
    assert view.questions.rows[0].head == asked
    assert view.questions.rows[2].cells[1] == say.share(evidence.curve[2].accuracy)
    recalls = [row.cells[1] for row in view.segments.rows]
    assert recalls == [say.share(part.recall) for part in evidence.segments]
    for row, cells in zip(view.confusion.rows, evidence.confusion, strict=True):
        assert row.cells == tuple(say.share(cell / sum(cells)) for cell in cells)
    assert len(view.costs.rows) == len(evidence.costs)
    assert say.share(evidence.uncertain) in view.uncertain[0]


def test_answers_of_every_kind(made_up: ModuleType, tool: TypingTool) -> None:
    cells = [row.cells[0] for row in view_of(made_up, tool).questions.rows]
    assert " … " in cells[0] and " / " in cells[3] and cells[4] == "a number EUR"


def test_the_curve_is_read_by_pointer_and_by_words(made_up: ModuleType, tool: TypingTool) -> None:
    given = context(made_up, tool)
    view = build(given)
    assert view is not None and view.curve.name == "typing-accuracy"
    assert len(view.curve.tips) == len(tool.evidence.curve) == view.curve.svg.count('class="mark"')
    assert all(tip in view.curve.alt for tip in view.curve.tips.values())
    assert "guessing by size" in view.curve.alt and "guessing by size" in view.curve.svg
    assert as_png(view.curve, given.theme)[:4] == b"\x89PNG"


def test_words_of_levels_do_not_run_into_one_another(made_up: ModuleType, tool: TypingTool) -> None:
    near = replace(tool.evidence, chance=0.26, largest=0.27)
    view = view_of(made_up, replace(tool, evidence=near, complete_evidence=near))
    heights = [
        float(found)
        for found in re.findall(r'y="([\d.]+)" style="font-size: 10\.67', view.curve.svg)
    ]
    assert len(heights) >= 3
    apart = sorted(heights)
    assert min(b - a for a, b in itertools.pairwise(apart)) > 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_chapter(
    made_up: ModuleType, tool: TypingTool, language: str
) -> None:
    tool = replace(
        tool,
        golden=replace(tool.golden, max_missing=1),
        evidence=replace(
            tool.evidence,
            forced_in=(tool.golden.variables[0],),
            forced_out=("nothing",),
            costs=tuple(
                PoolCost(kind, 6, 0.8, 0.7)
                for kind in ("free", "forced", "named", "records", "all", "complete")
            ),
        ),
    )
    given = context(made_up, tool, language)
    data = SECTIONS["typing"].data(given)
    html = render(
        "sections/typing.html", given.language, None, data=data, medium="screen", theme=given.theme
    )
    assert "{" not in re.sub(r"<style.*?</style>|<svg.*?</svg>", "", html, flags=re.S)
    text = " ".join(str(part) for part in (build(given),))
    assert ("Placing new people" in given.language.gettext("Placing new people")) == (
        language == "en"
    )
    for word in ("[en]", "[pl]"):
        assert word not in text
    assert tool.golden.questions[0].text[language] in text


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [("pl", 1, "1 pytanie "), ("pl", 3, "3 pytania "), ("pl", 12, "12 pytań "),
     ("ru", 1, "1 вопрос "), ("ru", 4, "4 вопроса "), ("ru", 12, "12 вопросов "),
     ("nl", 1, "1 vraag "), ("nl", 5, "5 vragen "), ("en", 1, "1 question ")],
)  # fmt: skip
def test_numbers_of_questions_are_counted_as_the_language_does(
    made_up: ModuleType, language: str, count: int, expected: str
) -> None:
    tool = made_up.random_tool(5, segments=3, questions=count, languages=LANGUAGES)
    assert view_of(made_up, tool, language).lead.startswith(expected)


def test_nobody_placed_in_a_segment_and_nobody_uncertain(
    made_up: ModuleType, tool: TypingTool
) -> None:
    first = replace(tool.evidence.segments[0], precision=None, recall=0.0)
    evidence = replace(
        tool.evidence,
        segments=(first, *tool.evidence.segments[1:]),
        right_uncertain=None,
        uncertain=0.0,
    )
    view = view_of(made_up, replace(tool, evidence=evidence))
    assert view.segments.rows[0].cells[2] == "–" and len(view.uncertain) == 1
