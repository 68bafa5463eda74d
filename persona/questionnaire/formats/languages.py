"""Languages as other tools name them."""

from __future__ import annotations

import re

_NAMES = {
    "arabic": "ar", "bahasa": "id", "chinese": "zh", "czech": "cs", "danish": "da", "deutsch": "de",
    "dutch": "nl", "english": "en", "español": "es", "espanol": "es", "finnish": "fi",
    "français": "fr", "francais": "fr", "french": "fr", "german": "de", "hindi": "hi",
    "italian": "it", "italiano": "it", "japanese": "ja", "nederlands": "nl", "nepali": "ne",
    "polish": "pl", "polski": "pl", "portuguese": "pt", "português": "pt", "russian": "ru",
    "русский": "ru", "spanish": "es", "swahili": "sw", "swedish": "sv", "turkish": "tr",
    "ukrainian": "uk", "українська": "uk",
}  # fmt: skip
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def language_code(name: str) -> str | None:
    """The code of a language that a tool names by code, by name, or both.

    Examples
    --------
    >>> language_code("English (en)"), language_code("Polski"), language_code("pt_BR")
    ('en', 'pl', 'pt-BR')
    """
    name = name.strip()
    if match := re.search(r"\(([^()]+)\)\s*$", name):
        inner = language_code(match[1])
        if inner:
            return inner
    code = name.replace("_", "-")
    if code.casefold() in _NAMES:
        return _NAMES[code.casefold()]
    head, _, region = code.partition("-")
    code = f"{head.lower()}-{region}" if region else head.lower()
    return code if _CODE.fullmatch(code) and len(head) <= 3 else None


LANGUAGE_NAMES = {"en": "English", "pl": "Polski", "ru": "Русский", "nl": "Nederlands"}
"""How XLSForm names the languages that questionnaires are shipped in."""
