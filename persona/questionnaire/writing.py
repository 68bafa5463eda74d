"""Questionnaires to YAML: new files, and changes to a user's file that keep what else is in it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from persona.errors import OutputError, Problem, error
from persona.questionnaire.building import declaration_of
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.schema import MODELINE
from persona.questionnaire.yaml_reading import parse_yaml

_FLOW_LENGTH = 90


def to_data(declaration: Declaration) -> dict[str, Any]:
    """The questionnaire as plain values, without what goes without saying.

    Texts in the default language alone are plain texts. Included sections are written out.
    """
    dumped = declaration.model_dump(mode="python", by_alias=True, exclude_defaults=True)
    for key in ("source", "problems", "persona"):
        dumped.pop(key, None)
    data = {"persona": declaration.persona, "id": declaration.id}
    data["languages"] = list(declaration.languages)
    data |= dumped | {"languages": list(declaration.languages)}
    return {key: _plain(value, declaration.languages) for key, value in data.items()}


def _plain(value: Any, languages: tuple[str, ...]) -> Any:
    if isinstance(value, Mapping):
        if value and set(value) == {languages[0]} and isinstance(value[languages[0]], str):
            return value[languages[0]]
        return {key: _plain(inner, languages) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner, languages) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def to_yaml(declaration: Declaration) -> str:
    """A new YAML file of a questionnaire, with the modeline for editors.

    Examples
    --------
    >>> from persona.questionnaire import Questionnaire
    >>> questionnaire = Questionnaire.load("customer_b2c")
    >>> Questionnaire.from_yaml(to_yaml(questionnaire)).variables == questionnaire.variables
    True
    """
    return f"{MODELINE}\n{_dumped(_commented(to_data(declaration)))}"


def updated_yaml(text: str, declaration: Declaration) -> str:
    """The user's YAML with the changes of a questionnaire; comments, order and the rest stay.

    Parameters
    ----------
    text : str
        The file as it stands.
    declaration : Declaration
        What it is to declare.

    Raises
    ------
    OutputError
        When a section changed that the file only includes.
    """
    before = to_data(declaration_of(parse_yaml(text, declaration.source or None)))
    document = _yaml().load(text)
    _change(document, before, to_data(declaration), ())
    return _dumped(document)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.preserve_quotes = True
    yaml.width = 4096
    return yaml


def _dumped(document: Any) -> str:
    stream = io.StringIO()
    _yaml().dump(document, stream)
    return stream.getvalue()


def _commented(value: Any) -> Any:
    """Plain values as ruamel writes them, short mappings of plain values in one line."""
    if isinstance(value, dict):
        node = CommentedMap((key, _commented(inner)) for key, inner in value.items())
        flat = not any(isinstance(inner, dict | list) for inner in value.values())
        nested_flat = all(
            not isinstance(inner, list)
            and not (isinstance(inner, dict) and any(isinstance(v, dict) for v in inner.values()))
            for inner in value.values()
        )
        if (flat or nested_flat) and len(str(value)) < _FLOW_LENGTH:
            node.fa.set_flow_style()
        return node
    if isinstance(value, list):
        sequence = CommentedSeq(_commented(inner) for inner in value)
        if not any(isinstance(inner, dict | list) for inner in value):
            sequence.fa.set_flow_style()
        return sequence
    return value


def _change(node: Any, before: Any, after: Any, path: tuple[str, ...]) -> None:
    """Write the differences of two mappings into the node that declares the first."""
    for key in [key for key in before if key not in after]:
        if key in node:
            del node[key]
    for key, value in after.items():
        if key in before and before[key] == value:
            continue
        held = node.get(key)
        if isinstance(value, dict) and isinstance(held, dict) and isinstance(before.get(key), dict):
            _change(held, before[key], value, (*path, str(key)))
        elif isinstance(value, list) and _keyed(value) and isinstance(held, list):
            node[key] = _changed_list(held, before.get(key, []), value, (*path, str(key)))
        else:
            node[key] = _commented(value)


def _keyed(values: list[Any]) -> bool:
    return all(isinstance(value, dict) and _name(value) is not None for value in values)


def _name(value: Mapping[str, Any]) -> Any:
    return value.get("id", value.get("code"))


def _changed_list(
    node: list[Any], before: list[Any], after: list[Any], path: tuple[str, ...]
) -> list[Any]:
    """The list with its parts matched by id or code; parts that are included stay as they are."""
    old = {_name(part): part for part in before if isinstance(part, dict)}
    own = {_name(part): part for part in node if isinstance(part, dict) and _name(part) is not None}
    wanted = {_name(part) for part in after}
    for name, part in old.items():
        if name not in own and part not in after:
            raise OutputError(_included(name, path))
    for part in after:
        name = _name(part)
        if name in own and name in old:
            _change(own[name], old[name], part, (*path, str(name)))
        elif name not in old:
            node.append(_commented(part))
    for position in range(len(node) - 1, -1, -1):
        name = _name(node[position]) if isinstance(node[position], dict) else None
        if name is not None and name not in wanted:
            del node[position]
    _reorder(node, [_name(part) for part in after])
    return node


def _reorder(node: list[Any], names: list[Any]) -> None:
    """Put the parts in the order wanted, unless they are already."""
    present = [_name(part) for part in node if _name(part) is not None]
    if present == [name for name in names if name in present]:
        return
    by_name = {_name(part): part for part in node}
    places = [n for n, part in enumerate(node) if _name(part) is not None]
    for place, name in zip(places, [name for name in names if name in by_name], strict=True):
        node[place] = by_name[name]


def _included(name: object, path: tuple[str, ...]) -> Problem:
    return error(
        "questionnaire.included",
        "{name!r} is included from another questionnaire and cannot be changed here.",
        remedy="Change it in its own file, or copy the section into this one.",
        values={"name": str(name), "path": ".".join(path)},
    )
