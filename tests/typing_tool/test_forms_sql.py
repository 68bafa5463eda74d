"""The typing tool as SQL: databases place people as the library does."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
import sqlglot

from persona.report.locale import load
from persona.typing_tool import TypingTool, type_people
from persona.typing_tool.sql import DIALECTS, typing_sql
from persona.typing_tool.tables import RESULTS


def _run(tool: TypingTool, table: pd.DataFrame) -> pd.DataFrame:
    import duckdb

    with duckdb.connect() as database:
        database.register("answers", table)
        found = database.execute(typing_sql(tool, person="person_no")).df()
    return found.sort_values("person_no").reset_index(drop=True)


@pytest.mark.parametrize("seed", range(8))
def test_duckdb_agrees_on_ten_thousand_answer_sets(made_up: ModuleType, seed: int) -> None:
    tool = made_up.random_tool(seed, nasty=seed % 2 == 1)
    answers = made_up.random_answers(tool.golden, 10_000, seed)
    typed = type_people(tool.golden, answers)
    found = _run(tool, made_up.as_table(answers))
    made_up.assert_same(found, typed)
    points = [f"points_{number}" for number in range(1, tool.golden.k + 1)]
    assert (found[points].to_numpy() == typed.points.to_numpy()).all()
    assert list(found.columns) == ["person_no", *RESULTS, *points]
    names = {n: part.name["en"] for n, part in enumerate(tool.golden.segments, 1)}
    placed = found[found["segment"].notna()]
    assert placed["segment_name"].tolist() == [names[int(n)] for n in placed["segment"]]


def test_two_segments_with_equal_sums_give_the_lower_number(made_up: ModuleType) -> None:
    tool = made_up.random_tool(3, segments=3, questions=3)
    level = made_up.levelled(tool)
    answers = made_up.random_answers(level.golden, 500, 1, clean=1.0)
    found = _run(level, made_up.as_table(answers))
    made_up.assert_same(found, type_people(level.golden, answers))
    assert set(found["segment"].dropna()) == {1} and set(found["second"].dropna()) == {2}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_reads_as_the_same_statement(made_up: ModuleType, dialect: str) -> None:
    tool = made_up.random_tool(5, nasty=True)
    text = typing_sql(tool, dialect, table="crm.answers")
    (tree,) = sqlglot.parse(text, read=dialect)
    assert tree is not None
    assert "crm" in [table.db for table in tree.find_all(sqlglot.exp.Table)]
    assert text == typing_sql(tool, dialect, table="crm.answers"), "the same bytes twice"
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    for name in tool.golden.variables:
        quoted = f"`{name}`" if dialect in ("spark", "bigquery") else f'"{name}"'
        assert quoted in code


def _parted(text: str) -> tuple[list[str], list[str]]:
    """Comments and code."""
    lines = text.splitlines()
    return (
        [line for line in lines if line.startswith("--")],
        [line for line in lines if not line.startswith("--")],
    )


def test_comments_are_in_the_language_of_the_report(made_up: ModuleType) -> None:
    tool = made_up.random_tool(5)
    english, code = _parted(typing_sql(tool))
    polish, same = _parted(typing_sql(tool, say=load("pl").gettext))
    assert same == code
    assert "-- Kody odpowiedzi jak w kwestionariuszu, NULL, gdy ktoś nie odpowiedział." in polish
    assert polish[1].startswith("-- SQL dla duckdb.") and english[1].startswith("-- SQL for duckdb")
    worded = [line for line in english if "(no answer)" in line or "a number from" in line]
    assert worded and not set(worded) & set(polish)


def test_what_is_translated_still_runs_in_duckdb(made_up: ModuleType) -> None:
    import duckdb

    tool = made_up.random_tool(7, nasty=True)
    answers = made_up.random_answers(tool.golden, 1000, 7)
    typed = type_people(tool.golden, answers)
    for dialect in ("postgres", "spark", "bigquery"):
        text = typing_sql(tool, dialect, person="person_no")
        (back,) = sqlglot.transpile(text, read=dialect, write="duckdb", comments=False)
        with duckdb.connect() as database:
            database.register("answers", made_up.as_table(answers))
            found = database.execute(back).df().sort_values("person_no")
        made_up.assert_same(found, typed)


def test_texts_of_questions_cannot_leave_their_comments(made_up: ModuleType) -> None:
    for seed in range(6):
        text = typing_sql(made_up.random_tool(seed, nasty=True))
        head, _, body = text.partition("WITH people")
        assert body
        for line in head.splitlines():
            assert line.startswith("--") and len(line) < 130
            assert not re.search(r"[;:'\"`$%{}\\*@]|--.*--|/\*", line), line


@pytest.mark.slow
def test_spark_agrees(made_up: ModuleType, tmp_path: Path) -> None:
    spark = _spark()
    try:
        for seed in (1, 4):
            tool = made_up.random_tool(seed, nasty=seed % 2 == 1)
            answers = made_up.random_answers(tool.golden, 10_000, seed)
            made_up.as_table(answers).to_parquet(tmp_path / f"{seed}.parquet")
            spark.read.parquet(str(tmp_path / f"{seed}.parquet")).createOrReplaceTempView("answers")
            rows = spark.sql(typing_sql(tool, "spark", person="person_no")).collect()
            found = pd.DataFrame([row.asDict() for row in rows]).sort_values("person_no")
            made_up.assert_same(found, type_people(tool.golden, answers))
    finally:
        spark.stop()


def _spark() -> Any:
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is an extra")
    return (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
