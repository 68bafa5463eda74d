"""SurveyJS answers in JSON: one object a respondent, lists for several answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from persona.errors import DataError, Problem, error
from persona.responses.export import SurveyExport
from persona.responses.importers.memory import table_of
from persona.responses.sniff import Source
from persona.responses.survey import SurveyColumn, complete

_LARGEST_DEPTH = 100


def read_json(source: Source) -> SurveyExport:
    """The answers of a JSON file.

    Raises
    ------
    DataError
        It is no JSON, or a questionnaire.
    """
    try:
        data = json.loads(source.content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as trouble:
        raise DataError(_syntax(source, trouble)) from None
    if isinstance(data, dict):
        for mark, sort in (
            ("SurveyEntry", "Qualtrics .qsf"),
            ("pages", "SurveyJS"),
            ("elements", "SurveyJS"),
        ):
            if mark in data:
                raise DataError(_questionnaire(source, sort))
        data = data.get("data", data.get("results", [data]))
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data) or not data:
        raise DataError(_no_answers(source))
    rows = [_flat(row) for row in data]
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = table_of(source, [names], ([row.get(name, "") for name in names] for row in rows))
    columns = tuple(_column(name, number) for number, name in enumerate(names))
    return SurveyExport("surveyjs", table, columns, complete(table.n))


def _syntax(source: Source, trouble: Exception) -> Problem:
    line = trouble.lineno if isinstance(trouble, json.JSONDecodeError) else None
    return error(
        "json.syntax",
        "The file begins like JSON but is not.",
        file=str(source.path),
        line=line,
        remedy="Export the answers again.",
    )


def _questionnaire(source: Source, sort: str) -> Problem:
    return error(
        "file.questionnaire",
        "The file is a questionnaire ({sort}); it holds no answers.",
        file=str(source.path),
        remedy="Load it as a questionnaire, and give the export of the answers here.",
        values={"sort": sort},
    )


def _no_answers(source: Source) -> Problem:
    return error(
        "json.no_answers",
        "The JSON holds no list of respondents.",
        file=str(source.path),
        allowed="a list with one object a respondent, or one such object",
        remedy="Export the answers as CSV or Excel.",
    )


def _flat(row: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """Nested answers as ``question.row``; lists of answers joined with semicolons."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        called = f"{before}.{name}" if before else str(name)
        if isinstance(value, Mapping) and depth < _LARGEST_DEPTH:
            flat |= _flat(value, called, depth + 1)
        elif isinstance(value, list):
            if any(isinstance(part, (Mapping, list)) for part in value):
                flat[called] = json.dumps(value, ensure_ascii=False)
            else:
                flat[called] = ";".join(str(part) for part in value)
        else:
            flat[called] = value
    return flat


def _column(name: str, number: int) -> SurveyColumn:
    question, _, row = name.partition(".")
    comment = name.endswith("-Comment")
    return SurveyColumn(
        name,
        number,
        text=question,
        option=row,
        parent=question if row else None,
        form="other" if comment else None,
        names=(f"{question}_{row}",) if row else (),
    )
