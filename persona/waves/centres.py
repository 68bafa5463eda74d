"""How the centres of segments moved on the questions that made them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from persona.profiling.counting import Columns, Moments, moments
from persona.profiling.significance import Z_95, Array
from persona.questionnaire.texts import Texts
from persona.questionnaire.variables import Measure
from persona.waves.certainty import everybody_and, mean_changes
from persona.waves.model import CentreMove, Movement
from persona.waves.placed import PlacedWave, variables_asked
from persona.waves.sizes import corrected


@dataclass(frozen=True)
class _Measured:
    """One figure of a basis answer: a number, or whether one answer of a list was given."""

    variable: str
    text: Texts
    category: Texts
    code: int | str | None = None

    def values(self, asked: pd.DataFrame) -> Array:
        answers = asked[self.variable]
        if self.code is None:
            return pd.to_numeric(answers, errors="coerce").to_numpy(dtype=np.float64)
        given = answers.notna().to_numpy()
        hit = np.array([value == self.code for value in answers.tolist()], dtype=np.float64)
        return np.where(given, hit, np.nan)


def centre_moves(
    first: PlacedWave, later: PlacedWave, variables: Sequence[str]
) -> tuple[tuple[CentreMove, ...], tuple[Movement, ...]]:
    """Means of the basis answers in both waves, and how far each segment moved over all of them.

    Segment 0 is everybody. People are placed by these very answers, so a segment cannot wander as
    far as its people might: a move that shows is there, one that does not may be hidden.

    Parameters
    ----------
    variables : sequence of str
        Basis answers; those that both waves ask are compared.
    """
    columns = _measured(first, later, variables)
    if not columns:
        return (), ()
    a, b = (_moments(wave, columns) for wave in (first, later))
    spread = np.sqrt(np.where(a.variance[:, 0] > 0, a.variance[:, 0], np.nan))
    moves = []
    for row, column in enumerate(columns):
        if np.isnan(spread[row]):
            continue
        unit = np.full(first.k + 1, spread[row])
        for segment, change in enumerate(mean_changes(a, b, row, unit)):
            if a.n[row, segment] and b.n[row, segment]:
                moves.append(
                    CentreMove(
                        segment,
                        column.variable,
                        column.text,
                        column.category,
                        float(a.mean[row, segment]),
                        float(b.mean[row, segment]),
                        change,
                    )
                )
    whole = tuple(one for one in moves if one.segment == 0)
    parts = tuple(one for one in moves if one.segment > 0)
    made = (*_adjusted(whole), *_adjusted(parts))
    return made, tuple(_movement(segment, made) for segment in range(first.k + 1))


def _measured(
    first: PlacedWave, later: PlacedWave, variables: Sequence[str]
) -> tuple[_Measured, ...]:
    both = variables_asked(first.responses) & variables_asked(later.responses)
    found: list[_Measured] = []
    known = {variable.id: variable for variable in first.responses.questionnaire.variables}
    for name in variables:
        variable = known.get(name)
        if variable is None or name not in both:
            continue
        if variable.measure is Measure.NOMINAL:
            found += [
                _Measured(name, variable.text, one.text, one.code) for one in variable.categories
            ]
        elif variable.numeric:
            found.append(_Measured(name, variable.text, {}))
    return tuple(found)


def _moments(wave: PlacedWave, columns: Sequence[_Measured]) -> Moments:
    values = np.column_stack([column.values(wave.asked) for column in columns])
    inside = everybody_and(wave.membership)
    return moments(values, Columns(inside, wave.weights, np.arange(inside.shape[1])))


def _adjusted(moves: tuple[CentreMove, ...]) -> tuple[CentreMove, ...]:
    changes = corrected(tuple(one.change for one in moves))
    return tuple(replace(one, change=new) for one, new in zip(moves, changes, strict=True))


def _movement(segment: int, moves: Sequence[CentreMove]) -> Movement:
    """Root mean square move, less its sampling variance."""
    own = [one.change for one in moves if one.segment == segment]
    known = [one for one in own if one.low is not None and one.high is not None]
    if not known:
        return Movement(segment, None, 0, len(own))
    square = np.array([one.difference for one in known]) ** 2
    noise = np.array([((one.high or 0.0) - (one.low or 0.0)) / (2 * Z_95) for one in known]) ** 2
    distance = float(np.sqrt(max(float((square - noise).mean()), 0.0)))
    return Movement(segment, distance, sum(one.significant for one in known), len(own))
