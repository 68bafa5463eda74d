"""The sections of a study report, in their order; one file of plain data and one template each."""

from __future__ import annotations

from persona.registry import Registry
from persona.report.sections import (
    bases,
    comparison,
    factors,
    findings,
    maps,
    method,
    opportunities,
    personas,
    quality,
    questions,
    scorecard,
    segment_evidence,
    segments,
    strategy,
    tables,
    typing_questions,
    value,
)
from persona.report.sections.base import Context, Section

SECTIONS: Registry[Section] = Registry("section")

for _module in (
    findings,
    personas,
    segments,
    value,
    opportunities,
    scorecard,
    strategy,
    typing_questions,
    questions,
    bases,
    comparison,
    tables,
    factors,
    maps,
    segment_evidence,
    quality,
    method,
):
    SECTIONS.register(_module.SECTION.id, _module.SECTION)

__all__ = ["SECTIONS", "Context", "Section"]
