"""Correlations of items: Pearson, Spearman, polychoric, mixed, and the rule that chooses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from persona.analysis.items import Items, Missing, Unusable, read_items
from persona.errors import AnalysisError, Problem, error, note, warning
from persona.numeric import moments
from persona.numeric.decompose import smooth
from persona.numeric.moments import Array
from persona.numeric.polychoric import Codes, polyserial
from persona.numeric.polychoric import polychoric as polychoric_of_codes
from persona.numeric.threads import one_thread

Kind = Literal["auto", "pearson", "spearman", "polychoric"]

FEW_CATEGORIES = 4
FIVE = 5
MOST_ORDINAL = 10  # above so many distinct answers an item counts as a number
_HALF, _EXTREME, _SKEW = 0.5, 0.4, 1.0
_SINGULAR = 1e-8
_WIDEST = 1000  # whole numbers within such a span are counted, others sorted


@dataclass(frozen=True)
class Correlations:
    """Correlations of p items.

    ``matrix`` is positive semidefinite; ``smoothed`` is the largest change that took, 0 when
    none. ``kind`` is ``pearson``, ``spearman``, ``polychoric``, ``tetrachoric`` or ``mixed``,
    and ``reason`` says why it was chosen. ``thresholds`` are the normal cut points of ordinal
    items, items in rows.
    """

    matrix: pd.DataFrame
    kind: str
    reason: Problem
    n: int
    n_weighted: float
    n_effective: float
    missing: str
    smoothed: float
    thresholds: pd.DataFrame | None
    warnings: tuple[Problem, ...]

    @property
    def determinant(self) -> float:
        """Determinant of the matrix; under 1e-5 items say nearly the same (Field 2018)."""
        return float(np.linalg.det(self.matrix.to_numpy()))


def correlations(
    frame: pd.DataFrame,
    kind: Kind = "auto",
    weights: object = None,
    *,
    missing: Missing = "pairwise",
    unusable: Unusable = "refuse",
) -> Correlations:
    """Correlations of the items of a frame.

    Parameters
    ----------
    frame : DataFrame (n, p)
        Numbers or ordered categories.
    kind : {"auto", "pearson", "spearman", "polychoric"}
        ``auto`` takes polychoric correlations when an item has at most four categories, or five
        of which one holds half of the answers, an end holds 40 %, or the skewness is 1 or more.
        With ``polychoric`` a pair of an ordinal item and a number (more than ten distinct
        answers) is polyserial, two binary items tetrachoric, two numbers Pearson.
    weights : sequence (n,), optional
    missing : {"pairwise", "listwise"}
    unusable : {"refuse", "drop"}

    Raises
    ------
    AnalysisError
        Items that do not vary or copy another, too few respondents.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [1.5, 2.5, 0.5, 9.5]})
    >>> float(correlations(answers, "spearman").matrix.loc["a", "b"].round(6))
    0.6
    """
    items = read_items(frame, weights, missing=missing, unusable=unusable)
    return correlations_of(items, kind, missing)


@one_thread
def correlations_of(items: Items, kind: Kind, missing: Missing = "pairwise") -> Correlations:
    """As :func:`correlations`, of items that were read already."""
    if kind not in ("auto", "pearson", "spearman", "polychoric"):
        raise AnalysisError(
            error(
                "correlation.unknown",
                "There is no correlation called {kind!r}.",
                allowed="auto, pearson, spearman, polychoric",
                values={"kind": str(kind)},
            )
        )
    chosen, reason = choose(items) if kind == "auto" else (kind, _asked(kind))
    thresholds = None
    found: list[Problem] = []
    name: str = chosen
    if chosen == "polychoric":
        matrix, thresholds, name, found = _ordinal(items)
    elif chosen == "spearman":
        matrix = _spearman(items)
    else:
        matrix = moments.correlation(items.values, items.weights)
    matrix, change = _mend(matrix, items, found)
    labels = list(items.names)
    return Correlations(
        pd.DataFrame(matrix, index=labels, columns=labels),
        name,
        reason,
        items.n,
        items.n_weighted,
        items.n_effective,
        missing,
        change,
        thresholds,
        (*items.warnings, *found),
    )


@one_thread
def polychoric(frame: pd.DataFrame, weights: object = None) -> pd.DataFrame:
    """Polychoric correlations of ordinal items, two-step (Olsson 1979).

    Thresholds come from each item's whole margin, an empty cell of a pair's table counts half a
    respondent. Pairs with a number (more than ten distinct
    answers) are polyserial, pairs of two numbers Pearson. Each pair uses the respondents who
    answered both. For warnings take :func:`correlations` with ``kind="polychoric"``.

    Parameters
    ----------
    frame : DataFrame (n, p)
    weights : sequence (n,), optional

    Returns
    -------
    DataFrame (p, p)

    Raises
    ------
    AnalysisError
        An item does not vary, copies another, or has answers that are no numbers.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [0, 0, 1, 1, 0, 1], "b": [0, 0, 1, 1, 1, 0]})
    >>> float(polychoric(answers).loc["a", "b"].round(6))
    0.5
    """
    items = read_items(frame, weights)
    matrix, _, _, found = _ordinal(items)
    matrix, _ = _mend(matrix, items, found)
    return pd.DataFrame(matrix, index=list(items.names), columns=list(items.names))


def category_codes(items: Items) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Ranks of the distinct answers from 0 with -1 for holes, and how many an item has."""
    low = np.nanmin(items.values, axis=0)
    span = float(np.nanmax(np.nanmax(items.values, axis=0) - low))
    if span < _WIDEST:
        away = np.where(np.isfinite(items.values), items.values - low, -1.0)
        codes = away.astype(np.int16)
        if np.array_equal(codes, away):
            return _closed_up(codes, int(span) + 1)
    return _sorted_codes(items.values)


