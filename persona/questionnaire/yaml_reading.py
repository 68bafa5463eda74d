"""YAML to plain values with the line of each; nothing that YAML could run or blow up.

Scalars follow the core schema of YAML 1.2, so ``no`` and ``on`` stay texts, and so do codes such
as ``07`` and ``1:30``. Values are built from the parser's events, not by a constructor: tags make
no objects, depth and size are bounded, and a key that stands twice is an error.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from persona.errors import Problem, QuestionnaireError, error

Path: TypeAlias = tuple[Hashable, ...]
"""Keys and positions that lead to a value: ``("sections", 0, "id")``."""

DEEPEST = 40
MOST_VALUES = 200_000
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_CONSTANTS |= {word: True for word in ("true", "True", "TRUE")}
_CONSTANTS |= {word: False for word in ("false", "False", "FALSE")}


@dataclass(frozen=True)
class Document:
    """Plain values of a YAML text, with where each stands.

    Parameters
    ----------
    data : object
        Dictionaries, lists, texts, numbers, booleans and None.
    lines : mapping of path to (line, position)
        1-based; a key's own place for values of mappings.
    file : str or None
    """

    data: Any
    lines: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    file: str | None = None

    def place(self, path: Path) -> tuple[int | None, int | None]:
        """Line and position of the value, or of the nearest around it that is known."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None, None


def parse_yaml(text: str, file: str | None = None) -> Document:
    """A YAML text as plain values with their places.

    Raises
    ------
    QuestionnaireError
        When it does not parse, holds a key twice, a tag of a programming language, or more
        depth or size than any questionnaire has.

    Examples
    --------
    >>> document = parse_yaml("on: no\\nages: [1, 07]")
    >>> document.data, document.place(("ages",))
    ({'on': 'no', 'ages': [1, '07']}, (2, 1))
    """
    builder = _Builder(file)
    try:
        for event in _events(text):
            builder.take(event)
    except MarkedYAMLError as trouble:
        builder.problems.append(_not_yaml(trouble, text, file))
    except YAMLError as trouble:
        builder.problems.append(_unreadable(trouble, file))
    if builder.problems:
        raise QuestionnaireError(builder.problems)
    return Document(builder.root, builder.lines, file)


def _events(text: str) -> Iterator[Event]:
    yield from YAML(typ="safe", pure=True).parse(text)


class _Open:
    """A mapping or list that is being filled."""

    def __init__(self, value: Any, path: Path, anchor: str | None) -> None:
        self.value = value
        self.path = path
        self.anchor = anchor
        self.key: Hashable = None
        self.has_key = False
        self.size = 1


