"""Multiple correspondence analysis: respondents and the categories they chose on one map."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from persona.analysis.axes import AxisPoles, poles
from persona.analysis.burt import (
    Axes,
    CategorySpace,
    RowPoints,
    burt_cos2,
    category_points,
    category_space,
    passive_means,
    row_points,
    solve,
)
from persona.analysis.encoding import Encoded
from persona.analysis.map_questions import (
    about_weights,
    active_categories,
    answers,
    check_columns,
)
from persona.analysis.supplementary import (
    Supplementary,
    lay_on,
    v_tests,
)
from persona.analysis.weights import read_weights
from persona.errors import AnalysisError, Problem, error
from persona.numeric.moments import Array, effective_size
from persona.numeric.threads import one_thread

Analysis = Literal["indicator", "burt"]


@dataclass(frozen=True)
class MultipleCorrespondence:
    """Categories and respondents on the same axes, numbered from 1.

    Categories carry a MultiIndex (question, category). ``eigenvalues`` are inertias of the axes,
    ``explained`` their shares. ``benzecri`` and ``greenacre`` hold the adjusted ``inertia`` of
    the axes above 1/K with ``share`` and ``cumulative``; they are the honest shares.
    ``category_coordinates`` are principal; ``category_contributions`` add up to 1 an axis;
    ``row_coordinates``, ``row_contributions`` and ``row_cos2`` are those of respondents, by the
    frame's index. ``supplementary_coordinates`` lay further categories (and passive ones) on the
    map, ``supplementary_numbers`` are correlations of numbers with the axes. ``v_tests`` of
    active and supplementary categories: beyond 2 in size a category lies off the centre by more
    than chance. ``eta2`` is the share of an axis's variance that a question explains.
    ``chi_square`` sums the tests of all pairs of questions. ``passive`` lists the categories kept
    from shaping the axes.
    """

    eigenvalues: pd.Series[Any]
    explained: pd.Series[Any]
    benzecri: pd.DataFrame
    greenacre: pd.DataFrame
    category_coordinates: pd.DataFrame
    category_contributions: pd.DataFrame
    category_cos2: pd.DataFrame
    category_masses: pd.Series[Any]
    row_coordinates: pd.DataFrame
    row_contributions: pd.DataFrame
    row_cos2: pd.DataFrame
    supplementary_coordinates: pd.DataFrame
    supplementary_cos2: pd.DataFrame
    supplementary_numbers: pd.DataFrame
    v_tests: pd.DataFrame
    eta2: pd.DataFrame
    total_inertia: float
    chi_square: float
    degrees_of_freedom: int
    p_value: float
    axes: tuple[AxisPoles, ...]
    passive: tuple[tuple[Any, Any], ...]
    questions: tuple[Any, ...]
    method: str
    options: Mapping[str, Any]
    n: int
    n_weighted: float
    warnings: tuple[Problem, ...]

    @property
    def column_coordinates(self) -> pd.DataFrame:
        """The same as ``category_coordinates``."""
        return self.category_coordinates

    @property
    def column_contributions(self) -> pd.DataFrame:
        """The same as ``category_contributions``."""
        return self.category_contributions

    @property
    def column_cos2(self) -> pd.DataFrame:
        """The same as ``category_cos2``."""
        return self.category_cos2


@one_thread
def multiple_correspondence_analysis(
    frame: pd.DataFrame,
    supplementary: Iterable[Hashable] = (),
    weights: object = None,
    *,
    passive: Iterable[tuple[Hashable, Hashable] | Hashable] = (),
    rare: Literal["keep", "passive"] = "keep",
    analysis: Analysis = "indicator",
    weights_are: Literal["survey", "counts"] = "survey",
    supplementary_rows: Iterable[Hashable] = (),
    n_axes: int = 5,
) -> MultipleCorrespondence:
    """Multiple correspondence analysis of single-answer questions.

    The axes are eigenvectors of the scaled Burt table, so that the cost hardly grows with the
    number of respondents. Passive categories make it a specific analysis (Le Roux & Rouanet
    2010): masses and the number of questions stay, the category shapes no axis. Missing answers
    are passive.

    Parameters
    ----------
    frame : DataFrame (n, K + supplementary)
        One column a question.
    supplementary : iterable of column names
        Laid on the map without shaping it: numeric columns as numbers, others as categories.
    weights : sequence (n,), optional
    passive : iterable
        Categories that shall not shape the axes: pairs (question, category), or a category to
        be passive in every question, such as "not available".
    rare : {"keep", "passive"}
        Categories of under 5 %: kept and named in a warning, or made passive.
    analysis : {"indicator", "burt"}
        Eigenvalues and coordinates of the indicator matrix or of the Burt table, whose
        eigenvalues are the squares.
    weights_are : {"survey", "counts"}
        Tests rest on Kish's effective number, or on the sum of weights where a weight counts
        people with the same answers.
    supplementary_rows : iterable of index labels
        Respondents laid on the map without shaping it.
    n_axes : int
        Axes kept in coordinates.

    Raises
    ------
    AnalysisError
        Fewer than two questions with two categories or more, an unknown column, faulty weights.

    Examples
    --------
    >>> answers = pd.DataFrame({"pet": ["dog", "dog", "cat", "cat"], "home": ["yard", "yard",
    ...     "flat", "yard"], "car": ["yes", "no", "no", "no"]})
    >>> result = multiple_correspondence_analysis(answers)
    >>> float(result.eigenvalues.sum().round(6))
    1.0
    """
    extra = list(supplementary)
    check_columns(frame, extra)
    weight, weighted = read_weights(weights, frame.index)
    taking_part = (weight > 0) & ~frame.index.isin(list(supplementary_rows))
    found: list[Problem] = list(about_weights(weight))
    encoded = answers(frame.drop(columns=extra), taking_part, found)
    part = replace(encoded, columns=encoded.columns[taking_part])
    mass = weight[taking_part] if weighted else None
    space = category_space(part, mass, np.ones(len(encoded.categories), dtype=bool))
    active = active_categories(space, list(passive), rare, found)
    space = replace(space, active=active)
    axes = solve(space, max(n_axes, 1))
    if not len(axes.eigenvalues):
        raise AnalysisError(
            error(
                "mca.flat",
                "Nothing sets the respondents apart: the categories left make no axis.",
                remedy="Make fewer categories passive, or take other questions.",
            )
        )
    options = {
        "supplementary": tuple(extra),
        "passive": tuple(passive),
        "rare": rare,
        "analysis": analysis,
        "weights_are": weights_are,
        "supplementary_rows": tuple(supplementary_rows),
        "n_axes": n_axes,
    }
    job = _Job(
        frame, extra, encoded, taking_part, weight, space, axes, analysis == "burt",
        weights_are == "counts",
    )  # fmt: skip
    return _assemble(job, options, tuple(found))


@dataclass(frozen=True)
class _Job:
    """What the result is made from; ``encoded`` holds everybody, the space those taking part."""

    frame: pd.DataFrame
    extra: list[Any]
    encoded: Encoded
    taking_part: npt.NDArray[np.bool_]
    weight: Array
    space: CategorySpace
    axes: Axes
    burt: bool
    counts: bool

    @property
    def names(self) -> pd.RangeIndex:
        """The axes kept, numbered from 1."""
        return pd.RangeIndex(1, self.axes.vectors.shape[1] + 1)


def _assemble(
    job: _Job, options: Mapping[str, Any], warnings: tuple[Problem, ...]
) -> MultipleCorrespondence:
    space, eigenvalues = job.space, job.axes.eigenvalues
    # The eigenvalues of the Burt table are the squares.
    inertia = eigenvalues**2 if job.burt else eigenvalues
    labels = pd.RangeIndex(1, len(inertia) + 1)
    explained = pd.Series(inertia / inertia.sum(), index=labels, name="explained")
    points = row_points(space, job.axes, job.encoded.columns)
    active = _active_points(job)
    chi_square, freedom = _pair_tests(space, _test_size(job))
    specific = not space.active.all() or bool((space.encoded.columns < 0).any())
    return MultipleCorrespondence(
        eigenvalues=pd.Series(inertia, index=labels, name="eigenvalue"),
        explained=explained,
        benzecri=_adjusted(space, eigenvalues, "benzecri"),
        greenacre=_adjusted(space, eigenvalues, "greenacre"),
        **active,
        **_people(job, points),
        **_outside(job, points),
        total_inertia=float(inertia.sum()),
        chi_square=chi_square,
        degrees_of_freedom=freedom,
        p_value=float(special.chdtrc(freedom, chi_square)),
        axes=poles(
            {
                "category": (
                    active["category_coordinates"],
                    active["category_contributions"],
                    active["category_cos2"],
                )
            },
            explained,
        ),
        passive=tuple(space.encoded.categories[~space.active]),
        questions=space.encoded.questions,
        method=f"{'specific ' if specific else ''}multiple correspondence analysis",
        options=options,
        n=int(job.taking_part.sum()),
        n_weighted=float(job.weight[job.taking_part].sum()),
        warnings=warnings,
    )


def _active_points(job: _Job) -> dict[str, Any]:
    """Active categories: coordinates, contributions, cos2 and masses."""
    space, kept = job.space, job.axes.vectors.shape[1]
    categories, names = space.encoded.categories[space.active], job.names
    coordinates, contributions, cos2 = category_points(space, job.axes)
    if job.burt:
        # Points of the Burt table are shrunk by the roots of the eigenvalues.
        coordinates = coordinates * np.sqrt(job.axes.eigenvalues[:kept])
        cos2 = burt_cos2(space, job.axes)
    masses = space.shares[space.active] / space.n_questions
    return {
        "category_coordinates": pd.DataFrame(coordinates, index=categories, columns=names),
        "category_contributions": pd.DataFrame(contributions, index=categories, columns=names),
        "category_cos2": pd.DataFrame(cos2, index=categories, columns=names),
        "category_masses": pd.Series(masses, index=categories, name="mass"),
    }


def _people(job: _Job, points: RowPoints) -> dict[str, Any]:
    """Respondents: coordinates and cos2 of everybody, contributions of those taking part."""
    part, kept = job.taking_part, job.axes.vectors.shape[1]
    mass = job.weight[part] / job.weight[part].sum()
    shares = mass[:, None] * points.coordinates[part] ** 2 / job.axes.eigenvalues[:kept]
    cos2 = points.coordinates**2 / np.maximum(points.distance, 1e-12)[:, None]
    index, names = job.frame.index, job.names
    return {
        "row_coordinates": pd.DataFrame(points.coordinates, index=index, columns=names),
        "row_contributions": pd.DataFrame(shares, index=index[part], columns=names),
        "row_cos2": pd.DataFrame(cos2, index=index, columns=names),
    }


def _outside(job: _Job, points: RowPoints) -> dict[str, Any]:
    """What did not shape the axes, and v-tests and eta2 of all."""
    space, part, names = job.space, job.taking_part, job.names
    kept = job.axes.vectors.shape[1]
    eigenvalues, n = job.axes.eigenvalues[:kept], _test_size(job)
    found = lay_on(
        job.frame.loc[part, job.extra],
        points.coordinates[part],
        eigenvalues,
        job.weight[part],
        names,
        n,
    )
    quiet = _passive_points(job, names)
    coordinates, contributions, _ = category_points(space, job.axes)
    tests = pd.DataFrame(
        v_tests(coordinates, space.shares[space.active], n),
        index=space.encoded.categories[space.active],
        columns=names,
    )
    # An active category adds K times its inertia to what its question explains of an axis.
    explains = pd.DataFrame(contributions * eigenvalues * space.n_questions, columns=names)
    eta2 = explains.groupby(space.encoded.question[space.active]).sum()
    eta2 = eta2.reindex(range(space.n_questions), fill_value=0.0)
    eta2.index = pd.Index(space.encoded.questions)
    shrink = np.sqrt(eigenvalues) if job.burt else np.ones(kept)
    return {
        "supplementary_coordinates": pd.concat([quiet.coordinates, found.coordinates]) * shrink,
        "supplementary_cos2": pd.concat([quiet.cos2, found.cos2]),
        "supplementary_numbers": found.numbers,
        "v_tests": pd.concat([tests, quiet.v_tests, found.v_tests]),
        "eta2": pd.concat([eta2, found.eta2]),
    }


def _test_size(job: _Job) -> float:
    weight = job.weight[job.taking_part]
    return float(weight.sum()) if job.counts else effective_size(weight)


def _passive_points(job: _Job, names: pd.RangeIndex) -> Supplementary:
    """Passive categories laid on the map they did not shape."""
    space = job.space
    quiet = ~space.active
    shares = space.shares[quiet]
    kept = job.axes.vectors.shape[1]
    scaled = passive_means(space, job.axes) / np.sqrt(job.axes.eigenvalues[:kept])
    categories = space.encoded.categories[quiet]
    distance = np.maximum(1 / shares - 1, 1e-12)
    n = _test_size(job)
    return Supplementary(
        pd.DataFrame(scaled, index=categories, columns=names),
        pd.DataFrame(scaled**2 / distance[:, None], index=categories, columns=names),
        pd.DataFrame(v_tests(scaled, shares, n), index=categories, columns=names),
        pd.DataFrame(columns=names),
        pd.DataFrame(columns=names),
    )


def _adjusted(space: CategorySpace, eigenvalues: Array, of: str) -> pd.DataFrame:
    """Inertias free of what the coding adds.

    lambda' = (K/(K-1))^2 (lambda - 1/K)^2 for lambda > 1/K; shares of their sum (Benzecri 1979) or
    of K/(K-1) (sum lambda^2 - (J - K)/K^2) (Greenacre 1993).
    """
    count, width = space.n_questions, int(space.active.sum())
    above = eigenvalues[eigenvalues > 1 / count + 1e-12]
    inertia = (count / (count - 1)) ** 2 * (above - 1 / count) ** 2
    total = float(inertia.sum())
    if of == "greenacre":
        total = float((eigenvalues**2).sum()) - (width - count) / count**2
        total *= count / (count - 1)
    share = inertia / total if total > 1e-300 else np.zeros(len(inertia))
    return pd.DataFrame(
        {"inertia": inertia, "share": share, "cumulative": np.cumsum(share)},
        index=pd.RangeIndex(1, len(inertia) + 1),
    )


def _pair_tests(space: CategorySpace, n: float) -> tuple[float, int]:
    """Chi-square of every two questions added up; under independence they do not correlate."""
    expected = np.outer(space.shares, space.shares)
    terms = n * (space.burt - expected) ** 2 / np.maximum(expected, 1e-300)
    different = space.encoded.question[:, None] < space.encoded.question[None, :]
    sizes = np.bincount(space.encoded.question) - 1
    freedom = int((sizes.sum() ** 2 - (sizes**2).sum()) // 2)
    return float(terms[different].sum()), freedom
