"""Segments described and compared: crosstabs, profiles, value, targets and personas.

Names are loaded when they are first used: a report of results needs few of them. Functions named
as their module, ``attractiveness`` and ``eight_questions``, are imported from there.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persona.profiling.attractiveness import AttractivenessPoint, Criterion
    from persona.profiling.banners import BannerBook, banner_book
    from persona.profiling.bases import PRESETS, BasesComparison, compare_bases, preset_basis
    from persona.profiling.crosstab_result import Crosstab
    from persona.profiling.crosstabs import crosstab
    from persona.profiling.eight_questions import EightAnswer
    from persona.profiling.group_description import GroupDescription, describe_groups
    from persona.profiling.opportunity import Opportunity, opportunities
    from persona.profiling.persona import Persona
    from persona.profiling.portraits import personas
    from persona.profiling.profiles import profile
    from persona.profiling.result import Profile
    from persona.profiling.scorecard import Scorecard, scorecards
    from persona.profiling.strategy import StrategySheet, strategy_sheets
    from persona.profiling.worth import ValueAnalysis, value_analysis

_WHERE = {
    "AttractivenessPoint": "attractiveness",
    "Criterion": "attractiveness",
    "BannerBook": "banners",
    "banner_book": "banners",
    "PRESETS": "bases",
    "BasesComparison": "bases",
    "compare_bases": "bases",
    "preset_basis": "bases",
    "Crosstab": "crosstab_result",
    "crosstab": "crosstabs",
    "EightAnswer": "eight_questions",
    "GroupDescription": "group_description",
    "describe_groups": "group_description",
    "Opportunity": "opportunity",
    "opportunities": "opportunity",
    "Persona": "persona",
    "personas": "portraits",
    "profile": "profiles",
    "Profile": "result",
    "Scorecard": "scorecard",
    "scorecards": "scorecard",
    "StrategySheet": "strategy",
    "strategy_sheets": "strategy",
    "ValueAnalysis": "worth",
    "value_analysis": "worth",
}

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
    "banner_book",
    "compare_bases",
    "crosstab",
    "describe_groups",
    "opportunities",
    "personas",
    "preset_basis",
    "profile",
    "scorecards",
    "strategy_sheets",
    "value_analysis",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"persona.profiling.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'persona.profiling' has no attribute {name!r}")
