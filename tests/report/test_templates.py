"""Templates: strict, escaped, sandboxed; the study's own override the shipped ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from persona.errors import OutputError
from persona.report import locale, theme
from persona.report.html import index_html, sections
from persona.report.locale import message
from persona.report.sections import SECTIONS, Context, Section
from persona.report.templates import as_json, css_text, render

ENGLISH = locale.load("en")


def _own(tmp_path: Path, text: str, name: str = "own.html") -> Path:
    target = tmp_path / "templates" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return tmp_path / "templates"


def _refused(tmp_path: Path, text: str) -> tuple[int | None, str]:
    with pytest.raises(OutputError) as caught:
        render("own.html", ENGLISH, _own(tmp_path, text), medium="screen", data=[1])
    problem = caught.value.problems[0]
    assert problem.code == "template.faulty"
    assert str(problem.file).endswith("own.html")
    return problem.line, str(problem.found)


def test_a_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    line, found = _refused(tmp_path, "one\ntwo\n{% for x in %}\n")
    assert line == 3
    assert "Expected an expression" in found


def test_an_unknown_variable_names_line_and_variable(tmp_path: Path) -> None:
    line, found = _refused(tmp_path, "one\n{{ nowhere }}\n")
    assert (line, found) == (2, "'nowhere' is undefined")


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ data.append(2) }}",
        "{{ render.__globals__ }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 99999999 }}",
        "{{ 9 ** 99999 }}",
        "{% include 'own.html' %}",
        "{{ 1 / 0 }}",
        "{% include '../../etc/passwd' %}",
        "{% extends 'absent.html' %}",
    ],
)
def test_what_a_template_may_not_do(tmp_path: Path, text: str) -> None:
    assert _refused(tmp_path, text)[1]


def test_values_are_escaped_and_messages_are_not_markup(tmp_path: Path) -> None:
    own = _own(tmp_path, "{{ x }} {{ _('row {number}', number=x) }}")
    found = render("own.html", ENGLISH, own, medium="screen", x="<script>{{ 7*7 }}</script>")
    assert found == (
        "&lt;script&gt;{{ 7*7 }}&lt;/script&gt; row &lt;script&gt;{{ 7*7 }}&lt;/script&gt;"
    )


def test_an_own_section_extends_or_replaces_the_shipped_one(
    made_up: ModuleType, tmp_path: Path
) -> None:
    shipped = "{% include 'shipped/sections/findings.html' %}"
    own = "<p>Ours first: {{ data.findings | length }}</p>" + shipped
    _own(tmp_path, own, "sections/findings.html")
    report = made_up.study_report(folder=tmp_path, languages=("en",))
    page = index_html([Context(report, ENGLISH, theme.load())])
    assert "<p>Ours first: 7</p>" in page
    assert '<ol class="findings">' in page


def test_the_recipe_for_a_new_section(
    made_up: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file of plain data and one template of the same name, as docs/reports.md tells."""

    @dataclass(frozen=True)
    class Greeting:
        words: str

    def build(context: Context) -> Greeting:
        return Greeting(f"{context.report.profile.n} answered")

    monkeypatch.setattr(SECTIONS, "_objects", dict(SECTIONS.items()))
    SECTIONS.register("greeting", Section("greeting", message("Segments"), build))
    _own(tmp_path, "<p class='greeting'>{{ data.words }}</p>", "sections/greeting.html")
    report = made_up.study_report(folder=tmp_path, languages=("en",))
    page = index_html([Context(report, ENGLISH, theme.load())])
    assert "<p class='greeting'>900 answered</p>" in page
    assert '<a href="#greeting">Segments</a>' in page


def test_every_section_has_its_template_and_its_data(made_up: ModuleType) -> None:
    context = Context(made_up.study_report(), ENGLISH, theme.load())
    shown = [name for name, section in SECTIONS.items() if section.data(context) is not None]
    assert {"findings", "personas", "segments", "comparison", "tables", "factors"} <= set(shown)
    assert {"maps", "quality", "method"} <= set(shown)
    assert [one.id for one in sections(context)] == shown
    printed = [one.id for one in sections(context.on("print"))]
    assert printed == [name for name in shown if "print" in SECTIONS[name].media]
    assert "comparison" not in printed


def test_json_and_css_cannot_leave_their_element() -> None:
    assert "</script>" not in as_json({"x": "</script><!--\u2028"})
    assert css_text('a"}\\</style>\n') == '"a\\22 \\7d \\5c \\3c \\2f style\\3e \\a "'
