"""A name for a factor, proposed from its items and meant to be edited."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

PRIMARY, CROSS = 0.40, 0.32  # Tabachnick & Fidell 2019
_NAMED_BY = 3
_LONGEST = 60


@dataclass(frozen=True)
class FactorItems:
    """The items that make a factor, strongest first.

    ``items`` and ``reversed`` are names of columns: those that load positively and negatively at
    .40 or more in size and more than on any other factor. ``proposal`` is a name made of their
    texts; ``parts`` are those texts with the sign of their loading, for a report that words the
    name itself.
    """

    factor: str
    proposal: str
    parts: tuple[tuple[str, int], ...]
    items: tuple[Any, ...]
    reversed: tuple[Any, ...]


def factor_items(
    loadings: pd.DataFrame, labels: Mapping[Hashable, str] | None = None
) -> tuple[FactorItems, ...]:
    """Which items make each factor, and a name proposed from the three strongest.

    Parameters
    ----------
    loadings : DataFrame (p, m)
    labels : mapping, optional
        Short texts of the items; without them their names are used.

    Returns
    -------
    tuple of FactorItems, in the order of the columns

    Examples
    --------
    >>> loadings = pd.DataFrame({"F1": [0.8, -0.6, 0.1]}, index=["cheap", "luxury", "near"])
    >>> factor_items(loadings)[0].proposal
    'cheap – (not) luxury'
    """
    size = loadings.abs().to_numpy()
    strongest = size.argmax(axis=1)
    result = []
    for position, factor in enumerate(loadings.columns):
        column = loadings.iloc[:, position].to_numpy()
        order = np.argsort(-np.abs(column), kind="stable")
        own = [item for item in order if strongest[item] == position and size[item, position] > 0]
        primary = [item for item in own if size[item, position] >= PRIMARY]
        leading = (primary or own or list(order[:1]))[:_NAMED_BY]
        parts = tuple(
            (_text(loadings.index[item], labels), 1 if column[item] >= 0 else -1)
            for item in leading
        )
        result.append(
            FactorItems(
                str(factor),
                _join(parts),
                parts,
                tuple(loadings.index[item] for item in primary if column[item] > 0),
                tuple(loadings.index[item] for item in primary if column[item] < 0),
            )
        )
    return tuple(result)


def _text(item: Hashable, labels: Mapping[Hashable, str] | None) -> str:
    text = " ".join(str((labels or {}).get(item, item)).split()).rstrip(".!?…")
    if len(text) <= _LONGEST:
        return text
    cut = text[:_LONGEST].rsplit(" ", 1)[0]
    return f"{cut}…"


def _join(parts: tuple[tuple[str, int], ...]) -> str:
    return " – ".join(text if sign > 0 else f"(not) {text}" for text, sign in parts)
