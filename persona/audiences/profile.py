"""What a destination takes and what its own exports look like: the model of a profile's YAML."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BeforeValidator, Field, field_validator, model_validator

from persona.audiences.reads import Read
from persona.questionnaire.parts import Identifier, Part
from persona.registry import nearest

Personal: TypeAlias = Literal["email", "phone", "first_name", "last_name", "full_name"]
Known: TypeAlias = Literal[
    "company", "language", "country", "city", "id", "customer_id", "user_id", "client_id"
]
Derived: TypeAlias = Literal[
    "segment", "segment_name", "probability", "uncertain", "moment", "study"
]
FieldName: TypeAlias = Literal[Personal, Known, Derived]
PERSONAL: tuple[str, ...] = get_args(Personal)
OF_PEOPLE: tuple[str, ...] = (*PERSONAL, *get_args(Known))
"""Fields that are looked for among the columns of people's files."""
IDENTIFIERS = ("id", "customer_id", "user_id", "client_id")
DERIVED: tuple[str, ...] = get_args(Derived)
Kind: TypeAlias = Literal["text", "email", "phone", "id", "whole", "decimal", "yes_no", "moment"]
_KINDS: Mapping[str, Kind] = {
    "email": "email",
    "phone": "phone",
    "segment": "whole",
    "probability": "decimal",
    "uncertain": "yes_no",
    "moment": "moment",
    **dict.fromkeys(IDENTIFIERS, "id"),
}
LONGEST_EXCEL_CELL = 32_767
MOST_EXCEL_ROWS = 1_048_575


def _several(value: Any) -> Any:
    """``field: email`` is short for ``field: [email]``."""
    return [value] if isinstance(value, str) else value


class Column(Part):
    """One column, trait or parameter of the list.

    Parameters
    ----------
    name : str
        Header as the destination wants it; in JSON a path with points (``traits.email``).
        ``{setting}`` is filled from the profile's settings.
    field : field or list of fields
        What stands in it; of several the first that the people's file has.
    answer : str, optional
        A question's id or a header of the people's file, where the list shall hold more than
        fields. Survey answers leave in no other way.
    constant : str, optional
        The same text for everybody; ``{segment}``, ``{segment_name}`` and settings are filled in.
    kind : "text", "email", "phone", "id", "whole", "decimal", "yes_no" or "moment"
        How it is written; by default as its field asks.
    form : "unix", "milliseconds", "iso", "day" or "points"
        Of a moment: seconds since 1970 in UTC, ISO 8601, the day
        as year-month-day or as 31.12.2026.
    decimals : int
    hash : "sha256", optional
        Write the SHA-256 of the normalised value in its place.
    plus : bool
        Telephone numbers with a plus sign before the country code.
    ascii : bool
        Letters of the Latin alphabet alone.
    optional : bool
        The column is left out where the people's file has nothing for it.
    required : bool
        Whoever has nothing in it is left out of the list and counted.
    most_bytes, most_characters : int, optional
        Of a cell, after encoding in UTF-8.
    too_long : "refuse" or "cut"
        ``cut`` shortens, and is for our own texts (names of segments) alone.
    pattern : str, optional
        Regular expression that every filled cell fits.
    replace : mapping of text to text
        Signs that the destination does not take, and what stands in their place.
    values : mapping of text to text
        What is written in place of a value.
    """

    name: Annotated[str, Field(min_length=1)]
    field: Annotated[tuple[FieldName, ...], BeforeValidator(_several)] = ()
    answer: str | None = None
    constant: str | None = None
    kind: Kind | None = None
    form: Literal["unix", "milliseconds", "iso", "day", "points"] = "iso"
    decimals: Annotated[int, Field(ge=0, le=10)] = 2
    hash: Literal["sha256"] | None = None
    plus: bool = False
    ascii: bool = False
    optional: bool = False
    required: bool = False
    most_bytes: Annotated[int, Field(ge=1)] | None = None
    most_characters: Annotated[int, Field(ge=1)] | None = None
    too_long: Literal["refuse", "cut"] = "refuse"
    pattern: str | None = None
    replace: Mapping[str, str] = Field(default_factory=dict)
    values: Mapping[str, str] = Field(default_factory=dict)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as trouble:
            raise ValueError(f"{value!r} is no regular expression ({trouble})") from None
        return value

    @model_validator(mode="after")
    def _one_source(self) -> Column:
        given = [bool(self.field), self.answer is not None, self.constant is not None]
        if sum(given) != 1:
            raise ValueError(
                f"the column {self.name!r} needs one of field, answer and constant, and one alone"
            )
        if self.too_long == "cut" and not set(self.field) <= {"segment_name", "study"}:
            raise ValueError(f"{self.name!r} holds what is not ours to cut; write too_long: refuse")
        if self.optional and self.required:
            raise ValueError(f"the column {self.name!r} is either optional or required")
        return self

    @property
    def written_as(self) -> Kind:
        """How its cells are written."""
        if self.kind is not None:
            return self.kind
        return _KINDS.get(self.field[0], "text") if self.field else "text"

    @property
    def of_people(self) -> tuple[str, ...]:
        """Its fields that have to be found in the people's file."""
        return tuple(name for name in self.field if name not in DERIVED)


