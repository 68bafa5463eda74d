"""Value, tests, strategy and further bases on the page, in every language."""

from __future__ import annotations

import io
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pptx import Presentation

from persona.profiling.attractiveness import Criterion, attractiveness
from persona.profiling.opportunity import Opportunity, OpportunityCell
from persona.profiling.pareto import curve
from persona.profiling.scorecard import scorecards
from persona.profiling.worth import SegmentWorth, ValueAnalysis
from persona.report import locale, theme
from persona.report.data import customers_csv
from persona.report.deck import deck
from persona.report.sections import Context
from persona.report.sections.opportunities import build as opportunities
from persona.report.sections.questions import build as questions
from persona.report.sections.scorecard import build as scorecard
from persona.report.sections.value import build as value
from persona.report.targets import Recognition, Targeting, tenths


def _analysis(report: Any) -> ValueAnalysis:
    draw = np.random.default_rng(4)
    numbers = np.sort(draw.gamma(1.5, 200, 100))[::-1]
    points, best, gini = curve(numbers, np.ones(100))
    share = numbers / numbers.sum()
    customers = pd.DataFrame(
        {
            "segment": draw.integers(1, 5, 100),
            "value": numbers,
            "share": share,
            "cumulative": share.cumsum(),
            "rank": np.arange(1, 101),
        },
        index=["=1+1", *(f"r{i}" for i in range(99))],
    )
    segments = tuple(
        SegmentWorth(s.segment, s.share, s.value["spend"], None, None, None, 5 - s.segment, 0.2,
                     0.25, 100.0)
        for s in report.profile.segments
    )  # fmt: skip
    return ValueAnalysis(
        ("spend",), (), (), "revenue", segments, points, best, gini, (), customers, 100, 100.0
    )


def _targeting(report: Any) -> Targeting:
    worth = _analysis(report)
    segments = report.profile.segments
    criteria = (
        Criterion("size", {}, "segment", 1.0, {}, "size"),
        Criterion("fit", {"en": "Fit"}, "us", 1.0, {1: 3.0, 2: 7.0, 3: 5.0}),
    )
    weak = OpportunityCell(9.0, 3.0, 15.0, 13.0, 17.0, 90)
    met = OpportunityCell(4.0, 8.0, 4.0, 3.0, 5.0, 90)
    need = Opportunity("imp", "sat", {"en": "Fresh"}, met, (weak, met, met, met))
    recognition = Recognition({1: 0.9, 2: 0.8, 3: 0.6, 4: 0.95}, 0.83, 0.27, 12, 10, 900)
    cards = scorecards(
        report.profile,
        report.personas,
        worth,
        typing=recognition.found,
        typing_chance=recognition.chance,
        costs={1: 500.0},
    )
    return Targeting(
        value=worth,
        needs=(need,),
        recognition=recognition,
        scorecards=cards,
        criteria=criteria,
        points=attractiveness(criteria, segments, worth),
        costs={1: 500.0},
    )


@pytest.fixture(scope="module")
def context(made_up: ModuleType) -> Context:
    report = made_up.study_report()
    report = made_up.study_report(targeting=_targeting(report))
    return Context(report, locale.load("en"), theme.load(), "print")


def test_the_value_page_has_shares_with_intervals_and_the_curve(context: Context) -> None:
    page = value(context)
    assert page is not None and page.tenths is not None
    first = page.shares.rows[0]
    assert first.letter == "A" and first.cells[1] == "34.7%"
    assert "(" in first.cells[2]
    assert "Pareto curve" in page.curve.alt and "data-tip" in page.curve.svg
    assert page.means.rows[0].cells[-2] == "−88"
    assert len(page.tenths.rows) == 10 and page.tenths.rows[-1].cells[-1] == "100.0%"


