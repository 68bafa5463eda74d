"""Rows and columns of a table, taken from a plain frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import DataError, error
from persona.profiling.counting import Codes
from persona.profiling.weighting import require_columns

MOST_CATEGORIES = 200

Spec = str | tuple[str, ...]
"""The name of a column or of a multiple-response set; a tuple nests columns."""


@dataclass(frozen=True)
class Field:
    """One question of a table, ready to be counted.

    Parameters
    ----------
    name : str
    labels : tuple
        The user's own values (nested: tuples of them; set: names of its columns).
    codes : tuple of int arrays (respondents,)
        One array with one code a label, or for a multiple-response set one 0/1 array a label;
        -1 without an answer.
    multiple : bool
    """

    name: str
    labels: tuple[object, ...]
    codes: tuple[Codes, ...]
    multiple: bool

    @property
    def answered(self) -> Codes:
        """1 for those who answered."""
        stacked = np.stack(self.codes) if self.codes else np.zeros((1, 0), dtype=np.intp)
        return np.asarray((stacked >= 0).any(0), dtype=np.intp)

    def membership(self) -> NDArray[np.bool_]:
        """Who gave which answer; (respondents, labels)."""
        if self.multiple:
            return np.column_stack([code == 1 for code in self.codes])
        return np.asarray(self.codes[0][:, None] == np.arange(len(self.labels)))


def as_list(specs: str | Sequence[Spec]) -> list[Spec]:
    """One name or several specifications as a list."""
    return [cast(Spec, specs)] if is_single(specs) else list(specs)


def is_single(specs: object) -> bool:
    """Whether one name was given: a text, or whatever else names a column and is no list."""
    return isinstance(specs, str) or not isinstance(specs, Sequence | set | pd.Index)


def field_of(frame: pd.DataFrame, spec: Spec, multiple: Mapping[str, Sequence[str]]) -> Field:
    """The codes and labels of one column, nest of columns or multiple-response set.

    Raises
    ------
    DataError
        When a column is missing, or has so many values that it is no category.
    """
    if isinstance(spec, tuple):
        return _nested(frame, spec)
    if spec in multiple:
        members = list(multiple[spec])
        require_columns(frame, members)
        if not members:
            raise DataError(
                error(
                    "table.set",
                    "The multiple-response set {name!r} has no columns.",
                    values={"name": spec},
                )
            )
        codes = tuple(_ticked(frame[member]) for member in members)
        return Field(spec, tuple(members), codes, True)
    if spec not in frame.columns:
        require_columns(frame, [spec])
    if isinstance(frame[spec], pd.DataFrame):
        raise DataError(
            error(
                "table.repeated",
                "The column {name!r} stands in the table more than once.",
                column=str(spec),
                remedy="Rename one of the columns.",
                values={"name": str(spec)},
            )
        )
    codes_of, labels = _coded(frame[spec])
    if len(labels) > MOST_CATEGORIES:
        raise DataError(
            error(
                "table.categories",
                "The column {name!r} has {count} different values and is no category.",
                column=str(spec),
                allowed=f"up to {MOST_CATEGORIES} values",
                remedy="Ask for its mean with means=[...], or group the values first.",
                values={"name": str(spec), "count": len(labels)},
            )
        )
    return Field(spec, labels, (codes_of,), False)


def _coded(series: pd.Series[Any]) -> tuple[Codes, tuple[object, ...]]:
    if isinstance(series.dtype, pd.CategoricalDtype):
        categories = tuple(series.cat.categories)
        return np.asarray(series.cat.codes, dtype=np.intp), categories
    codes, found = pd.factorize(series, use_na_sentinel=True)
    labels = [value.item() if isinstance(value, np.generic) else value for value in found]
    try:
        order = sorted(range(len(labels)), key=lambda i: labels[i])
    except TypeError:  # numbers and texts in one column
        order = sorted(
            range(len(labels)), key=lambda i: (isinstance(labels[i], str), str(labels[i]))
        )
    place = np.empty(len(order) + 1, dtype=np.intp)
    place[order] = np.arange(len(order))
    place[-1] = -1
    return place[codes], tuple(labels[i] for i in order)


def _ticked(series: pd.Series[Any]) -> Codes:
    """0 and 1 of a column of a multiple-response set; empty is -1, any text is a tick."""
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64)
    known = series.notna().to_numpy()
    text = known & np.isnan(numbers)
    if not text.any():
        return np.where(known, (np.nan_to_num(numbers) != 0).astype(np.intp), -1)
    # survey tools write the option itself where it was ticked and leave the rest empty
    return known.astype(np.intp)


def _nested(frame: pd.DataFrame, spec: tuple[str, ...]) -> Field:
    parts = [field_of(frame, name, {}) for name in spec]
    code, known = np.zeros(len(frame), dtype=np.intp), np.ones(len(frame), dtype=bool)
    labels: list[tuple[object, ...]] = [()]
    for part in parts:
        own = part.codes[0]
        known &= own >= 0
        code = code * len(part.labels) + np.maximum(own, 0)
        labels = [(*label, value) for label in labels for value in part.labels]
    return Field(" > ".join(spec), tuple(labels), (np.where(known, code, -1),), False)
