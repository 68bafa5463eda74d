"""Whether items go together well enough for a factor analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from persona.analysis.correlation import Correlations, Kind, correlations
from persona.errors import Listed, Problem, warning
from persona.numeric.moments import Array
from persona.numeric.threads import one_thread

KMO_LEAST, KMO_GOOD = 0.6, 0.8  # Kaiser 1974


@dataclass(frozen=True)
class SamplingAdequacy:
    """Kaiser's measure, ``overall`` and a Series ``items``, both between 0 and 1."""

    overall: float
    items: pd.Series[Any]
    correlation: str
    n: int
    n_weighted: float
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class Sphericity:
    """Bartlett's test that no items correlate; it rests on ``n_effective`` respondents."""

    chi_square: float
    degrees_of_freedom: int
    p_value: float
    determinant: float
    correlation: str
    n: int
    n_weighted: float
    n_effective: float
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class Adequacy:
    """All that speaks for or against a factor analysis of these items.

    ``partners`` is each item's largest correlation in size with another item.
    """

    kmo: SamplingAdequacy
    bartlett: Sphericity
    determinant: float
    partners: pd.Series[Any]
    warnings: tuple[Problem, ...]


@one_thread
def kmo(
    frame: pd.DataFrame, weights: object = None, *, correlation: Kind = "pearson"
) -> SamplingAdequacy:
    """Kaiser-Meyer-Olkin measure of sampling adequacy, overall and for each item.

    KMO = sum r^2 / (sum r^2 + sum q^2) over pairs, where q are the partial correlations given all
    other items (Kaiser 1974). At least .6, good from .8.

    Parameters
    ----------
    frame : DataFrame (n, p)
    weights : sequence (n,), optional
    correlation : {"pearson", "spearman", "polychoric", "auto"}

    Raises
    ------
    AnalysisError
        An item does not vary or copies another.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5], "c": [2, 1, 3, 5, 4]})
    >>> round(kmo(answers).overall, 2)
    0.73
    """
    return kmo_of(correlations(frame, correlation, weights))


@one_thread
def bartlett(
    frame: pd.DataFrame, weights: object = None, *, correlation: Kind = "pearson"
) -> Sphericity:
    """Bartlett's test of sphericity: chi2 = -(n - 1 - (2p + 5)/6) ln det R (Bartlett 1951).

    With weights n is Kish's effective number.

    Parameters
    ----------
    frame : DataFrame (n, p)
    weights : sequence (n,), optional
    correlation : {"pearson", "spearman", "polychoric", "auto"}

    Raises
    ------
    AnalysisError
        An item does not vary or copies another.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [4, 2, 3, 1]})
    >>> bartlett(answers).degrees_of_freedom
    3
    """
    return bartlett_of(correlations(frame, correlation, weights))


def adequacy(correlation: Correlations) -> Adequacy:
    """KMO, Bartlett's test, determinant and each item's nearest partner."""
    measure = kmo_of(correlation)
    matrix = correlation.matrix.to_numpy().copy()
    np.fill_diagonal(matrix, 0.0)
    partners = pd.Series(np.abs(matrix).max(axis=0), index=correlation.matrix.index)
    lonely = partners[partners < 0.2]
    alone = (
        (
            warning(
                "items.lonely",
                "{count} items have no partner; their largest correlations: {items}.",
                allowed="0.20 or more",
                values={"count": len(lonely), "items": _listed(lonely)},
            ),
        )
        if len(lonely)
        else ()
    )
    return Adequacy(
        measure,
        bartlett_of(correlation),
        correlation.determinant,
        partners,
        (*measure.warnings, *alone),
    )


def anti_image(matrix: Array) -> Array:
    """Partial correlations of each pair given all other items, zero on the diagonal."""
    inverse = np.linalg.pinv(matrix, hermitian=True, rcond=1e-12)
    scale = 1 / np.sqrt(np.maximum(np.diag(inverse), 1e-300))
    partial: Array = -inverse * np.outer(scale, scale)
    np.fill_diagonal(partial, 0.0)
    return partial


def kmo_of(correlation: Correlations) -> SamplingAdequacy:
    """KMO of correlations that were computed already."""
    matrix = correlation.matrix.to_numpy()
    squares = matrix**2
    np.fill_diagonal(squares, 0.0)
    partial = anti_image(matrix) ** 2
    both = squares.sum(axis=0) + partial.sum(axis=0)
    items = np.divide(squares.sum(axis=0), both, out=np.full(len(both), 0.5), where=both > 0)
    overall = float(squares.sum() / both.sum()) if both.sum() > 0 else 0.5
    series = pd.Series(items, index=correlation.matrix.index, name="kmo")
    warnings = []
    if overall < KMO_LEAST:
        warnings.append(
            warning(
                "kmo.low",
                "The items go together too little for a factor analysis: KMO is {kmo:.2f}.",
                allowed="0.60 or more (Kaiser 1974)",
                values={"kmo": overall},
            )
        )
    low = series[series < 0.5]
    if len(low):
        warnings.append(
            warning(
                "kmo.item",
                "{count} items go together with the others too little; their KMO: {items}.",
                allowed="0.50 or more (Kaiser 1974)",
                values={"count": len(low), "items": _listed(low)},
            )
        )
    return SamplingAdequacy(
        overall,
        series,
        correlation.kind,
        correlation.n,
        correlation.n_weighted,
        (*correlation.warnings, *warnings),
    )


def _listed(values: pd.Series[Any]) -> Listed:
    return Listed({str(name): float(value) for name, value in values.items()})


def bartlett_of(correlation: Correlations) -> Sphericity:
    """Bartlett's test of correlations that were computed already."""
    from scipy.special import chdtrc

    matrix = correlation.matrix.to_numpy()
    size, n = len(matrix), correlation.n_effective
    # A singular matrix would give an infinite statistic, which no report can print.
    log_determinant = float(np.log(np.maximum(np.linalg.eigvalsh(matrix), 1e-15)).sum())
    chi_square = max(-(n - 1 - (2 * size + 5) / 6) * log_determinant, 0.0)
    freedom = size * (size - 1) // 2
    return Sphericity(
        chi_square,
        freedom,
        float(chdtrc(freedom, chi_square)),
        correlation.determinant,
        correlation.kind,
        correlation.n,
        correlation.n_weighted,
        n,
        correlation.warnings,
    )
