"""Respondents who answered like another one, and words that say nothing or were copied."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persona.questionnaire.cells import normal

Bools = NDArray[np.bool_]

#: Answers that must be given before equal ones count as copies.
FEWEST_ANSWERS = 10
_BANDS = 12
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_VOWELS = frozenset("aeiouyąęóäöüéèáíúаеёиоуыэюя")
_LETTERS = re.compile(r"[^\W\d_]+")


def duplicate_rows(codes: NDArray[np.int64]) -> tuple[Bools, dict[int, int]]:
    """Respondents whose answers are all equal to an earlier one's.

    Parameters
    ----------
    codes : (respondents, variables) array
        Answers as numbers, -1 where there is none.

    Returns
    -------
    (array of bool, mapping of position to the first position with these answers)
    """
    answered = (codes >= 0).sum(axis=1)
    first: dict[bytes, int] = {}
    copies: dict[int, int] = {}
    for row in range(len(codes)):
        if answered[row] < FEWEST_ANSWERS:
            continue
        held = first.setdefault(codes[row].tobytes(), row)
        if held != row:
            copies[row] = held
    flags = np.zeros(len(codes), bool)
    flags[list(copies)] = True
    return flags, copies


def near_duplicates(codes: NDArray[np.int64], share: float, ignore: Bools) -> Bools:
    """Respondents who give the same answer as an earlier one to at least ``share`` of questions.

    Pairs are compared when they agree entirely on one of twelve bands of questions, which a pair
    that differs in fewer than twelve answers always does.

    Parameters
    ----------
    codes : (respondents, variables) array
    share : float
    ignore : array of bool
        Respondents who are not compared, such as those who gave one answer throughout.
    """
    n, p = codes.shape
    flags = np.zeros(n, bool)
    if p < 2 * _BANDS:
        return flags
    answered = (codes >= 0).sum(axis=1)
    for band in np.array_split(np.arange(p), _BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        part = np.ascontiguousarray(codes[:, band])
        for number in np.flatnonzero((answered >= 2 * _BANDS) & ~ignore).tolist():
            if (part[number] >= 0).any():
                buckets[part[number].tobytes()].append(number)
        for rows in buckets.values():
            if len(rows) < 2 or len(rows) > 400:  # a band that many share tells nothing
                continue
            for place, row in enumerate(rows[1:], start=1):
                if flags[row]:
                    continue
                earlier = codes[rows[:place]]
                same = (earlier == codes[row]) & (codes[row] >= 0)
                both = (earlier >= 0) & (codes[row] >= 0)
                agreement = same.sum(axis=1) / np.maximum(both.sum(axis=1), 1)
                flags[row] = bool((agreement >= share).any())
    return flags


def is_gibberish(text: str) -> bool:
    """Whether words look typed at random.

    Examples
    --------
    >>> [is_gibberish(text) for text in ("asdfgh", "xkcdbrt qwrtpl", "aaaaaaa", "Good tea, cheap")]
    [True, True, True, False]
    """
    words = [word.casefold() for word in _LETTERS.findall(text)]
    letters = "".join(words)
    if len(letters) < 5:
        return False
    if re.search(r"(.)\1{4,}", letters):
        return True
    strange = sum(len(word) for word in words if _strange_word(word))
    return strange >= 0.6 * len(letters)


def _strange_word(word: str) -> bool:
    if len(word) < 4:
        return False
    if any(run in keys for keys in _KEYBOARD for run in _pieces(word, 4)):
        return True
    if all("a" <= letter <= "z" or "а" <= letter <= "я" for letter in word):
        clusters = re.split(f"[{''.join(sorted(_VOWELS))}]+", word)
        return max(map(len, clusters)) >= 6 or (len(word) >= 5 and not _VOWELS & set(word))
    return False


def _pieces(word: str, length: int) -> list[str]:
    return [word[start : start + length] for start in range(len(word) - length + 1)]


def copied_texts(columns: Sequence[Sequence[object]], shortest: int = 25) -> Bools:
    """Respondents with a verbatim of some length that another one gave word for word."""
    n = len(columns[0]) if columns else 0
    flags = np.zeros(n, bool)
    for column in columns:
        texts = [normal(text) if isinstance(text, str) else "" for text in column]
        counts = Counter(text for text in texts if len(text) >= shortest)
        flags |= np.array([counts.get(text, 0) > 1 for text in texts], bool)
    return flags


def gibberish_texts(columns: Sequence[Sequence[object]]) -> Bools:
    """Respondents with a verbatim that looks typed at random."""
    n = len(columns[0]) if columns else 0
    flags = np.zeros(n, bool)
    for column in columns:
        flags |= np.array([isinstance(t, str) and is_gibberish(t) for t in column], bool)
    return flags
