"""Weights and filters of a plain frame, checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import DataError, Problem, error, warning
from persona.profiling.significance import Array

Where: TypeAlias = "Mapping[str, object] | pd.Series[bool] | None"


def checked_weights(
    frame: pd.DataFrame, weights: object
) -> tuple[Array, NDArray[np.bool_], tuple[Problem, ...]]:
    """Weights as numbers, who may be counted, and what was left out.

    Parameters
    ----------
    frame : DataFrame
    weights : str, Series, array or None
        Name of a column, or one number a row; a Series with the frame's index is aligned to it.

    Raises
    ------
    DataError
        When weights are text, negative, infinite, all zero, or of another length.
    """
    n = len(frame)
    if weights is None:
        return np.ones(n), np.ones(n, dtype=bool), ()
    name = weights if isinstance(weights, str) else getattr(weights, "name", None) or "weights"
    if isinstance(weights, str):
        require_columns(frame, [weights])
        series = frame[weights]
    elif isinstance(weights, pd.Series) and not weights.index.equals(frame.index):
        series = weights.reindex(frame.index)
    else:
        series = _one_a_row(np.asarray(weights), frame)
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64)
    faults = _faults(str(name), numbers, series)
    if faults:
        raise DataError(faults)
    counted = np.nan_to_num(numbers) > 0
    return np.where(counted, numbers, 0.0), counted, _left_out(str(name), int((~counted).sum()))


def _faults(name: str, numbers: Array, series: pd.Series[Any]) -> list[Problem]:
    """Weights that are text, negative or infinite, or all without a value above zero."""
    faults = []
    text = np.isnan(numbers) & series.notna().to_numpy()
    for code, bad, what in (
        ("weights.text", text, "are no numbers"),
        ("weights.negative", numbers < 0, "are below zero"),
        ("weights.infinite", np.isinf(numbers), "are infinite"),
    ):
        if bad.any():
            faults.append(
                error(
                    code,
                    "{count} weights in {name!r} {what}.",
                    column=name,
                    found=str(series.to_numpy()[bad][0]),
                    allowed="numbers of at least 0",
                    remedy="Correct the weights, or run without them.",
                    values={"count": int(bad.sum()), "name": name, "what": what},
                )
            )
    if not faults and not (np.nan_to_num(numbers) > 0).any():
        faults.append(
            error(
                "weights.empty",
                "No respondent has a weight above zero in {name!r}.",
                column=name,
                remedy="Correct the weights, or run without them.",
                values={"name": name},
            )
        )
    return faults


def _left_out(name: str, count: int) -> tuple[Problem, ...]:
    if not count:
        return ()
    return (
        warning(
            "weights.left_out",
            "{count} respondents without a weight above zero are left out of every table.",
            column=name,
            values={"count": count},
        ),
    )


def _one_a_row(weights: NDArray[Any], frame: pd.DataFrame) -> pd.Series[Any]:
    if weights.shape != (len(frame),):
        raise DataError(
            error(
                "weights.length",
                "There are {found} weights for {rows} respondents.",
                remedy="Give one weight a row.",
                values={"found": int(weights.size), "rows": len(frame)},
            )
        )
    return pd.Series(weights, index=frame.index)


def require_columns(frame: pd.DataFrame, names: Collection[str]) -> None:
    """All named columns stand in the frame.

    Raises
    ------
    DataError
        With every missing column and the nearest existing one.
    """
    from persona.registry import nearest

    known = [str(column) for column in frame.columns]
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise DataError(
            error(
                "table.column",
                "There is no column {name!r}.",
                column=str(name),
                allowed=", ".join(known[:20]) + (" ..." if len(known) > 20 else ""),
                remedy=f"Did you mean {near!r}?" if (near := nearest(str(name), known)) else None,
                values={"name": str(name)},
            )
            for name in missing
        )


def selected(frame: pd.DataFrame, where: Where) -> NDArray[np.bool_]:
    """Who passes a filter.

    Parameters
    ----------
    where : mapping, boolean Series or None
        A mapping holds for each column the value, or the collection of values, that stay.

    Examples
    --------
    >>> selected(pd.DataFrame({"sex": ["m", "f", "f"]}), {"sex": "f"}).tolist()
    [False, True, True]
    """
    if where is None:
        return np.ones(len(frame), dtype=bool)
    if isinstance(where, pd.Series):
        return where.reindex(frame.index).fillna(False).to_numpy(dtype=bool)
    require_columns(frame, list(where))
    keep = np.ones(len(frame), dtype=bool)
    for name, allowed in where.items():
        many = isinstance(allowed, Collection) and not isinstance(allowed, str)
        values = list(allowed) if many else [allowed]  # type: ignore[call-overload]
        keep &= frame[name].isin(values).to_numpy()
    return keep
