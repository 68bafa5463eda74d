"""Tables and weights that cannot be used, refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import AnalysisError, Problem, error

KINDS = ("numeric", "ordinal", "binary", "nominal")
"""How a column is measured; ``kinds=`` of :func:`persona.segment` takes these words."""


def refuse_shape(frame: pd.DataFrame, kinds: Mapping[Any, str] | None) -> None:
    """Refuse what is no table of respondents by bases, with every reason at once."""
    faults: list[Problem] = []
    if not isinstance(frame, pd.DataFrame):
        faults.append(
            error(
                "segments.frame",
                "The bases must be a table with one row a respondent, not {found}.",
                values={"found": type(frame).__name__},
            )
        )
        raise AnalysisError(faults)
    if not len(frame) or not len(frame.columns):
        faults.append(
            error(
                "segments.empty",
                "The table of bases has {rows} rows and {columns} columns.",
                remedy="Give at least two respondents and one basis.",
                values={"rows": len(frame), "columns": len(frame.columns)},
            )
        )
    for label, repeated in (
        ("columns", frame.columns[frame.columns.duplicated()]),
        ("respondents", frame.index[frame.index.duplicated()]),
    ):
        if len(repeated):
            faults.append(
                error(
                    "segments.duplicates",
                    "There are repeated {what}: {names}.",
                    remedy="Give every one a name of its own.",
                    values={"what": label, "names": ", ".join(map(str, repeated[:5].unique()))},
                )
            )
    for name, kind in (kinds or {}).items():
        if kind not in KINDS or name not in frame.columns:
            faults.append(
                error(
                    "segments.kind",
                    "The kind {kind!r} was given for the basis {name!r}.",
                    found=str(kind),
                    allowed=", ".join(KINDS) + " for: " + ", ".join(map(str, frame.columns)),
                    values={"kind": str(kind), "name": str(name)},
                )
            )
    if faults:
        raise AnalysisError(faults)


def read_weights(
    weights: Sequence[float] | pd.Series | None, index: pd.Index
) -> tuple[NDArray[np.float64], list[Problem]]:
    """Weights on an index, and what is wrong with them."""
    if weights is None:
        return np.ones(len(index)), []
    series = (
        weights.reindex(index)
        if isinstance(weights, pd.Series) and not weights.index.equals(index)
        else pd.Series(np.asarray(weights))
    )
    if len(series) != len(index):
        return np.ones(len(index)), [
            error(
                "segments.weights_length",
                "There are {found} weights for {n} respondents.",
                values={"found": len(series), "n": len(index)},
            )
        ]
    values = pd.to_numeric(series, errors="coerce").to_numpy(float)
    bad = ~np.isfinite(values) | (values < 0)
    faults = []
    if bad.any():
        faults.append(
            error(
                "segments.weights",
                "{count} weights are missing, negative, infinite or text; the first is that of "
                "respondent {first}.",
                found=str(series.iloc[int(bad.argmax())]),
                allowed="numbers of zero and more",
                remedy="Mend the weights; give zero to those who shall not count.",
                values={"count": int(bad.sum()), "first": str(index[int(bad.argmax())])},
            )
        )
    elif values.sum() <= 0:
        faults.append(error("segments.weights_zero", "All weights are zero."))
    return values, faults
