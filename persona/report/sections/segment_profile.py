"""What the segments answered to the questions that made them, with what marks each."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from persona.report.charts.canvas import Chart
from persona.report.charts.segment_profile import (
    ProfileCell,
    ProfileHead,
    ProfileRow,
    profile_picture,
)
from persona.report.charts.shapes import chart
from persona.report.locale import Language
from persona.report.sections.base import Context, letter
from persona.report.sections.factor_figures import pieces
from persona.report.sections.segment_labels import basis_labels, label_of

MOST_ALT = 12
"""Markers named in the alternative text of one picture."""


@dataclass(frozen=True)
class Scale:
    """How one basis is drawn and written: a share, a scale from and to, or a score about zero."""

    kind: str
    low: float
    high: float
    origin: float

    def write(self, value: float, language: Language) -> str:
        """A figure of this basis."""
        if self.kind == "share":
            return language.share(value)
        return language.number(value, 1 if abs(value) >= 10 else 2)


def profile_charts(context: Context) -> tuple[Chart, ...]:
    """The profile pictures, as many as the bases need; none without bases or with one segment."""
    table = getattr(context.report.segmentation.evidence, "markers", None)
    if table is None or not len(table) or table["segment"].nunique() < 2:
        return ()
    values = table.pivot(index="basis", columns="segment", values="value")
    values = values.loc[list(dict.fromkeys(table["basis"]))]
    order = _ordered(values.to_numpy(dtype=float))
    return tuple(
        _chart(number, [values.index[i] for i in items], context)
        for number, items in enumerate(pieces(order), 1)
    )


def profile_note(context: Context) -> str:
    """How the picture is read."""
    return context.language.gettext(
        "The questions that made the segments, those that set a segment apart first. Bars are the "
        "segment, dots all respondents. What marks a segment is in full colour with an arrow and "
        "its figure: at least 25 percent points from all or half as much again (Dolnicar, Grün & "
        "Leisch 2018), half a standard deviation where scores lie about zero."
    )


def _ordered(values: np.ndarray) -> list[int]:
    """Rows by the segment they are highest in, the clearest first, so that they form steps."""
    middle = np.nanmean(values, axis=1, keepdims=True)
    spread = np.maximum(np.nanstd(values, axis=1, keepdims=True), 1e-9)
    gaps = (values - middle) / spread
    home = np.nanargmax(np.where(np.isnan(gaps), -np.inf, gaps), axis=1)
    # Shares and scales alike: by how far the highest stands out from the others.
    height = np.nanmax(values, axis=1) - middle[:, 0]
    return sorted(range(len(values)), key=lambda i: (home[i], -height[i], i))


def scales(context: Context) -> dict[Hashable, Scale]:
    """The scale of every basis, from the answers it was made from."""
    segmentation = context.report.segmentation
    table = segmentation.evidence.markers
    found: dict[Hashable, Scale] = {}
    scores = []
    for column in segmentation.columns:
        own = table.loc[table["basis"] == column.name, ["value", "total"]].to_numpy(dtype=float)
        if column.kind == "nominal":
            for level in column.levels:
                found[f"{column.name} = {level}"] = Scale("share", 0.0, 1.0, 0.0)
        elif column.kind == "binary" and set(map(str, column.levels)) <= {"0", "1", "0.0", "1.0"}:
            found[column.name] = Scale("share", 0.0, 1.0, 0.0)
        elif column.kind in ("ordinal", "binary"):
            measured = column.measured
            low, high = float(np.nanmin(measured)), float(np.nanmax(measured))
            found[column.name] = Scale("scale", low, high, low)
        elif np.nanmin(column.measured) < 0:
            scores.append(column.name)
            found[column.name] = Scale("score", -1.0, 1.0, 0.0)
        else:
            found[column.name] = Scale("amount", 0.0, float(own.max(initial=1e-9)), 0.0)
    if scores:
        rows = table["basis"].isin(scores)
        most = float(table.loc[rows, ["value", "total"]].abs().to_numpy().max(initial=1e-9))
        found |= {name: Scale("score", -most, most, 0.0) for name in scores}
    shares = [name for name, scale in found.items() if scale.kind == "share"]
    if shares:
        rows = table["basis"].isin(shares)
        most = float(table.loc[rows, ["value", "total"]].to_numpy().max(initial=0.01))
        found |= {name: Scale("share", 0.0, most, 0.0) for name in shares}
    return found


def _chart(number: int, bases: list[Hashable], context: Context) -> Chart:
    name = "segment-profile" + (f"-{number}" if number > 1 else "")
    if name in context.charts:
        return context.charts[name]
    say, language = context.language.gettext, context.language
    labels, known = basis_labels(context), scales(context)
    table = context.report.segmentation.evidence.markers
    rows, marked = [], []
    for basis in bases:
        text = label_of(basis, labels, context)
        scale = known.get(basis, Scale("amount", 0.0, 1.0, 0.0))
        cells = []
        mine = table[table["basis"] == basis].sort_values("segment")
        for segment, value, total, marker in zip(
            mine["segment"], mine["value"], mine["total"], mine["marker"], strict=True
        ):
            way = (1 if value > total else -1) if marker else 0
            tip = say(
                "{name}, “{item}”: {value}, all {total}",
                name=context.name(int(segment)),
                item=text,
                value=scale.write(value, language),
                total=scale.write(total, language),
            )
            cells.append(ProfileCell(float(value), scale.write(value, language), way, tip))
            if way:
                marked.append((abs(value - total) / max(scale.high - scale.low, 1e-9), tip))
        total = float(mine["total"].iloc[0])
        rows.append(ProfileRow(text, scale.low, scale.high, scale.origin, total, tuple(cells)))
    picture = profile_picture(rows, _heads(context), _words(context), context.theme)
    telling = [tip for _, tip in sorted(marked, key=lambda one: -one[0])][:MOST_ALT]
    alt = say(
        "Profiles of the segments; bases: {bases}, markers: {markers}. {list}",
        bases=language.number(len(rows)),
        markers=language.number(len(marked)),
        list="; ".join(telling),
    )
    context.charts[name] = chart(name, picture, alt)
    return context.charts[name]


def _heads(context: Context) -> list[ProfileHead]:
    return [
        ProfileHead(
            letter(size.segment),
            context.name(size.segment),
            context.language.share(size.share),
            context.colour(size.segment),
        )
        for size in context.report.profile.segments
    ]


def _words(context: Context) -> tuple[str, str, str, str]:
    say = context.language.gettext
    return (say("in the segment"), say("all respondents"), say("marker, more"), say("marker, less"))
