"""An abstract portrait of a segment, drawn from its figures alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, pi, sin

from persona.report.charts.factors import blend
from persona.report.theme import Theme


@dataclass(frozen=True)
class Petal:
    """One statement: how far out it reaches (0 to 1), and whether it is more than the others."""

    reach: float
    more: bool
    block: int


def portrait(
    petals: Sequence[Petal], share: float, colour: str, theme: Theme, alt: str, size: int = 120
) -> str:
    """Petals round a disc, one a statement; the ring is the segment's share of all.

    A petal is as long as its figure is high: filled where the segment is above the others, an
    outline where it is below; the three depths of colour are the three blocks.
    """
    tones = [colour, blend(theme.colours["paper"], colour, 0.62), theme.colours["muted"]]
    parts = [
        f'<circle cx="60" cy="60" r="56" fill="{blend(theme.colours["paper"], colour, 0.09)}"/>',
        _ring(share, colour, blend(theme.colours["paper"], colour, 0.22)),
    ]
    for place, petal in enumerate(petals):
        parts.append(_petal(place, len(petals), petal, tones[petal.block % 3]))
    parts.append(f'<circle cx="60" cy="60" r="9" fill="{colour}"/>')
    return (
        f'<svg class="portrait" width="{size}" height="{size}" viewBox="0 0 120 120" role="img" '
        f'aria-label="{escape(alt, quote=True)}">{"".join(parts)}</svg>'
    )


def _petal(place: int, count: int, petal: Petal, colour: str) -> str:
    angle = 2 * pi * place / max(count, 1) - pi / 2
    reach = 19 + 28 * min(max(petal.reach, 0.0), 1.0)
    half = min(pi / max(count, 3) * 0.95, 0.5)
    tip = _at(reach, angle)
    left, right = _at(reach * 0.78, angle - half), _at(reach * 0.78, angle + half)
    foot = _at(11, angle)
    shape = f"M{foot} Q{left} {tip} Q{right} {foot} Z"
    if petal.more:
        return f'<path d="{shape}" fill="{colour}"/>'
    return f'<path d="{shape}" fill="none" stroke="{colour}" stroke-width="1.4"/>'


def _at(radius: float, angle: float) -> str:
    return f"{60 + radius * cos(angle):.1f},{60 + radius * sin(angle):.1f}"


def _ring(share: float, colour: str, rest: str) -> str:
    share = min(max(share, 0.0), 0.9999)
    end = _at(52, 2 * pi * share - pi / 2)
    large = 1 if share > 0.5 else 0
    return (
        f'<circle cx="60" cy="60" r="52" fill="none" stroke="{rest}" stroke-width="4"/>'
        f'<path d="M60,8 A52,52 0 {large} 1 {end}" fill="none" stroke="{colour}" '
        'stroke-width="4"/>'
    )
