"""What an export says of its columns and respondents, whatever the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Words with which programs write an empty cell.
NO_ANSWER_WORDS = frozenset({"na", "n/a", "#n/a", "nan", "null", "none", "<na>", "."})
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


def complete(n: int) -> NDArray[np.str_]:
    """The states of n respondents who all answered to the end."""
    return np.full(n, COMPLETE, dtype="<U8")
