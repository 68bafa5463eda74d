"""What a study says about value, banners and bases, held against its questionnaire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from persona.errors import Problem, error
from persona.questionnaire import Questionnaire
from persona.questionnaire.complaints import Origin
from persona.study.targeting_options import SEGMENTS

if TYPE_CHECKING:
    from persona.study.declaration import StudyFile

Path = tuple[str | int, ...]
Named = tuple[Path, str, tuple[str, ...]]
"""Where a name stands, the name, and the names there are."""


def names_of_targeting(file: StudyFile, questionnaire: Questionnaire) -> list[Named]:
    """Every question or variable that these keys name."""
    questions = tuple(question.id for question in questionnaire.questions)
    variables = tuple(variable.id for variable in questionnaire.variables)
    numbers = tuple(variable.id for variable in questionnaire.variables if variable.numeric)
    named: list[Named] = []
    for part in ("revenue", "margin", "potential"):
        for name in getattr(file.value, part):
            named.append((("value", part), name, numbers))
    for place, banner in enumerate(file.banners):
        at: Path = ("banners", place)
        for column in banner.columns:
            named += [(at, name, questions) for name in column if name != SEGMENTS]
        named += [((*at, "questions"), name, questions) for name in banner.questions or ()]
        named += [((*at, "where"), name, variables) for name in banner.where]
    for place, pair in enumerate(file.needs):
        for part in ("importance", "satisfaction"):
            named.append((("needs", place), getattr(pair, part), variables))
    for field, names in file.evidence.items():
        named += [(("evidence", field), name, questions) for name in names]
    return named


def against_targeting(file: StudyFile, root: Origin) -> list[Problem]:
    """Ids that stand twice."""
    twice = _twice([basis.id for basis in file.segmentations])
    twice |= _twice([criterion.id for criterion in file.criteria])
    return [
        error(
            "study.twice",
            "The id {name!r} stands twice.",
            **root.at("segmentations"),
            found=name,
            remedy="Give each its own id.",
            values={"name": name},
        )
        for name in sorted(twice)
    ]


def _twice(names: list[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}
