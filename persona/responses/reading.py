"""Read any file of answers: what it is by its bytes, which platform by its headers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from persona.errors import DataError, Problem, error, note
from persona.questionnaire.cells import normal
from persona.responses.export import SurveyExport
from persona.responses.headers import Known
from persona.responses.importers import IMPORTERS, View
from persona.responses.importers.definitions import is_definition
from persona.responses.sniff import WORKBOOKS, Kind, kind_of, read_source
from persona.responses.table import Loaded, load
from persona.responses.workbook import Sheet


def read_export(
    path: str | Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: Sequence[int] | None = None,
    platform: str | None = None,
    known: Known | None = None,
) -> SurveyExport:
    """The answers in a file of any known sort, before a questionnaire is matched.

    Parameters
    ----------
    path : path
    sheet : str, optional
        Which sheet of a workbook holds the answers; needed when several may.
    encoding, delimiter : str, optional
        Of a text file, where the evidence misleads.
    header_rows : sequence of int, optional
        1-based rows that hold headers, where they are found wrongly.
    platform : str, optional
        Read it as an export of this platform, whatever it looks like.
    known : callable, optional
        Tells which header texts are ids or texts of a questionnaire.

    Raises
    ------
    DataError
        The file is none of answers, is damaged, or leaves open which sheet holds the answers.
    """
    source = read_source(path)
    kind = kind_of(source)
    if kind is not Kind.TEXT and kind not in WORKBOOKS:
        from persona.responses.importers.files import read_file

        return read_file(source, kind)
    loaded = load(source, kind, sheet=sheet, encoding=encoding, delimiter=delimiter)
    rows = tuple(header_rows) if header_rows else None
    views = [View(loaded, part, known, rows) for part in loaded.sheets]
    view, said = _choose(views)
    if platform is not None:
        importer = IMPORTERS[platform]
    else:
        importer = next(found for _, found in IMPORTERS.items() if found.recognises(view))
    export = importer.read(view)
    return _with_problems(export, said)


def _with_problems(export: SurveyExport, said: Sequence[Problem]) -> SurveyExport:
    from dataclasses import replace

    return replace(export, problems=(*export.problems, *said)) if said else export


def _choose(views: Sequence[View]) -> tuple[View, list[Problem]]:
    """The sheet with the answers: the one a questionnaire or a platform knows.

    Raises
    ------
    DataError
        Several sheets may hold them; all are listed.
    """
    if len(views) == 1:
        return views[0], []
    scores = [_known_headers(view) for view in views]
    if max(scores) == 0:
        scores = [_platform_known(view) for view in views]
    best = max(scores)
    fitting = [view for view, score in zip(views, scores, strict=True) if score == best > 0]
    if len(fitting) != 1:
        raise DataError(_several(views))
    chosen = fitting[0]
    others = [view.sheet.name for view in views if view is not chosen]
    return chosen, [
        note(
            "sheet.chosen",
            "The answers are read from the sheet {sheet!r}; {others} are left out.",
            file=str(chosen.loaded.source.path),
            sheet=chosen.sheet.name,
            remedy="Ask for another sheet by name if that is wrong.",
            values={"sheet": chosen.sheet.name, "others": ", ".join(others)},
        )
    ]


def _known_headers(view: View) -> float:
    if view.known is None:
        return 0.0
    return max((sum(map(view.known, set(row) - {""})) for row in view.top), default=0)


def _platform_known(view: View) -> float:
    """A questionnaire, then a main sheet of respondents, then a sheet of repeated entries."""
    if is_definition(view):
        return 3.0 if normal(view.sheet.name) == "survey" else 0.0
    if not any(found.recognises(view) for name, found in IMPORTERS.items() if name != "table"):
        return 0.0
    return 1.0 if "_parent_index" in view.heads else 2.0


def _several(views: Sequence[View]) -> Problem:
    sizes = ", ".join(
        f"{view.sheet.name} ({view.sheet.cells.shape[0]} rows by {view.sheet.cells.shape[1]})"
        for view in views
    )
    return error(
        "sheet.several",
        "Several sheets hold something, and none of them is clearly the one with the answers.",
        file=str(views[0].loaded.source.path),
        found=sizes,
        remedy="Name the sheet with the answers.",
    )


def sheets_of(loaded: Loaded) -> tuple[Sheet, ...]:
    """The sheets that hold anything."""
    return loaded.sheets
