"""Careless and copied answers: measures, flags, and a proposal whom to leave out."""

from __future__ import annotations

from persona.responses.quality.check import (
    CHECKS,
    Quality,
    QualityRules,
    check_quality,
)
from persona.responses.quality.effect import effect_of_exclusion

__all__ = ["CHECKS", "Quality", "QualityRules", "check_quality", "effect_of_exclusion"]
