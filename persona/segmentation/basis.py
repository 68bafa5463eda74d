"""The answers that make the segments: read from a frame, checked, and turned into numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import AnalysisError, Problem, error, note, warning
from persona.segmentation.checks import read_weights, refuse_shape

MOST_POINTS = 11
"""Whole numbers with at most this many different values count as ordered answers."""

MOST_CATEGORIES = 60
"""A text column with more different answers than this is refused as a basis."""


@dataclass(frozen=True)
class Column:
    """One basis: its name, its kind, and its answers as codes or measurements.

    Parameters
    ----------
    values : array (n,)
        Measurements, or the position of the answer in ``levels``; NaN where missing.
    levels : tuple
        Answers of a nominal, ordinal or binary column, in their order.
    """

    name: Any
    kind: str
    values: NDArray[np.float64]
    levels: tuple[Any, ...] = ()

    @property
    def measured(self) -> NDArray[np.float64]:
        """Values as numbers of the user's own scale; codes of nominal columns stay codes."""
        if self.kind in ("ordinal", "binary") and _numbers(self.levels):
            scale = np.array([float(level) for level in self.levels])
            seen = ~np.isnan(self.values)
            out = np.full(self.values.shape, np.nan)
            out[seen] = scale[self.values[seen].astype(int)]
            return out
        return self.values


@dataclass(frozen=True)
class Basis:
    """What a segmentation is made from, for the respondents who can be assigned.

    Parameters
    ----------
    columns : tuple of Column
        Constant and empty columns are left out and named in ``problems``.
    index : Index
        Of the whole frame; ``kept`` are the positions of the respondents used.
    weights : array (n kept,)
        Scaled to a mean of one.
    weight_total : float
        Sum of the weights as they were given.
    unassignable : DataFrame
        Column ``reason`` on the index of those left out.
    """

    columns: tuple[Column, ...]
    index: pd.Index
    kept: NDArray[np.intp]
    weights: NDArray[np.float64]
    weight_total: float
    unassignable: pd.DataFrame
    problems: tuple[Problem, ...] = field(default=())

    @property
    def n(self) -> int:
        """Respondents used."""
        return len(self.kept)

    @property
    def names(self) -> tuple[Any, ...]:
        """Names of the columns used."""
        return tuple(column.name for column in self.columns)

    @property
    def complete(self) -> bool:
        """Whether no answer is missing."""
        return not any(np.isnan(column.values).any() for column in self.columns)

    def of_kind(self, *kinds: str) -> tuple[Column, ...]:
        """The columns of these kinds."""
        return tuple(column for column in self.columns if column.kind in kinds)

    def distinct(self) -> int:
        """How many different respondents there are."""
        codes = np.column_stack([np.nan_to_num(c.values, nan=-1e300) for c in self.columns])
        return len(np.unique(codes, axis=0))


def read(
    frame: pd.DataFrame,
    weights: Sequence[float] | pd.Series | str | None = None,
    kinds: Mapping[Any, str] | None = None,
    max_missing: float = 0.5,
    by_rule: bool = False,
) -> Basis:
    """Check a frame and its weights and keep what can be used.

    ``by_rule`` keeps columns that are the same for everybody or empty: a rule may ask for them.

    Raises
    ------
    AnalysisError
        With every problem: no rows, repeated columns, text that is no list of answers, weights
        that cannot be used, nothing that varies.
    """
    problems: list[Problem] = []
    frame, weighting = _parted(frame, weights)
    refuse_shape(frame, kinds)
    given, faults = read_weights(weighting, frame.index)
    columns: list[Column] = []
    for name in frame.columns:
        kind = (kinds or {}).get(name)
        if by_rule:
            column, trouble = _column_of_rule(frame[name], kind)
        else:
            column, trouble = _column(frame[name], kind)
        problems += trouble
        if column is not None:
            columns.append(column)
    faults += [p for p in problems if p.severity == "error"]
    if faults:
        raise AnalysisError(faults)
    if not columns:
        raise AnalysisError(
            [
                *problems,
                error(
                    "segments.no_variation",
                    "No basis differs between respondents, so there is nothing to segment on.",
                    remedy="Choose bases that respondents answer differently.",
                ),
            ]
        )
    return _keep(frame.index, columns, given, max_missing, problems, by_rule)


