"""The points of correspondence maps: what they are called, how large, how faded, how certain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from persona.analysis.map_tests import bootstrap_ellipses, group_ellipses
from persona.analysis.multiple_correspondence import MultipleCorrespondence
from persona.report.charts.maps import Point
from persona.report.locale import shortened
from persona.report.model import MapSection
from persona.report.sections.base import Context

if TYPE_CHECKING:
    import pandas as pd

MOST_LABELS = 34
"""Points drawn on a map; the table below it holds every one."""
_LARGEST, _SMALLEST, _FAINTEST = 9.0, 7.0, 0.55
_CLEAR = 0.5
"""From this cos² on a point is not faded."""
_MOST_ARROWS = 16


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
        coordinates, contributions, cos2 = self._pairs
        own = cos2[place] if place < len(cos2) else None
        return (
            *(coordinates[place] if place < len(coordinates) else (None, None)),
            *(contributions[place] if place < len(contributions) else (None, None)),
            sum(own) if own else None,
        )

    @cached_property
    def _pairs(self) -> tuple[list[tuple[float, float]], ...]:
        """The first two columns of coordinates, contributions and cos², row by row."""
        return tuple(
            _pair_rows(frame) for frame in (self.coordinates, self.contributions, self.cos2)
        )


@dataclass(frozen=True)
class Placed:
    """One point to draw, with its group and place in it; None for a segment laid on the map."""

    point: Point
    group: int | None = None
    place: int = 0


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
            return _with_question(context.text(texts), name, context)
    return names[-1]


def _with_question(text: str, name: str, context: Context) -> str:
    """An answer that holds no word, such as "0" or "(25,35]", after what was asked."""
    if any(letter.isalpha() for letter in text):
        return text
    variable = name.rpartition("=")[0]
    for question in context.report.profile.questions:
        if question.question == variable:
            return f"{shortened(context.text(question.text), 40)}: {text}"
    return text


def is_drawn(placed: Sequence[Placed]) -> set[tuple[int, int]]:
    """Group and place of every point that is drawn."""
    return {(one.group, one.place) for one in placed if one.group is not None}


def placed_points(section: MapSection, context: Context) -> tuple[Placed, ...]:
    """The points to draw: all of a small map, else those that make its axes, and every segment."""
    key = f"points of map {section.id}"
    if key not in context.built:
        context.built[key] = _with_ellipses(_most_telling(section, context), section, context)
    found = context.built[key]
    assert isinstance(found, tuple)
    return found


def _most_telling(section: MapSection, context: Context) -> tuple[Placed, ...]:
    scored: list[tuple[float, Placed]] = []
    found = groups(section, context)
    most = max((score for group in found for score in _scores(group)), default=0.0)
    for sort, group in enumerate(found):
        for place, (key, score) in enumerate(
            zip(group.coordinates.index, _scores(group), strict=True)
        ):
            segment = segment_of(section, key, context)
            x, y, first, second, quality = group.figures(place)
            text = label(section, key, context)
            share = (score / most) ** 0.5 if most > 0 else 0.0
            point = Point(
                x or 0.0,
                y or 0.0,
                text,
                context.theme.colours["accent" if sort == 0 else "muted"],
                _tip(text, first, second, quality, context),
                marker=("o", "D", "^")[min(sort, 2)],
                area=14 + 40 * share,
                size=_SMALLEST + (_LARGEST - _SMALLEST) * share,
                opacity=_opacity(quality),
            )
            if segment:
                point = replace(
                    point,
                    colour=context.colour(segment),
                    marker="o",
                    area=95,
                    strong=True,
                    opacity=1.0,
                )
            scored.append((10.0 if segment else score, Placed(point, sort, place)))
    scored.sort(key=lambda one: -one[0])
    return tuple(placed for _, placed in scored[:MOST_LABELS])


def _scores(group: Group) -> list[float]:
    """What each point contributes to the axis that it shapes most."""
    if group.contributions is None:
        return [0.0] * len(group.coordinates)
    values = np.nan_to_num(group.contributions.iloc[:, :2].to_numpy(dtype=float))
    return [float(score) for score in values.max(axis=1)]


def _opacity(quality: float | None) -> float:
    if quality is None:
        return 1.0
    return _FAINTEST + (1 - _FAINTEST) * min(max(quality, 0.0) / _CLEAR, 1.0)


def _tip(
    text: str, first: float | None, second: float | None, quality: float | None, context: Context
) -> str:
    language = context.language
    if first is None:
        return language.gettext(
            "{name}: passive, cos² {quality}", name=text, quality=language.number(quality, 2)
        )
    return language.gettext(
        "{name}: contributes {first} and {second} to the axes, cos² {quality}",
        name=text,
        first=language.share(first, 1),
        second=language.share(second, 1),
        quality=language.number(quality, 2),
    )


def _with_ellipses(
    drawn: tuple[Placed, ...], section: MapSection, context: Context
) -> tuple[Placed, ...]:
    """The segments with the ellipse that holds 95 % of their places in other samples."""
    if section.map.eigenvalues.shape[0] < 2:
        return drawn
    if isinstance(section.map, MultipleCorrespondence):
        return (*drawn, *_segments_of_answers(section.id, section.map, context))
    found = []
    ellipses = context.once(
        f"ellipses of map {section.id}", lambda: _table_ellipses(section, context)
    )
    names = {
        (group, place): str(key)
        for group, part in enumerate(groups(section, context))
        for place, key in enumerate(part.coordinates.index)
    }
    for one in drawn:
        name = names.get((one.group if one.group is not None else -1, one.place), "")
        if one.point.strong and name in ellipses:
            one = replace(one, point=replace(one.point, spread=ellipses[name]))
        found.append(one)
    return tuple(found)


def _table_ellipses(section: MapSection, context: Context) -> dict[str, tuple[float, float, float]]:
    """Ellipses of the segments that are rows or columns of a table of counts."""
    found = section.map
    assert not isinstance(found, MultipleCorrespondence)
    profile = context.report.profile
    answers = float(found.table.to_numpy(dtype=float).sum())
    size = answers * min(profile.effective_n / max(profile.n, 1), 1.0)
    made: dict[str, tuple[float, float, float]] = {}
    for side, frame in (("row", found.row_coordinates), ("column", found.column_coordinates)):
        if not any(segment_of(section, key, context) for key in frame.index):
            continue
        ellipses = bootstrap_ellipses(found, side, n=size, seed=context.report.seed)
        made |= {str(key): shape for key, shape in _shapes(ellipses)}
    return made


def _shapes(ellipses: pd.DataFrame) -> Iterator[tuple[object, tuple[float, float, float]]]:
    for key, line in ellipses.iterrows():
        yield key, (2 * float(line["major"]), 2 * float(line["minor"]), float(line["angle"]))


def _segments_of_answers(
    map_id: str, found: MultipleCorrespondence, context: Context
) -> list[Placed]:
    """The mean of each segment's respondents on a map of answers, with its ellipse."""
    ellipses = context.once(f"ellipses of map {map_id}", lambda: _group_ellipses(found, context))
    if ellipses is None:
        return []
    placed = []
    places = zip(_shapes(ellipses), ellipses["x"].tolist(), ellipses["y"].tolist(), strict=True)
    for (key, shape), x, y in sorted(places, key=lambda one: int(str(one[0][0]))):
        segment = int(str(key))
        text = context.name(segment)
        tip = context.language.gettext("{name}: mean of its respondents", name=text)
        point = Point(x, y, text, context.colour(segment), tip, area=95, strong=True, spread=shape)
        placed.append(Placed(point))
    return placed


