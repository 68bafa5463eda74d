"""The respondents of a study as people of a list: answers, customer records and contacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persona.audiences.matching import named_column, no_column
from persona.audiences.options import AudienceOptions, Contacts
from persona.audiences.people import People, PeopleColumn, columns_of
from persona.errors import DataError, Problem, error, note, warning
from persona.questionnaire.texts import text_in
from persona.questionnaire.variables import Measure, Variable
from persona.registry import nearest
from persona.responses import SurveyExport, read_export
from persona.responses.cells import shown
from persona.study.finished_run import FinishedRun
from persona.study.records_reading import read_records

if TYPE_CHECKING:
    from persona.study.intake import Intake
    from persona.study.study import Study

_LISTED = 10
_KEYS_DIFFER = 0.9
"""Share of filled cells that differ in a column that may be a key."""


def respondents(
    study: Study, intake: Intake, run: FinishedRun, options: AudienceOptions, language: str
) -> People:
    """The respondents with the segments of a run and every column that is known of them.

    Columns of contacts come first, then those of customer records, then the answers.

    Raises
    ------
    DataError
        A file cannot be read, or its key cannot be found or stands twice.
    """
    responses = intake.responses
    ids = [str(name) for name in responses.frame.index]
    answers = _answers(study, intake, language)
    columns: list[PeopleColumn] = []
    problems: list[Problem] = []
    for records in study.file.records:
        read = read_records(study, records)
        if read.purchases is not None:
            continue
        keys = _keys(ids, answers, records.to, records.file)
        number = _key_column(read.export, read.key, keys, records.file)
        found, said = _joined(read.export, number, keys, records.file)
        columns += found
        problems += said
    if options.contacts is not None:
        export, called = _contacts(study, options.contacts)
        keys = _keys(ids, answers, options.contacts.to, called)
        number = _key_column(export, options.contacts.key, keys, called)
        found, said = _joined(export, number, keys, called)
        columns = [*found, *columns]
        problems += said
    if len(responses.excluded):
        problems.append(
            note(
                "audience.excluded",
                "{count} respondents whom the study leaves out stand on no list.",
                file=study.file.answers.file,
                values={"count": len(responses.excluded)},
            )
        )
    members = [run.member(name) for name in ids]
    return People(
        file=study.file.answers.file,
        columns=(*columns, *answers),
        segments=tuple(segment for segment, _ in members),
        probabilities=tuple(chance for _, chance in members),
        uncertain=(None,) * len(ids),
        names=run.names_in(language),
        excluded=run.excluded,
        problems=tuple(problems),
    )


def with_contacts(people: People, study: Study, contacts: Contacts, *, needed: bool) -> People:
    """People of a file with the columns of contacts, joined by the columns that fit best.

    Parameters
    ----------
    people : People
    study : Study
    contacts : Contacts
        ``to`` names the key among the people's columns.
    needed : bool
        Whether contacts that nobody stands in are refused; else they are left out, and said so.

    Raises
    ------
    DataError
        The contacts cannot be read, or nobody stands in them.
    """
    export, called = _contacts(study, contacts)
    if contacts.to is not None:
        every = [_keys([], people.columns, contacts.to, called)]
    else:
        every = [
            keys
            for column in people.columns
            if _tells(keys := ["" if c is None else _folded(shown(c)) for c in column.cells])
        ]
    headers = _headers_of(export)
    cells = {n: _values(export, n) for n in headers.values()}
    if contacts.key in headers:
        cells = {headers[contacts.key]: cells[headers[contacts.key]]}
    keys = max(
        every,
        key=lambda one: max((len(set(one) & own) for own in cells.values()), default=0),
        default=[""] * people.n,
    )
    if not needed and not any((set(keys) - {""}) & own for own in cells.values()):
        left_out = note(
            "audience.contacts_unused",
            "Nobody of the people stands in {file}; it is left out.",
            file=called,
            values={"file": called},
        )
        return replace(people, problems=(*people.problems, left_out))
    found, said = _joined(export, _key_column(export, contacts.key, keys, called), keys, called)
    return replace(people, columns=(*found, *people.columns), problems=(*people.problems, *said))


def _contacts(study: Study, contacts: Contacts) -> tuple[SurveyExport, str]:
    """The file of contacts, and what messages call it."""
    path = (study.folder / contacts.file).resolve()
    called = contacts.file if not Path(contacts.file).is_absolute() else path.name
    return read_export(path, sheet=contacts.sheet), called


def _headers_of(export: SurveyExport) -> dict[str, int]:
    return {export.table.header[c.number] or c.id: c.number for c in export.columns}


def _values(export: SurveyExport, number: int) -> set[str]:
    """The cells of a column as keys are compared, when they tell people apart; else none."""
    cells = [_folded(shown(cell)) for cell in export.table.column(number)]
    return set(cells) - {""} if _tells(cells) else set()


def _tells(cells: Sequence[str]) -> bool:
    """Whether nearly every filled cell stands once, as keys do and answers do not."""
    filled = [cell for cell in cells if cell]
    return len(set(filled)) >= _KEYS_DIFFER * max(len(filled), 1)


def _answers(study: Study, intake: Intake, language: str) -> tuple[PeopleColumn, ...]:
    """The columns of the answers, decoded where a question has options: the label of each."""
    responses = intake.responses
    assert responses.export is not None
    by_id = {variable.id: variable for variable in responses.questionnaire.variables}
    letters = responses.export.table.letters
    matched = {
        letters[match.number]: by_id.get(match.variable)
        for match in responses.matches
        if match.number < len(letters)
    }
    positions = [int(place) for place in responses.positions]
    found: list[PeopleColumn] = []
    for column in columns_of(responses.export, study.file.answers.file, positions=positions):
        variable = matched.get(column.letter or "")
        if variable is None:
            found.append(column)
            continue
        cells = column.cells
        if variable.measure is Measure.IDENTIFIER:
            cells = tuple(map(str, responses.frame.index))
        if variable.categories or variable.measure is Measure.BINARY:
            cells = _labels(variable, responses.asked[variable.id].tolist(), language)
        holds = "id" if variable.measure is Measure.IDENTIFIER else None
        found.append(
            replace(
                column,
                cells=cells,
                variable=variable.id,
                sensitive=variable.sensitive,
                holds=holds,
            )
        )
    return tuple(found)


def _labels(variable: Variable, values: Sequence[Any], language: str) -> tuple[Any, ...]:
    """Answers as the study's language says them; ordinal text codes are held by rank."""
    codes: dict[Any, str] = {}
    by_rank = variable.measure is Measure.ORDINAL and any(
        isinstance(code, str) for code in variable.codes
    )
    for rank, category in enumerate(variable.categories, 1):
        label = text_in(category.text, language) or str(category.code)
        codes[rank if by_rank else category.code] = label
    found: list[Any] = []
    for value in values:
        if value is None or value != value:
            found.append(None)
        elif variable.measure is Measure.BINARY:
            found.append(int(value))
        else:
            found.append(codes.get(value, value))
    return tuple(found)


