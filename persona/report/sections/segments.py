"""Segments: sizes, position, stability, and the evidence the number of segments rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from persona.report.charts.bars import Bar, draw_bars, draw_dots
from persona.report.charts.canvas import Chart, draw
from persona.report.charts.maps import MAP_SIZE, Point, paint_map
from persona.report.locale import NOTHING, Language, message
from persona.report.sections.base import Context, Section, letter
from persona.report.sections.findings import VERDICTS
from persona.report.sections.personas import stability_word

if TYPE_CHECKING:
    import pandas as pd

THRESHOLDS = (
    (0.60, message("pattern")),
    (0.75, message("stable")),
    (0.85, message("highly stable")),
)
COLUMNS = {
    "k": message("Segments"),
    "method": message("Method"),
    "bic": message("BIC"),
    "aic": message("AIC"),
    "log_likelihood": message("Log-likelihood"),
    "parameters": message("Parameters"),
    "entropy": message("Entropy"),
    "silhouette": message("Silhouette"),
    "stability": message("Stability (ARI)"),
    "ari": message("Stability (ARI)"),
    "jaccard": message("Jaccard, mean"),
    "jaccard_min": message("Jaccard, least"),
    "smallest": message("Smallest segment"),
    "smallest_share": message("Smallest segment"),
    "chosen": message("Chosen"),
}
SHARES = ("smallest", "smallest_share")


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
class Candidates:
    """The numbers of segments that were tried; ``chosen`` is the place of the one taken."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    chosen: int | None


@dataclass(frozen=True)
class Segments:
    """Everything about the segments as groups."""

    rows: tuple[SegmentRow, ...]
    worth_title: str
    sizes: Chart
    stability: Chart | None
    position: Chart | None
    position_note: str
    verdict: str
    method: str
    candidates: Candidates | None


def build(context: Context) -> Segments:
    """The segments as groups, in tables and charts."""
    candidates = getattr(context.report.segmentation, "candidates", None)
    position, note = _position(context)
    verdict = VERDICTS.get(str(context.report.segmentation.verdict))
    return Segments(
        rows=_rows(context),
        worth_title=_worth_title(context),
        sizes=sizes_chart(context),
        stability=stability_chart(context),
        position=position,
        position_note=note,
        verdict=context.language.gettext(verdict) if verdict else "",
        method=str(context.report.segmentation.method),
        candidates=None if candidates is None else _candidates(candidates, context),
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
    return draw_bars("segment-sizes", bars, context.theme, alt)


def stability_bars(context: Context) -> list[Bar]:
    """The bootstrap Jaccard of each segment."""
    language = context.language
    bars = []
    for persona in context.report.personas:
        if persona.stability is None:
            continue
        tip = language.gettext(
            "{name}: Jaccard {value}, {word}",
            name=context.text(persona.name),
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
    return draw_dots("segment-stability", bars, words, context.theme, alt)


def _position(context: Context) -> tuple[Chart | None, str]:
    """Centres of the segments on their two principal axes, areas by size."""
    centres = getattr(context.report.segmentation, "centres", None)
    if centres is None or len(centres) < 3 or centres.shape[1] < 2:
        return None, ""
    numbers = centres.select_dtypes("number").dropna(axis=1)
    if numbers.shape[1] < 2:
        return None, ""
    points, shares = _principal(numbers, context)
    language = context.language
    words = tuple(
        language.gettext(
            "Axis {number} ({share} of the differences)",
            number=axis + 1,
            share=language.share(shares[axis]),
        )
        for axis in (0, 1)
    )
    alt = language.gettext(
        "Positions of the segments on two axes that hold {share} of the differences between their "
        "centres.",
        share=language.share(sum(shares[:2])),
    )
    chart = draw(
        "segment-map",
        MAP_SIZE,
        context.theme,
        paint_map(points, (words[0], words[1]), context.theme),
        alt,
    )
    note = language.gettext(
        "Near means alike in the questions that made the segments; areas show sizes."
    )
    return chart, note


def _principal(centres: pd.DataFrame, context: Context) -> tuple[list[Point], list[float]]:
    from persona.numeric.decompose import singular

    values = centres.to_numpy(dtype=float)
    shares = {size.segment: size.share for size in context.report.profile.segments}
    weights = np.array([shares.get(int(segment), 0.0) for segment in centres.index])
    weights = weights / max(weights.sum(), 1e-12)
    middle = weights @ values
    spread = np.sqrt(weights @ (values - middle) ** 2)
    standard = (values - middle) / np.where(spread > 0, spread, 1.0)
    axes = singular(np.sqrt(weights)[:, None] * standard)
    coordinates = axes.left[:, :2] * axes.values[:2] / np.sqrt(np.maximum(weights, 1e-12))[:, None]
    inertia = axes.values**2 / max(float((axes.values**2).sum()), 1e-12)
    points = []
    for place, segment in enumerate(centres.index):
        share = shares.get(int(segment), 0.0)
        tip = context.language.gettext(
            "{name}: {share} of all respondents",
            name=context.name(int(segment)),
            share=context.language.share(share),
        )
        points.append(
            Point(
                float(coordinates[place, 0]),
                float(coordinates[place, 1]),
                context.name(int(segment)),
                context.colour(int(segment)),
                tip,
                area=120 + 2600 * share,
                strong=True,
            )
        )
    return points, [float(part) for part in inertia]


def _candidates(frame: pd.DataFrame, context: Context) -> Candidates:
    language = context.language
    table = frame.reset_index() if frame.index.name else frame
    shown = [str(column) for column in table.columns if str(column) != "chosen"]
    heads = tuple(
        language.gettext(COLUMNS[column]) if column in COLUMNS else column.replace("_", " ")
        for column in shown
    )
    rows = tuple(
        tuple(_written(column, row[column], language) for column in shown)
        for _, row in table.iterrows()
    )
    k = int(context.report.segmentation.k)
    chosen: int | None = None
    if "chosen" in table.columns:
        hits = np.flatnonzero(table["chosen"].to_numpy(dtype=bool))
        chosen = int(hits[0]) if len(hits) else None
    elif "k" in table.columns:
        hits = np.flatnonzero(table["k"].to_numpy() == k)
        chosen = int(hits[0]) if len(hits) == 1 else None
    return Candidates(heads, rows, chosen)


def _written(column: str, value: Any, language: Language) -> str:
    if isinstance(value, bool | np.bool_):
        return language.gettext("yes") if value else language.gettext("no")
    if isinstance(value, int | np.integer):
        return language.number(int(value))
    if isinstance(value, float | np.floating):
        number = float(value)
        if column in SHARES:
            return language.share(number, 1)
        if column == "k" or (number == int(number) if np.isfinite(number) else False):
            return language.number(number)
        return language.number(number, 1 if abs(number) >= 100 else 2)
    return NOTHING if value is None else str(value)


SECTION = Section("segments", message("Segments"), build)