class _Builder:
    """Takes the parser's events and builds values from them, without recursion."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self.root: Any = None
        self.lines: dict[Path, tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._size = 0

    def take(self, event: Event) -> None:
        if isinstance(event, AliasEvent):
            self._alias(event)
        elif isinstance(event, ScalarEvent):
            self._check_tag(event)
            value = _scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
            self._put(value, event, 1)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._check_tag(event)
            value = {} if isinstance(event, MappingStartEvent) else []
            path = self._put(value, event, 1)
            self._open.append(_Open(value, path, event.anchor))
            if len(self._open) > DEEPEST:
                self._stop(
                    event,
                    "yaml.too_deep",
                    "The file is nested deeper than {most} levels.",
                    most=DEEPEST,
                )
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            done = self._open.pop()
            if done.anchor:
                self._anchors[done.anchor] = (done.value, done.size)
            if self._open:
                self._open[-1].size += done.size

    def _alias(self, event: AliasEvent) -> None:
        if event.anchor not in self._anchors:
            self._stop(
                event,
                "yaml.unknown_alias",
                "There is nothing called &{name} before here.",
                name=event.anchor,
            )
        value, size = self._anchors[event.anchor]
        self._put(value, event, size)

    def _put(self, value: Any, event: Event, size: int) -> Path:
        """Place a value where the parser stands; a scalar in a mapping may be a key."""
        self._size += size
        if self._size > MOST_VALUES:
            self._stop(
                event, "yaml.too_large", "The file holds more than {most} values.", most=MOST_VALUES
            )
        mark = (event.start_mark.line + 1, event.start_mark.column + 1)
        if not self._open:
            self.root = value
            self.lines[()] = mark
            return ()
        top = self._open[-1]
        top.size += size
        if isinstance(top.value, list):
            path: Path = (*top.path, len(top.value))
            top.value.append(value)
            self.lines[path] = mark
            return path
        if not top.has_key:
            top.key, top.has_key = self._key(value, event, top), True
            self.lines[(*top.path, top.key)] = mark
            return top.path
        top.has_key = False
        top.value[top.key] = value
        return (*top.path, top.key)

    def _key(self, value: Any, event: Event, top: _Open) -> Hashable:
        if isinstance(value, dict | list):
            self._stop(event, "yaml.key", "A list or mapping cannot be a key.")
        if value in top.value and type(value) in {type(key) for key in top.value}:
            self.problems.append(
                self._problem(
                    event,
                    "yaml.duplicate_key",
                    "The key {key!r} stands twice; its first place is line {first}.",
                    "Remove one of the two, or join them.",
                    key=value,
                    first=self.lines[(*top.path, value)][0],
                )
            )
        hashable: Hashable = value
        return hashable

    def _check_tag(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        tag = str(event.tag) if event.tag else ""
        if (
            tag
            and tag not in ("!", "tag:yaml.org,2002:str")
            and not tag.endswith((":map", ":seq", ":int", ":float", ":bool", ":null"))
        ):
            self._stop(
                event,
                "yaml.tag",
                "The tag {tag} is not allowed; nothing in a questionnaire is run.",
                "Remove the tag.",
                tag=tag,
            )

    def _problem(
        self, event: Event, code: str, sentence: str, remedy: str | None = None, **values: object
    ) -> Problem:
        return error(
            code,
            sentence,
            file=self.file,
            line=event.start_mark.line + 1,
            position=event.start_mark.column + 1,
            remedy=remedy,
            values=values,
        )

    def _stop(
        self, event: Event, code: str, sentence: str, remedy: str | None = None, **values: object
    ) -> None:
        raise QuestionnaireError(
            [*self.problems, self._problem(event, code, sentence, remedy, **values)]
        )


def _scalar(event: ScalarEvent) -> Any:
    text: str = event.value
    if event.style in ("'", '"', "|", ">") or str(event.tag or "").endswith((":str", "!")):
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text) and len(text) < 20:
        return int(text)
    if _FLOAT.fullmatch(text) and len(text) < 40:
        return float(text)
    return text


def _not_yaml(trouble: MarkedYAMLError, text: str, file: str | None) -> Problem:
    mark = trouble.problem_mark or trouble.context_mark
    line = mark.line + 1 if mark else None
    lines = text.splitlines()
    shown = lines[mark.line] if mark and mark.line < len(lines) else None
    remedy = "Check indentation, quotes and colons near this line."
    if shown and "\t" in shown:
        remedy = "Indent with spaces; YAML does not take tabs."
    elif shown and ": " in shown.split(":", 1)[-1]:
        remedy = "Put the text in quotes when it holds a colon."
    return error(
        "yaml.syntax",
        "The file is not valid YAML: {trouble}.",
        file=file,
        line=line,
        position=mark.column + 1 if mark else None,
        found=shown.strip()[:120] if shown else None,
        remedy=remedy,
        values={"trouble": " ".join(str(trouble.problem or trouble.context).split())},
    )


def _unreadable(trouble: YAMLError, file: str | None) -> Problem:
    return error(
        "yaml.unreadable",
        "The file holds characters that YAML does not take: {trouble}.",
        file=file,
        remedy="Save the file as plain text in UTF-8.",
        values={"trouble": " ".join(str(trouble).split())[:200]},
    )
