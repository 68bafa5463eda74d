"""What every question of an XLSForm has: id, texts, condition, and what has no counterpart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from persona.questionnaire.formats.drafting import Draft
from persona.questionnaire.formats.expressions import from_xlsform
from persona.questionnaire.formats.xlsform_sheets import Line, own_keys_of
from persona.questionnaire.formats.xlsform_types import Kind

_KEPT = ("constraint", "constraint_message", "calculation", "choice_filter", "appearance",
         "default", "parameters", "repeat_count")  # fmt: skip
_MEDIA = ("image", "audio", "video", "media")


@dataclass
class Form:
    """What a reader knows while it goes through a form."""

    draft: Draft
    choices: Mapping[str, Sequence[Line]]
    ids: dict[str, str] = field(default_factory=dict)
    groups: list[tuple[str, str]] = field(default_factory=list)
    """Kind and condition of the groups that are open."""


def common_keys(line: Line, kind: Kind, form: Form, sheet: str) -> dict[str, Any]:
    """The keys that every question has, and expressions that have no counterpart."""
    place: dict[str, Any] = {"sheet": sheet, "row": line.row}
    name = line.get("name")
    found: dict[str, Any] = {
        "id": form.draft.free_id(name),
        "type": kind.type,
        "text": {k: v for k, v in line.texts.get("label", {}).items() if v},
    }
    if found["id"] != name:
        form.draft.tell(name, f"its id is now {found['id']}", **place)
    if line.texts.get("hint"):
        found["help"] = dict(line.texts["hint"])
        if form.draft.languages[0] not in found["help"]:
            first = next(iter(found["help"].values()))
            found["help"] = {form.draft.languages[0]: first, **found["help"]}
    if found["text"] and form.draft.languages[0] not in found["text"]:
        first = next(iter(found["text"].values()))
        found["text"] = {form.draft.languages[0]: first, **found["text"]}
    if line.get("required").casefold() in ("yes", "true", "true()", "1"):
        found["required"] = True
    original = {key: line.get(key) for key in _KEPT if line.get(key)}
    if line.get("required") and "required" not in found and line.get("required") not in ("no", "0"):
        if line.get("required").casefold() not in ("false", "false()"):
            original["required"] = line.get("required")
    relevants = [text for _, text in form.groups if text] + [line.get("relevant")]
    conditions = [text for text in relevants if text]
    if conditions:
        translated = [from_xlsform(text, form.ids) for text in conditions]
        sound = [text for text in translated if text is not None]
        if len(sound) == len(conditions):
            found["shown_if"] = _joined(sound)
        else:
            original["relevant"] = _joined(conditions)
            form.draft.tell(
                name, "its condition is kept as text", found=original["relevant"], **place
            )
    own = own_keys_of(line)
    for key, written in own.pop("generated", {}).items():
        if original.get(key) == written:
            del original[key]
    found |= own
    if found.get("kind") in ("id", "weight") and set(found["text"].values()) == {name}:
        del found["text"]
    _tell_media(line, form, place)
    if original:
        found["original"] = original
    return found


def _joined(conditions: Sequence[str]) -> str:
    return conditions[0] if len(conditions) == 1 else " and ".join(f"({c})" for c in conditions)


def _tell_media(line: Line, form: Form, place: Mapping[str, Any]) -> None:
    for key in _MEDIA:
        if line.get(key):
            form.draft.tell(
                line.get("name"),
                "its picture or sound has no counterpart",
                found=line.get(key),
                **place,
            )
