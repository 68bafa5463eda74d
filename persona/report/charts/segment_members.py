"""Pictures of respondents in their segments: certainty, silhouettes, and where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin

from persona.report.charts.measure import text_width
from persona.report.charts.shapes import (
    Area,
    Mark,
    Picture,
    Shape,
    Step,
    Words,
    box,
    disc,
    ellipse,
    line,
    polygon,
)
from persona.report.charts.wrapping import within
from persona.report.theme import Theme

WIDTH = 576.0
_LEFT, _RIGHT = 170.0, 70.0


@dataclass(frozen=True)
class Bands:
    """One segment divided by how certain its members are; ``parts`` are shares with their tips."""

    label: str
    colour: str
    parts: tuple[tuple[float, str], ...]
    figure: str


BAND_OPACITY = (1.0, 0.62, 0.36, 0.16)


def bands_picture(
    rows: Sequence[Bands], words: Sequence[str], heading: str, theme: Theme
) -> Picture:
    """Bars of full length, one a segment, the certain to the left; a figure at the end of each."""
    top, step = 46.0, 32.0
    width = WIDTH - _LEFT - _RIGHT
    shapes: list[Shape] = [*_key(words, theme)]
    shapes += within(WIDTH, 18, heading, 96, theme.colours["muted"], 11, "end")
    for place, row in enumerate(rows):
        y = top + step * (place + 0.5)
        shapes += within(_LEFT - 12, y, row.label, _LEFT - 14, theme.colours["ink"], 12, "end")
        left = _LEFT
        for (share, tip), opacity in zip(row.parts, BAND_OPACITY, strict=True):
            if share <= 0:
                continue
            part = box(left, y - 10, width * share, 20, row.colour, opacity)
            shapes.append(Mark((part,), tip))
            left += width * share
        shapes.append(Words(WIDTH, y + 4, row.figure, theme.colours["ink"], 12, "end", bold=True))
    return Picture(WIDTH, top + step * len(rows) + 6, tuple(shapes), columns=1)


def _key(words: Sequence[str], theme: Theme) -> list[Shape]:
    x = 0.0
    shapes: list[Shape] = []
    for word, opacity in zip(words, BAND_OPACITY, strict=True):
        shapes.append(box(x, 8, 13, 11, theme.colours["muted"], opacity))
        shapes.append(Words(x + 18, 18, word, theme.colours["muted"], 11))
        x += 34 + text_width(word, 11)
    return shapes


@dataclass(frozen=True)
class Widths:
    """Silhouettes of one segment from the largest down, at evenly spread members."""

    label: str
    colour: str
    values: tuple[float, ...]
    n: int
    figure: str
    tip: str


def silhouette_picture(
    rows: Sequence[Widths], mean: float, words: tuple[str, str], theme: Theme
) -> Picture:
    """One outline a segment, as high as it has members; left of zero another segment is nearer.

    ``words`` are said of the line of the mean and of the side left of zero.
    """
    top, gap, bottom = 28.0, 8.0, 10.0
    total = sum(row.n for row in rows)
    room = max(190.0, 34.0 * len(rows))
    low = min([min(row.values) for row in rows] + [-0.1])
    high = max([max(row.values) for row in rows] + [0.3])
    width = WIDTH - _LEFT - _RIGHT

    def at(value: float) -> float:
        return _LEFT + width * (value - low) / (high - low)

    height = top + room + gap * (len(rows) - 1) + bottom
    muted, ink = theme.colours["muted"], theme.colours["ink"]
    shapes: list[Shape] = []
    y = top
    for row in rows:
        tall = room * row.n / total
        corners = [(at(0.0), y)]
        for place, value in enumerate(row.values):
            share = place / len(row.values), (place + 1) / len(row.values)
            corners += [(at(value), y + tall * part) for part in share]
        corners.append((at(0.0), y + tall))
        shapes.append(Mark((polygon(corners, row.colour),), row.tip))
        shapes += within(_LEFT - 12, y + tall / 2, row.label, _LEFT - 14, ink, 12, "end")
        shapes.append(Words(WIDTH, y + tall / 2 + 4, row.figure, ink, 12, "end", bold=True))
        y += tall + gap
    shapes.append(line([(at(0.0), top - 6), (at(0.0), height - bottom + 6)], ink, 1.0))
    shapes.append(line([(at(mean), top - 6), (at(mean), height - bottom + 6)], ink, 1.2, (4, 4)))
    shapes.append(Words(at(mean) + 4, 16, words[0], muted, 11))
    shapes.append(Words(at(0.0) - 4, 16, words[1], muted, 11, "end"))
    return Picture(WIDTH, height, tuple(shapes))


@dataclass(frozen=True)
class Cloud:
    """Members of one segment on two components, its centre, and the ellipse of half of them.

    ``spread`` holds the two half axes as vectors.
    """

    letter: str
    name: str
    colour: str
    points: tuple[tuple[float, float], ...]
    centre: tuple[float, float]
    spread: tuple[tuple[float, float], tuple[float, float]] | None
    tip: str


def separation_picture(clouds: Sequence[Cloud], words: tuple[str, str], theme: Theme) -> Picture:
    """Respondents as small signs, by colour and shape of their segment; axes of equal scale."""
    width, height = 710.0, 470.0
    left, top, right, bottom = 30.0, 8.0, 168.0, 30.0
    xs = [x for cloud in clouds for x, _ in cloud.points]
    ys = [y for cloud in clouds for _, y in cloud.points]
    inner, tall = width - left - right, height - top - bottom
    scale = min(inner / (max(xs) - min(xs) or 1.0), tall / (max(ys) - min(ys) or 1.0)) * 0.96
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return (
            left + inner / 2 + (point[0] - middle[0]) * scale,
            top + tall / 2 - (point[1] - middle[1]) * scale,
        )

    rule, muted, ink = (theme.colours[name] for name in ("line", "muted", "ink"))
    frame = [(left, top), (left + inner, top), (left + inner, top + tall), (left, top + tall)]
    shapes: list[Shape] = [line([*frame, frame[0]], rule)]
    shapes += [
        _signs(place, cloud, [at(one) for one in cloud.points])
        for place, cloud in enumerate(clouds)
    ]
    for cloud in clouds:
        if cloud.spread is not None:
            (a, b), (c, d) = cloud.spread
            first, second = (a * scale, -b * scale), (c * scale, -d * scale)
            shapes.append(ellipse(*at(cloud.centre), first, second, stroke=cloud.colour, width=1.8))
    for place, cloud in enumerate(clouds):
        x, y = at(cloud.centre)
        badge = disc(x, y, 11, cloud.colour, theme.colours["paper"], 1.5)
        shapes.append(
            Mark((badge, Words(x, y + 4.5, cloud.letter, "#fefefe", 13, "middle", True)), cloud.tip)
        )
        key = top + 14 + 34 * place
        shapes.append(_signs(place, cloud, [(left + inner + 18, key)], 5.0, 1.0))
        label = f"{cloud.letter}  {cloud.name}"
        shapes += within(left + inner + 30, key, label, 134, ink, 11)
    shapes.append(Words(left + inner / 2, height - 10, words[0], muted, 12, "middle"))
    # upright at the top of its axis, where it need not be read sideways
    shapes.append(Words(left + 6, top + 16, f"↑ {words[1]}", muted, 12))
    return Picture(width, max(height, top + 34.0 * len(clouds)), tuple(shapes))


def _signs(
    place: int,
    cloud: Cloud,
    points: Sequence[tuple[float, float]],
    radius: float = 2.6,
    opacity: float = 0.5,
) -> Area:
    """All members of one segment as one shape of many small signs."""
    corners, turn, deep = _SIGNS[place % len(_SIGNS)]
    steps: list[Step] = []
    for x, y in points:
        for corner in range(corners):
            angle = radians(turn) + 2 * pi * corner / corners
            reach = radius * (deep if corner % 2 else 1.25)
            spot = (x + reach * cos(angle), y + reach * sin(angle))
            steps.append(("L" if corner else "M", spot))
        steps.append(("Z", ()))
    return Area(tuple(steps), cloud.colour, opacity=opacity)


_SIGNS = (
    (8, 22.5, 1.25),  # disc
    (4, 45.0, 1.25),  # square
    (3, -90.0, 1.25),  # triangle
    (4, 0.0, 1.25),  # diamond
    (3, 90.0, 1.25),  # triangle on its tip
    (10, -90.0, 0.55),  # star
    (8, 0.0, 0.45),  # cross
    (6, 0.0, 1.25),  # hexagon
)
"""Corners, turn in degrees, and how far every other corner lies in."""
