"""XLSForm out: a workbook for ODK, KoboToolbox and their kin.

What XLSForm has no word for (kind, role, reverse keys, whole question types) stands as JSON in a
column called ``persona``, which those tools pass over and :mod:`xlsform` reads again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from persona.errors import Problem, note
from persona.questionnaire.cells import normal
from persona.questionnaire.conditions import parse_condition
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats.drafting import clean, plain_text
from persona.questionnaire.formats.expressions import figure, to_xlsform
from persona.questionnaire.formats.languages import LANGUAGE_NAMES
from persona.questionnaire.formats.workbooks import write_tables
from persona.questionnaire.parts import Option
from persona.questionnaire.texts import Texts, text_in
from persona.questionnaire.types import Question
from persona.questionnaire.types.derived import Derived
from persona.questionnaire.types.grid import Grid
from persona.questionnaire.types.maxdiff import MaxDiff
from persona.questionnaire.variables import Variable
from persona.questionnaire.writing import to_data

Row: TypeAlias = dict[str, str]

SAID = {
    "id", "text", "help", "required", "shown_if", "options", "items", "scale", "minimum",
    "maximum", "decimals", "original",
}  # fmt: skip
"""Keys of a question that XLSForm has words for."""
SIMPLE = {"single": "select_one", "multiple": "select_multiple", "ranking": "rank",
          "text": "text", "number": "decimal", "money": "decimal", "date": "date"}  # fmt: skip
_REFERENCE = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
_COLUMNS = ("relevant", "required", "constraint", "appearance", "parameters", "calculation",
            "default", "persona")  # fmt: skip


@dataclass
class Sheets:
    """The rows of a form while it is put together."""

    declaration: Declaration
    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    lists: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    @property
    def multiple(self) -> tuple[str, ...]:
        """Questions of which several options may be chosen."""
        return tuple(q.id for q in self.declaration.questions if q.type == "multiple")


def write_xlsform(declaration: Declaration, path: Path) -> tuple[Problem, ...]:
    """Write an XLSForm workbook.

    Parameters
    ----------
    declaration : Declaration
    path : Path
        Ends in ``.xlsx``.

    Returns
    -------
    tuple of Problem
        What XLSForm cannot say.
    """
    sheets = form_of(declaration)
    texts = [f"{key}::{_language(code)}" for key in ("label", "hint")
             for code in declaration.languages]  # fmt: skip
    labels = texts[: len(declaration.languages)]
    settings = {
        "form_title": text_in(declaration.title, declaration.language),
        "form_id": declaration.id,
        "default_language": _language(declaration.language),
        "persona": _json({"title": dict(declaration.title), "languages": declaration.languages}),
    }
    write_tables(
        path,
        {
            "survey": (("type", "name", *texts, *_COLUMNS), sheets.survey),
            "choices": (("list_name", "name", *labels, "persona"), sheets.choices),
            "settings": (tuple(settings), [settings]),
        },
    )
    return tuple(sheets.problems)


def form_of(declaration: Declaration) -> Sheets:
    """The rows of the survey and of the choices."""
    sheets = Sheets(declaration)
    data = to_data(declaration)
    for section, plain in zip(declaration.sections, data["sections"], strict=True):
        head = {"type": "begin_group", "name": section.id, **_texts("label", section.title, sheets)}
        if section.shown_if:
            head["relevant"] = _condition(section.shown_if, sheets)
        head["persona"] = _json({"block": section.block})
        sheets.survey.append(head)
        for question, keys in zip(section.questions, plain["questions"], strict=True):
            sheets.survey += question_rows(question, keys, sheets)
        sheets.survey.append({"type": "end_group", "name": f"{section.id}_end"})
    return sheets


def question_rows(question: Question, plain: Mapping[str, Any], sheets: Sheets) -> list[Row]:
    """The rows of one question; its choices are added to the sheet of choices."""
    if question.type in SIMPLE:
        return _simple(question, plain, sheets)
    if question.type in ("rating", "nps"):
        (variable,) = sheets.declaration.variables_of(question.id)
        row = _common(question, plain, sheets)
        row["type"] = f"select_one {_list_of(question.id, variable, sheets)}"
        row["appearance"] = "likert"
        return [{**row, "persona": _json(_beyond(plain) | {"generated": {"appearance": "likert"}})}]
    if isinstance(question, Grid):
        return _grid(question, plain, sheets)
    if isinstance(question, Derived):
        row = {"type": "calculate", "name": question.id, "calculation": _sources(question),
               "persona": _json({"question": plain})}  # fmt: skip
        return [row]
    return _group(question, plain, sheets)


def _simple(question: Question, plain: Mapping[str, Any], sheets: Sheets) -> list[Row]:
    row = _common(question, plain, sheets)
    kind = SIMPLE[question.type]
    options: Sequence[Option] = getattr(question, "options", ())
    if options:
        _options(question, options, sheets)
        kind = f"{kind} {question.id}"
    if question.type == "number" and getattr(question, "decimals", None) == 0:
        kind = "integer"
    row["type"] = kind
    bounds = _bounds(question)
    beyond = _beyond(plain)
    if bounds and "constraint" not in row:
        row["constraint"] = bounds
        beyond["generated"] = {"constraint": bounds}
        if question.type in ("number", "money"):
            del beyond["generated"]
    row["persona"] = _json(beyond)
    rows = [row]
    others = [v for v in sheets.declaration.variables_of(question.id) if v.optional]
    for variable in others:
        text = {"type": "text", "name": variable.id, **_texts("label", variable.text, sheets)}
        text["relevant"] = f"selected(${{{question.id}}}, '{_name(variable.item)}')"
        text["persona"] = _json({"other": question.id})
        rows.append(text)
    return rows


def _common(question: Question, plain: Mapping[str, Any], sheets: Sheets) -> Row:
    row: Row = {"type": "", "name": question.id}
    row |= _texts("label", question.text or {sheets.declaration.language: question.id}, sheets)
    row |= _texts("hint", question.help, sheets)
    if question.required:
        row["required"] = "yes"
    if question.shown_if:
        row["relevant"] = _condition(question.shown_if, sheets)
    known = {variable.id for variable in sheets.declaration.variables}
    known |= {q.id for q in sheets.declaration.questions}
    for key in ("relevant", "constraint", "appearance", "default"):
        kept = question.original.get(key)
        if not kept or row.get(key):
            continue
        if set(_REFERENCE.findall(kept)) <= known and "../" not in kept:
            row[key] = kept
        else:
            sheets.problems.append(_unsaid(question.id, f"its {key} asks about what is not here",
                                           kept))  # fmt: skip
    return row


def _beyond(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What of a question XLSForm has no words for."""
    beyond = {key: value for key, value in plain.items() if key not in SAID}
    if plain["type"] in ("single", "multiple", "text", "date", "ranking", "grid"):
        del beyond["type"]
    if plain["type"] == "number":
        del beyond["type"]
        beyond |= {"decimals": plain["decimals"]} if plain.get("decimals") else {}
    return beyond


