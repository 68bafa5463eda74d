"""The words by which columns and answers of people's files are known, in four languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from persona.questionnaire.building import read_document
from persona.questionnaire.cells import normal
from persona.resources import root

_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Words:
    """Headers by what they hold, and what says yes and no; all folded for comparison.

    Parameters
    ----------
    headers : mapping of field to texts
        Fields of a person, and ``segment``, ``segment_name``, ``probability``, ``uncertain``,
        ``consent``.
    yes, no : set of str
    """

    headers: Mapping[str, frozenset[str]]
    yes: frozenset[str]
    no: frozenset[str]


def loose(text: str) -> str:
    """A header as it is compared: its letters and digits alone, in lower case.

    Examples
    --------
    >>> loose("E-mail_Address:") == loose("e mail address")
    True
    """
    return _BETWEEN.sub(" ", normal(text)).strip()


@lru_cache(maxsize=1)
def words() -> Words:
    """The shipped words.

    Examples
    --------
    >>> "tak" in words().yes, "нет" in words().no
    (True, True)
    """
    data = read_document(root("reports") / "audience_words.yaml").data
    headers = {name: _folded(texts) for name, texts in data["fields"].items()}
    for name in ("segment", "segment_name", "probability", "uncertain", "consent"):
        headers[name] = _folded(data[name])
    return Words(
        headers,
        frozenset(normal(str(text)) for text in data["yes"]),
        frozenset(normal(str(text)) for text in data["no"]),
    )


def _folded(texts: list[str]) -> frozenset[str]:
    return frozenset(loose(str(text)) for text in texts)
