"""The types of question, one a file; importing this package registers them all."""

from persona.questionnaire.types import (
    constant_sum,
    date,
    derived,
    grid,
    maxdiff,
    money,
    multiple,
    nps,
    number,
    ranking,
    rating,
    semantic_differential,
    single,
    text,
)
from persona.questionnaire.types.base import TYPES, Context, Question

__all__ = [
    "TYPES",
    "Context",
    "Question",
    "constant_sum",
    "date",
    "derived",
    "grid",
    "maxdiff",
    "money",
    "multiple",
    "nps",
    "number",
    "ranking",
    "rating",
    "semantic_differential",
    "single",
    "text",
]
