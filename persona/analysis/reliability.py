"""Reliability of a scale: Cronbach's alpha with its items."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from persona.analysis.items import Items, Unusable, read_items
from persona.errors import AnalysisError, Problem, error, warning
from persona.numeric import moments
from persona.numeric.moments import Array
from persona.numeric.threads import one_thread

ALPHA_LEAST = 0.70


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of one scale.

    ``raw`` with its interval ``low`` to ``high`` (Feldt) and ``standard_error`` (Duhachek),
    ``standardised``, Guttman's ``lambda6`` and the ``average_correlation``. ``items`` has one row
    an item: ``alpha_if_dropped``, ``standardised_if_dropped``, ``lambda6_if_dropped``,
    ``item_total``, ``item_rest``, ``item_total_standardised``, ``item_total_corrected``,
    ``mean``, ``deviation``, ``n``. ``reversed`` names the items turned round.
    """

    raw: float
    standardised: float
    low: float
    high: float
    standard_error: float
    lambda6: float
    average_correlation: float
    items: pd.DataFrame
    reversed: tuple[Any, ...]
    n: int
    n_weighted: float
    warnings: tuple[Problem, ...]


@one_thread
def alpha(
    frame: pd.DataFrame,
    weights: object = None,
    *,
    reverse: Iterable[Any] = (),
    unusable: Unusable = "refuse",
) -> Alpha:
    """Cronbach's alpha of a scale, with what it would be without each item.

    raw = p/(p - 1) (1 - tr C / sum C) with the covariances C of each pair's respondents (Cronbach
    1951); the standardised one takes correlations. The 95 % interval is that of Feldt (1965), the
    standard error that of Duhachek & Iacobucci (2004). At least .70 (Nunnally 1978).

    Parameters
    ----------
    frame : DataFrame (n, p)
        Two items or more.
    weights : sequence (n,), optional
        The interval then rests on Kish's effective number.
    reverse : iterable of names
        Items to turn round: least + largest answer of the frame, less the answer.
    unusable : {"refuse", "drop"}

    Raises
    ------
    AnalysisError
        Fewer than two items, an item without variance, an unknown name in ``reverse``.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [1, 3, 3, 4, 4], "c": [2, 2, 4, 3, 5]})
    >>> round(alpha(answers).raw, 3)
    0.918
    """
    items = read_items(frame, weights, unusable=unusable, copies=False)
    turned = tuple(name for name in reverse if name in items.names)
    unknown = [name for name in reverse if name not in frame.columns]
    if unknown:
        raise AnalysisError(
            error(
                "alpha.reverse",
                "The item to turn round, {item!r}, is not among the items.",
                found=str(name),
                values={"item": str(name)},
            )
            for name in unknown
        )
    values = items.values.copy()
    span = np.nanmin(values) + np.nanmax(values)
    for name in turned:
        column = items.names.index(name)
        values[:, column] = span - values[:, column]
    return _alpha_of(items, values, turned)


def _alpha_of(items: Items, values: Array, turned: tuple[Any, ...]) -> Alpha:
    covariance = moments.covariance(values, items.weights)
    size = len(covariance)
    scale = np.sqrt(np.diag(covariance))
    matrix = covariance / np.outer(scale, scale)
    n = items.n_effective
    raw = _alpha(covariance)
    low, high = _feldt(raw, n, size)
    table = _item_table(items, values, covariance, matrix)
    warnings = list(items.warnings)
    if raw < ALPHA_LEAST:
        warnings.append(
            warning(
                "alpha.low",
                "The scale is not reliable enough: alpha is {alpha:.2f}.",
                allowed="0.70 or more (Nunnally 1978)",
                values={"alpha": raw},
            )
        )
    warnings += [
        warning(
            "alpha.negative",
            "The item {item} runs against the rest of its scale ({rest:.2f}).",
            column=str(name),
            remedy="Turn it round if it is worded the other way.",
            values={"item": str(name), "rest": float(rest)},
        )
        for name, rest in table["item_rest"].items()
        if rest < 0
    ]
    return Alpha(
        raw,
        _alpha(matrix),
        low,
        high,
        _standard_error(covariance, n),
        lambda6(matrix),
        float((matrix.sum() - size) / (size * (size - 1))),
        table,
        turned,
        items.n,
        items.n_weighted,
        tuple(warnings),
    )


