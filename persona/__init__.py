"""From a declared customer questionnaire to segments and personas that can be defended.

Names are loaded when they are first used, so that ``import persona`` and ``persona --help`` stay
quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from persona.analysis import (
        alpha,
        bartlett,
        correspondence_analysis,
        factor_analysis,
        kmo,
        multiple_correspondence_analysis,
        omega,
        parallel_analysis,
        polychoric,
    )
    from persona.profiling import crosstab
    from persona.questionnaire import Questionnaire
    from persona.responses import Responses, rake, read_export
    from persona.segmentation import segment
    from persona.study import Study

_HOMES = {
    "Questionnaire": "persona.questionnaire",
    "Responses": "persona.responses",
    "Study": "persona.study",
    "alpha": "persona.analysis",
    "bartlett": "persona.analysis",
    "correspondence_analysis": "persona.analysis",
    "crosstab": "persona.profiling",
    "factor_analysis": "persona.analysis",
    "kmo": "persona.analysis",
    "multiple_correspondence_analysis": "persona.analysis",
    "omega": "persona.analysis",
    "parallel_analysis": "persona.analysis",
    "polychoric": "persona.analysis",
    "rake": "persona.responses",
    "read_export": "persona.responses",
    "segment": "persona.segmentation",
}

__all__ = [
    "Questionnaire",
    "Responses",
    "Study",
    "alpha",
    "bartlett",
    "correspondence_analysis",
    "crosstab",
    "factor_analysis",
    "kmo",
    "multiple_correspondence_analysis",
    "omega",
    "parallel_analysis",
    "polychoric",
    "rake",
    "read_export",
    "segment",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'persona' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