def _keys(
    ids: Sequence[str], answers: Sequence[PeopleColumn], to: str | None, file: str
) -> list[str]:
    """What each respondent is called in another file."""
    if to is None:
        return [_folded(name) for name in ids]
    column = named_column(answers, to)
    if column is None:
        empty = People(file, tuple(answers), (), (), (), {})
        raise DataError(no_column(empty, to, f"`to:` of {file}"))
    return ["" if cell is None else _folded(shown(cell)) for cell in column.cells]


def _folded(key: str) -> str:
    """A key as it is compared: e-mail addresses without regard to case, others as they are."""
    text = key.strip()
    return text.lower() if "@" in text else text


def _key_column(export: SurveyExport, key: str | None, keys: Sequence[str], file: str) -> int:
    """The column of contacts that holds the keys: the one named, else the one that fits best."""
    headers = _headers_of(export)
    if key is not None:
        if key in headers:
            return headers[key]
        near = nearest(key, headers)
        raise DataError(
            error(
                "audience.no_key",
                "The contacts have no column {name!r}.",
                file=file,
                sheet=export.table.sheet,
                found=", ".join(list(headers)[:12]),
                remedy=f"Did you mean {near!r}?" if near else "Name one of the headers.",
                values={"name": key},
            )
        )
    wanted = set(keys) - {""}
    met = {number: len(wanted & _values(export, number)) for number in headers.values()}
    best = max(met, key=lambda number: met[number], default=None)
    if best is None or met[best] == 0:
        raise DataError(
            error(
                "audience.no_keys",
                "No column of the contacts holds what the people are known by.",
                file=file,
                sheet=export.table.sheet,
                found=", ".join(list(headers)[:12]),
                allowed=f"keys such as {', '.join(sorted(wanted)[:3])}",
                remedy="Say where the keys are: `contacts: {file: …, key: HEADER, to: HEADER}` "
                "under `audiences:` in the study file, `to` being the column of the answers or of "
                "the people's file.",
            )
        )
    return best


def _joined(
    export: SurveyExport, number: int, keys: Sequence[str], file: str
) -> tuple[tuple[PeopleColumn, ...], list[Problem]]:
    """The columns of a file, one cell a respondent."""
    table = export.table
    cells = [_folded(shown(cell)) for cell in table.column(number)]
    counts = Counter(cell for cell in cells if cell)
    wanted = set(keys) - {""}
    twice = [cell for cell, n in counts.items() if n > 1 and cell in wanted]
    place = {"file": file, "sheet": table.sheet, "column": table.letters[number]}
    if twice:
        rows = [int(table.rows[at]) for at, cell in enumerate(cells) if cell == twice[0]]
        raise DataError(
            error(
                "record.repeated",
                "The key {key!r} stands in {count} rows of the records.",
                **place,
                row=rows[1],
                found=", ".join(twice[:_LISTED]),
                remedy="Keep one row a person.",
                values={"key": twice[0], "count": len(rows)},
            )
        )
    where = {cell: at for at, cell in enumerate(cells) if cell}
    positions = [where.get(key) if key else None for key in keys]
    missing = sum(at is None for at in positions)
    problems: list[Problem] = [
        note(
            "audience.joined",
            "{joined} of {n} people stand in {file}, by its column {column!r}.",
            file=file,
            values={
                "joined": len(keys) - missing,
                "n": len(keys),
                "file": file,
                "column": table.header[number],
            },
        )
    ]
    if missing * 2 > len(keys):
        problems.append(
            warning(
                "audience.few_joined",
                "More than half of the people do not stand in {file}.",
                **place,
                remedy="Look whether the keys are written alike in both files.",
                values={"file": file},
            )
        )
    return columns_of(export, file, positions=positions), problems