def _options(question: Question, options: Sequence[Option], sheets: Sheets) -> None:
    for option in options:
        extra: dict[str, Any] = {}
        for key in ("missing", "exclusive", "other"):
            if getattr(option, key):
                extra[key] = getattr(option, key)
        if option.short:
            extra["short"] = dict(option.short)
        if isinstance(option.code, str):
            extra["code"] = option.code
        sheets.choices.append(_choice(question.id, option.code, option.text, sheets, extra))
    for code, missing in question.missing.items():
        extra = {"missing": missing.meaning, "of": "question"}
        sheets.choices.append(_choice(question.id, code, missing.text, sheets, extra))


def _list_of(name: str, variable: Variable, sheets: Sheets) -> str:
    """The list of a column's valid and missing answers; made once."""
    if name not in sheets.lists:
        sheets.lists.add(name)
        for category in variable.categories:
            code = category.alias or category.code
            extra = {"code": category.code} if category.alias else {}
            sheets.choices.append(_choice(name, code, category.text, sheets, extra))
        for missing in variable.missing:
            extra = {"missing": missing.meaning}
            sheets.choices.append(_choice(name, missing.code, missing.text, sheets, extra))
    return name


def _choice(
    list_name: str, code: int | str, text: Texts, sheets: Sheets, extra: Mapping[str, Any]
) -> Row:
    row = {"list_name": list_name, "name": _name(code)}
    row |= _texts("label", text or {sheets.declaration.language: str(code)}, sheets)
    return row | ({"persona": _json(extra)} if extra else {})


def _name(code: object) -> str:
    return re.sub(r"\s+", "_", str(code))


def _grid(question: Grid, plain: Mapping[str, Any], sheets: Sheets) -> list[Row]:
    variables = sheets.declaration.variables_of(question.id)
    scale = clean(question.scale)
    kind = f"select_one {_list_of(scale, variables[0], sheets)}"
    head = {**_common(question, plain, sheets), "type": kind, "appearance": "label"}
    head.pop("required", None)
    head["persona"] = _json(_beyond(plain) | {"scale": question.scale})
    rows = [{"type": "begin_group", "name": f"{question.id}_group", "appearance": "field-list"}]
    if "relevant" in head:
        rows[0]["relevant"] = head.pop("relevant")
    rows.append(head)
    for item, keys in zip(question.items, plain["items"], strict=True):
        row = {"type": kind, "name": item.id, **_texts("label", item.text, sheets)}
        row["appearance"] = "list-nolabel"
        if question.required:
            row["required"] = "yes"
        extra = {key: value for key, value in keys.items() if key not in ("id", "text")}
        rows.append({**row, "persona": _json(extra)} if extra else row)
    return [*rows, {"type": "end_group", "name": f"{question.id}_group_end"}]


