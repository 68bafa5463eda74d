"""What a study says about value, banners and bases, held against its questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from persona.errors import Problem, error
from persona.questionnaire import Questionnaire
from persona.questionnaire.complaints import Origin
from persona.registry import nearest
from persona.study.targeting_options import EVERY_BASIS, SEGMENTS

if TYPE_CHECKING:
    from persona.study.declaration import StudyFile

Path = tuple[str | int, ...]
Named = tuple[Path, str, tuple[str, ...]]
"""Where a name stands, the name, and the names there are."""

KINDS: Mapping[str, tuple[str, ...]] = {
    "demographic": ("demographic",),
    "geographic": ("geographic",),
    "firmographic": ("firmographic",),
    "psychographic": ("psychographic",),
    "needs": ("need", "motive", "obstacle"),
    "benefit": ("benefit",),
    "behavioural": ("behaviour", "channel", "journey", "situation", "promotion"),
    "value": ("value",),
}
"""The presets, as :data:`persona.profiling.PRESETS` has them: profiling is heavy to import."""


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
    for place, basis in enumerate(file.segmentations):
        named += [(("segmentations", place), name, questions) for name in basis.basis or ()]
    for field, names in file.evidence.items():
        named += [(("evidence", field), name, questions) for name in names]
    return named


def against_targeting(file: StudyFile, questionnaire: Questionnaire, root: Origin) -> list[Problem]:
    """What these keys ask for and the questionnaire does not have."""
    kinds = {question.kind for question in questionnaire.questions}
    problems = []
    for place, basis in enumerate(file.segmentations):
        preset, at = basis.preset, ("segmentations", place)
        if preset is None or preset == EVERY_BASIS or basis.basis:
            continue
        if preset not in KINDS:
            problems.append(_no_preset(preset, root, at))
        elif not kinds & set(KINDS[preset]):
            problems.append(
                error(
                    "basis.not_asked",
                    "The basis {name!r} needs questions of kind {kinds}, and none was asked.",
                    **root.at(*at),
                    found=preset,
                    remedy="Take it out, or name its questions under basis.",
                    values={"name": preset, "kinds": " or ".join(KINDS[preset])},
                )
            )
    twice = _twice([basis.id for basis in file.segmentations])
    twice |= _twice([criterion.id for criterion in file.criteria])
    problems += [
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
    return problems


def _twice(names: list[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}


def _no_preset(preset: str, root: Origin, at: Path) -> Problem:
    near = nearest(preset, KINDS)
    return error(
        "basis.preset",
        "There is no basis called {name!r}.",
        **root.at(*at),
        found=preset,
        allowed=", ".join((*KINDS, EVERY_BASIS)),
        remedy=f"Did you mean {near!r}?" if near else None,
        values={"name": preset},
    )
