"""Segments across their number: which split from which, and how they came together."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persona.report.charts.shapes import Area, Mark, Picture, Shape, Words, box, line
from persona.report.theme import Theme

WIDTH, _HEIGHT, _TOP, _BAR, _GAP = 710.0, 330.0, 40.0, 26.0, 5.0
_SIDE = 22.0


@dataclass(frozen=True)
class Node:
    """One segment of a number of segments.

    ``share`` of all (0 to 1), ``steady`` its stability across (0 to 1, None in the first column),
    ``chosen`` belongs to the number taken, ``label`` stands in it.
    """

    k: int
    segment: int
    share: float
    steady: float | None
    colour: str
    label: str
    chosen: bool
    tip: str


@dataclass(frozen=True)
class Flow:
    """Respondents who go from a segment to one of the next column, as a share of all."""

    k: int
    segment: int
    next_segment: int
    share: float


def lineage_picture(
    nodes: Sequence[Node], flows: Sequence[Flow], words: Mapping[int, str], theme: Theme
) -> Picture:
    """Columns of bars joined by ribbons; the deeper a bar, the more its members stayed together.

    ``words`` head the columns, by number of segments.
    """
    ks = sorted({node.k for node in nodes})
    step = (WIDTH - 2 * _SIDE - _BAR) / max(len(ks) - 1, 1)
    left = {k: _SIDE + place * step for place, k in enumerate(ks)}
    tops = _placed(nodes, flows, ks)
    shapes: list[Shape] = [*_ribbons(nodes, flows, ks, left, tops)]
    for k in ks:
        chosen = any(node.chosen for node in nodes if node.k == k)
        colour = theme.colours["ink" if chosen else "muted"]
        shapes.append(Words(left[k] + _BAR / 2, 16, words[k], colour, 12, "middle", chosen))
        if chosen:
            ends = [(left[k] - 4, 24), (left[k] + _BAR + 4, 24)]
            shapes.append(line(ends, theme.colours["ink"], 2.0))
    scale = _scale(nodes, ks)
    for node in nodes:
        shapes.append(_bar(node, left[node.k], tops[node.k, node.segment], scale, theme))
    return Picture(WIDTH, _TOP + _HEIGHT + 6, tuple(shapes), columns=1)


def _scale(nodes: Sequence[Node], ks: Sequence[int]) -> float:
    most = max(sum(node.k == k for node in nodes) for k in ks)
    return _HEIGHT - _GAP * (most - 1)


def _placed(
    nodes: Sequence[Node], flows: Sequence[Flow], ks: Sequence[int]
) -> dict[tuple[int, int], float]:
    """The top of each bar, in the order of where members came from so that lines keep apart."""
    scale = _scale(nodes, ks)
    middle: dict[tuple[int, int], float] = {}
    tops: dict[tuple[int, int], float] = {}
    for place, k in enumerate(ks):
        here = [node for node in nodes if node.k == k]
        if place:
            origins = {node: _origin(node, flows, ks[place - 1], middle) for node in here}
            here = sorted(here, key=origins.__getitem__)
        used = sum(node.share for node in here) * scale + _GAP * (len(here) - 1)
        y = _TOP + (_HEIGHT - used) / 2
        for node in here:
            tops[k, node.segment] = y
            middle[k, node.segment] = y + node.share * scale / 2
            y += node.share * scale + _GAP
    return tops


def _origin(
    node: Node, flows: Sequence[Flow], before: int, middle: Mapping[tuple[int, int], float]
) -> tuple[float, int]:
    into = [flow for flow in flows if flow.k == before and flow.next_segment == node.segment]
    total = sum(flow.share for flow in into) or 1.0
    mean = sum(flow.share * middle[before, flow.segment] for flow in into) / total
    return mean, node.segment


def _ribbons(
    nodes: Sequence[Node],
    flows: Sequence[Flow],
    ks: Sequence[int],
    left: Mapping[int, float],
    tops: Mapping[tuple[int, int], float],
) -> list[Area]:
    scale = _scale(nodes, ks)
    following = dict(itertools.pairwise(ks))
    colour = {(node.k, node.segment): node.colour for node in nodes}
    out: dict[tuple[int, int], float] = {}
    into: dict[tuple[int, int], float] = {}
    found = []
    for flow in sorted(
        (flow for flow in flows if flow.k in following),
        key=lambda f: (f.k, tops[f.k, f.segment], tops[following[f.k], f.next_segment]),
    ):
        source = (flow.k, flow.segment)
        target = (following[flow.k], flow.next_segment)
        thick = flow.share * scale
        out.setdefault(source, tops[source])
        into.setdefault(target, tops[target])
        found.append(
            _ribbon(
                (left[flow.k] + _BAR, out[source]),
                (left[target[0]], into[target]),
                thick,
                colour[target],
            )
        )
        out[source] += thick
        into[target] += thick
    return found


def _ribbon(
    start: tuple[float, float], end: tuple[float, float], thick: float, colour: str
) -> Area:
    (x, y), (u, v) = start, end
    bend = (u - x) * 0.45
    steps = (
        ("M", (x, y)),
        ("C", (x + bend, y, u - bend, v, u, v)),
        ("L", (u, v + thick)),
        ("C", (u - bend, v + thick, x + bend, y + thick, x, y + thick)),
        ("Z", ()),
    )
    return Area(steps, colour, opacity=0.17)


def _bar(node: Node, left: float, top: float, scale: float, theme: Theme) -> Mark:
    height = max(node.share * scale, 1.5)
    opacity = 0.5 if node.steady is None else 0.32 + 0.68 * node.steady
    shapes: list[Area | Words] = [box(left, top, _BAR, height, node.colour, opacity)]
    if node.label:
        ink, middle = theme.colours["ink"], top + height / 2 + 4.5
        shapes.append(Words(left + _BAR + 5, middle, node.label, ink, 13, bold=True))
    return Mark(tuple(shapes), node.tip)
