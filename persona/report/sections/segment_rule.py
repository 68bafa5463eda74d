"""Segments that a rule made: where bands and classes begin, how fifths are cut."""

from __future__ import annotations

import math

from persona.report.locale import NOTHING, Language
from persona.report.sections.base import Context
from persona.report.sections.grid import Grid, GridRow, segment_row
from persona.report.sections.segment_labels import basis_labels, label_of

FIFTHS = (2, 3, 4, 5)


def was_searched(context: Context) -> bool:
    """Whether the segments were looked for, so that there is evidence for and against them."""
    segmentation = context.report.segmentation
    return str(segmentation.verdict) != "given" and len(segmentation.candidates) > 0


def limits_grid(context: Context) -> Grid | None:
    """Where each segment of bands or of ABC lies, or the fifths of recency, frequency, money."""
    table = context.report.segmentation.tables.get("limits")
    if table is None or not len(table):
        return None
    if "fifth" in table:
        return _fifths(context)
    # joined segments begin nowhere in particular
    own = {size.segment for size in context.report.profile.segments}
    return _ranges(context) if set(table["segment"]) == own else None


def _ranges(context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    table = context.report.segmentation.tables["limits"].set_index("segment")
    rows = [
        segment_row(
            context,
            size.segment,
            [
                _written(value, language)
                for value in (float(table["low"][size.segment]), float(table["high"][size.segment]))
            ],
        )
        for size in context.report.profile.segments
    ]
    heads = (say("Segment"), say("From"), say("To under"))
    return Grid(say("Where the segments begin"), heads, tuple(rows))


def _written(value: float, language: Language) -> str:
    """A limit, without decimals where it has none; nothing where there is no limit."""
    if not math.isfinite(value):
        return NOTHING
    return language.number(value, 0 if value == int(value) else 2)


def _fifths(context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    table, labels = context.report.segmentation.tables["limits"], basis_labels(context)
    rows = []
    for basis in table["basis"].unique():
        lows = table[table["basis"] == basis].set_index("fifth")["low"]
        cells = tuple(_written(float(lows[fifth]), language) for fifth in FIFTHS)
        rows.append(GridRow(label_of(basis, labels, context), cells))
    heads = (say("Basis"), *(say("Fifth {number} from", number=fifth) for fifth in FIFTHS))
    return Grid(say("Where the fifths begin"), heads, tuple(rows))
