"""The encoding of a text file, found by evidence: marks, strict UTF-8, then how its words look."""

from __future__ import annotations

import re
from dataclasses import dataclass

from persona.errors import DataError, Problem, error, note, warning
from persona.responses.sniff import Source

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
#: Single-byte encodings of the Windows and Macintosh programs that write surveys, likelier first.
CANDIDATES = ("cp1252", "cp1250", "cp1251", "mac_roman", "mac_latin2", "mac_cyrillic")
_COMMON = frozenset(
    "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"  # Polish
    "äöüßÄÖÜéèêëàâáçñíìîïôòúùûåøæÉÀÇÑÅØœã"  # western Europe
    "čďěňřšťůýžČŘŠŽőűășț"  # central Europe
)
_SIGNS = frozenset("„”“’‘–—…«»€£°§\xa0½©®™")
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 200_000
#: Below this score a handful of letters decided, and that is a warning.
_SURE = 5.0


@dataclass(frozen=True)
class Decoded:
    """Text with the name of the encoding it was read in, and what is to be said about it."""

    text: str
    encoding: str
    problems: tuple[Problem, ...] = ()


def decode_text(source: Source, encoding: str | None = None) -> Decoded:
    """The text of a file.

    Parameters
    ----------
    source : Source
    encoding : str, optional
        Taken as given instead of looking for evidence.

    Raises
    ------
    DataError
        No encoding fits; names the byte at which the text stops making sense.
    """
    if encoding is not None:
        return _strict(source, encoding)
    for mark, name in _MARKS:
        if source.content.startswith(mark):
            return _strict(source, name)
    if b"\x00" in source.content:
        return _with_nulls(source)
    try:
        return Decoded(source.content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as trouble:
        return _by_letters(source, trouble.start)


def _strict(source: Source, encoding: str) -> Decoded:
    try:
        return Decoded(source.content.decode(encoding).lstrip("\ufeff"), encoding)
    except LookupError:
        raise DataError(
            error(
                "text.encoding_unknown",
                "There is no encoding called {encoding!r}.",
                file=str(source.path),
                allowed="utf-8, utf-16, cp1250, cp1251, cp1252, mac_roman and others",
                values={"encoding": encoding},
            )
        ) from None
    except UnicodeDecodeError as trouble:
        raise DataError(_undecodable(source, trouble.start, encoding)) from None


def _undecodable(source: Source, offset: int, encoding: str) -> Problem:
    return error(
        "text.undecodable",
        "The text stops making sense at byte {offset:,} when it is read as {encoding}.",
        file=str(source.path),
        found=repr(source.content[max(offset - 10, 0) : offset + 10])[1:],
        remedy="Open it in the program it comes from and save it as CSV UTF-8.",
        values={"offset": offset, "encoding": encoding},
    )


def _with_nulls(source: Source) -> Decoded:
    """UTF-16 without its mark has a zero in every other byte; other zeros are damage."""
    sample = source.content[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if max(even, odd) > 0.05 * half and 20 * min(even, odd) < max(even, odd):
        return _strict(source, "utf-16-le" if odd > even else "utf-16-be")
    raise DataError(_undecodable(source, source.content.index(0), "text"))


def _by_letters(source: Source, offset: int) -> Decoded:
    """The single-byte encoding whose words look most like words."""
    scores: dict[str, float] = {}
    texts: dict[str, str] = {}
    for name in CANDIDATES:
        try:
            texts[name] = source.content.decode(name)
        except UnicodeDecodeError:
            continue
        scores[name] = score_words(texts[name][:_SAMPLE])
    best = max(scores, key=lambda name: scores[name], default=None)
    if best is None or scores[best] <= 0:
        raise DataError(_undecodable(source, offset, "UTF-8"))
    tell = note if scores[best] >= _SURE else warning
    said = tell(
        "text.encoding",
        "The file does not say how its letters are written; it is read as {encoding}.",
        file=str(source.path),
        found=_example(texts[best]),
        remedy="If letters look wrong, save the file as CSV UTF-8 or name the encoding.",
        values={"encoding": best},
    )
    return Decoded(texts[best], best, (said,))


def _example(text: str) -> str | None:
    words = (word for word in _WORD.findall(text[:_SAMPLE]) if not word.isascii())
    return next(words, None)


def score_words(text: str) -> float:
    """How much the words with letters beyond English look like words of a language.

    Examples
    --------
    >>> score_words("zażółć gęślą") > 0 > score_words("za¿ó³æ gêœl¹ ÿþ")
    True
    """
    score = 0.0
    for word in _WORD.findall(text):
        if not word.isascii():
            score += _score_word(word)
    for character in text:
        if character.isascii() or character.isalpha():
            continue
        if character in _SIGNS:
            score += 0.5
        elif "\x80" <= character <= "\x9f":
            score -= 5
        else:
            score -= 1
    # a sign between two letters is mostly a letter read wrongly
    score -= 2 * len(re.findall(r"(?<=[^\W\d_])[^\w\s\x00-\x7f’](?=[^\W\d_])", text))
    return score


def _score_word(word: str) -> float:
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in word)
    if cyrillic:
        usual = sum(letter in "оеаинтсрвлкмдпуя" for letter in word.lower())
        mixed = cyrillic < len(word) or not _cased_like_a_word(word)
        return -2.0 if mixed else 2.0 * usual - 0.6 * len(word)
    foreign = [letter for letter in word if not letter.isascii()]
    score = sum(1.0 if letter in _COMMON else -1.0 for letter in foreign)
    if not _cased_like_a_word(word):
        score -= 2.0
    if len(foreign) > 3 and len(foreign) > 0.6 * len(word):
        score -= len(foreign)
    return score


def _cased_like_a_word(word: str) -> bool:
    return word.islower() or word.isupper() or word[1:].islower()
