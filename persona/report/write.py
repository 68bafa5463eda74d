"""Write every file of a run: beside the old ones first, then moved into place."""

from __future__ import annotations

import contextlib
import gc
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from persona.errors import Problem, warning
from persona.report import locale
from persona.report import theme as themes
from persona.report.data import (
    customers_csv,
    manifest_json,
    results_json,
    segments_csv,
    unassigned_csv,
)
from persona.report.decisions_workbook import decisions_workbook
from persona.report.deck import deck
from persona.report.folders import MANIFEST, fill, refuse_file, save
from persona.report.html import index_html, persona_html
from persona.report.locale import Language
from persona.report.model import StudyReport
from persona.report.pdf import engine, persona_pdf, report_pdf
from persona.report.sections import Context
from persona.report.tables_workbook import tables_workbook
from persona.report.theme import Theme
from persona.report.typing_forms import typing_forms
from persona.typing_tool import tool_json

_WORKBOOK = "workbook.xlsx"
_EDITED = {_WORKBOOK: "workbook-edited.xlsx"}
_OBJECTS = 200_000
"""New objects between two collections while files are written."""
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


@dataclass(frozen=True)
class Written:
    """The files of a run, ``index.html`` first, and what there is to say about them."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()


def write_all(
    report: StudyReport, out: Path, *, progress: Callable[[str], None] | None = None
) -> Written:
    """Write the study report, the personas, the tables and the data of a run into ``out``.

    Everything is made in a folder beside ``out`` and moved into place when it is complete: what
    stood in ``out`` stays whole when anything fails. A decisions workbook that was edited and
    would be overwritten is kept as ``workbook-edited.xlsx``; other files in ``out`` stay.

    Parameters
    ----------
    report : StudyReport
    out : Path
        Folder of the output; made when it is missing.
    progress : callable, optional
        Called with the name of each file when it is begun.

    Returns
    -------
    Written
        The files, ``index.html`` first, and warnings about them.

    Raises
    ------
    OutputError
        When a file is locked, the disk is full, ``out`` is a file, or a template or theme of the
        study has an error.
    """
    out = Path(out)
    refuse_file(out)
    tell = progress or (lambda name: None)
    theme = themes.load(report.theme)
    languages, missing = languages_of(report)
    problems = (*theme.problems, *missing)
    if engine() is None:
        problems = (*problems, _no_engine())
    report = replace(report, problems=(*report.problems, *problems))
    names = fill(out, lambda beside: _write(report, languages, theme, beside, tell), _EDITED)
    return Written(tuple(out / name for name in names), problems)


def languages_of(report: StudyReport) -> tuple[tuple[Language, ...], tuple[Problem, ...]]:
    """Those of the report's languages that have a catalogue: see :func:`known_languages`."""
    return known_languages(report.languages)


def known_languages(
    codes: Sequence[str],
) -> tuple[tuple[Language, ...], tuple[Problem, ...]]:
    """The languages that have a catalogue, and a warning for each that has none.

    When none has, the interface is English and the texts stay in the study's own language.
    """
    known = set(locale.available())
    problems = tuple(
        warning(
            "language.no_catalogue",
            "There are no words for reports in the language {language}; it is left out.",
            allowed=", ".join(sorted(known)),
            values={"language": code},
        )
        for code in codes
        if code not in known
    )
    spoken = [code for code in codes if code in known]
    if spoken:
        return locale.load_all(spoken), problems
    english = locale.load("en")
    return (replace(english, code=codes[0] if codes else "en"),), problems


def slugs(report: StudyReport) -> dict[int, str]:
    """A file name for each persona that no system refuses and no two share."""
    found: dict[int, str] = {}
    for persona in report.shown_personas:
        base = re.sub(r"[^a-z0-9]+", "-", persona.slug.casefold()).strip("-")[:60].strip("-")
        base = base or f"segment-{persona.segment}"
        if _RESERVED.fullmatch(base) or base in found.values():
            base = f"{base}-{persona.segment}"
        found[persona.segment] = base
    return found


def _makers(
    report: StudyReport, languages: tuple[Language, ...], theme: Theme
) -> Iterator[tuple[str, Callable[[], bytes | str]]]:
    """Each file with the function that makes it."""
    files = slugs(report)
    shared: dict[str, object] = {}
    contexts = [Context(report, language, theme, shared=shared) for language in languages]
    yield "index.html", partial(index_html, contexts)
    for segment, slug in files.items():
        yield f"personas/{slug}.html", partial(persona_html, contexts, segment)
    for context in contexts:
        folder = "" if context is contexts[0] else f"{context.language.code}/"
        if engine() is not None:
            yield f"{folder}report.pdf", partial(report_pdf, context)
            for segment, slug in files.items():
                yield f"{folder}personas/{slug}.pdf", partial(persona_pdf, context, segment)
            if len(files) > 1:
                yield f"{folder}personas.pdf", partial(persona_pdf, context, *files)
        yield f"{folder}deck.pptx", partial(deck, context)
    yield "tables.xlsx", partial(tables_workbook, contexts[0])
    yield _WORKBOOK, partial(decisions_workbook, contexts[0], languages)
    yield "segments.csv", partial(segments_csv, report)
    if len(report.segmentation.unassignable):
        yield "unassigned.csv", partial(unassigned_csv, report, languages[0])
    if report.targeting is not None and report.targeting.value is not None:
        yield "customers.csv", partial(customers_csv, report.targeting.value)
    if report.typing is not None:
        yield "typing/typing.json", partial(tool_json, report.typing)
        yield from typing_forms(report.typing, contexts[0], languages)
    yield "results.json", partial(results_json, report)


def _write(
    report: StudyReport,
    languages: tuple[Language, ...],
    theme: Theme,
    folder: Path,
    tell: Callable[[str], None],
) -> list[str]:
    """Make every file in ``folder``; the names in the order a reader wants them."""
    made: dict[str, bytes] = {}
    with _seldom_collected():
        for name, make in _makers(report, languages, theme):
            tell(name)
            content = make()
            made[name] = content.encode() if isinstance(content, str) else content
            save(folder / name, made[name])
        tell(MANIFEST)
        save(folder / MANIFEST, manifest_json(report, made))
    return [*made, MANIFEST]


@contextlib.contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for rubbish seldom: a report makes a million small objects and few circles."""
    before = gc.get_threshold()
    if gc.isenabled() and before[0]:
        gc.set_threshold(max(before[0], _OBJECTS), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _no_engine() -> Problem:
    return warning(
        "pdf.no_engine",
        "No PDF was written: there is nothing on this machine that makes one.",
        remedy="Open index.html in a browser and print it, or install plutoprint.",
    )
