"""Make the segments of one segmentation that a study declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from persona.analysis.matrix import Matrix, MatrixColumn, basis_matrix
from persona.errors import AnalysisError, Problem, warning
from persona.questionnaire.texts import Texts
from persona.questionnaire.variables import Measure, Variable
from persona.segmentation import segment
from persona.study.segment_columns import columns_by_rule, part_of
from persona.study.segment_names import names_by_rule
from persona.study.segment_options import BY_RULE, OPTIONS, RFM_PARTS, WayOptions
from persona.study.segment_rules import askable, computable

if TYPE_CHECKING:
    from persona.analysis.factors import FactorSolution
    from persona.responses import Responses
    from persona.segmentation import Segmentation
    from persona.study.study import Study

Advance = Callable[[float], None]


@dataclass(frozen=True)
class Divided:
    """Segments and what they were made from.

    ``names`` are those that a rule gives; without a rule there are none.
    """

    segmentation: Segmentation
    matrix: Matrix
    names: Mapping[int, Texts]


def divide(
    study: Study,
    responses: Responses,
    way: WayOptions,
    matrix: Matrix,
    advance: Advance,
    **search: Any,
) -> Divided:
    """The segments of one segmentation.

    Parameters
    ----------
    way : WayOptions
        Of the segmentation of the study, or of a further one.
    matrix : Matrix
        As :func:`matrix_of` made it.
    **search
        Further options of :func:`persona.segment`, for methods that search.

    Raises
    ------
    PersonaError
        When the answers do not allow it.
    """
    method = str(getattr(way, "method", None) or "auto")
    options = _options(way, method)
    if method in BY_RULE:
        options = _of_rule(study, way, options, tuple(matrix.frame.columns))
    else:
        options |= {**search, "centre": way.centre, "standardise": _standardise(matrix)}
    if way.covariates:
        options["covariates"] = _covariates(responses, way.covariates)
    found = segment(
        matrix.frame,
        method=method,
        weights=responses.weights if responses.weighted else None,
        seed=study.file.seed,
        progress=lambda _, share: advance(share),
        **options,
    )
    if method not in BY_RULE:
        return Divided(found, matrix, {})
    variables = [responses.questionnaire.variable(column.id) for column in matrix.columns]
    names = names_by_rule(found, way, variables, study.languages, matrix.frame)
    return Divided(found, matrix, names)


def matrix_of(
    study: Study,
    responses: Responses,
    solutions: Mapping[str, FactorSolution],
    way: WayOptions,
    questions: Sequence[str],
) -> Matrix:
    """What segments are made from: the basis represented, or the columns that a rule asks about."""
    if getattr(way, "method", None) in BY_RULE:
        return _asked(study, responses, way)
    return basis_matrix(responses, questions, solutions, study.file.segmentation.represent)


def _asked(study: Study, responses: Responses, way: WayOptions) -> Matrix:
    questionnaire = responses.questionnaire
    variables = [
        questionnaire.variable(name) for name in columns_by_rule(study.file, way, questionnaire)
    ]
    since = way.recency or part_of("recency", questionnaire) if _is_rfm(way) else None
    frame = pd.DataFrame(
        {v.id: _column(responses.asked[v.id], v, since=v.id == since) for v in variables},
        index=responses.asked.index,
    )
    return Matrix(
        frame,
        tuple(MatrixColumn(v.id, "item", v.question, (v.id,), v.text) for v in variables),
        {variable.question: "items" for variable in variables},
    )


def _is_rfm(way: WayOptions) -> bool:
    return getattr(way, "method", None) == "rfm"


def _standardise(matrix: Matrix) -> bool | None:
    return False if matrix.scaled else None


def _options(way: WayOptions, method: str) -> dict[str, Any]:
    """Options of the method that the study file gives; defaults are the method's own."""
    given = way.model_fields_set - {"covariates"}
    return {key: getattr(way, key) for key in OPTIONS.get(method, ()) if key in given}


def _covariates(responses: Responses, questions: Sequence[str]) -> pd.DataFrame:
    variables = [v for q in questions for v in responses.questionnaire.variables_of(q)]
    return responses.asked[[variable.id for variable in variables]]


def _of_rule(
    study: Study, way: WayOptions, options: dict[str, Any], columns: tuple[str, ...]
) -> dict[str, Any]:
    """The options of a rule with the columns that were found for it."""
    if way.rules:
        known = askable(study.questionnaire)
        return {
            "rules": {next(iter(r.name.values())): computable(r.when, known) for r in way.rules}
        }
    if _is_rfm(way):
        return {**options, **dict(zip(RFM_PARTS, columns, strict=True))}
    return {**options, "column": columns[0]}


def _column(answers: pd.Series, variable: Variable, *, since: bool) -> pd.Series:
    """Answers as a rule compares them: numbers, codes of lists, days as numbers."""
    if variable.measure is Measure.DATE:
        days = pd.to_datetime(answers, errors="coerce")
        if since:
            return (days.max() - days).dt.days.astype("float64")
        return days.map(lambda day: float(day.toordinal()), na_action="ignore").astype("float64")
    if variable.measure in (Measure.TEXT, Measure.IDENTIFIER):
        return answers.notna().map({True: 1.0}).astype("float64")
    if variable.measure is Measure.NOMINAL or any(
        isinstance(category.code, str) for category in variable.categories
    ):
        return answers.astype("category")
    return pd.to_numeric(answers, errors="coerce").astype("float64")


def with_held_out(
    divided: Divided, weights: pd.Series | None, study: Study, advance: Advance
) -> Divided:
    """The segments with a test of the bases that is not circular, where it can be made."""
    from persona.segmentation.heldout import held_out

    found = divided.segmentation
    try:
        table = held_out(
            divided.matrix.frame,
            found.k,
            found.method,
            weights,
            study.file.seed,
            study.file.segmentation.max_missing,
            standardise=_standardise(divided.matrix),
            progress=lambda _, share: advance(share),
        )
    except AnalysisError as trouble:
        return _with(divided, {}, tuple(_not_tested(one) for one in trouble.problems))
    return _with(divided, {"held_out": table}, ())


def _not_tested(problem: Problem) -> Problem:
    return warning(
        "segments.not_held_out",
        "The bases could not be tested on other respondents: {reason}",
        values={"reason": problem},
    )


def _with(
    divided: Divided, tables: Mapping[str, pd.DataFrame], problems: tuple[Problem, ...]
) -> Divided:
    found = divided.segmentation
    return replace(
        divided,
        segmentation=replace(
            found, tables={**found.tables, **tables}, warnings=(*found.warnings, *problems)
        ),
    )
