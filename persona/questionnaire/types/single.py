"""One answer out of several options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from persona.errors import Problem, error, note
from persona.questionnaire.cells import normal, plain
from persona.questionnaire.decoding import Decoded, Reader, Reading, State, decode_column, faulty
from persona.questionnaire.joined import looks_joined
from persona.questionnaire.labels import LabelIndex
from persona.questionnaire.parts import Code, Option
from persona.questionnaire.types.base import TYPES, Context, Finding, Question
from persona.questionnaire.types.choices import (
    missing_options,
    valid_options,
    with_written,
    written_variables,
)
from persona.questionnaire.variables import Category, Measure, MissingCode, Variable
from persona.registry import nearest


class Single(Question):
    """One answer out of several options.

    Parameters
    ----------
    options : tuple of Option
    ordered : bool
        The options run from low to high.
    randomise : bool
        A note to the field: the order of the options changes from respondent to respondent.
    attention : int or str, optional
        The question checks attention: the code that an attentive respondent gives.
    reverse : bool
        A high code means less of what is measured; ordered options alone can be reversed.
    """

    asked: ClassVar[str] = "One option is ticked."
    analyses: ClassVar[tuple[str, ...]] = ("profile", "correspondence", "segmentation")

    type: Literal["single"]
    options: tuple[Option, ...]
    ordered: bool = False
    randomise: bool = False
    attention: Code | None = None
    reverse: bool = False

    def missing_codes(self, context: Context) -> tuple[MissingCode, ...]:
        """Declared missing codes and the options that stand for no answer."""
        return (*missing_options(self.options), *super().missing_codes(context))

    def variables(self, context: Context) -> tuple[Variable, ...]:
        """One column with the code chosen, and one a "please specify"."""
        valid = tuple(Category(o.code, o.text, o.short) for o in valid_options(self.options))
        measure = Measure.ORDINAL if self.ordered else Measure.NOMINAL
        chosen = self.variable(context, measure, categories=valid, reverse=self.reverse)
        return (chosen, *written_variables(self, self.options, context))

    def check(self, context: Context) -> Iterator[Finding]:
        """Keys that need an order of the options, or an option that there is not."""
        if self.reverse and not self.ordered:
            yield (
                ("reverse",),
                error(
                    "question.reversed_nominal",
                    "Options without an order cannot be reversed.",
                    question=self.id,
                    remedy="Add ordered: true if they run from low to high; else remove reverse.",
                ),
            )
        codes = [option.code for option in self.options]
        if self.attention is not None and self.attention not in codes:
            yield (
                ("attention",),
                error(
                    "question.attention",
                    "The attentive answer {code!r} is none of the options.",
                    question=self.id,
                    allowed=", ".join(map(str, codes)),
                    values={"code": self.attention},
                ),
            )

    def reader(self, variable: Variable, context: Context, language: str | None) -> Reader:
        """The code of one option; words of the respondent's own where there is "other"."""
        if variable.measure is Measure.TEXT:
            return super().reader(variable, context, language)
        index = LabelIndex(self.id, variable.categories, variable.missing, language)
        others = [option.code for option in self.options if option.other]

        def read(cell: object) -> Reading:
            reading = index.read(cell)
            if reading.state is not State.FAULTY:
                return reading
            if looks_joined(cell, index):
                return faulty(self._several(cell, index.allowed))
            unlike = nearest(normal(plain(cell)), index.labels) is None
            if len(others) == 1 and isinstance(cell, str) and unlike:
                return Reading(others[0], problem=self._as_other(cell), written=cell.strip())
            return reading

        return read

    def decode(
        self,
        context: Context,
        columns: Mapping[str, Sequence[object]],
        language: str | None = None,
    ) -> Mapping[str, Decoded]:
        """The chosen codes; what was written in their place goes to the "other" column."""
        decoded = dict(super().decode(context, columns, language))
        chosen, *texts = self.variables(context)
        if self.id in columns and len(texts) == 1:
            _, readings = decode_column(
                self.id, columns[self.id], self.reader(chosen, context, language)
            )
            written = [reading.written for reading in readings]
            if any(written):
                held = decoded.get(texts[0].id)
                decoded[texts[0].id] = with_written(texts[0].id, held, written)
        return decoded

    def _several(self, cell: object, allowed: str) -> Problem:
        return error(
            "answer.several",
            "The cell holds several answers where one is allowed.",
            question=self.id,
            found=plain(cell)[:200],
            allowed=allowed,
            remedy="Keep one answer, or declare the question as multiple.",
        )

    def _as_other(self, cell: str) -> Problem:
        return note(
            "answer.written_other",
            "{answer!r} is none of the options and is read as the respondent's own words "
            "under the option for other answers.",
            question=self.id,
            found=cell[:200],
            values={"answer": cell[:80]},
        )


TYPES.register("single", Single)
