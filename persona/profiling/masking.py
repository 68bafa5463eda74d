"""Personal data in what respondents wrote, covered before anything is shown."""

from __future__ import annotations

import re

COVER = "▒▒▒"

_EMAIL = re.compile(r"[^\s@<>()\[\],;:]{1,64}\s?@\s?[\w\-]{1,64}(?:\.[\w\-]{1,64})+")
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w\-]+\.(?:com|net|org|pl|ru|nl|de|eu|io)\b(?:/\S*)?", re.I
)
_HANDLE = re.compile(r"(?<![\w@])@\w{2,}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{2,4}){3,8}\b")
# seven digits or more, however they are grouped: phones, cards, identity numbers
_DIGITS = re.compile(r"(?<!\w)\+?\(?\d(?:[\s().\-/]{0,2}\d){6,}(?!\w)")
_CUES = (
    r"my name is|i am called|i'm called|signed|regards|sincerely|call me",
    r"nazywam się|mam na imię|jestem pan|jestem pani|pozdrawiam|podpisano",
    r"меня зовут|моё имя|мое имя|с уважением|подпись",
    r"mijn naam is|ik heet|groeten|hoogachtend|met vriendelijke groet",
    r"mein name ist|ich heiße|je m'appelle|mon nom est",
    r"mr|mrs|ms|dr|pan|pani|pana|panu|госпожа|господин|dhr|mevr|mevrouw|meneer",
)
_CAPITALISED = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁ][\w'’\-]+"
_INTRODUCED = re.compile(
    rf"(?P<cue>\b(?i:{'|'.join(_CUES)})\b[.,:]?\s+)(?P<name>{_CAPITALISED}(?:\s+{_CAPITALISED}){{0,2}})"
)
_FULL_NAME = re.compile(rf"(?<=[\w,;)]\s)(?<![.!?…]\s){_CAPITALISED}(?:\s+{_CAPITALISED})+")


def mask(text: str) -> str:
    """A text with e-mail addresses, links, handles, long numbers and likely names covered.

    A name is covered after words that introduce one ("my name is", "pani", "меня зовут"), and
    where two words in a row are capitalised inside a sentence. What is left can still tell who
    wrote it: read quotes before they are published.

    Examples
    --------
    >>> mask("Write to a.b@c.com or +48 601 234 567")
    'Write to ▒▒▒ or ▒▒▒'
    >>> mask("my name is Jan Kowalski and I wait 15 minutes")
    'my name is ▒▒▒ and I wait 15 minutes'
    """
    for pattern in (_EMAIL, _LINK, _HANDLE, _IBAN, _DIGITS):
        text = pattern.sub(COVER, text)
    text = _INTRODUCED.sub(lambda found: found["cue"] + COVER, text)
    return _FULL_NAME.sub(COVER, text)
