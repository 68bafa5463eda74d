"""The names by which a column may be known to answer a variable: ids and texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from persona.questionnaire.cells import normal
from persona.questionnaire.model import Question, Questionnaire
from persona.questionnaire.parts import Option
from persona.questionnaire.variables import Variable

By = Literal["id", "text", "label", "mapping"]
_BETWEEN = re.compile(r"[\W_]+")
#: Types that can be answered in one cell that joins the chosen options.
JOINED_TYPES = frozenset({"multiple", "ranking"})


@dataclass(frozen=True)
class Key:
    """One name's target, and how much it says."""

    target: str
    by: By
    confidence: float
    reason: str


def loose(text: str) -> str:
    """A text as headers are compared: letters and digits alone, case and width made alike.

    Examples
    --------
    >>> loose("How often? [Tea]") == loose("how often - tea")
    True
    """
    return _BETWEEN.sub(" ", normal(text)).strip()


def known_headers(questionnaire: Questionnaire) -> frozenset[str]:
    """Ids and texts of a questionnaire that a header may show and no cell does, in loose form.

    Options are left out, because cells may repeat them; items of batteries are not.
    """
    options = {
        loose(text)
        for variable in questionnaire.variables
        if variable.item is not None and len(variable.categories) < 2
        for text in variable.text.values()
    }
    asked = {loose(text) for q in questionnaire.questions for text in q.text.values()}
    return frozenset((keys_of(questionnaire).keys() - options) | asked) - {""}


def keys_of(questionnaire: Questionnaire) -> dict[str, list[Key]]:
    """Every name in loose form, with the variables or questions it may stand for."""
    keys: dict[str, list[Key]] = defaultdict(list)
    for question in questionnaire.questions:
        variables = questionnaire.variables_of(question.id)
        pairs = list(_question_keys(question, variables))
        for text, key in pairs:
            folded = loose(text)
            if folded and all(held.target != key.target for held in keys[folded]):
                keys[folded].append(key)
    return keys


def _flags(question: Question) -> Mapping[str, Option]:
    """Columns of options that stand for no answer ("prefer not to say"), where a type has them."""
    flags = getattr(question, "flags", None)
    return flags() if flags is not None else {}


def _question_keys(
    question: Question, variables: tuple[Variable, ...]
) -> Iterator[tuple[str, Key]]:
    for variable in variables:
        if variable.derived:
            continue
        yield variable.id, Key(variable.id, "id", 1.0, "the header is its id")
        if variable.item is not None and not variable.optional:
            name = f"{question.id} {variable.item}"
            yield name, Key(variable.id, "id", 1.0, "the header is question and item id")
    for name, option in _flags(question).items():
        yield name, Key(name, "id", 1.0, "the header is its id")
        for language, asked in question.text.items():
            if label := option.text.get(language):
                both = Key(name, "text", 0.97, "the header is question and option text")
                yield f"{asked} {label}", both
    if question.type in JOINED_TYPES:
        joined = Key(question.id, "id", 1.0, "the header is the question's id")
        yield question.id, joined
        for text in question.text.values():
            yield text, Key(question.id, "text", 0.95, "the header is the question's text")
    for variable in variables:
        if variable.derived:
            continue
        for language, asked in variable.question_text.items():
            if variable.item is None:
                yield asked, Key(variable.id, "text", 0.98, "the header is the question's text")
            elif label := variable.text.get(language):
                other = " other" if variable.optional else ""
                both = Key(variable.id, "text", 0.97, "the header is question and item text")
                yield f"{asked} {label}{other}", both
        if variable.item is not None and not variable.optional:
            alone = Key(variable.id, "label", 0.9, "the header is the item's text alone")
            yield from ((label, alone) for label in variable.text.values())
