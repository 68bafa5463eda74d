"""Axes of categories from their Burt table, and respondents on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from persona.analysis.encoding import Encoded, burt_table
from persona.numeric.decompose import eigen
from persona.numeric.moments import Array

_NO_INERTIA = 1e-12


@dataclass(frozen=True)
class CategorySpace:
    """Categories with their shares and what shapes the axes.

    ``shares`` (J,) are the shares of respondents who chose each category, ``burt`` (J, J) those
    who chose two, ``active`` (J,) marks the categories that shape the axes.
    """

    encoded: Encoded
    shares: Array
    burt: Array
    active: npt.NDArray[np.bool_]

    @property
    def n_questions(self) -> int:
        """K."""
        return len(self.encoded.questions)


class Axes(NamedTuple):
    """All eigenvalues, and unit vectors (J active, m) of the axes kept."""

    eigenvalues: Array
    vectors: Array


class RowPoints(NamedTuple):
    """Respondents on the axes: coordinates (n, m) and squared distance from the centre (n,)."""

    coordinates: Array
    distance: Array


def category_space(
    encoded: Encoded, weights: Array | None, active: npt.NDArray[np.bool_]
) -> CategorySpace:
    """Shares and Burt table of encoded answers.

    Parameters
    ----------
    encoded : Encoded
    weights : array (n,), optional
    active : array (J,) of bool
    """
    burt = burt_table(encoded, weights)
    total = float(encoded.n if weights is None else weights.sum())
    return CategorySpace(encoded, np.diag(burt) / total, burt / total, active)


def _scaled(space: CategorySpace) -> Array:
    """D^-1/2 (B - p p') D^-1/2 / K over the active categories."""
    chosen = space.active
    shares = space.shares[chosen]
    centred = space.burt[np.ix_(chosen, chosen)] - np.outer(shares, shares)
    scale = 1 / np.sqrt(shares)
    return np.asarray(centred * np.outer(scale, scale) / space.n_questions)


def solve(space: CategorySpace, n_axes: int) -> Axes:
    """Eigenvectors of D^-1/2 (B - p p') D^-1/2 / K over the active categories.

    B holds the shares of respondents who chose both categories, p its diagonal D. Without passive
    categories these are the axes of the indicator matrix (Greenacre 2017, ch. 18); with them those
    of specific analysis (Le Roux & Rouanet 2010).

    Parameters
    ----------
    space : CategorySpace
    n_axes : int
    """
    found = eigen(_scaled(space))
    count = int((found.values > _NO_INERTIA).sum())
    kept = min(n_axes, count)
    return Axes(found.values[:count], found.vectors[:, :kept])


def category_points(space: CategorySpace, axes: Axes) -> tuple[Array, Array, Array]:
    """Principal coordinates, contributions and cos2 of the active categories.

    Parameters
    ----------
    space : CategorySpace
    axes : Axes
    """
    shares = space.shares[space.active]
    kept = axes.vectors.shape[1]
    coordinates = axes.vectors * np.sqrt(axes.eigenvalues[:kept] * space.n_questions)
    coordinates = coordinates / np.sqrt(shares)[:, None]
    distance = np.maximum(1 / shares - 1, _NO_INERTIA)
    return coordinates, axes.vectors**2, coordinates**2 / distance[:, None]


def passive_means(space: CategorySpace, axes: Axes) -> Array:
    """Mean position of those who chose each passive category, from the Burt table alone.

    Parameters
    ----------
    space : CategorySpace
    axes : Axes
    """
    step = _steps(space, axes)
    profiles = space.burt[np.ix_(~space.active, space.active)] / space.shares[~space.active, None]
    return np.asarray((profiles - space.shares[space.active]) @ step)


def _steps(space: CategorySpace, axes: Axes) -> Array:
    """What choosing each active category adds to a respondent's coordinates."""
    shares = space.shares[space.active]
    return np.asarray(axes.vectors / np.sqrt(shares * space.n_questions)[:, None])


def burt_cos2(space: CategorySpace, axes: Axes) -> Array:
    """cos2 of categories as points of the Burt table, whose distances are its own.

    Parameters
    ----------
    space : CategorySpace
    axes : Axes
    """
    matrix = _scaled(space)
    distance = np.maximum((matrix**2).sum(axis=1), _NO_INERTIA)
    kept = axes.vectors.shape[1]
    return np.asarray((axes.vectors * axes.eigenvalues[:kept]) ** 2 / distance[:, None])


def row_points(
    space: CategorySpace, axes: Axes, columns: npt.NDArray[np.int32] | None = None
) -> RowPoints:
    """Respondents on the axes, one look-up a question.

    Parameters
    ----------
    space : CategorySpace
    axes : Axes
    columns : array (n, K), optional
        Answers as columns of the indicator matrix; None: those of the space.
    """
    answers = space.encoded.columns if columns is None else columns
    width = len(space.shares)
    kept = axes.vectors.shape[1]
    # One more row takes missing answers (-1), which add nothing.
    step = np.zeros((width + 1, kept))
    reach = np.zeros(width + 1)
    shares = space.shares[space.active]
    step[:-1][space.active] = _steps(space, axes)
    reach[:-1][space.active] = (1 / shares - 2) / space.n_questions
    centre = shares @ step[:-1][space.active]
    coordinates = np.tile(-centre, (len(answers), 1))
    distance = np.full(len(answers), float(shares.sum()) / space.n_questions)
    for question in range(answers.shape[1]):
        coordinates += step[answers[:, question]]
        distance += reach[answers[:, question]]
    return RowPoints(coordinates, np.maximum(distance, 0.0))
