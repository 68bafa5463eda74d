"""Several answers in one cell: ``a;b;c``, ``a, b, c``, ``1 2 3``."""

from __future__ import annotations

from persona.questionnaire.cells import normal, plain
from persona.questionnaire.decoding import Reading, State
from persona.questionnaire.labels import LabelIndex

_SEPARATORS = (";", "\n", "|", ", ", ",", " / ", " ")


def split_known(cell: object, index: LabelIndex) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    """The answers joined in a cell, and the pieces that are none.

    A separator counts when every piece between is a known answer. Otherwise known labels are
    taken off one by one, longest first, because labels may hold commas themselves.

    Examples
    --------
    >>> from persona.questionnaire.variables import Category
    >>> fruit = (Category(1, {"en": "Apples, red"}), Category(2, {"en": "Pears"}))
    >>> index = LabelIndex("fruit", fruit, ())
    >>> readings, rest = split_known("Apples, red, Pears, Plums", index)
    >>> [reading.value for reading in readings], rest
    ([1, 2], ('Plums',))
    """
    whole = index.find(cell)
    if whole is not None and whole.state is not State.FAULTY:
        return (whole,), ()
    text = plain(cell).strip().strip(";|")
    for separator in _SEPARATORS:
        pieces = [piece for piece in text.split(separator) if piece.strip()]
        readings = [index.find(piece) for piece in pieces]
        known = [reading for reading in readings if reading is not None]
        if len(pieces) > 1 and len(known) == len(pieces):
            return tuple(known), ()
    return _longest_first(text, index)


def _longest_first(text: str, index: LabelIndex) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    separator = next((s for s in (";", "\n", "|") if s in text), ",")
    pieces = [piece for piece in text.split(separator) if piece.strip()]
    found: list[Reading] = []
    rest: list[str] = []
    start = 0
    while start < len(pieces):
        for end in range(len(pieces), start, -1):
            reading = index.find(separator.join(pieces[start:end]))
            if reading is not None:
                found.append(reading)
                start = end
                break
        else:
            rest.append(pieces[start].strip())
            start += 1
    return tuple(found), tuple(rest)


def looks_joined(cell: object, index: LabelIndex) -> bool:
    """Whether a cell holds more than one known answer and nothing else."""
    if not isinstance(cell, str) or index.find(cell) is not None:
        return False
    readings, rest = split_known(cell, index)
    return len(readings) > 1 and not rest and len({normal(str(r.value)) for r in readings}) > 1
