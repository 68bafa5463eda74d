"""Draft a study from a file of answers: a questionnaire, a mapping and a study file."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from persona.errors import DataError, OutputError, Problem, error, warning
from persona.responses import Draft, SurveyExport, draft_questionnaire, read_export
from persona.responses.mapping import dump_mapping
from persona.study.importing import Recognised, recognise
from persona.study.loading import STUDY

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_TEMPLATE = """\
# Drafted from {shown} ({platform}). Look through questionnaire.yaml first: texts and options come
# from the file; kinds of questions, blocks and the order of answers are guessed.
persona: 1
id: {id}
title: {title}
questionnaire: questionnaire.yaml

answers:
  file: {file}
  mapping: mapping.yaml
  # Answers that the questionnaire does not allow stop the run. With `missing` they are listed,
  # counted and left out instead.
  faulty_cells: refuse

languages: [{language}]
seed: 1

segmentation:
{basis}
  method: auto
  k: auto
"""


_BATTERIES = """\
  # Which questions make the segments. Without this line the batteries, by their role: basis.
  # basis: [{basis}]"""
_GUESSED = """\
  # Which questions make the segments: the file has no battery, so these are a guess. Correct it.
  basis: [{basis}]"""
_NO_BASIS = """\
  # Which questions make the segments: the file has no closed question to take.
  # basis: [ids of questions]"""
_CLOSED = frozenset({"single", "multiple", "number", "rating", "nps", "ranking"})
_MOST_GUESSED = 20


@dataclass(frozen=True)
class DraftedStudy:
    """A study drafted from a file.

    Parameters
    ----------
    files : tuple of Path
        The files made, ``questionnaire.yaml`` first.
    recognised : Recognised
        What the file is.
    warnings : tuple of Problem
        What the file does not tell and was assumed.
    """

    files: tuple[Path, ...]
    recognised: Recognised
    warnings: tuple[Problem, ...]


def draft_study(
    file: Path, folder: Path, *, language: str = "en", sheet: str | None = None
) -> DraftedStudy:
    """Make a study folder from a file of answers, which is copied into it.

    Parameters
    ----------
    file : path
        Answers of any source that can be read.
    folder : path
        Nothing that stands in it is overwritten.
    language : str
        Code of the language of its texts.
    sheet : str, optional

    Raises
    ------
    PersonaError
        The file cannot be read, or the folder holds a study already.
    """
    if not _LANGUAGE.fullmatch(language):
        raise OutputError(
            error(
                "draft.language",
                "{language!r} is no code of a language.",
                found=language,
                allowed="two letters, such as en, pl, ru, nl",
                values={"language": language},
            )
        )
    export = read_export(file, sheet=sheet)
    draft = draft_questionnaire(export, language)
    if not draft.data["sections"]:
        raise DataError(_no_question(export, file))
    copied = _copies(file, folder)
    texts = {
        folder / "questionnaire.yaml": draft.yaml,
        folder / "mapping.yaml": _mapping(export, draft),
        folder / STUDY: _study(export, draft, folder, file.name, language),
    }
    new = [target for target, source in copied.items() if source.resolve() != target.resolve()]
    _refuse_standing([*texts, *new], folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
        for target in new:
            shutil.copyfile(copied[target], target)
    except OSError as trouble:
        raise OutputError(
            error(
                "init.cannot_write",
                "The folder cannot be written: {reason}.",
                file=str(folder),
                remedy="Choose a folder you may write to.",
                values={"reason": trouble.strerror or str(trouble)},
            )
        ) from None
    return DraftedStudy((*texts, *new), recognise(export), (*draft.warnings, *_guess(draft)))


def _no_question(export: SurveyExport, file: Path) -> Problem:
    columns = [column.id for column in export.columns]
    return error(
        "draft.nothing",
        "No column of the file ({platform}, {n} respondents) can be a question.",
        file=str(file),
        sheet=export.table.sheet,
        found=", ".join(columns[:12]),
        remedy="Give the file, or with --sheet the sheet, that holds the answers; columns that "
        "are empty or written by the platform are no questions.",
        values={"platform": recognise(export).title, "n": export.n},
    )


def _guess(draft: Draft) -> Iterator[Problem]:
    """That the basis is a guess, or that there is none to guess."""
    batteries, guessed = basis_of(draft)
    if not batteries and guessed:
        yield warning(
            "draft.basis",
            "The file has no battery of ratings, so {count} closed questions are taken as the "
            "basis of segments.",
            remedy="Correct `basis:` in the study file before you run it.",
            values={"count": len(guessed)},
        )


def _copies(file: Path, folder: Path) -> dict[Path, Path]:
    """The file, and those of the same name that a format keeps its data or labels in."""
    found = {folder / file.name: file}
    for suffix in (".asc", ".csv", ".dat", ".ASC", ".DAT"):
        beside = file.with_suffix(suffix)
        if file.suffix.lower() in (".sss", ".xml") and beside.is_file():
            found[folder / beside.name] = beside
    return found


def _refuse_standing(paths: list[Path], folder: Path) -> None:
    standing = [path for path in paths if path.exists() and path.parent == folder]
    if folder.exists() and not folder.is_dir():
        standing = [folder]
    if standing:
        raise OutputError(
            error(
                "init.exists",
                "This stands already and is not overwritten.",
                file=str(standing[0]),
                remedy="Choose another folder.",
            )
        )


def _mapping(export: SurveyExport, draft: Draft) -> str:
    """Columns to drafted variables, by letter where headers repeat; system columns left out."""
    data: dict[str, object] = {}
    if export.table.sheet is not None:
        data["sheet"] = export.table.sheet
    data["columns"] = dict(draft.mapping)
    return dump_mapping(data)


def _study(export: SurveyExport, draft: Draft, folder: Path, file: str, language: str) -> str:
    identifier = re.sub(r"[^a-z0-9]+", "_", folder.resolve().name.casefold()).strip("_")
    return _TEMPLATE.format(
        file=_quoted(file),
        shown=" ".join(file.split()),
        platform=export.platform.replace("_", " "),
        id=_quoted(identifier or "study"),
        title=_quoted(file.rpartition(".")[0].replace("_", " ") or file),
        language=language,
        basis=_basis_lines(draft),
    )


def _basis_lines(draft: Draft) -> str:
    """Batteries make the segments by their role; without any, closed questions are named."""
    batteries, guessed = basis_of(draft)
    if batteries:
        return _BATTERIES.format(basis=", ".join(batteries))
    return _GUESSED.format(basis=", ".join(guessed)) if guessed else _NO_BASIS


def basis_of(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The batteries of a draft, and closed questions to take where there are none.

    Questions of what customers expect come before those of what they do, and those before who
    they are.
    """
    sections = draft.data["sections"]
    roles = [q["id"] for part in sections for q in part["questions"] if q.get("role") == "basis"]
    for block in ("expects", "behaves", "who"):
        closed = [
            str(question["id"])
            for part in sections
            if part["block"] == block
            for question in part["questions"]
            if question["type"] in _CLOSED
        ]
        if closed:
            return tuple(map(str, roles)), tuple(closed[:_MOST_GUESSED])
    return tuple(map(str, roles)), ()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
