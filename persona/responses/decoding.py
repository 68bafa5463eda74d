"""Matched columns to answers: each distinct cell is decoded once, each fault keeps its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persona.errors import Problem, Severity, error, note, warning
from persona.questionnaire.cells import normal
from persona.questionnaire.decoding import Decoded, State
from persona.questionnaire.model import Question, Questionnaire
from persona.questionnaire.variables import Measure, Variable
from persona.responses.cells import BadCell, distinct_codes
from persona.responses.decimal_marks import by_mark, decimal_mark
from persona.responses.export import SurveyExport
from persona.responses.matching import Matching
from persona.responses.survey import NO_ANSWER_WORDS, SurveyColumn

#: Types in which every cell stands for itself, so that columns can be decoded one by one.
CELL_BY_CELL = frozenset(
    {"grid", "number", "date", "nps", "rating", "money", "semantic_differential", "text"}
)
#: Cells of one column that are listed one by one; the rest is counted.
LISTED = 100

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MAY_MEAN_NOTHING = frozenset(word[0] for word in NO_ANSWER_WORDS) | frozenset("N \t\n\xa0") | {""}
_FIGURES = frozenset({Measure.RATIO, Measure.INTERVAL})
STATES = tuple(State)
_STATE_NUMBER = {state: number for number, state in enumerate(STATES)}


@dataclass(frozen=True)
class CellFault:
    """The same problem in one or more cells of a column.

    Parameters
    ----------
    column : int
        Column of the table, from 0.
    rows : array of int
        Respondents, from 0 in the table.
    problem : Problem
        Without its place.
    """

    column: int
    rows: NDArray[np.intp]
    problem: Problem


@dataclass(frozen=True)
class Answers:
    """One variable decoded.

    Parameters
    ----------
    variable : Variable
    values : tuple
        Distinct answers, None where there is none.
    states : array of int8
        Position in ``STATES``, one a distinct answer.
    positions : array of int
        Which distinct answer each respondent gave.
    """

    variable: Variable
    values: tuple[object, ...]
    states: NDArray[np.int8]
    positions: NDArray[np.intp]

    @property
    def respondent_states(self) -> NDArray[np.int8]:
        """The state of each respondent's answer."""
        return self.states[self.positions]


@dataclass(frozen=True)
class DecodedExport:
    """All variables found, with the faults of their cells."""

    answers: Mapping[str, Answers]
    faults: tuple[CellFault, ...]
    problems: tuple[Problem, ...]


def decode_export(
    export: SurveyExport,
    questionnaire: Questionnaire,
    matching: Matching,
    language: str | None = None,
) -> DecodedExport:
    """Decode every matched column through the type of its question."""
    columns = {match.variable: match.number for match in matching.matches}
    by_number = {column.number: column for column in export.columns}
    bad = {n: value for n, value in enumerate(export.table.values) if isinstance(value, BadCell)}
    answers: dict[str, Answers] = {}
    faults: list[CellFault] = []
    blanked = 0
    marked: list[Problem] = []
    for question in questionnaire.questions:
        variables = questionnaire.variables_of(question.id)
        names = {question.id, *(v.id for v in variables), *_flags(question)}
        given = {name: columns[name] for name in columns if name in names}
        if not given:
            continue
        patterns = _Patterns(export, questionnaire, question, language, given, by_number)
        decoded = _decode_texts(variables, patterns.cells) or question.decode(
            questionnaire.context(question.id), patterns.cells, language
        )
        blanked += patterns.blanked
        marked += [_marked(export, given[name], *told) for name, told in patterns.marked.items()]
        answers.update(_answers(decoded, variables, patterns))
        faults += _faults(decoded, given, patterns)
        faults += _bad_cells(export, given.values(), bad)
    problems = marked + _said(export, blanked) + _placed(export, faults)
    return DecodedExport(answers, tuple(faults), tuple(problems))


def _marked(export: SurveyExport, number: int, cell: str, count: int, mark: str) -> Problem:
    """Cells that could mean two numbers, read as the rest of the column is written."""
    return note(
        "answer.decimal_mark",
        "{count} different cells such as {cell} could be a thousand or a decimal number; they are "
        "read with {mark} before decimals, as the other cells of the column are written.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        column=export.table.letters[number],
        found=cell,
        values={"count": count, "cell": cell, "mark": mark},
    )


