"""The one form that every file of answers takes before a questionnaire is matched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import Problem
from persona.responses.table import RawTable

if TYPE_CHECKING:
    from persona.responses.structure import SurveyVariable

COMPLETE, PARTIAL, TEST = "complete", "partial", "test"


@dataclass(frozen=True)
class SurveyColumn:
    """What an export says of one column, whatever its answers.

    Parameters
    ----------
    id : str
        Stable name, unique within the export.
    number : int
        Column of the table, from 0.
    text : str
        The question.
    option : str
        The item, row or option that this column alone stands for; empty when there is none.
    parent : str or None
        Name of the grid or set of options that the column belongs to.
    form : str or None
        ``"grid"``, ``"multiple"``, ``"ranking"`` or ``"other"`` (words beside an option), where
        the export says so.
    labels : mapping of code to label
        Where the export has both.
    missing : mapping of code to meaning
        Codes that the export declares as no answer.
    names : tuple of str
        Other names that a questionnaire may know the column by.
    system : bool
        Written by the platform, not asked: times, addresses, ids of its own.
    """

    id: str
    number: int
    text: str = ""
    option: str = ""
    parent: str | None = None
    form: str | None = None
    labels: Mapping[Any, str] = field(default_factory=dict)
    missing: Mapping[Any, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    system: bool = False


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
        from persona.responses.structure import find_structure

        return find_structure(self)

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


def complete(n: int) -> NDArray[np.str_]:
    """The states of n respondents who all answered to the end."""
    return np.full(n, COMPLETE, dtype="<U8")
