"""LimeSurvey's questions, whichever file they come from, on their way in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from persona.questionnaire.formats.drafting import Draft
from persona.questionnaire.formats.expressions import from_limesurvey
from persona.questionnaire.texts import Texts


@dataclass(frozen=True)
class Part:
    """A sub-question or an answer: its code, its texts, and which of two scales it is on."""

    code: str
    text: Texts
    scale: int = 0


@dataclass(frozen=True)
class LimeQuestion:
    """A question of LimeSurvey with its sub-questions and answers."""

    code: str
    letter: str
    text: Texts
    help: Texts
    mandatory: bool
    other: bool
    relevance: str
    attributes: Mapping[str, str]
    parts: tuple[Part, ...]
    answers: tuple[Part, ...]
    place: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LimeGroup:
    """A group of questions."""

    name: str
    title: Texts
    relevance: str
    questions: tuple[LimeQuestion, ...]
    persona: str = ""


_FIXED = {
    "Y": (("Y", "Yes"), ("N", "No")),
    "G": (("F", "Female"), ("M", "Male")),
    "C": (("Y", "Yes"), ("U", "Uncertain"), ("N", "No")),
    "E": (("I", "Increase"), ("S", "Same"), ("D", "Decrease")),
}  # fmt: skip
AS_DECLARED = (
    "it has a type that the tool does not know and comes in as it was declared; changes of its "
    "parts made in the tool are not seen"
)
_RANDOM = ("single", "multiple", "ranking", "grid")
_TOLD = {
    "X": "it shows a text and asks nothing",
    "*": "it is computed, not asked",
    "I": "it switches the language",
}
_KEPT = ("em_validation_q", "em_validation_sq", "array_filter", "array_filter_exclude", "prefix",
         "suffix")  # fmt: skip


def fill(draft: Draft, groups: Sequence[LimeGroup]) -> Draft:
    """Add the questions of all groups to a draft."""
    ids: dict[str, str] = {}
    for number, group in enumerate(groups, start=1):
        own = own_keys(group.persona)
        keys = {"block": own["block"]} if "block" in own else {}
        draft.section(own.get("id") or group.name or f"group_{number}", group.title, **keys)
        condition = _condition(group.relevance, ids)
        if condition:
            draft.sections[-1]["shown_if"] = condition
        elif _asks(group.relevance):
            draft.tell(group.name, "the condition of the group is left", found=group.relevance)
        for question in group.questions:
            _take(draft, question, ids)
    return draft


def _take(draft: Draft, question: LimeQuestion, ids: dict[str, str]) -> None:
    place = dict(question.place)
    own = own_keys(question.attributes.get("persona", ""))
    if own:
        _take_own(draft, question, own, ids)
        return
    if question.letter in _TOLD:
        shown = next(iter(question.text.values()), "")[:200]
        draft.tell(question.code, _TOLD[question.letter], found=shown, **place)
        return
    draft.asked += 1
    maker = _MAKERS.get(question.letter)
    if maker is None:
        reason = "it asks for a file, which no table of answers holds"
        if question.letter != "|":
            reason = f"its type {question.letter!r} is not known"
        draft.leave(question.code, reason, found=question.letter, **place)
        return
    made = maker(draft, question)
    if not made:
        draft.leave(question.code, "it has no sub-questions or answers", found=question.letter,
                    **place)  # fmt: skip
        return
    common = _common(draft, question, ids)
    for plain in made:
        if question.attributes.get("random_order") == "1" and plain["type"] in _RANDOM:
            plain["randomise"] = True
        draft.add({**common, **plain}, **place)
    if len(made) == 1:
        ids[question.code] = made[0]["id"]
        if made[0]["type"] == "multiple":
            for option, part in zip(made[0]["options"], question.parts, strict=False):
                ids[f"{question.code}_{part.code}"] = f"{made[0]['id']} has {option['code']}"
        for item, part in zip(made[0].get("items", ()), question.parts, strict=False):
            ids[f"{question.code}_{part.code}"] = item["id"]
    if len(made) > 1:
        draft.tell(
            question.code, f"it became {len(made)} questions", found=question.letter, **place
        )


def own_keys(text: str) -> dict[str, Any]:
    """What a file written by persona says in its own column; nothing of other files."""
    try:
        found = json.loads(text or "{}")
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _take_own(
    draft: Draft, question: LimeQuestion, own: dict[str, Any], ids: dict[str, str]
) -> None:
    """A question of a file written by persona, with the texts as they stand in the file now."""
    if "part_of" in own:
        return
    whole = dict(own.get("question") or own)
    draft.asked += question.letter != "*"
    name = draft.free_id(str(whole["id"]))
    answers = whole.pop("answers", None)
    if answers is not None:
        whole["scale"] = _own_scale(draft, whole["scale"], answers, question.answers)
    if "question" in own and question.letter != "*":
        draft.tell(name, AS_DECLARED, **dict(question.place))
    if "question" not in own:
        whole |= _common(draft, question, ids)
        if set(question.text.values()) != {name}:
            whole["text"] = question.text
        options = whole.get("options", ())
        items = whole.get("items", ())
        listed = question.parts if items or whole["type"] == "multiple" else question.answers
        for part, found in zip(items or options, listed, strict=False):
            part["text"] = found.text
            chosen = f"{name} has {part.get('code')}"
            ids[f"{question.code}_{found.code}"] = str(part.get("id") or chosen)
    ids[question.code] = name
    draft.add({**whole, "id": name}, **dict(question.place))


def _own_scale(draft: Draft, name: str, answers: Mapping[str, Any], found: Sequence[Part]) -> str:
    """The scale of a battery written by persona, with the texts as they stand in the file now."""
    texts = [part.text for part in found]
    points = {int(code): texts[n] if n < len(texts) else text
              for n, (code, text) in enumerate(answers["points"].items())}  # fmt: skip
    rest = texts[len(points) :]
    missing = {
        (int(code) if code.lstrip("-").isdigit() else code): {
            **part, "text": rest[n] if n < len(rest) else part.get("text", {})}
        for n, (code, part) in enumerate(answers.get("missing", {}).items())
    }  # fmt: skip
    names = {int(code): alias for code, alias in answers.get("names", {}).items()}
    return draft.scale(points, called=name, names=names, missing=missing)


def _common(draft: Draft, question: LimeQuestion, ids: Mapping[str, str]) -> dict[str, Any]:
    place = dict(question.place)
    common: dict[str, Any] = {}
    if question.help:
        common["help"] = question.help
    if question.mandatory:
        common["required"] = True
    original = {key: value for key in _KEPT if (value := question.attributes.get(key, ""))}
    for key in original:
        draft.tell(question.code, f"its {key} is kept as text", found=original[key], **place)
    condition = _condition(question.relevance, ids)
    if condition:
        common["shown_if"] = condition
    elif _asks(question.relevance):
        original["relevance"] = question.relevance
        draft.tell(
            question.code, "its condition is kept as text", found=question.relevance, **place
        )
    if original:
        common["original"] = original
    return common


def _asks(relevance: str) -> bool:
    return relevance.strip() not in ("", "1")


def _condition(relevance: str, ids: Mapping[str, str]) -> str | None:
    return from_limesurvey(relevance, ids) if _asks(relevance) else None


def _named(draft: Draft, question: LimeQuestion, kind: str, **keys: Any) -> dict[str, Any]:
    text = question.text or {draft.languages[0]: question.code}
    found = draft.free_id(question.code)
    if found != question.code:
        draft.tell(question.code, f"its id is now {found}", **dict(question.place))
    return {"id": found, "type": kind, "text": text, **keys}


def _options(answers: Sequence[Part], language: str) -> list[dict[str, Any]]:
    """Answers as options: whole numbers as codes where every code is one."""
    numeric = all(re.fullmatch(r"-?(0|[1-9]\d*)", part.code) for part in answers)
    return [
        {
            "code": int(part.code) if numeric else part.code,
            "text": part.text or {language: part.code},
        }
        for part in answers
    ]


def _with_other(draft: Draft, question: LimeQuestion, options: list[dict[str, Any]]) -> None:
    if question.other:
        word = question.attributes.get("other_replace_text") or "Other"
        code = "-oth-" if not options or isinstance(options[0]["code"], str) else "other"
        options.append({"code": code, "text": {draft.languages[0]: word}, "other": True})


def _single(draft: Draft, question: LimeQuestion) -> list[dict[str, Any]]:
    options = _options(question.answers, draft.languages[0])
    if question.letter in _FIXED:
        language = draft.languages[0]
        options = [{"code": code, "text": {language: label}} for code, label in
                   _FIXED[question.letter]]  # fmt: skip
    _with_other(draft, question, options)
    if not options:
        return []
    found = [_named(draft, question, "single", options=options)]
    if question.letter == "O":
        comment = draft.free_id(f"{question.code}comment")
        found.append({"id": comment, "type": "text", "text": question.text})
    return found


def _multiple(draft: Draft, question: LimeQuestion) -> list[dict[str, Any]]:
    options = _options(question.parts, draft.languages[0])
    excluding = set(question.attributes.get("exclude_all_others", "").split(";"))
    for option in options:
        if str(option["code"]) in excluding:
            option["exclusive"] = True
    _with_other(draft, question, options)
    if question.letter == "P":
        draft.tell(question.code, "the comments beside its options are not brought in",
                   **dict(question.place))  # fmt: skip
    limits = {}
    for key, attribute in (("fewest", "min_answers"), ("most", "max_answers")):
        if question.attributes.get(attribute, "").isdigit():
            limits[key] = int(question.attributes[attribute])
    return [_named(draft, question, "multiple", options=options, **limits)] if options else []


def _grid(draft: Draft, question: LimeQuestion) -> list[dict[str, Any]]:
    language = draft.languages[0]
    answers = list(question.answers)
    if question.letter in ("A", "B"):
        last = 5 if question.letter == "A" else 10
        answers = [Part(str(n), {language: str(n)}) for n in range(1, last + 1)]
    elif question.letter in _FIXED:
        answers = [Part(code, {language: label}) for code, label in _FIXED[question.letter]]
    scales = sorted({part.scale for part in answers})
    found = []
    for scale in scales:
        grid = _named(draft, question, "grid") if scale == scales[0] else None
        grid = grid or {"id": draft.free_id(f"{question.code}_{scale}"), "type": "grid",
                        "text": question.text}  # fmt: skip
        grid["scale"] = _scale(draft, [part for part in answers if part.scale == scale])
        suffix = f"_{scale}" if len(scales) > 1 else ""
        grid["items"] = [
            {"id": draft.free_id(f"{question.code}_{part.code}{suffix}"),
             "text": part.text or {language: part.code}}
            for part in question.parts
        ]  # fmt: skip
        found.append(grid)
    return found if question.parts else []


def _scale(draft: Draft, answers: Sequence[Part]) -> str:
    options = _options(answers, draft.languages[0])
    if all(isinstance(option["code"], int) for option in options):
        ordered = sorted(options, key=lambda option: int(option["code"]))
        return draft.scale({option["code"]: option["text"] for option in ordered})
    points = {n: option["text"] for n, option in enumerate(options, start=1)}
    return draft.scale(points, names={n: part.code for n, part in enumerate(answers, start=1)})


def _many(kind: str) -> Callable[[Draft, LimeQuestion], list[dict[str, Any]]]:
    def make(draft: Draft, question: LimeQuestion) -> list[dict[str, Any]]:
        none: tuple[Part | None, ...] = (None,)
        rows = [part for part in question.parts if part.scale == 0]
        columns = [part for part in question.parts if part.scale == 1]
        cells = [(row, column) for row in rows for column in columns or none]
        return [
            {
                "id": draft.free_id("_".join(
                    [question.code, row.code, *([column.code] if column else [])])),
                "type": kind,
                "text": _beside(question.text, row.text, column.text if column else {},
                                draft.languages[0], row.code),
            }
            for row, column in cells
        ]  # fmt: skip

    return make


def _beside(whole: Texts, row: Texts, column: Texts, default: str, code: str) -> Texts:
    languages = [*whole, *(language for language in row if language not in whole)] or [default]
    return {
        language: " – ".join(
            part for part in (whole.get(language), row.get(language, code), column.get(language))
            if part
        )
        for language in languages
    }  # fmt: skip


def _plain(kind: str) -> Callable[[Draft, LimeQuestion], list[dict[str, Any]]]:
    def make(draft: Draft, question: LimeQuestion) -> list[dict[str, Any]]:
        keys: dict[str, Any] = {}
        if kind == "number":
            for key, attribute in (("minimum", "min_num_value_n"), ("maximum", "max_num_value_n")):
                value = question.attributes.get(attribute, "")
                if re.fullmatch(r"-?\d+(\.\d+)?", value):
                    keys[key] = float(value)
                elif value:
                    draft.tell(question.code, f"its {attribute} is not a number and is left",
                               found=value, **dict(question.place))  # fmt: skip
            if question.attributes.get("num_value_int_only") == "1":
                keys["decimals"] = 0
        if kind == "rating":
            keys["highest"] = 5
        return [_named(draft, question, kind, **keys)]

    return make


def _ranking(draft: Draft, question: LimeQuestion) -> list[dict[str, Any]]:
    options = _options(question.answers or question.parts, draft.languages[0])
    return [_named(draft, question, "ranking", options=options)] if options else []


_MAKERS: Mapping[str, Callable[[Draft, LimeQuestion], list[dict[str, Any]]]] = {
    **dict.fromkeys("L!OYG", _single),
    **dict.fromkeys("MP", _multiple),
    **dict.fromkeys("FHABCE1", _grid),
    **dict.fromkeys("K:", _many("number")),
    **dict.fromkeys("Q;", _many("text")),
    **dict.fromkeys("STU", _plain("text")),
    "N": _plain("number"),
    "D": _plain("date"),
    "5": _plain("rating"),
    "R": _ranking,
}
