"""Parts of a persona page with a place of their own: by kind of question, and never invented."""

from __future__ import annotations

import io
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from pptx import Presentation

from persona.profiling.opportunity import Opportunity, OpportunityCell
from persona.profiling.persona import Aspect, AspectQuestion, Figure, Form, Quote
from persona.report import locale, theme
from persona.report.deck import deck
from persona.report.html import persona_html
from persona.report.model import StudyReport
from persona.report.sections import Context
from persona.report.sections.factor_figures import proposed_name
from persona.report.sections.findings import build as findings
from persona.report.sections.persona_parts import parts
from persona.report.sections.personas import stability_word, view

SIDES = ("needs", "motives", "obstacles", "channels", "journey", "situation", "promotion")


def _aspects(report: StudyReport, **asked: Any) -> tuple[Aspect, ...]:
    return tuple(Aspect(side, side in asked, asked.get(side, ())) for side in SIDES)


def _question(report: StudyReport, question: str, form: Form | None = None) -> AspectQuestion:
    own = [one for one in report.personas[0].statements if one.evidence.question == question]
    figures = tuple(Figure(one.evidence, form or one.form) for one in own)
    figures = tuple(sorted(figures, key=lambda one: -one.evidence.value))
    first = own[0].evidence
    return AspectQuestion(question, first.question_text, first.question_type, figures)


@pytest.fixture
def report(made_up: ModuleType) -> StudyReport:
    """The made-up study; its first persona was asked about channels and a day, and nothing else."""
    made: StudyReport = made_up.study_report()
    day = AspectQuestion("day", {"en": "An ordinary day?"}, "text", ())
    aspects = _aspects(made, channels=(_question(made, "channel"),), situation=(day,))
    quote = Quote("day", {"en": "An ordinary day?"}, "I start <b>at six</b>.", "situation")
    first = replace(made.personas[0], aspects=aspects, quotes=(*made.personas[0].quotes, quote))
    return replace(made, personas=(first, *made.personas[1:]))


def _context(report: StudyReport, code: str = "en", medium: str = "screen") -> Context:
    return Context(report, locale.load(code), theme.load()).on(medium)


def test_asked_parts_stand_on_the_page_and_the_others_are_named(report: StudyReport) -> None:
    shown = view(report.personas[0], _context(report))
    assert [part.title for part in shown.parts] == ["Channels", "Day or situation"]
    assert shown.not_asked == ("needs, motives, obstacles, journey stage, sensitivity to promotion")
    rows = shown.parts[0].answers[0].rows
    assert (rows[0].text, rows[0].figure, rows[0].sign) == ("Online shop", "81%", "▲")
    assert {line.name for line in rows[0].evidence} >= {
        "Question", "Base", "Weighted base", "95% interval", "All respondents",
    }  # fmt: skip


def test_words_about_a_situation_stand_there_and_not_among_the_rest(report: StudyReport) -> None:
    page = persona_html([_context(report)], 1)
    part = page.split('class="fact part part-situation"')[1].split("</section>")[0]
    assert "I start &lt;b&gt;at six&lt;/b&gt;." in part and "An ordinary day?" in part
    quotes = page.split('class="fact quotes"')[1].split("</section>")[0]
    assert "at six" not in quotes and "cheaper" in quotes


def test_every_figure_of_a_part_carries_its_evidence(report: StudyReport) -> None:
    page = persona_html([_context(report)], 1)
    part = page.split('class="fact part part-channels"')[1].split("</section>")[0]
    assert part.count("<details") == 3 and part.count("95% interval") == 3
    paper = parts(report.personas[0], _context(report, medium="print"))[0]
    assert all("; all " in row.brief and "–" in row.brief for row in paper.answers[0].rows)


@pytest.mark.parametrize(("code", "title"), [("pl", "Kanały"), ("ru", "Каналы"), ("nl", "Kanalen")])
def test_parts_speak_every_language(report: StudyReport, code: str, title: str) -> None:
    shown = view(report.personas[0], _context(report, code))
    assert shown.parts[0].title == title
    assert "[en]" not in shown.not_asked and "motives" not in shown.not_asked


def test_opportunity_takes_the_place_of_importance(report: StudyReport) -> None:
    weak = OpportunityCell(9.0, 3.0, 15.0, 13.0, 17.0, 90)
    met = OpportunityCell(4.0, 8.0, 4.0, 3.0, 5.0, 90)
    empty = OpportunityCell(None, None, None, None, None, 0)
    made = tuple(
        Opportunity(name, f"sat_{name}", {"en": name}, met, (cell, met, met, met))
        for name, cell in (("Price", met), ("Fresh", weak), ("Unknown", empty))
    )
    asked = _aspects(report, needs=(_question(report, "shopping"),))
    with_needs = replace(report.personas[0], aspects=asked)
    found = parts(with_needs, _context(replace(report, needs=made)))[0]
    assert found.title == "Needs and opportunity"
    rows = found.answers[0].rows
    assert [(row.text, row.figure, row.tag) for row in rows] == [
        ("Fresh", "15.0", "underserved"),
        ("Price", "4.0", ""),
    ]
    assert rows[0].bar == 75.0
    assert ("95% interval", "13.0–17.0") in [(one.name, one.figure) for one in rows[0].evidence]
    alone = parts(with_needs, _context(report))[0]
    assert alone.title == "Needs" and alone.note.startswith("Satisfaction was not asked")


