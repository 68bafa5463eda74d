"""Correspondence maps: what goes together, with the figures behind every point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.analysis.multiple_correspondence import MultipleCorrespondence
from persona.report.charts.canvas import Chart
from persona.report.charts.maps import MAP_SIZE, Point, paint_map
from persona.report.locale import Language, message
from persona.report.model import MapSection
from persona.report.sections.base import Context, Section

if TYPE_CHECKING:
    import pandas as pd

MOST_LABELS = 34
"""Points labelled on the map; the table below it holds every one."""


@dataclass(frozen=True)
class PointRow:
    """One point in the table below the map."""

    text: str
    kind: str
    coordinates: tuple[str, ...]
    contributions: tuple[str, ...]
    quality: str


@dataclass(frozen=True)
class CorrespondenceView:
    """One map, its axes and its points."""

    id: str
    title: str
    summary: str
    chart: Chart
    note: str
    heads: tuple[str, ...]
    rows: tuple[PointRow, ...]


@dataclass(frozen=True)
class Maps:
    """Every correspondence map."""

    maps: tuple[CorrespondenceView, ...]


@dataclass(frozen=True)
class Group:
    """Points of one sort: rows, columns, categories or supplementary ones.

    ``contributions`` are shares (0 to 1) of an axis, ``cos2`` how well two axes show the point.
    """

    kind: str
    coordinates: pd.DataFrame
    contributions: pd.DataFrame | None
    cos2: pd.DataFrame | None

    def figures(self, place: int) -> tuple[float | None, ...]:
        """Two coordinates, two contributions and the quality of one point."""
        contributions = _pair(self.contributions, place) or (None, None)
        cos2 = _pair(self.cos2, place)
        coordinates = _pair(self.coordinates, place) or (None, None)
        return (*coordinates, *contributions, sum(cos2) if cos2 else None)


def build(context: Context) -> Maps | None:
    """Every map of the study."""
    maps = tuple(_view(section, context) for section in context.report.maps)
    return Maps(maps) if maps else None


def groups(section: MapSection, context: Context) -> tuple[Group, ...]:
    """The points of a map, sort by sort."""
    say, found = context.language.gettext, section.map
    if isinstance(found, MultipleCorrespondence):
        parts = [
            Group(
                say("answer"),
                found.category_coordinates,
                found.category_contributions,
                found.category_cos2,
            ),
            Group(
                say("passive answer"),
                found.supplementary_coordinates,
                None,
                found.supplementary_cos2,
            ),
        ]
    else:
        parts = [
            Group(say("row"), found.row_coordinates, found.row_contributions, found.row_cos2),
            Group(
                say("column"),
                found.column_coordinates,
                found.column_contributions,
                found.column_cos2,
            ),
            Group(
                say("passive row"),
                found.supplementary_row_coordinates,
                None,
                found.supplementary_row_cos2,
            ),
            Group(
                say("passive column"),
                found.supplementary_column_coordinates,
                None,
                found.supplementary_column_cos2,
            ),
        ]
    return tuple(part for part in parts if len(part.coordinates))


def segment_of(section: MapSection, key: object, context: Context) -> int | None:
    """The segment a row or column stands for; None for every other point."""
    if isinstance(section.map, MultipleCorrespondence) or str(key) in section.labels:
        return None
    for size in context.report.profile.segments:
        if str(key) == str(size.segment):
            return size.segment
    return None


def label(section: MapSection, key: object, context: Context) -> str:
    """The text of a point, else the name it has in the table."""
    segment = segment_of(section, key, context)
    if segment is not None:
        return context.name(segment)
    names = [str(key)]
    if isinstance(key, tuple):
        names = [str(key[-1]), "=".join(str(part) for part in key)]
    for name in names:
        if texts := section.labels.get(name):
            return context.text(texts)
    return names[-1]


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
    return CorrespondenceView(
        id=section.id,
        title=context.text(section.title),
        summary=_summary(section, language),
        chart=map_chart(section, context),
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


def _shares(section: MapSection) -> list[float]:
    """Shares of the axes; those of multiple maps adjusted after Greenacre."""
    found = section.map
    shares = (
        found.greenacre["share"] if isinstance(found, MultipleCorrespondence) else found.explained
    )
    return [float(share) for share in shares]


def _summary(section: MapSection, language: Language) -> str:
    shares = _shares(section)
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
    for group in found:
        for place, key in enumerate(group.coordinates.index):
            x, y, first, second, quality = group.figures(place)
            rows.append(
                PointRow(
                    text=label(section, key, context),
                    kind=group.kind,
                    coordinates=(language.number(x, 2), language.number(y, 2)),
                    contributions=(language.share(first, 1), language.share(second, 1)),
                    quality=language.number(quality, 2),
                )
            )
    return tuple(rows)


def _pair(frame: pd.DataFrame | None, place: int) -> tuple[float, float] | None:
    if frame is None or place >= len(frame):
        return None
    values = frame.iloc[place].to_numpy(dtype=float)
    return float(values[0]), float(values[1]) if len(values) > 1 else 0.0


def map_points(section: MapSection, context: Context) -> list[Point]:
    """The points to draw: all of a small map, else those that contribute most."""
    language = context.language
    scored: list[tuple[float, Point]] = []
    for sort, group in enumerate(groups(section, context)):
        for place, key in enumerate(group.coordinates.index):
            segment = segment_of(section, key, context)
            x, y, first, second, quality = group.figures(place)
            text = label(section, key, context)
            tip = language.gettext(
                "{name}: contributes {first} and {second} to the axes, cos² {quality}",
                name=text,
                first=language.share(first, 1),
                second=language.share(second, 1),
                quality=language.number(quality, 2),
            )
            shown = (
                context.colour(segment)
                if segment
                else context.theme.colours["accent" if sort == 0 else "muted"]
            )
            point = Point(
                x or 0.0,
                y or 0.0,
                text,
                shown,
                tip,
                marker="o" if segment else ("o", "D", "^")[min(sort, 2)],
                area=95 if segment else 26,
                strong=segment is not None,
            )
            scored.append((10.0 if segment else max(first or 0.0, second or 0.0), point))
    scored.sort(key=lambda one: -one[0])
    return [point for _, point in scored[:MOST_LABELS]]


def map_chart(section: MapSection, context: Context) -> Chart:
    """One correspondence map as a chart."""
    language = context.language
    points = map_points(section, context)
    shares = _shares(section)
    words = tuple(
        language.gettext(
            "Axis {number} ({share} of the differences)",
            number=axis + 1,
            share=language.share(shares[axis] if len(shares) > axis else None),
        )
        for axis in (0, 1)
    )
    alt = language.gettext(
        "Correspondence map “{title}”; points: {points}; two axes show {share} of the differences.",
        title=context.text(section.title),
        points=language.number(len(points)),
        share=language.share(sum(shares[:2])),
    )
    paint = paint_map(points, (words[0], words[1]), context.theme)
    return context.draw(f"map-{section.id}", MAP_SIZE, paint, alt)


SECTION = Section("maps", message("Correspondence maps"), build)
