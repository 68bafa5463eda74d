"""What a system's own export looks like, so that it can be read as customer records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from persona.questionnaire.parts import Identifier, Part


def _several(value: Any) -> Any:
    """A single header is a list of one."""
    return [value] if isinstance(value, str) else value


Headers: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
"""Headers that a column may have; the first that a file has is taken."""


class ReadColumn(Part):
    """One column of an export.

    Parameters
    ----------
    headers : str or list of str
    block : "behaves" or "value"
        Which block of a customer it tells of.
    kind : "text", "number", "whole", "day" or "share"
        ``share`` is a percentage.
    about : str
        What it means.
    """

    headers: Headers
    block: Literal["behaves", "value", "who"] = "behaves"
    kind: Literal["text", "number", "whole", "day", "share"] = "text"
    about: str = ""


class ReadEvents(Part):
    """Headers of an export with one row an event: a purchase, or a ticket without an amount."""

    date: Headers
    amount: Headers | None = None
    channel: Headers | None = None
    margin: Headers | None = None


class Read(Part):
    """One export of the system.

    Parameters
    ----------
    id : str
    title : str
    marks : tuple of str
        Headers that tell this export from others of the system; any of them.
    key : str or list of str
        Headers of the column by which a customer is known.
    key_kind : "text", "email" or "phone"
        How keys are compared: e-mail addresses without regard to case and blanks.
    encoding : str, optional
        Where the evidence may mislead.
    delimiter : str, optional
    decimal : "." or ","
        The sign before decimals.
    comment : str, optional
        Lines before the table that begin so are left out.
    columns : mapping of name to ReadColumn
        What can be taken over, by a name of ours.
    events : ReadEvents, optional
        One row is an event, not a customer; recency and frequency are derived.
    """

    id: Identifier
    title: str
    marks: tuple[str, ...] = ()
    key: Headers
    key_kind: Literal["text", "email", "phone"] = "text"
    encoding: str | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    decimal: Literal[".", ","] = "."
    comment: str | None = None
    columns: Mapping[str, ReadColumn] = Field(default_factory=dict)
    events: ReadEvents | None = None
