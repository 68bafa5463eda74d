"""The screener in a real browser: the same segments by hand, by key and from a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from persona.report import locale, theme
from persona.report.screener import screener_html
from persona.report.sections import Context
from persona.typing_tool import TypingTool, type_people


def _page(tool: TypingTool, made_up: ModuleType, path: Path) -> Path:
    languages = locale.load_all([code for code in tool.languages if code in locale.available()])
    context = Context(made_up.report(tool), languages[0], theme.load())
    path.write_text(screener_html(tool, context, languages), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def tab(browser: ModuleType, chromium: str, made_up: ModuleType,
        tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:  # fmt: skip
    folder = tmp_path_factory.mktemp("screener")
    path = _page(made_up.random_tool(2, segments=4, questions=6), made_up, folder / "first.html")
    with browser.page(chromium, path) as opened:
        yield opened


@pytest.fixture()
def folder(tmp_path: Path) -> Path:
    return tmp_path


def _typed(tab: Any, tool: TypingTool, answers: pd.DataFrame) -> pd.DataFrame:
    """What the page's own function makes of every person."""
    rows = [
        {name: value for name, value in row.items() if value is not None}
        for row in answers.to_dict("records")
    ]
    tab.run(f"window.people = {json.dumps(rows)}; 1")
    found = pd.DataFrame(tab.run("people.map(personaTyping.type)"))
    for name in ("unanswered", "not_allowed"):
        found[name] = [", ".join(names) for names in found[name]]
    return found


@pytest.mark.parametrize(("seed", "segments"), [(0, 9), (1, 2), (3, 4), (6, None)])
def test_the_page_places_ten_thousand_people_as_the_library_does(
    tab: Any, made_up: ModuleType, folder: Path, seed: int, segments: int | None
) -> None:
    tool = made_up.random_tool(seed, segments=segments, nasty=seed % 2 == 1)
    tab.events.clear()
    tab.open(_page(tool, made_up, folder / "page.html"))
    answers = made_up.random_answers(tool.golden, 10_000, seed)
    typed = type_people(tool.golden, answers)
    found = _typed(tab, tool, answers)
    made_up.assert_same(found, typed)
    assert found["points"].tolist() == typed.points.to_numpy().tolist()
    assert tab.complaints() == [] and tab.requests() == []


def test_ties_go_to_the_lower_number(tab: Any, made_up: ModuleType, folder: Path) -> None:
    tool = made_up.levelled(made_up.random_tool(3, segments=3, questions=5))
    tab.open(_page(tool, made_up, folder / "page.html"))
    answers = made_up.random_answers(tool.golden, 100, 1)
    made_up.assert_same(_typed(tab, tool, answers), type_people(tool.golden, answers))


def _person(tool: TypingTool, **given: object) -> pd.Series:
    answers = pd.DataFrame(
        {name: pd.Series([given.get(name)], dtype=object) for name in tool.golden.variables}
    )
    return type_people(tool.golden, answers).frame.iloc[0]


def test_one_person_by_click_and_key(tab: Any, made_up: ModuleType, folder: Path) -> None:
    tool = made_up.random_tool(2, segments=4, questions=5)
    tab.open(_page(tool, made_up, folder / "page.html"))
    scale, nominal, texts, tick, number = tool.golden.questions
    name = "document.querySelector('.found .name').textContent"
    assert tab.run(name) == "No question is answered yet."
    tab.run("document.querySelector('#q0a1').click()")
    tab.run("document.querySelector('#q1a0').focus()")
    tab.key(" ", 32)
    tab.run("document.querySelector('#q2a0').click(); document.querySelector('#q3a1').click()")
    tab.run(_entered("n4", "12.5"))
    given = {
        scale.variable: scale.answers[1].code,
        nominal.variable: nominal.answers[0].code,
        texts.variable: texts.answers[0].code,
        tick.variable: 1,
        number.variable: 12.5,
    }
    expected = _person(tool, **given)
    assert tab.run(name) == f"Segment {expected['segment']} (en)"
    assert tab.run("document.querySelectorAll('.chances li').length") == 4
    assert tab.run("document.querySelector('.missing').textContent") == ""
    sure = tab.run("document.querySelector('.sure').textContent")
    assert sure.startswith("uncertain" if expected["uncertain"] else "clear")
    tab.run("document.querySelector('button[data-language=pl]').click()")
    assert tab.run(name) == f"Segment {expected['segment']} (pl)"
    assert tab.run("document.documentElement.lang") == "pl"
    assert tab.run("document.querySelector('#n4').value") == "12.5", "answers stay"
    assert tab.run("document.querySelector('#q0a1').checked") is True
    tab.run("document.querySelector('.copy').click()")
    assert tab.run("document.querySelector('.copy').textContent") == "Skopiowano"
    tab.run("document.querySelector('.again').click()")
    assert "Nie ma jeszcze" in tab.run(name)
    assert tab.run("document.querySelectorAll('input:checked').length") == 0
    assert tab.run("localStorage.length + sessionStorage.length + document.cookie.length") == 0


def _entered(identifier: str, text: str) -> str:
    return (
        f"(() => {{ const i = document.querySelector('#{identifier}'); i.value = '{text}';"
        "i.dispatchEvent(new Event('input')); })()"
    )


