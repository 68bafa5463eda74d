"""Factor and correspondence analysis of plain frames, loaded when a name is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persona.analysis.adequacy import bartlett, kmo
    from persona.analysis.bootstrap import bootstrap_loadings
    from persona.analysis.comparison import compare_factors, compare_groups
    from persona.analysis.correlation import correlations, polychoric
    from persona.analysis.correspondence import CorrespondenceMap, correspondence_analysis
    from persona.analysis.factors import FactorSolution, factor_analysis
    from persona.analysis.general_factor import omega
    from persona.analysis.map_tests import (
        bootstrap_ellipses,
        group_ellipses,
        permutation_test,
        permutation_test_of_questions,
    )
    from persona.analysis.mixed import (
        MixedMap,
        mixed_data_analysis,
        multiple_factor_analysis,
        principal_component_analysis,
    )
    from persona.analysis.multiple_correspondence import (
        MultipleCorrespondence,
        multiple_correspondence_analysis,
    )
    from persona.analysis.number_of_factors import ParallelAnalysis, parallel_analysis
    from persona.analysis.reliability import alpha
    from persona.analysis.simulated_populations import comparison_data

_WHERE = {
    "bartlett": "adequacy",
    "kmo": "adequacy",
    "bootstrap_loadings": "bootstrap",
    "compare_factors": "comparison",
    "compare_groups": "comparison",
    "comparison_data": "simulated_populations",
    "bootstrap_ellipses": "map_tests",
    "group_ellipses": "map_tests",
    "permutation_test": "map_tests",
    "permutation_test_of_questions": "map_tests",
    "MixedMap": "mixed",
    "mixed_data_analysis": "mixed",
    "multiple_factor_analysis": "mixed",
    "principal_component_analysis": "mixed",
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
    "omega": "general_factor",
    "alpha": "reliability",
}

__all__ = [
    "CorrespondenceMap",
    "FactorSolution",
    "MixedMap",
    "MultipleCorrespondence",
    "ParallelAnalysis",
    "alpha",
    "bartlett",
    "bootstrap_ellipses",
    "bootstrap_loadings",
    "compare_factors",
    "compare_groups",
    "comparison_data",
    "correlations",
    "correspondence_analysis",
    "factor_analysis",
    "group_ellipses",
    "kmo",
    "mixed_data_analysis",
    "multiple_correspondence_analysis",
    "multiple_factor_analysis",
    "omega",
    "parallel_analysis",
    "permutation_test",
    "permutation_test_of_questions",
    "polychoric",
    "principal_component_analysis",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = value
    return value
