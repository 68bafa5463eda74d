"""Every problem of a questionnaire file at once, for the command ``persona check``."""

from __future__ import annotations

from pathlib import Path

from persona.errors import Problem, QuestionnaireError
from persona.questionnaire.building import assembled, locate, read_document


def check(path: str | Path) -> tuple[Problem, ...]:
    """Every error, warning and note of a questionnaire, in the order of its lines.

    Parameters
    ----------
    path : path or str
        A file, or the name of a shipped questionnaire.

    Examples
    --------
    >>> check("no_such_questionnaire.yaml")[0].code
    'file.missing'
    """
    try:
        document = read_document(locate(path))
    except QuestionnaireError as trouble:
        return trouble.problems
    return assembled(document)[1]
