"""The sections of a study report, in their order; one file of plain data and one template each."""

from __future__ import annotations

from persona.registry import Registry
from persona.report.sections import (
    comparison,
    factors,
    findings,
    maps,
    method,
    personas,
    quality,
    segments,
    tables,
)
from persona.report.sections.base import Context, Section

SECTIONS: Registry[Section] = Registry("section")

for _module in (
    findings,
    personas,
    segments,
    comparison,
    tables,
    factors,
    maps,
    quality,
    method,
):
    SECTIONS.register(_module.SECTION.id, _module.SECTION)

__all__ = ["SECTIONS", "Context", "Section"]
