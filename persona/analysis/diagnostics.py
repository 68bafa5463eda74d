"""What a reader must know about a factor solution before trusting it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from persona.analysis.naming import CROSS, PRIMARY, FactorItems
from persona.errors import Listed, Problem, note, warning
from persona.numeric.moments import Array

HEYWOOD = 0.998
_FEW_ITEMS = 3
_WEAK_SCORES = 0.80  # Gorsuch 1983: .90 for persons, .80 for research


def about_solution(
    loadings: pd.DataFrame,
    phi: pd.DataFrame,
    communalities: pd.Series[float],
    determinacy: pd.Series[float],
    made_of: Iterable[FactorItems],
    *,
    oblique: bool,
    components: bool,
) -> Iterator[Problem]:
    """Heywood cases, items that fit nowhere or twice, thin factors, weak scores.

    Parameters
    ----------
    loadings : DataFrame (p, m)
    phi : DataFrame (m, m)
    communalities : Series (p,)
    determinacy : Series (m,)
    made_of : iterable of FactorItems
    oblique, components : bool
        Whether factors may correlate, and whether they are principal components.
    """
    if not components:
        yield from _heywood(loadings, communalities)
    yield from _places(loadings)
    for factor in made_of:
        count = len(factor.items) + len(factor.reversed)
        if count < _FEW_ITEMS:
            yield warning(
                "factors.thin",
                "The factor {factor} has {count} items of its own.",
                allowed="3 or more (Tabachnick & Fidell 2019)",
                remedy="Take fewer factors, or read this one with care.",
                values={"factor": factor.factor, "count": count},
            )
    for factor_name, value in determinacy.items():
        if value < _WEAK_SCORES:
            yield warning(
                "factors.scores",
                "Scores on {factor} are uncertain: they correlate {value:.2f} with the factor.",
                allowed="0.80 or more (Gorsuch 1983)",
                values={"factor": str(factor_name), "value": float(value)},
            )
    between = np.abs(phi.to_numpy()[~np.eye(len(phi), dtype=bool)])
    if oblique and len(between) and between.max() < CROSS:
        yield note(
            "factors.orthogonal",
            "No two factors correlate {limit} or more: an orthogonal rotation would say the same.",
            values={"limit": CROSS},
        )


def _heywood(loadings: pd.DataFrame, communalities: pd.Series[float]) -> Iterator[Problem]:
    largest = loadings.abs().max(axis=1)
    for (item, value), loading in zip(communalities.items(), largest, strict=True):
        if value >= HEYWOOD or loading >= HEYWOOD:
            yield warning(
                "factors.heywood",
                "The item {item} is explained wholly by the factors (Heywood case), which cannot "
                "be true: communality {value:.3f}.",
                column=str(item),
                remedy="Take fewer factors, leave the item out, or collect more answers.",
                values={"item": str(item), "value": float(value)},
            )


def _places(loadings: pd.DataFrame) -> Iterator[Problem]:
    size = np.sort(np.abs(loadings.to_numpy()), axis=1)[:, ::-1]
    labels = [str(item) for item in loadings.index]
    nowhere = size[:, 0] < PRIMARY
    if nowhere.any():
        yield warning(
            "factors.nowhere",
            "{count} items belong to no factor; largest loadings: {items}.",
            allowed="0.40 or more (Tabachnick & Fidell 2019)",
            remedy="Read the factors without them, or leave them out.",
            values={
                "count": int(nowhere.sum()),
                "items": _listed(labels, size[:, 0], nowhere),
            },
        )
    if size.shape[1] < 2:
        return
    twice = ~nowhere & (size[:, 1] > CROSS)
    if twice.any():
        yield warning(
            "factors.twice",
            "{count} items belong to more than one factor; second loadings: {items}.",
            allowed="a second loading of at most 0.32 (Tabachnick & Fidell 2019)",
            values={"count": int(twice.sum()), "items": _listed(labels, size[:, 1], twice)},
        )


def _listed(labels: list[str], values: Array, chosen: npt.NDArray[np.bool_]) -> Listed:
    return Listed({labels[item]: float(values[item]) for item in np.flatnonzero(chosen)})
