"""Which column of a file answers which question: by id, by text in any language, by a mapping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from persona.errors import DataError, Problem
from persona.questionnaire.model import Questionnaire
from persona.responses.export import SurveyExport
from persona.responses.matching_keys import By, Key, keys_of, known_headers, loose
from persona.responses.matching_problems import (
    absent_columns,
    ambiguous,
    extra_columns,
    in_order,
    mapped_column,
    mapped_target,
    nothing_matches,
    twice,
)
from persona.responses.survey import SurveyColumn

__all__ = ["ColumnMatch", "Matching", "known_headers", "loose", "match_columns"]

_RANK: Mapping[str, int] = {"mapping": 0, "id": 1, "text": 2, "label": 3}
_PLAIN_ANSWER = frozenset({"response", "open ended response", "odpowiedź", "antwort"})


@dataclass(frozen=True)
class ColumnMatch:
    """One column that was found to answer one variable.

    Parameters
    ----------
    variable : str
        Id of the variable, or of the question when one cell joins several answers.
    column : str
        The header.
    letter : str
        The column as a spreadsheet shows it.
    by : "id", "text", "label" or "mapping"
    confidence : float
        From 0 to 1.
    reason : str
    number : int
        Column of the table, from 0.
    """

    variable: str
    column: str
    letter: str
    by: By
    confidence: float
    reason: str
    number: int


@dataclass(frozen=True)
class Matching:
    """All matches, what was left over, and what is to be said."""

    matches: tuple[ColumnMatch, ...]
    unmatched: tuple[str, ...]
    problems: tuple[Problem, ...]


def match_columns(
    export: SurveyExport,
    questionnaire: Questionnaire,
    mapping: Mapping[str, str | None] | None = None,
) -> Matching:
    """Find the column of each variable.

    Parameters
    ----------
    export : SurveyExport
    questionnaire : Questionnaire
    mapping : mapping of column to variable, optional
        A header, the name or the letter of a column, and the variable it answers; None leaves a
        column out.

    Raises
    ------
    DataError
        No column matches anything, or the mapping names what is not there.
    """
    keys = keys_of(questionnaire)
    fixed, left_out = _mapped(export, questionnaire, mapping or {})
    found: dict[int, list[Key]] = {}
    for column in export.columns:
        if column.number not in fixed and column.number not in left_out:
            candidates = _candidates(column, export, keys)
            if candidates:
                found[column.number] = candidates
    by_number = {column.number: column for column in export.columns}
    chosen, problems = _settle(found, fixed, export)
    chosen = _without_joined(chosen, questionnaire)
    matches = tuple(
        _match(by_number[number], key, export) for number, key in sorted(chosen.items())
    )
    if not matches:
        raise DataError(nothing_matches(export, questionnaire))
    unmatched = tuple(
        export.table.header[column.number] or f"column {export.table.letters[column.number]}"
        for column in export.columns
        if column.number not in chosen and column.number not in left_out and not column.system
    )
    problems += extra_columns(export, unmatched)
    problems += absent_columns(export, questionnaire, {m.variable for m in matches}, unmatched)
    return Matching(matches, unmatched, tuple(problems))


def _without_joined(chosen: Mapping[int, Key], questionnaire: Questionnaire) -> dict[int, Key]:
    """A cell that joins all answers is not read where each option has a column of its own."""
    of = {variable.id: variable.question for variable in questionnaire.variables}
    split = [of[key.target] for key in chosen.values() if key.target in of]
    variables = {variable.id for variable in questionnaire.variables}
    return {
        number: key
        for number, key in chosen.items()
        if key.by == "mapping" or key.target in variables or split.count(key.target) < 2
    }


def _candidates(
    column: SurveyColumn, export: SurveyExport, keys: Mapping[str, list[Key]]
) -> list[Key]:
    """The targets of a column at the best level that any of its names reaches."""
    reached: dict[str, Key] = {}
    for name in _names(column, export):
        for key in keys.get(loose(name), ()):
            held = reached.get(key.target)
            if held is None or (_RANK[key.by], -key.confidence) < (
                _RANK[held.by],
                -held.confidence,
            ):
                reached[key.target] = key
    if not reached:
        return []
    best = min(_RANK[key.by] for key in reached.values())
    return [key for key in reached.values() if _RANK[key.by] == best]


def _names(column: SurveyColumn, export: SurveyExport) -> Iterator[str]:
    yield column.id
    yield from column.names
    text, option = column.text, column.option
    if option and loose(option) not in _PLAIN_ANSWER:
        yield f"{text} {option}"
        yield option
    elif text:
        yield text
    headers = export.table.filled_header_rows
    rows = [row[column.number] for row in headers]
    rows = [row for row in rows if row.strip() and loose(row) not in _PLAIN_ANSWER]
    for start in range(len(rows)):
        yield " ".join(rows[start:])
    if headers:
        yield headers[-1][column.number]
    for header in headers[:-1]:
        if header.count(header[column.number]) == 1:  # a text over several columns names none
            yield header[column.number]


def _mapped(
    export: SurveyExport, questionnaire: Questionnaire, mapping: Mapping[str, str | None]
) -> tuple[dict[int, Key], frozenset[int]]:
    fixed: dict[int, Key] = {}
    left_out: set[int] = set()
    problems: list[Problem] = []
    targets = {v.id for v in questionnaire.variables} | {q.id for q in questionnaire.questions}
    for name, target in mapping.items():
        numbers = _columns_called(str(name), export)
        if len(numbers) != 1:
            problems.append(mapped_column(export, str(name), len(numbers)))
        elif target is None:
            left_out.add(numbers[0])
        elif target not in targets:
            problems.append(mapped_target(export, target, targets))
        else:
            fixed[numbers[0]] = Key(target, "mapping", 1.0, "the mapping says so")
    if problems:
        raise DataError(problems)
    return fixed, frozenset(left_out)


def _columns_called(name: str, export: SurveyExport) -> list[int]:
    """Columns of that name, header, or letter; an exact header comes before a letter."""
    table = export.table
    for place in range(4):
        found = [
            column.number
            for column in export.columns
            if name
            in (
                (column.id,),
                (table.header[column.number],),
                (table.letters[column.number],),
                tuple(row[column.number] for row in table.header_rows),
            )[place]
        ]
        if found:
            return found
    wanted = loose(name)
    return [c.number for c in export.columns if wanted == loose(export.table.header[c.number])]


def _settle(
    found: Mapping[int, list[Key]], fixed: Mapping[int, Key], export: SurveyExport
) -> tuple[dict[int, Key], list[Problem]]:
    """One target a column and one column a target; what cannot be told apart is said."""
    chosen = dict(fixed)
    taken = {key.target for key in fixed.values()}
    problems: list[Problem] = []
    for rank in sorted(set(_RANK.values())):
        groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        options: dict[int, list[Key]] = {}
        for number, keys in found.items():
            free = [key for key in keys if key.target not in taken and _RANK[key.by] == rank]
            if number not in chosen and free:
                options[number] = free
                groups[tuple(sorted(key.target for key in free))].append(number)
        for targets, numbers in groups.items():
            problems += _settle_group(targets, numbers, options, chosen, export)
            taken.update(chosen[number].target for number in numbers if number in chosen)
    return chosen, problems


def _settle_group(
    targets: tuple[str, ...],
    numbers: list[int],
    options: Mapping[int, list[Key]],
    chosen: dict[int, Key],
    export: SurveyExport,
) -> list[Problem]:
    """Columns that fit the same targets: one to one, in order, or not to be told apart."""
    first = options[numbers[0]]
    if len(numbers) == 1 and len(targets) == 1:
        chosen[numbers[0]] = first[0]
        return []
    if len(numbers) == len(targets):
        for number, key in zip(numbers, first, strict=True):
            chosen[number] = Key(key.target, key.by, 0.6, f"{key.reason}, and its order")
        return [in_order(numbers, first, export)]
    if len(targets) == 1:
        same = all(
            (export.table.codes[number] == export.table.codes[numbers[0]]).all()
            for number in numbers
        )
        chosen[numbers[0]] = first[0]
        return [twice(numbers, targets[0], export, same)]
    return [ambiguous(numbers, targets, export)]


def _match(column: SurveyColumn, key: Key, export: SurveyExport) -> ColumnMatch:
    return ColumnMatch(
        key.target,
        export.table.header[column.number],
        export.table.letters[column.number],
        key.by,
        key.confidence,
        key.reason,
        column.number,
    )
