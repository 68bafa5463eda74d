"""Parquet files, read by pyarrow where it is installed."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from persona.errors import DataError
from persona.responses import read_export

pytest.importorskip("pyarrow", reason="pyarrow is an extra")


@pytest.fixture
def frame() -> pd.DataFrame:
    days = pd.to_datetime(["2024-01-01", "2024-01-02", None])
    return pd.DataFrame(
        {
            "respondent": ["007", "008", "009"],
            "age": pd.array([31, None, 33], dtype="Int64"),
            "sex": pd.Categorical(["Woman", "Man", "Woman"]),
            "spend": [1.5, np.nan, 2.0],
            "day": days,
            "told": pd.to_datetime(["2024-01-01 10:30"] * 3, utc=True),
            "channels": [["shop", "web"], ["web"], []],
        }
    )


def test_every_kind_of_column_is_read(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "answers.parquet"
    frame.to_parquet(path)
    export = read_export(path)
    cells = {column.id: export.table.column(column.number) for column in export.columns}
    assert cells["respondent"] == ("007", "008", "009")
    assert cells["age"] == (31, "", 33)
    assert cells["sex"] == ("Woman", "Man", "Woman")
    assert cells["spend"] == (1.5, "", 2)
    assert cells["day"] == (datetime.date(2024, 1, 1), datetime.date(2024, 1, 2), "")
    assert cells["told"][0] == datetime.datetime(2024, 1, 1, 10, 30)
    assert cells["channels"] == ("shop; web", "web", "")


def test_an_index_with_a_name_is_a_column(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "answers.parquet"
    frame.set_index("respondent").to_parquet(path)
    assert read_export(path).columns[0].id == "respondent"


def test_a_damaged_file_is_refused(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "answers.parquet"
    frame.to_parquet(path)
    content = path.read_bytes()
    for bad in (content[:200] + content[-8:], b"PAR1" + b"x" * 50 + b"PAR1"):
        path.write_bytes(bad)
        with pytest.raises(DataError) as refused:
            read_export(path)
        assert refused.value.problems[0].code == "file.broken"
