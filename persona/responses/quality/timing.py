"""How long respondents took, from what the platform wrote down."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from persona.questionnaire.cells import normal, number
from persona.responses.export import SurveyExport
from persona.responses.survey import SurveyColumn

#: Columns with seconds, and pairs of columns with start and end.
_SECONDS = ("duration (in seconds)", "time_sum", "duration", "interviewtime", "total time")
_PAIRS = (
    ("startdate", "enddate"),
    ("start date", "end date"),
    ("start time", "completion time"),
    ("godzina rozpoczęcia", "godzina ukończenia"),
    ("hora de inicio", "hora de finalización"),
    ("time started", "date submitted"),
    ("start date (utc)", "submit date (utc)"),
    ("date started", "date submitted"),
    ("startdate", "submitdate"),
    ("start", "end"),
)


def seconds_taken(export: SurveyExport) -> NDArray[np.float64] | None:
    """Seconds each respondent took; None when the export does not tell."""
    by_name: dict[str, SurveyColumn] = {}
    for column in export.columns:
        for name in (column.id, column.text):
            by_name.setdefault(normal(name), column)
    for name in _SECONDS:
        if name in by_name:
            return _values(export, by_name[name], _seconds)
    for start, end in _PAIRS:
        if start in by_name and end in by_name:
            begun = _values(export, by_name[start], _moment)
            ended = _values(export, by_name[end], _moment)
            taken = ended - begun
            if np.isfinite(taken).mean() > 0.5:
                return np.where(taken > 0, taken, np.nan)
    return None


def _values(
    export: SurveyExport, column: SurveyColumn, read: Callable[[object], float]
) -> NDArray[np.float64]:
    values, positions = export.table.distinct(column.number)
    return np.array([read(value) for value in values], dtype=np.float64)[positions]


def _seconds(cell: object) -> float:
    found = number(cell)
    return found if found is not None and found > 0 else np.nan


_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
)


def _moment(cell: object) -> float:
    if isinstance(cell, datetime.datetime):
        return cell.replace(tzinfo=cell.tzinfo or datetime.UTC).timestamp()
    if not isinstance(cell, str) or not cell.strip():
        return np.nan
    text = cell.strip()
    try:
        moment = datetime.datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or datetime.UTC).timestamp()
    except ValueError:
        pass
    for pattern in _FORMATS:
        try:
            moment = datetime.datetime.strptime(text, pattern)
        except ValueError:
            continue
        return moment.replace(tzinfo=datetime.UTC).timestamp()
    return np.nan
