"""Weights of a study: which question holds them, and targets to rake to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from persona.errors import DataError, note
from persona.questionnaire import Questionnaire
from persona.questionnaire.cells import normal
from persona.questionnaire.variables import Measure, Variable
from persona.responses import Raking, Responses, rake, read_targets

if TYPE_CHECKING:
    from persona.study.study import Study

_JOINT = "*"


def weight_questions(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The questions that hold weights."""
    return tuple(v.id for v in questionnaire.variables if v.measure is Measure.WEIGHT)


def unused_weights(study: Study) -> tuple[str, ...]:
    """The questions of kind weight that the study does not weight by."""
    found = weight_questions(study.questionnaire)
    start = study.file.weights.start
    used = found[0] if start is None and found else start
    return tuple(name for name in found if name != used)


def without_questions(questionnaire: Questionnaire, names: Sequence[str]) -> Questionnaire:
    """A questionnaire without some questions."""
    if not names:
        return questionnaire
    sections = tuple(
        section.model_copy(
            update={"questions": tuple(q for q in section.questions if q.id not in names)}
        )
        for section in questionnaire.sections
    )
    parts = {name: getattr(questionnaire, name) for name in type(questionnaire).model_fields}
    return Questionnaire.model_construct(**{**parts, "sections": sections})


def raked(study: Study, responses: Responses) -> Raking | None:
    """Weights raked to the targets of the study, from the weights that the answers have.

    Raises
    ------
    DataError
        A target names what was not asked, or cannot be met.
    """
    options = study.file.weights
    if not options.raked:
        return None
    targets: Mapping[Any, Mapping[Any, float]] = (
        read_targets((study.folder / options.targets_file).resolve())
        if options.targets_file is not None
        else options.targets
    )
    variables = {variable.id: variable for variable in responses.questionnaire.variables}
    wanted = {
        margin: {
            _level(level, _parts(margin), variables): figure for level, figure in figures.items()
        }
        for margin, figures in targets.items()
    }
    names = {name for margin in wanted for name in _parts(margin)} & set(variables)
    frame = pd.DataFrame(
        {name: _codes(responses, variables[name]) for name in sorted(names)},
        index=responses.frame.index,
    )
    try:
        return rake(frame, wanted, responses.weights, trim=options.trim)
    except DataError as trouble:
        raise DataError(_named(study, trouble, variables)) from None


def _named(study: Study, trouble: DataError, variables: Mapping[str, Variable]) -> list[Any]:
    """Each problem of the targets at the file that holds them."""
    from dataclasses import replace

    place = study.file.weights.targets_file or study.path.name
    return [replace(problem, file=problem.file or place) for problem in trouble.problems]


def _parts(margin: Any) -> tuple[str, ...]:
    if isinstance(margin, tuple):
        return tuple(map(str, margin))
    return tuple(part.strip() for part in str(margin).split(_JOINT))


def _level(level: Any, margin: Sequence[str], variables: Mapping[str, Variable]) -> Any:
    """A level by its codes, whether codes or labels are written."""
    parts = level if isinstance(level, tuple) else str(level).split(_JOINT)
    if len(parts) != len(margin):
        parts = (level,)
    codes = [
        _code(str(part).strip(), variables.get(name))
        for part, name in zip(parts, margin, strict=False)
    ]
    return " * ".join(codes)


def _code(text: str, variable: Variable | None) -> str:
    if variable is None or text in {str(category.code) for category in variable.categories}:
        return text
    for category in variable.categories:
        if any(normal(text) == normal(label) for label in category.text.values()):
            return str(category.code)
    return text


def _codes(responses: Responses, variable: Variable) -> pd.Series:
    """The answers as the codes declared, None where there is none."""
    asked = responses.asked[variable.id]
    if variable.measure is Measure.ORDINAL and any(isinstance(c, str) for c in variable.codes):
        return pd.Series(
            [None if pd.isna(rank) else variable.codes[int(rank) - 1] for rank in asked],
            index=asked.index,
            dtype=object,
        )
    return asked.astype(object)


def raking_note(raking: Raking) -> Any:
    """What weighting costs, in a sentence."""
    margins = ", ".join(dict.fromkeys(raking.margins["margin"]))
    return note(
        "weight.raked",
        "Weights are raked to {margins} in {iterations} rounds: design effect {deff:.2f}, "
        "{n} respondents count like {effective:.0f}.",
        values={
            "margins": margins,
            "iterations": raking.iterations,
            "deff": raking.deff,
            "n": len(raking.weights),
            "effective": raking.effective_n,
        },
    )
