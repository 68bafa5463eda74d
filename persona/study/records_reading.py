"""Customer records as a study declares them: read plainly, or by the profile of their system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.audiences.profiles import find_profile
from persona.audiences.reading import ReadAs, read_as, takes
from persona.errors import DataError, PersonaError, Problem, error
from persona.registry import nearest
from persona.responses import Purchases, SurveyExport, read_export
from persona.responses.cells import shown
from persona.study.answer_options import FROM_PURCHASES, RecordsFile

if TYPE_CHECKING:
    from persona.study.study import Study

_OF_EVENTS = tuple(
    name for name in FROM_PURCHASES if name not in ("money", "average", "money_score")
)
"""What rows without an amount give for each customer."""


@dataclass(frozen=True)
class RecordsRead:
    """A file of customer records.

    Parameters
    ----------
    export : SurveyExport
    key : str
        Header of the key.
    headers : mapping of variable to header
        Or to what purchases give.
    purchases : Purchases or None
    same : callable
        A key as it is compared.
    problems : tuple of Problem
    """

    export: SurveyExport
    key: str
    headers: Mapping[str, str]
    purchases: Purchases | None
    same: Callable[[object], str]
    problems: tuple[Problem, ...] = ()


def read_records(study: Study, options: RecordsFile) -> RecordsRead:
    """Read the file of records that a study names.

    Raises
    ------
    DataError
        There is no such profile, or the file is none of its exports.
    """
    path = (study.folder / options.file).resolve()
    own = Purchases(**options.purchases.model_dump()) if options.purchases else None
    if options.profile is None:
        assert options.key is not None
        export = read_export(path, sheet=options.sheet)
        return RecordsRead(export, options.key, dict(options.columns), own, _as_text)
    try:
        profile = find_profile(options.profile, study.folder).profile
    except PersonaError as trouble:
        raise DataError(trouble.problems) from None
    read = read_as(path, profile, read=options.read, sheet=options.sheet)
    purchases = own or read.purchases
    headers = dict(options.columns)
    if purchases is None:
        headers = {
            variable: takes(read, name, options.file) for variable, name in options.columns.items()
        }
    elif own is None:
        _refuse_unknown(options, read, purchases)
    key = options.key or read.key
    return RecordsRead(read.export, key, headers, purchases, read.same, read.problems)


def _as_text(cell: object) -> str:
    return shown(cell).strip()


def _refuse_unknown(options: RecordsFile, read: ReadAs, purchases: Purchases) -> None:
    """What a study asks of a list of events and the list does not give."""
    gives = [*(FROM_PURCHASES if purchases.amount is not None else _OF_EVENTS)]
    gives += [name for name in ("margin", "channel") if getattr(purchases, name) is not None]
    wrong = [name for name in options.columns.values() if name not in gives]
    if not wrong:
        return
    raise DataError(
        [
            error(
                "record.not_given",
                "{title} gives no {name!r} for a customer.",
                file=options.file,
                found=name,
                allowed=", ".join(gives),
                remedy=f"Did you mean {near!r}?" if (near := nearest(name, gives)) else None,
                values={"title": read.read.title, "name": name},
            )
            for name in wrong
        ]
    )
