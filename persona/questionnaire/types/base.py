"""What every type of question has, and the registry that new types join."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from pydantic import Field

from persona.errors import Problem
from persona.questionnaire.decoding import Decoded, Reader, decode_column
from persona.questionnaire.labels import label_of
from persona.questionnaire.parts import (
    Code,
    Identifier,
    Kind,
    Missing,
    Part,
    Role,
    Scale,
    Sensitivity,
    missing_codes,
)
from persona.questionnaire.readers import reader_for
from persona.questionnaire.texts import DeclaredTexts, Texts
from persona.questionnaire.variables import Measure, MissingCode, Variable
from persona.registry import Registry


@dataclass(frozen=True)
class Context:
    """What a question has to know of the questionnaire around it."""

    languages: tuple[str, ...]
    scales: Mapping[str, Scale]
    section: str
    block: str

    def scale(self, name: str) -> Scale:
        """The shared scale of that name; one without points when there is none."""
        return self.scales.get(name) or Scale(points={})


Finding: TypeAlias = tuple[tuple[str | int, ...], Problem]
"""A problem of a question and the path to it, such as ``("options", 2)``."""


class Question(Part, ABC):
    """One question, whatever its type.

    A new type is one file and one registration:

    1. Write ``types/<name>.py`` with a class of this base. Annotate ``type`` with
       ``Literal["<name>"]`` and add the fields that the type takes; the fields are the keys of
       the YAML, and the JSON Schema follows from them.
    2. Say in ``asked`` how it is asked, and in ``analyses`` where it may enter.
    3. Give its columns in ``variables``, each made by :meth:`variable`.
    4. Where the columns' measures and categories do not say how a cell is read, override
       :meth:`reader`; where columns have to be seen together, :meth:`decode` and
       :meth:`encode`.
    5. Tell in :meth:`check` what can be wrong with such a question.
    6. End the file with ``TYPES.register("<name>", TheClass)`` and name the module in
       ``types/__init__.py``.

    The test over all registered types then asks for it: what :meth:`encode` writes,
    :meth:`decode` has to read.

    Parameters
    ----------
    id, type, kind, role : str
    text, help : Texts
    required : bool
        The field is to insist on an answer.
    shown_if : str, optional
        A condition on earlier questions; see :mod:`persona.questionnaire.conditions`.
    sensitive : bool or str
        Health, belief, origin and the like: asked with a notice, never required.
    missing : mapping of code to Missing
        Codes that stand for no answer, and why.
    original : mapping of key to text
        What the file it was brought in from says of it beyond this language, such as an
        expression; it goes out again in that format.
    """

    asked: ClassVar[str] = ""
    analyses: ClassVar[tuple[str, ...]] = ()

    type: str
    id: Identifier
    kind: Kind
    role: Role = "descriptor"
    text: DeclaredTexts = Field(default_factory=dict)
    help: DeclaredTexts = Field(default_factory=dict)
    required: bool = False
    shown_if: str | None = None
    sensitive: bool | Sensitivity = False
    missing: Mapping[Code, Missing] = Field(default_factory=dict)
    original: Mapping[str, str] = Field(default_factory=dict)

    @abstractmethod
    def variables(self, context: Context) -> tuple[Variable, ...]:
        """The columns this question makes, in order."""

    def missing_codes(self, context: Context) -> tuple[MissingCode, ...]:
        """The codes that stand for no answer to this question."""
        return missing_codes(self.missing)

    def check(self, context: Context) -> Iterator[Finding]:
        """What is wrong with the question in itself, each with the keys that lead to it."""
        yield from ()

    def reader(self, variable: Variable, context: Context, language: str | None) -> Reader:
        """What reads one cell of a column."""
        return reader_for(variable, language)

    def decode(
        self,
        context: Context,
        columns: Mapping[str, Sequence[object]],
        language: str | None = None,
    ) -> Mapping[str, Decoded]:
        """Cells to answers.

        Parameters
        ----------
        context : Context
        columns : mapping of column to cells
            By the id of the variable. A question that may be answered in one joined cell
            takes its own id too.
        language : str, optional
            The language of labels, where it is known.

        Returns
        -------
        mapping of variable to Decoded
            Those that the columns give.
        """
        return {
            variable.id: decode_column(
                variable.id, columns[variable.id], self.reader(variable, context, language)
            )[0]
            for variable in self.variables(context)
            if variable.id in columns
        }

    def encode(
        self,
        context: Context,
        values: Mapping[str, Sequence[object]],
        *,
        labels: bool = False,
        language: str | None = None,
    ) -> Mapping[str, tuple[object, ...]]:
        """Answers to cells, so that :meth:`decode` gives them back.

        ``values`` holds codes, numbers, days and texts by variable; a missing code may stand
        among them, None is an empty cell. With ``labels`` closed answers are written as the
        respondent reads them.
        """
        return {
            variable.id: encode_column(
                variable, values[variable.id], labels, language or context.languages[0]
            )
            for variable in self.variables(context)
            if variable.id in values
        }

    def variable(
        self,
        context: Context,
        measure: Measure,
        *,
        suffix: str = "",
        item: str | None = None,
        text: Texts | None = None,
        **more: Any,
    ) -> Variable:
        """A column of this question with what it inherits filled in."""
        name = more.pop("id", f"{self.id}_{suffix}" if suffix else self.id)
        more.setdefault("missing", self.missing_codes(context))
        more.setdefault("kind", self.kind)
        more.setdefault("role", self.role)
        return Variable(
            id=name,
            question=self.id,
            item=item,
            measure=measure,
            text=self.text if text is None else text,
            question_text=self.text,
            block=context.block,
            section=context.section,
            sensitive=bool(self.sensitive),
            **more,
        )


def encode_column(
    variable: Variable, values: Sequence[object], labels: bool, language: str
) -> tuple[object, ...]:
    """The cells of one column."""
    if not labels or not (variable.categories or variable.missing):
        return tuple("" if value is None else value for value in values)
    return tuple(
        "" if value is None else label_of(value, variable.categories, variable.missing, language)
        for value in values
    )


TYPES: Registry[type[Question]] = Registry("question type")
