"""What every method gets, and what every method gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from persona.segmentation.arrays import Array, Labels
from persona.segmentation.basis import Basis, Column
from persona.segmentation.components import Components, components
from persona.segmentation.coordinates import Space, space

FEW = 12
"""Measurements up to this many keep all their components: each may tell segments apart by itself.
Coarse scales do not: on a component of one item alone its few answers look like segments."""


@dataclass(frozen=True)
class Data:
    """The respondents as answers, as points, and on their first components."""

    basis: Basis
    space: Space
    points: Array
    components: Components
    scores: Array

    @property
    def weights(self) -> Array:
        """Scaled to a mean of one."""
        return self.basis.weights

    @property
    def n(self) -> int:
        """Respondents."""
        return self.basis.n


def prepare(basis: Basis, standardise: bool | None = None) -> Data:
    """Everything that methods share, worked out once."""
    made, points = space(basis, standardise)
    few = len(basis.columns) <= FEW and basis.n >= 20 * len(basis.columns)
    keep = None
    if few and not basis.of_kind("binary", "nominal", "ordinal"):
        spread = np.linalg.eigvalsh((points * basis.weights[:, None]).T @ points)
        keep = max(1, int((spread > 1e-8 * spread[-1]).sum()))
    found = components(points, basis.weights, made.blocks, keep=keep)
    return Data(basis, made, points, found, found.scores(points))


class Model(Protocol):
    """A fitted division that can take new respondents."""

    def assign(self, columns: tuple[Column, ...]) -> Array:
        """Probability of each segment (n, k), from answers coded as those of the fit."""


@dataclass(frozen=True)
class Fit:
    """One division of the respondents.

    Parameters
    ----------
    memberships : array (n, k)
        Rows sum to one.
    log_likelihood, parameters : float, int or None
        Where the method has a likelihood.
    replicated : float
        Share of the starts that came as near to the best as makes no difference.
    details : mapping
        What the method alone knows (item probabilities, medoids, tree heights).
    """

    k: int
    memberships: Array
    model: Model
    log_likelihood: float | None = None
    parameters: int | None = None
    replicated: float = 1.0
    starts: int = 1
    converged: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> Labels:
        """The likeliest segment of each respondent, 0..k-1."""
        return np.asarray(self.memberships.argmax(axis=1))


@dataclass(frozen=True)
class Method:
    """A way of making segments.

    Parameters
    ----------
    name, title : str
        The word a study file uses, and how reports call it.
    fit : callable (data, k, generator, options) -> Fit
    resample : callable (data, k, weights (runs, n), generator, options) -> labels (runs, n)
        The divisions that bootstrap samples, given as row weights, lead to.
    unsuited : callable (data) -> str or None
        Why the method cannot take these bases.
    likelihood : bool
        Whether fits carry one.
    fixed_k : bool
        Whether the method itself says how many segments there are.
    """

    name: str
    title: str
    fit: Callable[[Data, int, np.random.Generator, Mapping[str, Any]], Fit]
    resample: Callable[[Data, int, Array, np.random.Generator, Mapping[str, Any]], Labels]
    unsuited: Callable[[Data], str | None] = lambda data: None
    likelihood: bool = False
    fixed_k: bool = False


def one_each(
    method_fit: Callable[[Data, int, np.random.Generator, Mapping[str, Any]], Fit],
) -> Callable[[Data, int, Array, np.random.Generator, Mapping[str, Any]], Labels]:
    """Resampling for a method without batches: fit each sample, assign everybody."""

    def resample(
        data: Data,
        k: int,
        weights: Array,
        generator: np.random.Generator,
        options: Mapping[str, Any],
    ) -> Labels:
        out = np.empty(weights.shape, dtype=np.intp)
        for run, own in enumerate(weights):
            rows = np.repeat(np.arange(data.n), own.round().astype(int))
            fit = method_fit(subset(data, rows), k, generator, options)
            out[run] = fit.model.assign(data.basis.columns).argmax(axis=1)
        return out

    return resample


def subset(data: Data, rows: NDArray[np.intp]) -> Data:
    """The same space with some of the respondents, each as often as named."""
    old = data.basis
    columns = tuple(Column(c.name, c.kind, c.values[rows], c.levels) for c in old.columns)
    weights = old.weights[rows]
    weights = weights * (len(rows) / max(float(weights.sum()), 1e-300))
    basis = Basis(
        columns, old.index, old.kept[rows], weights, float(weights.sum()), old.unassignable
    )
    return Data(basis, data.space, data.points[rows], data.components, data.scores[rows])
