"""Whether two groups or waves have the same factors."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from persona.analysis.factors import FactorSolution, factor_analysis
from persona.errors import AnalysisError, Problem, error, warning
from persona.numeric.moments import Array

EQUAL, FAIR = 0.95, 0.85  # Lorenzo-Seva & ten Berge 2006


@dataclass(frozen=True)
class FactorComparison:
    """Factors of one group beside those of another, over the items both have.

    ``congruence`` is Tucker's, factors of the first in rows, of the second in columns; ``matched``
    has a row a factor of the first: the ``partner`` in the second, their ``congruence`` and its
    ``reading`` (``equal`` from .95, ``fair`` from .85, else ``different``). ``rotated`` are the
    second's loadings turned as near to the first's as a rotation can (Procrustes), ``differences``
    what then remains, ``after_rotation`` the congruence of each factor afterwards and
    ``item_congruence`` that of each item.
    """

    congruence: pd.DataFrame
    matched: pd.DataFrame
    rotated: pd.DataFrame
    differences: pd.DataFrame
    after_rotation: pd.Series[Any]
    item_congruence: pd.Series[Any]
    warnings: tuple[Problem, ...]


def tucker_congruence(first: Array, second: Array) -> Array:
    """Congruence of every two columns: x'y / sqrt(x'x y'y) (Tucker 1951).

    Parameters
    ----------
    first : array (p, m)
    second : array (p, k)

    Returns
    -------
    array (m, k)

    Examples
    --------
    >>> float(tucker_congruence(np.array([[0.6], [0.8]]), np.array([[0.3], [0.4]]))[0, 0].round(9))
    1.0
    """
    scale = np.sqrt(np.outer((first**2).sum(axis=0), (second**2).sum(axis=0)))
    found = np.divide(first.T @ second, scale, out=np.zeros_like(scale), where=scale > 1e-300)
    return np.asarray(np.clip(found, -1.0, 1.0))


def match_columns(
    congruence: Array,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Array]:
    """The pairing of rows with columns of largest total congruence in size, and its signs.

    Examples
    --------
    >>> rows, columns, sign = match_columns(np.array([[0.1, -0.9], [0.8, 0.2]]))
    >>> columns.tolist(), sign.tolist()
    ([1, 0], [-1.0, 1.0])
    """
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-np.abs(congruence))
    return rows, columns, np.where(congruence[rows, columns] < 0, -1.0, 1.0)


def procrustes(loadings: Array, target: Array) -> Array:
    """Loadings turned as near to a target as a rotation can (Schonemann 1966).

    Parameters
    ----------
    loadings, target : arrays (p, m)

    Examples
    --------
    >>> goal = np.array([[0.8, 0.0], [0.0, 0.7], [0.5, 0.5]])
    >>> quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
    >>> bool(np.allclose(procrustes(goal @ quarter, goal), goal))
    True
    """
    left, _, right = np.linalg.svd(loadings.T @ target, full_matrices=False)
    return np.asarray(loadings @ (left @ right))


def compare_factors(first: FactorSolution, second: FactorSolution) -> FactorComparison:
    """Factors of two groups or waves side by side.

    Parameters
    ----------
    first, second : FactorSolution
        Of the same items; items that only one has are left out with a warning.

    Raises
    ------
    AnalysisError
        Fewer than three items in common.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> common = np.repeat(rng.standard_normal((400, 2)), 4, axis=1)
    >>> answers = pd.DataFrame(common + rng.standard_normal((400, 8)), columns=list("abcdefgh"))
    >>> one, two = factor_analysis(answers[:200], 2), factor_analysis(answers[200:], 2)
    >>> compare_factors(one, two).matched["reading"].tolist()
    ['equal', 'equal']
    """
    shared = [item for item in first.loadings.index if item in second.loadings.index]
    if len(shared) < 3:
        raise AnalysisError(
            error(
                "compare.items",
                "The two groups have {count} items in common.",
                allowed="three or more",
                values={"count": len(shared)},
            )
        )
    warnings = list(_not_shared(first, second, len(shared)))
    one, two = first.loadings.loc[shared], second.loadings.loc[shared]
    congruence = tucker_congruence(one.to_numpy(), two.to_numpy())
    rows, columns, sign = match_columns(congruence)
    size = congruence[rows, columns] * sign
    matched = pd.DataFrame(
        {
            "partner": two.columns[columns],
            "congruence": size,
            "reading": [_reading(value) for value in size],
        },
        index=one.columns[rows],
    )
    goal = one.iloc[:, rows]
    turned = procrustes(two.to_numpy()[:, columns] * sign, goal.to_numpy())
    rotated = pd.DataFrame(turned, index=shared, columns=goal.columns)
    warnings += [
        warning(
            "compare.different",
            "The factor {factor} is not the same in both groups: congruence {value:.2f}.",
            allowed="0.85 or more (Lorenzo-Seva & ten Berge 2006)",
            remedy="Do not compare scores on it between the groups.",
            values={"factor": str(factor), "value": float(value)},
        )
        for factor, value in matched["congruence"].items()
        if value < FAIR
    ]
    return FactorComparison(
        pd.DataFrame(congruence, index=one.columns, columns=two.columns),
        matched,
        rotated,
        rotated - goal,
        pd.Series(np.diag(tucker_congruence(goal.to_numpy(), turned)), index=goal.columns),
        pd.Series(np.diag(tucker_congruence(goal.to_numpy().T, turned.T)), index=shared),
        tuple(warnings),
    )


def compare_groups(
    frame: pd.DataFrame, groups: pd.Series[Any], **options: Any
) -> Mapping[Hashable, FactorComparison]:
    """Factors of everyone beside those of each group alone, with the same number of factors.

    Parameters
    ----------
    frame : DataFrame (n, p)
    groups : Series (n,)
        Group of each respondent, in the frame's order; missing takes no part.
    options
        As for :func:`persona.factor_analysis`.

    Returns
    -------
    mapping of group to its comparison with everyone

    Raises
    ------
    AnalysisError
        A group is too small or an item does not vary in it.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> common = np.repeat(rng.standard_normal((400, 2)), 4, axis=1)
    >>> answers = pd.DataFrame(common + rng.standard_normal((400, 8)), columns=list("abcdefgh"))
    >>> found = compare_groups(answers, pd.Series(["x", "y"] * 200), n_factors=2)
    >>> list(found)
    ['x', 'y']
    """
    everyone = factor_analysis(frame, **options)
    settings = {
        "correlation": _asked(everyone.correlation.kind),
        **{key: value for key, value in options.items() if key != "weights"},
        "n_factors": everyone.n_factors,
    }
    weights = options.get("weights")
    found: dict[Hashable, FactorComparison] = {}
    labels = np.asarray(groups, dtype=object)
    for group in pd.unique(pd.Series(labels).dropna()):
        chosen = labels == group
        part = None if weights is None else np.asarray(weights)[chosen]
        alone = factor_analysis(frame[chosen], weights=part, **settings)
        found[group] = compare_factors(everyone, alone)
    return found


def _asked(kind: str) -> str:
    """What to ask for so that a group gets the same sort of correlation as everyone."""
    return kind if kind in ("pearson", "spearman") else "polychoric"


def _reading(value: float) -> str:
    return "equal" if value >= EQUAL else "fair" if value >= FAIR else "different"


def _not_shared(first: FactorSolution, second: FactorSolution, shared: int) -> list[Problem]:
    apart = (len(first.loadings) - shared) + (len(second.loadings) - shared)
    if not apart:
        return []
    return [
        warning(
            "compare.apart",
            "{count} items stand in one group alone and are not compared.",
            values={"count": apart},
        )
    ]
