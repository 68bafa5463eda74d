"""Answers beside a list of options: those spelled like an option become options of their own.

A question with "other" takes what is unlike its options as the respondent's own words, and asks
about what is nearly one of them, because that may be a slip. In a draft nobody can tell a slip
from an answer, so that such answers are listed and the researcher decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from persona.questionnaire.cells import normal
from persona.questionnaire.joined import split_known
from persona.questionnaire.labels import LabelIndex
from persona.questionnaire.variables import Category
from persona.registry import nearest
from persona.responses.cells import is_blank, shown
from persona.responses.survey import NO_ANSWER_WORDS


def alike(question: str, options: Sequence[tuple[int, str]], cells: Iterable[object]) -> list[str]:
    """Pieces of joined cells that are no option but are spelled like one.

    Parameters
    ----------
    question : str
    options : sequence of (code, text)
    cells : iterable
        Distinct cells of the column, several answers in each.

    Examples
    --------
    >>> alike("tools", [(1, "Javascript"), (2, "Python")], ["Python;Typescript", "Cobol"])
    ['Typescript']
    """
    known = {normal(text) for _, text in options}
    given = [shown(cell) for cell in cells if not is_blank(cell)]
    given = [cell for cell in given if normal(cell) not in NO_ANSWER_WORDS]
    added: list[str] = []
    while True:
        free = max((code for code, _ in options), default=0) + 2  # one is for "other"
        listed = [*options, *enumerate(added, start=free)]
        categories = tuple(Category(code, {"": text}) for code, text in listed)
        index = LabelIndex(question, categories, ())
        found = {
            normal(piece): piece
            for cell in given
            for piece in split_known(cell, index)[1]
            if normal(piece) not in known and nearest(normal(piece), index.labels)
        }
        if not found:
            return added
        known |= set(found)
        added += found.values()
