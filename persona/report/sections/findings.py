"""Findings: what the study says, each sentence with its figures."""

from __future__ import annotations

from dataclasses import dataclass

from persona.profiling.persona import Persona
from persona.report.locale import Language, message
from persona.report.sections.base import Context, Section, letter
from persona.report.statements import Said, leading

VERDICTS = {
    "natural": message(
        "The segments are natural: they are set apart more clearly than data of the same "
        "correlations without segments would be."
    ),
    "reproducible": message(
        "The segments are reproducible: the same ones come back in resamples, though the data "
        "do not fall apart into them by nature."
    ),
    "constructed": message(
        "The segments are constructed: they are a useful division of people who differ by degree; "
        "another division could serve as well."
    ),
    "none": message(
        "The data hold no segments: they gain no more from being divided than data of the same "
        "correlations without segments would."
    ),
    "given": message("The segments were made by a rule and are as real as the rule."),
}


@dataclass(frozen=True)
class Tile:
    """One large figure and what it counts."""

    figure: str
    label: str


@dataclass(frozen=True)
class Finding:
    """One sentence; ``lead`` and ``segment`` (a letter) are empty for the whole study."""

    text: str
    lead: str = ""
    note: str = ""
    segment: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Findings:
    """The first page: large figures, then sentences."""

    tiles: tuple[Tile, ...]
    findings: tuple[Finding, ...]


def build(context: Context) -> Findings:
    """Large figures and the sentences a client reads first."""
    return Findings(_tiles(context), (*_overall(context), *_by_segment(context)))


def _tiles(context: Context) -> tuple[Tile, ...]:
    report, language = context.report, context.language
    warnings = sum(problem.severity != "note" for problem in report.problems)
    tiles = [
        _tile(
            report.profile.n,
            language.ngettext("respondent", "respondents", report.profile.n),
            language,
        ),
        _tile(
            len(report.profile.segments),
            language.ngettext("segment", "segments", len(report.profile.segments)),
            language,
        ),
    ]
    if report.weights.weighted:
        effective = language.number(report.profile.effective_n)
        tiles.append(Tile(effective, language.gettext("effective sample after weighting")))
    if report.factors:
        count = sum(section.solution.loadings.shape[1] for section in report.factors)
        tiles.append(
            _tile(
                count,
                language.ngettext(
                    "factor behind the attitudes", "factors behind the attitudes", count
                ),
                language,
            )
        )
    tiles.append(
        _tile(
            warnings, language.ngettext("warning to read", "warnings to read", warnings), language
        )
    )
    return tuple(tiles)


def _tile(count: int, label: str, language: Language) -> Tile:
    return Tile(language.number(count), label)


def _overall(context: Context) -> list[Finding]:
    report, language = context.report, context.language
    sizes = report.profile.segments
    found: list[Finding] = []
    if sizes:
        largest = max(sizes, key=lambda size: size.share)
        text = language.ngettext(
            "{n} segment was found among {respondents} respondents; it holds {share} of them.",
            "{n} segments were found among {respondents} respondents; the largest, “{name}”, "
            "holds {share} of them (95% interval {interval}).",
            len(sizes),
            respondents=language.number(report.profile.n),
            name=context.name(largest.segment),
            share=language.share(largest.share),
            interval=language.interval(largest.low * 100, largest.high * 100),
        )
        found.append(Finding(text))
    verdict = str(report.segmentation.verdict)
    if verdict in VERDICTS:
        found.append(Finding(language.gettext(VERDICTS[verdict]), note=_stability(context)))
    richest = _richest(context)
    if richest is not None:
        found.append(richest)
    return found


def _stability(context: Context) -> str:
    values = [one.stability for one in context.report.personas if one.stability is not None]
    if not values:
        return ""
    return context.language.gettext(
        "Found again in resamples: Jaccard {low} to {high}.",
        low=context.language.number(min(values), 2),
        high=context.language.number(max(values), 2),
    )


def _richest(context: Context) -> Finding | None:
    """The segment that is worth most beside its size, where value was asked."""
    language = context.language
    shares = [
        (value.index, size, value)
        for size in context.report.profile.segments
        for value in list(size.value.values())[:1]
        if value.index is not None and value.share is not None
    ]
    if not shares:
        return None
    index, size, value = max(shares, key=lambda one: one[0])
    text = language.gettext(
        "{people} of the respondents and {worth} of “{measure}” (index {index}).",
        people=language.share(size.share),
        worth=language.share(value.share),
        measure=context.text(value.text),
        index=language.number(index),
    )
    base = language.ngettext("{n} respondent", "{n} respondents", value.base)
    return Finding(
        text,
        context.name(size.segment),
        base,
        letter(size.segment),
        context.colour(size.segment),
    )


def _by_segment(context: Context) -> list[Finding]:
    found = []
    for persona in context.report.shown_personas:
        telling = _telling(persona, context)
        if not telling:
            continue
        bases = dict.fromkeys(
            context.language.ngettext("{n} respondent", "{n} respondents", one.base)
            for one in telling
        )
        found.append(
            Finding(
                " ".join(one.sentence for one in telling),
                context.name(persona.segment),
                " · ".join(bases),
                letter(persona.segment),
                context.colour(persona.segment),
            )
        )
    return [*found, *_excluded(context)]


def _telling(persona: Persona, context: Context) -> tuple[Said, ...]:
    """What a segment wants and what it does, where both set it apart; else its first statement."""
    ordered = leading(persona, context.said[persona.segment])
    first = ordered[:1]
    if not first or not first[0].more:
        return first
    block = {statement.id: statement.block for statement in persona.statements}
    others = [
        one
        for one in ordered[1:]
        if one.more
        and block[one.id] in ("expects", "behaves")
        and block[one.id] != block[first[0].id]
    ]
    return (*first, *others[:1])


def _excluded(context: Context) -> list[Finding]:
    """The segments that a decision left out, by name."""
    names = [context.name(segment) for segment in context.report.excluded]
    if not names:
        return []
    text = context.language.gettext(
        "{names}: left out by decision; no persona, still in the tables.",
        names=", ".join(context.language.gettext("“{text}”", text=name) for name in names),
    )
    return [Finding(text)]


SECTION = Section("findings", message("Findings"), build)
