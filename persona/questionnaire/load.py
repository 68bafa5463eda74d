"""A questionnaire from a file of any format, or from the shipped ones by name."""

from __future__ import annotations

from pathlib import Path

from persona.questionnaire.building import declaration_of, locate, read_document
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats import foreign_format
from persona.questionnaire.formats.drafting import brought_in


def load(path: str | Path) -> Declaration:
    """The questionnaire in a file, or the shipped one of that name.

    YAML is read as it stands. XLSForm, LimeSurvey, SurveyJS and Qualtrics files are brought in;
    what has no counterpart is told in ``problems``.

    Raises
    ------
    QuestionnaireError
        With every problem, when one of them is an error.
    """
    found = locate(path)
    read = foreign_format(found)
    if read is None:
        return declaration_of(read_document(found))
    return brought_in(read(found)).declaration
