"""Names given in the workbook stay with the people they were given to, whatever changes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import persona
from persona.study.decisions import read_kept
from persona.study.people import FILE, hashed, read_people
from persona.study.reporting import study_report

Rows = list[list[object]]


def named(folder: Path, **names: str) -> persona.study.StudyResult:
    """Run and write the study, type names into its workbook as a user would, bring it back."""
    study = persona.Study.load(folder)
    result = study.run()
    path = written(result, folder / "out") / "workbook.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Segments"] if "Segments" in book.sheetnames else book.worksheets[1]
    header = next(
        row for row in sheet.iter_rows(max_row=12) if sum(c.value is not None for c in row) > 3
    )
    column = next(c.column for c in header if str(c.value).casefold().startswith("name"))
    for row in sheet.iter_rows(min_row=header[0].row + 1):
        if (name := names.get(f"segment_{row[0].value}")) is not None:
            sheet.cell(row[0].row, column).value = name
    book.save(path)
    study.apply(path)
    return result


def written(result: persona.study.StudyResult, out: Path) -> Path:
    """The files of a run that a decision needs; the report itself takes longer."""
    from persona.report import data, locale, theme
    from persona.report.decisions_workbook import decisions_workbook
    from persona.report.sections.base import Context

    report, languages = study_report(result), (locale.load("en"), locale.load("pl"))
    out.mkdir()
    context = Context(report, languages[0], theme.load())
    (out / "workbook.xlsx").write_bytes(decisions_workbook(context, languages))
    (out / "segments.csv").write_bytes(data.segments_csv(report))
    (out / "manifest.json").write_bytes(data.manifest_json(report, {}))
    return out


def told(result: persona.study.StudyResult) -> dict[str, str]:
    return {problem.code: str(problem) for problem in result.problems}


def answers(folder: Path) -> tuple[list[str], Rows]:
    sheet = openpyxl.load_workbook(folder / "answers.xlsx")["Answers"]
    header, *rows = ([*row] for row in sheet.iter_rows(values_only=True))
    return [str(cell) for cell in header], rows


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the study with its decisions, made by the first test that needs it."""
    return tmp_path_factory.mktemp("kept") / "coffee"


@pytest.fixture
def savers(small_study: Path, kept: Path) -> Path:
    """The small study, its larger segment called Savers."""
    if kept.exists():
        shutil.copytree(kept, small_study, dirs_exist_ok=True)
    else:
        named(small_study, segment_1="Savers")
        shutil.copytree(small_study, kept)
    return small_study


