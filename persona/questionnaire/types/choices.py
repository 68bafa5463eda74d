"""What questions with options share: missing options, and "other, please specify"."""

from __future__ import annotations

from collections.abc import Sequence

from persona.questionnaire.decoding import Decoded, State
from persona.questionnaire.parts import Option
from persona.questionnaire.types.base import Context, Question
from persona.questionnaire.variables import Measure, MissingCode, Variable


def valid_options(options: Sequence[Option]) -> tuple[Option, ...]:
    """Options that are answers."""
    return tuple(option for option in options if not option.missing)


def missing_options(options: Sequence[Option]) -> tuple[MissingCode, ...]:
    """Options that stand for no answer."""
    return tuple(
        MissingCode(option.code, option.text, option.missing)
        for option in options
        if option.missing
    )


def written_variables(
    question: Question, options: Sequence[Option], context: Context
) -> tuple[Variable, ...]:
    """The text columns of options with "please specify".

    One such option makes the column ``question_other``, several make ``question_code_other``;
    where an option's code is "other" itself, the text stands in ``question_other_text``.
    """
    others = [option for option in options if option.other]
    taken = any(str(option.code) == "other" for option in options)
    word = "other_text" if taken else "other"
    return tuple(
        question.variable(
            context,
            Measure.TEXT,
            suffix=word if len(others) == 1 else f"{option.code}_{word}",
            item=str(option.code),
            text=option.text,
            kind="verbatim",
            role="descriptor",
            missing=(),
            optional=True,
        )
        for option in others
    )


def with_written(variable: str, held: Decoded | None, written: Sequence[str | None]) -> Decoded:
    """A text column with the words added that stood in place of an option."""
    values = held.values if held else (None,) * len(written)
    joined = tuple(new or old for new, old in zip(written, values, strict=True))
    states = held.states if held else (State.EMPTY,) * len(written)
    return Decoded(
        variable,
        joined,
        tuple(State.ANSWERED if new else state for new, state in zip(written, states, strict=True)),
        held.faults if held else (),
    )
