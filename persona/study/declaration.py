"""What a study file declares: questionnaire, answers, and the options of every stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from persona.audiences.options import AudienceOptions
from persona.questionnaire.parts import Identifier, Part
from persona.questionnaire.texts import DeclaredTexts
from persona.study.answer_options import (
    AnswersFile,
    QualityOptions,
    RecordsFile,
    WeightOptions,
    WeightsDeclared,
)
from persona.study.segment_options import Bases, Crossings, Names, SegmentationOptions
from persona.study.targeting_options import (
    Banners,
    CriterionOptions,
    Pairs,
    StrategyField,
    ValueOptions,
)
from persona.study.typing_options import TypingDeclared


def _file_alone(value: Any) -> Any:
    """``answers: answers.xlsx`` is short for ``answers: {file: answers.xlsx}``."""
    return {"file": value} if isinstance(value, str) else value


NUMBER_RULES = ("parallel", "map", "empirical_kaiser", "hull", "kaiser")


class FactorOptions(Part):
    """How batteries are factored; see :func:`persona.factor_analysis`."""

    n_factors: int | str = "parallel"
    method: Literal["minres", "ml", "principal_axis", "principal_components"] = "minres"
    rotation: Literal[
        "oblimin", "quartimin", "geomin", "promax", "varimax", "quartimax", "equamax", "none"
    ] = "oblimin"
    correlation: Literal["auto", "pearson", "spearman", "polychoric"] = "auto"
    missing: Literal["pairwise", "listwise"] = "pairwise"
    compare_data: bool = False

    @field_validator("n_factors")
    @classmethod
    def _number_or_rule(cls, value: int | str) -> int | str:
        if isinstance(value, int) and value >= 1:
            return value
        if isinstance(value, str) and value in NUMBER_RULES:
            return value
        raise ValueError(f"write a whole number from 1, or one of {', '.join(NUMBER_RULES)}")


class CorrespondenceOptions(Part):
    """Which questions make the map, and which are only placed on it.

    By default the categorical questions of the block ``behaves`` and of the basis make the map,
    and those of the block ``who`` are placed on it. Categories that fewer than 5 % chose shape no
    axis (``rare: passive``) unless the study says ``rare: keep``.
    """

    active: tuple[str, ...] | None = None
    supplementary: tuple[str, ...] | None = None
    rare: Literal["passive", "keep"] = "passive"


class ProfileOptions(Part):
    """How tables are tested and what is too small to show."""

    correction: Literal["fdr", "holm", "none"] = "fdr"
    suppress_below: Annotated[int, Field(ge=0)] = 5


class StudyFile(Part):
    """A study: one questionnaire, one file of answers, one set of options.

    Parameters
    ----------
    questionnaire : str
        Name of a shipped questionnaire, or a path beside the study file.
    languages : tuple of str, optional
        Languages of the report, the first is the one it opens in; default: the questionnaire's.
    quality : QualityOptions
        What counts as careless, and who is left out.
    weights : WeightOptions
        A question id or ``none`` stands for ``{start: ...}``.
    records : tuple of RecordsFile
        Customer records joined by key.
    date : date, optional
        When the field work ended, for the cover.
    value : ValueOptions
        Which numbers say what a customer is worth, and what addressing one costs.
    banners : tuple of BannerOptions
        Further tables; a list of question ids alone is the columns of one banner.
    criteria : tuple of CriterionOptions
        How attractive a segment is to us, and we to it.
    targets : tuple of int
        Segments to be addressed.
    needs : tuple of NeedPair
        Items of importance and satisfaction; by default those that ids or texts pair.
    segmentations : tuple of BasisOptions
        Further segmentations of the same respondents; a preset's name alone is enough.
    crossings : tuple of two names
        Segmentations whose cross table is shown; ``segments`` are those of the study.
    typing : TypingDeclared
        How the questions that place new people are chosen.
    evidence : mapping of strategy field to question ids
        What stands beside a field of the strategy sheet, in place of what kinds and ids say.
    audiences : AudienceOptions
        Consent, addresses and rules for lists that other systems take.
    """

    persona: Literal[1] = 1
    id: Identifier
    title: DeclaredTexts = Field(default_factory=dict)
    client: str = ""
    date: dt.date | None = None
    questionnaire: str
    answers: Annotated[AnswersFile, BeforeValidator(_file_alone)]
    languages: tuple[str, ...] | None = None
    seed: Annotated[int, Field(ge=0)] = 0
    quality: QualityOptions = Field(default_factory=QualityOptions)
    weights: WeightsDeclared = Field(default_factory=WeightOptions)
    records: tuple[RecordsFile, ...] = ()
    factors: FactorOptions = Field(default_factory=FactorOptions)
    correspondence: CorrespondenceOptions = Field(default_factory=CorrespondenceOptions)
    segmentation: SegmentationOptions = Field(default_factory=SegmentationOptions)
    profile: ProfileOptions = Field(default_factory=ProfileOptions)
    value: ValueOptions = Field(default_factory=ValueOptions)
    banners: Banners = ()
    criteria: tuple[CriterionOptions, ...] = ()
    targets: tuple[Annotated[int, Field(ge=1)], ...] = ()
    needs: Pairs = ()
    segmentations: Bases = ()
    crossings: Crossings = ()
    typing: TypingDeclared = Field(default_factory=TypingDeclared)
    evidence: Mapping[StrategyField, Names] = Field(default_factory=dict)
    audiences: AudienceOptions = Field(default_factory=AudienceOptions)
    theme: str | None = None
    pictures: Mapping[int, str] = Field(default_factory=dict)
