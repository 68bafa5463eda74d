"""The one place that speaks to prince."""

from __future__ import annotations

import numpy as np
import pandas as pd

from persona.numeric.decompose import Singular, signs
from persona.numeric.moments import Array


def decompose_table(table: Array) -> Singular:
    """Singular vectors of a contingency table's standardised residuals, by prince.

    The engine is always scipy's: prince's default stops early and is off in the first digit.

    Parameters
    ----------
    table : array (r, c)
        Counts, no empty row or column.

    Returns
    -------
    Singular
        min(r, c) - 1 dimensions, signed by the package's one rule.

    Examples
    --------
    >>> decompose_table(np.array([[3.0, 1.0], [1.0, 3.0]])).values.round(6)
    array([0.5])
    """
    import prince

    size = min(table.shape) - 1
    fitted = prince.CA(n_components=size, engine="scipy").fit(pd.DataFrame(table))
    left = np.asarray(fitted.svd_.U, dtype=float)[:, :size]
    right = np.asarray(fitted.svd_.V, dtype=float)[:size].T
    flip = signs(right)
    return Singular(left * flip, np.asarray(fitted.svd_.s, dtype=float)[:size], right * flip)
