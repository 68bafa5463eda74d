"""How attractive each segment is to us, and we to it, from the user's criteria and weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from persona.errors import Problem, StudyError, error
from persona.profiling.result import SegmentSize, Texts
from persona.profiling.worth import ValueAnalysis

Axis = Literal["segment", "us"]
Measured = Literal["", "size", "revenue", "margin", "potential", "best_customers"]

HIGHEST = 10.0


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion as the user gives it.

    Parameters
    ----------
    id : str
    text : Texts
    axis : "segment" or "us"
        Whether it makes the segment attractive to us, or us attractive to the segment.
    weight : float
        At least 0; weights of an axis are made to sum to 1.
    scores : mapping of segment to 0 .. 10
        What the user judges; empty when ``measured`` takes it from the data.
    measured : str
        ``size``, ``revenue``, ``margin``, ``potential`` (means) or ``best_customers`` (share who
        are among the best fifth): 10 for the highest segment, in proportion for the others.
    """

    id: str
    text: Texts
    axis: Axis
    weight: float
    scores: Mapping[int, float]
    measured: Measured = ""


@dataclass(frozen=True, slots=True)
class AttractivenessPoint:
    """One segment on the plot; coordinates 0 to 10, None where a criterion has no score.

    ``scores`` are those used, by criterion; ``missing`` the criteria without one.
    """

    segment: int
    to_us: float | None
    of_us: float | None
    size: float
    value: float | None
    scores: Mapping[str, float]
    missing: tuple[str, ...]


def attractiveness(
    criteria: Sequence[Criterion],
    segments: Sequence[SegmentSize],
    value: ValueAnalysis | None = None,
) -> tuple[AttractivenessPoint, ...]:
    """Weighted means of scores on both axes (Dolnicar, Grün & Leisch 2018, ch. 10).

    Parameters
    ----------
    criteria : sequence of Criterion
    segments : sequence of SegmentSize
    value : ValueAnalysis, optional
        Needed by measured criteria; also the size of the bubble.

    Raises
    ------
    StudyError
        Scores outside 0 to 10, negative weights, an axis whose weights sum to 0, unknown segments.
    """
    problems = _problems(criteria, {size.segment for size in segments})
    if problems:
        raise StudyError(problems)
    worth = {one.segment: one for one in value.segments} if value else {}
    scores = {criterion.id: _scores(criterion, segments, value) for criterion in criteria}
    points = []
    for size in segments:
        number = size.segment
        own = {key: found[number] for key, found in scores.items() if number in found}
        share = (
            getattr(worth[number], value.ranked_by).share
            if value and number in worth and getattr(worth[number], value.ranked_by)
            else None
        )
        points.append(
            AttractivenessPoint(
                number,
                _axis(criteria, own, "segment"),
                _axis(criteria, own, "us"),
                size.share,
                share,
                own,
                tuple(criterion.id for criterion in criteria if criterion.id not in own),
            )
        )
    return tuple(points)


def _axis(criteria: Sequence[Criterion], scores: Mapping[str, float], axis: Axis) -> float | None:
    """Weighted mean; None when a criterion that counts has no score."""
    own = [criterion for criterion in criteria if criterion.axis == axis and criterion.weight > 0]
    if not own or any(criterion.id not in scores for criterion in own):
        return None
    total = sum(criterion.weight for criterion in own)
    return sum(criterion.weight * scores[criterion.id] for criterion in own) / total


def _scores(
    criterion: Criterion, segments: Sequence[SegmentSize], value: ValueAnalysis | None
) -> dict[int, float]:
    if not criterion.measured:
        return {number: float(score) for number, score in criterion.scores.items()}
    figures: dict[int, float] = {}
    if criterion.measured == "size":
        figures = {size.segment: size.share for size in segments}
    elif value is not None:
        for one in value.segments:
            figure = (
                one.best
                if criterion.measured == "best_customers"
                else getattr(getattr(one, criterion.measured), "mean", None)
            )
            if figure is not None:
                figures[one.segment] = max(figure, 0.0)
    highest = max(figures.values(), default=0.0)
    if highest <= 0:
        return {}
    return {number: HIGHEST * figure / highest for number, figure in figures.items()}


def _problems(criteria: Sequence[Criterion], known: set[int]) -> list[Problem]:
    problems = []
    for criterion in criteria:
        if criterion.weight < 0:
            problems.append(
                error(
                    "criterion.weight",
                    "The criterion {id!r} has a weight below zero.",
                    found=str(criterion.weight),
                    allowed="0 or more",
                    values={"id": criterion.id},
                )
            )
        for number, score in criterion.scores.items():
            if number not in known:
                problems.append(
                    error(
                        "criterion.segment",
                        "The criterion {id!r} scores segment {segment}, which does not exist.",
                        allowed=", ".join(map(str, sorted(known))),
                        values={"id": criterion.id, "segment": number},
                    )
                )
            if not 0 <= score <= HIGHEST:
                problems.append(
                    error(
                        "criterion.score",
                        "The criterion {id!r} scores segment {segment} with {score}.",
                        found=str(score),
                        allowed="0 to 10",
                        values={"id": criterion.id, "segment": number, "score": score},
                    )
                )
    for axis in sorted({criterion.axis for criterion in criteria}):
        if sum(criterion.weight for criterion in criteria if criterion.axis == axis) == 0:
            problems.append(
                error(
                    "criterion.weights",
                    "The weights of the axis {axis!r} sum to zero.",
                    remedy="Give at least one of its criteria a weight.",
                    values={"axis": axis},
                )
            )
    return problems
