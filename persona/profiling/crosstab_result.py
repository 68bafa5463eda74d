"""What a crosstab of a plain frame returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona.errors import Problem


@dataclass(frozen=True, eq=False)
class CrosstabMeans:
    """Means by column; rows are variables.

    ``p_values`` and ``p_adjusted`` have one column a pair of columns, after Welch.
    """

    mean: pd.DataFrame
    median: pd.DataFrame
    standard_deviation: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    index: pd.DataFrame
    base: pd.DataFrame
    weighted_base: pd.DataFrame
    effective_base: pd.DataFrame
    letters: pd.DataFrame
    p_values: pd.DataFrame
    p_adjusted: pd.DataFrame
    total: pd.Series[float]


@dataclass(frozen=True, eq=False)
class Crosstab:
    """A table, or a book of tables, with bases, intervals and tests.

    Frames have the user's own values as rows and columns; when several questions were asked for,
    both levels of the name stand there: question and answer.

    Attributes
    ----------
    counts, weighted_counts : DataFrame
        Respondents, and sums of their weights.
    percent, row_percent, low, high : DataFrame
        Percent (0 to 100) of the column's and of the row's base, 95 % interval of the first.
    base, weighted_base, effective_base : Series or DataFrame
        Of each column: respondents who answered, sum of weights, (sum w)^2 / sum w^2. With several
        rows questions a frame with one line a question.
    total_percent, total_base : Series
        Over everybody who answered, whatever the column.
    index : DataFrame
        100 times percent over the total percent.
    letters : DataFrame
        Columns of the same group that a cell is significantly above: lower case at the first
        level, upper case at the second, after correction.
    column_letters : Series
    p_values, p_adjusted : DataFrame
        One column a pair of columns; NaN where a base is below the minimum and no test was made.
    marks : Series or DataFrame
        ``**`` base under 30, ``*`` 30 to 99.
    residuals : DataFrame
        Adjusted standardised residuals (on weights scaled to n).
    tests : DataFrame
        One line a pair of questions: chi-square, Cramer's V, Rao and Scott's F when weighted.
    means : CrosstabMeans or None
    warnings : tuple of Problem
        What was left out, suppressed, or should be read with care.

    Notes
    -----
    A percent or a mean without a base, and a suppressed one, is NaN in these frames.
    """

    counts: pd.DataFrame
    weighted_counts: pd.DataFrame
    percent: pd.DataFrame
    row_percent: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    base: pd.Series[float] | pd.DataFrame
    weighted_base: pd.Series[float] | pd.DataFrame
    effective_base: pd.Series[float] | pd.DataFrame
    total_percent: pd.Series[float]
    total_base: pd.Series[float]
    index: pd.DataFrame
    letters: pd.DataFrame
    column_letters: pd.Series[str]
    p_values: pd.DataFrame
    p_adjusted: pd.DataFrame
    marks: pd.Series[str] | pd.DataFrame
    residuals: pd.DataFrame
    tests: pd.DataFrame
    means: CrosstabMeans | None
    correction: str
    levels: tuple[float, float]
    n: int
    weighted_n: float
    effective_n: float
    warnings: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        """Percents with their letters and bases, a dash where there is nothing to show."""
        figures = self.percent.to_numpy(dtype=np.float64).tolist()
        cells = [
            [
                f"{'–' if value != value else f'{value:.1f}'} {letters}".strip()
                for value, letters in zip(line, marks, strict=True)
            ]
            for line, marks in zip(figures, self.letters.to_numpy().tolist(), strict=True)
        ]
        shown = pd.DataFrame(cells, index=self.percent.index, columns=self.percent.columns)
        bases = self.base.to_frame().T if isinstance(self.base, pd.Series) else self.base
        return f"{shown.to_string()}\n\nBase\n{bases.to_string()}"

    def _of_one_table(self, figure: str) -> float | None:
        if len(self.tests) != 1:
            return None
        value = self.tests[figure].iloc[0]
        return None if pd.isna(value) else float(value)

    @property
    def chi_square(self) -> float | None:
        """Pearson's chi-square of the only table; None in a book (see ``tests``)."""
        return self._of_one_table("chi_square")

    @property
    def degrees(self) -> float | None:
        """Degrees of freedom of ``chi_square``."""
        return self._of_one_table("degrees")

    @property
    def p_value(self) -> float | None:
        """p of the only table: of chi-square, or of Rao and Scott's F when weighted."""
        return self._of_one_table("p_value")

    @property
    def cramers_v(self) -> float | None:
        """Cramer's V of the only table."""
        return self._of_one_table("cramers_v")

    @property
    def expected_below_5(self) -> float | None:
        """Share (0 to 1) of expected cells below five in the only table."""
        return self._of_one_table("expected_below_5")
