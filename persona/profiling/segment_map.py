"""The map of segments among their attributes: correspondence analysis of the profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from persona.errors import AnalysisError, Problem, note, warning
from persona.profiling.result import Profile, Row, Texts

if TYPE_CHECKING:
    from persona.analysis.correspondence import CorrespondenceMap

MOST_ATTRIBUTES = 40
"""More labels than this cannot be read on one page."""
FEWEST_SEGMENTS = 3
"""Two segments differ along one line; a map needs a second dimension."""


@dataclass(frozen=True)
class SegmentMap:
    """Segments and attributes on one map; ``labels`` gives the text of each column.

    ``table`` holds the weighted counts the map was made from: attributes by segments.
    """

    map: CorrespondenceMap
    table: pd.DataFrame
    labels: Mapping[str, Texts]


def segment_map(profile: Profile) -> tuple[SegmentMap | None, tuple[Problem, ...]]:
    """Correspondence analysis of attribute by segment, weighted counts.

    The attributes are the answers of questions with categories; when there are more than 40,
    those that set the segments apart most (Cramer's V) are taken and the rest is counted.

    Returns
    -------
    map : SegmentMap or None
        None when there are too few segments or attributes; the reason is among the problems.
    problems : tuple of Problem
    """
    from persona.analysis import correspondence_analysis

    rows = [row for question in profile.questions for row in question.rows if _counted(row)]
    if len(profile.segments) < FEWEST_SEGMENTS or len(rows) < FEWEST_SEGMENTS:
        return None, (
            note(
                "map.segments.too_few",
                "There is no map of segments by attributes: it needs three segments and three "
                "attributes; there are {segments} and {attributes}.",
                values={"segments": len(profile.segments), "attributes": len(rows)},
            ),
        )
    ranked = sorted(rows, key=_apart, reverse=True)[:MOST_ATTRIBUTES]
    kept = [row for row in rows if any(row is one for one in ranked)]
    problems: list[Problem] = []
    if len(kept) < len(rows):
        problems.append(
            note(
                "map.segments.chosen",
                "The map of segments shows the {shown} attributes that set them apart most, of "
                "{count}.",
                values={"shown": len(kept), "count": len(rows)},
            )
        )
    table = pd.DataFrame(
        [[cell.weighted_count for cell in row.cells] for row in kept],
        index=[_name(row) for row in kept],
        columns=[str(size.segment) for size in profile.segments],
        dtype=float,
    )
    try:
        solution = correspondence_analysis(table)
    except AnalysisError as failure:
        reason = failure.problems[0]
        return None, (
            *problems,
            warning(
                "map.segments.none",
                "There is no map of segments by attributes: {reason}",
                values={"reason": reason},
            ),
        )
    labels = {_name(row): row.text for row in kept}
    return SegmentMap(solution, table, labels), (*problems, *solution.warnings)


def _counted(row: Row) -> bool:
    """Percent rows that somebody chose, none of its cells too small to show."""
    if row.statistic != "percent" or any(cell.suppressed for cell in row.cells):
        return False
    counts = [cell.weighted_count for cell in row.cells]
    return None not in counts and sum(count or 0.0 for count in counts) > 0


def _apart(row: Row) -> float:
    shares = np.array([cell.value or 0.0 for cell in row.cells]) / 100
    sizes = np.array([cell.weighted_base for cell in row.cells])
    total = float((shares * sizes).sum() / sizes.sum()) if sizes.sum() else 0.0
    spread = float((sizes * (shares - total) ** 2).sum() / max(sizes.sum(), 1e-12))
    return spread / max(total * (1 - total), 1e-12)


def _name(row: Row) -> str:
    return row.variable if row.category is None else f"{row.variable}={row.category}"
