"""Turn the answers to the basis questions into the columns that segments are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from persona.errors import AnalysisError, Problem, error, note
from persona.questionnaire.texts import Texts
from persona.questionnaire.variables import Measure, Variable

if TYPE_CHECKING:
    from persona.analysis.factors import FactorSolution
    from persona.responses import Responses

Represent = Literal["auto", "items", "factors"]
USABLE = frozenset(
    {Measure.INTERVAL, Measure.ORDINAL, Measure.RATIO, Measure.BINARY, Measure.NOMINAL}
)
CATEGORICAL = frozenset({Measure.BINARY, Measure.NOMINAL})
FEWEST_ITEMS = 3
LEAST_KMO = 0.6
"""Below it the correlations of a battery carry no factors worth using (Kaiser 1974)."""
LEAST_LOADING = 0.4
_WORDS = {
    "factors": "factor scores",
    "items": "answers as given",
    "dimensions": "correspondence coordinates",
}


@dataclass(frozen=True)
class MatrixColumn:
    """One column of the matrix: an answer, a factor or a correspondence dimension.

    ``variables`` are the answers it is made of, the weightiest first.
    """

    id: str
    source: Literal["item", "factor", "dimension"]
    question: str
    variables: tuple[str, ...]
    text: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Matrix:
    """What segments are made from.

    Parameters
    ----------
    frame : DataFrame
        Respondents by columns: numbers, or categories where an answer has no order.
    columns : tuple of MatrixColumn
        In the order of ``frame``.
    represented : mapping
        Basis question to ``items``, ``factors`` or ``dimensions``.
    scaled : bool
        The columns stand on scales that must be kept: correspondence coordinates, whose length
        is what they explain, and numbers standardised beside them.
    """

    frame: pd.DataFrame
    columns: tuple[MatrixColumn, ...]
    represented: Mapping[str, str]
    scaled: bool = False
    warnings: tuple[Problem, ...] = ()


def basis_matrix(
    responses: Responses,
    basis: Sequence[str],
    solutions: Mapping[str, FactorSolution],
    represent: Represent = "auto",
) -> Matrix:
    """The matrix of the basis questions.

    A battery enters by its factor scores or by its items; questions with categories enter as they
    are when the whole basis is categorical (latent classes read them so), and by the coordinates
    of a multiple correspondence analysis beside batteries. The coordinates are divided by the
    square root of the first eigenvalue, so that no block outweighs another by its units (Escofier
    and Pages 1994), and numbers beside them are standardised.

    Parameters
    ----------
    responses : Responses
    basis : sequence of question ids
    solutions : mapping
        Factor solution of each battery, by question id.
    represent : "auto", "items" or "factors"
        ``auto`` takes factors where the battery has a KMO of at least .6 and fewer factors than
        items; ``items`` leaves all answers as they are.

    Raises
    ------
    AnalysisError
        When a basis question has nothing to count with, such as a verbatim.
    """
    by_question = {question: _usable(responses, question) for question in basis}
    empty = [question for question, variables in by_question.items() if not variables]
    if empty or not by_question:
        raise AnalysisError(_nothing_to_count(empty))
    factored = {
        question: solutions[question]
        for question in basis
        if _by_factors(len(by_question[question]), solutions.get(question), represent)
    }
    rest = [v for question in basis if question not in factored for v in by_question[question]]
    categorical = [v for v in rest if v.measure in CATEGORICAL]
    numbers = [v for v in rest if v.measure not in CATEGORICAL]
    # a correspondence analysis of one question alone would only restate it
    mapped = len(categorical) > 1 and represent != "items" and bool(factored or numbers)

    blocks = [_factor_block(q, by_question[q], solution) for q, solution in factored.items()]
    if numbers:
        blocks.append(_item_block(responses, numbers, standardise=mapped))
    if categorical and mapped:
        blocks.append(_dimension_block(responses, categorical))
    elif categorical:
        blocks.append(_item_block(responses, categorical))
    forms = dict.fromkeys(basis, "items") | dict.fromkeys(factored, "factors")
    forms |= {v.question: "dimensions" for v in categorical if mapped}
    return Matrix(
        pd.concat([block for block, _ in blocks], axis=1),
        tuple(column for _, columns in blocks for column in columns),
        forms,
        mapped,
        (*(_said(q, form) for q, form in forms.items()), *_left_out(responses, basis)),
    )


Block = tuple[pd.DataFrame, tuple[MatrixColumn, ...]]


def _usable(responses: Responses, question: str) -> list[Variable]:
    """The columns of a question that can be counted with, but for those of nothing else."""
    usable = [
        variable
        for variable in responses.questionnaire.variables_of(question)
        if variable.measure in USABLE and variable.id in responses.frame.columns
    ]
    alone = _of_nothing_else(responses, question)
    return [variable for variable in usable if variable.id not in alone] or usable


def _of_nothing_else(responses: Responses, question: str) -> set[str]:
    """The columns of exclusive options such as "none of these".

    They say again that nothing was ticked; as columns of their own they would make a segment of
    those who ticked little.
    """
    options = getattr(responses.questionnaire.question(question), "options", ())
    alone = {str(option.code) for option in options if option.exclusive}
    return {
        variable.id
        for variable in responses.questionnaire.variables_of(question)
        if variable.measure is Measure.BINARY and str(variable.item) in alone
    }


def _nothing_to_count(empty: Sequence[str]) -> list[Problem]:
    if not empty:
        return [
            error(
                "basis.none",
                "No question is a basis for segments.",
                remedy="Give at least one question the role 'basis', or name the questions under "
                "segmentation: basis: in the study file.",
            )
        ]
    return [
        error(
            "basis.not_countable",
            "The question {question} cannot be a basis for segments: its answers cannot be "
            "counted with.",
            question=question,
            allowed="questions with options, batteries, ratings and numbers",
            remedy="Take it out of the basis.",
            values={"question": question},
        )
        for question in empty
    ]


def _by_factors(items: int, solution: FactorSolution | None, represent: Represent) -> bool:
    if represent == "items" or solution is None or items < FEWEST_ITEMS:
        return False
    if represent == "factors":
        return True
    return solution.n_factors < items and solution.adequacy.kmo.overall >= LEAST_KMO


def _item_block(
    responses: Responses, variables: Sequence[Variable], *, standardise: bool = False
) -> Block:
    frame = responses.frame[[variable.id for variable in variables]]
    if standardise:
        frame = _standardised(frame.astype(float), responses.weights)
    return frame, tuple(MatrixColumn(v.id, "item", v.question, (v.id,), v.text) for v in variables)


def _factor_block(question: str, variables: Sequence[Variable], solution: FactorSolution) -> Block:
    texts = {variable.id: variable.text for variable in variables}
    scores = solution.scores.rename(columns=lambda factor: f"{question}: {factor}")
    # Who answered no item stands at the mean by formula alone; that is no answer to segment by.
    scores = scores.mask(solution.answered.eq(0))
    columns = []
    for factor, column in zip(solution.loadings.columns, scores.columns, strict=True):
        strength = solution.loadings[factor].abs().sort_values(ascending=False, kind="stable")
        leading = tuple(str(item) for item in strength.index if strength[item] >= LEAST_LOADING)
        leading = leading or (str(strength.index[0]),)
        columns.append(
            MatrixColumn(str(column), "factor", question, leading, texts.get(leading[0], {}))
        )
    return scores, tuple(columns)


def _standardised(frame: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Mean 0 and variance 1, weighted, in the n - 1 form that the field's packages use."""
    weights = by.to_numpy(dtype=float)
    values = frame.to_numpy(dtype=float)
    seen = ~np.isnan(values)
    mass = weights[:, None] * seen
    total = np.maximum(mass.sum(axis=0), np.finfo(float).tiny)
    mean = (mass * np.where(seen, values, 0.0)).sum(axis=0) / total
    centred = np.where(seen, values - mean, 0.0)
    spread = np.sqrt((mass * centred**2).sum(axis=0) / np.maximum(total - 1, 1))
    spread[spread == 0] = 1.0
    return pd.DataFrame((values - mean) / spread, index=frame.index, columns=frame.columns)


