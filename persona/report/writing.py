"""Numbers and filled sentences as a language writes them, from the locale's own symbols."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale

_WHOLE = "#,##0"
_ZERO = frozenset("0.")


@dataclass(frozen=True)
class Figures:
    """Writes numbers with the separators and the percent sign of a locale (CLDR by Babel).

    Halves go to the even neighbour, as Babel rounds them. Every figure is kept once written: a
    report writes the same ones thousands of times.

    Examples
    --------
    >>> Figures.of(Locale.parse("nl")).decimal(-1234.5, 1)
    '−1.234,5'
    """

    point: str
    thousands: str
    percents: tuple[str, str]
    known: dict[tuple[float, int], str] = field(default_factory=dict, compare=False, repr=False)
    shares: dict[tuple[float, int], str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, locale: Locale) -> Figures:
        """The figures of a locale."""
        symbols = locale.number_symbols["latn"]
        before, _, after = str(locale.percent_formats[None].pattern).partition(_WHOLE)
        return cls(symbols["decimal"], symbols["group"], (before, after))

    def decimal(self, value: float, decimals: int) -> str:
        """A number with so many decimals; zero has no sign, others a true minus."""
        key = (value, decimals)
        if key not in self.known:
            self.known[key] = self._written(Decimal(str(value)), decimals, "−")
        return self.known[key]

    def percent(self, value: float, decimals: int) -> str:
        """A percent of 0 to 100."""
        key = (value, decimals)
        if key not in self.shares:
            text = self._written(Decimal(str(value / 100)) * 100, decimals, "-")
            before, after = self.percents
            sign = "-" if text.startswith("-") else ""
            self.shares[key] = f"{sign}{before}{text.removeprefix(sign)}{after}"
        return self.shares[key]

    def _written(self, value: Decimal, decimals: int, minus: str) -> str:
        text = f"{abs(value):,.{decimals}f}"
        signed = value < 0 and not _ZERO.issuperset(text)
        if self.point != "." or self.thousands != ",":
            text = text.translate({ord("."): self.point, ord(","): self.thousands})
        return minus + text if signed else text


@lru_cache(maxsize=64)
def figures(locale: Locale) -> Figures:
    """The figures of a locale, made once."""
    return Figures.of(locale)


_FORMATTER = string.Formatter()


@lru_cache(maxsize=1 << 14)
def _parts(message: str) -> tuple[tuple[str, str | None, str, str | None], ...]:
    """Literal text, name, specification and conversion of each part of a message."""
    return tuple(
        (literal, name, specification or "", conversion)
        for literal, name, specification, conversion in _FORMATTER.parse(message)
    )


def fill(message: str, values: Mapping[str, object], write: Callable[[Any, str], str]) -> str:
    """A message with its ``{names}`` filled; ``write`` takes a value and its specification."""
    pieces = []
    for literal, name, specification, conversion in _parts(message):
        pieces.append(literal)
        if name is None:
            continue
        value = values[name] if name in values else _FORMATTER.get_field(name, (), values)[0]
        if conversion:
            value = _FORMATTER.convert_field(value, conversion)
        pieces.append(write(value, specification))
    return "".join(pieces)
