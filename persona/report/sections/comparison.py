"""Comparison: any two segments side by side, the largest differences first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from persona.report.locale import message
from persona.report.sections.base import SCREEN, Context, Section, letter
from persona.report.sections.tables import cell_text, statistic_word


@dataclass(frozen=True)
class Comparison:
    """The segments to choose from and the figures that the page compares.

    ``data`` is plain: ``segments`` with letter, name and colour; ``rows`` with question, answer,
    figures as printed, ``values`` (None when there is none) and ``spread``, by which differences
    are ranked: percents by 100, scales by their length.
    """

    segments: tuple[tuple[int, str], ...]
    data: dict[str, Any]


def build(context: Context) -> Comparison | None:
    """The figures of every segment, ready to be compared two at a time."""
    sizes = context.report.profile.segments
    if len(sizes) < 2:
        return None
    rows = []
    for question in context.report.profile.questions:
        low, high = question.scale_minimum, question.scale_maximum
        for row in question.rows:
            values = [cell.value for cell in row.cells]
            if row.statistic in ("percent", "top_box", "bottom_box"):
                spread = 100.0
            elif row.statistic == "nps":
                spread = 200.0
            elif low is not None and high is not None and high > low:
                spread = high - low
            else:
                known = [abs(value) for value in values if value is not None]
                spread = 2 * max([*known, 1e-9])
            rows.append(
                {
                    "question": context.text(question.text),
                    "answer": context.text(row.text),
                    "kind": ""
                    if row.statistic == "percent"
                    else statistic_word(row, context.language),
                    "values": [None if v is None else round(v, 4) for v in values],
                    "shown": [
                        cell_text(cell, row, question.unit, context.language) for cell in row.cells
                    ],
                    "bases": [context.language.number(cell.base) for cell in row.cells],
                    "total": row.total.value,
                    "spread": spread,
                }
            )
    segments = [
        {
            "letter": letter(size.segment),
            "name": context.name(size.segment),
            "colour": context.colour(size.segment),
        }
        for size in sizes
    ]
    options = tuple((place, f"{s['letter']} – {s['name']}") for place, s in enumerate(segments))
    return Comparison(options, {"segments": segments, "rows": rows})


SECTION = Section("comparison", message("Compare two segments"), build, SCREEN)