def test_a_number_out_of_range_is_said_and_counts_as_missing(
    tab: Any, made_up: ModuleType, folder: Path
) -> None:
    tool = made_up.random_tool(2, segments=3, questions=5)
    tab.open(_page(made_up.bounded(tool, 18, 99), made_up, folder / "page.html"))
    for text, wrong in (("17.9", True), ("18", False), ("99", False), ("1e9", True),
                        ("abc", True), ("20,5", False), ("1,234", True), ("", False)):  # fmt: skip
        tab.run(_entered("n4", text))
        fault = tab.run("document.querySelector('#f4').textContent")
        assert (fault == "not among the allowed answers") is wrong, text
        assert (
            tab.run("document.querySelector('#n4').getAttribute('aria-invalid')")
            == str(wrong).lower()
        )


def test_a_csv_file_of_many_people(tab: Any, made_up: ModuleType, folder: Path) -> None:
    tool = made_up.random_tool(4, segments=5, questions=8)
    tab.open(_page(tool, made_up, folder / "page.html"))
    answers = made_up.random_answers(tool.golden, 2000, 4)
    typed = type_people(tool.golden, answers)
    as_texts = answers.copy()
    for question in tool.golden.questions:
        texts = {a.code: a.text["pl"] for a in question.answers}
        as_texts[question.variable] = [texts.get(v, v) for v in answers[question.variable]]
    for table, mark in ((answers, ","), (as_texts, ";")):
        buffer = io.StringIO()
        table.to_csv(buffer, sep=mark, index_label="who")
        tab.run(f"window.told = personaTyping.table({json.dumps(buffer.getvalue())}); 1")
        assert tab.run("told.absent") == []
        rows = list(csv.reader(io.StringIO(tab.run("told.csv").lstrip("\ufeff")), delimiter=mark))
        found = pd.DataFrame(rows[1:], columns=rows[0])
        assert found["who"].tolist() == [str(number) for number in range(2000)]
        made_up.assert_same(
            pd.DataFrame(
                {
                    "segment": pd.to_numeric(found["segment"].replace("", None)),
                    "second": pd.to_numeric(found["second"].replace("", None)),
                    "uncertain": found["uncertain"] == "1",
                    "missing": found["missing"].astype(int),
                }
            ),
            typed,
        )
    tab.run("window.told = personaTyping.table('a,b\\n1,2\\n'); 1")
    assert tab.run("told.absent") == list(tool.golden.variables)


def test_a_file_chosen_by_hand_shows_how_many_are_where(
    tab: Any, made_up: ModuleType, folder: Path
) -> None:
    tool = made_up.random_tool(4, segments=3, questions=4)
    tab.open(_page(tool, made_up, folder / "page.html"))
    answers = made_up.random_answers(tool.golden, 50, 4)
    buffer = io.StringIO()
    answers.to_csv(buffer)
    tab.run(
        f"window.people = new File([{json.dumps(buffer.getvalue())}], 'people.csv');"
        "(() => { const t = new DataTransfer(); t.items.add(people);"
        "const f = document.querySelector('#file'); f.files = t.files;"
        "f.dispatchEvent(new Event('change')); return new Promise(r => setTimeout(r, 300)); })()"
    )
    shown = tab.run("[...document.querySelectorAll('.told td')].map(e => Number(e.textContent))")
    typed = type_people(tool.golden, answers).frame
    sizes = [int((typed["segment"] == number).sum()) for number in (1, 2, 3)]
    unsure = int((typed["uncertain"] & typed["segment"].notna()).sum())
    assert shown == [*sizes, int(typed["segment"].isna().sum()), unsure]
    assert tab.run("document.querySelector('.save').hidden") is False
    assert tab.requests() == []


def test_texts_stay_texts(tab: Any, made_up: ModuleType, folder: Path) -> None:
    for seed in (1, 3, 5):
        tool = made_up.random_tool(seed, nasty=True)
        tab.events.clear()
        tab.open(_page(tool, made_up, folder / f"{seed}.html"))
        assert tab.run("document.querySelectorAll('script').length") == 2
        assert tab.run("document.querySelectorAll('#questions fieldset').length") == len(
            tool.golden.questions
        )
        assert tab.complaints() == []
        for width in (360, 820, 1440):
            tab.size(width, 900)
            assert tab.run("document.documentElement.scrollWidth") <= width
    tab.size(1280, 900)


def test_a_text_of_right_to_left_keeps_its_direction(
    tab: Any, made_up: ModuleType, folder: Path
) -> None:
    tab.open(_page(made_up.random_tool(1, nasty=True), made_up, folder / "page.html"))
    assert tab.run("[...document.querySelectorAll('.options span')].every(e => e.dir === 'auto')")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_nothing_serious_for_screen_readers(
    tab: Any, made_up: ModuleType, folder: Path, look: str
) -> None:
    tab.open(_page(made_up.random_tool(2, segments=4, questions=6), made_up, folder / "page.html"))
    if tab.run("document.documentElement.dataset.look") != look:
        tab.run("document.querySelector('.look').click()")
    tab.run("document.querySelector('#q0a1').click()")
    assert tab.barriers() == []


def test_the_same_bytes_twice(made_up: ModuleType, folder: Path) -> None:
    tool = made_up.random_tool(5, nasty=True)
    one = _page(tool, made_up, folder / "a.html").read_bytes()
    assert one == _page(tool, made_up, folder / "b.html").read_bytes()
    assert b"</script><script>alert" not in one
