"""The evidence on segments: what is said, drawn and counted, in every language."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import persona
from persona.report import locale, theme
from persona.report.charts.segment_lineage import Flow, Node, lineage_picture
from persona.report.charts.segment_profile import ProfileCell, ProfileHead, ProfileRow
from persona.report.charts.segment_profile import profile_picture as paint_profile
from persona.report.charts.shapes import Mark, svg
from persona.report.data import results_json
from persona.report.html import index_html
from persona.report.model import StudyReport
from persona.report.sections import SECTIONS, Context
from persona.report.sections.segment_across import gain_chart, lineage_chart
from persona.report.sections.segment_checks import checks
from persona.report.sections.segment_members import band_shares, certainties, certainty_note
from persona.report.sections.segment_profile import profile_charts, scales
from persona.report.sections.segment_style import style_view
from persona.report.sections.segment_verdict import verdict_view
from persona.segmentation.verdict import Verdict, given, judge

THEME = theme.load()


def context_of(report: StudyReport, language: str = "en") -> Context:
    return Context(report, locale.load(language), THEME)


def with_segmentation(report: StudyReport, **changes: Any) -> StudyReport:
    """The report with parts of its segmentation replaced."""
    values = {**vars(report.segmentation), **changes}
    return replace(report, segmentation=type(report.segmentation)(**values))


def evidence(report: StudyReport, language: str = "en") -> Any:
    return SECTIONS["evidence"].data(context_of(report, language))


def test_the_verdict_comes_first_with_its_reasons(made_up: ModuleType) -> None:
    view = verdict_view(context_of(made_up.study_report()))
    assert view.word == "Reproducible segments"
    assert view.meaning.startswith("The segments are reproducible")
    assert [reason.met for reason in view.reasons] == [True, True, False, False]
    assert "0.21 a respondent" in view.reasons[0].text and "0.08" in view.reasons[0].text
    assert "0.86" in view.reasons[1].text
    assert "1.6 standard deviations" in view.reasons[2].text
    assert view.reasons[3].text.startswith("2 of 4 segments come back stably")
    assert view.reasons[3].text.endswith("not to be trusted: 1.")


@pytest.mark.parametrize(
    ("language", "word"), [("pl", "naturalne"), ("ru", "Естеств"), ("nl", "Nat")]
)
def test_each_verdict_has_words(made_up: ModuleType, language: str, word: str) -> None:
    report = made_up.study_report()
    null = report.segmentation.verdict.null
    natural = judge(null, 0.9, 3.0, 4, asked=False)
    view = verdict_view(context_of(with_segmentation(report, verdict=natural), language))
    assert word in view.word and view.tone == "good"
    nothing = judge(replace(null, gain=0.0), 0.9, 3.0, 4, asked=False)
    view = verdict_view(context_of(with_segmentation(report, verdict=nothing)))
    assert view.word == "No segments" and view.tone == "weak"
    assert not view.reasons[0].met


def test_segments_by_a_rule_have_a_verdict_and_no_evidence(made_up: ModuleType) -> None:
    report = with_segmentation(
        made_up.study_report(),
        verdict=given(),
        candidates=pd.DataFrame(),
        stability=type("S", (), {"ari": None, "segments": pd.DataFrame(), "pairs": None})(),
    )
    view = verdict_view(context_of(report))
    assert view.word == "Segments by a rule" and view.reasons == ()
    assert evidence(report) is None
    page = index_html([context_of(replace(report, languages=("en",)))])
    assert 'href="#evidence"' not in page


def test_markers_are_told_by_colour_and_sign(made_up: ModuleType) -> None:
    report = made_up.study_report()
    (chart,) = profile_charts(context_of(report))
    table = report.segmentation.evidence.markers
    assert len(chart.tips) == len(table) == 24
    assert f"markers: {int(table['marker'].sum())}" in chart.alt
    root = ElementTree.fromstring(chart.svg)
    marks = [one for one in root.iter() if one.get("data-tip")]
    arrows = [len(list(mark.iter("{http://www.w3.org/2000/svg}text"))) for mark in marks]
    assert sum(arrows) == int(table["marker"].sum()), "markers carry their figure"
    first = marks[0].get("data-tip") or ""
    assert re.fullmatch(r"Price first, online, “.+”: \d\.\d\d, all \d\.\d\d", first)


def rows(count: int, segments: int) -> list[ProfileRow]:
    draw = np.random.default_rng(2)
    return [
        ProfileRow(
            f"Statement number {i} of a long battery that says a good deal about the respondent",
            0.0,
            1.0,
            0.0,
            0.5,
            tuple(
                ProfileCell(
                    float(v), f"{v:.0%}", int(np.sign(round((v - 0.5) * 2))), f"{i} {v:.2f}"
                )
                for v in draw.random(segments)
            ),
        )
        for i in range(count)
    ]


@pytest.mark.parametrize(("count", "segments"), [(1, 2), (30, 8), (30, 14)])
def test_profiles_stay_inside_the_picture(count: int, segments: int) -> None:
    heads = [ProfileHead("A", "A name of some length", "12%", "#0b6fae")] * segments
    words = ("in the segment", "all respondents", "marker, more", "marker, less")
    picture = paint_profile(rows(count, segments), heads, words, THEME)
    assert picture.height <= 10.2 * 96, "a page of A4 holds it"
    for shape in picture.shapes:
        for one in shape.shapes if isinstance(shape, Mark) else ():
            for _, values in getattr(one, "steps", ()):
                assert all(-1 <= x <= picture.width + 1 for x in values[::2])
    ElementTree.fromstring(svg(picture))


def test_shares_scales_and_scores_have_a_scale_of_their_own() -> None:
    draw = np.random.default_rng(3)
    own = np.repeat([0, 1], 60)
    frame = pd.DataFrame(
        {
            "score": draw.normal(own * 3 - 1.5, 0.6),
            "agree": np.clip(np.round(draw.normal(2 + own * 2, 0.6)), 1, 5),
            "money": np.abs(draw.normal(100 + own * 90, 20)),
            "yes": (draw.random(120) < 0.1 + own * 0.8).astype(int),
        }
    )
    found = persona.segment(frame, k=2, method="kmeans", seed=1)
    report = type("R", (), {"segmentation": found})()
    known = scales(Context(report, locale.load("en"), THEME))
    assert known["score"].kind == "score" and known["score"].low == -known["score"].high
    assert (known["agree"].kind, known["agree"].low, known["agree"].high) == ("scale", 1.0, 5.0)
    assert known["money"].kind == "amount" and known["money"].low == 0
    assert known["yes"].kind == "share"
    assert known["yes"].write(0.5, locale.load("en")) == "50%"


def test_lineage_names_the_segments_of_the_result(made_up: ModuleType) -> None:
    report = made_up.study_report()
    chart = lineage_chart(context_of(report))
    assert chart is not None
    nodes = report.segmentation.evidence.lineage.nodes
    assert len(chart.tips) == len(nodes)
    for name in ("Price first, online", "Advice in the shop", "Loyal to the brand"):
        assert name in chart.alt
    assert "stability across numbers 1.00" in chart.alt
    letters = re.findall(r"font-weight: 700\">([A-Z])</text>", chart.svg)
    assert sorted(letters) == ["A", "B", "C", "D"]


def heights(nodes: Sequence[Node], flows: Sequence[Flow]) -> dict[int, float]:
    picture = lineage_picture(nodes, flows, {2: "2", 3: "3"}, THEME)
    bars = [shape.shapes[0] for shape in picture.shapes if isinstance(shape, Mark)]
    steps = [one.steps for one in bars if hasattr(one, "steps")]
    return {place: values[2][1][1] - values[0][1][1] for place, values in enumerate(steps)}


def test_bars_of_the_lineage_are_as_high_as_segments_are_large() -> None:
    nodes = [
        Node(2, 1, 0.6, None, "#0b6fae", "", False, "a"),
        Node(2, 2, 0.4, None, "#b8500c", "", False, "b"),
        Node(3, 1, 0.3, 1.0, "#0b6fae", "A", True, "c"),
        Node(3, 2, 0.3, 1.0, "#007a61", "B", True, "d"),
        Node(3, 3, 0.4, 0.5, "#b8500c", "C", True, "e"),
    ]
    flows = [Flow(2, 1, 1, 0.3), Flow(2, 1, 2, 0.3), Flow(2, 2, 3, 0.4)]
    found = heights(nodes, flows)
    assert found[0] == pytest.approx(2 * found[2])
    assert found[1] == pytest.approx(found[4])


def test_gain_says_at_which_number_the_data_stand_out(made_up: ModuleType) -> None:
    polish = gain_chart(context_of(made_up.study_report(), "pl"))
    assert polish is not None
    assert "przy podziale na 4 segmenty" in polish.alt
    assert polish.alt.startswith("Zysk z podziału. 19 badań bez segmentów")


def test_certainty_is_counted_in_bands() -> None:
    top = np.array([0.95, 0.9, 0.7, 0.69, 0.5, 0.4])
    assert band_shares(top) == pytest.approx((2 / 6, 1 / 6, 2 / 6, 1 / 6))
    assert band_shares(np.array([])) == (0.0, 0.0, 0.0, 0.0)


def test_uncertain_respondents_are_counted_and_said(made_up: ModuleType) -> None:
    report = made_up.study_report()
    chances = report.segmentation.probabilities.copy()
    chances.iloc[:5] = [0.5, 0.1, 0.3, 0.1]
    changed = with_segmentation(report, probabilities=chances)
    found = certainties(context_of(changed))
    assert (found["second"].iloc[:5] == 3).all()
    assert certainty_note(context_of(changed)).startswith("5 respondents of 900 (1%) are")
    assert certainty_note(context_of(changed, "ru")).startswith("Неуверенно отнесены 5 респон")
    shown = evidence(changed)
    assert shown.doubtful.rows[0].cells == ("", "0", "5", "0")


def test_response_style_is_said_and_both_divisions_stand_side_by_side(
    made_up: ModuleType,
) -> None:
    context = context_of(made_up.study_report())
    view = style_view(context)
    assert view is not None
    assert view.lead.startswith("Beware: 63% of the difference")
    assert view.sizes is not None and view.centres is not None
    assert view.sizes.rows[0].cells[:2] == ("34.7%", "36.4%")
    assert len(view.centres.heads) == 9
    small = dict(context.report.segmentation.tables)
    small["response_style"] = small["response_style"].assign(value=[0.1, 0.1, 0.2, 0.1, 0.9])
    calm = with_segmentation(context.report, tables=small)
    plain = style_view(context_of(calm))
    assert plain is not None and plain.lead.startswith("The segments differ in what they think")
    assert style_view(context_of(with_segmentation(context.report, tables={}))) is None


def test_guards_say_what_was_found_and_what_to_do(made_up: ModuleType) -> None:
    found = {one.name: one for one in checks(context_of(made_up.study_report(), "pl"))}
    twins = found["Bliźniaki wśród podstaw"]
    assert not twins.fine and twins.word == "sprawdzić"
    assert "„Porównuję ceny, zanim kupię” i „Czekam na wyprzedaż” (0,93)" in twins.found
    assert twins.remedy == "Pomiń jedną albo użyj wyników czynnikowych."
    assert found["Respondenci na tyle podstaw"].fine
    assert len(found) >= 6


def test_joined_segments_show_what_still_holds(made_up: ModuleType) -> None:
    from persona.errors import note

    report = made_up.study_report()
    joined = with_segmentation(
        report, warnings=(note("segments.merged", "Joined.", values={}),), k=3
    )
    shown = evidence(joined)
    assert shown.silhouette is None and shown.lineage is not None
    assert shown.again.rows[0].cells[-1] == "–"


def test_all_figures_stand_in_the_results(made_up: ModuleType) -> None:
    figures = json.loads(results_json(made_up.study_report()))["segmentation"]
    assert len(figures["evidence"]["lineage"]["nodes"]["data"]) == 20
    assert len(figures["evidence"]["markers"]["data"]) == 24
    assert len(figures["stability"]["pairs"]["data"]) == 40
    assert len(figures["null_benchmark"]["null"]) == 19
    assert {"sample", "twins", "bases", "response_style", "centred"} <= set(figures["tables"])
    bands = figures["evidence"]["certainty"]["bands"]
    assert [sum(parts) for parts in bands.values()] == pytest.approx([1.0] * 4)
    assert "r0001" not in json.dumps(figures), "no respondent's own row"


@pytest.mark.parametrize("language", ["en", "pl", "ru", "nl"])
def test_the_section_is_whole_in_every_language(made_up: ModuleType, language: str) -> None:
    report = made_up.study_report(languages=(language,))
    page = index_html([context_of(report, language)])
    part = page[page.index('id="evidence"') :]
    part = part[: part.index("</section>")]
    assert part.count("<svg ") == 6
    assert "{" not in re.sub(r"<svg .*?</svg>", "", part, flags=re.S)


def test_one_segment_alone_is_shown_without_pictures_of_several(made_up: ModuleType) -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame(draw.normal(0, 1, (150, 4)), columns=list("abcd"))
    found = persona.segment(frame, seed=1, k_range=(2, 3))
    assert found.k == 1 and isinstance(found.verdict, Verdict)
    base = made_up.study_report()
    sizes = base.profile.segments[:1]
    report = replace(
        base, segmentation=found, profile=replace(base.profile, segments=sizes), personas=()
    )
    shown = evidence(report)
    assert shown.gain is not None and shown.candidates is not None
    assert shown.certainty is None and shown.again is None and shown.separation is None
    assert verdict_view(context_of(report)).word == "No segments"


def test_results_of_checks_are_no_controls(made_up: ModuleType) -> None:
    """A class of the page's own buttons on a cell would make the cell switch light and dark."""
    page = index_html([context_of(made_up.study_report(languages=("en",)))])
    part = page[page.index('class="plain checks"') :]
    cells = re.findall(r'<td class="(\w+)">', part[: part.index("</table>")])
    assert set(cells) == {"sound", "doubt"}
    assert set(re.findall(r"<(\w+)[^>]* class=\"look\"", page)) == {"button"}
