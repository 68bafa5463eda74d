"""The page of the waves: what it says, in four languages, and how it behaves in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from persona.errors import warning
from persona.report import locale
from persona.report import theme as themes
from persona.report.waves import WavesReport, advice_lines, write_waves
from persona.report.waves_model import WavesContext
from persona.report.waves_views import waves_view
from persona.report.waves_words import reasons
from persona.waves import track
from persona.waves.realigning import realigned
from persona.waves.thresholds import RULES

WIDTHS = (390, 820, 1440)
COUNTS = (160, 140, 100)
LANGUAGES = ("en", "pl", "ru", "nl")


@pytest.fixture(scope="session")
def made_up_waves(helper: Callable[[str], ModuleType]) -> ModuleType:
    """The made-up survey of the tests of waves."""
    return helper("tests/waves/made_up")


@pytest.fixture(scope="module")
def report(made_up_waves: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> WavesReport:
    """Two more waves: one alike, one in which a kind vanished and another doubled."""
    folder = tmp_path_factory.mktemp("waves")
    frame, kinds = made_up_waves.people(COUNTS, 1)
    first = made_up_waves.wave(frame, folder, "first")
    later = [
        made_up_waves.wave(made_up_waves.people(counts, seed)[0], folder, name)
        for counts, seed, name in ((COUNTS, 2, "spring"), ((160, 280, 0), 3, "autumn"))
    ]
    frozen = made_up_waves.frozen(first, kinds)
    tracking, placed = track(frozen, first, later)
    table = placed[1]

    class Found:
        labels = table.series
        k, method, verdict = 3, "kmeans", "natural"

    waves = (
        tracking.waves[0],
        replace(tracking.waves[1], realignment=realigned(table, Found(), frozen.grammar, 0.99)),  # type: ignore[arg-type]
        replace(tracking.waves[2], name={"en": "<i>Autumn</i> & more"}),
    )
    names = {**tracking.names, 1: {"en": "Savers <script>alert(1)</script>"}}
    return WavesReport(
        id="shop",
        title={"en": "Shop", "pl": "Sklep"},
        languages=LANGUAGES,
        tracking=replace(tracking, waves=waves, names=names),
        lists={one.wave.id: one.typed.frame for one in placed},
        variables={one.id: one.text for one in first.responses.questionnaire.variables},
        problems=(warning("x", "Look at {this}.", values={"this": "<u>it</u>"}),),
    )


@pytest.fixture(scope="module")
def out(report: WavesReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the waves."""
    folder = tmp_path_factory.mktemp("written") / "waves"
    write_waves(report, folder)
    return folder


def _context(report: WavesReport, code: str) -> WavesContext:
    return WavesContext(report, locale.load(code), themes.load())


def test_every_rule_is_shown_with_figure_limit_and_source(report: WavesReport) -> None:
    view = waves_view(_context(report, "en"))
    latest = view.waves[0]
    assert latest.word == "anew" and latest.advice == "Segment anew"
    assert len(latest.rules.rows) == len(RULES)
    met = [row for row in latest.rules.rows if row.cells[2] == "● yes"]
    assert {row.cells[3] for row in met} <= {"segment anew", "refresh", "read with care"} and met
    assert "Hurried is gone: 0.0% of people, 25.0% in the first wave." in latest.reasons
    assert view.waves[1].word == "keep" and view.waves[1].reasons == ()
    assert view.earlier is not None and len(view.earlier.rows) == 2


def test_sizes_name_both_waves_interval_and_test(report: WavesReport) -> None:
    view = waves_view(_context(report, "en"))
    row = view.waves[0].changes.rows[2]
    assert row.head == "Hurried" and row.letter == "C"
    assert row.cells[0] == "0" and row.cells[2].startswith("−25.0")
    assert row.cells[4] == "< 0.001"
    assert any("as placed" in note for note in view.waves[0].sizes_notes)
    assert view.sizes.heads[1:] == ("first", "spring", "<i>Autumn</i> & more")


