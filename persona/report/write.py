"""Write every file of a run: beside the old ones first, then moved into place."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from persona.errors import OutputError, Problem, error, warning
from persona.report import locale
from persona.report import theme as themes
from persona.report.data import customers_csv, manifest_json, results_json, segments_csv
from persona.report.decisions_workbook import decisions_workbook
from persona.report.deck import deck
from persona.report.html import index_html, persona_html
from persona.report.locale import Language
from persona.report.model import StudyReport
from persona.report.pdf import engine, persona_pdf, report_pdf
from persona.report.sections import Context
from persona.report.tables_workbook import tables_workbook
from persona.report.theme import Theme

_WORKBOOK = "workbook.xlsx"
_EDITED = "workbook-edited.xlsx"
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
    if out.exists() and not out.is_dir():
        raise OutputError(
            error(
                "out.file",
                "The output folder is a file.",
                file=str(out),
                remedy="Move the file away, or name another folder with --out.",
            )
        )
    tell = progress or (lambda name: None)
    theme = themes.load(report.theme)
    languages, missing = languages_of(report)
    problems = (*theme.problems, *missing)
    if engine() is None:
        problems = (*problems, _no_engine())
    report = replace(report, problems=(*report.problems, *problems))
    with _trouble(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        _recover(out)
        prefix = f".{out.name}-{os.getpid()}-"
        beside = Path(tempfile.mkdtemp(prefix=prefix, dir=out.parent))
        try:
            names = _write(report, languages, theme, beside, tell)
            _into_place(beside, out)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return Written(tuple(out / name for name in names), problems)


def languages_of(report: StudyReport) -> tuple[tuple[Language, ...], tuple[Problem, ...]]:
    """The languages of the report that have a catalogue, and a warning for each that has none.

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
        for code in report.languages
        if code not in known
    )
    codes = [code for code in report.languages if code in known]
    if codes:
        return locale.load_all(codes), problems
    english = locale.load("en")
    code = report.languages[0] if report.languages else "en"
    return (replace(english, code=code),), problems


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
    contexts = [Context(report, language, theme) for language in languages]
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
    if report.targeting is not None and report.targeting.value is not None:
        yield "customers.csv", partial(customers_csv, report.targeting.value)
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
    for name, make in _makers(report, languages, theme):
        tell(name)
        content = make()
        made[name] = content.encode() if isinstance(content, str) else content
        _save(folder / name, made[name])
    tell("manifest.json")
    _save(folder / "manifest.json", manifest_json(report, made))
    return [*made, "manifest.json"]


def _save(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _recover(out: Path) -> None:
    """Tidy up after runs that were killed: the old output back, unfinished folders away."""
    pattern = re.compile(rf"\.{re.escape(out.name)}-(\d+)-\w+(-old)?")
    for path in sorted(out.parent.iterdir()):
        match = pattern.fullmatch(path.name)
        if match is None or not path.is_dir() or _alive(int(match.group(1))):
            continue
        if match.group(2) and not out.exists():
            path.rename(out)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    """Whether a process runs; where that cannot be asked, it is taken to run."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _into_place(beside: Path, out: Path) -> None:
    """Put the finished folder in the place of the old one; two renames, each whole."""
    beside.chmod(0o755)
    if not out.exists():
        beside.rename(out)
        return
    _keep(beside, out)
    old = beside.with_name(beside.name + "-old")
    out.rename(old)
    try:
        beside.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _keep(beside: Path, out: Path) -> None:
    """Copy what is the user's own: files that no run wrote, and an edited workbook."""
    written = _written_before(out)
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if not path.is_file():
            continue
        target = beside / name
        if name == _WORKBOOK and written.get(name) not in (None, _sha256(path)):
            target = beside / _EDITED
        elif name in written or target.exists() or name == "manifest.json":
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)


def _written_before(out: Path) -> dict[str, str]:
    """The files of the last run with their SHA-256, by its manifest."""
    try:
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        return {str(name): str(code) for name, code in manifest["outputs"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextlib.contextmanager
def _trouble(out: Path) -> Iterator[None]:
    """Turn what the system refuses into a message with its remedy."""
    try:
        yield
    except OSError as refused:
        raise OutputError(_problem(refused, out)) from refused


def _problem(refused: OSError, out: Path) -> Problem:
    place = str(refused.filename or out)
    kept = "What stood in the output folder before is unchanged."
    if refused.errno in (errno.ENOSPC, errno.EDQUOT):
        return error(
            "out.full",
            "The disk is full.",
            file=place,
            remedy=f"Make room, or name another folder with --out. {kept}",
        )
    if refused.errno in (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS):
        return error(
            "out.locked",
            "The output cannot be written: a file is open elsewhere, or the folder is protected.",
            file=place,
            remedy=f"Close reports that are open, or name another folder with --out. {kept}",
        )
    return error(
        "out.failed",
        "The output cannot be written.",
        file=place,
        found=refused.strerror or str(refused),
        remedy=f"Name another folder with --out. {kept}",
    )


def _no_engine() -> Problem:
    return warning(
        "pdf.no_engine",
        "No PDF was written: there is nothing on this machine that makes one.",
        remedy="Open index.html in a browser and print it, or install plutoprint.",
    )
