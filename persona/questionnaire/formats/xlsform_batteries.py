"""Batteries, matrices and rankings that XLSForm and its Kobo dialect spread over several rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from persona.questionnaire.formats.xlsform_common import Form, common_keys
from persona.questionnaire.formats.xlsform_sheets import Line, options_of, own_keys_of, scale_of
from persona.questionnaire.formats.xlsform_types import Kind, kind_of

_LINES = ("label", "list-nolabel")


def battery_at(lines: Sequence[Line], start: int, form: Form) -> Sequence[Line]:
    """Rows from ``start`` on that make one battery: a head with labels only, then its items."""
    first = kind_of(lines[start].get("type"))
    if first.type != "single" or first.list_name is None or first.list_name not in form.choices:
        return ()
    look = _look(lines[start])
    table = bool(form.groups) and form.groups[-1][0] == "table"
    if look not in _LINES and not table:
        return ()
    found: list[Line] = []
    for line in lines[start:]:
        kind = kind_of(line.get("type"))
        same = kind.type == "single" and kind.list_name == first.list_name and not kind.other
        if not same or (found and _look(line) == "label"):
            break
        if not table and _look(line) not in _LINES:
            break
        if line.get("relevant") != lines[start].get("relevant") and _look(line) != "label":
            break
        found.append(line)
    items = [line for line in found if _look(line) != "label"]
    return found if len(items) > 1 else ()


def _look(line: Line) -> str:
    return next((part for part in line.get("appearance").split() if part in _LINES), "")


def add_battery(lines: Sequence[Line], form: Form, sheet: str) -> None:
    """A grid from rows that share their choices."""
    draft = form.draft
    head = lines[0] if _look(lines[0]) == "label" else None
    items = [line for line in lines if line is not head]
    first = items[0]
    kind = kind_of(first.get("type"))
    place: dict[str, Any] = {"sheet": sheet, "row": lines[0].row}
    draft.asked += 1
    top = head or lines[0]
    own = {"name": top.get("name") if head else f"{first.get('name')}_grid"}
    own["persona"] = head.get("persona") if head else ""
    shell = Line(top.row, {**first.cells, **own}, head.texts if head else {})
    question = common_keys(shell, Kind("grid", "ask", type="grid"), form, sheet)
    question.get("original", {}).pop("appearance", None)
    if not question.get("original"):
        question.pop("original", None)
    called = question.pop("scale", None)
    question["scale"] = scale_of(form.choices[kind.list_name or ""], draft, called)
    question["items"] = []
    for line in items:
        item = draft.free_id(line.get("name"))
        form.ids[line.get("name")] = item
        text = dict(line.texts.get("label", {})) or {draft.languages[0]: item}
        text.setdefault(draft.languages[0], next(iter(text.values())))
        question["items"].append({"id": item, "text": text, **own_keys_of(line)})
    draft.tell(
        question["id"], f"{len(items)} rows with the same choices became one battery", **place
    )
    draft.add(question, **place)


def take_kobo(lines: Sequence[Line], start: int, form: Form, sheet: str) -> int:
    """Bring in a Kobo rating, ranking or matrix that starts here; gives the rows it takes."""
    kind = kind_of(lines[start].get("type"))
    if kind.role != "begin" or kind.name not in ("score", "rank", "matrix"):
        return 0
    end = start + 1
    while end < len(lines) and kind_of(lines[end].get("type")).role != "end":
        end += 1
    take = {"score": _score, "rank": _rank, "matrix": _matrix}[kind.name]
    take(lines[start], lines[start + 1 : end], form, sheet)
    return min(end + 1, len(lines)) - start


def _score(head: Line, rows: Sequence[Line], form: Form, sheet: str) -> None:
    list_name = head.get("kobo--score-choices")
    cells = {"type": f"select_one {list_name}"}
    items = [Line(row.row, {**row.cells, **cells}, row.texts) for row in rows]
    shell = Line(head.row, {**head.cells, **cells, "appearance": "label"}, head.texts)
    if list_name in form.choices and items:
        add_battery([shell, *items], form, sheet)
        return
    form.draft.asked += 1
    form.draft.leave(
        head.get("name"),
        "its list of choices is in no sheet",
        found=list_name,
        sheet=sheet,
        row=head.row,
    )


def _rank(head: Line, rows: Sequence[Line], form: Form, sheet: str) -> None:
    place: dict[str, Any] = {"sheet": sheet, "row": head.row}
    list_name = head.get("kobo--rank-items")
    form.draft.asked += 1
    if list_name not in form.choices:
        form.draft.leave(
            head.get("name"), "its list of items is in no sheet", found=list_name, **place
        )
        return
    question = common_keys(head, Kind("rank", "ask", type="ranking"), form, sheet)
    question["options"] = options_of(form.choices[list_name], form.draft.languages[0])
    if 0 < len(rows) < len(question["options"]):
        question["top"] = len(rows)
    form.ids[head.get("name")] = question["id"]
    form.draft.add(question, **place)


def _matrix(head: Line, rows: Sequence[Line], form: Form, sheet: str) -> None:
    """A matrix asks each column of each row: one question each, as Kobo names it."""
    place: dict[str, Any] = {"sheet": sheet, "row": head.row}
    list_name = head.get("kobo--matrix_list")
    form.draft.asked += 1
    if list_name not in form.choices:
        form.draft.leave(
            head.get("name"), "its list of rows is in no sheet", found=list_name, **place
        )
        return
    language = form.draft.languages[0]
    for choice in form.choices[list_name]:
        for row in rows:
            kind = kind_of(row.get("type"))
            name = f"{head.get('name')}_{choice.get('name')}_{row.get('name')}"
            line = Line(row.row, {**row.cells, "name": name}, row.texts)
            question = common_keys(line, kind, form, sheet)
            of_row = choice.texts.get("label", {}).get(language, choice.get("name"))
            question["text"] = {
                spoken: f"{of_row}: {text}" for spoken, text in question["text"].items()
            } or {language: of_row}
            if kind.list_name in form.choices:
                question["options"] = options_of(form.choices[kind.list_name or ""], language)
            elif kind.list_name is not None:
                question["type"] = "text"
            form.ids[name] = question["id"]
            form.draft.add(question, **place)
    form.draft.tell(head.get("name"), "the matrix became one question a row and column", **place)
