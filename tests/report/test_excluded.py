"""Segments that a decision leaves out: no persona anywhere, named as left out, kept in tables."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

from openpyxl import load_workbook
from pptx import Presentation

from persona.report import write_all
from persona.report.model import Decisions, SegmentDecision


def test_an_excluded_segment_has_no_persona_and_stays_in_tables(
    made_up: ModuleType, tmp_path: Path
) -> None:
    whole = made_up.study_report(languages=("en",))
    out = tmp_path / "whole"
    write_all(whole, out)
    decisions = Decisions("made_up", whole.fingerprint, (SegmentDecision(2, exclude=True),))
    left = made_up.study_report(languages=("en",), decisions=decisions)
    less = tmp_path / "less"
    write_all(left, less)
    gone = {path.name for path in (out / "personas").iterdir()} - {
        path.name for path in (less / "personas").iterdir()
    }
    assert len(gone) == 2 and {Path(name).suffix for name in gone} == {".html", ".pdf"}
    name = whole.personas[1].name["en"]
    page = (less / "index.html").read_text(encoding="utf-8")
    assert 'id="persona-2"' not in page and 'id="persona-1"' in page
    assert f"“{name}”: left out by decision; no persona, still in the tables." in page
    assert len(re.findall(re.escape(name), page)) > 3, "it stays in sizes and tables"
    slides = [len(list(Presentation(str(at / "deck.pptx")).slides)) for at in (out, less)]
    assert slides[1] < slides[0]
    sheets = load_workbook(less / "workbook.xlsx")
    cells = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert name in cells
    tables = load_workbook(less / "tables.xlsx")
    assert any(
        name in str(cell.value) for sheet in tables for row in sheet.iter_rows() for cell in row
    )
    segments = (less / "segments.csv").read_text()
    assert ",2," in segments


def test_nothing_is_said_of_exclusion_where_nothing_is_excluded(
    made_up: ModuleType, tmp_path: Path
) -> None:
    report = made_up.study_report(languages=("en",))
    assert report.excluded == ()
    assert report.shown_personas == report.personas
