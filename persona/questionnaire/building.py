"""A questionnaire from a document: put together, checked, with what it includes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from persona.errors import Problem, QuestionnaireError, error, errors_in
from persona.questionnaire.assembling import Assembled, Assembler
from persona.questionnaire.checks import problems_of
from persona.questionnaire.complaints import Origin
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.yaml_reading import Document, parse_yaml
from persona.registry import nearest
from persona.resources import names, root

LARGEST = 10_000_000
"""Bytes of YAML that are read; a questionnaire of 500 questions in four languages has 400,000."""


def read_document(path: FilePath) -> Document:
    """The YAML document in a file.

    Raises
    ------
    QuestionnaireError
        When there is no such file, or it is no YAML.
    """
    return _parsed(_text(path), str(path))


@lru_cache(maxsize=8)
def _parsed(text: str, file: str) -> Document:
    """Equal texts are parsed once: a questionnaire may be included by several others."""
    return parse_yaml(text, file)


def _text(path: FilePath) -> str:
    if path.is_dir():
        raise _refused(path, "file.folder", "This is a folder, not a questionnaire.")
    try:
        if path.stat().st_size > LARGEST:
            raise _refused(path, "file.too_large", "The file is too large for a questionnaire.")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise QuestionnaireError(_not_found(path)) from None
    except OSError as trouble:
        raise _refused(
            path, "file.unreadable", "The file cannot be read.", str(trouble.strerror)
        ) from None
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as trouble:
        line = raw.count(b"\n", 0, trouble.start) + 1
        problem = error(
            "file.encoding",
            "The file is not UTF-8 text (byte {offset}).",
            file=str(path),
            line=line,
            remedy="Save it as UTF-8.",
            values={"offset": trouble.start},
        )
        raise QuestionnaireError(problem) from None
    if not text.strip():
        raise _refused(path, "file.empty", "The file is empty.")
    return text


def _refused(
    path: FilePath, code: str, sentence: str, found: str | None = None
) -> QuestionnaireError:
    return QuestionnaireError(error(code, sentence, file=str(path), found=found))


def _not_found(path: FilePath) -> Problem:
    beside = path.parent.glob("*") if path.parent.is_dir() else ()
    near = nearest(path.name, [*(other.name for other in beside), *shipped_names()])
    return error(
        "file.missing",
        "There is no such file, and no shipped questionnaire of that name.",
        file=str(path),
        allowed=", ".join(shipped_names()) or None,
        remedy=f"Did you mean {near!r}?" if near else "Check the path.",
    )


def shipped_names() -> tuple[str, ...]:
    """Names of the questionnaires that come with persona."""
    return names("questionnaires", ".yaml")


def locate(name: str | FilePath, beside: FilePath | None = None) -> FilePath:
    """The file a path or shipped name stands for; a path counts from ``beside`` when given."""
    path = FilePath(name)
    for candidate in ([beside / path] if beside else []) + [path]:
        if candidate.is_file():
            return candidate
    if isinstance(name, str) and name in shipped_names():
        return root("questionnaires") / f"{name}.yaml"
    return path


def _open_included(name: str, origin: Origin) -> tuple[Document, Problem | None]:
    file = origin.document.file
    beside = FilePath(file).parent if file else None
    candidates = [name, f"{name}.yaml"]
    path = next((p for n in candidates if (p := locate(n, beside)).is_file()), FilePath(name))
    try:
        return read_document(path), None
    except QuestionnaireError as trouble:
        problem = error(
            "include.unreadable",
            "The questionnaire {name!r} cannot be included.",
            **origin.at("include"),
            found="; ".join(problem.message for problem in trouble.problems),
            allowed=", ".join(shipped_names()) or None,
            remedy=next((problem.remedy_text for problem in trouble.problems), None),
            values={"name": name},
        )
        return Document(None), problem


def assembled(document: Document) -> tuple[Assembled, tuple[Problem, ...]]:
    """What a document declares, with every problem of it."""
    parts = Assembler(_open_included).assemble(document)
    if parts.declaration is None:
        return parts, parts.problems
    problems = (*parts.problems, *problems_of(parts))
    return parts, tuple(sorted(problems, key=lambda p: (p.file or "", p.line or 0)))


def declaration_of(document: Document) -> Declaration:
    """The questionnaire of a document; its warnings and notes stand in ``problems``.

    Raises
    ------
    QuestionnaireError
        With every problem, when one of them is an error.
    """
    parts, problems = assembled(document)
    if parts.declaration is None or errors_in(problems):
        raise QuestionnaireError(problems)
    return parts.declaration.model_copy(update={"problems": problems})


def from_data(data: Any, source: str | None = None) -> Declaration:
    """The questionnaire that plain values declare, as a YAML file would."""
    return declaration_of(Document(data, {}, source))
