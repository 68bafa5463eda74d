"""A plain table: heads, and rows that a segment may own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from persona.report.sections.base import Context, letter


@dataclass(frozen=True)
class GridRow:
    """One row: its head, its cells, and the letter and colour of the segment it is of."""

    head: str
    cells: tuple[str, ...]
    letter: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Grid:
    """A table; ``words`` are the places of columns (the first cell is 0) that hold words."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[GridRow, ...]
    words: tuple[int, ...] = ()


def segment_row(context: Context, segment: int, cells: Sequence[str]) -> GridRow:
    """A row that a segment owns."""
    return GridRow(context.name(segment), tuple(cells), letter(segment), context.colour(segment))
