"""Charts: labels clear of each other, text as text, the same bytes, colours by theme."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import numpy as np
import pytest

from persona.errors import OutputError
from persona.report import locale, save_figure, theme
from persona.report.charts.factors import blend, shade
from persona.report.charts.maps import MAP_SIZE, Point, paint_map
from persona.report.charts.portrait import Petal, portrait
from persona.report.figures import figures
from persona.report.sections import Context

THEME = theme.load()


@pytest.fixture(scope="module")
def context(made_up: ModuleType) -> Context:
    return Context(made_up.study_report(), locale.load("pl"), THEME)


def test_labels_of_a_map_do_not_overlap() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    draw = np.random.default_rng(3)
    points = [
        Point(float(x), float(y), f"Attribute {i}", "#17212b", "tip", strong=i < 4, area=60)
        for i, (x, y) in enumerate(draw.normal(0, 1, (30, 2)))
    ]
    figure = Figure(figsize=MAP_SIZE)
    canvas = FigureCanvasAgg(figure)
    paint_map(points, ("first", "second"), THEME)(figure)
    canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) == 30
    overlaps = sum(
        one.shrunk(0.97, 0.9).overlaps(other.shrunk(0.97, 0.9))
        for i, one in enumerate(boxes)
        for other in boxes[i + 1 :]
    )
    assert overlaps == 0


def test_charts_are_well_formed_and_keep_text_as_text(context: Context) -> None:
    found = figures(context)
    assert sorted(found) == [
        "biplot-segments",
        "factor-loadings-shopping",
        "factor-paths-shopping",
        "factor-scree-shopping",
        "map-segments",
        "segment-map",
        "segment-sizes",
        "segment-stability",
    ]
    for chart in found.values():
        root = ElementTree.fromstring(chart.svg)
        assert root.tag.endswith("svg")
        assert float(root.attrib["width"]) > 300
        assert "<text" in chart.svg
        assert "<style" not in chart.svg and "<script" not in chart.svg
        assert chart.alt
        marks = re.findall(r'data-tip="([^"]+)"', chart.svg)
        assert len(marks) == len(chart.tips) > 0
    assert "Najpierw cena" in found["segment-sizes"].svg


def test_the_same_results_draw_the_same(made_up: ModuleType) -> None:
    first, second = (
        figures(Context(made_up.study_report(), locale.load("en"), THEME)) for _ in range(2)
    )
    assert {name: chart.svg for name, chart in first.items()} == {
        name: chart.svg for name, chart in second.items()
    }


def test_ids_of_charts_do_not_collide(context: Context) -> None:
    ids = [
        found
        for chart in figures(context).values()
        for found in re.findall(r' id="([^"]+)"', chart.svg)
    ]
    assert len(ids) == len(set(ids))


def test_names_that_look_like_mathematics_stay_names(made_up: ModuleType) -> None:
    from dataclasses import replace

    report = made_up.study_report()
    wild = replace(report.personas[0], name={"en": "$\\frac{1}{0}$ & <b>_x^2</b>"})
    changed = replace(report, personas=(wild, *report.personas[1:]))
    svg = figures(Context(changed, locale.load("en"), THEME))["segment-sizes"].svg
    text = "".join(ElementTree.fromstring(svg).itertext())
    assert "frac" in text and "<b>" not in svg


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_a_figure_can_be_saved_alone(made_up: ModuleType, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "deep" / f"sizes{suffix}"
    report = made_up.study_report()
    save_figure(report, "segment-sizes", path, language="pl")
    first = path.read_bytes()
    assert first.startswith(b"\x89PNG" if suffix == ".png" else b"<?xml")
    save_figure(report, "segment-sizes", path, language="pl")
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("name", "path", "code"),
    [
        ("segment-size", "x.svg", "figure.unknown"),
        ("segment-sizes", "x.jpeg", "figure.suffix"),
    ],
)
def test_unknown_figures_are_named(
    made_up: ModuleType, tmp_path: Path, name: str, path: str, code: str
) -> None:
    with pytest.raises(OutputError) as caught:
        save_figure(made_up.study_report(), name, tmp_path / path)
    assert caught.value.problems[0].code == code
    assert not list(tmp_path.iterdir())


def test_shades_grow_with_the_loading() -> None:
    strengths = [int(shade(value, THEME)[1:3], 16) for value in (0.0, 0.3, 0.6, 0.9)]
    assert strengths == sorted(strengths, reverse=True)
    assert shade(0.5, THEME) != shade(-0.5, THEME)
    assert blend("#000000", "#ffffff", 0.5) == "#808080"


def test_the_portrait_is_drawn_from_the_data() -> None:
    petals = [Petal(0.8, True, 0), Petal(0.2, False, 1)]
    first = portrait(petals, 0.35, "#0b6fae", THEME, 'a "portrait"')
    assert first == portrait(petals, 0.35, "#0b6fae", THEME, 'a "portrait"')
    assert first != portrait(petals, 0.36, "#0b6fae", THEME, 'a "portrait"')
    assert first.count("<path") == 3
    assert 'aria-label="a &quot;portrait&quot;"' in first
    assert ElementTree.fromstring(portrait([], 1.0, "#0b6fae", THEME, "all")) is not None


def test_a_figure_is_refused_in_a_language_the_study_lacks(
    made_up: ModuleType, tmp_path: Path
) -> None:
    with pytest.raises(OutputError) as caught:
        save_figure(made_up.study_report(), "segment-sizes", tmp_path / "x.svg", language="nl")
    assert caught.value.problems[0].allowed == "en, pl"
