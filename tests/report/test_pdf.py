"""Paper: pages, contents, bookmarks, fonts, texts that can be selected, nothing fetched."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from persona.report import locale, outline, pdf, pdf_engines, theme
from persona.report.sections import Context


def _tool(name: str, *arguments: str) -> str:
    if shutil.which(name) is None:
        absent = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        absent(f"{name} (poppler) is not on this machine")
    done = subprocess.run([name, *arguments], check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture(scope="module")
def bookmarks() -> list[outline.Bookmark]:
    return [
        outline.Bookmark("Zażółć", "first"),
        outline.Bookmark("Вторая", "second", 2),
        outline.Bookmark("Third (3)", "third"),
        outline.Bookmark("Nowhere", "absent"),
    ]


def test_metadata_and_pages(written: Path) -> None:
    found = _tool("pdfinfo", str(written / "report.pdf"))
    assert re.search(r"Title:\s+Shoppers of a shoe shop", found)
    assert re.search(r"Subject:\s+Segmentation and personas", found)
    assert re.search(r"CreationDate:\s+Tue Mar 31 00:00:00 2026", found)
    assert re.search(r"Page size:\s+595.276 x 841.89 pts \(A4\)", found)


def test_fonts_are_embedded(written: Path) -> None:
    for name in ("report.pdf", "ru/report.pdf", "personas/1-price-first-online.pdf"):
        rows = _tool("pdffonts", str(written / name)).splitlines()[2:]
        assert rows
        assert all(
            re.search(r"\s(yes|no)\s+(yes|no)\s+(yes|no)", row).group(1) == "yes" for row in rows
        )  # type: ignore[union-attr]
        assert any("PersonaSans" in row for row in rows)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pl/report.pdf", ("Najpierw cena, w internecie", "Większość wskazuje", "Spis treści")),
        ("ru/report.pdf", ("Содержание", "Большинство называют", "респондентов")),
        ("nl/report.pdf", ("Inhoud", "De meesten noemen")),
    ],
)
def test_texts_can_be_selected(written: Path, name: str, words: tuple[str, ...]) -> None:
    text = " ".join(_tool("pdftotext", "-layout", str(written / name), "-").split())
    raw = " ".join(_tool("pdftotext", "-raw", str(written / name), "-").split())
    for word in words:
        assert word in text or word in raw, word


def test_contents_name_the_right_pages(written: Path) -> None:
    path = str(written / "report.pdf")
    contents = _tool("pdftotext", "-f", "2", "-l", "2", "-layout", path, "-")
    listed = dict(re.findall(r"^\s*(\S.*?)\s{2,}(\d+)\s*$", contents, re.M))
    assert len(listed) == 13
    for title, page in listed.items():
        text = _tool("pdftotext", "-f", page, "-l", page, path, "-")
        assert title in " ".join(text.split()), (title, page)


def test_pages_are_numbered_and_the_cover_is_not(written: Path) -> None:
    path = str(written / "report.pdf")
    count = int(re.search(r"Pages:\s+(\d+)", _tool("pdfinfo", path)).group(1))  # type: ignore[union-attr]
    assert f"3 / {count}" in _tool("pdftotext", "-f", "3", "-l", "3", path, "-")
    assert f"1 / {count}" not in _tool("pdftotext", "-f", "1", "-l", "1", path, "-")


def test_the_outline_stands_in_the_file(written: Path) -> None:
    content = (written / "report.pdf").read_bytes()
    found = outline.places(content)
    assert {"findings", "personas", "persona-1", "segments", "method"} <= set(found)
    assert b"/PageMode /UseOutlines" in content
    assert b"/Lang (en)" in content
    assert b"/Title <FEFF" + "Findings".encode("utf-16-be").hex().upper().encode() in content


def test_bookmarks_nest(bookmarks: list[outline.Bookmark]) -> None:
    plutoprint = pytest.importorskip("plutoprint")
    import io

    book = plutoprint.Book()
    html = "".join(
        f"<h1 id='{name}' style='break-before:page'><a href='#{name}'>{name}</a></h1>"
        for name in ("first", "second", "third")
    )
    book.load_html(html, base_url="report:///x")
    target = io.BytesIO()
    book.write_to_pdf_stream(target)
    plain = target.getvalue()
    assert {name: place.page for name, place in outline.places(plain).items()} == {
        "first": 1,
        "second": 2,
        "third": 3,
    }
    made = outline.with_outline(plain, bookmarks, "pl")
    assert made.startswith(plain)
    added = made[len(plain) :].decode("latin-1")
    assert added.count("/Title <FEFF") == 3
    assert "/Type /Outlines" in added and "/Count 3" in added
    children = re.findall(r"/Parent (\d+) 0 R", added)
    assert len(set(children)) == 2, "the second stands below the first"


def test_another_engines_file_is_left_alone(bookmarks: list[outline.Bookmark]) -> None:
    assert outline.with_outline(b"%PDF-1.4 unknown", bookmarks, "pl") == b"%PDF-1.4 unknown"
    assert outline.places(b"") == {}


def test_nothing_is_fetched_while_printing(
    made_up: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET", encoding="utf-8")
    wild = f'<iframe src="file://{secret}"></iframe><img src="http://127.0.0.1:9/x.png">'
    templates = tmp_path / "templates" / "sections"
    templates.mkdir(parents=True)
    (templates / "findings.html").write_text(
        wild + f'<link rel="stylesheet" href="file://{secret}"><p>still here</p>', encoding="utf-8"
    )
    report = made_up.study_report(folder=tmp_path, factors=(), maps=())
    content = pdf.report_pdf(Context(report, locale.load("en"), theme.load()))
    (tmp_path / "x.pdf").write_bytes(content)
    text = _tool("pdftotext", str(tmp_path / "x.pdf"), "-")
    assert "still here" in text
    assert "TOP SECRET" not in text


@pytest.mark.parametrize("name", ["weasyprint", "browser", "nothing"])
def test_other_engines_are_found_in_turn(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_engines, "imports", lambda module: module == name)
    monkeypatch.setattr(shutil, "which", lambda tool: f"/bin/{tool}" if name == "browser" else None)
    expected = {"weasyprint": "weasyprint", "browser": "/bin/chromium", "nothing": None}
    assert pdf_engines.engine() == expected[name]


def test_an_engine_that_does_not_import_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint without Pango is installed, found, and of no use."""

    def refuse(name: str) -> ModuleType:
        raise OSError(f"cannot load library 'pango' for {name}")

    monkeypatch.setattr(pdf_engines.importlib, "import_module", refuse)
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    pdf_engines.imports.cache_clear()
    try:
        assert pdf_engines.engine() is None
    finally:
        pdf_engines.imports.cache_clear()


