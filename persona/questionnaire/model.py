"""The questionnaire, as every other room sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from persona.questionnaire.building import declaration_of, from_data
from persona.questionnaire.declaration import Declaration, Section
from persona.questionnaire.load import load
from persona.questionnaire.parts import Item, Missing, Option, Scale
from persona.questionnaire.types import Question
from persona.questionnaire.yaml_reading import parse_yaml

__all__ = ["Item", "Missing", "Option", "Question", "Questionnaire", "Scale", "Section"]


class Questionnaire(Declaration):
    """A questionnaire: its languages, scales and sections of questions.

    Examples
    --------
    >>> questionnaire = Questionnaire.from_yaml('''
    ... id: tea
    ... sections:
    ...   - id: habits
    ...     block: behaves
    ...     questions:
    ...       - {id: cups, type: number, kind: behaviour, text: How many cups a day?, minimum: 0}
    ... ''')
    >>> [variable.id for variable in questionnaire.variables]
    ['cups']
    """

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A questionnaire from a file, or a shipped one by name.

        Raises
        ------
        QuestionnaireError
            With every problem of the file at once.
        """
        return cls._of(load(path))

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """The questionnaire that a YAML text declares."""
        return cls._of(declaration_of(parse_yaml(text)))

    @classmethod
    def from_data(cls, data: Any) -> Self:
        """The questionnaire that dictionaries and lists declare, as a YAML file would."""
        return cls._of(from_data(data))

    @classmethod
    def _of(cls, declaration: Declaration) -> Self:
        parts = {name: getattr(declaration, name) for name in Declaration.model_fields}
        return cls.model_construct(**parts)
