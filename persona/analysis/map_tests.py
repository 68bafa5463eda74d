"""Whether a map shows more than chance, and how far its points would move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from persona.analysis.burt import category_space, solve
from persona.analysis.correspondence import CorrespondenceMap
from persona.analysis.encoding import Encoded, encode
from persona.errors import AnalysisError, Problem, error, warning
from persona.numeric.moments import Array, effective_size
from persona.numeric.seeds import generator
from persona.numeric.threads import one_thread

_BATCH = 256
_MOST_COUNTED = 1e9  # numpy draws from urns of fewer


@dataclass(frozen=True)
class PermutationTest:
    """Observed inertias against those of tables where rows and columns are unrelated.

    ``p_value`` tests the whole, ``axes`` has a row an axis: ``observed``, ``mean``, the
    ``threshold`` of the draws at .95, and its ``p_value``. ``n_axes`` counts the first axes above
    their thresholds.
    """

    observed: float
    p_value: float
    axes: pd.DataFrame
    n_axes: int
    draws: int
    seed: int
    warnings: tuple[Problem, ...]


@one_thread
def permutation_test(
    result: CorrespondenceMap, draws: int = 1000, seed: int = 0
) -> PermutationTest:
    """Test the axes of a correspondence analysis by tables with the same margins.

    Tables of whole counts are drawn with both margins fixed, row by row from the multivariate
    hypergeometric distribution, weighted ones as
    multinomial samples of the same size under independence. p = (1 + draws at least as large) /
    (1 + draws).

    Parameters
    ----------
    result : CorrespondenceMap
    draws : int
    seed : int

    Examples
    --------
    >>> from persona.analysis import correspondence_analysis
    >>> table = pd.DataFrame({"likes": [30, 10], "dislikes": [10, 30]}, index=["A", "B"])
    >>> permutation_test(correspondence_analysis(table), draws=99).p_value
    0.01
    """
    values = result.table.to_numpy()
    random = generator(seed)
    inertias = np.empty((draws, len(result.eigenvalues)))
    for start in range(0, draws, _BATCH):
        tables = _unrelated(values, min(_BATCH, draws - start), random)
        inertias[start : start + len(tables)] = _inertias(tables, inertias.shape[1])
    rounded = not _counted(values)
    said = (
        (
            warning(
                "permutation.weighted",
                "The table is weighted: the draws are multinomial samples of its total.",
            ),
        )
        if rounded
        else ()
    )
    return _judge(result.eigenvalues.to_numpy(), inertias, result.total_inertia, seed, said)


@one_thread
def permutation_test_of_questions(
    frame: pd.DataFrame, draws: int = 200, seed: int = 0, *, weights: object = None, n_axes: int = 5
) -> PermutationTest:
    """Test the axes of a multiple correspondence analysis by shuffling each question's answers.

    Parameters
    ----------
    frame : DataFrame (n, K)
        Active questions alone.
    draws : int
    seed : int
    weights : sequence (n,), optional
    n_axes : int
        Axes tested.

    Examples
    --------
    >>> answers = pd.DataFrame({"pet": list("ddccdcdc") * 5, "home": list("yyffyfyf") * 5})
    >>> permutation_test_of_questions(answers, draws=19).p_value
    0.05
    """
    from persona.analysis.weights import read_weights

    weight, weighted = read_weights(weights, frame.index)
    encoded = encode(frame[weight > 0])
    mass = weight[weight > 0] if weighted else None
    everything = np.ones(len(encoded.categories), dtype=bool)
    random = generator(seed)

    def eigenvalues(answers: Encoded) -> Array:
        return solve(category_space(answers, mass, everything), 1).eigenvalues

    observed = eigenvalues(encoded)
    shown = min(n_axes, len(observed))
    inertias = np.zeros((draws, len(observed)))
    for draw in range(draws):
        shuffled = random.permuted(encoded.columns, axis=0)
        found = eigenvalues(
            Encoded(shuffled, encoded.categories, encoded.question, encoded.questions)
        )
        inertias[draw, : min(len(found), len(observed))] = found[: len(observed)]
    # The sum of inertias is fixed by the number of categories; their squares are not.
    whole = (inertias**2).sum(axis=1)
    test = _judge(
        observed[:shown], inertias[:, :shown], float((observed**2).sum()), seed, (), whole
    )
    return test


def _unrelated(values: Array, count: int, random: np.random.Generator) -> Array:
    rows, columns, total = values.sum(axis=1), values.sum(axis=0), values.sum()
    if _counted(values):
        drawn = np.empty((count, *values.shape))
        for draw in range(count):
            left = np.round(columns).astype(np.int64)
            for row, total_of_row in enumerate(np.round(rows).astype(np.int64)):
                drawn[draw, row] = random.multivariate_hypergeometric(
                    left, total_of_row, method="marginals"
                )
                left = left - drawn[draw, row].astype(np.int64)
        return drawn
    shares = np.outer(rows, columns).ravel() / total**2
    size = max(1, round(float(total)))
    return random.multinomial(size, shares, count).reshape(count, *values.shape).astype(float)


def _counted(values: Array) -> bool:
    """Whether the table holds whole counts that can be drawn one by one."""
    return bool(np.array_equal(values, np.round(values)) and values.sum() < _MOST_COUNTED)


def _inertias(tables: Array, count: int) -> Array:
    total = tables.sum(axis=(1, 2), keepdims=True)
    rows, columns = tables.sum(axis=2, keepdims=True), tables.sum(axis=1, keepdims=True)
    expected = rows * columns / total
    held = expected > 0
    deviation = np.where(held, tables - expected, 0.0) / np.sqrt(
        np.where(held, expected * total, 1.0)
    )
    if deviation.shape[1] > deviation.shape[2]:
        deviation = np.swapaxes(deviation, 1, 2)
    products = deviation @ np.swapaxes(deviation, 1, 2)
    return np.asarray(np.maximum(np.linalg.eigvalsh(products)[:, ::-1][:, :count], 0.0))


def _judge(
    observed: Array,
    inertias: Array,
    total: float,
    seed: int,
    warnings: tuple[Problem, ...],
    whole: Array | None = None,
) -> PermutationTest:
    draws = len(inertias)
    sums = inertias.sum(axis=1) if whole is None else whole
    # Rounding must not make a draw equal to the observed table smaller than it.
    slack = 1 - 1e-9
    threshold = np.percentile(inertias, 95, axis=0)
    above = observed > threshold
    axes = pd.DataFrame(
        {
            "observed": observed,
            "mean": inertias.mean(axis=0),
            "threshold": threshold,
            "p_value": (1 + (inertias >= observed * slack).sum(axis=0)) / (1 + draws),
        },
        index=pd.RangeIndex(1, len(observed) + 1),
    )
    return PermutationTest(
        total,
        float((1 + (sums >= total * slack).sum()) / (1 + draws)),
        axes,
        int(np.argmin(above)) if not above.all() else len(above),
        draws,
        seed,
        warnings,
    )


@one_thread
def bootstrap_ellipses(
    result: CorrespondenceMap,
    side: str = "row",
    axes: tuple[int, int] = (1, 2),
    *,
    n: float | None = None,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Confidence ellipses of the points of a table, by the partial bootstrap.

    Multinomial samples of the table are laid on its axes as supplementary profiles (Greenacre
    2017, ch. 29); the ellipse holds ``level`` of a point's copies.

    Parameters
    ----------
    result : CorrespondenceMap
    side : {"row", "column"}
    axes : pair of int
    n : float, optional
        Size of the samples; None: the table's total. Give the effective number of a weighted table.
    draws, level, seed : int, float, int

    Returns
    -------
    DataFrame
        A row a point: ``x``, ``y`` (its place), half axes ``major`` and ``minor``, and ``angle``
        of the major one in degrees from the first axis.

    Raises
    ------
    AnalysisError
        The map has no second axis.

    Examples
    --------
    >>> from persona.analysis import correspondence_analysis
    >>> table = pd.DataFrame([[30, 10, 5], [10, 30, 5], [5, 5, 40]], index=list("abc"))
    >>> bootstrap_ellipses(correspondence_analysis(table)).columns.tolist()
    ['x', 'y', 'major', 'minor', 'angle']
    """
    pair = _axes_of(result.eigenvalues, axes)
    values = result.table.to_numpy() if side == "row" else result.table.to_numpy().T
    points = result.row_coordinates if side == "row" else result.column_coordinates
    others = result.column_coordinates if side == "row" else result.row_coordinates
    standard = others[pair].to_numpy() / np.sqrt(result.eigenvalues[pair].to_numpy())
    random = generator(seed)
    size = max(1, round(float(values.sum() if n is None else n)))
    shares = (values / values.sum()).ravel()
    copies = random.multinomial(size, shares, draws).reshape(draws, *values.shape)
    totals = copies.sum(axis=2, keepdims=True)
    placed = (copies / np.maximum(totals, 1)) @ standard
    empty = totals[:, :, 0] == 0
    placed = np.where(empty[:, :, None], points[pair].to_numpy(), placed)
    return _ellipses(points.index, points[pair].to_numpy(), placed, level)


