"""The slides: native charts, evidence in the notes, texts of users as text."""

from __future__ import annotations

import io
from dataclasses import replace
from types import ModuleType

import pytest
from pptx import Presentation

from persona.report import locale, theme
from persona.report.archive import steady
from persona.report.deck import deck
from persona.report.sections import Context


def _slides(context: Context) -> list:  # type: ignore[type-arg]
    return list(Presentation(io.BytesIO(deck(context))).slides)


@pytest.fixture(scope="module")
def slides(made_up: ModuleType) -> list:  # type: ignore[type-arg]
    return _slides(Context(made_up.study_report(), locale.load("pl"), theme.load()))


def test_every_slide_has_a_title(slides: list) -> None:  # type: ignore[type-arg]
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles == [
        "Klienci sklepu z butami",
        "Wyniki",
        "Wielkości segmentów",
        "Najpierw cena, w internecie",
        "Najpierw cena, w internecie: potrzeby i kanały",
        "Rada w sklepie",
        "Rada w sklepie: potrzeby i kanały",
        "Mało czasu, szybka dostawa",
        "Mało czasu, szybka dostawa: potrzeby i kanały",
        "Wierni marce",
        "Wierni marce: potrzeby i kanały",
        "Na ile to pewne",
    ]


def test_charts_are_native_and_hold_the_figures(slides: list, made_up: ModuleType) -> None:  # type: ignore[type-arg]
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 5
    shares = [size.share for size in made_up.study_report().profile.segments]
    assert list(charts[0].plots[0].series[0].values) == pytest.approx(shares)
    described = [
        shape._element.nvGraphicFramePr.cNvPr.get("descr")
        for slide in slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    assert all(described)


def test_the_evidence_stands_in_the_notes(slides: list) -> None:  # type: ignore[type-arg]
    notes = slides[3].notes_slide.notes_text_frame.text
    assert "n = 312, przedział 95%" in notes
    assert "0,91 · bardzo stabilny" in notes


def test_control_characters_and_tags_do_no_harm(made_up: ModuleType) -> None:
    report = made_up.study_report()
    wild = replace(report.personas[0], name={"en": "<b>\x00\x0b\x1f🙂 =1+1"})
    report = replace(report, personas=(wild, *report.personas[1:]))
    made = _slides(Context(report, locale.load("en"), theme.load()))
    assert made[3].shapes.title.text_frame.text == "<b>🙂 =1+1"


def test_archives_are_steady_also_inside() -> None:
    import time
    import zipfile

    def archive(moment: int) -> bytes:
        inner, outer = io.BytesIO(), io.BytesIO()
        core = f"<dcterms:created x='y'>{moment}</dcterms:created>"
        stamp = time.gmtime(1_700_000_000 + moment)[:6]
        with zipfile.ZipFile(inner, "w") as made:
            made.writestr(zipfile.ZipInfo("docProps/core.xml", stamp), core)
        with zipfile.ZipFile(outer, "w") as made:
            made.writestr(zipfile.ZipInfo("embeddings/x.xlsx", stamp), inner.getvalue())
            made.writestr(zipfile.ZipInfo("docProps/core.xml", stamp), core)
        return outer.getvalue()

    assert archive(0) != archive(4_000)
    assert steady(archive(0)) == steady(archive(4_000))
