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
    say, share, number = context.language.gettext, context.language.share, context.language.number
    first, names = context.tracking.first, context.names(one.segments)
    figure = one.figure if one.figure is not None else 0.0
    texts = "; ".join(context.variable(name) for name in one.variables[:4])
    if len(one.variables) > 4:
        texts += "; …"
    match one.rule:
        case "vanished":
            return [
                say(
                    "{name} is gone: {share} of people, {before} in the first wave.",
                    name=context.name(segment),
                    share=share(wave.size(segment).share, 1),
                    before=share(first.size(segment).share, 1),
                )
                for segment in one.segments
            ]
        case "agreement":
            before = wave.realignment.first_agreement if wave.realignment else None
            return [
                say(
                    "Segmented by itself, the wave agrees with the segments placed to {figure} "
                    "alone (adjusted Rand index); the first wave to {before}.",
                    figure=number(figure, 2),
                    before=number(before, 2),
                )
            ]
        case "new_segment":
            return [
                event_text(event, wave, context)
                for event in (wave.realignment.events if wave.realignment else ())
                if event.kind == "new"
            ]
        case "statements":
            return [
                say("{share} of the statements that can be judged are lost.", share=share(figure))
            ]
        case "persona":
            return [say("Most statements are lost of: {names}.", names=names)]
        case "far_centres" | "centres":
            return [
                say(
                    "Moved on the questions that made them: {names}; up to {figure} standard "
                    "deviations.",
                    names=names,
                    figure=number(figure, 2),
                )
            ]
        case "sizes":
            return [
                say(
                    "The sizes shifted (stability index {figure}); for sure: {names}.",
                    figure=number(figure, 2),
                    names=names or NOTHING,
                )
            ]
        case "uncertain":
            return [
                say(
                    "{share} of people are near another segment; {expected} were to be expected.",
                    share=share(wave.certainty[0].uncertain),
                    expected=share(wave.certainty[0].uncertain - figure),
                )
            ]
        case "questions":
            return [
                say(
                    "Answers that place people shifted (stability index up to {figure}): {names}.",
                    figure=number(figure, 2),
                    names=texts,
                )
            ]
        case "unplaced":
            return [
                say(
                    "{share} of people cannot be placed; in the first wave {before}.",
                    share=share(wave.unplaced / wave.n),
                    before=share(first.unplaced / first.n),
                )
            ]
        case _:
            return [
                say(
                    "Another sample answered (stability index up to {figure}): {names}. A change "
                    "of the sample is not a change of the segments.",
                    figure=number(figure, 2),
                    names=texts,
                )
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
