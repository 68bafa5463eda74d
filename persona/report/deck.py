"""``deck.pptx``: findings, segments, personas, value and tests, with charts to be edited there."""

from __future__ import annotations

import io
from typing import Any

from persona.report.archive import steady
from persona.report.deck_personas import parts_slide, persona_slide
from persona.report.deck_worth import attractiveness_slide, shares_slide, tests_slide, value_slide
from persona.report.native_charts import bars
from persona.report.sections import SECTIONS
from persona.report.sections.base import Context, letter
from persona.report.sections.findings import VERDICTS, Findings
from persona.report.sections.personas import view
from persona.report.sections.segments import build as segments
from persona.report.slides import INNER, MARGIN, Line, Slides


def deck(context: Context) -> bytes:
    """The slides of a study in one language.

    Title, findings, sizes; two slides a persona (its blocks with a chart of what sets it apart;
    its needs, motives and channels); value, the tests of the segments and their attractiveness
    where there are any; how certain the segments are.
    """
    slides = Slides(context)
    _cover(slides)
    _findings(slides)
    _sizes(slides)
    differences: Any = SECTIONS["comparison"].data(context)
    for persona in context.report.shown_personas:
        shown = view(persona, context)
        persona_slide(slides, shown, differences)
        parts_slide(slides, shown)
    value_slide(slides)
    shares_slide(slides)
    tests_slide(slides)
    attractiveness_slide(slides)
    _certainty(slides)
    _describe(slides.show, context)
    target = io.BytesIO()
    slides.show.save(target)
    return steady(target.getvalue(), _moment(context))


def _moment(context: Context) -> str:
    date = context.report.date
    return f"{date.isoformat() if date else '2000-01-01'}T00:00:00Z"


def _describe(show: Any, context: Context) -> None:
    properties = show.core_properties
    properties.title = context.text(context.report.title)[:255]
    properties.subject = context.language.gettext("Segmentation and personas")
    properties.author = "persona"
    properties.comments = ""
    properties.last_modified_by = "persona"
    properties.language = context.language.code
    properties.revision = 1


def _cover(slides: Slides) -> None:
    """Title, client, date and size of the study."""
    from pptx.util import Inches, Pt

    context, language = slides.context, slides.context.language
    slide = slides.add(context.text(context.report.title))
    title = slide.shapes.title
    title.top, title.height = Inches(2.6), Inches(1.2)
    title.text_frame.paragraphs[0].runs[0].font.size = Pt(40)
    slides.bar(slide, (MARGIN + 0.1, 2.3, 0.9, 0.1), slides.colours["accent"])
    count = len(context.report.profile.segments)
    facts = " · ".join(
        (
            language.ngettext("{n} respondent", "{n} respondents", context.report.profile.n),
            language.ngettext("{n} segment", "{n} segments", count),
        )
    )
    date = language.date(context.report.date) if context.report.date else ""
    who = " · ".join(part for part in (context.report.client, date) if part)
    lines = [(facts, 18, False, slides.colours["ink"]), (who, 14, False, slides.colours["muted"])]
    slides.text(slide, (MARGIN, 3.9, 11, 1.2), lines)


def _findings(slides: Slides) -> None:
    """The sentences a client reads first."""
    data: Any = SECTIONS["findings"].data(slides.context)
    found: Findings = data
    slide = slides.add(slides.say("Findings"))
    width = INNER / max(len(found.tiles), 1)
    for place, tile in enumerate(found.tiles):
        lines: list[Line] = [
            (tile.figure, 28, True, slides.colours["accent"]),
            (tile.label, 11, False, slides.colours["muted"]),
        ]
        slides.text(slide, (MARGIN + place * width, 1.2, width - 0.1, 1.0), lines)
    told = [f"{one.lead}. {one.text}" if one.lead else one.text for one in found.findings[:12]]
    size = 15 if sum(map(len, told)) <= 1_000 else 12 if sum(map(len, told)) <= 1_900 else 10
    sentences = [
        (text, size, False, one.colour or slides.colours["ink"])
        for text, one in zip(told, found.findings, strict=False)
    ]
    slides.text(slide, (MARGIN, 2.35, INNER, 4.7), sentences)


def _sizes(slides: Slides) -> None:
    """Shares of the segments as a native chart, intervals beside it."""
    context, language, say = slides.context, slides.context.language, slides.say
    sizes = context.report.profile.segments
    slide = slides.add(say("Sizes of the segments"))
    values = [
        (context.name(size.segment), size.share, context.colour(size.segment)) for size in sizes
    ]
    bars(slides, slide, (MARGIN, 1.3, 8.2, 5.6), values, "0%", say("Sizes of the segments"))
    lines = [
        (
            f"{letter(size.segment)}  {language.share(size.share, 1)} "
            f"({language.interval(size.low * 100, size.high * 100, 1)}), n = "
            f"{language.number(size.n)}",
            14.0,
            False,
            slides.colours["ink"],
        )
        for size in sizes
    ]
    head = (say("Share with 95% interval"), 12.0, True, slides.colours["muted"])
    slides.text(slide, (9.1, 1.5, 3.7, 5), [head, *lines])


def _certainty(slides: Slides) -> None:
    """The segments in a native table: sizes, stability, certainty."""
    say = slides.say
    data = segments(slides.context)
    slide = slides.add(say("How certain this is"))
    heads = (
        say("Segment"),
        "n",
        say("Share"),
        say("Jaccard"),
        say("Found again"),
        say("Certainty"),
    )
    rows = [heads] + [
        (f"{r.letter}  {r.name}", r.n, r.share, r.jaccard, r.jaccard_word, r.certainty)
        for r in data.rows
    ]
    slides.table(slide, (MARGIN, 1.4, INNER), rows, (4.4, 1.1, 1.3, 1.2, 2.9, 1.2))
    below = 1.7 + 0.42 * len(rows)
    verdict, ink = slides.context.report.segmentation.verdict, slides.colours["ink"]
    lines: list[Line] = [(say(verdict.template, **verdict.values), 13, False, ink)]
    if str(verdict) in VERDICTS:
        lines.insert(0, (say(VERDICTS[str(verdict)]), 15, True, ink))
    slides.text(slide, (MARGIN, below, INNER, 2), lines)
