"""Segmentations on several bases, crossed with each other and held against value and needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import AnalysisError, StudyError, error
from persona.profiling.counting import Columns, moments
from persona.profiling.group_tests import eta_squared, welch_anova
from persona.profiling.profiles import Grouped
from persona.profiling.result import Texts
from persona.profiling.significance import Array, table_test
from persona.questionnaire.variables import Measure, Variable
from persona.registry import nearest

if TYPE_CHECKING:
    from persona.questionnaire import Questionnaire
    from persona.responses import Responses

PRESETS: Mapping[str, tuple[str, ...]] = {
    "demographic": ("demographic",),
    "geographic": ("geographic",),
    "firmographic": ("firmographic",),
    "psychographic": ("psychographic",),
    "needs": ("need", "motive", "obstacle"),
    "benefit": ("benefit",),
    "behavioural": ("behaviour", "channel", "journey", "situation", "promotion"),
    "value": ("value",),
}
"""Name of a basis and the kinds of question that belong to it."""


@dataclass(frozen=True, eq=False)
class Crossing:
    """Two segmentations crossed: weighted counts, and how much they agree.

    ``rand`` is the adjusted Rand index (Hubert & Arabie 1985): 1 the same, about 0 by chance.
    """

    first: str
    second: str
    counts: pd.DataFrame
    rand: float
    cramers_v: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True)
class Explained:
    """How much of one variable a segmentation explains.

    ``share`` is eta squared corrected for the number of segments, 1 - (1 - eta^2)(n - 1)/(n - k),
    at least 0. ``circular`` where the variable made the segments.
    """

    basis: str
    variable: str
    text: Texts
    target: str
    eta_squared: float
    share: float
    p_value: float | None
    base: int
    circular: bool


@dataclass(frozen=True)
class BasesComparison:
    """All segmentations of a study beside each other.

    ``by_value`` and ``by_needs`` rank the bases by the mean share they explain of the variables
    of value and of needs that did not make them; None where every such variable did.
    """

    names: tuple[str, ...]
    crossings: tuple[Crossing, ...]
    explained: tuple[Explained, ...]
    by_value: tuple[tuple[str, float | None], ...]
    by_needs: tuple[tuple[str, float | None], ...]


def preset_basis(questionnaire: Questionnaire, preset: str) -> tuple[str, ...]:
    """The ids of the questions that a preset makes segments from.

    Sensitive questions, texts and dates are left out.

    Raises
    ------
    StudyError
        An unknown preset, or one that no question of the questionnaire belongs to.
    """
    if preset not in PRESETS:
        near = nearest(preset, PRESETS)
        raise StudyError(
            error(
                "basis.preset",
                "There is no basis called {name!r}.",
                found=preset,
                allowed=", ".join(PRESETS),
                remedy=f"Did you mean {near!r}?" if near else None,
                values={"name": preset},
            )
        )
    usable = {
        variable.question: None
        for variable in questionnaire.variables
        if variable.kind in PRESETS[preset]
        and not variable.sensitive
        and variable.measure not in (Measure.TEXT, Measure.DATE)
    }
    if not usable:
        raise StudyError(
            error(
                "basis.not_asked",
                "The basis {name!r} needs questions of kind {kinds}, and none was asked.",
                values={"name": preset, "kinds": " or ".join(PRESETS[preset])},
            )
        )
    return tuple(usable)


def compare_bases(
    responses: Responses,
    segmentations: Mapping[str, Grouped],
    made_of: Mapping[str, Sequence[str]] | None = None,
) -> BasesComparison:
    """Cross segmentations of the same respondents and see which explains value and needs best.

    Parameters
    ----------
    responses : Responses
    segmentations : mapping of name to segmentation
    made_of : mapping of name to question ids, optional
        What each was made from; what made it is not counted as explained by it.

    Raises
    ------
    AnalysisError
        When there is nothing to compare.
    """
    if not segmentations:
        raise AnalysisError(error("basis.none", "There is no segmentation to compare."))
    made = made_of or {}
    index = responses.asked.index
    labels = {
        name: np.asarray(
            one.labels.reindex(index).astype("float64").fillna(0), dtype=np.float64
        ).astype(np.intp)
        for name, one in segmentations.items()
    }
    weights = np.asarray(responses.weights, dtype=np.float64)
    explained = tuple(
        found
        for name, own in labels.items()
        for found in _explained(name, own, weights, responses, set(made.get(name, ())))
    )
    names = tuple(segmentations)
    return BasesComparison(
        names,
        tuple(
            _crossing(a, b, labels[a], labels[b], weights, responses.weighted)
            for a, b in combinations(names, 2)
        ),
        explained,
        _ranked(names, explained, "value"),
        _ranked(names, explained, "need"),
    )


def _crossing(
    first: str,
    second: str,
    a: NDArray[np.intp],
    b: NDArray[np.intp],
    weights: Array,
    weighted: bool,
) -> Crossing:
    both = (a > 0) & (b > 0)
    rows, columns = pd.Series(a[both], name=first), pd.Series(b[both], name=second)

    def table(values: Array) -> pd.DataFrame:
        return pd.crosstab(rows, columns, pd.Series(values), aggfunc="sum").fillna(0.0)

    w = weights[both]
    counts, sums = table(np.ones(len(w))), table(w)
    n = counts.to_numpy(dtype=np.float64)
    more = (sums.to_numpy(dtype=np.float64), table(w**2).to_numpy(dtype=np.float64))
    test = table_test(n, *more) if weighted else table_test(n)
    return Crossing(
        first,
        second,
        sums,
        adjusted_rand(n),
        test.cramers_v if test else None,
        test.p_value if test else None,
    )


def adjusted_rand(counts: Array) -> float:
    """Adjusted Rand index of a table of two divisions; 1 when both have one group alone.

    Examples
    --------
    >>> adjusted_rand(np.array([[5.0, 0.0], [0.0, 7.0]]))
    1.0
    """

    def pairs(x: Array) -> float:
        return float((x * (x - 1) / 2).sum())

    together = pairs(counts)
    rows, columns, every = pairs(counts.sum(1)), pairs(counts.sum(0)), pairs(counts.sum())
    expected = rows * columns / every if every else 0.0
    highest = (rows + columns) / 2
    return 1.0 if highest == expected else (together - expected) / (highest - expected)


def _explained(
    name: str,
    labels: NDArray[np.intp],
    weights: Array,
    responses: Responses,
    made: set[str],
) -> list[Explained]:
    """Eta squared of every variable of value and of needs over one segmentation."""
    variables = [
        variable
        for variable in responses.questionnaire.variables
        if variable.kind in ("value", *PRESETS["needs"])
        and variable.numeric
        and variable.id in responses.asked.columns
    ]
    k = int(labels.max(initial=0))
    if not variables or k < 1:
        return []
    values = responses.asked[[variable.id for variable in variables]].to_numpy(dtype=np.float64)
    inside = labels[:, None] == np.arange(1, k + 1)
    found = moments(values, Columns(inside, weights, np.arange(k, dtype=np.intp)))
    results = []
    for i, variable in enumerate(variables):
        mean, variance, base = found.mean[i], found.variance[i], found.effective[i]
        n, groups = int(found.n[i].sum()), int((found.n[i] > 0).sum())
        if n <= groups or groups < 1:
            continue
        eta = eta_squared(mean, variance, found.w[i], np.maximum(base, 1e-12))
        p = welch_anova(mean, variance, base)[2]
        results.append(
            Explained(
                name,
                variable.id,
                variable.text,
                "value" if variable.kind == "value" else "need",
                eta,
                max(1 - (1 - eta) * (n - 1) / (n - groups), 0.0),
                None if np.isnan(p) else p,
                n,
                _circular(variable, made),
            )
        )
    return results


def _circular(variable: Variable, made: set[str]) -> bool:
    return variable.question in made or variable.id in made


def _ranked(
    names: Sequence[str], explained: Sequence[Explained], target: str
) -> tuple[tuple[str, float | None], ...]:
    means: list[tuple[str, float | None]] = []
    for name in names:
        shares = [
            one.share
            for one in explained
            if one.basis == name and one.target == target and not one.circular
        ]
        means.append((name, float(np.mean(shares)) if shares else None))
    return tuple(sorted(means, key=lambda pair: (pair[1] is None, -(pair[1] or 0.0))))
