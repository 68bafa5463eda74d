"""Cleaned answers out again: Excel with a codebook, and SPSS with labels and missing codes."""

from __future__ import annotations

import datetime
import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from persona.errors import OutputError, Problem, error
from persona.questionnaire.model import Questionnaire
from persona.questionnaire.texts import text_in
from persona.questionnaire.variables import Measure, Variable
from persona.responses.model import Responses

_CREATED = datetime.datetime(2000, 1, 1)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST_CELL = 32_767
_MOST_ROWS = 1_048_576
_CODEBOOK = (
    "variable",
    "question",
    "type",
    "block",
    "kind",
    "role",
    "text",
    "item",
    "codes",
    "missing codes",
    "reversed",
)


def save_excel(responses: Responses, path: str | Path, *, language: str | None = None) -> Path:
    """Write the answers as asked, with codes, and a codebook on a second sheet.

    The file is read back by :meth:`Responses.read` to equal answers, except that answers that
    mean no answer come back as the first missing code of their meaning.

    Raises
    ------
    OutputError
        More respondents than a sheet holds, or the file cannot be written.
    """
    if len(responses.frame) + 1 > _MOST_ROWS:
        raise OutputError(
            error(
                "output.rows",
                "{n:,} respondents are more than an Excel sheet holds.",
                file=str(path),
                allowed=f"{_MOST_ROWS - 1:,} respondents",
                remedy="Save as SPSS.",
                values={"n": len(responses.frame)},
            )
        )
    language = language or responses.questionnaire.language
    return into_place(Path(path), lambda target: _write_excel(responses, target, language))


def _write_excel(responses: Responses, path: Path, language: str) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"created": _CREATED})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Answers")
    columns = _columns_out(responses)
    for number, name in enumerate(columns):
        sheet.write_string(0, number, name, bold)
    sheet.freeze_panes(1, 1)
    cells = list(columns.values())
    for row in range(len(responses.frame)):
        for number, column in enumerate(cells):
            _write(sheet, row + 1, number, column[row], day)
    _write_codebook(book.add_worksheet("Codebook"), responses.questionnaire, language, bold)
    book.close()


def _write(sheet: Any, row: int, column: int, value: object, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, _ILLEGAL.sub("", str(value))[:_LONGEST_CELL])


def _columns_out(responses: Responses) -> dict[str, list[object]]:
    """Answers as codes, days, numbers and texts; a missing code where its meaning has one."""
    variables = [v for v in responses.questionnaire.variables if not v.derived]
    identifier = next((v.id for v in variables if v.measure is Measure.IDENTIFIER), None)
    columns: dict[str, list[object]] = {}
    if identifier is None:
        columns["respondent"] = list(responses.frame.index)
    states = responses.states
    for variable in variables:
        values = [_plain(value) for value in responses.asked[variable.id]]
        codes: dict[str, int | str] = {}
        for code in variable.missing:
            codes.setdefault(code.meaning, code.code)
        if codes:
            given = states[variable.id].tolist()
            values = [
                codes.get(state) if value is None else value
                for value, state in zip(values, given, strict=True)
            ]
        columns[variable.id] = _as_codes(variable, values)
    return columns


def _as_codes(variable: Variable, values: list[object]) -> list[object]:
    """Ordinal text codes are analysed by rank and saved as the codes they are."""
    if variable.measure is Measure.ORDINAL and any(isinstance(c, str) for c in variable.codes):
        missing = {code.code for code in variable.missing}
        return [
            variable.codes[int(value) - 1]
            if isinstance(value, (int, float)) and value not in missing
            else value
            for value in values
        ]
    return values


def _plain(value: Any) -> object:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    result: object = value
    return result


def _write_codebook(sheet: Any, questionnaire: Questionnaire, language: str, bold: Any) -> None:
    for number, name in enumerate(_CODEBOOK):
        sheet.write_string(0, number, name, bold)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 5, 16)
    sheet.set_column(6, 9, 48)
    for row, variable in enumerate(questionnaire.variables, start=1):
        for number, text in enumerate(_codebook_row(questionnaire, variable, language)):
            sheet.write_string(row, number, _ILLEGAL.sub("", text)[:_LONGEST_CELL])


