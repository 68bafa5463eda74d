"""SurveyJS questionnaires (JSON), out.

What SurveyJS has no word for stands under a key called ``persona``, which it passes over and
:mod:`surveyjs` reads again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from persona.errors import OutputError, error
from persona.questionnaire.conditions import parse_condition
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats.expressions import to_surveyjs
from persona.questionnaire.parts import Option
from persona.questionnaire.texts import Texts
from persona.questionnaire.types import Question
from persona.questionnaire.types.grid import Grid
from persona.questionnaire.variables import Variable
from persona.questionnaire.writing import to_data

_KINDS = {"single": "radiogroup", "multiple": "checkbox", "ranking": "ranking", "text": "comment",
          "number": "text", "money": "text", "date": "text", "rating": "rating",
          "nps": "rating"}  # fmt: skip
_SAID = {"id", "text", "help", "required", "shown_if", "options", "items", "scale", "minimum",
         "maximum", "fewest", "most", "low", "high", "lowest", "highest", "type",
         "original"}  # fmt: skip
_TYPED = {"money", "nps"}
"""Types that SurveyJS has no type of its own for."""


def write_surveyjs(declaration: Declaration, path: Path) -> None:
    """Write the questionnaire as SurveyJS reads it.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    text = json.dumps(surveyjs_data(declaration), ensure_ascii=False, indent=2, default=str)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as trouble:
        raise OutputError(
            error("output.file", "The file cannot be written: {why}.", file=str(path),
                  values={"why": trouble.strerror})
        ) from None  # fmt: skip


def surveyjs_data(declaration: Declaration) -> dict[str, Any]:
    """The questionnaire as the values of a SurveyJS file."""
    data = to_data(declaration)
    pages = []
    for section, keys in zip(declaration.sections, data["sections"], strict=True):
        page: dict[str, Any] = {"name": section.id, "persona": {"block": section.block}}
        if section.title:
            page["title"] = _texts(section.title, declaration)
        if section.shown_if:
            page["visibleIf"] = _condition(section.shown_if, declaration)
        page["elements"] = [
            element
            for question, plain in zip(section.questions, keys["questions"], strict=True)
            for element in _elements(question, plain, declaration)
        ]
        pages.append(page)
    return {
        "title": _texts(declaration.title, declaration),
        "locale": declaration.language,
        "persona": {"id": declaration.id, "languages": list(declaration.languages)},
        "pages": pages,
    }


def _texts(texts: Texts, declaration: Declaration) -> str | dict[str, str]:
    default = declaration.language
    if set(texts) <= {default}:
        return texts.get(default, "")
    return {("default" if code == default else code): text for code, text in texts.items()}


def _condition(text: str, declaration: Declaration) -> str:
    multiple = [q.id for q in declaration.questions if q.type == "multiple"]
    names = {
        item.id: f"{question.id}.{item.id}"
        for question in declaration.questions
        if isinstance(question, Grid)
        for item in question.items
    }
    return to_surveyjs(parse_condition(text), multiple, names)


def _elements(
    question: Question, plain: Mapping[str, Any], declaration: Declaration
) -> list[dict[str, Any]]:
    element: dict[str, Any] = {"type": _KINDS.get(question.type, "text"), "name": question.id}
    if question.text:
        element["title"] = _texts(question.text, declaration)
    if question.help:
        element["description"] = _texts(question.help, declaration)
    if question.required:
        element["isRequired"] = True
    if question.shown_if:
        element["visibleIf"] = _condition(question.shown_if, declaration)
    own = {key: value for key, value in plain.items() if key not in _SAID}
    own |= {"missing": plain["missing"]} if "missing" in plain else {}
    if question.type in _TYPED:
        own["type"] = question.type
    if isinstance(question, Grid):
        return [
            {
                **element,
                **_matrix(question, plain, declaration),
                "persona": {**own, "scale": question.scale},
            }
        ]
    if question.type in _KINDS:
        element |= _details(question, plain, declaration)
        return [{**element, "persona": own} if own else element]
    return _parts(question, plain, element, declaration)


def _details(
    question: Question, plain: Mapping[str, Any], declaration: Declaration
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    options: Sequence[Option] = getattr(question, "options", ())
    if options:
        found["choices"] = [
            _choice(option.code, option.text, keys, declaration)
            for option, keys in zip(options, plain["options"], strict=True)
        ]
    if question.type in ("number", "money"):
        found["inputType"] = "number"
        for key, name in (("minimum", "min"), ("maximum", "max")):
            if getattr(question, key, None) is not None:
                found[name] = getattr(question, key)
    if question.type == "date":
        found["inputType"] = "date"
    if question.type in ("rating", "nps"):
        found |= {"rateMin": getattr(question, "lowest", 0),
                  "rateMax": getattr(question, "highest", 10)}  # fmt: skip
        for key, name in (("low", "minRateDescription"), ("high", "maxRateDescription")):
            if getattr(question, key, None):
                found[name] = _texts(getattr(question, key), declaration)
    for key, name in (("fewest", "minSelectedChoices"), ("most", "maxSelectedChoices")):
        if getattr(question, key, None) is not None:
            found[name] = getattr(question, key)
    if getattr(question, "randomise", False) and options:
        found["choicesOrder"] = "random"
    return found


def _choice(
    code: int | str, text: Texts, keys: Mapping[str, Any], declaration: Declaration
) -> dict[str, Any]:
    own = {key: value for key, value in keys.items() if key not in ("code", "text")}
    found: dict[str, Any] = {"value": code, "text": _texts(text, declaration)}
    return {**found, "persona": own} if own else found


def _matrix(question: Grid, plain: Mapping[str, Any], declaration: Declaration) -> dict[str, Any]:
    scale = declaration.scales[question.scale]
    columns = [_choice(part.code, part.text, {}, declaration) for part in scale.categories]
    columns += [
        _choice(part.code, part.text, {"missing": part.meaning}, declaration)
        for part in scale.missing_codes
    ]
    rows = [
        {"value": item.id, "text": _texts(item.text, declaration),
         "persona": {key: value for key, value in keys.items() if key != "text"}}
        for item, keys in zip(question.items, plain["items"], strict=True)
    ]  # fmt: skip
    return {"type": "matrix", "columns": columns, "rows": rows}


def _parts(
    question: Question,
    plain: Mapping[str, Any],
    element: Mapping[str, Any],
    declaration: Declaration,
) -> list[dict[str, Any]]:
    """A type that SurveyJS does not have: one element a column, the first with it all."""
    columns = [v for v in declaration.variables_of(question.id) if not v.derived]
    if not columns:
        return [{**element, "type": "expression", "persona": {"question": plain}}]
    found = []
    for number, variable in enumerate(columns):
        own = {"question": plain} if number == 0 else {"part_of": question.id}
        part = {**element, "name": variable.id, "persona": own,
                "title": _texts(variable.text or question.text, declaration)}  # fmt: skip
        found.append({**part, **_column(variable, declaration)})
    return found


def _column(variable: Variable, declaration: Declaration) -> dict[str, Any]:
    if not variable.categories:
        bounds = (("min", variable.minimum), ("max", variable.maximum))
        return {"type": "text", "inputType": "number",
                **{name: value for name, value in bounds if value is not None}}  # fmt: skip
    choices = [_choice(part.code, part.text, {}, declaration) for part in variable.categories]
    return {"type": "radiogroup", "choices": choices}
