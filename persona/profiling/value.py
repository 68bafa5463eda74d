"""What segments are worth: means, sums and their part of the whole, with intervals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from persona.profiling.cells import known
from persona.profiling.counting import weighted_median
from persona.profiling.result import SegmentSize, Texts, ValueShare
from persona.profiling.significance import (
    Z_95,
    Array,
    effective_base,
    mean_interval,
    wilson,
)


def segment_sizes(
    labels: NDArray[np.intp],
    weights: Array,
    segments: tuple[int, ...],
    values: Mapping[str, tuple[Texts, str | None, Array]],
    suppress_below: int,
) -> tuple[SegmentSize, ...]:
    """Size and value of each segment.

    Parameters
    ----------
    labels : int array (respondents,)
    weights : array (respondents,)
    segments : tuple of int
    values : mapping
        Variable id to its text, unit and numbers (respondents,), NaN where not answered.
    suppress_below : int
        Segments with fewer answers show no value.
    """
    total = float(weights.sum())
    base = effective_base(np.array([total]), np.array([float((weights**2).sum())]))
    sizes = []
    for segment in segments:
        inside = labels == segment
        w = weights[inside]
        share = np.array([w.sum() / total])
        low, high = wilson(share, base)
        own = effective_base(np.array([w.sum()]), np.array([(w**2).sum()]))
        worth = {
            name: value_share(name, text, unit, x, weights, inside, suppress_below)
            for name, (text, unit, x) in values.items()
        }
        sizes.append(
            SegmentSize(
                segment,
                int(inside.sum()),
                float(share[0]),
                float(low[0]),
                float(high[0]),
                float(w.sum()),
                float(own[0]),
                worth,
            )
        )
    return tuple(sizes)


def value_share(
    name: str,
    text: Texts,
    unit: str | None,
    values: Array,
    weights: Array,
    inside: NDArray[np.bool_],
    suppress_below: int = 5,
) -> ValueShare:
    """Mean, sum and share of the sum of one measure in one segment.

    The share R = sum_s w y / sum w y has the linearised variance
    sum w^2 y^2 (1_s - R)^2 / (sum w y)^2; it exists where the sum is above zero.
    """
    answered = ~np.isnan(values)
    here = answered & inside
    n = int(here.sum())
    if n < max(suppress_below, 1):
        return ValueShare(name, text, unit, n, *[None] * 9)
    w, y = weights[here], values[here]
    mean = float((w * y).sum() / w.sum())
    e = effective_base(np.array([w.sum()]), np.array([(w**2).sum()]))
    spread = float((w * (y - mean) ** 2).sum() / w.sum())
    variance = np.array([spread * e[0] / (e[0] - 1) if e[0] > 1 else np.nan])
    low, high = mean_interval(np.array([mean]), variance, e)
    every_w, every_y = weights[answered], values[answered]
    total = float((every_w * every_y).sum())
    own = float((w * y).sum())
    share = error = index = None
    if total > 0:
        share = own / total
        part = every_w * every_y * (inside[answered] - share)
        error = Z_95 * float(np.sqrt((part**2).sum())) / total
        people = float(w.sum() / every_w.sum())
        index = 100 * share / people
    return ValueShare(
        name,
        text,
        unit,
        n,
        mean,
        known(float(low[0])),
        known(float(high[0])),
        weighted_median(y, w),
        own,
        share,
        None if share is None or error is None else max(share - error, 0.0),
        None if share is None or error is None else min(share + error, 1.0),
        index,
    )
