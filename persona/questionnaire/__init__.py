"""Questionnaires: their model, their files, their types of question.

The model is loaded when it is first asked for: what is known of single variables needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persona.questionnaire.model import Questionnaire

__all__ = ["Questionnaire"]


def __getattr__(name: str) -> Any:
    if name == "Questionnaire":
        from persona.questionnaire.model import Questionnaire

        return Questionnaire
    raise AttributeError(f"module 'persona.questionnaire' has no attribute {name!r}")
