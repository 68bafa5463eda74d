"""What a printed questionnaire shows, as plain data for its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from persona.questionnaire.conditions import Comparison, Condition, Every, Not, parse_condition
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats.asked import notes_of
from persona.questionnaire.formats.words import word
from persona.questionnaire.parts import Option
from persona.questionnaire.texts import text_in
from persona.questionnaire.types import Question
from persona.questionnaire.types.grid import Grid
from persona.questionnaire.types.maxdiff import MaxDiff
from persona.questionnaire.types.semantic_differential import SemanticDifferential
from persona.questionnaire.variables import Category, MissingCode

_LINES = {"text": "long", "number": "line", "money": "line", "date": "line"}


@dataclass(frozen=True)
class OptionView:
    """One answer: its label, its code, and whether something may be written."""

    text: str
    code: str
    line: bool = False


@dataclass(frozen=True)
class RowView:
    """One line of a table, with the opposite at its right where there is one."""

    text: str
    right: str = ""


@dataclass(frozen=True)
class SetView:
    """One set of a best-worst question."""

    title: str
    entries: tuple[str, ...]


@dataclass(frozen=True)
class QuestionView:
    """One question on paper."""

    number: int
    text: str
    layout: str
    required: bool
    condition: str
    notes: tuple[str, ...]
    mark: str = "radio"
    options: tuple[OptionView, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[RowView, ...] = ()
    right: bool = False
    sets: tuple[SetView, ...] = ()
    best: str = ""
    worst: str = ""
    unit: str = ""


@dataclass(frozen=True)
class SectionView:
    """One section on paper."""

    title: str
    condition: str
    questions: tuple[QuestionView, ...]


def section_views(declaration: Declaration, language: str) -> tuple[SectionView, ...]:
    """Sections with the questions that are asked, numbered through; ids are not asked on paper."""
    shown = [q for q in declaration.questions if q.type != "derived" and q.kind != "weight"]
    numbers = {question.id: number for number, question in enumerate(shown, start=1)}
    names = {v.id: numbers[v.question] for v in declaration.variables if v.question in numbers}
    names |= numbers
    views = []
    for section in declaration.sections:
        asked = [question for question in section.questions if question.id in numbers]
        if asked:
            views.append(
                SectionView(
                    text_in(section.title, language, declaration.language) or section.id,
                    _condition(section.shown_if, declaration, names, language),
                    tuple(_question(q, declaration, names, language) for q in asked),
                )
            )
    return tuple(views)


def _question(
    question: Question, declaration: Declaration, names: Mapping[str, int], language: str
) -> QuestionView:
    default = declaration.language
    view = QuestionView(
        number=names[question.id],
        text=text_in(question.text, language, default) or question.id,
        layout=_LINES.get(question.type, "options"),
        required=question.required,
        condition=_condition(question.shown_if, declaration, names, language),
        notes=tuple(notes_of(question, language, default)),
    )
    return _with_answers(view, question, declaration, language)


def _with_answers(
    view: QuestionView, question: Question, declaration: Declaration, language: str
) -> QuestionView:
    default = declaration.language

    def spoken(texts: Mapping[str, str]) -> str:
        return text_in(texts, language, default)

    options: Sequence[Option] = getattr(question, "options", ())
    if isinstance(question, MaxDiff):
        labels = {option.code: spoken(option.text) for option in options}
        sets = tuple(
            SetView(word("set", language, number=n), tuple(labels[code] for code in part))
            for n, part in enumerate(question.shown[0], start=1)
        )
        return replace(view, layout="sets", sets=sets, best=word("best", language),
                       worst=word("worst", language))  # fmt: skip
    if isinstance(question, Grid):
        (first, *_) = declaration.variables_of(question.id)
        parts: tuple[Category | MissingCode, ...] = (*first.categories, *first.missing)
        heads = tuple(spoken(part.text) for part in parts)
        rows = tuple(RowView(spoken(item.text)) for item in question.items)
        return replace(view, layout="table", heads=heads, rows=rows)
    if isinstance(question, SemanticDifferential):
        heads = tuple(str(n) for n in range(1, question.points + 1))
        rows = tuple(RowView(spoken(i.left), spoken(i.right)) for i in question.items)
        return replace(view, layout="table", heads=heads, rows=rows, right=True)
    if question.type in ("ranking", "constant_sum"):
        boxes = tuple(OptionView(spoken(o.text), str(o.code)) for o in options)
        return replace(view, layout="boxes", options=boxes)
    if question.type in ("rating", "nps"):
        (variable,) = declaration.variables_of(question.id)
        heads = tuple(
            text if (text := spoken(p.text)) == str(p.code) else f"{p.code} {text}"
            for p in variable.categories
        )
        return replace(view, layout="table", heads=heads, rows=(RowView(""),))
    if options:
        listed = tuple(OptionView(spoken(o.text), str(o.code), o.other) for o in options)
        mark = "check" if question.type == "multiple" else "radio"
        return replace(view, options=listed, mark=mark)
    unit = getattr(question, "unit", None) or getattr(question, "currency", None) or ""
    return replace(view, unit=unit)


def _condition(
    text: str | None, declaration: Declaration, names: Mapping[str, int], language: str
) -> str:
    if not text:
        return ""
    said = _said(parse_condition(text), declaration, names, language)
    return f"{word('condition', language)}: {said}"


def _said(
    condition: Condition, declaration: Declaration, names: Mapping[str, int], language: str
) -> str:
    """A condition with the numbers of the questions and the labels of the answers."""
    if isinstance(condition, Not):
        return f"¬ ({_said(condition.part, declaration, names, language)})"
    if not isinstance(condition, Comparison):
        glue = " ∧ " if isinstance(condition, Every) else " ∨ "
        parts = (_said(part, declaration, names, language) for part in condition.parts)
        return glue.join(f"({part})" if " ∨ " in part else part for part in parts)
    number = names.get(condition.question)
    here = f"[{number}]" if number else condition.question
    if condition.operator == "answered":
        return f"{here} ✓"
    labels = _labels(condition.question, declaration, language)
    values = ", ".join(f"“{labels[str(v)]}”" if str(v) in labels else str(v)
                       for v in condition.values)  # fmt: skip
    sign = {"has": "=", "in": "=", "!=": "≠", "<=": "≤", ">=": "≥"}.get(
        condition.operator, condition.operator
    )
    return f"{here} {'≠' if condition.negated else sign} {values}"


def _labels(name: str, declaration: Declaration, language: str) -> Mapping[str, str]:
    default = declaration.language
    columns = [v for v in declaration.variables if name in (v.id, v.question)]
    ticks = {str(v.item): text_in(v.text, language, default) for v in columns if v.item}
    parts = [part for v in columns[:1] for part in v.categories]
    return ticks | {str(part.code): text_in(part.text, language, default) for part in parts}
