"""Cells as a destination takes them, and every reason why it would not take one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from persona.audiences.matching import Taken
from persona.audiences.normalising import (
    email_address,
    moment_text,
    phone_number,
    sha256_of,
    tidy,
)
from persona.audiences.people import People
from persona.audiences.profile import LONGEST_EXCEL_CELL, Column, FileForm, Profile
from persona.audiences.words import words
from persona.questionnaire.cells import normal, number
from persona.responses.personal import sorts_in

Cell: TypeAlias = str | int | float | bool | None
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BETWEEN = " · "
"""Stands between the parts of names that persona proposes."""
_CODE = re.compile(r"[-+]?\d+([.,]\d+)?")


@dataclass(frozen=True)
class Setting:
    """What cells are made with.

    Parameters
    ----------
    settings : mapping
        The profile's settings with the user's values.
    study : str
    at : date
        The day of assignment.
    country_code : int or None
    encoding : str
    """

    settings: Mapping[str, int | str]
    study: str
    at: dt.date
    country_code: int | None = None
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Fault:
    """A cell that the destination does not take.

    ``reason`` is the code of the problem, ``found`` what stood there, ``allowed`` what may.
    """

    person: int
    reason: str
    found: str
    allowed: str


@dataclass(frozen=True)
class Filled:
    """One column of the list.

    Parameters
    ----------
    column : Column
    name : str
        With settings filled in.
    cells : tuple
        One a person; None where there is nothing to write.
    unreadable : tuple of int
        People whose cell holds something that is no address, number or answer of the kind.
    changed : mapping of what to people
        ``"cut"``, ``"replaced"``, ``"tidied"``: cells that are not as they were.
    """

    column: Column
    name: str
    cells: tuple[Cell, ...]
    unreadable: tuple[int, ...]
    changed: Mapping[str, tuple[int, ...]]


def fill(column: Column, people: People, taken: Taken, setting: Setting) -> Filled | None:
    """One column for everybody; None when an optional one has no source."""
    if column.optional and not _has_source(column, taken):
        return None
    cells: list[Cell] = []
    unreadable: list[int] = []
    changed: dict[str, list[int]] = {"cut": [], "replaced": [], "tidied": []}
    met: dict[tuple[type, object], _Made] = {}
    for person, raw in enumerate(_raw(column, people, taken, setting)):
        key = type(raw), raw
        if key not in met:
            met[key] = _made(column, raw, setting)
        made = met[key]
        cells.append(made.cell)
        if made.unreadable:
            unreadable.append(person)
        for what in made.changed:
            changed[what].append(person)
    name = column.name.format(**setting.settings)
    kept = {what: tuple(who) for what, who in changed.items() if who}
    return Filled(column, name, tuple(cells), tuple(unreadable), kept)


@dataclass(frozen=True)
class _Made:
    """What becomes of one value, the same for everybody who has it."""

    cell: Cell
    unreadable: bool
    changed: tuple[str, ...]


def _made(column: Column, raw: object, setting: Setting) -> _Made:
    text = tidy(raw)
    changed = ["tidied"] if isinstance(raw, str) and text != raw.strip() else []
    value = _typed(column, raw, text, setting)
    unreadable = value is None and bool(text)
    if isinstance(value, str):
        value, how = _fitted(column, value)
        changed += how
    if column.hash is not None and value is not None:
        value = sha256_of(str(value))
    return _Made(value, unreadable, tuple(changed))


def _has_source(column: Column, taken: Taken) -> bool:
    if column.answer is not None:
        return column.answer in taken.answers
    return any(name in taken.fields for name in column.of_people)


def _raw(column: Column, people: People, taken: Taken, setting: Setting) -> Iterator[object]:
    """What stands behind each person's cell."""
    if column.constant is not None:
        for segment in people.segments:
            yield column.constant.format(
                **setting.settings,
                segment="" if segment is None else segment,
                segment_name=people.names.get(segment or 0, ""),
                study=setting.study,
            )
        return
    if column.answer is not None:
        source = taken.answers.get(column.answer)
        yield from source.cells if source else [None] * people.n
        return
    for name in column.field:
        if name in taken.fields:
            yield from taken.fields[name].cells
            return
        if name not in column.of_people:
            yield from _derived(name, column, people, setting)
            return
    yield from [None] * people.n


def _derived(name: str, column: Column, people: People, setting: Setting) -> Iterator[object]:
    if name == "segment":
        yield from people.segments
    elif name == "segment_name":
        yield from (people.names.get(segment or 0) for segment in people.segments)
    elif name == "probability":
        yield from people.probabilities
    elif name == "uncertain":
        yield from people.uncertain
    elif name == "moment":
        yield from [moment_text(setting.at, column.form)] * people.n
    else:
        yield from [setting.study] * people.n


def _typed(column: Column, raw: object, text: str, setting: Setting) -> Cell:
    """A tidy text as the kind of value the column holds; None when it is none."""
    kind = column.written_as
    if not text:
        return None
    if kind == "email":
        address = email_address(text)
        return None if address is None or (column.ascii and not address.isascii()) else address
    if kind == "phone":
        digits = phone_number(text, setting.country_code)
        return f"+{digits}" if digits and column.plus else digits
    if kind == "whole":
        figure = number(raw)
        return int(figure) if figure is not None and figure.is_integer() else None
    if kind == "decimal":
        figure = number(raw)
        return None if figure is None else round(figure, column.decimals)
    if kind == "yes_no":
        said = normal(text)
        return True if said in words().yes else False if said in words().no else None
    if kind == "moment" and column.form in ("unix", "milliseconds"):
        return int(text)
    return text


