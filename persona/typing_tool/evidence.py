"""How well a typing model places people who were not among those it was learned from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CurvePoint:
    """Accuracy with one number of questions, chosen anew within each part.

    ``accuracy`` is the weighted share (0 to 1) placed right when not among those learned from;
    ``lower`` and ``upper`` its 95 % interval; ``kappa`` the agreement beyond chance (Cohen 1960).
    """

    questions: int
    accuracy: float
    lower: float
    upper: float
    kappa: float


@dataclass(frozen=True)
class SegmentAccuracy:
    """One segment: of its members the share found (recall), of those placed in it the share right.

    ``precision`` is None when nobody is placed in the segment.
    """

    segment: int
    recall: float
    precision: float | None
    base: int


@dataclass(frozen=True)
class PoolCost:
    """What a choice of questions costs: the accuracy with it, beside that of a free choice.

    ``kind`` is ``free`` (the best questions of the basis), ``forced`` (with questions the study
    forces in or out), ``named`` (the best of those it lists), ``records`` (customer records
    alone), ``all`` (every closed question) or ``complete`` (every question of the basis).
    """

    kind: str
    questions: int
    accuracy: float
    kappa: float


@dataclass(frozen=True)
class TypingEvidence:
    """Cross-validated accuracy of a typing model.

    Parameters
    ----------
    curve : tuple of CurvePoint
        By number of questions.
    accuracy, lower, upper, kappa : float
        Of the model that is delivered.
    chance, largest : float
        Share right when guessing by size (sum of squared shares, Morrison 1969), and when
        everybody is put into the largest segment.
    segments : tuple of SegmentAccuracy
    confusion : tuple of rows
        Weighted respondents: a row for each true segment, a column for each placed in.
    uncertain : float
        Share (0 to 1) in the uncertain band, or with more unanswered than is allowed;
        ``right_certain`` and ``right_uncertain`` are the shares right of the others and of them
        (None when there are none).
    costs : tuple of PoolCost
    folds, base : int
        Parts of the cross-validation, and respondents.
    coding : "linear" or "categories"
        Whether points rise evenly along a scale or are free for each answer.
    forced_in, forced_out : tuple of variables
        As the study asks.
    pool : str
        Where the questions were chosen from: ``basis``, ``all``, ``records`` or ``named``.
    """

    curve: tuple[CurvePoint, ...]
    accuracy: float
    lower: float
    upper: float
    kappa: float
    chance: float
    largest: float
    segments: tuple[SegmentAccuracy, ...]
    confusion: tuple[tuple[float, ...], ...]
    uncertain: float
    right_certain: float | None
    right_uncertain: float | None
    costs: tuple[PoolCost, ...]
    folds: int
    base: int
    coding: str
    forced_in: tuple[str, ...] = ()
    forced_out: tuple[str, ...] = ()
    pool: str = "basis"
