"""The study report and the personas on paper, without a browser and without the network."""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
import io
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

import persona as package
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
from persona.report.sections import Context
from persona.report.sections.personas import PersonaView
from persona.report.templates import render
from persona.report.theme import Theme

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
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


@dataclass(frozen=True)
class Description:
    """What the file says of itself."""

    title: str
    subject: str
    language: str
    date: dt.date


def engine() -> str | None:
    """What turns pages into PDF here: plutoprint, WeasyPrint, a browser, or nothing.

    Returns
    -------
    str or None
        ``"plutoprint"``, ``"weasyprint"``, the path of a browser, or None.
    """
    if importlib.util.find_spec("plutoprint"):
        return "plutoprint"
    if importlib.util.find_spec("weasyprint"):
        return "weasyprint"
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def report_pdf(context: Context) -> bytes:
    """The study report as PDF: cover, contents, running heads, page numbers, bookmarks."""
    context = context.on("print")
    theme, rendered = context.theme, sections(context)
    marks = _bookmarks(rendered)
    pages: Mapping[str, outline.Place] = {}
    if engine() == "plutoprint":
        # Page numbers of the contents are known once the pages are set; nothing need be painted.
        blank = _report_page(context, rendered, marks, {}, unseen=True)
        pages = outline.places(printed(blank, theme, _description(context)))
    made = printed(_report_page(context, rendered, marks, pages), theme, _description(context))
    return outline.with_outline(made, marks, context.language.code)


def persona_pdf(context: Context, *segments: int) -> bytes:
    """One persona as PDF, or several, one a page with bookmarks."""
    context = context.on("print")
    shown = [persona_view(context, segment) for segment in segments]
    title = shown[0].name if len(shown) == 1 else context.language.gettext("Personas")
    page = render(
        "persona_print.html",
        context.language,
        own_templates(context.report),
        personas=shown,
        page_title=title,
        css=paper_css(context.theme),
        foot=_foot(context),
        **common(context),
    )
    description = _description(context, title)
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


def printed(page: str, theme: Theme, description: Description) -> bytes:
    """A page as PDF, by what this machine has for it."""
    found = engine()
    if found == "plutoprint":
        return _with_plutoprint(page, theme, description)
    if found == "weasyprint":
        return _with_weasyprint(page)
    assert found is not None
    return _with_browser(page, found)


def _with_plutoprint(page: str, theme: Theme, description: Description) -> bytes:
    plutoprint: Any = importlib.import_module("plutoprint")
    fonts = {f"report:///fonts/{face}": path for face, path in theme.fonts.items()}

    class Shelf(plutoprint.ResourceFetcher):  # type: ignore[misc]
        """Hands out the fonts of the theme; every other address stays empty."""

        def fetch_url(self, url: str) -> object:
            path = fonts.get(url)
            if path is not None:
                # The engine keeps fonts until the process ends. Bytes of Python would be gone
                # by then and end it with a crash; those it reads itself are its own.
                return plutoprint.default_resource_fetcher.fetch_url(path.as_uri())
            if url.startswith("data:"):
                return plutoprint.default_resource_fetcher.fetch_url(url)
            return plutoprint.ResourceData(b"", "text/plain", "")

    book = plutoprint.Book(
        plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NORMAL, plutoprint.MEDIA_TYPE_PRINT
    )
    book.custom_resource_fetcher = Shelf()
    book.load_html(page, base_url="report:///page.html")
    moment = f"{description.date.isoformat()}T00:00:00Z"
    for name, value in (
        (plutoprint.PDF_METADATA_TITLE, description.title),
        (plutoprint.PDF_METADATA_SUBJECT, description.subject),
        (plutoprint.PDF_METADATA_CREATOR, f"persona {package.__version__}"),
        (plutoprint.PDF_METADATA_CREATION_DATE, moment),
        (plutoprint.PDF_METADATA_MODIFICATION_DATE, moment),
    ):
        book.set_metadata(name, value)
    target = io.BytesIO()
    book.write_to_pdf_stream(target)
    return target.getvalue()


def _with_weasyprint(page: str) -> bytes:
    weasyprint: Any = importlib.import_module("weasyprint")

    def fetch(url: str, *_: object, **__: object) -> object:
        if url.startswith("data:"):
            return weasyprint.default_url_fetcher(url)
        raise ValueError("addresses are not fetched")

    return bytes(weasyprint.HTML(string=page, url_fetcher=fetch).write_pdf(pdf_tags=True))


def _with_browser(page: str, browser: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        subprocess.run(
            [
                browser,
                "--headless",
                "--disable-gpu",
                "--no-sandbox",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                f"--user-data-dir={folder}/profile",
                "--no-pdf-header-footer",
                f"--print-to-pdf={target}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return target.read_bytes()
