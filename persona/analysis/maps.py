"""The correspondence map of a study's categorical questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from persona.errors import AnalysisError, Problem, note, warning
from persona.questionnaire.texts import Texts
from persona.questionnaire.variables import Measure, Variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from persona.analysis.multiple_correspondence import MultipleCorrespondence
    from persona.responses import Responses

CATEGORICAL = frozenset({Measure.NOMINAL, Measure.ORDINAL, Measure.BINARY})


@dataclass(frozen=True)
class CategoryMap:
    """A map of answers: ``labels`` gives each point's text by the name it has in the map."""

    id: str
    map: MultipleCorrespondence
    labels: Mapping[str, Texts] = field(default_factory=dict)
    active: tuple[str, ...] = ()
    supplementary: tuple[str, ...] = ()


def category_map(
    responses: Responses,
    active: Sequence[str] | None = None,
    supplementary: Sequence[str] | None = None,
    rare: Literal["passive", "keep"] = "passive",
) -> tuple[CategoryMap | None, tuple[Problem, ...]]:
    """The multiple correspondence map of the active questions with the others placed on it.

    Parameters
    ----------
    responses : Responses
    active, supplementary : sequence of question ids, optional
        Default: categorical questions of the block ``behaves`` and of the basis are active,
        those of the block ``who`` supplementary.
    rare : "passive" or "keep"
        Whether categories that fewer than 5 % chose may shape the axes.

    Returns
    -------
    map : CategoryMap or None
        None when fewer than two columns can be active; the reason is among the problems.
    problems : tuple of Problem
    """
    from persona.analysis import multiple_correspondence_analysis

    columns = _categorical(responses)
    chosen = _of_questions(columns, active) if active is not None else _default_active(columns)
    placed = (
        _of_questions(columns, supplementary)
        if supplementary is not None
        else [v for v in columns if v.block == "who" and v not in chosen and not v.sensitive]
    )
    chosen = [variable for variable in chosen if _varies(responses, variable)]
    placed = [variable for variable in placed if _varies(responses, variable)]
    if len(chosen) < 2:
        return None, (_no_map(len(chosen)),)
    frame = pd.DataFrame({v.id: _named(responses, v) for v in [*chosen, *placed]})
    try:
        solution = multiple_correspondence_analysis(
            frame,
            supplementary=tuple(v.id for v in placed),
            weights=responses.weights if responses.weighted else None,
            rare=rare,
        )
    except AnalysisError as failure:
        problem = failure.problems[0]
        return None, (
            warning(
                "map.none",
                "There is no correspondence map: {reason}",
                remedy=problem.remedy_text,
                values={"reason": problem},
            ),
        )
    labels = {name: text for v in [*chosen, *placed] for name, text in _labels(v).items()}
    return (
        CategoryMap(
            "categories",
            solution,
            labels,
            tuple(dict.fromkeys(v.question for v in chosen)),
            tuple(dict.fromkeys(v.question for v in placed)),
        ),
        tuple(solution.warnings),
    )


def _no_map(count: int) -> Problem:
    return note(
        "map.too_few",
        "A correspondence map needs two categorical questions or more; there are {count}.",
        remedy="Name them under correspondence: active: in the study file.",
        values={"count": count},
    )


def _categorical(responses: Responses) -> list[Variable]:
    return [
        variable
        for variable in responses.questionnaire.variables
        if variable.measure in CATEGORICAL and variable.id in responses.frame.columns
    ]


def _of_questions(columns: Sequence[Variable], questions: Sequence[str]) -> list[Variable]:
    return [variable for variable in columns if variable.question in questions]


def _default_active(columns: Sequence[Variable]) -> list[Variable]:
    return [v for v in columns if v.block == "behaves" or v.role == "basis"]


def _varies(responses: Responses, variable: Variable) -> bool:
    return bool(responses.frame[variable.id].nunique(dropna=True) > 1)


def _named(responses: Responses, variable: Variable) -> pd.Series:
    """Answers as category names that are unique over the whole map: ``variable=code``."""
    codes = responses.frame[variable.id]
    if variable.measure is Measure.BINARY:
        order: list[object] = [0, 1]
        named = codes.map({0.0: f"{variable.id}=0", 1.0: f"{variable.id}=1"})
    else:
        order = list(variable.codes)
        values = dict(zip(_as_held(variable), order, strict=True))
        named = codes.astype(object).map(
            lambda code: f"{variable.id}={values.get(code, code)}", na_action="ignore"
        )
    names = [f"{variable.id}={code}" for code in order]
    return pd.Series(pd.Categorical(named, categories=names), index=codes.index)


def _as_held(variable: Variable) -> list[object]:
    """The codes as the frame holds them: ordinal answers are numbers there."""
    if variable.measure is not Measure.ORDINAL:
        return list(variable.codes)
    if all(isinstance(code, int) for code in variable.codes):
        return [float(code) for code in variable.codes]
    return [float(place) for place in range(1, len(variable.codes) + 1)]


def _labels(variable: Variable) -> dict[str, Texts]:
    if variable.measure is Measure.BINARY:
        marked = {language: f"✓ {text}" for language, text in variable.text.items()}
        crossed = {language: f"✗ {text}" for language, text in variable.text.items()}
        return {f"{variable.id}=1": marked, f"{variable.id}=0": crossed}
    return {f"{variable.id}={c.code}": c.text for c in variable.categories}
