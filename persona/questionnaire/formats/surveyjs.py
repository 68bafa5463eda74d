"""SurveyJS questionnaires (JSON), in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from persona.errors import QuestionnaireError, error
from persona.questionnaire.formats.drafting import Draft, plain_text
from persona.questionnaire.formats.expressions import from_surveyjs
from persona.questionnaire.formats.json_files import load_json
from persona.questionnaire.formats.languages import language_code
from persona.questionnaire.formats.lime import AS_DECLARED

Element: TypeAlias = Mapping[str, Any]

_TOLD = {
    "html": "it shows a text and asks nothing",
    "image": "it shows a picture and asks nothing",
    "expression": "it is computed, not asked",
}
_LEFT = {
    "file": "it asks for a file, which no table of answers holds",
    "signaturepad": "it asks for a signature, which no table of answers holds",
    "matrixdynamic": "it is asked several times of one respondent",
    "paneldynamic": "it is asked several times of one respondent",
}
_KEPT = ("validators", "requiredIf", "enableIf", "choicesVisibleIf", "choicesByUrl", "defaultValue",
         "maskType")  # fmt: skip


@dataclass
class _State:
    draft: Draft
    ids: dict[str, str] = field(default_factory=dict)


def read(path: Path) -> Draft:
    """The questionnaire in a SurveyJS file.

    Raises
    ------
    QuestionnaireError
        When the file is no JSON, or no SurveyJS questionnaire.
    """
    data = load_json(path)
    pages = data.get("pages") if isinstance(data, dict) else None
    if isinstance(data, dict) and pages is None and isinstance(data.get("elements"), list):
        pages = [{"name": "page1", "elements": data["elements"]}]
    if not isinstance(data, dict) or not isinstance(pages, list):
        raise QuestionnaireError(
            error(
                "import.no_survey",
                "The file holds no pages or elements, so it is no SurveyJS questionnaire.",
                file=str(path),
                remedy="Give the questionnaire's JSON; answers alone do not say the questions.",
            )
        )
    default = language_code(str(data.get("locale") or "en")) or "en"
    languages = [default, *(code for code in sorted(set(_languages(pages))) if code != default)]
    if set(_own(data).get("languages", ())) >= set(languages):
        languages = list(_own(data)["languages"])
    draft = Draft(str(path), path.stem, languages, _texts(data.get("title"), default))
    draft.name = str(_own(data).get("id") or draft.name)
    state = _State(draft)
    for number, page in enumerate(pages, start=1):
        own = _own(page)
        keys = {"block": own["block"]} if "block" in own else {}
        condition = _condition(page, state)
        if condition:
            keys["shown_if"] = condition
        draft.section(str(page.get("name") or f"page{number}"), _texts(page.get("title"), default),
                      **keys)  # fmt: skip
        unread = str(page.get("visibleIf") or "") if not condition else ""
        for element in page.get("elements", ()):
            _take(element, state, unread)
    return draft


def _languages(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if "default" in value and all(isinstance(text, str) for text in value.values()):
            yield from (code for key in value if key != "default" and (code := language_code(key)))
            return
        for inner in value.values():
            yield from _languages(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _languages(inner)


def _texts(value: Any, default: str) -> dict[str, str]:
    if isinstance(value, Mapping):
        named = {
            (default if key == "default" else language_code(key) or "und"): plain_text(str(text))
            for key, text in value.items()
        }
        return {language: text for language, text in named.items() if text}
    return {default: plain_text(str(value))} if value not in (None, "") else {}


def _own(element: Element) -> dict[str, Any]:
    """What a file written by persona says beyond SurveyJS."""
    own = element.get("persona")
    return dict(own) if isinstance(own, Mapping) else {}


def _take(element: Element, state: _State, outer: str) -> None:
    kind, draft = str(element.get("type", "text")), state.draft
    name = str(element.get("name") or kind)
    place = {"question": name}
    own = _own(element)
    if "part_of" in own:
        return
    if kind == "panel":
        condition = str(element.get("visibleIf") or "")
        both = " and ".join(f"({text})" for text in (outer, condition) if text)
        for inner in element.get("elements", ()):
            _take(inner, state, both)
    elif kind in _TOLD and "question" not in own:
        draft.tell(name, _TOLD[kind], **place)
    elif kind in _LEFT:
        draft.asked += 1
        draft.leave(name, _LEFT[kind], found=kind, **place)
    else:
        draft.asked += kind != "expression"
        _add(element, kind, state, outer)


def _add(element: Element, kind: str, state: _State, outer: str) -> None:
    draft, name = state.draft, str(element.get("name"))
    own = _own(element)
    if "question" in own:
        question = dict(own["question"])
        question["id"] = draft.free_id(str(question["id"]))
        state.ids[name] = question["id"]
        draft.add(question, question=name)
        if kind != "expression":
            draft.tell(question["id"], AS_DECLARED, question=name)
        return
    maker = _MAKERS.get(kind)
    made = maker(element, state) if maker else [{"type": "text"}]
    if maker is None:
        draft.tell(name, f"its type {kind!r} is not known; it is brought in as text", question=name)
    common = _common(element, state, outer)
    for plain in made:
        own.pop("scale", None)
        if own.get("type") == "nps":
            plain = {}
        whole = {"id": name, "text": _title(element, draft), **common, **plain, **own}
        if whole.get("kind") in ("id", "weight") and "title" not in element:
            del whole["text"]
        whole["id"] = draft.free_id(str(whole["id"]))
        if len(made) == 1:
            state.ids[name] = whole["id"]
            if whole["id"] != name:
                draft.tell(name, f"its id is now {whole['id']}", question=name)
        draft.add(whole, question=name)
    if len(made) > 1:
        draft.tell(name, f"it became {len(made)} questions", question=name)


def _title(element: Element, draft: Draft) -> dict[str, str]:
    default = draft.languages[0]
    return _texts(element.get("title"), default) or {default: str(element.get("name"))}


def _common(element: Element, state: _State, outer: str) -> dict[str, Any]:
    draft, name = state.draft, str(element.get("name"))
    found: dict[str, Any] = {}
    if help_text := _texts(element.get("description"), draft.languages[0]):
        found["help"] = help_text
    if element.get("isRequired") is True:
        found["required"] = True
    original = {key: json.dumps(element[key]) for key in _KEPT if element.get(key)}
    for key, text in original.items():
        draft.tell(name, f"its {key} is kept as text", found=text[:200], question=name)
    texts = [text for text in (outer, str(element.get("visibleIf") or "")) if text]
    if texts:
        whole = texts[0] if len(texts) == 1 else " and ".join(f"({text})" for text in texts)
        condition = from_surveyjs(whole, state.ids)
        if condition:
            found["shown_if"] = condition
        else:
            original["visibleIf"] = whole
            draft.tell(name, "its condition is kept as text", found=whole, question=name)
    if original:
        found["original"] = original
    return found


def _condition(page: Element, state: _State) -> str | None:
    text = page.get("visibleIf")
    return from_surveyjs(str(text), state.ids) if text else None


def _choices(values: Any, draft: Draft) -> list[dict[str, Any]]:
    """Choices as options; they may be plain values or value and text."""
    default = draft.languages[0]
    options = []
    for value in values or ():
        code = value.get("value") if isinstance(value, Mapping) else value
        text = value.get("text", code) if isinstance(value, Mapping) else value
        if isinstance(code, bool | float) or code is None:
            code = str(code)
        own = _own(value) if isinstance(value, Mapping) else {}
        options.append({"code": code, "text": _texts(text, default), **own})
    return options


def _asked_choices(element: Element, state: _State) -> list[dict[str, Any]]:
    """The choices with those that SurveyJS adds: other, none, refuse, don't know."""
    draft = state.draft
    default = draft.languages[0]
    options = _choices(element.get("choices"), draft)
    if "choicesByUrl" in element and not options:
        return []
    if element.get("showOtherItem") or element.get("hasOther"):
        text = _texts(element.get("otherText"), default) or {default: "Other"}
        options.append({"code": "other", "text": text, "other": True})
    if element.get("showNoneItem") or element.get("hasNone"):
        text = _texts(element.get("noneText"), default) or {default: "None"}
        options.append({"code": "none", "text": text, "exclusive": True})
    for key, code, meaning, words in (
        ("showRefuseItem", "refused", "refused", "Refuse to answer"),
        ("showDontKnowItem", "dontknow", "dont_know", "Don't know"),
    ):
        if element.get(key):
            options.append({"code": code, "text": {default: words}, "missing": meaning})
    return options


