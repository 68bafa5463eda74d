"""Words, numbers and dates of a report in one language.

A language is a folder of gettext catalogues under ``reports/locale``; nothing else is needed for
a new one. Messages are English sentences with ``{names}``; catalogues are read as they stand.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.plural import PluralRule
from markupsafe import Markup, escape

from persona import resources
from persona.errors import Listed, OutputError, Problem, error, fill_known
from persona.report.writing import Figures, figures, fill

NOTHING = "–"
"""What stands where there is no figure: a base of zero, a statistic that does not exist."""

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LONG_WORD = re.compile(r"\S{41,}")
_PIECE = re.compile(r"\S{12}")
_FIXED = re.compile(r"\.(\d)([f%])")
_PLURAL_FORMS = ("zero", "one", "two", "few", "many", "other")
_NAMES = {"en": "English", "pl": "Polski", "ru": "Русский", "nl": "Nederlands"}


def available() -> tuple[str, ...]:
    """The languages that have catalogues, sorted."""
    folder = resources.root("reports") / "locale"
    return tuple(sorted(path.parent.name for path in folder.glob("*/report.po")))


@dataclass(frozen=True)
class Language:
    """One language: its catalogue and its way of writing figures.

    Parameters
    ----------
    code : str
        ``"pl"``.
    messages : mapping
        English message to its translations, one a plural form in the order of Unicode's plural
        categories: one, few, many, other (the last also of fractions).
    """

    code: str
    locale: Locale
    messages: Mapping[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        """The language in its own words."""
        shown = self.locale.get_display_name(self.code) or self.code
        return _NAMES.get(self.code, shown[:1].upper() + shown[1:])

    @property
    def direction(self) -> str:
        """``"ltr"`` or ``"rtl"``."""
        return str(self.locale.text_direction)

    def gettext(self, message: str, /, **values: object) -> str:
        """The message in this language, its ``{names}`` filled; English when not translated."""
        found = self.messages.get(message)
        return self._fill(found[0] if found and found[0] else message, values)

    def _fill(self, message: str, values: Mapping[str, object]) -> str:
        return fill(message, values, self._value) if values else message

    def _value(self, value: Any, specification: str) -> str:
        """One value by its specification: ``.2f`` and ``.0%`` are written as the language does."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and specification in ("", "g"):
            whole = float(value).is_integer()
            return self.number(value) if whole else self.plain(float(value))
        match = _FIXED.fullmatch(specification) if number else None
        if match:
            write = self.share if match.group(2) == "%" else self.number
            return write(float(value), int(match.group(1)))
        return format(value, specification)

    def ngettext(self, one: str, many: str, n: float, /, **values: object) -> str:
        """The message in the form its number asks for; ``{n}`` is the number as it is written.

        Examples
        --------
        >>> load("pl").ngettext("{n} respondent", "{n} respondents", 22)
        '22 respondentów'
        """
        values = {"n": self.number(n), **values}
        found = self.messages.get(one)
        if found:
            form = found[min(self.plural(n), len(found) - 1)]
            if form:
                return self._fill(form, values)
        return self._fill(one if n == 1 else many, values)

    def plural(self, n: float) -> int:
        """The index of the plural form that a number asks for."""
        return self._plural_forms.index(self._plural_rule(n))

    @cached_property
    def _plural_forms(self) -> tuple[str, ...]:
        tags = {*self._plural_rule.tags, "other"}
        return tuple(form for form in _PLURAL_FORMS if form in tags)

    @cached_property
    def _plural_rule(self) -> PluralRule:
        return self.locale.plural_form

    @cached_property
    def _figures(self) -> Figures:
        return figures(self.locale)

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A number with the language's separators; ``–`` when there is none."""
        if value is None or value != value:
            return NOTHING
        return self._figures.decimal(float(value), decimals)

    def plain(self, value: float) -> str:
        """A number with as many decimals as it needs, at most four."""
        text = f"{value:.4f}".rstrip("0").rstrip(".")
        return self.number(value, len(text.partition(".")[2]))

    def percent(self, value: float | None, decimals: int = 0) -> str:
        """A percent of 0 to 100; ``–`` when there is none."""
        if value is None or value != value:
            return NOTHING
        return self._figures.percent(float(value), decimals)

    def share(self, value: float | None, decimals: int = 0) -> str:
        """A share of 0 to 1 as a percent."""
        return self.percent(None if value is None else value * 100, decimals)

    def interval(self, low: float | None, high: float | None, decimals: int = 0) -> str:
        """A 95 % interval as ``low–high``."""
        if low is None or high is None:
            return NOTHING
        return f"{self.number(low, decimals)}–{self.number(high, decimals)}"

    def p_value(self, value: float | None) -> str:
        """A p-value to three decimals; never a bare zero."""
        if value is None or value != value:
            return NOTHING
        if value < 0.001:
            return f"< {self.number(0.001, 3)}"
        return self.number(value, 3)

    def date(self, value: dt.date | None) -> str:
        """A date, written out."""
        return NOTHING if value is None else str(format_date(value, "long", locale=self.locale))

    def has(self, texts: Mapping[str, str]) -> bool:
        """Whether a text stands in this language."""
        return self.code in texts

    def text(self, texts: Mapping[str, str]) -> str:
        """A questionnaire's text in this language, else in another one and marked with it."""
        if self.code in texts:
            return clean(texts[self.code])
        if not texts:
            return ""
        other = "en" if "en" in texts else next(iter(texts))
        return f"{clean(texts[other])} [{other}]" if other else clean(texts[other])

    def problem(self, problem: Problem) -> str:
        """A problem's sentence in this language; English when it is not translated."""
        values = {
            name: value if f"{{{name}!r" in problem.template else self._said(value)
            for name, value in problem.values.items()
        }
        return self.gettext(problem.template, **values)

    def remedy(self, problem: Problem) -> str:
        """What to do about a problem, in this language; empty when nothing is said of it."""
        if not problem.remedy:
            return ""
        found = self.messages.get(problem.remedy)
        text = found[0] if found and found[0] else problem.remedy
        return fill_known(text, problem.values, lambda one: self._value(self._said(one), ""))

    def _said(self, value: object) -> object:
        """A value in words of this language; what somebody typed is quoted and stays."""
        if isinstance(value, Problem):
            return self.problem(value)
        if isinstance(value, Listed):
            return value.written(self.number)
        return self.gettext(value) if isinstance(value, str) else value


