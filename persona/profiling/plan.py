"""Which figures each question is described by, and the arrays they are counted from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.profiling.counting import Codes
from persona.profiling.result import Statistic, Texts
from persona.profiling.significance import Array
from persona.questionnaire.variables import Measure, Variable

if TYPE_CHECKING:
    from persona.questionnaire.model import Question, Questionnaire

PROMOTERS, DETRACTORS = (9, 10), tuple(range(7))
MOST_DATE_ROWS = 24


@dataclass(frozen=True)
class Line:
    """One row to be made.

    ``source`` is the place of its array among the plan's codes (shares) or values (means);
    ``picks`` are the code positions that a share counts.
    """

    variable: str
    category: int | str | None
    statistic: Statistic
    text: Texts
    source: int
    picks: tuple[int, ...] = ()
    categories: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class QuestionPlan:
    """One question with its lines; ``table`` is the code array of a question with one answer."""

    question: str
    block: str
    kind: str
    role: str
    type: str
    text: Texts
    section: str
    lines: tuple[Line, ...]
    table: int | None
    unit: str | None
    scale_minimum: float | None
    scale_maximum: float | None
    sensitive: bool


@dataclass(frozen=True)
class Plan:
    """All questions, with the codes and values their lines are counted from."""

    questions: tuple[QuestionPlan, ...]
    codes: tuple[Codes, ...]
    sizes: tuple[int, ...]
    values: tuple[Array, ...]


@dataclass
class _Arrays:
    """The arrays while a plan is made."""

    codes: list[Codes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    values: list[Array] = field(default_factory=list)

    def add_codes(self, codes: Codes, size: int) -> int:
        self.codes.append(codes)
        self.sizes.append(size)
        return len(self.codes) - 1

    def add_values(self, values: Array) -> int:
        self.values.append(values)
        return len(self.values) - 1


def plan(
    questionnaire: Questionnaire, asked: pd.DataFrame, questions: Iterable[str] | None = None
) -> Plan:
    """The figures that describe each question, chosen by what its answers measure.

    Parameters
    ----------
    questionnaire : Questionnaire
    asked : DataFrame
        Answers as given (reverse-keyed items not turned), one column a variable.
    questions : iterable of str, optional
        Ids to take; all by default. Ids, weights and columns that are absent are passed over.
    """
    wanted = None if questions is None else set(questions)
    arrays = _Arrays()
    made = []
    by_question: dict[str, list[Variable]] = {}
    for variable in questionnaire.variables:
        # raw columns are a step of asking, such as the sets of a best-worst task
        skipped = variable.raw or variable.measure in (Measure.IDENTIFIER, Measure.WEIGHT)
        if not skipped and variable.id in asked.columns:
            by_question.setdefault(variable.question, []).append(variable)
    for identifier, variables in by_question.items():
        if wanted is None or identifier in wanted:
            question = questionnaire.question(identifier)
            made.append(_question(question, variables, asked, arrays, questionnaire.languages))
    return Plan(tuple(made), tuple(arrays.codes), tuple(arrays.sizes), tuple(arrays.values))


def _question(
    question: Question,
    variables: Sequence[Variable],
    asked: pd.DataFrame,
    arrays: _Arrays,
    languages: Sequence[str],
) -> QuestionPlan:
    first = variables[0]
    lines: list[Line] = []
    table = None
    answers_itself = any(variable.measure is not Measure.TEXT for variable in variables)
    for variable in variables:
        answers = asked[variable.id]
        if variable.measure is Measure.TEXT and answers_itself:
            continue  # what was written beside "other" is a verbatim of its own
        if question.type == "ranking":
            made = _rank_lines(variable, answers, arrays, _anybody(variables, asked))
        elif variable.measure in (Measure.NOMINAL, Measure.ORDINAL):
            made = _category_lines(variable, answers, arrays, languages)
            table = made[0].source if made else None
        elif variable.measure is Measure.INTERVAL:
            made = _scale_lines(question.type, variable, answers, arrays, languages)
            made = made if len(variables) == 1 else [x for x in made if x.category is None]
        elif variable.measure is Measure.BINARY:
            made = _tick_lines(variable, answers, arrays)
        elif variable.measure is Measure.RATIO:
            source = arrays.add_values(_numbers(answers))
            made = [
                Line(variable.id, None, "mean", variable.text, source),
                Line(variable.id, None, "median", variable.text, source),
            ]
        elif variable.measure is Measure.DATE:
            made = _date_lines(variable, answers, arrays, languages)
        else:
            made = _answered_lines(variable, answers, arrays)
        lines += made
    low, high = _bounds(first)
    return QuestionPlan(
        question=question.id,
        block=first.block,
        kind=first.kind,
        role="basis" if any(variable.role == "basis" for variable in variables) else first.role,
        type=question.type,
        text=first.question_text,
        section=first.section,
        lines=tuple(lines),
        table=table,
        unit=first.unit,
        scale_minimum=low,
        scale_maximum=high,
        sensitive=any(variable.sensitive for variable in variables),
    )


def _numbers(answers: pd.Series[float]) -> Array:
    return pd.to_numeric(answers, errors="coerce").to_numpy(dtype=np.float64)


def _bounds(variable: Variable) -> tuple[float | None, float | None]:
    codes = [float(code) for code in variable.codes if isinstance(code, int | float)]
    if variable.measure is Measure.INTERVAL and codes:
        return min(codes), max(codes)
    return variable.minimum, variable.maximum


def category_codes(variable: Variable, answers: pd.Series[float]) -> Codes:
    """Positions of the answers among the variable's categories; -1 without an answer.

    Ordinal columns hold the code, or 1 to m where codes are no numbers.
    """
    declared = list(variable.codes)
    numeric = all(isinstance(code, int | float) for code in declared)
    if variable.measure is Measure.NOMINAL:
        values = answers.astype(object)
        return pd.Index(declared, dtype=object).get_indexer(pd.Index(values, dtype=object))
    numbers = _numbers(answers)
    points = [float(code) for code in declared] if numeric else range(1, len(declared) + 1)
    return pd.Index(points, dtype=np.float64).get_indexer(pd.Index(numbers))


def _category_lines(
    variable: Variable, answers: pd.Series[float], arrays: _Arrays, languages: Sequence[str]
) -> list[Line]:
    codes = category_codes(variable, answers)
    source = arrays.add_codes(codes, max(len(variable.categories), 1))
    return _distribution(variable, source, languages)


def _anybody(variables: Sequence[Variable], asked: pd.DataFrame) -> NDArray[np.bool_]:
    """Who answered any column of a question."""
    return asked[[variable.id for variable in variables]].notna().any(axis=1).to_numpy()


def _rank_lines(
    variable: Variable, answers: pd.Series[float], arrays: _Arrays, ranked: NDArray[np.bool_]
) -> list[Line]:
    """How many put an option first, and how many ranked it at all.

    The base is everybody who ranked anything: an option without a rank was passed over.
    """
    numbers = _numbers(answers)
    place = np.where(np.isnan(numbers), len(variable.categories) + 1, numbers).astype(np.intp)
    codes = np.where(ranked, place - 1, -1)
    source = arrays.add_codes(codes, len(variable.categories) + 1)
    best = Line(variable.id, 1, "percent", variable.text, source, (0,))
    every = tuple(range(len(variable.categories)))
    some = Line(variable.id, None, "percent", variable.text, source, every, variable.codes)
    # where everybody ranks everything, being ranked says nothing
    return [best, some] if (codes == len(variable.categories)).any() else [best]


def _distribution(variable: Variable, source: int, languages: Sequence[str]) -> list[Line]:
    return [
        Line(
            variable.id,
            category.code,
            "percent",
            category.text or dict.fromkeys(languages, str(category.code)),
            source,
            (i,),
        )
        for i, category in enumerate(variable.categories)
    ]


def _tick_lines(variable: Variable, answers: pd.Series[float], arrays: _Arrays) -> list[Line]:
    numbers = _numbers(answers)
    codes = np.where(np.isnan(numbers), -1, (np.nan_to_num(numbers) > 0).astype(np.intp))
    source = arrays.add_codes(codes, 2)
    return [Line(variable.id, None, "percent", variable.text, source, (1,))]


def _answered_lines(variable: Variable, answers: pd.Series[float], arrays: _Arrays) -> list[Line]:
    text = answers.astype(object)
    written = text.notna().to_numpy() & (text.astype(str).str.strip() != "").to_numpy()
    source = arrays.add_codes(written.astype(np.intp), 2)
    return [Line(variable.id, None, "percent", variable.text, source, (1,))]


def box_size(points: int) -> int:
    """How many scale points a top or bottom box joins: 1 of 3, 2 of 4 to 7, 3 of 8 to 11.

    Examples
    --------
    >>> [box_size(points) for points in (2, 3, 5, 7, 10, 11)]
    [1, 1, 2, 2, 3, 3]
    """
    if points <= 3:
        return 1
    return 2 if points <= 7 else 3


def _scale_lines(
    kind: str,
    variable: Variable,
    answers: pd.Series[float],
    arrays: _Arrays,
    languages: Sequence[str],
) -> list[Line]:
    """Mean, boxes and the whole distribution."""
    numbers = _numbers(answers)
    mean = Line(variable.id, None, "mean", variable.text, arrays.add_values(numbers))
    if not variable.categories:
        return [mean]
    points = pd.Index([float(code) for code in variable.codes], dtype=np.float64)
    source = arrays.add_codes(points.get_indexer(pd.Index(numbers)), len(points))
    m = len(points)
    distribution = _distribution(variable, source, languages)
    if kind == "nps":
        return [*_nps_lines(variable, numbers, source, arrays), mean, *distribution]
    size = box_size(m)
    boxes: tuple[tuple[Statistic, tuple[int, ...]], ...] = (
        ("top_box", tuple(range(m - size, m))),
        ("bottom_box", tuple(range(size))),
    )
    joined = [
        Line(
            variable.id,
            None,
            statistic,
            variable.text,
            source,
            picks,
            tuple(variable.codes[i] for i in picks),
        )
        for statistic, picks in boxes
    ]
    return [mean, *joined, *distribution]


def _nps_lines(variable: Variable, numbers: Array, source: int, arrays: _Arrays) -> list[Line]:
    """Promoters (9, 10) less detractors (0 to 6), and both shares."""
    score = np.where(
        numbers >= PROMOTERS[0], 100.0, np.where(numbers <= DETRACTORS[-1], -100.0, 0.0)
    )
    score = np.where(np.isnan(numbers), np.nan, score)
    lines = [Line(variable.id, None, "nps", variable.text, arrays.add_values(score))]
    groups: Mapping[Statistic, tuple[int, ...]] = {"top_box": PROMOTERS, "bottom_box": DETRACTORS}
    for statistic, codes in groups.items():
        picks = tuple(i for i, code in enumerate(variable.codes) if code in codes)
        taken = tuple(variable.codes[i] for i in picks)
        lines.append(Line(variable.id, None, statistic, variable.text, source, picks, taken))
    return lines


def _date_lines(
    variable: Variable, answers: pd.Series[float], arrays: _Arrays, languages: Sequence[str]
) -> list[Line]:
    """Shares by year, or by month where all dates fall within two years."""
    dates = pd.to_datetime(answers, errors="coerce")
    if not dates.notna().any():
        return []
    span = (dates.max() - dates.min()).days
    form = "%Y-%m" if span < 730 else "%Y"
    labels = dates.dt.strftime(form).astype(object)
    found = sorted(label for label in labels.dropna().unique())
    if len(found) > MOST_DATE_ROWS:
        decades = (dates.dt.year // 10 * 10).astype("Int64").astype(str) + "s"
        labels = decades.where(dates.notna()).astype(object)
        found = sorted(label for label in labels.dropna().unique())
    codes = pd.Index(found, dtype=object).get_indexer(pd.Index(labels, dtype=object))
    source = arrays.add_codes(codes, len(found))
    return [
        Line(variable.id, label, "percent", dict.fromkeys(languages, label), source, (i,))
        for i, label in enumerate(found)
    ]
