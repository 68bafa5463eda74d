"""The one form that every file of answers takes before a questionnaire is matched."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import Problem
from persona.responses.structure import SurveyVariable, find_structure
from persona.responses.survey import SurveyColumn
from persona.responses.table import RawTable


@dataclass(frozen=True)
class SurveyExport:
    """Answers as a survey platform or program exports them.

    Parameters
    ----------
    platform : str
        Name of the source: ``"qualtrics"``, ``"google_forms"``, ``"table"`` and others.
    table : RawTable
    columns : tuple of SurveyColumn
    states : array of str
        ``"complete"``, ``"partial"`` or ``"test"``, one a respondent.
    problems : tuple of Problem
    """

    platform: str
    table: RawTable
    columns: tuple[SurveyColumn, ...]
    states: NDArray[np.str_]
    problems: tuple[Problem, ...] = ()

    @property
    def n(self) -> int:
        """Number of respondents."""
        return self.table.n

    @cached_property
    def variables(self) -> tuple[SurveyVariable, ...]:
        """The columns with their type, batteries and sets of options as the answers show them."""
        return find_structure(self.table, self.columns)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Raw cells, one row a respondent, named by the stable names; blanks are None."""
        data = {
            column.id: pd.Series(
                [None if value == "" else value for value in self.table.column(column.number)],
                dtype=object,
            )
            for column in self.columns
        }
        frame = pd.DataFrame(data)
        frame.index = pd.Index(self.table.rows, name="row")
        return frame

    @cached_property
    def status(self) -> pd.Series:
        """Complete, partial or test, one a respondent."""
        return pd.Series(self.states, index=pd.Index(self.table.rows, name="row"), name="status")
