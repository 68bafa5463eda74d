"""Which statements a persona makes: those that set it apart, none of them twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from persona.profiling.forms import HARDLY_ANY, NEGATIVE, Found, form_of
from persona.profiling.persona import BLOCKS, Evidence, Form, Statement
from persona.profiling.result import Cell, Profile, QuestionProfile, Row, Texts
from persona.profiling.significance import Array
from persona.profiling.traits import trait
from persona.questionnaire.variables import Category, Measure, Variable

if TYPE_CHECKING:
    from persona.questionnaire.model import Questionnaire

FEWEST, MOST_SHOWN = 4, 6
"""Statements a block is filled up to, where the data allow it, and never goes beyond."""

SAME_THING = 0.7
"""Two traits, or the answers behind them, correlated this much say the same."""

WORTH_SAYING = 20.0
"""Percent of everybody from which on "as likely as the others" is worth a line."""

_MEASURED = frozenset({Measure.INTERVAL, Measure.RATIO, Measure.ORDINAL})
_LEFT_OUT = ("text", "date")
_OF_ONE_QUESTION = {
    "multiple": 3,
    "grid": 4,
    "semantic_differential": 3,
    "ranking": 2,
    "constant_sum": 2,
    "maxdiff": 3,
}


def statements_of(
    segment: int, profile: Profile, questionnaire: Questionnaire, asked: pd.DataFrame
) -> tuple[Statement, ...]:
    """The statements of one segment, block by block, the most telling first.

    Parameters
    ----------
    segment : int
        1 to k.
    profile : Profile
    questionnaire : Questionnaire
    asked : DataFrame
        Answers of everybody in the profile; tells which statements say the same.
    """
    chosen: list[Statement] = []
    for block in BLOCKS:
        possible = [
            statement
            for question in profile.questions
            if question.block == block and question.type not in _LEFT_OUT
            for statement in candidates(question, segment, questionnaire, profile)
        ]
        chosen += _select(possible, questionnaire, asked)
    return tuple(chosen)


def candidates(
    question: QuestionProfile, segment: int, questionnaire: Questionnaire, profile: Profile
) -> list[Statement]:
    """The best statement of each variable of a question (of each answer, when one is chosen)."""
    found: dict[str, list[Statement]] = {}
    for row in question.rows:
        cell = row.cells[segment - 1]
        form = form_of(row, cell, tested=question.tested, level=max(profile.levels))
        if form is None or cell.value is None or _says_nothing(form, row, cell):
            continue
        evidence = evidence_of(question, row, segment, questionnaire)
        name = f"{segment}.{row.variable}.{row.statistic}"
        identifier = name if row.category is None else f"{name}.{row.category}"
        made = Statement(identifier, question.block, form.form, evidence, form.weight)
        found.setdefault(row.variable, []).append(made)
    best = []
    for variable, statements in found.items():
        options = _plain(statements, question, questionnaire.variable(variable))
        if options:
            best.append(max(options, key=rank))
    return best


def _says_nothing(found: Found, row: Row, cell: Cell) -> bool:
    """Whether an answer is so rare, here and elsewhere, that nobody would miss it."""
    if found.form is Form.HARDLY_ANY:
        return found.weight <= 0 or (cell.rest or 0.0) < HARDLY_ANY
    if found.form is Form.MORE_THAN_OTHERS:
        return (cell.high or 0.0) < HARDLY_ANY
    return found.form is Form.AS_LIKELY_AS and (row.total.value or 0.0) < WORTH_SAYING


def _plain(
    statements: Sequence[Statement], question: QuestionProfile, variable: Variable
) -> list[Statement]:
    """Without the statements that another one of the same variable makes better.

    A share of agreement is plainer than a mean, so a mean stands only where no box sets apart;
    of a scale with boxes single points are left out; of two answers the one more chosen stays.
    """
    boxed = [s for s in statements if s.evidence.statistic == "top_box"]
    if question.type == "nps":
        return [s for s in statements if s.evidence.statistic == "nps"]
    if any(row.statistic == "top_box" for row in question.rows):
        telling = [s for s in boxed if s.weight > 0]
        means = [s for s in statements if s.evidence.statistic == "mean"]
        return telling or [s for s in means if s.weight > 0] or boxed or means
    if len(variable.categories) == 2:
        more = [s for s in statements if not _lacking(s)]
        return more or list(statements)
    return list(statements)


def rank(statement: Statement) -> tuple[float, bool, bool, float]:
    """Telling first, then what most do, then what is shared by many."""
    alike = statement.evidence.total if statement.evidence.statistic != "mean" else 0.0
    return (
        round(statement.weight, 6),
        statement.form is Form.MOST,
        statement.form not in (Form.HARDLY_ANY, Form.AS_LIKELY_AS, Form.SAME_MEAN),
        alike or 0.0,
    )


def _select(
    possible: Sequence[Statement], questionnaire: Questionnaire, asked: pd.DataFrame
) -> list[Statement]:
    """The most telling, at most so many a question, leaving out what repeats another."""
    chosen: list[Statement] = []
    seen: list[tuple[Array, Array | None]] = []
    per_question: dict[str, int] = {}
    positive = sum(statement.weight > 0 and not _lacking(statement) for statement in possible)
    lacking = max(MOST_SHOWN // 2, MOST_SHOWN - positive)
    for statement in sorted(possible, key=rank, reverse=True):
        if len(chosen) == MOST_SHOWN or (statement.weight <= 0 and len(chosen) >= FEWEST):
            break
        question = statement.evidence.question
        limit = _OF_ONE_QUESTION.get(statement.evidence.question_type, 1)
        if statement.weight <= 0:
            limit = 1
        if per_question.get(question, 0) >= limit:
            continue
        if _lacking(statement) and sum(map(_lacking, chosen)) >= lacking:
            continue
        own = trait(statement, questionnaire, asked), _answers(statement, questionnaire, asked)
        if any(_same(own[0], other[0]) or _same(own[1], other[1]) for other in seen):
            continue
        chosen.append(statement)
        seen.append(own)
        per_question[question] = per_question.get(question, 0) + 1
    return chosen


def _lacking(statement: Statement) -> bool:
    """Whether it says what the segment is not; such statements take at most half of a block."""
    return statement.form in NEGATIVE or statement.form is Form.HARDLY_ANY


def _answers(
    statement: Statement, questionnaire: Questionnaire, asked: pd.DataFrame
) -> Array | None:
    """The answers behind a statement where they are points of a scale or numbers."""
    if questionnaire.variable(statement.evidence.variable).measure not in _MEASURED:
        return None
    return np.asarray(asked[statement.evidence.variable], dtype=np.float64)


def _same(a: Array | None, b: Array | None) -> bool:
    """Whether two columns are correlated so much that one says what the other says."""
    if a is None or b is None:
        return False
    both = ~np.isnan(a) & ~np.isnan(b)
    if both.sum() < 3 or a[both].std() == 0 or b[both].std() == 0:
        return False
    return abs(float(np.corrcoef(a[both], b[both])[0, 1])) >= SAME_THING


def _boxes(row: Row, named: Mapping[int | str, Category]) -> tuple[Texts, ...]:
    """The labels that a top or bottom box joins."""
    if row.statistic not in ("top_box", "bottom_box"):
        return ()
    return tuple(named[code].text for code in row.categories if code in named)


def evidence_of(
    question: QuestionProfile, row: Row, segment: int, questionnaire: Questionnaire
) -> Evidence:
    """The figures of one line of a question in one segment."""
    cell = row.cells[segment - 1]
    variable = questionnaire.variable(row.variable)
    named = {category.code: category for category in variable.categories}
    own = named.get(row.category) if row.category is not None else None
    short: Texts = own.short if own is not None else variable.short
    return Evidence(
        question=question.question,
        variable=row.variable,
        category=row.category,
        question_text=question.text,
        answer_text=row.text,
        statistic=row.statistic,
        value=cell.value or 0.0,
        low=cell.low,
        high=cell.high,
        total=row.total.value,
        rest=cell.rest,
        index=cell.index,
        effect=cell.effect,
        base=cell.base,
        weighted_base=cell.weighted_base,
        effective_base=cell.effective_base,
        p_adjusted=cell.p_adjusted,
        basis=question.why_not_tested == "basis",
        kind=question.kind,
        question_type=question.type,
        scale_minimum=question.scale_minimum,
        scale_maximum=question.scale_maximum,
        unit=question.unit,
        short=short,
        box_texts=_boxes(row, named),
        box_codes=row.categories,
        reverse=variable.reverse,
        sensitive=variable.sensitive,
    )
