"""What a study says about its typing tool, held against its questionnaire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from persona.errors import Problem, error
from persona.questionnaire import Questionnaire
from persona.questionnaire.complaints import Origin
from persona.questionnaire.parts import Part
from persona.questionnaire.variables import Measure, Variable

if TYPE_CHECKING:
    from persona.study.declaration import StudyFile

Path = tuple[str | int, ...]
Named = tuple[Path, str, tuple[str, ...]]
"""Where a name stands, the name, and the names there are."""
_NEVER = {Measure.TEXT, Measure.DATE, Measure.IDENTIFIER, Measure.WEIGHT}


class TypingDeclared(Part):
    """How the questions that place new people are chosen.

    Parameters
    ----------
    questions : "auto" or a number
        How many are asked; ``auto`` takes the fewest that are as good as any, 5 to 12.
    pool : "basis", "all", "records" or ids
        Where they are chosen from: the questions the segments were made from, every closed
        question, customer records alone, or these.
    include, exclude : ids of questions or variables
        Asked in any case, and in no case. Sensitive questions are asked only when named here.
    uncertain_odds : float
        Odds of the best segment to the second, below which a placing is uncertain.
    max_missing : int, optional
        Questions that may be left unanswered; by default a quarter of them, rounded down.
    """

    questions: Annotated[int, Field(ge=1, le=100)] | Literal["auto"] = "auto"
    pool: Literal["basis", "all", "records"] | tuple[str, ...] = "basis"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    uncertain_odds: Annotated[float, Field(ge=1, le=1000)] = 2.0
    max_missing: Annotated[int, Field(ge=0)] | None = None


def names_of_typing(file: StudyFile, questionnaire: Questionnaire) -> list[Named]:
    """Every question or variable that ``typing:`` names."""
    variables = questionnaire.variables
    known = tuple(dict.fromkeys((*(v.question for v in variables), *(v.id for v in variables))))
    options = file.typing
    pool = () if isinstance(options.pool, str) else options.pool
    parts = (("pool", pool), ("include", options.include), ("exclude", options.exclude))
    return [
        (("typing", part, place), name, known)
        for part, names in parts
        for place, name in enumerate(names)
    ]


def against_typing(file: StudyFile, questionnaire: Questionnaire, root: Origin) -> list[Problem]:
    """What ``typing:`` asks for and cannot have."""
    options = file.typing
    problems = []
    for place, name in enumerate(options.include):
        own = [one for one in questionnaire.variables if name in (one.id, one.question)]
        if own and not any(_askable(one) for one in own):
            problems.append(
                error(
                    "typing.not_askable",
                    "The typing tool cannot ask {name}: it takes answers from a list and numbers, "
                    "as they are given.",
                    **root.at("typing", "include", place),
                    found=name,
                    remedy="Name a closed question or a number.",
                    values={"name": name},
                )
            )
        if name in options.exclude:
            problems.append(
                error(
                    "typing.both",
                    "The typing tool is to ask {name} and not to ask it.",
                    **root.at("typing", "include", place),
                    found=name,
                    remedy="Name it under include or under exclude.",
                    values={"name": name},
                )
            )
    if options.pool == "records" and not file.records:
        problems.append(
            error(
                "typing.no_records",
                "The typing tool is to ask customer records alone, and the study joins none.",
                **root.at("typing", "pool"),
                remedy="Join records under records:, or choose another pool.",
            )
        )
    return problems


def _askable(variable: Variable) -> bool:
    return variable.measure not in _NEVER and not variable.derived and not variable.raw
