"""Which questions the segments are made from."""

from __future__ import annotations

from persona.questionnaire import Questionnaire
from persona.study.declaration import StudyFile


def basis_questions(file: StudyFile, questionnaire: Questionnaire) -> tuple[str, ...]:
    """The basis that the study names, else every question of role ``basis``."""
    if file.segmentation.basis is not None:
        return file.segmentation.basis
    return tuple(question.id for question in questionnaire.questions if question.role == "basis")