def _fitted(column: Column, text: str) -> tuple[str, list[str]]:
    """Values and signs replaced, texts of ours cut; and which of that was done."""
    done: list[str] = []
    text = column.values.get(text, text)
    replaced = text
    for sign, other in column.replace.items():
        replaced = replaced.replace(sign, other)
    if replaced != text:
        text = " ".join(replaced.split())
        done.append("replaced")
    if column.too_long == "cut":
        cut = _cut(text, column.most_characters, column.most_bytes)
        if cut != text:
            text = cut
            done.append("cut")
    return text, done


def _cut(text: str, characters: int | None, octets: int | None) -> str:
    """As much of a text as fits: whole parts of a name, else whole words, where half is left.

    Examples
    --------
    >>> _cut("Offer seekers · Price per unit watchers", 36, None)
    'Offer seekers'
    >>> _cut("People who compare every price there is", 30, None)
    'People who compare every price'
    """
    short = text if characters is None else text[:characters]
    if octets is not None:
        short = short.encode("utf-8")[:octets].decode("utf-8", "ignore")
    if short == text:
        return text
    for mark, least in ((_BETWEEN, 8), (" ", len(short) // 2)):
        whole = short if text.startswith(mark, len(short)) else short.rpartition(mark)[0]
        if len(whole) >= least:
            return whole.rstrip(" ·,;:-–—(&")
    return short.rstrip()


def faults(filled: Filled, profile: Profile, form: FileForm, setting: Setting) -> Iterator[Fault]:
    """Every cell of a column that the destination does not take; each cell once."""
    seen: dict[Cell, tuple[str, str] | None] = {}
    for person, cell in enumerate(filled.cells):
        if cell is None or isinstance(cell, bool):
            continue
        if cell not in seen:
            seen[cell] = _fault(filled.column, cell, profile, form, setting)
        wrong = seen[cell]
        if wrong is not None:
            yield Fault(person, wrong[0], _quoted(str(cell)), wrong[1])


def _fault(
    column: Column, cell: Cell, profile: Profile, form: FileForm, setting: Setting
) -> tuple[str, str] | None:
    text = str(cell)
    octets = len(text.encode("utf-8"))
    if column.most_bytes is not None and octets > column.most_bytes:
        return "bytes", f"at most {column.most_bytes} bytes; it has {octets}"
    if column.most_characters is not None and len(text) > column.most_characters:
        return "characters", f"at most {column.most_characters} characters; it has {len(text)}"
    if form.format == "xlsx" and len(text) > LONGEST_EXCEL_CELL:
        return "characters", f"at most {LONGEST_EXCEL_CELL} characters; it has {len(text)}"
    if column.pattern is not None and not re.fullmatch(column.pattern, text):
        return "pattern", f"texts of the form {column.pattern}"
    if profile.personal == "forbidden" and _personal(text):
        return "personal", "no e-mail address, telephone number or card number"
    if strange := _not_encodable(text, setting.encoding):
        return "encoding", f"signs of {setting.encoding}; not {strange}"
    if form.format == "csv":
        return _csv_fault(column, text, profile, form)
    return None


def _csv_fault(
    column: Column, text: str, profile: Profile, form: FileForm
) -> tuple[str, str] | None:
    if form.quotes == "never" and any(sign in text for sign in (form.delimiter, '"')):
        return "quotes", f"no {form.delimiter!r} and no quotation mark"
    if not text.startswith(FORMULA) or column.written_as not in ("text", "id"):
        return None
    if column.written_as == "id" or profile.formulas == "refuse":
        return "formula", "no sign = + - @ at the beginning, which spreadsheets take for a formula"
    return None


def needs_apostrophe(column: Column, cell: Cell, profile: Profile, form: FileForm) -> bool:
    """Whether a spreadsheet would take the cell for a formula, and the profile quotes such."""
    return (
        form.format == "csv"
        and profile.formulas == "quote"
        and column.written_as == "text"
        and isinstance(cell, str)
        and cell.startswith(FORMULA)
    )


def _personal(text: str) -> bool:
    return not _CODE.fullmatch(text) and bool(sorts_in(text))


def _not_encodable(text: str, encoding: str) -> str:
    """The signs that an encoding does not have, each once."""
    codec = {"windows-1251": "cp1251"}.get(encoding, encoding)
    strange = []
    for sign in dict.fromkeys(text):
        try:
            sign.encode(codec)
        except UnicodeEncodeError:
            strange.append(sign)
    return " ".join(strange[:10])


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}…")


def written_text(cell: Cell, column: Column, form: FileForm) -> str:
    """A cell as text: the decimal mark of the form, yes and no in words.

    Examples
    --------
    >>> form = FileForm(format="xlsx", decimal=",")
    >>> written_text(0.5, Column(name="p", field="probability"), form)
    '0,50'
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        word = "true" if cell else "false"
        return column.values.get(word, "yes" if cell else "no")
    if isinstance(cell, float):
        return f"{cell:.{column.decimals}f}".replace(".", form.decimal)
    return str(cell)


def same_name_twice(people: People, filled: Sequence[Filled]) -> Iterator[tuple[str, list[str]]]:
    """Columns in which two segments came to bear one name after cutting, with their names."""
    for part in filled:
        if "segment_name" not in part.column.field:
            continue
        shown: dict[str, dict[int, str]] = {}
        for person, cell in enumerate(part.cells):
            segment = people.segments[person]
            if segment is not None and isinstance(cell, str):
                shown.setdefault(cell, {})[segment] = people.names.get(segment, "")
        for segments in shown.values():
            if len(segments) > 1:
                yield part.name, [f"{number_}: {name}" for number_, name in segments.items()]
