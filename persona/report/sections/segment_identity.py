"""Splits, merges and new numbers of segments since the run that decisions were made about."""

from __future__ import annotations

import re
from dataclasses import replace

from persona.report.sections.base import Context, letter

_NUMBER = re.compile(r"\d+")
_LAST = re.compile(r"(?<=→ )\d+")
_OF_THIS_RUN = ("parts", "heir", "segment")
"""Values of the notes that are numbers of segments of this run; ``pairs`` ends each in one."""


def identity_sentences(context: Context) -> tuple[str, ...]:
    """What became of the earlier segments, in the letters that the report calls segments by."""
    return tuple(
        context.language.problem(
            replace(one, values={key: _lettered(key, value) for key, value in one.values.items()})
        )
        for one in context.report.identity
    )


def _lettered(key: str, value: object) -> object:
    if key in _OF_THIS_RUN:
        return _NUMBER.sub(lambda found: letter(int(found[0])), str(value))
    if key == "pairs":
        return _LAST.sub(lambda found: letter(int(found[0])), str(value))
    return value
