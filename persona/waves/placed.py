"""Waves placed in segments by one frozen model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import DataError, Problem, error
from persona.profiling.significance import Array
from persona.questionnaire.texts import Texts
from persona.typing_tool import SCALE, Typed, TypingModel, TypingTool, type_people
from persona.typing_tool.answered import in_codes
from persona.waves.model import ModelKind
from persona.waves.thresholds import FEWEST_RESPONDENTS

if TYPE_CHECKING:
    from persona.responses import Responses


@dataclass(frozen=True, eq=False)
class Wave:
    """The answers of one wave, ready to be placed."""

    id: str
    name: Texts
    responses: Responses
    date: dt.date | None = None
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, eq=False)
class PlacedWave:
    """A wave with the segment of each respondent.

    ``index``, ``labels`` (1 to k) and ``weights`` are of those placed.
    """

    wave: Wave
    typed: Typed
    k: int
    index: pd.Index[str]
    labels: NDArray[np.intp]
    weights: Array

    @property
    def responses(self) -> Responses:
        """The answers."""
        return self.wave.responses

    @cached_property
    def asked(self) -> pd.DataFrame:
        """Answers of those placed, as answered."""
        return self.responses.asked.loc[self.index]

    @cached_property
    def membership(self) -> NDArray[np.bool_]:
        """Who belongs to which segment (respondents, k)."""
        return np.asarray(self.labels[:, None] == np.arange(1, self.k + 1))

    @cached_property
    def series(self) -> pd.Series[int]:
        """Segments on the respondents' ids."""
        return pd.Series(self.labels, index=self.index, name="segment")

    @cached_property
    def probability(self) -> Array:
        """Probability of the segment of each one placed."""
        return self.typed.frame.loc[self.index, "probability"].to_numpy(dtype=np.float64)

    @cached_property
    def uncertain(self) -> NDArray[np.bool_]:
        """Who of those placed is near another segment."""
        return self.typed.frame.loc[self.index, "uncertain"].to_numpy(dtype=bool)

    @cached_property
    def margin(self) -> Array:
        """Lead of the best segment over the second, in units of log odds."""
        points = np.sort(self.typed.points.loc[self.index].to_numpy(dtype=np.float64), axis=1)
        if points.shape[1] < 2:
            return np.zeros(len(points))
        return np.asarray((points[:, -1] - points[:, -2]) / SCALE)


@dataclass(frozen=True)
class Grouping:
    """Labels as a profile takes them."""

    labels: pd.Series[int]
    k: int


def summed(places: NDArray[np.intp], weights: Array, size: int) -> Array:
    """Sum of the weights at each place, 0 to size - 1."""
    return np.bincount(places, weights, size).astype(np.float64)


def variables_asked(responses: Responses) -> frozenset[str]:
    """The variables that a wave holds: read from columns, or made from others and not empty."""
    matched = {match.variable for match in responses.matches}
    columns = set(responses.asked.columns)
    return frozenset(
        variable.id
        for variable in responses.questionnaire.variables
        if variable.id in columns
        and (
            variable.id in matched
            or variable.question in matched
            or (variable.derived and bool(responses.asked[variable.id].notna().any()))
        )
    )


def common_model(tool: TypingTool, waves: Iterable[Wave]) -> tuple[ModelKind, TypingModel]:
    """The model that every wave can be placed by: the complete one, else the golden questions.

    One model for all, because shares placed by different rules do not compare.

    Raises
    ------
    DataError
        When a wave lacks golden questions; each of them is named.
    """
    waves = list(waves)
    lacking: dict[str, dict[ModelKind, list[str]]] = {}
    for wave in waves:
        asked = variables_asked(wave.responses)
        lacking[wave.id] = {
            "complete": [name for name in tool.complete.variables if name not in asked],
            "golden": [name for name in tool.golden.variables if name not in asked],
        }
    if not any(found["complete"] for found in lacking.values()):
        return "complete", tool.complete
    if not any(found["golden"] for found in lacking.values()):
        return "golden", tool.golden
    problems = [
        _missing_questions(wave, lacking[wave.id]["golden"], tool)
        for wave in waves
        if lacking[wave.id]["golden"]
    ]
    raise DataError(problems)


def _missing_questions(wave: Wave, names: Sequence[str], tool: TypingTool) -> Problem:
    return error(
        "wave.questions",
        "The wave {wave} does not ask {count} of the {all} questions that place people: {names}.",
        file=wave.responses.source.file.name,
        found=", ".join(sorted(variables_asked(wave.responses))[:12]),
        allowed=", ".join(tool.golden.variables),
        remedy="Ask these questions in every wave. When they stand under other headers, name the "
        "columns in a wave file: answers: {file: ..., columns: {question: header}}.",
        values={
            "wave": wave.id,
            "count": len(names),
            "all": len(tool.golden.variables),
            "names": ", ".join(names),
        },
    )


def place(wave: Wave, model: TypingModel) -> PlacedWave:
    """Place the respondents of a wave.

    Raises
    ------
    DataError
        When fewer than 30 of them can be placed: nothing could be tested.
    """
    responses = wave.responses
    typed = type_people(model, in_codes(responses.asked, responses.questionnaire.variables))
    weights = responses.weights.reindex(responses.asked.index).fillna(0.0)
    placed = typed.labels.notna().to_numpy() & (weights.to_numpy() > 0)
    if int(placed.sum()) < FEWEST_RESPONDENTS:
        raise DataError(_too_few(wave, len(responses.asked), int(placed.sum())))
    index = responses.asked.index[placed]
    return PlacedWave(
        wave,
        typed,
        model.k,
        index,
        np.asarray(typed.labels.loc[index], dtype=np.intp),
        weights.loc[index].to_numpy(dtype=np.float64),
    )


def _too_few(wave: Wave, n: int, placed: int) -> Problem:
    return error(
        "wave.too_few",
        "Of {n} respondents of the wave {wave} {placed} can be placed; that is too few to compare "
        "it with another.",
        file=wave.responses.source.file.name,
        allowed=f"at least {FEWEST_RESPONDENTS}",
        remedy="Wait for more answers, or look at single people with: persona assign.",
        values={"wave": wave.id, "n": n, "placed": placed},
    )