def clean(text: str) -> str:
    """A text without control characters and without marks that turn the direction of others."""
    return _UNPRINTABLE.sub("", text)


def breakable(value: object) -> object:
    """A text whose words of over 40 characters may break anywhere; other values as they are."""
    if isinstance(value, str) and not isinstance(value, Markup) and len(value) > 40:
        return _LONG_WORD.sub(lambda word: _PIECE.sub("\\g<0>\u200b", word.group()), value)
    return value


def shortened(text: str, most: int = 160) -> str:
    """A name that is not longer than a heading can hold."""
    return text if len(text) <= most else text[: most - 1] + "…"


def message(text: str) -> str:
    """Mark a sentence as one that catalogues translate; it is rendered later."""
    return text


def markup(function: Callable[..., str]) -> Callable[..., Markup]:
    """``gettext`` or ``ngettext`` for templates: their values are escaped, the message is not."""

    def call(*arguments: object, **values: object) -> Markup:
        safe = {name: escape(breakable(value)) for name, value in values.items()}
        return Markup(function(*arguments, **safe))

    return call


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    with path.open("rb") as stream:
        catalogue = read_po(stream)
    messages: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        found = message.string if isinstance(message.string, tuple) else (message.string,)
        messages[str(key)] = tuple(str(form) for form in found)
    return messages


@lru_cache(maxsize=16)
def load(code: str) -> Language:
    """The language with this code.

    Raises
    ------
    OutputError
        When it has no catalogue.
    """
    folder = resources.root("reports") / "locale" / code
    if not (folder / "report.po").is_file():
        raise OutputError(
            error(
                "language.missing",
                "Reports cannot be written in the language {language!r}.",
                found=code,
                allowed=", ".join(available()),
                remedy="Choose one of these languages, or add a catalogue for it.",
                values={"language": code},
            )
        )
    messages: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.po")):
        messages |= _read(path)
    return Language(code, Locale.parse(code), messages)


def load_all(codes: Iterable[str]) -> tuple[Language, ...]:
    """Several languages, in the order given."""
    return tuple(load(code) for code in codes)
