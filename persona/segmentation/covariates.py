"""Class shares that depend on covariates, by a multinomial logit inside the EM steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona.errors import AnalysisError, error
from persona.segmentation import em
from persona.segmentation.arrays import Array
from persona.segmentation.basis import Basis


@dataclass(frozen=True)
class Regressed:
    """Classes with covariates.

    Parameters
    ----------
    parameters : array (k, statistics)
        With the mean share of each class in the constant, for respondents without covariates.
    coefficients : array (k, covariates)
        Of the logit; those of the first class are zero.
    memberships : array (n, k)
    """

    parameters: Array
    coefficients: Array
    memberships: Array
    log_likelihood: float
    converged: bool


def design(given: pd.DataFrame | pd.Series, basis: Basis) -> tuple[tuple[str, ...], Array]:
    """Names and values (n, d) of the covariates of those assigned, after a constant.

    Lists become one column for each answer but the first.

    Raises
    ------
    AnalysisError
        When a respondent or a value is missing.
    """
    table = given.to_frame() if isinstance(given, pd.Series) else given
    rows = basis.index[basis.kept]
    absent = rows.difference(table.index)
    if len(absent):
        raise AnalysisError(
            error(
                "segments.covariate_rows",
                "{count} respondents have no covariates, the first is {first}.",
                values={"count": len(absent), "first": str(absent[0])},
            )
        )
    wide = pd.get_dummies(table.loc[rows], drop_first=True, dtype=float).astype(float)
    holes = table.loc[rows].isna().any(axis=1)
    if holes.any():
        raise AnalysisError(
            error(
                "segments.covariate_missing",
                "{count} respondents lack a covariate, the first is {first}.",
                remedy="Leave them out, or fill in the value.",
                values={
                    "count": int(holes.sum()),
                    "first": str(rows[int(holes.to_numpy().argmax())]),
                },
            )
        )
    values = np.column_stack([np.ones(len(rows)), wide.to_numpy()])
    return ("constant", *map(str, wide.columns)), values


def fit(
    model: em.Family,
    sums: Array,
    design: Array,
    weights: Array,
    iterations: int = 3000,
    tolerance: float = 1e-10,
) -> Regressed:
    """EM with one Newton step of the logit in each iteration (Bandeen-Roche et al. 1997).

    Parameters
    ----------
    sums : array (k, statistics)
        Where to start.
    design : array (n, d)
    """
    k, d = len(sums), design.shape[1]
    coefficients: Array = np.zeros((k, d))
    share = np.maximum(sums[:, -1], 1e-12)
    coefficients[:, 0] = np.log(share / share[0])
    before, total = -np.inf, float(weights.sum())
    fixed = model.fixed(weights[None])
    converged = False
    member: Array = np.zeros((len(weights), k))
    parameters: Array = np.zeros_like(sums)[:, None]
    for _ in range(iterations):
        parameters, common = model.natural(sums[:, None].copy(), fixed)
        logits = (parameters[:, 0] @ model.statistics.T).T + _log_shares(design, coefficients)
        top = logits.max(axis=1, keepdims=True)
        odds = np.exp(logits - top)
        mass = odds.sum(axis=1, keepdims=True)
        member = odds / mass
        value = float(weights @ (top + np.log(mass))[:, 0] + common[0])
        if value - before <= tolerance * total:
            converged = True
            break
        before = value
        sums = (member * weights[:, None]).T @ model.statistics
        coefficients = _newton(design, coefficients, member, weights)
    shares = weights @ np.exp(_log_shares(design, coefficients)) / total
    plain = parameters[:, 0].copy()
    plain[:, -1] += np.log(np.maximum(shares, 1e-300))
    return Regressed(plain, coefficients, member, before, converged)


def _log_shares(design: Array, coefficients: Array) -> Array:
    score = design @ coefficients.T
    score = score - score.max(axis=1, keepdims=True)
    return np.asarray(score - np.log(np.exp(score).sum(axis=1, keepdims=True)))


def _newton(design: Array, coefficients: Array, member: Array, weights: Array) -> Array:
    """One step uphill of the logit, halved until it is one."""
    k, d = coefficients.shape
    share = np.exp(_log_shares(design, coefficients))
    slope = ((member - share) * weights[:, None]).T @ design
    bend = np.zeros((k - 1, d, k - 1, d))
    for g in range(1, k):
        for h in range(1, k):
            mass = weights * share[:, g] * ((g == h) - share[:, h])
            bend[g - 1, :, h - 1] = (design * mass[:, None]).T @ design
    flat = bend.reshape((k - 1) * d, (k - 1) * d) + 1e-10 * np.eye((k - 1) * d)
    step = np.linalg.lstsq(flat, slope[1:].ravel(), rcond=None)[0].reshape(k - 1, d)

    def worth(values: Array) -> float:
        return float(weights @ (member * _log_shares(design, values)).sum(axis=1))

    now = worth(coefficients)
    for half in range(20):
        moved = coefficients.copy()
        moved[1:] += step / 2**half
        if worth(moved) >= now - 1e-12:
            return moved
    return coefficients
