"""How many factors: parallel analysis and five other rules, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from persona.analysis.adequacy import anti_image
from persona.analysis.correlation import Correlations, Kind, category_codes, correlations_of
from persona.analysis.extraction import minres
from persona.analysis.fit import degrees_of_freedom
from persona.analysis.items import Items, Unusable, read_items
from persona.errors import AnalysisError, Problem, error
from persona.numeric.decompose import eigen
from persona.numeric.moments import Array
from persona.numeric.polychoric import polychoric
from persona.numeric.seeds import generator
from persona.numeric.threads import one_thread

Draw = Literal["wishart", "permutation"]

DRAWS, PERCENTILE = 500, 95.0  # Glorfeld 1995
_BATCH = 64


@dataclass(frozen=True)
class ParallelAnalysis:
    """Observed eigenvalues against those of answers without any factor.

    ``observed``, ``threshold`` (the percentile of the draws) and ``mean`` are Series numbered
    from 1; ``n_factors`` counts the observed ones above the threshold before the first that is
    not. ``draw`` says how the draws were made.
    """

    observed: pd.Series[Any]
    threshold: pd.Series[Any]
    mean: pd.Series[Any]
    n_factors: int
    draws: int
    percentile: float
    correlation: str
    draw: Draw
    seed: int
    n: int
    n_weighted: float
    warnings: tuple[Problem, ...]


def parallel_analysis(
    frame: pd.DataFrame,
    draws: int = DRAWS,
    percentile: float = PERCENTILE,
    correlation: Kind = "pearson",
    seed: int = 0,
    *,
    weights: object = None,
    unusable: Unusable = "refuse",
) -> ParallelAnalysis:
    """Horn's parallel analysis with the percentile of Glorfeld (1995).

    Pearson and Spearman: correlation matrices of uncorrelated normal answers are drawn directly
    by Bartlett's decomposition of the Wishart distribution, so that the cost does not depend on
    the number of respondents. Polychoric: each item's answers are shuffled among respondents and
    correlated again, which keeps its categories.

    Parameters
    ----------
    frame : DataFrame (n, p)
    draws : int
    percentile : float
        Above 0 and below 100.
    correlation : {"pearson", "spearman", "polychoric", "auto"}
    seed : int
    weights : sequence (n,), optional
    unusable : {"refuse", "drop"}

    Raises
    ------
    AnalysisError
        An item does not vary or copies another; draws or percentile out of bounds.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = rng.standard_normal((200, 1))
    >>> answers = pd.DataFrame(common + rng.standard_normal((200, 5)), columns=list("abcde"))
    >>> parallel_analysis(answers, draws=100).n_factors
    1
    """
    items = read_items(frame, weights, unusable=unusable)
    return parallel_of(items, correlations_of(items, correlation), draws, percentile, seed)


@one_thread
def parallel_of(
    items: Items, correlation: Correlations, draws: int, percentile: float, seed: int
) -> ParallelAnalysis:
    """As :func:`parallel_analysis`, of items and correlations computed already."""
    if draws < 1 or not 0 < percentile < 100:
        raise AnalysisError(
            error(
                "parallel.bounds",
                "Parallel analysis needs at least one draw and a percentile between 0 and 100.",
                found=f"{draws} draws, percentile {percentile}",
            )
        )
    matrix = correlation.matrix.to_numpy()
    observed = eigen(matrix).values
    ordinal = correlation.kind in ("polychoric", "tetrachoric", "mixed")
    if ordinal:
        simulated = permuted_eigenvalues(items, correlation, draws, seed)
    else:
        size = max(2, round(correlation.n_effective))
        simulated = wishart_eigenvalues(size, len(matrix), draws, seed)
    threshold = np.percentile(simulated, percentile, axis=0)
    above = observed > threshold
    labels = pd.RangeIndex(1, len(observed) + 1)
    return ParallelAnalysis(
        pd.Series(observed, index=labels, name="observed"),
        pd.Series(threshold, index=labels, name="threshold"),
        pd.Series(simulated.mean(axis=0), index=labels, name="mean"),
        int(np.argmin(above)) if not above.all() else len(above),
        draws,
        percentile,
        correlation.kind,
        "permutation" if ordinal else "wishart",
        seed,
        items.n,
        items.n_weighted,
        correlation.warnings,
    )


def wishart_eigenvalues(n: int, items: int, draws: int, seed: int) -> Array:
    """Eigenvalues of correlation matrices of n uncorrelated normal answers.

    A Wishart matrix of n - 1 degrees of freedom is A A' with A lower triangular, chi deviates on
    the diagonal and normal ones below it (Bartlett 1933).

    Parameters
    ----------
    n, items, draws, seed : int

    Returns
    -------
    array (draws, items)
        Largest first.

    Examples
    --------
    >>> wishart_eigenvalues(100, 4, 2, 0).sum(axis=1).round(6)
    array([4., 4.])
    """
    random = generator(seed)
    result = np.empty((draws, items))
    below = np.tril_indices(items, -1)
    freedom = n - 1 - np.arange(items)
    for start in range(0, draws, _BATCH):
        count = min(_BATCH, draws - start)
        if n - 1 < items:
            answers = random.standard_normal((count, n, items))
            factor = np.swapaxes(answers - answers.mean(axis=1, keepdims=True), 1, 2)
        else:
            factor = np.zeros((count, items, items))
            factor[:, below[0], below[1]] = random.standard_normal((count, len(below[0])))
            diagonal = np.sqrt(random.chisquare(freedom, (count, items)))
            factor[:, np.arange(items), np.arange(items)] = diagonal
        factor /= np.sqrt((factor**2).sum(axis=2, keepdims=True))
        matrices = factor @ np.swapaxes(factor, 1, 2)
        result[start : start + count] = np.linalg.eigvalsh(matrices)[:, ::-1]
    return result


def permuted_eigenvalues(items: Items, correlation: Correlations, draws: int, seed: int) -> Array:
    """Eigenvalues of the same sort of correlation after each item's answers were shuffled."""
    random = generator(seed)
    codes, _ = category_codes(items)
    weights = items.weights if items.weighted else None
    ordinal = correlation.kind in ("polychoric", "tetrachoric")
    result = np.empty((draws, codes.shape[1]))
    for draw in range(draws):
        order = random.random(codes.shape).argsort(axis=0) if not ordinal else None
        if ordinal:
            shuffled = random.permuted(codes, axis=0)
            matrix = polychoric(shuffled, weights).correlation
        else:
            from dataclasses import replace

            assert order is not None
            values = np.take_along_axis(items.values, order, axis=0)
            other = replace(items, values=values, warnings=())
            matrix = correlations_of(other, "polychoric").matrix.to_numpy()
        result[draw] = np.linalg.eigvalsh(np.nan_to_num(matrix))[::-1]
    return result


