"""Mixtures fitted by expectation and maximisation, all starts and all bootstrap samples at once.

Every model here is an exponential family: the log density of a respondent in a segment is a
product of fixed statistics of the answers with parameters of the segment. One matrix product
therefore gives the memberships of many runs, and a second one what the parameters need.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from persona.segmentation.arrays import Array

_FLOOR = -1e4
"""Log densities are kept above this, so that an impossible answer does not become a NaN."""


class Family(Protocol):
    """The distribution of the answers within a segment."""

    @property
    def statistics(self) -> Array:
        """Respondents by statistics; the last column is one."""

    def parameters(self, k: int) -> int:
        """Free parameters of k segments, shares left out."""

    def fixed(self, weights: Array) -> Array:
        """What parameters need of the row weights (runs, n) beside the sums: (runs, m)."""

    def natural(self, sums: Array, fixed: Array) -> tuple[Array, Array]:
        """Parameters (k, runs, statistics) and the log density common to segments (runs,)."""

    def cast(self, dtype: type, rows: NDArray[np.intp] | None = None) -> Family:
        """The same family in another precision, or of some of the respondents."""


@dataclass(frozen=True)
class Mixtures:
    """Several runs of one mixture.

    Parameters
    ----------
    log_likelihood : array (runs,)
    parameters : array (k, runs, statistics)
        The last statistic holds the constant and the log share.
    sums : array (k, runs, statistics)
        Expected statistics; the last is the weighted size.
    iterations : int
    converged : array (runs,) of bool
    """

    log_likelihood: Array
    parameters: Array
    sums: Array
    iterations: int
    converged: NDArray[np.bool_]

    def pick(self, runs: NDArray[np.intp]) -> Mixtures:
        """Some of the runs."""
        return Mixtures(
            self.log_likelihood[runs],
            self.parameters[:, runs],
            self.sums[:, runs],
            self.iterations,
            self.converged[runs],
        )


def memberships(parameters: Array, statistics: Array) -> tuple[Array, Array]:
    """Posterior memberships (k, runs, n) and log densities (runs, n)."""
    k, runs, width = parameters.shape
    logits = (parameters.reshape(k * runs, width) @ statistics.T).reshape(k, runs, -1)
    top = logits.max(axis=0)
    np.subtract(logits, top, out=logits)
    np.exp(logits, out=logits)
    total = logits.sum(axis=0)
    logits /= total
    return logits, top + np.log(total)


def collect(responsibilities: Array, weights: Array, statistics: Array) -> Array:
    """Weighted sums of the statistics by segment: (k, runs, statistics)."""
    k, runs, n = responsibilities.shape
    weighted = (responsibilities * weights).reshape(k * runs, n)
    return (weighted @ statistics).reshape(k, runs, -1)


def natural_with_shares(family: Family, sums: Array, fixed: Array) -> tuple[Array, Array]:
    """Parameters with the log share of each segment in the constant, and the common term."""
    parameters, common = family.natural(sums, fixed)
    sizes = np.maximum(sums[:, :, -1], 1e-30)
    parameters[:, :, -1] += np.log(sizes / sizes.sum(axis=0))
    return np.maximum(parameters, _FLOOR), common


def sums_of_labels(labels: NDArray[np.intp], k: int, weights: Array, statistics: Array) -> Array:
    """Sums of the statistics when runs start from hard labels (runs, n) in 0..k-1."""
    member = (labels[None] == np.arange(k)[:, None, None]).astype(statistics.dtype)
    return collect(member, weights, statistics)


def run(
    family: Family,
    sums: Array,
    weights: Array,
    iterations: int = 500,
    tolerance: float = 1e-8,
) -> Mixtures:
    """Iterate every run until its log-likelihood rises by less than ``tolerance`` per respondent.

    Parameters
    ----------
    family : Family
    sums : array (k, runs, statistics)
        Where to start.
    weights : array (runs, n)
        Row weights of each run; a bootstrap sample is a row weight.

    Returns
    -------
    Mixtures
        ``log_likelihood`` never falls from one iteration to the next (Dempster et al. 1977).
    """
    runs = sums.shape[1]
    statistics = family.statistics
    sums = sums.copy()
    parameters = np.empty_like(sums)
    likelihood = np.full(runs, -np.inf)
    active = np.arange(runs)
    total = np.asarray(weights.sum(axis=1), float)
    fixed = family.fixed(weights)
    own = weights
    done = 0
    for step in range(1, iterations + 1):
        done = step
        now, common = natural_with_shares(family, sums[:, active], fixed[active])
        member, density = memberships(now, statistics)
        value = np.einsum("rn,rn->r", density, own, dtype=float) + common
        moved = value - likelihood[active]
        likelihood[active] = value
        parameters[:, active] = now
        going = moved > tolerance * total[active]
        if not going.any():
            active = active[:0]
            break
        if not going.all():
            active, own, member = active[going], own[going], member[:, going]
        sums[:, active] = collect(member, own, statistics)
    converged = np.ones(runs, bool)
    converged[active] = False
    return Mixtures(likelihood, parameters, sums, done, converged)


def _step(family: Family, sums: Array, weights: Array, fixed: Array) -> tuple[Array, Array]:
    """One iteration: the next sums, and the log-likelihood of the sums given."""
    now, common = natural_with_shares(family, sums, fixed)
    member, density = memberships(now, family.statistics)
    value = np.einsum("rn,rn->r", density, weights) + common
    return collect(member, weights, family.statistics), value


def accelerate(
    family: Family,
    sums: Array,
    weights: Array,
    iterations: int = 2000,
    tolerance: float = 1e-10,
) -> Mixtures:
    """As :func:`run`, with squared extrapolation of the sums (SQUAREM, Varadhan & Roland 2008).

    A leap that would lower the log-likelihood is replaced by the plain steps before it.
    """
    sums = sums.copy()
    runs = sums.shape[1]
    active = np.arange(runs)
    best = np.full(runs, -np.inf)
    fixed = family.fixed(weights)
    total = np.maximum(weights.sum(axis=1), 1.0)
    own, still = weights, fixed
    done = 0
    while active.size and done < iterations:
        start = sums[:, active]
        first, value = _step(family, start, own, still)
        second, after = _step(family, first, own, still)
        change, bend = first - start, second - 2 * first + start
        length = np.sqrt((change**2).sum((0, 2)) / np.maximum((bend**2).sum((0, 2)), 1e-300))
        length = np.clip(length, 1.0, 1e6)[None, :, None]
        leap = np.maximum(start + 2 * length * change + length**2 * bend, _lowest(family))
        leap, far = _step(family, leap, own, still)
        worse = ~(far >= after - 1e-9)
        leap[:, worse] = second[:, worse]
        sums[:, active] = leap
        reached = np.where(worse, after, far)
        going = (reached - value) > tolerance * total[active]
        best[active] = reached
        if not going.all():
            active, own, still = active[going], own[going], still[going]
        done += 3
    final = run(family, sums, weights, iterations=1)
    converged = np.ones(runs, bool)
    converged[active] = False
    return Mixtures(final.log_likelihood, final.parameters, final.sums, done, converged)


def _lowest(family: Family) -> Array:
    """The least value each sum may take: zero for counts, none for sums of measurements."""
    return np.asarray(getattr(family, "lowest", np.zeros(family.statistics.shape[1])))
