"""Warnings and notes as a report shows them."""

from __future__ import annotations

from dataclasses import dataclass

from persona.errors import Problem, Severity
from persona.report.locale import Language, message

_WORDS = {
    Severity.ERROR: message("Error"),
    Severity.WARNING: message("Warning"),
    Severity.NOTE: message("Note"),
}


@dataclass(frozen=True)
class Shown:
    """One problem in words: how severe, what, where, what to do; ``times`` it occurred."""

    severity: str
    word: str
    text: str
    place: str
    remedy: str
    times: int = 1


def show(problem: Problem, language: Language, times: int = 1) -> Shown:
    """A problem in a language."""
    return Shown(
        severity=str(problem.severity),
        word=language.gettext(_WORDS[problem.severity]),
        text=language.problem(problem),
        place=_place(problem, language),
        remedy=language.remedy(problem),
        times=times,
    )


def show_all(problems: tuple[Problem, ...], language: Language) -> tuple[Shown, ...]:
    """Problems, the severest first, each once with the number of times it occurred."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    counted: dict[tuple[object, ...], tuple[Problem, int]] = {}
    for problem in problems:
        key = (problem.severity, problem.message, problem.place)
        first, times = counted.get(key, (problem, 0))
        counted[key] = (first, times + 1)
    ranked = sorted(counted.values(), key=lambda one: order[one[0].severity])
    return tuple(show(problem, language, times) for problem, times in ranked)


def _place(problem: Problem, language: Language) -> str:
    say = language.gettext
    parts = [
        problem.file or "",
        say("sheet {name}", name=problem.sheet) if problem.sheet else "",
        say("row {number}", number=problem.row) if problem.row is not None else "",
        say("column {name}", name=problem.column) if problem.column else "",
        say("question {name}", name=problem.question) if problem.question else "",
    ]
    return ", ".join(part for part in parts if part)
