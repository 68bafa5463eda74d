"""Everything that fields a questionnaire, by name: forms, other tools' files, paper, codebook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from persona.errors import OutputError, Problem, error
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats import (
    codebook,
    excel_card,
    excel_form,
    lstsv_out,
    printing,
    surveyjs_out,
    xlsform_out,
)
from persona.questionnaire.writing import to_yaml
from persona.registry import Registry

Writer: TypeAlias = Callable[[Declaration, Path, str], tuple[Problem, ...]]

LAYOUTS: Registry[Writer] = Registry("form")
"""Writers by name; each takes the questionnaire, the file and the language."""

BY_SUFFIX = {".xlsx": "rows", ".txt": "limesurvey", ".tsv": "limesurvey", ".json": "surveyjs",
             ".html": "print", ".pdf": "print", ".yaml": "yaml", ".yml": "yaml"}  # fmt: skip
"""What is written where only the ending of the file says what."""
_SUFFIXES = {"rows": (".xlsx",), "card": (".xlsx",), "xlsform": (".xlsx",),
             "codebook": (".xlsx",), "limesurvey": (".txt", ".tsv"), "surveyjs": (".json",),
             "print": (".html", ".pdf"), "yaml": (".yaml", ".yml")}  # fmt: skip


def write_fielding(
    declaration: Declaration,
    path: Path,
    *,
    layout: str | None = None,
    language: str | None = None,
) -> tuple[Problem, ...]:
    """Write what fields a questionnaire.

    Parameters
    ----------
    declaration : Declaration
    path : Path
        Its ending says the format: ``.xlsx`` the Excel form, ``.txt`` LimeSurvey, ``.json``
        SurveyJS, ``.html`` and ``.pdf`` paper, ``.yaml`` the questionnaire itself.
    layout : str, optional
        For ``.xlsx``: ``rows`` (one respondent a row), ``card`` (one customer), ``xlsform`` or
        ``codebook``.
    language : str, optional
        The default language unless said otherwise.

    Returns
    -------
    tuple of Problem
        What the format cannot say.

    Raises
    ------
    OutputError
        When the ending, the layout or the language is not known, or the file cannot be written.

    Examples
    --------
    >>> from persona.questionnaire import Questionnaire
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = Path(folder) / "loyalty.xlsx"
    ...     write_fielding(Questionnaire.load("loyalty"), target, language="pl")
    ()
    """
    suffix = path.suffix.lower()
    name = layout or BY_SUFFIX.get(suffix, "")
    if name not in LAYOUTS or suffix not in _SUFFIXES[name]:
        raise OutputError(_unknown_format(path, name))
    if language is not None and language not in declaration.languages:
        raise OutputError(
            error(
                "output.language",
                "The questionnaire has no language {language!r}.",
                file=str(path),
                allowed=", ".join(declaration.languages),
                values={"language": language},
            )
        )
    return LAYOUTS[name](declaration, path, language or declaration.language)


def _unknown_format(path: Path, name: str) -> Problem:
    ways = [f"{layout} ({' '.join(_SUFFIXES[layout])})" for layout in LAYOUTS]
    return error(
        "output.format",
        "A file called {file} cannot hold what was asked for.",
        file=str(path),
        found=f"{name} {path.suffix}".strip(),
        allowed=", ".join(ways),
        remedy="Change the ending of the file, or the layout.",
        values={"file": path.name},
    )


def _rows(declaration: Declaration, path: Path, language: str) -> tuple[Problem, ...]:
    return excel_form.write_form(declaration, path, language=language)


def _card(declaration: Declaration, path: Path, language: str) -> tuple[Problem, ...]:
    return excel_card.write_card(declaration, path, language=language)


def _codebook(declaration: Declaration, path: Path, language: str) -> tuple[Problem, ...]:
    codebook.write_codebook(declaration, path, language)
    return ()


def _xlsform(declaration: Declaration, path: Path, language: str) -> tuple[Problem, ...]:
    return xlsform_out.write_xlsform(declaration, path)


def _limesurvey(declaration: Declaration, path: Path, language: str) -> tuple[Problem, ...]:
    lstsv_out.write_limesurvey(declaration, path)
    return ()


def _surveyjs(declaration: Declaration, path: Path, language: str) -> tuple[Problem, ...]:
    surveyjs_out.write_surveyjs(declaration, path)
    return ()


def _print(declaration: Declaration, path: Path, language: str) -> tuple[Problem, ...]:
    if path.suffix.lower() == ".pdf":
        printing.write_questionnaire_pdf(declaration, path, language)
    else:
        printing.write_questionnaire_html(declaration, path, language)
    return ()


def _yaml(declaration: Declaration, path: Path, language: str) -> tuple[Problem, ...]:
    path.write_text(to_yaml(declaration), encoding="utf-8")
    return ()


for _name, _writer in (
    ("rows", _rows),
    ("card", _card),
    ("xlsform", _xlsform),
    ("codebook", _codebook),
    ("limesurvey", _limesurvey),
    ("surveyjs", _surveyjs),
    ("print", _print),
    ("yaml", _yaml),
):
    LAYOUTS.register(_name, _writer)