def _single(element: Element, state: _State) -> list[dict[str, Any]]:
    options = _asked_choices(element, state)
    if not options:
        state.draft.tell(str(element.get("name")), "its choices are not in the file, so it is "
                         "brought in as text", question=str(element.get("name")))  # fmt: skip
        return [{"type": "text"}]
    return [{"type": "single", "options": options, **_randomised(element)}]


def _multiple(element: Element, state: _State) -> list[dict[str, Any]]:
    found = _single(element, state)
    if "options" in found[0]:
        limits = {"fewest": "minSelectedChoices", "most": "maxSelectedChoices"}
        found[0] |= {"type": "multiple"}
        found[0] |= {key: element[name] for key, name in limits.items() if element.get(name)}
    return found


def _picker(element: Element, state: _State) -> list[dict[str, Any]]:
    return _multiple(element, state) if element.get("multiSelect") else _single(element, state)


def _randomised(element: Element) -> dict[str, Any]:
    return {"randomise": True} if element.get("choicesOrder") == "random" else {}


def _ranking(element: Element, state: _State) -> list[dict[str, Any]]:
    return [{"type": "ranking", "options": _choices(element.get("choices"), state.draft)}]


def _boolean(element: Element, state: _State) -> list[dict[str, Any]]:
    default = state.draft.languages[0]
    pairs = ((element.get("valueTrue", True), element.get("labelTrue") or "Yes"),
             (element.get("valueFalse", False), element.get("labelFalse") or "No"))  # fmt: skip
    options = [
        {"code": str(code).lower() if isinstance(code, bool) else code,
         "text": _texts(label, default)}
        for code, label in pairs
    ]  # fmt: skip
    return [{"type": "single", "options": options}]


