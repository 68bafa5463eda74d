"""Questions that were not shown to everybody: empty is then "not asked", an answer a doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.errors import Problem, warning
from persona.questionnaire.conditions import parse_condition, shown
from persona.questionnaire.decoding import State
from persona.questionnaire.model import Question, Questionnaire
from persona.questionnaire.variables import Measure
from persona.responses.decoding import STATES
from persona.responses.export import SurveyExport
from persona.responses.frames import Column

_ANSWERED = STATES.index(State.ANSWERED)
_EMPTY = STATES.index(State.EMPTY)
_NOT_ASKED = STATES.index(State.NOT_ASKED)


@dataclass(frozen=True)
class Routed:
    """States with "not asked" filled in, and what contradicts the routing.

    ``against`` marks respondents who answered a question that was not to be shown to them.
    """

    states: NDArray[np.int8]
    problems: tuple[Problem, ...]
    against: NDArray[np.bool_]


def apply_routing(
    questionnaire: Questionnaire,
    asked: Mapping[str, Column],
    states: NDArray[np.int8],
    export: SurveyExport,
    included: NDArray[np.bool_],
    columns: Mapping[str, int],
) -> Routed:
    """Mark empty answers to questions that were not shown, and empty required ones.

    Parameters
    ----------
    states : (variables, respondents) array
        Of the included respondents.
    included : array of bool
        Which respondents of the table those are.
    """
    states = states.copy()
    problems: list[Problem] = []
    place = {variable.id: number for number, variable in enumerate(questionnaire.variables)}
    chosen = _ticks(questionnaire)
    columns_read = {
        name: np.asarray(column, dtype=object) if hasattr(column, "categories") else column
        for name, column in asked.items()
    }
    n = states.shape[1]
    rows = export.table.rows[included]
    contradicted = np.zeros(n, bool)
    for question in questionnaire.questions:
        numbers = [place[v.id] for v in questionnaire.variables_of(question.id)]
        seen = np.ones(n, bool)
        if question.shown_if:
            condition = parse_condition(question.shown_if)
            seen = shown(condition, columns_read, n, chosen)  # type: ignore[arg-type]
            hidden = states[numbers]
            against = (hidden == _ANSWERED).any(axis=0) & ~seen
            hidden[:, ~seen] = np.where(hidden[:, ~seen] == _EMPTY, _NOT_ASKED, hidden[:, ~seen])
            states[numbers] = hidden
            contradicted |= against
            if against.any():
                problems.append(_not_shown(question, export, rows[against], columns))
        if question.required:
            unanswered = (states[numbers] == _EMPTY).all(axis=0) & seen
            if unanswered.any():
                problems.append(_required(question, export, rows[unanswered], columns))
    return Routed(states, tuple(problems), contradicted)


def _ticks(questionnaire: Questionnaire) -> dict[str, dict[str, str]]:
    ticks: dict[str, dict[str, str]] = {}
    for variable in questionnaire.variables:
        if variable.measure is Measure.BINARY and variable.item is not None:
            ticks.setdefault(variable.question, {})[variable.item] = variable.id
    return ticks


def _column_of(question: Question, export: SurveyExport, columns: Mapping[str, int]) -> str | None:
    names = [name for name in columns if name == question.id or name.startswith(f"{question.id}_")]
    return export.table.letters[columns[names[0]]] if names else None


def _not_shown(
    question: Question,
    export: SurveyExport,
    rows: NDArray[np.int64],
    columns: Mapping[str, int],
) -> Problem:
    return warning(
        "answer.not_shown",
        "{count} respondents answered though the question was not to be shown to them.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        row=int(rows[0]),
        column=_column_of(question, export, columns),
        question=question.id,
        found="rows " + ", ".join(str(row) for row in rows[:10]),
        allowed=f"shown if {question.shown_if}",
        remedy="Check the condition; the answers are kept.",
        values={"count": len(rows)},
    )


def _required(
    question: Question,
    export: SurveyExport,
    rows: NDArray[np.int64],
    columns: Mapping[str, int],
) -> Problem:
    return warning(
        "answer.required",
        "{count} respondents left a required question empty.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        row=int(rows[0]),
        column=_column_of(question, export, columns),
        question=question.id,
        found="rows " + ", ".join(str(row) for row in rows[:10]),
        remedy="Check the export; they count as missing.",
        values={"count": len(rows)},
    )
