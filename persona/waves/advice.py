"""Weigh the rules of the advice for a wave: keep, refresh, or segment anew."""

from __future__ import annotations

from collections.abc import Sequence

from persona.waves.model import (
    JUDGED,
    LOST,
    Advice,
    StatementInWave,
    WaveResult,
    Weighed,
)
from persona.waves.thresholds import (
    AGREEMENT_LOST,
    FAR_MOVE,
    FAR_SHARE,
    RULES,
    SMALL_MOVE,
    SMALLEST_SHARE,
)

FEWEST_STATEMENTS = 4
"""Statements of a persona that must be judged before a share of them means anything."""


def advise(first: WaveResult, wave: WaveResult, expected_uncertain: float) -> Advice:
    """The advice after a wave; the gravest rule that is broken decides.

    Parameters
    ----------
    first, wave : WaveResult
    expected_uncertain : float
        Share uncertain among people the model was not learned from, as cross-validated in the
        study. The first wave itself was learned from, so it is surer than any other.
    """
    weighed = (
        _vanished(first, wave),
        _agreement(wave),
        _new_segment(wave),
        _statements(wave),
        _far_centres(wave),
        _sizes(wave),
        _uncertain(first, wave, expected_uncertain),
        _centres(wave),
        _questions(wave),
        _persona(wave),
        _unplaced(first, wave),
        _sample(wave),
    )
    broken = {one.level for one in weighed if one.broken}
    if "anew" in broken:
        return Advice("anew", weighed)
    return Advice("refresh" if "refresh" in broken else "keep", weighed)


def _made(
    rule: str,
    figure: float | None,
    broken: bool,
    segments: Sequence[int] = (),
    variables: Sequence[str] = (),
) -> Weighed:
    known = RULES[rule]
    return Weighed(
        rule, known.level, figure, known.limit, broken, tuple(segments), tuple(variables)
    )


def _vanished(first: WaveResult, wave: WaveResult) -> Weighed:
    """Segments that are no more.

    Their whole interval lies below the least share where it did not before; or the wave by
    itself does not show them, and for sure fewer than half as many people are placed in them.
    """
    found = wave.realignment
    absent = {
        number
        for event in (found.events if found else ())
        if event.kind == "gone"
        for number in event.earlier
    }
    gone = []
    for before, size in zip(first.sizes, wave.sizes, strict=True):
        small = size.high < SMALLEST_SHARE <= before.high
        change = wave.size_changes.get(size.segment)
        halved = change is not None and change.significant and size.share < before.share / 2
        if small or (halved and size.segment in absent):
            gone.append(size.segment)
    return _made("vanished", min(size.share for size in wave.sizes), bool(gone), gone)


def _agreement(wave: WaveResult) -> Weighed:
    found = wave.realignment
    if found is None:
        return _made("agreement", None, False)
    low = found.agreement < RULES["agreement"].limit
    short = found.expected - found.agreement > AGREEMENT_LOST
    return _made("agreement", found.agreement, low and short)


def _new_segment(wave: WaveResult) -> Weighed:
    if wave.realignment is None:
        return _made("new_segment", None, False)
    new = [event for event in wave.realignment.events if event.kind == "new"]
    largest = max((event.share for event in new), default=0.0)
    large = [event for event in new if event.share >= RULES["new_segment"].limit]
    return _made(
        "new_segment", largest, bool(large), [number for one in large for number in one.later]
    )


def lost_share(statements: Sequence[StatementInWave]) -> float | None:
    """Part of the statements that could be judged and are lost; None when none could be."""
    judged = [one for one in statements if one.standing in JUDGED]
    if not judged:
        return None
    return sum(one.standing in LOST for one in judged) / len(judged)


def _statements(wave: WaveResult) -> Weighed:
    share = lost_share(wave.statements)
    return _made("statements", share, share is not None and share >= RULES["statements"].limit)


def _persona(wave: WaveResult) -> Weighed:
    """Single personas that lost most of what they said."""
    worst, segments = None, []
    for size in wave.sizes:
        own = [one for one in wave.statements if one.segment == size.segment]
        if sum(one.standing in JUDGED for one in own) < FEWEST_STATEMENTS:
            continue
        share = lost_share(own)
        if share is not None:
            worst = share if worst is None else max(worst, share)
            if share >= RULES["persona"].limit:
                segments.append(size.segment)
    return _made("persona", worst, bool(segments), segments)


def _far_centres(wave: WaveResult) -> Weighed:
    far = _moved(wave, FAR_MOVE)
    share = sum(wave.size(segment).share for segment in far)
    return _made("far_centres", _farthest(wave), share >= FAR_SHARE, far)


def _centres(wave: WaveResult) -> Weighed:
    moved = _moved(wave, SMALL_MOVE)
    return _made("centres", _farthest(wave), bool(moved), moved)


def _moved(wave: WaveResult, limit: float) -> list[int]:
    return [
        one.segment
        for one in wave.movements
        if one.segment and one.distance is not None and one.distance >= limit and one.moved
    ]


def _farthest(wave: WaveResult) -> float | None:
    known = [one.distance for one in wave.movements if one.segment and one.distance is not None]
    return max(known, default=None)


def _sizes(wave: WaveResult) -> Weighed:
    found = wave.size_stability
    changed = [number for number, change in wave.size_changes.items() if change.significant]
    figure = found.psi if found is not None else None
    return _made("sizes", figure, found is not None and found.band == "act", changed)


def _uncertain(first: WaveResult, wave: WaveResult, expected: float) -> Weighed:
    """Uncertain beyond both the first wave and what cross-validation promised, for sure."""
    now, before = wave.certainty[0], first.certainty[0]
    rise = now.uncertain - max(before.uncertain, expected)
    change = wave.uncertain_beyond if expected > before.uncertain else now.uncertain_change
    sure = change is not None and change.significant
    return _made("uncertain", rise, sure and rise >= RULES["uncertain"].limit)


def _questions(wave: WaveResult) -> Weighed:
    moved = [one.variable for one in wave.questions if one.stability.band == "act"]
    largest = max((one.stability.psi for one in wave.questions), default=None)
    return _made("questions", largest, bool(moved), (), moved)


def _unplaced(first: WaveResult, wave: WaveResult) -> Weighed:
    rise = wave.unplaced / wave.n - first.unplaced / first.n
    return _made("unplaced", rise, rise >= RULES["unplaced"].limit)


def _sample(wave: WaveResult) -> Weighed:
    moved = [
        one.variable
        for one in wave.sample
        if one.stability.band != "steady" and one.p_adjusted is not None and one.p_adjusted < 0.05
    ]
    largest = max((one.stability.psi for one in wave.sample), default=None)
    return _made("sample", largest, bool(moved), (), moved)
