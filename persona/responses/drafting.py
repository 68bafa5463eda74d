"""A draft of a questionnaire from a file of answers: types, scales, batteries and options."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from persona.errors import Problem, note, warning
from persona.questionnaire.cells import normal, number
from persona.questionnaire.model import Questionnaire
from persona.responses.beside import alike
from persona.responses.cells import shown
from persona.responses.export import SurveyExport
from persona.responses.ordering import in_order
from persona.responses.structure import SurveyVariable

_WHO = re.compile(
    r"\b(age|old are you|gender|sex|income|education|occupation|employment|marital|household|"
    r"region|country|city|live|residence|profession|wiek|płeć|plec|dochód|wykształcenie|"
    r"zamieszkania|zawód|reddito|genere|istruzione|età|alter|geschlecht|leeftijd|geslacht|"
    r"возраст|пол|доход|образование|company size|industry)\b",
    re.IGNORECASE,
)
_ATTITUDE = re.compile(
    r"\b(agree|importan\w+|satisf\w+|feel|believe|prefer|zgadza\w*|ważn\w+|uważa\w*)\b",
    re.IGNORECASE,
)
_LONGEST_ID = 40


@dataclass(frozen=True)
class Draft:
    """A questionnaire that a file suggests, to be corrected by the researcher.

    Parameters
    ----------
    data : mapping
        As :meth:`Questionnaire.from_data` takes it.
    mapping : mapping of column to variable
        As :meth:`Responses.read` takes it.
    warnings : tuple of Problem
        What the file does not tell and was assumed.
    """

    data: Mapping[str, Any]
    mapping: Mapping[str, str]
    warnings: tuple[Problem, ...]

    @property
    def questionnaire(self) -> Questionnaire:
        """The draft as a questionnaire."""
        return Questionnaire.from_data(self.data)

    @property
    def yaml(self) -> str:
        """The draft as YAML text."""
        yaml = YAML()
        yaml.indent(mapping=2, sequence=4, offset=2)
        yaml.width = 120
        stream = io.StringIO()
        yaml.dump(dict(self.data), stream)
        return stream.getvalue()


def draft_questionnaire(export: SurveyExport, language: str = "en") -> Draft:
    """Draft a questionnaire from the answers of an export.

    Parameters
    ----------
    export : SurveyExport
    language : str
        The language of the texts.
    """
    drafting = _Drafting(export)
    questions = list(drafting.questions())
    sections = [
        {"id": block, "block": block, "questions": [q for b, q in questions if b == block]}
        for block in ("who", "expects", "behaves")
    ]
    data: dict[str, Any] = {
        "persona": 1,
        "id": _slug(export.table.file.stem) or "draft",
        "languages": [language],
        "title": export.table.file.stem,
    }
    if drafting.scales:
        data["scales"] = drafting.scales
    data["sections"] = [section for section in sections if section["questions"]]
    return Draft(data, drafting.mapping, tuple(drafting.said()))


class _Drafting:
    def __init__(self, export: SurveyExport) -> None:
        self.export = export
        self.numbers = {column.id: column.number for column in export.columns}
        self.scales: dict[str, dict[str, Any]] = {}
        self.taken: set[str] = set()
        self.mapping: dict[str, str] = {}
        self.unordered: list[str] = []
        self.left: list[str] = []

    def questions(self) -> Iterator[tuple[str, dict[str, Any]]]:
        variables = self.export.variables
        groups: dict[tuple[str, str | None], list[SurveyVariable]] = {}
        for variable in variables:
            grouped = variable.type in ("grid", "multiple", "ranking") and not variable.joined
            key = (variable.type, variable.parent) if grouped else (variable.id, None)
            groups.setdefault(key, []).append(variable)
        for members in groups.values():
            first = members[0]
            if first.type in ("system", "empty", "other"):
                if first.type == "empty":
                    self.left += [member.id for member in members]
                continue
            yield self._question(members)

    def _question(self, members: Sequence[SurveyVariable]) -> tuple[str, dict[str, Any]]:
        first = members[0]
        text = first.text or first.id
        if first.type in ("grid", "ranking"):
            return self._grid(members, text)
        if first.type == "multiple":
            return self._multiple(members, text)
        options = self._options(first) if first.type == "single" else []
        kind_of = "text" if first.type == "single" and len(options) < 2 else first.type
        question: dict[str, Any] = {"id": self._id(first.id), "type": kind_of}
        self.mapping[first.id] = question["id"]
        block, kind = self._placed(text, kind_of)
        question |= {"kind": "verbatim" if kind_of == "text" else kind, "text": text}
        if kind_of == "single":
            question["options"] = options
        if kind_of == "number":
            question["decimals"] = 6
        return block, question

    def _grid(self, members: Sequence[SurveyVariable], text: str) -> tuple[str, dict[str, Any]]:
        parent = members[0].parent or members[0].id
        shared = len({member.text for member in members}) == 1
        identifier = self._id(parent)
        items = []
        for member in members:
            item = self._id(member.id)
            self.mapping[member.id] = item
            items.append(
                {"id": item, "text": (member.option if shared else member.text) or member.id}
            )
        return "expects", {
            "id": identifier,
            "type": "grid",
            "kind": "psychographic",
            "role": "basis",
            "text": text if shared else parent,
            "scale": self._scale(members, identifier),
            "items": items,
        }

    def _multiple(self, members: Sequence[SurveyVariable], text: str) -> tuple[str, dict[str, Any]]:
        first = members[0]
        identifier = self._id(first.parent or first.id)
        options: list[dict[str, Any]]
        if first.joined:
            texts = _distinct_texts([shown(label) for label in first.labels.values()])
            cells = self.export.table.distinct(self.numbers[first.id])[0]
            texts += alike(identifier, _coded(texts), cells)
            options = [{"code": code, "text": text} for code, text in _coded(texts)]
            free = max([option["code"] for option in options], default=0) + 1
            options.append({"code": free, "text": "(other)", "other": True})
            self.mapping[first.id] = identifier
        else:
            codes = _option_codes(members)
            texts = [member.option or member.text or member.id for member in members]
            options = [{"code": c, "text": t} for c, t in zip(codes, texts, strict=True)]
            for code, member in zip(codes, members, strict=True):
                self.mapping[member.id] = f"{identifier}_{code}"
        block, kind = self._placed(text, "multiple")
        return block, {
            "id": identifier,
            "type": "multiple",
            "kind": kind,
            "text": text,
            "options": options,
        }

    def _options(self, variable: SurveyVariable) -> list[dict[str, Any]]:
        codes = list(variable.labels)
        if all(number(code) is not None for code in codes):
            ordered = sorted(codes, key=lambda code: number(code) or 0.0)
            return [
                {
                    "code": _code(code),
                    "text": _apart(code, variable.labels[code]),
                    **_as_missing(variable, code),
                }
                for code in ordered
            ] + [
                {"code": _code(code), "text": shown(code), "missing": meaning}
                for code, meaning in variable.missing.items()
                if isinstance(code, (int, float))
            ]
        texts = _distinct_texts([shown(code) for code in codes])
        return [{"code": code, "text": text} for code, text in _coded(in_order(texts) or texts)]

    def _scale(self, members: Sequence[SurveyVariable], identifier: str) -> str:
        labels: dict[Any, str] = {}
        for member in members:
            labels |= dict(member.labels)
        codes = [code for code in labels if number(code) is not None]
        if len(codes) == len(labels) and all(float(number(c) or 0).is_integer() for c in codes):
            points: dict[int, str] = {
                int(number(code) or 0): _apart(code, labels[code])
                for code in sorted(codes, key=lambda code: number(code) or 0.0)
            }
        else:
            texts = _distinct_texts([labels[code] or shown(code) for code in labels])
            ordered = in_order(texts)
            if ordered is None:
                self.unordered.append(identifier)
            points = dict(sorted(_coded(ordered or texts)))
        scale: dict[str, Any] = {"points": points}
        missing = {code: meaning for member in members for code, meaning in member.missing.items()}
        if missing:
            scale["missing"] = {
                _code(code): {"text": shown(code), "meaning": meaning}
                for code, meaning in missing.items()
            }
        for name, held in self.scales.items():
            if held == scale:
                return name
        name = f"scale_{len(self.scales) + 1}"
        self.scales[name] = scale
        return name

    def _placed(self, text: str, kind: str) -> tuple[str, str]:
        if _WHO.search(text):
            return "who", "demographic"
        if _ATTITUDE.search(text) and kind != "text":
            return "expects", "need"
        return "behaves", "behaviour"

    def _id(self, name: str) -> str:
        plain = _slug(name)
        if not plain or len(plain) > _LONGEST_ID:
            plain = f"question_{len(self.taken) + 1}"
        called, count = plain, 1
        while called.casefold() in self.taken:
            count += 1
            called = f"{plain}_{count}"
        self.taken.add(called.casefold())
        return called

    def said(self) -> Iterator[Problem]:
        """What had to be assumed."""
        place = {"file": str(self.export.table.file), "sheet": self.export.table.sheet}
        yield note(
            "draft.kinds",
            "Blocks, kinds and roles are guessed from the texts; check them.",
            **place,
        )
        if self.unordered:
            yield warning(
                "draft.order",
                "The order of the answers to {batteries} is not known.",
                question=self.unordered[0],
                remedy="Put the points of the scale from low to high.",
                values={"batteries": ", ".join(self.unordered)},
                **place,
            )
        if self.left:
            yield note(
                "draft.empty",
                "{count} columns without any answer are left out: {columns}.",
                values={"count": len(self.left), "columns": ", ".join(self.left[:10])},
                **place,
            )


def _option_codes(members: Sequence[SurveyVariable]) -> list[int | str]:
    """The number behind the question's name where all columns have one, else 1, 2, 3."""
    codes = [re.fullmatch(rf"{re.escape(m.parent or '')}_(\d+)", m.id) for m in members]
    if all(codes) and len({match[1] for match in codes if match}) == len(members):
        return [int(match[1]) for match in codes if match]
    return list(range(1, len(members) + 1))


