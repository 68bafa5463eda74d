"""Rotation of loadings: varimax to target, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from persona.analysis import criteria
from persona.analysis.criteria import Criterion
from persona.analysis.gradient_projection import rotate as project
from persona.errors import AnalysisError, error
from persona.numeric.moments import Array

Name = Literal[
    "none",
    "varimax",
    "quartimax",
    "equamax",
    "promax",
    "oblimin",
    "quartimin",
    "geomin",
    "target",
]

OBLIQUE = ("promax", "oblimin", "quartimin", "geomin", "target")
ORTHOGONAL = ("none", "varimax", "quartimax", "equamax")
_STARTS = {"oblimin": 8, "quartimin": 8, "geomin": 24, "quartimax": 4, "equamax": 4}
_POWER = 4


@dataclass(frozen=True)
class Rotation:
    """Rotated loadings (p, m), factor correlations (m, m) and how the starts went.

    ``transform`` turns the loadings given into those returned: loadings = given @ transform.
    ``starts_at_best`` of ``starts`` reached the smallest value of the criterion.
    """

    loadings: Array
    phi: Array
    transform: Array
    converged: bool
    starts: int
    starts_at_best: int


def rotate(
    loadings: Array,
    name: Name = "oblimin",
    *,
    normalize: bool | None = None,
    target: Array | None = None,
    starts: int | None = None,
    seed: int = 0,
) -> Rotation:
    """Rotate loadings.

    Parameters
    ----------
    loadings : array (p, m)
    name : {"none", "varimax", "quartimax", "equamax", "promax", "oblimin", "quartimin",
        "geomin", "target"}
        varimax, quartimax and equamax keep factors uncorrelated. oblimin is direct oblimin with
        gamma 0, which is quartimin; promax raises varimax loadings to the power 4.
    normalize : bool, optional
        Kaiser's row normalisation before rotating. None: for varimax and promax alone. Promax
        starts from normalised varimax either way; False fits the power to the loadings as they
        are, which is R's ``stats::promax``, True to the normalised ones, which is psych's.
    target : array (p, m), optional
        For ``target``; NaN where a loading is free.
    starts : int, optional
        Random starts; None: 24 for geomin, 8 for oblimin, 1 where there are no local minima.
    seed : int

    Raises
    ------
    AnalysisError
        The name is unknown, or the target is missing or of another shape.

    Examples
    --------
    >>> turned = np.array([[0.7, 0.4], [0.6, 0.5], [0.5, -0.6], [0.4, -0.5]])
    >>> rotation = rotate(turned, "varimax")
    >>> bool(np.allclose(rotation.loadings @ rotation.loadings.T, turned @ turned.T))
    True
    """
    if name not in (*ORTHOGONAL, *OBLIQUE):
        raise AnalysisError(
            error(
                "rotation.unknown",
                "There is no rotation called {name!r}.",
                allowed=", ".join((*ORTHOGONAL, *OBLIQUE)),
                values={"name": str(name)},
            )
        )
    size = loadings.shape[1]
    if name == "none" or size == 1:
        return Rotation(loadings, np.eye(size), np.eye(size), True, 1, 1)
    if normalize is None:
        normalize = name in ("varimax", "promax")
    scaled = loadings / _lengths(loadings)[:, None] if normalize else loadings
    if name == "varimax":
        return _varimax(loadings, scaled)
    if name == "promax":
        turned = _varimax(scaled, loadings / _lengths(loadings)[:, None])
        return _promax(loadings, turned)
    criterion = _criterion(name, loadings, target)
    count = _STARTS.get(name, 1) if starts is None else max(1, starts)
    oblique = name in OBLIQUE
    found = project(scaled, criterion, oblique=oblique, starts=count, seed=seed)
    turn = np.asarray(np.linalg.inv(found.transform).T) if oblique else found.transform
    phi = np.asarray(found.transform.T @ found.transform) if oblique else np.eye(size)
    return Rotation(loadings @ turn, phi, turn, found.converged, found.starts, found.starts_at_best)


def _criterion(name: str, loadings: Array, target: Array | None) -> Criterion:
    items, size = loadings.shape
    if name == "target":
        if target is None or np.shape(target) != loadings.shape:
            raise AnalysisError(
                error(
                    "rotation.target",
                    "The target must have one row for each of {items} items and one column for "
                    "each of {factors} factors.",
                    found="none" if target is None else str(np.shape(target)),
                    values={"items": items, "factors": size},
                )
            )
        return criteria.target(np.asarray(target, dtype=float))
    known: dict[str, Callable[[], Criterion]] = {
        "oblimin": criteria.oblimin,
        "quartimin": criteria.oblimin,
        "geomin": criteria.geomin,
        "quartimax": lambda: criteria.crawford_ferguson(0.0),
        "equamax": lambda: criteria.crawford_ferguson(size / (2 * items)),
    }
    return known[name]()


def _lengths(loadings: Array) -> Array:
    """Roots of the communalities, one where there is none."""
    lengths = np.sqrt((loadings**2).sum(axis=1))
    return np.asarray(np.where(lengths > 1e-12, lengths, 1.0))


def _varimax(loadings: Array, scaled: Array) -> Rotation:
    """Varimax through factor_analyzer, which agrees with R's and is fast; others here do not."""
    from factor_analyzer import Rotator

    rotator = Rotator(method="varimax", normalize=False, tol=1e-14, max_iter=5000)
    rotator.fit_transform(scaled)
    turn = np.asarray(rotator.rotation_, dtype=float)
    return Rotation(loadings @ turn, np.eye(len(turn)), turn, True, 1, 1)


def _promax(loadings: Array, varimax: Rotation) -> Rotation:
    """Least-squares fit of varimax loadings to their fourth power (Hendrickson & White 1964)."""
    goal = varimax.loadings * np.abs(varimax.loadings) ** (_POWER - 1)
    turn = np.linalg.lstsq(varimax.loadings, goal, rcond=None)[0]
    turn = turn * np.sqrt(np.diag(np.linalg.inv(turn.T @ turn)))
    whole = varimax.transform @ turn
    inverse = np.linalg.inv(turn)
    return Rotation(loadings @ whole, inverse @ inverse.T, whole, True, 1, 1)
