"""Answers that hang together across columns: ticks, orders, shared points, best and worst."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from persona.questionnaire.parts import Option
from persona.questionnaire.types.constant_sum import ConstantSum
from persona.questionnaire.types.maxdiff import MaxDiff
from persona.questionnaire.types.ranking import Ranking
from persona.questionnaire.variables import Variable
from persona.responses.simulation.answers import Cells
from persona.responses.simulation.people import People
from persona.responses.simulation.plan import FLOAT

_POINTS_STEP = 5


def tick_cells(
    variables: Sequence[Variable], exclusive: Sequence[str], most: int | None, people: People
) -> dict[str, Cells]:
    """Ticks of a multiple question; an exclusive option stands alone, and ``most`` is kept."""
    rng = people.rng(variables[0].question)
    free = [v for v in variables if v.item not in exclusive]
    alone = [v for v in variables if v.item in exclusive]
    utility = np.column_stack([_appeal(v, people, rng) for v in free])
    ticks = utility > 0
    if most is not None:
        rank = (-utility).argsort(axis=1).argsort(axis=1)
        ticks &= rank < most
    columns: dict[str, Cells] = {v.id: [int(t) for t in ticks[:, i]] for i, v in enumerate(free)}
    nothing = ~ticks.any(axis=1)
    chosen = rng.integers(0, max(len(alone), 1), people.n)
    for number, variable in enumerate(alone):
        columns[variable.id] = [int(t) for t in nothing & (chosen == number)]
    if not alone:
        # without "none of these" an empty row would read as not answered
        for row in np.flatnonzero(nothing):
            columns[free[int(utility[row].argmax())].id][row] = 1
    return {v.id: columns[v.id] for v in variables}


def _appeal(variable: Variable, people: People, rng: np.random.Generator) -> FLOAT:
    """How much an option draws each respondent; above zero it is ticked."""
    margin = people.plan.margin(variable.id)
    rate = rng.beta(3.0, 5.5) if margin is None else float(margin[0])
    drawn = 1.3 * people.shift(variable.id) + 0.25 * people.activity
    drawn = drawn + rng.logistic(size=people.n)
    return np.asarray(drawn - np.quantile(drawn, 1 - rate))


def exclusive_items(options: Sequence[Option]) -> tuple[str, ...]:
    """The options that go with no other, as variables name them."""
    return tuple(str(option.code) for option in options if option.exclusive)


def _utilities(variables: Sequence[Variable], people: People, rng: np.random.Generator) -> FLOAT:
    """How much each respondent values each option (n, options); means are skewed."""
    means = rng.normal(0.0, 0.7, len(variables))
    shifts = np.column_stack([people.shift(v.id) for v in variables])
    return np.asarray(means + shifts + rng.normal(0.0, 0.5, shifts.shape))


def rank_cells(
    question: Ranking, variables: Sequence[Variable], people: People
) -> dict[str, Cells]:
    """Ranks by option, the best first; None below the places that are asked."""
    rng = people.rng(question.id)
    utility = _utilities(variables, people, rng) + rng.gumbel(0, 0.5, (people.n, len(variables)))
    ranks = (-utility).argsort(axis=1).argsort(axis=1) + 1
    last = len(variables[0].codes)
    return {
        v.id: [int(rank) if rank <= last else None for rank in ranks[:, column]]
        for column, v in enumerate(variables)
    }


def shared_cells(
    question: ConstantSum, variables: Sequence[Variable], people: People
) -> dict[str, Cells]:
    """Points by option that add up to the total; people deal them out in fives where they can."""
    weight = np.exp(1.2 * _utilities(variables, people, people.rng(question.id)))
    share = weight / weight.sum(axis=1, keepdims=True)
    whole = question.total % _POINTS_STEP == 0 and question.total / _POINTS_STEP >= len(variables)
    step = float(_POINTS_STEP) if whole else question.total / 100
    steps = round(question.total / step)
    dealt = np.floor(share * steps)
    # what rounding down leaves over goes to the options that lost most by it
    order = (dealt - share * steps).argsort(axis=1).argsort(axis=1)
    dealt += order < (steps - dealt.sum(axis=1, keepdims=True))
    points = dealt * step
    whole_numbers = float(step).is_integer()
    return {
        v.id: [int(p) if whole_numbers else float(p) for p in points[:, column]]
        for column, v in enumerate(variables)
    }


def best_worst_cells(
    question: MaxDiff, variables: Sequence[Variable], people: People
) -> dict[str, Cells]:
    """The best and the worst item of each set, by values with noise; versions are dealt in turn."""
    rng = people.rng(question.id)
    scores = [v for v in variables if v.derived]
    utility = _utilities(scores, people, rng)
    place = {option.code: number for number, option in enumerate(question.options)}
    columns: dict[str, Cells] = {v.id: [] for v in variables if not v.derived}
    versions = len(question.shown)
    for row in range(people.n):
        version = row % versions
        if versions > 1:
            columns[f"{question.id}_version"].append(version + 1)
        for number in range(1, question.n_sets + 1):
            shown = question.shown[version][number - 1 : number]
            ends: tuple[object, object] = (None, None)
            if shown:
                felt = utility[row, [place[code] for code in shown[0]]]
                felt = felt + rng.gumbel(0.0, 0.5, len(shown[0]))
                ends = (shown[0][int(felt.argmax())], shown[0][int(felt.argmin())])
            columns[f"{question.id}_{number}_best"].append(ends[0])
            columns[f"{question.id}_{number}_worst"].append(ends[1])
    return columns
