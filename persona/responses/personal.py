"""Personal data in answers: where it stands, so that it is kept out of reports."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persona.errors import Problem, warning
from persona.questionnaire.cells import normal
from persona.responses.cells import is_blank, shown
from persona.responses.export import SurveyExport

_EMAIL = re.compile(r"[^\s@<>()\[\],;:]{1,64}@[\w\-]{1,64}(?:\.[\w\-]{1,64})+")
_IP = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[\s()\-/.]{0,2}\d){7,14}(?![\w.])")
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_DIGITS = re.compile(r"\d[\d\s()\-/.]{7}")
_NAME_HEADERS = frozenset(
    normal(text)
    for text in (
        "name, first name, last name, surname, full name, your name, respondent name, imię, "
        "nazwisko, imię i nazwisko, vorname, nachname, naam, voornaam, achternaam, имя, фамилия, "
        "recipientfirstname, recipientlastname, recipient first name, recipient last name"
    ).split(",")
)
_CODE = re.compile(r"[-+]?\d+([.,]\d+)?")


@dataclass(frozen=True)
class PersonalData:
    """Personal data of one sort in one column.

    Parameters
    ----------
    column, letter : str
    sort : str
        ``"email"``, ``"phone"``, ``"ip"``, ``"card"`` or ``"name"``.
    count : int
        Respondents concerned.
    """

    column: str
    letter: str
    sort: str
    count: int


def sorts_in(text: str) -> frozenset[str]:
    """The sorts of personal data that a text holds.

    Examples
    --------
    >>> sorted(sorts_in("write to jan@example.pl or +48 601 234 567"))
    ['email', 'phone']
    >>> sorts_in("I spent 120 on 3 visits in 2024-11-05 11:20")
    frozenset()
    """
    found = set()
    if "@" in text and _EMAIL.search(text):
        found.add("email")
    if any(_valid_ip(match) for match in _IP.findall(text)):
        found.add("ip")
    if any(_luhn(match) for match in _CARD.findall(text)):
        found.add("card")
    elif any(_phone_like(match) for match in _PHONE.findall(text)):
        found.add("phone")
    return frozenset(found)


def _valid_ip(text: str) -> bool:
    return all(int(part) < 256 for part in text.split("."))


def _phone_like(text: str) -> bool:
    """Eight digits or more that are no date and no plain number."""
    digits = re.sub(r"\D", "", text)
    if re.match(r"(19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}", text) or re.match(
        r"\d{1,2}[-/.]\d{1,2}[-/.](19|20)\d\d", text
    ):
        return False
    return 9 <= len(digits) <= 15 and (text.startswith("+") or digits != text or len(digits) <= 11)


def _luhn(text: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812)."""
    digits = [int(character) for character in text if character.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [
        d if place % 2 == 0 else 2 * d - 9 * (d > 4) for place, d in enumerate(reversed(digits))
    ]
    return sum(doubled) % 10 == 0


def find_personal(export: SurveyExport, skip: Sequence[int] = ()) -> tuple[PersonalData, ...]:
    """Columns of an export that hold personal data.

    Whole numbers alone, as ids and amounts are, do not count as telephone numbers.

    Parameters
    ----------
    export : SurveyExport
    skip : sequence of int
        Columns that are known to hold none, such as closed questions.
    """
    found: list[PersonalData] = []
    left_out = frozenset(skip)
    for column in export.columns:
        if column.number in left_out:
            continue
        letters = export.table.letters[column.number]
        header = export.table.header[column.number] or column.id
        values, positions = export.table.distinct(column.number)
        if not _worth_looking(values, column.id, header):
            continue
        counts: dict[str, int] = {}
        named = any(normal(part) in _NAME_HEADERS for part in (header, column.id, column.text))
        for place, value in enumerate(values):
            if is_blank(value) or not isinstance(value, str):
                continue
            sorts = sorts_in(value) if not _CODE.fullmatch(value.strip()) else frozenset()
            for sort in sorts | ({"name"} if named else set()):
                counts[sort] = counts.get(sort, 0) + int((positions == place).sum())
        found += [PersonalData(header, letters, sort, n) for sort, n in sorted(counts.items())]
    return tuple(found)


def _worth_looking(values: Sequence[object], *names: str) -> bool:
    """A quick look at all cells together, because most columns hold nothing of the sort."""
    if any(normal(name) in _NAME_HEADERS for name in names):
        return True
    joined = "\0".join([value for value in values if isinstance(value, str)])
    return "@" in joined or bool(_DIGITS.search(joined))


def personal_problems(export: SurveyExport, found: Sequence[PersonalData]) -> tuple[Problem, ...]:
    """One warning a column with personal data."""
    words: Mapping[str, str] = {
        "email": "e-mail addresses",
        "phone": "telephone numbers",
        "ip": "IP addresses",
        "card": "card numbers",
        "name": "names",
    }
    return tuple(
        warning(
            "personal.found",
            "Column {column} holds what looks like {sort} of {count} respondents; they are kept "
            "out of reports.",
            file=str(export.table.file),
            sheet=export.table.sheet,
            column=data.letter,
            found=data.column[:80],
            remedy="Delete the column if the study does not need it.",
            values={"column": data.letter, "sort": words[data.sort], "count": data.count},
        )
        for data in found
    )


def holds_personal(value: object) -> bool:
    """Whether a cell shows personal data of any sort."""
    return isinstance(value, str) and bool(sorts_in(shown(value)))
