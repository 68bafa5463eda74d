"""Maps of questions of both sorts, numbers and categories: FAMD, MFA and principal components."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from persona.analysis.axes import poles
from persona.analysis.encoding import encode
from persona.analysis.map_questions import about_weights
from persona.analysis.mixed_blocks import (
    Block,
    build,
    category_distance,
    group_weights,
    rv_coefficients,
)
from persona.analysis.mixed_map import MixedMap
from persona.analysis.supplementary import category_means, is_number, lay_on, v_tests
from persona.analysis.weights import read_weights
from persona.errors import AnalysisError, Problem, error
from persona.numeric.decompose import eigen
from persona.numeric.moments import Array, effective_size
from persona.numeric.threads import one_thread

__all__ = [
    "MixedMap",
    "mixed_data_analysis",
    "multiple_factor_analysis",
    "principal_component_analysis",
]

_NO_INERTIA = 1e-12


@one_thread
def mixed_data_analysis(
    frame: pd.DataFrame,
    supplementary: Iterable[Hashable] = (),
    weights: object = None,
    *,
    supplementary_rows: Iterable[Hashable] = (),
    n_axes: int = 5,
) -> MixedMap:
    """Factor analysis of mixed data: numbers and categories weigh alike (Pages 2004).

    Principal components of standardised numbers together with the indicator of categories,
    (x - p) / sqrt(p). With numbers alone these are principal components, with categories alone
    multiple correspondence analysis. A missing number stands at the mean, a missing category
    nowhere; both are counted.

    Parameters
    ----------
    frame : DataFrame (n, K + supplementary)
        Numeric columns are numbers, all others categories.
    supplementary : iterable of column names
    weights : sequence (n,), optional
    supplementary_rows : iterable of index labels
        Respondents laid on the map without shaping it.
    n_axes : int

    Raises
    ------
    AnalysisError
        Nothing varies, an unknown column, faulty weights.

    Examples
    --------
    >>> answers = pd.DataFrame({"age": [20, 30, 40, 60], "home": ["flat", "flat", "house",
    ...     "house"]})
    >>> float(mixed_data_analysis(answers).eigenvalues.sum().round(6))
    2.0
    """
    options = {
        "supplementary": tuple(supplementary),
        "supplementary_rows": tuple(supplementary_rows),
        "n_axes": n_axes,
    }
    return _analyse(frame, None, True, weights, options, "factor analysis of mixed data")


@one_thread
def multiple_factor_analysis(
    frame: pd.DataFrame,
    groups: Mapping[str, Sequence[Hashable]],
    supplementary: Iterable[Hashable] = (),
    weights: object = None,
    *,
    supplementary_rows: Iterable[Hashable] = (),
    n_axes: int = 5,
) -> MixedMap:
    """Multiple factor analysis: groups of questions weigh alike (Escofier & Pages 1994).

    Each group's columns are divided by the root of the first eigenvalue of the group alone, then
    analysed together as in :func:`mixed_data_analysis`.

    Parameters
    ----------
    frame : DataFrame (n, K + supplementary)
    groups : mapping
        Name of a group to its columns; columns in no group are left out.
    supplementary : iterable of column names
    weights : sequence (n,), optional
    supplementary_rows : iterable of index labels
        Respondents laid on the map without shaping it.
    n_axes : int

    Raises
    ------
    AnalysisError
        A group is empty or does not vary, a column is unknown or stands in two groups.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 5], "b": [2, 1, 4, 4], "c": ["x", "y", "y", "x"]})
    >>> multiple_factor_analysis(answers, {"numbers": ["a", "b"], "other": ["c"]}).rv.shape
    (2, 2)
    """
    options = {
        "groups": {name: tuple(columns) for name, columns in groups.items()},
        "supplementary": tuple(supplementary),
        "supplementary_rows": tuple(supplementary_rows),
        "n_axes": n_axes,
    }
    return _analyse(frame, groups, True, weights, options, "multiple factor analysis")


@one_thread
def principal_component_analysis(
    frame: pd.DataFrame,
    supplementary: Iterable[Hashable] = (),
    weights: object = None,
    *,
    scale: bool = True,
    supplementary_rows: Iterable[Hashable] = (),
    n_axes: int = 5,
) -> MixedMap:
    """Principal components of numbers, with respondents, contributions and supplementary points.

    Variances divide by the sum of weights.

    Parameters
    ----------
    frame : DataFrame (n, K + supplementary)
    supplementary : iterable of column names
        Columns with categories belong here.
    weights : sequence (n,), optional
    scale : bool
        Whether every number gets the same variance first.
    supplementary_rows : iterable of index labels
        Respondents laid on the map without shaping it.
    n_axes : int

    Raises
    ------
    AnalysisError
        An active column holds categories, or nothing varies.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3]})
    >>> principal_component_analysis(answers).eigenvalues.round(3).tolist()
    [1.6, 0.4]
    """
    extra = list(supplementary)
    texts = [name for name in frame.columns if name not in extra and not is_number(frame[name])]
    if texts:
        raise AnalysisError(
            error(
                "components.category",
                "The column {name!r} holds categories, not numbers.",
                column=str(name),
                remedy="Make it supplementary, or take mixed_data_analysis.",
                values={"name": str(name)},
            )
            for name in texts
        )
    options = {
        "supplementary": tuple(extra),
        "supplementary_rows": tuple(supplementary_rows),
        "scale": scale,
        "n_axes": n_axes,
    }
    return _analyse(frame, None, scale, weights, options, "principal component analysis")


def _analyse(
    frame: pd.DataFrame,
    groups: Mapping[str, Sequence[Hashable]] | None,
    scale: bool,
    weights: object,
    options: Mapping[str, Any],
    method: str,
) -> MixedMap:
    extra = list(options["supplementary"])
    named: dict[str, list[Any]] = {"all": [name for name in frame.columns if name not in extra]}
    if groups is not None:
        named = {name: list(columns) for name, columns in groups.items()}
    _check(frame, named, extra)
    weight, _ = read_weights(weights, frame.index)
    # Who only is laid on the map weighs nothing in all that follows.
    weight = np.where(frame.index.isin(list(options["supplementary_rows"])), 0.0, weight)
    if (weight > 0).sum() < 3:
        raise AnalysisError(_few(int((weight > 0).sum())))
    mass = weight / weight.sum()
    found: list[Problem] = list(about_weights(weight, options["supplementary_rows"]))
    block = build(frame, named, mass, scale, found)
    divisors = group_weights(block, mass, len(named)) if groups is not None else np.ones(1)
    return _assemble(frame, block, divisors, list(named), weight, options, method, tuple(found))


def _few(count: int) -> Problem:
    return error(
        "mixed.few",
        "{n} respondents are too few for a map.",
        allowed="three or more",
        values={"n": count},
    )


def _check(frame: pd.DataFrame, named: Mapping[str, Sequence[Any]], extra: list[Any]) -> None:
    every = [name for columns in named.values() for name in columns]
    problems = [
        error(
            "mixed.unknown",
            "The column {name!r} is not in the table.",
            values={"name": str(name)},
        )
        for name in [*every, *extra]
        if name not in frame.columns
    ]
    problems += [
        error(
            "mixed.twice",
            "The column {name!r} stands in two places.",
            remedy="Give each column to one group, or make it supplementary.",
            values={"name": str(name)},
        )
        for name in dict.fromkeys([*every, *extra])
        if [*every, *extra].count(name) > 1
    ]
    if problems:
        raise AnalysisError(problems)


def _assemble(
    frame: pd.DataFrame,
    block: Block,
    divisors: Array,
    names: list[str],
    weight: Array,
    options: Mapping[str, Any],
    method: str,
    warnings: tuple[Problem, ...],
) -> MixedMap:
    mass = weight / weight.sum()
    column_weights = 1 / divisors[block.group]
    scaled = block.values * np.sqrt(column_weights)
    cross = (scaled * mass[:, None]).T @ scaled
    values, vectors = eigen(cross)
    count = int((values > _NO_INERTIA * max(values[0], 1.0)).sum())
    kept = max(1, min(int(options["n_axes"]), count))
    axes, top = pd.RangeIndex(1, kept + 1), values[:kept]
    contributions = vectors[:, :kept] ** 2
    rows = scaled @ vectors[:, :kept]
    labels = pd.RangeIndex(1, count + 1)
    explained = pd.Series(values[:count] / values.sum(), index=labels, name="explained")
    points = _points(
        block, scaled, rows, vectors[:, :kept], top, column_weights, cross, weight, axes
    )
    distance = np.maximum((scaled**2).sum(axis=1), _NO_INERTIA)
    return MixedMap(
        eigenvalues=pd.Series(values[:count], index=labels, name="eigenvalue"),
        explained=explained,
        row_coordinates=pd.DataFrame(rows, index=frame.index, columns=axes),
        row_contributions=pd.DataFrame(
            (mass[:, None] * rows**2 / top)[mass > 0], index=frame.index[mass > 0], columns=axes
        ),
        row_cos2=pd.DataFrame(rows**2 / distance[:, None], index=frame.index, columns=axes),
        **points,
        **_questions(block, contributions, top, column_weights, axes),
        **_outside(frame[list(options["supplementary"])], scaled, rows, top, weight, axes),
        group_coordinates=_by_group(block, contributions * top, names, axes),
        group_weights=pd.Series(divisors, index=names),
        rv=rv_coefficients(block.group, cross, names),
        axes=poles(
            {
                kind: tuple(
                    points[f"{kind}_{what}"] for what in ("coordinates", "contributions", "cos2")
                )
                for kind in ("number", "category")
                if len(points[f"{kind}_coordinates"])
            },
            explained,
        ),
        method=method,
        options=options,
        n=int((weight > 0).sum()),
        n_weighted=float(weight.sum()),
        warnings=warnings,
    )


def _points(
    block: Block,
    scaled: Array,
    rows: Array,
    vectors: Array,
    top: Array,
    column_weights: Array,
    cross: Array,
    weight: Array,
    axes: pd.RangeIndex,
) -> dict[str, Any]:
    """Numbers and categories: coordinates, contributions, cos2, and v-tests of categories."""
    split = len(block.numbers)
    numbers = vectors[:split] * np.sqrt(top) / np.sqrt(column_weights[:split])[:, None]
    variance = np.maximum(np.diag(cross)[:split] / column_weights[:split], _NO_INERTIA)
    means = category_means(block.columns, len(block.shares), rows, weight)[1]
    away = category_distance(block.columns, len(block.shares), scaled, weight)
    tests = v_tests(means / np.sqrt(top), block.shares, effective_size(weight))
    names = pd.Index(block.numbers, dtype=object)
    tables = {
        "number_coordinates": (numbers, names),
        "number_contributions": (vectors[:split] ** 2, names),
        "number_cos2": (numbers**2 / variance[:, None], names),
        "category_coordinates": (means, block.categories),
        "category_contributions": (vectors[split:] ** 2, block.categories),
        "category_cos2": (means**2 / away[:, None], block.categories),
        "v_tests": (tests, block.categories),
    }
    return {
        name: pd.DataFrame(values, index=index, columns=axes)
        for name, (values, index) in tables.items()
    }


def _questions(
    block: Block, contributions: Array, top: Array, column_weights: Array, axes: pd.RangeIndex
) -> dict[str, pd.DataFrame]:
    """Squared links and contributions of whole questions."""
    split = len(block.numbers)
    names = [*block.numbers, *dict.fromkeys(block.categories.get_level_values(0))]
    place = np.concatenate([np.arange(split), split + block.question])
    shares = np.zeros((len(names), contributions.shape[1]))
    links = np.zeros_like(shares)
    np.add.at(shares, place, contributions)
    np.add.at(links, place, contributions * top / column_weights[:, None])
    index = pd.Index(names, dtype=object)
    return {
        "question_coordinates": pd.DataFrame(links, index=index, columns=axes),
        "question_contributions": pd.DataFrame(shares, index=index, columns=axes),
    }


def _outside(
    extra: pd.DataFrame,
    scaled: Array,
    rows: Array,
    top: Array,
    weight: Array,
    axes: pd.RangeIndex,
) -> dict[str, pd.DataFrame]:
    """Supplementary categories at the mean of their respondents, numbers by correlation."""
    found = lay_on(extra, rows, top, weight, axes, effective_size(weight))
    coordinates = found.coordinates * np.sqrt(top)
    encoded = encode(extra[[name for name in extra.columns if not is_number(extra[name])]])
    away = category_distance(encoded.columns, len(encoded.categories), scaled, weight)
    return {
        "supplementary_coordinates": coordinates,
        "supplementary_cos2": (coordinates**2).div(
            pd.Series(away, index=coordinates.index), axis=0
        ),
        "supplementary_v_tests": found.v_tests,
        "supplementary_numbers": found.numbers,
        "supplementary_eta2": found.eta2,
    }


def _by_group(block: Block, inertia: Array, names: list[str], axes: pd.RangeIndex) -> pd.DataFrame:
    sums = np.zeros((len(names), inertia.shape[1]))
    np.add.at(sums, block.group, inertia)
    return pd.DataFrame(sums, index=names, columns=axes)
