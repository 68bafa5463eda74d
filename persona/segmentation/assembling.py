"""A fit on canonical rows turned into a result on the user's index, largest segment first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from persona.errors import Problem, warning
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.basis import Basis, Column
from persona.segmentation.coordinates import describe
from persona.segmentation.evidence import Evidence, gather
from persona.segmentation.fit import Data, Fit
from persona.segmentation.result import Segmentation, labels_on
from persona.segmentation.stability import Stability
from persona.segmentation.verdict import Verdict

SMALL, SMALL_SHARE = 60, 0.05
"""Respondents and share of a segment under which it is called small."""


@dataclass(frozen=True)
class Found:
    """What the search came to.

    Parameters
    ----------
    divisions : mapping
        Number of segments to labels (n,), of the chosen method.
    """

    method: str
    fit: Fit
    candidates: pd.DataFrame
    stability: Stability
    verdict: Verdict
    divisions: Mapping[int, Labels]
    tables: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...]


def assemble(
    basis: Basis, data: Data, found: Found, asked: Mapping[str, Any], seed: int
) -> Segmentation:
    """The result.

    Parameters
    ----------
    basis : Basis
        As the user gave it, for centres in the user's units and columns in the user's order.
    data : Data
        As it was divided.
    """
    fit, kept = found.fit, data.basis.kept
    hard = np.eye(fit.k)[fit.labels]
    names, centres = describe(_in_order(basis, kept), hard, data.weights)
    order = by_size(hard, data.weights, centres)
    ranked = replace(fit, memberships=fit.memberships[:, order])
    segments = pd.RangeIndex(1, fit.k + 1, name="segment")
    probabilities = pd.DataFrame(np.nan, index=basis.index, columns=segments, dtype=float)
    probabilities.iloc[kept] = ranked.memberships
    sizes = _sizes(ranked, data, basis.weight_total, segments)
    table = found.stability.segments
    steady = replace(
        found.stability,
        segments=table.iloc[order].set_axis(segments) if len(table.columns) else table,
    )
    titles = fit.details.get("names", ())
    return Segmentation(
        labels=labels_on(basis.index, kept, ranked.labels + 1),
        probabilities=probabilities,
        k=fit.k,
        method=found.method,
        candidates=found.candidates,
        stability=steady,
        verdict=found.verdict,
        centres=pd.DataFrame(
            centres[order], index=segments, columns=pd.Index(names, tupleize_cols=False)
        ),
        unassignable=basis.unassignable,
        sizes=sizes,
        evidence=_evidence(data, ranked, found.divisions, basis, segments),
        tables=renumbered(found.tables, order),
        n=basis.n,
        n_weighted=basis.weight_total,
        options=dict(asked),
        seed=seed,
        warnings=(*basis.problems, *found.problems, *_small(sizes)),
        columns=data.basis.columns,
        model=fit.model,
        order=tuple(int(i) for i in order),
        names={place + 1: str(titles[old]) for place, old in enumerate(order) if titles},
    )


def _in_order(basis: Basis, kept: Labels) -> tuple[Column, ...]:
    """The user's columns, in the rows of the fit."""
    place = np.empty(len(basis.index), dtype=np.intp)
    place[basis.kept] = np.arange(basis.n)
    rows = place[kept]
    return tuple(Column(c.name, c.kind, c.values[rows], c.levels) for c in basis.columns)


def by_size(hard: Array, weights: Array, centres: Array) -> Labels:
    """Segments from the largest; equal sizes by their centres."""
    size = np.round(hard.T @ weights, 9)
    keys = [*(np.round(centres[:, j], 9) for j in range(centres.shape[1] - 1, -1, -1)), -size]
    return np.lexsort(keys)


def _sizes(fit: Fit, data: Data, total: float, segments: pd.RangeIndex) -> pd.DataFrame:
    size = np.bincount(fit.labels, data.weights, fit.k)
    size = size / size.sum()
    return pd.DataFrame(
        {
            "n": np.bincount(fit.labels, minlength=fit.k),
            "n_weighted": size * total,
            "share": size,
        },
        index=segments,
    )


def _evidence(
    data: Data,
    fit: Fit,
    divisions: Mapping[int, Labels],
    basis: Basis,
    segments: pd.RangeIndex,
) -> Evidence:
    proof = gather(data, fit, divisions, basis.index[data.basis.kept])
    return replace(proof, respondents=proof.respondents.loc[basis.index[np.sort(data.basis.kept)]])


def renumbered(tables: Mapping[str, pd.DataFrame], order: Labels) -> dict[str, pd.DataFrame]:
    """Tables with a column ``segment`` (0..k-1 as fitted) in the numbers of the result."""
    number = np.empty(len(order), dtype=int)
    number[order] = np.arange(1, len(order) + 1)
    out = {}
    for name, table in tables.items():
        if "segment" in table.columns:
            moved = table.assign(segment=number[table["segment"].to_numpy(int)])
            table = moved.sort_values("segment", kind="stable").reset_index(drop=True)
        out[name] = table
    return out


def _small(sizes: pd.DataFrame) -> list[Problem]:
    few = sizes.index[(sizes["n"] < SMALL) | (sizes["share"] < SMALL_SHARE)]
    if len(sizes) < 2 or not len(few):
        return []
    return [
        warning(
            "segments.small",
            "Small segments (under {least} respondents or {share:.0%}): {names}.",
            remedy="Report them with care, or ask for fewer segments.",
            values={
                "names": ", ".join(map(str, few)),
                "least": SMALL,
                "share": SMALL_SHARE,
            },
        )
    ]
