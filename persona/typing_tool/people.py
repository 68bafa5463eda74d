"""New people's answers from any file that answers can come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import DataError, Problem, error, note, warning
from persona.questionnaire.decoding import State
from persona.questionnaire.model import Questionnaire
from persona.questionnaire.texts import text_in
from persona.responses.decoding import STATES, Answers, CellFault, DecodedExport, decode_export
from persona.responses.deriving import with_derived
from persona.responses.export import SurveyExport
from persona.responses.mapping import read_mapping
from persona.responses.matching import Matching, known_headers, loose, match_columns
from persona.responses.reading import read_export
from persona.typing_tool.model import TypingModel, TypingQuestion

NOT_ALLOWED = ""
"""Stands for an answer that the question does not allow; no code is empty."""

_ANSWERED, _FAULTY = STATES.index(State.ANSWERED), STATES.index(State.FAULTY)
_CELLS_SHOWN = 3


@dataclass(frozen=True)
class People:
    """New people with the answers that the typing tool asks for.

    Parameters
    ----------
    export : SurveyExport
        Their file as it was read, one row a person.
    answers : DataFrame
        A column for each question of the model, in codes; None without an answer,
        ``NOT_ALLOWED`` for one that the question does not allow.
    absent : tuple of variables
        That the file has no column for.
    problems : tuple of Problem
    """

    export: SurveyExport
    answers: pd.DataFrame
    absent: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def read_people(
    path: str | Path,
    questionnaire: Questionnaire,
    model: TypingModel,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str | None] | str | Path | None = None,
) -> People:
    """Read a file of people and find the questions of the model in it.

    Parameters
    ----------
    path : path
        Excel, CSV, SPSS or the export of a survey platform; columns are matched by id or text in
        any language, answers by code or label, as those of the study are.
    questionnaire : Questionnaire
        Of the study.
    model : TypingModel
    sheet, mapping : optional
        As :meth:`persona.Responses.read` takes them.

    Raises
    ------
    DataError
        When the file cannot be read, or lacks more of the questions than may be missing.
    """
    mapped = read_mapping(mapping)
    known = known_headers(questionnaire)
    export = read_export(
        path,
        sheet=sheet or mapped.sheet,
        encoding=mapped.encoding,
        delimiter=mapped.delimiter,
        header_rows=mapped.header_rows,
        known=lambda text: bool(text) and loose(text) in known,
    )
    matching = match_columns(export, questionnaire, mapped.columns)
    decoded = with_derived(questionnaire, decode_export(export, questionnaire, matching), export.n)
    absent = absent_variables(model, questionnaire, decoded.answers)
    refuse_absent(model, absent, questionnaire, str(path))
    frame = pd.DataFrame(
        {
            name: codes_of(decoded.answers[name]) if name in decoded.answers else None
            for name in model.variables
        },
        index=pd.RangeIndex(export.n),
        dtype=object,
    )
    problems = (*_of_model(matching, model), *_faults(decoded, model, export))
    return People(export, frame, absent, (*_absent_note(absent, str(path)), *problems))


def codes_of(answers: Answers) -> NDArray[np.object_]:
    """The code of each respondent's answer, as the questionnaire has it."""
    values = np.empty(len(answers.values), dtype=object)
    for place, (value, state) in enumerate(zip(answers.values, answers.states, strict=True)):
        values[place] = value if state == _ANSWERED else NOT_ALLOWED if state == _FAULTY else None
    return values[answers.positions]


def absent_variables(
    model: TypingModel, questionnaire: Questionnaire, found: Iterable[str]
) -> tuple[str, ...]:
    """The variables of the model that are not found.

    Raises
    ------
    DataError
        When the questionnaire no longer asks one of them.
    """
    known = {variable.id for variable in questionnaire.variables}
    strange = [name for name in model.variables if name not in known]
    if strange:
        raise DataError(
            error(
                "typing.questionnaire",
                "The questionnaire no longer has {names}, which the typing tool asks.",
                remedy="Run the study again to make a typing tool of the questions it has now.",
                values={"names": ", ".join(strange)},
            )
        )
    there = set(found)
    return tuple(name for name in model.variables if name not in there)


def refuse_absent(
    model: TypingModel, absent: tuple[str, ...], questionnaire: Questionnaire, file: str
) -> None:
    """Refuse a file in which nobody could be placed.

    Raises
    ------
    DataError
        One problem for each question that is absent.
    """
    if len(absent) <= model.max_missing:
        return
    asked = {question.variable: question for question in model.questions}
    raise DataError(
        [
            error(
                "typing.absent",
                "The file has no column for {variable}: {text}.",
                file=file,
                question=asked[name].question,
                allowed=f"a column named {name}, or with the text of the question",
                remedy="Add the column, or name yours in a mapping file (--mapping).",
                values={
                    "variable": name,
                    "text": _text(asked[name], questionnaire.language),
                },
            )
            for name in absent
        ]
    )


def _text(question: TypingQuestion, language: str) -> str:
    above, own = text_in(question.question_text, language), text_in(question.text, language)
    return own if above in ("", own) else f"{above} - {own}"


def _absent_note(absent: tuple[str, ...], file: str) -> tuple[Problem, ...]:
    if not absent:
        return ()
    return (
        warning(
            "typing.absent_columns",
            "The file has no column for {names}; the question counts as unanswered for everybody.",
            file=file,
            values={"names": ", ".join(absent)},
        ),
    )


def _of_model(matching: Matching, model: TypingModel) -> list[Problem]:
    """What was noticed about the columns that are used."""
    own = {question.variable for question in model.questions}
    own |= {question.question for question in model.questions}
    return [problem for problem in matching.problems if problem.question in own]


def _faults(decoded: DecodedExport, model: TypingModel, export: SurveyExport) -> list[Problem]:
    """Cells that cannot be read, counted by column, with the first rows."""
    columns: dict[int, list[CellFault]] = {}
    own = {question.question for question in model.questions}
    for fault in decoded.faults:
        if fault.problem.question in own or fault.problem.question is None:
            columns.setdefault(fault.column, []).append(fault)
    out = []
    for number, faults in sorted(columns.items()):
        rows = np.unique(np.concatenate([fault.rows for fault in faults]))
        shown = ", ".join(str(export.table.rows[row]) for row in rows[:_CELLS_SHOWN])
        found = dict.fromkeys(str(fault.problem.found) for fault in faults if fault.problem.found)
        out.append(
            note(
                "typing.not_allowed",
                "{count} answers in the column {header!r} are not allowed and count as "
                "unanswered; the first are in the rows {rows}.",
                file=str(export.table.file),
                sheet=export.table.sheet,
                column=export.table.letters[number],
                found=", ".join(list(found)[:_CELLS_SHOWN]) or None,
                values={
                    "count": len(rows),
                    "header": export.table.header[number],
                    "rows": shown,
                },
            )
        )
    return out
