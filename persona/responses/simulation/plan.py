"""What sets planted segments apart: how many, how large, and where each one stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from persona.questionnaire.model import Question, Questionnaire
from persona.questionnaire.variables import Measure, Variable

FLOAT = NDArray[np.float64]
_CANDIDATES = 200
_ITEMS_A_FACTOR = 3.5
_SMALLEST_SHARE = 0.08


@dataclass(frozen=True)
class Plan:
    """Segments to plant.

    Parameters
    ----------
    shares : tuple of float, length k
        Sizes, summing to one.
    shifts : tuple of k mappings
        Per segment: variable id (``question_code`` for an option of a single question) to how far
        its people stand from the middle, in standard deviations of the latent answer (log-odds
        for options). Positive is more of what an item measures, whatever its keying.
    margins : mapping
        Variable id to the shares of its codes over all respondents (for a tick or a number the
        share ticked, or the median). What is not named is drawn.

    Examples
    --------
    >>> plan = Plan((0.6, 0.4), ({"price_compare": 1.0}, {"price_compare": -1.0}))
    >>> plan.k
    2
    """

    shares: tuple[float, ...]
    shifts: tuple[Mapping[str, float], ...]
    margins: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.shares) != len(self.shifts) or not self.shares:
            raise ValueError("a plan needs as many shares as shifts, and at least one of each")
        if min(self.shares) <= 0 or abs(sum(self.shares) - 1) > 1e-6:
            raise ValueError("the shares of a plan are positive and sum to one")

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.shares)

    def shift(self, key: str) -> FLOAT:
        """Where each segment stands on a variable or option (k,)."""
        return np.array([shifts.get(key, 0.0) for shifts in self.shifts])

    def margin(self, variable: str) -> FLOAT | None:
        """The shares laid down for a variable, summing to one; None when they are to be drawn."""
        given = np.array(self.margins.get(variable, ()), dtype=np.float64)
        if not given.size:
            return None
        return given / given.sum() if given.size > 1 else given


def factor_groups(items: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Items of a battery that move together.

    Ids such as ``price_compare`` and ``price_offer`` name their factor before the underscore.
    Where they do not, neighbouring items are taken together, three or four at a time.

    Examples
    --------
    >>> factor_groups(["price_a", "ease_a", "price_b", "ease_b"])
    (('price_a', 'price_b'), ('ease_a', 'ease_b'))
    """
    by_prefix: dict[str, list[str]] = {}
    for item in items:
        by_prefix.setdefault(item.partition("_")[0], []).append(item)
    if len(by_prefix) > 1 and all(len(group) > 1 for group in by_prefix.values()):
        return tuple(tuple(group) for group in by_prefix.values())
    n_factors = max(1, round(len(items) / _ITEMS_A_FACTOR))
    parts = np.array_split(np.arange(len(items)), n_factors)
    return tuple(tuple(items[i] for i in part) for part in parts)


def battery_items(questionnaire: Questionnaire, question: Question) -> tuple[str, ...]:
    """The columns of a question that form a battery; empty when it is none."""
    variables = questionnaire.variables_of(question.id)
    interval = [
        v.id
        for v in variables
        if v.measure is Measure.INTERVAL and v.item is not None and not v.derived
    ]
    return tuple(interval) if len(interval) > 1 else ()


def basis_questions(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """The questions whose answers make segments; without any declared, those on expectations."""
    askable = [
        q
        for q in questionnaire.questions
        if q.kind not in ("id", "weight", "verbatim") and q.type not in ("derived", "text")
    ]
    for chosen in (
        [q for q in askable if q.role == "basis"],
        [q for q in askable if questionnaire.section_of(q.id).block == "expects"],
        [q for q in askable if battery_items(questionnaire, q)],
    ):
        if chosen:
            return tuple(chosen)
    return tuple(askable)


def draw_plan(
    questionnaire: Questionnaire, k: int, rng: np.random.Generator, separation: float
) -> Plan:
    """Segments of unequal size that differ on the basis, and less so on everything else.

    Among random patterns of highs and lows on the dimensions of the basis, the one whose two
    nearest segments are farthest apart is taken.
    """
    basis = basis_questions(questionnaire)
    dimensions = [keys for question in basis for keys in _dimensions(questionnaire, question)]
    patterns = _apart(k, len(dimensions), rng) * separation
    shifts: list[dict[str, float]] = [{} for _ in range(k)]
    for column, keys in enumerate(dimensions):
        for segment in range(k):
            shifts[segment].update(dict.fromkeys(keys, float(patterns[segment, column])))
    chosen = {question.id for question in basis}
    for question in questionnaire.questions:
        if question.id in chosen or question.kind in ("id", "weight", "verbatim"):
            continue
        if question.type == "text":
            continue
        for key in _keys(questionnaire, question):
            related = rng.random() < 0.6
            pull = rng.normal(0.0, 0.55 * separation, k) if related else np.zeros(k)
            for segment in range(k):
                shifts[segment][key] = float(pull[segment])
    return Plan(tuple(_shares(k, rng).tolist()), tuple(shifts))


def _apart(k: int, width: int, rng: np.random.Generator) -> FLOAT:
    """A k x width pattern of highs and lows whose rows differ as much as can be found."""
    drawn = rng.choice([-1.15, 0.0, 1.15], size=(_CANDIDATES, k, width), p=[0.35, 0.3, 0.35])
    gaps = ((drawn[:, :, None, :] - drawn[:, None, :, :]) ** 2).sum(axis=3)
    gaps[:, np.arange(k), np.arange(k)] = np.inf
    best: FLOAT = drawn[int(gaps.min(axis=(1, 2)).argmax())]
    return best


def _shares(k: int, rng: np.random.Generator) -> FLOAT:
    drawn = np.sort(rng.dirichlet(np.full(k, 6.0)))[::-1]
    held = np.maximum(drawn, min(_SMALLEST_SHARE, 0.5 / k))
    return np.asarray(held / held.sum())


def _keys(questionnaire: Questionnaire, question: Question) -> list[str]:
    return [key for v in questionnaire.variables_of(question.id) for key in keys_of(v)]


def keys_of(variable: Variable) -> list[str]:
    """The names under which a plan may shift a variable."""
    if variable.raw or variable.measure in (Measure.TEXT, Measure.IDENTIFIER):
        return []
    if variable.measure is Measure.NOMINAL:
        return [f"{variable.id}_{code}" for code in variable.codes]
    return [variable.id]


def _dimensions(questionnaire: Questionnaire, question: Question) -> list[tuple[str, ...]]:
    items = battery_items(questionnaire, question)
    if items:
        return list(factor_groups(items))
    return [(key,) for key in _keys(questionnaire, question)]
