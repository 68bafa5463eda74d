"""The result of analysing numbers and categories together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from persona.analysis.axes import AxisPoles
from persona.errors import Problem


@dataclass(frozen=True)
class MixedMap:
    """Respondents, numbers and categories on the same axes, numbered from 1.

    ``eigenvalues`` are variances of the axes, ``explained`` their shares. A number's coordinate
    is its correlation with the axis (its covariance where numbers were not scaled); a category's
    is the mean of the respondents who chose it, by (question, category). Contributions of numbers
    and categories to an axis add up to 1 together, those of rows too. ``question_coordinates``
    are squared links: r2 of a number, eta2 of a question with categories. ``group_coordinates``
    are those of the groups of a multiple factor analysis, between 0 and 1, ``group_weights`` what
    each group's variance was divided by, ``rv`` how alike two groups lay respondents out.
    """

    eigenvalues: pd.Series[Any]
    explained: pd.Series[Any]
    row_coordinates: pd.DataFrame
    row_contributions: pd.DataFrame
    row_cos2: pd.DataFrame
    number_coordinates: pd.DataFrame
    number_contributions: pd.DataFrame
    number_cos2: pd.DataFrame
    category_coordinates: pd.DataFrame
    category_contributions: pd.DataFrame
    category_cos2: pd.DataFrame
    question_coordinates: pd.DataFrame
    question_contributions: pd.DataFrame
    v_tests: pd.DataFrame
    supplementary_coordinates: pd.DataFrame
    supplementary_cos2: pd.DataFrame
    supplementary_v_tests: pd.DataFrame
    supplementary_numbers: pd.DataFrame
    supplementary_eta2: pd.DataFrame
    group_coordinates: pd.DataFrame
    group_weights: pd.Series[Any]
    rv: pd.DataFrame
    axes: tuple[AxisPoles, ...]
    method: str
    options: Mapping[str, Any]
    n: int
    n_weighted: float
    warnings: tuple[Problem, ...]
