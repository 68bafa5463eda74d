"""Join segments that a user decided to treat as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from persona.errors import Problem, note
from persona.segmentation.arrays import Array
from persona.segmentation.basis import Column
from persona.segmentation.evidence import Evidence, marked
from persona.segmentation.fit import Model
from persona.segmentation.result import Segmentation


@dataclass(frozen=True)
class _MergedModel:
    """Adds up the probabilities of the segments that are joined."""

    model: Model
    groups: tuple[tuple[int, ...], ...]

    def assign(self, columns: tuple[Column, ...]) -> Array:
        """Probability of each joined segment (n, groups)."""
        member = self.model.assign(columns)
        return np.column_stack([member[:, list(group)].sum(axis=1) for group in self.groups])


def merge(
    segmentation: Segmentation, groups: Sequence[Sequence[int]]
) -> tuple[Segmentation, tuple[tuple[int, ...], ...]]:
    """The segmentation with some segments joined, numbered by size again.

    Parameters
    ----------
    segmentation : Segmentation
    groups : sequence of groups of segment numbers
        Every segment in one group; a group of one stays as it is.

    Returns
    -------
    segmentation : Segmentation
        Members of a joined segment belong to it with the sum of their probabilities; its centre
        is the mean of the centres weighted by size. Stability was measured for the segments
        before the merge, so a joined one has none.
    groups : tuple of groups
        In the order of the new numbers.
    """
    size = segmentation.sizes["n_weighted"]
    joined = [tuple(sorted(int(number) for number in group)) for group in groups]
    ordered = tuple(sorted(joined, key=lambda group: (-float(size[list(group)].sum()), group)))
    number_of = {member: new for new, group in enumerate(ordered, 1) for member in group}
    segments = pd.RangeIndex(1, len(ordered) + 1, name="segment")
    probabilities = pd.DataFrame(
        {
            new: segmentation.probabilities[list(group)].sum(axis=1, skipna=False)
            for new, group in enumerate(ordered, 1)
        }
    ).set_axis(segments, axis=1)
    labels = segmentation.labels.map(number_of, na_action="ignore").astype(
        segmentation.labels.dtype
    )
    centres = _means(segmentation.centres, size, ordered, segments)
    sizes = _sums(segmentation.sizes, ordered, segments)
    merged = replace(
        segmentation,
        labels=labels.rename("segment"),
        probabilities=probabilities,
        k=len(ordered),
        centres=centres,
        sizes=sizes,
        stability=replace(
            segmentation.stability,
            segments=_kept(segmentation.stability.segments, ordered, segments),
        ),
        evidence=_evidence(
            segmentation.evidence,
            probabilities,
            labels,
            segments,
            _markers(segmentation.columns, centres, sizes),
        ),
        model=_MergedModel(segmentation.model, _positions(segmentation, ordered)),
        order=tuple(range(len(ordered))),
        warnings=(*segmentation.warnings, _said(segmentation.k, len(ordered))),
    )
    return merged, ordered


def _said(before: int, after: int) -> Problem:
    return note(
        "segments.merged",
        "{before} segments were joined to {after} as decided; the stability of the joined ones "
        "was not measured.",
        values={"before": before, "after": after},
    )


def _positions(
    segmentation: Segmentation, groups: tuple[tuple[int, ...], ...]
) -> tuple[tuple[int, ...], ...]:
    """Groups in the numbers of the model, which knows no order by size."""
    return tuple(tuple(segmentation.order[member - 1] for member in group) for group in groups)


def _means(
    centres: pd.DataFrame,
    size: pd.Series,
    groups: tuple[tuple[int, ...], ...],
    segments: pd.RangeIndex,
) -> pd.DataFrame:
    rows = []
    for group in groups:
        share = (size[list(group)] / size[list(group)].sum()).to_numpy()[:, None]
        rows.append((centres.loc[list(group)] * share).sum(axis=0))
    return pd.DataFrame(rows).set_axis(segments, axis=0)


def _sums(
    sizes: pd.DataFrame, groups: tuple[tuple[int, ...], ...], segments: pd.RangeIndex
) -> pd.DataFrame:
    rows = [sizes.loc[list(group)].sum(axis=0) for group in groups]
    return pd.DataFrame(rows).set_axis(segments, axis=0).astype(sizes.dtypes.to_dict())


def _kept(
    table: pd.DataFrame, groups: tuple[tuple[int, ...], ...], segments: pd.RangeIndex
) -> pd.DataFrame:
    """Rows of the segments left alone; a joined segment has no figures."""
    if not len(table.columns):
        return pd.DataFrame(index=segments)
    alone = [group[0] if len(group) == 1 else None for group in groups]
    return table.reindex(alone).set_axis(segments, axis=0)


def _evidence(
    evidence: Evidence,
    probabilities: pd.DataFrame,
    labels: pd.Series,
    segments: pd.RangeIndex,
    markers: pd.DataFrame,
) -> Evidence:
    own = probabilities.max(axis=1)
    mean = [float(own[labels == number].mean()) for number in segments]
    return replace(
        evidence,
        markers=markers,
        respondents=evidence.respondents.assign(
            certainty=own.reindex(evidence.respondents.index).to_numpy()
        ),
        mean_posterior=pd.Series(mean, index=segments, name=evidence.mean_posterior.name),
    )


def _markers(
    columns: tuple[Column, ...], centres: pd.DataFrame, sizes: pd.DataFrame
) -> pd.DataFrame:
    """The markers of the joined segments; an a-priori division may have no bases."""
    share = sizes["share"].to_numpy(dtype=float)
    values = centres.to_numpy(dtype=float)
    return marked(columns, list(centres.columns), values, share @ values)
