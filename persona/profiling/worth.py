"""Who earns how much: segments and customers ranked, the Pareto curve, the best fifth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import AnalysisError, DataError, Problem, error, note
from persona.profiling.pareto import ParetoPoint, best_of, curve
from persona.profiling.persona import Statement
from persona.profiling.profiles import Grouped, labelled, profile
from persona.profiling.result import Texts, ValueShare
from persona.profiling.significance import Array
from persona.profiling.statements import statements_of
from persona.profiling.value import value_share
from persona.questionnaire.variables import Measure, Variable
from persona.registry import nearest

if TYPE_CHECKING:
    from persona.questionnaire import Questionnaire
    from persona.responses import Responses


@dataclass(frozen=True, slots=True)
class SegmentWorth:
    """What a segment brings.

    ``rank`` is 1 for the segment with the highest sum. ``realised`` is revenue over potential
    (0 to 1) among those who answered both. ``best`` is the share of the segment who are among
    the best customers, ``of_best`` the share of the best customers who are in the segment, and
    ``best_index`` 100 times ``of_best`` over the segment's share of customers.
    """

    segment: int
    people: float
    revenue: ValueShare | None
    margin: ValueShare | None
    potential: ValueShare | None
    realised: float | None
    rank: int
    best: float | None
    of_best: float | None
    best_index: float | None


@dataclass(frozen=True, eq=False)
class ValueAnalysis:
    """Value of segments and customers.

    Attributes
    ----------
    revenue, margin, potential : tuple of str
        The variables whose sum they are; empty where there is none.
    ranked_by : str
        ``margin`` where there is one, else ``revenue`` or ``potential``.
    segments : tuple of SegmentWorth
        Highest sum first.
    pareto : tuple of ParetoPoint
        From (0, 0) to (1, 1), best customers first.
    best_share : float
        Part of the sum that the best fifth brings.
    gini : float
        0 when all bring the same.
    best_statements : tuple of Statement
        Who the best fifth are, against the other customers.
    customers : DataFrame
        Index respondent: segment, value, share (of the sum), cumulative share, rank.
    base : int
        Respondents with a value.
    """

    revenue: tuple[str, ...]
    margin: tuple[str, ...]
    potential: tuple[str, ...]
    ranked_by: str
    segments: tuple[SegmentWorth, ...]
    pareto: tuple[ParetoPoint, ...]
    best_share: float
    gini: float
    best_statements: tuple[Statement, ...]
    customers: pd.DataFrame
    base: int
    weighted_base: float
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Grouping:
    """Respondents in groups that nobody searched for: labels 1 to k by respondent."""

    labels: pd.Series[int]
    k: int


@dataclass(frozen=True)
class _People:
    """Labelled respondents with the numbers they are worth."""

    index: pd.Index[str]
    labels: NDArray[np.intp]
    weights: Array
    numbers: dict[str, Array]
    said: dict[str, tuple[Texts, str | None]]


def value_analysis(
    responses: Responses,
    segmentation: Grouped,
    *,
    revenue: str | Sequence[str] = (),
    margin: str | Sequence[str] = (),
    potential: str | Sequence[str] = (),
    suppress_below: int = 5,
) -> ValueAnalysis:
    """Rank segments and customers by what they bring.

    Parameters
    ----------
    responses : Responses
    segmentation : Segmentation
    revenue, margin, potential : str or sequence of str, optional
        Ids of numeric variables (several are summed): what a customer brings, what stays of it,
        and what could be had. Without any, the first number of kind ``value`` is the revenue.

    Raises
    ------
    DataError
        An id that is no numeric variable.
    AnalysisError
        When nothing measures value, nobody answered, or the sum is not above zero.
    """
    named = _measures(
        {"margin": _ids(margin), "revenue": _ids(revenue), "potential": _ids(potential)},
        responses.questionnaire,
    )
    ranked_by = next(iter(named))
    people = _people(responses, segmentation, named)
    order, values, weights = _ranked(people, ranked_by)
    pareto, best_share, gini = curve(values[order], weights[order])
    best = best_of(order, weights)
    worth = [
        _segment(number, people, ranked_by, best, suppress_below)
        for number in range(1, segmentation.k + 1)
    ]
    known = ~np.isnan(values)
    return ValueAnalysis(
        revenue=named.get("revenue", ()),
        margin=named.get("margin", ()),
        potential=named.get("potential", ()),
        ranked_by=ranked_by,
        segments=_with_rank(worth, ranked_by),
        pareto=pareto,
        best_share=best_share,
        gini=gini,
        best_statements=_who_is_best(responses, people.index, best, known, named[ranked_by]),
        customers=_customers(people, order, values),
        base=int(known.sum()),
        weighted_base=float(weights[known].sum()),
        warnings=_warnings(known, values, ranked_by),
    )


def _ids(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _measures(
    given: Mapping[str, tuple[str, ...]], questionnaire: Questionnaire
) -> dict[str, tuple[str, ...]]:
    """The measures that have variables; the first number of kind value where none was given."""
    named = {measure: names for measure, names in given.items() if names}
    first = _first_value(questionnaire)
    if not named and not first:
        raise AnalysisError(
            error(
                "value.not_asked",
                "No number of kind 'value' was asked, so nobody can be ranked by value.",
                remedy="Name the variables that hold revenue or margin.",
            )
        )
    return named or {"revenue": first}


def _first_value(questionnaire: Questionnaire) -> tuple[str, ...]:
    for variable in questionnaire.variables:
        if variable.kind == "value" and variable.measure is Measure.RATIO:
            return (variable.id,)
    return ()


def _people(
    responses: Responses, segmentation: Grouped, named: Mapping[str, tuple[str, ...]]
) -> _People:
    numeric = [
        variable.id
        for variable in responses.questionnaire.variables
        if variable.numeric and variable.id in responses.asked.columns
    ]
    unknown = [name for names in named.values() for name in names if name not in numeric]
    if unknown:
        raise DataError(
            error(
                "value.variable",
                "{name!r} is no numeric variable of this study.",
                question=name,
                allowed=nearest(name, numeric) or ", ".join(numeric[:20]),
                remedy="Take one of those that are allowed.",
                values={"name": name},
            )
            for name in unknown
        )
    labels, index = labelled(responses, segmentation)
    asked = responses.asked.loc[index]
    return _People(
        index,
        labels,
        np.asarray(responses.weights.loc[index], dtype=np.float64),
        {
            # a sum with a part unanswered is unknown, not smaller
            measure: asked[list(names)].to_numpy(dtype=np.float64).sum(axis=1)
            for measure, names in named.items()
        },
        {
            measure: _texts([responses.questionnaire.variable(name) for name in names])
            for measure, names in named.items()
        },
    )


def _texts(variables: Sequence[Variable]) -> tuple[Texts, str | None]:
    """What a sum of variables is called, and its unit when all have the same."""
    languages = variables[0].text
    text = {
        language: " + ".join(one.text.get(language, one.id) for one in variables)
        for language in languages
    }
    units = {one.unit for one in variables}
    return text, units.pop() if len(units) == 1 else None


def _ranked(people: _People, name: str) -> tuple[NDArray[np.intp], Array, Array]:
    """Places of those with a value, best first; all values; all weights."""
    values, weights = people.numbers[name], people.weights
    known = np.flatnonzero(~np.isnan(values))
    if not len(known) or float((values[known] * weights[known]).sum()) <= 0:
        raise AnalysisError(
            error(
                "value.nothing",
                "The sum of {name} over all respondents is not above zero.",
                remedy="Take another measure of value.",
                values={"name": name},
            )
        )
    return known[np.argsort(-values[known], kind="stable")], values, weights


def _segment(
    number: int,
    people: _People,
    ranked_by: str,
    best: NDArray[np.bool_],
    suppress_below: int,
) -> SegmentWorth:
    inside, w = people.labels == number, people.weights
    shares = {
        measure: value_share(measure, *people.said[measure], numbers, w, inside, suppress_below)
        for measure, numbers in people.numbers.items()
    }
    known = ~np.isnan(people.numbers[ranked_by])
    own, everybody = w[inside & known].sum(), w[known].sum()
    hidden = (inside & known).sum() < max(suppress_below, 1)
    of_best = None if hidden else float(w[inside & best].sum() / w[best].sum())
    return SegmentWorth(
        segment=number,
        people=float(w[inside].sum() / w.sum()),
        revenue=shares.get("revenue"),
        margin=shares.get("margin"),
        potential=shares.get("potential"),
        realised=_realised(people, inside, suppress_below),
        rank=0,
        best=None if hidden else float(w[inside & best].sum() / own),
        of_best=of_best,
        best_index=None if of_best is None else 100 * of_best / float(own / everybody),
    )


def _realised(people: _People, inside: NDArray[np.bool_], least: int) -> float | None:
    had, possible = people.numbers.get("revenue"), people.numbers.get("potential")
    if had is None or possible is None:
        return None
    both = inside & ~np.isnan(had) & ~np.isnan(possible)
    below = float((people.weights * possible)[both].sum())
    if both.sum() < max(least, 1) or below <= 0:
        return None
    return float((people.weights * had)[both].sum()) / below


def _with_rank(worth: Sequence[SegmentWorth], measure: str) -> tuple[SegmentWorth, ...]:
    """The segments in the order of their sums."""

    def total(one: SegmentWorth) -> float:
        share: ValueShare | None = getattr(one, measure)
        return -np.inf if share is None or share.total is None else share.total

    ordered = sorted(worth, key=lambda one: (-total(one), one.segment))
    return tuple(replace(one, rank=rank) for rank, one in enumerate(ordered, start=1))


def _who_is_best(
    responses: Responses,
    index: pd.Index[str],
    best: NDArray[np.bool_],
    known: NDArray[np.bool_],
    measured_by: Sequence[str],
) -> tuple[Statement, ...]:
    """Statements about the best fifth, without those on the measure that made it."""
    if best.sum() < 2 or (known & ~best).sum() < 2:
        return ()
    groups: pd.Series[int] = pd.Series(2 - best[known].astype(np.int64), index=index[known])
    made = {responses.questionnaire.variable(name).question for name in measured_by}
    table = profile(responses, Grouping(groups, 2), basis=made)
    said = statements_of(1, table, responses.questionnaire, responses.asked.loc[groups.index])
    return tuple(
        one for one in said if one.weight > 0 and one.block != "value" and not one.evidence.basis
    )


def _customers(people: _People, order: NDArray[np.intp], values: Array) -> pd.DataFrame:
    own = values[order]
    share = people.weights[order] * own / float((people.weights[order] * own).sum())
    return pd.DataFrame(
        {
            "segment": people.labels[order],
            "value": own,
            "share": share,
            "cumulative": np.cumsum(share),
            "rank": np.arange(1, len(order) + 1),
        },
        index=people.index[order],
    )


def _warnings(known: NDArray[np.bool_], values: Array, name: str) -> tuple[Problem, ...]:
    problems = []
    if not known.all():
        problems.append(
            note(
                "value.unanswered",
                "{count} respondents have no {name} and are not ranked by it.",
                values={"count": int((~known).sum()), "name": name},
            )
        )
    below = int((values[known] < 0).sum())
    if below:
        problems.append(
            note(
                "value.negative",
                "{count} respondents have a {name} below zero; the Pareto curve rises above "
                "one before it ends.",
                values={"count": below, "name": name},
            )
        )
    return tuple(problems)
