"""KoboToolbox and ODK: groups before the question, options behind it, repeats on other sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from persona.errors import Problem, warning
from persona.questionnaire.cells import normal
from persona.responses.cells import is_blank, shown
from persona.responses.export import SurveyExport
from persona.responses.importers.base import Importer, View, register, unique_names
from persona.responses.importers.profile import names
from persona.responses.survey import NO_ANSWER_WORDS, SurveyColumn, complete
from persona.responses.table import RawTable, make_table

_KOBO_SYSTEM = names(
    *"start end today deviceid username phonenumber simserial subscriberid audit _id _uuid "
    "_submission_time _validation_status _notes _status _submitted_by __version__ _tags _index "
    "_parent_table_name _parent_index instanceID instanceName meta/instanceID uuid".split()
)
_ODK_SYSTEM = names(
    *"SubmissionDate KEY SubmitterID SubmitterName AttachmentsPresent AttachmentsExpected Status "
    "ReviewState DeviceID Edits FormVersion PARENT_KEY start end today instanceID".split(),
    "meta-instanceID",
    "meta-instanceName",
)
_SYSTEM_PATTERN = re.compile(
    r"_submission__.*|_.*_(latitude|longitude|altitude|precision)|_geolocation.*|_attachments.*|"
    r"SET-OF-.*"
)
_YES_NO = frozenset({"0", "1", "true", "false", "0.0", "1.0"})


_REPEAT = normal("_parent_index")


def _is_kobo(view: View) -> bool:
    heads = {text.removeprefix("x") if text.startswith("x_") else text for text in view.heads}
    marks = names("_uuid", "_submission_time", "_index", "_parent_index")
    return len(marks & heads) >= 2 or normal("_uuid") in heads


def _is_odk(view: View) -> bool:
    return names("KEY", "SubmissionDate") <= view.heads


def _read_kobo(view: View) -> SurveyExport:
    return _read("kobo", view, _KOBO_SYSTEM, ("/", "."))


def _read_odk(view: View) -> SurveyExport:
    return _read("odk", view, _ODK_SYSTEM, ("/", "-"))


def _read(
    platform: str, view: View, system: frozenset[str], separators: Sequence[str]
) -> SurveyExport:
    table = make_table(view.loaded, view.sheet, (0,), 1)
    columns = _columns(table, system, separators)
    problems = table.problems
    if _REPEAT in view.heads:
        problems += (_repeated_group(view),)
    return SurveyExport(platform, table, columns, complete(table.n), problems=problems)


def _repeated_group(view: View) -> Problem:
    return warning(
        "sheet.repeat",
        "The sheet holds a repeated group: one row is one entry, not one respondent.",
        file=str(view.loaded.source.path),
        sheet=view.sheet.name,
        remedy="Name the main sheet to read respondents.",
    )


def _columns(
    table: RawTable, system: frozenset[str], separators: Sequence[str]
) -> tuple[SurveyColumn, ...]:
    headers = table.header_rows[0]
    unique = unique_names(headers, table.letters)
    options = _options(table, separators)
    joined = {parent for parent, _ in options.values()}
    present = set(headers)
    columns = []
    for number, header in enumerate(headers):
        parent, option = options.get(number, (None, ""))
        asked = _question(parent or header, separators)
        other = header.endswith("_other") and header.removesuffix("_other") in present
        folded = normal(header)
        folded = folded.removeprefix("x") if folded.startswith("x_") else folded
        columns.append(
            SurveyColumn(
                unique[number],
                number,
                text=asked,
                option=option,
                parent=parent,
                form="multiple" if parent else ("other" if other else None),
                names=(f"{asked}_{option}",) if option else (asked,),
                # a joined cell says nothing that its split columns do not say better
                system=folded in system
                or bool(_SYSTEM_PATTERN.fullmatch(folded))
                or header in joined
                or _is_row_number(table, number, header),
            )
        )
    return tuple(columns)


def _options(table: RawTable, separators: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Columns of 0 and 1 that follow the joined column of their question."""
    headers = table.header_rows[0]
    present = set(headers)
    found: dict[int, tuple[str, str]] = {}
    for number, header in enumerate(headers):
        for separator in separators:
            parent, _, option = header.rpartition(separator)
            if parent and parent in present and option and _yes_no(table, number):
                found[number] = parent, option
                break
    return found


def _yes_no(table: RawTable, number: int) -> bool:
    values, _ = table.distinct(number)
    filled = {normal(shown(value)) for value in values if not is_blank(value)} - NO_ANSWER_WORDS
    return filled <= _YES_NO


def _question(header: str, separators: Sequence[str]) -> str:
    """The name of a question without the groups before it."""
    for separator in separators:
        if separator == "." and not re.fullmatch(r"[\w-]+(\.[\w-]+)+", header):
            continue
        header = header.rpartition(separator)[2] or header
    return header


def _is_row_number(table: RawTable, number: int, header: str) -> bool:
    return number == 0 and not header and all(shown(v).isdigit() for v in table.column(0))


KOBO = register(Importer("kobo", "KoboToolbox", _is_kobo, _read_kobo))
ODK = register(Importer("odk", "ODK Central", _is_odk, _read_odk))
