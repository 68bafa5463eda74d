"""Whether a segment is worth addressing: seven tests, each with the number behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from persona.profiling.persona import Persona
from persona.profiling.result import Cell, Profile, Texts
from persona.profiling.worth import SegmentWorth, ValueAnalysis

TestName = Literal[
    "recognisable", "measurable", "large", "valuable", "reachable", "stable", "bounded"
]
Outcome = Literal["pass", "fail", "not_asked"]

RECOGNISED = 0.70
PRECISE = 0.25
LARGE_N, LARGE_SHARE = 60, 0.05
REACHED = 50.0
STABLE = 0.75
CERTAIN = 0.70


@dataclass(frozen=True, slots=True)
class SegmentTest:
    """One test of one segment.

    Parameters
    ----------
    test : str
        ``recognisable`` (share of its members that the typing questions find again),
        ``measurable`` (half of the interval of its size over its size), ``large`` (respondents,
        with the share beside), ``valuable`` (value less cost), ``reachable`` (percent that use
        its best channel), ``stable`` (bootstrap Jaccard), ``bounded`` (mean probability of its
        members).
    outcome : str
        ``not_asked`` where nothing measures it.
    value, limit : float or None
        The number and what it has to reach (for ``measurable``: must not exceed).
    low, high : float or None
        95 % interval of the number.
    beside : float or None
        A second number: chance for ``recognisable``, the share (0 to 1) for ``large``.
    text : Texts
        Of what the number is: the channel, the measure of value.
    knock_out : bool
        A segment that fails it is out, whatever else it passes.
    """

    test: TestName
    outcome: Outcome
    value: float | None
    limit: float | None
    low: float | None = None
    high: float | None = None
    beside: float | None = None
    text: Texts | None = None
    knock_out: bool = False


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All tests of one segment; ``out`` when it fails a knock-out."""

    segment: int
    tests: tuple[SegmentTest, ...]
    passed: int
    failed: int
    out: bool


def scorecards(
    profile: Profile,
    personas: tuple[Persona, ...],
    value: ValueAnalysis | None = None,
    *,
    typing: Mapping[int, float] | None = None,
    typing_chance: float | None = None,
    costs: Mapping[int, float] | None = None,
) -> tuple[Scorecard, ...]:
    """Judge every segment.

    Parameters
    ----------
    profile : Profile
    personas : tuple of Persona
        Carry stability and certainty.
    value : ValueAnalysis, optional
    typing : mapping of segment to share (0 to 1), optional
        Of its members that a typing tool recognises, cross-validated; ``typing_chance`` is what
        chance would.
    costs : mapping of segment to number, optional
        Cost of addressing one member, in the unit of the value; 0 where it is not given.
    """
    worth = {one.segment: one for one in value.segments} if value else {}
    made = []
    for persona in personas:
        number = persona.segment
        tests = (
            _recognisable((typing or {}).get(number), typing_chance),
            _measurable(persona),
            _large(persona),
            _valuable(worth.get(number), value, (costs or {}).get(number, 0.0)),
            _reachable(profile, number),
            _reaches("stable", persona.stability, STABLE),
            _reaches("bounded", persona.certainty, CERTAIN),
        )
        made.append(
            Scorecard(
                number,
                tests,
                sum(test.outcome == "pass" for test in tests),
                sum(test.outcome == "fail" for test in tests),
                any(test.outcome == "fail" and test.knock_out for test in tests),
            )
        )
    return tuple(made)


def _judged(passed: bool) -> Outcome:
    return "pass" if passed else "fail"


def _reaches(test: TestName, value: float | None, limit: float) -> SegmentTest:
    if value is None:
        return SegmentTest(test, "not_asked", None, limit)
    return SegmentTest(test, _judged(value >= limit), value, limit)


def _recognisable(found: float | None, chance: float | None) -> SegmentTest:
    if found is None:
        return SegmentTest("recognisable", "not_asked", None, RECOGNISED, beside=chance)
    better = chance is None or found > chance
    outcome = _judged(found >= RECOGNISED and better)
    return SegmentTest("recognisable", outcome, found, RECOGNISED, beside=chance)


def _measurable(persona: Persona) -> SegmentTest:
    size = persona.size
    error = (size.high - size.low) / 2 / size.share if size.share > 0 else None
    if error is None:
        return SegmentTest("measurable", "fail", None, PRECISE)
    return SegmentTest("measurable", _judged(error <= PRECISE), error, PRECISE)


def _large(persona: Persona) -> SegmentTest:
    size = persona.size
    enough = size.n >= LARGE_N and size.share >= LARGE_SHARE
    return SegmentTest("large", _judged(enough), float(size.n), float(LARGE_N), beside=size.share)


def _valuable(worth: SegmentWorth | None, value: ValueAnalysis | None, cost: float) -> SegmentTest:
    """Mean value of a member less the cost of addressing it; fails when the interval ends below 0.

    The upper bound decides, so that no segment is knocked out by chance.
    """
    share = getattr(worth, value.ranked_by) if worth is not None and value is not None else None
    if share is None or share.mean is None:
        return SegmentTest("valuable", "not_asked", None, 0.0, knock_out=True)
    low = None if share.low is None else share.low - cost
    high = None if share.high is None else share.high - cost
    net = share.mean - cost
    passed = (net if high is None else high) > 0
    return SegmentTest(
        "valuable", _judged(passed), net, 0.0, low, high, text=share.text, knock_out=True
    )


def _reachable(profile: Profile, segment: int) -> SegmentTest:
    """The channel most of the segment use: at least half of it, by the figure itself."""
    best: tuple[float, Cell, Texts] | None = None
    for question in profile.questions:
        if question.kind != "channel":
            continue
        for row in question.rows:
            cell = row.cells[segment - 1]
            if row.statistic != "percent" or cell.value is None or cell.mark == "**":
                continue
            if best is None or cell.value > best[0]:
                best = (cell.value, cell, row.text)
    if best is None:
        return SegmentTest("reachable", "not_asked", None, REACHED)
    percent, cell, text = best
    return SegmentTest(
        "reachable", _judged(percent >= REACHED), percent, REACHED, cell.low, cell.high, text=text
    )
