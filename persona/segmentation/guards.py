"""What commonly makes segments that are not there: measured and said."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from persona.errors import Problem
from persona.segmentation.fit import Data, Fit
from persona.segmentation.planning import Plan


def check(
    data: Data, method: str, fit: Fit, made: Plan
) -> tuple[Mapping[str, pd.DataFrame], list[Problem]]:
    """Tables to show and warnings to give."""
    return {}, []
