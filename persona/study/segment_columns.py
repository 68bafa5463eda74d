"""Which columns make segments by a rule, where the study leaves them to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from persona.questionnaire import Questionnaire
from persona.questionnaire.variables import Measure, Variable
from persona.study.segment_options import RFM_PARTS, WayOptions
from persona.study.segment_rules import askable, columns_of

if TYPE_CHECKING:
    from persona.study.declaration import StudyFile

_NUMBERS = (Measure.RATIO, Measure.INTERVAL, Measure.ORDINAL)


def numbers(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The variables that can be cut into bands."""
    return tuple(variable.id for variable in questionnaire.variables if _is_number(variable))


def _is_number(variable: Variable) -> bool:
    codes_count = all(isinstance(category.code, int) for category in variable.categories)
    return variable.measure in _NUMBERS and codes_count


def date_or_number(variable: Variable, key: str) -> bool:
    """Whether a variable can be what an option needs; recency may be a day."""
    return _is_number(variable) or (key == "recency" and variable.measure is Measure.DATE)


def part_of(part: str, questionnaire: Questionnaire) -> str | None:
    """The variable that goes by the name of a part of recency, frequency, money."""
    names = {part, f"{part}_days"} if part == "recency" else {part}
    return next(
        (v.id for v in questionnaire.variables if v.id in names and date_or_number(v, part)), None
    )


def column_of(file: StudyFile, way: WayOptions, questionnaire: Questionnaire) -> str | None:
    """What ABC and quarters of value go by when nothing is said: margin, revenue, or value."""
    if getattr(way, "method", None) == "bands" and way.preset != "value":
        return None
    declared = (*file.value.margin, *file.value.revenue)
    known = set(numbers(questionnaire))
    worth = (v.id for v in questionnaire.variables if v.kind == "value" and v.id in known)
    return next((name for name in (*declared, *worth) if name in known), None)


def columns_by_rule(
    file: StudyFile, way: WayOptions, questionnaire: Questionnaire
) -> tuple[str, ...]:
    """The columns that make segments by a rule, in the order the study names them."""
    method = getattr(way, "method", None)
    if method == "rule":
        known = askable(questionnaire)
        return tuple(dict.fromkeys(c for rule in way.rules for c in columns_of(rule.when, known)))
    if method == "rfm":
        named = ((getattr(way, part) or part_of(part, questionnaire)) for part in RFM_PARTS)
        return tuple(name for name in named if name is not None)
    column = way.column or column_of(file, way, questionnaire)
    return () if column is None else (column,)
