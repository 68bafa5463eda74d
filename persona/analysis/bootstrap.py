"""How far loadings would move in another sample."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from persona.analysis.comparison import match_columns, tucker_congruence
from persona.analysis.correlation import Kind, correlations_of
from persona.analysis.extraction import extract
from persona.analysis.factors import FactorSolution
from persona.analysis.items import Items, read_items
from persona.analysis.rotation import rotate
from persona.errors import AnalysisError, Problem, warning
from persona.numeric.moments import Array
from persona.numeric.seeds import generator
from persona.numeric.threads import one_thread


@dataclass(frozen=True)
class LoadingIntervals:
    """Percentile intervals of loadings (p, m).

    ``congruence`` is the mean congruence of each factor with its likeness in the samples: under
    .85 the factor itself is unstable. ``draws`` samples were used, ``failed`` could not be.
    """

    low: pd.DataFrame
    high: pd.DataFrame
    standard_error: pd.DataFrame
    congruence: pd.Series[Any]
    level: float
    draws: int
    failed: int
    seed: int
    warnings: tuple[Problem, ...]


@one_thread
def bootstrap_loadings(
    frame: pd.DataFrame,
    solution: FactorSolution,
    weights: object = None,
    *,
    draws: int = 200,
    level: float = 0.95,
    seed: int = 0,
) -> LoadingIntervals:
    """Intervals of loadings from samples of respondents drawn with replacement.

    Each sample is correlated, extracted and rotated as the solution was; its factors are paired
    with the solution's by congruence and signed alike (Zientek & Thompson 2007).

    Parameters
    ----------
    frame : DataFrame (n, p)
        The answers the solution was made from.
    solution : FactorSolution
    weights : sequence (n,), optional
    draws : int
    level : float
    seed : int

    Raises
    ------
    AnalysisError
        As :func:`persona.factor_analysis`.

    Examples
    --------
    >>> from persona.analysis import factor_analysis
    >>> rng = np.random.default_rng(3)
    >>> answers = pd.DataFrame(rng.standard_normal((300, 1)) + rng.standard_normal((300, 4)))
    >>> found = bootstrap_loadings(answers, factor_analysis(answers, 1), draws=50)
    >>> bool((found.low < found.high).all(axis=None))
    True
    """
    names = list(solution.loadings.index)
    missing: Any = solution.correlation.missing
    items = read_items(frame[names], weights, missing=missing)
    random = generator(seed)
    goal = solution.loadings.to_numpy()
    found, alike, failed = [], [], 0
    for _ in range(draws):
        rows = random.integers(items.n, size=items.n)
        try:
            loadings = _again(_sample(items, rows), solution)
        except AnalysisError:
            failed += 1  # an item did not vary in this sample; the count is reported
            continue
        congruence = tucker_congruence(goal, loadings)
        own, other, sign = match_columns(congruence)
        found.append(loadings[:, other] * sign)
        alike.append(np.abs(congruence[own, other]))
    return _intervals(solution, np.array(found), np.array(alike), level, failed, seed)


def _sample(items: Items, rows: Any) -> Items:
    return replace(items, values=items.values[rows], weights=items.weights[rows], warnings=())


def _again(items: Items, solution: FactorSolution) -> Array:
    """Loadings of a sample, made as the solution's were."""
    if (np.nanmin(items.values, axis=0) == np.nanmax(items.values, axis=0)).any():
        raise AnalysisError(())
    kind: Kind = "polychoric"
    if solution.correlation.kind in ("pearson", "spearman"):
        kind = solution.correlation.kind  # type: ignore[assignment]
    method: Any = solution.method
    rotation: Any = solution.rotation
    matrix = correlations_of(items, kind).matrix.to_numpy()
    unrotated = extract(matrix, solution.n_factors, method).loadings
    target = solution.loadings.to_numpy() if rotation == "target" else None
    return rotate(unrotated, rotation, target=target, starts=1).loadings


def _intervals(
    solution: FactorSolution, found: Array, alike: Array, level: float, failed: int, seed: int
) -> LoadingIntervals:
    index, columns = solution.loadings.index, solution.loadings.columns
    if len(found) < 2:
        raise AnalysisError(
            warning("bootstrap.failed", "No sample of respondents gave a solution.")
        )
    tail = 100 * (1 - level) / 2
    low, high = np.percentile(found, [tail, 100 - tail], axis=0)
    said = []
    if failed:
        said.append(
            warning(
                "bootstrap.skipped",
                "{failed} of {draws} samples gave no solution and were left out.",
                values={"failed": failed, "draws": failed + len(found)},
            )
        )
    congruence = pd.Series(alike.mean(axis=0), index=columns)
    said += [
        warning(
            "bootstrap.unstable",
            "The factor {factor} changes from sample to sample: mean congruence {value:.2f}.",
            allowed="0.85 or more (Lorenzo-Seva & ten Berge 2006)",
            values={"factor": str(factor), "value": float(value)},
        )
        for factor, value in congruence.items()
        if value < 0.85
    ]
    return LoadingIntervals(
        pd.DataFrame(low, index=index, columns=columns),
        pd.DataFrame(high, index=index, columns=columns),
        pd.DataFrame(found.std(axis=0, ddof=1), index=index, columns=columns),
        congruence,
        level,
        len(found),
        failed,
        seed,
        tuple(said),
    )
