"""Weights of respondents: the column that a questionnaire declares, checked and scaled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.errors import Problem, error, note, warning
from persona.questionnaire.variables import Measure, Variable
from persona.responses.decoding import DecodedExport
from persona.responses.export import SurveyExport
from persona.responses.frames import asked_column

_LISTED = 10
#: A weight so many times the mean speaks for more people than one answer should.
HEAVY = 20.0


@dataclass(frozen=True)
class Weights:
    """Weights before scaling: NaN where a respondent has none that can be used."""

    values: NDArray[np.float64]
    weighted: bool
    problems: tuple[Problem, ...] = ()


def declared_weights(
    export: SurveyExport,
    variables: Sequence[Variable],
    decoded: DecodedExport,
    columns: dict[str, int],
) -> Weights:
    """The weights that a question of kind weight gives; ones when there is none.

    A negative weight is an error. A weight of zero, or none, leaves the respondent out.
    """
    variable = next((v for v in variables if v.measure is Measure.WEIGHT), None)
    answers = decoded.answers.get(variable.id) if variable is not None else None
    if variable is None or answers is None:
        return Weights(np.ones(export.n), False)
    values = np.asarray(asked_column(answers), dtype=np.float64).copy()
    column = columns[variable.id]
    problems: list[Problem] = [
        error(
            "weight.negative",
            "The weight {weight:g} is negative.",
            question=variable.id,
            allowed="a positive number",
            remedy="Correct the weight.",
            values={"weight": float(values[row])},
            **export.table.where(column, int(row)),
        )
        for row in np.flatnonzero(values < 0)[:_LISTED]
    ]
    values[(values <= 0) | ~np.isfinite(values)] = np.nan
    if not np.isfinite(values).any():
        problems.append(_none_positive(export, variable, column))
        return Weights(np.ones(export.n), False, tuple(problems))
    return Weights(values, True, (*problems, *_heavy(export, variable, column, values)))


def _none_positive(export: SurveyExport, variable: Variable, column: int) -> Problem:
    return error(
        "weight.none",
        "No respondent has a weight above zero.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        column=export.table.letters[column],
        question=variable.id,
        remedy="Correct the weights, or take the weight question out of the questionnaire.",
    )


def _heavy(
    export: SurveyExport, variable: Variable, column: int, values: NDArray[np.float64]
) -> list[Problem]:
    usable = values[np.isfinite(values)]
    relative = values / usable.mean()
    deff = len(usable) * float((usable**2).sum()) / float(usable.sum()) ** 2
    problems = [
        note(
            "weight.used",
            "Weights of {variable} are used: design effect {deff:.2f}, {n} respondents count "
            "like {effective:.0f}.",
            file=str(export.table.file),
            question=variable.id,
            values={
                "variable": variable.id,
                "deff": deff,
                "n": len(usable),
                "effective": len(usable) / deff,
            },
        )
    ]
    for row in np.flatnonzero(relative > HEAVY)[:_LISTED]:
        problems.append(
            warning(
                "weight.heavy",
                "The weight {weight:g} is {times:.0f} times the mean.",
                question=variable.id,
                remedy="Check it; trimming the weights limits how much one respondent counts.",
                values={"weight": float(values[row]), "times": float(relative[row])},
                **export.table.where(column, int(row)),
            )
        )
    return problems