def _parted(
    frame: pd.DataFrame, weights: Sequence[float] | pd.Series | str | None
) -> tuple[pd.DataFrame, Sequence[float] | pd.Series | None]:
    """The bases and the weights, where a column of the frame holds them."""
    if not isinstance(weights, str):
        return frame, weights
    if weights not in frame.columns:
        raise AnalysisError(
            error(
                "segments.weight_column",
                "The weight column {column!r} is not in the table.",
                allowed=", ".join(map(str, frame.columns)),
                remedy="Name a column that is there, or leave the weights out.",
                values={"column": weights},
            )
        )
    return frame.drop(columns=[weights]), frame[weights]


def _keep(
    index: pd.Index,
    columns: list[Column],
    weights: NDArray[np.float64],
    max_missing: float,
    problems: list[Problem],
    by_rule: bool,
) -> Basis:
    """Leave out the respondents who answered too little."""
    empty = np.column_stack([np.isnan(column.values) for column in columns])
    share = empty.mean(axis=1)
    out = (share > max_missing) | (share == 1)
    kept = np.flatnonzero(~out)
    if not kept.size:
        raise AnalysisError(
            error(
                "segments.all_missing",
                "Every respondent left more than {share:.0%} of the bases unanswered.",
                remedy="Choose bases that were asked of everybody, or raise max_missing.",
                values={"share": max_missing},
            )
        )
    unassignable, notes = _left_out(index, share, out, 0.0 if by_rule else empty[kept].mean())
    problems += notes
    used, constant = _varying(columns, kept, weights[kept] > 0, by_rule)
    problems += constant
    if not used:
        raise AnalysisError(
            [
                error(
                    "segments.no_variation",
                    "No basis differs between respondents, so there is nothing to segment on.",
                    remedy="Choose bases that respondents answer differently.",
                )
            ]
        )
    total = float(weights[kept].sum())
    if total <= 0:
        raise AnalysisError(_weightless())
    return Basis(
        tuple(used),
        index,
        kept,
        weights[kept] * (len(kept) / total),
        total,
        unassignable,
        tuple(problems),
    )


def without(basis: Basis, rows: NDArray[np.intp], reasons: Sequence[str]) -> Basis:
    """The basis without some respondents, given by their positions in the frame.

    Raises
    ------
    AnalysisError
        When nobody with a weight is left.
    """
    stay = ~np.isin(basis.kept, rows)
    mass = basis.weights[stay].sum()
    if mass <= 0:
        raise AnalysisError(_weightless())
    total = basis.weight_total * float(mass / basis.weights.sum())
    more = pd.DataFrame({"reason": list(reasons)}, index=basis.index[rows], dtype="object")
    listed = pd.concat([basis.unassignable, more])
    count = len(rows)
    return replace(
        basis,
        columns=tuple(replace(c, values=c.values[stay]) for c in basis.columns),
        kept=basis.kept[stay],
        weights=basis.weights[stay] * (stay.sum() / mass),
        weight_total=total,
        unassignable=listed.loc[basis.index[basis.index.isin(listed.index)]],
        problems=(
            *basis.problems,
            warning(
                "segments.undecided",
                "{count} of {n} respondents are in no segment: what the rule needs to know of "
                "them is not there.",
                remedy="They are listed with the reason.",
                values={"count": count, "n": len(basis.index)},
            ),
        ),
    )


def _weightless() -> Problem:
    return error(
        "segments.weights_zero",
        "All respondents who can be assigned have a weight of zero.",
        remedy="Check the weights.",
    )


def _left_out(
    index: pd.Index, share: NDArray[np.float64], out: NDArray[np.bool_], missing: float
) -> tuple[pd.DataFrame, list[Problem]]:
    """Who is left out and why, and what is said of missing answers."""
    problems: list[Problem] = []
    reasons = [
        "no basis answered" if share[i] == 1 else f"{share[i]:.0%} of the bases unanswered"
        for i in np.flatnonzero(out)
    ]
    unassignable = pd.DataFrame({"reason": reasons}, index=index[out], dtype="object")
    if out.any():
        problems.append(
            warning(
                "segments.unassignable",
                "{count} of {n} respondents answered too few of the bases to be assigned.",
                values={"count": int(out.sum()), "n": len(index)},
                remedy="They are listed with the reason; max_missing sets the limit.",
            )
        )
    if missing > 0:
        problems.append(
            note(
                "segments.missing",
                "{share:.1%} of the answers to the bases are missing; methods by distance use "
                "the value that the other answers predict, latent class leaves them out.",
                values={"share": missing},
            )
        )
    return unassignable, problems


