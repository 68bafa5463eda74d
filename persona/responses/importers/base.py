"""What every importer does, and the registry that new sources join."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from persona.questionnaire.cells import normal
from persona.registry import Registry
from persona.responses.cells import shown
from persona.responses.export import SurveyExport
from persona.responses.headers import Known
from persona.responses.survey import SurveyColumn
from persona.responses.table import Loaded
from persona.responses.workbook import Sheet

_TOP = 12


@dataclass(frozen=True)
class View:
    """One sheet as importers look at it: its first rows as texts.

    Parameters
    ----------
    loaded : Loaded
    sheet : Sheet
    known : callable, optional
        Tells ids and texts of the questionnaire that is to be matched.
    header_rows : tuple of int, optional
        1-based header rows that the user names.
    """

    loaded: Loaded
    sheet: Sheet
    known: Known | None = None
    header_rows: tuple[int, ...] | None = None

    @cached_property
    def top(self) -> tuple[tuple[str, ...], ...]:
        """The first rows, as texts."""
        cells = self.sheet.cells
        return tuple(
            tuple(shown(value).strip() for value in cells.row(number))
            for number in range(min(_TOP, cells.shape[0]))
        )

    def row(self, number: int) -> tuple[str, ...]:
        """One of the first rows; empty when there are fewer."""
        return self.top[number] if number < len(self.top) else ()

    @cached_property
    def heads(self) -> frozenset[str]:
        """The texts of the first row, folded for comparison."""
        return frozenset(normal(text) for text in self.row(0))


@dataclass(frozen=True)
class Importer:
    """One source of survey answers.

    Parameters
    ----------
    name : str
        Stable name, as ``platform`` shows it.
    title : str
        The source as people call it.
    recognises : callable
        Whether a sheet looks like an export of this source.
    read : callable
        The export that the sheet holds.
    """

    name: str
    title: str
    recognises: Callable[[View], bool]
    read: Callable[[View], SurveyExport]


IMPORTERS: Registry[Importer] = Registry("source of answers")


def register(importer: Importer) -> Importer:
    """Add an importer; those registered first are asked first."""
    return IMPORTERS.register(importer.name, importer)


def unique_names(names: Sequence[str], letters: Sequence[str]) -> tuple[str, ...]:
    """Stable names: empty ones become letters, repeated ones get a number.

    Examples
    --------
    >>> unique_names(["a", "", "a"], ["A", "B", "C"])
    ('a', 'B', 'a_2')
    """
    taken: dict[str, int] = {}
    unique: list[str] = []
    for name, column in zip(names, letters, strict=True):
        name = " ".join(name.split()) or column
        count = taken[name] = taken.get(name, 0) + 1
        while count > 1 and f"{name}_{count}" in taken:
            count += 1
        called = name if count == 1 else f"{name}_{count}"
        taken.setdefault(called, 1)
        unique.append(called)
    return tuple(unique)


def plain_columns(names: Sequence[str], letters: Sequence[str]) -> tuple[SurveyColumn, ...]:
    """Columns that say no more than their name."""
    return tuple(
        SurveyColumn(name, number, text=names[number])
        for number, name in enumerate(unique_names(names, letters))
    )
