"""The report as people see it: a real browser opens it, at three widths, by pointer and key."""

from __future__ import annotations

import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

WIDTHS = (390, 820, 1440)


@pytest.fixture(scope="module")
def shown(written: Path) -> Path:
    """The report."""
    return written / "index.html"


def test_nothing_is_logged_and_nothing_is_asked_for(fresh: Any) -> None:
    assert fresh.run("document.title") == "Shoppers of a shoe shop"
    assert fresh.complaints() == []
    assert fresh.requests() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_width_makes_the_page_scroll_sideways(fresh: Any, width: int) -> None:
    fresh.size(width, 900)
    assert fresh.run("document.documentElement.scrollWidth") <= width
    cut = fresh.run(
        "[...document.querySelectorAll('main h1,main h2,main h3,main p,main .tile,main .fact')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.textContent.slice(0, 40))"
    )
    assert cut == []


def test_the_language_changes_in_place(fresh: Any) -> None:
    fresh.run("window.kept = true")
    fresh.run("document.querySelector('#segments').scrollIntoView({behavior: 'instant'})")
    before = fresh.run("document.querySelector('#segments').getBoundingClientRect().top")
    fresh.run("document.querySelector('button[data-language=pl]').click()")
    assert fresh.run("document.documentElement.lang") == "pl"
    assert fresh.run("document.title") == "Klienci sklepu z butami"
    assert fresh.run("document.querySelector('#findings-title').textContent") == "Wyniki"
    assert fresh.run("window.kept") is True, "the page was not loaded again"
    after = fresh.run("document.querySelector('#segments').getBoundingClientRect().top")
    assert abs(after - before) < 3, "the reader stays where she was"
    assert fresh.run("document.activeElement.dataset.language") == "pl"
    fresh.run("document.querySelector('button[data-language=ru]').click()")
    assert fresh.run("document.querySelector('#findings-title').textContent") == "Выводы"
    fresh.run("document.querySelector('button[data-language=en]').click()")
    assert fresh.run("document.querySelector('#findings-title').textContent") == "Findings"
    assert fresh.complaints() == []


def test_any_two_segments_are_compared(fresh: Any) -> None:
    first = "document.querySelector('.comparison tbody tr th').firstChild.textContent"
    assert fresh.run(first) == "Online shop"
    fresh.run(
        "(() => { const s = document.querySelector('[data-side=\"1\"]'); s.value = '2';"
        "s.dispatchEvent(new Event('change')); })()"
    )
    head = fresh.run("document.querySelector('[data-head=\"1\"]').textContent")
    assert head == "C – Little time, fast delivery"
    assert fresh.run(first) == "I wait for a sale"
    cells = fresh.run(
        "[...document.querySelectorAll('.comparison tbody tr:first-child td.num')]"
        ".map(c => c.textContent)"
    )
    assert cells == ["4.3", "2.7"]
    assert fresh.run("document.querySelectorAll('.comparison tbody tr').length") == 12
    fresh.run("document.querySelector('.more').click()")
    assert fresh.run("document.querySelectorAll('.comparison tbody tr').length") == 16


def test_tips_show_by_pointer_and_key_and_go(fresh: Any) -> None:
    fresh.run(
        "document.querySelector('#segments .mark')"
        ".scrollIntoView({block: 'center', behavior: 'instant'})"
    )
    place = fresh.run(
        "(r => ({x: r.x + r.width / 2, y: r.y + r.height / 2}))"
        "(document.querySelector('#segments .mark').getBoundingClientRect())"
    )
    fresh.move(place["x"], place["y"])
    tip = "document.querySelector('#tooltip')"
    assert not fresh.run(f"{tip}.hidden")
    shown = fresh.run(f"{tip}.textContent")
    assert shown == "Price first, online: 35% of all, 95% interval 32–38, 312 respondents"
    fresh.key("Escape", 27)
    assert fresh.run(f"{tip}.hidden")
    fresh.run("document.querySelector('#segments .mark').focus()")
    assert not fresh.run(f"{tip}.hidden")
    fresh.key("Tab", 9)
    assert fresh.run(f"{tip}.textContent").startswith("Advice in the shop: 30% of all")
    inside = fresh.run(
        f"(r => r.left >= 0 && r.right <= innerWidth)({tip}.getBoundingClientRect())"
    )
    assert inside


def test_a_picture_of_many_marks_is_one_stop_walked_by_arrows(fresh: Any) -> None:
    first = "#segments svg[data-columns='4'] .mark"
    assert fresh.run(f"document.querySelectorAll(\"{first}[tabindex='0']\").length") == 1
    fresh.run(f'document.querySelector("{first}").focus()')
    tip = "document.querySelector('#tooltip').textContent"
    fresh.key("ArrowRight", 39)
    assert fresh.run(tip).startswith("Advice in the shop, ")
    fresh.key("ArrowLeft", 37)
    shown = fresh.run(tip)
    assert shown.startswith("Price first, online, ")
    fresh.key("ArrowRight", 39)
    fresh.key("ArrowDown", 40)
    below = fresh.run(tip)
    assert below.startswith("Advice in the shop, ") and below.split("”")[0] not in shown
    fresh.key("ArrowUp", 38)
    fresh.key("ArrowLeft", 37)
    assert fresh.run(tip) == shown