def _flags(question: Question) -> Sequence[str]:
    flags = getattr(question, "flags", None)
    return tuple(flags()) if flags is not None else ()


def _decode_texts(
    variables: Sequence[Variable], cells: Mapping[str, Sequence[object]]
) -> Mapping[str, Decoded] | None:
    """Plain words decoded in bulk; None when anything needs a closer look.

    Ten thousand different verbatims take longer one by one than all other answers together.
    """
    variable = variables[0]
    if variable.id not in cells or len(variables) > 1 or variable.missing:
        return None
    texts = cells[variable.id]
    joined = "\n".join(texts) if all(type(text) is str for text in texts) else None  # type: ignore[arg-type]
    if joined is None or _CONTROL.search(joined):
        return None
    if variable.measure is Measure.IDENTIFIER:
        if "E+" in joined or "e+" in joined:
            return None
    elif variable.measure is not Measure.TEXT:
        return None
    stripped = [text.strip() or None for text in texts]  # type: ignore[attr-defined]
    states = tuple([State.ANSWERED if text else State.EMPTY for text in stripped])
    return {variable.id: Decoded(variable.id, tuple(stripped), states)}


def _surely_plain(value: Any) -> bool:
    """Whether a cell needs no closer look; most do not, and a look takes time."""
    if type(value) is str:
        return value[:1] not in _MAY_MEAN_NOTHING
    return type(value) is int


class _Patterns:
    """The distinct cells of a question's columns, or distinct rows of cells where they count.

    ``cells`` holds them by name of column; ``positions`` which of them each respondent has, by
    name of column, or one for all under None.
    """

    def __init__(
        self,
        export: SurveyExport,
        questionnaire: Questionnaire,
        question: Question,
        language: str | None,
        given: Mapping[str, int],
        by_number: Mapping[int, SurveyColumn],
    ) -> None:
        self.context = questionnaire.context(question.id)
        self.question = question
        self.language = language
        self.blanked = 0
        self.marked: dict[str, tuple[str, int, str]] = {}
        self._variables = {v.id: v for v in questionnaire.variables_of(question.id)}
        self._known: dict[tuple[str, object], bool] = {}
        self.cells: dict[str, Sequence[object]] = {}
        self.positions: dict[str | None, NDArray[np.intp]] = {}
        codes, values = export.table.codes, export.table.values
        if len(given) > 1 and question.type not in CELL_BY_CELL:
            rows, positions = np.unique(codes[list(given.values())].T, axis=0, return_inverse=True)
            self.positions[None] = positions.reshape(-1)
            found: dict[str, NDArray[np.integer]] = {
                name: rows[:, place] for place, name in enumerate(given)
            }
        else:
            found = {}
            for name, number in given.items():
                found[name], self.positions[name] = distinct_codes(codes[number], len(values))
        for name, number in given.items():
            column = by_number[number]
            plain = not (column.labels or column.missing)
            self.cells[name] = [
                value if plain and _surely_plain(value) else self._cell(name, value, column)
                for value in map(values.__getitem__, found[name].tolist())
            ]
            self._by_decimal_mark(name)

    def _by_decimal_mark(self, name: str) -> None:
        """Ambiguous numbers as the other cells of their column write decimals."""
        variable = self._variables.get(name)
        if variable is None or variable.categories or variable.measure not in _FIGURES:
            return
        cells = self.cells[name]
        mark = decimal_mark(cells)
        told = {cell: by_mark(cell, mark) for cell in cells if type(cell) is str} if mark else {}
        told = {cell: figure for cell, figure in told.items() if figure is not None}
        if told:
            self.cells[name] = [
                told.get(cell, cell) if type(cell) is str else cell for cell in cells
            ]
            self.marked[name] = next(iter(told)), len(told), mark or ""

    def of(self, name: str) -> NDArray[np.intp]:
        """Which of the decoded answers of a variable each respondent gave."""
        if name in self.positions:
            return self.positions[name]
        return (
            self.positions[None] if None in self.positions else next(iter(self.positions.values()))
        )

    def _cell(self, name: str, cell: Any, column: SurveyColumn) -> object:
        """The cell as the question is to read it."""
        if isinstance(cell, BadCell):
            return ""
        if column.labels and cell in column.labels:
            label = column.labels[cell]
            if self._reads(name, label):
                return label
        if cell in column.missing and not self._reads(name, cell):
            return ""
        if isinstance(cell, str) and cell.strip().lower() in NO_ANSWER_WORDS:
            if self.question.type == "text" or self._reads(name, cell):
                return cell
            self.blanked += 1
            return ""
        return cell

    def _reads(self, name: str, cell: object) -> bool:
        """Whether the question takes a cell as an answer."""
        key = name, cell
        if key not in self._known:
            if name in self._variables:
                reader = self.question.reader(self._variables[name], self.context, self.language)
                states = [reader(cell).state]
            else:
                decoded = self.question.decode(self.context, {name: [cell]}, self.language)
                states = [state for column in decoded.values() for state in column.states]
            self._known[key] = State.FAULTY not in states
        return self._known[key]


