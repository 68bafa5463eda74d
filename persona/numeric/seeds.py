"""Random generators from any seed a user may give."""

from __future__ import annotations

import numpy as np


def generator(seed: int | None) -> np.random.Generator:
    """A random generator of any whole number, also a negative one; none counts as 0.

    Parameters
    ----------
    seed : int or None

    Examples
    --------
    >>> bool(generator(-1).integers(10) == generator(-1).integers(10))
    True
    """
    number = 0 if seed is None else int(seed)
    entropy = [abs(number), 1] if number < 0 else number
    return np.random.default_rng(np.random.SeedSequence(entropy))