def _codebook_row(
    questionnaire: Questionnaire, variable: Variable, language: str
) -> tuple[str, ...]:
    return (
        variable.id,
        variable.question,
        questionnaire.question(variable.question).type,
        variable.block,
        variable.kind,
        variable.role,
        text_in(variable.question_text, language),
        text_in(variable.text, language) if variable.item is not None else "",
        "; ".join(f"{c.code} = {text_in(c.text, language)}" for c in variable.categories),
        "; ".join(f"{c.code} = {text_in(c.text, language) or c.meaning}" for c in variable.missing),
        "yes" if variable.reverse else "",
    )


def save_spss(responses: Responses, path: str | Path, *, language: str | None = None) -> Path:
    """Write the answers as asked as ``.sav`` with variable labels, value labels and missing codes.

    Raises
    ------
    OutputError
        pyreadstat is not installed, or the file cannot be written.
    """
    try:
        import pyreadstat
    except ImportError:
        raise OutputError(
            error(
                "spss.missing_package",
                "Writing SPSS files needs the package pyreadstat.",
                file=str(path),
                remedy="Install it with: pip install pyreadstat",
            )
        ) from None
    language = language or responses.questionnaire.language
    columns = _columns_out(responses)
    names = _spss_names(list(columns))
    variables = {v.id: v for v in responses.questionnaire.variables}
    frame = pd.DataFrame({names[name]: _spss_column(cells) for name, cells in columns.items()})
    labels: dict[str, str | None] = {
        names[name]: _label(variables.get(name), language) for name in columns
    }
    value_labels: Any = {
        names[name]: _value_labels(variables[name], language)
        for name in columns
        if name in variables and (variables[name].categories or variables[name].missing)
    }
    missing: Any = {
        names[name]: [{"lo": c.code, "hi": c.code} for c in variables[name].missing[:3]]
        for name in columns
        if name in variables and variables[name].missing and _all_numbers(variables[name])
    }

    def write(target: Path) -> None:
        pyreadstat.write_sav(
            frame,
            str(target),
            column_labels=labels,
            variable_value_labels=value_labels,
            missing_ranges=missing,
        )

    return into_place(Path(path), write)


def _all_numbers(variable: Variable) -> bool:
    codes = [*variable.codes, *(c.code for c in variable.missing)]
    return all(isinstance(code, int) for code in codes)


def _spss_column(cells: Sequence[object]) -> pd.Series:
    if any(isinstance(cell, str) for cell in cells):
        return pd.Series(["" if cell is None else str(cell) for cell in cells], dtype=object)
    if any(isinstance(cell, datetime.date) for cell in cells):
        return pd.Series(list(cells), dtype=object)
    figures: list[Any] = [np.nan if cell is None else cell for cell in cells]
    return pd.Series(figures, dtype="float64")


def _label(variable: Variable | None, language: str) -> str:
    if variable is None:
        return "respondent"
    asked, own = text_in(variable.question_text, language), text_in(variable.text, language)
    return (f"{asked} - {own}" if variable.item is not None and asked != own else asked)[:255]


def _value_labels(variable: Variable, language: str) -> dict[int | str, str]:
    labels: dict[int | str, str] = {
        c.code: text_in(c.text, language)[:120] or str(c.code) for c in variable.categories
    }
    labels |= {
        c.code: text_in(c.text, language)[:120] or c.meaning.replace("_", " ")
        for c in variable.missing
    }
    if any(isinstance(code, str) for code in labels):
        return {str(code): label for code, label in labels.items()}
    return labels


def _spss_names(names: Sequence[str]) -> Mapping[str, str]:
    """Names that SPSS accepts: a letter first, then letters, digits and underscores, unique."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_.@#$]", "_", name)[:60].rstrip("._")
        plain = plain if re.match(r"[A-Za-z]", plain) else f"v_{plain}"
        called, number = plain, 1
        while called.lower() in taken:
            number += 1
            called = f"{plain}_{number}"
        taken.add(called.lower())
        found[name] = called
    return found


def into_place(path: Path, write: Callable[[Path], None]) -> Path:
    """Write beside the target and move into place, so that a full disk leaves no half file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        try:
            write(temporary)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as trouble:
        raise OutputError(_unwritable(path, trouble)) from None
    return path


def _unwritable(path: Path, trouble: OSError) -> Problem:
    return error(
        "output.unwritable",
        "The file cannot be written: {reason}.",
        file=str(path),
        remedy="Close it in other programs, or choose another folder.",
        values={"reason": trouble.strerror or str(trouble)},
    )