def test_people_are_kept_beside_the_decisions_without_their_ids(savers: Path) -> None:
    kept = read_kept(savers)
    assert kept is not None
    people, problems = read_people(savers, kept.fingerprint)
    assert len(people) == 120 and not problems
    assert people[hashed("001", "coffee")] == (1,) and people[hashed("120", "coffee")] == (2,)
    text = (savers / FILE).read_text()
    assert "001," not in text and text.startswith(f"run,{kept.fingerprint}\n")
    manifest = json.loads((savers / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["segments"]["people"] is True
    assert "decisions.carried_over" not in told(persona.Study.load(savers).run())


def test_a_name_goes_with_its_people_and_not_with_the_centre(
    savers: Path, write_answers: Callable[..., Path]
) -> None:
    """The savers of then have become lovers, and the lovers savers: people decide."""
    header, rows = answers(savers)
    attitudes = slice(2, 8)
    turned = [
        [*row[:2], *(6 - int(str(cell)) for cell in row[attitudes]), *row[8:]] for row in rows
    ]
    write_answers(savers / "answers.xlsx", turned, header)
    result = persona.Study.load(savers).run()
    assert "120 respondents who are in both" in told(result)["decisions.carried_over_by_people"]
    assert [one.segment for one in result.personas if one.named_by_user] == [1]
    assert result.segmentation.labels.loc["001"] == 1


def test_a_split_is_named_in_notes_and_where_the_segments_are_listed(savers: Path) -> None:
    from persona.report import locale, theme
    from persona.report.sections.base import Context
    from persona.report.sections.segments import build

    file = savers / "study.yaml"
    file.write_text(file.read_text().replace("k: 2", "k: 3"))
    result = persona.Study.load(savers).run()
    note = told(result)["segments.split_with_heir"]
    assert note.startswith("Savers of the earlier run split into the segments")
    heir = next(one for one in result.personas if one.named_by_user)
    assert f"most of it is in segment {heir.segment}" in note
    listed = build(Context(study_report(result), locale.load("pl"), theme.load())).identity
    assert any("Savers z wcześniejszego przebiegu" in sentence for sentence in listed)
    assert any(f"segmencie {'ABC'[heir.segment - 1]}," in sentence for sentence in listed)


def test_the_run_before_is_told_in_the_terminal(
    savers: Path, write_answers: Callable[..., Path]
) -> None:
    """What stood in out is compared before it is written over; files say nothing of it."""
    out = savers / "out"
    assert persona.Study.load(savers).run().since(out) == ()
    assert persona.Study.load(savers).run().since(savers / "nowhere") == ()
    header, rows = answers(savers)
    write_answers(savers / "answers.xlsx", rows[40:], header)
    (told_now,) = persona.Study.load(savers).run().since(out)
    assert "by the 80 respondents in both: segment 1 is now 2, 2 is now 1." in told_now
    file = savers / "study.yaml"
    file.write_text(file.read_text().replace("k: 2", "k: 3"))
    assert "split into" in persona.Study.load(savers).run().since(out)[0]
    (out / "segments.csv").write_text("respondent\n")
    assert persona.Study.load(savers).run().since(out) == ()


def test_a_merge_is_named(small_study: Path) -> None:
    file = small_study / "study.yaml"
    file.write_text(file.read_text().replace("k: 2", "k: 3"))
    before = named(small_study, segment_1="One", segment_2="Two", segment_3="Three")
    file.write_text(file.read_text().replace("k: 3", "k: 2"))
    result = persona.Study.load(small_study).run()
    note = told(result)["segments.joined_with_heir"]
    assert "of the earlier run are one segment now" in note
    assert "decisions.lost" in told(result)
    first = before.segmentation.labels
    for one in result.personas:
        assert one.named_by_user
        number = {"One": 1, "Two": 2, "Three": 3}[one.name["en"]]
        mine = first[result.segmentation.labels == one.segment]
        assert (mine == number).mean() == pytest.approx(mine.value_counts(normalize=True).max())


def test_new_numbers_are_told(savers: Path, write_answers: Callable[..., Path]) -> None:
    header, rows = answers(savers)
    write_answers(savers / "answers.xlsx", rows[40:], header)
    result = persona.Study.load(savers).run()
    assert [one.segment for one in result.personas if one.named_by_user] == [2]
    assert "Savers → 2" in told(result)["segments.renumbered"]
    assert "80 respondents who are in both" in told(result)["decisions.carried_over_by_people"]


def test_rows_are_no_people(small_study: Path, write_answers: Callable[..., Path]) -> None:
    """Without ids respondents go by their row, in which another file has somebody else."""
    header, rows = answers(small_study)
    write_answers(small_study / "answers.xlsx", [row[1:] for row in rows], header[1:])
    named(small_study, segment_1="Savers")
    assert not (small_study / FILE).exists()
    write_answers(small_study / "answers.xlsx", [row[1:] for row in rows[::-1]], header[1:])
    result = persona.Study.load(small_study).run()
    assert "decisions.carried_over_by_people" not in told(result)
    saver = next(one.segment for one in result.personas if one.named_by_user)
    assert result.segmentation.labels.iloc[-1] == saver


def test_a_broken_record_is_told_and_centres_are_used(savers: Path) -> None:
    text = (savers / FILE).read_text()
    (savers / FILE).write_text(text.replace(",1\n", ",one\n"))
    file = savers / "study.yaml"
    file.write_text(file.read_text().replace("seed: 3", "seed: 4"))
    found = told(persona.Study.load(savers).run())
    assert "cannot be read" in found["decisions.people_unreadable"]
    assert "recognised by their centres" in found["decisions.carried_over"]


def test_decisions_about_segments_that_are_not_there_are_refused(savers: Path) -> None:
    file = savers / "decisions.yaml"
    file.write_text(file.read_text().replace("- 1\n", "- 7\n", 1))
    with pytest.raises(persona.errors.StudyError, match="does not have, or name them twice: 7"):
        persona.Study.load(savers).run()
