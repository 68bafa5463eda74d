"""Answers: from the files researchers have to frames that are decoded, checked and explained."""

from __future__ import annotations

from persona.responses.matching import ColumnMatch
from persona.responses.model import ReadFrom, Responses
from persona.responses.raking import Raking, rake
from persona.responses.reading import read_export
from persona.responses.survey import SurveyExport
from persona.responses.table import RawTable

__all__ = [
    "ColumnMatch",
    "Raking",
    "RawTable",
    "ReadFrom",
    "Responses",
    "SurveyExport",
    "rake",
    "read_export",
]
