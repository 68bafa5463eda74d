"""Codes and labels of closed questions: which code a cell stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from persona.errors import Problem, error
from persona.questionnaire.cells import (
    latin_look,
    normal,
    plain,
    range_behind_date,
)
from persona.questionnaire.decoding import Reading, State, faulty, unknown_answer
from persona.questionnaire.texts import Texts
from persona.questionnaire.variables import Category, MissingCode
from persona.registry import nearest

_CODE_THEN_LABEL = re.compile(r"\(?([\w-]+)\)?\s*[-.:=)]\s*(.+)")
_LABEL_THEN_CODE = re.compile(r"(.+?)\s*\(([\w-]+)\)")
_SHOWN = 12


class LabelIndex:
    """Finds the code that a cell stands for, by code or by label in any language.

    Parameters
    ----------
    question : str
        Id, for messages.
    categories : sequence of Category
        Valid answers.
    missing : sequence of MissingCode
        Answers that mean no answer.
    language : str, optional
        The language to prefer where the same label stands for different codes.

    Examples
    --------
    >>> sex = LabelIndex("sex", (Category(1, {"en": "Female"}), Category(2, {"en": "Male"})), ())
    >>> sex.read(" FEMALE").value, sex.read("2").value, sex.read("Femal").problem.remedy_text
    (1, 2, "Did you mean 'Female'?")
    """

    def __init__(
        self,
        question: str,
        categories: Sequence[Category],
        missing: Sequence[MissingCode],
        language: str | None = None,
    ) -> None:
        self.question = question
        self.by_code: dict[str, Reading] = {}
        self.by_label: dict[str, Reading] = {}
        self.ambiguous: set[str] = set()
        self.preferred: set[str] = set()
        self.labels: dict[str, str] = {}
        for category in categories:
            self._add(category.code, category.text, Reading(category.code), language)
            if category.alias:
                self.by_code.setdefault(normal(category.alias), Reading(category.code))
        for code in missing:
            self._add(code.code, code.text, Reading(None, State(code.meaning)), language)
        self.allowed = _listed(categories)

    def _add(self, code: int | str, text: Texts, reading: Reading, language: str | None) -> None:
        self.by_code.setdefault(normal(str(code)), reading)
        for spoken, label in text.items():
            if not label:
                continue
            key = normal(label)
            self.labels.setdefault(key, label)
            held = self.by_label.get(key, reading)
            if spoken == language:
                self.preferred.add(key)
                self.ambiguous.discard(key)
                self.by_label[key] = reading
            elif key not in self.preferred:
                self.by_label.setdefault(key, reading)
                if held != reading:
                    self.ambiguous.add(key)

    def find(self, cell: object) -> Reading | None:
        """The reading of a cell that is a code, a label, or both together; else None."""
        text = normal(plain(cell))
        if text in self.by_code:
            return self.by_code[text]
        if text in self.ambiguous:
            return faulty(self._ambiguous(text, cell))
        if text in self.by_label:
            return self.by_label[text]
        if re.fullmatch(r"[+-]?\d+(\.0+)?", text):
            return self.by_code.get(str(int(float(text))))
        return self._mixed(text) if isinstance(cell, str) else None

    def _ambiguous(self, text: str, cell: object) -> Problem:
        return error(
            "answer.ambiguous",
            "The answer {answer!r} stands for several codes in different languages.",
            question=self.question,
            found=plain(cell),
            allowed=self.allowed,
            remedy="Say in which language the answers are, or write codes.",
            values={"answer": self.labels[text]},
        )

    def _mixed(self, text: str) -> Reading | None:
        """``1 - Strongly disagree`` and ``Strongly disagree (1)`` when both parts agree."""
        for pattern, code, label in ((_CODE_THEN_LABEL, 1, 2), (_LABEL_THEN_CODE, 2, 1)):
            if match := pattern.fullmatch(text):
                by_code = self.by_code.get(match[code])
                labelled = self.by_label.get(match[label])
                if by_code is not None and labelled == by_code and not match[label].isdigit():
                    return by_code
        return None

    def read(self, cell: object) -> Reading:
        """The answer in a cell, or what is wrong with it and the remedy."""
        found = self.find(cell)
        if found is not None:
            return found
        if hint := self._date_accident(cell):
            return faulty(hint)
        text = normal(plain(cell))
        remedy, meant = self._remedy(text)
        return faulty(unknown_answer(cell, self.question, self.allowed, remedy, meant))

    def _remedy(self, text: str) -> tuple[str | None, str | None]:
        """What to do about an answer that is unknown, and the label that is nearest to it."""
        latin = latin_look(text)
        for key, label in self.labels.items():
            if latin_look(key) == latin:
                remedy = "Some letters only look the same (Cyrillic and Latin). Type {near!r} anew."
                return remedy, label
        near = nearest(text, self.labels)
        return ("Did you mean {near!r}?", self.labels[near]) if near else (None, None)

    def _date_accident(self, cell: object) -> Problem | None:
        for typed in range_behind_date(cell):
            if typed in self.by_label or typed in self.by_code:
                return error(
                    "answer.date_for_label",
                    "The spreadsheet has turned {typed!r} into a date.",
                    question=self.question,
                    found=plain(cell),
                    allowed=self.allowed,
                    remedy="Format the column as text and type {typed!r} again.",
                    values={"typed": typed},
                )
        return None


def _listed(categories: Sequence[Category]) -> str:
    shown = [
        f"{category.code} {next(iter(category.text.values()), '')}".strip()
        for category in categories[:_SHOWN]
    ]
    more = len(categories) - _SHOWN
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def label_of(
    value: object, categories: Sequence[Category], missing: Sequence[MissingCode], language: str
) -> object:
    """The label of a code in a language, or the code itself when it has none."""
    parts: tuple[Category | MissingCode, ...] = (*categories, *missing)
    texts: Mapping[object, Texts] = {part.code: part.text for part in parts}
    text = texts.get(value, {})
    return text.get(language) or next(iter(text.values()), value)