def _group(question: Question, plain: Mapping[str, Any], sheets: Sheets) -> list[Row]:
    """A type that XLSForm does not have: one row a column, and the whole question as JSON."""
    rows: list[Row] = [
        {"type": "begin_group", "name": f"{question.id}_group",
         **_texts("label", question.text, sheets), "persona": _json({"question": plain})}
    ]  # fmt: skip
    if question.shown_if:
        rows[0]["relevant"] = _condition(question.shown_if, sheets)
    asked = [v for v in sheets.declaration.variables_of(question.id) if not v.derived]
    total = getattr(question, "total", None)
    for variable in asked:
        text = variable.text or question.text
        row = {"type": "decimal", "name": variable.id, **_texts("label", text, sheets)}
        if question.required:
            row["required"] = "yes"
        if variable.categories:
            shown = _shown_in_set(question, variable)
            name = _shared(shown, asked) if shown is variable else f"{variable.id}_list"
            row["type"] = f"select_one {_list_of(name, shown, sheets)}"
        elif variable.minimum is not None and variable.maximum is not None:
            row["constraint"] = (
                f". >= {figure(variable.minimum)} and . <= {figure(variable.maximum)}"
            )
        if total is not None and variable is asked[-1]:
            summed = " + ".join(f"${{{v.id}}}" for v in asked[:-1])
            row["constraint"] = f"{summed} + . = {figure(total)}"
        rows.append(row)
    if isinstance(question, MaxDiff) and len(question.shown) > 1:
        what = "each set offers all items, since versions of a design have no counterpart"
        sheets.problems.append(_unsaid(question.id, what, ""))
    rows[0]["persona"] = _json({"question": plain, "rows": fingerprint(rows[1:])})
    return [*rows, {"type": "end_group", "name": f"{question.id}_group_end"}]


def _shown_in_set(question: Question, variable: Variable) -> Variable:
    """The column with the items that its set shows, where there is one version of the design."""
    if not isinstance(question, MaxDiff) or len(question.shown) > 1:
        return variable
    part = question.shown[0][int(str(variable.item).partition("_")[0]) - 1]
    shown = tuple(category for category in variable.categories if category.code in part)
    return replace(variable, categories=shown)


def fingerprint(rows: Sequence[Mapping[str, str]]) -> str:
    """A mark that changes when types, names or labels of the rows do."""
    said = [
        normal(plain_text(cell) or cell)
        for row in rows
        for key, cell in row.items()
        if cell and (key in ("type", "name") or key.startswith("label"))
    ]
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()[:16]


def _shared(variable: Variable, others: Sequence[Variable]) -> str:
    first = next(v for v in others if v.categories == variable.categories)
    return f"{first.id}_list"


def _sources(question: Derived) -> str:
    glue = " + ".join(f"${{{name}}}" for name in question.sources)
    return f"({glue}) div {len(question.sources)}" if question.mean else glue


def _bounds(question: Question) -> str:
    low, high = (getattr(question, key, None) for key in ("minimum", "maximum"))
    parts = [f". >= {figure(low)}"] if low is not None else []
    parts += [f". <= {figure(high)}"] if high is not None else []
    if question.type == "date":
        days = [
            (sign, getattr(question, key)) for key, sign in (("earliest", ">="), ("latest", "<="))
        ]
        parts = [f". {sign} date('{day.isoformat()}')" for sign, day in days if day is not None]
    options: Sequence[Option] = getattr(question, "options", ())
    if question.type == "multiple":
        parts += [
            f"not(selected(., '{_name(option.code)}') and count-selected(.) > 1)"
            for option in options
            if option.exclusive or option.missing
        ]
        most, fewest = (getattr(question, key, None) for key in ("most", "fewest"))
        parts += [f"count-selected(.) <= {most}"] if most else []
        parts += [f"count-selected(.) >= {fewest}"] if fewest else []
    return " and ".join(parts)


def _condition(text: str, sheets: Sheets) -> str:
    return to_xlsform(parse_condition(text), sheets.multiple, {})


def _texts(key: str, texts: Texts, sheets: Sheets) -> Row:
    if not texts:
        return {}
    languages = sheets.declaration.languages
    return {
        f"{key}::{_language(code)}": text_in(texts, code, sheets.declaration.language)
        for code in languages
    }


def _language(code: str) -> str:
    return f"{LANGUAGE_NAMES.get(code, code)} ({code})"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _unsaid(name: str, what: str, found: str) -> Problem:
    return note(
        "export.unsaid",
        "{name}: {what}.",
        question=name,
        found=found or None,
        values={"name": name, "what": what},
    )
