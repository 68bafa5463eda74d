"""XLSForm in: sheets survey, choices and settings of ODK, KoboToolbox and their kin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from persona.errors import QuestionnaireError, error
from persona.questionnaire.formats.drafting import Draft, plain_text
from persona.questionnaire.formats.expressions import from_xlsform
from persona.questionnaire.formats.sheets import Book, Rows, read_book
from persona.questionnaire.formats.xlsform_batteries import add_battery, battery_at, take_kobo
from persona.questionnaire.formats.xlsform_common import Form, common_keys
from persona.questionnaire.formats.xlsform_out import fingerprint
from persona.questionnaire.formats.xlsform_sheets import (
    Line,
    choices_of,
    languages_of,
    lines_of,
    options_of,
    own_keys_of,
    question_missing,
    settings_of,
)
from persona.questionnaire.formats.xlsform_types import Kind, kind_of
from persona.registry import nearest

_BOUND = re.compile(r"\.\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)")


def read(path: Path) -> Draft:
    """The questionnaire in an XLSForm workbook, or in the survey sheet of one saved as CSV.

    Raises
    ------
    QuestionnaireError
        When it has no survey sheet, or its columns cannot be told apart.
    """
    book = read_book(path)
    survey_name, survey = _survey(book)
    languages = languages_of(book, survey)
    draft = Draft(book.file, path.stem, languages)
    settings = settings_of(book)
    draft.name = settings.get("form_id") or path.stem
    own = own_keys_of(Line(2, {"persona": settings.get("persona", "")}, {}))
    title = settings.get("form_title")
    if title:
        draft.title = {languages[0]: plain_text(title)}
    if title and own.get("title", {}).get(languages[0]) == title:
        draft.title = own["title"]
    choice_rows = book.sheet("choices") or _choices_beside(path)
    choices = choices_of(list(lines_of(choice_rows or [], "choices", draft)))
    _tell_other_sheets(book, survey_name, draft)
    form = Form(draft, choices)
    lines = [line for line in lines_of(survey, survey_name, draft) if line.get("type")]
    _walk(lines, form, survey_name)
    return draft


def _choices_beside(path: Path) -> Rows | None:
    """The choices sheet of a form saved as CSV files: questions.csv and choices.csv."""
    for word in ("questions", "survey"):
        beside = path.with_name(path.name.replace(word, "choices"))
        if path.suffix.lower() == ".csv" and beside != path and beside.is_file():
            return next(iter(read_book(beside).sheets.values()))
    return None


def _survey(book: Book) -> tuple[str, Rows]:
    rows = book.sheet("survey")
    if rows is None and len(book.sheets) == 1:
        rows = next(iter(book.sheets.values()))
    name = next((n for n, sheet in book.sheets.items() if sheet is rows), "survey")
    header = [cell.casefold() for cell in rows[0]] if rows else []
    if rows is None or "type" not in header:
        near = nearest("survey", book.sheets)
        raise QuestionnaireError(
            error(
                "import.no_survey",
                "The workbook has no sheet called survey with columns type and name, so it is no "
                "XLSForm.",
                file=book.file,
                found=", ".join(book.sheets),
                remedy=f"Is {near!r} the sheet? Then call it survey."
                if near
                else "Give an XLSForm, or declare the questionnaire in YAML.",
            )
        )
    return name, rows


def _tell_other_sheets(book: Book, survey: str, draft: Draft) -> None:
    known = {"survey", "choices", "settings", survey.casefold()}
    for name, rows in book.sheets.items():
        if name.strip().casefold() not in known and any(any(row) for row in rows):
            draft.tell(name, "the sheet is no part of an XLSForm and is not read", sheet=name)


def _walk(lines: Sequence[Line], form: Form, sheet: str) -> None:
    """Go through the rows; batteries take several at once."""
    position = 0
    while position < len(lines):
        battery = battery_at(lines, position, form)
        if battery:
            add_battery(battery, form, sheet)
            position += len(battery)
            continue
        whole = _take_whole(lines, position, form, sheet)
        if whole:
            position += whole
            continue
        kobo = take_kobo(lines, position, form, sheet)
        if kobo:
            position += kobo
            continue
        _take(lines[position], form, sheet)
        position += 1


def _take_whole(lines: Sequence[Line], start: int, form: Form, sheet: str) -> int:
    """A question that a form of persona spreads over a group; gives the rows it takes.

    When its rows were changed in the form they are brought in one by one, and that is told.
    """
    own = own_keys_of(lines[start])
    if kind_of(lines[start].get("type")).role != "begin" or "question" not in own:
        return 0
    end = start + 1
    while end < len(lines) and kind_of(lines[end].get("type")).role != "end":
        end += 1
    if fingerprint([line.said for line in lines[start + 1 : end]]) != own.get("rows"):
        form.draft.tell(
            lines[start].get("name"),
            "its rows were changed in the form, so that each is brought in as a question",
            sheet=sheet,
            row=lines[start].row,
        )
        return 0
    form.draft.asked += 1
    _add_whole(own["question"], form, sheet, lines[start])
    return end + 1 - start


def _add_whole(question: dict[str, Any], form: Form, sheet: str, line: Line) -> None:
    question = {**question, "id": form.draft.free_id(str(question.get("id")))}
    form.ids[question["id"]] = question["id"]
    form.draft.add(question, sheet=sheet, row=line.row)


def _take(line: Line, form: Form, sheet: str) -> None:
    kind = kind_of(line.get("type"))
    place: dict[str, Any] = {"sheet": sheet, "row": line.row}
    name = line.get("name") or line.get("type")
    own = own_keys_of(line)
    if "other" in own:
        return
    if kind.name == "calculate" and "question" in own:
        _add_whole(own["question"], form, sheet, line)
    elif kind.role == "begin":
        _open_group(line, kind, form, sheet)
    elif kind.role == "end":
        if form.groups:
            form.groups.pop()
    elif kind.role == "told":
        form.draft.tell(name, kind.remark, found=_shown(line), **place)
    elif line.get("disabled").casefold() in ("yes", "true"):
        form.draft.tell(name, "it is disabled in the form and is not brought in", **place)
    elif line.get("name").startswith("generated_table_list_label"):
        form.draft.tell(name, "the head of a table is not a question", **place)
    else:
        form.draft.asked += 1
        if any(group == "repeat" for group, _ in form.groups):
            reason = "it is in a group that is asked several times of one respondent"
            form.draft.leave(name, reason, found=line.get("type"), **place)
        elif kind.role == "left":
            form.draft.leave(name, kind.remark, found=line.get("type"), **place)
        else:
            _add(line, kind, form, sheet)


def _shown(line: Line) -> str | None:
    found = line.get("calculation") or next(iter(line.texts.get("label", {}).values()), "")
    return found[:200] or None


def _open_group(line: Line, kind: Kind, form: Form, sheet: str) -> None:
    relevant = line.get("relevant")
    if not form.groups:
        own = own_keys_of(line)
        keys = {"block": own["block"]} if "block" in own else {}
        condition = from_xlsform(relevant, form.ids) if relevant else None
        if condition is not None:
            keys["shown_if"] = condition
            relevant = ""
        form.draft.section(line.get("name"), line.texts.get("label", {}), **keys)
    if line.get("repeat_count"):
        form.draft.tell(
            line.get("name"),
            "its number of repeats has no counterpart",
            found=line.get("repeat_count"),
            sheet=sheet,
            row=line.row,
        )
    table = kind.name == "group" and "table-list" in line.get("appearance")
    form.groups.append(("table" if table else kind.name, relevant))
    if not set(line.get("appearance").split()) <= {"field-list", "table-list"}:
        form.draft.tell(
            line.get("name"),
            "the appearance of the group has no counterpart",
            found=line.get("appearance"),
            sheet=sheet,
            row=line.row,
        )


def _add(line: Line, kind: Kind, form: Form, sheet: str) -> None:
    place: dict[str, Any] = {"sheet": sheet, "row": line.row}
    name = line.get("name")
    if not name:
        form.draft.leave(line.get("type"), "it has no name", **place)
        return
    question = common_keys(line, kind, form, sheet)
    original = question.setdefault("original", {})
    if kind.remark:
        form.draft.tell(name, kind.remark, found=line.get("type"), **place)
    if kind.list_name is not None:
        listed = form.choices.get(kind.list_name)
        if not listed:
            form.draft.tell(
                name,
                "its list of choices is in no sheet, so it is brought in as text",
                found=kind.list_name,
                **place,
            )
            question["type"] = "text"
        else:
            _add_answers(question, listed, form)
            if kind.other:
                question["options"].append(
                    {"code": "other", "text": {form.draft.languages[0]: "Other"}, "other": True}
                )
    elif kind.type == "single":
        question["options"] = [{"code": "OK", "text": {form.draft.languages[0]: "OK"}}]
    if kind.decimals is not None and question["type"] == "number":
        question["decimals"] = kind.decimals
    if kind.name == "range" and not _add_range(question, original, form, place):
        return
    if question["type"] in ("number", "money") and "constraint" in original:
        bounds = bounds_of(original["constraint"], whole=kind.decimals == 0)
        if bounds is not None:
            question |= bounds
            del original["constraint"]
    if "constraint" in original:
        form.draft.tell(
            name, "its constraint is kept as text", found=original["constraint"], **place
        )
    if not original:
        del question["original"]
    form.ids[name] = question["id"]
    form.draft.add(question, **place)


def _add_answers(question: dict[str, Any], listed: Sequence[Line], form: Form) -> None:
    """Options and missing codes; none where the type says its own answers."""
    language = form.draft.languages[0]
    missing = question_missing(listed, language)
    if missing:
        question["missing"] = missing
    if question["type"] not in ("rating", "nps"):
        question["options"] = options_of(listed, language)


def _add_range(
    question: dict[str, Any], original: dict[str, str], form: Form, place: Mapping[str, Any]
) -> bool:
    """A range as a number with bounds; False, and told, when its parameters cannot be."""
    parameters = dict(
        part.split("=", 1)
        for part in re.split(r"[\s;,]+", original.pop("parameters", ""))
        if "=" in part
    )
    for key in parameters:
        if key not in ("start", "end", "step"):
            form.draft.tell(question["id"], f"its parameter {key!r} is not known", **place)
    given = {
        key: parameters.get(key, default)
        for key, default in (("start", "0"), ("end", "10"), ("step", "1"))
    }
    try:
        start, end, step = (float(given[key]) for key in ("start", "end", "step"))
        sound = step > 0 and start < end
    except ValueError:
        sound = False
    shown = " ".join(f"{key}={value}" for key, value in given.items())
    if not sound:
        form.draft.leave(
            question["id"], "its start, end and step make no range", found=shown, **place
        )
        return False
    question |= {"minimum": start, "maximum": end}
    if step.is_integer() and start.is_integer():
        question["decimals"] = 0
    if step != 1:
        original["parameters"] = shown
        form.draft.tell(question["id"], "its step has no counterpart", found=shown, **place)
    return True


def bounds_of(constraint: str, *, whole: bool) -> dict[str, float] | None:
    """Minimum and maximum that a constraint states; None when it says anything else.

    Examples
    --------
    >>> bounds_of(". >= 18 and . < 100", whole=True)
    {'minimum': 18.0, 'maximum': 99.0}
    """
    found: dict[str, float] = {}
    for part in re.split(r"\s+and\s+", constraint.strip().strip("()")):
        match = _BOUND.fullmatch(part.strip().strip("()").strip())
        if match is None:
            return None
        number = float(match[2])
        if match[1] in ("<", ">") and not whole:
            return None
        key = "minimum" if match[1].startswith(">") else "maximum"
        found[key] = number + {">": 1.0, "<": -1.0}.get(match[1], 0.0)
    return found