def test_a_path_keeps_its_steps_and_paper_keeps_few_of_the_rest(report: StudyReport) -> None:
    channel = _question(report, "channel")
    many = replace(channel, figures=channel.figures * 4)
    asked = _aspects(report, journey=(many,), channels=(many,), motives=(many, many, many))
    persona = replace(report.personas[0], aspects=asked)
    paper = {part.id: part for part in parts(persona, _context(report, medium="print"))}
    assert len(paper["journey"].answers[0].rows) == 12
    assert len(paper["channels"].answers[0].rows) == 4
    assert paper["channels"].answers[0].further == 8
    assert [len(one.rows) for one in paper["motives"].answers] == [2, 2]
    screen = {part.id: part for part in parts(persona, _context(report))}
    assert len(screen["motives"].answers) == 3


def test_a_figure_that_says_nothing_has_no_sign(report: StudyReport) -> None:
    question = _question(report, "channel")
    unsure = replace(question, figures=tuple(Figure(f.evidence, None) for f in question.figures))
    persona = replace(report.personas[0], aspects=_aspects(report, channels=(unsure,)))
    rows = parts(persona, _context(report))[0].answers[0].rows
    assert {row.sign for row in rows} == {""}


def test_slides_show_the_parts(report: StudyReport) -> None:
    show = Presentation(io.BytesIO(deck(_context(report))))
    slides = {slide.shapes.title.text_frame.text: slide for slide in show.slides}  # type: ignore[union-attr]
    slide = slides["Price first, online: needs and channels"]
    text = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert "▲ 81%  Online shop" in text and "I start <b>at six</b>." in text
    assert "Not asked: needs, motives" in text
    notes = slide.notes_slide.notes_text_frame.text  # type: ignore[union-attr]
    assert "Online shop: 81% [" in notes and "n = 312" in notes


def test_findings_and_summary_lead_with_wants_and_habits(report: StudyReport) -> None:
    """The first persona differs most in who they are; that is not what a reader needs first."""
    first = report.personas[0]
    statements = sorted(first.statements, key=lambda one: one.block != "who")
    persona = replace(first, statements=tuple(statements))
    report = replace(report, personas=(persona, *report.personas[1:]))
    context = _context(report)
    block = {one.id: one.block for one in persona.statements}
    assert block[persona.statements[0].id] == "who"
    shown = view(persona, context)
    said = {one.sentence: block[one.id] for one in context.said[1]}
    assert said[shown.summary] == "expects"
    of_persona = [one for one in findings(context).findings if one.segment == "A"]
    told = [block for sentence, block in said.items() if sentence in of_persona[-1].text]
    assert sorted(told) == ["behaves", "expects"]
    assert of_persona[-1].text.startswith(shown.summary)


def test_segments_joined_by_decision_have_no_stability_of_their_own() -> None:
    english = locale.load("en")
    assert stability_word(float("nan"), english) == stability_word(None, english) == "not computed"
    assert stability_word(0.9, english) == "highly stable"


def test_very_long_labels_do_not_bury_the_page(report: StudyReport) -> None:
    long = {"en": "word " * 1_000, "pl": "x" * 5_000}
    question = _question(report, "channel")
    figures = tuple(
        replace(one, evidence=replace(one.evidence, answer_text=long)) for one in question.figures
    )
    wild = replace(question, question_text=long, figures=figures)
    first = report.personas[0]
    statements = tuple(
        replace(one, evidence=replace(one.evidence, answer_text=long, question_text=long))
        for one in first.statements
    )
    persona = replace(first, statements=statements, aspects=_aspects(report, channels=(wild,)))
    for code in ("en", "pl"):
        made = replace(report, personas=(persona, *report.personas[1:]))
        shown = view(persona, _context(made, code, "print"))
        answers = shown.parts[0].answers[0]
        assert len(answers.question) == 100 and all(len(row.text) == 100 for row in answers.rows)
        told = [said for block in shown.blocks for said in (*block.shown, *block.further)]
        assert all(len(said.sentence) < 700 and len(said.question) <= 240 for said in told)
        page = persona_html([_context(made, code)], 1)
        assert page.count("x" * 300) == 0


@pytest.mark.parametrize(("code", "marks"), [("pl", "„{}”"), ("ru", "«{}»"), ("nl", "“{}”")])
def test_quotes_stand_in_the_marks_of_the_language(
    report: StudyReport, code: str, marks: str
) -> None:
    page = persona_html([_context(report, code)], 1)
    assert marks.format("Because it is cheaper and I can send it back.") in page
    assert marks.format("I start &lt;b&gt;at six&lt;/b&gt;.") in page


@pytest.mark.parametrize(("code", "denied"), [("pl", "(nie) Luksus"), ("nl", "(niet) Luxe")])
def test_proposed_names_of_factors_deny_in_the_language_of_the_report(
    report: StudyReport, code: str, denied: str
) -> None:
    names = {"F1": {"pl": "Cena – (not) Luksus", "nl": "Prijs – (not) Luxe"}}
    section = replace(report.factors[0], names={}, proposed=names)
    context = _context(report, code)
    assert proposed_name(section, "F1", context).endswith(denied)
    assert proposed_name(section, "F2", context) == ""


def test_size_and_value_stand_together(report: StudyReport) -> None:
    shown = view(report.personas[0], _context(report))
    share = report.profile.segments[0].value["spend"]
    assert share.share is not None and share.index is not None
    assert shown.worth == f"{share.share:.0%} of the value (index {share.index:.0f})"
    page = persona_html([_context(report)], 1)
    assert f'<span class="worth-note">{shown.worth}</span>' in page
    poor = replace(report.personas[0], size=replace(report.personas[0].size, value={}))
    assert view(poor, _context(report)).worth == ""
