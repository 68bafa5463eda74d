"""What a study says about value, banners, criteria, targets, needs and further segmentations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from persona.questionnaire.parts import Identifier, Part
from persona.questionnaire.texts import DeclaredTexts
from persona.study.segment_options import Names, several

SEGMENTS = "segments"
"""The word that stands for the study's own segments among banner columns."""
EVERY_BASIS = "all"
"""Every preset that the questionnaire has questions for."""
StrategyField = Literal["offer", "message", "price", "channels", "retention", "expansion"]


Codes = Annotated[tuple[int | str, ...], BeforeValidator(several)]
Share = Annotated[float, Field(ge=0)]
Score = Annotated[float, Field(ge=0, le=10)]


def _for_every_segment(value: Any) -> Any:
    """A cost alone holds for every segment, which is number 0."""
    return {0: value} if isinstance(value, int | float) and not isinstance(value, bool) else value


class ValueOptions(Part):
    """Which numbers say what a customer is worth.

    Parameters
    ----------
    revenue, margin, potential : question ids
        Several are summed. Without any, the first number of kind ``value`` is the revenue.
    cost : number, or mapping of segment to number
        Of addressing one member, in the unit of the value; what a segment brings less its cost
        decides whether it is worth addressing.
    """

    revenue: Names = ()
    margin: Names = ()
    potential: Names = ()
    cost: Annotated[Mapping[int, Share], BeforeValidator(_for_every_segment)] = Field(
        default_factory=dict
    )

    def cost_of(self, segment: int) -> float:
        """What addressing one member of a segment costs."""
        return self.cost.get(segment, self.cost.get(0, 0.0))


class BannerOptions(Part):
    """One set of banner tables.

    Parameters
    ----------
    columns : list
        Question ids and the word ``segments``; a list within the list nests them.
    questions : question ids, optional
        The rows; default: every question.
    where : mapping of question to codes, optional
        Only respondents with these answers are counted.
    title : text, optional
    """

    columns: Annotated[tuple[Names, ...], Field(min_length=1)]
    questions: Names | None = None
    where: Mapping[str, Codes] = Field(default_factory=dict)
    title: DeclaredTexts = Field(default_factory=dict)


def _one_banner(value: Any) -> Any:
    """A list of question ids alone is the columns of one banner."""
    if not isinstance(value, list | tuple) or not value:
        return value
    columns = not any(isinstance(one, Mapping | BannerOptions) for one in value)
    return ({"columns": value},) if columns else value


Banners = Annotated[tuple[BannerOptions, ...], BeforeValidator(_one_banner)]


class CriterionOptions(Part):
    """One criterion of attractiveness, with what it weighs.

    Parameters
    ----------
    axis : "segment" or "us"
        Whether it makes the segment attractive to us, or us attractive to the segment.
    weight : number
        Weights of an axis are made to sum to 1.
    scores : mapping of segment to 0 .. 10
        Judged by the user; empty where ``measured`` takes them from the data.
    measured : str
        ``size``, ``revenue``, ``margin``, ``potential`` or ``best_customers``.
    """

    id: Identifier
    text: DeclaredTexts = Field(default_factory=dict)
    axis: Literal["segment", "us"] = "segment"
    weight: Share = 1.0
    scores: Mapping[int, Score] = Field(default_factory=dict)
    measured: Literal["", "size", "revenue", "margin", "potential", "best_customers"] = ""


def _pair(value: Any) -> Any:
    """``[importance, satisfaction]`` is short for the mapping."""
    if isinstance(value, list | tuple) and len(value) == 2:
        return {"importance": value[0], "satisfaction": value[1]}
    return value


class NeedPair(Part):
    """How important a need is, and how well it is met: two items on scales."""

    importance: str
    satisfaction: str


Pairs = tuple[Annotated[NeedPair, BeforeValidator(_pair)], ...]
