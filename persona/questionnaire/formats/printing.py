"""The questionnaire on paper: one HTML file that opens offline, and the same as PDF."""

from __future__ import annotations

import base64
import importlib
import importlib.util
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from persona.errors import OutputError, error
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats.print_views import SectionView, section_views
from persona.questionnaire.texts import text_in
from persona.resources import root

_FACES = {"regular": ("normal", "normal"), "bold": ("bold", "normal"),
          "italic": ("normal", "italic")}  # fmt: skip
_ADDRESS = "print:///fonts/"


def questionnaire_html(
    declaration: Declaration, language: str | None = None, *, embedded: bool = True
) -> str:
    """The printable questionnaire in a language, as one HTML page.

    Parameters
    ----------
    declaration : Declaration
    language : str, optional
        The default language unless said otherwise.
    embedded : bool
        The fonts stand in the page itself.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    spoken = language or declaration.language
    folder = root("reports") / "questionnaire"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    style = (folder / "questionnaire.css").read_text(encoding="utf-8")
    sections: Sequence[SectionView] = section_views(declaration, spoken)
    return environment.get_template("questionnaire.html").render(
        language=spoken,
        title=text_in(declaration.title, spoken, declaration.language) or declaration.id,
        style=Markup(f"{_fonts(embedded)}\n{style}"),
        sections=sections,
    )


def _fonts(embedded: bool) -> str:
    """Rules for the shipped faces; none where they are not shipped."""
    rules = []
    for face, (weight, style) in _FACES.items():
        suffix = "woff2" if embedded else "otf"
        path = root("reports") / "fonts" / f"persona-sans-{face}.{suffix}"
        if not path.is_file():
            continue
        source = f"{_ADDRESS}{path.name}"
        if embedded:
            source = f"data:font/woff2;base64,{base64.b64encode(path.read_bytes()).decode()}"
        rules.append(
            f'@font-face {{ font-family: "Persona Sans"; font-weight: {weight}; '
            f'font-style: {style}; src: url("{source}"); }}'
        )
    return "\n".join(rules)


def write_questionnaire_html(
    declaration: Declaration, path: Path, language: str | None = None
) -> None:
    """Write the printable questionnaire as HTML.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    _write(path, questionnaire_html(declaration, language).encode("utf-8"))


def write_questionnaire_pdf(
    declaration: Declaration, path: Path, language: str | None = None
) -> None:
    """Write the printable questionnaire as PDF.

    Raises
    ------
    OutputError
        When nothing on this machine makes PDF, or the file cannot be written.
    """
    if importlib.util.find_spec("plutoprint") is None:
        raise OutputError(
            error(
                "output.no_pdf",
                "Nothing on this machine turns pages into PDF.",
                file=str(path),
                remedy="Write the questionnaire as .html, open it in a browser and print it.",
            )
        )
    spoken = language or declaration.language
    title = text_in(declaration.title, spoken, declaration.language)
    _write(path, _pdf(questionnaire_html(declaration, spoken, embedded=False), title))


def _pdf(page: str, title: str) -> bytes:
    plutoprint: Any = importlib.import_module("plutoprint")
    fonts: Mapping[str, Path] = {
        f"{_ADDRESS}{path.name}": path for path in (root("reports") / "fonts").glob("*.otf")
    }

    class Shelf(plutoprint.ResourceFetcher):  # type: ignore[misc]
        """Hands out the shipped fonts; nothing else is fetched."""

        def fetch_url(self, url: str) -> object:
            path = fonts.get(url)
            if path is not None:
                return plutoprint.default_resource_fetcher.fetch_url(path.as_uri())
            return plutoprint.ResourceData(b"", "text/plain", "")

    book = plutoprint.Book(
        plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NORMAL, plutoprint.MEDIA_TYPE_PRINT
    )
    book.custom_resource_fetcher = Shelf()
    book.load_html(page, base_url="print:///page.html")
    for name, value in (
        (plutoprint.PDF_METADATA_TITLE, title),
        (plutoprint.PDF_METADATA_CREATOR, "persona"),
        (plutoprint.PDF_METADATA_CREATION_DATE, "2000-01-01T00:00:00Z"),
        (plutoprint.PDF_METADATA_MODIFICATION_DATE, "2000-01-01T00:00:00Z"),
    ):
        book.set_metadata(name, value)
    target = io.BytesIO()
    book.write_to_pdf_stream(target)
    return target.getvalue()


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as trouble:
        raise OutputError(
            error("output.file", "The file cannot be written: {why}.", file=str(path),
                  remedy="Choose another place.", values={"why": trouble.strerror})
        ) from None  # fmt: skip
