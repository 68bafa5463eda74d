"""Answers with planted segments, to try a study before the field."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.questionnaire.model import Question, Questionnaire
from persona.questionnaire.types.constant_sum import ConstantSum
from persona.questionnaire.types.date import Date
from persona.questionnaire.types.maxdiff import MaxDiff
from persona.questionnaire.types.multiple import Multiple
from persona.questionnaire.types.number import Number
from persona.questionnaire.types.ranking import Ranking
from persona.questionnaire.variables import Measure, Variable
from persona.responses.simulation.answers import (
    Cells,
    battery_cells,
    day_cells,
    nominal_cells,
    number_cells,
    ordered_cells,
    weight_cells,
)
from persona.responses.simulation.choices import (
    best_worst_cells,
    exclusive_items,
    rank_cells,
    shared_cells,
    tick_cells,
)
from persona.responses.simulation.people import People, draw_people
from persona.responses.simulation.plan import FLOAT, Plan, battery_items, draw_plan
from persona.responses.simulation.silence import attentive, broken_off, left_out, with_missing_codes
from persona.responses.simulation.words import other_words, verbatim_cells
from persona.responses.simulation.workbook import CellsAs, Headers, spoken_by, table, write_table

__all__ = ["Plan", "Simulated", "simulate", "table", "write", "write_table"]

FIELDED = datetime.date(2026, 10, 31)
"""The last day of the imagined field work; fixed, so that a seed gives the same days for ever."""


class Simulated(NamedTuple):
    """Simulated answers and the segments they were drawn from.

    Parameters
    ----------
    answers : DataFrame
        One column a variable, as answered: codes (reversed items not turned, missing codes among
        them), numbers, days, texts; None where nothing was answered. Index: respondent.
    segments : Series of int
        1 to k by respondent, 1 the largest planted share.
    """

    answers: pd.DataFrame
    segments: pd.Series


def simulate(
    questionnaire: Questionnaire,
    n: int = 500,
    seed: int = 0,
    *,
    k: int = 4,
    separation: float = 1.0,
    missing: float = 1.0,
    plan: Plan | None = None,
    language: str | Sequence[str] | None = None,
    fielded: datetime.date = FIELDED,
) -> Simulated:
    """Draw answers to a questionnaire from people of k segments.

    Batteries follow a factor model whose means differ by segment on the questions of role
    ``basis``; people have response styles and habits of leaving answers out; margins are skewed;
    descriptors lean on the segments. Bounds, conditions, exclusive options, orders, shared points
    and attention checks are respected.

    Parameters
    ----------
    questionnaire : Questionnaire
    n, seed : int
        Respondents; the same seed gives the same answers.
    k : int
        Segments to plant, when no plan is given.
    separation : float
        How far apart the planted segments stand: 1 is a clear study, 0 has no segments.
    missing : float
        Multiplies every chance of a missing answer; 0 for complete answers.
    plan : Plan, optional
        Segments of one's own instead of drawn ones.
    language : str or one a respondent, optional
        Of the verbatims; default the questionnaire's first.
    fielded : date
        Dates of behaviour lie before it.

    Raises
    ------
    ValueError
        When n or k is below one, or k exceeds n.

    Examples
    --------
    >>> answers, segments = simulate(Questionnaire.load("customer_b2c"), n=50, seed=1, k=3)
    >>> len(answers), sorted(segments.unique().tolist())
    (50, [1, 2, 3])
    """
    if n < 1 or k < 1 or k > n:
        raise ValueError(f"n and k must be at least 1, and k at most n; got n={n}, k={k}")
    if plan is None:
        plan = draw_plan(questionnaire, k, np.random.default_rng([seed, 0]), separation)
    people = draw_people(plan, n, seed)
    spoken = spoken_by(language, n, questionnaire.language)
    columns = _columns(questionnaire, people, spoken, fielded, missing)
    index = pd.Index(_respondents(n), name="respondent")
    return Simulated(
        pd.DataFrame(columns, index=index, dtype=object),
        pd.Series(people.segment + 1, index=index, name="segment"),
    )


def _columns(
    questionnaire: Questionnaire,
    people: People,
    spoken: Sequence[str],
    fielded: datetime.date,
    missing: float,
) -> dict[str, Cells]:
    """All columns, with what is skipped, left out or never reached emptied."""
    reached = broken_off(people, missing)
    columns: dict[str, Cells] = {}
    for position, question in enumerate(questionnaire.questions):
        made = _question_cells(question, questionnaire, people, spoken, fielded, missing)
        silent = left_out(question.id, people, missing)
        silent = silent | (reached < (position + 1) / len(questionnaire.questions))
        silent = silent | ~_shown(question, questionnaire, columns, people.n)
        needed = question.kind in ("id", "weight")
        for name, cells in made.items():
            columns[name] = (
                cells if needed else [None if s else c for c, s in zip(cells, silent, strict=True)]
            )
    return columns


def _shown(
    question: Question, questionnaire: Questionnaire, columns: dict[str, Cells], n: int
) -> NDArray[np.bool_]:
    """Who is asked the question, by its condition on the answers before it."""
    if questionnaire.condition_of(question.id) is None:
        return np.ones(n, dtype=np.bool_)
    answered: dict[str, Cells] = {}
    for variable in questionnaire.variables:
        if variable.id in columns:
            unsaid = {code.code for code in variable.missing}
            answered[variable.id] = [None if c in unsaid else c for c in columns[variable.id]]
    derived = {name: list(values) for name, values in questionnaire.derive(answered, n).items()}
    return np.array(questionnaire.shown(question.id, answered | derived, n), dtype=np.bool_)


def _respondents(n: int) -> list[str]:
    width = max(4, len(str(n)))
    return [f"R{number:0{width}d}" for number in range(1, n + 1)]


def _question_cells(
    question: Question,
    questionnaire: Questionnaire,
    people: People,
    spoken: Sequence[str],
    fielded: datetime.date,
    missing: float,
) -> dict[str, Cells]:
    """The columns of one question, missing codes among the answers."""
    everything = questionnaire.variables_of(question.id)
    variables = [v for v in everything if not v.derived]
    if isinstance(question, MaxDiff):
        return best_worst_cells(question, everything, people)
    if isinstance(question, Ranking):
        return rank_cells(question, variables, people)
    if isinstance(question, ConstantSum):
        return shared_cells(question, variables, people)
    if battery_items(questionnaire, question):
        made = attentive(question, battery_cells(variables, people), people)
        return {v.id: with_missing_codes(v, made[v.id], people, None, missing) for v in variables}
    columns: dict[str, Cells] = {}
    ticks = [v for v in variables if v.measure is Measure.BINARY]
    if ticks and isinstance(question, Multiple):
        columns |= tick_cells(ticks, exclusive_items(question.options), question.most, people)
    for variable in variables:
        if variable.id in columns:
            continue
        if variable.measure is Measure.TEXT and question.type != "text":
            columns[variable.id] = _written(variable, columns, people, spoken)
            continue
        cells, latent = _variable_cells(question, variable, questionnaire, people, spoken, fielded)
        columns[variable.id] = with_missing_codes(variable, cells, people, latent, missing)
    return attentive(question, columns, people)


def _variable_cells(
    question: Question,
    variable: Variable,
    questionnaire: Questionnaire,
    people: People,
    spoken: Sequence[str],
    fielded: datetime.date,
) -> tuple[Cells, FLOAT | None]:
    """One column by its measure, with the latent answer where there is one."""
    if variable.measure is Measure.IDENTIFIER:
        if isinstance(question, Number):
            return list(range(1001, 1001 + people.n)), None
        return list(_respondents(people.n)), None
    if variable.measure is Measure.WEIGHT:
        return weight_cells(people), None
    if variable.measure is Measure.NOMINAL:
        return nominal_cells(variable, people), None
    if variable.measure is Measure.DATE:
        earliest = question.earliest if isinstance(question, Date) else None
        last = question.latest if isinstance(question, Date) else None
        return day_cells(variable, people, earliest, min(last or fielded, fielded)), None
    if variable.measure is Measure.TEXT:
        return verbatim_cells(question, questionnaire, people, spoken), None
    if variable.categories:
        return ordered_cells(variable, people)
    decimals = (question.decimals or 0) if isinstance(question, Number) else 0
    return number_cells(variable, people, decimals)


def _written(
    variable: Variable, columns: dict[str, Cells], people: People, spoken: Sequence[str]
) -> Cells:
    """Words behind "please specify", for those who chose it."""
    own = columns.get(f"{variable.question}_{variable.item}")
    chosen = columns.get(variable.question, [None] * people.n)
    specified = other_words(variable.id, people, spoken)
    return [
        specified[row]
        if (own[row] == 1 if own is not None else str(chosen[row]) == variable.item)
        else None
        for row in range(people.n)
    ]


def write(
    simulated: Simulated,
    questionnaire: Questionnaire,
    path: str | Path,
    *,
    headers: Headers = "id",
    cells: CellsAs = "code",
    language: str | Sequence[str] | None = None,
) -> None:
    """Write simulated answers to an Excel file; the same answers give the same bytes.

    Parameters
    ----------
    simulated : Simulated
    questionnaire : Questionnaire
    path : path
        Ends in ``.xlsx``.
    headers, cells, language
        See :func:`table`.
    """
    frame = table(questionnaire, simulated.answers, headers=headers, cells=cells, language=language)
    write_table(frame, path)