def suggestions(
    correlation: Correlations, parallel: ParallelAnalysis, most: int | None = None
) -> pd.DataFrame:
    """What each rule suggests, side by side.

    Parameters
    ----------
    correlation : Correlations
    parallel : ParallelAnalysis
    most : int, optional
        Largest number of factors looked at by MAP and Hull; None: what the items allow.

    Returns
    -------
    DataFrame
        Index ``parallel``, ``map``, ``empirical_kaiser``, ``hull``, ``kaiser``; columns
        ``n_factors`` and ``source``.
    """
    matrix = correlation.matrix.to_numpy()
    n = correlation.n_effective
    limit = largest_number(len(matrix)) if most is None else most
    rows = {
        "parallel": (parallel.n_factors, "Horn 1965; Glorfeld 1995"),
        "map": (minimum_average_partial(matrix)[1], "Velicer 1976"),
        "empirical_kaiser": (empirical_kaiser(matrix, n)[1], "Braeken & van Assen 2017"),
        "hull": (hull(matrix, min(limit, parallel.n_factors + 3))[1], "Lorenzo-Seva et al. 2011"),
        "kaiser": (int((eigen(matrix).values > 1).sum()), "Kaiser 1960"),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n_factors", "source"])


def largest_number(items: int) -> int:
    """The most factors that leave the model at least zero degrees of freedom.

    Examples
    --------
    >>> largest_number(6)
    3
    """
    count = 0
    while count + 1 < items and degrees_of_freedom(items, count + 1) >= 0:
        count += 1
    return count


def minimum_average_partial(matrix: Array) -> tuple[Array, int]:
    """Velicer's MAP: mean squared partial correlation after 0, 1, ... components.

    Parameters
    ----------
    matrix : array (p, p)

    Returns
    -------
    array (p - 1,) of means for 0, 1, ... components, and the number with the smallest

    Examples
    --------
    >>> r = np.full((4, 4), 0.6) + 0.4 * np.eye(4)
    >>> minimum_average_partial(r)[1]
    1
    """
    size = len(matrix)
    values, vectors = eigen(matrix)
    loadings = vectors * np.sqrt(np.maximum(values, 0.0))
    means = []
    for count in range(size - 1):
        rest = matrix - loadings[:, :count] @ loadings[:, :count].T
        diagonal = np.diag(rest)
        if diagonal.min() <= 1e-10:
            break  # an item is explained wholly: partial correlations end here
        partial = rest / np.sqrt(np.outer(diagonal, diagonal))
        means.append((float((partial**2).sum()) - size) / (size * (size - 1)))
    return np.array(means), int(np.argmin(means))


def empirical_kaiser(matrix: Array, n: float) -> tuple[Array, int]:
    """Empirical Kaiser criterion: eigenvalues against what is left for them by chance.

    reference_j = max(1, (1 + sqrt(p/n))^2 (p - sum of earlier eigenvalues) / (p - j + 1))
    (Braeken & van Assen 2017).

    Examples
    --------
    >>> empirical_kaiser(np.full((4, 4), 0.6) + 0.4 * np.eye(4), 200)[1]
    1
    """
    values = eigen(matrix).values
    size = len(values)
    earlier = np.concatenate([[0.0], np.cumsum(values)[:-1]])
    left = (size - earlier) / (size - np.arange(size))
    reference = np.maximum((1 + np.sqrt(size / n)) ** 2 * left, 1.0)
    above = values > reference
    return reference, int(np.argmin(above)) if not above.all() else size


def hull(matrix: Array, most: int) -> tuple[pd.DataFrame, int]:
    """Hull method with the common part accounted for, by minres.

    The number where gain in fit for a degree of freedom drops most, among those on the upper hull
    of fit against parameters (Lorenzo-Seva, Timmerman & Kiers 2011). Fit is 1 less the KMO of the
    residuals.

    Parameters
    ----------
    matrix : array (p, p)
    most : int
        Largest number of factors looked at; at least 3 where the items allow it.

    Examples
    --------
    >>> hull(np.full((6, 6), 0.6) + 0.4 * np.eye(6), 3)[1]
    1
    """
    size = len(matrix)
    most = min(max(most, 3), largest_number(size))
    counts = list(range(most + 1))
    fits, freedoms = [], []
    for count in counts:
        residual = matrix.copy()
        if count:
            loadings = minres(matrix, count).loadings
            residual = matrix - loadings @ loadings.T
            np.fill_diagonal(residual, 1.0)
        squares = residual**2
        np.fill_diagonal(squares, 0.0)
        partial = float((anti_image(residual) ** 2).sum())
        whole = float(squares.sum())
        # Residuals that are zero but for rounding have nothing in common left.
        fits.append(1 - whole / (whole + partial) if whole > 1e-12 else 1.0)
        freedoms.append(size * count - count * (count - 1) // 2)
    kept = _upper_hull(fits, freedoms)
    best, best_ratio = (kept[-1] if len(kept) < 3 else kept[1]), -np.inf
    for before, here, after in zip(kept, kept[1:], kept[2:], strict=False):
        gain = (fits[here] - fits[before]) / (freedoms[here] - freedoms[before])
        then = (fits[after] - fits[here]) / (freedoms[after] - freedoms[here])
        ratio = gain / max(then, 1e-12)
        if ratio > best_ratio:
            best, best_ratio = here, ratio
    table = pd.DataFrame({"fit": fits, "parameters": freedoms}, index=counts)
    table["on_hull"] = [count in kept for count in counts]
    return table, best


def _upper_hull(fits: list[float], parameters: list[int]) -> list[int]:
    """Numbers that fit better than all before them and lie above the line of their neighbours."""
    kept: list[int] = []
    for count in range(len(fits)):
        if not kept or fits[count] > fits[kept[-1]]:
            kept.append(count)
    changed = True
    while changed and len(kept) >= 3:
        changed = False
        for before, here, after in zip(kept, kept[1:], kept[2:], strict=False):
            share = (parameters[here] - parameters[before]) / (
                parameters[after] - parameters[before]
            )
            line = fits[before] + share * (fits[after] - fits[before])
            if fits[here] <= line:
                kept.remove(here)
                changed = True
                break
    return kept
