"""Needs that are important and badly met: opportunity scores by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persona.errors import DataError, error
from persona.profiling.plan import box_size
from persona.profiling.profiles import Grouped, labelled
from persona.profiling.result import Texts
from persona.profiling.significance import Array, effective_base, mean_interval
from persona.questionnaire.variables import Measure, Variable

if TYPE_CHECKING:
    from persona.questionnaire import Questionnaire
    from persona.responses import Responses

_PREFIXES = (("imp_", "sat_"), ("importance_", "satisfaction_"))

UNDERSERVED = 10.0
"""From here on a need is underserved (Ulwick 2005)."""


@dataclass(frozen=True, slots=True)
class OpportunityCell:
    """Importance, satisfaction (both 0 to 10) and opportunity (0 to 20) in one group.

    All three are None where too few answered both questions.
    """

    importance: float | None
    satisfaction: float | None
    opportunity: float | None
    low: float | None
    high: float | None
    base: int


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One need: everybody, and each segment."""

    need: str
    satisfaction_variable: str
    text: Texts
    total: OpportunityCell
    cells: tuple[OpportunityCell, ...]


def opportunities(
    responses: Responses,
    segmentation: Grouped,
    pairs: Sequence[tuple[str, str]] | None = None,
    *,
    suppress_below: int = 5,
) -> tuple[Opportunity, ...]:
    """Opportunity scores of needs per segment, the highest total first.

    Opportunity = importance + max(importance - satisfaction, 0) after Ulwick (2005), where both
    are ten times the share of top-box answers of those who answered both. The interval is of
    the mean of each respondent's 2 importance - satisfaction where importance is higher, of
    importance alone elsewhere.

    Parameters
    ----------
    responses : Responses
    segmentation : Segmentation
    pairs : sequence of (importance, satisfaction) variable ids, optional
        By default items ``imp_x`` and ``sat_x``, or else items of kind ``need`` or ``benefit``
        and later items of the same text; empty when nothing was asked twice.
    suppress_below : int

    Raises
    ------
    DataError
        A variable that is no scale.
    """
    questionnaire = responses.questionnaire
    chosen = _pairs(questionnaire) if pairs is None else [(a, b) for a, b in pairs]
    variables = {variable.id: variable for variable in questionnaire.variables}
    _refuse_others([name for pair in chosen for name in pair], variables, responses)
    labels, index = labelled(responses, segmentation)
    weights = np.asarray(responses.weights.loc[index], dtype=np.float64)
    asked = responses.asked.loc[index]
    everybody = np.ones(len(labels), dtype=bool)
    made = []
    for importance, satisfaction in chosen:
        first, second = variables[importance], variables[satisfaction]
        wanted = _top(first, np.asarray(asked[importance], dtype=np.float64))
        content = _top(second, np.asarray(asked[satisfaction], dtype=np.float64))
        made.append(
            Opportunity(
                importance,
                satisfaction,
                first.text,
                _cell(wanted, content, weights, everybody, suppress_below),
                tuple(
                    _cell(wanted, content, weights, labels == number, suppress_below)
                    for number in range(1, segmentation.k + 1)
                ),
            )
        )
    return tuple(sorted(made, key=lambda one: -(one.total.opportunity or 0.0)))


def _refuse_others(
    names: Sequence[str], variables: Mapping[str, Variable], responses: Responses
) -> None:
    """Raise DataError for every name that is no scale."""
    wrong = [
        name
        for name in names
        if name not in responses.asked.columns or len(variables[name].categories) < 2
    ]
    if wrong:
        raise DataError(
            error(
                "opportunity.variable",
                "{name!r} is no rating scale, so it has no importance or satisfaction.",
                question=name,
                remedy="Name items that are answered on a scale.",
                values={"name": name},
            )
            for name in wrong
        )


def _pairs(questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """Items that ids or texts pair; the first is the importance, the second the satisfaction."""
    known = {variable.id for variable in questionnaire.variables}
    named = [
        (name, pair)
        for name in known
        for first, second in _PREFIXES
        if name.startswith(first) and (pair := second + name.removeprefix(first)) in known
    ]
    if named:
        order = [variable.id for variable in questionnaire.variables]
        return sorted(named, key=lambda pair: order.index(pair[0]))
    seen: dict[tuple[tuple[str, str], ...], Variable] = {}
    found = []
    for variable in questionnaire.variables:
        if variable.measure is not Measure.INTERVAL or len(variable.categories) < 2:
            continue
        key = tuple(sorted((language, text.casefold()) for language, text in variable.text.items()))
        if key in seen and seen[key].question != variable.question:
            found.append((seen[key].id, variable.id))
        elif variable.kind in ("need", "benefit"):
            seen.setdefault(key, variable)
    return found


def _top(variable: Variable, answers: Array) -> Array:
    """1 for a top-box answer, 0 for a lower one, NaN without any."""
    codes = sorted(float(code) for code in variable.codes)
    least = codes[-box_size(len(codes))]
    return np.where(np.isnan(answers), np.nan, (answers >= least).astype(np.float64))


def _cell(
    wanted: Array, content: Array, weights: Array, inside: NDArray[np.bool_], least: int
) -> OpportunityCell:
    both = inside & ~np.isnan(wanted) & ~np.isnan(content)
    n = int(both.sum())
    if n < max(least, 2):
        return OpportunityCell(None, None, None, None, None, n)
    w = weights[both]
    importance = 10 * float((w * wanted[both]).sum() / w.sum())
    satisfaction = 10 * float((w * content[both]).sum() / w.sum())
    gap = importance > satisfaction
    score = 10 * wanted[both] + (10 * (wanted - content)[both] if gap else 0.0)
    mean = np.array([importance + max(importance - satisfaction, 0.0)])
    e = effective_base(np.array([w.sum()]), np.array([(w**2).sum()]))
    spread = np.array([float((w * (score - mean[0]) ** 2).sum() / w.sum())])
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = mean_interval(mean, spread * e / (e - 1), e)
    known = e[0] > 1
    return OpportunityCell(
        importance,
        satisfaction,
        float(mean[0]),
        max(float(low[0]), 0.0) if known else None,
        min(float(high[0]), 20.0) if known else None,
        n,
    )
