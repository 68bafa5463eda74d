"""Put decoded answers together: who is included, frames, weights, missing answers, problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import DataError, Problem, error, note, warning
from persona.questionnaire.decoding import State
from persona.questionnaire.model import Questionnaire
from persona.questionnaire.variables import Measure, Variable
from persona.responses.decoding import STATES, DecodedExport
from persona.responses.deriving import with_derived
from persona.responses.export import SurveyExport
from persona.responses.frames import (
    Column,
    asked_column,
    empty_column,
    missing_counts,
    turned,
)
from persona.responses.identity import find_ids
from persona.responses.matching import Matching
from persona.responses.personal import find_personal, personal_problems
from persona.responses.routing import apply_routing
from persona.responses.survey import PARTIAL, TEST
from persona.responses.weighting import Weights, declared_weights

_UNASKED = frozenset({Measure.IDENTIFIER, Measure.WEIGHT})
_ANSWERED = STATES.index(State.ANSWERED)
_EMPTY = STATES.index(State.EMPTY)
_NOT_ASKED = STATES.index(State.NOT_ASKED)

#: Reasons for which respondents are left out.
TEST_INTERVIEW = "test interview"
NOT_FINISHED = "did not finish"
NO_ANSWERS = "no answers"
NO_WEIGHT = "no weight above zero"


@dataclass(frozen=True)
class Parts:
    """What answers are made of; see :class:`persona.responses.Responses`."""

    frame: pd.DataFrame
    asked: pd.DataFrame
    weights: pd.Series
    weighted: bool
    problems: tuple[Problem, ...]
    excluded: pd.DataFrame
    missing: pd.DataFrame
    rows: pd.Series
    state_codes: NDArray[np.int8]
    positions: NDArray[np.intp]
    contradicted: NDArray[np.bool_]


def assemble(
    export: SurveyExport,
    questionnaire: Questionnaire,
    matching: Matching,
    decoded: DecodedExport,
    partial: str,
    tests: str = "exclude",
) -> Parts:
    """The parts of responses.

    Raises
    ------
    DataError
        Nobody is left to analyse.
    """
    variables = questionnaire.variables
    decoded = with_derived(questionnaire, decoded, export.n)
    identity = find_ids(export, questionnaire, matching, decoded)
    columns = {match.variable: match.number for match in matching.matches}
    weights = declared_weights(export, variables, decoded, columns)
    states = _states(variables, decoded, export.n)
    reasons = _reasons(export, variables, states, weights, partial, tests)
    included = reasons == ""
    if not included.any():
        raise DataError(_nobody(export, reasons))
    asked = _asked(variables, decoded, export.n, included)
    routed = apply_routing(questionnaire, asked, states[:, included], export, included, columns)
    index = identity.ids[included]
    kept = weights.values[included]
    frame = pd.DataFrame({v.id: turned(v, asked[v.id]) for v in variables}, index=index, copy=False)
    return Parts(
        frame=frame,
        asked=pd.DataFrame(asked, index=index, copy=False),
        weights=pd.Series(kept / kept.mean(), index=index, name="weight"),
        weighted=weights.weighted,
        problems=(
            *export.problems,
            *matching.problems,
            *identity.problems,
            *weights.problems,
            *decoded.problems,
            *routed.problems,
            *_empty_variables(export, variables, decoded, states[:, included]),
            *_left_out(export, reasons),
            *_percentages(export, variables, asked, columns),
            *_personal(export, variables, columns),
        ),
        excluded=pd.DataFrame(
            {
                "respondent": identity.ids[~included],
                "row": export.table.rows[~included],
                "reason": reasons[~included],
            }
        ),
        missing=missing_counts(variables, routed.states),
        rows=pd.Series(export.table.rows[included], index=index, name="row"),
        state_codes=routed.states,
        positions=np.flatnonzero(included),
        contradicted=routed.against,
    )


def _percentages(
    export: SurveyExport,
    variables: Sequence[Variable],
    asked: Mapping[str, Column],
    columns: Mapping[str, int],
) -> list[Problem]:
    """Cells formatted as percent hold 0.25 where they show 25 %."""
    problems = []
    for variable in variables:
        if variable.unit not in ("%", "percent") or variable.id not in columns:
            continue
        figures = np.asarray(asked[variable.id], dtype=np.float64)
        known = figures[np.isfinite(figures) & (figures != 0)]
        if len(known) >= 3 and bool((known <= 1).all()) and (variable.maximum or 100) > 1:
            problems.append(
                warning(
                    "answer.percent",
                    "All answers to {variable} lie between 0 and 1, though percent are asked.",
                    question=variable.question,
                    file=str(export.table.file),
                    sheet=export.table.sheet,
                    column=export.table.letters[columns[variable.id]],
                    remedy="If the cells are formatted as percent, multiply them by 100.",
                    values={"variable": variable.id},
                )
            )
    return problems


def _personal(
    export: SurveyExport, variables: Sequence[Variable], columns: Mapping[str, int]
) -> tuple[Problem, ...]:
    """Closed answers hold no personal data; words and columns of no question may."""
    open_ended = (Measure.TEXT, Measure.IDENTIFIER)
    closed = [columns[v.id] for v in variables if v.id in columns and v.measure not in open_ended]
    return personal_problems(export, find_personal(export, closed))


def _states(variables: Sequence[Variable], decoded: DecodedExport, n: int) -> NDArray[np.int8]:
    states = np.full((len(variables), n), _NOT_ASKED, np.int8)
    for number, variable in enumerate(variables):
        found = decoded.answers.get(variable.id)
        if found is not None:
            states[number] = found.respondent_states
        elif variable.optional:
            states[number] = _EMPTY
    return states


def _reasons(
    export: SurveyExport,
    variables: Sequence[Variable],
    states: NDArray[np.int8],
    weights: Weights,
    partial: str,
    tests: str,
) -> NDArray[np.object_]:
    asked = np.array([v.measure not in _UNASKED for v in variables], bool)
    reasons = np.full(export.n, "", dtype=object)
    reasons[np.isnan(weights.values)] = NO_WEIGHT
    if asked.any():
        silent = ~np.isin(states[asked], [_EMPTY, _NOT_ASKED], invert=True).any(axis=0)
        reasons[silent] = NO_ANSWERS
    if partial == "exclude":
        reasons[export.states == PARTIAL] = NOT_FINISHED
    if tests == "exclude":
        reasons[export.states == TEST] = TEST_INTERVIEW
    return reasons


def _asked(
    variables: Sequence[Variable], decoded: DecodedExport, n: int, included: NDArray[np.bool_]
) -> dict[str, Column]:
    everyone = bool(included.all())
    columns: dict[str, Column] = {}
    for variable in variables:
        found = decoded.answers.get(variable.id)
        column = empty_column(variable, n) if found is None else asked_column(found)
        columns[variable.id] = column if everyone else column[included]
    return columns


def _nobody(export: SurveyExport, reasons: NDArray[np.object_]) -> Problem:
    counts = pd.Series(reasons, dtype=object).value_counts()
    return error(
        "respondents.none",
        "None of the {n} rows holds a respondent that can be analysed.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        found=", ".join(f"{count} {reason}" for reason, count in counts.items()),
        remedy="Write `tests: keep` under `answers:` to read test interviews on purpose."
        if (reasons == TEST_INTERVIEW).all()
        else "Check that the answers stand in the columns that were matched.",
        values={"n": export.n},
    )


def _left_out(export: SurveyExport, reasons: NDArray[np.object_]) -> list[Problem]:
    problems = []
    for reason in (TEST_INTERVIEW, NOT_FINISHED, NO_ANSWERS, NO_WEIGHT):
        rows = export.table.rows[reasons == reason]
        if len(rows):
            problems.append(
                warning(
                    "respondents.excluded",
                    "{count} respondents are left out: {reason}.",
                    file=str(export.table.file),
                    sheet=export.table.sheet,
                    found="rows " + ", ".join(str(row) for row in rows[:10]),
                    values={"count": len(rows), "reason": reason},
                )
            )
    kept = int(((export.states == TEST) & (reasons == "")).sum())
    if kept:
        problems.append(
            warning(
                "respondents.tests",
                "{count} test interviews are kept, as the study asks.",
                file=str(export.table.file),
                sheet=export.table.sheet,
                remedy="Leave them out before anything is concluded.",
                values={"count": kept},
            )
        )
    unfinished = int((export.states == PARTIAL).sum())
    if unfinished and not (reasons == NOT_FINISHED).any():
        problems.append(
            note(
                "respondents.partial",
                "{count} respondents did not finish; their answers are used as far as they go.",
                file=str(export.table.file),
                sheet=export.table.sheet,
                values={"count": unfinished},
            )
        )
    return problems


def _empty_variables(
    export: SurveyExport,
    variables: Sequence[Variable],
    decoded: DecodedExport,
    states: NDArray[np.int8],
) -> list[Problem]:
    silent = ~(states == _ANSWERED).any(axis=1)
    names = [
        variable.id
        for variable, nobody in zip(variables, silent, strict=True)
        if nobody and variable.id in decoded.answers and not variable.optional
    ]
    if not names:
        return []
    return [
        warning(
            "variable.empty",
            "Nobody answered {variables}.",
            file=str(export.table.file),
            sheet=export.table.sheet,
            question=names[0],
            remedy="Check that the right column was matched.",
            values={"variables": ", ".join(names[:20])},
        )
    ]


def count_reasons(excluded: pd.DataFrame) -> Mapping[str, int]:
    """How many respondents are left out for each reason."""
    return {str(k): int(v) for k, v in excluded["reason"].value_counts().items()}
