"""The files of ``out/typing/``: every form of the typing tool of a run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from persona.questionnaire.texts import Texts
from persona.report.locale import Language, message
from persona.report.screener import screener_html
from persona.report.sections.base import Context
from persona.report.typing_workbook import typing_workbook
from persona.typing_tool.sql import DIALECTS, typing_sql
from persona.typing_tool.tool import TypingTool
from persona.typing_tool.xlsform import write_typing_xlsform

FOLDER = "typing"
_SAID = {
    "segment": message("Segment"),
    "uncertain": message("uncertain: another segment is nearly as likely"),
    "not_placed": message("not placed: too many questions are unanswered"),
}


def typing_forms(
    tool: TypingTool, context: Context, languages: Sequence[Language]
) -> Iterator[tuple[str, Callable[[], bytes | str]]]:
    """Each file beside ``typing.json`` with the function that makes it."""
    yield f"{FOLDER}/typing.xlsx", partial(typing_workbook, tool, context, languages)
    yield f"{FOLDER}/screener.html", partial(screener_html, tool, context, languages)
    say = context.language.gettext
    for dialect in DIALECTS:
        yield f"{FOLDER}/typing.{dialect}.sql", partial(typing_sql, tool, dialect, say=say)
    yield f"{FOLDER}/xlsform.xlsx", partial(_xlsform, tool, languages)


def _xlsform(tool: TypingTool, languages: Sequence[Language]) -> bytes:
    words: dict[str, Texts] = {
        key: {language.code: language.gettext(text) for language in languages}
        for key, text in _SAID.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "xlsform.xlsx"
        write_typing_xlsform(tool, path, words)
        return path.read_bytes()