def _group_ellipses(found: MultipleCorrespondence, context: Context) -> pd.DataFrame | None:
    labels = context.report.segmentation.labels.reindex(found.row_coordinates.index)
    if labels.notna().sum() == 0:
        return None
    groups_of = [None if value != value else int(value) for value in labels.astype("float64")]
    return group_ellipses(found.row_coordinates, groups_of, seed=context.report.seed)


def biplot_points(section: MapSection, context: Context) -> list[Point]:
    """Points of the contribution biplot (Greenacre 2013): arrows as long as they contribute.

    Each active point of the longer side is the arrow sign(coordinate) sqrt(contribution) on both
    axes; the points of the other side, or the segments, stand where the map has them.
    """
    found = groups(section, context)
    drawn = placed_points(section, context)
    arrows = max(
        (sort for sort, group in enumerate(found) if group.contributions is not None),
        key=lambda sort: (not _holds_segments(section, found[sort], context), -sort),
    )
    others = [one.point for one in drawn if one.group is None or one.point.strong] or [
        one.point for one in drawn if one.group != arrows
    ]
    # Those drawn stand in the order of what they contribute.
    chosen = [one for one in drawn if one.group == arrows][:_MOST_ARROWS]
    lengths = []
    for one in chosen:
        _, _, first, second, _ = found[arrows].figures(one.place)
        lengths.append(
            (
                np.sign(one.point.x) * max(first or 0.0, 0.0) ** 0.5,
                np.sign(one.point.y) * max(second or 0.0, 0.0) ** 0.5,
            )
        )
    longest = max((float(np.hypot(x, y)) for x, y in lengths), default=0.0)
    reach = max((float(np.hypot(one.x, one.y)) for one in others), default=longest)
    # One factor for all arrows brings both sides to one scale; directions stay.
    scale = reach / longest if longest > 0 and reach > 0 else 1.0
    return [
        *others,
        *(
            replace(one.point, x=x * scale, y=y * scale, arrow=True, area=9)
            for one, (x, y) in zip(chosen, lengths, strict=True)
        ),
    ]


def _holds_segments(section: MapSection, group: Group, context: Context) -> bool:
    return any(segment_of(section, key, context) for key in group.coordinates.index)


def shares_of(section: MapSection) -> list[float]:
    """Shares of the axes; those of multiple maps adjusted after Greenacre."""
    found = section.map
    shares = (
        found.greenacre["share"] if isinstance(found, MultipleCorrespondence) else found.explained
    )
    return [float(share) for share in shares]


def _pair_rows(frame: pd.DataFrame | None) -> list[tuple[float, float]]:
    if frame is None:
        return []
    values = frame.iloc[:, :2].to_numpy(dtype=float).tolist()
    return [(row[0], row[1] if len(row) > 1 else 0.0) for row in values]
