"""Reliability of a scale that measures one thing and several: McDonald's omega."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from persona.analysis.correlation import Correlations, Kind, correlations
from persona.analysis.extraction import minres
from persona.analysis.items import Unusable
from persona.analysis.number_of_factors import largest_number
from persona.analysis.reliability import lambda6
from persona.analysis.rotation import rotate
from persona.errors import AnalysisError, Problem, error, warning
from persona.numeric.moments import Array
from persona.numeric.threads import one_thread


@dataclass(frozen=True)
class Omega:
    """McDonald's omega of one scale.

    ``total`` is the share of the sum's variance that any common factor explains, ``hierarchical``
    the share of the general one alone, ``asymptotic`` hierarchical over total. With one factor
    both are the same. ``schmid_leiman`` has a row an item: ``g``, the group factors, ``h2``,
    ``u2``, ``p2`` (share of g in h2). ``groups`` has ``total``, ``general`` and ``group`` for the
    whole (row ``g``) and each group factor. ``reversed`` are the items that load negatively on g.
    """

    total: float
    hierarchical: float
    asymptotic: float
    alpha: float
    lambda6: float
    n_factors: int
    schmid_leiman: pd.DataFrame
    groups: pd.DataFrame
    reversed: tuple[Any, ...]
    n: int
    n_weighted: float
    warnings: tuple[Problem, ...]


def omega(
    frame: pd.DataFrame,
    weights: object = None,
    *,
    n_factors: int | None = None,
    correlation: Kind = "pearson",
    unusable: Unusable = "refuse",
) -> Omega:
    """McDonald's omega, total and hierarchical, by a Schmid-Leiman solution.

    Minres with oblimin gives group factors, one minres factor of their correlations the general
    one (Schmid & Leiman 1957; Zinbarg et al. 2005). total = 1 - sum u2 / sum R, hierarchical =
    (sum g)^2 / sum R, with items that load negatively on g turned round.

    Parameters
    ----------
    frame : DataFrame (n, p)
        Three items or more.
    weights : sequence (n,), optional
    n_factors : int, optional
        Group factors; None: 3 from nine items on, else 1.
    correlation : {"pearson", "spearman", "polychoric", "auto"}
    unusable : {"refuse", "drop"}

    Raises
    ------
    AnalysisError
        Fewer than three items, or more factors than the items allow.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = rng.standard_normal((300, 1))
    >>> answers = pd.DataFrame(common + rng.standard_normal((300, 4)), columns=list("abcd"))
    >>> 0.7 < omega(answers).total < 0.9
    True
    """
    found = correlations(frame, correlation, weights, unusable=unusable)
    return omega_of(found, n_factors)


@one_thread
def omega_of(correlation: Correlations, n_factors: int | None = None) -> Omega:
    """As :func:`omega`, of correlations computed already."""
    matrix = correlation.matrix.to_numpy()
    size = len(matrix)
    count = (3 if size >= 9 else 1) if n_factors is None else n_factors
    if not 1 <= count <= largest_number(size):
        raise AnalysisError(
            error(
                "omega.factors",
                "{items} items allow no omega with {factors} group factors.",
                allowed=f"1 to {largest_number(size)} group factors, three items or more",
                values={"items": size, "factors": count},
            )
        )
    warnings: list[Problem] = list(correlation.warnings)
    general, group, common = _schmid_leiman(matrix, count, warnings)
    sign = np.where(general < 0, -1.0, 1.0)
    turned = matrix * np.outer(sign, sign)
    general, group = general * sign, group * sign[:, None]
    names = [f"F{factor + 1}" for factor in range(group.shape[1])]
    table = pd.DataFrame(group, index=correlation.matrix.index, columns=names)
    table.insert(0, "g", general)
    table["h2"], table["u2"] = common, 1 - common
    table["p2"] = np.divide(general**2, common, out=np.zeros(size), where=common > 1e-12)
    groups = _groups(turned, general, group, common, names)
    variance = float(turned.sum())
    total, hierarchical = groups.to_numpy()[0, :2]
    return Omega(
        float(total),
        float(hierarchical),
        float(hierarchical / max(total, 1e-12)),
        size / (size - 1) * (1 - size / variance),
        lambda6(turned),
        count,
        table,
        groups,
        tuple(correlation.matrix.index[sign < 0]),
        correlation.n,
        correlation.n_weighted,
        tuple(warnings),
    )


def _schmid_leiman(
    matrix: Array, count: int, warnings: list[Problem]
) -> tuple[Array, Array, Array]:
    """General loadings, residual group loadings and communalities."""
    extraction = minres(matrix, count)
    if count == 1:
        general = extraction.loadings[:, 0]
        return general * (1 if general.sum() >= 0 else -1), np.empty((len(matrix), 0)), general**2
    rotation = rotate(extraction.loadings, "oblimin")
    flip = np.where(rotation.loadings.sum(axis=0) < 0, -1.0, 1.0)
    loadings, phi = rotation.loadings * flip, rotation.phi * np.outer(flip, flip)
    if count == 2:
        # Two factors carry one correlation, which cannot tell their two loadings apart.
        second = np.full(2, np.sqrt(max(phi[0, 1], 0.0)))
    else:
        second = minres(phi, 1).loadings[:, 0]
        second = second * (1 if second.sum() >= 0 else -1)
    if np.abs(second).max() >= 0.998:
        warnings.append(
            warning(
                "omega.heywood",
                "A group factor is the general factor itself (Heywood case); hierarchical omega "
                "is uncertain.",
                remedy="Try another number of group factors.",
            )
        )
    second = np.clip(second, -1.0, 1.0)
    group = loadings * np.sqrt(1 - second**2)
    order = np.argsort(-(group**2).sum(axis=0), kind="stable")
    return loadings @ second, group[:, order], 1 - extraction.uniquenesses


def _groups(
    matrix: Array, general: Array, group: Array, common: Array, names: list[str]
) -> pd.DataFrame:
    """Omega of the whole and of each group of items by their largest group loading."""

    def shares(chosen: npt.NDArray[np.intp], column: Array | None) -> tuple[float, float, float]:
        variance = float(matrix[np.ix_(chosen, chosen)].sum())
        if variance <= 0:
            return 0.0, 0.0, 0.0
        total = 1 - float((1 - common[chosen]).sum()) / variance
        from_general = float(general[chosen].sum()) ** 2 / variance
        rest = total - from_general
        if column is not None:
            rest = float(column[chosen].sum()) ** 2 / variance
            total = from_general + rest
        return total, from_general, rest

    everything = np.arange(len(matrix))
    rows = {"g": shares(everything, None)}
    if not group.shape[1]:
        rows["g"] = (rows["g"][0], rows["g"][0], 0.0)
    else:
        belongs = np.abs(group).argmax(axis=1)
        for factor, name in enumerate(names):
            rows[name] = shares(everything[belongs == factor], group[:, factor])
        spread = sum(
            float(group[belongs == factor, factor].sum()) ** 2 for factor in range(len(names))
        )
        rows["g"] = (*rows["g"][:2], spread / float(matrix.sum()))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["total", "general", "group"])
