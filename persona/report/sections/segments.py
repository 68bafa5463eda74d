"""Segments: the verdict on them, sizes, stability, position, and what marks each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from persona.report.charts.bars import Bar, bars_size, dots_size, paint_bars, paint_dots
from persona.report.charts.canvas import Chart
from persona.report.charts.maps import MAP_SIZE, Point, paint_map
from persona.report.locale import Language, message
from persona.report.sections.base import Context, Section, letter
from persona.report.sections.grid import Grid
from persona.report.sections.personas import stability_word
from persona.report.sections.segment_identity import identity_sentences
from persona.report.sections.segment_profile import profile_charts, profile_note
from persona.report.sections.segment_rule import limits_grid, was_searched
from persona.report.sections.segment_verdict import VerdictView, verdict_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

THRESHOLDS = (
    (0.60, message("pattern")),
    (0.75, message("stable")),
    (0.85, message("highly stable")),
)
METHODS = {
    "kmeans": message("k-means"),
    "mixture": message("normal mixture"),
    "latent_class": message("latent classes"),
    "mixed_mixture": message("mixture of mixed answers"),
    "ward": message("Ward’s hierarchy"),
    "medoids": message("k-medoids"),
    "consensus": message("consensus of many divisions"),
    "rule": message("a rule"),
    "bands": message("bands"),
    "rfm": message("recency, frequency, money"),
    "abc": message("ABC analysis"),
}


@dataclass(frozen=True)
class SegmentRow:
    """One segment in the overview table."""

    segment: int
    letter: str
    name: str
    colour: str
    n: str
    share: str
    interval: str
    worth: str
    jaccard: str
    jaccard_word: str
    certainty: str


@dataclass(frozen=True)
class Segments:
    """Everything about the segments as groups."""

    rows: tuple[SegmentRow, ...]
    identity: tuple[str, ...]
    worth_title: str
    sizes: Chart
    stability: Chart | None
    position: Chart | None
    position_note: str
    verdict: VerdictView
    method: str
    profiles: tuple[Chart, ...]
    profile_note: str
    limits: Grid | None
    evidence: bool


def build(context: Context) -> Segments:
    """The segments as groups, in tables and charts."""
    position, note = _position(context)
    return Segments(
        rows=_rows(context),
        identity=identity_sentences(context),
        worth_title=_worth_title(context),
        sizes=sizes_chart(context),
        stability=stability_chart(context),
        position=position,
        position_note=note,
        verdict=verdict_view(context),
        method=method_name(context.report.segmentation.method, context.language),
        profiles=profile_charts(context),
        profile_note=profile_note(context),
        limits=limits_grid(context),
        evidence=was_searched(context),
    )


def _worth_title(context: Context) -> str:
    for size in context.report.profile.segments:
        for value in size.value.values():
            return context.language.gettext("Share of {measure}", measure=context.text(value.text))
    return ""


def _rows(context: Context) -> tuple[SegmentRow, ...]:
    language = context.language
    rows = []
    for size in context.report.profile.segments:
        persona = context.persona(size.segment)
        stability = persona.stability if persona else None
        values = list(size.value.values())
        rows.append(
            SegmentRow(
                segment=size.segment,
                letter=letter(size.segment),
                name=context.name(size.segment),
                colour=context.colour(size.segment),
                n=language.number(size.n),
                share=language.share(size.share, 1),
                interval=language.interval(size.low * 100, size.high * 100, 1),
                worth=language.share(values[0].share, 1) if values else "",
                jaccard=language.number(stability, 2),
                jaccard_word=stability_word(stability, language),
                certainty=language.share(persona.certainty if persona else None),
            )
        )
    return tuple(rows)


def _labelled(context: Context, segment: int) -> str:
    return f"{letter(segment)}  {context.name(segment)}"


def size_bars(context: Context) -> list[Bar]:
    """The shares of the segments as bars."""
    language = context.language
    bars = []
    for size in context.report.profile.segments:
        interval = language.interval(size.low * 100, size.high * 100)
        tip = language.gettext(
            "{name}: {share} of all, 95% interval {interval}, {respondents}",
            name=context.name(size.segment),
            share=language.share(size.share),
            interval=interval,
            respondents=language.ngettext("{n} respondent", "{n} respondents", size.n),
        )
        bars.append(
            Bar(
                _labelled(context, size.segment),
                size.share * 100,
                size.low * 100,
                size.high * 100,
                context.colour(size.segment),
                language.share(size.share),
                tip,
            )
        )
    return bars


def sizes_chart(context: Context) -> Chart:
    """Shares of the segments with their 95 % intervals."""
    bars = size_bars(context)
    alt = context.language.gettext(
        "Sizes of the segments. {list}", list="; ".join(bar.tip for bar in bars)
    )
    return context.draw("segment-sizes", bars_size(bars), paint_bars(bars, context.theme), alt)


def stability_bars(context: Context) -> list[Bar]:
    """The bootstrap Jaccard of each segment."""
    language = context.language
    bars = []
    for persona in context.report.personas:
        if persona.stability is None:
            continue
        tip = language.gettext(
            "{name}: Jaccard {value}, {word}",
            name=context.name(persona.segment),
            value=language.number(persona.stability, 2),
            word=stability_word(persona.stability, language),
        )
        bars.append(
            Bar(
                _labelled(context, persona.segment),
                persona.stability,
                None,
                None,
                context.colour(persona.segment),
                language.number(persona.stability, 2),
                tip,
            )
        )
    return bars


def stability_chart(context: Context) -> Chart | None:
    """How surely each segment is found again, against Hennig's thresholds."""
    bars = stability_bars(context)
    if not bars:
        return None
    words = [(at, context.language.gettext(word)) for at, word in THRESHOLDS]
    alt = context.language.gettext(
        "Stability of the segments. {list}", list="; ".join(bar.tip for bar in bars)
    )
    paint = paint_dots(bars, words, context.theme)
    return context.draw("segment-stability", dots_size(bars), paint, alt)


