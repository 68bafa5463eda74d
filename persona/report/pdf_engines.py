"""What turns a page into PDF: plutoprint, WeasyPrint, or a browser found on the machine.

None of them may fetch anything: fonts are handed out or embedded, every other address stays empty.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import persona as package
from persona.errors import OutputError, error
from persona.report.theme import Theme

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
_APPLICATIONS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Chromium.app/Contents/MacOS/Chromium",
)
_PROGRAMS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
_LONGEST_PRINT = 300
"""Seconds after which a browser that does not answer is given up."""


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
    for name in ("plutoprint", "weasyprint"):
        if imports(name):
            return name
    return browser()


@lru_cache(maxsize=4)
def imports(name: str) -> bool:
    """Whether a package is there with all that it needs; WeasyPrint asks the system for Pango."""
    try:
        importlib.import_module(name)
    except (ImportError, OSError):
        return False
    return True


def browser() -> str | None:
    """The path of a Chrome, Edge or Chromium: on the search path, or where systems keep them."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or next((str(path) for path in _usual_places() if path.is_file()), None)


def _usual_places() -> list[Path]:
    if sys.platform == "darwin":
        folders = [Path("/Applications"), Path.home() / "Applications"]
        return [folder / name for folder in folders for name in _APPLICATIONS]
    roots = [os.environ.get(name) for name in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")]
    return [Path(root) / name for root in roots if root for name in _PROGRAMS]


def printed(page: str, theme: Theme, description: Description) -> bytes:
    """A page as PDF, by the first engine that is there.

    Raises
    ------
    OutputError
        When the browser does not print.
    """
    found = engine()
    if found == "plutoprint":
        return with_plutoprint(page, theme, description)
    if found == "weasyprint":
        return with_weasyprint(page)
    assert found is not None
    return with_browser(page, found, description)


def with_plutoprint(page: str, theme: Theme, description: Description) -> bytes:
    """By plutoprint, which asks for the fonts of the theme by name."""
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


def with_weasyprint(page: str) -> bytes:
    """By WeasyPrint, as PDF/UA-1: every heading, table and picture tagged for those who listen.

    Title, subject and dates come from the page's own ``meta`` lines.
    """
    weasyprint: Any = importlib.import_module("weasyprint")
    urls: Any = importlib.import_module("weasyprint.urls")
    shelf = urls.URLFetcher(allowed_protocols=("data",))
    document = weasyprint.HTML(string=page, url_fetcher=shelf)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"persona"))


def with_browser(page: str, executable: str, description: Description) -> bytes:
    """By a browser without a window, which tags what it prints.

    Raises
    ------
    OutputError
        When it ends without a file.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        command = [
            executable,
            "--headless",
            "--disable-gpu",
            "--no-sandbox",
            "--no-first-run",
            "--disable-extensions",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_LONGEST_PRINT)
            return _dated(target.read_bytes(), description.date)
        except (subprocess.SubprocessError, OSError) as trouble:
            raise OutputError(
                error(
                    "pdf.browser",
                    "The browser {name} made no PDF.",
                    found=str(trouble)[:200],
                    remedy="Install plutoprint (pip install plutoprint), or close the browser "
                    "and run again.",
                    values={"name": Path(executable).name},
                )
            ) from trouble


def _dated(pdf: bytes, date: dt.date) -> bytes:
    """The file with the study's date in place of the moment of printing, which has as many digits.

    The same study so gives the same bytes, and no place in the file moves.
    """
    moment = f"(D:{date:%Y%m%d}000000+00'00')".encode()
    stamp = rb"(/(?:CreationDate|ModDate) )\(D:\d{14}\+00'00'\)"
    return re.sub(stamp, lambda match: match.group(1) + moment, pdf)
