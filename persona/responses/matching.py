"""Which column of a file answers which question: by id, by text in any language, by a mapping."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from persona.errors import DataError, Problem, error, warning
from persona.questionnaire.cells import normal
from persona.questionnaire.model import Question, Questionnaire
from persona.questionnaire.variables import Variable
from persona.registry import nearest
from persona.responses.survey import SurveyColumn, SurveyExport

By = Literal["id", "text", "label", "mapping"]
_RANK: Mapping[str, int] = {"mapping": 0, "id": 1, "text": 2, "label": 3}
_BETWEEN = re.compile(r"[\W_]+")
#: Types that can be answered in one cell that joins the chosen options.
JOINED_TYPES = frozenset({"multiple", "ranking"})
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


@dataclass(frozen=True)
class _Key:
    target: str
    by: By
    confidence: float
    reason: str


def loose(text: str) -> str:
    """A text as headers are compared: letters and digits alone, case and width made alike.

    Examples
    --------
    >>> loose("How often? [Tea]") == loose("how often - tea")
    True
    """
    return _BETWEEN.sub(" ", normal(text)).strip()


def known_headers(questionnaire: Questionnaire) -> frozenset[str]:
    """Ids and texts of a questionnaire that a header may show and no cell does, in loose form.

    Options are left out, because cells may repeat them; items of batteries are not.
    """
    options = {
        loose(text)
        for variable in questionnaire.variables
        if variable.item is not None and len(variable.categories) < 2
        for text in variable.text.values()
    }
    asked = {loose(text) for q in questionnaire.questions for text in q.text.values()}
    return frozenset((_keys(questionnaire).keys() - options) | asked) - {""}


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
    keys = _keys(questionnaire)
    fixed, left_out = _mapped(export, questionnaire, mapping or {})
    found: dict[int, list[_Key]] = {}
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
        raise DataError(_nothing_matches(export, questionnaire))
    unmatched = tuple(
        export.table.header[column.number] or f"column {export.table.letters[column.number]}"
        for column in export.columns
        if column.number not in chosen and column.number not in left_out and not column.system
    )
    problems += _extra_columns(export, unmatched)
    problems += _absent(export, questionnaire, {m.variable for m in matches}, unmatched)
    return Matching(matches, unmatched, tuple(problems))


def _without_joined(chosen: Mapping[int, _Key], questionnaire: Questionnaire) -> dict[int, _Key]:
    """A cell that joins all answers is not read where each option has a column of its own."""
    of = {variable.id: variable.question for variable in questionnaire.variables}
    split = [of[key.target] for key in chosen.values() if key.target in of]
    variables = {variable.id for variable in questionnaire.variables}
    return {
        number: key
        for number, key in chosen.items()
        if key.by == "mapping" or key.target in variables or split.count(key.target) < 2
    }


def _keys(questionnaire: Questionnaire) -> dict[str, list[_Key]]:
    keys: dict[str, list[_Key]] = defaultdict(list)
    for question in questionnaire.questions:
        variables = questionnaire.variables_of(question.id)
        pairs = list(_question_keys(question, variables))
        for text, key in pairs:
            folded = loose(text)
            if folded and all(held.target != key.target for held in keys[folded]):
                keys[folded].append(key)
    return keys


def _question_keys(
    question: Question, variables: tuple[Variable, ...]
) -> Iterator[tuple[str, _Key]]:
    for variable in variables:
        if variable.derived:
            continue
        yield variable.id, _Key(variable.id, "id", 1.0, "the header is its id")
        if variable.item is not None and not variable.optional:
            name = f"{question.id} {variable.item}"
            yield name, _Key(variable.id, "id", 1.0, "the header is question and item id")
    if question.type in JOINED_TYPES:
        joined = _Key(question.id, "id", 1.0, "the header is the question's id")
        yield question.id, joined
        for text in question.text.values():
            yield text, _Key(question.id, "text", 0.95, "the header is the question's text")
    for variable in variables:
        if variable.derived:
            continue
        for language, asked in variable.question_text.items():
            if variable.item is None:
                yield asked, _Key(variable.id, "text", 0.98, "the header is the question's text")
            elif label := variable.text.get(language):
                other = " other" if variable.optional else ""
                both = _Key(variable.id, "text", 0.97, "the header is question and item text")
                yield f"{asked} {label}{other}", both
        if variable.item is not None and not variable.optional:
            alone = _Key(variable.id, "label", 0.9, "the header is the item's text alone")
            yield from ((label, alone) for label in variable.text.values())


def _candidates(
    column: SurveyColumn, export: SurveyExport, keys: Mapping[str, list[_Key]]
) -> list[_Key]:
    """The targets of a column at the best level that any of its names reaches."""
    reached: dict[str, _Key] = {}
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
) -> tuple[dict[int, _Key], frozenset[int]]:
    fixed: dict[int, _Key] = {}
    left_out: set[int] = set()
    problems: list[Problem] = []
    targets = {v.id for v in questionnaire.variables} | {q.id for q in questionnaire.questions}
    for name, target in mapping.items():
        numbers = _columns_called(str(name), export)
        if len(numbers) != 1:
            problems.append(_mapped_column(export, str(name), len(numbers)))
        elif target is None:
            left_out.add(numbers[0])
        elif target not in targets:
            problems.append(_mapped_target(export, target, targets))
        else:
            fixed[numbers[0]] = _Key(target, "mapping", 1.0, "the mapping says so")
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


def _mapped_column(export: SurveyExport, name: str, count: int) -> Problem:
    near = nearest(name, export.table.header)
    return error(
        "mapping.column",
        "The mapping names the column {name!r}, which the file has {count} times.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        found=name,
        remedy=f"Did you mean {near!r}?" if near and not count else "Use the column's letter.",
        values={"name": name, "count": count},
    )


def _mapped_target(export: SurveyExport, target: str, targets: Iterable[str]) -> Problem:
    near = nearest(target, targets)
    return error(
        "mapping.variable",
        "The mapping names {name!r}, which the questionnaire does not have.",
        file=str(export.table.file),
        found=target,
        remedy=f"Did you mean {near!r}?" if near else "Use an id of the questionnaire.",
        values={"name": target},
    )


def _settle(
    found: Mapping[int, list[_Key]], fixed: Mapping[int, _Key], export: SurveyExport
) -> tuple[dict[int, _Key], list[Problem]]:
    """One target a column and one column a target; what cannot be told apart is said."""
    chosen = dict(fixed)
    taken = {key.target for key in fixed.values()}
    problems: list[Problem] = []
    for rank in sorted(set(_RANK.values())):
        groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        options: dict[int, list[_Key]] = {}
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
    options: Mapping[int, list[_Key]],
    chosen: dict[int, _Key],
    export: SurveyExport,
) -> list[Problem]:
    """Columns that fit the same targets: one to one, in order, or not to be told apart."""
    first = options[numbers[0]]
    if len(numbers) == 1 and len(targets) == 1:
        chosen[numbers[0]] = first[0]
        return []
    if len(numbers) == len(targets):
        for number, key in zip(numbers, first, strict=True):
            chosen[number] = _Key(key.target, key.by, 0.6, f"{key.reason}, and its order")
        return [_in_order(numbers, first, export)]
    if len(targets) == 1:
        same = all(
            (export.table.codes[number] == export.table.codes[numbers[0]]).all()
            for number in numbers
        )
        chosen[numbers[0]] = first[0]
        return [_twice(numbers, targets[0], export, same)]
    return [_ambiguous(numbers, targets, export)]


def _letters(numbers: Iterable[int], export: SurveyExport) -> str:
    return ", ".join(export.table.letters[number] for number in numbers)


def _in_order(numbers: list[int], keys: list[_Key], export: SurveyExport) -> Problem:
    return warning(
        "column.by_order",
        "The columns {letters} have the same header; they are read in order as {variables}.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        column=export.table.letters[numbers[0]],
        found=export.table.header[numbers[0]][:200],
        remedy="Check the order, or name the columns in a mapping.",
        values={
            "letters": _letters(numbers, export),
            "variables": ", ".join(key.target for key in keys),
        },
    )


def _twice(numbers: list[int], target: str, export: SurveyExport, same: bool) -> Problem:
    values = {"letters": _letters(numbers, export), "variable": target}
    place = {
        "file": str(export.table.file),
        "sheet": export.table.sheet,
        "column": export.table.letters[numbers[0]],
        "question": target,
        "found": export.table.header[numbers[0]][:200],
        "values": values,
    }
    if same:
        return warning(
            "column.repeated",
            "The columns {letters} all hold {variable} and are equal; the first is read.",
            **place,
        )
    return error(
        "column.repeated",
        "The columns {letters} all seem to hold {variable}, with different answers.",
        remedy="Delete or rename the wrong ones, or name the right one in a mapping.",
        **place,
    )


def _ambiguous(numbers: list[int], targets: tuple[str, ...], export: SurveyExport) -> Problem:
    return error(
        "column.ambiguous",
        "The header of {letters} fits several questions: {variables}.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        column=export.table.letters[numbers[0]],
        found=export.table.header[numbers[0]][:200],
        allowed=", ".join(targets),
        remedy="Write the id of the question in the header, or name the column in a mapping.",
        values={"letters": _letters(numbers, export), "variables": ", ".join(targets)},
    )


def _match(column: SurveyColumn, key: _Key, export: SurveyExport) -> ColumnMatch:
    return ColumnMatch(
        key.target,
        export.table.header[column.number],
        export.table.letters[column.number],
        key.by,
        key.confidence,
        key.reason,
        column.number,
    )


def _nothing_matches(export: SurveyExport, questionnaire: Questionnaire) -> Problem:
    headers = [header for header in export.table.header if header]
    wanted = [variable.id for variable in questionnaire.variables]
    return error(
        "column.none",
        "No column of the file is a question of the questionnaire {questionnaire}.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        found=", ".join(header[:60] for header in headers[:6]),
        allowed=", ".join(wanted[:6]) + (" ..." if len(wanted) > 6 else ""),
        remedy="Check that file and questionnaire belong together, put ids or question texts in "
        "the header row, or name the columns in a mapping.",
        values={"questionnaire": questionnaire.id},
    )


def _extra_columns(export: SurveyExport, unmatched: tuple[str, ...]) -> list[Problem]:
    if not unmatched:
        return []
    return [
        warning(
            "column.extra",
            "{count} columns belong to no question and are left out.",
            file=str(export.table.file),
            sheet=export.table.sheet,
            found=", ".join(name[:60] for name in unmatched[:10]),
            remedy="If one of them is a question, write its id in the header or name it in a "
            "mapping.",
            values={"count": len(unmatched)},
        )
    ]


def _absent(
    export: SurveyExport, questionnaire: Questionnaire, found: set[str], unmatched: tuple[str, ...]
) -> list[Problem]:
    problems = []
    for question in questionnaire.questions:
        wanted = [
            variable
            for variable in questionnaire.variables_of(question.id)
            if not variable.optional and not variable.derived
        ]
        absent = [v for v in wanted if v.id not in found]
        if question.id in found or not absent:
            continue
        needed = any(variable.role == "basis" for variable in absent)
        texts = [t for v in absent for t in (v.id, *v.text.values())]
        near = next((n for n in (nearest(text, unmatched) for text in texts) if n), None)
        problem = error if needed else warning
        problems.append(
            problem(
                "column.absent",
                "The file has no column for {variables}.",
                file=str(export.table.file),
                sheet=export.table.sheet,
                question=question.id,
                allowed=", ".join(
                    f"{v.id} or {next(iter(v.text.values()), v.id)!r}" for v in absent[:3]
                ),
                remedy=f"Is it {near!r}? Then name it in a mapping."
                if near
                else "Add the column, or take the question out of the questionnaire.",
                values={"variables": ", ".join(v.id for v in absent)},
            )
        )
    return problems
