"""Segments described and compared: crosstabs, profiles, value, targets and personas."""

from persona.profiling.crosstab_result import Crosstab
from persona.profiling.crosstabs import crosstab
from persona.profiling.persona import Persona
from persona.profiling.portraits import personas
from persona.profiling.profiles import profile
from persona.profiling.result import Profile

__all__ = ["Crosstab", "Persona", "Profile", "crosstab", "personas", "profile"]
