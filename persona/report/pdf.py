"""The study report and the personas on paper, without a browser and without the network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from persona import resources
from persona.report import outline
from persona.report.html import (
    Rendered,
    common,
    own_templates,
    persona_view,
    sections,
    shipped,
    stylesheet,
)
from persona.report.pdf_engines import Description, engine, printed
from persona.report.sections import Context
from persona.report.sections.personas import PersonaView
from persona.report.templates import render
from persona.report.theme import Theme

__all__ = [
    "NO_DATE",
    "Description",
    "engine",
    "paper_css",
    "persona_pdf",
    "printed",
    "report_pdf",
]

NO_DATE = dt.date(2000, 1, 1)
"""Stands in the metadata of a study without a date; never the day of the run."""
_UNSEEN = Markup(".section * { visibility: hidden } .section [id] { visibility: visible }")
"""Leaves the sections blank and in their place; what has a name is seen, so that it is found."""


@dataclass(frozen=True)
class ContentsEntry:
    """One line of the contents: its title, anchor, depth and page."""

    title: str
    anchor: str
    depth: int
    page: str


def report_pdf(context: Context) -> bytes:
    """The study report as PDF: cover, contents, running heads, page numbers, bookmarks."""
    context = context.on("print")
    theme, rendered = context.theme, sections(context)
    marks = _bookmarks(rendered)
    pages: Mapping[str, outline.Place] = {}
    if engine() != "weasyprint":
        # Page numbers of the contents are known once the pages are set; nothing need be painted.
        # WeasyPrint, which takes longer than the others, counts them itself.
        blank = _report_page(context, rendered, marks, {}, unseen=True)
        pages = outline.places(printed(blank, theme, _description(context)))
    made = printed(_report_page(context, rendered, marks, pages), theme, _description(context))
    return outline.with_outline(made, marks, context.language.code)


def persona_pdf(context: Context, *segments: int) -> bytes:
    """One persona as PDF, or several, one a page with bookmarks."""
    context = context.on("print")
    shown = [persona_view(context, segment) for segment in segments]
    title = shown[0].name if len(shown) == 1 else context.language.gettext("Personas")
    description = _description(context, title)
    page = render(
        "persona_print.html",
        context.language,
        own_templates(context.report),
        personas=shown,
        page_title=title,
        css=paper_css(context.theme),
        foot=_foot(context),
        description=description,
        **common(context),
    )
    marks = [outline.Bookmark(one.name, one.anchor) for one in shown]
    made = printed(page, context.theme, description)
    return outline.with_outline(made, marks, context.language.code)


def _bookmarks(rendered: Sequence[Rendered]) -> list[outline.Bookmark]:
    marks = []
    for section in rendered:
        marks.append(outline.Bookmark(section.title, section.id))
        if section.id == "personas":
            personas: tuple[PersonaView, ...] = section.data.personas
            marks += [outline.Bookmark(one.name, one.anchor, 2) for one in personas]
    return marks


def _report_page(
    context: Context,
    rendered: Sequence[Rendered],
    marks: Sequence[outline.Bookmark],
    pages: Mapping[str, outline.Place],
    *,
    unseen: bool = False,
) -> Markup:
    contents = [
        ContentsEntry(
            mark.title,
            mark.anchor,
            mark.depth,
            str(pages[mark.anchor].page) if mark.anchor in pages else "",
        )
        for mark in marks
    ]
    personas: tuple[PersonaView, ...] = next(
        (section.data.personas for section in rendered if section.id == "personas"), ()
    )
    return render(
        "report.html",
        context.language,
        own_templates(context.report),
        sections=rendered,
        personas=personas,
        contents=contents,
        css=paper_css(context.theme) + (_UNSEEN if unseen else ""),
        foot=_foot(context),
        counted=engine() == "weasyprint",
        description=_description(context),
        **common(context),
    )


def _foot(context: Context) -> str:
    parts = [context.report.client, context.language.date(context.report.date)]
    if context.report.date is None:
        parts = parts[:1]
    return " · ".join(part for part in parts if part)


def paper_css(theme: Theme) -> Markup:
    """Everything a page on paper looks like."""
    folder = resources.root("reports")
    embedded = engine() != "plutoprint"
    sheets = [shipped(folder / name) for name in ("report.css", "print.css")]
    return Markup("\n".join([stylesheet(theme, embedded=embedded), *sheets]))


def _description(context: Context, name: str = "") -> Description:
    title = context.text(context.report.title)
    return Description(
        title=f"{name} – {title}" if name else title,
        subject=context.language.gettext("Segmentation and personas"),
        language=context.language.code,
        date=context.report.date or NO_DATE,
    )
