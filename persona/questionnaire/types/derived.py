"""Answers computed from other answers: bands, sums, means, recodes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from persona.errors import error, warning
from persona.questionnaire.cells import number
from persona.questionnaire.decoding import Decoded
from persona.questionnaire.parts import Code, Part
from persona.questionnaire.texts import DeclaredTexts
from persona.questionnaire.types.base import TYPES, Context, Finding, Question
from persona.questionnaire.variables import Category, Measure, Variable

_WAYS = ("bands", "recode", "sum", "mean")


class Band(Part):
    """Numbers from one bound to another, both included; an absent bound is open."""

    code: Code
    text: DeclaredTexts = Field(default_factory=dict)
    short: DeclaredTexts = Field(default_factory=dict)
    low: float | None = Field(default=None, alias="from")
    high: float | None = Field(default=None, alias="to")

    def holds(self, value: float) -> bool:
        """Whether a number lies in the band."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


class Bands(Part):
    """The bands of one number."""

    of: str
    options: tuple[Band, ...]


class Group(Part):
    """Codes of another question that are taken together."""

    code: Code
    text: DeclaredTexts = Field(default_factory=dict)
    short: DeclaredTexts = Field(default_factory=dict)
    codes: tuple[Code, ...]


class Recode(Part):
    """The codes of one question, grouped."""

    of: str
    options: tuple[Group, ...]


class Derived(Question):
    """An answer computed from other answers, in one of four ways.

    Parameters
    ----------
    bands : Bands, optional
        A number cut in bands, low to high.
    recode : Recode, optional
        Codes of another question taken together.
    sum, mean : tuple of str, optional
        Columns that are added up or averaged; no answer to one of them leaves none here.
    ordered : bool
        The groups of a recode run from low to high.
    """

    asked: ClassVar[str] = "It is not asked but computed from other answers."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "correspondence", "segmentation")

    type: Literal["derived"]
    bands: Bands | None = None
    recode: Recode | None = None
    sum: tuple[str, ...] = ()
    mean: tuple[str, ...] = ()
    ordered: bool = False
    unit: str | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns it is computed from."""
        if self.bands is not None:
            return (self.bands.of,)
        if self.recode is not None:
            return (self.recode.of,)
        return self.sum or self.mean

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column that no file holds."""
        options: tuple[Band | Group, ...] = ()
        measure = Measure.RATIO
        if self.bands is not None:
            options, measure = self.bands.options, Measure.ORDINAL
        elif self.recode is not None:
            options = self.recode.options
            measure = Measure.ORDINAL if self.ordered else Measure.NOMINAL
        categories = tuple(Category(part.code, part.text, part.short) for part in options)
        return (
            self.variable(context, measure, categories=categories, unit=self.unit, derived=True),
        )

    def derive(self, columns: Mapping[str, Sequence[object]], n: int) -> tuple[object, ...]:
        """The value of each of n respondents; None where an answer it needs is missing.

        Parameters
        ----------
        columns : mapping of variable to values of length n
            As answered; a data frame will do.
        """
        given = [columns[name] for name in self.sources if name in columns]
        if len(given) < len(self.sources):
            return (None,) * n
        return tuple(self._value(values) for values in zip(*given, strict=True))

    def _value(self, values: Sequence[object]) -> object:
        if any(value is None or value != value for value in values):
            return None
        if self.recode is not None:
            return next((g.code for g in self.recode.options if _among(values[0], g.codes)), None)
        numbers = [number(value) for value in values]
        if any(value is None for value in numbers):
            return None
        figures = [value for value in numbers if value is not None]
        if self.bands is not None:
            return next((b.code for b in self.bands.options if b.holds(figures[0])), None)
        total = float(sum(figures))
        return total / len(figures) if self.mean else total

    def decode(
        self,
        context: Context,
        columns: Mapping[str, Sequence[object]],
        language: str | None = None,
    ) -> Mapping[str, Decoded]:
        """Nothing: no column of a file is read for it."""
        return {}

    def check(self, context: Context) -> Iterator[Finding]:
        """More than one way to compute it, and bands that overlap or leave gaps."""
        ways = [way for way in _WAYS if getattr(self, way)]
        if len(ways) != 1:
            yield (
                (),
                error(
                    "derived.way",
                    "A derived answer is computed in one way; here are {count}.",
                    question=self.id,
                    allowed="one of " + ", ".join(_WAYS),
                    values={"count": len(ways)},
                ),
            )
        if self.bands is not None:
            yield from self._band_findings(self.bands.options)
        if self.recode is not None:
            yield from self._group_findings(self.recode.options)

    def _band_findings(self, bands: Sequence[Band]) -> Iterator[Finding]:
        for place, (band, following) in enumerate(itertools.pairwise(bands), start=1):
            path = ("bands", "options", place)
            high, low = band.high, following.low
            if high is None or low is None or low < high:
                yield (
                    path,
                    error(
                        "derived.bands_overlap",
                        "The band {code} overlaps the one before it, or is out of order.",
                        question=self.id,
                        remedy="List them from low to high; only the ends may be open.",
                        values={"code": following.code},
                    ),
                )
            elif low == high:
                yield (
                    path,
                    warning(
                        "derived.bands_touch",
                        "The number {number} is in two bands and counts to the lower one.",
                        question=self.id,
                        remedy="Let the next band start above it.",
                        values={"number": f"{low:g}"},
                    ),
                )
            elif low - high > 1:
                yield (
                    path,
                    warning(
                        "derived.bands_gap",
                        "Numbers between {high} and {low} are in no band.",
                        question=self.id,
                        remedy="Let the next band start where this one ends.",
                        values={"high": f"{high:g}", "low": f"{low:g}"},
                    ),
                )

    def _group_findings(self, groups: Sequence[Group]) -> Iterator[Finding]:
        held: dict[str, int | str] = {}
        for place, group in enumerate(groups):
            for code in group.codes:
                first = held.setdefault(str(code), group.code)
                if first != group.code:
                    yield (
                        ("recode", "options", place),
                        error(
                            "derived.code_twice",
                            "The code {code} goes to both {first} and {second}.",
                            question=self.id,
                            remedy="Keep it in one group.",
                            values={"code": code, "first": first, "second": group.code},
                        ),
                    )


def _among(value: object, codes: Sequence[int | str]) -> bool:
    figure = number(value)
    return any(code == value or (isinstance(code, int) and code == figure) for code in codes)


TYPES.register("derived", Derived)
