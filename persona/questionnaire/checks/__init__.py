"""What is wrong with a questionnaire that reads well: one concern a file, all told at once."""

from __future__ import annotations

from persona.errors import Problem
from persona.questionnaire.assembling import Assembled
from persona.questionnaire.checks import (
    answers,
    bases,
    conditions,
    derivations,
    identifiers,
    questions,
    texts,
)

_CHECKS = (
    identifiers.check,
    answers.check,
    questions.check,
    conditions.check,
    derivations.check,
    texts.check,
    bases.check,
)


def problems_of(parts: Assembled) -> tuple[Problem, ...]:
    """Every problem of what a document declares."""
    return tuple(problem for check in _CHECKS for problem in check(parts))
