"""Every number of segments and method that was tried, with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from persona.report.locale import NOTHING, Language, message
from persona.report.sections.base import Context
from persona.report.sections.segments import method_name

COLUMNS = {
    "k": message("Segments"),
    "method": message("Method"),
    "bic": message("BIC"),
    "entropy": message("Entropy"),
    "silhouette": message("Silhouette"),
    "stability": message("Stability (ARI)"),
    "separation": message("Separation"),
    "smallest_share": message("Smallest segment"),
    "reason": message("Why"),
}
SHARES = ("smallest_share",)


@dataclass(frozen=True)
class Candidates:
    """The numbers of segments that were tried.

    ``chosen`` is the place of the one taken, ``words`` the places of columns that hold words.
    """

    columns: tuple[str, ...]
    words: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    chosen: int | None


def candidates_view(context: Context) -> Candidates | None:
    """The candidates, the one taken marked; none for segments made by a rule."""
    frame, language = context.report.segmentation.candidates, context.language
    if not len(frame):
        return None
    table = frame.dropna(axis=1, how="all")
    shown = [column for column in COLUMNS if column in table.columns]
    heads = tuple(language.gettext(COLUMNS[column]) for column in shown)
    rows = tuple(
        tuple(_written(column, row[column], language) for column in shown)
        for _, row in table.iterrows()
    )
    hits = np.flatnonzero(table["chosen"].to_numpy(dtype=bool))
    chosen = int(hits[0]) if len(hits) else None
    words = tuple(place for place, column in enumerate(shown) if column in ("method", "reason"))
    return Candidates(heads, words, rows, chosen)


def _written(column: str, value: Any, language: Language) -> str:
    if isinstance(value, bool | np.bool_):
        return language.gettext("yes") if value else language.gettext("no")
    if isinstance(value, int | np.integer):
        return language.number(int(value))
    if isinstance(value, float | np.floating):
        number = float(value)
        if column in SHARES:
            return language.share(number, 1)
        if column == "k" or (number == int(number) if np.isfinite(number) else False):
            return language.number(number)
        return language.number(number, 1 if abs(number) >= 100 else 2)
    if column == "method":
        return method_name(str(value), language)
    return NOTHING if value is None else language.gettext(str(value))
