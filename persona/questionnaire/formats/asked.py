"""The columns that a form asks, in order, and what each takes in words and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persona.questionnaire.declaration import Declaration, Section
from persona.questionnaire.formats.expressions import figure
from persona.questionnaire.formats.words import word
from persona.questionnaire.texts import text_in
from persona.questionnaire.types import Question
from persona.questionnaire.types.multiple import Multiple
from persona.questionnaire.variables import Category, Measure, MissingCode, Variable


@dataclass(frozen=True)
class Asked:
    """One cell that is asked of a respondent.

    Parameters
    ----------
    variable : Variable
    question : Question
    section : Section
    labels : mapping of label to code
        Answers of the drop-down list, valid ones first; empty where any value may stand.
    """

    variable: Variable
    question: Question
    section: Section
    labels: Mapping[str, int | str]


def asked_columns(declaration: Declaration, language: str) -> tuple[Asked, ...]:
    """Every column that is asked, with its drop-down list in a language."""
    found: list[Asked] = []
    for section in declaration.sections:
        for question in section.questions:
            columns = [v for v in declaration.variables_of(question.id) if not v.derived]
            if isinstance(question, Multiple):
                columns += flag_variables(question, declaration)
            for variable in columns:
                labels = list_of(variable, language, declaration.language)
                found.append(Asked(variable, question, section, labels))
    return tuple(found)


def flag_variables(question: Multiple, declaration: Declaration) -> list[Variable]:
    """Columns for options that stand for no answer, so that a form can tick them."""
    context = declaration.context(question.id)
    return [
        question.variable(
            context, Measure.BINARY, id=name, item=str(option.code), text=option.text, missing=()
        )
        for name, option in question.flags().items()
    ]


def list_of(variable: Variable, language: str, default: str) -> Mapping[str, int | str]:
    """The labels that a column's drop-down list offers, with their codes."""
    if variable.measure is Measure.BINARY:
        return {word("yes", language): 1, word("no", language): 0}
    if not variable.categories:
        return {}
    parts: tuple[Category | MissingCode, ...] = (*variable.categories, *variable.missing)
    return {text_in(part.text, language, default) or str(part.code): part.code for part in parts}


def heading(asked: Asked, language: str, default: str) -> str:
    """What the column asks, in one text."""
    variable = asked.variable
    question = text_in(variable.question_text, language, default)
    own = text_in(variable.text, language, default)
    if own == question or not own:
        return question or variable.id
    return f"{question} – {own}" if question else own


def takes(asked: Asked, language: str) -> str:
    """What may stand in the cell, in words."""
    variable = asked.variable
    if asked.labels:
        return word("choose", language)
    if variable.measure is Measure.DATE:
        return word("day", language)
    if variable.measure not in (Measure.RATIO, Measure.INTERVAL, Measure.WEIGHT):
        return ""
    whole = getattr(asked.question, "decimals", None) == 0
    parts = [word("whole" if whole else "number", language)]
    if variable.minimum is not None:
        parts.append(word("from", language, low=figure(variable.minimum)))
    if variable.maximum is not None:
        parts.append(word("to", language, high=figure(variable.maximum)))
    if variable.unit:
        parts.append(f"({variable.unit})")
    return " ".join(parts)


def notes_of(question: Question, language: str, default: str) -> Sequence[str]:
    """What is told with a question: help, how many answers, sensitivity, order."""
    notes = [text_in(question.help, language, default)] if question.help else []
    if question.type == "multiple":
        notes.append(word("several", language))
    if question.type == "ranking":
        notes.append(word("rank", language))
    if question.type == "constant_sum":
        notes.append(word("total", language, total=figure(getattr(question, "total", 100.0))))
    if question.sensitive:
        notes.append(word("sensitive", language))
    return notes
