"""Texts in several languages, and how one falls back visibly when it is not translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

Texts: TypeAlias = Mapping[str, str]
"""Language code to text."""


def _in_default_language(value: Any, info: ValidationInfo) -> Any:
    """A plain text stands for the questionnaire's first language."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        language = (info.context or {}).get("language", "en")
        return {language: value}
    return value


DeclaredTexts: TypeAlias = Annotated[
    Mapping[str, str],
    BeforeValidator(_in_default_language),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ],
            "description": "A text in the first language, or language: text.",
        }
    ),
]
"""Texts as a questionnaire file declares them: one plain text, or one a language."""


def text_in(texts: Texts, language: str, default: str | None = None) -> str:
    """The text in a language; when it is not translated, another one marked with its language.

    Parameters
    ----------
    texts : mapping of language to text
    language : str
        The language wished for.
    default : str, optional
        The language to fall back to first; otherwise the first there is.

    Examples
    --------
    >>> text_in({"en": "Age", "pl": "Wiek"}, "pl")
    'Wiek'
    >>> text_in({"en": "Age"}, "nl")
    'Age [en]'
    """
    if language in texts:
        return texts[language]
    if not texts:
        return ""
    other = default if default is not None and default in texts else next(iter(texts))
    return f"{texts[other]} [{other}]"