def _alpha(matrix: Array) -> float:
    size = len(matrix)
    total = float(matrix.sum())
    if size < 2 or total <= 0:
        return 0.0
    return size / (size - 1) * (1 - float(np.trace(matrix)) / total)


def lambda6(matrix: Array) -> float:
    """Guttman's lambda 6: 1 less the unexplained variance of the items over that of their sum.

    Examples
    --------
    >>> round(lambda6(np.array([[1.0, 0.5], [0.5, 1.0]])), 2)
    0.5
    """
    total = float(matrix.sum())
    return 1 - float((1 - squared_multiple(matrix)).sum()) / total if total > 0 else 0.0


def squared_multiple(matrix: Array) -> Array:
    """Squared multiple correlation of each item with all others.

    Examples
    --------
    >>> squared_multiple(np.array([[1.0, 0.5], [0.5, 1.0]]))
    array([0.25, 0.25])
    """
    inverse = np.linalg.pinv(matrix, hermitian=True, rcond=1e-12)
    return np.clip(1 - 1 / np.maximum(np.diag(inverse), 1.0), 0.0, 1.0)


def _feldt(raw: float, n: float, size: int) -> tuple[float, float]:
    # Weights of a few may leave an effective number near one, which carries no interval.
    first, second = max(n, 2) - 1, (max(n, 2) - 1) * (size - 1)
    low = 1 - (1 - raw) * float(special.fdtri(first, second, 0.975))
    high = 1 - (1 - raw) * float(special.fdtri(first, second, 0.025))
    return low, high


def _standard_error(covariance: Array, n: float) -> float:
    size, total = len(covariance), float(covariance.sum())
    if total <= 0:
        return 0.0
    trace = float(np.trace(covariance))
    square = covariance @ covariance
    inner = total * (float(np.trace(square)) + trace**2) - 2 * trace * float(square.sum())
    variance = 2 * size**2 / ((size - 1) ** 2 * total**3) * inner
    return float(np.sqrt(max(variance, 0.0) / n))


def _item_table(items: Items, values: Array, covariance: Array, matrix: Array) -> pd.DataFrame:
    size = len(matrix)
    total = _nanmean(values)
    with_total = moments.correlation(np.column_stack([values, total]), items.weights)[:-1, -1]
    shrunk = matrix.copy()
    np.fill_diagonal(shrunk, squared_multiple(matrix))
    rows = []
    for item in range(size):
        rest = np.delete(np.arange(size), item)
        inner = covariance[np.ix_(rest, rest)]
        correlations = matrix[np.ix_(rest, rest)]
        with_rest = covariance[item, rest].sum() / np.sqrt(
            max(covariance[item, item] * inner.sum(), 1e-300)
        )
        rows.append((_alpha(inner), _alpha(correlations), lambda6(correlations), float(with_rest)))
    dropped = np.array(rows)
    held = np.isfinite(values)
    mean, deviation = moments.moments(values, items.weights)
    return pd.DataFrame(
        {
            "alpha_if_dropped": dropped[:, 0],
            "standardised_if_dropped": dropped[:, 1],
            "lambda6_if_dropped": dropped[:, 2],
            "item_total": np.nan_to_num(with_total),
            "item_rest": dropped[:, 3],
            "item_total_standardised": matrix.sum(axis=0) / np.sqrt(max(matrix.sum(), 1e-300)),
            "item_total_corrected": shrunk.sum(axis=0) / np.sqrt(max(shrunk.sum(), 1e-300)),
            "mean": mean,
            "deviation": deviation,
            "n": held.sum(axis=0),
        },
        index=list(items.names),
    )


def _nanmean(values: Array) -> Array:
    held = np.isfinite(values)
    count = np.maximum(held.sum(axis=1), 1)
    return np.asarray(np.where(held, values, 0.0).sum(axis=1) / count)
