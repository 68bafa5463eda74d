"""Correspondence maps: what goes together, with the figures behind every point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from persona.analysis.axes import AxisPoint, AxisPoles
from persona.analysis.multiple_correspondence import MultipleCorrespondence
from persona.report.charts.canvas import Chart
from persona.report.charts.maps import MAP_SIZE, paint_map
from persona.report.locale import Language, message
from persona.report.model import MapSection
from persona.report.sections.base import Context, Section
from persona.report.sections.map_points import (
    MOST_LABELS,
    Group,
    biplot_points,
    groups,
    is_drawn,
    label,
    placed_points,
    shares_of,
)

_SENTENCES = 3
"""Axes that get a sentence; the picture shows the first two."""


@dataclass(frozen=True)
class PointRow:
    """One point in the table below the map; ``drawn`` says whether the map shows it."""

    text: str
    kind: str
    coordinates: tuple[str, ...]
    contributions: tuple[str, ...]
    quality: str
    drawn: bool


@dataclass(frozen=True)
class CorrespondenceView:
    """One map, what its axes oppose, its points, and the biplot of the same axes."""

    id: str
    title: str
    summary: str
    axes: tuple[str, ...]
    passive: str
    chart: Chart
    biplot: Chart | None
    note: str
    heads: tuple[str, ...]
    rows: tuple[PointRow, ...]


@dataclass(frozen=True)
class Maps:
    """Every correspondence map."""

    maps: tuple[CorrespondenceView, ...]


def build(context: Context) -> Maps | None:
    """Every map of the study."""
    maps = tuple(_view(section, context) for section in context.report.maps)
    return Maps(maps) if maps else None


def _view(section: MapSection, context: Context) -> CorrespondenceView:
    language = context.language
    found = groups(section, context)
    total = sum(len(group.coordinates) for group in found)
    note = language.gettext(
        "Near means often together; a point near the centre is average. Read points of rows and "
        "columns by their direction from the centre."
    )
    if total > MOST_LABELS:
        note += " " + language.gettext(
            "The map shows the {shown} points that make its axes; the table holds all {total}.",
            shown=language.number(MOST_LABELS),
            total=language.number(total),
        )
    if ellipse_note := _ellipse_note(section, context):
        note += " " + ellipse_note
    return CorrespondenceView(
        id=section.id,
        title=context.text(section.title),
        summary=_summary(section, language),
        axes=axis_sentences(section, context),
        passive=_passive(section, context),
        chart=map_chart(section, context),
        biplot=biplot(section, context),
        note=note,
        heads=(
            language.gettext("Axis {number}", number=1),
            language.gettext("Axis {number}", number=2),
            language.gettext("Contribution {number}", number=1),
            language.gettext("Contribution {number}", number=2),
            language.gettext("Quality (cos²)"),
        ),
        rows=_rows(section, found, context),
    )


def axis_sentences(section: MapSection, context: Context) -> tuple[str, ...]:
    """What each of the first axes opposes, from the points that contribute most.

    Axes of multiple maps that hold no more than chance have no share and get no sentence.
    """
    shares = [share for share in shares_of(section) if share > 0]
    return tuple(
        _axis_sentence(axis, section, context)
        for axis in section.map.axes[:_SENTENCES]
        if axis.axis <= len(shares)
    )


def _axis_sentence(axis: AxisPoles, section: MapSection, context: Context) -> str:
    language = context.language
    share = language.share(shares_of(section)[axis.axis - 1])
    ends = [_listed(points, section, context) for points in (axis.negative, axis.positive)]
    if all(ends):
        return language.gettext(
            "Axis {number} ({share} of the differences) sets {first} against {second}.",
            number=axis.axis,
            share=share,
            first=ends[0],
            second=ends[1],
        )
    if any(ends):
        return language.gettext(
            "Axis {number} ({share} of the differences) sets {points} apart from the rest.",
            number=axis.axis,
            share=share,
            points=ends[0] or ends[1],
        )
    return language.gettext(
        "Axis {number} ({share} of the differences) is made by no point in particular.",
        number=axis.axis,
        share=share,
    )


def _listed(points: Sequence[AxisPoint], section: MapSection, context: Context) -> str:
    texts = []
    for point in points:
        key = point.label if point.question is None else (point.question, point.label)
        text = context.language.gettext("“{text}”", text=label(section, key, context))
        if text not in texts:
            texts.append(text)
    return ", ".join(texts)


def _passive(section: MapSection, context: Context) -> str:
    """Which answers shape no axis because few gave them or the study says so."""
    found = section.map
    if not isinstance(found, MultipleCorrespondence) or not found.passive:
        return ""
    return context.language.gettext(
        "Passive answers, which shape no axis because they are rare or the study says so: {list}.",
        list=", ".join(
            context.language.gettext("“{text}”", text=label(section, key, context))
            for key in found.passive
        ),
    )


def _ellipse_note(section: MapSection, context: Context) -> str:
    if not any(one.point.spread for one in placed_points(section, context)):
        return ""
    if isinstance(section.map, MultipleCorrespondence):
        return context.language.gettext(
            "Ellipses hold 95% of the places that the segment’s mean takes when its respondents "
            "are drawn anew."
        )
    return context.language.gettext(
        "Ellipses hold 95% of the places that the segment takes when the answers are drawn anew."
    )


def _summary(section: MapSection, language: Language) -> str:
    shares = shares_of(section)
    parts = [
        language.gettext(
            "Two axes show {share} of the differences ({first} and {second}).",
            share=language.share(sum(shares[:2])),
            first=language.share(shares[0]) if shares else "–",
            second=language.share(shares[1]) if len(shares) > 1 else "–",
        )
    ]
    parts.append(
        language.gettext(
            "Chi-square {value}, p {p}.",
            value=language.number(section.map.chi_square, 1),
            p=language.p_value(section.map.p_value),
        )
    )
    return " ".join(parts)


def _rows(section: MapSection, found: Sequence[Group], context: Context) -> tuple[PointRow, ...]:
    language = context.language
    rows = []
    drawn = is_drawn(placed_points(section, context))
    for sort, group in enumerate(found):
        for place, key in enumerate(group.coordinates.index):
            x, y, first, second, quality = group.figures(place)
            rows.append(
                PointRow(
                    text=label(section, key, context),
                    kind=group.kind,
                    coordinates=(language.number(x, 2), language.number(y, 2)),
                    contributions=(language.share(first, 1), language.share(second, 1)),
                    quality=language.number(quality, 2),
                    drawn=(sort, place) in drawn,
                )
            )
    return tuple(rows)


def map_chart(section: MapSection, context: Context) -> Chart:
    """One correspondence map as a chart."""
    language = context.language
    points = [one.point for one in placed_points(section, context)]
    alt = language.gettext(
        "Correspondence map “{title}”; points: {points}; two axes show {share} of the differences.",
        title=context.text(section.title),
        points=language.number(len(points)),
        share=language.share(sum(shares_of(section)[:2])),
    )
    paint = paint_map(points, _axis_words(section, language), context.theme)
    return context.draw(
        f"map-{section.id}", MAP_SIZE, paint, " ".join((alt, *axis_sentences(section, context)[:2]))
    )


def biplot(section: MapSection, context: Context) -> Chart | None:
    """The same axes as a biplot; None where there is nothing to lay against the arrows."""
    if section.map.eigenvalues.shape[0] < 2:
        return None
    language = context.language
    points = biplot_points(section, context)
    if all(point.arrow for point in points):
        return None
    alt = language.gettext(
        "Biplot “{title}”; arrows: {arrows}, points: {points}.",
        title=context.text(section.title),
        arrows=language.number(sum(point.arrow for point in points)),
        points=language.number(sum(not point.arrow for point in points)),
    )
    paint = paint_map(points, _axis_words(section, language), context.theme)
    return context.draw(f"biplot-{section.id}", MAP_SIZE, paint, alt)


def _axis_words(section: MapSection, language: Language) -> tuple[str, str]:
    shares = shares_of(section)
    first, second = (
        language.gettext(
            "Axis {number} ({share} of the differences)",
            number=axis + 1,
            share=language.share(shares[axis] if len(shares) > axis else None),
        )
        for axis in (0, 1)
    )
    return first, second


SECTION = Section("maps", message("Correspondence maps"), build)