def test_tests_pass_or_fail_with_their_numbers(context: Context) -> None:
    page = scorecard(context)
    assert page is not None
    lines = {line.name: line.cells for line in page.lines}
    assert (lines["Recognisable"][2].outcome, lines["Recognisable"][2].figure) == ("fail", "60%")
    assert lines["Recognisable"][0].limit == "≥ 70%"
    assert lines["Valuable enough"][0].figure == "−88"
    assert lines["Stable"][3].outcome == "fail"
    # the fourth segment has no score for fit
    assert page.plot is not None and page.plot.svg.count('class="mark"') == 3
    assert "Criteria" in page.criteria_note


def test_underserved_needs_are_marked(context: Context) -> None:
    page = opportunities(context)
    assert page is not None
    assert page.scores.rows[0].cells[:2] == ("4.0 (3.0–5.0)", "▲ 15.0 (13.0–17.0)")
    assert "Fresh" in page.lead and "Price first, online" in page.lead
    assert len(page.pictures) == 5


def test_without_targeting_there_is_no_page(made_up: ModuleType) -> None:
    bare = Context(made_up.study_report(), locale.load("en"), theme.load(), "print")
    assert [build(bare) for build in (value, opportunities, scorecard, questions)] == [None] * 4


def test_respondents_ranked_are_no_formulas(context: Context) -> None:
    targeting = context.report.targeting
    assert targeting is not None and targeting.value is not None
    lines = customers_csv(targeting.value).decode().splitlines()
    assert lines[0] == "rank,respondent,segment,revenue,share,cumulative"
    assert lines[1].startswith("1,'=1+1,")
    assert sum(one.customers for one in tenths(targeting.value)) == 100


@pytest.mark.parametrize("language", ["pl", "ru", "nl"])
def test_pages_speak_the_language(context: Context, language: str) -> None:
    spoken = replace(context, language=locale.load(language), charts={}, built={})
    page = value(spoken)
    assert page is not None and "Revenue" not in str(page.shares.heads)
    card = scorecard(spoken)
    assert card is not None and "Recognisable" not in [line.name for line in card.lines]


def test_slides_show_value_and_the_tests_of_the_segments(made_up: ModuleType) -> None:
    report = made_up.study_report()
    report = replace(report, targeting=_targeting(report))
    show = Presentation(io.BytesIO(deck(Context(report, locale.load("en"), theme.load()))))
    slides = {slide.shapes.title.text_frame.text: slide for slide in show.slides}  # type: ignore[union-attr]
    charts = [shape.chart for shape in slides["Value"].shapes if shape.has_chart]
    people, worth = (series.values for series in charts[0].plots[0].series)
    sizes = report.profile.segments
    assert list(people) == pytest.approx([size.share for size in sizes])
    assert list(worth) == pytest.approx([size.value["spend"].share for size in sizes])
    assert len(list(charts[1].plots[0].series[0].values)) == 101
    bubbles = [shape.chart for shape in slides["Attractiveness"].shapes if shape.has_chart]
    assert len(bubbles[0].plots[0].series) == 3, "the fourth has no score"
    tables = [shape.table for shape in slides["Worth addressing?"].shapes if shape.has_table]
    cells = [[cell.text for cell in row.cells] for row in tables[0].rows]
    assert cells[0][0] == "Test" and len(cells[0]) == 5
    recognisable = next(row for row in cells if row[0] == "Recognisable")
    assert recognisable[1] == "▲ pass 90% (≥ 70%)" and recognisable[3].startswith("▼ fail 60%")
    assert cells[-1][0] == "Sum" and "out" in cells[-1][1]
    described = [
        shape._element.nvGraphicFramePr.cNvPr.get("descr")
        for slide in slides.values()
        for shape in slide.shapes
        if shape.has_chart
    ]
    assert all(described)


def test_no_slide_on_value_without_value(made_up: ModuleType) -> None:
    show = Presentation(
        io.BytesIO(deck(Context(made_up.study_report(), locale.load("en"), theme.load())))
    )
    titles = {slide.shapes.title.text_frame.text for slide in show.slides}  # type: ignore[union-attr]
    assert not titles & {"Value", "Worth addressing?", "Attractiveness"}
