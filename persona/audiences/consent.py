"""Who may be written to: consent read in four languages, never assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from persona.audiences.people import PeopleColumn
from persona.audiences.words import loose, words
from persona.errors import Problem, error
from persona.questionnaire.cells import is_empty, normal
from persona.responses.cells import BadCell, shown

YES, NO, NONE = "yes", "no", "none"
_MOST_WORDS = 8
"""With more words that are not known, the column is another one."""


def consents(
    column: PeopleColumn, also_yes: Sequence[str] = (), also_no: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """What each person said: ``"yes"``, ``"no"`` or ``"none"`` for an empty cell.

    Parameters
    ----------
    column : PeopleColumn
    also_yes, also_no : sequence of str
        Words of the user's own; they come before the shipped ones.

    Returns
    -------
    tuple of (answers, problems)
        A problem for each answer that stands in no list of words; it counts as none.
    """
    own_yes, own_no = ({normal(word) for word in own} for own in (also_yes, also_no))
    known = words()
    answers: list[str] = []
    unknown: dict[str, list[int]] = {}
    for row, cell in zip(column.rows, column.cells, strict=True):
        text = "" if is_empty(cell) or isinstance(cell, BadCell) else shown(cell).strip()
        said = normal(text)
        if not said:
            answers.append(NONE)
        elif said in own_yes or said in own_no:
            answers.append(NO if said in own_no else YES)
        elif said in known.yes or said in known.no:
            answers.append(YES if said in known.yes else NO)
        else:
            answers.append(NONE)
            unknown.setdefault(text, []).append(row)
    if len(unknown) > _MOST_WORDS:
        return tuple(answers), (_no_consent(column, unknown),)
    return tuple(answers), tuple(_unknown(column, text, rows) for text, rows in unknown.items())


def _no_consent(column: PeopleColumn, unknown: Mapping[str, Sequence[int]]) -> Problem:
    return error(
        "audience.not_consent",
        "The column {column!r} does not say yes and no: it holds {count} different answers.",
        **column.place,
        row=min(rows[0] for rows in unknown.values()),
        found=", ".join(repr(text[:40]) for text in list(unknown)[:5]),
        remedy="Name another column with --consent.",
        values={"column": column.header, "count": len(unknown)},
    )


def no_consent_column(file: str, columns: Sequence[PeopleColumn]) -> Problem:
    """No column is named that says who agreed."""
    headers = words().headers["consent"]
    likely = [column.header for column in columns if loose(column.header) in headers]
    example = likely[0] if likely else "Newsletter consent"
    return error(
        "audience.no_consent",
        "It is not said which column holds people's consent, and nobody is handed on without it.",
        file=file,
        found=", ".join(likely) or None,
        remedy=f'Name the column: --consent "{example}", or `audiences: {{consent: {example}}}` in '
        "the study file.",
    )


def _unknown(column: PeopleColumn, text: str, rows: Sequence[int]) -> Problem:
    return error(
        "audience.consent_word",
        "It is not known whether {text!r} means consent.",
        **column.place,
        row=rows[0],
        found=f"{len(rows)} cells, rows " + ", ".join(map(str, rows[:10])),
        remedy=f'Say what it means: --consent-yes "{text[:40]}" or --consent-no "{text[:40]}"; the '
        "same as `consent_yes:` and `consent_no:` under `audiences:` in the study file.",
        values={"text": text[:60]},
    )
