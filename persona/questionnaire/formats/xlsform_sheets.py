"""The sheets of an XLSForm as lines: columns by name and language, choices, scales."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from persona.errors import QuestionnaireError, error
from persona.questionnaire.formats.drafting import Draft, plain_text
from persona.questionnaire.formats.languages import language_code
from persona.questionnaire.formats.sheets import Book, Rows

_ALIASES = {
    "caption": "label", "relevance": "relevant", "list name": "list_name", "read only": "readonly",
    "read_only": "readonly", "constraint message": "constraint_message",
    "constraint-msg": "constraint_message", "command": "type", "tag": "name", "value": "name",
    "required message": "required_message",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One row of a sheet: its number, and its cells by column."""

    row: int
    cells: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]

    @property
    def said(self) -> Mapping[str, str]:
        """Type, name and labels, as :func:`fingerprint` takes them."""
        labels = self.texts.get("label", {})
        plain = {key: self.cells[key] for key in ("type", "name") if key in self.cells}
        return plain | {f"label {language}": text for language, text in labels.items()}

    def get(self, name: str) -> str:
        """The cell of a column; empty when there is none."""
        return self.cells.get(name, "")


def _column(header: str) -> tuple[str, str | None]:
    """The name of a column and the language its header gives."""
    name, _, language = header.partition("::") if "::" in header else header.partition(":")
    name = name.strip().casefold()
    return _ALIASES.get(name, name), language.strip() or None


def languages_of(book: Book, survey: Rows) -> list[str]:
    """Languages of labels, the default first."""
    default = language_code(settings_of(book).get("default_language", ""))
    headers = [_column(cell) for cell in survey[0]]
    named = [language_code(lang) or "und" for name, lang in headers if name == "label" and lang]
    bare = any(name == "label" and lang is None for name, lang in headers)
    unnamed = default if default and default not in named else "en" if "en" not in named else None
    found = list(dict.fromkeys(([unnamed] if bare and unnamed else []) + named)) or ["en"]
    if default in found:
        found.remove(default)
        found.insert(0, default)
    return found


def settings_of(book: Book) -> Mapping[str, str]:
    """The settings sheet by column."""
    rows = book.sheet("settings") or []
    if len(rows) < 2:
        return {}
    names = [cell.casefold() for cell in rows[0]]
    return {n: value for n, value in zip(names, rows[1], strict=False) if n and value}


def lines_of(rows: Rows, sheet: str, draft: Draft) -> Iterator[Line]:
    """The filled rows of a sheet; doubled columns that differ are refused."""
    if not rows:
        return
    columns = [_column(cell) if cell else ("", None) for cell in rows[0]]
    _refuse_doubled(columns, rows, sheet, draft)
    unknown = {
        lang
        for name, lang in columns
        if lang and name in ("label", "hint") and language_code(lang) is None
    }
    for name in sorted(unknown):
        draft.tell(
            name, "the language is not known and is taken as und (undetermined)", sheet=sheet, row=1
        )
    for number, cells in enumerate(rows[1:], start=2):
        plain: dict[str, str] = {}
        texts: dict[str, dict[str, str]] = {}
        for (name, lang), cell in zip(columns, cells, strict=False):
            if not cell or not name:
                continue
            if name in ("label", "hint"):
                code = (language_code(lang) or "und") if lang else draft.languages[0]
                texts.setdefault(name, {}).setdefault(code, plain_text(cell) or cell)
            plain.setdefault(name, cell)
        if plain:
            yield Line(number, plain, texts)


def _refuse_doubled(
    columns: Sequence[tuple[str, str | None]], rows: Rows, sheet: str, draft: Draft
) -> None:
    for place, column in enumerate(columns):
        first = columns.index(column)
        if column[0] not in ("label", "type", "name", "hint") or first == place:
            continue
        differing = any(
            len(row) > place and row[place] and row[place] != row[first] for row in rows[1:]
        )
        if differing:
            raise QuestionnaireError(
                error(
                    "import.column_twice",
                    "Two columns are called {name!r} and say different things.",
                    file=draft.file,
                    sheet=sheet,
                    row=1,
                    column=_letter(place),
                    remedy="Remove one of them, or name its language, as in label::English (en).",
                    values={"name": rows[0][place]},
                )
            )
        draft.tell(rows[0][place], "the column stands twice; the first is read", sheet=sheet, row=1)


def _letter(place: int) -> str:
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def choices_of(lines: Sequence[Line]) -> Mapping[str, Sequence[Line]]:
    """The lists of choices by name."""
    lists: dict[str, list[Line]] = {}
    for line in lines:
        if line.get("list_name"):
            lists.setdefault(line.get("list_name"), []).append(line)
    return lists


def options_of(lines: Sequence[Line], language: str) -> list[dict[str, Any]]:
    """Choices as options: whole numbers as codes where every name is one."""
    names = [line.get("name") for line in lines]
    numeric = all(re.fullmatch(r"-?(0|[1-9]\d*)", name) for name in names if name)
    options = []
    for line in lines:
        name = line.get("name")
        if not name:
            continue
        text = dict(line.texts.get("label", {})) or {language: name}
        text.setdefault(language, next(iter(text.values())))
        option: dict[str, Any] = {"code": int(name) if numeric else name, "text": text}
        own = own_keys_of(line)
        if own.pop("of", None) != "question":
            option |= own
            options.append(option)
    return options


def question_missing(lines: Sequence[Line], language: str) -> dict[int | str, Any]:
    """Missing codes that belong to the question and not to its options."""
    found: dict[int | str, Any] = {}
    for line in lines:
        own = own_keys_of(line)
        if own.get("of") == "question":
            name = line.get("name")
            code = int(name) if name.lstrip("-").isdigit() else name
            text = dict(line.texts.get("label", {})) or {language: name}
            found[code] = {"text": text, "meaning": own["missing"]}
    return found


def own_keys_of(line: Line) -> dict[str, Any]:
    """What a form written by persona says in its own column; nothing of other tools' forms."""
    try:
        found = json.loads(line.get("persona") or "{}")
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def scale_of(lines: Sequence[Line], draft: Draft, name: str | None = None) -> str:
    """A shared scale from choices: numbers as they are, other names numbered in order."""
    options = options_of(lines, draft.languages[0])
    valid = [option for option in options if "missing" not in option]
    codes = [option["code"] for option in valid]
    missing = {
        option["code"]: {"text": option["text"], "meaning": option["missing"]}
        for option in options
        if "missing" in option
    }
    if all(isinstance(code, int) for code in codes):
        ordered = sorted(valid, key=lambda option: int(option["code"]))
        return draft.scale({o["code"]: o["text"] for o in ordered}, missing=missing, called=name)
    return draft.scale(
        {n: option["text"] for n, option in enumerate(valid, start=1)},
        names={n: str(code) for n, code in enumerate(codes, start=1)},
        missing=missing,
        called=name,
    )
