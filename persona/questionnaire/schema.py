"""The JSON Schema of questionnaire files, with which editors complete and check the YAML."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from persona.questionnaire.declaration import Declaration, Section
from persona.questionnaire.types import TYPES

FILE_NAME = "questionnaire.schema.json"
MODELINE = f"# yaml-language-server: $schema={FILE_NAME}"
"""First line of a questionnaire that lies beside the schema."""

_INCLUDE = {
    "type": "object",
    "description": "The sections of another questionnaire, or one of them.",
    "properties": {
        "include": {"type": "string", "description": "A shipped name, or a path."},
        "section": {"type": "string", "description": "The id of one section."},
    },
    "required": ["include"],
    "additionalProperties": False,
}


def json_schema() -> dict[str, Any]:
    """The schema of a questionnaire file, made from the models.

    Examples
    --------
    >>> schema = json_schema()
    >>> sorted(schema["required"])
    ['id', 'sections']
    """
    definitions: dict[str, Any] = {}
    questions = [_definition(kind, definitions) for _, kind in TYPES.items()]
    section = _definition(Section, definitions)
    definitions["Section"]["properties"]["questions"]["items"] = {"anyOf": questions}
    definitions.pop("Question", None)
    schema = _own(Declaration, definitions)
    for key in ("source", "problems"):
        schema["properties"].pop(key)
    schema["properties"]["sections"]["items"] = {"anyOf": [section, _INCLUDE]}
    schema["properties"]["languages"] = {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
    }
    for unused in ("Problem", "Severity"):
        definitions.pop(unused, None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Questionnaire",
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """The schema as it stands in its file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _definition(model: type[BaseModel], definitions: dict[str, Any]) -> dict[str, str]:
    definitions[model.__name__] = _own(model, definitions)
    return {"$ref": f"#/$defs/{model.__name__}"}


def _own(model: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    for name, part in schema.pop("$defs", {}).items():
        definitions.setdefault(name, part)
    described = dict(_described(model))
    for name, part in schema["properties"].items():
        part.pop("title", None)
        if name in described:
            part["description"] = described[name]
    schema["description"] = (inspect.getdoc(model) or "").partition("\n")[0]
    return schema


def _described(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """What the docstrings of a model and of its bases say of its fields."""
    for base in reversed(model.__mro__):
        if not issubclass(base, BaseModel) or base is BaseModel:
            continue
        text = inspect.getdoc(base) or ""
        for match in re.finditer(r"^([\w, ]+) : .*\n((?:    .*\n?)+)", text, re.MULTILINE):
            for name in match[1].split(","):
                yield name.strip(), " ".join(match[2].split())