def test_tables_are_searched_sorted_and_walked_by_arrows(fresh: Any) -> None:
    fresh.run(
        "(() => { const s = document.querySelector('.table-search'); s.value = 'CATALOGUE';"
        "s.dispatchEvent(new Event('input')); })()"
    )
    left = "[...document.querySelectorAll('.crosstab')].filter(t => !t.hidden).length"
    assert fresh.run(left) == 1
    assert fresh.run("document.querySelector('.count').textContent") == "1 table"
    table = "[...document.querySelectorAll('.crosstab')].find(t => !t.hidden)"
    names = f"[...{table}.querySelectorAll('tbody th')].map(t => t.textContent.trim())"
    assert fresh.run(names) == ["Online shop", "Shop in town", "Catalogue"]
    fresh.run(f"{table}.querySelectorAll('thead button')[2].click()")
    fresh.run(f"{table}.querySelectorAll('thead button')[2].click()")
    assert fresh.run(names) == ["Catalogue", "Shop in town", "Online shop"]
    sort = f"{table}.querySelectorAll('thead th')[2].getAttribute('aria-sort')"
    assert fresh.run(sort) == "ascending"
    fresh.run(f"{table}.querySelector('tbody td').focus()")
    fresh.key("ArrowRight", 39)
    fresh.key("ArrowDown", 40)
    tip = fresh.run("document.querySelector('#tooltip').textContent")
    assert tip == "Price first, online: ▼33% · n = 312 · 95% interval 28–38 · index 66"


def test_light_and_dark(fresh: Any) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = fresh.run(paper)
    fresh.run("document.querySelector('.look').click()")
    assert fresh.run("document.documentElement.dataset.look") == "dark"
    assert fresh.run(paper) != light
    assert fresh.run("document.querySelector('.look').getAttribute('aria-pressed')") == "true"


def test_print_leaves_controls_out(fresh: Any) -> None:
    fresh.call("Emulation.setEmulatedMedia", media="print")
    shown = fresh.run(
        "['.bar-top', '.side', '.compare', '.search'].filter(s =>"
        " getComputedStyle(document.querySelector(s)).display !== 'none')"
    )
    fresh.call("Emulation.setEmulatedMedia", media="")
    assert shown == []


def test_evidence_is_a_click_away(fresh: Any) -> None:
    fresh.run("document.querySelector('#persona-1 details.evidence summary').click()")
    text = fresh.run("document.querySelector('#persona-1 details.evidence dl').innerText")
    for word in ("Question", "Base", "95% interval", "All respondents", "p, corrected"):
        assert word in text


def test_very_long_words_do_not_widen_the_page(
    tab: Any, made_up: ModuleType, tmp_path: Path
) -> None:
    from dataclasses import replace

    from persona.report import locale, theme
    from persona.report.html import index_html
    from persona.report.sections import Context

    report = made_up.study_report(factors=(), maps=())
    profile, long = report.profile, {"en": "x" * 5_000}
    question = profile.questions[0]
    rows = (replace(question.rows[0], text=long), *question.rows[1:])
    questions = (replace(question, text=long, rows=rows), *profile.questions[1:])
    first = replace(report.personas[0], name=long)
    report = replace(
        report,
        personas=(first, *report.personas[1:]),
        profile=replace(profile, questions=questions),
    )
    path = tmp_path / "long.html"
    path.write_text(
        index_html([Context(report, locale.load("en"), theme.load())]), encoding="utf-8"
    )
    tab.open(path)
    for width in WIDTHS:
        tab.size(width)
        assert tab.run("document.documentElement.scrollWidth") <= width


def test_without_script_everything_is_still_read(
    browser: ModuleType, chromium: str, written: Path
) -> None:
    with browser.Browser(chromium) as tab:
        tab.call("Emulation.setScriptExecutionDisabled", value=True)
        tab.size(1280)
        tab.call("Page.navigate", url=(written / "index.html").as_uri())
        for _ in range(200):  # until the page is read to its end
            root = tab.call("DOM.getDocument", depth=1)["root"]["nodeId"]
            found = tab.call("DOM.querySelector", nodeId=root, selector=".no-script")
            tables = tab.call("DOM.querySelectorAll", nodeId=root, selector="#tables table.tab")
            if found["nodeId"] and len(tables["nodeIds"]) == 5:
                break
            time.sleep(0.05)
        assert found["nodeId"]
        assert len(tables["nodeIds"]) == 5


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious(fresh: Any, width: int, look: str) -> None:
    fresh.size(width, 900)
    if look == "dark":
        fresh.run("document.querySelector('.look').click()")
    assert fresh.barriers() == []
