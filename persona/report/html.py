"""The study report and the persona pages as HTML: one file each, every language inside."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

import persona as package
from persona import resources
from persona.report.locale import Language
from persona.report.model import StudyReport
from persona.report.sections import SECTIONS, Context
from persona.report.sections.personas import PersonaView, view
from persona.report.templates import render
from persona.report.theme import Theme


@dataclass(frozen=True)
class Rendered:
    """One section in HTML, with the data it came from."""

    id: str
    title: str
    html: Markup
    data: Any


@dataclass(frozen=True)
class Page:
    """One language of a page."""

    code: str
    title: str
    direction: str
    html: Markup


def own_templates(report: StudyReport) -> Path | None:
    """The folder of the study's own templates, when it has one."""
    folder = None if report.folder is None else report.folder / "templates"
    return folder if folder is not None and folder.is_dir() else None


def common(context: Context) -> dict[str, object]:
    """What every page knows."""
    report, language = context.report, context.language
    return {
        "medium": context.medium,
        "theme": context.theme,
        "title": context.text(report.title),
        "client": report.client,
        "date": language.date(report.date) if report.date else "",
        "n": report.profile.n,
        "k": len(report.profile.segments),
        "logo": context.theme.logo,
        "version": package.__version__,
        "fingerprint": report.fingerprint,
        "seed": str(report.seed),
    }


def sections(context: Context) -> tuple[Rendered, ...]:
    """The sections that have something to show, rendered for the context's medium."""
    own = own_templates(context.report)
    found = []
    for identifier, section in SECTIONS.items():
        if context.medium not in section.media:
            continue
        data = section.data(context)
        if data is None:
            continue
        html = render(
            f"sections/{identifier}.html", context.language, own, data=data, **common(context)
        )
        title = context.language.gettext(section.title)
        found.append(Rendered(identifier, title, html, data))
    return tuple(found)


def index_html(contexts: Sequence[Context]) -> str:
    """The study report with all its languages, one context each, in one file."""
    languages = [context.language for context in contexts]
    pages = []
    for context in contexts:
        screen = context.on("screen")
        values = common(screen)
        html = render(
            "index.html",
            context.language,
            own_templates(context.report),
            sections=sections(screen),
            languages=languages,
            **values,
        )
        code, direction = context.language.code, context.language.direction
        pages.append(Page(code, str(values["title"]), direction, html))
    return document(
        pages, contexts[0].theme, contexts[0].language, own_templates(contexts[0].report)
    )


def persona_html(contexts: Sequence[Context], segment: int) -> str:
    """The page of one persona with all its languages, one context each, in one file."""
    languages = [context.language for context in contexts]
    pages = []
    for context in contexts:
        screen = context.on("screen")
        shown = persona_view(screen, segment)
        html = render(
            "persona.html",
            context.language,
            own_templates(context.report),
            persona=shown,
            languages=languages,
            **common(screen),
        )
        title = f"{shown.name} – {context.text(context.report.title)}"
        code, direction = context.language.code, context.language.direction
        pages.append(Page(code, title, direction, html))
    return document(
        pages, contexts[0].theme, contexts[0].language, own_templates(contexts[0].report)
    )


def persona_view(context: Context, segment: int) -> PersonaView:
    """One persona of the study in words and figures."""
    found = context.persona(segment)
    if found is None:
        raise KeyError(segment)
    return view(found, context)


def document(pages: Sequence[Page], theme: Theme, language: Language, own: Path | None) -> str:
    """A file that opens in ``language`` and holds every page, with all it needs inside."""
    folder = resources.root("reports")
    css = (
        f"{stylesheet(theme, embedded=True)}\n{shipped(folder / 'report.css')}\n"
        f"{shipped(folder / 'screen.css')}"
    )
    return str(
        render(
            "document.html",
            language,
            own,
            medium="screen",
            pages=pages,
            page_title=pages[0].title,
            css=Markup(css),
            script=Markup(shipped(folder / "report.js")),
            version=package.__version__,
        )
    )


def stylesheet(theme: Theme, *, embedded: bool) -> str:
    """Fonts and colours of a theme; fonts embedded, or by names that the PDF engine asks for."""
    faces = []
    for face, weight, style in (
        ("regular", 400, "normal"),
        ("bold", 700, "normal"),
        ("italic", 400, "italic"),
    ):
        source = _data(theme.fonts[face]) if embedded else f"report:///fonts/{face}"
        faces.append(
            f"@font-face{{font-family:'{theme.family}';font-weight:{weight};font-style:{style};"
            f"src:url({source})}}"
        )
    light = "".join(f"--{name}:{value};" for name, value in theme.colours.items())
    dark = "".join(f"--{name}:{value};" for name, value in theme.dark.items())
    # The PDF engine searches the machine for every family named, in each document anew.
    others = "'Segoe UI','Noto Sans','DejaVu Sans'," if embedded else ""
    font = f"--font:'{theme.family}',{others}sans-serif;"
    rules = [*faces, f":root{{{light}{font}}}"]
    if embedded:
        rules.append(f":root[data-look=dark]{{{dark}color-scheme:dark}}")
    return "\n".join(rules)


@lru_cache(maxsize=16)
def _data(path: Path) -> str:
    kind = {".woff2": "font/woff2", ".woff": "font/woff", ".otf": "font/otf"}
    content = base64.b64encode(path.read_bytes()).decode()
    return f"data:{kind.get(path.suffix.lower(), 'font/ttf')};base64,{content}"


@lru_cache(maxsize=16)
def shipped(path: Path) -> str:
    """A shipped text file, read once."""
    return path.read_text(encoding="utf-8")
