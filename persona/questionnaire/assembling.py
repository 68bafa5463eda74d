"""Plain values to a questionnaire, with every key that does not fit told at its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from persona.errors import Problem, error, note
from persona.questionnaire.complaints import (
    Origin,
    did_you_mean,
    shown,
    translated,
    unknown_key,
)
from persona.questionnaire.declaration import Declaration, Section
from persona.questionnaire.parts import Scale
from persona.questionnaire.types import TYPES, Question
from persona.questionnaire.yaml_reading import Document

VERSION = 1
M = TypeVar("M", bound=BaseModel)
Opener: TypeAlias = Callable[[str, "Origin"], "tuple[Document, Problem | None]"]
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TOP_KEYS = ("persona", "id", "languages", "title", "scales", "sections")
_INCLUDE_KEYS = ("include", "section")
_SECTION_KEYS = tuple(Section.model_fields)
_DEEPEST_INCLUDE = 10


@dataclass(frozen=True)
class Assembled:
    """A questionnaire with where its parts stand, or None with the reasons.

    Parameters
    ----------
    declaration : Declaration or None
    problems : tuple of Problem
    sections : tuple of Origin
        One a section.
    scales : mapping of name to Origin
    root : Origin
    failed : frozenset of str
        Ids of questions and scales that could not be read, so that what refers to them is not
        told as a second problem.
    """

    declaration: Declaration | None
    problems: tuple[Problem, ...]
    sections: tuple[Origin, ...]
    scales: Mapping[str, Origin]
    root: Origin
    failed: frozenset[str] = frozenset()


class Assembler:
    """Builds a questionnaire from documents and collects what does not fit.

    Parameters
    ----------
    opener : callable
        Gives the document of an included questionnaire by name.
    """

    def __init__(self, opener: Opener) -> None:
        self.opener = opener
        self.problems: list[Problem] = []
        self.scales: dict[str, tuple[Scale, Origin]] = {}
        self.sections: list[tuple[Section, Origin]] = []
        self.language = "en"
        self.failed: set[str] = set()

    def assemble(self, document: Document) -> Assembled:
        """The questionnaire that a document declares."""
        root = Origin(document)
        declaration = self._declaration(document.data, root)
        return Assembled(
            declaration,
            tuple(self.problems),
            tuple(origin for _, origin in self.sections),
            {name: origin for name, (_, origin) in self.scales.items()},
            root,
            frozenset(self.failed),
        )

    def _declaration(self, data: Any, root: Origin) -> Declaration | None:
        if not isinstance(data, dict):
            self._say(
                "questionnaire.not_a_mapping",
                "The file does not declare a questionnaire.",
                root.at(),
                remedy="Start it with: persona: 1",
            )
            return None
        if self._is_newer(data, root):
            return None
        self._unknown_keys(data, _TOP_KEYS, root)
        languages = self._languages(data, root)
        self.language = languages[0]
        self._take_scales(data.get("scales"), root)
        self._take_sections(data.get("sections"), root, (str(data.get("id")),))
        plain = {key: data[key] for key in ("persona", "id", "title") if key in data}
        plain |= {"languages": languages, "sections": ()}
        head = self._part(Declaration, plain, root)
        if head is None:
            return None
        return head.model_copy(
            update={
                "scales": {name: scale for name, (scale, _) in self.scales.items()},
                "sections": tuple(section for section, _ in self.sections),
                "source": root.document.file or "",
            }
        )

    def _is_newer(self, data: Mapping[str, Any], root: Origin) -> bool:
        version = data.get("persona", VERSION)
        if isinstance(version, int) and version > VERSION:
            self._say(
                "questionnaire.newer",
                "The questionnaire is written in version {found} of the format; this persona "
                "reads version {known}.",
                root.at("persona"),
                remedy="Install a newer persona.",
                values={"found": version, "known": VERSION},
            )
            return True
        return False

    def _languages(self, data: Mapping[str, Any], root: Origin) -> tuple[str, ...]:
        declared = data.get("languages", ["en"])
        if isinstance(declared, str):
            declared = [declared]
        if not isinstance(declared, list) or not declared:
            self._say(
                "questionnaire.languages",
                "languages must list at least one language.",
                root.at("languages"),
                remedy="Write, for example: languages: [en, pl]",
            )
            return ("en",)
        for place, language in enumerate(declared):
            if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
                self._say(
                    "questionnaire.language_code",
                    "{language!r} is not a language code.",
                    root.at("languages", place),
                    allowed="codes such as en, pl, ru, nl, pt-BR",
                    values={"language": language},
                )
            elif language in declared[:place]:
                self._say(
                    "questionnaire.language_twice",
                    "The language {language!r} is listed twice.",
                    root.at("languages", place),
                    values={"language": language},
                )
        return tuple(str(language) for language in declared)

    def _take_scales(self, data: Any, root: Origin) -> None:
        if data is None:
            return
        if not isinstance(data, dict):
            self._wrong_type(data, "name: scale lines", root, "scales")
            return
        for name, raw in data.items():
            origin = Origin(root.document, (*root.path, "scales", name))
            scale = self._part(Scale, raw, origin)
            held = self.scales.get(str(name))
            if scale is None:
                self.failed.add(str(name))
            elif held is not None and held[0] != scale:
                self._say(
                    "scale.differs",
                    "The scale {name!r} is declared differently in {other}.",
                    origin.at(),
                    remedy="Give one of the two another name.",
                    values={"name": name, "other": held[1].document.file or "this file"},
                )
            else:
                self.scales[str(name)] = (scale, origin)

    def _take_sections(
        self, data: Any, root: Origin, within: tuple[str, ...], only: str | None = None
    ) -> None:
        if not isinstance(data, list) or not data:
            self._say(
                "questionnaire.no_sections",
                "The questionnaire has no sections.",
                root.at("sections"),
                remedy="Add sections with questions.",
            )
            return
        for place, raw in enumerate(data):
            origin = Origin(root.document, (*root.path, "sections", place))
            if not isinstance(raw, dict):
                self._wrong_type(raw, "a section with id, block and questions", origin)
            elif "include" in raw:
                self._include(raw, origin, within)
            elif only is None or raw.get("id") == only:
                self._section(raw, origin)

    def _include(self, raw: Mapping[str, Any], origin: Origin, within: tuple[str, ...]) -> None:
        self._unknown_keys(raw, _INCLUDE_KEYS, origin)
        name, only = str(raw["include"]), raw.get("section")
        document, problem = self.opener(name, origin)
        if problem is not None:
            self.problems.append(problem)
            return
        data = document.data if isinstance(document.data, dict) else {}
        included = str(data.get("id", name))
        if included in within or len(within) > _DEEPEST_INCLUDE:
            self._say(
                "include.circular",
                "The questionnaires include each other in a circle: {path}.",
                origin.at("include"),
                remedy="Remove one of the includes.",
                values={"path": " > ".join((*within, included))},
            )
            return
        inner = Origin(document)
        outer, self.language = self.language, self._languages(data, inner)[0]
        self._take_scales(data.get("scales"), inner)
        self._take_sections(data.get("sections"), inner, (*within, included), only)
        self.language = outer
        listed = [part for part in data.get("sections") or () if isinstance(part, dict)]
        known = [str(part.get("id")) for part in listed if "include" not in part]
        if only is not None and only not in known:
            self._say(
                "include.no_section",
                "{name} has no section {section!r}.",
                origin.at("section"),
                allowed=", ".join(known),
                remedy=did_you_mean(str(only), known),
                values={"name": name, "section": only},
            )

    def _section(self, raw: Mapping[str, Any], origin: Origin) -> None:
        if origin.document.file and any(
            (held.document.file, held.path) == (origin.document.file, origin.path)
            for _, held in self.sections
        ):
            self.problems.append(
                note(
                    "include.again",
                    "The section {id!r} is included twice, by different ways; it is asked once.",
                    **origin.at("id"),
                    values={"id": raw.get("id", "")},
                )
            )
            return
        self._unknown_keys(raw, _SECTION_KEYS, origin, ("include",))
        listed = raw.get("questions")
        questions: list[Question] = []
        if not isinstance(listed, list) or not listed:
            self._say(
                "section.empty",
                "The section {id!r} has no questions.",
                origin.at("questions"),
                remedy="Add questions, or remove the section.",
                values={"id": raw.get("id", "")},
            )
            listed = []
        for place, part in enumerate(listed):
            question = self._question(
                part, Origin(origin.document, (*origin.path, "questions", place))
            )
            if question is not None:
                questions.append(question)
            elif isinstance(part, dict):
                inner = part.get("items")
                parts = [part, *(inner if isinstance(inner, list) else ())]
                self.failed |= {str(p.get("id")) for p in parts if isinstance(p, dict)}
        plain = {key: raw[key] for key in _SECTION_KEYS if key in raw} | {"questions": ()}
        head = self._part(Section, plain, origin)
        if head is not None:
            section = head.model_copy(update={"questions": tuple(questions)})
            self.sections.append((section, origin))

    def _question(self, raw: Any, origin: Origin) -> Question | None:
        if not isinstance(raw, dict):
            self._wrong_type(raw, "a question with id, type and kind", origin)
            return None
        name = raw.get("type")
        asked = str(raw.get("id", "")) or None
        if "type" not in raw or str(name) not in TYPES:
            sentence = "There is no question type {type!r}." if name else "The type is missing."
            self._say(
                "question.type",
                sentence,
                origin.at("type"),
                question=asked,
                allowed=", ".join(TYPES),
                remedy=did_you_mean(str(name), TYPES),
                values={"type": name},
            )
            return None
        return self._part(TYPES[str(name)], raw, origin, asked)

    def _part(
        self, model: type[M], raw: Any, origin: Origin, question: str | None = None
    ) -> M | None:
        try:
            return model.model_validate(raw, context={"language": self.language})
        except ValidationError as trouble:
            self.problems += translated(trouble, model, raw, origin, question)
            return None

    def _unknown_keys(
        self, raw: Mapping[str, Any], known: Sequence[str], origin: Origin, more: Sequence[str] = ()
    ) -> None:
        for key in raw:
            if key not in known:
                self.problems.append(unknown_key(str(key), (*known, *more), origin.at(key), None))

    def _wrong_type(self, found: Any, expected: str, origin: Origin, *more: Hashable) -> None:
        self._say(
            "key.type",
            "This must be {expected}.",
            origin.at(*more),
            found=shown(found),
            values={"expected": expected},
        )

    def _say(self, code: str, sentence: str, place: Mapping[str, Any], **more: Any) -> None:
        self.problems.append(error(code, sentence, **place, **more))
