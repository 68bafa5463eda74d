"""Answers that are not given or not meant: don't know, refused, left out, attention lost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persona.questionnaire.model import Question
from persona.questionnaire.types.grid import Grid
from persona.questionnaire.types.single import Single
from persona.questionnaire.variables import Variable
from persona.responses.simulation.answers import Cells
from persona.responses.simulation.people import People
from persona.responses.simulation.plan import FLOAT

_DONT_KNOW, _REFUSED, _REFUSED_SENSITIVE = 0.03, 0.04, 0.2


def with_missing_codes(
    variable: Variable, cells: Cells, people: People, latent: FLOAT | None, rate: float
) -> Cells:
    """Some answers replaced by the variable's codes for "don't know" and "refused".

    Those who stand high on the answer refuse more often (incomes do this), so what is missing
    is not missing at random.
    """
    rng = people.rng(f"{variable.id} missing code")
    out = list(cells)
    for code in variable.missing:
        if code.meaning == "dont_know":
            chance = np.full(people.n, _DONT_KNOW)
        elif code.meaning == "refused":
            chance = np.full(people.n, _REFUSED_SENSITIVE if variable.sensitive else _REFUSED)
            chance = chance if latent is None else chance * np.exp(0.5 * latent)
        else:
            continue
        hit = rng.random(people.n) < np.minimum(chance * people.silent * rate, 0.6)
        for row in np.flatnonzero(hit):
            out[row] = code.code
    return out


def left_out(name: str, people: People, rate: float) -> NDArray[np.bool_]:
    """Who leaves a question empty."""
    return people.rng(f"{name} empty").random(people.n) < 0.015 * people.silent * rate


def broken_off(people: People, rate: float) -> FLOAT:
    """How far each respondent gets, as a share of the questions; 1 for most."""
    rng = people.rng("broken off")
    stopped = rng.random(people.n) < 0.02 * rate
    return np.where(stopped, rng.uniform(0.4, 0.98, people.n), 1.0)


def attentive(question: Question, columns: dict[str, Cells], people: People) -> dict[str, Cells]:
    """Attention checks answered as told, but by those who tick one point all the way down."""
    told: dict[str, int | str] = {}
    if isinstance(question, Grid):
        told = {item.id: item.attention for item in question.items if item.attention is not None}
    elif isinstance(question, Single) and question.attention is not None:
        told = {question.id: question.attention}
    kept = {
        name: [
            cell if astray else code
            for cell, astray in zip(columns[name], people.straight, strict=True)
        ]
        for name, code in told.items()
    }
    return columns | kept
