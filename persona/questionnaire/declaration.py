"""Sections and the questionnaire they make, with its flat views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from pydantic import Field, SerializeAsAny, field_validator

from persona.errors import Problem
from persona.questionnaire.conditions import (
    Condition,
    Every,
    parse_condition,
    shown,
    tests_in,
)
from persona.questionnaire.decoding import Decoded
from persona.questionnaire.parts import Block, Identifier, Part, Scale
from persona.questionnaire.texts import DeclaredTexts
from persona.questionnaire.types import Context, Question
from persona.questionnaire.types.derived import Derived
from persona.questionnaire.variables import Measure, Variable


class Section(Part):
    """Questions that are asked together and describe one side of a customer."""

    id: Identifier
    block: Block
    title: DeclaredTexts = Field(default_factory=dict)
    shown_if: str | None = None
    questions: tuple[SerializeAsAny[Question], ...]


class Declaration(Part):
    """A questionnaire as declared: languages, shared scales, sections of questions.

    Parameters
    ----------
    id : str
    languages : tuple of str
        Codes; the first is the language of plain texts.
    title : Texts
    scales : mapping of name to Scale
    sections : tuple of Section
    source : str
        The file it was read from; empty when it was made in Python.
    problems : tuple of Problem
        Warnings and notes found while it was read.
    """

    persona: int = 1
    id: Identifier
    languages: tuple[str, ...] = ("en",)
    title: DeclaredTexts = Field(default_factory=dict)
    scales: Mapping[str, Scale] = Field(default_factory=dict)
    sections: tuple[Section, ...]
    source: str = Field(default="", exclude=True)
    problems: tuple[Problem, ...] = Field(default=(), exclude=True)

    @field_validator("languages")
    @classmethod
    def _some_language(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        if not languages:
            raise ValueError("name at least one language")
        return languages

    @property
    def language(self) -> str:
        """The default language, in which plain texts are written."""
        return self.languages[0]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in the order asked."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def _by_id(self) -> Mapping[str, tuple[Question, Section]]:
        return {q.id: (q, section) for section in self.sections for q in section.questions}

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The columns of answers that the questions make, in the order asked."""
        return tuple(
            variable
            for question in self.questions
            for variable in question.variables(self.context(question.id))
        )

    @cached_property
    def _variables_by_id(self) -> Mapping[str, Variable]:
        return {variable.id: variable for variable in self.variables}

    def question(self, question_id: str) -> Question:
        """The question of that id; raises KeyError when there is none."""
        return self._by_id[question_id][0]

    def condition_of(self, question_id: str) -> Condition | None:
        """When the question is shown: its section's condition and its own; None means always."""
        question, section = self._by_id[question_id]
        parts = tuple(
            parse_condition(text) for text in (section.shown_if, question.shown_if) if text
        )
        return Every(parts) if len(parts) > 1 else next(iter(parts), None)

    def ticks_of(self, question_id: str) -> Mapping[str, str] | None:
        """Option code to variable of a question that makes one column of 0 and 1 an option."""
        ticks = {
            str(v.item): v.id for v in self.variables_of(question_id) if v.measure is Measure.BINARY
        }
        return ticks or None

    def shown(
        self, question_id: str, columns: Mapping[str, Sequence[object]], n: int
    ) -> list[bool]:
        """For each of n respondents, whether the question was to be shown.

        ``columns`` holds answers by variable as given (reverse-keyed items not turned); a data
        frame will do.
        """
        condition = self.condition_of(question_id)
        if condition is None:
            return [True] * n
        asked = {test.question for test in tests_in(condition)} & set(self._by_id)
        chosen = {name: ticks for name in asked if (ticks := self.ticks_of(name))}
        return [bool(value) for value in shown(condition, columns, n, chosen)]

    def section_of(self, question_id: str) -> Section:
        """The section that holds the question; raises KeyError when there is none."""
        return self._by_id[question_id][1]

    def variable(self, variable_id: str) -> Variable:
        """The column of that id; raises KeyError when there is none."""
        return self._variables_by_id[variable_id]

    def variables_of(self, question_id: str) -> tuple[Variable, ...]:
        """The columns that one question makes."""
        return self.question(question_id).variables(self.context(question_id))

    def context(self, question_id: str) -> Context:
        """What the question has to know of this questionnaire."""
        section = self.section_of(question_id)
        return Context(self.languages, self.scales, section.id, section.block)

    def decode(
        self,
        question_id: str,
        columns: Mapping[str, Sequence[object]],
        language: str | None = None,
    ) -> Mapping[str, Decoded]:
        """The cells of one question as answers, by variable.

        Parameters
        ----------
        question_id : str
        columns : mapping of column to cells
            By variable id; by question id where several answers are joined in one cell.
        language : str, optional
            The language of labels, where it is known.
        """
        return self.question(question_id).decode(self.context(question_id), columns, language)

    def encode(
        self,
        question_id: str,
        values: Mapping[str, Sequence[object]],
        *,
        labels: bool = False,
        language: str | None = None,
    ) -> Mapping[str, tuple[object, ...]]:
        """The answers to one question as cells, so that :meth:`decode` gives them back."""
        return self.question(question_id).encode(
            self.context(question_id), values, labels=labels, language=language
        )

    def derive(
        self, columns: Mapping[str, Sequence[object]], n: int
    ) -> Mapping[str, tuple[object, ...]]:
        """The derived answers of n respondents by variable, in the order asked.

        A derived answer may be computed from an earlier one.

        Parameters
        ----------
        columns : mapping of variable to values of length n
            As answered (reverse-keyed items not turned); a data frame will do.
        """
        found: dict[str, tuple[object, ...]] = {}
        for question in self.questions:
            if isinstance(question, Derived):
                known = {
                    name: found[name] if name in found else columns[name]
                    for name in question.sources
                    if name in found or name in columns
                }
                found[question.id] = question.derive(known, n)
        return found
