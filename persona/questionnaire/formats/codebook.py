"""The codebook: every column with its text, codes, missing codes, bounds and condition."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats.expressions import figure
from persona.questionnaire.formats.words import word
from persona.questionnaire.formats.workbooks import write_tables
from persona.questionnaire.texts import text_in
from persona.questionnaire.variables import Variable

COLUMNS = ("id", "section", "question", "item", "type", "measure", "kind", "role", "code",
           "label", "missing", "bounds", "condition")  # fmt: skip


def write_codebook(declaration: Declaration, path: Path, language: str | None = None) -> None:
    """Write the codebook as a workbook: one row a code, the column's own facts on its first row.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    spoken = language or declaration.language
    heads = [word(name, spoken) for name in COLUMNS]
    rows = [dict(zip(heads, row, strict=True)) for row in codebook_rows(declaration, spoken)]
    write_tables(path, {word("codebook", spoken): (heads, rows)})


def codebook_rows(declaration: Declaration, language: str) -> Iterator[tuple[str, ...]]:
    """The rows of the codebook, as :data:`COLUMNS` names them."""
    default = declaration.language
    for variable in declaration.variables:
        question = declaration.question(variable.question)
        section = declaration.section_of(variable.question)
        asked = text_in(variable.question_text, language, default)
        own = text_in(variable.text, language, default)
        first = (
            variable.id,
            text_in(section.title, language, default) or section.id,
            asked,
            (own if own != asked else "") + _remark(variable, language),
            question.type,
            variable.measure.value,
            variable.kind,
            variable.role,
        )
        last = (_bounds(variable), question.shown_if or section.shown_if or "")
        answers = [
            (str(part.code), text_in(part.text, language, default), "")
            for part in variable.categories
        ]
        answers += [
            (str(part.code), text_in(part.text, language, default), part.meaning)
            for part in variable.missing
        ]
        for number, answer in enumerate(answers or [("", "", "")]):
            if number == 0:
                yield (*first, *answer, *last)
            else:
                yield (variable.id, *[""] * 7, *answer, "", "")


def _remark(variable: Variable, language: str) -> str:
    return f" ({word('reversed', language)})" if variable.reverse else ""


def _bounds(variable: Variable) -> str:
    if variable.categories:
        return ""
    ends = [figure(end) if end is not None else "" for end in (variable.minimum, variable.maximum)]
    unit = f" {variable.unit}" if variable.unit else ""
    return f"{ends[0]}–{ends[1]}{unit}" if any(ends) else unit.strip()