def _closed_up(codes: Codes, width: int) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Codes of whole numbers with the categories that nobody chose taken out, by counting."""
    items = codes.shape[1]
    places = codes + (np.arange(items, dtype=np.int64) * (width + 1) + 1)
    counts = np.bincount(places.ravel(), minlength=items * (width + 1))
    used = counts.reshape(items, width + 1)[:, 1:] > 0
    sizes = used.sum(axis=1)
    many = sizes > MOST_ORDINAL
    gaps = np.flatnonzero((used.argmin(axis=1) < sizes) & ~used.all(axis=1) & ~many)
    for item in gaps:
        rank = np.append(np.cumsum(used[item]) - 1, -1).astype(np.int16)
        codes[:, item] = rank[codes[:, item]]
    codes[:, many] = -1
    return codes, sizes


def _sorted_codes(values: Array) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Codes of any numbers, by sorting."""
    codes = np.full(values.shape, -1, dtype=np.int16)
    sizes = np.zeros(values.shape[1], dtype=np.int64)
    for item in range(values.shape[1]):
        held = np.isfinite(values[:, item])
        levels, ranks = np.unique(values[held, item], return_inverse=True)
        sizes[item] = len(levels)
        if len(levels) <= MOST_ORDINAL:
            codes[held, item] = ranks
    return codes, sizes


def choose(items: Items) -> tuple[Literal["pearson", "polychoric"], Problem]:
    """Pearson or polychoric by the rule of :func:`correlations`, and why."""
    _, sizes = category_codes(items)
    skew = moments.skewness(items.values, items.weights)
    few = [item for item in range(len(sizes)) if sizes[item] <= FEW_CATEGORIES]
    lopsided = [
        item for item in range(len(sizes)) if sizes[item] == FIVE and _lopsided(items, item, skew)
    ]
    source = {"few": FEW_CATEGORIES, "items": len(sizes)}
    if few:
        return "polychoric", note(
            "correlation.few",
            "Polychoric: {count} of {items} items have at most {few} answer categories.",
            values={"count": len(few), **source},
        )
    if lopsided:
        return "polychoric", note(
            "correlation.lopsided",
            "Polychoric: {count} of {items} items have five categories with lopsided answers.",
            values={"count": len(lopsided), **source},
        )
    return "pearson", note(
        "correlation.pearson",
        "Pearson: no item has fewer than five answer categories or five lopsided ones.",
        values=source,
    )


def _lopsided(items: Items, item: int, skew: Array) -> bool:
    held = np.isfinite(items.values[:, item])
    _, codes = np.unique(items.values[held, item], return_inverse=True)
    share = np.bincount(codes, weights=items.weights[held])
    share = share / share.sum()
    return bool(
        share.max() >= _HALF or max(share[0], share[-1]) >= _EXTREME or abs(skew[item]) >= _SKEW
    )


def _asked(kind: str) -> Problem:
    return note(
        "correlation.asked",
        "{kind} correlations were asked for.",
        values={"kind": kind.capitalize()},
    )


