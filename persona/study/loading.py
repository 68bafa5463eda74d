"""Read, check and begin studies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from persona.errors import (
    OutputError,
    PersonaError,
    Problem,
    QuestionnaireError,
    StudyError,
    error,
    errors_in,
    warning,
)
from persona.questionnaire import Questionnaire
from persona.questionnaire.building import locate, read_document, shipped_names
from persona.questionnaire.complaints import Origin, translated
from persona.questionnaire.variables import Variable
from persona.questionnaire.yaml_reading import Document
from persona.registry import nearest
from persona.study.answer_checks import against_answers, answers_there, names_of_answers
from persona.study.declaration import StudyFile
from persona.study.segment_checks import against_segmentations, names_of_segmentations
from persona.study.segment_options import BY_RULE
from persona.study.starter import starter_study
from persona.study.targeting_checks import against_targeting, names_of_targeting
from persona.study.typing_options import against_typing, names_of_typing

STUDY = "study.yaml"
_VERSION = 1
_YAML = {".yaml", ".yml"}


@dataclass(frozen=True)
class LoadedStudy:
    """A study file with its questionnaire; ``problems`` are warnings and notes of both."""

    path: Path
    file: StudyFile
    questionnaire: Questionnaire
    problems: tuple[Problem, ...]


def study_path(path: Path) -> Path:
    """The study file that a path means: itself, or ``study.yaml`` in a folder."""
    return path / STUDY if path.is_dir() else path


def load_study(path: Path) -> LoadedStudy:
    """A study file and its questionnaire.

    Raises
    ------
    PersonaError
        With every problem of both files.
    """
    file = study_path(path)
    document = study_document(file)
    declared, problems = _declared(document)
    if declared is None:
        raise StudyError(problems)
    questionnaire, its_problems = _questionnaire(declared, document, file.parent)
    problems += its_problems
    if questionnaire is not None:
        problems += _against(declared, questionnaire, Origin(document))
    problems += _files_there(declared, Origin(document), file.parent)
    if questionnaire is None or errors_in(problems):
        raise StudyError(problems)
    return LoadedStudy(file, declared, questionnaire, tuple(problems))


def study_document(file: Path) -> Document:
    """The YAML of a study file; raises StudyError when there is none."""
    if not file.exists():
        beside = file.parent.parent if file.name == STUDY else file.parent
        near = nearest(file.name, [p.name for p in beside.glob("*")] if beside.is_dir() else [])
        raise StudyError(
            error(
                "study.missing",
                "There is no study file here.",
                file=str(file),
                remedy=f"Did you mean {near!r}?"
                if near and near != file.name
                else "Make a study with: persona init DIR",
            )
        )
    try:
        return read_document(file)
    except QuestionnaireError as trouble:
        raise StudyError(trouble.problems) from None


def check_file(path: str | Path) -> tuple[Problem, ...]:
    """Every problem of a questionnaire or of a study and its questionnaire.

    Parameters
    ----------
    path : path
        A file, a study's folder, or the name of a shipped questionnaire.

    Examples
    --------
    >>> check_file("customer_b2c")
    ()
    """
    file = Path(path)
    try:
        if not file.exists() and str(path) in shipped_names():
            return Questionnaire.load(str(path)).problems
        if file.is_file() and file.suffix.lower() not in _YAML:
            return Questionnaire.load(file).problems
        document = study_document(study_path(file))
        if not _looks_like_study(document.data):
            return Questionnaire.load(study_path(file)).problems
        loaded = load_study(file)
    except PersonaError as trouble:
        return trouble.problems
    return (*loaded.problems, *answers_there(loaded.path.parent, loaded.file))


def init_study(folder: str | Path, name: str = "customer_b2c") -> tuple[Path, ...]:
    """Make a study folder from a shipped questionnaire; nothing that stands is overwritten.

    Returns
    -------
    tuple of Path
        The files made: ``questionnaire.yaml`` and ``study.yaml``.

    Raises
    ------
    PersonaError
        When there is no such questionnaire, or the folder holds a study already.
    """
    target = Path(folder)
    if name not in shipped_names():
        near = nearest(name, shipped_names())
        raise StudyError(
            error(
                "init.unknown",
                "There is no shipped questionnaire called {name!r}.",
                found=name,
                allowed=", ".join(shipped_names()),
                remedy=f"Did you mean {near!r}?" if near else None,
                values={"name": name},
            )
        )
    source = locate(name)
    files = {
        target / "questionnaire.yaml": source.read_text(encoding="utf-8"),
        target / STUDY: starter_study(target.resolve().name, Questionnaire.load(source)),
    }
    standing = [path for path in files if path.exists()]
    if standing or (target.exists() and not target.is_dir()):
        raise OutputError(
            error(
                "init.exists",
                "This stands already and is not overwritten.",
                file=str(standing[0] if standing else target),
                remedy="Choose another folder.",
            )
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
    except OSError as trouble:
        raise OutputError(
            error(
                "init.cannot_write",
                "The folder cannot be written: {reason}.",
                file=str(target),
                remedy="Choose a folder you may write to.",
                values={"reason": trouble.strerror or str(trouble)},
            )
        ) from None
    return tuple(files)


def _looks_like_study(data: Any) -> bool:
    return isinstance(data, dict) and ("questionnaire" in data or "answers" in data)


def _declared(document: Document) -> tuple[StudyFile | None, list[Problem]]:
    raw = document.data
    origin = Origin(document)
    if not isinstance(raw, dict):
        return None, [
            error(
                "study.not_a_mapping",
                "The file does not declare a study.",
                **origin.at(),
                remedy="Start it with: persona: 1",
            )
        ]
    version = raw.get("persona", _VERSION)
    if isinstance(version, int) and version > _VERSION:
        return None, [
            error(
                "study.newer",
                "The study is written in version {found} of the format; this persona reads "
                "version {known}.",
                **origin.at("persona"),
                remedy="Install a newer persona.",
                values={"found": version, "known": _VERSION},
            )
        ]
    languages = raw.get("languages")
    first = languages[0] if isinstance(languages, list) and languages else "en"
    try:
        return StudyFile.model_validate(raw, context={"language": str(first)}), []
    except ValidationError as trouble:
        return None, list(translated(trouble, StudyFile, raw, origin, None))


def _questionnaire(
    file: StudyFile, document: Document, folder: Path
) -> tuple[Questionnaire | None, list[Problem]]:
    path = locate(file.questionnaire, folder)
    if not path.exists():
        near = nearest(
            file.questionnaire, [*shipped_names(), *(p.name for p in folder.glob("*.yaml"))]
        )
        return None, [
            error(
                "study.questionnaire",
                "There is no questionnaire {name!r} beside the study, and none of that name is "
                "shipped.",
                **Origin(document).at("questionnaire"),
                found=file.questionnaire,
                allowed=", ".join(shipped_names()),
                remedy=f"Did you mean {near!r}?" if near else "Check the path.",
                values={"name": file.questionnaire},
            )
        ]
    try:
        questionnaire = Questionnaire.load(path)
    except QuestionnaireError as trouble:
        return None, list(trouble.problems)
    return questionnaire, list(questionnaire.problems)


def _files_there(file: StudyFile, root: Origin, folder: Path) -> list[Problem]:
    """The theme and pictures that the study names and that are not there."""
    named: list[tuple[tuple[str | int, ...], str]] = []
    if file.theme is not None:
        named.append((("theme",), file.theme))
    named += [(("pictures", segment), name) for segment, name in file.pictures.items()]
    return [
        error(
            "study.file_missing",
            "The file {name!r} that the study names is not there.",
            **root.at(*path),
            found=name,
            remedy="Put it beside the study, or take the line out.",
            values={"name": name},
        )
        for path, name in named
        if not (folder / name).is_file()
    ]


def _against(file: StudyFile, questionnaire: Questionnaire, root: Origin) -> list[Problem]:
    """What the study asks for and the questionnaire does not have."""
    questions = tuple(question.id for question in questionnaire.questions)
    named: list[tuple[tuple[str | int, ...], str, tuple[str, ...]]] = []
    for part in ("active", "supplementary"):
        for place, name in enumerate(getattr(file.correspondence, part) or ()):
            named.append((("correspondence", part, place), name, questions))
    named += names_of_answers(file, questionnaire)
    named += names_of_targeting(file, questionnaire)
    named += names_of_typing(file, questionnaire)
    named += names_of_segmentations(file, questionnaire)
    found = [_unknown_question(root, *one) for one in named if one[1] not in one[2]]
    found += against_answers(file, questionnaire, root)
    found += against_typing(file, questionnaire, root)
    found += against_targeting(file, root)
    found += against_segmentations(file, questionnaire, root)
    way = file.segmentation
    has_basis = any(question.role == "basis" for question in questionnaire.questions)
    if not (way.basis or way.preset or way.method in BY_RULE or has_basis):
        found.append(_no_basis(root, questionnaire.variables))
    found += [
        warning(
            "study.language",
            "The report is wished for in {language!r}, a language the questionnaire does not "
            "have; its texts are shown in {other!r}.",
            **root.at("languages", place),
            allowed=", ".join(questionnaire.languages),
            values={"language": language, "other": questionnaire.languages[0]},
        )
        for place, language in enumerate(file.languages or ())
        if language not in questionnaire.languages
    ]
    return found


def _unknown_question(
    root: Origin, path: tuple[str | int, ...], name: str, known: tuple[str, ...]
) -> Problem:
    near = nearest(name, known)
    return error(
        "study.unknown_question",
        "The questionnaire has no question {name!r}.",
        **root.at(*path),
        found=name,
        allowed=", ".join(known) if len(known) <= 12 else None,
        remedy=f"Did you mean {near!r}?" if near else "Use the id of a question.",
        values={"name": name},
    )


def _no_basis(root: Origin, variables: tuple[Variable, ...]) -> Problem:
    fit = [
        v.question for v in variables if v.kind in ("psychographic", "need", "benefit", "motive")
    ]
    return error(
        "study.no_basis",
        "No question is a basis for segments.",
        **root.at("segmentation"),
        allowed=", ".join(dict.fromkeys(fit)) or None,
        remedy="Give questions the role 'basis' in the questionnaire, or list them under "
        "segmentation: basis: in the study file.",
    )
