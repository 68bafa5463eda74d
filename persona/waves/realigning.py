"""A wave segmented by itself, held against the segments its people were placed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from persona.profiling import profile
from persona.profiling.naming import propose
from persona.profiling.significance import Array
from persona.profiling.statements import statements_of
from persona.questionnaire.texts import Texts
from persona.segmentation.agreement import adjusted_rand
from persona.segmentation.alignment import align
from persona.waves.model import Agreement, Realignment, SegmentEvent
from persona.waves.placed import PlacedWave
from persona.waves.statements import Grammar

if TYPE_CHECKING:
    import pandas as pd

    from persona.segmentation import Segmentation


def realigned(
    wave: PlacedWave, found: Segmentation, grammar: Grammar, expected: float
) -> Realignment:
    """What a segmentation of the wave alone makes of the segments its people were placed in.

    Parameters
    ----------
    wave : PlacedWave
    found : Segmentation
        Of the same respondents, made with the options of the study.
    grammar : Grammar
    expected : float
        Adjusted Rand index that a wave like the first would reach.
    """
    aligned = align(wave.series, found.labels)
    labels = found.labels.reindex(wave.index)
    both = labels.notna().to_numpy()
    old = wave.labels[both]
    new = labels[both].to_numpy(dtype=np.intp)
    weights = wave.weights[both]
    sizes = np.bincount(new - 1, weights, found.k) / weights.sum()
    rows: list[Any] = aligned.events.to_dict(orient="records")
    events = tuple(
        SegmentEvent(
            str(row["kind"]),
            tuple(row["earlier"]),
            tuple(row["later"]),
            float(row["share"]),
            float(sum(sizes[number - 1] for number in row["later"])),
        )
        for row in rows
    )
    overlap = aligned.overlap.reindex(range(1, wave.k + 1)).fillna(0.0).to_numpy(dtype=np.float64)
    return Realignment(
        k=found.k,
        method=found.method,
        agreement=adjusted_rand(old, new),
        expected=expected,
        shared=int(both.sum()),
        events=_with_vanished(events, wave, sizes),
        overlap=tuple(tuple(float(x) for x in row) for row in overlap),
        sizes=tuple(float(x) for x in sizes),
        names=_names(wave, found, grammar),
        verdict=str(found.verdict),
    )


def joined_alike(found: Segmentation, wave: PlacedWave, merged: frozenset[int]) -> Segmentation:
    """The segments of a wave, those joined that lie in one segment which the user joined.

    A segment belongs to the one that most of its people were placed in.
    """
    if not merged:
        return found
    from persona.segmentation.merging import merge

    labels = found.labels.reindex(wave.index)
    both = labels.notna().to_numpy()
    table = np.zeros((found.k, wave.k))
    np.add.at(
        table, (labels[both].to_numpy(dtype=np.intp) - 1, wave.labels[both] - 1), wave.weights[both]
    )
    home = table.argmax(axis=1) + 1
    inside = table.max(axis=1) > table.sum(axis=1) / 2
    groups: dict[int, list[int]] = {}
    for number in range(1, found.k + 1):
        own = int(home[number - 1])
        joins = own in merged and bool(inside[number - 1])
        groups.setdefault(own if joins else -number, []).append(number)
    if all(len(group) == 1 for group in groups.values()):
        return found
    return merge(found, list(groups.values()))[0]


def _with_vanished(
    events: Sequence[SegmentEvent], wave: PlacedWave, sizes: Array
) -> tuple[SegmentEvent, ...]:
    """The events; segments beyond the highest that anybody was placed in are gone as well."""
    named = {number for event in events for number in event.earlier}
    empty = [number for number in range(1, wave.k + 1) if number not in named]
    return (*events, *(SegmentEvent("gone", (number,), (), 0.0, 0.0) for number in empty))


def _names(wave: PlacedWave, found: Segmentation, grammar: Grammar) -> Mapping[int, Texts]:
    """Names proposed for the segments found in the wave, from what sets them apart."""
    table = profile(
        wave.responses,
        found,
        correction=grammar.correction,
        suppress_below=grammar.suppress_below,
        basis=grammar.basis,
    )
    questionnaire = wave.responses.questionnaire
    labels = found.labels.reindex(wave.responses.asked.index)
    asked = wave.responses.asked[labels.notna().to_numpy()]
    said = {
        size.segment: statements_of(size.segment, table, questionnaire, asked)
        for size in table.segments
    }
    proposed = propose(said, questionnaire.languages)
    return {segment: dict(proposal.texts) for segment, proposal in proposed.items()}


def agreement_of(first: PlacedWave, own: pd.Series[int]) -> Agreement:
    """The first wave as placed against the segments that the study gave its respondents.

    Parameters
    ----------
    own : Series
        Segment of the study by respondent, missing for those without one.
    """
    labels = own.reindex(first.index)
    both = labels.notna().to_numpy()
    if not both.any():
        return Agreement(0, 0.0, 0.0, 0.0, ())
    true = labels[both].to_numpy(dtype=np.intp) - 1
    placed, weights = first.labels[both] - 1, first.weights[both]
    k = max(first.k, int(true.max()) + 1)
    table = np.bincount(true * k + placed, weights, k * k).reshape(k, k)
    whole = float(table.sum())
    share = float(np.trace(table)) / whole
    chance = float((table.sum(axis=0) * table.sum(axis=1)).sum()) / whole**2
    kappa = (share - chance) / (1 - chance) if chance < 1 else 1.0
    return Agreement(
        int(both.sum()),
        share,
        kappa,
        adjusted_rand(true, placed),
        tuple(tuple(float(x) for x in row) for row in table),
    )
