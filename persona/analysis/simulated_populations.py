"""Number of factors by comparison data that keep the items' own distributions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from persona.analysis.extraction import minres
from persona.analysis.items import read_items
from persona.analysis.number_of_factors import largest_number
from persona.errors import Problem
from persona.numeric.decompose import smooth
from persona.numeric.moments import Array
from persona.numeric.seeds import generator
from persona.numeric.threads import one_thread

_POPULATION = 5_000  # half of the authors' number: eigenvalues move by less than between samples
_PATIENCE = 5
_WORTH = 0.01  # a smaller gain in fit counts as none
_ALPHA = 0.30


@dataclass(frozen=True)
class ComparisonData:
    """Misfit of eigenvalues for 1, 2, ... factors, and the number that more do not improve.

    ``misfit`` holds for each number the mean root mean square difference between the observed
    eigenvalues and those of samples of a population with so many factors; ``p_values`` say
    whether it is smaller than with one factor fewer.
    """

    n_factors: int
    misfit: pd.Series[Any]
    p_values: pd.Series[Any]
    samples: int
    seed: int
    n: int
    warnings: tuple[Problem, ...]


@one_thread
def comparison_data(
    frame: pd.DataFrame, samples: int = 200, seed: int = 0, *, most: int | None = None
) -> ComparisonData:
    """Number of factors by comparison data (Ruscio & Roche 2012).

    For 1, 2, ... factors a population of 5,000 is made that has the items' own distributions and,
    as near as possible, their correlations; samples of the study's size are drawn from it and
    their eigenvalues compared with the observed. A factor more is kept while the difference falls
    (one-sided Mann-Whitney test at .30).

    Parameters
    ----------
    frame : DataFrame (n, p)
        Respondents with missing answers take no part.
    samples : int
    seed : int
    most : int, optional

    Raises
    ------
    AnalysisError
        An item does not vary or copies another.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = np.repeat(rng.standard_normal((300, 2)), 4, axis=1)
    >>> answers = pd.DataFrame((common + rng.standard_normal((300, 8))).round())
    >>> comparison_data(answers, samples=50).n_factors
    2
    """
    from scipy.stats import mannwhitneyu

    items = read_items(frame, missing="listwise", least=3)
    random = generator(seed)
    matrix = np.asarray(np.corrcoef(items.values.T), dtype=np.float64)
    observed = np.asarray(np.linalg.eigvalsh(matrix)[::-1], dtype=np.float64)
    limit = largest_number(len(matrix)) if most is None else most
    misfit: list[float] = []
    tests: list[float] = []
    before: Array | None = None
    suggested = limit
    for count in range(1, limit + 1):
        population = _population(items.values, matrix, count, random)
        differences = _differences(population, observed, items.n, samples, random)
        misfit.append(float(differences.mean()))
        if before is not None:
            test = mannwhitneyu(differences, before, alternative="less")
            tests.append(float(test.pvalue))
            if test.pvalue > _ALPHA:
                suggested = count - 1
                break
        before = differences
    return ComparisonData(
        suggested,
        pd.Series(misfit, index=pd.RangeIndex(1, len(misfit) + 1), name="misfit"),
        pd.Series(tests, index=pd.RangeIndex(2, len(tests) + 2), name="p_value"),
        samples,
        seed,
        items.n,
        items.warnings,
    )


def _differences(
    population: Array, observed: Array, n: int, samples: int, random: np.random.Generator
) -> Array:
    found = np.empty(samples)
    for sample in range(samples):
        rows = random.integers(len(population), size=n)
        part = population[rows]
        part = part - part.mean(axis=0)
        part /= np.sqrt(np.maximum((part**2).sum(axis=0), 1e-300))
        values = np.linalg.eigvalsh(part.T @ part)[::-1]
        found[sample] = np.sqrt(((values - observed) ** 2).mean())
    return found


def _population(values: Array, matrix: Array, count: int, random: np.random.Generator) -> Array:
    """Answers with the items' own distributions, so many factors and nearly their correlations.

    The correlations that normal answers need so that the items' own answers, ranked in, reach the
    observed ones are found by adding what is lacking, step by step (Ruscio & Kaczetow 2008). The
    population has each item's quantiles and latent variables without chance correlations.
    """
    places = (np.arange(_POPULATION) * len(values)) // _POPULATION
    own = np.sort(values, axis=0)[places]
    latent = _uncorrelated(random.standard_normal((_POPULATION, count + values.shape[1])))
    common, unique = latent[:, :count], latent[:, count:]
    needed, best, best_needed = matrix.copy(), own, matrix
    best_lack, least, idle = np.zeros_like(matrix), np.inf, 0
    while idle < _PATIENCE:
        answers = _ranked_in(needed, count, common, unique, own)
        lack = matrix - np.corrcoef(answers.T)
        size = float(np.sqrt((lack**2).mean()))
        idle = 0 if size < least * (1 - _WORTH) else idle + 1
        if size < least:
            best, best_needed, best_lack, least = answers, needed, lack, size
        needed = best_needed + best_lack * 0.5**idle
    return best


def _uncorrelated(latent: Array) -> npt.NDArray[np.float32]:
    """Exactly uncorrelated columns, so that chance in the population does not blur the test."""
    centred = latent - latent.mean(axis=0)
    factor = np.linalg.cholesky(centred.T @ centred / len(centred))
    return np.linalg.solve(factor, centred.T).T.astype(np.float32)


def _ranked_in(
    needed: Array,
    count: int,
    common: npt.NDArray[np.float32],
    unique: npt.NDArray[np.float32],
    own: Array,
) -> Array:
    bounded = np.clip(needed, -0.999, 0.999)
    np.fill_diagonal(bounded, 1.0)
    fitted = minres(smooth(bounded)[0], count)
    loadings = fitted.loadings.astype(np.float32)
    latent = common @ loadings.T + unique * np.sqrt(fitted.uniquenesses).astype(np.float32)
    order = np.argsort(latent, axis=0)
    answers = np.empty_like(own)
    np.put_along_axis(answers, order, own, axis=0)
    return answers
