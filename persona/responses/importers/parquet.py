"""Parquet files: one row a respondent."""

from __future__ import annotations

import datetime
import decimal
import importlib.util
import io
import json
from typing import Any

import numpy as np

from persona.errors import DataError, error
from persona.responses.export import SurveyExport
from persona.responses.importers.memory import table_of
from persona.responses.importers.plain import columns_of
from persona.responses.sniff import Source, broken
from persona.responses.survey import complete

_ENGINES = ("pyarrow", "fastparquet")


def read_parquet(source: Source) -> SurveyExport:
    """The answers of a Parquet file.

    Raises
    ------
    DataError
        No package that reads Parquet is installed, or the file is damaged.
    """
    engine = next((name for name in _ENGINES if importlib.util.find_spec(name)), None)
    if engine is None:
        raise DataError(
            error(
                "parquet.missing_package",
                "Reading Parquet files needs the package pyarrow.",
                file=str(source.path),
                remedy="Install it with: pip install persona[parquet]",
            )
        )
    import pandas as pd

    try:
        frame = pd.read_parquet(io.BytesIO(source.content), engine=engine)  # type: ignore[call-overload]
    except (OSError, ValueError, NotImplementedError):
        raise DataError(broken(source)) from None
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    names = [str(name) for name in frame.columns]
    rows = (tuple(map(_cell, row)) for row in frame.astype(object).itertuples(index=False))
    table = table_of(source, [names], rows)
    return SurveyExport("table", table, columns_of(table), complete(table.n))


def _cell(value: Any) -> Any:
    """A value as a spreadsheet would hold it; several in one cell are joined."""
    import pandas as pd

    if isinstance(value, (list, tuple, np.ndarray)):
        return "; ".join(str(_cell(part)) for part in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, datetime.datetime):
        plain = pd.Timestamp(value).tz_localize(None).to_pydatetime(warn=False)
        return plain.date() if plain.time() == datetime.time() else plain
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, decimal.Decimal):
        return float(value)
    return value.item() if isinstance(value, np.generic) else value
