"""Charts: labels clear of each other, text as text, the same bytes, colours by theme."""

from __future__ import annotations

import io
import itertools
import re
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import numpy as np
import pytest

from persona import resources
from persona.errors import OutputError
from persona.report import locale, save_figure, theme
from persona.report.charts import shapes
from persona.report.charts.canvas import as_png
from persona.report.charts.factors import blend, shade
from persona.report.charts.maps import MAP_SIZE, Point, paint_map
from persona.report.charts.measure import text_width, widths
from persona.report.charts.plot import round_ticks
from persona.report.charts.portrait import Petal, portrait
from persona.report.charts.shapes import Area, Mark, Picture, Words
from persona.report.figures import figures
from persona.report.sections import Context

THEME = theme.load()


@pytest.fixture(scope="module")
def context(made_up: ModuleType) -> Context:
    return Context(made_up.study_report(), locale.load("pl"), THEME)


def _boxes(picture: Picture) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of every line of text of a map but the titles of its axes."""
    found = []
    for words in picture.shapes:
        if not isinstance(words, Words) or words.colour != THEME.colours["ink"]:
            continue
        width = text_width(words.text, words.size, words.bold)
        left = words.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[words.anchor] * width
        found.append((left, words.y - 0.7 * words.size, left + width, words.y + 0.2 * words.size))
    return found


def _apart(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_labels_of_a_map_cover_neither_each_other_nor_a_point() -> None:
    draw = np.random.default_rng(3)
    points = [
        Point(float(x), float(y), f"Attribute {i}", "#17212b", "tip", strong=i < 4, area=60)
        for i, (x, y) in enumerate(draw.normal(0, 1, (30, 2)))
    ]
    picture = paint_map(points, ("first", "second"), THEME)
    boxes = _boxes(picture)
    assert len(boxes) == 30
    assert all(_apart(one, other) for one, other in itertools.combinations(boxes, 2))
    discs = [
        (min(xs), min(ys), max(xs), max(ys))
        for mark in picture.shapes
        if isinstance(mark, Mark) and isinstance(mark.shapes[0], Area)
        for values in [[value for _, part in mark.shapes[0].steps for value in part]]
        for xs, ys in [(values[::2], values[1::2])]
    ]
    assert len(discs) == 30
    assert all(_apart(one, other) for one in boxes for other in discs)


def test_labels_stay_clear_of_ellipses_where_there_is_room() -> None:
    point = Point(0.0, 0.0, "Bargain hunters", "#0b6fae", "tip", strong=True, spread=(1.0, 0.6, 30))
    corners = [Point(x, y, "", "#0b6fae", "tip") for x in (-2.0, 2.0) for y in (-2.0, 2.0)]
    picture = paint_map([point, *corners], ("first", "second"), THEME)
    rim = next(s for s in picture.shapes if isinstance(s, Area) and s.stroke == "#0b6fae")
    values = [value for _, part in rim.steps for value in part]
    outline = (min(values[::2]), min(values[1::2]), max(values[::2]), max(values[1::2]))
    (box,) = _boxes(picture)
    assert _apart(box, outline) or box[3] < outline[3]
    assert not any(
        box[0] < x < box[2] and box[1] < y < box[3]
        for x, y in zip(values[::2], values[1::2], strict=True)
    )


def test_a_label_without_room_is_left_out_and_its_point_keeps_its_tip() -> None:
    crowd = [Point(0.001 * i, 0.0, f"A long label {i}", "#17212b", f"tip {i}") for i in range(80)]
    picture = paint_map(crowd, ("first", "second"), THEME)
    assert 5 < len(_boxes(picture)) < 80
    assert sum(isinstance(shape, Mark) for shape in picture.shapes) == 80


@pytest.mark.parametrize("face", ["regular", "bold", "italic"])
def test_widths_of_characters_are_those_of_the_font(face: str) -> None:
    from fontTools.ttLib import TTFont

    path = resources.root("reports") / "fonts" / f"persona-sans-{face}.otf"
    font = TTFont(path)
    em, advances = font["head"].unitsPerEm, font["hmtx"]
    expected = {code: advances[name][0] / em for code, name in font.getBestCmap().items()}
    assert widths(path) == expected


def test_ticks_are_round_and_few() -> None:
    assert round_ticks(0, 2.94, 8) == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]
    for top in (0.7, 1.0, 3.3, 17.0, 940.0):
        ticks = round_ticks(0, top, 8)
        assert 4 <= len(ticks) <= 9 and ticks[0] == 0 and ticks[-1] <= top


@pytest.mark.parametrize("marker", ["o", "D", "^"])
def test_shapes_stand_where_matplotlib_draws_them(marker: str) -> None:
    from matplotlib.image import imread

    point = Point(0.4, 0.3, "", "#ff0000", "tip", marker=marker, area=900)
    frame_of = [Point(x, y, "", "#0000ff", "tip", area=9) for x in (-1.0, 1.0) for y in (-1.0, 1.0)]
    made = shapes.chart("map", paint_map([point, *frame_of], ("", ""), THEME), "alt")
    picture = np.asarray(imread(io.BytesIO(as_png(made, THEME, 96))))
    assert picture.shape[:2] == (round(96 * MAP_SIZE[1]), round(96 * MAP_SIZE[0]))
    ys, xs = np.nonzero((picture[..., 0] > 0.8) & (picture[..., 1] < 0.2))
    steps = next(
        shape.shapes[0].steps
        for shape in paint_map([point, *frame_of], ("", ""), THEME).shapes
        if isinstance(shape, Mark) and isinstance(shape.shapes[0], Area)
    )
    corners = [value for _, part in steps for value in part]
    assert abs(xs.min() - min(corners[::2])) < 4 and abs(xs.max() - max(corners[::2])) < 4
    assert abs(ys.min() - min(corners[1::2])) < 4 and abs(ys.max() - max(corners[1::2])) < 4


def test_charts_are_well_formed_and_keep_text_as_text(context: Context) -> None:
    found = figures(context)
    assert sorted(found) == [
        "biplot-segments",
        "factor-loadings-shopping",
        "factor-paths-shopping",
        "factor-scree-shopping",
        "map-segments",
        "segment-agreement",
        "segment-certainty",
        "segment-gain",
        "segment-lineage",
        "segment-map",
        "segment-profile",
        "segment-separation",
        "segment-silhouette",
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
