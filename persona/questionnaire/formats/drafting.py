"""Questionnaires of other tools on their way in: cleaned, counted, nothing dropped silently."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from persona.errors import Problem, QuestionnaireError, Severity, error, errors_in, note, warning
from persona.questionnaire.building import assembled
from persona.questionnaire.cells import normal
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.yaml_reading import Document

_ROUNDS = 8
_UNKIND = {"text": "verbatim", "grid": "psychographic", "maxdiff": "need", "ranking": "need"}
_TAG = re.compile(r"<(br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(
    r"</?(a|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|label|li|ol|p|pre|script|"
    r"small|span|strike|strong|style|sub|sup|table|tbody|td|th|thead|tr|u|ul)\b[^<>]*>|<!--.*?-->",
    re.DOTALL | re.IGNORECASE,
)
_ENTITIES = {"&nbsp;": " ", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'"}


@dataclass
class Draft:
    """A questionnaire that a reader fills, question by question.

    Parameters
    ----------
    file : str
    name : str
        Id of the questionnaire.
    languages : list of str
        The first is the default.

    Attributes
    ----------
    asked : int
        Questions that the source asks, brought in or not.
    problems : list of Problem
        What was left, changed or assumed, with its place in the source.
    """

    file: str
    name: str
    languages: list[str]
    title: Mapping[str, str] = field(default_factory=dict)
    asked: int = 0
    problems: list[Problem] = field(default_factory=list)
    scales: dict[str, dict[str, Any]] = field(default_factory=dict)
    sections: list[dict[str, Any]] = field(default_factory=list)
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _columns: set[str] = field(default_factory=set)

    def section(self, name: str, title: Mapping[str, str], **keys: Any) -> None:
        """Start a section; questions are added to the last one started."""
        taken = {section["id"] for section in self.sections}
        title = {language: text for language, text in title.items() if text}
        self.sections.append(
            {
                "id": unused(clean(name) or "section", taken),
                "block": "behaves",
                "title": title,
                "questions": [],
                **keys,
            }
        )

    def free_id(self, name: str) -> str:
        """An id made of a name that no question has yet; the change is remembered."""
        wanted = clean(name) or "question"
        if wanted.casefold() in self._columns:
            wanted = f"{wanted}_text"
        found = unused(wanted, self._ids | self._columns)
        self._ids.add(found.casefold())
        if found != name:
            self.renamed[name] = found
        return found

    def add(self, made: dict[str, Any], /, **place: Any) -> None:
        """Add a question whose id came from :meth:`free_id`; ``place`` is sheet, row, line ..."""
        if not self.sections:
            self.section("questions", {})
        made.setdefault("kind", _UNKIND.get(made["type"], "behaviour"))
        if "options" in made:
            made["options"] = self._told_apart(made["options"], made["id"], place)
        if not made.get("text") and made["kind"] not in ("id", "weight"):
            made["text"] = {self.languages[0]: made["id"]}
        if made["type"] in ("multiple", "ranking", "constant_sum"):
            names = (f"{made['id']}_{option['code']}" for option in made["options"])
            self._columns |= {name.casefold() for name in names}
        for item in made.get("items", ()):
            self.places[item["id"]] = place
        self.places[made["id"]] = place
        self.sections[-1]["questions"].append(made)

    def leave(self, name: str, reason: str, *, found: str | None = None, **place: Any) -> None:
        """Tell that a question was left out, and why."""
        self.problems.append(
            warning(
                "import.left_out",
                "{name} is not brought in: {reason}.",
                file=self.file,
                found=found,
                values={"name": name, "reason": reason},
                **place,
            )
        )

    def tell(self, name: str, what: str, *, found: str | None = None, **place: Any) -> None:
        """Tell what of a question has no counterpart, or was changed."""
        self.problems.append(
            note(
                "import.changed",
                "{name}: {what}.",
                file=self.file,
                found=found,
                values={"name": name, "what": what},
                **place,
            )
        )

    def scale(
        self, points: Mapping[int, Mapping[str, str]], called: str | None = None, **keys: Any
    ) -> str:
        """The name of a shared scale with these points; made when there is none yet."""
        wanted = {"points": dict(points), **{key: value for key, value in keys.items() if value}}
        for name, held in self.scales.items():
            if held == wanted:
                return name
        name = unused(called or f"scale_{len(self.scales) + 1}", set(self.scales))
        self.scales[name] = wanted
        return name

    def data(self) -> dict[str, Any]:
        """The questionnaire as YAML would give it."""
        sections = [section for section in self.sections if section["questions"]]
        whole = {
            "persona": 1,
            "id": clean(self.name) or "questionnaire",
            "languages": self.languages,
            "title": self.title or {self.languages[0]: self.name},
            "scales": self.scales,
            "sections": sections,
        }
        return {key: self._translated(value) for key, value in whole.items()}

    def _translated(self, value: Any) -> Any:
        """Values without texts that only repeat the default, marked with its language."""
        if isinstance(value, list | tuple):
            return [self._translated(inner) for inner in value]
        if not isinstance(value, Mapping):
            return value
        default = self.languages[0]
        if default in value and set(value) <= set(self.languages):
            shown = f"{value[default]} [{default}]"
            return {language: text for language, text in value.items() if text != shown}
        return {key: self._translated(inner) for key, inner in value.items()}

    def _told_apart(
        self, options: Sequence[Mapping[str, Any]], question: str, place: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Options with a code each and labels that no other option has."""
        codes = {normal(str(option["code"])) for option in options}
        seen: set[str] = set()
        labels: set[tuple[str, str]] = set()
        kept: list[dict[str, Any]] = []
        for option in options:
            code = normal(str(option["code"]))
            if code in seen:
                self.tell(
                    question,
                    "the code stands twice; the second is left out",
                    found=str(option["code"]),
                    **place,
                )
                continue
            seen.add(code)
            text = {}
            given = option.get("text", {})
            given = {self.languages[0]: given} if isinstance(given, str) else given
            for language, label in given.items():
                key = (language, normal(label))
                if key in labels or (normal(label) in codes and normal(label) != code):
                    label = f"{label} [{option['code']}]"
                    self.tell(
                        question,
                        "a label was told apart from another option by its code",
                        found=label,
                        **place,
                    )
                labels.add((language, normal(label)))
                text[language] = label
            kept.append({**option, "text": text or {self.languages[0]: str(option["code"])}})
        return kept


