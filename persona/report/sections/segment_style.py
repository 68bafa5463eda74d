"""Response style: what of the segments is how people use a scale, and the centred division."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona.report.sections.base import Context, letter
from persona.report.sections.grid import Grid, GridRow, segment_row
from persona.report.sections.segment_labels import basis_labels, label_of
from persona.report.sections.segment_profile import scales
from persona.segmentation.style import LARGE, SAME


@dataclass(frozen=True)
class StyleView:
    """What was measured in words, and both divisions side by side."""

    lead: str
    sentences: tuple[str, ...]
    sizes: Grid | None
    centres: Grid | None
    note: str


def style_view(context: Context) -> StyleView | None:
    """Response style, where the bases are scales enough to tell it."""
    tables = context.report.segmentation.tables
    if "response_style" not in tables:
        return None
    figures = tables["response_style"]["value"].astype(float).tolist()
    shift, stretch, means, spreads, agreement = figures[:5]
    say = context.language.gettext
    if shift + stretch < LARGE:
        lead = say(
            "The segments differ in what they think, not in how they use the scale: the own mean "
            "and spread make {share:.0%} of their difference.",
            share=shift + stretch,
        )
    elif agreement >= SAME:
        lead = say(
            "The segments differ much in how high or wide they answer ({share:.0%} of their "
            "difference), yet the same people stay together when that is taken out.",
            share=shift + stretch,
        )
    else:
        lead = say(
            "Beware: {share:.0%} of the difference between the segments is how high or wide "
            "people answer, and without it they would be divided differently. Look at both "
            "divisions before you build on one.",
            share=shift + stretch,
        )
    sentences = (
        say(
            "Of the difference between the segments, {shift:.0%} is that some answer higher to "
            "everything (the own mean) and {stretch:.0%} that some use more of the scale (the own "
            "spread).",
            shift=shift,
            stretch=stretch,
        ),
        say(
            "Which segment people are in tells {means:.0%} of how high they answer and "
            "{spreads:.0%} of how wide.",
            means=means,
            spreads=spreads,
        ),
        say(
            "With each respondent’s own mean taken out, the division agrees at {agreement:.2f} "
            "with the one reported (adjusted Rand index; 1 the same, 0 as by chance).",
            agreement=agreement,
        ),
    )
    sizes, centres = _grids(tables.get("centred"), context)
    note = say(
        "Nothing was centred in the segments of this report. To divide centred answers, write "
        "“centre: true” under segmentation in the study file."
    )
    return StyleView(lead, sentences, sizes, centres, note)


def _grids(table: pd.DataFrame | None, context: Context) -> tuple[Grid | None, Grid | None]:
    """Sizes and centres of both divisions; none for segments that were joined."""
    segments = [size.segment for size in context.report.profile.segments]
    if table is None or sorted(table["segment"].unique()) != segments:
        return None, None
    say, language = context.language.gettext, context.language
    first = table.drop_duplicates("segment").set_index("segment")
    away = _distance(table, context)
    rows = [
        segment_row(
            context,
            one,
            (
                language.share(float(first["share"].loc[one]), 1),
                language.share(float(first["share_centred"].loc[one]), 1),
                language.number(away[one], 2),
            ),
        )
        for one in segments
    ]
    heads = (say("Segment"), say("Size"), say("Size, centred"), say("Profiles alike"))
    sizes = Grid(say("Both divisions: sizes"), heads, tuple(rows))
    return sizes, _centres(table, segments, context)


def _distance(table: pd.DataFrame, context: Context) -> dict[int, float]:
    """Correlation over the bases of each segment with its counterpart in the centred division."""
    known, found = scales(context), {}
    for segment, part in table.groupby("segment"):
        spans = np.array(
            [known[name].high - known[name].low if name in known else 1.0 for name in part["basis"]]
        )
        one = part["value"].to_numpy(dtype=float) / spans
        two = part["value_centred"].to_numpy(dtype=float) / spans
        flat = len(one) < 2 or one.std() == 0 or two.std() == 0
        found[int(str(segment))] = float("nan") if flat else float(np.corrcoef(one, two)[0, 1])
    return found


def _centres(table: pd.DataFrame, segments: list[int], context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    labels, known = basis_labels(context), scales(context)
    rows = []
    for basis in dict.fromkeys(table["basis"]):
        mine = table[table["basis"] == basis].set_index("segment")
        cells = []
        for one in segments:
            for column in ("value", "value_centred"):
                value = float(mine[column].loc[one])
                scale = known.get(basis)
                cells.append(scale.write(value, language) if scale else language.number(value, 2))
        rows.append(GridRow(label_of(basis, labels, context), tuple(cells)))
    heads = [say("Question")]
    for one in segments:
        heads += [letter(one), say("{letter} centred", letter=letter(one))]
    return Grid(say("Both divisions: means of the answers as given"), tuple(heads), tuple(rows))
