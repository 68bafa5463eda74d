"""How well factors reproduce the correlations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy import special

from persona.numeric.moments import Array

CONFIDENCE = 0.90


@dataclass(frozen=True)
class FactorFit:
    """Fit of a factor model of p items and m factors to n respondents.

    ``chi_square`` tests that m factors are enough; ``degrees_of_freedom`` may be 0, where every
    test and index is None. ``rmsea`` comes with its 90 % interval. ``rmsr`` is the root mean
    square residual, ``rmsr_corrected`` the same per degree of freedom, ``largest_residual`` the
    largest in size. ``bic`` compares numbers of factors: smaller is better.
    """

    objective: float
    chi_square: float | None
    degrees_of_freedom: int
    p_value: float | None
    empirical_chi_square: float
    rmsea: float | None
    rmsea_low: float | None
    rmsea_high: float | None
    tli: float | None
    cfi: float | None
    rmsr: float
    rmsr_corrected: float | None
    largest_residual: float
    bic: float | None
    fit_off_diagonal: float
    null_chi_square: float
    null_degrees_of_freedom: int


def degrees_of_freedom(items: int, factors: int) -> int:
    """((p - m)^2 - (p + m)) / 2.

    Examples
    --------
    >>> degrees_of_freedom(25, 5)
    185
    """
    return ((items - factors) ** 2 - (items + factors)) // 2


def fit_indices(matrix: Array, reproduced: Array, factors: int, n: float) -> FactorFit:
    """Fit of reproduced correlations.

    chi2 = (n - 1 - (2p + 5)/6 - 2m/3) F with F = tr(M^-1 R) - ln det(M^-1 R) - p (Bartlett 1951);
    RMSEA = sqrt(max(chi2/(n df) - 1/(n - 1), 0)) (Steiger 1990); TLI = (c0/d0 - c/d)/(c0/d0 - 1)
    (Tucker & Lewis 1973) and CFI = 1 - max(c - d, 0)/max(c0 - d0, c - d, 0) (Bentler 1990), both
    with the null model's c0 on the scale of c; BIC = chi2 - df ln n.

    Parameters
    ----------
    matrix : array (p, p)
        Observed correlations.
    reproduced : array (p, p)
        loadings phi loadings'; its diagonal is not used.
    factors : int
    n : float
        Respondents, the effective number when they are weighted.

    Examples
    --------
    >>> r = np.array([[1.0, 0.5, 0.5], [0.5, 1.0, 0.5], [0.5, 0.5, 1.0]])
    >>> fit_indices(r, r, 1, 100).rmsr
    0.0
    """
    size = len(matrix)
    freedom = degrees_of_freedom(size, factors)
    model = reproduced.copy()
    np.fill_diagonal(model, 1.0)
    objective = _discrepancy(matrix, model)
    null_objective = _discrepancy(matrix, np.eye(size))
    null_freedom = size * (size - 1) // 2
    null_chi = max((n - 1 - (2 * size + 5) / 6) * null_objective, 0.0)
    residual = matrix - model
    off = residual[~np.eye(size, dtype=bool)]
    squares = float((off**2).sum())
    correlations = float((matrix[~np.eye(size, dtype=bool)] ** 2).sum())
    scale = max(n - 1 - (2 * size + 5) / 6 - 2 * factors / 3, 0.0)
    chi = scale * objective
    # psych puts both models on the scale of the factor model here; so the indices agree with it.
    like_null = scale * null_objective
    tested = freedom > 0
    low, high = _rmsea_interval(chi, freedom, n) if tested else (None, None)
    return FactorFit(
        objective=objective,
        chi_square=chi if tested else None,
        degrees_of_freedom=freedom,
        p_value=float(special.chdtrc(freedom, chi)) if tested else None,
        empirical_chi_square=squares * n,
        rmsea=float(np.sqrt(max(chi / (n * freedom) - 1 / (n - 1), 0.0))) if tested else None,
        rmsea_low=low,
        rmsea_high=high,
        tli=_tli(chi, freedom, like_null, null_freedom) if tested else None,
        cfi=_cfi(chi, freedom, like_null, null_freedom) if tested else None,
        rmsr=float(np.sqrt(squares / (size * (size - 1)))),
        rmsr_corrected=float(np.sqrt(squares / (2 * freedom))) if tested else None,
        largest_residual=float(np.abs(off).max()),
        bic=chi - freedom * float(np.log(n)) if tested else None,
        fit_off_diagonal=1 - squares / correlations if correlations > 0 else 1.0,
        null_chi_square=null_chi,
        null_degrees_of_freedom=null_freedom,
    )


def _discrepancy(matrix: Array, model: Array) -> float:
    """Maximum likelihood discrepancy; singular matrices are measured with a floor."""
    values, vectors = np.linalg.eigh(model)
    values = np.maximum(values, 1e-8)
    ratio = (vectors.T @ matrix @ vectors) / values[:, None]
    observed = np.maximum(np.linalg.eigvalsh(matrix), 1e-15)
    result = float(np.trace(ratio)) - float(np.log(observed).sum() - np.log(values).sum())
    return max(result - len(matrix), 0.0)


def _tli(chi: float, freedom: int, null_chi: float, null_freedom: int) -> float | None:
    null = null_chi / null_freedom
    return (null - chi / freedom) / (null - 1) if null > 1 else None


def _cfi(chi: float, freedom: int, null_chi: float, null_freedom: int) -> float:
    worst = max(null_chi - null_freedom, chi - freedom, 0.0)
    return 1 - max(chi - freedom, 0.0) / worst if worst > 0 else 1.0


def _rmsea_interval(chi: float, freedom: int, n: float) -> tuple[float, float]:
    """Noncentralities that put chi2 at the two ends of the interval (Browne & Cudeck 1993)."""
    from scipy import optimize

    tail = (1 - CONFIDENCE) / 2

    def noncentrality(probability: float) -> float:
        if special.chdtr(freedom, chi) <= probability:
            return 0.0

        def gap(value: float) -> float:
            return float(special.chndtr(chi, freedom, value)) - probability

        top = max(chi, freedom, 10.0)
        while gap(top) > 0:
            top *= 2
        return cast(float, optimize.brentq(gap, 0.0, top, xtol=1e-8))

    low, high = noncentrality(1 - tail), noncentrality(tail)
    return (
        float(np.sqrt(low / ((n - 1) * freedom))),
        float(np.sqrt(high / ((n - 1) * freedom))),
    )
