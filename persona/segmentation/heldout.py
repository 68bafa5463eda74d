"""Tests on basis variables that are not circular: other respondents, and without the variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from persona.errors import AnalysisError, Problem, error
from persona.numeric.threads import one_thread
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.basis import Column, read
from persona.segmentation.fit import Data, prepare, subset
from persona.segmentation.methods import METHODS
from persona.segmentation.planning import Progress, canonical, silent

LEAST = 60
"""Respondents below which the data cannot be split."""


@one_thread
def held_out(
    frame: pd.DataFrame,
    k: int,
    method: str = "kmeans",
    weights: Sequence[float] | pd.Series | str | None = None,
    seed: int = 0,
    max_missing: float = 0.5,
    *,
    standardise: bool | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Whether segments made without a basis differ on it among respondents who did not make them.

    Tests of a basis between segments made from it prove nothing: the segments were made to
    differ (double dipping, Gao, Bien & Witten 2022). Here one half of the respondents is divided
    on the other bases, the other half is assigned to those segments, and the basis left out is
    tested there.

    Parameters
    ----------
    frame, k, method, weights, seed, max_missing, standardise, progress
        As in :func:`persona.segment`.

    Returns
    -------
    DataFrame
        A row a basis: ``n`` tested, ``eta_squared`` (Cramér's V squared for lists), ``p_value``
        (Welch's analysis of variance, or chi-square), ``p_adjusted`` (Benjamini & Hochberg).
        Tests count respondents, not weights.

    Raises
    ------
    AnalysisError
        With fewer than 60 respondents, fewer than three bases, or k below two.
    """
    from scipy.stats import false_discovery_control

    basis = canonical(read(frame, weights, None, max_missing))
    if basis.n < LEAST or len(basis.columns) < 3 or k < 2:
        raise AnalysisError(_too_little(basis.n, len(basis.columns), k))
    data = prepare(basis, standardise)
    generator = np.random.default_rng([seed, 5])
    order = generator.permutation(basis.n)
    first, second = np.sort(order[: basis.n // 2]), np.sort(order[basis.n // 2 :])
    rows = []
    for place, name in enumerate(basis.names):
        progress("held-out tests", place / len(basis.columns))
        rows.append((name, *_tested(data, place, first, second, k, method, seed)))
    out = pd.DataFrame(rows, columns=["basis", "n", "eta_squared", "p_value"])
    known = out["p_value"].notna()
    out["p_adjusted"] = np.nan
    if known.any():
        out.loc[known, "p_adjusted"] = false_discovery_control(out.loc[known, "p_value"])
    return out.set_index("basis").loc[[c for c in frame if c in basis.names]].reset_index()


def _too_little(n: int, p: int, k: int) -> Problem:
    return error(
        "segments.held_out",
        "A held-out test needs {least} respondents, three bases and two segments; there "
        "are {n}, {p} and {k}.",
        values={"least": LEAST, "n": n, "p": p, "k": k},
    )


def _tested(
    data: Data, place: int, first: Labels, second: Labels, k: int, method: str, seed: int
) -> tuple[int, float, float]:
    """Respondents tested, effect and p-value of one basis."""
    left_out = data.basis.columns[place]
    rest = tuple(c for i, c in enumerate(data.basis.columns) if i != place)
    reduced = prepare(replace(data.basis, columns=rest), data.space.standardised)
    half = subset(reduced, first)
    fit = METHODS[method].fit(half, k, np.random.default_rng([seed, place]), {})
    others = tuple(Column(c.name, c.kind, c.values[second], c.levels) for c in rest)
    labels = fit.model.assign(others).argmax(axis=1)
    values = left_out.values[second]
    seen = ~np.isnan(values)
    if left_out.kind == "nominal":
        return int(seen.sum()), *_lists(values[seen], labels[seen])
    measured = left_out.measured[second]
    return int(seen.sum()), *_welch(measured[seen], labels[seen])


def _welch(values: Array, labels: Labels) -> tuple[float, float]:
    """Eta squared, and the p-value of Welch's (1951) analysis of variance."""
    from scipy.stats import f

    groups = [values[labels == g] for g in np.unique(labels)]
    groups = [g for g in groups if len(g) > 1]
    if len(groups) < 2:
        return float("nan"), float("nan")
    grand = np.concatenate(groups).mean()
    between = sum(len(g) * (g.mean() - grand) ** 2 for g in groups)
    total = sum(((g - grand) ** 2).sum() for g in groups)
    effect = float(between / total) if total > 0 else 0.0
    spread = np.array([max(float(g.var(ddof=1)), 1e-12) for g in groups])
    size = np.array([len(g) for g in groups], float)
    means = np.array([float(g.mean()) for g in groups])
    mass = size / spread
    middle = mass @ means / mass.sum()
    count = len(groups)
    upper = float(mass @ (means - middle) ** 2) / (count - 1)
    lack = float(((1 - mass / mass.sum()) ** 2 / (size - 1)).sum())
    ratio = upper / (1 + 2 * (count - 2) / (count**2 - 1) * lack)
    freedom = (count**2 - 1) / (3 * lack)
    return effect, float(f.sf(ratio, count - 1, freedom))


def _lists(codes: Array, labels: Labels) -> tuple[float, float]:
    """Cramér's V squared, and the p-value of the chi-square test."""
    from scipy.stats import chi2_contingency

    table = pd.crosstab(codes, labels).to_numpy()
    if min(table.shape) < 2:
        return float("nan"), float("nan")
    found = chi2_contingency(table, correction=False)
    effect = float(found.statistic) / table.sum() / (min(table.shape) - 1)
    return effect, float(found.pvalue)
