"""The page of the waves in HTML, every language inside, and on paper."""

from __future__ import annotations

from collections.abc import Sequence

import persona as package
from persona.report import outline
from persona.report.html import Page, document
from persona.report.pdf import NO_DATE, Description, paper_css, printed
from persona.report.templates import render
from persona.report.waves_model import WavesContext
from persona.report.waves_views import waves_view


def waves_html(contexts: Sequence[WavesContext]) -> str:
    """The page with all its languages, one context each, in one file."""
    languages = [context.language for context in contexts]
    pages = []
    for context in contexts:
        screen = context.on("screen")
        html = render(
            "waves.html",
            context.language,
            context.own,
            data=waves_view(screen),
            languages=languages,
            **_common(screen),
        )
        code, direction = context.language.code, context.language.direction
        pages.append(Page(code, _title(context), direction, html))
    first = contexts[0]
    return document(pages, first.theme, first.language, first.own)


def waves_pdf(context: WavesContext) -> bytes:
    """The page on paper, with running heads and bookmarks."""
    context = context.on("print")
    view, say = waves_view(context), context.language.gettext
    contents = (
        ("advice", say("Advice")),
        ("sizes", say("Sizes of the segments")),
        ("sample", say("Who answered")),
        ("centres", say("How the segments moved")),
        ("certainty", say("Certainty of placing")),
        ("statements", say("What still holds of the personas")),
        ("resegmented", say("The wave segmented by itself")),
        ("method", say("Method")),
    )
    page = render(
        "waves_print.html",
        context.language,
        context.own,
        data=view,
        contents=contents,
        css=paper_css(context.theme),
        foot=context.report.client,
        **_common(context),
    )
    described = Description(
        title=_title(context),
        subject=say("Waves of a study"),
        language=context.language.code,
        date=context.report.date or NO_DATE,
    )
    marks = [outline.Bookmark(name, anchor) for anchor, name in contents]
    made = printed(page, context.theme, described)
    return outline.with_outline(made, marks, context.language.code)


def _common(context: WavesContext) -> dict[str, object]:
    report = context.report
    return {
        "medium": context.medium,
        "theme": context.theme,
        "title": _title(context),
        "study": context.text(report.title),
        "client": report.client,
        "date": context.language.date(report.date) if report.date else "",
        "logo": context.theme.logo,
        "version": package.__version__,
        "fingerprint": report.tracking.fingerprint,
        "seed": str(report.tracking.seed),
    }


def _title(context: WavesContext) -> str:
    return context.language.gettext("Waves – {study}", study=context.text(context.report.title))
