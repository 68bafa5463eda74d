"""LimeSurvey's own survey archive (``.lss``, XML), in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree

from persona.errors import QuestionnaireError, error
from persona.questionnaire.formats.drafting import Draft, plain_text
from persona.questionnaire.formats.languages import language_code
from persona.questionnaire.formats.lime import LimeGroup, LimeQuestion, Part, fill

Row: TypeAlias = Mapping[str, str]
Tables: TypeAlias = Mapping[str, Sequence[Row]]
_LARGEST = 100_000_000


def read(path: Path) -> Draft:
    """The questionnaire in a LimeSurvey archive; texts stand in the rows or in ``_l10ns`` tables.

    Raises
    ------
    QuestionnaireError
        When the file is no such archive.
    """
    tables = _tables(path)
    settings = next(iter(tables.get("surveys", ())), {})
    spoken = [row.get("language", "") for name in ("questions", "question_l10ns")
              for row in tables.get(name, ())]  # fmt: skip
    wanted = [settings.get("language", ""), *settings.get("additional_languages", "").split()]
    languages = list(dict.fromkeys(
        language_code(name) or "und" for name in (*wanted, *spoken) if name
    )) or ["en"]  # fmt: skip
    titles = {
        _language(row, "surveyls_language"): plain_text(row.get("surveyls_title", ""))
        for row in tables.get("surveys_languagesettings", ())
        if row.get("surveyls_title")
    }
    draft = Draft(str(path), path.stem, languages, titles)
    return fill(draft, _groups(tables))


def _tables(path: Path) -> Tables:
    try:
        raw = path.read_bytes()
    except OSError as trouble:
        raise _refused(path, "The file cannot be read.", str(trouble.strerror)) from None
    if len(raw) > _LARGEST or b"<!ENTITY" in raw:
        raise _refused(path, "The file is too large or declares XML entities.", None)
    try:
        root = ElementTree.fromstring(raw)
    except ElementTree.ParseError as trouble:
        raise _refused(path, "The file is damaged.", str(trouble)) from None
    if root.findtext("LimeSurveyDocType") != "Survey":
        raise _refused(path, "The file is no LimeSurvey survey.", root.tag)
    return {
        table.tag: [
            {cell.tag: cell.text or "" for cell in row} for row in table.findall("rows/row")
        ]
        for table in root
    }


def _refused(path: Path, sentence: str, found: str | None) -> QuestionnaireError:
    return QuestionnaireError(
        error("import.archive", sentence, file=str(path), found=found,
              remedy="Export it in LimeSurvey as 'Survey structure (.lss)'.")
    )  # fmt: skip


def _language(row: Row, key: str = "language") -> str:
    return language_code(row.get(key, "")) or "und"


def _texts(
    rows: Sequence[Row], column: str, localised: Sequence[Row], key: str, wanted: str
) -> dict[str, str]:
    """Texts by language from the rows themselves and from their ``_l10ns`` table."""
    found = {_language(row): row[column] for row in rows if row.get(column)}
    found |= {_language(row): row[column] for row in localised
              if row.get(key) == wanted and row.get(column)}  # fmt: skip
    return {language: plain_text(text) for language, text in found.items() if plain_text(text)}


def _groups(tables: Tables) -> Sequence[LimeGroup]:
    groups: dict[str, list[Row]] = {}
    for row in sorted(tables.get("groups", ()), key=lambda row: _number(row, "group_order")):
        groups.setdefault(row["gid"], []).append(row)
    return [
        LimeGroup(
            next(iter(title.values()), f"group_{gid}"),
            title,
            rows[0].get("grelevance", ""),
            _questions(tables, gid),
        )
        for gid, rows in groups.items()
        for title in [_texts(rows, "group_name", tables.get("group_l10ns", ()), "gid", gid)]
    ]


def _number(row: Row, key: str) -> int:
    value = row.get(key, "")
    return int(value) if value.lstrip("-").isdigit() else 0


def _questions(tables: Tables, gid: str) -> tuple[LimeQuestion, ...]:
    own: dict[str, list[Row]] = {}
    for row in tables.get("questions", ()):
        if row.get("gid") == gid and row.get("parent_qid", "0") == "0":
            own.setdefault(row["qid"], []).append(row)
    ordered = sorted(own.values(), key=lambda rows: _number(rows[0], "question_order"))
    return tuple(_question(tables, rows) for rows in ordered)


def _question(tables: Tables, rows: Sequence[Row]) -> LimeQuestion:
    first = rows[0]
    qid = first["qid"]
    localised = tables.get("question_l10ns", ())
    attributes = {
        row.get("attribute", ""): row.get("value", "")
        for row in tables.get("question_attributes", ())
        if row.get("qid") == qid and row.get("value")
    }
    return LimeQuestion(
        first["title"],
        first["type"],
        _texts(rows, "question", localised, "qid", qid),
        _texts(rows, "help", localised, "qid", qid),
        first.get("mandatory") == "Y",
        first.get("other") == "Y",
        first.get("relevance", ""),
        attributes,
        _parts(tables, qid),
        _answers(tables, qid),
        {"question": first["title"]},
    )


def _parts(tables: Tables, qid: str) -> tuple[Part, ...]:
    own: dict[str, list[Row]] = {}
    for row in (*tables.get("subquestions", ()), *tables.get("questions", ())):
        if row.get("parent_qid") == qid:
            own.setdefault(row["qid"], []).append(row)
    ordered = sorted(own.values(), key=lambda rows: _number(rows[0], "question_order"))
    localised = tables.get("question_l10ns", ())
    return tuple(
        Part(rows[0]["title"], _texts(rows, "question", localised, "qid", rows[0]["qid"]),
             _number(rows[0], "scale_id"))
        for rows in ordered
    )  # fmt: skip


def _answers(tables: Tables, qid: str) -> tuple[Part, ...]:
    own: dict[tuple[str, int], list[Row]] = {}
    for row in sorted(tables.get("answers", ()), key=lambda row: _number(row, "sortorder")):
        if row.get("qid") == qid:
            own.setdefault((row["code"], _number(row, "scale_id")), []).append(row)
    localised = tables.get("answer_l10ns", ())
    return tuple(
        Part(code, _texts(rows, "answer", localised, "aid", rows[0].get("aid", "-")), scale)
        for (code, scale), rows in own.items()
    )