class FileForm(Part):
    """The form of the file.

    Parameters
    ----------
    format : "csv", "xlsx", "jsonl" or "requests"
        ``jsonl`` is one JSON object a line; ``requests`` one JSON object whose list ``requests``
        holds a query string a person.
    extension : str, optional
        Where it is not the format's own.
    encodings : tuple of str
        What the destination reads; the first is written unless another is asked for.
    byte_order_mark : bool
    delimiter : str
    header : bool
        Whether the first line names the columns.
    line_end : "lf" or "crlf"
    quotes : "needed" or "never"
        ``never``: cells that would need quotation marks are refused.
    decimal : "." or ","
    sheet : str
        Name of the sheet of a workbook.
    texts : bool
        Every cell of a workbook is a text, numbers too.
    """

    format: Literal["csv", "xlsx", "jsonl", "requests"]
    extension: str | None = None
    encodings: Annotated[tuple[Literal["utf-8", "windows-1251"], ...], Field(min_length=1)] = (
        "utf-8",
    )
    byte_order_mark: bool = False
    delimiter: Literal[",", ";", "\t", "|"] = ","
    header: bool = True
    line_end: Literal["lf", "crlf"] = "lf"
    quotes: Literal["needed", "never"] = "needed"
    decimal: Literal[".", ","] = "."
    sheet: Annotated[str, Field(min_length=1, max_length=31)] = "Audience"
    texts: bool = False

    @property
    def ending(self) -> str:
        """The file's extension, with its point."""
        own = {"requests": "json"}.get(self.format, self.format)
        return f".{self.extension or own}"


class Limits(Part):
    """How much the destination takes.

    Parameters
    ----------
    least_rows : int
        Fewer people than this make no list.
    most_rows, most_bytes : int, optional
        Of a file; more are written as several files.
    most_line_bytes : int, optional
        Of one line of JSON.
    most_columns : int, optional
    most_name_characters : int, optional
        Of the names of columns that are no identity.
    """

    least_rows: Annotated[int, Field(ge=1)] = 1
    most_rows: Annotated[int, Field(ge=1)] | None = None
    most_bytes: Annotated[int, Field(ge=1)] | None = None
    most_line_bytes: Annotated[int, Field(ge=1)] | None = None
    most_columns: Annotated[int, Field(ge=1)] | None = None
    most_name_characters: Annotated[int, Field(ge=1)] | None = None


class Long(Part):
    """One row a person and parameter: the headers of the parameter's name and value."""

    key: str
    value: str


