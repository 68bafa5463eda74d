"""The strategy sheet of each segment: what the user decides, beside what the data say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.errors import Problem, warning
from persona.profiling.opportunity import UNDERSERVED, Opportunity
from persona.profiling.persona import Statement
from persona.profiling.result import Profile, QuestionProfile, Texts
from persona.profiling.statements import candidates, rank

if TYPE_CHECKING:
    from persona.questionnaire import Questionnaire

FIELDS = ("offer", "message", "price", "channels", "retention", "expansion")
SHOWN = 3

_KINDS: Mapping[str, tuple[str, ...]] = {
    "offer": ("need", "benefit", "motive", "obstacle"),
    "message": ("psychographic",),
    "price": ("promotion",),
    "channels": ("channel",),
    "expansion": ("value",),
}
_TYPES: Mapping[str, tuple[str, ...]] = {"retention": ("nps",)}
# words that ids of such questions usually hold; a study names its own with ``evidence``
_WORDS: Mapping[str, tuple[str, ...]] = {
    "price": ("price", "promotion", "deal", "discount", "offer", "payment", "budget"),
    "retention": ("satisf", "loyal", "tenure", "complaint", "churn", "frequency"),
    "expansion": ("wallet", "potential", "cross_sell", "upsell"),
}


@dataclass(frozen=True, slots=True)
class StrategyField:
    """One cell of the sheet: the user's text, empty until given, and the evidence beside it.

    ``unmet`` are the needs of the segment with an opportunity of 10 or more; for the offer only.
    """

    field: str
    texts: Texts
    required: bool
    statements: tuple[Statement, ...]
    unmet: tuple[Opportunity, ...] = ()


@dataclass(frozen=True, slots=True)
class StrategySheet:
    """The sheet of one segment; ``missing`` are the required cells that are empty."""

    segment: int
    target: bool
    fields: tuple[StrategyField, ...]
    missing: tuple[str, ...]
    warnings: tuple[Problem, ...] = ()


def strategy_sheets(
    profile: Profile,
    questionnaire: Questionnaire,
    *,
    targets: Sequence[int] = (),
    texts: Mapping[int, Mapping[str, Texts]] | None = None,
    needs: Sequence[Opportunity] = (),
    evidence: Mapping[str, Sequence[str]] | None = None,
) -> tuple[StrategySheet, ...]:
    """One sheet a segment.

    Parameters
    ----------
    profile : Profile
    questionnaire : Questionnaire
    targets : sequence of int
        Segments chosen to be addressed; every cell of theirs is required.
    texts : mapping of segment to field to Texts, optional
        What the user filled in; fields are those of :data:`FIELDS`.
    needs : sequence of Opportunity
    evidence : mapping of field to question ids, optional
        Which questions stand beside a field; by default by kind, type and id.
    """
    given, sources = texts or {}, evidence or {}
    sheets = []
    for size in profile.segments:
        number = size.segment
        own = given.get(number, {})
        fields = tuple(
            StrategyField(
                field,
                dict(own.get(field, {})),
                number in targets,
                _beside(field, number, profile, questionnaire, sources.get(field)),
                _unmet(needs, number) if field == "offer" else (),
            )
            for field in FIELDS
        )
        missing = tuple(
            cell.field
            for cell in fields
            if cell.required and not any(text.strip() for text in cell.texts.values())
        )
        sheets.append(
            StrategySheet(number, number in targets, fields, missing, _warnings(number, missing))
        )
    return tuple(sheets)


def _beside(
    field: str,
    segment: int,
    profile: Profile,
    questionnaire: Questionnaire,
    chosen: Sequence[str] | None,
) -> tuple[Statement, ...]:
    """What the data say to a field, the most telling first; only what sets the segment apart."""
    found = [
        statement
        for question in profile.questions
        if (question.question in chosen if chosen is not None else _belongs(field, question))
        for statement in candidates(question, segment, questionnaire, profile)
        if statement.weight > 0
    ]
    return tuple(sorted(found, key=rank, reverse=True)[:SHOWN])


def _belongs(field: str, question: QuestionProfile) -> bool:
    named = any(word in question.question.casefold() for word in _WORDS.get(field, ()))
    return question.kind in _KINDS.get(field, ()) or question.type in _TYPES.get(field, ()) or named


def _unmet(needs: Sequence[Opportunity], segment: int) -> tuple[Opportunity, ...]:
    def score(need: Opportunity) -> float:
        return need.cells[segment - 1].opportunity or 0.0

    return tuple(
        sorted((need for need in needs if score(need) >= UNDERSERVED), key=lambda n: -score(n))
    )[:SHOWN]


def _warnings(segment: int, missing: Sequence[str]) -> tuple[Problem, ...]:
    if not missing:
        return ()
    return (
        warning(
            "strategy.missing",
            "Segment {segment} is a target, but its sheet has no {fields}.",
            remedy="Fill in the sheet of the segment in the workbook.",
            values={"segment": segment, "fields": ", ".join(missing)},
        ),
    )
