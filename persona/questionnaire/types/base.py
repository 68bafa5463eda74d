"""What every type of question has, and the registry that new types join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field

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


class Question(Part):
    """One question, whatever its type."""

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

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """The columns this question makes, in order."""
        raise NotImplementedError

    def missing_codes(self, context: Context) -> tuple[MissingCode, ...]:
        """The codes that stand for no answer to this question."""
        return missing_codes(self.missing)

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


TYPES: Registry[type[Question]] = Registry("question type")
