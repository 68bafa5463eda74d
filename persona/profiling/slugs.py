"""Names of segments as file names that every system accepts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONGEST = 60

_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "index"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(10)]
)
_LETTERS = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
    **dict(zip("łøđıґі", "lodigi", strict=True)),
    **dict(ё="yo", ж="zh", х="kh", ц="ts", ч="ch", ш="sh", щ="shch", ю="yu", я="ya", ї="yi"),
    **dict(ъ="", ь="", є="ye", ß="ss", æ="ae", œ="oe", þ="th"),
}


def slug(name: str, otherwise: str) -> str:
    """Letters a to z, digits and hyphens, at most 60; ``otherwise`` when nothing is left.

    Examples
    --------
    >>> slug("Łowcy okazji", "segment-1"), slug("../../etc/passwd", "segment-1")
    ('lowcy-okazji', 'etc-passwd')
    >>> slug("Охотники за ценой", "segment-2"), slug("🦊🦊", "segment-3")
    ('okhotniki-za-tsenoy', 'segment-3')
    """
    lowered = unicodedata.normalize(
        "NFKC", name.replace("↓", "less ").replace("↑", "more ")
    ).lower()
    letters = "".join(_LETTERS.get(letter, letter) for letter in lowered)
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode("ascii")
    joined = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")
    if not joined or joined in _RESERVED:
        return otherwise
    return joined


def slugs(names: Mapping[int, str]) -> dict[int, str]:
    """A different slug for each segment; a name that repeats gets the segment's number.

    Examples
    --------
    >>> slugs({1: "Savers", 2: "savers", 3: ""})
    {1: 'savers', 2: 'savers-2', 3: 'segment-3'}
    """
    taken: set[str] = set()
    found: dict[int, str] = {}
    for segment, name in names.items():
        own = slug(name, f"segment-{segment}")
        candidate, number = own, segment
        while candidate in taken:
            candidate = f"{own[: LONGEST - 1 - len(str(number))]}-{number}"
            number += 1
        taken.add(candidate)
        found[segment] = candidate
    return found