def _coded(texts: Sequence[str]) -> list[tuple[int, str]]:
    """Codes for labels: the number that a label is or begins with, else the next free one."""
    begins = [re.match(r"\s*[(\[]?(\d{1,6})(?![\d.,:-])", text) for text in texts]
    wanted = [int(match[1]) if match else None for match in begins]
    numbered = any(text.strip().isdigit() for text in texts)
    taken: set[int] = set()
    codes: list[tuple[int, str]] = []
    for text, code in zip(texts, wanted, strict=True):
        if not numbered or code is None or code in taken:
            used = taken | {c for c in wanted if numbered and c is not None}
            code = next(n for n in range(1, len(used) + len(texts) + 2) if n not in used)
        taken.add(code)
        codes.append((code, text))
    return codes


def _apart(code: Any, label: str) -> str:
    """A label that is not another number than its code."""
    figure = number(label)
    return (
        f"{label} (code {shown(code)})"
        if figure not in (None, number(code))
        else (label or shown(code))
    )


def _distinct_texts(texts: Sequence[str]) -> list[str]:
    """Texts that differ in more than case and blanks."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(normal(text), text.strip())
    return list(found.values())


def _code(code: Any) -> int | str:
    figure = number(code)
    return int(figure) if figure is not None and figure.is_integer() else shown(code)


def _as_missing(variable: SurveyVariable, code: Any) -> dict[str, str]:
    return {"missing": variable.missing[code]} if code in variable.missing else {}


def _slug(name: str) -> str:
    """An id: letters, digits and underscores, a letter first."""
    plain = re.sub(r"\W+", "_", name.strip()).strip("_")
    if re.match(r"\d", plain):
        plain = f"q_{plain}"
    return plain if plain.casefold() not in _WORDS else f"{plain}_"


_WORDS = frozenset({"and", "or", "not", "in", "has", "answered"})
