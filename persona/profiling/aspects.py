"""Sides of a persona with a place of their own: needs, motives, obstacles, channels and more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from persona.profiling.forms import form_of
from persona.profiling.persona import Aspect, AspectQuestion, Figure
from persona.profiling.result import Profile, QuestionProfile, Row
from persona.profiling.statements import evidence_of

if TYPE_CHECKING:
    from persona.questionnaire.model import Questionnaire

KINDS: Mapping[str, tuple[str, ...]] = {
    "needs": ("need", "benefit"),
    "motives": ("motive",),
    "obstacles": ("obstacle",),
    "channels": ("channel",),
    "journey": ("journey",),
    "situation": ("situation",),
    "promotion": ("promotion",),
}
"""Each aspect with the kinds of question that make it, in the order shown."""

MOST_FIGURES = 8
"""Answers of one question that are kept; a question about a path keeps all its steps."""


def aspect_of(kind: str) -> str | None:
    """The aspect that questions of a kind belong to; None where they have no place of their own.

    Examples
    --------
    >>> aspect_of("benefit")
    'needs'
    """
    return next((aspect for aspect, kinds in KINDS.items() if kind in kinds), None)


def aspects_of(segment: int, profile: Profile, questionnaire: Questionnaire) -> tuple[Aspect, ...]:
    """Every aspect of one segment, asked or not, with the answers that most of it give.

    Parameters
    ----------
    segment : int
        1 to k.
    profile : Profile
    questionnaire : Questionnaire
    """
    found = []
    for aspect, kinds in KINDS.items():
        own = [one for one in profile.questions if one.kind in kinds and one.base > 0]
        questions = tuple(_question(one, segment, profile, questionnaire) for one in own)
        found.append(Aspect(aspect, bool(own), questions))
    return tuple(found)


def _question(
    question: QuestionProfile, segment: int, profile: Profile, questionnaire: Questionnaire
) -> AspectQuestion:
    """The figures of one question: a path in its order, all else the most frequent first."""
    figures = []
    for row in _rows(question):
        cell = row.cells[segment - 1]
        if cell.value is None or cell.mark == "**":
            continue
        found = form_of(row, cell, tested=question.tested, level=max(profile.levels))
        evidence = evidence_of(question, row, segment, questionnaire)
        figures.append(Figure(evidence, found.form if found else None))
    if question.kind != "journey" or question.type not in ("single", "derived"):
        figures.sort(key=lambda one: -one.evidence.value)
        figures = figures[:MOST_FIGURES]
    return AspectQuestion(question.question, question.text, question.type, tuple(figures))


def _rows(question: QuestionProfile) -> Sequence[Row]:
    """One line an answer or item: the plainest statistic that the question has."""
    if question.type in ("text", "date"):
        return ()
    rows = question.rows
    if question.type == "ranking":
        ranked = [row for row in rows if row.statistic == "percent" and row.category is None]
        return ranked or [row for row in rows if row.statistic == "percent"]
    for statistic in ("nps", "top_box"):
        if joined := [row for row in rows if row.statistic == statistic]:
            return joined
    return [row for row in rows if row.statistic == "percent"] or [
        row for row in rows if row.statistic == "mean"
    ]
