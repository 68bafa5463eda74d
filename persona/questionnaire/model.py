"""The questionnaire, as every other room sees it."""

from __future__ import annotations

from persona.questionnaire.declaration import Declaration, Section
from persona.questionnaire.parts import Item, Missing, Option, Scale
from persona.questionnaire.types import Question

__all__ = ["Item", "Missing", "Option", "Question", "Questionnaire", "Scale", "Section"]


class Questionnaire(Declaration):
    """A questionnaire: its languages, scales and sections of questions."""