def _answers(
    decoded: Mapping[str, Decoded], variables: Sequence[Variable], patterns: _Patterns
) -> dict[str, Answers]:
    by_id = {variable.id: variable for variable in variables}
    return {
        name: Answers(
            by_id[name],
            column.values,
            np.fromiter(map(_STATE_NUMBER.__getitem__, column.states), np.int8, len(column.states)),
            patterns.of(name),
        )
        for name, column in decoded.items()
        if name in by_id
    }


def _faults(
    decoded: Mapping[str, Decoded], given: Mapping[str, int], patterns: _Patterns
) -> list[CellFault]:
    first = next(iter(given))
    faults = []
    for fault in (fault for column in decoded.values() for fault in column.faults):
        name = fault.column if fault.column in given else first
        rows = np.flatnonzero(patterns.of(name) == fault.position)
        faults.append(CellFault(given[name], rows, fault.problem))
    return faults


def _bad_cells(
    export: SurveyExport, numbers: Iterable[int], bad: Mapping[int, BadCell]
) -> list[CellFault]:
    """Error cells, and formulas that were never calculated."""
    faults = []
    for number in numbers if bad else ():
        for code, cell in bad.items():
            rows = np.flatnonzero(export.table.codes[number] == code)
            if len(rows):
                faults.append(CellFault(number, rows, _bad_cell(cell)))
    return faults


def _bad_cell(cell: BadCell) -> Problem:
    if cell.kind == "error":
        return warning(
            "cell.error",
            "The cell shows the error {text} and counts as no answer.",
            found=cell.text,
            remedy="Correct the formula, or type the answer.",
            values={"text": cell.text},
        )
    return error(
        "cell.formula",
        "The cell holds a formula whose result was never calculated.",
        found=cell.text[:200],
        remedy="Open the file in Excel or LibreOffice, let it calculate, and save it; or paste "
        "the answers as values.",
    )


def _said(export: SurveyExport, blanked: int) -> list[Problem]:
    if not blanked:
        return []
    words = sorted(
        {v for v in export.table.values if isinstance(v, str) and normal(v) in NO_ANSWER_WORDS}
    )
    return [
        note(
            "answer.no_answer_words",
            "Cells that say {words} are read as empty where that is no answer of the question.",
            file=str(export.table.file),
            sheet=export.table.sheet,
            values={"words": ", ".join(words)},
        )
    ]


def _placed(export: SurveyExport, faults: Sequence[CellFault]) -> list[Problem]:
    """Problems with their places, the first of each column one by one, the others counted."""
    listed: dict[int, int] = {}
    left: dict[tuple[int, str], int] = {}
    problems: list[Problem] = []
    for fault in faults:
        rows = np.sort(fault.rows)
        room = max(LISTED - listed.get(fault.column, 0), 0)
        problems += [
            replace(fault.problem, **export.table.where(fault.column, int(row)))
            for row in rows[:room]
        ]
        listed[fault.column] = listed.get(fault.column, 0) + min(len(rows), room)
        if len(rows) > room:
            key = fault.column, fault.problem.severity.value
            left[key] = left.get(key, 0) + len(rows) - room
    for (column, severity), count in left.items():
        problems.append(_more(export, column, severity, count))
    return problems


def _more(export: SurveyExport, column: int, severity: str, count: int) -> Problem:
    return Problem(
        "answer.more",
        Severity(severity),
        "{count} more cells of column {column} have such problems.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        column=export.table.letters[column],
        found=export.table.header[column][:80],
        remedy="Where a whole column is unreadable, look whether it belongs to this question.",
        values={"count": count, "column": export.table.letters[column]},
    )
