"""E-mail addresses, telephone numbers and moments in the one form in which systems compare them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata

from persona.questionnaire.cells import is_empty
from persona.responses.cells import BadCell, shown

_INVISIBLE = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
    # no characters at all: halves of pairs, and code points that no file may hold
    r"|[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_LOCAL = re.compile(r"[a-z0-9][a-z0-9!#$%&'*+/=?^_`{|}~-]*(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_LONGEST_LOCAL, _LONGEST_ADDRESS = 64, 254
_NATIONAL = {1: (10,), 7: (10,), 31: (9,), 44: (10,), 48: (9,), 49: (10, 11)}
"""Digits of a number without the country code, where a plan has one length or two."""
_SHORTEST_NUMBER, _LONGEST_NUMBER = 8, 15


def tidy(cell: object) -> str:
    """A cell as text: blanks around it, line breaks and what cannot be seen taken away.

    Examples
    --------
    >>> tidy("  Anna\\nMaria\\u200b "), tidy(7.0), tidy(None)
    ('Anna Maria', '7', '')
    """
    if is_empty(cell) or isinstance(cell, BadCell):
        return ""
    text = unicodedata.normalize("NFC", shown(cell))
    if text.isprintable() and "  " not in text:
        return text.strip()
    text = _INVISIBLE.sub("", text)
    kept = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    return " ".join(kept.split())


def email_address(cell: object) -> str | None:
    """An address in lower case, or None when it is none.

    Before the @ sign stand letters, digits and signs of ASCII, a letter or digit first, so that no
    spreadsheet takes an address for a formula.

    Examples
    --------
    >>> email_address(" Jan.Kowalski@Example.PL "), email_address("=cmd@x.pl"), email_address("a@b")
    ('jan.kowalski@example.pl', None, None)
    """
    text = unicodedata.normalize("NFKC", tidy(cell)).lower()
    local, at, domain = text.rpartition("@")
    if not at or len(text) > _LONGEST_ADDRESS or len(local) > _LONGEST_LOCAL:
        return None
    labels = domain.split(".")
    sound = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not sound or labels[-1].isdigit() or len(labels[-1]) < 2 or not _LOCAL.fullmatch(local):
        return None
    return text


def phone_number(cell: object, country_code: int | None = None) -> str | None:
    """The digits of a telephone number with its country code, or None when that is not known.

    Numbers that begin with + or 00 carry their country code; to others ``country_code`` is given,
    after the sign for calls within the country (0, in Russia 8) is taken away.

    Parameters
    ----------
    cell : object
    country_code : int, optional

    Examples
    --------
    >>> phone_number("+48 601 234 567"), phone_number("601-234-567", 48)
    ('48601234567', '48601234567')
    >>> phone_number("8 (999) 555-11-11", 7), phone_number("06 12345678", 31)
    ('79995551111', '31612345678')
    >>> phone_number("601 234 567") is None
    True
    """
    text = unicodedata.normalize("NFKC", tidy(cell))
    text = re.sub(r"\(0\)", "", text) if text.startswith(("+", "00")) else text
    if not re.fullmatch(r"\+?[\d\s()./–-]+", text):
        return None
    digits = "".join(sign for sign in text if sign.isdecimal() and sign.isascii())
    if text.startswith("+"):
        found: str | None = digits
    elif digits.startswith("00"):
        found = digits[2:]
    else:
        found = _with_country(digits, country_code)
    if found is None or found.startswith("0"):
        return None
    return found if _SHORTEST_NUMBER <= len(found) <= _LONGEST_NUMBER else None


def _with_country(digits: str, country_code: int | None) -> str | None:
    if country_code is None or not digits:
        return None
    code = str(country_code)
    lengths = _NATIONAL.get(country_code)
    if lengths is None:
        return code + digits.lstrip("0")
    for national in (digits, digits[1:] if digits[0] in ("8" if code == "7" else "0") else digits):
        if len(national) in lengths and not national.startswith("0"):
            return code + national
    whole = digits.startswith(code) and len(digits) - len(code) in lengths
    return digits if whole else None


def sha256_of(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits in lower case.

    Examples
    --------
    >>> sha256_of("name@yandex.ru")[:16]
    '41b86f44151924a9'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def moment_text(day: dt.date, form: str) -> str | int:
    """The first moment of a day in UTC, as a destination writes it.

    Examples
    --------
    >>> moment_text(dt.date(2026, 10, 31), "unix"), moment_text(dt.date(2026, 10, 31), "iso")
    (1793404800, '2026-10-31T00:00:00Z')
    """
    at = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    if form == "unix":
        return int(at.timestamp())
    if form == "milliseconds":
        return int(at.timestamp()) * 1000
    if form == "day":
        return day.isoformat()
    if form == "points":
        return f"{day:%d.%m.%Y}"
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
