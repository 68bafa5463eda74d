"""Which questions the segments are made from."""

from __future__ import annotations

from persona.questionnaire import Questionnaire
from persona.study.declaration import StudyFile
from persona.study.segment_columns import column_of, columns_by_rule
from persona.study.segment_options import BY_RULE, SegmentationOptions, WayOptions


def own_way(file: StudyFile, questionnaire: Questionnaire) -> SegmentationOptions:
    """How the segments of the study are made: value alone is cut into quarters."""
    way = file.segmentation
    quarters = way.model_copy(update={"method": "bands"})
    if (way.preset, way.basis, way.method, way.k) != ("value", None, "auto", "auto"):
        return way
    return way if column_of(file, quarters, questionnaire) is None else quarters


def basis_questions(file: StudyFile, questionnaire: Questionnaire) -> tuple[str, ...]:
    """What makes the segments of the study: its basis, its preset, or every question of role basis.

    Where a rule makes them, the questions it asks about.
    """
    way = own_way(file, questionnaire)
    if way.method in BY_RULE or way.basis is not None or way.preset is not None:
        return questions_of(file, way, questionnaire)
    return tuple(question.id for question in questionnaire.questions if question.role == "basis")


def questions_of(file: StudyFile, way: WayOptions, questionnaire: Questionnaire) -> tuple[str, ...]:
    """The questions that make one segmentation: of its rule, its basis, or its preset."""
    if getattr(way, "method", None) in BY_RULE:
        columns = columns_by_rule(file, way, questionnaire)
        return tuple(dict.fromkeys(questionnaire.variable(name).question for name in columns))
    return way.basis or preset_questions(questionnaire, str(way.preset))


def preset_questions(questionnaire: Questionnaire, preset: str) -> tuple[str, ...]:
    """The questions of a preset without those computed from others of it."""
    from persona.profiling import preset_basis

    questions = preset_basis(questionnaire, preset)
    asked = tuple(name for name in questions if questionnaire.question(name).type != "derived")
    return asked or questions