def test_browsers_are_found_where_systems_keep_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    monkeypatch.setattr(pdf_engines.sys, "platform", "win32")
    monkeypatch.setenv("ProgramFiles", str(tmp_path))
    assert pdf_engines.browser() is None
    edge = tmp_path / r"Microsoft\Edge\Application\msedge.exe"
    edge.parent.mkdir(parents=True, exist_ok=True)
    edge.touch()
    assert pdf_engines.browser() == str(edge)


@pytest.fixture(scope="module")
def printed(made_up: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report as the Chromium of this machine prints it, in Russian."""
    executable = pdf_engines.browser()
    if executable is None:
        absent = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        absent("no Chrome, Edge or Chromium is on this machine")
    report = made_up.study_report(factors=(), maps=())
    with pytest.MonkeyPatch.context() as patch:
        for module in (pdf, pdf_engines):
            patch.setattr(module, "engine", lambda: executable)
        content = pdf.report_pdf(Context(report, locale.load("ru"), theme.load()))
    path = tmp_path_factory.mktemp("printed") / "report.pdf"
    path.write_bytes(content)
    return path


def test_a_browser_prints_the_report_where_there_is_no_engine(printed: Path) -> None:
    found = _tool("pdfinfo", str(printed))
    assert re.search(r"Tagged:\s+yes", found)
    assert re.search(r"Page size:\s+59\d\.\d+ x 84\d\.\d+ pts \(A4\)", found)
    assert re.search(r"CreationDate:\s+Tue Mar 31 00:00:00 2026", found), "the date of the study"
    text = " ".join(_tool("pdftotext", str(printed), "-").split())
    assert "Большинство называют" in text and "Содержание" in text
    assert b"/Outlines" in printed.read_bytes()


def test_contents_of_a_browsers_file_name_the_right_pages(printed: Path) -> None:
    contents = _tool("pdftotext", "-f", "2", "-l", "2", "-layout", str(printed), "-")
    listed = dict(re.findall(r"^\s*(\S.*?)\s{2,}(\d+)\s*$", contents, re.M))
    assert {"Выводы", "Персоны"} <= set(listed)
    for title, page in listed.items():
        text = _tool("pdftotext", "-f", page, "-l", page, str(printed), "-")
        assert title in " ".join(text.split()), (title, page)


def test_a_browser_that_prints_nothing_is_told(tmp_path: Path) -> None:
    from persona.errors import OutputError

    broken = tmp_path / "chrome"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    about = pdf_engines.Description("t", "s", "en", dt.date(2026, 1, 1))
    with pytest.raises(OutputError, match="made no PDF"):
        pdf_engines.with_browser("<p>x</p>", str(broken), about)


def test_weasyprint_writes_tagged_pages(made_up: ModuleType, tmp_path: Path) -> None:
    if not pdf_engines.imports("weasyprint"):
        pytest.skip("WeasyPrint is an extra and is not installed here")
    report = made_up.study_report(factors=(), maps=())
    with pytest.MonkeyPatch.context() as patch:
        for module in (pdf, pdf_engines):
            patch.setattr(module, "engine", lambda: "weasyprint")
        context = Context(report, locale.load("ru"), theme.load())
        content = pdf.persona_pdf(context, 1)
        assert content == pdf.persona_pdf(context, 1), "the same study gives the same bytes"
    (tmp_path / "x.pdf").write_bytes(content)
    found = _tool("pdfinfo", str(tmp_path / "x.pdf"))
    assert re.search(r"Tagged:\s+yes", found)
    assert re.search(r"CreationDate:\s+Tue Mar 31", found)
    fonts = _tool("pdffonts", str(tmp_path / "x.pdf"))
    assert "Persona" in fonts


def test_without_an_engine_the_rest_is_written_and_said(
    made_up: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from persona.report import write

    monkeypatch.setattr(write, "engine", lambda: None)
    written = write.write_all(made_up.study_report(languages=("en",)), tmp_path / "out")
    assert "pdf.no_engine" in [problem.code for problem in written.problems]
    assert not list((tmp_path / "out").rglob("*.pdf"))
    assert (tmp_path / "out" / "index.html").is_file()


def test_all_personas_in_one_file(written: Path) -> None:
    content = (written / "personas.pdf").read_bytes()
    pages = {name: place.page for name, place in outline.places(content).items()}
    assert pages == {"persona-1": 1, "persona-2": 2, "persona-3": 3, "persona-4": 4}
    assert content.count(b"/Title <FEFF") >= 4


def test_very_long_words_do_not_shrink_the_paper(made_up: ModuleType, tmp_path: Path) -> None:
    from dataclasses import replace

    report = made_up.study_report(factors=(), maps=())
    first = replace(report.personas[0], name={"en": "x" * 5_000})
    report = replace(report, personas=(first, *report.personas[1:]))
    content = pdf.report_pdf(Context(report, locale.load("en"), theme.load()))
    (tmp_path / "x.pdf").write_bytes(content)
    found = _tool("pdftotext", "-bbox", "-f", "2", "-l", "2", str(tmp_path / "x.pdf"), "-")
    heights = [
        float(bottom) - float(top)
        for top, bottom in re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', found)
    ]
    assert max(heights) > 14, "the heading keeps its size"
