"""Qualtrics questionnaires (``.qsf``, JSON), in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from persona.errors import QuestionnaireError, error
from persona.questionnaire.formats.drafting import Draft, plain_text
from persona.questionnaire.formats.json_files import load_json
from persona.questionnaire.formats.languages import language_code

Payload: TypeAlias = Mapping[str, Any]

_TOLD = {"DB": "it shows a text and asks nothing", "Timing": "it measures time by itself",
         "Meta": "it records the browser by itself",
         "Captcha": "it tells people from robots"}  # fmt: skip
_LEFT = {"FileUpload": "it asks for a file", "Draw": "it asks for a drawing",
         "HeatMap": "it asks for places in a picture", "HotSpot": "it asks for places in a picture",
         "PGR": "its groups with orders have no counterpart", "HL": "it marks words in a text",
         "DD": "its drill-down has no counterpart"}  # fmt: skip


def read(path: Path) -> Draft:
    """The questionnaire in a Qualtrics file.

    Raises
    ------
    QuestionnaireError
        When the file is no JSON, or no Qualtrics questionnaire.
    """
    data = load_json(path)
    if not isinstance(data, dict) or not isinstance(data.get("SurveyElements"), list):
        raise QuestionnaireError(
            error(
                "import.no_survey",
                "The file has no SurveyElements, so it is no Qualtrics questionnaire.",
                file=str(path),
                remedy="Export it in Qualtrics with Tools, Import/Export, Export survey.",
            )
        )
    entry = data.get("SurveyEntry") or {}
    default = language_code(str(entry.get("SurveyLanguage") or "EN")) or "en"
    elements = [e for e in data["SurveyElements"] if isinstance(e, dict)]
    questions = {
        str(e["Payload"].get("QuestionID")): e["Payload"]
        for e in elements
        if e.get("Element") == "SQ" and isinstance(e.get("Payload"), dict)
    }
    spoken = {code for q in questions.values() if isinstance(q.get("Language"), dict)
              for name in q["Language"] if (code := language_code(str(name)))}  # fmt: skip
    languages = [default, *sorted(spoken - {default})]
    draft = Draft(str(path), path.stem, languages)
    if name := plain_text(str(entry.get("SurveyName") or "")):
        draft.title = {default: name}
    for block, ids in _blocks(elements, questions):
        draft.section(block, {default: block})
        for question_id in ids:
            _take(draft, questions[question_id], questions)
    return draft


def _blocks(
    elements: Sequence[Payload], questions: Mapping[str, Payload]
) -> Iterator[tuple[str, list[str]]]:
    """Blocks with the ids of their questions; what is in no block comes last, trash never."""
    seen: set[str] = set()
    for element in elements:
        if element.get("Element") != "BL":
            continue
        payload = element.get("Payload") or ()
        for block in payload.values() if isinstance(payload, dict) else payload:
            ids = [
                str(part.get("QuestionID"))
                for part in block.get("BlockElements") or ()
                if part.get("Type") == "Question"
            ]
            seen |= set(ids)
            if block.get("Type") != "Trash":
                yield str(block.get("Description") or "Block"), [i for i in ids if i in questions]
    rest = [question_id for question_id in questions if question_id not in seen]
    if rest:
        yield "Questions", rest


def _take(draft: Draft, payload: Payload, questions: Mapping[str, Payload]) -> None:
    name = str(payload.get("DataExportTag") or payload.get("QuestionID"))
    kind = str(payload.get("QuestionType"))
    place = {"question": name}
    if kind in _TOLD:
        shown = plain_text(str(payload.get("QuestionText", "")))[:200]
        draft.tell(name, _TOLD[kind], found=shown, **place)
        return
    draft.asked += 1
    maker = _MAKERS.get(kind)
    made = maker(draft, payload, name) if maker else []
    if not made:
        reason = _LEFT.get(kind, f"its type {kind!r} is not known or holds no answers")
        draft.leave(name, reason, found=f"{kind} {payload.get('Selector')}", **place)
        return
    common = _common(draft, payload, name, questions)
    text = _texts(draft, payload, "QuestionText") or {draft.languages[0]: name}
    for plain in made:
        whole = {"id": name, "text": text, **common, **plain}
        if whole["id"] == name:
            whole["id"] = draft.free_id(name)
        draft.add(whole, **place)
    if len(made) > 1:
        draft.tell(name, f"it became {len(made)} questions", found=kind, **place)


def _common(
    draft: Draft, payload: Payload, name: str, questions: Mapping[str, Payload]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    settings = (payload.get("Validation") or {}).get("Settings") or {}
    if settings.get("ForceResponse") == "ON":
        found["required"] = True
    if logic := payload.get("DisplayLogic"):
        condition = condition_of(logic, questions)
        if condition is not None:
            found["shown_if"] = condition
        else:
            text = " ".join(_descriptions(logic)) or "display logic"
            found["original"] = {"display_logic": text}
            draft.tell(name, "its display logic is kept as text", found=text, question=name)
    for key in ("Choices", "Answers"):
        parts = payload.get(key)
        if isinstance(parts, dict) and any("DisplayLogic" in str(p) for p in parts.values()):
            draft.tell(name, f"the display logic of single {key.lower()} is left", question=name)
    return found


def condition_of(logic: Payload, questions: Mapping[str, Payload]) -> str | None:
    """A display logic that asks for chosen options alone, as a condition; None for any other."""
    words: list[str] = []
    for group in (value for key, value in sorted(logic.items()) if key.isdigit()):
        for _, test in sorted((k, v) for k, v in group.items() if str(k).isdigit()):
            match = re.fullmatch(
                r"q://(QID\d+)/SelectableChoice/(-?\d+)", str(test.get("LeftOperand"))
            )
            asked = questions.get(match[1]) if match else None
            if match is None or asked is None or asked.get("QuestionType") != "MC":
                return None
            if test.get("Operator") not in ("Selected", "NotSelected"):
                return None
            glue = str(test.get("Conjuction") or test.get("Conjunction") or "And").casefold()
            words += [glue] if words else []
            code = (asked.get("RecodeValues") or {}).get(match[2], match[2])
            name = str(asked.get("DataExportTag") or match[1])
            told = f"{name} has {code}"
            words.append(told if test["Operator"] == "Selected" else f"not {told}")
    return " ".join(words) or None


def _descriptions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("Description"), str):
            yield plain_text(value["Description"])
        for inner in value.values():
            yield from _descriptions(inner)


def _texts(draft: Draft, payload: Payload, key: str) -> dict[str, str]:
    found = {draft.languages[0]: plain_text(str(payload.get(key) or ""))}
    spoken = payload.get("Language")
    if isinstance(spoken, dict):
        for name, part in spoken.items():
            code = language_code(str(name))
            if code and isinstance(part, dict) and part.get(key):
                found[code] = plain_text(str(part[key]))
    return {language: text for language, text in found.items() if text}


def _parts(draft: Draft, payload: Payload, key: str) -> list[tuple[str, dict[str, str], Payload]]:
    """Choices or answers in their order: id, texts, and the rest of what is said of each."""
    listed = payload.get(key) or {}
    if isinstance(listed, list):
        listed = {str(number): part for number, part in enumerate(listed, start=1)}
    order = payload.get("ChoiceOrder" if key == "Choices" else "AnswerOrder") or list(listed)
    ids = [str(i) for i in order if str(i) in listed]
    ids += [i for i in listed if i not in ids]
    spoken = payload.get("Language")
    found = []
    for part_id in ids:
        text = {draft.languages[0]: plain_text(str(listed[part_id].get("Display", ""))) or part_id}
        for name, part in spoken.items() if isinstance(spoken, dict) else ():
            code = language_code(str(name))
            own = (part.get(key) or {}).get(part_id) if isinstance(part, dict) else None
            if code and isinstance(own, dict) and own.get("Display"):
                text[code] = plain_text(str(own["Display"]))
        found.append((part_id, text, listed[part_id]))
    return found


def _options(draft: Draft, payload: Payload, key: str, name: str) -> list[dict[str, Any]]:
    recode = payload.get("RecodeValues") or {}
    options = []
    for part_id, text, said in _parts(draft, payload, key):
        value = str(recode.get(part_id, part_id))
        code = int(value) if re.fullmatch(r"-?(0|[1-9]\d*)", value) else value
        option: dict[str, Any] = {"code": code, "text": text}
        if str(said.get("TextEntry")).casefold() in ("true", "on", "yes"):
            option["other"] = True
        if said.get("ExclusiveAnswer"):
            option["exclusive"] = True
        if isinstance(code, int) and code < 0:
            option["missing"] = "not_applicable"
            draft.tell(name, "an answer with a negative code is taken as not applicable",
                       found=next(iter(text.values())), question=name)  # fmt: skip
        options.append(option)
    return options


def _choice(draft: Draft, payload: Payload, name: str) -> list[dict[str, Any]]:
    selector = str(payload.get("Selector"))
    if selector == "NPS":
        return [{"type": "nps"}]
    options = _options(draft, payload, "Choices", name)
    kind = "multiple" if selector.startswith(("MA", "MSB")) else "single"
    random = {"randomise": True} if payload.get("Randomization") else {}
    return [{"type": kind, "options": options, **random}] if options else []


def _matrix(draft: Draft, payload: Payload, name: str) -> list[dict[str, Any]]:
    rows = _rows(draft, payload, name)
    title = _texts(draft, payload, "QuestionText")
    kind = str(payload.get("SubSelector"))
    if str(payload.get("Selector")) == "TE":
        return [{"id": row, "type": "text", "text": _beside(title, text)} for row, text in rows]
    answers = _options(draft, payload, "Answers", name)
    if not answers or not rows:
        return []
    if kind == "MultipleAnswer":
        return [
            {"id": row, "type": "multiple", "options": answers, "text": _beside(title, text)}
            for row, text in rows
        ]
    return [{"type": "grid", "scale": _scale(draft, answers),
             "items": [{"id": row, "text": text} for row, text in rows]}]  # fmt: skip


def _rows(draft: Draft, payload: Payload, name: str) -> list[tuple[str, dict[str, str]]]:
    """Rows of a matrix with the ids that Qualtrics gives their columns."""
    tags = payload.get("ChoiceDataExportTags")
    tags = tags if isinstance(tags, dict) else {}
    return [
        (draft.free_id(str(tags.get(part_id) or f"{name}_{part_id}")), text)
        for part_id, text, _ in _parts(draft, payload, "Choices")
    ]


def _beside(title: Mapping[str, str], text: Mapping[str, str]) -> dict[str, str]:
    return {
        language: f"{title[language]} – {own}" if language in title else own
        for language, own in text.items()
    }


def _scale(draft: Draft, answers: Sequence[Mapping[str, Any]]) -> str:
    valid = [answer for answer in answers if "missing" not in answer]
    missing = {a["code"]: {"text": a["text"], "meaning": a["missing"]} for a in answers
               if "missing" in a}  # fmt: skip
    if all(isinstance(answer["code"], int) for answer in valid):
        points = {a["code"]: a["text"] for a in sorted(valid, key=lambda a: int(a["code"]))}
        return draft.scale(points, missing=missing)
    return draft.scale(
        {n: answer["text"] for n, answer in enumerate(valid, start=1)},
        names={n: str(answer["code"]) for n, answer in enumerate(valid, start=1)},
        missing=missing,
    )


def _side_by_side(draft: Draft, payload: Payload, name: str) -> list[dict[str, Any]]:
    """Each column of a side-by-side table is a matrix over the same rows."""
    found: list[dict[str, Any]] = []
    additional = payload.get("AdditionalQuestions") or {}
    for number, column in sorted(additional.items()):
        inner = {**column, "Choices": payload.get("Choices"),
                 "ChoiceOrder": payload.get("ChoiceOrder"),
                 "ChoiceDataExportTags": None}  # fmt: skip
        tag = f"{name}_{number}"
        made = _matrix(draft, inner, tag) if column.get("Answers") else [
            {"id": row, "type": "text", "text": text} for row, text in _rows(draft, inner, tag)
        ]  # fmt: skip
        head = _texts(draft, column, "QuestionText")
        for plain in made:
            plain.setdefault("id", draft.free_id(f"{tag}_matrix"))
            if plain["type"] == "grid":
                plain["text"] = _beside(_texts(draft, payload, "QuestionText"), head or {
                    draft.languages[0]: str(number)})  # fmt: skip
            found.append(plain)
    return found


def _slider(draft: Draft, payload: Payload, name: str) -> list[dict[str, Any]]:
    title = _texts(draft, payload, "QuestionText")
    settings = payload.get("Configuration") or {}
    bounds = {}
    for key, setting in (("minimum", "CSSliderMin"), ("maximum", "CSSliderMax")):
        if isinstance(settings.get(setting), int | float):
            bounds[key] = settings[setting]
    return [
        {"id": row, "type": "number", "text": _beside(title, text), **bounds}
        for row, text in _rows(draft, payload, name)
    ]


def _text(draft: Draft, payload: Payload, name: str) -> list[dict[str, Any]]:
    if str(payload.get("Selector")) == "FORM":
        title = _texts(draft, payload, "QuestionText")
        return [{"id": row, "type": "text", "text": _beside(title, text)}
                for row, text in _rows(draft, payload, name)]  # fmt: skip
    content = ((payload.get("Validation") or {}).get("Settings") or {}).get("ContentType")
    return [{"type": "number" if content == "ValidNumber" else "text"}]


def _with_options(kind: str) -> Callable[[Draft, Payload, str], list[dict[str, Any]]]:
    def make(draft: Draft, payload: Payload, name: str) -> list[dict[str, Any]]:
        options = _options(draft, payload, "Choices", name)
        return [{"type": kind, "options": options}] if options else []

    return make


_MAKERS: Mapping[str, Callable[[Draft, Payload, str], list[dict[str, Any]]]] = {
    "MC": _choice,
    "Matrix": _matrix,
    "SBS": _side_by_side,
    "TE": _text,
    "Slider": _slider,
    "RO": _with_options("ranking"),
    "CS": _with_options("constant_sum"),
}
