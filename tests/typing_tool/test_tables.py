"""Placing where the people are: the same expression on DuckDB and on Spark."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from persona.typing_tool import TypingModel, type_people
from persona.typing_tool.tables import ColumnReading, typed_table

EXACT = ("segment", "second", "uncertain", "missing", "unanswered", "not_allowed")


def readings(model: TypingModel) -> dict[str, ColumnReading]:
    """Columns that hold codes and numbers as the questionnaire has them."""
    found = {}
    for question in model.questions:
        rows: dict[Any, int] = {a.code: row for row, a in enumerate(question.answers)}
        rows |= {code: -1 for code, _ in question.no_answer}
        found[question.variable] = ColumnReading(
            question.variable, None if question.bands else rows
        )
    return found


def _spark() -> Any:
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        absent = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        absent("Spark (an extra, with Java) is not installed")
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    return ibis.pyspark.connect(session.getOrCreate())


@pytest.fixture(scope="module", params=["duckdb", pytest.param("spark", marks=pytest.mark.slow)])
def connection(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "duckdb":
        yield ibis.duckdb.connect()
        return
    spark = _spark()
    yield spark
    spark.disconnect()


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("seed", [0, 3, 4])
def test_engines_place_as_the_library_does(
    made_up: ModuleType, connection: Any, tmp_path: Path, seed: int
) -> None:
    model = made_up.random_tool(seed).golden
    answers = made_up.random_answers(model, 2500, seed)
    path = tmp_path / "people.parquet"
    made_up.as_table(answers).to_parquet(path, index=False)
    names = [f"Segment {number}" for number in range(1, model.k + 1)]
    placed = typed_table(
        connection.read_parquet(str(path)), model, readings(model), names, keep=["person_no"]
    )
    got = placed.order_by("person_no").execute()
    want = type_people(model, answers).frame
    for column in EXACT:
        theirs = got[column].astype(object).where(got[column].notna(), None).tolist()
        ours = want[column].astype(object).where(want[column].notna(), None).tolist()
        assert theirs == ours, column
    chances = got["probability"].astype(float).to_numpy()
    assert np.allclose(chances, want["probability"].to_numpy(), atol=1e-9, equal_nan=True)
    known = got["segment"].notna()
    assert got.loc[known, "segment_name"].tolist() == [
        f"Segment {int(number)}" for number in got.loc[known, "segment"]
    ]


def test_a_question_without_a_column_is_unanswered_by_everybody(made_up: ModuleType) -> None:
    model = made_up.random_tool(5).golden
    answers = made_up.random_answers(model, 200, 1, clean=1.0)
    absent = model.questions[0].variable
    table = ibis.memtable(made_up.as_table(answers).drop(columns=absent))
    found = {name: one for name, one in readings(model).items() if name != absent}
    got = typed_table(table, model, found, ["x"] * model.k).execute()
    assert got["unanswered"].str.split(", ").str[0].eq(absent).all()
    assert (got["missing"] >= 1).all()


def test_columns_of_the_people_that_are_called_like_results_stay(made_up: ModuleType) -> None:
    model = made_up.random_tool(6, segments=2).golden
    frame = made_up.as_table(made_up.random_answers(model, 20, 1)).assign(segment="old", missing=7)
    got = typed_table(ibis.memtable(frame), model, readings(model), ["a", "b"]).execute()
    assert got["segment_before"].eq("old").all() and got["missing_before"].eq(7).all()
    assert set(got["segment"].dropna().unique()) <= {1, 2}
    assert isinstance(got, pd.DataFrame)
