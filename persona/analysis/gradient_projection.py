"""Gradient projection rotation from many starts at once (Jennrich 2001, 2002)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from persona.analysis.criteria import Criterion
from persona.numeric.moments import Array
from persona.numeric.seeds import generator

_STEPS = 3000
_COARSE = 1e-4
_FINE = 1e-9
_MEMORY = 5  # the value may rise above the last, not above the worst of the last so many
_REPLICATED = 1e-5


class Rotated(NamedTuple):
    """Loadings with the transformation T and how the starts went.

    Oblique: loadings = A inv(T)', factor correlations T'T. Orthogonal: loadings = A T.
    """

    loadings: Array
    transform: Array
    value: float
    converged: bool
    starts: int
    starts_at_best: int


class _State(NamedTuple):
    transform: Array
    loadings: Array
    value: Array
    gradient: Array  # projected on what the constraint leaves free
    size: Array


def rotate(
    loadings: Array, criterion: Criterion, *, oblique: bool, starts: int, seed: int
) -> Rotated:
    """The rotation that makes the criterion smallest, over many random starts.

    Parameters
    ----------
    loadings : array (p, m)
    criterion : Criterion
    oblique : bool
        Whether factors may correlate.
    starts : int
        The first starts where the loadings stand, the others from random rotations.
    seed : int

    Examples
    --------
    >>> from persona.analysis.criteria import oblimin
    >>> turned = np.array([[0.8, 0.0], [0.7, 0.0], [0.0, 0.6], [0.0, 0.9]]) @ (
    ...     np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2))
    >>> rotate(turned, oblimin(), oblique=True, starts=4, seed=0).value < 1e-9
    True
    """
    first = _random_rotations(loadings.shape[1], starts, seed)
    rough = _descend(loadings, first, criterion, oblique, _COARSE if starts > 1 else _FINE)
    best = int(np.argmin(rough.value))
    final = rough
    if starts > 1:
        final = _descend(loadings, rough.transform[best : best + 1], criterion, oblique, _FINE)
        best = 0
    value = float(final.value[best])
    near = rough.value <= value + _REPLICATED * max(1.0, abs(value))
    return Rotated(
        final.loadings[best],
        final.transform[best],
        value,
        bool(final.size[best] < 1e-6),
        starts,
        int(near.sum()),
    )


def _random_rotations(size: int, starts: int, seed: int) -> Array:
    random = generator(seed)
    rotations = np.tile(np.eye(size), (starts, 1, 1))
    if starts > 1:
        upright, upper = np.linalg.qr(random.standard_normal((starts - 1, size, size)))
        diagonal = np.sign(np.einsum("sii->si", upper))
        rotations[1:] = upright * diagonal[:, None, :]
    return rotations


def _evaluate(loadings: Array, transform: Array, criterion: Criterion, oblique: bool) -> _State:
    if oblique:
        inverse = np.linalg.inv(transform)
        turned = loadings @ np.swapaxes(inverse, 1, 2)
        value, slope = criterion(turned)
        gradient = -np.swapaxes(np.swapaxes(turned, 1, 2) @ slope @ inverse, 1, 2)
        projected = gradient - transform * (transform * gradient).sum(axis=1, keepdims=True)
    else:
        turned = loadings @ transform
        value, slope = criterion(turned)
        gradient = loadings.T @ slope
        product = np.swapaxes(transform, 1, 2) @ gradient
        projected = gradient - transform @ ((product + np.swapaxes(product, 1, 2)) / 2)
    size = np.sqrt((projected**2).sum(axis=(1, 2)))
    return _State(transform, turned, value, projected, size)


def _onto(transform: Array, oblique: bool) -> Array:
    """Back to columns of length one, or to the nearest rotation."""
    if oblique:
        return np.asarray(transform / np.sqrt((transform**2).sum(axis=1, keepdims=True)))
    left, _, right = np.linalg.svd(transform)
    return np.asarray(left @ right)


def _descend(
    loadings: Array, transform: Array, criterion: Criterion, oblique: bool, tolerance: float
) -> _State:
    """Barzilai-Borwein steps with a non-monotone line search, every start on its own."""
    state = _evaluate(loadings, transform, criterion, oblique)
    final = _State(*(part.copy() for part in state))
    alive = np.arange(len(transform))
    step = np.ones(len(transform))
    history = np.repeat(state.value[:, None], _MEMORY, axis=1)
    for turn in range(_STEPS):
        open_ = state.size > tolerance
        if not open_.all():
            state = _State(*(part[open_] for part in state))
            alive, step, history = alive[open_], step[open_], history[open_]
        if not len(alive):
            break
        new, stuck = _line_search(loadings, state, step, history, criterion, oblique)
        moved, changed = new.transform - state.transform, new.gradient - state.gradient
        curvature = (moved * changed).sum(axis=(1, 2))
        length = (moved**2).sum(axis=(1, 2))
        step = np.where(curvature > 1e-300, length / np.maximum(curvature, 1e-300), 2 * step)
        step = np.clip(step, 1e-6, 1e6)
        state = new
        history[:, turn % _MEMORY] = state.value
        for part, kept in zip(state, final, strict=True):
            kept[alive] = part
        if stuck.any():
            state = _State(*(part[~stuck] for part in state))
            alive, step, history = alive[~stuck], step[~stuck], history[~stuck]
    return final


def _line_search(
    loadings: Array,
    state: _State,
    step: Array,
    history: Array,
    criterion: Criterion,
    oblique: bool,
) -> tuple[_State, npt.NDArray[np.bool_]]:
    """Halve each start's step until its value lies under the worst of its last few."""
    limit = history.max(axis=1)
    length = step.copy()
    accepted = _State(*(part.copy() for part in state))
    waiting = np.arange(len(step))
    for _ in range(40):
        trial = _evaluate(
            loadings,
            _onto(
                state.transform[waiting] - length[waiting, None, None] * state.gradient[waiting],
                oblique,
            ),
            criterion,
            oblique,
        )
        enough = limit[waiting] - 1e-4 * length[waiting] * state.size[waiting] ** 2
        fine = trial.value <= enough + 1e-15 * np.abs(limit[waiting])
        for part, kept in zip(trial, accepted, strict=True):
            kept[waiting[fine]] = part[fine]
        waiting = waiting[~fine]
        if not len(waiting):
            break
        length[waiting] /= 2
    stuck = np.zeros(len(step), dtype=bool)
    stuck[waiting] = True
    return accepted, stuck
