"""Correspondence analysis of a table: segments by attributes, brands by image."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from persona.analysis.axes import AxisPoles, poles
from persona.analysis.prince_adapter import decompose_table
from persona.errors import AnalysisError, Problem, error, warning
from persona.numeric.moments import Array
from persona.numeric.threads import one_thread

_NO_INERTIA = 1e-14


@dataclass(frozen=True)
class CorrespondenceMap:
    """Rows and columns of a table as points whose distances are chi-square distances.

    Axes are numbered from 1. ``eigenvalues`` are the inertias of the axes, ``explained`` their
    shares of the total, which add up to 1. Coordinates are principal ones; contributions of all
    rows (or columns) to an axis add up to 1; cos2 says how much of a point an axis shows.
    ``row_masses`` are shares of the table's total, ``row_inertia`` adds up to ``total_inertia``
    (columns alike). ``residuals`` are adjusted standardised residuals: beyond 2 in size a cell is
    remarkable. Supplementary points were laid on the map without shaping it. ``axes`` says what
    each of the first axes sets against what.
    """

    eigenvalues: pd.Series[Any]
    explained: pd.Series[Any]
    row_coordinates: pd.DataFrame
    column_coordinates: pd.DataFrame
    row_contributions: pd.DataFrame
    column_contributions: pd.DataFrame
    row_cos2: pd.DataFrame
    column_cos2: pd.DataFrame
    row_masses: pd.Series[Any]
    column_masses: pd.Series[Any]
    row_inertia: pd.Series[Any]
    column_inertia: pd.Series[Any]
    supplementary_row_coordinates: pd.DataFrame
    supplementary_row_cos2: pd.DataFrame
    supplementary_column_coordinates: pd.DataFrame
    supplementary_column_cos2: pd.DataFrame
    total_inertia: float
    chi_square: float
    degrees_of_freedom: int
    p_value: float
    residuals: pd.DataFrame
    axes: tuple[AxisPoles, ...]
    table: pd.DataFrame
    method: str
    options: Mapping[str, Any]
    n: float
    warnings: tuple[Problem, ...] = field(default=())

    @property
    def n_weighted(self) -> float:
        """The table's total, the same as ``n``: a weighted table carries its weights in it."""
        return self.n

    def biplot(self, axes: tuple[int, int] = (1, 2)) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows as points and columns as arrows, whose products approximate the residuals.

        Rows in principal coordinates, columns in standard ones times the square root of their
        mass (the contribution biplot of Greenacre 2013): an arrow's squared length on an axis is
        its contribution.

        Parameters
        ----------
        axes : pair of int

        Returns
        -------
        rows, columns : DataFrames with the two axes
        """
        chosen = [axis for axis in axes if axis in self.eigenvalues.index]
        arrows = np.sign(self.column_coordinates[chosen]) * np.sqrt(
            self.column_contributions[chosen]
        )
        return self.row_coordinates[chosen], pd.DataFrame(arrows)


@one_thread
def correspondence_analysis(
    table: pd.DataFrame,
    *,
    supplementary_rows: Iterable[Hashable] = (),
    supplementary_columns: Iterable[Hashable] = (),
    n_axes: int | None = None,
) -> CorrespondenceMap:
    """Correspondence analysis of a table of counts or weighted counts.

    Singular values of the standardised residuals (P - r c') / sqrt(r c') (Greenacre 2017).
    Empty rows and columns are left out with a warning.

    Parameters
    ----------
    table : DataFrame (r, c)
        Zero or more in every cell.
    supplementary_rows, supplementary_columns : iterable of labels
        Laid on the map without shaping it.
    n_axes : int, optional
        Axes kept in coordinates; None: all. Eigenvalues are always all.

    Raises
    ------
    AnalysisError
        A cell is negative, missing or text; fewer than two rows or columns with answers; an
        unknown supplementary label.

    Examples
    --------
    >>> table = pd.DataFrame({"likes": [30, 10], "dislikes": [10, 30]}, index=["A", "B"])
    >>> result = correspondence_analysis(table)
    >>> float(result.eigenvalues[1].round(4)), float(round(result.chi_square, 4))
    (0.25, 20.0)
    """
    extra_rows = _known(supplementary_rows, table.index, "row")
    extra_columns = _known(supplementary_columns, table.columns, "column")
    counts = _counts(table, extra_rows, extra_columns)
    active = counts.drop(index=extra_rows, columns=extra_columns)
    active, warnings = _without_empty(active)
    if min(active.shape) < 2:
        raise AnalysisError(
            error(
                "table.small",
                "The table has {rows} rows and {columns} columns with answers.",
                allowed="two or more of each",
                remedy="Cross questions with two answers or more.",
                values={"rows": active.shape[0], "columns": active.shape[1]},
            )
        )
    return _analyse(active, counts, extra_rows, extra_columns, n_axes, warnings)


def _counts(
    table: pd.DataFrame, extra_rows: list[Hashable], extra_columns: list[Hashable]
) -> pd.DataFrame:
    for axis, labels in (("row", table.index), ("column", table.columns)):
        repeated = labels[labels.duplicated()].unique()
        if len(repeated):
            raise AnalysisError(
                error(
                    "table.repeated",
                    "Two of the table's {axis}s are called {label!r}.",
                    values={"axis": axis, "label": str(repeated[0])},
                )
            )
    numbers: pd.DataFrame = table.apply(pd.to_numeric, errors="coerce").astype(float)
    # Where a supplementary row meets a supplementary column nothing is read.
    numbers.loc[extra_rows, extra_columns] = 0.0
    values = numbers.to_numpy()
    faulty = np.argwhere(~np.isfinite(values) | (values < 0))
    if len(faulty):
        raise AnalysisError(
            error(
                "table.cell",
                "The cell of row {row!r} and column {column!r} is no count.",
                found=str(table.iloc[row, column]),
                allowed="numbers of zero or more",
                values={"row": str(table.index[row]), "column": str(table.columns[column])},
            )
            for row, column in faulty[:10]
        )
    return numbers


def _known(labels: Iterable[Hashable], existing: pd.Index, what: str) -> list[Hashable]:
    chosen = list(labels)
    unknown = [label for label in chosen if label not in existing]
    if unknown:
        raise AnalysisError(
            error(
                "table.supplementary",
                "The supplementary {what} {label!r} is not in the table.",
                allowed=", ".join(str(label) for label in existing[:20]),
                values={"what": what, "label": str(label)},
            )
            for label in unknown
        )
    return chosen


def _without_empty(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    rows = table.index[table.sum(axis=1) <= 0]
    columns = table.columns[table.sum(axis=0) <= 0]
    found = [
        warning(
            "table.empty",
            "The {what} {label!r} of the table is empty and was left out.",
            values={"what": what, "label": str(label)},
        )
        for what, labels in (("row", rows), ("column", columns))
        for label in labels
    ]
    return table.drop(index=rows, columns=columns), found


def _analyse(
    active: pd.DataFrame,
    counts: pd.DataFrame,
    extra_rows: list[Hashable],
    extra_columns: list[Hashable],
    n_axes: int | None,
    warnings: list[Problem],
) -> CorrespondenceMap:
    values = active.to_numpy()
    total = float(values.sum())
    row_mass, column_mass = values.sum(axis=1) / total, values.sum(axis=0) / total
    expected = np.outer(row_mass, column_mass)
    deviation = (values / total - expected) / np.sqrt(expected)
    found = decompose_table(values)
    inertia = found.values**2
    everything = float((deviation**2).sum())
    if everything < _NO_INERTIA:
        warnings.append(
            warning("table.independent", "Rows and columns of the table are unrelated: no map.")
        )
    kept = len(inertia) if n_axes is None else max(1, min(n_axes, len(inertia)))
    axes = pd.RangeIndex(1, kept + 1)
    rows = _points(active.index, found.left, found.values, row_mass, deviation, axes)
    columns = _points(active.columns, found.right, found.values, column_mass, deviation.T, axes)
    row_standard = found.left / np.sqrt(row_mass)[:, None]
    column_standard = found.right / np.sqrt(column_mass)[:, None]
    more_rows = counts.loc[extra_rows, active.columns]
    more_columns = counts.loc[active.index, extra_columns].T
    labels = pd.RangeIndex(1, len(inertia) + 1)
    share = inertia / everything if everything >= _NO_INERTIA else inertia * 0
    explained = pd.Series(share, index=labels, name="explained")
    return CorrespondenceMap(
        eigenvalues=pd.Series(inertia, index=labels, name="eigenvalue"),
        explained=explained,
        **{f"row_{name}": values for name, values in rows.items()},
        **{f"column_{name}": values for name, values in columns.items()},
        **_supplementary(more_rows, column_standard, column_mass, axes, "row"),
        **_supplementary(more_columns, row_standard, row_mass, axes, "column"),
        **_tests(active, deviation, expected, warnings),
        axes=poles(
            {
                kind: (side["coordinates"], side["contributions"], side["cos2"])
                for kind, side in (("row", rows), ("column", columns))
            },
            explained,
        ),
        table=active,
        method="correspondence analysis",
        options={
            "supplementary_rows": tuple(extra_rows),
            "supplementary_columns": tuple(extra_columns),
            "n_axes": n_axes,
        },
        n=total,
        warnings=tuple(warnings),
    )


def _tests(
    active: pd.DataFrame, deviation: Array, expected: Array, warnings: list[Problem]
) -> dict[str, Any]:
    """Chi-square test of the whole and adjusted residuals of the cells."""
    total = float(active.to_numpy().sum())
    chi_square = float((deviation**2).sum()) * total
    freedom = (active.shape[0] - 1) * (active.shape[1] - 1)
    rest = np.outer(1 - expected.sum(axis=1), 1 - expected.sum(axis=0))
    residuals = deviation * np.sqrt(total) / np.sqrt(np.maximum(rest, 1e-300))
    if (expected * total < 5).mean() > 0.2:
        warnings.append(
            warning(
                "table.thin",
                "More than a fifth of the cells expect fewer than 5 answers; the chi-square test "
                "is rough.",
                allowed="at most 20 % of cells (Cochran 1954)",
            )
        )
    return {
        "total_inertia": chi_square / total,
        "chi_square": chi_square,
        "degrees_of_freedom": freedom,
        "p_value": float(special.chdtrc(freedom, chi_square)),
        "residuals": pd.DataFrame(residuals, index=active.index, columns=active.columns),
    }


def _points(
    labels: pd.Index,
    vectors: Array,
    values: Array,
    mass: Array,
    deviation: Array,
    axes: pd.RangeIndex,
) -> dict[str, Any]:
    """Principal coordinates, contributions, cos2, masses and inertia of rows or of columns."""
    kept = slice(0, len(axes))
    coordinates = vectors[:, kept] * values[kept] / np.sqrt(mass)[:, None]
    distance = (deviation**2).sum(axis=1) / mass
    cos2 = coordinates**2 / np.where(distance > _NO_INERTIA, distance, 1.0)[:, None]
    return {
        "coordinates": pd.DataFrame(coordinates, index=labels, columns=axes),
        "contributions": pd.DataFrame(vectors[:, kept] ** 2, index=labels, columns=axes),
        "cos2": pd.DataFrame(cos2, index=labels, columns=axes),
        "masses": pd.Series(mass, index=labels, name="mass"),
        "inertia": pd.Series((deviation**2).sum(axis=1), index=labels, name="inertia"),
    }


def _supplementary(
    extra: pd.DataFrame, standard: Array, mass: Array, axes: pd.RangeIndex, what: str
) -> dict[str, Any]:
    """Profiles laid on the map: profile times the standard coordinates of the other side."""
    totals = extra.to_numpy().sum(axis=1, keepdims=True)
    filled = totals[:, 0] > 0
    profile = np.divide(extra.to_numpy(), totals, out=np.zeros(extra.shape), where=totals > 0)
    coordinates = profile @ standard[:, : len(axes)]
    distance = ((profile - mass) ** 2 / mass).sum(axis=1)
    cos2 = coordinates**2 / np.where(distance > _NO_INERTIA, distance, 1.0)[:, None]
    labels = extra.index[filled]
    return {
        f"supplementary_{what}_coordinates": pd.DataFrame(
            coordinates[filled], index=labels, columns=axes
        ),
        f"supplementary_{what}_cos2": pd.DataFrame(cos2[filled], index=labels, columns=axes),
    }
