"""LimeSurvey's structure as a tab-separated file, in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from persona.errors import QuestionnaireError, error
from persona.questionnaire.formats.drafting import Draft, plain_text
from persona.questionnaire.formats.languages import language_code
from persona.questionnaire.formats.lime import LimeGroup, LimeQuestion, Part, fill, own_keys

_NEEDED = ("class", "type/scale", "name", "text")


@dataclass
class _Found:
    """A question while its languages are collected."""

    first: Mapping[str, str]
    line: int
    text: dict[str, str] = field(default_factory=dict)
    help: dict[str, str] = field(default_factory=dict)
    parts: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    answers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)


@dataclass
class _Group:
    name: str
    relevance: str
    persona: str = ""
    title: dict[str, str] = field(default_factory=dict)
    questions: dict[str, _Found] = field(default_factory=dict)


def read(path: Path) -> Draft:
    """The questionnaire in a LimeSurvey structure file (``.txt`` or ``.tsv``).

    Raises
    ------
    QuestionnaireError
        When the file is no such file.
    """
    lines = list(_lines(path))
    settings = {row["name"]: row["text"] for _, row in lines if row["class"] == "S"}
    first = settings.get("language") or next(
        (r["language"] for _, r in lines if r["language"]), "en"
    )
    languages = list(dict.fromkeys(
        language_code(name) or "und"
        for name in (first, *settings.get("additional_languages", "").split(),
                     *(row["language"] for _, row in lines if row["class"] == "Q"))
        if name
    ))  # fmt: skip
    titles = {
        language_code(row["language"]) or "und": plain_text(row["text"])
        for _, row in lines
        if row["class"] == "SL" and row["name"] == "surveyls_title" and row["text"]
    }
    name = own_keys(settings.get("persona", "")).get("id") or path.stem
    draft = Draft(str(path), name, languages, titles)
    return fill(draft, [_finished(group) for group in _groups(lines)])


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as trouble:
        raise QuestionnaireError(
            error("import.unreadable", "The file cannot be read: {why}.", file=str(path),
                  values={"why": trouble})
        ) from None  # fmt: skip
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    header = [name.strip() for name in next(rows, [])]
    if not set(_NEEDED) <= set(header):
        raise QuestionnaireError(
            error(
                "import.no_structure",
                "The file is no LimeSurvey structure: it lacks columns.",
                file=str(path),
                line=1,
                found=", ".join(header[:8]),
                allowed=", ".join(_NEEDED),
                remedy="Export it in LimeSurvey as 'Tab-separated-values format'.",
            )
        )
    for cells in rows:
        row = dict.fromkeys((*_NEEDED, "relevance", "language", "mandatory", "other", "help"), "")
        row |= {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        yield rows.line_num, row


def _groups(lines: Sequence[tuple[int, Mapping[str, str]]]) -> Sequence[_Group]:
    """Groups in the order of the first language; later languages add their texts by position."""
    groups: list[_Group] = []
    seen: dict[str, int] = {}
    group = _Group("", "")
    question: _Found | None = None
    for number, row in lines:
        language = language_code(row["language"]) or "und"
        kind = row["class"]
        if kind == "G":
            position = seen.get(language, 0)
            seen[language] = position + 1
            if position >= len(groups):
                groups.append(_Group(row["name"], row["relevance"], row.get("persona", "")))
            group = groups[position]
            group.title[language] = plain_text(row["name"])
        elif kind == "Q":
            question = group.questions.setdefault(row["name"], _Found(row, number))
            if row["text"]:
                question.text[language] = plain_text(row["text"])
            if row["help"]:
                question.help[language] = plain_text(row["help"])
        elif kind in ("SQ", "A") and question is not None:
            held = question.parts if kind == "SQ" else question.answers
            texts = held.setdefault((row["name"], row["type/scale"]), {})
            if row["text"]:
                texts[language] = plain_text(row["text"])
    return groups


def _finished(group: _Group) -> LimeGroup:
    return LimeGroup(
        group.name,
        group.title,
        group.relevance,
        tuple(
            LimeQuestion(
                code,
                found.first["type/scale"],
                found.text,
                found.help,
                found.first["mandatory"] == "Y",
                found.first["other"] == "Y",
                found.first["relevance"],
                found.first,
                tuple(_part(name, scale, text) for (name, scale), text in found.parts.items()),
                tuple(_part(name, scale, text) for (name, scale), text in found.answers.items()),
                {"line": found.line},
            )
            for code, found in group.questions.items()
        ),
        group.persona,
    )


def _part(name: str, scale: str, text: Mapping[str, str]) -> Part:
    return Part(name, text, int(scale) if scale.isdigit() else 0)
