"""Answers as positions in a list of levels, and the columns that points are learned on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.questionnaire.variables import Measure, Variable
from persona.typing_tool.bands import readable_cuts

Floats = NDArray[np.float64]
Coding = Literal["linear", "categories"]
DEVIATION = 0.5
"""How far points of a scale may leave the straight line, in units of its slope (categories)."""


@dataclass(frozen=True)
class CodedQuestion:
    """One question with the level that each respondent gave.

    Parameters
    ----------
    variable : Variable
    levels : (n,) array of int
        Position among codes, or band of a number; -1 without an answer.
    codes : tuple
        Codes of the levels; empty for a number.
    cuts : tuple of float
        Where bands of a number end; empty otherwise.
    shares : (levels,) array
        Weighted share of each level among those who answered.
    answered : float
        Weighted share (0 to 1) of those who answered.
    """

    variable: Variable
    levels: NDArray[np.intp]
    codes: tuple[int | str, ...]
    cuts: tuple[float, ...]
    shares: Floats
    answered: float

    @property
    def id(self) -> str:
        """The column of the answers."""
        return self.variable.id

    @property
    def constant(self) -> bool:
        """Everybody who answered gave the same answer."""
        return int((self.shares > 0).sum()) < 2

    @cached_property
    def scores(self) -> Floats | None:
        """Values along the scale with mean 0 and variance 1; None where there is no order."""
        if self.variable.measure is Measure.NOMINAL:
            return None
        numbers = self.codes and all(isinstance(code, int) for code in self.codes)
        raw = np.array(self.codes if numbers else range(len(self.shares)), dtype=np.float64)
        centred = raw - self.shares @ raw
        spread = float(np.sqrt(self.shares @ centred**2))
        return centred / spread if spread > 0 else np.zeros_like(raw)

    def columns(self, coding: Coding) -> Floats:
        """Levels by columns, each with weighted mean 0: what a level adds to the predictor.

        A scale has its straight line; with ``categories`` also what its levels may differ from
        the line, shrunk towards it. A list has what its answers may differ from the mean.
        """
        line = self.scores
        if line is None:
            return _deviations(self.shares, [np.ones_like(self.shares)], 1.0)
        if coding == "linear" or (self.shares > 0).sum() < 3:
            return line[:, None]
        free = _deviations(self.shares, [np.ones_like(line), line], DEVIATION)
        return np.column_stack([line, free])


def _deviations(shares: Floats, removed: Sequence[Floats], scale: float) -> Floats:
    """Free effects of the levels that occur, without what the ``removed`` columns explain.

    Rotated to as few columns as they span, so that a ridge on them is the ridge on the levels.
    """
    seen = shares > 0
    own = shares[seen]
    effects = np.eye(len(own))
    for column in removed:
        part = column[seen]
        effects = effects - np.outer(part, own * part) / float(own @ part**2)
    left, size, _ = np.linalg.svd(effects)
    kept = size > 1e-9
    out = np.zeros((len(shares), int(kept.sum())))
    out[seen] = left[:, : len(size)][:, kept] * size[kept] * scale
    return out


def code_question(variable: Variable, values: pd.Series, weights: Floats) -> CodedQuestion:
    """The levels of one column of answers, as answered.

    Examples
    --------
    >>> item = Variable("fast", "needs", "fast", Measure.BINARY, {}, {}, "expects", "need",
    ...                 "basis", "needs")
    >>> code_question(item, pd.Series([1.0, 0.0, None]), np.ones(3)).levels.tolist()
    [1, 0, -1]
    """
    codes: tuple[int | str, ...] = variable.codes
    cuts: tuple[float, ...] = ()
    if variable.measure is Measure.BINARY and not codes:
        codes = (0, 1)
    if codes:
        place = {code: position for position, code in enumerate(codes)}
        which, found = pd.factorize(values, use_na_sentinel=True)
        looked = np.array([place.get(value, -1) for value in found.tolist()] + [-1], dtype=np.intp)
        levels = looked[which]
    else:
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(float, na_value=np.nan)
        cuts = readable_cuts(numbers, weights)
        levels = np.searchsorted(np.array(cuts), numbers, side="right")
        levels = np.where(np.isfinite(numbers), levels, -1)
    given = levels >= 0
    counted = np.bincount(levels[given], weights[given], minlength=len(codes) or len(cuts) + 1)
    mass = counted.astype(np.float64)
    total = float(mass.sum())
    return CodedQuestion(
        variable,
        levels.astype(np.intp),
        codes,
        cuts,
        mass / total if total > 0 else mass,
        total / float(weights.sum()),
    )


@dataclass(frozen=True)
class Design:
    """Questions side by side as columns of numbers.

    Parameters
    ----------
    questions : tuple of CodedQuestion
    tables : tuple of (levels, columns) arrays
        What each level of a question adds.
    values : (n, columns) array
        Without an answer 0, which is the mean.
    blocks : tuple of slices
        The columns of each question.
    """

    questions: tuple[CodedQuestion, ...]
    tables: tuple[Floats, ...]
    values: Floats
    blocks: tuple[slice, ...]

    def columns_of(self, chosen: Sequence[int]) -> NDArray[np.intp]:
        """The columns of some questions, in their order."""
        parts = [np.arange(self.blocks[j].start, self.blocks[j].stop) for j in chosen]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.intp)


def design(questions: Sequence[CodedQuestion], coding: Coding) -> Design:
    """The columns of questions in one coding."""
    tables = tuple(question.columns(coding) for question in questions)
    blocks, start = [], 0
    for table in tables:
        blocks.append(slice(start, start + table.shape[1]))
        start += table.shape[1]
    parts = [
        np.vstack([table, np.zeros(table.shape[1])])[question.levels]
        for question, table in zip(questions, tables, strict=True)
    ]
    return Design(tuple(questions), tables, np.column_stack(parts), tuple(blocks))


@dataclass(frozen=True)
class Pool:
    """Questions to choose from, at least one; those at ``forced`` positions are always asked."""

    questions: tuple[CodedQuestion, ...]
    forced: tuple[int, ...] = ()

    @cached_property
    def _linear(self) -> Design:
        return design(self.questions, "linear")

    @cached_property
    def _categories(self) -> Design:
        return design(self.questions, "categories")

    @cached_property
    def bends(self) -> bool:
        """Whether any scale has three levels or more, so that the two codings differ."""
        free = sum(question.columns("categories").shape[1] for question in self.questions)
        return bool(self._linear.values.shape[1] < free)

    def width(self, coding: Coding, size: int) -> int:
        """Columns of the widest ``size`` questions."""
        widths = [table.shape[1] for table in self.coded(coding).tables]
        return sum(sorted(widths, reverse=True)[:size])

    def coded(self, coding: Coding) -> Design:
        """The columns of the questions, made once."""
        return self._linear if coding == "linear" or not self.bends else self._categories

    def among(self, rows: NDArray[np.intp]) -> Pool:
        """The same questions answered by some of the respondents."""
        return Pool(
            tuple(replace(one, levels=one.levels[rows]) for one in self.questions), self.forced
        )
