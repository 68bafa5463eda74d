"""Which sign a column writes before its decimals, for cells that could mean two numbers.

``3.875`` alone is three and a bit or nearly four thousand. Beside cells such as ``2.0666`` and
``1.5`` it is decided, because nobody groups thousands by ones, twos or fours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from persona.questionnaire.cells import is_ambiguous

_DECIMAL = re.compile(r"\s*[-+]?\d+([.,])(\d{1,2}|\d{4,})\s*")
_BOTH = re.compile(r"\s*[-+]?\d{1,3}(?:([.,])\d{3})+([.,])\d+\s*")


def decimal_mark(cells: Sequence[object]) -> str | None:
    """The sign that cells of a column show before decimals; None when they show none or two.

    Examples
    --------
    >>> decimal_mark(["2.0666", "3.875", 4]), decimal_mark(["3.875"]), decimal_mark(["1,5", "1.5"])
    ('.', None, None)
    """
    marks = set()
    for cell in cells:
        if not isinstance(cell, str):
            continue
        if found := _DECIMAL.fullmatch(cell):
            marks.add(found[1])
        elif (both := _BOTH.fullmatch(cell)) and both[1] != both[2]:
            marks.add(both[2])
    return marks.pop() if len(marks) == 1 else None


def by_mark(cell: object, mark: str) -> float | None:
    """An ambiguous cell as the number that the column's decimal sign makes of it.

    Examples
    --------
    >>> by_mark("3.875", "."), by_mark("3.875", ","), by_mark("1,5", ",")
    (3.875, 3875.0, None)
    """
    if not isinstance(cell, str) or not is_ambiguous(cell):
        return None
    other = "," if mark == "." else "."
    digits = re.sub(r"[\s']", "", cell).replace(other, "").replace(mark, ".")
    return float(digits)
