"""The pages: whole without the network, texts of users as text, every language inside."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

from persona.profiling.persona import Quote
from persona.report import locale, theme
from persona.report.html import index_html, persona_html
from persona.report.model import StudyReport
from persona.report.sections import Context

WILD = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7*7 }} {% raw %}",
    '=cmd|"/c calc"!A1',
    "</style></script><!--",
    "שלום עולם",
    "🙂👩‍👩‍👧",
    "\u200b\u202e",
    "x" * 5_000,
    "&amp; \" ' `",
)


class _Reader(HTMLParser):
    """Collects tags, attributes and texts, also inside templates."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader


def _contexts(report: object, *codes: str) -> list[Context]:
    return [Context(report, locale.load(code), theme.load()) for code in codes]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def page(made_up: ModuleType) -> str:
    return index_html(_contexts(made_up.study_report(), "en", "pl"))


def test_nothing_is_fetched(page: str) -> None:
    for tag, attributes in _read(page).tags:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            value = attributes.get(name) or ""
            assert value.startswith(("#", "data:")) or not value, (tag, value)
        assert tag not in ("link", "iframe", "object", "embed", "base")
    assert not re.search(r"url\((?!['\"]?(data:|#))", page)
    assert "default-src 'none'" in page


def test_languages_are_inside(page: str) -> None:
    assert '<html lang="en" dir="ltr">' in page
    assert '<template data-language="pl" data-title="Klienci sklepu z butami"' in page
    assert "Tabele według segmentów" in page


