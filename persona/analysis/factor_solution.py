"""The result of a factor analysis, and scores of respondents by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from persona.analysis.adequacy import Adequacy
from persona.analysis.correlation import Correlations
from persona.analysis.fit import FactorFit
from persona.analysis.general_factor import Omega
from persona.analysis.items import read_columns
from persona.analysis.naming import FactorItems
from persona.analysis.number_of_factors import ParallelAnalysis
from persona.analysis.reliability import Alpha
from persona.analysis.scores import Method as ScoreMethod
from persona.analysis.scores import Model, score
from persona.errors import Problem, warning
from persona.numeric.moments import Array, Moments


@dataclass(frozen=True)
class FactorSolution:
    """Factors of p items, m of them, ordered by the variance they explain.

    The largest loading of each factor is positive. Items are named as the frame's columns,
    factors ``F1`` to ``Fm``.

    ``loadings`` (p, m) are the pattern, ``structure`` the correlations of items with factors,
    ``phi`` (m, m) those of factors. ``communalities`` and ``uniquenesses`` have an entry an item.
    ``variance`` has a row a factor: ``ss_loadings``, ``proportion``, ``cumulative``,
    ``share_of_explained``. ``eigenvalues`` are those of the correlations, ``suggestions`` what
    each rule says about the number. ``scores`` (n, m) keep the frame's index; ``answered`` is the
    share of items each respondent answered. ``determinacy`` correlates scores with factors.
    ``made_of`` says which items make a factor and proposes a name; ``reliability`` holds alpha of
    those items, factors without two items left out, ``omega`` omega of them, factors without
    three left out.
    """

    loadings: pd.DataFrame
    structure: pd.DataFrame
    phi: pd.DataFrame
    communalities: pd.Series[Any]
    uniquenesses: pd.Series[Any]
    variance: pd.DataFrame
    eigenvalues: pd.Series[Any]
    scores: pd.DataFrame
    answered: pd.Series[Any]
    determinacy: pd.Series[Any]
    score_weights: pd.DataFrame
    fit: FactorFit
    suggestions: pd.DataFrame
    parallel: ParallelAnalysis
    correlation: Correlations
    adequacy: Adequacy
    reliability: Mapping[str, Alpha]
    omega: Mapping[str, Omega]
    made_of: tuple[FactorItems, ...]
    method: str
    rotation: str
    score_method: str
    options: Mapping[str, Any]
    seed: int
    n: int
    n_weighted: float
    converged: bool
    rotation_starts: int
    rotation_starts_at_best: int
    warnings: tuple[Problem, ...]
    standardisation: pd.DataFrame = field(repr=False)

    @property
    def n_factors(self) -> int:
        """How many factors there are."""
        return self.loadings.shape[1]

    @property
    def names(self) -> dict[str, str]:
        """The name proposed for each factor."""
        return {factor.factor: factor.proposal for factor in self.made_of}

    def score(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Scores of new respondents, on the scale of those analysed.

        Parameters
        ----------
        frame : DataFrame (n, any)
            All items by their names; other columns are left alone, missing answers may be NaN.

        Raises
        ------
        AnalysisError
            An item is absent, or its answers are no numbers.
        """
        values = read_columns(frame, tuple(self.loadings.index))
        standard = Moments(
            self.standardisation["mean"].to_numpy(), self.standardisation["deviation"].to_numpy()
        )
        method: Any = self.score_method
        return score_frame(
            values, frame.index, standard, self._model(), method, self.loadings.columns
        )[0]

    def _model(self) -> Model:
        return Model(
            self.correlation.matrix.to_numpy(),
            self.loadings.to_numpy(),
            self.phi.to_numpy(),
            self.uniquenesses.to_numpy(),
        )


def score_frame(
    values: Array,
    index: pd.Index,
    standard: Moments,
    model: Model,
    method: ScoreMethod,
    columns: pd.Index,
) -> tuple[pd.DataFrame, pd.Series[Any], tuple[Problem, ...]]:
    """Scores and shares of items answered, by the respondents' own index, and what is to be said.

    Parameters
    ----------
    values : array (n, p)
        Answers, NaN where missing.
    index : Index (n,)
    standard : Moments
        Of the respondents analysed.
    model : Model
    method : str
    columns : Index (m,)
    """
    standardised = (values - standard.mean) / np.where(
        standard.deviation > 0, standard.deviation, 1.0
    )
    found = score(standardised, model, method)
    said = []
    if found.silent:
        said.append(
            warning(
                "scores.silent",
                "{count} respondents answered none of the items and stand at the mean, 0.",
                values={"count": found.silent},
            )
        )
    if found.fallback - found.silent > 0 and method != "regression":
        said.append(
            warning(
                "scores.fallback",
                "{count} respondents answered too few items for {method} scores and have "
                "regression scores.",
                values={"count": found.fallback - found.silent, "method": str(method)},
            )
        )
    return (
        pd.DataFrame(found.values, index=index, columns=columns),
        pd.Series(found.answered, index=index, name="answered"),
        tuple(said),
    )
