"""Bases of segments: that there can be any, and that they are not what is to be explained."""

from __future__ import annotations

from collections.abc import Iterator

from persona.errors import Problem, error, note, warning
from persona.questionnaire.assembling import Assembled
from persona.questionnaire.checks.walking import standing

_NEVER = frozenset({"id", "weight"})


def check(parts: Assembled) -> Iterator[Problem]:
    """Problems of the questions that are to make the segments."""
    bases = [stand for stand in standing(parts) if stand.question.role == "basis"]
    for stand in bases:
        question = stand.question
        if question.kind in _NEVER:
            yield error(
                "basis.not_an_answer",
                "An {kind} cannot be a basis of segments.",
                **stand.at("role"),
                remedy="Leave role out.",
                values={"kind": question.kind},
            )
        elif question.kind == "value":
            yield warning(
                "basis.is_value",
                "The value of a customer is a basis here, so segments will differ in value by "
                "construction.",
                **stand.at("role"),
                remedy="Make it a descriptor, unless segments by value are wanted.",
            )
    usable = [s for s in bases if s.question.type not in ("text", "date")]
    open_ended = [s for s in bases if s.question.kind not in _NEVER]
    if open_ended and not usable:
        yield error(
            "basis.verbatims_only",
            "The only bases of segments are texts and dates, which cannot be counted with.",
            **open_ended[0].at("role"),
            remedy="Make a battery or another closed question a basis.",
        )
    if not bases:
        yield note(
            "basis.none",
            "No question is a basis of segments, so a study has to name its own.",
            **parts.root.at(),
            remedy="Add role: basis to the batteries that are to make the segments.",
        )
