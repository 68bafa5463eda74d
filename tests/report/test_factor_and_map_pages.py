"""Pages of factors and maps: sentences, pictures at any length, rules, fit and reliability."""

from __future__ import annotations

import re
from dataclasses import replace
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from persona.analysis.factors import factor_analysis
from persona.analysis.multiple_correspondence import multiple_correspondence_analysis
from persona.report import locale, theme
from persona.report.html import index_html
from persona.report.model import FactorSection, MapSection, StudyReport
from persona.report.pdf import report_pdf
from persona.report.sections import SECTIONS, Context
from persona.report.sections.factor_figures import heat_maps, ordered, paths, pieces, scree
from persona.report.sections.maps import axis_sentences, biplot, build, map_chart

THEME = theme.load()


def context_of(report: StudyReport, language: str = "en") -> Context:
    return Context(report, locale.load(language), THEME)


def battery(items: int, seed: int = 4) -> FactorSection:
    """A real solution of made-up answers: a factor of every ten items or fewer."""
    draw = np.random.default_rng(seed)
    factors = max(items // 10, 1)
    scores = draw.normal(size=(400, factors))
    answers = pd.DataFrame(
        {
            f"i{place}": scores[:, place % factors] * 0.9 + draw.normal(size=400)
            for place in range(items)
        }
    )
    solution = factor_analysis(answers, n_factors=factors, seed=1, draws=30)
    texts = {
        f"i{place}": {"en": f"What is said in item number {place} of the battery"}
        for place in range(items)
    }
    return FactorSection("many", {"en": "Many items"}, texts, solution)


def answers_map(made_up: ModuleType) -> tuple[StudyReport, MapSection]:
    """A map of answers whose first axis sets yes against no, with one rare answer."""
    report = made_up.study_report()
    labels = report.segmentation.labels
    draw = np.random.default_rng(2)
    kind = draw.permutation(np.arange(len(labels)) % 2)
    frame = pd.DataFrame(
        {
            f"q{place}": np.where(draw.random(len(labels)) < 0.85, kind, 1 - kind).astype(str)
            for place in range(4)
        },
        index=labels.index,
    )
    frame.iloc[:6, 0] = "rare"
    found = multiple_correspondence_analysis(frame, rare="passive")
    texts = {
        f"q{place}={code}": {"en": f"{word} {place}", "pl": f"{word} nr {place}"}
        for place in range(4)
        for code, word in (("0", "No"), ("1", "Yes"), ("rare", "Rarely"))
    }
    section = MapSection("answers", {"en": "Answers", "pl": "Odpowiedzi"}, found, texts)
    return replace(report, maps=(section,)), section


def test_an_axis_says_what_it_opposes_in_the_language_of_the_report(made_up: ModuleType) -> None:
    report, section = answers_map(made_up)
    first = axis_sentences(section, context_of(report))[0]
    found = re.fullmatch(r"Axis 1 \(\d+% of the differences\) sets (.+) against (.+)\.", first)
    assert found is not None
    sides = [set(re.findall(r"“(\w+) \d”", side)) for side in found.groups()]
    assert sorted(map(sorted, sides)) == [["No"], ["Yes"]]
    polish = axis_sentences(section, context_of(report, "pl"))[0]
    assert polish.startswith("Oś 1 (") and "przeciwstawia" in polish and "„Yes nr 3”" in polish
    assert len(axis_sentences(section, context_of(report))) == 1, "one axis holds more than chance"
    assert "Ось 1" in axis_sentences(section, context_of(report, "ru"))[0]
    assert "tegenover" in axis_sentences(section, context_of(report, "nl"))[0]


def test_answers_made_passive_are_named(made_up: ModuleType) -> None:
    report, section = answers_map(made_up)
    shown = build(context_of(report))
    assert shown is not None
    assert "“Rarely 0”" in shown.maps[0].passive
    assert "“Rarely 0”" in index_html([context_of(report)])
    assert section.map.passive


def test_segments_stand_on_a_map_of_answers_with_their_ellipses(made_up: ModuleType) -> None:
    report, section = answers_map(made_up)
    context = context_of(report)
    chart = map_chart(section, context)
    for segment in (1, 2, 3, 4):
        assert any(context.name(segment) in tip for tip in chart.tips.values())
    from persona.report.sections.map_points import placed_points

    spreads = [one.point.spread for one in placed_points(section, context) if one.point.strong]
    assert len(spreads) == 4
    assert all(spread is not None and spread[0] >= spread[1] > 0 for spread in spreads)


def test_points_are_faded_where_two_axes_show_them_badly(made_up: ModuleType) -> None:
    from persona.report.sections.map_points import groups, placed_points

    report = made_up.study_report()
    section, context = report.maps[0], context_of(report)
    found = groups(section, context)
    drawn = [
        (found[one.group].figures(one.place), one.point)
        for one in placed_points(section, context)
        if one.group is not None and not one.point.strong
    ]
    clear = [point for figures, point in drawn if (figures[4] or 0) >= 0.5]
    faint = [point for figures, point in drawn if (figures[4] or 0) < 0.2]
    assert clear and faint
    assert {point.opacity for point in clear} == {1.0}
    assert max(point.opacity for point in faint) < 0.75
    by_share = sorted(drawn, key=lambda one: max(one[0][2] or 0, one[0][3] or 0))
    sizes = [point.size for _, point in by_share]
    assert sizes == sorted(sizes) and sizes[-1] > sizes[0]


def test_arrows_of_the_biplot_are_as_long_as_they_contribute(made_up: ModuleType) -> None:
    from persona.report.sections.map_points import biplot_points, groups, label

    report = made_up.study_report()
    section, context = report.maps[0], context_of(report)
    arrows = [point for point in biplot_points(section, context) if point.arrow]
    contributions = {}
    for group in groups(section, context):
        for place, key in enumerate(group.coordinates.index):
            figures = group.figures(place)
            contributions[label(section, key, context)] = (figures[2] or 0, figures[3] or 0)
    ratios = [(point.x**2 + point.y**2) / sum(contributions[point.label]) for point in arrows]
    assert len(arrows) == 16
    np.testing.assert_allclose(ratios, ratios[0])
    assert biplot(section, context) is not None


def test_numbers_as_answers_are_led_by_their_question(made_up: ModuleType) -> None:
    from persona.report.sections.map_points import label

    report = made_up.study_report()
    question = report.profile.questions[0]
    section = replace(report.maps[0], labels={f"{question.question}=3": {"en": "3"}})
    text = label(section, f"{question.question}=3", context_of(report))
    assert text.endswith(": 3") and text[0] == question.text["en"][0]


@pytest.mark.parametrize("items", [1, 2, 24, 30, 31, 60, 61])
def test_pictures_of_factors_hold_all_items_and_fit_a_page(items: int) -> None:
    parts = pieces(list(range(items)))
    assert [item for part in parts for item in part] == list(range(items))
    assert max(len(part) for part in parts) <= 30
    assert max(len(part) for part in parts) - min(len(part) for part in parts) <= 1 + items // 30


@pytest.mark.parametrize("items", [3, 60])
def test_factor_pictures_are_readable_at_any_length(made_up: ModuleType, items: int) -> None:
    section = battery(items)
    context = context_of(made_up.study_report(factors=(section,)))
    charts = (*heat_maps(section, context), *paths(section, context))
    assert len(charts) == 2 * (2 if items == 60 else 1)
    for chart in charts:
        assert chart.size[1] <= 10.2, "a page of A4 holds it"
        assert chart.size[0] <= 7.6
        sizes = [float(found) for found in re.findall(r"font: (?:bold )?([\d.]+)px", chart.svg)]
        assert min(sizes, default=99.0) >= 7
    shown = "".join(chart.svg for chart in heat_maps(section, context))
    assert all(f"item number {place} " in shown for place in range(items))
    line = scree(section, context)
    assert line is not None and len(line.tips) == items


def test_rules_fit_and_reliability_stand_side_by_side(made_up: ModuleType) -> None:
    section = battery(20)
    context = context_of(made_up.study_report(factors=(section,)), "pl")
    page = SECTIONS["factors"].data(context)
    shown = page.batteries[0]  # type: ignore[union-attr, attr-defined]
    assert [rule.name for rule in shown.rules][:2] == [
        "Analiza równoległa",
        "Minimalna średnia korelacja cząstkowa (MAP)",
    ]
    assert len(shown.rules) == len(section.solution.suggestions) >= 5
    names = [line.name for line in shown.fit]
    assert names == ["Chi-kwadrat", "RMSEA", "TLI", "CFI", "RMSR", "BIC"]
    place = ordered(section)[0]
    item = section.solution.loadings.index[place]
    alpha = section.solution.reliability["F1"].items.loc[item, "alpha_if_dropped"]
    assert shown.rows[0].without == context.language.number(alpha, 2)
    assert all(figure != "–" for figure in shown.omega)


def test_a_factor_name_of_the_workbook_shows_everywhere(made_up: ModuleType) -> None:
    section = replace(made_up.study_report().factors[0], names={"F2": {"en": "Hates queues"}})
    report = made_up.study_report(factors=(section,), languages=("en",))
    context = context_of(report)
    page = SECTIONS["factors"].data(context)
    battery_shown = page.batteries[0]  # type: ignore[union-attr, attr-defined]
    assert battery_shown.factors[1] == "Hates queues"
    assert battery_shown.made_of[1].name == "Hates queues"
    assert "Hates queues" in heat_maps(section, context)[0].alt
    for chart in (*heat_maps(section, context), *paths(section, context)):
        assert "Hates" in chart.svg


def test_paper_lists_the_points_drawn_and_the_screen_all(made_up: ModuleType) -> None:
    draw = np.random.default_rng(1)
    from persona.analysis.correspondence import correspondence_analysis

    table = pd.DataFrame(
        draw.poisson(20, (4, 50)), index=list("1234"), columns=[f"a{i}" for i in range(50)]
    )
    texts = {f"a{i}": {"en": f"Attribute <{i}>"} for i in range(50)}
    section = MapSection("segments", {"en": "Map"}, correspondence_analysis(table), texts)
    report = made_up.study_report(maps=(section,), factors=(), languages=("en",))
    context = context_of(report)
    screen = index_html([context])
    assert len(set(re.findall(r'row">Attribute &lt;(\d+)&gt;', screen))) == 50
    assert report_pdf(context).startswith(b"%PDF")
    from persona.report.html import sections

    paper = next(one for one in sections(context.on("print")) if one.id == "maps").html
    assert len(set(re.findall(r'row">Attribute &lt;(\d+)&gt;', paper))) == 30
