"""Variables that are computed from other answers: bands, groups of codes, sums and means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from persona.questionnaire.decoding import State
from persona.questionnaire.model import Questionnaire
from persona.questionnaire.types.derived import Derived
from persona.responses.decoding import STATES, Answers, DecodedExport

_ANSWERED = STATES.index(State.ANSWERED)
_EMPTY = STATES.index(State.EMPTY)


def with_derived(questionnaire: Questionnaire, decoded: DecodedExport, n: int) -> DecodedExport:
    """Add the derived variables, which may build on each other in the order declared.

    Where an answer that one needs is missing, it is missing for the same reason.
    """
    answers = dict(decoded.answers)
    for question in questionnaire.questions:
        if not isinstance(question, Derived):
            continue
        sources = [answers[name] for name in question.sources if name in answers]
        if len(sources) < len(question.sources) or not sources:
            continue
        rows, positions = np.unique(
            np.stack([source.positions for source in sources]), axis=1, return_inverse=True
        )
        columns = {
            source.variable.id: [source.values[place] for place in row]
            for source, row in zip(sources, rows.tolist(), strict=True)
        }
        values = question.derive(columns, rows.shape[1])
        variable = questionnaire.variables_of(question.id)[0]
        answers[variable.id] = Answers(
            variable, values, _states(values, sources, rows), positions.reshape(-1)
        )
    return replace(decoded, answers=answers)


def _states(
    values: Sequence[object], sources: Sequence[Answers], rows: NDArray[np.intp]
) -> NDArray[np.int8]:
    """Answered, or the state of the first answer that is missing."""
    states = np.full(len(values), _EMPTY, np.int8)
    for source, row in reversed(list(zip(sources, rows, strict=True))):
        found = source.states[row]
        states = np.where(found != _ANSWERED, found, states)
    given = np.array([value is not None for value in values], bool)
    return np.where(given, np.int8(_ANSWERED), states).astype(np.int8)