@dataclass(frozen=True)
class Brought:
    """A questionnaire brought in from another tool.

    Parameters
    ----------
    declaration : Declaration
        Its ``problems`` tell what was left out, changed or assumed.
    asked : int
        Questions in the source; a battery counts one.
    brought : int
        Those of them that came in, whole or as several questions.
    """

    declaration: Declaration
    asked: int
    brought: int


def brought_in(draft: Draft) -> Brought:
    """The questionnaire of a draft; questions that contradict the language are left, and told.

    Raises
    ------
    QuestionnaireError
        When nothing can be brought in.
    """
    data = draft.data()
    for _ in range(_ROUNDS):
        if not data["sections"]:
            break
        parts, problems = assembled(Document(data, {}, draft.file))
        faulty = errors_in(problems)
        if parts.declaration is not None and not faulty:
            return _finished(draft, parts.declaration, problems)
        if not _without(data, faulty, draft):
            raise QuestionnaireError([*faulty, *draft.problems])
    nothing = error(
        "import.nothing",
        "No question of the file can be brought in.",
        file=draft.file,
        remedy="See what is told of each question; add one that has an answer.",
    )
    raise QuestionnaireError([nothing, *draft.problems])


def _finished(draft: Draft, declaration: Declaration, problems: Sequence[Problem]) -> Brought:
    told = tuple(
        replace(problem, **draft.places.get(problem.question or "", {})) for problem in problems
    )
    assumed = note(
        "import.assumed",
        "Blocks and kinds are assumed, since the file does not say them.",
        file=draft.file,
        remedy="Set block: and kind: in the YAML.",
    )
    every = (*draft.problems, assumed, *told)
    origins = {
        tuple(sorted(draft.places[question.id].items()))
        for question in declaration.questions
        if question.type != "derived" and question.id in draft.places
    }
    return Brought(
        declaration.model_copy(update={"problems": every, "source": draft.file}),
        draft.asked,
        len(origins),
    )


def _without(data: dict[str, Any], faulty: Sequence[Problem], draft: Draft) -> bool:
    """Mend or take out what is faulty; False when no problem names a question."""
    changed = False
    first = {problem.question: problem for problem in reversed(faulty)}
    for problem in first.values():
        for section in data["sections"]:
            for question in list(section["questions"]):
                if question["id"] != problem.question:
                    continue
                changed = True
                place = draft.places.get(question["id"], {})
                if problem.code.startswith("condition.") and "shown_if" in question:
                    original = {**question.get("original", {}), "shown_if": question["shown_if"]}
                    question["original"] = original
                    del question["shown_if"]
                    draft.tell(
                        question["id"],
                        "its condition is kept as text: " + problem.message.rstrip("."),
                        found=original["shown_if"],
                        **place,
                    )
                elif problem.code.startswith("condition.") and "shown_if" in section:
                    draft.tell(
                        section["id"],
                        "the condition of the section is left",
                        found=section.pop("shown_if"),
                        **place,
                    )
                else:
                    section["questions"].remove(question)
                    reason = problem.message.rstrip(".")
                    draft.leave(question["id"], reason, found=problem.found, **place)
    data["sections"] = [section for section in data["sections"] if section["questions"]]
    return changed


def clean(name: str) -> str:
    """A name as an id: letters, digits, _ . - after a letter.

    Examples
    --------
    >>> clean("1. Your age?")
    'q1._Your_age'
    """
    found = re.sub(r"[^\w.-]+", "_", name.strip()).strip("_-.")[:60]
    if found and not re.match(r"[^\W\d]", found):
        found = f"q{found}"
    reserved = {
        "and",
        "or",
        "not",
        "in",
        "has",
        "answered",
        "true",
        "false",
        "null",
        "na",
        "nan",
        "none",
        "inf",
    }
    return f"{found}_" if found.casefold() in reserved else found


def unused(name: str, taken: set[str]) -> str:
    """The name, numbered when it is taken by any spelling."""
    folded = {re.sub(r"[\W_]+", "_", other.casefold()).strip("_") for other in taken}
    found, number = name, 2
    while re.sub(r"[\W_]+", "_", found.casefold()).strip("_") in folded:
        found, number = f"{name}_{number}", number + 1
    return found


def plain_text(markup: str) -> str:
    """Text without tags, entities and doubled blanks.

    Examples
    --------
    >>> plain_text("<p>How <b>old</b>&nbsp;are you?</p>")
    'How old are you?'
    """
    text = _ANY_TAG.sub("", _TAG.sub(" ", markup))
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    return " ".join(text.split())


def severity_counts(problems: Sequence[Problem]) -> Mapping[Severity, int]:
    """How many problems there are of each severity."""
    return {level: sum(p.severity is level for p in problems) for level in Severity}
