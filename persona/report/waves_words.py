"""The advice, its rules and what became of statements and segments, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from persona.report.locale import NOTHING, message
from persona.report.waves_model import WavesContext
from persona.waves import RULES, SegmentEvent, WaveResult, Weighed

ADVICE: Mapping[str, str] = {
    "keep": message("Keep the segments"),
    "refresh": message("Keep the segments, refresh the rule"),
    "anew": message("Segment anew"),
}
LEADS: Mapping[str, str] = {
    "keep": message("Nothing in {wave} speaks against the segments: follow them on as they are."),
    "refresh": message(
        "The segments stand in {wave}, but the rule that places people, or their sizes, should "
        "be learned again from the new answers."
    ),
    "anew": message(
        "The segments no longer describe {wave}: make new ones from the new answers, and "
        "align them with these."
    ),
}
RULE_NAMES: Mapping[str, str] = {
    "vanished": message("A segment is gone: smallest share"),
    "agreement": message("The wave by itself shows these segments: adjusted Rand index"),
    "new_segment": message("A new segment shows: its share"),
    "statements": message("Statements of the personas lost: share"),
    "far_centres": message("A third of the people in segments that moved far: largest move"),
    "sizes": message("Sizes of the segments shifted: stability index"),
    "uncertain": message("More people are uncertain than expected: points"),
    "centres": message("Segments moved: largest move"),
    "questions": message("Answers that place people shifted: largest stability index"),
    "persona": message("A persona lost most of its statements: largest share"),
    "unplaced": message("More people cannot be placed: points"),
    "sample": message("Another sample answered: largest stability index"),
}
LEVELS: Mapping[str, str] = {
    "anew": message("segment anew"),
    "refresh": message("refresh"),
    "care": message("read with care"),
}
_BELOW = frozenset({"vanished", "agreement"})
_SHARES = frozenset({"vanished", "new_segment", "statements", "uncertain", "persona", "unplaced"})
STANDINGS: Mapping[str, str] = {
    "holds": message("holds"),
    "weaker": message("weaker"),
    "no_longer": message("no longer"),
    "reversed": message("reversed"),
    "not_asked": message("not asked"),
    "too_few": message("too few to say"),
    "not_by_placing": message("not seen by placing"),
}
EVENTS: Mapping[str, str] = {
    "same": message("{earlier} is found again (overlap {overlap}); {share} of people."),
    "split": message("{earlier} splits into {later}; together {share} of people."),
    "merge": message("{earlier} come together in {later}; {share} of people."),
    "new": message("New: {later}; {share} of people."),
    "gone": message("{earlier} is not found again."),
}
NOT_RESEGMENTED: Mapping[str, str] = {
    "not_asked_for": message("The wave was not segmented by itself: it was not asked for."),
    "failed": message("The wave could not be segmented by itself; the warnings below say why."),
    "basis_not_asked": message(
        "The wave was not segmented by itself: it does not ask every question of the basis."
    ),
    "too_few": message(
        "The wave was not segmented by itself: with fewer than 60 respondents a segment it would "
        "show chance (Dolnicar et al. 2014). The option --resegment does it all the same."
    ),
}


@dataclass(frozen=True)
class RuleRow:
    """One rule as it is shown: what it asks, its figure, limit, whether broken, and its source."""

    name: str
    figure: str
    limit: str
    verdict: str
    level: str
    source: str
    broken: bool


def rule_rows(wave: WaveResult, context: WavesContext) -> tuple[RuleRow, ...]:
    """Every rule of the advice as it was weighed for a wave."""
    language = context.language
    rows = []
    for one in wave.advice.weighed if wave.advice else ():
        sign = "<" if one.rule in _BELOW else "≥"
        source = RULES[one.rule].source
        rows.append(
            RuleRow(
                language.gettext(RULE_NAMES[one.rule]),
                _figure(one, one.figure, context),
                f"{sign} {_figure(one, one.limit, context)}",
                f"● {language.gettext('yes')}" if one.broken else language.gettext("no"),
                language.gettext(LEVELS[one.level]),
                language.gettext("own rule of thumb") if source == "own" else source,
                one.broken,
            )
        )
    return tuple(rows)


def _figure(one: Weighed, value: float | None, context: WavesContext) -> str:
    if value is None:
        return NOTHING
    if one.rule in _SHARES:
        return context.language.share(value)
    return context.language.number(value, 2)


def reasons(wave: WaveResult, context: WavesContext) -> tuple[str, ...]:
    """Why the advice is what it is, a sentence a rule broken."""
    advice = wave.advice
    if advice is None:
        return ()
    return tuple(text for one in advice.reasons for text in _sentences(one, wave, context))


def cautions(wave: WaveResult, context: WavesContext) -> tuple[str, ...]:
    """What to read the figures with."""
    advice = wave.advice
    if advice is None:
        return ()
    return tuple(text for one in advice.cautions for text in _sentences(one, wave, context))


def _sentences(one: Weighed, wave: WaveResult, context: WavesContext) -> list[str]:
    """A rule that was broken, in a sentence or one a segment."""
    own = {"vanished": _vanished, "new_segment": _new_segment}.get(one.rule)
    if own is not None:
        return own(one, wave, context)
    figures = _values(one, wave, context)
    return [context.language.gettext(_TOLD[one.rule], **figures)]


_TOLD: Mapping[str, str] = {
    "agreement": message(
        "Segmented by itself, the wave agrees with the segments placed to {figure} alone "
        "(adjusted Rand index), where {expected} was to be expected."
    ),
    "statements": message("{share} of the statements that can be judged are lost."),
    "persona": message("Most statements are lost of: {names}."),
    "far_centres": message(
        "Moved on the questions that made them: {names}; up to {figure} standard deviations."
    ),
    "centres": message(
        "Moved on the questions that made them: {names}; up to {figure} standard deviations."
    ),
    "sizes": message("The sizes shifted (stability index {figure}); for sure: {names}."),
    "uncertain": message(
        "{share} of people are near another segment; {expected} were to be expected."
    ),
    "questions": message(
        "Answers that place people shifted (stability index up to {figure}): {texts}."
    ),
    "unplaced": message("{share} of people cannot be placed; in the first wave {expected}."),
    "sample": message(
        "Another sample answered (stability index up to {figure}): {texts}. A change of the "
        "sample is not a change of the segments."
    ),
}
"""What a broken rule says; its values are those of :func:`_values`."""


def _values(one: Weighed, wave: WaveResult, context: WavesContext) -> dict[str, str]:
    """The figure of a rule, what it is held against, and whom it is about."""
    language, first = context.language, context.tracking.first
    figure = one.figure if one.figure is not None else 0.0
    share, expected = language.share(figure), NOTHING
    if one.rule == "agreement" and wave.realignment is not None:
        expected = language.number(wave.realignment.expected, 2)
    elif one.rule == "uncertain":
        uncertain = wave.certainty[0].uncertain
        share, expected = language.share(uncertain), language.share(uncertain - figure)
    elif one.rule == "unplaced":
        share = language.share(wave.unplaced / wave.n)
        expected = language.share(first.unplaced / first.n)
    texts = [context.variable(name) for name in one.variables[:4]]
    if len(one.variables) > 4:
        texts.append("…")
    return {
        "figure": language.number(figure, 2),
        "share": share,
        "expected": expected,
        "names": context.names(one.segments) or NOTHING,
        "texts": "; ".join(texts),
    }


def _vanished(one: Weighed, wave: WaveResult, context: WavesContext) -> list[str]:
    share, first = context.language.share, context.tracking.first
    return [
        context.language.gettext(
            "{name} is gone: {share} of people, {before} in the first wave.",
            name=context.name(segment),
            share=share(wave.size(segment).share, 1),
            before=share(first.size(segment).share, 1),
        )
        for segment in one.segments
    ]


def _new_segment(one: Weighed, wave: WaveResult, context: WavesContext) -> list[str]:
    found = wave.realignment.events if wave.realignment else ()
    return [
        event_text(event, wave, context)
        for event in found
        if event.kind == "new" and set(event.later) & set(one.segments)
    ]


def event_text(event: SegmentEvent, wave: WaveResult, context: WavesContext) -> str:
    """What became of a segment when the wave was segmented by itself."""
    language = context.language
    later = "; ".join(later_name(number, wave, context) for number in event.later)
    return language.gettext(
        EVENTS[event.kind],
        earlier=context.names(event.earlier),
        later=later,
        overlap=language.number(event.overlap, 2),
        share=language.share(event.share),
    )


def later_name(number: int, wave: WaveResult, context: WavesContext) -> str:
    """The name proposed for a segment that was found in the wave."""
    names = wave.realignment.names if wave.realignment else {}
    return context.text(names[number]) if number in names else str(number)