@one_thread
def group_ellipses(
    points: pd.DataFrame,
    groups: Any,
    weights: object = None,
    axes: tuple[int, int] = (1, 2),
    *,
    of: str = "mean",
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Ellipses of groups of respondents on a map, such as segments.

    Parameters
    ----------
    points : DataFrame (n, m)
        ``row_coordinates`` of a map.
    groups : sequence (n,)
        Group of each respondent; missing takes no part.
    weights : sequence (n,), optional
    axes : pair of int
    of : {"mean", "people"}
        ``mean``: where the group's mean would lie in other samples, by drawing its respondents
        with replacement. ``people``: where ``level`` of its respondents lie, were they normal.
    draws, level, seed : int, float, int

    Returns
    -------
    DataFrame
        A row a group: ``x``, ``y``, ``major``, ``minor``, ``angle`` as
        :func:`bootstrap_ellipses`.

    Raises
    ------
    AnalysisError
        The map has no second axis, faulty weights.

    Examples
    --------
    >>> points = pd.DataFrame({1: [0.0, 1.0, 4.0, 5.0], 2: [0.0, 1.0, 1.0, 0.0]})
    >>> group_ellipses(points, ["a", "a", "b", "b"])["x"].tolist()
    [0.5, 4.5]
    """
    from persona.analysis.weights import read_weights

    pair = _axes_of(points.columns, axes)
    weight, _ = read_weights(weights, points.index)
    labels = pd.Series(np.asarray(groups, dtype=object))
    names = pd.unique(labels[(weight > 0) & labels.notna().to_numpy()])
    random = generator(seed)
    centres, clouds = [], []
    for name in names:
        chosen = (labels == name).to_numpy() & (weight > 0)
        place, mass = points[pair].to_numpy()[chosen], weight[chosen] / weight[chosen].sum()
        centre = mass @ place
        if of == "mean":
            # Drawn with equal chances and weighted afterwards, as the sample was.
            times = random.multinomial(len(place), np.full(len(place), 1 / len(place)), draws)
            share = times * mass
            cloud = (share @ place) / share.sum(axis=1, keepdims=True)
        else:
            spread = (place - centre) * np.sqrt(mass)[:, None]
            cloud = centre + spread * np.sqrt(max(effective_size(weight[chosen]) - 1, 1.0))
        centres.append(centre)
        clouds.append(cloud)
    found = [
        _ellipses(pd.Index([name], dtype=object), centre[None], cloud[:, None], level)
        for name, centre, cloud in zip(names, centres, clouds, strict=True)
    ]
    return pd.concat(found) if found else _ellipses(pd.Index([]), np.empty((0, 2)),
                                                    np.empty((1, 0, 2)), level)  # fmt: skip


def _axes_of(labels: Any, axes: tuple[int, int]) -> list[int]:
    known = labels.index if isinstance(labels, pd.Series) else labels
    if any(axis not in known for axis in axes):
        raise AnalysisError(
            error(
                "ellipse.axes",
                "The map has no axes {first} and {second}.",
                allowed=", ".join(str(axis) for axis in known),
                values={"first": axes[0], "second": axes[1]},
            )
        )
    return list(axes)


def _ellipses(index: pd.Index, centres: Array, cloud: Array, level: float) -> pd.DataFrame:
    """Ellipses of clouds (draws, points, 2) about their centres, sized for two normal axes."""
    from scipy.special import chdtri

    rows = []
    radius = float(chdtri(2, 1 - level))
    for point in range(len(index)):
        away = cloud[:, point] - cloud[:, point].mean(axis=0)
        covariance = away.T @ away / max(len(cloud) - 1, 1)
        values, vectors = np.linalg.eigh(covariance)
        half = np.sqrt(np.maximum(values, 0.0) * radius)
        angle = float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))) % 180
        rows.append((centres[point, 0], centres[point, 1], half[1], half[0], angle))
    columns: Sequence[str] = ("x", "y", "major", "minor", "angle")
    return pd.DataFrame(rows, index=index, columns=list(columns), dtype=float)