def test_statements_stand_with_both_figures(report: WavesReport) -> None:
    view = waves_view(_context(report, "en"))
    groups = view.waves[1].statements
    assert [group.letter for group in groups] == ["A", "B", "C"]
    lines = [line for group in groups for line in (*group.changed, *group.others)]
    assert len(lines) == sum(map(len, report.tracking.statements.values()))
    assert all(re.fullmatch(r".+ → .+", line.figures) for line in lines)
    assert all("holds" in group.counts for group in groups)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_english_is_left_in_other_languages(report: WavesReport, code: str) -> None:
    context = _context(report, code)
    view = waves_view(context)
    english = waves_view(_context(report, "en"))
    if code == "en":
        assert view.method == english.method
        return
    assert not set(view.method) & set(english.method)
    for mine, other in zip(view.waves, english.waves, strict=True):
        assert mine.lead != other.lead and mine.advice != other.advice
        assert not set(mine.reasons) & set(other.reasons)
        assert mine.resegmented != other.resegmented
        assert not set(mine.sizes_notes) & set(other.sizes_notes)
    assert {row.head for row in view.waves[0].rules.rows}.isdisjoint(
        row.head for row in english.waves[0].rules.rows
    )


def test_every_rule_has_words_for_its_reason(report: WavesReport) -> None:
    wave = report.tracking.latest
    assert wave.advice is not None
    every = tuple(
        replace(one, broken=True, figure=0.3, segments=(1, 2), variables=("sex", "cheap"))
        for one in wave.advice.weighed
    )
    told = replace(report.tracking.waves[1], advice=replace(wave.advice, weighed=every))
    for code in LANGUAGES:
        said = reasons(told, _context(report, code))
        assert len(said) >= len(RULES) - 2 and all(said)
        assert not any("{" in text for text in said)


def test_the_terminal_says_the_advice(report: WavesReport) -> None:
    text = "\n".join(advice_lines(report))
    assert "spring: 400 of 400 respondents placed. Keep the segments." in text
    assert "440 of 440 respondents placed. Segment anew." in text
    assert "  - Hurried is gone" in text


def test_texts_of_users_stay_texts(out: Path) -> None:
    page = (out / "waves.html").read_text("utf-8")
    assert "<script>alert(1)" not in page and "<i>Autumn" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_paper_has_bookmarks_and_the_same_bytes(report: WavesReport, out: Path) -> None:
    from persona.report.waves_page import waves_pdf

    content = (out / "waves.pdf").read_bytes()
    assert content.startswith(b"%PDF") and b"/PageMode /UseOutlines" in content
    assert waves_pdf(_context(report, "en")) == content
    assert (out / "ru" / "waves.pdf").is_file()


def test_figures_hold_no_row_of_a_respondent(out: Path) -> None:
    text = (out / "waves.json").read_text("utf-8")
    figures = json.loads(text)
    assert figures["advice"] == "anew" and len(figures["waves"]) == 3
    assert not re.search(r'"\d-\d{4}"', text)
    assert figures["waves"][2]["size_changes"]["3"]["p_adjusted"] < 1e-9


@pytest.fixture(scope="module")
def shown(out: Path) -> Path:
    """The page of the waves."""
    return out / "waves.html"


def test_the_page_opens_quietly_and_asks_for_nothing(fresh: Any) -> None:
    assert fresh.run("document.title") == "Waves – Shop"
    assert fresh.complaints() == [] and fresh.requests() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_width_makes_the_page_scroll_sideways(fresh: Any, width: int) -> None:
    fresh.size(width, 900)
    fresh.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert fresh.run("document.documentElement.scrollWidth") <= width


def test_language_look_and_tips_work(fresh: Any) -> None:
    fresh.run("document.querySelector('button[data-language=pl]').click()")
    assert fresh.run("document.querySelector('#advice-title').textContent") == "Zalecenie"
    assert fresh.run("document.title") == "Fale – Sklep"
    fresh.run("document.querySelector('.look').click()")
    assert fresh.run("document.documentElement.dataset.look") == "dark"
    fresh.run(
        "document.querySelector('#sizes .mark').dispatchEvent("
        "new MouseEvent('mouseover', {bubbles: true}))"
    )
    tip = fresh.run("document.querySelector('.tooltip:not([hidden])').textContent")
    assert "first" in tip and "40" in tip


def test_earlier_waves_are_a_click_away(fresh: Any) -> None:
    folded = "[...document.querySelectorAll('#sizes details')]"
    assert fresh.run(f"{folded}.map(d => d.querySelector('summary').textContent)") == ["spring"]
    assert fresh.run("document.querySelectorAll('#statements .held').length") == 6


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious(fresh: Any, width: int, look: str) -> None:
    fresh.size(width, 900)
    if look == "dark":
        fresh.run("document.querySelector('.look').click()")
    fresh.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert fresh.barriers() == []
