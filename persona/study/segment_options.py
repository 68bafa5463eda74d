"""What a study says about one way of making segments: the method and the options it takes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from persona.questionnaire.parts import Identifier, Part
from persona.questionnaire.texts import DeclaredTexts

OTHER_NAMES: Mapping[str, str] = {
    "demography": "demographic",
    "geography": "geographic",
    "firmography": "firmographic",
    "psychography": "psychographic",
    "behaviour": "behavioural",
    "behavior": "behavioural",
    "need": "needs",
    "benefits": "benefit",
}
"""Names of bases as people say them, and what the presets are called."""

SegmentMethod = Literal[
    "auto",
    "kmeans",
    "ward",
    "mixture",
    "latent_class",
    "medoids",
    "consensus",
    "rule",
    "bands",
    "rfm",
    "abc",
]
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "kmeans": ("starts",),
    "ward": ("consolidate",),
    "mixture": ("starts", "covariance"),
    "latent_class": ("starts", "covariates"),
    "rule": ("rules",),
    "bands": ("column", "edges", "bands"),
    "rfm": ("recency", "frequency", "money", "recency_high_is_recent"),
    "abc": ("column", "shares"),
}
"""The options that a method takes; the others take none."""
BY_RULE = ("rule", "bands", "rfm", "abc")
"""Methods that search for nothing: what the user says makes the segments."""
OF_A_SEARCH = ("k", "k_range", "max_missing", "represent", "centre", "held_out", "basis")
"""Keys without a meaning where a rule makes the segments."""
RFM_PARTS = ("recency", "frequency", "money")
Share = Annotated[float, Field(gt=0, lt=1)]


def several(value: Any) -> Any:
    """One name, or one code, is short for a list of one."""
    return (value,) if isinstance(value, str | int) and not isinstance(value, bool) else value


Names = Annotated[tuple[str, ...], BeforeValidator(several)]


class SegmentRule(Part):
    """One segment of a rule: what it is called, and of whom it is made.

    ``when`` is a condition as ``shown_if`` of a questionnaire has it.
    """

    name: DeclaredTexts
    when: str


def _rules(value: Any) -> Any:
    """``{Heavy users: visits >= 10}`` is short for a list of names and conditions."""
    if not isinstance(value, Mapping):
        return value
    return tuple({"name": str(name), "when": when} for name, when in value.items())


class WayOptions(Part):
    """How one segmentation is made.

    Parameters
    ----------
    preset : str, optional
        ``demographic geographic firmographic psychographic needs benefit behavioural value``: the
        questions of these kinds.
    basis : question ids, optional
        In place of the questions of the preset.
    method : str
        One of :data:`persona.segmentation.methods.METHODS`, or ``auto``.
    centre : bool
        Take each respondent's own mean out of the scales first (response style).
    starts, consolidate, covariance, covariates
        Of methods that search; see :func:`persona.segment`. Covariates are question ids.
    rules : list of name and condition
        Of ``rule``: who satisfies the first belongs to it, and so on; the others are "others".
    column : question id
        Of ``bands`` and ``abc``: the number that is cut.
    edges, bands
        Where bands begin, or how many of equal size there are.
    shares : two numbers
        Of ``abc``: what A, and A and B together, bring.
    recency, frequency, money : question ids
        Of ``rfm``. Recency is a date, or days since; with ``recency_high_is_recent`` a score.
    """

    preset: str | None = None
    basis: Names | None = None
    centre: bool = False
    starts: Annotated[int, Field(ge=1)] | None = None
    consolidate: bool = True
    covariance: Literal["common", "own", "diagonal"] = "common"
    covariates: Names = ()
    rules: Annotated[tuple[SegmentRule, ...], BeforeValidator(_rules)] = ()
    column: str | None = None
    edges: tuple[float, ...] = ()
    bands: Annotated[int, Field(ge=2)] = 4
    shares: tuple[Share, Share] = (0.8, 0.95)
    recency: str | None = None
    frequency: str | None = None
    money: str | None = None
    recency_high_is_recent: bool = False

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        """The name of a preset alone is short for it; presets go by several names."""
        if isinstance(value, str):
            value = {"preset": value}
        if isinstance(value, Mapping) and isinstance(value.get("preset"), str):
            return {**value, "preset": OTHER_NAMES.get(value["preset"], value["preset"])}
        return value

    @field_validator("edges", "shares")
    @classmethod
    def _rising(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if any(second <= first for first, second in pairwise(value)):
            raise ValueError("write the numbers from low to high")
        return value


class SegmentationOptions(WayOptions):
    """What the segments of the study are made of and how.

    Parameters
    ----------
    basis : question ids, optional
        Default: those of the preset, else every question of role ``basis``.
    represent : "auto", "items" or "factors"
        ``items`` takes the answers as they are, ``factors`` the factor scores of each battery
        and the correspondence coordinates of categorical questions; ``auto`` takes factors where
        the battery has a sound factor solution.
    k, k_range
        How many segments, or between which numbers ``auto`` chooses.
    max_missing : float
        Share of the basis that a respondent may leave unanswered and still get a segment; 0 takes
        complete respondents alone (listwise).
    held_out : bool
        Test the basis on respondents, and by segments, that it did not make.
    """

    represent: Literal["auto", "items", "factors"] = "auto"
    method: SegmentMethod = "auto"
    k: Annotated[int, Field(ge=1)] | Literal["auto"] = "auto"
    k_range: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]] = (2, 8)
    max_missing: Annotated[float, Field(ge=0, le=1)] = 0.5
    held_out: bool = False

    @field_validator("k_range")
    @classmethod
    def _range_in_order(cls, value: tuple[int, int]) -> tuple[int, int]:
        if value[0] > value[1]:
            raise ValueError("k_range needs the smaller number first")
        return value


class BasisOptions(WayOptions):
    """One further segmentation of the same respondents.

    Parameters
    ----------
    method, k, k_range
        As for the segmentation of the study. Without a method the answers to a single question
        are the segments, ``value`` is cut into quarters, and the others are searched for.
    """

    id: Identifier = ""
    title: DeclaredTexts = Field(default_factory=dict)
    method: SegmentMethod | None = None
    k: Annotated[int, Field(ge=1)] | Literal["auto"] = "auto"
    k_range: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]] = (2, 6)

    @model_validator(mode="before")
    @classmethod
    def _called(cls, value: Any) -> Any:
        """Without an id it goes by its preset, or by its method."""
        if isinstance(value, str):
            value = {"preset": value}
        if not isinstance(value, Mapping) or value.get("id") is not None:
            return value
        name = value.get("preset") or value.get("method")
        if not isinstance(name, str):
            return value
        return {**value, "id": OTHER_NAMES.get(name, name)}

    @model_validator(mode="after")
    def _made_of_something(self) -> BasisOptions:
        if self.preset is None and not self.basis and self.method not in BY_RULE:
            raise ValueError("a segmentation needs a preset, a basis, or a rule")
        return self


Bases = Annotated[tuple[BasisOptions, ...], BeforeValidator(several)]


def _one_pair(value: Any) -> Any:
    """Two names alone are one crossing."""
    pair = isinstance(value, list | tuple) and all(isinstance(name, str) for name in value)
    return (value,) if pair and value else value


Crossings = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_one_pair)]
"""Pairs of segmentations whose cross table is shown; ``segments`` are the study's own."""