def _position(context: Context) -> tuple[Chart | None, str]:
    """Where the segments lie on the two first components of the bases, and how they overlap."""
    points = position_points(context)
    if len(points) < 2:
        return None, ""
    language = context.language
    words = (
        language.gettext("Component {number}", number=1),
        language.gettext("Component {number}", number=2),
    )
    alt = language.gettext(
        "Positions of the segments on the first two components of the questions that made them. "
        "{list}",
        list="; ".join(point.tip for point in points),
    )
    paint = paint_map(points, words, context.theme)
    note = language.gettext(
        "Near means alike in the questions that made the segments; discs show sizes, an outline "
        "holds half of the segment’s members."
    )
    return context.draw("segment-map", MAP_SIZE, paint, alt), note


def position_points(context: Context) -> list[Point]:
    """The mean of each segment's members on the two first components, with their spread."""
    segmentation = context.report.segmentation
    if not {"component_1", "component_2"} <= set(segmentation.evidence.respondents.columns):
        return []
    spots = context.once("positions of segments", lambda: _spots(context))
    points = []
    for size in context.report.profile.segments:
        if size.segment not in spots:
            continue
        x, y, spread = spots[size.segment]
        tip = context.language.gettext(
            "{name}: {share} of all respondents",
            name=context.name(size.segment),
            share=context.language.share(size.share),
        )
        points.append(
            Point(
                x,
                y,
                context.name(size.segment),
                context.colour(size.segment),
                tip,
                area=90 + 1500 * size.share,
                strong=True,
                spread=spread,
            )
        )
    return points


def _spots(
    context: Context,
) -> dict[int, tuple[float, float, tuple[float, float, float] | None]]:
    """The mean of each segment's members on the two first components, and its ellipse."""
    segmentation = context.report.segmentation
    members = segmentation.evidence.respondents
    labels = segmentation.labels.reindex(members.index)
    found = {}
    for size in context.report.profile.segments:
        mine = members.loc[(labels == size.segment).to_numpy(dtype=bool, na_value=False)]
        places = mine[["component_1", "component_2"]].dropna().to_numpy(dtype=float)
        if len(places):
            x, y = places.mean(axis=0)
            found[size.segment] = float(x), float(y), _spread(places)
    return found


def _spread(places: NDArray[np.float64]) -> tuple[float, float, float] | None:
    """Width, height and angle (degrees) of the ellipse that holds half of a normal cloud."""
    if len(places) < 3:
        return None
    values, vectors = np.linalg.eigh(np.cov(places.T))
    width, height = 2 * np.sqrt(np.maximum(values[::-1], 0.0) * 2 * np.log(2))
    angle = float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])))
    return float(width), float(height), angle


def method_name(method: str, language: Language) -> str:
    """What a method of segmentation is called."""
    word = METHODS.get(method)
    return language.gettext(word) if word else method.replace("_", " ")


SECTION = Section("segments", message("Segments"), build)
