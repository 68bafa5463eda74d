"""What a segmentation gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from persona.errors import AnalysisError, Problem, error
from persona.segmentation.basis import Column
from persona.segmentation.coordinates import code_new
from persona.segmentation.evidence import Evidence
from persona.segmentation.fit import Model
from persona.segmentation.rules import UNDECIDED
from persona.segmentation.stability import Stability
from persona.segmentation.verdict import Verdict


@dataclass(frozen=True)
class Assignment:
    """Segments of respondents, new or old.

    Parameters
    ----------
    labels : Series
        1..k; missing where unassignable.
    probabilities : DataFrame
        Respondents by segments.
    unassignable : DataFrame
        ``reason`` on the index of those without a segment.
    """

    labels: pd.Series
    probabilities: pd.DataFrame
    unassignable: pd.DataFrame


@dataclass(frozen=True)
class Segmentation:
    """Respondents divided into segments, with the evidence.

    Parameters
    ----------
    labels : Series
        1..k on the index of the frame, largest segment (weighted) first; missing for those in
        ``unassignable``.
    probabilities : DataFrame
        Respondents by segments.
    k, method : int, str
    candidates : DataFrame
        Every number and method tried, with its evidence, ``chosen`` and ``reason``.
    stability : Stability
    verdict : Verdict
    centres : DataFrame
        Segments by bases in the user's units; answers of lists as shares.
    unassignable : DataFrame
        ``reason`` by respondent.
    sizes : DataFrame
        ``n n_weighted share`` of each segment.
    evidence : Evidence
    tables : mapping
        What guards measured, ready to be shown.
    n, n_weighted : int, float
        Respondents assigned, and the sum of their weights.
    options, seed
        What was asked for.
    warnings : tuple of Problem
    names : mapping
        Names that a rule gives its segments; empty otherwise.
    """

    labels: pd.Series
    probabilities: pd.DataFrame
    k: int
    method: str
    candidates: pd.DataFrame
    stability: Stability
    verdict: Verdict
    centres: pd.DataFrame
    unassignable: pd.DataFrame
    sizes: pd.DataFrame
    evidence: Evidence
    tables: Mapping[str, pd.DataFrame]
    n: int
    n_weighted: float
    options: Mapping[str, Any]
    seed: int
    warnings: tuple[Problem, ...]
    columns: tuple[Column, ...]
    model: Model
    order: tuple[int, ...]
    names: Mapping[int, str] = field(default_factory=dict)

    def assign(self, frame: pd.DataFrame, max_missing: float = 0.5) -> Assignment:
        """The segments of new respondents, by the rule this segmentation found.

        Raises
        ------
        AnalysisError
            When a basis is not among the columns.
        """
        absent = [str(c.name) for c in self.columns if c.name not in frame.columns]
        if absent:
            raise AnalysisError(
                error(
                    "segments.assign_columns",
                    "The bases {names} of the segmentation are not in the table.",
                    allowed=", ".join(str(c.name) for c in self.columns),
                    values={"names": ", ".join(absent)},
                )
            )
        coded = code_new(frame, self.columns)
        missing = np.column_stack([np.isnan(c.values) for c in coded]).mean(axis=1)
        member = self.model.assign(coded)[:, list(self.order)]
        limit = 1.0 if self.verdict.word == "given" else max_missing
        out = (missing > limit) | (missing == 1) | ~member.any(axis=1)
        return _assignment(frame.index, member, missing, out)


def _assignment(
    index: pd.Index, member: np.ndarray, missing: np.ndarray, out: np.ndarray
) -> Assignment:
    segments = pd.RangeIndex(1, member.shape[1] + 1, name="segment")
    probabilities = pd.DataFrame(member, index=index, columns=segments)
    probabilities.loc[out] = np.nan
    reasons = [
        UNDECIDED if share < 1 and not member[row].any() else f"{share:.0%} of the bases unanswered"
        for row, share in zip(np.flatnonzero(out), missing[out], strict=True)
    ]
    return Assignment(
        labels_on(index, np.flatnonzero(~out), member[~out].argmax(axis=1) + 1),
        probabilities,
        pd.DataFrame({"reason": reasons}, index=index[out], dtype="object"),
    )


def labels_on(index: pd.Index, rows: np.ndarray, labels: np.ndarray) -> pd.Series:
    """Labels on an index: whole numbers, missing for the rows that are not named."""
    if len(rows) == len(index):
        out = np.empty(len(index), dtype=np.int64)
        out[rows] = labels
        return pd.Series(out, index=index, name="segment")
    series = pd.Series(pd.NA, index=index, name="segment", dtype="Int64")
    series.iloc[rows] = labels
    return series
