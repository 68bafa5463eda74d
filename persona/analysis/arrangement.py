"""Loadings, factor correlations and all that follows from them, moved together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from persona.numeric.decompose import signs
from persona.numeric.moments import Array


@dataclass(frozen=True)
class Arranged:
    """Loadings, phi and all that follows from them, moved together."""

    loadings: Array
    phi: Array

    def arranged(self) -> Arranged:
        """Ordered by variance, largest loadings positive."""
        order = np.argsort(-self.variance, kind="stable")
        turned = self.loadings[:, order]
        flip = signs(turned)
        return Arranged(turned * flip, self.phi[np.ix_(order, order)] * np.outer(flip, flip))

    def towards(self, target: Array) -> Arranged:
        """In the target's order and with its signs; largest positive where it has none."""
        agreement = np.nansum(target * self.loadings, axis=0)
        flip = np.where(agreement != 0, np.sign(agreement), signs(self.loadings))
        return Arranged(self.loadings * flip, self.phi * np.outer(flip, flip))

    @property
    def variance(self) -> Array:
        """Sums of squares: diagonal of phi L'L."""
        return np.asarray(np.diag(self.phi @ self.loadings.T @ self.loadings))

    @property
    def reproduced(self) -> Array:
        """loadings phi loadings'."""
        return self.loadings @ self.phi @ self.loadings.T


def tables_of(arranged: Arranged, index: pd.Index) -> dict[str, Any]:
    """Loadings and what follows from them alone, with names, by field of the solution.

    Parameters
    ----------
    arranged : Arranged
    index : Index (p,)
        Items.
    """
    factors = [f"F{number + 1}" for number in range(arranged.loadings.shape[1])]
    loadings = pd.DataFrame(arranged.loadings, index=index, columns=factors)
    phi = pd.DataFrame(arranged.phi, index=factors, columns=factors)
    communalities = pd.Series(np.diag(arranged.reproduced).copy(), index=index)
    return {
        "loadings": loadings,
        "structure": loadings @ phi,
        "phi": phi,
        "communalities": communalities,
        "uniquenesses": 1 - communalities,
        "variance": _variance_table(arranged.variance, len(index), factors),
    }


def _variance_table(variance: Array, items: int, factors: list[str]) -> pd.DataFrame:
    proportion = variance / items
    return pd.DataFrame(
        {
            "ss_loadings": variance,
            "proportion": proportion,
            "cumulative": np.cumsum(proportion),
            "share_of_explained": variance / max(float(variance.sum()), 1e-300),
        },
        index=factors,
    )
