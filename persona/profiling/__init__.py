"""Segments described and compared: crosstabs, profiles, value, targets and personas."""

from persona.profiling.attractiveness import AttractivenessPoint, Criterion, attractiveness
from persona.profiling.banners import BannerBook, banner_book
from persona.profiling.bases import PRESETS, BasesComparison, compare_bases, preset_basis
from persona.profiling.crosstab_result import Crosstab
from persona.profiling.crosstabs import crosstab
from persona.profiling.eight_questions import EightAnswer, eight_questions
from persona.profiling.group_description import GroupDescription, describe_groups
from persona.profiling.opportunity import Opportunity, opportunities
from persona.profiling.persona import Persona
from persona.profiling.portraits import personas
from persona.profiling.profiles import profile
from persona.profiling.result import Profile
from persona.profiling.scorecard import Scorecard, scorecards
from persona.profiling.strategy import StrategySheet, strategy_sheets
from persona.profiling.worth import ValueAnalysis, value_analysis

__all__ = [
    "PRESETS",
    "AttractivenessPoint",
    "BannerBook",
    "BasesComparison",
    "Criterion",
    "Crosstab",
    "EightAnswer",
    "GroupDescription",
    "Opportunity",
    "Persona",
    "Profile",
    "Scorecard",
    "StrategySheet",
    "ValueAnalysis",
    "attractiveness",
    "banner_book",
    "compare_bases",
    "crosstab",
    "describe_groups",
    "eight_questions",
    "opportunities",
    "personas",
    "preset_basis",
    "profile",
    "scorecards",
    "strategy_sheets",
    "value_analysis",
]
