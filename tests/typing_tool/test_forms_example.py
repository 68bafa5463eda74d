"""A run writes every form of its typing tool, and all agree on 10,000 answer sets."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from persona.report import locale, theme, write_all
from persona.report.sections import Context
from persona.report.typing_forms import typing_forms
from persona.typing_tool import TypingTool, read_tool, type_people
from persona.typing_tool.sql import DIALECTS

_FORMS = {
    "typing/typing.json",
    "typing/typing.xlsx",
    "typing/screener.html",
    "typing/xlsform.xlsx",
    *(f"typing/typing.{dialect}.sql" for dialect in DIALECTS),
}


def test_a_report_with_a_tool_writes_every_form_and_one_without_none(
    made_up: ModuleType, study: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persona.report.write.engine", lambda: None)  # PDFs take long
    tool = made_up.random_tool(3, segments=4, questions=5)
    report = study.study_report(languages=("en",), typing=tool)
    written = write_all(report, tmp_path / "with")
    names = {path.relative_to(tmp_path / "with").as_posix() for path in written.files}
    assert names >= _FORMS
    assert read_tool(tmp_path / "with" / "typing" / "typing.json") == tool
    manifest = json.loads((tmp_path / "with" / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["outputs"]) >= _FORMS
    english = locale.load("en")
    again = dict(typing_forms(tool, Context(report, english, theme.load()), (english,)))
    assert set(again) | {"typing/typing.json"} == _FORMS
    for name, make in again.items():
        content = make()
        content = content.encode() if isinstance(content, str) else content
        assert (tmp_path / "with" / name).read_bytes() == content, "the same bytes twice"
    bare = write_all(study.study_report(languages=("en",)), tmp_path / "without")
    assert not [path for path in bare.files if "typing" in path.parts]


@pytest.mark.slow
def test_the_forms_of_the_example_agree(
    example_out: Path, made_up: ModuleType, browser: ModuleType, chromium: str
) -> None:
    import duckdb

    tool = read_tool(example_out / "typing" / "typing.json")
    answers = made_up.random_answers(tool.golden, 10_000, 1)
    typed = type_people(tool.golden, answers)
    text = (example_out / "typing" / "typing.duckdb.sql").read_text(encoding="utf-8")
    with duckdb.connect() as database:
        database.register("answers", made_up.as_table(answers, "id"))
        found = database.execute(text).df().sort_values("id")
    made_up.assert_same(found, typed)
    with browser.page(chromium, example_out / "typing" / "screener.html") as tab:
        made_up.assert_same(_in_browser(tab, answers), typed)
        assert tab.complaints() == [] and tab.requests() == []


def _in_browser(tab: Any, answers: pd.DataFrame) -> pd.DataFrame:
    rows = [{k: v for k, v in row.items() if v is not None} for row in answers.to_dict("records")]
    tab.run(f"window.people = {json.dumps(rows)}; 1")
    found = pd.DataFrame(tab.run("people.map(personaTyping.type)"))
    for name in ("unanswered", "not_allowed"):
        found[name] = [", ".join(names) for names in found[name]]
    return found


@pytest.mark.slow
def test_the_workbook_and_the_xlsform_of_the_example_agree(
    example_out: Path, made_up: ModuleType, forms: dict[str, ModuleType], libreoffice: str,
    tmp_path: Path, xpath: ModuleType,
) -> None:  # fmt: skip
    tool: TypingTool = read_tool(example_out / "typing" / "typing.json")
    workbook = forms["workbook"].agree(tool, 10_000, tmp_path, made_up, libreoffice)
    answers = made_up.random_answers(tool.golden, 10_000, 2)
    form = forms["xlsform"].agree(tool, answers, tmp_path, made_up, xpath)
    assert workbook == form == 10_000