def test_ids_are_single_within_a_language(page: str) -> None:
    for part in page.split("<template ")[:2]:
        ids = [attributes["id"] for _, attributes in _read(part).tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        links = [a["href"] for tag, a in _read(part).tags if tag == "a" and a.get("href")]
        assert {str(link)[1:] for link in links} <= set(ids)


def test_headings_do_not_skip_a_level(page: str) -> None:
    levels = [
        int(tag[1])
        for tag, _ in _read(page.split("<template ")[0]).tags
        if re.fullmatch("h[1-6]", tag)
    ]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_chart_says_what_it_shows(page: str) -> None:
    reader = _read(page.split("<template ")[0])
    charts = [attributes for tag, attributes in reader.tags if attributes.get("class") == "scroll"]
    # sizes, stability, profile, map; scree, loadings, paths; map, biplot; agreement, gain,
    # lineage, certainty, silhouettes, separation; and the quality of the answers
    assert len(charts) == 16
    labels = [str(attributes["aria-label"]) for attributes in charts]
    assert labels[0].startswith("Sizes of the segments. Price first, online: 35% of all")
    assert any("“I compare prices before I buy” on Price: loading 0.78" in one for one in labels)


def _saying(made_up: ModuleType, text: str) -> StudyReport:
    """The made-up study with one text wherever a user's or respondent's words can stand."""
    report = made_up.study_report()
    profile = report.profile
    question = profile.questions[0]
    row = replace(question.rows[0], text={"en": text})
    changed = replace(question, text={"en": text}, rows=(row, *question.rows[1:]))
    quotes = (Quote("why", {"en": text}, text),)
    first = replace(report.personas[0], name={"en": text}, quotes=quotes)
    return replace(
        report,
        title={"en": text},
        client=text,
        profile=replace(profile, questions=(changed, *profile.questions[1:])),
        personas=(first, *report.personas[1:]),
        factors=(),
        maps=(),
    )


def _shape(page: str) -> Counter[str]:
    """How often each element stands in a page; charts wrap long labels into more of theirs."""
    return Counter(
        tag
        for tag, _ in _read(page).tags
        if tag not in ("g", "text", "tspan", "path", "use", "defs", "title")
    )


@pytest.mark.parametrize("wild", WILD)
def test_texts_of_users_stay_texts(made_up: ModuleType, wild: str) -> None:
    plain, made = (_contexts(_saying(made_up, text), "en") for text in ("Nothing special", wild))
    for build in (index_html, lambda contexts: persona_html(contexts, 1)):
        page = build(made)
        assert _shape(page) == _shape(build(plain))
        assert all(not name.startswith("on") for _, a in _read(page).tags for name in a)
    if "7*7" in wild:
        assert "{{ 7*7 }} {% raw %}" in "".join(_read(page).texts)


def test_a_persona_without_statements_and_an_unasked_block(made_up: ModuleType) -> None:
    report = made_up.study_report()
    bare = replace(
        report.personas[0],
        statements=(),
        quotes=(),
        prevalence=None,
        typical=(),
        stability=None,
        certainty=None,
        asked={"who": True, "expects": False, "behaves": True, "value": False},
        not_asked=("expects", "value"),
    )
    page = persona_html(_contexts(replace(report, personas=(bare,)), "en"), 1)
    assert "Nothing sets this segment apart from the others." in page
    assert "Not asked in this study." in page
    assert "Asked; nothing here can be said with certainty." in page
    assert "Not asked: what they expect, what they are worth, needs, motives," in page


def test_the_persona_page_holds_what_a_client_reads(written: Path) -> None:
    page = (written / "personas" / "1-price-first-online.html").read_text(encoding="utf-8")
    texts = " ".join(_read(page).texts)
    for part in (
        "Price first, online",
        "Who they are",
        "What they expect",
        "How they behave",
        "In their own words",
        "How many have these traits",
        "The most typical respondent",
        "How certain this is",
        "0.91 · highly stable",
    ):
        assert part in texts, part


def test_users_decisions_show(made_up: ModuleType) -> None:
    from persona.report.model import Decisions, SegmentDecision

    decided = SegmentDecision(
        1, summaries={"en": "They hunt for bargains."}, strategies={"en": "Price guarantee."}
    )
    report = made_up.study_report(decisions=Decisions("made_up", "x", (decided,)))
    page = persona_html(_contexts(report, "en"), 1)
    assert '<p class="summary">They hunt for bargains.</p>' in page
    assert "Price guarantee." in page


def test_an_own_picture_replaces_the_portrait(made_up: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "face.png").write_bytes(b"\x89PNG\r\n")
    report = made_up.study_report(pictures={1: tmp_path / "face.png", 2: tmp_path / "none.png"})
    contexts = _contexts(report, "en")
    assert '<img src="data:image/png;base64,' in persona_html(contexts, 1)
    second = persona_html(contexts, 2)
    assert 'class="portrait"' in second
    assert "The picture none.png is missing." in second


def test_needs_strategy_and_typing_show_where_there_are_any(made_up: ModuleType) -> None:
    from persona.profiling.opportunity import Opportunity, OpportunityCell
    from persona.profiling.strategy import StrategyField, StrategySheet

    def cell(opportunity: float | None) -> OpportunityCell:
        return OpportunityCell(8.1, 4.4, opportunity, 10.9, 12.7, 301)

    needs = (
        Opportunity("imp_1", "sat_1", {"en": "Low prices"}, cell(9.0), (cell(11.8),) * 4),
        Opportunity("imp_2", "sat_2", {"en": "Advice"}, cell(9.0), (cell(None),) * 4),
    )
    offer = StrategyField("offer", {"en": "Price guarantee"}, True, ())
    blank = StrategyField("price", {}, True, ())
    report = made_up.study_report(
        needs=needs,
        strategies=(StrategySheet(1, True, (offer, blank), ("price",)),),
        recognition={1: 0.83},
    )
    text = " ".join(" ".join(_read(persona_html(_contexts(report, "en"), 1)).texts).split())
    assert "Low prices underserved 11.8" in text and "n = 301" in text
    assert "Needs and opportunity" in text and "Advice" not in text.split("Needs and")[1][:150]
    assert "Offer: Price guarantee" in text and "Price:" not in text
    assert "Accuracy of the typing tool 83%" in text
    bare = persona_html(_contexts(made_up.study_report(), "en"), 1)
    assert "Needs and opportunity" not in bare and "typing tool" not in bare
