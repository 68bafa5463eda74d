"""`persona assign`: new people from files and tables into the segments of a study."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pytest

from persona.errors import PersonaError
from persona.study import Study
from persona.study.assigning import Assigned, AssignOptions, assign_people
from persona.typing_tool.tables import RESULTS

NEW = [
    ["001", "Female", 5, 5, 1, 1, 2, 5, "=1+1", 1, 0, 0],
    ["002", "Kobieta", "Fully", "Raczej tak", 1, 1, 1, 4, "cheap", 1, 0, 0],
    ["003", "Male", 1, 2, 5, 5, 4, 1, "the smell", 1, 1, 0],
    ["004", "Male", 17, None, 5, 5, 4, 1, "", 1, 1, 0],
    ["005", "Male", None, None, None, None, None, None, "", None, None, None],
]
MIXED = [[*row[:2], *map(lambda v: None if v is None else str(v), row[2:])] for row in NEW]


@pytest.fixture
def finished(finished_study: Path) -> Study:
    """The small study after its run."""
    return Study.load(finished_study)


def segments(done: Assigned) -> pd.DataFrame:
    reader = {".xlsx": pd.read_excel, ".csv": pd.read_csv, ".parquet": pd.read_parquet}
    return reader[done.file.suffix](done.file)


def test_people_of_a_workbook_get_segment_and_what_is_missing(
    finished: Study, tmp_path: Path, write_answers: Callable[..., Path]
) -> None:
    people = write_answers(tmp_path / "new.xlsx", NEW)
    done = assign_people(finished, people)
    assert done.file == finished.folder / "out" / "assigned" / "new.xlsx"
    frame = pd.read_excel(done.file, dtype={"respondent": str})
    assert frame["respondent"].tolist() == ["001", "002", "003", "004", "005"]
    assert list(frame.columns[-len(RESULTS) :]) == list(RESULTS)
    assert frame["segment"].tolist()[:3] == [1, 1, 2]
    assert frame["segment"].isna().tolist()[4] and frame["uncertain"].tolist()[4]
    assert "cheap" in frame["not_allowed"].fillna("")[3]
    assert done.placed == sum(done.counts.values()) == int(frame["segment"].notna().sum())
    codes = {problem.code for problem in done.problems}
    assert {"assign.not_placed", "typing.not_allowed"} <= codes
    told = next(p for p in done.problems if p.code == "typing.not_allowed")
    assert "17" in (told.found or "") and "5" in told.message
    cell = next(c for c in openpyxl.load_workbook(done.file)["People"]["I"] if c.value == "=1+1")
    assert cell.data_type == "s"


def test_files_and_tables_give_the_same(
    finished: Study, tmp_path: Path, write_answers: Callable[..., Path]
) -> None:
    header = [str(cell.value) for cell in _sheet(write_answers(tmp_path / "h.xlsx", []))[1]]
    frame = pd.DataFrame(MIXED, columns=header)
    book = assign_people(finished, write_answers(tmp_path / "new.xlsx", NEW))
    frame.to_parquet(tmp_path / "new.parquet", index=False)
    parquet = assign_people(finished, tmp_path / "new.parquet")
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as store:
        store.register("arriving", frame)
        store.execute("CREATE TABLE people AS SELECT * FROM arriving")
        store.execute("CREATE TABLE other (x INT)")
    stored = assign_people(finished, tmp_path / "crm.duckdb", AssignOptions(table="people"))
    with sqlite3.connect(tmp_path / "crm.sqlite") as lite:
        frame.to_sql("people", lite, index=False)
    target = tmp_path / "from_sqlite.csv"
    small = assign_people(finished, tmp_path / "crm.sqlite", AssignOptions(to=target))
    want = segments(book)
    for done in (parquet, stored, small):
        assert done.counts == book.counts and done.placed == book.placed
        got = segments(done)
        for column in ("segment", "missing", "uncertain"):
            assert got[column].astype(object).where(got[column].notna(), None).tolist() == (
                want[column].astype(object).where(want[column].notna(), None).tolist()
            ), column
    assert target.read_text(encoding="utf-8").count("'=1+1") == 1


def _sheet(path: Path) -> list[tuple[openpyxl.cell.Cell, ...]]:
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return [(), *sheet.iter_rows()]


def test_missing_columns_are_named_and_few_are_allowed(
    finished: Study, tmp_path: Path, write_answers: Callable[..., Path]
) -> None:
    few = write_answers(tmp_path / "few.xlsx", [["1", "Male", 5]], ["respondent", "Your sex", "x"])
    with pytest.raises(PersonaError) as caught:
        assign_people(finished, few)
    assert {problem.code for problem in caught.value.problems} == {"typing.absent"}
    assert any("Coffee has to be cheap" in p.message for p in caught.value.problems)


def test_the_wrong_table_or_no_run_is_said(finished: Study, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as store:
        store.execute("CREATE TABLE a (x INT)")
        store.execute("CREATE TABLE b (x INT)")
    with pytest.raises(PersonaError) as caught:
        assign_people(finished, tmp_path / "crm.duckdb", AssignOptions(table="c"))
    assert caught.value.problems[0].allowed == "a, b"
    with pytest.raises(PersonaError) as caught:
        assign_people(finished, "x.xlsx", AssignOptions(out=tmp_path / "nowhere"))
    assert "persona run" in (caught.value.problems[0].remedy or "")
    (tmp_path / "bad.parquet").write_bytes(b"no parquet")
    with pytest.raises(PersonaError) as caught:
        assign_people(finished, tmp_path / "bad.parquet")
    assert caught.value.problems[0].code == "people.unreadable"
    people = tmp_path / "people.xlsx"
    openpyxl.Workbook().save(people)
    with pytest.raises(PersonaError) as caught:
        assign_people(finished, people, AssignOptions(to=people))
    assert caught.value.problems[0].code == "assign.over_input"


def test_the_command_keeps_named_columns_and_speaks(
    finished: Study,
    tmp_path: Path,
    write_answers: Callable[..., Path],
    command: Callable[..., Any],
) -> None:
    people = write_answers(tmp_path / "new.xlsx", NEW)
    target = tmp_path / "placed.csv"
    arguments = ("assign", finished.folder, people, "--to", target)
    ended = command(*arguments, "--keep", "respondent", "--language", "pl")
    assert ended.code == 0
    assert "5 people, " in ended.text and str(target) in ended.text.replace("\n", "")
    frame = pd.read_csv(target, dtype={"respondent": str})
    assert list(frame.columns) == ["respondent", *RESULTS]
    before = target.read_bytes()
    assert command(*arguments, "--keep", "respondent", "--language", "pl").code == 0
    assert target.read_bytes() == before
