"""Factor and correspondence analysis of plain frames, loaded when a name is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persona.analysis.adequacy import bartlett, kmo
    from persona.analysis.correlation import correlations, polychoric
    from persona.analysis.correspondence import CorrespondenceMap, correspondence_analysis
    from persona.analysis.factors import FactorSolution, factor_analysis
    from persona.analysis.multiple_correspondence import (
        MultipleCorrespondence,
        multiple_correspondence_analysis,
    )
    from persona.analysis.number_of_factors import ParallelAnalysis, parallel_analysis
    from persona.analysis.omega import omega
    from persona.analysis.reliability import alpha

_WHERE = {
    "bartlett": "adequacy",
    "kmo": "adequacy",
    "correlations": "correlation",
    "polychoric": "correlation",
    "CorrespondenceMap": "correspondence",
    "correspondence_analysis": "correspondence",
    "MultipleCorrespondence": "multiple_correspondence",
    "multiple_correspondence_analysis": "multiple_correspondence",
    "FactorSolution": "factors",
    "factor_analysis": "factors",
    "ParallelAnalysis": "number_of_factors",
    "parallel_analysis": "number_of_factors",
    "omega": "omega",
    "alpha": "reliability",
}

__all__ = [
    "CorrespondenceMap",
    "FactorSolution",
    "MultipleCorrespondence",
    "ParallelAnalysis",
    "alpha",
    "bartlett",
    "correlations",
    "correspondence_analysis",
    "factor_analysis",
    "kmo",
    "multiple_correspondence_analysis",
    "omega",
    "parallel_analysis",
    "polychoric",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = value  # a submodule may carry the same name, as omega does
    return value
