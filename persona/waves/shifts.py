"""Population stability of segments, of questions, and of the sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from persona.profiling.significance import Array, adjust, effective_n
from persona.questionnaire.texts import Texts
from persona.questionnaire.variables import Measure, Variable
from persona.typing_tool import TypingQuestion
from persona.waves.model import Band, QuestionShift, Stability
from persona.waves.placed import PlacedWave, summed, variables_asked
from persona.waves.sizes import Sums, distributions_p, either_weighted
from persona.waves.thresholds import PSI_ACT, PSI_WATCH

_QUANTILES = (0.2, 0.4, 0.6, 0.8)
MOST_CATEGORIES = 40


def stability(first: Array, later: Array, base_first: float, base_later: float) -> Stability:
    """Population stability index of two distributions, PSI = sum (q - p) ln(q / p).

    Parameters
    ----------
    first, later : array (categories,)
        Shares or sums of weights.
    base_first, base_later : float
        Effective respondents. An empty category counts half a respondent.

    Notes
    -----
    Without any change PSI is about chi-square on categories - 1 degrees times 1/n + 1/m (Yurdakul
    and Naranjo 2020); its 95th percentile is ``chance``. Bands after Siddiqi (2006).

    Examples
    --------
    >>> found = stability(np.array([0.5, 0.5]), np.array([0.7, 0.3]), 500, 500)
    >>> round(found.psi, 3), found.band
    (0.169, 'watch')
    """
    used = (first > 0) | (later > 0)
    if used.sum() < 2 or base_first <= 0 or base_later <= 0:
        return Stability(0.0, 0.0, "steady")
    p = _filled(first[used], base_first)
    q = _filled(later[used], base_later)
    psi = float(((q - p) * np.log(q / p)).sum())
    chance = float(special.chdtri(used.sum() - 1, 0.05)) * (1 / base_first + 1 / base_later)
    return Stability(psi, chance, _band(psi, chance))


def _filled(shares: Array, base: float) -> Array:
    whole = np.maximum(shares / shares.sum(), 0.5 / base)
    return np.asarray(whole / whole.sum())


def _band(psi: float, chance: float) -> Band:
    if psi <= chance or psi < PSI_WATCH:
        return "steady"
    return "act" if psi >= PSI_ACT else "watch"


def sizes_stability(first: PlacedWave, later: PlacedWave) -> Stability:
    """Population stability of the sizes of segments."""
    a, b = (summed(wave.labels - 1, wave.weights, wave.k) for wave in (first, later))
    return stability(a, b, effective_n(first.weights), effective_n(later.weights))


@dataclass(frozen=True)
class _Categories:
    """How the answers to one column are counted: their texts, and the place of each answer."""

    texts: tuple[Texts, ...]
    codes: tuple[int | str, ...] = ()
    cuts: tuple[float, ...] = ()

    def places(self, values: pd.Series) -> NDArray[np.intp]:
        """Category of each respondent, -1 without a usable answer."""
        if self.codes:
            known: Mapping[object, int] = {code: i for i, code in enumerate(self.codes)}
            return np.array([known.get(value, -1) for value in values.tolist()], dtype=np.intp)
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
        found = np.searchsorted(np.array(self.cuts), numbers, side="right")
        return np.where(np.isnan(numbers), -1, found).astype(np.intp)


def question_shifts(
    first: PlacedWave,
    later: PlacedWave,
    questions: Sequence[TypingQuestion],
    golden: frozenset[str],
) -> tuple[QuestionShift, ...]:
    """How the answers to the questions that place people changed, the most first.

    Everybody read counts, placed or not.
    """
    both = variables_asked(first.responses) & variables_asked(later.responses)
    found = []
    for question in questions:
        if question.variable not in both:
            continue
        categories = _of_typing(question)
        role = "golden" if question.variable in golden else "basis"
        texts = (question.text, question.question_text)
        found.append(
            _shift(first, later, (question.variable, question.question), texts, role, categories)
        )
    return _ranked(found)


def sample_shifts(first: PlacedWave, later: PlacedWave) -> tuple[QuestionShift, ...]:
    """How the composition of the sample changed (the block "who"), the most first."""
    both = variables_asked(first.responses) & variables_asked(later.responses)
    found = []
    for variable in first.responses.questionnaire.variables:
        if variable.block != "who" or variable.id not in both or variable.raw:
            continue
        categories = _of_variable(variable, first)
        if categories is not None:
            texts = (variable.text, variable.question_text)
            ids = (variable.id, variable.question)
            found.append(_shift(first, later, ids, texts, "sample", categories))
    return _ranked(found)


def _of_typing(question: TypingQuestion) -> _Categories:
    if question.answers:
        return _Categories(
            tuple(answer.text for answer in question.answers),
            tuple(answer.code for answer in question.answers),
        )
    return _bands(question.cuts)


def _of_variable(variable: Variable, first: PlacedWave) -> _Categories | None:
    if variable.categories and len(variable.categories) <= MOST_CATEGORIES:
        return _Categories(tuple(one.text for one in variable.categories), variable.codes)
    if variable.measure is Measure.BINARY:
        return _Categories(({"": "0"}, {"": "1"}), (0, 1))
    if variable.measure in (Measure.RATIO, Measure.INTERVAL):
        numbers = pd.to_numeric(first.responses.asked[variable.id], errors="coerce").dropna()
        if len(numbers) and numbers.nunique() > 1:
            cuts = sorted({float(x) for x in numbers.quantile(list(_QUANTILES))})
            return _bands(tuple(cut for cut in cuts if cut > float(numbers.min())))
    return None


def _bands(cuts: tuple[float, ...]) -> _Categories:
    marks = [f"{cut:g}" for cut in cuts]
    texts = [f"< {marks[0]}"] if marks else [""]
    texts += [f"{low} – < {high}" for low, high in pairwise(marks)]
    texts += [f"≥ {marks[-1]}"] if marks else []
    return _Categories(tuple({"": text} for text in texts), (), cuts)


def _shift(
    first: PlacedWave,
    later: PlacedWave,
    ids: tuple[str, str],
    texts: tuple[Texts, Texts],
    role: str,
    categories: _Categories,
) -> QuestionShift:
    parts: list[Sums] = []
    missing: list[float] = []
    bases: list[float] = []
    for wave in (first, later):
        weights = np.asarray(wave.responses.weights, dtype=np.float64)
        places = categories.places(wave.responses.asked[ids[0]])
        known = places >= 0
        size = len(categories.texts)
        parts.append(tuple(summed(places[known], weights[known] ** p, size) for p in (0, 1, 2)))
        missing.append(1.0 - float(weights[known].sum() / weights.sum()))
        bases.append(effective_n(weights[known]) if known.any() else 0.0)
    sums = [one[1] for one in parts]
    shares = [one / one.sum() if one.sum() > 0 else one for one in sums]
    return QuestionShift(
        *ids,
        *texts,
        role,
        stability(sums[0], sums[1], bases[0], bases[1]),
        distributions_p(parts[0], parts[1], either_weighted(first, later)),
        None,
        tuple(
            (text, float(shares[0][i]), float(shares[1][i]))
            for i, text in enumerate(categories.texts)
        ),
        (missing[0], missing[1]),
    )


def _ranked(found: Sequence[QuestionShift]) -> tuple[QuestionShift, ...]:
    """Corrected for their number (fdr), the largest index first."""
    raw = np.array([np.nan if one.p_value is None else one.p_value for one in found])
    adjusted = adjust(raw.astype(np.float64), "fdr")
    made = [
        replace(one, p_adjusted=None if np.isnan(p) else float(p))
        for one, p in zip(found, adjusted, strict=True)
    ]
    return tuple(sorted(made, key=lambda one: -one.stability.psi))