def _spearman(items: Items) -> Array:
    held = np.isfinite(items.values)
    if held.all():
        return moments.correlation(moments.ranks(items.values, items.weights), items.weights)
    # Ranks are taken anew among the respondents that a pair shares.
    size = items.values.shape[1]
    matrix = np.eye(size)
    for first in range(size):
        for second in range(first + 1, size):
            both = held[:, first] & held[:, second]
            pair = items.values[both][:, [first, second]]
            ranks = moments.ranks(pair, items.weights[both])
            matrix[first, second] = moments.correlation(ranks, items.weights[both])[0, 1]
            matrix[second, first] = matrix[first, second]
    return matrix


def _ordinal(items: Items) -> tuple[Array, pd.DataFrame, str, list[Problem]]:
    """Polychoric, polyserial and Pearson correlations as the items ask for them."""
    codes, sizes = category_codes(items)
    ordinal = np.flatnonzero(sizes <= MOST_ORDINAL)
    numeric = np.flatnonzero(sizes > MOST_ORDINAL)
    size = len(sizes)
    matrix = np.eye(size)
    labels = np.array([str(name) for name in items.names], dtype=object)
    thresholds = pd.DataFrame(index=list(items.names))
    found: list[Problem] = []
    if len(ordinal):
        weights = items.weights if items.weighted else None
        result = polychoric_of_codes(codes[:, ordinal], weights)
        matrix[np.ix_(ordinal, ordinal)] = result.correlation
        cuts = np.full((size, result.thresholds.shape[1]), np.nan)
        cuts[ordinal] = result.thresholds
        thresholds = pd.DataFrame(cuts, index=list(items.names)).rename(columns=lambda i: i + 1)
        found += _about_pairs(result.empty_cells, result.at_bound, labels[ordinal])
    if len(numeric):
        matrix[np.ix_(numeric, numeric)] = moments.correlation(
            items.values[:, numeric], items.weights
        )
        for item in ordinal:
            for number in numeric:
                rho = polyserial(items.values[:, number], codes[:, item], items.weights)
                matrix[item, number] = matrix[number, item] = rho
    if not len(numeric):
        return matrix, thresholds, "tetrachoric" if sizes.max() == 2 else "polychoric", found
    return matrix, thresholds, "mixed" if len(ordinal) else "pearson", found


def _about_pairs(
    empty: npt.NDArray[np.int64], at_bound: npt.NDArray[np.bool_], labels: npt.NDArray[np.object_]
) -> list[Problem]:
    found = []
    holes = np.argwhere(np.triu(empty > 0, 1))
    if len(holes):
        found.append(
            warning(
                "polychoric.empty",
                "{pairs} pairs of items have empty cells in their table, first {first} and "
                "{second}; half a respondent was put into each, as psych does.",
                values={
                    "pairs": len(holes),
                    "first": labels[holes[0][0]],
                    "second": labels[holes[0][1]],
                },
            )
        )
    found += [
        warning(
            "polychoric.bound",
            "The polychoric correlation of {first} and {second} is at its bound: the answers to "
            "one follow from the other.",
            remedy="Keep one of the two, or join categories that few chose.",
            values={"first": labels[first], "second": labels[second]},
        )
        for first, second in np.argwhere(np.triu(at_bound, 1))
    ]
    return found


def _mend(matrix: Array, items: Items, found: list[Problem]) -> tuple[Array, float]:
    """A positive semidefinite matrix without holes; ``found`` takes what is to be said."""
    apart = np.argwhere(np.triu(~np.isfinite(matrix), 1))
    if len(apart):
        raise AnalysisError(
            error(
                "correlation.apart",
                "The correlation of {first!r} and {second!r} cannot be computed: among the "
                "respondents who answered both, one of them does not vary.",
                column=str(items.names[second]),
                remedy="Leave one of the two out.",
                values={"first": str(items.names[first]), "second": str(items.names[second])},
            )
            for first, second in apart
        )
    mended, change = smooth(matrix)
    if change > 1e-10:
        found.append(
            warning(
                "correlation.smoothed",
                "The correlations did not fit together (not positive definite) and were "
                "smoothed; the largest change is {change:.3f}.",
                remedy="Look for items that sum to a constant or that few answered together.",
                values={"change": change},
            )
        )
    elif np.linalg.eigvalsh(mended)[0] < _SINGULAR:
        found.append(
            warning(
                "correlation.singular",
                "Some items follow exactly from others, for instance because they sum to a "
                "constant.",
                remedy="Leave one of them out.",
            )
        )
    return mended, change if change > 1e-10 else 0.0
