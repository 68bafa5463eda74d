"""What the answers of an export show: types of variables, batteries, sets of options.

An export seldom says which columns belong together. They are found from what it does say (the
parent of a column), and from answer sets that neighbouring columns share.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from persona.questionnaire.cells import day, normal, number
from persona.responses.cells import BadCell, is_blank, shown
from persona.responses.survey import NO_ANSWER_WORDS, SurveyColumn
from persona.responses.table import RawTable

#: Different answers that a closed question has at most.
MOST_ANSWERS = 25
#: Different answers that a battery of ratings has at most.
MOST_POINTS = 11
_TICKS = frozenset(
    "1 0 1.0 0.0 true false yes no y n x ja nein tak nie да нет nee si sí sì oui non quoted "
    "checked unchecked selected".split()
) | {"not quoted", "not selected"}
_SEPARATORS = (";", ", ")


@dataclass(frozen=True)
class SurveyVariable:
    """One column of an export with its type.

    Parameters
    ----------
    id : str
        Stable name.
    type : str
        ``"single"``, ``"multiple"``, ``"grid"``, ``"ranking"``, ``"number"``, ``"date"``,
        ``"text"``, ``"other"`` (words beside an option), ``"system"`` or ``"empty"``.
    header : tuple of str
        The original header rows.
    text, option : str
        The question, and the item or option that the column stands for.
    parent : str or None
        The battery or set of options it belongs to.
    labels : mapping of code to label
        Of single questions and batteries, also where the code is the label.
    missing : mapping of code to meaning
    joined : bool
        One cell joins all chosen options.
    """

    id: str
    type: str
    header: tuple[str, ...]
    text: str
    option: str
    parent: str | None
    labels: Mapping[Any, str] = field(default_factory=dict)
    missing: Mapping[Any, str] = field(default_factory=dict)
    joined: bool = False


@dataclass(frozen=True)
class _Facts:
    """The distinct answers of one column."""

    column: SurveyColumn
    answers: tuple[Any, ...]
    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def folded(self) -> frozenset[str]:
        return frozenset(normal(shown(answer)) for answer in self.answers)

    @property
    def numeric(self) -> bool:
        return bool(self.answers) and all(number(answer) is not None for answer in self.answers)

    @property
    def ticks(self) -> bool:
        own = {normal(self.column.option), normal(self.column.text)} - {""}
        return bool(self.answers) and all(text in _TICKS or text in own for text in self.folded)


def find_structure(table: RawTable, columns: Sequence[SurveyColumn]) -> tuple[SurveyVariable, ...]:
    """The variables of an export, batteries and sets of options found."""
    facts = {column.number: _facts(table, column) for column in columns}
    types: dict[int, tuple[str, str | None]] = {}
    for number_, fact in facts.items():
        if fact.column.system:
            types[number_] = "system", None
        elif not fact.answers:
            types[number_] = "empty", fact.column.parent
        elif fact.column.form is not None and (fact.column.form != "multiple" or fact.ticks):
            types[number_] = fact.column.form, fact.column.parent
    _group_by_parent(facts, types)
    _group_neighbours(facts, types)
    variables = []
    for column in columns:
        kind, parent = types.get(column.number) or (_alone(facts[column.number]), None)
        variables.append(_variable(table, facts[column.number], kind, parent))
    return tuple(variables)


def _facts(table: RawTable, column: SurveyColumn) -> _Facts:
    codes, counts = np.unique(table.codes[column.number], return_counts=True)
    pairs = [
        (table.values[code], int(count))
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
    ]
    kept = [
        (value, count)
        for value, count in pairs
        if not is_blank(value)
        and not isinstance(value, BadCell)
        and not (isinstance(value, str) and normal(value) in NO_ANSWER_WORDS)
        and value not in column.missing
    ]
    return _Facts(column, tuple(v for v, _ in kept), tuple(c for _, c in kept))


def _group_by_parent(facts: Mapping[int, _Facts], types: dict[int, tuple[str, str | None]]) -> None:
    groups: dict[str, list[_Facts]] = defaultdict(list)
    for number_, fact in facts.items():
        if number_ not in types and fact.column.parent is not None:
            groups[fact.column.parent].append(fact)
    for parent, members in groups.items():
        options = sum(
            fact.column.parent == parent and not fact.column.system for fact in facts.values()
        )
        kind = _kind_of_group(members) if options > 1 else None
        if kind is None:
            continue
        for fact in members:
            types[fact.column.number] = kind, parent
        for number_, (held, its_parent) in list(types.items()):
            if held == "empty" and its_parent == parent:
                types[number_] = kind, parent


def _kind_of_group(members: Sequence[_Facts]) -> str | None:
    """What columns with the same question are: options, ranks, or items of a battery."""
    if all(fact.ticks for fact in members):
        return "multiple"
    one_each = all(len(fact.answers) == 1 for fact in members) and max(f.n for f in members) > 1
    if one_each and len({next(iter(fact.folded)) for fact in members}) == len(members):
        return "multiple"
    if _shared_answers(members):
        return "ranking" if _are_ranks(members) else "grid"
    return None


def _shared_answers(members: Sequence[_Facts]) -> bool:
    if len(members) < 2 or any(len(fact.answers) > MOST_ANSWERS for fact in members):
        return False
    union: set[str] = set().union(*(fact.folded for fact in members))
    if len(union) > MOST_ANSWERS:
        return False
    largest = max(len(fact.folded) for fact in members)
    return len(union) <= max(largest + 2, 1.5 * largest)


def _are_ranks(members: Sequence[_Facts]) -> bool:
    """As many ranks 1 to k as items, each given about equally often."""
    k = len(members)
    if k < 3 or not all(fact.numeric for fact in members):
        return False
    values: Counter[float] = Counter()
    for fact in members:
        for answer, count in zip(fact.answers, fact.counts, strict=True):
            values[number(answer) or 0.0] += count
    counts = list(values.values())
    return set(values) == set(range(1, k + 1)) and max(counts) <= 1.1 * min(counts)


def _group_neighbours(
    facts: Mapping[int, _Facts], types: dict[int, tuple[str, str | None]]
) -> None:
    """Three or more columns in a row with one small answer set are a battery."""
    made = 0
    for run in _runs(facts, types):
        if len(run) >= 3:
            made += 1
            stem = _common_stem([fact.column.id for fact in run])
            for fact in run:
                types[fact.column.number] = "grid", stem or f"battery_{made}"


def _runs(
    facts: Mapping[int, _Facts], types: Mapping[int, tuple[str, str | None]]
) -> Iterator[list[_Facts]]:
    run: list[_Facts] = []
    for number_, fact in facts.items():
        if types.get(number_, ("", None))[0] == "empty":
            continue
        fits = number_ not in types and _rating(fact)
        if fits and (not run or _same_scale(run, fact)):
            run.append(fact)
            continue
        yield run
        run = [fact] if fits else []
    yield run


def _rating(fact: _Facts) -> bool:
    """Few answers, given often: more than yes and no, and no names of places or people."""
    if not 3 <= len(fact.answers) <= MOST_POINTS or fact.n < 2 * len(fact.answers):
        return False
    return not fact.numeric or all(0 <= (number(a) or 0) <= 10 for a in fact.answers)


def _same_scale(run: Sequence[_Facts], fact: _Facts) -> bool:
    union: frozenset[str] = frozenset().union(*(member.folded for member in run))
    shared = len(union & fact.folded)
    if fact.numeric != run[0].numeric:
        return False
    return shared >= 0.6 * min(len(union), len(fact.folded)) and len(union | fact.folded) <= (
        MOST_POINTS
    )


def _common_stem(names: Sequence[str]) -> str:
    """What names of one battery begin with, when that is a code such as ``RA01``."""
    stem = names[0]
    for name in names:
        while stem and not name.startswith(stem):
            stem = stem[:-1]
    stem = re.sub(r"[\W_]+\d*$", "", stem)
    return stem if 2 <= len(stem) <= 12 and re.fullmatch(r"\w+", stem) else ""


def _alone(fact: _Facts) -> str:
    """The type of a column that belongs to no group."""
    if _is_date(fact):
        return "date"
    if fact.numeric and len(fact.answers) > MOST_POINTS:
        return "number"
    if _joined(fact):
        return "multiple"
    longest = max(len(shown(answer)) for answer in fact.answers)
    few = len(fact.answers) <= MOST_ANSWERS and fact.n >= 1.5 * len(fact.answers)
    if few and longest <= 200:
        return "single"
    return "number" if fact.numeric else "text"


def _is_date(fact: _Facts) -> bool:
    texts = [answer for answer in fact.answers if not isinstance(answer, datetime.date)]
    if not texts:
        return True
    return all(
        isinstance(text, str) and (day(text) is not None or _looks_like_time(text))
        for text in texts[:200]
    )


def _looks_like_time(text: str) -> bool:
    return bool(re.match(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}[ T]\d{1,2}[:.]\d{2}", text))


def _joined(fact: _Facts) -> str | None:
    """The separator of cells that join several options of a short list; None otherwise."""
    if fact.numeric or len(fact.answers) < 3:
        return None
    for separator in _SEPARATORS:
        several = [a for a in fact.answers if isinstance(a, str) and separator in a.strip("; ")]
        if len(several) < max(2, 0.25 * len(fact.answers)):
            continue
        pieces = Counter(
            piece.strip()
            for answer, count in zip(fact.answers, fact.counts, strict=True)
            for piece in shown(answer).split(separator)
            for _ in range(count)
            if piece.strip()
        )
        repeated = sum(count for count in pieces.values() if count >= 3)
        often = repeated >= 0.8 * sum(pieces.values()) and 2 <= len(pieces) <= 120
        if often and _recombined(several, separator):
            return separator
    return None


def _recombined(answers: Sequence[str], separator: str) -> bool:
    """Most pieces stand in different answers, as options do and parts of one label do not."""
    places: dict[str, set[str]] = defaultdict(set)
    for answer in answers:
        for piece in answer.split(separator):
            if piece.strip():
                places[piece.strip()].add(answer)
    return sum(len(found) > 1 for found in places.values()) >= 0.5 * len(places)


def _variable(table: RawTable, fact: _Facts, kind: str, parent: str | None) -> SurveyVariable:
    column = fact.column
    separator = _joined(fact) if kind == "multiple" and parent is None else None
    labels: dict[Any, str] = {}
    if kind in ("single", "grid", "ranking") and not fact.numeric:
        labels = {answer: shown(answer) for answer in fact.answers}
    elif kind in ("single", "grid", "ranking"):
        labels = {answer: "" for answer in fact.answers}
    elif separator is not None:
        labels = {piece: piece for piece in pieces_of(fact.answers, separator)}
    labels |= {code: label for code, label in column.labels.items() if code not in column.missing}
    return SurveyVariable(
        column.id,
        kind,
        tuple(row[column.number] for row in table.header_rows),
        column.text,
        column.option,
        parent,
        labels,
        column.missing,
        joined=separator is not None,
    )


def pieces_of(answers: Sequence[Any], separator: str) -> tuple[str, ...]:
    """The options joined in cells, those given alone or often first."""
    pieces: Counter[str] = Counter()
    for answer in answers:
        pieces.update(piece.strip() for piece in shown(answer).split(separator) if piece.strip())
    return tuple(piece for piece, count in pieces.most_common() if count > 1) or tuple(pieces)


def batteries(variables: Sequence[SurveyVariable]) -> dict[str, tuple[SurveyVariable, ...]]:
    """The items of each battery."""
    return _grouped(variables, "grid")


def option_sets(variables: Sequence[SurveyVariable]) -> dict[str, tuple[SurveyVariable, ...]]:
    """The columns of each question with several answers; one column when they are joined."""
    alone = {v.id: (replace(v, parent=v.id),) for v in variables if v.joined}
    return _grouped(variables, "multiple") | alone


def _grouped(
    variables: Sequence[SurveyVariable], kind: str
) -> dict[str, tuple[SurveyVariable, ...]]:
    groups: dict[str, list[SurveyVariable]] = defaultdict(list)
    for variable in variables:
        if variable.type == kind and variable.parent is not None:
            groups[variable.parent].append(variable)
    return {name: tuple(members) for name, members in groups.items()}
