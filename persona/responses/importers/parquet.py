"""Parquet files: one row a respondent."""

from __future__ import annotations

import importlib.util
import io

from persona.errors import DataError, error
from persona.responses.export import SurveyExport
from persona.responses.importers.memory import table_of
from persona.responses.importers.plain import columns_of
from persona.responses.sniff import Source, broken
from persona.responses.survey import complete

_ENGINES = ("pyarrow", "fastparquet", "duckdb")


def read_parquet(source: Source) -> SurveyExport:
    """The answers of a Parquet file.

    Raises
    ------
    DataError
        No package that reads Parquet is installed, or the file is damaged.
    """
    engine = next((name for name in _ENGINES[:2] if importlib.util.find_spec(name)), None)
    if engine is None:
        raise DataError(
            error(
                "parquet.missing_package",
                "Reading Parquet files needs the package pyarrow.",
                file=str(source.path),
                remedy="Install it with: pip install pyarrow",
            )
        )
    import pandas as pd

    try:
        frame = pd.read_parquet(io.BytesIO(source.content), engine=engine)  # type: ignore[call-overload]
    except (OSError, ValueError):
        raise DataError(broken(source)) from None
    names = [str(name) for name in frame.columns]
    rows = frame.astype(object).itertuples(index=False, name=None)
    table = table_of(source, [names], rows)
    return SurveyExport("table", table, columns_of(table), complete(table.n))
