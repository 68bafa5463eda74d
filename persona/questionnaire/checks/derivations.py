"""Derived answers: that what they are computed from is asked, earlier, and can be counted with."""

from __future__ import annotations

from collections.abc import Iterator

from persona.errors import Problem, error
from persona.questionnaire.assembling import Assembled
from persona.questionnaire.checks.walking import standing
from persona.questionnaire.complaints import did_you_mean
from persona.questionnaire.types.derived import Derived
from persona.questionnaire.variables import NUMERIC, Variable


def check(parts: Assembled) -> Iterator[Problem]:
    """Problems of derived questions that show only beside the others."""
    stands = list(standing(parts))
    everywhere = {v.id: v for stand in stands for v in stand.question.variables(stand.context)}
    earlier: dict[str, Variable] = {}
    for stand in stands:
        own = stand.question.variables(stand.context)
        if isinstance(stand.question, Derived):
            for name in stand.question.sources:
                place = stand.at(_key(stand.question))
                if name not in everywhere and name not in parts.failed:
                    yield error(
                        "derived.unknown",
                        "It is computed from {name!r}, which is not a column.",
                        **place,
                        remedy=did_you_mean(name, everywhere) or "Correct the id.",
                        values={"name": name},
                    )
                elif name in everywhere and name not in earlier:
                    yield error(
                        "derived.later",
                        "It is computed from {name!r}, which comes later or is itself.",
                        **place,
                        remedy="Move the derived question behind it.",
                        values={"name": name},
                    )
                elif name in earlier and not _fits(stand.question, earlier[name]):
                    yield error(
                        "derived.not_a_number",
                        "It is computed from {name!r}, which holds no numbers.",
                        **place,
                        remedy="Use a number, or a recode of its codes.",
                        values={"name": name},
                    )
        earlier |= {variable.id: variable for variable in own}


def _key(question: Derived) -> str:
    return next((k for k in ("bands", "recode", "sum", "mean") if getattr(question, k)), "type")


def _fits(question: Derived, source: Variable) -> bool:
    return question.recode is not None or source.measure in NUMERIC
