"""Cells of a spreadsheet made comparable: blanks, widths, look-alike letters, numbers, days."""

from __future__ import annotations

import datetime
import re
import unicodedata

_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_TYPOGRAPHIC = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "…": "...",
    }
)
_BLANKS = re.compile(r"\s+")
_CYRILLIC_LOOK_ALIKES = str.maketrans("аевкмнорстухіјѕԁһԛԝ", "aebkmhopctyxijsdhqw")
_LETTERS_OF_A_NUMBER = re.compile(r"[+-]?\d[\d\s.,'’]*")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,])\d{3}")


def normal(text: str) -> str:
    """The text as it is compared: width, case, blanks, quotes and dashes made alike.

    Examples
    --------
    >>> normal("  Don’t\\u00a0KNOW ")
    "don't know"
    """
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).translate(_TYPOGRAPHIC)
    return _BLANKS.sub(" ", plain).strip().casefold()


def latin_look(normalised: str) -> str:
    """A normalised text with Cyrillic letters that look Latin replaced by Latin ones."""
    return normalised.translate(_CYRILLIC_LOOK_ALIKES)


def is_empty(cell: object) -> bool:
    """Whether a cell holds nothing that can be read.

    Examples
    --------
    >>> is_empty(" \\u00a0"), is_empty(float("nan")), is_empty(0)
    (True, True, False)
    """
    if cell is None:
        return True
    if isinstance(cell, str):
        return not cell.translate(_INVISIBLE).strip()
    return cell != cell  # NaN and NaT alone differ from themselves


def plain(cell: object) -> str:
    """The cell as a person would type it: whole numbers without ``.0``, days as year-month-day."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return str(cell)


def number(cell: object) -> float | None:
    """The number in a cell, or None; decimal commas and thousands separators are understood.

    A text such as ``1,234`` could mean two numbers and gives None; see :func:`is_ambiguous`.

    Examples
    --------
    >>> number("1 234,5"), number("12.5"), number("1,234.50"), number("1,234"), number("many")
    (1234.5, 12.5, 1234.5, None, None)
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    if not isinstance(cell, str):
        return None
    text = unicodedata.normalize("NFKC", cell).translate(_INVISIBLE).translate(_TYPOGRAPHIC).strip()
    if not _LETTERS_OF_A_NUMBER.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return None
    text = re.sub(r"[\s']", "", text)
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        text = text.replace("." if comma > point else ",", "")
    elif text.count(",") > 1 or text.count(".") > 1:
        text = text.replace(",", "").replace(".", "")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def is_ambiguous(cell: object) -> bool:
    """Whether a text may be a thousand or a decimal: ``1,234`` and ``1.234``."""
    return isinstance(cell, str) and bool(_THOUSANDS.fullmatch(cell.strip()))


def day(cell: object) -> datetime.date | None:
    """The day in a cell, or None.

    Year-month-day is always understood, day and month in another order only when one of them
    is above 12 or written with points (17.01.2025).

    Examples
    --------
    >>> day("2025-01-17"), day("17/1/2025"), day("3/4/2025")
    (datetime.date(2025, 1, 17), datetime.date(2025, 1, 17), None)
    """
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    if not isinstance(cell, str):
        return None
    text = cell.strip().split("T")[0].split(" ")[0]
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return _date(*(int(part) for part in match.groups()))
    if match := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first > 12:
            return _date(year, second, first)
        if second > 12 or first == second:
            return _date(year, first, second)
    return None


def _date(year: int, month: int, of_month: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, of_month)
    except ValueError:
        return None


def range_behind_date(cell: object) -> tuple[str, ...]:
    """What may have been typed before a spreadsheet turned it into a day: ``1-5``, ``5-1``.

    Examples
    --------
    >>> range_behind_date(datetime.date(2025, 5, 1))
    ('1-5', '5-1', '5-25', '5-2025')
    """
    if not isinstance(cell, datetime.date):
        return ()
    return (
        f"{cell.day}-{cell.month}",
        f"{cell.month}-{cell.day}",
        f"{cell.month}-{cell.year % 100}",
        f"{cell.month}-{cell.year}",
    )
