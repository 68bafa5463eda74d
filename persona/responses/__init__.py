"""Answers: from the files researchers have to frames that are decoded, checked and explained."""

from __future__ import annotations

from persona.responses.combining import combine
from persona.responses.drafting import Draft, draft_questionnaire
from persona.responses.export import SurveyExport
from persona.responses.matching import ColumnMatch
from persona.responses.missing import MissingPicture, MissingPolicy, apply_policy, missing_picture
from persona.responses.model import ReadFrom, Responses
from persona.responses.problems_book import group_problems, write_problems
from persona.responses.proposals import propose_mapping, write_mapping
from persona.responses.quality import Quality, QualityRules, check_quality, effect_of_exclusion
from persona.responses.raking import Raking, rake
from persona.responses.reading import read_export
from persona.responses.records import Purchases, join_records, recency_frequency_money
from persona.responses.saving import save_excel, save_spss
from persona.responses.table import RawTable
from persona.responses.targets import read_targets

__all__ = [
    "ColumnMatch",
    "Draft",
    "MissingPicture",
    "MissingPolicy",
    "Purchases",
    "Quality",
    "QualityRules",
    "Raking",
    "RawTable",
    "ReadFrom",
    "Responses",
    "SurveyExport",
    "apply_policy",
    "check_quality",
    "combine",
    "draft_questionnaire",
    "effect_of_exclusion",
    "group_problems",
    "join_records",
    "missing_picture",
    "propose_mapping",
    "rake",
    "read_export",
    "read_targets",
    "recency_frequency_money",
    "save_excel",
    "save_spss",
    "write_mapping",
    "write_problems",
]
