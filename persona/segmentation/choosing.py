"""How many segments the evidence supports, and by which method."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona.segmentation.evidence import certainty_of, separation, silhouette_widths
from persona.segmentation.fit import Data, Fit

SAMPLE_CAP = 3000
"""Respondents that likelihoods are scaled down to: a split that only a larger sample can tell
from a bent distribution is not one to act on."""

LEAST_STEP = 0.12
"""Share of the gain so far that one more segment must add."""

LEAST_STEP_LISTS = 0.05
"""The same for latent classes of lists and yes/no answers alone, which no bent scale can feign."""

APART = 3.3
"""Standard deviations between the nearest segments beyond which a small gain is enough."""

LEAST_SHARE = 0.04
"""Smaller segments are reported but not chosen by ``auto`` (norm: at least 5 percent)."""

COLUMNS = (
    "method",
    "k",
    "log_likelihood",
    "parameters",
    "bic",
    "aic",
    "entropy",
    "within_ss",
    "silhouette",
    "stability",
    "separation",
    "smallest_share",
    "replicated",
    "chosen",
    "reason",
)


@dataclass(frozen=True)
class Choice:
    """What was chosen, and why not the others.

    Parameters
    ----------
    reasons : mapping of (method, k) to str
    """

    method: str
    k: int
    reasons: Mapping[tuple[str, int], str]


def shares_of(fit: Fit, data: Data) -> np.ndarray:
    """Weighted share of each segment by the likeliest segment of each respondent."""
    size = np.bincount(fit.labels, data.weights, fit.k)
    return np.asarray(size / size.sum())


def criteria(fit: Fit, n: int) -> tuple[float, float]:
    """BIC (Schwarz 1978) and AIC (Akaike 1974); smaller is better."""
    if fit.log_likelihood is None or fit.parameters is None:
        return float("nan"), float("nan")
    deviance = -2 * fit.log_likelihood
    return deviance + fit.parameters * float(np.log(n)), deviance + 2.0 * fit.parameters


def capped_bic(fit: Fit, n: int) -> float:
    """The BIC as it would stand with at most :data:`SAMPLE_CAP` respondents."""
    size = min(n, SAMPLE_CAP)
    assert fit.log_likelihood is not None and fit.parameters is not None
    return -2 * fit.log_likelihood * size / n + fit.parameters * float(np.log(size))


def supported_k(
    fits: Sequence[Fit],
    data: Data,
    step: float = LEAST_STEP,
    feigned: Callable[[int], float] = lambda k: 0.0,
) -> int:
    """The number of segments after which another adds too little to the likelihood.

    From the gain in BIC over one segment, less what data without segments gain (``feigned``, a
    respondent): k stands when no larger number k' gains more than
    ``step`` x (k' - k) of it, or a quarter of that when its segments lie further than
    :data:`APART` from each other, as a small segment may. Segments below :data:`LEAST_SHARE` do
    not count.
    """
    by_k = {fit.k: fit for fit in fits}
    base = capped_bic(by_k[1], data.n)
    gains = {1: 0.0}
    needs = {1: step}
    for k, fit in sorted(by_k.items()):
        if k > 1 and shares_of(fit, data).min() >= LEAST_SHARE:
            gains[k] = base - capped_bic(fit, data.n) - feigned(k) * min(data.n, SAMPLE_CAP)
            needs[k] = step / 4 if separation(fit, data) >= APART else step
    ordered = sorted(gains)
    for k in ordered:
        later = [other for other in ordered if other > k]
        if k == 1 and any(gains[other] > 0 for other in later):
            continue
        if all(gains[o] - gains[k] <= needs[o] * (o - k) * max(gains[k], 0.0) for o in later):
            return k
    return 1


def table(
    fits: Mapping[tuple[str, int], Fit],
    data: Data,
    stability: Mapping[str, pd.DataFrame],
    choice: Choice,
) -> pd.DataFrame:
    """One row a candidate, with everything it was weighed on."""
    rows = []
    widths = silhouette_widths(data.points, [f.labels for f in fits.values()])
    for (name, k), fit, width in zip(fits, fits.values(), widths, strict=True):
        bic, aic = criteria(fit, data.n)
        pairs = stability.get(name)
        steady = float(pairs[k].mean()) if pairs is not None and k in pairs else float("nan")
        rows.append(
            (
                name,
                k,
                np.nan if fit.log_likelihood is None else fit.log_likelihood,
                np.nan if fit.parameters is None else fit.parameters,
                bic,
                aic,
                certainty_of(fit.memberships, data.weights),
                within_ss(fit, data),
                width,
                steady,
                separation(fit, data),
                float(shares_of(fit, data).min()),
                fit.replicated,
                (name, k) == (choice.method, choice.k),
                choice.reasons.get((name, k), ""),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def within_ss(fit: Fit, data: Data) -> float:
    """Weighted sum of squared distances to the segment mean, in the space of the bases."""
    member = np.zeros((data.n, fit.k))
    member[np.arange(data.n), fit.labels] = data.weights
    size = np.maximum(member.sum(axis=0), 1e-300)
    means = member.T @ data.points / size[:, None]
    total = float(data.weights @ (data.points**2).sum(axis=1))
    return total - float((size[:, None] * means**2).sum())
