"""Sizes of segments were the sample composed as in the first wave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from persona.errors import DataError
from persona.profiling.significance import effective_n, wilson
from persona.waves.model import QuestionShift, SizeInWave
from persona.waves.placed import PlacedWave
from persona.waves.sizes import shares_of

MOST_MARGINS = 4
"""Margins a sample is brought back to; with more the weights cost more than they mend."""

_REST = "–"
_FEWEST = 5


def margins_moved(sample: Sequence[QuestionShift]) -> tuple[str, ...]:
    """The questions on people whose answers moved for sure, one a question, at most four."""
    moved = [
        one
        for one in sample
        if one.stability.band != "steady" and one.p_adjusted is not None and one.p_adjusted < 0.05
    ]
    single = {one.question: one.variable for one in reversed(moved)}
    ordered = [one.variable for one in moved if single[one.question] == one.variable]
    return tuple(ordered[:MOST_MARGINS])


def standardised(
    first: PlacedWave,
    later: PlacedWave,
    sizes: Sequence[SizeInWave],
    variables: Sequence[str],
) -> tuple[tuple[SizeInWave, ...], tuple[str, ...]]:
    """Sizes with those of the sample raked to the margins of the first wave beside them.

    Numbers are raked by fifths of the first wave; answers that fewer than five people gave in
    either wave, and no answer, are one level.

    Returns
    -------
    sizes, variables
        The variables are empty when there is nothing to rake by, or raking fails.
    """
    from persona.responses import rake

    frames = _levels(first, later, variables)
    if not frames[0].columns.size:
        return tuple(sizes), ()
    targets: dict[str | tuple[str, ...], dict[Any, float]] = {
        str(name): {
            level: float(first.weights[(frames[0][name] == level).to_numpy()].sum())
            for level in frames[0][name].unique()
        }
        for name in frames[0].columns
    }
    try:
        raked = rake(frames[1], targets, pd.Series(later.weights, index=later.index))
    except DataError:
        return tuple(sizes), ()
    if not raked.converged:
        return tuple(sizes), ()
    weights = raked.weights.to_numpy(dtype=np.float64)
    share = shares_of(later, weights)
    low, high = wilson(share, np.full(later.k, effective_n(weights)))
    made = tuple(
        replace(
            one,
            standardised=float(share[i]),
            standardised_low=float(low[i]),
            standardised_high=float(high[i]),
        )
        for i, one in enumerate(sizes)
    )
    return made, tuple(map(str, frames[1].columns))


def _levels(
    first: PlacedWave, later: PlacedWave, variables: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Levels as texts in both waves; those that are rare in either are joined."""
    made: tuple[dict[str, pd.Series], dict[str, pd.Series]] = ({}, {})
    known = {variable.id: variable for variable in first.responses.questionnaire.variables}
    for name in variables:
        values = [wave.asked[name] for wave in (first, later)]
        if not known[name].categories and known[name].measure != "binary":
            numbers = [pd.to_numeric(one, errors="coerce") for one in values]
            cuts = np.unique(numbers[0].quantile([0.2, 0.4, 0.6, 0.8]).to_numpy(dtype=np.float64))
            values = [
                pd.Series(np.searchsorted(cuts, one, side="right"), one.index).where(one.notna())
                for one in numbers
            ]
        texts = [one.astype(object).where(one.notna(), _REST).astype(str) for one in values]
        counts = [one.value_counts() for one in texts]
        common = [
            level
            for level in counts[0].index
            if counts[0][level] >= _FEWEST and counts[1].get(level, 0) >= _FEWEST
        ]
        if len(common) < 2:
            continue
        joined = [one.where(one.isin(common), _REST) for one in texts]
        # the joined rest must be there in both waves, or there is nothing to bring it to
        rest = [int((one == _REST).sum()) for one in joined]
        if min(rest) == 0 < max(rest):
            joined = [one.where(one != _REST, common[0]) for one in joined]
        for place in (0, 1):
            made[place][name] = joined[place]
    return (
        pd.DataFrame(made[0], index=first.index),
        pd.DataFrame(made[1], index=later.index),
    )
