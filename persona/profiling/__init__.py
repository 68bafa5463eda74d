"""Segments described and compared: crosstabs, profiles, value, targets and personas."""

from persona.profiling.crosstabs import crosstab

__all__ = ["crosstab"]
