"""What leaving respondents out would change."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.questionnaire.variables import Measure
from persona.responses.model import Responses
from persona.responses.quality.check import asked_variables

Bools = NDArray[np.bool_]


def effect_of_exclusion(responses: Responses, respondents: Iterable[str]) -> pd.DataFrame:
    """What leaving respondents out would change, the largest changes first.

    Returns
    -------
    DataFrame
        variable, category (None for means), before, after, difference: weighted means of figures
        and shares of answers in percent; ``standardised`` is the difference in standard
        deviations before.
    """
    keep = ~responses.frame.index.isin(list(respondents))
    weights = responses.weights.to_numpy()
    rows = []
    for variable in asked_variables(responses):
        column = responses.asked[variable.id]
        if variable.numeric:
            figures = column.to_numpy(dtype=np.float64)
            scale = 100.0 if variable.measure is Measure.BINARY else 1.0
            rows.append(_change(variable.id, None, figures * scale, weights, keep))
        elif variable.measure is Measure.NOMINAL:
            for code in variable.codes:
                hits = np.where(column.isna(), np.nan, (column == code).to_numpy() * 100.0)
                rows.append(_change(variable.id, code, hits.astype(np.float64), weights, keep))
    frame = pd.DataFrame(
        rows, columns=["variable", "category", "before", "after", "difference", "standardised"]
    )
    order = frame["standardised"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _change(
    name: str,
    category: object,
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    keep: Bools,
) -> tuple[object, ...]:
    before, spread = _moments(values, weights)
    after, _ = _moments(values[keep], weights[keep])
    difference = after - before
    return name, category, before, after, difference, difference / spread if spread else 0.0


def _moments(values: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[float, float]:
    known = np.isfinite(values)
    total = float(weights[known].sum())
    if total <= 0:
        return np.nan, 0.0
    mean = float((weights[known] * values[known]).sum() / total)
    variance = float((weights[known] * (values[known] - mean) ** 2).sum() / total)
    return mean, variance**0.5