class Profile(Part):
    """A destination.

    Parameters
    ----------
    id : str
        The name that ``--for`` takes.
    title : str
    aliases : tuple of str
        Other names for it.
    about : str
        What the file is and what to do with it there.
    sources : tuple of str
        Where the rules were looked up.
    file : FileForm
    limits : Limits
    split : "none" or "segment"
        One list of all segments, or one a segment.
    columns : tuple of Column
    properties : tuple of Column
        Of the long layout: what each person's rows say.
    long : Long, optional
    identity : tuple of str
        Columns by which the destination knows a person; at least one has to be filled, and
        people with the same first filled one are one person.
    personal : "allowed" or "forbidden"
        ``forbidden``: no e-mail, telephone number, name or card number in any cell.
    formulas : "quote" or "refuse"
        Texts that a spreadsheet would take for a formula get an apostrophe before them, or are
        refused where the destination takes cells literally.
    settings : mapping of name to value
        What a user may set: ``{name}`` in names and constants.
    reads : tuple of Read
        The system's own exports, read as customer records.
    """

    persona: Literal[1] = 1
    id: Identifier
    title: Annotated[str, Field(min_length=1)]
    aliases: tuple[str, ...] = ()
    about: str = ""
    sources: tuple[str, ...] = ()
    file: FileForm | None = None
    limits: Limits = Field(default_factory=Limits)
    split: Literal["none", "segment"] = "none"
    columns: tuple[Column, ...] = ()
    properties: tuple[Column, ...] = ()
    long: Long | None = None
    identity: tuple[str, ...] = ()
    personal: Literal["allowed", "forbidden"] = "allowed"
    formulas: Literal["quote", "refuse"] = "quote"
    settings: Mapping[str, int | str] = Field(default_factory=dict)
    reads: tuple[Read, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether lists can be written for it."""
        return self.file is not None

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Columns and properties."""
        return (*self.columns, *self.properties)

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that are looked for among the people's columns."""
        return tuple(dict.fromkeys(f for c in self.all_columns for f in c.of_people))


Complaint: TypeAlias = tuple[tuple[str | int, ...], str]
"""Where in the file, and what is wrong there."""


def complaints(profile: Profile) -> Iterator[Complaint]:
    """What no single part of a profile can know to be wrong."""
    if profile.file is None:
        if profile.columns or not profile.reads:
            yield (), "a profile needs file and columns to write lists, or reads to read exports"
        return
    if not profile.columns:
        yield (), "columns needs at least one column"
    places = [("columns", n) for n in range(len(profile.columns))]
    places += [("properties", n) for n in range(len(profile.properties))]
    seen: set[str] = set()
    for place, column in zip(places, profile.all_columns, strict=True):
        for sentence in _of_column(profile, column, seen):
            yield place, sentence
        seen.add(column.name)
    for number, name in enumerate(profile.identity):
        if name not in seen:
            near = nearest(name, seen)
            hint = f"; did you mean {near!r}?" if near else ""
            yield ("identity", number), f"there is no column {name!r}{hint}"
    if not profile.identity:
        yield (), "identity needs the columns by which the destination knows a person"
    if (profile.long is None) != (not profile.properties):
        yield ("long",), "properties and long go together"
    if profile.long is not None and profile.file.format in ("jsonl", "requests"):
        yield ("long",), "long needs a table: csv or xlsx"


def _of_column(profile: Profile, column: Column, seen: set[str]) -> Iterator[str]:
    if column.name in seen:
        yield f"the column {column.name!r} stands twice"
    held = [name for name in column.field if name in PERSONAL]
    if profile.personal == "forbidden" and held:
        yield f"personal data are forbidden here, and {column.name!r} holds {held[0]}"
    most = profile.limits.most_name_characters
    if most is not None and len(column.name) > most and column.name not in profile.identity:
        yield f"the name {column.name!r} has {len(column.name)} characters, more than {most}"
    yield from _placeholders(column.name, list(profile.settings))
    if column.constant is not None:
        known = [*profile.settings, "segment", "segment_name", "study"]
        yield from _placeholders(column.constant, known)


def _placeholders(text: str, known: list[str]) -> Iterator[str]:
    try:
        asked = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError as trouble:
        yield f"{text!r} cannot be filled in ({trouble})"
        return
    for name in asked:
        if name not in known:
            yield f"{{{name}}} is none of {', '.join(known) or 'the settings, of which are none'}"