def _varying(
    columns: list[Column], kept: NDArray[np.intp], counting: NDArray[np.bool_], by_rule: bool
) -> tuple[list[Column], list[Problem]]:
    used, problems = [], []
    for column in columns:
        values = column.values[kept]
        weighed = values[counting & ~np.isnan(values)]
        if by_rule or (weighed.size and np.ptp(weighed) > 0):
            used.append(Column(column.name, column.kind, values, column.levels))
            continue
        problems.append(
            warning(
                "segments.constant",
                "The basis {column!r} is the same for everybody and was left out.",
                column=str(column.name),
                values={"column": str(column.name)},
            )
        )
    return used, problems


def _column(series: pd.Series, kind: str | None) -> tuple[Column | None, list[Problem]]:
    name = series.name
    if series.isna().all():
        return None, [
            warning(
                "segments.empty_column",
                "The basis {column!r} has no answers and was left out.",
                column=str(name),
                values={"column": str(name)},
            )
        ]
    if isinstance(series.dtype, pd.CategoricalDtype):
        return _listed(series, kind)
    if pd.api.types.is_bool_dtype(series.dtype):
        series = series.astype("Float64")
    if not pd.api.types.is_numeric_dtype(series.dtype):
        answers = series.dropna().unique()
        if len(answers) > MOST_CATEGORIES:
            return None, [
                error(
                    "segments.text",
                    "The basis {column!r} is text with {count} different answers.",
                    column=str(name),
                    remedy="Segments are made from scales, numbers and lists of answers.",
                    values={"column": str(name), "count": len(answers)},
                )
            ]
        return _listed(series.astype("category"), kind)
    values = series.to_numpy(float, na_value=np.nan).astype(float)
    if np.isinf(values).any():
        return None, [
            error(
                "segments.infinite",
                "The basis {column!r} holds infinite numbers.",
                column=str(name),
                remedy="Replace them by the number meant, or by an empty cell.",
                values={"column": str(name)},
            )
        ]
    return _numeric(name, values, kind), []


def _column_of_rule(series: pd.Series, kind: str | None) -> tuple[Column | None, list[Problem]]:
    """Numbers as they are, whatever their values: a rule may compare them with any other."""
    if series.isna().all():
        return Column(series.name, "numeric", np.full(len(series), np.nan)), []
    column, problems = _column(series, kind)
    if kind is None and column is not None and column.kind == "ordinal" and _numbers(column.levels):
        column = Column(column.name, "numeric", column.measured)
    return column, problems


def _numeric(name: Any, values: NDArray[np.float64], kind: str | None) -> Column:
    seen = values[~np.isnan(values)]
    distinct = np.unique(seen)
    if kind is None:
        whole = len(distinct) <= MOST_POINTS and bool((distinct == np.round(distinct)).all())
        if whole and set(distinct) <= {0.0, 1.0}:
            kind = "binary"
        else:
            kind = "ordinal" if whole and np.ptp(distinct) < MOST_POINTS else "numeric"
    if kind == "numeric":
        return Column(name, kind, values)
    codes = np.full(values.shape, np.nan)
    codes[~np.isnan(values)] = np.searchsorted(distinct, seen)
    levels = tuple(int(x) if x == round(x) else float(x) for x in distinct)
    return Column(name, kind, codes, levels)


def _listed(series: pd.Series, kind: str | None) -> tuple[Column, list[Problem]]:
    used = series.cat.remove_unused_categories()
    codes = np.asarray(used.cat.codes, dtype=np.float64)
    codes[codes < 0] = np.nan
    found = "ordinal" if used.cat.ordered else "nominal"
    return Column(series.name, kind or found, codes, tuple(used.cat.categories)), []


def _numbers(levels: tuple[Any, ...]) -> bool:
    return bool(levels) and all(isinstance(x, (int, float, np.number)) for x in levels)
