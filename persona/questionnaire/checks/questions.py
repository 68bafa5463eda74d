"""Each question in itself: what its type finds wrong, and what holds for all types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from persona.errors import Problem, error, warning
from persona.questionnaire.assembling import Assembled
from persona.questionnaire.checks.walking import Standing, standing


def check(parts: Assembled) -> Iterator[Problem]:
    """Problems that show in one question alone."""
    for stand in standing(parts):
        for path, problem in stand.question.check(stand.context):
            place = stand.at(*path)
            yield replace(
                problem, file=place["file"], line=place["line"], position=place["position"]
            )
        yield from _bounds(stand)
        if stand.question.sensitive and stand.question.required:
            yield warning(
                "question.sensitive_required",
                "The question is sensitive, yet an answer is required.",
                **stand.at("required"),
                remedy="Let respondents leave it out, or offer an answer for declining.",
            )


def _bounds(stand: Standing) -> Iterator[Problem]:
    pairs = (("minimum", "maximum"), ("earliest", "latest"), ("fewest", "most"))
    for low_name, high_name in pairs:
        low = getattr(stand.question, low_name, None)
        high = getattr(stand.question, high_name, None)
        if low is not None and high is not None and low > high:
            yield error(
                "question.bounds",
                "{low_name} {low} is above {high_name} {high}.",
                **stand.at(low_name),
                remedy="Exchange the two.",
                values={"low_name": low_name, "low": low, "high_name": high_name, "high": high},
            )
