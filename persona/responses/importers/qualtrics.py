"""Qualtrics: names, texts and import ids in up to three header rows; previews are tests."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persona.questionnaire.cells import normal
from persona.responses.cells import is_blank, shown
from persona.responses.export import SurveyExport
from persona.responses.importers.base import Importer, View, register, unique_names
from persona.responses.importers.profile import names
from persona.responses.survey import COMPLETE, PARTIAL, TEST, SurveyColumn, complete
from persona.responses.table import RawTable, make_table

_SYSTEM = names(
    *"StartDate EndDate Status IPAddress Progress Finished RecordedDate ResponseId ResponseID "
    "ResponseSet RecipientLastName RecipientFirstName RecipientEmail ExternalReference "
    "ExternalDataReference LocationLatitude LocationLongitude LocationAccuracy "
    "DistributionChannel UserLanguage EmailAddress Name".split(),
    "Duration (in seconds)",
)
_TIMING = re.compile(r"(First Click|Last Click|Page Submit|Click Count)$", re.IGNORECASE)
_DERIVED = re.compile(r".* - (Parent )?Topic.*|.*_DO(_\d+)?$|.* - Sentiment.*|.* - Topics$")
_TESTS = names("1", "2", "8", "16", "Survey Preview", "Survey Test", "Spam", "Preview with spam")
_IMPORT_ID = re.compile(r"['\"]ImportId['\"]\s*:\s*['\"](QID\d+(?:#\d+)?)(?:[_-](.+?))?['\"]")
_NAME = re.compile(r"(?P<stem>.+?)_(?P<item>-?\d+(?:_-?\d+)?)")
_JOINT = re.compile(r"\s*-\s*")


def _recognises(view: View) -> bool:
    if any("ImportId" in text for text in view.row(2)):
        return True
    if view.row(0)[:2] == ("V1", "V2") and view.row(1)[:1] == ("ResponseID",):
        return True
    return names("StartDate", "EndDate", "Status", "Progress") <= view.heads


def _read(view: View) -> SurveyExport:
    third = any("ImportId" in text for text in view.row(2))
    legacy = view.row(0)[:2] == ("V1", "V2")
    rows = (0, 1, 2) if third else (0, 1)
    table = make_table(view.loaded, view.sheet, rows, len(rows))
    first = list(table.header_rows[0])
    if legacy:  # its own columns are called V1 to V10, and named in the second row
        first = [
            text if re.fullmatch(r"V\d+", name) and normal(text) in _SYSTEM else name
            for name, text in zip(first, table.header_rows[1], strict=True)
        ]
    columns = _columns(table, first)
    return SurveyExport("qualtrics", table, columns, _states(table, first), problems=table.problems)


def _columns(table: RawTable, headers: Sequence[str]) -> tuple[SurveyColumn, ...]:
    texts = [_plain_text(text) for text in table.header_rows[1]]
    imports = table.header_rows[2] if len(table.header_rows) > 2 else ("",) * len(headers)
    unique = unique_names(headers, table.letters)
    parents = [_parent(name, imported) for name, imported in zip(headers, imports, strict=True)]
    shared = Counter(parent for parent in parents if parent)
    stems = _stems(parents, texts)
    columns = []
    for number, name in enumerate(headers):
        parent = parents[number]
        written = name.endswith("_TEXT")
        text, option = texts[number], ""
        if parent and (shared[parent] > 1 or written):
            text = stems[parent]
            option = texts[number][len(text) :]
            option = re.sub(r"^\s*[-:]?\s*|\s*-\s*Text$", "", option)
            option = "" if normal(option) == "selected choice" else option
        match = _NAME.fullmatch(name)
        columns.append(
            SurveyColumn(
                unique[number],
                number,
                text=re.sub(r"\s*-\s*Selected Choice$", "", text.rstrip(" -:")),
                option=option,
                parent=(match["stem"] if match else None)
                if shared.get(parent or "", 0) > 1 and not written
                else None,
                form="other" if written and _NAME.fullmatch(name[:-5]) else None,
                system=_is_system(name, imports[number]),
            )
        )
    return tuple(columns)


def _plain_text(text: str) -> str:
    """A header without the markup of the questionnaire."""
    return html.unescape(re.sub(r"</?[A-Za-z][^<>]*>", "", text))


def _parent(name: str, imported: str) -> str | None:
    """What columns of one question share: the name before the last numbers, else the import id."""
    if match := _NAME.fullmatch(name.removesuffix("_TEXT")):
        return match["stem"]
    found = _IMPORT_ID.search(imported)
    return found[1] if found else None


def _stems(parents: Sequence[str | None], texts: Sequence[str]) -> dict[str, str]:
    """The question's text: what the texts of its columns begin with alike."""
    groups: dict[str, list[str]] = defaultdict(list)
    for parent, text in zip(parents, texts, strict=True):
        if parent:
            groups[parent].append(text)
    return {parent: _common(group) for parent, group in groups.items()}


def _common(texts: Sequence[str]) -> str:
    stem = texts[0]
    for text in texts:
        while not text.startswith(stem):
            stem = stem[:-1]
    if len(set(texts)) == 1:
        return stem
    cut = max(stem.rfind("-"), stem.rfind(":"), stem.rfind("?"), stem.rfind("."))
    return stem[: cut + 1].rstrip("-: ") if cut > 0 else stem


def _is_system(name: str, imported: str) -> bool:
    if normal(name) in _SYSTEM or _TIMING.search(name) or _DERIVED.fullmatch(name):
        return True
    return bool(re.search(r"_(FIRST_CLICK|LAST_CLICK|PAGE_SUBMIT|CLICK_COUNT)", imported))


def _states(table: RawTable, headers: Sequence[str]) -> NDArray[np.str_]:
    states = complete(table.n)
    for number, name in enumerate(headers):
        values, positions = table.distinct(number)
        folded = [normal(shown(value)) if not is_blank(value) else "" for value in values]
        told = np.array([_told(normal(name), value) for value in folded], dtype="<U8")[positions]
        states = np.where((told == "") | (states == TEST), states, told)
    return states


def _told(name: str, value: str) -> str:
    if name == "status" and value in _TESTS:
        return TEST
    if name == "distributionchannel" and value == "preview":
        return TEST
    if name == "finished" and value:
        return COMPLETE if value in ("1", "true", "yes") else PARTIAL
    return ""


QUALTRICS = register(Importer("qualtrics", "Qualtrics", _recognises, _read))
