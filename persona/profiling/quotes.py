"""What respondents near the centre of a segment wrote."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.profiling.aspects import aspect_of
from persona.profiling.masking import COVER, mask
from persona.profiling.persona import Quote
from persona.questionnaire.variables import Measure, Variable

if TYPE_CHECKING:
    from persona.questionnaire.model import Questionnaire

MOST_QUOTES, OF_ONE_QUESTION = 4, 2
SHORTEST, LONGEST = 12, 280


def quotes_of(
    members: NDArray[np.intp],
    asked: pd.DataFrame,
    questionnaire: Questionnaire,
    suppress_below: int,
) -> tuple[Quote, ...]:
    """Quotes of the most typical members, masked of personal data.

    Parameters
    ----------
    members : int array
        Rows of the members, the most typical first.
    asked : DataFrame
    questionnaire : Questionnaire
    suppress_below : int
        A question that fewer members answered is not quoted.
    """
    taken: list[Quote] = []
    for variable in _verbatims(questionnaire, asked):
        written = asked[variable.id].iloc[members]
        texts = [str(text) for text in written[written.notna()]]
        if sum(len(text.strip()) >= SHORTEST for text in texts) < max(suppress_below, 1):
            continue
        # cleaned one by one: two quotes are found long before thousands are masked
        telling = _first(clean(text) for text in texts)
        taken += [
            Quote(variable.question, variable.question_text, text, variable.kind)
            for text in telling
        ]
    return tuple(
        quote
        for place in dict.fromkeys(_place(one) for one in taken)
        for quote in _spread([one for one in taken if _place(one) == place])
    )


def _place(quote: Quote) -> str:
    """Where a quote stands: with its aspect, or among what people say at large."""
    return aspect_of(quote.kind) or "verbatim"


def _verbatims(questionnaire: Questionnaire, asked: pd.DataFrame) -> list[Variable]:
    return [
        variable
        for variable in questionnaire.variables
        if variable.measure is Measure.TEXT
        and (variable.kind == "verbatim" or aspect_of(variable.kind))
        # what is written beside "other" names a thing and says nothing
        and questionnaire.question(variable.question).type == "text"
        and not variable.sensitive
        and variable.id in asked.columns
    ]


def clean(text: str) -> str:
    """One masked line: no control or invisible characters, spaces joined, cut at a word.

    Examples
    --------
    >>> clean("  Too\\u200b slow\\n at the till ")
    'Too slow at the till'
    """
    visible = "".join(
        " " if letter.isspace() else letter
        for letter in text[: 20 * LONGEST]
        if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    line = mask(" ".join(visible.split()))
    if len(line) <= LONGEST:
        return line
    return line[:LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _first(texts: Iterable[str]) -> list[str]:
    """The first different ones that still say something once they are masked."""
    kept: dict[str, str] = {}
    for text in texts:
        bare = text.replace(COVER, "").strip()
        if len(bare) >= SHORTEST and any(letter.isalpha() for letter in bare):
            kept.setdefault(bare.casefold(), text)
        if len(kept) == OF_ONE_QUESTION:
            break
    return list(kept.values())


def _spread(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """One of each question before the second of any; at most four."""
    rounds: dict[str, int] = {}
    ordered = []
    for position, quote in enumerate(quotes):
        turn = rounds[quote.question] = rounds.get(quote.question, -1) + 1
        ordered.append((turn, position, quote))
    return tuple(quote for _, _, quote in sorted(ordered, key=lambda x: x[:2])[:MOST_QUOTES])
