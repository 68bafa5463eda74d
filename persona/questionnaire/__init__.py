"""Questionnaires: their model, their files, their types of question."""

from persona.questionnaire.model import Questionnaire

__all__ = ["Questionnaire"]