def _dimension_block(responses: Responses, variables: Sequence[Variable]) -> Block:
    from persona.analysis import multiple_correspondence_analysis

    answers = pd.DataFrame(
        {
            variable.id: responses.frame[variable.id]
            .map(
                lambda code: f"{code:g}" if isinstance(code, float) else str(code),
                na_action="ignore",
            )
            .astype("category")
            for variable in variables
        }
    )
    solution = multiple_correspondence_analysis(
        answers,
        weights=responses.weights if responses.weighted else None,
        n_axes=int(sum(answers[name].nunique() for name in answers.columns)),
    )
    eigenvalues = np.asarray(solution.eigenvalues, dtype=float)
    kept = int(max(1, (eigenvalues > _by_chance(answers, responses.weights)).sum()))
    names = [f"dimension {number + 1}" for number in range(kept)]
    coordinates = solution.row_coordinates.iloc[:, :kept] / np.sqrt(eigenvalues[0])
    made_of = tuple(variable.id for variable in variables)
    questions = "+".join(dict.fromkeys(variable.question for variable in variables))
    return coordinates.set_axis(names, axis=1), tuple(
        MatrixColumn(name, "dimension", questions, made_of) for name in names
    )


def _left_out(responses: Responses, basis: Sequence[str]) -> tuple[Problem, ...]:
    """That answers of nothing else are no part of the basis."""
    names = [name for question in basis for name in sorted(_of_nothing_else(responses, question))]
    if not names:
        return ()
    return (
        note(
            "basis.exclusive",
            "Answers that only say that nothing was ticked are no part of the basis: {names}.",
            values={"names": ", ".join(names)},
        ),
    )


def _by_chance(answers: pd.DataFrame, by: pd.Series) -> float:
    """The largest eigenvalue that questions without any relation give (Marchenko & Pastur 1967).

    ``(1 + sqrt((J - K) / n))^2 / K`` for J answers to K questions; 1 / K, which Greenacre (2017)
    names, is the mean of such eigenvalues, and half of them lie above it.
    """
    weights = by.to_numpy(dtype=float)
    people = weights.sum() ** 2 / (weights**2).sum()
    free = sum(max(answers[name].nunique() - 1, 0) for name in answers.columns)
    return float((1 + np.sqrt(free / people)) ** 2 / len(answers.columns))


def _said(question: str, form: str) -> Problem:
    return note(
        "basis.represented",
        "The question {question} enters the segmentation by its {form}.",
        question=question,
        values={"question": question, "form": _WORDS[form]},
    )