def _text(element: Element, state: _State) -> list[dict[str, Any]]:
    kind = str(element.get("inputType", "text"))
    name = str(element.get("name"))
    if kind in ("number", "range"):
        bounds = {"minimum": element.get("min"), "maximum": element.get("max")}
        return [{"type": "number", **{k: v for k, v in bounds.items() if v is not None}}]
    if kind in ("date", "datetime-local", "datetime"):
        if kind != "date":
            state.draft.tell(name, "its time of day is not kept", found=kind, question=name)
        return [{"type": "date"}]
    longest = element.get("maxLength")
    keys = {"longest": longest} if isinstance(longest, int) and longest > 0 else {}
    return [{"type": "text", **keys}]


def _rating(element: Element, state: _State) -> list[dict[str, Any]]:
    default = state.draft.languages[0]
    values = _choices(element.get("rateValues"), state.draft)
    if values:
        return [{"type": "single", "options": values, "ordered": True}]
    lowest, highest = element.get("rateMin", 1), element.get("rateMax", element.get("rateCount", 5))
    ends = {"low": _texts(element.get("minRateDescription"), default),
            "high": _texts(element.get("maxRateDescription"), default)}  # fmt: skip
    return [{"type": "rating", "lowest": lowest, "highest": highest,
             **{key: texts for key, texts in ends.items() if texts}}]  # fmt: skip


def _slider(element: Element, state: _State) -> list[dict[str, Any]]:
    bounds = {"minimum": element.get("min", 0), "maximum": element.get("max", 100)}
    if element.get("sliderType") == "range":
        name = str(element.get("name"))
        return [{"id": f"{name}_{end}", "type": "number", **bounds} for end in ("from", "to")]
    return [{"type": "number", **bounds}]


def _matrix(element: Element, state: _State) -> list[dict[str, Any]]:
    draft = state.draft
    name = str(element.get("name"))
    columns = _choices(element.get("columns"), draft)
    if all(isinstance(column["code"], int) for column in columns):
        points = {c["code"]: c["text"] for c in sorted(columns, key=lambda c: int(c["code"]))}
        missing = {
            c["code"]: {"text": c["text"], "meaning": c["missing"]}
            for c in columns
            if "missing" in c
        }
        points = {code: text for code, text in points.items() if code not in missing}
        scale = draft.scale(points, called=_own(element).get("scale"), missing=missing)
    else:
        names = {n: str(column["code"]) for n, column in enumerate(columns, start=1)}
        scale = draft.scale({n: c["text"] for n, c in enumerate(columns, start=1)}, names=names)
    items = [{**row, "id": _item(row, name, draft)} for row in _choices(element.get("rows"), draft)]
    state.ids |= {f"{name}.{row['code']}": str(row["id"]) for row in items}
    for item in items:
        del item["code"]
    return [{"type": "grid", "scale": scale, "items": items}]


def _item(row: Mapping[str, Any], name: str, draft: Draft) -> str:
    return draft.free_id(str(row.get("id") or f"{name}_{row['code']}"))


def _table(element: Element, state: _State) -> list[dict[str, Any]]:
    """Each column of each row becomes a question of its own."""
    draft = state.draft
    default = draft.languages[0]
    title = _title(element, draft)
    found = []
    for row in _choices(element.get("rows"), draft):
        for column in element.get("columns", ()):
            heads = (title, row["text"], _texts(column.get("title", column.get("name")), default))
            text = " – ".join(head[default] for head in heads if head.get(default))
            cell = {"name": f"{element['name']}_{row['code']}_{column.get('name')}",
                    "choices": column.get("choices") or element.get("choices")}  # fmt: skip
            kind = column.get("cellType") or element.get("cellType") or "dropdown"
            maker = _MAKERS.get(str(kind), _text)
            (plain,) = maker({**column, **cell}, state)
            found.append({"id": cell["name"], "text": {default: text}, **plain})
    return found


def _fields(element: Element, state: _State) -> list[dict[str, Any]]:
    draft = state.draft
    found = []
    for part in element.get("items", ()):
        text = {**_title(element, draft)}
        for language, label in _title(part, draft).items():
            text[language] = f"{text.get(language, text[draft.languages[0]])} – {label}"
        found.append({"id": f"{element['name']}_{part['name']}", "text": text,
                      **_text(part, state)[0]})  # fmt: skip
    return found


_MAKERS: Mapping[str, Callable[[Element, _State], Sequence[dict[str, Any]]]] = {
    **dict.fromkeys(("radiogroup", "dropdown", "buttongroup"), _single),
    **dict.fromkeys(("checkbox", "tagbox"), _multiple),
    "imagepicker": _picker,
    "ranking": _ranking,
    "boolean": _boolean,
    **dict.fromkeys(("text", "comment"), _text),
    "rating": _rating,
    "slider": _slider,
    "matrix": _matrix,
    "matrixdropdown": _table,
    "multipletext": _fields,
}
