"""The types of question, one a file; importing this package registers them all."""

from persona.questionnaire.types import date, grid, multiple, nps, number, single, text
from persona.questionnaire.types.base import TYPES, Context, Question

__all__ = [
    "TYPES",
    "Context",
    "Question",
    "date",
    "grid",
    "multiple",
    "nps",
    "number",
    "single",
    "text",
]
