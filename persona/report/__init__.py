"""Reports: HTML, PDF, Excel, PowerPoint and plain data from the results of a study.

The names are loaded when they are first asked for, so that importing ``persona.report`` costs
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from persona.report.decisions import read_decisions
    from persona.report.figures import figure_names, save_figure
    from persona.report.model import Decisions, StudyReport
    from persona.report.write import Written, write_all

__all__ = [
    "Decisions",
    "StudyReport",
    "Written",
    "figure_names",
    "read_decisions",
    "save_figure",
    "write_all",
]

_HOMES = {
    "Decisions": "model",
    "StudyReport": "model",
    "Written": "write",
    "read_decisions": "decisions",
    "figure_names": "figures",
    "save_figure": "figures",
    "write_all": "write",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"persona.report.{_HOMES[name]}"), name)
