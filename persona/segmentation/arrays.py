"""Names for the arrays that pass between modules."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
"""Real numbers; single precision where many runs are screened, double elsewhere."""

Labels = NDArray[np.intp]
"""Segments as 0..k-1, or positions of rows."""
